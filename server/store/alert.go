package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

const alertColumns = `id, email, language, confirmed, paused, paused_at, rhythm, search, terms, created_at, next_at`

func scanAlert(r row) (a consult.Alert, err error) {
	var search json.RawMessage
	var terms string
	if err := r.Scan(&a.ID, &a.Email, &a.Language, &a.Confirmed, &a.Paused, moment(&a.PausedAt), &a.Rhythm, raw(&search), &terms,
		moment(&a.CreatedAt), moment(&a.NextAt)); err != nil {
		return a, err
	}
	a.Terms = strings.Fields(terms)
	return a, json.Unmarshal(search, &a.Search)
}

const alertByID = `SELECT ` + alertColumns + ` FROM alert WHERE id = $1`

// SaveAlert keeps an alert by address and search, or finds the existing one. One that is not confirmed gets a confirming mail.
func (s *Store) SaveAlert(ctx context.Context, a consult.Alert, ch consult.Change) error {
	return s.change(ctx, "save alert", ch, a.ID, func(w *change) error {
		search, err := json.Marshal(a.Search)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(search)
		key := hex.EncodeToString(sum[:])
		known, err := list(&w.conn, scanAlert, `SELECT `+alertColumns+` FROM alert WHERE email_key = $1 AND search_key = $2`, addressKey(a.Email), key)
		if err != nil {
			return err
		}
		at, waiting, err := w.mayAsk(a.Email)
		switch {
		case err != nil:
			return err
		case len(known) == 1 && (known[0].Confirmed || at.After(w.At)), len(known) == 0 && waiting >= consult.MaxUnconfirmed:
			return errNothing // confirmed, asked already, or enough mails to somebody who answers none
		case len(known) == 1:
			w.result, w.Subject = known[0].ID, known[0].ID
			return w.askAlert(known[0].ID, a, at)
		}
		terms := strings.Join(words(a.Search.Words), " ")
		if err := w.insert(`INSERT INTO alert (id, email, email_key, language, confirmed, paused, paused_at, rhythm, area, ward, search, search_key,
			terms, created_at, asked_at, mailed_at, next_at, since)`, [][]any{{a.ID, a.Email, addressKey(a.Email), a.Language, false, "", 0, a.Rhythm,
			a.Search.Area.Kind, a.Search.Area.Ward, search, key, terms, a.CreatedAt, 0, 0, 0, 0}}, ""); err != nil {
			return err
		}
		var cells [][]any
		for _, cell := range a.Matcher().Cells() {
			cells = append(cells, []any{cell, a.ID})
		}
		if err := w.insert(`INSERT INTO alert_cell (cell, alert)`, cells, ""); err != nil {
			return err
		}
		return w.askAlert(a.ID, a, at)
	})
}

// mayAsk is when the address may get its next confirming mail, and how many of its alerts wait for one to be answered.
func (w *change) mayAsk(email string) (time.Time, int, error) {
	type state struct {
		asked   time.Time
		waiting int
	}
	known, err := one(&w.conn, func(r row) (k state, err error) { return k, r.Scan(moment(&k.asked), &k.waiting) },
		`SELECT COALESCE(MAX(CASE WHEN confirmed THEN 0 ELSE asked_at END), 0), COUNT(CASE WHEN confirmed THEN NULL ELSE 1 END) FROM alert
		WHERE email_key = $1`, addressKey(email))
	at := w.At
	if next := known.asked.Add(confirmEvery); !known.asked.IsZero() && next.After(at) {
		at = next
	}
	return at, known.waiting, err
}

// askAlert leaves the confirming mail, in the language that was used last.
func (w *change) askAlert(id consult.ID, a consult.Alert, at time.Time) error {
	if _, err := w.exec(`UPDATE alert SET asked_at = $1, language = $2, rhythm = $3 WHERE id = $4`, at, a.Language, a.Rhythm, id); err != nil {
		return err
	}
	w.left = true
	_, err := alertMail(&w.conn, consult.MailAlertConfirm, id, w.At, at)
	return err
}

// alertMail leaves a mail to an alert's address, made now and due then.
func alertMail(c *conn, kind consult.MailKind, alert consult.ID, now, due time.Time) (consult.ID, error) {
	id := consult.ID(randomID())
	_, err := c.exec(`INSERT INTO delivery (id, kind, address, language, data, consultation, comment, thread, follow, tries, next_try, sent_at, failed,
		alert, made_at) SELECT $1, $2, email, language, 'null', 0, 0, 0, 0, 0, $3, 0, '', id, $4 FROM alert WHERE id = $5`,
		id, kind, due, now, alert)
	return id, err
}

