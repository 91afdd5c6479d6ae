package live

import (
	"errors"
	"math/rand/v2"
	"sync"
	"time"
)

const (
	// gapTries is how often a log with a gap is read before its readers are cut: a gap may be a passing fault.
	gapTries = 5
	// A failed read is tried again after a pause that doubles from minPause to maxPause.
	minPause = 50 * time.Millisecond
	maxPause = 5 * time.Second
)

// stream is a thread as one audience sees it. Its pump, which runs only while there is something to read, reads each
// event once and gives it to all live members.
type stream struct {
	room     *room
	audience Audience

	// guarded by room.mu
	members map[*member]struct{}
	live    int   // how many of them are live
	at      int64 // every live member was handed everything up to here; always a number that was read to exist
	pumping bool
	over    bool // the room has let it go

	// reading is held while reading, so that those who need the same wait and share it.
	reading  sync.Mutex
	kept     []*event // the last ones read, while keptFor is what the room wants: a newer event may change how
	keptFor  int64    // older ones read, as when it hides them
	failures int      // reads that failed in a row
	failure  error
	retryAt  time.Time
}

// startLocked starts the pump if there is something to read for someone.
func (s *stream) startLocked() {
	if s.pumping || s.over || s.live == 0 || s.at >= s.room.want {
		return
	}
	s.pumping = true
	s.room.hub.pumps.Add(1)
	go s.pump()
}

func (s *stream) pump() {
	h := s.room.hub
	defer h.pumps.Done()
	for idle := 0; ; {
		after, want, ok := s.todo()
		if !ok {
			return
		}
		events, err := s.read(after, min(want, after+int64(h.limits.Replay)))
		switch {
		case err != nil:
			s.failed(err)
			h.sleep(s.pause())
		case len(events) > 0:
			idle = 0
			s.deliver(after, events)
			h.sleep(h.limits.Window)
		default:
			// Rung for what cannot be read yet, or was never there.
			if idle++; idle > gapTries {
				s.giveUp(want)
				idle = 0
			}
			h.sleep(minPause)
		}
	}
}

// todo says after which number and up to which the pump has to read. When it is false, the pump has ended.
func (s *stream) todo() (after, want int64, ok bool) {
	r := s.room
	r.mu.Lock()
	defer r.mu.Unlock()
	if s.over || s.live == 0 || s.at >= r.want || r.hub.ctx.Err() != nil {
		s.pumping = false
		return 0, 0, false
	}
	return s.at, r.want, true
}

// read gets the events (after, upto], from those just read if possible. It returns fewer only where the log ends.
func (s *stream) read(after, upto int64) ([]*event, error) {
	s.reading.Lock()
	defer s.reading.Unlock()
	s.room.mu.Lock()
	want := s.room.want
	s.room.mu.Unlock()
	if events := s.keptLocked(after, upto, want); events != nil {
		return events, nil
	}
	if time.Now().Before(s.retryAt) {
		return nil, s.failure
	}
	h := s.room.hub
	h.stats.reads.Add(1)
	events, err := h.source.events(h.ctx, s.room.thread, after, upto, s.audience)
	if err != nil {
		s.failures++
		s.failure, s.retryAt = err, time.Now().Add(pause(s.failures))
		if s.failures == 1 && !ends(err) && h.ctx.Err() == nil {
			h.stats.sourceErrors.Add(1)
			h.log.Error("live: cannot read a thread, trying again", "thread", s.room.thread, "err", err)
		}
		return nil, err
	}
	if s.failures > 0 {
		h.log.Info("live: a thread can be read again", "thread", s.room.thread)
	}
	s.failures = 0
	s.kept, s.keptFor = events, want
	return events, nil
}

// keptLocked serves from the last read. Only the holder of reading may call it.
func (s *stream) keptLocked(after, upto, want int64) []*event {
	if len(s.kept) == 0 || s.keptFor != want {
		s.kept = nil
		return nil
	}
	first, last := s.kept[0].frame.Seq, s.kept[len(s.kept)-1].frame.Seq
	if after+1 < first || upto > last {
		return nil
	}
	return s.kept[after+1-first : upto+1-first]
}

