package store

import (
	"context"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// OfficerDesk reads how an officer's desk is set up; that of one who never set anything is the zero one.
func (s *Store) OfficerDesk(ctx context.Context, officer consult.ID) (consult.OfficerDesk, error) {
	found, err := list(s.reading(ctx), func(r row) (d consult.OfficerDesk, err error) {
		return d, r.Scan(&d.Officer, moment(&d.Away), &d.KeysOff, moment(&d.LeftAt), moment(&d.LookedAt))
	}, `SELECT officer, away_until, keys_off, left_at, looked_at FROM officer_desk WHERE officer = $1`, officer)
	if err != nil || len(found) == 0 {
		return consult.OfficerDesk{Officer: officer}, failure("read an officer's desk", err)
	}
	return found[0], nil
}

// Absences lists who is away, until when.
func (s *Store) Absences(ctx context.Context, now time.Time) (map[consult.ID]time.Time, error) {
	away := map[consult.ID]time.Time{}
	err := s.reading(ctx).each(func(r row) error {
		var officer consult.ID
		var until time.Time
		err := r.Scan(&officer, moment(&until))
		away[officer] = until
		return err
	}, `SELECT officer, away_until FROM officer_desk WHERE away_until > $1`, now)
	return away, failure("list absences", err)
}

// SaveOfficerDesk keeps until when an officer is away and whether single keys work.
func (s *Store) SaveOfficerDesk(ctx context.Context, d consult.OfficerDesk, ch consult.Change) error {
	return s.change(ctx, "save an officer's desk", ch, d.Officer, func(w *change) error {
		_, err := w.exec(`INSERT INTO officer_desk (officer, away_until, keys_off, left_at, looked_at) VALUES ($1, $2, $3, 0, 0)
			ON CONFLICT (officer) DO UPDATE SET away_until = excluded.away_until, keys_off = excluded.keys_off`, d.Officer, d.Away, d.KeysOff)
		return err
	})
}

// Looked keeps when an officer looked at the inbox. It is no act: nothing of it is in the log.
func (s *Store) Looked(ctx context.Context, officer consult.ID, left, at time.Time) error {
	return s.quietly(ctx, "keep a visit", func(c *conn) error {
		_, err := c.exec(`INSERT INTO officer_desk (officer, away_until, keys_off, left_at, looked_at) VALUES ($1, 0, FALSE, $2, $3)
			ON CONFLICT (officer) DO UPDATE SET left_at = excluded.left_at, looked_at = excluded.looked_at`, officer, left, at)
		return err
	})
}

const viewColumns = `id, officer, service, name, query, created_at`

// SavedViews lists an officer's own views, then those that colleagues share.
func (s *Store) SavedViews(ctx context.Context, officer consult.ID, service string) ([]consult.SavedView, error) {
	l, err := list(s.reading(ctx), func(r row) (v consult.SavedView, err error) {
		return v, r.Scan(&v.ID, &v.Officer, &v.Service, &v.Name, &v.Query, moment(&v.CreatedAt))
	}, `SELECT `+viewColumns+` FROM saved_view WHERE officer = $1 OR service = $2 AND service <> ''
		ORDER BY CASE WHEN officer = $1 THEN 0 ELSE 1 END, name, id`, officer, service)
	return l, failure("list saved views", err)
}

// SaveView keeps one; Conflict when the officer has as many as they may.
func (s *Store) SaveView(ctx context.Context, v consult.SavedView, ch consult.Change) error {
	return s.change(ctx, "save view", ch, v.ID, func(w *change) error {
		n, err := one(&w.conn, number, `SELECT COUNT(*) FROM saved_view WHERE officer = $1`, v.Officer)
		if err != nil {
			return err
		}
		if n >= consult.MaxViews {
			return fail(consult.Closed, "", nil)
		}
		return w.insert(`INSERT INTO saved_view (`+viewColumns+`)`, [][]any{{v.ID, v.Officer, v.Service, v.Name, v.Query, v.CreatedAt}}, "")
	})
}

// RemoveView forgets an officer's own view.
func (s *Store) RemoveView(ctx context.Context, id, officer consult.ID, ch consult.Change) error {
	return s.change(ctx, "remove view", ch, id, func(w *change) error {
		return w.remove(`DELETE FROM saved_view WHERE id = $1 AND officer = $2`, id, officer)
	})
}
