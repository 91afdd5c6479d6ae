package store

import (
	"context"
	"errors"

	"github.com/yousaid/yousaid/server/consult"
)

// SaveEquality keeps the answers apart and marks the comment's author as asked. Conflict when they were asked before. The row
// gets a random id, so that the order of rows tells nothing.
func (s *Store) SaveEquality(ctx context.Context, comment consult.ID, a consult.EqualityAnswers, ch consult.Change) error {
	return s.change(ctx, "save equality answers", ch, 0, func(w *change) error {
		n, err := w.exec(`UPDATE contact SET asked = TRUE WHERE comment = $1 AND NOT asked`, comment)
		if err != nil {
			return err
		}
		if n == 0 {
			if _, err := one(&w.conn, id, `SELECT comment FROM contact WHERE comment = $1`, comment); err != nil {
				return err
			}
			return fail(consult.Conflict, "", errors.New("the questions were answered before"))
		}
		return w.insert(`INSERT INTO equality (id, consultation, ward_code, age_band, sex, ethnic_group, disability, recorded_on)`,
			[][]any{{randomID(), a.Consultation, a.WardCode, a.AgeBand, a.Sex, a.EthnicGroup, a.Disability, a.RecordedOn}}, "")
	})
}

// askedAs carries over to a newer comment of the same author whether the questions were put.
func (w *change) askedAs(earlier, newer consult.ID) error {
	_, err := w.exec(`UPDATE contact SET asked = (SELECT o.asked FROM contact o WHERE o.comment = $1) WHERE comment = $2`, earlier, newer)
	return err
}

// EqualityAsked tells whether the questions were put to a comment's author.
func (s *Store) EqualityAsked(ctx context.Context, comment consult.ID) (bool, error) {
	asked, err := one(s.reading(ctx), func(r row) (b bool, err error) { return b, r.Scan(&b) },
		`SELECT asked FROM contact WHERE comment = $1`, comment)
	return asked, failure("read whether the questions were put", err)
}

// Equality lists answers in random order. Only the filter's consultation, ward and days apply: answers know no comment.
func (s *Store) Equality(ctx context.Context, f consult.ReachFilter) ([]consult.EqualityAnswers, error) {
	var q text
	q.add(`SELECT consultation, ward_code, age_band, sex, ethnic_group, disability, recorded_on FROM equality WHERE TRUE`)
	if f.Consultation != 0 {
		q.add(` AND consultation = ?`, f.Consultation)
	}
	if f.Ward != "" {
		q.add(` AND ward_code = ?`, f.Ward)
	}
	if f.From != "" {
		q.add(` AND recorded_on >= ?`, f.From)
	}
	if f.To != "" {
		q.add(` AND recorded_on <= ?`, f.To)
	}
	q.add(` ORDER BY id`)
	l, err := list(s.reading(ctx), func(r row) (a consult.EqualityAnswers, err error) {
		return a, r.Scan(&a.Consultation, &a.WardCode, &a.AgeBand, &a.Sex, &a.EthnicGroup, &a.Disability, &a.RecordedOn)
	}, q.String(), q.args...)
	return l, failure("read equality answers", err)
}
