package store

import (
	"context"
	"slices"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

const webhookColumns = `w.id, w.label, w.url, w.events, w.generation, w.rotated_at, w.paused, w.paused_at, w.created_at`

func webhookFields(w *consult.Webhook) []any {
	return []any{&w.ID, &w.Label, &w.URL, codes(&w.Events), &w.Generation, moment(&w.RotatedAt), &w.Paused, moment(&w.PausedAt), moment(&w.CreatedAt)}
}

func scanWebhook(r row) (w consult.Webhook, err error) { return w, r.Scan(webhookFields(&w)...) }

// Webhooks lists them, the oldest first.
func (s *Store) Webhooks(ctx context.Context) ([]consult.Webhook, error) {
	l, err := list(s.reading(ctx), scanWebhook, `SELECT `+webhookColumns+` FROM webhook w ORDER BY w.id`)
	return l, failure("list webhooks", err)
}

const webhookByID = `SELECT ` + webhookColumns + ` FROM webhook w WHERE w.id = $1`

// Webhook finds one by id.
func (s *Store) Webhook(ctx context.Context, id consult.ID) (consult.Webhook, error) {
	w, err := one(s.reading(ctx), scanWebhook, webhookByID, id)
	return w, failure("read webhook", err)
}

// SaveWebhook keeps a new one; Conflict past MaxWebhooks.
func (s *Store) SaveWebhook(ctx context.Context, h consult.Webhook, ch consult.Change) error {
	return s.change(ctx, "save webhook", ch, h.ID, func(w *change) error {
		n, err := one(&w.conn, number, `SELECT COUNT(*) FROM webhook`)
		if err != nil {
			return err
		}
		if n >= consult.MaxWebhooks {
			return fail(consult.Conflict, "", nil)
		}
		return w.insert(`INSERT INTO webhook (id, label, url, events, generation, rotated_at, paused, paused_at, created_at)`,
			[][]any{{h.ID, h.Label, h.URL, joined(h.Events), h.Generation, h.RotatedAt, h.Paused, h.PausedAt, h.CreatedAt}}, "")
	})
}

// SetWebhook replaces what can change. Resuming lets what was given up wait again.
func (s *Store) SetWebhook(ctx context.Context, h consult.Webhook, ch consult.Change) error {
	return s.change(ctx, "change webhook", ch, h.ID, func(w *change) error {
		before, err := one(&w.conn, scanWebhook, webhookByID, h.ID)
		if err != nil {
			return err
		}
		if _, err := w.exec(`UPDATE webhook SET label = $1, url = $2, events = $3, generation = $4, rotated_at = $5, paused = $6, paused_at = $7
			WHERE id = $8`, h.Label, h.URL, joined(h.Events), h.Generation, h.RotatedAt, h.Paused, h.PausedAt, h.ID); err != nil {
			return err
		}
		if before.Paused == "" || h.Paused != "" {
			return nil
		}
		w.left = true
		_, err = w.exec(`UPDATE webhook_delivery SET next_try = $1, tries = 0, given_up_at = 0 WHERE webhook = $2 AND sent_at = 0`, w.At, h.ID)
		return err
	})
}

// RemoveWebhook forgets a webhook with its messages.
func (s *Store) RemoveWebhook(ctx context.Context, id consult.ID, ch consult.Change) error {
	return s.change(ctx, "remove webhook", ch, id, func(w *change) error {
		if _, err := w.exec(`DELETE FROM webhook_delivery WHERE webhook = $1`, id); err != nil {
			return err
		}
		n, err := w.exec(`DELETE FROM webhook WHERE id = $1`, id)
		if err == nil && n == 0 {
			err = fail(consult.NotFound, "", nil)
		}
		return err
	})
}

const callColumns = `d.id, d.webhook, d.kind, d.consultation, d.subject, d.state, d.at, d.tries, d.next_try, d.sent_at, d.given_up_at, d.code, d.failed`

func callFields(d *consult.WebhookDelivery) []any {
	return []any{&d.ID, &d.Webhook, &d.Kind, &d.Consultation, &d.Subject, &d.Standing, moment(&d.At), &d.Tries, moment(&d.NextTry), moment(&d.SentAt),
		moment(&d.GivenUpAt), &d.Code, &d.Failed}
}

func scanCall(r row) (d consult.WebhookDelivery, err error) { return d, r.Scan(callFields(&d)...) }

// WebhookLog lists a webhook's messages, newest first.
func (s *Store) WebhookLog(ctx context.Context, webhook consult.ID, offset, limit int) (found []consult.WebhookDelivery, total int, err error) {
	err = s.snapshot(ctx, "read webhook log", false, func(c *conn) error {
		n, err := one(c, number, `SELECT COUNT(*) FROM webhook_delivery WHERE webhook = $1`, webhook)
		if err != nil {
			return err
		}
		total = int(n)
		found, err = list(c, scanCall, `SELECT `+callColumns+` FROM webhook_delivery d WHERE d.webhook = $1 ORDER BY d.at DESC, d.id LIMIT $2 OFFSET $3`,
			webhook, pageSize(limit), max(offset, 0))
		return err
	})
	return found, total, err
}

const queueWebhook = `INSERT INTO webhook_delivery (id, webhook, seq, part, kind, consultation, subject, state, at, tries, next_try, sent_at,
	given_up_at, code, failed)`

// QueueWebhookTest keeps a message of no news; NotFound without its webhook.
func (s *Store) QueueWebhookTest(ctx context.Context, d consult.WebhookDelivery, ch consult.Change) error {
	return s.change(ctx, "test webhook", ch, d.ID, func(w *change) error {
		if _, err := one(&w.conn, scanWebhook, webhookByID, d.Webhook); err != nil {
			return err
		}
		w.left = true
		return w.insert(queueWebhook, [][]any{{d.ID, d.Webhook, 0, 0, d.Kind, d.Consultation, d.Subject, d.Standing, d.At, 0, d.NextTry, 0, 0, 0, ""}}, "")
	})
}

// RetryWebhook lets a message wait for a first try again.
func (s *Store) RetryWebhook(ctx context.Context, webhook, delivery consult.ID, ch consult.Change) error {
	return s.change(ctx, "redeliver", ch, delivery, func(w *change) error {
		n, err := w.exec(`UPDATE webhook_delivery SET next_try = $1, tries = 0, sent_at = 0, given_up_at = 0, failed = '' WHERE id = $2 AND webhook = $3`,
			w.At, delivery, webhook)
		if err == nil && n == 0 {
			err = fail(consult.NotFound, "", nil)
		}
		w.left = true
		return err
	})
}

// HandOverNews keeps messages for webhooks out of a batch of news. Those that are paused get theirs, too: they wait.
func (s *Store) HandOverNews(ctx context.Context, now time.Time, limit int) (int, error) {
	return s.readNews(ctx, "hand over news", webhookReader, limit, func(c *conn, news []consult.News) error {
		hooks, err := list(c, scanWebhook, `SELECT `+webhookColumns+` FROM webhook w`)
		if err != nil {
			return err
		}
		var rows [][]any
		for _, h := range hooks {
			for _, n := range news {
				if slices.Contains(h.Events, n.Kind) && !n.At.Before(h.CreatedAt) {
					rows = append(rows, []any{randomID(), h.ID, n.Seq, n.Part, n.Kind, n.Consultation, n.Subject, n.Facts.State, n.At, 0, now, 0, 0, 0, ""})
				}
			}
		}
		return c.insert(queueWebhook, rows, "")
	})
}

// ClaimWebhooks hands out due messages of webhooks that run, and hides them from everybody until now+lease. Tries counts the attempt that
// begins.
func (s *Store) ClaimWebhooks(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]consult.WebhookCall, error) {
	const op = "claim webhooks"
	due, err := one(s.reading(ctx), number, `SELECT COUNT(*) FROM (SELECT 1 FROM webhook_delivery d JOIN webhook w ON w.id = d.webhook
		WHERE d.next_try > 0 AND d.next_try <= $1 AND w.paused = '' LIMIT 1) n`, now)
	if err != nil || due == 0 {
		return nil, failure(op, err)
	}
	var calls []consult.WebhookCall
	err = s.quietly(ctx, op, func(c *conn) error {
		claimed, err := list(c, scanCall, `WITH due AS MATERIALIZED (SELECT id FROM webhook_delivery WHERE next_try > 0 AND next_try <= $1
				AND webhook IN (SELECT w.id FROM webhook w WHERE w.paused = '') ORDER BY next_try, id LIMIT $2`+s.skipLocked+`)
			UPDATE webhook_delivery SET next_try = $3, tries = tries + 1 WHERE id IN (SELECT id FROM due)
			RETURNING id, webhook, kind, consultation, subject, state, at, tries, next_try, sent_at, given_up_at, code, failed`, now, limit, now.Add(lease))
		if err != nil {
			return err
		}
		hooks, err := list(c, scanWebhook, `SELECT `+webhookColumns+` FROM webhook w`)
		if err != nil {
			return err
		}
		calls = nil
		for _, d := range claimed {
			at := slices.IndexFunc(hooks, func(h consult.Webhook) bool { return h.ID == d.Webhook })
			if at >= 0 {
				calls = append(calls, consult.WebhookCall{Webhook: hooks[at], Delivery: d})
			}
		}
		return nil
	})
	return calls, err
}

