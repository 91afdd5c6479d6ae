package live

import (
	"maps"
	"math"
	"sync"
	"sync/atomic"
	"time"
)

// Stats are figures of a hub: the first three as of now, the rest since its start.
type Stats struct {
	Connections int // open sockets
	Threads     int // threads that someone reads
	Members     int // readings of a thread by a socket

	Opened       uint64 // sockets
	Refused      uint64 // handshakes turned away for want of room
	EventReads   uint64 // reads of events from the source
	Delivered    uint64 // events handed to sockets
	BusGaps      uint64 // threads found to be ahead of what the bus had told while it was up (bus_gap_total)
	SourceErrors uint64 // times the source began to fail
	// Closed counts sockets by the code they were closed with; 1006 stands for connections that broke off. What a
	// client gave as its own reason counts as 1000.
	Closed map[int]uint64
}

// Stats reads the figures.
func (h *Hub) Stats() Stats {
	s := Stats{
		Opened:       h.stats.opened.Load(),
		Refused:      h.stats.refused.Load(),
		EventReads:   h.stats.reads.Load(),
		Delivered:    h.stats.delivered.Load(),
		BusGaps:      h.stats.gaps.Load(),
		SourceErrors: h.stats.sourceErrors.Load(),
	}
	h.stats.mu.Lock()
	s.Closed = maps.Clone(h.stats.closed)
	h.stats.mu.Unlock()
	h.mu.RLock()
	s.Connections = len(h.conns)
	for _, r := range h.rooms {
		if n := r.size(); n > 0 {
			s.Threads++
			s.Members += n
		}
	}
	h.mu.RUnlock()
	return s
}

// size is the number of members.
func (r *room) size() (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.streams {
		n += len(s.members)
	}
	return n
}

type counters struct {
	opened, refused, reads, delivered, gaps, sourceErrors atomic.Uint64

	mu     sync.Mutex
	closed map[int]uint64
}

func (c *counters) close(code int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed == nil {
		c.closed = map[int]uint64{}
	}
	c.closed[code]++
}

// bucket is a token bucket that holds one second's worth and can be overdrawn.
type bucket struct {
	rate   float64 // tokens a second
	tokens float64
	last   time.Time
}

// take takes a token and returns by how many the bucket is overdrawn then; 0 = it was within the rate.
func (b *bucket) take(now time.Time) int {
	if b.last.IsZero() {
		b.tokens = b.rate
	} else {
		b.tokens = min(b.rate, b.tokens+b.rate*now.Sub(b.last).Seconds())
	}
	b.last = now
	b.tokens--
	return int(math.Ceil(max(0, -b.tokens)))
}
