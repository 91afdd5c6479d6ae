package store

import (
	"context"
	"errors"

	"github.com/yousaid/yousaid/server/consult"
)

// addressOf finds where a mail goes: its own address while it waits, afterwards that of what it belongs to, if that is still there.
const addressOf = `COALESCE(NULLIF(d.address, ''), (SELECT a.email FROM alert a WHERE a.id = d.alert), (SELECT f.email FROM follow f WHERE f.id = d.follow),
	(SELECT k.email FROM contact k WHERE k.comment = d.comment), '')`

const deliveryColumns = `d.id, d.kind, ` + addressOf + `, d.consultation, d.alert, d.tries, d.made_at, d.next_try, d.sent_at, d.given_up_at, d.failed,
	(SELECT COUNT(*) FROM alert_hit h WHERE h.delivery = d.id)`

// The states of a mail as conditions.
var deliveryStates = map[consult.DeliveryState]string{
	consult.DeliveryWaiting: `d.sent_at = 0 AND d.next_try > 0 AND d.failed = ''`,
	consult.DeliveryFailing: `d.sent_at = 0 AND d.next_try > 0 AND d.failed <> ''`,
	consult.DeliverySent:    `d.sent_at > 0`,
	consult.DeliveryGivenUp: `d.sent_at = 0 AND d.next_try = 0`,
}

// Deliveries lists mails, newest first, with masked addresses and the counts of all.
func (s *Store) Deliveries(ctx context.Context, f consult.DeliveryFilter) (consult.DeliveryPage, error) {
	page := consult.DeliveryPage{Counts: map[consult.DeliveryState]map[consult.MailKind]int{}}
	err := s.snapshot(ctx, "list deliveries", false, func(c *conn) error {
		for state, condition := range deliveryStates {
			by := map[consult.MailKind]int{}
			var q text
			q.add(`SELECT d.kind, COUNT(*) FROM delivery d WHERE `)
			q.add(condition)
			q.add(` GROUP BY d.kind`)
			if err := c.each(counting(by), q.String()); err != nil {
				return err
			}
			page.Counts[state] = by
		}
		for state, by := range page.Counts {
			for kind, n := range by {
				if (f.State == "" || f.State == state) && (f.Kind == "" || f.Kind == kind) {
					page.Total += n
				}
			}
		}
		var q text
		q.add(`SELECT ` + deliveryColumns + ` FROM delivery d WHERE TRUE`)
		if f.State != "" {
			q.add(` AND `)
			q.add(deliveryStates[f.State])
		}
		if f.Kind != "" {
			q.add(` AND d.kind = ?`, f.Kind)
		}
		q.add(` ORDER BY d.made_at DESC, d.id LIMIT ? OFFSET ?`, pageSize(f.Limit), max(f.Offset, 0))
		var err error
		page.Lines, err = list(c, scanDeliveryLine, q.String(), q.args...)
		return err
	})
	return page, err
}

func scanDeliveryLine(r row) (l consult.DeliveryLine, err error) {
	var address string
	var hits int
	err = r.Scan(&l.ID, &l.Kind, &address, &l.Consultation, &l.Alert, &l.Tries, moment(&l.MadeAt), moment(&l.NextTry), moment(&l.SentAt),
		moment(&l.GivenUpAt), &l.Failed, &hits)
	l.Address = consult.MaskEmail(address)
	l.State = deliveryState(l.SentAt, l.NextTry, l.Failed)
	l.CanRetry = address != "" && l.State != consult.DeliverySent && l.Kind != consult.MailSignIn && l.Kind != consult.MailInvite &&
		(l.Kind != consult.MailAlert || hits > 0)
	return l, err
}

// RetryDelivery tries a mail now. One that was given up gets the address back of what it belongs to, and its alerts run again.
func (s *Store) RetryDelivery(ctx context.Context, id consult.ID, ch consult.Change) error {
	return s.change(ctx, "retry delivery", ch, id, func(w *change) error {
		line, err := one(&w.conn, scanDeliveryLine, `SELECT `+deliveryColumns+` FROM delivery d WHERE d.id = $1`, id)
		switch {
		case err != nil:
			return err
		case line.State == consult.DeliverySent:
			return fail(consult.Conflict, "", errors.New("the mail was sent"))
		case !line.CanRetry:
			return fail(consult.Closed, "", errors.New("the address is forgotten, the link over, or another mail says it"))
		}
		w.left = true
		if _, err := w.exec(`UPDATE delivery AS d SET address = `+addressOf+`, next_try = $1, tries = 0, given_up_at = 0 WHERE d.id = $2`, w.At, id); err != nil {
			return err
		}
		_, err = w.exec(`UPDATE alert SET paused = '', paused_at = 0 WHERE paused = $1 AND email_key IN (SELECT a.email_key FROM alert a WHERE a.id = $2)`,
			consult.PausedByMail, line.Alert)
		return err
	})
}