// WebhookSent notes that a message arrived.
func (s *Store) WebhookSent(ctx context.Context, delivery consult.ID, code int, at time.Time) error {
	return s.touch(ctx, "mark message sent", `UPDATE webhook_delivery SET sent_at = $1, next_try = 0, code = $2, failed = '' WHERE id = $3`, at, code, delivery)
}

// WebhookFailed keeps why and when to try again; the zero time gives up and pauses the webhook.
func (s *Store) WebhookFailed(ctx context.Context, delivery consult.ID, code int, reason string, at, next time.Time) error {
	const op = "mark message failed"
	if !next.IsZero() {
		return s.touch(ctx, op, `UPDATE webhook_delivery SET next_try = $1, code = $2, failed = $3 WHERE id = $4`, next, code, reason, delivery)
	}
	return s.quietly(ctx, op, func(c *conn) error {
		n, err := c.exec(`UPDATE webhook_delivery SET next_try = 0, given_up_at = $1, code = $2, failed = $3 WHERE id = $4`, at, code, reason, delivery)
		if err == nil && n == 0 {
			err = fail(consult.NotFound, "", nil)
		}
		if err != nil {
			return err
		}
		_, err = c.exec(`UPDATE webhook SET paused = $1, paused_at = $2 WHERE paused = '' AND id = (SELECT webhook FROM webhook_delivery WHERE id = $3)`,
			consult.PausedByMail, at, delivery)
		return err
	})
}
