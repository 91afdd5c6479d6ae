package notify

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/yousaid/yousaid/server/consult"
)

// Outbox is where mails wait; the store is one.
type Outbox interface {
	ClaimDeliveries(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]consult.Delivery, error)
	DeliverySent(ctx context.Context, id consult.ID, at time.Time) error
	DeliveryFailed(ctx context.Context, id consult.ID, reason string, at, next time.Time) error
}

// How the relay works. A claim outlives the slowest batch, so that no other node takes a mail that is still being sent.
const (
	parallel  = 4
	batch     = 16
	sendLimit = 2*smtpTimeout + 5*time.Second
	lease     = (batch/parallel + 1) * sendLimit
	idle      = 15 * time.Second // how long a mail waits at most when nobody kicks
)

// Tries is how often a mail is tried before it is given up: with the waits between them, for about three days, as mail
// servers do among themselves.
const Tries = 24

// Relay sends what waits in the outbox. Any number of nodes may run one; a claim belongs to one of them.
type Relay struct {
	outbox   Outbox
	composer *Composer
	mailer   Mailer
	clock    func() time.Time
	log      *slog.Logger
	bell     chan struct{}

	sent, retried, givenUp atomic.Int64
}

// NewRelay wires one; Run starts it.
func NewRelay(outbox Outbox, composer *Composer, mailer Mailer, clock func() time.Time, log *slog.Logger) *Relay {
	return &Relay{outbox: outbox, composer: composer, mailer: mailer, clock: clock, log: log, bell: make(chan struct{}, 1)}
}

// Kick says that a mail was put into the outbox. It never waits; kicks during a round become one more round.
func (r *Relay) Kick() {
	select {
	case r.bell <- struct{}{}:
	default:
	}
}

// Run sends until ctx ends, then lets the mails already begun finish and returns. A database that does not answer is tried again.
func (r *Relay) Run(ctx context.Context) {
	tick := time.NewTicker(idle)
	defer tick.Stop()
	for {
		if err := r.Flush(ctx); err != nil && ctx.Err() == nil {
			r.log.Error("mail relay", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-r.bell:
		case <-tick.C:
		}
	}
}

// Flush tries everything that is due now and returns when nothing is left to claim. A mail that fails is no error of Flush.
func (r *Relay) Flush(ctx context.Context) error {
	for ctx.Err() == nil {
		due, err := r.outbox.ClaimDeliveries(ctx, r.clock(), lease, batch)
		if err != nil {
			return fmt.Errorf("claim mails: %w", err)
		}
		if len(due) == 0 {
			return nil
		}
		// What was claimed is finished even when ctx ends meanwhile: a mail cut off half way would be sent twice.
		var round errgroup.Group
		round.SetLimit(parallel)
		for _, d := range due {
			round.Go(func() error { return r.deliver(context.WithoutCancel(ctx), d) })
		}
		if err := round.Wait(); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// deliver sends one mail and notes what came of it.
func (r *Relay) deliver(ctx context.Context, d consult.Delivery) error {
	failed := r.send(ctx, d)
	if failed == nil {
		r.sent.Add(1)
		return note(func() error { return r.outbox.DeliverySent(ctx, d.ID, r.clock()) })
	}
	var next time.Time
	if !permanent(failed) && d.Tries < Tries {
		next = r.clock().Add(backoff(d.Tries, rand.Float64()))
	}
	if next.IsZero() {
		r.givenUp.Add(1)
		r.log.Error("mail given up", "delivery", d.ID.String(), "kind", string(d.Kind), "tries", d.Tries, "reason", failed.Error())
	} else {
		r.retried.Add(1)
		r.log.Warn("mail delayed", "delivery", d.ID.String(), "kind", string(d.Kind), "tries", d.Tries, "reason", failed.Error())
	}
	return note(func() error { return r.outbox.DeliveryFailed(ctx, d.ID, failed.Error(), r.clock(), next) })
}

const (
	noteTries = 5
	noteWait  = 500 * time.Millisecond
)

// note writes what came of a mail. A database that is busy is asked again: a sent mail that nobody noted would be sent twice. A
// delivery that is gone is no error: its reader unsubscribed while it was being sent.
func note(write func() error) error {
	for tries := 1; ; tries++ {
		err := write()
		switch {
		case err == nil || consult.KindOf(err) == consult.NotFound:
			return nil
		case consult.KindOf(err) != consult.Unavailable || tries == noteTries:
			return fmt.Errorf("note what came of a mail: %w", err)
		}
		time.Sleep(noteWait)
	}
}

// send words and hands over one mail. A panic over one row must not stop the others for ever (F31).
func (r *Relay) send(ctx context.Context, d consult.Delivery) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &Failure{Step: "panic"} // its value could hold the mail; the stack holds none
			r.log.Error("mail panicked", "delivery", d.ID.String(), "kind", string(d.Kind), "panic", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, sendLimit)
	defer cancel()
	m, err := r.composer.Compose(ctx, d)
	if err != nil {
		return err
	}
	return r.mailer.Send(ctx, m)
}

const (
	firstWait = 30 * time.Second
	maxWait   = 6 * time.Hour
)

// backoff is how long to wait after so many tries: doubling from half a minute to six hours, shortened by up to half at random so
// that mails delayed together do not come back together. luck lies in [0, 1).
func backoff(tries int, luck float64) time.Duration {
	wait := maxWait
	if doubled := firstWait << min(tries-1, 20); doubled < maxWait {
		wait = doubled
	}
	return wait - time.Duration(luck*float64(wait)/2)
}

// Counts is what a relay did since it was made.
type Counts struct{ Sent, Retried, GivenUp int64 }

// Counts is for the metrics.
func (r *Relay) Counts() Counts {
	return Counts{Sent: r.sent.Load(), Retried: r.retried.Load(), GivenUp: r.givenUp.Load()}
}
