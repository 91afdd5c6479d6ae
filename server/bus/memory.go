package bus

import (
	"context"
	"sync"
)

// MemoryBus is the bus of a deployment with one node.
type MemoryBus struct {
	board switchboard
	once  sync.Once
	over  chan struct{}
}

// Memory makes a bus that reaches the listeners in this process.
func Memory() *MemoryBus {
	return &MemoryBus{over: make(chan struct{})}
}

// Ring implements Bus.
func (b *MemoryBus) Ring(ctx context.Context, r Ring) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !b.Up() {
		return closed("ring the bus")
	}
	b.board.put(r)
	return nil
}

// Listen implements Bus.
func (b *MemoryBus) Listen(ctx context.Context, hear func(Ring), state func(up bool)) error {
	if !b.Up() {
		return closed("listen to the bus")
	}
	box := b.board.open()
	defer b.board.shut(box)
	state(true)
	return attend(ctx, b.over, box, nil, hear, state)
}

// Up implements Bus. Nothing stands between this process and itself, so it is true until Close.
func (b *MemoryBus) Up() bool {
	select {
	case <-b.over:
		return false
	default:
		return true
	}
}

// Close implements Bus.
func (b *MemoryBus) Close() error {
	b.once.Do(func() { close(b.over) })
	return nil
}
