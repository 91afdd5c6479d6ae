package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

func scanDelivery(r row) (d consult.Delivery, err error) {
	var data json.RawMessage
	if err := r.Scan(&d.ID, &d.Kind, &d.To, &d.Language, raw(&data), &d.Consultation, &d.Comment, &d.Thread, &d.Follow, &d.Consultee,
		&d.Tries, moment(&d.NextTry), moment(&d.SentAt), &d.Failed, &d.Alert); err != nil {
		return d, err
	}
	return d, json.Unmarshal(data, &d.Data)
}

// ClaimDeliveries hands out due mails, longest due first, and hides them from everybody until now+lease: a node that dies while
// sending loses nothing. Tries counts the attempt that begins.
func (s *Store) ClaimDeliveries(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]consult.Delivery, error) {
	const op = "claim deliveries"
	// Most calls find nothing, and asking costs no writer's turn.
	due, err := one(s.reading(ctx), number, `SELECT COUNT(*) FROM (SELECT 1 FROM delivery WHERE next_try > 0 AND next_try <= $1 LIMIT 1) d`, now)
	if err != nil || due == 0 {
		return nil, failure(op, err)
	}
	var claimed []consult.Delivery
	err = s.quietly(ctx, op, func(c *conn) (err error) {
		claimed, err = list(c, scanDelivery, `WITH due AS MATERIALIZED (
				SELECT id FROM delivery WHERE next_try > 0 AND next_try <= $1 ORDER BY next_try, id LIMIT $2`+s.skipLocked+`)
			UPDATE delivery SET next_try = $3, tries = tries + 1 WHERE id IN (SELECT id FROM due)
			RETURNING id, kind, address, language, data, consultation, comment, thread, follow, consultee, tries, next_try, sent_at, failed, alert`,
			now, limit, now.Add(lease))
		return err
	})
	return claimed, err
}

// DeliverySent marks a mail as sent and forgets what was in it and to whom it went.
func (s *Store) DeliverySent(ctx context.Context, id consult.ID, at time.Time) error {
	return s.quietly(ctx, "mark mail sent", func(c *conn) error {
		n, err := c.exec(`UPDATE delivery SET sent_at = $1, next_try = 0, failed = '', data = '{}', address = '' WHERE id = $2`, at, id)
		if err == nil {
			_, err = c.exec(`UPDATE alert_hit SET sent_at = $1 WHERE delivery = $2`, at, id)
		}
		return c.settleDelivery(id, "sent", n, err)
	})
}

// DeliveryFailed keeps why and when to try again; the zero time gives up and forgets the mail and its address.
func (s *Store) DeliveryFailed(ctx context.Context, id consult.ID, reason string, at, next time.Time) error {
	const op = "mark mail failed"
	if next.IsZero() {
		return s.giveUp(ctx, op, id, reason, at)
	}
	return s.touch(ctx, op, `UPDATE delivery SET failed = $1, next_try = $2 WHERE id = $3`, reason, next, id)
}

// touch writes to one record without an audit row; NotFound when it is not there.
func (s *Store) touch(ctx context.Context, op, statement string, args ...any) error {
	return s.quietly(ctx, op, func(c *conn) error {
		n, err := c.exec(statement, args...)
		if err == nil && n == 0 {
			err = fail(consult.NotFound, op, nil)
		}
		return err
	})
}

// giveUp ends a mail. Where it was an alert's, the mailbox takes none: its alerts rest until somebody says that it does again.
func (s *Store) giveUp(ctx context.Context, op string, id consult.ID, reason string, at time.Time) error {
	return s.quietly(ctx, op, func(c *conn) error {
		if _, err := c.exec(`UPDATE alert SET paused = $1, paused_at = $2 WHERE paused = '' AND confirmed AND email_key IN (
			SELECT a.email_key FROM alert a JOIN delivery d ON d.alert = a.id WHERE d.id = $3 AND d.kind = $4)`,
			consult.PausedByMail, at, id, consult.MailAlert); err != nil {
			return err
		}
		n, err := c.exec(`UPDATE delivery SET failed = $1, next_try = 0, given_up_at = $2, data = '{}', address = '' WHERE id = $3`, reason, at, id)
		return c.settleDelivery(id, "failed", n, err)
	})
}

// settleDelivery looks at what an update of a delivery touched and tells the consultee it went to, if it went to one, what became of it.
func (c *conn) settleDelivery(id consult.ID, sending string, touched int64, err error) error {
	if err == nil && touched == 0 {
		err = fail(consult.NotFound, "", nil)
	}
	if err != nil {
		return err
	}
	_, err = c.exec(`UPDATE consultee SET sending = $1 WHERE id = (SELECT consultee FROM delivery WHERE id = $2) AND sending = 'waiting'`, sending, id)
	return err
}
