package live

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/yousaid/yousaid/server/bus"
	"github.com/yousaid/yousaid/server/consult"
)

// Hub holds the sockets of one node and the threads they read.
type Hub struct {
	source guarded
	limits Limits
	log    *slog.Logger
	stats  counters

	// ctx is that of all reading for sockets; it ends with Shutdown.
	ctx    context.Context
	cancel context.CancelFunc
	pumps  sync.WaitGroup
	busUp  atomic.Bool
	recall chan struct{} // holds a token while heads should be compared now

	mu        sync.RWMutex
	rooms     map[consult.ID]*room
	conns     map[*conn]struct{}
	addresses map[string]int
	closing   bool       // everyone is sent away
	cutting   bool       // and nobody is waited for
	left      *sync.Cond // on mu: a socket has ended
	arrivals  bucket
}

// New makes a hub. It serves at once; Run must run for it to notice lost rings and ended sessions.
func New(source Source, limits Limits, log *slog.Logger) *Hub {
	ctx, cancel := context.WithCancel(context.Background())
	h := &Hub{
		source: guarded{source: source, within: limits.Read}, limits: limits, log: log,
		ctx: ctx, cancel: cancel,
		recall:    make(chan struct{}, 1),
		rooms:     map[consult.ID]*room{},
		conns:     map[*conn]struct{}{},
		addresses: map[string]int{},
		arrivals:  bucket{rate: float64(limits.HandshakesPerSecond)},
	}
	h.left = sync.NewCond(&h.mu)
	return h
}

// Ring tells the hub that a thread moved on. It never blocks; it is made to be heard by Bus.Listen.
func (h *Hub) Ring(r bus.Ring) {
	h.mu.RLock()
	room := h.rooms[r.Thread]
	h.mu.RUnlock()
	// A room made after this look belongs to someone who reads the head later still.
	if room != nil && room.ring(r) {
		h.compareSoon()
	}
}

// BusState tells the hub whether it can hear the other nodes. While it cannot, it polls.
func (h *Hub) BusState(up bool) {
	h.busUp.Store(up)
	h.compareSoon()
}

func (h *Hub) compareSoon() {
	select {
	case h.recall <- struct{}{}:
	default:
	}
}

// Shutdown closes every socket, telling the clients to come back spread over some seconds, and waits for all of them
// to end. When ctx ends first, the rest is cut off and the error is that of ctx. New sockets are turned away from now on.
func (h *Hub) Shutdown(ctx context.Context) error {
	h.mu.Lock()
	h.closing = true
	conns := h.connsLocked()
	h.mu.Unlock()
	for _, c := range conns {
		h.dismiss(c)
	}
	done := make(chan struct{})
	go func() {
		h.awaitEmpty()
		h.cancel()
		h.pumps.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
	}
	h.cancel()
	h.mu.Lock()
	h.cutting = true
	conns = h.connsLocked()
	h.mu.Unlock()
	for _, c := range conns {
		c.abort()
	}
	<-done
	return ctx.Err()
}

func (h *Hub) awaitEmpty() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for len(h.conns) > 0 {
		h.left.Wait()
	}
}

func (h *Hub) dismiss(c *conn) {
	c.send(retryFrame(rand.N(max(h.limits.RetrySpread, time.Millisecond)).Milliseconds()))
	c.close(CloseShutdown, "shutting down")
}

func (h *Hub) connsLocked() []*conn {
	conns := make([]*conn, 0, len(h.conns))
	for c := range h.conns {
		conns = append(conns, c)
	}
	return conns
}

// serve runs one socket from its handshake to its end.
func (h *Hub) serve(c *conn) {
	c.startPinging()
	defer h.forget(c)
	h.admit(c)
	c.run()
}

func (h *Hub) admit(c *conn) {
	h.mu.Lock()
	h.conns[c] = struct{}{}
	h.addresses[c.address]++
	closing, cutting := h.closing, h.cutting
	h.mu.Unlock()
	h.stats.opened.Add(1)
	if closing { // it had shaken hands before
		h.dismiss(c)
	}
	if cutting {
		c.abort()
	}
}

func (h *Hub) forget(c *conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.conns, c)
	if h.addresses[c.address]--; h.addresses[c.address] == 0 {
		delete(h.addresses, c.address)
	}
	h.left.Broadcast()
}

// open finds or makes the room of a thread and holds it until release.
func (h *Hub) open(thread consult.ID) *room {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.rooms[thread]
	if r == nil {
		r = &room{hub: h, thread: thread, streams: map[Audience]*stream{}, typed: map[bool]*[2]typing{}}
		h.rooms[thread] = r
	}
	r.refs++
	return r
}

// release gives up so many holds on a room.
func (h *Hub) release(r *room, holds int) {
	if holds == 0 {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if r.refs -= holds; r.refs == 0 {
		delete(h.rooms, r.thread)
	}
}

// share is how many bytes of events are handed to a socket at once.
func (h *Hub) share() int { return h.limits.QueueBytes / 4 }

// sleep waits, or until the hub shuts down.
func (h *Hub) sleep(d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-h.ctx.Done():
	}
}
