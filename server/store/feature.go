package store

import (
	"context"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// featureBatch is how many rows are read with one query: a stream that somebody reads slowly holds no connection meanwhile.
const featureBatch = 200

// stream reads batch by batch in the order of ids until there is no more, or as many as asked for.
func stream[T any](f consult.FeatureFilter, id func(T) consult.ID, batch func(consult.FeatureFilter) ([]T, error), each func(T) error) error {
	left := f.Limit
	for {
		f.Limit = featureBatch
		if left > 0 {
			f.Limit = min(left, featureBatch)
		}
		found, err := batch(f)
		if err != nil {
			return err
		}
		for _, v := range found {
			if err := each(v); err != nil {
				return err
			}
			f.After = id(v)
		}
		left -= len(found)
		if len(found) < f.Limit || left == 0 {
			return nil
		}
	}
}

// matchSites adds the conditions on the consultation, which is c.
func matchSites(q *text, f consult.FeatureFilter) {
	q.add(`c.state IN `)
	in(q, publicStates())
	for _, condition := range []struct {
		sql   string
		value any
		asked bool
	}{
		{` AND c.id = ?`, f.Consultation, f.Consultation != 0},
		{` AND c.state = ?`, f.State, f.State != ""},
		{` AND c.kind = ?`, f.Kind, f.Kind != ""},
		{` AND c.type = ?`, f.Type, f.Type != ""},
		{` AND c.ward_code = ?`, f.Ward, f.Ward != ""},
		{` AND c.authority = ?`, f.Authority, f.Authority != ""},
		{` AND c.reference = ?`, f.Reference, f.Reference != ""},
	} {
		if condition.asked {
			q.add(condition.sql, condition.value)
		}
	}
}

func matchListed(q *text, f consult.FeatureFilter) {
	matchSites(q, f)
	if f.IDs != nil {
		q.add(` AND c.id IN `)
		in(q, f.IDs)
	}
	if f.From != "" {
		q.add(` AND c.listed_on >= ?`, f.From)
	}
	if f.To != "" {
		q.add(` AND c.listed_on <= ?`, f.To)
	}
}

// count runs a query of one number.
func (s *Store) count(ctx context.Context, op string, q *text) (int, error) {
	n, err := one(s.reading(ctx), number, q.String(), q.args...)
	return int(n), failure(op, err)
}

// CountSites counts public consultations.
func (s *Store) CountSites(ctx context.Context, f consult.FeatureFilter) (int, error) {
	var q text
	q.add(`SELECT COUNT(*) FROM consultation c WHERE `)
	matchListed(&q, f)
	return s.count(ctx, "count sites", &q)
}

// prefixed scans into fixed places first and hands the rest of a row on.
type prefixed struct {
	row   row
	first []any
}

func (p prefixed) Scan(rest ...any) error { return p.row.Scan(append(p.first, rest...)...) }

func scanSite(r row) (v consult.Site, err error) {
	v.Consultation, err = scanConsultation(prefixed{r, []any{raw(&v.Boundary)}})
	return v, err
}

// EachSite streams public consultations with the boundary of their current version.
func (s *Store) EachSite(ctx context.Context, f consult.FeatureFilter, each func(consult.Site) error) error {
	err := stream(f, func(v consult.Site) consult.ID { return v.Consultation.ID }, func(f consult.FeatureFilter) ([]consult.Site, error) {
		var q text
		q.add(`SELECT COALESCE(v.boundary, ''), ` + consultationColumns + ` FROM consultation c
			LEFT JOIN proposal_version v ON v.consultation = c.id AND v.number = c.version WHERE `)
		matchListed(&q, f)
		q.add(` AND c.id > ? ORDER BY c.id LIMIT ?`, f.After, f.Limit)
		return list(s.reading(ctx), scanSite, q.String(), q.args...)
	}, each)
	return failure("read sites", err)
}

func matchRounds(q *text, f consult.FeatureFilter) {
	matchSites(q, f)
	if f.IDs != nil {
		q.add(` AND r.id IN `)
		in(q, f.IDs)
	}
	if f.Round != 0 {
		q.add(` AND r.number = ?`, f.Round)
	}
	if f.RoundKind != "" {
		q.add(` AND r.kind = ?`, f.RoundKind)
	}
	if f.From != "" {
		q.add(` AND r.closes >= ?`, f.From)
	}
	if f.To != "" {
		q.add(` AND r.opens <= ?`, f.To)
	}
}

// CountRoundSites counts rounds of public consultations.
func (s *Store) CountRoundSites(ctx context.Context, f consult.FeatureFilter) (int, error) {
	var q text
	q.add(`SELECT COUNT(*) FROM round r JOIN consultation c ON c.id = r.consultation WHERE `)
	matchRounds(&q, f)
	return s.count(ctx, "count rounds", &q)
}

// EachRoundSite streams rounds with the boundary of the version that people were shown.
func (s *Store) EachRoundSite(ctx context.Context, f consult.FeatureFilter, each func(consult.RoundSite) error) error {
	err := stream(f, func(v consult.RoundSite) consult.ID { return v.Round.ID }, func(f consult.FeatureFilter) ([]consult.RoundSite, error) {
		var q text
		q.add(`SELECT r.id, r.consultation, r.number, r.kind, r.opens, r.closes, r.question, r.version, COALESCE(v.boundary, ''), ` +
			consultationColumns + ` FROM round r JOIN consultation c ON c.id = r.consultation
			LEFT JOIN proposal_version v ON v.consultation = c.id AND v.number = r.version WHERE `)
		matchRounds(&q, f)
		q.add(` AND r.id > ? ORDER BY r.id LIMIT ?`, f.After, f.Limit)
		return list(s.reading(ctx), func(r row) (v consult.RoundSite, err error) {
			k := &v.Round
			v.Site.Consultation, err = scanConsultation(prefixed{r, []any{&k.ID, &k.Consultation, &k.Number, &k.Kind, &k.Opens, &k.Closes,
				&k.Question, &k.Version, raw(&v.Site.Boundary)}})
			return v, err
		}, q.String(), q.args...)
	}, each)
	return failure("read rounds", err)
}

func matchPublished(q *text, f consult.FeatureFilter) {
	q.add(`c.state = 'published' AND c.consultation IN (SELECT c.id FROM consultation c WHERE `)
	matchSites(q, f)
	q.add(`)`)
	if f.IDs != nil {
		q.add(` AND c.id IN `)
		in(q, f.IDs)
	}
	if f.Round != 0 {
		q.add(` AND c.round = ?`, f.Round)
	}
	if f.Stance != "" {
		q.add(` AND c.stance = ?`, f.Stance)
	}
	if f.Topic != "" {
		q.add(` AND EXISTS (SELECT 1 FROM comment_point t WHERE t.comment = c.id AND t.topic = ? AND t.text <> '')`, f.Topic)
	}
	var england consult.Calendar
	if f.From != "" {
		q.add(` AND c.published_at >= ?`, england.End(f.From.Add(-1)))
	}
	if f.To != "" {
		q.add(` AND c.published_at < ?`, england.End(f.To))
	}
}

// CountPublished counts published comments.
func (s *Store) CountPublished(ctx context.Context, f consult.FeatureFilter) (int, error) {
	var q text
	q.add(`SELECT COUNT(*) FROM comment c WHERE `)
	matchPublished(&q, f)
	return s.count(ctx, "count published comments", &q)
}

// EachPublished streams published comments; their points only with f.Words.
func (s *Store) EachPublished(ctx context.Context, f consult.FeatureFilter, each func(consult.Comment) error) error {
	err := stream(f, func(v consult.Comment) consult.ID { return v.ID }, func(f consult.FeatureFilter) ([]consult.Comment, error) {
		var q text
		q.add(`SELECT ` + commentColumns + ` FROM comment c WHERE `)
		matchPublished(&q, f)
		q.add(` AND c.id > ? ORDER BY c.id LIMIT ?`, f.After, f.Limit)
		c := s.reading(ctx)
		found, err := list(c, scanComment, q.String(), q.args...)
		if err == nil && f.Words {
			err = addPoints(c, found)
		}
		return found, err
	}, each)
	return failure("read published comments", err)
}

// FeatureExtent is where the pins are and when the first of each kind was.
func (s *Store) FeatureExtent(ctx context.Context) (e consult.FeatureExtent, err error) {
	err = s.snapshot(ctx, "read extent", false, func(c *conn) error {
		var q text
		q.add(`SELECT COALESCE(MIN(c.lon), 0), COALESCE(MIN(c.lat), 0), COALESCE(MAX(c.lon), 0), COALESCE(MAX(c.lat), 0), COUNT(*)
			FROM consultation c WHERE c.has_place AND `)
		matchSites(&q, consult.FeatureFilter{})
		if _, err := one(c, func(r row) (n int, err error) {
			err = r.Scan(&e.Box.West, &e.Box.South, &e.Box.East, &e.Box.North, &n)
			e.HasBox = n > 0
			return n, err
		}, q.String(), q.args...); err != nil {
			return err
		}
		return readFirstDays(c, &e)
	})
	return e, err
}

func readFirstDays(c *conn, e *consult.FeatureExtent) error {
	var q text
	q.add(`SELECT COALESCE((SELECT MIN(c.listed_on) FROM consultation c WHERE `)
	matchSites(&q, consult.FeatureFilter{})
	q.add(`), ''), COALESCE((SELECT MIN(r.opens) FROM round r JOIN consultation c ON c.id = r.consultation WHERE `)
	matchSites(&q, consult.FeatureFilter{})
	q.add(`), ''), COALESCE((SELECT MIN(c.published_at) FROM comment c WHERE `)
	matchPublished(&q, consult.FeatureFilter{})
	q.add(`), 0)`)
	published, err := one(c, func(r row) (at time.Time, err error) { return at, r.Scan(&e.Listed, &e.Opened, moment(&at)) }, q.String(), q.args...)
	if !published.IsZero() {
		var england consult.Calendar
		e.Published = england.Day(published)
	}
	return err
}
