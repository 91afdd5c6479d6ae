package store

import (
	"context"
	"errors"

	"github.com/yousaid/yousaid/server/consult"
)

// Publicity lists every notice of a consultation, those taken back too, by round and day.
func (s *Store) Publicity(ctx context.Context, consultation consult.ID) ([]consult.Publicity, error) {
	l, err := list(s.reading(ctx), func(r row) (p consult.Publicity, err error) {
		return p, r.Scan(&p.ID, &p.Consultation, &p.Round, &p.Kind, &p.On, &p.Evidence, moment(&p.RecordedAt), moment(&p.TakenBackAt), &p.TakenBackWhy)
	}, `SELECT id, consultation, round, kind, on_day, evidence, recorded_at, taken_back_at, taken_back_why FROM publicity
		WHERE consultation = $1 ORDER BY round, on_day, id`, consultation)
	return l, failure("read publicity", err)
}

// SavePublicity keeps a notice; its round, if it is planned or open, ends no earlier than end. A move opens it again if the case still
// is where that begins.
func (s *Store) SavePublicity(ctx context.Context, p consult.Publicity, end consult.RoundEnd, again *consult.StateEvent, ch consult.Change) error {
	return s.change(ctx, "record publicity", ch, p.ID, func(w *change) error {
		return w.keepNotice(consult.Notice{Publicity: p, End: end, Again: again})
	})
}

// keepNotice keeps a notice and lets its round end no earlier than it says.
func (w *change) keepNotice(n consult.Notice) error {
	if n.Again != nil {
		if err := w.move(*n.Again); err != nil {
			return err
		}
	}
	p := n.Publicity
	if err := w.insert(`INSERT INTO publicity (id, consultation, round, kind, on_day, evidence, recorded_at)`,
		[][]any{{p.ID, p.Consultation, p.Round, p.Kind, p.On, p.Evidence, p.RecordedAt}}, ""); err != nil || n.End.Closes == "" {
		return err
	}
	if _, err := w.exec(`UPDATE round SET closes = $1 WHERE consultation = $2 AND number = $3 AND closes < $4`, n.End.Closes, p.Consultation,
		p.Round, n.End.Closes); err != nil {
		return err
	}
	return w.inTime(p.Consultation, n.End)
}

// TakeBackPublicity marks a notice that was never given.
func (s *Store) TakeBackPublicity(ctx context.Context, consultation, publicity consult.ID, why string, ch consult.Change) error {
	return s.change(ctx, "take back publicity", ch, publicity, func(w *change) error {
		n, err := w.exec(`UPDATE publicity SET taken_back_at = $1, taken_back_why = $2 WHERE id = $3 AND consultation = $4 AND taken_back_at = 0`,
			w.At, why, publicity, consultation)
		if err == nil && n == 0 {
			return fail(consult.NotFound, "", nil)
		}
		return err
	})
}

// ExtendRound lets a round end later, if neither the state nor the end were changed meanwhile.
func (s *Store) ExtendRound(ctx context.Context, e consult.StateEvent, end consult.RoundEnd, from consult.Date, ch consult.Change) error {
	return s.change(ctx, "extend round", ch, e.Consultation, func(w *change) error {
		if err := w.move(e); err != nil {
			return err
		}
		n, err := w.exec(`UPDATE round SET closes = $1 WHERE consultation = $2 AND number = $3 AND closes = $4`, end.Closes, e.Consultation,
			end.Round, from)
		if err != nil {
			return err
		}
		if n == 0 {
			return fail(consult.Conflict, "", errors.New("the round no longer closes on "+string(from)))
		}
		return w.inTime(e.Consultation, end)
	})
}

// inTime takes the mark from comments of a round that came before its later end.
func (w *change) inTime(consultation consult.ID, end consult.RoundEnd) error {
	_, err := w.exec(`UPDATE comment SET late = $1 WHERE consultation = $2 AND round = $3 AND received_at < $4`, false, consultation, end.Round, end.Over)
	return err
}

// RoundsOver lists consultations whose comments are open although a round of theirs closed before the day and none is running.
func (s *Store) RoundsOver(ctx context.Context, today consult.Date) ([]consult.ID, error) {
	l, err := list(s.reading(ctx), id, `SELECT c.id FROM consultation c WHERE c.state IN ('consulting', 'reconsulting')
		AND EXISTS (SELECT 1 FROM round r WHERE r.consultation = c.id AND r.closes < $1)
		AND NOT EXISTS (SELECT 1 FROM round r WHERE r.consultation = c.id AND r.opens <= $2 AND r.closes >= $3) ORDER BY c.id`, today, today, today)
	return l, failure("list rounds that are over", err)
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
