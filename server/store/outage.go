package store

import (
	"context"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// Beat notes that a node lives. The first one after a silence of more than gap records it; of several nodes that come back together, one
// does. A clock that is behind changes nothing.
func (s *Store) Beat(ctx context.Context, at time.Time, gap time.Duration, ch consult.Change) error {
	const op = "beat"
	var last []int64
	err := s.quietly(ctx, op, func(c *conn) error {
		n, err := c.exec(`UPDATE beat SET at = $1 WHERE id = 1 AND at < $2 AND at >= $3`, at, at, at.Add(-gap))
		if err != nil || n == 1 {
			last = nil
			return err
		}
		if _, err := c.exec(`INSERT INTO beat (id, at) VALUES (1, $1) ON CONFLICT DO NOTHING`, at); err != nil {
			return err
		}
		last, err = list(c, number, `SELECT at FROM beat WHERE id = 1 AND at < $1`, at.Add(-gap)) // another node may have been quicker
		return err
	})
	if err != nil || len(last) == 0 {
		return err
	}
	o := consult.Outage{ID: consult.NewID(at), From: time.UnixMicro(last[0]), To: at, RecordedAt: at}
	return s.change(ctx, op, ch, o.ID, func(w *change) error {
		n, err := w.exec(`UPDATE beat SET at = $1 WHERE id = 1 AND at = $2`, at, o.From)
		if err != nil {
			return err
		}
		if n == 0 {
			return errNothing // another node was quicker
		}
		w.Subject = o.ID
		return w.addOutage(o)
	})
}

// SaveOutage keeps an outage that an officer recorded.
func (s *Store) SaveOutage(ctx context.Context, o consult.Outage, ch consult.Change) error {
	return s.change(ctx, "record outage", ch, o.ID, func(w *change) error {
		w.Subject = o.ID
		return w.addOutage(o)
	})
}

func (w *change) addOutage(o consult.Outage) error {
	return w.insert(`INSERT INTO outage (`+outageColumns+`)`, [][]any{{o.ID, o.From, o.To, o.Why, o.By, o.RecordedAt}}, "")
}

const outageColumns = `id, from_at, to_at, why, by_whom, recorded_at`

func scanOutage(r row) (o consult.Outage, err error) {
	return o, r.Scan(&o.ID, moment(&o.From), moment(&o.To), &o.Why, &o.By, moment(&o.RecordedAt))
}

// OutagesAcross lists the outages across the last minute before a moment, the latest first.
func (s *Store) OutagesAcross(ctx context.Context, end time.Time) ([]consult.Outage, error) {
	l, err := list(s.reading(ctx), scanOutage, `SELECT `+outageColumns+` FROM outage WHERE to_at > $1 AND from_at < $2 ORDER BY to_at DESC, id DESC`,
		end.Add(-time.Minute), end)
	return l, failure("read outages", err)
}

// Outages lists the latest ones first.
func (s *Store) Outages(ctx context.Context, limit int) ([]consult.Outage, error) {
	l, err := list(s.reading(ctx), scanOutage, `SELECT `+outageColumns+` FROM outage ORDER BY to_at DESC, id DESC LIMIT $1`, limit)
	return l, failure("read outages", err)
}
