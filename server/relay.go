package server

import (
	"context"
	"log/slog"
	"time"

	"github.com/yousaid/yousaid/server/bus"
	"github.com/yousaid/yousaid/server/consult"
)

// ringer is the part of the store that holds rings until they were rung.
type ringer interface {
	Rings(ctx context.Context, limit int) (map[consult.ID]consult.Head, error)
	RingsDone(ctx context.Context, rung map[consult.ID]consult.Head) error
}

// relay carries committed rings from the outbox to the bus. A ring that is lost costs time, never a message: readers check where
// their threads end anyway.
type relay struct {
	store ringer
	bus   bus.Bus
	log   *slog.Logger
	bell  chan struct{}
}

const (
	relayBatch = 500
	relayEvery = time.Second // also finds what a node that died had left behind
)

func newRelay(store ringer, b bus.Bus, log *slog.Logger) *relay {
	return &relay{store: store, bus: b, log: log, bell: make(chan struct{}, 1)}
}

// Kick wakes the relay after a commit; it never waits.
func (r *relay) Kick() {
	select {
	case r.bell <- struct{}{}:
	default:
	}
}

// Run relays until ctx ends.
func (r *relay) Run(ctx context.Context) {
	tick := time.NewTicker(relayEvery)
	defer tick.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.bell:
		case <-tick.C:
		}
		err := r.pass(ctx)
		if (err != nil) != failing && ctx.Err() == nil {
			failing = err != nil
			r.log.Warn("relay changed state", "failing", failing, "error", err)
		}
	}
}

// pass rings everything that waits.
func (r *relay) pass(ctx context.Context) error {
	for {
		waiting, err := r.store.Rings(ctx, relayBatch)
		if err != nil || len(waiting) == 0 {
			return err
		}
		for thread, head := range waiting {
			if err := r.bus.Ring(ctx, bus.Ring{Thread: thread, Seq: head.Seq, Epoch: head.Epoch}); err != nil {
				return err
			}
		}
		if err := r.store.RingsDone(ctx, waiting); err != nil {
			return err
		}
		if len(waiting) < relayBatch {
			return nil
		}
	}
}