// Alert finds one by id.
func (s *Store) Alert(ctx context.Context, id consult.ID) (consult.Alert, error) {
	a, err := one(s.reading(ctx), scanAlert, alertByID, id)
	return a, failure("read alert", err)
}

// ConfirmAlert turns mail on.
func (s *Store) ConfirmAlert(ctx context.Context, id consult.ID, ch consult.Change) error {
	return s.change(ctx, "confirm alert", ch, id, func(w *change) error {
		a, err := one(&w.conn, scanAlert, alertByID, id)
		if err == nil && a.Confirmed {
			err = errNothing
		}
		if err != nil {
			return err
		}
		n, err := one(&w.conn, number, `SELECT COUNT(*) FROM alert WHERE email_key = $1 AND confirmed`, addressKey(a.Email))
		if err != nil {
			return err
		}
		if n >= consult.MaxAlerts {
			return fail(consult.Closed, "", nil)
		}
		_, err = w.exec(`UPDATE alert SET confirmed = TRUE, since = (SELECT seq FROM audit_head WHERE id = 1) WHERE id = $1`, id)
		return err
	})
}

// SetAlert keeps another rhythm, or pauses or resumes. What was given up while it ran waits again when it is resumed.
func (s *Store) SetAlert(ctx context.Context, id consult.ID, r consult.Rhythm, p consult.Pause, next time.Time, ch consult.Change) error {
	return s.change(ctx, "change alert", ch, id, func(w *change) error {
		a, err := one(&w.conn, scanAlert, alertByID, id)
		if err == nil && a.Rhythm == r && a.Paused == p {
			err = errNothing
		}
		if err != nil {
			return err
		}
		at := a.PausedAt
		if p != a.Paused {
			if at = w.At; p == "" {
				at = time.Time{}
				if err := w.takeBack(id); err != nil {
					return err
				}
			}
		}
		if a.Paused == consult.PausedByOwner && p == "" { // what happened while it rested is not told; what happened while mail failed is
			if _, err := w.exec(`UPDATE alert SET since = (SELECT seq FROM audit_head WHERE id = 1) WHERE id = $1`, id); err != nil {
				return err
			}
		}
		w.left = true // its mail may be due at once now
		if _, err := w.exec(`UPDATE alert SET rhythm = $1, paused = $2, paused_at = $3, next_at = 0 WHERE id = $4`, r, p, at, id); err != nil {
			return err
		}
		_, err = w.exec(`UPDATE alert SET next_at = $1 WHERE id = $2 AND EXISTS (SELECT 1 FROM alert_hit h WHERE h.alert = alert.id AND h.delivery = 0)`,
			next, id)
		return err
	})
}

// takeBack lets the hits of mails that were given up wait for the next mail.
func (w *change) takeBack(alert consult.ID) error {
	_, err := w.exec(`UPDATE alert_hit SET delivery = 0 WHERE alert = $1 AND delivery > 0 AND sent_at = 0
		AND delivery NOT IN (SELECT id FROM delivery WHERE alert = $1 AND next_try > 0)`, alert)
	return err
}

// RemoveAlert forgets an alert with everything of it.
func (s *Store) RemoveAlert(ctx context.Context, id consult.ID, ch consult.Change) error {
	return s.change(ctx, "end alert", ch, id, func(w *change) error {
		if _, err := one(&w.conn, scanAlert, alertByID, id); err != nil {
			return err
		}
		return forgetAlert(&w.conn, id)
	})
}

func forgetAlert(c *conn, id consult.ID) error {
	for _, statement := range []string{
		`DELETE FROM alert_hit WHERE alert = $1`,
		`DELETE FROM alert_cell WHERE alert = $1`,
		`DELETE FROM delivery WHERE alert = $1`,
		`DELETE FROM alert WHERE id = $1`,
	} {
		if _, err := c.exec(statement, id); err != nil {
			return err
		}
	}
	return nil
}

const hitColumns = `h.alert, h.kind, h.consultation, COALESCE(c.title, ''), COALESCE(c.reference, ''), COALESCE(c.address, ''), h.found_at,
	h.delivery, h.sent_at, COALESCE(d.next_try, 0), COALESCE(d.tries, 0), COALESCE(d.failed, ''), COALESCE(d.given_up_at, 0)`

