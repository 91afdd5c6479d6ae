package store

import (
	"context"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// excerpt is how many characters of what waits a line of the inbox shows.
const excerpt = `200`

// Inbox lists one view of the officers' desk with the counts of all. Lines without a promise come last.
func (s *Store) Inbox(ctx context.Context, q consult.InboxQuery) (consult.InboxPage, error) {
	page := consult.InboxPage{Counts: map[consult.InboxView]int{}, Offset: max(q.Offset, 0), Limit: pageSize(q.Limit)}
	err := s.snapshot(ctx, "open inbox", false, func(c *conn) error {
		found, err := linesOf(c, q, page.Limit, page.Offset, nil)
		if err != nil {
			return err
		}
		if page.Items, err = inboxItems(c, found); err != nil {
			return err
		}
		if err := countLines(c, q, &page); err != nil {
			return err
		}
		return c.each(func(r row) error { return r.Scan(&page.Epoch, &page.Head) }, `SELECT epoch, seq FROM thread WHERE id = $1`,
			consult.DeskThread)
	})
	return page, err
}

// countLines counts every view under the filter, and the saved ones.
func countLines(c *conn, q consult.InboxQuery, page *consult.InboxPage) error {
	for _, v := range consult.InboxViews() {
		q.View = v
		n, err := lineCount(c, q)
		if err != nil {
			return err
		}
		page.Counts[v] = n
	}
	for _, f := range q.Saved {
		q.InboxFilter = f
		n, err := lineCount(c, q)
		if err != nil {
			return err
		}
		page.Saved = append(page.Saved, n)
	}
	return nil
}

func lineCount(c *conn, v consult.InboxQuery) (int, error) {
	var q text
	q.add(`SELECT COUNT(*) FROM (`)
	if !q.lines(v) {
		return 0, fail(consult.NotFound, "", nil)
	}
	q.add(`) waiting`)
	n, err := one(c, number, q.String(), q.args...)
	return int(n), err
}

// linesOf reads lines of a view in its order; by, if set, leaves out what came later.
func linesOf(c *conn, v consult.InboxQuery, limit, offset int, by *time.Time) ([]line, error) {
	var q text
	q.add(`SELECT what, id, item FROM (`)
	if !q.lines(v) {
		return nil, fail(consult.NotFound, "", nil)
	}
	q.add(`) waiting`)
	if by != nil {
		q.add(` WHERE since <= ?`, *by)
	}
	q.add(` ORDER BY late, due, since, id LIMIT ? OFFSET ?`, limit, offset)
	return list(c, scanLine, q.String(), q.args...)
}

// InboxItems lists the items of a view, each once.
func (s *Store) InboxItems(ctx context.Context, q consult.InboxQuery, by time.Time, limit int) ([]consult.ID, error) {
	found, err := linesOf(s.reading(ctx), q, limit, 0, &by)
	seen := map[consult.ID]bool{}
	var items []consult.ID
	for _, l := range found {
		if !seen[l.item] {
			seen[l.item] = true
			items = append(items, l.item)
		}
	}
	return items, failure("list items", err)
}

// line names what waits, and the item it belongs to.
type line struct {
	what     string
	id, item consult.ID
}

func scanLine(r row) (l line, err error) { return l, r.Scan(&l.what, &l.id, &l.item) }

// inboxItems reads the lines of a page, one query for each sort of thing, and one for where the items lie.
func inboxItems(c *conn, lines []line) ([]consult.InboxItem, error) {
	ids, found := map[string][]consult.ID{}, map[consult.ID]consult.InboxItem{}
	items := make([]consult.InboxItem, 0, len(lines))
	for _, l := range lines {
		ids[l.what] = append(ids[l.what], l.id)
	}
	for what, read := range map[string]func(*conn, []consult.ID, map[consult.ID]consult.InboxItem) error{
		"comment": commentItems, "thread": threadItems, "message": messageItems,
	} {
		if len(ids[what]) == 0 {
			continue
		}
		if err := read(c, ids[what], found); err != nil {
			return nil, err
		}
	}
	for _, l := range lines {
		i := found[l.id]
		i.Item = l.item
		items = append(items, i)
	}
	if err := resting(c, items); err != nil {
		return nil, err
	}
	return items, lying(c, items)
}

// lying adds where the items lie.
func lying(c *conn, items []consult.InboxItem) error {
	if len(items) == 0 {
		return nil
	}
	at := map[consult.ID][]*consult.InboxItem{}
	var ids []consult.ID
	for i := range items {
		at[items[i].Item] = append(at[items[i].Item], &items[i])
		ids = append(ids, items[i].Item)
	}
	var q text
	q.add(`SELECT d.item, d.officer, d.service, d.snoozed_until, COALESCE(a.away_until, 0) FROM desk_item d
		LEFT JOIN officer_desk a ON a.officer = d.officer WHERE d.item IN `)
	in(&q, ids)
	return c.each(func(r row) error {
		var id consult.ID
		var a consult.Assignment
		var away time.Time
		if err := r.Scan(&id, &a.Officer, &a.Service, moment(&a.Snoozed), moment(&away)); err != nil {
			return err
		}
		for _, i := range at[id] {
			if a.Service == "" {
				a.Service = i.Assignment.Service
			}
			i.Assignment, i.Away = a, away
		}
		return nil
	}, q.String(), q.args...)
}

const (
	// pointWaits finds a comment's points p that wait for an answer: their first, or another one because their author said that it is none.
	pointWaits = `EXISTS (SELECT 1 FROM point_promise w WHERE w.source = p.comment AND w.topic = p.topic AND w.since > 0)`
	// whyOpen is what the author of a source, which follows, said of an answer that was none.
	whyOpen = `COALESCE((SELECT substr(MAX(r.reason), 1, ` + excerpt + `) FROM verdict v JOIN verdict_reason r ON r.answer = v.answer AND r.source = v.source
		AND r.topic = v.topic JOIN point_promise w ON w.source = v.source AND w.topic = v.topic AND w.since > 0
		WHERE v.value = 'no' AND v.source = `
)

func commentItems(c *conn, ids []consult.ID, into map[consult.ID]consult.InboxItem) error {
	var q text
	q.add(`SELECT c.id, c.consultation, k.title, k.service, k.kind, c.stance, c.ward_code, c.state,
		COALESCE((SELECT MIN(w.since) FROM point_promise w WHERE w.source = c.id AND w.since > 0), c.received_at), c.answer_due,
		COALESCE((SELECT string_agg(p.topic, ',' ORDER BY p.position) FROM comment_point p WHERE p.comment = c.id AND ` + pointWaits + `),
			(SELECT string_agg(p.topic, ',' ORDER BY p.position) FROM comment_point p WHERE p.comment = c.id), ''),
		COALESCE((SELECT substr(p.text, 1, ` + excerpt + `) FROM original_point p WHERE p.comment = c.id AND ` + pointWaits + ` ORDER BY p.position LIMIT 1),
			(SELECT substr(p.text, 1, ` + excerpt + `) FROM original_point p WHERE p.comment = c.id ORDER BY p.position LIMIT 1), ''), ` + whyOpen + `c.id), '')
		FROM comment c JOIN consultation k ON k.id = c.consultation WHERE c.id IN `)
	in(&q, ids)
	return c.each(func(r row) error {
		var i consult.InboxItem
		err := r.Scan(&i.Comment, &i.Consultation, &i.Heading, &i.Assignment.Service, &i.Kind, &i.Stance, &i.WardCode, &i.State, moment(&i.Since), moment(&i.Due),
			codes(&i.Topics), &i.Excerpt, &i.Reason)
		into[i.Comment] = i
		return err
	}, q.String(), q.args...)
}

func threadItems(c *conn, ids []consult.ID, into map[consult.ID]consult.InboxItem) error {
	var q text
	q.add(`SELECT t.id, t.consultation, COALESCE(k.title, ''), COALESCE(k.service, ''), t.title, COALESCE(k.ward_code, ''), t.waiting_since, t.answer_due,
		COALESCE(substr(m.body, 1, ` + excerpt + `), ''), ` + whyOpen + `t.waiting_message), '') FROM thread t
		LEFT JOIN consultation k ON k.id = t.consultation LEFT JOIN message m ON m.id = t.waiting_message WHERE t.id IN `)
	in(&q, ids)
	return c.each(func(r row) error {
		var i consult.InboxItem
		err := r.Scan(&i.Thread, &i.Consultation, &i.Heading, &i.Assignment.Service, &i.Title, &i.WardCode, moment(&i.Since), moment(&i.Due), &i.Excerpt,
			&i.Reason)
		into[i.Thread] = i
		return err
	}, q.String(), q.args...)
}

func messageItems(c *conn, ids []consult.ID, into map[consult.ID]consult.InboxItem) error {
	var q text
	q.add(`SELECT m.id, t.id, t.consultation, COALESCE(k.title, ''), COALESCE(k.service, ''), t.title, COALESCE(k.ward_code, ''), m.rule, m.created_at,
		substr(m.body, 1, ` + excerpt + `) FROM message m JOIN thread t ON t.id = m.thread
		LEFT JOIN consultation k ON k.id = t.consultation WHERE m.id IN `)
	in(&q, ids)
	return c.each(func(r row) error {
		var i consult.InboxItem
		err := r.Scan(&i.Message, &i.Thread, &i.Consultation, &i.Heading, &i.Assignment.Service, &i.Title, &i.WardCode, &i.Rule, moment(&i.Since),
			&i.Excerpt)
		into[i.Message] = i
		return err
	}, q.String(), q.args...)
}
