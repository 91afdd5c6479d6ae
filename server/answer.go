package server

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// answerer is the part of the domain that lets answers out and brings them to those who asked.
type answerer interface {
	SendAnswers(ctx context.Context, limit int) (consult.AnswersSent, error)
}

// answers lets out answers whose moment has come and delivers them, a batch to a transaction: a node that dies in the middle loses nothing
// and doubles nothing, and any number of nodes may run one.
type answers struct {
	domain answerer
	log    *slog.Logger
	bell   chan struct{}

	published, delivered atomic.Int64
}

const (
	answerBatch  = 25          // small, so that residents who write meanwhile do not wait
	answersEvery = time.Second // an answer goes out by the clock, and nobody rings then
)

func newAnswers(domain answerer, log *slog.Logger) *answers {
	return &answers{domain: domain, log: log, bell: make(chan struct{}, 1)}
}

// Kick wakes it after a commit; it never waits.
func (a *answers) Kick() {
	select {
	case a.bell <- struct{}{}:
	default:
	}
}

// Run sends until ctx ends.
func (a *answers) Run(ctx context.Context) {
	tick := time.NewTicker(answersEvery)
	defer tick.Stop()
	failing := false
	for {
		err := a.pass(ctx)
		if (err != nil) != failing && ctx.Err() == nil {
			failing = err != nil
			a.log.Warn("answers changed state", "failing", failing, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-a.bell:
		case <-tick.C:
		}
	}
}

// pass sends everything there is to send, as long as nobody else does.
func (a *answers) pass(ctx context.Context) error {
	for {
		sent, err := a.domain.SendAnswers(ctx, answerBatch)
		a.published.Add(int64(sent.Published))
		a.delivered.Add(int64(sent.Delivered))
		if err != nil || sent == (consult.AnswersSent{}) {
			return err
		}
	}
}
