package store

import (
	"context"

	"github.com/yousaid/yousaid/server/consult"
)

// EachReachRow streams received comments that were not withdrawn, oldest first, as they were when it began: no words, nothing
// that names an author. From and To are days of the English calendar, both included.
func (s *Store) EachReachRow(ctx context.Context, f consult.ReachFilter, each func(consult.ReachRow) error) error {
	var q text
	q.add(`SELECT c.consultation, c.round, c.stance, c.ward_code, c.channel, c.received_at, c.answered_at, c.state = 'published',
		COALESCE((SELECT string_agg(p.topic, ',' ORDER BY p.position) FROM comment_point p WHERE p.comment = c.id), ''),
		(SELECT COUNT(*) FROM comment_point p JOIN outcome o ON o.consultation = c.consultation AND o.topic = p.topic
			WHERE p.comment = c.id AND o.published_at > 0)
		FROM comment c WHERE c.state NOT IN ('withdrawn', 'superseded')`)
	matchReach(&q, f)
	q.add(` ORDER BY c.received_at, c.id`)
	return s.snapshot(ctx, "read reach", true, func(c *conn) error {
		return c.each(func(r row) error {
			var v consult.ReachRow
			if err := r.Scan(&v.Consultation, &v.Round, &v.Stance, &v.WardCode, &v.Channel, moment(&v.ReceivedAt), moment(&v.AnsweredAt),
				&v.Published, codes(&v.Topics), &v.Outcomes); err != nil {
				return err
			}
			return each(v)
		}, q.String(), q.args...)
	})
}

func matchReach(q *text, f consult.ReachFilter) {
	if f.Consultation != 0 {
		q.add(` AND c.consultation = ?`, f.Consultation)
	}
	var england consult.Calendar
	if f.From != "" {
		q.add(` AND c.received_at >= ?`, england.End(f.From.Add(-1)))
	}
	if f.To != "" {
		q.add(` AND c.received_at < ?`, england.End(f.To))
	}
	if f.Ward != "" {
		q.add(` AND c.ward_code = ?`, f.Ward)
	}
	if f.Channel != "" {
		q.add(` AND c.channel = ?`, f.Channel)
	}
	if f.Stance != "" {
		q.add(` AND c.stance = ?`, f.Stance)
	}
	if f.Topic != "" {
		q.add(` AND EXISTS (SELECT 1 FROM comment_point t WHERE t.comment = c.id AND t.topic = ?)`, f.Topic)
	}
}

// Benchmarks lists population figures of a name by area and group.
func (s *Store) Benchmarks(ctx context.Context, name string) ([]consult.Benchmark, error) {
	l, err := list(s.reading(ctx), scanBenchmark, `SELECT `+benchmarkColumns+` FROM benchmark WHERE name = $1
		ORDER BY area_code, people_group`, name)
	return l, failure("read benchmarks", err)
}
