package live

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// Run compares heads and checks sessions until ctx ends.
func (h *Hub) Run(ctx context.Context) {
	var both sync.WaitGroup
	both.Go(func() { h.watchHeads(ctx) })
	both.Go(func() { h.watchSessions(ctx) })
	both.Wait()
}

// watchHeads compares heads at once when the bus comes or goes, and again and again: seldom while it is up, since a
// ring can get lost without a sign (L7), often while it is down, since then it is the only way to hear of news (L9).
func (h *Hub) watchHeads(ctx context.Context) {
	for {
		every := h.limits.HeadCheck
		if !h.busUp.Load() {
			every = h.limits.Poll
		}
		timer := time.NewTimer(every*4/5 + rand.N(every*2/5))
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		case <-h.recall:
			timer.Stop()
		}
		h.compareHeads(ctx)
	}
}

func (h *Hub) compareHeads(ctx context.Context) {
	rooms := h.allRooms()
	if len(rooms) == 0 {
		return
	}
	threads := make([]consult.ID, len(rooms))
	for i, r := range rooms {
		threads[i] = r.thread
	}
	up := h.busUp.Load()
	heads, err := h.source.heads(ctx, threads)
	if err != nil {
		if ctx.Err() == nil {
			h.stats.sourceErrors.Add(1)
			h.log.Error("live: cannot compare heads", "threads", len(threads), "err", err)
		}
		return
	}
	for _, r := range rooms {
		head, ok := heads[r.thread]
		if !ok {
			r.expel(nil, codeNotFound)
			continue
		}
		if r.compare(head) && up {
			h.stats.gaps.Add(1)
		}
	}
}

// allRooms lists the rooms, those included that someone is just joining.
func (h *Hub) allRooms() []*room {
	h.mu.RLock()
	defer h.mu.RUnlock()
	rooms := make([]*room, 0, len(h.rooms))
	for _, r := range h.rooms {
		rooms = append(rooms, r)
	}
	return rooms
}

// watchSessions closes the sockets of sessions that have ended or changed.
func (h *Hub) watchSessions(ctx context.Context) {
	ticker := time.NewTicker(h.limits.SessionCheck)
	defer ticker.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		err := h.checkSessions(ctx)
		if (err != nil) != failing && ctx.Err() == nil {
			failing = err != nil
			h.log.Warn("live: checking sessions", "failing", failing, "err", err)
		}
	}
}

// checkSessions asks about all sockets that have a session, in one batch. While nothing can be asked they stay: what
// cannot be asked about a session cannot be read from a thread either.
func (h *Hub) checkSessions(ctx context.Context) error {
	var conns []*conn
	var viewers []Viewer
	h.mu.RLock()
	for c := range h.conns {
		if c.viewer.SessionID != "" {
			conns = append(conns, c)
			viewers = append(viewers, c.viewer)
		}
	}
	h.mu.RUnlock()
	if len(viewers) == 0 {
		return nil
	}
	alive, err := h.source.aliveAll(ctx, viewers)
	if err != nil {
		return err
	}
	for i, c := range conns {
		if !alive[i] {
			c.close(CloseSession, "the session ended")
		}
	}
	return nil
}