// failed draws the consequences of a failed read: readers are expelled from what they may not read, cut where the log
// is broken for good, and wait otherwise.
func (s *stream) failed(err error) {
	switch {
	case ends(err):
		s.room.expel(s, codeNotFound)
	case errors.Is(err, errGap) && s.broken():
		s.room.mu.Lock()
		defer s.room.mu.Unlock()
		for m := range s.members {
			m.conn.close(CloseGap, "events are missing")
		}
	}
}

func (s *stream) broken() bool {
	s.reading.Lock()
	defer s.reading.Unlock()
	return s.failures >= gapTries
}

// pause is how long to wait until the next read is allowed.
func (s *stream) pause() time.Duration {
	s.reading.Lock()
	defer s.reading.Unlock()
	return time.Until(s.retryAt)
}

// deliver gives events to all live members, all of them the same bytes.
func (s *stream) deliver(after int64, events []*event) {
	var batch [2]frame // encoded before the room is locked
	for i, wanted := range s.renders() {
		if wanted {
			batch[i] = concat(events, i == 1)
		}
	}
	last := events[len(events)-1].frame.Seq
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	if s.over {
		return
	}
	s.at = last
	var given int
	for m := range s.members {
		if m.live && s.giveLocked(m, batch, after, last) {
			given++
		}
	}
	s.room.hub.stats.delivered.Add(uint64(given * len(events)))
}

// renders says which forms live members want: without and with HTML.
func (s *stream) renders() (wanted [2]bool) {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	for m := range s.members {
		if m.live {
			wanted[render(m.html)] = true
		}
	}
	return wanted
}

func render(html bool) int {
	if html {
		return 1
	}
	return 0
}

// giveLocked hands the events (after, last] to a live member.
func (s *stream) giveLocked(m *member, batch [2]frame, after, last int64) bool {
	f := batch[render(m.html)]
	switch {
	case m.at >= last:
		return false
	case m.at < after:
		m.conn.close(CloseGap, "events are missing")
		return false
	case m.at > after || f == nil || len(f) > s.room.hub.share():
		// It joined in the middle of these, or they are too many at once: its own writer fetches them, as fast as the
		// socket takes them.
		m.live = false
		s.live--
		m.conn.catchUp(m)
		return false
	}
	m.at = last
	return m.conn.send(f)
}

// giveUp stops looking for events up to a number that was wanted and cannot be read. The next comparison of heads finds
// them, if they exist after all.
func (s *stream) giveUp(want int64) {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	if s.room.want == want {
		s.room.want = s.at
	}
}

// next is the writer's question for what a member that is behind gets next. Nil means nothing now: it is live, has
// gone, or waits for another try.
func (m *member) next() frame {
	s := m.stream
	r := s.room
	after, upto, ok := m.missing()
	if !ok {
		return nil
	}
	events, err := s.read(after, upto)
	if err == nil && len(events) == 0 {
		err = errGap // what the stream has reached was read before, so it exists
	}
	if err != nil {
		s.failed(err)
		m.conn.catchUpIn(m, s.pause()+pause(1))
		return nil
	}
	n, size := 0, 0
	for n < len(events) && (n == 0 || size+len(events[n].encode(m.html)) <= r.hub.share()) {
		size += len(events[n].encode(m.html))
		n++
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if m.gone {
		return nil
	}
	m.at = events[n-1].frame.Seq
	r.hub.stats.delivered.Add(uint64(n))
	return concat(events[:n], m.html)
}

// missing says what a member has to catch up with. Where it is nothing, the member turns live.
func (m *member) missing() (after, upto int64, ok bool) {
	s := m.stream
	r := s.room
	r.mu.Lock()
	if m.gone || m.live {
		r.mu.Unlock()
		return 0, 0, false
	}
	if m.at >= s.at {
		m.live = true
		s.live++
		s.startLocked()
		r.mu.Unlock()
		return 0, 0, false
	}
	if after, upto = m.at, s.at; upto-after <= int64(r.hub.limits.Replay) {
		r.mu.Unlock()
		return after, upto, true
	}
	// It reads more slowly than the thread is written. It starts over.
	r.dropLocked(m)
	r.mu.Unlock()
	m.conn.send(resetFrame(r.thread))
	r.hub.release(r, 1)
	return 0, 0, false
}

func pause(failures int) time.Duration {
	limit := min(minPause<<min(failures, 16), maxPause)
	return limit/2 + rand.N(limit/2)
}
