package store

import (
	"context"
	"errors"
	"strings"

	"github.com/yousaid/yousaid/server/consult"
)

// consulteeRows reads consultees. Where one stands follows from what was asked, what became of the mail, and whether it answered.
const consulteeRows = `SELECT e.id, e.consultation, e.kind, e.name, e.why, CASE
	WHEN e.state <> 'asked' THEN e.state
	WHEN EXISTS (SELECT 1 FROM consultee_response r WHERE r.consultee = e.id AND r.asking = e.asking) THEN 'responded'
	WHEN e.sending = 'sent' THEN 'awaiting' WHEN e.sending = 'failed' THEN 'failed' ELSE 'sending' END,
	e.asking, e.link, e.consulted_on, e.due_on, e.expires_on, e.reminded_at, e.reason, e.created_at FROM consultee e `

func scanConsultee(r row) (c consult.Consultee, err error) {
	return c, r.Scan(&c.ID, &c.Consultation, &c.Kind, &c.Name, &c.Why, &c.State, &c.Asking, &c.Link, &c.ConsultedOn, &c.DueOn, &c.ExpiresOn,
		moment(&c.RemindedAt), &c.Reason, moment(&c.CreatedAt))
}

// Consultees lists a case's consultees by name.
func (s *Store) Consultees(ctx context.Context, consultation consult.ID) ([]consult.Consultee, error) {
	l, err := list(s.reading(ctx), scanConsultee, consulteeRows+`WHERE e.consultation = $1 ORDER BY e.name, e.id`, consultation)
	return l, failure("read consultees", err)
}

// OverdueConsultees lists those of every case whose answer was due before a day, longest first.
func (s *Store) OverdueConsultees(ctx context.Context, before consult.Date, limit int) ([]consult.Consultee, error) {
	l, err := list(s.reading(ctx), scanConsultee, consulteeRows+`WHERE e.state = 'asked' AND e.due_on < $1 AND NOT EXISTS (SELECT 1
		FROM consultee_response r WHERE r.consultee = e.id AND r.asking = e.asking) ORDER BY e.due_on, e.id LIMIT $2`, before, limit)
	return l, failure("read overdue consultees", err)
}

// kept is the state as its column holds it: what was asked, not what became of it.
func kept(s consult.ConsulteeState) string {
	if s == consult.NotConsulted || s == consult.NotRequired {
		return string(s)
	}
	return "asked"
}

// SaveConsultee adds one that was not asked yet.
func (s *Store) SaveConsultee(ctx context.Context, c consult.Consultee, k consult.ConsulteeContact, directory bool, ch consult.Change) error {
	return s.change(ctx, "save consultee", ch, c.ID, func(w *change) error {
		if err := w.insert(`INSERT INTO consultee (id, consultation, kind, name, why, state, sending, asking, link, consulted_on, due_on, expires_on,
			reminded_at, reason, created_at)`, [][]any{{c.ID, c.Consultation, c.Kind, c.Name, c.Why, kept(c.State), "", c.Asking, c.Link, c.ConsultedOn,
			c.DueOn, c.ExpiresOn, c.RemindedAt, c.Reason, c.CreatedAt}}, ""); err != nil {
			return err
		}
		if err := w.keepContact(c.ID, k); err != nil || !directory {
			return err
		}
		return w.insert(`INSERT INTO consultee_directory (name_key, name, kind, email, address, postcode)`,
			[][]any{{nameKey(c.Name), c.Name, c.Kind, k.Email, k.Address, k.Postcode}}, directoryAnew)
	})
}

func (w *change) keepContact(consultee consult.ID, k consult.ConsulteeContact) error {
	return w.insert(`INSERT INTO consultee_contact (consultee, email, address, postcode)`, [][]any{{consultee, k.Email, k.Address, k.Postcode}},
		`ON CONFLICT (consultee) DO UPDATE SET email = excluded.email, address = excluded.address, postcode = excluded.postcode`)
}

// MoveConsultee keeps a new state. Mail and letters that still wait would carry a link that no longer opens, so they go.
func (s *Store) MoveConsultee(ctx context.Context, c consult.Consultee, k *consult.ConsulteeContact, link int, paper *consult.Letter, ch consult.Change) error {
	return s.change(ctx, "move consultee", ch, c.ID, func(w *change) error {
		if _, err := one(&w.conn, id, `SELECT id FROM consultee WHERE id = $1`, c.ID); err != nil {
			return err
		}
		sending := ""
		if paper != nil || len(w.Mails) > 0 {
			sending = "waiting"
		}
		n, err := w.exec(`UPDATE consultee SET state = $1, sending = $2, asking = $3, link = $4, consulted_on = $5, due_on = $6, expires_on = $7,
			reminded_at = $8, reason = $9 WHERE id = $10 AND link = $11`, kept(c.State), sending, c.Asking, c.Link, c.ConsultedOn, c.DueOn, c.ExpiresOn,
			c.RemindedAt, c.Reason, c.ID, link)
		if err != nil {
			return err
		}
		if n == 0 {
			return fail(consult.Conflict, "", errors.New("the consultee was turned to meanwhile"))
		}
		for _, statement := range []string{
			`DELETE FROM delivery WHERE consultation = $1 AND consultee = $2 AND next_try > 0`,
			`DELETE FROM letter WHERE consultation = $1 AND consultee = $2 AND state = 'waiting'`,
		} {
			if _, err := w.exec(statement, c.Consultation, c.ID); err != nil {
				return err
			}
		}
		if k != nil {
			if err := w.keepContact(c.ID, *k); err != nil {
				return err
			}
		}
		if paper == nil {
			return nil
		}
		return w.insertLetters([]consult.Letter{*paper})
	})
}

const directoryAnew = `ON CONFLICT (name_key) DO UPDATE SET name = excluded.name, kind = excluded.kind, email = excluded.email,
	address = excluded.address, postcode = excluded.postcode`

// nameKey finds the same name, however it is written.
func nameKey(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }

func scanEntry(r row) (e consult.DirectoryEntry, err error) {
	return e, r.Scan(&e.Name, &e.Kind, &e.Email, &e.Address, &e.Postcode)
}

const entryColumns = `name, kind, email, address, postcode`

// Directory lists whom officers pick from, by name.
func (s *Store) Directory(ctx context.Context) ([]consult.DirectoryEntry, error) {
	l, err := list(s.reading(ctx), scanEntry, `SELECT `+entryColumns+` FROM consultee_directory ORDER BY name_key`)
	return l, failure("read directory", err)
}

// SaveDirectory adds and changes entries by name, all or nothing.
func (s *Store) SaveDirectory(ctx context.Context, entries []consult.DirectoryEntry, ch consult.Change) (created, updated, unchanged int, err error) {
	var t tally
	err = s.change(ctx, "save directory", ch, 0, func(w *change) error {
		t = tally{}
		known := map[string]consult.DirectoryEntry{}
		if err := w.each(func(r row) error {
			e, err := scanEntry(r)
			known[nameKey(e.Name)] = e
			return err
		}, `SELECT `+entryColumns+` FROM consultee_directory`); err != nil {
			return err
		}
		var rows [][]any
		for _, e := range newer(&t, entries, known, func(e consult.DirectoryEntry) string { return nameKey(e.Name) }) {
			rows = append(rows, []any{nameKey(e.Name), e.Name, e.Kind, e.Email, e.Address, e.Postcode})
		}
		return w.upsert(`INSERT INTO consultee_directory (name_key, `+entryColumns+`)`, rows, directoryAnew)
	})
	return t.created, t.updated, t.unchanged, err
}
