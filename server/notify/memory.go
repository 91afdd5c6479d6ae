package notify

import (
	"context"
	"slices"
	"sync"
)

// Memory keeps what was sent, for tests: it holds messages to the same rules as the others.
type Memory struct {
	mu   sync.Mutex
	sent []Message
	more chan struct{} // closed and replaced with every message
}

// NewMemory is an empty one.
func NewMemory() *Memory { return &Memory{more: make(chan struct{})} }

// Send keeps the message.
func (k *Memory) Send(ctx context.Context, m Message) error {
	if _, err := m.MIME(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return &Failure{Step: "memory", Err: err}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.sent = append(k.sent, m)
	close(k.more)
	k.more = make(chan struct{})
	return nil
}

// Sent lists every message so far, in order.
func (k *Memory) Sent() []Message {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.sent)
}

// Wait returns the first message that fits, now or as soon as it is sent; an error only when ctx ends first.
func (k *Memory) Wait(ctx context.Context, fits func(Message) bool) (Message, error) {
	for {
		k.mu.Lock()
		i, more := slices.IndexFunc(k.sent, fits), k.more
		var found Message
		if i >= 0 {
			found = k.sent[i]
		}
		k.mu.Unlock()
		if i >= 0 {
			return found, nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return Message{}, ctx.Err()
		}
	}
}
