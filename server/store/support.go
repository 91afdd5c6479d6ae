package store

import (
	"context"

	"github.com/yousaid/yousaid/server/consult"
)

// SaveSupport keeps one support by (thing, browser). However many arrive at once, one row is left and one is in the log.
func (s *Store) SaveSupport(ctx context.Context, thing, browser, consultation consult.ID, ch consult.Change) error {
	return s.change(ctx, "support", ch, thing, func(w *change) error {
		n, err := w.exec(`INSERT INTO support (thing, browser, consultation, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
			thing, browser, consultation, w.At)
		if err == nil && n == 0 {
			err = errNothing
		}
		return err
	})
}

// RemoveSupport takes one back.
func (s *Store) RemoveSupport(ctx context.Context, thing, browser consult.ID, ch consult.Change) error {
	return s.change(ctx, "take support back", ch, thing, func(w *change) error {
		n, err := w.exec(`DELETE FROM support WHERE thing = $1 AND browser = $2`, thing, browser)
		if err == nil && n == 0 {
			err = errNothing
		}
		return err
	})
}

// Supports counts the rows of each thing.
func (s *Store) Supports(ctx context.Context, browser consult.ID, things []consult.ID) (map[consult.ID]consult.Supported, error) {
	found := make(map[consult.ID]consult.Supported, len(things))
	if len(things) == 0 {
		return found, nil
	}
	var q text
	q.add(`SELECT thing, COUNT(*), SUM(CASE WHEN browser = ? AND browser <> 0 THEN 1 ELSE 0 END) FROM support WHERE thing IN `, browser)
	in(&q, things)
	q.add(` GROUP BY thing`)
	err := s.reading(ctx).each(func(r row) error {
		var thing consult.ID
		var count, own int
		err := r.Scan(&thing, &count, &own)
		found[thing] = consult.Supported{Count: count, Own: own > 0}
		return err
	}, q.String(), q.args...)
	return found, failure("count supports", err)
}
