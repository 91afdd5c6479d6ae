package server

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// newsReader is the part of the domain that reads the news for alerts.
type newsReader interface {
	ReadNews(ctx context.Context, limit int) (consult.Matched, error)
	MailAlerts(ctx context.Context, limit int) (int, error)
	TidyAlerts(ctx context.Context) (int, error)
}

// alerts lets saved searches look at the news and makes their mails. The store keeps how far it came, in one transaction with what was
// found: a node that dies here loses nothing and doubles nothing, and any number of nodes may run one.
type alerts struct {
	domain newsReader
	mailed func() // mails were left
	log    *slog.Logger
	bell   chan struct{}

	news, hits, mails atomic.Int64
}

const (
	newsBatch   = 100
	alertBatch  = 100
	alertsEvery = 15 * time.Second // also when a digest is due, and what a node that died had left behind
)

func newAlerts(domain newsReader, mailed func(), log *slog.Logger) *alerts {
	return &alerts{domain: domain, mailed: mailed, log: log, bell: make(chan struct{}, 1)}
}

// Kick wakes it after a commit; it never waits.
func (a *alerts) Kick() {
	select {
	case a.bell <- struct{}{}:
	default:
	}
}

// Run reads until ctx ends.
func (a *alerts) Run(ctx context.Context) {
	tick := time.NewTicker(alertsEvery)
	defer tick.Stop()
	failing := false
	for {
		err := a.pass(ctx)
		if (err != nil) != failing && ctx.Err() == nil {
			failing = err != nil
			a.log.Warn("alerts changed state", "failing", failing, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-a.bell:
		case <-tick.C:
		}
	}
}

// pass reads all the news there is, and makes all mails that are due.
func (a *alerts) pass(ctx context.Context) error {
	for {
		m, err := a.domain.ReadNews(ctx, newsBatch)
		if err != nil {
			return err
		}
		a.news.Add(int64(m.News))
		a.hits.Add(int64(m.Hits))
		a.left(m.Mails)
		if m.News == 0 {
			break
		}
	}
	for {
		n, err := a.domain.MailAlerts(ctx, alertBatch)
		if err != nil {
			return err
		}
		a.left(n)
		if n < alertBatch {
			return nil
		}
	}
}

func (a *alerts) left(mails int) {
	a.mails.Add(int64(mails))
	if mails > 0 {
		a.mailed()
	}
}
