package store

import (
	"context"

	"github.com/yousaid/yousaid/server/consult"
)

// Publicity lists every notice of a consultation, by round and day.
func (s *Store) Publicity(ctx context.Context, consultation consult.ID) ([]consult.Publicity, error) {
	l, err := list(s.reading(ctx), func(r row) (p consult.Publicity, err error) {
		return p, r.Scan(&p.ID, &p.Consultation, &p.Round, &p.Kind, &p.On, &p.Evidence, moment(&p.RecordedAt))
	}, `SELECT id, consultation, round, kind, on_day, evidence, recorded_at FROM publicity WHERE consultation = $1
		ORDER BY round, on_day, id`, consultation)
	return l, failure("read publicity", err)
}

// SavePublicity keeps a notice; its round, if it is planned or open, closes no earlier than closes.
func (s *Store) SavePublicity(ctx context.Context, p consult.Publicity, closes consult.Date, ch consult.Change) error {
	return s.change(ctx, "record publicity", ch, p.ID, func(w *change) error {
		if err := w.insert(`INSERT INTO publicity (id, consultation, round, kind, on_day, evidence, recorded_at)`,
			[][]any{{p.ID, p.Consultation, p.Round, p.Kind, p.On, p.Evidence, p.RecordedAt}}, ""); err != nil {
			return err
		}
		_, err := w.exec(`UPDATE round SET closes = $1 WHERE consultation = $2 AND number = $3 AND closes < $4`, closes, p.Consultation,
			p.Round, closes)
		return err
	})
}

// RemovePublicity takes a notice back.
func (s *Store) RemovePublicity(ctx context.Context, consultation, publicity consult.ID, ch consult.Change) error {
	return s.change(ctx, "remove publicity", ch, publicity, func(w *change) error {
		n, err := w.exec(`DELETE FROM publicity WHERE id = $1 AND consultation = $2`, publicity, consultation)
		if err == nil && n == 0 {
			return fail(consult.NotFound, "", nil)
		}
		return err
	})
}

// SaveInfluence replaces the statement of influence.
func (s *Store) SaveInfluence(ctx context.Context, consultation consult.ID, i consult.Influence, eia bool, ch consult.Change) error {
	return s.change(ctx, "set influence", ch, consultation, func(w *change) error {
		n, err := w.exec(`UPDATE consultation SET influence_fixed = $1, influence_open = $2, influence_decider = $3, influence_when = $4,
			influence_rules = $5, eia = $6, updated_at = $7 WHERE id = $8`, i.Fixed, i.Open, i.Decider, i.When, i.Rules, eia, w.At, consultation)
		if err == nil && n == 0 {
			return fail(consult.NotFound, "", nil)
		}
		return err
	})
}

// AddDocument keeps a further document behind the others.
func (s *Store) AddDocument(ctx context.Context, d consult.Document, ch consult.Change) error {
	return s.change(ctx, "add document", ch, d.ID, func(w *change) error { return w.addDocument(d) })
}

func (w *change) addDocument(d consult.Document) error {
	n, err := one(&w.conn, number, `SELECT COALESCE(MAX(position), -1) + 1 FROM document WHERE consultation = $1`, d.Consultation)
	if err != nil {
		return err
	}
	return w.insert(`INSERT INTO document (`+documentColumns+`, position)`, [][]any{{d.ID, d.Consultation, d.Version, d.Name, d.Type, d.URL,
		d.Text, d.Replaces, d.Status, n}}, "")
}
