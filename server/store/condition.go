package store

import (
	"context"

	"github.com/yousaid/yousaid/server/consult"
)

// SaveCondition adds a condition or replaces the version that was seen, with its links.
func (s *Store) SaveCondition(ctx context.Context, k consult.Condition, ch consult.Change) error {
	return s.change(ctx, "save condition", ch, k.ID, func(w *change) error {
		taken, err := one(&w.conn, number, `SELECT COUNT(*) FROM condition WHERE consultation = $1 AND kind = $2 AND number = $3 AND id <> $4`,
			k.Consultation, k.Kind, k.Number, k.ID)
		if err != nil {
			return err
		}
		if taken > 0 {
			return &consult.Error{Kind: consult.Invalid, Fields: []consult.FieldError{{Field: "number", Rule: "number_taken"}}}
		}
		if k.Version == 0 {
			err = w.insert(`INSERT INTO condition (id, consultation, kind, number, version, title, body, reason, by_whom, updated_at)`, [][]any{{
				k.ID, k.Consultation, k.Kind, k.Number, 1, k.Title, k.Text, k.Reason, k.By, k.UpdatedAt}}, "")
		} else {
			err = w.updateCondition(k)
		}
		if err != nil {
			return err
		}
		return w.replaceCites(k.Consultation, k.ID, k.Cites)
	})
}

func (w *change) updateCondition(k consult.Condition) error {
	n, err := w.exec(`UPDATE condition SET version = version + 1, kind = $1, number = $2, title = $3, body = $4, reason = $5, by_whom = $6,
		updated_at = $7 WHERE id = $8 AND consultation = $9 AND version = $10`, k.Kind, k.Number, k.Title, k.Text, k.Reason, k.By, k.UpdatedAt, k.ID,
		k.Consultation, k.Version)
	if err == nil && n == 0 {
		err = w.missed(`SELECT id FROM condition WHERE id = $1`, k.ID)
	}
	return err
}

// RemoveCondition takes out the version that was seen, with its links.
func (s *Store) RemoveCondition(ctx context.Context, k consult.Condition, ch consult.Change) error {
	return s.change(ctx, "remove condition", ch, k.ID, func(w *change) error {
		n, err := w.exec(`DELETE FROM condition WHERE id = $1 AND consultation = $2 AND version = $3`, k.ID, k.Consultation, k.Version)
		if err == nil && n == 0 {
			err = w.missed(`SELECT id FROM condition WHERE id = $1`, k.ID)
		}
		if err != nil {
			return err
		}
		return w.replaceCites(k.Consultation, k.ID, nil)
	})
}

// AddCites links points to a paragraph or a condition, whose version changes with it: whoever edits it meanwhile is told.
func (s *Store) AddCites(ctx context.Context, consultation, source consult.ID, cites []consult.Cite, ch consult.Change) error {
	return s.change(ctx, "cite", ch, source, func(w *change) error {
		paragraphs, err := w.exec(`UPDATE report_paragraph SET version = version + 1 WHERE id = $1 AND consultation = $2`, source, consultation)
		if err != nil {
			return err
		}
		conditions, err := w.exec(`UPDATE condition SET version = version + 1 WHERE id = $1 AND consultation = $2`, source, consultation)
		if err != nil {
			return err
		}
		if paragraphs+conditions == 0 {
			return fail(consult.NotFound, "", nil)
		}
		return w.addCites(consultation, source, cites)
	})
}
