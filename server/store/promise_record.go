package store

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// PromiseTerms are what a consultation promises. Who answers and the first answer's days stand in the consultation itself.
func (s *Store) PromiseTerms(ctx context.Context, consultation consult.ID) (t consult.CaseTerms, err error) {
	err = s.snapshot(ctx, "read promise", false, func(c *conn) error {
		t, err = one(c, func(r row) (t consult.CaseTerms, err error) {
			return t, r.Scan(&t.Consultation, &t.Service, &t.First, &t.Next, &t.Close, &t.Version, &t.By, moment(&t.UpdatedAt))
		}, `SELECT k.id, k.service, k.promise_days, COALESCE(d.next_days, 0), COALESCE(d.close_days, 0), COALESCE(d.version, 0),
			COALESCE(d.by_whom, ''), COALESCE(d.updated_at, 0) FROM consultation k LEFT JOIN promise_terms d ON d.consultation = k.id
			WHERE k.id = $1`, consultation)
		if err != nil {
			return err
		}
		t.PromiseTerms = completed(t.PromiseTerms, s.calendar)
		t.Silent, err = list(c, func(r row) (k consult.Silence, err error) { return k, r.Scan(&k.Topic, &k.Reason) },
			`SELECT topic, reason FROM promise_silence WHERE consultation = $1 ORDER BY topic`, consultation)
		return err
	})
	return t, err
}

// completed fills in what was not set: the usual days, a next answer within those of a first one, the authority's hours.
func completed(t consult.PromiseTerms, calendar consult.Calendar) consult.PromiseTerms {
	t.First = cmp.Or(t.First, consult.DefaultPromiseDays)
	t.Next = cmp.Or(t.Next, t.First)
	t.Opens, t.Shuts = calendar.Opens, calendar.Shuts
	return t
}

// SavePromiseTerms replaces the version that was seen.
func (s *Store) SavePromiseTerms(ctx context.Context, t consult.CaseTerms, ch consult.Change) error {
	return s.change(ctx, "save promise", ch, t.Consultation, func(w *change) error {
		n, err := w.exec(`UPDATE consultation SET service = $1, promise_days = $2 WHERE id = $3`, t.Service, t.First, t.Consultation)
		if err != nil {
			return err
		}
		if n == 0 {
			return fail(consult.NotFound, "", nil)
		}
		n, err = w.exec(`INSERT INTO promise_terms (consultation, next_days, close_days, version, by_whom, updated_at) VALUES ($1, $2, $3, $4 + 1, $5, $6)
			ON CONFLICT (consultation) DO UPDATE SET next_days = excluded.next_days, close_days = excluded.close_days, version = excluded.version,
			by_whom = excluded.by_whom, updated_at = excluded.updated_at WHERE promise_terms.version = $4`, t.Consultation, t.Next, t.Close,
			t.Version, t.By, t.UpdatedAt)
		if err != nil {
			return err
		}
		if n == 0 {
			return fail(consult.Conflict, "", errors.New("the promise was changed meanwhile"))
		}
		if _, err := w.exec(`DELETE FROM promise_silence WHERE consultation = $1`, t.Consultation); err != nil {
			return err
		}
		var rows [][]any
		for _, k := range t.Silent {
			rows = append(rows, []any{t.Consultation, k.Topic, k.Reason})
		}
		return w.insert(`INSERT INTO promise_silence (consultation, topic, reason)`, rows, "")
	})
}

// EachPromiseRow streams the points of one consultation, or of all for 0.
func (s *Store) EachPromiseRow(ctx context.Context, consultation consult.ID, each func(consult.PromiseRow) error) error {
	var q text
	q.add(`SELECT p.topic, p.service, p.state, p.asked_for, p.asked_at, p.first_days, p.first_due, p.first_at, p.ended_at, p.ended_for,
		p.paused_at, p.rested, p.opens, p.shuts, CASE WHEN p.rests = 0 THEN '' ELSE (SELECT COALESCE(string_agg(d.reason, ','), '')
			FROM (SELECT DISTINCT e.reason FROM promise_event e WHERE e.source = p.source AND e.topic = p.topic AND e.kind = 'paused') d) END
		FROM point_promise p WHERE p.ended_for NOT IN ('withdrawn', 'superseded', 'hidden', 'joined')`)
	if consultation != 0 {
		q.add(` AND p.consultation = ?`, consultation)
	}
	q.add(` ORDER BY p.asked_at, p.source, p.topic`)
	return s.snapshot(ctx, "read promises", true, func(c *conn) error {
		return c.each(func(r row) error {
			v, asked, rested := consult.PromiseRow{}, "", int64(0)
			if err := r.Scan(&v.Topic, &v.Service, &v.State, &asked, moment(&v.AskedAt), &v.Days, moment(&v.FirstDue), moment(&v.FirstAt),
				moment(&v.EndedAt), &v.EndedFor, moment(&v.PausedAt), &rested, &v.Opens, &v.Shuts, codes(&v.Pauses)); err != nil {
				return err
			}
			v.Promised, v.Further = asked != consult.AskedNotPromised, asked == consult.AskedFurther
			v.Rested = time.Duration(rested) * time.Microsecond
			return each(v)
		}, q.String(), q.args...)
	})
}

// Waiting counts what waits, by service and due moment.
func (s *Store) Waiting(ctx context.Context) ([]consult.WaitingRow, error) {
	l, err := list(s.reading(ctx), func(r row) (v consult.WaitingRow, err error) {
		return v, r.Scan(&v.Service, &v.Paused, moment(&v.Due), &v.Points)
	}, `SELECT service, state = 'paused', due, COUNT(*) FROM point_promise WHERE since > 0 GROUP BY service, state = 'paused', due`)
	return l, failure("count what waits", err)
}

// Answered counts what was answered from one moment until before another, by service, and how many answers were written for it.
func (s *Store) Answered(ctx context.Context, from, to time.Time) ([]consult.AnsweredRow, error) {
	var l []consult.AnsweredRow
	err := s.snapshot(ctx, "count answers", false, func(c *conn) error {
		written := map[string]int{}
		if err := c.each(counting(written), `SELECT service, COUNT(DISTINCT CASE WHEN answer = 0 THEN id ELSE answer END) FROM message
			WHERE author = 'officer' AND state = 'visible' AND created_at >= $1 AND created_at < $2 GROUP BY service`, from, to); err != nil {
			return err
		}
		var err error
		if l, err = list(c, func(r row) (v consult.AnsweredRow, err error) { return v, r.Scan(&v.Service, &v.Points, &v.Authors) },
			`SELECT p.service, COUNT(*), COUNT(DISTINCT p.source) FROM promise_event e JOIN point_promise p ON p.source = e.source AND p.topic = e.topic
			WHERE e.kind = 'answered' AND e.at >= $1 AND e.at < $2 GROUP BY p.service ORDER BY p.service`, from, to); err != nil {
			return err
		}
		for i, v := range l {
			l[i].Written = written[v.Service]
			delete(written, v.Service)
		}
		for service, n := range written {
			l = append(l, consult.AnsweredRow{Service: service, Written: n})
		}
		return nil
	})
	return l, err
}
