package live

import (
	"sync"
	"time"

	"github.com/yousaid/yousaid/server/bus"
	"github.com/yousaid/yousaid/server/consult"
)

// room is one thread on this node.
type room struct {
	hub    *Hub
	thread consult.ID
	refs   int // joins under way and members; guarded by Hub.mu

	mu      sync.Mutex
	epoch   string   // of the log its members read; "" before the first
	want    int64    // the highest number that is known to exist
	early   bus.Ring // the newest ring of another epoch than that: it may be of the next one
	streams map[Audience]*stream
	typed   map[bool]*[2]typing // the last signals passed on from officers (true) and residents
}

// typing is a signal that somebody was typing.
type typing struct {
	conn *conn
	at   time.Time
}

// member is one socket's reading of one thread.
type member struct {
	conn   *conn
	stream *stream
	html   bool

	// guarded by room.mu
	at   int64 // the last number handed to the socket
	live bool  // at stands where the stream stands, or past it; new events are handed over by the stream
	gone bool
}

// ring takes a ring of the bus. It is true when the ring is of another log than the members read, so that the heads
// should be compared: the bus itself is never believed in this.
func (r *room) ring(ring bus.Ring) (compare bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.hearLocked(ring) && r.epoch != ""
}

// hearLocked notes how far a log reaches. It is false for another log than the room's, which may be the next.
func (r *room) hearLocked(ring bus.Ring) bool {
	if ring.Epoch == r.epoch {
		r.wantLocked(ring.Seq)
		return true
	}
	if r.early.Epoch != ring.Epoch || r.early.Seq < ring.Seq {
		r.early = ring
	}
	return false
}

// compare holds the room against the head just read from the database. It is true when the log was ahead of what this
// node had heard of: a ring was lost.
func (r *room) compare(head Head) (gap bool) {
	r.mu.Lock()
	var gone int
	switch {
	case len(r.streams) == 0: // someone is about to join, who may have read the head before this
		r.hearLocked(bus.Ring{Thread: r.thread, Seq: head.Seq, Epoch: head.Epoch})
	case head.Epoch != r.epoch:
		gone = r.replaceLocked(head.Epoch)
	case head.Seq > r.want:
		gap = true
		r.wantLocked(head.Seq)
	}
	r.mu.Unlock()
	r.hub.release(r, gone)
	return gap
}

func (r *room) wantLocked(seq int64) {
	if seq <= r.want {
		return
	}
	r.want = seq
	for _, s := range r.streams {
		s.startLocked()
	}
}

// replaceLocked goes over to another log: everyone starts over. It returns how many members had to go.
func (r *room) replaceLocked(epoch string) (gone int) {
	for _, s := range r.streams {
		for m := range s.members {
			r.dropLocked(m)
			m.conn.send(resetFrame(r.thread))
			gone++
		}
	}
	r.epoch, r.want = epoch, 0
	if r.early.Epoch == epoch {
		r.want = r.early.Seq
	}
	return gone
}

// attach makes a member of a socket that was let in, continuing after since, and tells it so: whoever has read "joined"
// is one. The caller's hold on the room becomes the member's.
func (r *room) attach(c *conn, head Head, audience Audience, since int64, html bool) {
	r.mu.Lock()
	var gone int
	if r.epoch != head.Epoch {
		gone = r.replaceLocked(head.Epoch)
	}
	r.wantLocked(head.Seq)
	s := r.streams[audience]
	if s == nil {
		s = &stream{room: r, audience: audience, members: map[*member]struct{}{}}
		r.streams[audience] = s
	}
	if s.live == 0 && !s.pumping {
		s.at = max(s.at, head.Seq) // nobody would miss what lies before
	}
	m := &member{conn: c, stream: s, html: html, at: since}
	s.members[m] = struct{}{}
	c.send(joinedFrame(r.thread, head))
	c.follow(m)
	r.mu.Unlock()
	r.hub.release(r, gone)
}

// detach ends a member, if it has not ended already.
func (r *room) detach(m *member) {
	r.mu.Lock()
	dropped := r.dropLocked(m)
	r.mu.Unlock()
	if dropped {
		r.hub.release(r, 1)
	}
}

// dropLocked takes a member out. The caller releases its hold on the room after unlocking.
func (r *room) dropLocked(m *member) bool {
	if m.gone {
		return false
	}
	m.gone = true
	s := m.stream
	if m.live {
		s.live--
	}
	delete(s.members, m)
	if len(s.members) == 0 {
		s.over = true
		delete(r.streams, s.audience)
	}
	m.conn.unfollow(r.thread, m)
	return true
}

// expel ends the reading of everyone, or of one audience, with an error.
func (r *room) expel(only *stream, code string) {
	r.mu.Lock()
	var gone int
	for _, s := range r.streams {
		if only != nil && s != only {
			continue
		}
		for m := range s.members {
			r.dropLocked(m)
			m.conn.send(errorFrame(code, r.thread))
			gone++
		}
	}
	r.mu.Unlock()
	r.hub.release(r, gone)
}

// typing passes on that someone is typing, but rarely, and never to a socket that is busy. Two signals in the time of
// one are enough for everybody to know that somebody else is typing, however many are.
func (r *room) typing(from *member) {
	officer := from.stream.audience.Officer
	r.mu.Lock()
	defer r.mu.Unlock()
	if from.gone || !r.signalLocked(officer, from.conn) {
		return
	}
	f := typingFrame(r.thread, officer)
	for _, s := range r.streams {
		for m := range s.members {
			if m.conn != from.conn {
				m.conn.offer(f)
			}
		}
	}
}

// signalLocked notes a signal. It is false for one too many.
func (r *room) signalLocked(officer bool, from *conn) bool {
	if r.typed[officer] == nil {
		r.typed[officer] = &[2]typing{}
	}
	now := time.Now()
	var free *typing
	for i := range r.typed[officer] {
		switch last := &r.typed[officer][i]; {
		case now.Sub(last.at) >= r.hub.limits.Typing:
			free = last
		case last.conn == from:
			return false
		}
	}
	if free == nil {
		return false
	}
	*free = typing{from, now}
	return true
}
