package servertest

import (
	"context"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// Forget lets what reads the news and what notes deliveries commit and then fail, as when a node dies between the commit and the answer;
// Mend undoes it.
func (b *Broken) Forget() { b.forgets.Store(true) }

// background is a write of a worker of the site: it fails as others do, but a fault in our code is for requests to show.
func (b *Broken) background(op string, write func() error) error {
	if b.writes.Load() {
		return down(op)
	}
	if err := write(); err != nil {
		return err
	}
	if b.forgets.Load() {
		return down(op)
	}
	return nil
}

// MatchNews implements consult.Store.
func (b *Broken) MatchNews(ctx context.Context, c consult.Calendar, now time.Time, limit int) (m consult.Matched, err error) {
	err = b.background("match news", func() (err error) { m, err = b.Store.MatchNews(ctx, c, now, limit); return err })
	return m, err
}

// MailAlerts implements consult.Store.
func (b *Broken) MailAlerts(ctx context.Context, now time.Time, limit int) (n int, err error) {
	err = b.background("mail alerts", func() (err error) { n, err = b.Store.MailAlerts(ctx, now, limit); return err })
	return n, err
}

// HandOverNews implements consult.Store.
func (b *Broken) HandOverNews(ctx context.Context, now time.Time, limit int) (n int, err error) {
	err = b.background("hand over news", func() (err error) { n, err = b.Store.HandOverNews(ctx, now, limit); return err })
	return n, err
}

// WebhookSent implements consult.Store.
func (b *Broken) WebhookSent(ctx context.Context, delivery consult.ID, code int, at time.Time) error {
	return b.background("mark message sent", func() error { return b.Store.WebhookSent(ctx, delivery, code, at) })
}
