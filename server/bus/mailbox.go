package bus

import (
	"context"
	"sync"

	"github.com/yousaid/yousaid/server/consult"
)

// mailbox keeps the newest ring of each thread until it is taken. Because a ring says "at least to Seq", the newest
// stands for all before it: a slow taker makes rings merge, and nothing is dropped and nobody waits.
type mailbox struct {
	mu     sync.Mutex
	rings  map[consult.ID]Ring
	filled chan struct{} // holds a token while there may be something to take
}

func newMailbox() *mailbox {
	return &mailbox{rings: map[consult.ID]Ring{}, filled: make(chan struct{}, 1)}
}

// put adds a ring. A ring of another epoch replaces the one before: numbers of different epochs do not compare.
func (m *mailbox) put(r Ring) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if old, ok := m.rings[r.Thread]; !ok || old.Epoch != r.Epoch || old.Seq < r.Seq {
		m.rings[r.Thread] = r
	}
	m.signal()
}

// putBack returns rings that were taken in vain, unless a newer one has come in.
func (m *mailbox) putBack(rings []Ring) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range rings {
		if _, ok := m.rings[r.Thread]; !ok {
			m.rings[r.Thread] = r
		}
	}
	m.signal()
}

func (m *mailbox) take() []Ring {
	m.mu.Lock()
	defer m.mu.Unlock()
	rings := make([]Ring, 0, len(m.rings))
	for _, r := range m.rings {
		rings = append(rings, r)
	}
	clear(m.rings)
	return rings
}

func (m *mailbox) signal() {
	select {
	case m.filled <- struct{}{}:
	default:
	}
}

// switchboard delivers rings to the listeners inside this process.
type switchboard struct {
	mu    sync.RWMutex
	boxes map[*mailbox]struct{}
}

func (s *switchboard) open() *mailbox {
	box := newMailbox()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.boxes == nil {
		s.boxes = map[*mailbox]struct{}{}
	}
	s.boxes[box] = struct{}{}
	return box
}

func (s *switchboard) shut(box *mailbox) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.boxes, box)
}

func (s *switchboard) put(r Ring) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for box := range s.boxes {
		box.put(r)
	}
}

// attend empties a mailbox into hear and reports changes of state until ctx ends or the bus closes.
func attend(ctx context.Context, over <-chan struct{}, box *mailbox, states <-chan bool, hear func(Ring), state func(bool)) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-over:
			state(false)
			return closed("listen to the bus")
		case up := <-states:
			state(up)
		case <-box.filled:
			for _, r := range box.take() {
				if ctx.Err() != nil {
					return nil
				}
				hear(r)
			}
		}
	}
}
