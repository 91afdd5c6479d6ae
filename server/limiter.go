package server

import (
	"hash/maphash"
	"net/netip"
	"sync"
	"time"
)

// limiter holds token buckets by (rate, who). Who is a keyed hash of an address prefix: no address is kept. Each node counts for
// itself, so a site of n nodes lets through at most n times a rate; no outage of another part opens it (S17).
type limiter struct {
	seed   maphash.Seed
	clock  func() time.Time
	shards [64]limiterShard
}

type limiterShard struct {
	sync.Mutex
	full  map[uint64]time.Time // when the bucket will be full again
	swept time.Time
}

const limiterSweep = time.Minute

func newLimiter(clock func() time.Time) *limiter {
	l := &limiter{seed: maphash.MakeSeed(), clock: clock}
	for i := range l.shards {
		l.shards[i].full = map[uint64]time.Time{}
	}
	return l
}

// Allow takes one token; when there is none it says how long to wait for the next.
func (l *limiter) Allow(name string, rate Rate, who string) (wait time.Duration, ok bool) {
	if rate.Burst <= 0 {
		return 0, true
	}
	key := maphash.String(l.seed, name+"\x00"+who)
	s := &l.shards[key%uint64(len(l.shards))]
	now := l.clock()
	s.Lock()
	defer s.Unlock()
	s.sweep(now)
	full := s.full[key]
	if full.Before(now) {
		full = now
	}
	next := full.Add(rate.Every)
	if over := next.Sub(now) - time.Duration(rate.Burst)*rate.Every; over > 0 {
		return over, false
	}
	s.full[key] = next
	return 0, true
}

// sweep forgets buckets that are full: they are the same as new ones.
func (s *limiterShard) sweep(now time.Time) {
	if now.Sub(s.swept) < limiterSweep && !now.Before(s.swept) {
		return
	}
	s.swept = now
	for key, full := range s.full {
		if full.Before(now) {
			delete(s.full, key)
		}
	}
}

// network is what one client can be told apart by: the address itself for IPv4, the /64 for IPv6, where one client owns them all.
func network(addr netip.Addr) string {
	addr = addr.Unmap().WithZone("")
	if addr.Is6() {
		p, err := addr.Prefix(64)
		if err == nil {
			return p.String()
		}
	}
	return addr.String()
}