const hitJoins = ` FROM alert_hit h LEFT JOIN consultation c ON c.id = h.consultation LEFT JOIN delivery d ON d.id = h.delivery `

func scanHit(r row) (h consult.Hit, err error) {
	var givenUp time.Time
	err = r.Scan(&h.Alert, &h.Kind, &h.Consultation, &h.Title, &h.Reference, &h.Address, moment(&h.FoundAt), &h.Delivery, moment(&h.SentAt),
		moment(&h.NextTry), &h.Tries, &h.Failed, moment(&givenUp))
	h.State = consult.DeliveryWaiting
	if h.Delivery != 0 {
		h.State = deliveryState(h.SentAt, h.NextTry, h.Failed)
	}
	return h, err
}

// Hits is an alert's log, newest first.
func (s *Store) Hits(ctx context.Context, alert consult.ID, offset, limit int) (hits []consult.Hit, total int, err error) {
	err = s.snapshot(ctx, "read hits", false, func(c *conn) error {
		n, err := one(c, number, `SELECT COUNT(*) FROM alert_hit WHERE alert = $1`, alert)
		if err != nil {
			return err
		}
		total = int(n)
		hits, err = list(c, scanHit, `SELECT `+hitColumns+hitJoins+`WHERE h.alert = $1 ORDER BY h.seq DESC, h.part DESC LIMIT $2 OFFSET $3`,
			alert, pageSize(limit), max(offset, 0))
		return err
	})
	return hits, total, err
}

// AlertMail reads what a mail of an alert lists: the first consultations with everything that happened to each, and how many there are.
func (s *Store) AlertMail(ctx context.Context, delivery consult.ID) (m consult.AlertMail, err error) {
	err = s.snapshot(ctx, "read alert mail", false, func(c *conn) error {
		if m.Alert, err = one(c, scanAlert, `SELECT `+alertColumns+` FROM alert WHERE id = (SELECT alert FROM delivery WHERE id = $1)`, delivery); err != nil {
			return err
		}
		all, err := list(c, scanHit, `SELECT `+hitColumns+hitJoins+`WHERE h.delivery = $1 ORDER BY h.seq DESC, h.part`, delivery)
		if err != nil {
			return err
		}
		m.Hits, m.Total = gathered(all)
		return nil
	})
	return m, err
}

// gathered puts the hits of each consultation together and keeps those of the first MailHits; total counts the consultations.
func gathered(all []consult.Hit) (hits []consult.Hit, total int) {
	groups := map[consult.ID][]consult.Hit{}
	var order []consult.ID
	for _, h := range all {
		if len(groups[h.Consultation]) == 0 {
			order = append(order, h.Consultation)
		}
		groups[h.Consultation] = append(groups[h.Consultation], h)
	}
	for _, id := range order[:min(len(order), consult.MailHits)] {
		hits = append(hits, groups[id]...)
	}
	return hits, len(order)
}

// PurgeAlerts forgets alerts nobody confirmed, old hits, and news every reader has read.
func (s *Store) PurgeAlerts(ctx context.Context, unconfirmed, hits, news time.Time) (int, error) {
	total := 0
	err := s.quietly(ctx, "purge alerts", func(c *conn) error {
		old, err := list(c, id, `SELECT id FROM alert WHERE NOT confirmed AND created_at < $1 AND asked_at < $1`, unconfirmed)
		if err != nil {
			return err
		}
		for _, alert := range old {
			if err := forgetAlert(c, alert); err != nil {
				return err
			}
		}
		n, err := c.exec(`DELETE FROM alert_hit WHERE found_at < $1 AND (delivery > 0 OR alert IN (SELECT a.id FROM alert a WHERE a.paused <> ''))`, hits)
		total = len(old) + int(n)
		return err
	})
	if err != nil {
		return total, err
	}
	n, err := s.purgeNews(ctx, news)
	return total + n, err
}

// deliveryState tells what became of a mail from when it was sent, when it is tried next, and why it failed.
func deliveryState(sent, next time.Time, failed string) consult.DeliveryState {
	switch {
	case !sent.IsZero():
		return consult.DeliverySent
	case next.IsZero():
		return consult.DeliveryGivenUp
	}
	return cmp.Or(map[bool]consult.DeliveryState{true: consult.DeliveryFailing}[failed != ""], consult.DeliveryWaiting)
}
