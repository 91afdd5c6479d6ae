package store

import (
	"context"

	"github.com/yousaid/yousaid/server/consult"
)

// Points with the authors' words, for officers. Where the words are over their time (retention), those that were published stand in.
const (
	commentWords = `SELECT c.id AS source, p.topic AS topic, CASE WHEN COALESCE(o.text, '') <> '' THEN o.text ELSE p.text END AS words, c.stance AS stance,
		c.language AS language, c.received_at AS said_at, 0 AS thread, 0 AS seq, ` + commentReadable + ` AS readable`
	commentFrom = ` FROM comment c JOIN comment_point p ON p.comment = c.id LEFT JOIN original_point o ON o.comment = p.comment AND o.topic = p.topic`
	commentMay  = ` WHERE c.consultation = ? AND c.state NOT IN ('withdrawn', 'superseded') AND (p.text <> '' OR COALESCE(o.text, '') <> '')`

	messageWords = `SELECT m.id AS source, '' AS topic, m.body AS words, '' AS stance, m.language AS language, m.created_at AS said_at,
		m.thread AS thread, m.seq AS seq, ` + messageReadable + ` AS readable`
	messageFrom = ` FROM thread t JOIN message m ON m.thread = t.id`
	messageMay  = ` WHERE t.consultation = ? AND m.author = 'resident' AND m.state = 'visible' AND m.body <> ''`
	// messageAsks finds what was asked: what its thread waits on, and whatever has a question mark in one of the scripts people write in.
	messageAsks = ` AND (m.id = t.waiting_message OR m.body LIKE ? OR m.body LIKE ? OR m.body LIKE ?)`

	commentLoose = ` AND NOT EXISTS (SELECT 1 FROM concern_point x WHERE x.source = c.id AND x.topic = p.topic)`
	messageLoose = ` AND NOT EXISTS (SELECT 1 FROM concern_point x WHERE x.source = m.id AND x.topic = '')`

	sortedColumns = `, x.concern AS concern, x.how AS how, x.added_at AS added_at`
	looseColumns  = `, 0 AS concern, '' AS how, 0 AS added_at`
	commentSorted = ` JOIN concern_point x ON x.source = c.id AND x.topic = p.topic`
	messageSorted = ` JOIN concern_point x ON x.source = m.id AND x.topic = ''`
)

// questionMarks are what a question ends with: Latin and most others, Arabic and Urdu, Chinese and Japanese.
var questionMarks = []any{"%?%", "%؟%", "%？%"}

// loose adds the rows of points in no concern.
func loose(q *text, consultation consult.ID) {
	q.add(commentWords+looseColumns+commentFrom+commentMay+commentLoose+` UNION ALL `+messageWords+looseColumns+messageFrom+messageMay+messageLoose,
		consultation, consultation)
	q.add(messageAsks, questionMarks...)
}

// sorted adds the rows of points in concerns, once for each.
func sorted(q *text, consultation consult.ID) {
	q.add(commentWords+sortedColumns+commentFrom+commentSorted+commentMay+` UNION ALL `+messageWords+sortedColumns+messageFrom+messageSorted+messageMay,
		consultation, consultation)
}

// narrow adds the conditions of a filter on rows of either kind.
func narrow(q *text, f consult.PointFilter) {
	q.add(` WHERE 1 = 1`)
	if f.Concern != 0 {
		q.add(` AND concern = ?`, f.Concern)
	}
	if f.Topic != "" {
		q.add(` AND topic = ?`, f.Topic)
	}
	if f.Stance != "" {
		q.add(` AND stance = ?`, f.Stance)
	}
	if f.Language != "" {
		q.add(` AND language = ?`, f.Language)
	}
	if !f.Since.IsZero() {
		q.add(` AND said_at >= ?`, f.Since)
	}
	for i, ref := range f.Only {
		before := ` OR `
		if i == 0 {
			before = ` AND (`
		}
		q.add(before)
		q.add(`(source = ? AND topic = ?)`, ref.Source, ref.Topic)
		if i == len(f.Only)-1 {
			q.add(`)`)
		}
	}
}

func scanConcernPoint(r row) (p consult.ConcernPoint, err error) {
	return p, r.Scan(&p.Ref.Source, &p.Ref.Topic, &p.Text, &p.Stance, &p.Language, moment(&p.SaidAt), &p.Thread, &p.Seq, &p.Public, &p.Concern, &p.By,
		moment(&p.AddedAt))
}

// LoosePoints lists points in no concern with the authors' words, oldest first, and counts them.
func (s *Store) LoosePoints(ctx context.Context, f consult.PointFilter) ([]consult.ConcernPoint, int, error) {
	f.Concern = 0
	return s.points(ctx, "list loose points", f, loose, ` ORDER BY said_at, source, topic`)
}

// ConcernPoints lists a concern's points with the authors' words, those added last first, and counts them.
func (s *Store) ConcernPoints(ctx context.Context, f consult.PointFilter) ([]consult.ConcernPoint, int, error) {
	return s.points(ctx, "list points of a concern", f, sorted, ` ORDER BY added_at DESC, said_at DESC, source DESC, topic`)
}

func (s *Store) points(ctx context.Context, op string, f consult.PointFilter, rows func(*text, consult.ID), order string) (found []consult.ConcernPoint,
	total int, err error) {
	err = s.snapshot(ctx, op, false, func(c *conn) error {
		var count text
		count.add(`SELECT COUNT(*) FROM (`)
		rows(&count, f.Consultation)
		count.add(`) w`)
		narrow(&count, f)
		n, err := one(c, number, count.String(), count.args...)
		if err != nil {
			return err
		}
		total = int(n)
		var q text
		q.add(`SELECT * FROM (`)
		rows(&q, f.Consultation)
		q.add(`) w`)
		narrow(&q, f)
		q.add(order)
		q.add(` LIMIT ? OFFSET ?`, pageSize(f.Limit), max(f.Offset, 0))
		found, err = list(c, scanConcernPoint, q.String(), q.args...)
		return err
	})
	return found, total, err
}

// AllPoints lists loose points and those in concerns, once for each, oldest first.
func (s *Store) AllPoints(ctx context.Context, consultation consult.ID, limit int) ([]consult.ConcernPoint, error) {
	var q text
	q.add(`SELECT * FROM (`)
	loose(&q, consultation)
	q.add(` UNION ALL `)
	sorted(&q, consultation)
	q.add(`) w ORDER BY said_at, source, topic, concern LIMIT ?`, limit)
	l, err := list(s.reading(ctx), scanConcernPoint, q.String(), q.args...)
	return l, failure("list points", err)
}
