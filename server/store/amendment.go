package store

import (
	"context"
	"errors"

	"github.com/yousaid/yousaid/server/consult"
)

// Amendments lists a consultation's amendments by version.
func (s *Store) Amendments(ctx context.Context, consultation consult.ID) ([]consult.Amendment, error) {
	l, err := list(s.reading(ctx), func(r row) (a consult.Amendment, err error) {
		d := &a.Decision
		return a, r.Scan(&a.Consultation, &a.Version, moment(&a.RecordedAt), &a.By, &d.Required, &d.Why, codes(&d.Factors), codes(&d.Topics),
			&d.Days, moment(&d.At), &d.By)
	}, `SELECT consultation, version, recorded_at, recorded_by, required, why, factors, topics, days, decided_at, decided_by FROM amendment
		WHERE consultation = $1 ORDER BY version`, consultation)
	return l, failure("read amendments", err)
}

// ReceiveAmendment moves a consultation to amended, with the version that follows the current one, its documents and the amendment's
// row.
func (s *Store) ReceiveAmendment(ctx context.Context, e consult.StateEvent, v consult.ProposalVersion, documents []consult.Document,
	am consult.Amendment, ch consult.Change) error {
	return s.change(ctx, "receive amendment", ch, e.Consultation, func(w *change) error {
		if err := w.move(e); err != nil {
			return err
		}
		current, err := one(&w.conn, number, `SELECT version FROM consultation WHERE id = $1`, e.Consultation)
		if err != nil {
			return err
		}
		if int(current) != v.Number-1 {
			return fail(consult.Conflict, "", errors.New("the current version is another one"))
		}
		if err := w.addVersion(e.Consultation, v); err != nil {
			return err
		}
		for _, d := range documents {
			if err := w.addDocument(d); err != nil {
				return err
			}
		}
		d := am.Decision
		return w.insert(`INSERT INTO amendment (consultation, version, recorded_at, recorded_by, required, why, factors, topics, days,
			decided_at, decided_by)`, [][]any{{am.Consultation, am.Version, am.RecordedAt, am.By, d.Required, d.Why, joined(d.Factors),
			joined(d.Topics), d.Days, d.At, d.By}}, "")
	})
}

// DecideAmendment keeps the decision whether people are asked again, once, and moves the consultation when a move comes with it.
func (s *Store) DecideAmendment(ctx context.Context, am consult.Amendment, e *consult.StateEvent, ch consult.Change) error {
	return s.change(ctx, "decide amendment", ch, am.Consultation, func(w *change) error {
		d := am.Decision
		n, err := w.exec(`UPDATE amendment SET required = $1, why = $2, factors = $3, topics = $4, days = $5, decided_at = $6, decided_by = $7
			WHERE consultation = $8 AND version = $9 AND decided_at = 0`, d.Required, d.Why, joined(d.Factors), joined(d.Topics), d.Days, d.At,
			d.By, am.Consultation, am.Version)
		if err != nil {
			return err
		}
		if n == 0 {
			return fail(consult.Conflict, "", errors.New("it was decided before, or there is no such amendment"))
		}
		if e == nil {
			return nil
		}
		return w.move(*e)
	})
}

// Stand keeps that a comment still stands in a round.
func (s *Store) Stand(ctx context.Context, comment consult.ID, round int, ch consult.Change) error {
	return s.change(ctx, "stand by comment", ch, comment, func(w *change) error {
		if err := w.mustCount(comment); err != nil {
			return err
		}
		n, err := w.exec(`INSERT INTO comment_stand (comment, round, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, comment, round, w.At)
		if err == nil && n == 0 {
			return errNothing
		}
		return err
	})
}

// mustCount refuses a comment that was withdrawn or superseded. Its row is locked until the commit.
func (w *change) mustCount(comment consult.ID) error {
	n, err := w.exec(`UPDATE comment SET state = state WHERE id = $1 AND state NOT IN ('withdrawn', 'superseded')`, comment)
	if err != nil || n == 1 {
		return err
	}
	if _, err := one(&w.conn, id, `SELECT id FROM comment WHERE id = $1`, comment); err != nil {
		return err
	}
	return fail(consult.Conflict, "", errors.New("the comment was withdrawn or superseded"))
}

// WithdrawComment takes a comment out of everything that is read and counted. The author's words, and who it was, stay.
func (s *Store) WithdrawComment(ctx context.Context, comment consult.ID, ch consult.Change) error {
	return s.change(ctx, "withdraw comment", ch, comment, func(w *change) error {
		state, err := one(&w.conn, func(r row) (v consult.CommentState, err error) { return v, r.Scan(&v) },
			`SELECT state FROM comment WHERE id = $1`, comment)
		if err != nil {
			return err
		}
		if state == consult.CommentWithdrawn {
			return errNothing
		}
		if err := w.mustCount(comment); err != nil {
			return err
		}
		if _, err := w.exec(`UPDATE comment SET state = 'withdrawn', withdrawn_at = $1 WHERE id = $2`, w.At, comment); err != nil {
			return err
		}
		if err := w.endComment(comment, consult.EndedWithdrawn); err != nil {
			return err
		}
		return w.unpublish(comment)
	})
}

// supersede ends an author's earlier comment in favour of a newer one on the same consultation. The newer one has a
// promise of its own, and nobody is asked the equality questions twice.
func (w *change) supersede(c consult.Comment) error {
	if err := w.mustCount(c.Replaces); err != nil {
		return err
	}
	n, err := w.exec(`UPDATE comment SET state = 'superseded', replaced_by = $1 WHERE id = $2 AND consultation = $3`, c.ID,
		c.Replaces, c.Consultation)
	if err != nil {
		return err
	}
	if n == 0 {
		return fail(consult.Conflict, "", errors.New("the comment is about another consultation"))
	}
	if err := w.askedAs(c.Replaces, c.ID); err != nil {
		return err
	}
	if err := w.endComment(c.Replaces, consult.EndedSuperseded); err != nil {
		return err
	}
	return w.unpublish(c.Replaces)
}

// unpublish takes back what the public could read of a comment. When it was first published stays.
func (w *change) unpublish(comment consult.ID) error {
	if _, err := w.exec(`UPDATE comment SET place_text = '', name_shown = '' WHERE id = $1`, comment); err != nil {
		return err
	}
	_, err := w.exec(`UPDATE comment_point SET text = '' WHERE comment = $1`, comment)
	return err
}
