package store

import (
	"context"

	"github.com/yousaid/yousaid/server/consult"
)

// excerpt is how many characters of what waits a line of the inbox shows.
const excerpt = `200`

// The views. Each row: what it is, its comment, thread or message, since when and until when. An officer who opens a comment
// sees its thread too, so a thread whose comment waits is not a second line.
var inboxViews = map[consult.InboxView]string{
	consult.InboxUnanswered: `SELECT 'comment' AS what, p.source AS id, MIN(p.since) AS since, COALESCE(MIN(NULLIF(p.due, 0)), 0) AS due,
			CASE WHEN MAX(p.due) = 0 THEN 1 ELSE 0 END AS late FROM point_promise p WHERE p.since > 0 AND p.thread = 0 GROUP BY p.source
		UNION ALL SELECT 'thread', t.id, t.waiting_since, t.answer_due, CASE WHEN t.answer_due = 0 THEN 1 ELSE 0 END FROM thread t
			WHERE t.waiting_since > 0 AND NOT (t.anchor = 'comment' AND EXISTS (SELECT 1 FROM point_promise p
				WHERE p.source = t.anchor_id AND p.since > 0))`,
	consult.InboxPublish: `SELECT 'comment' AS what, c.id AS id, c.received_at AS since, c.received_at AS due, 0 AS late FROM comment c
			WHERE c.state = 'received'`,
	consult.InboxHeld: `SELECT 'message' AS what, m.id AS id, m.created_at AS since, m.created_at AS due, 0 AS late FROM message m
			WHERE m.state = 'held'`,
}

// Inbox lists one view of the officers' desk with the counts of all. Lines without a promise come last.
func (s *Store) Inbox(ctx context.Context, view consult.InboxView, offset, limit int) (consult.InboxPage, error) {
	page := consult.InboxPage{Counts: map[consult.InboxView]int{}, Offset: max(offset, 0), Limit: pageSize(limit)}
	err := s.snapshot(ctx, "open inbox", false, func(c *conn) error {
		rows, known := inboxViews[view]
		if !known {
			return fail(consult.NotFound, "", nil)
		}
		for v, q := range inboxViews {
			n, err := one(c, number, `SELECT COUNT(*) FROM (`+q+`) waiting`)
			if err != nil {
				return err
			}
			page.Counts[v] = int(n)
		}
		found, err := list(c, scanLine, `SELECT what, id FROM (`+rows+`) waiting ORDER BY late, due, since, id LIMIT $1 OFFSET $2`,
			page.Limit, page.Offset)
		if err != nil {
			return err
		}
		if page.Items, err = inboxItems(c, found); err != nil {
			return err
		}
		return c.each(func(r row) error { return r.Scan(&page.Epoch, &page.Head) }, `SELECT epoch, seq FROM thread WHERE id = $1`,
			consult.DeskThread)
	})
	return page, err
}

// line names what waits.
type line struct {
	what string
	id   consult.ID
}

func scanLine(r row) (l line, err error) { return l, r.Scan(&l.what, &l.id) }

// inboxItems reads the lines of a page, one query for each sort of thing.
func inboxItems(c *conn, lines []line) ([]consult.InboxItem, error) {
	ids, found := map[string][]consult.ID{}, map[line]consult.InboxItem{}
	for _, l := range lines {
		ids[l.what] = append(ids[l.what], l.id)
	}
	for what, read := range map[string]func(*conn, []consult.ID, map[line]consult.InboxItem) error{
		"comment": commentItems, "thread": threadItems, "message": messageItems,
	} {
		if len(ids[what]) == 0 {
			continue
		}
		if err := read(c, ids[what], found); err != nil {
			return nil, err
		}
	}
	items := make([]consult.InboxItem, 0, len(lines))
	for _, l := range lines {
		items = append(items, found[l])
	}
	return items, nil
}

func commentItems(c *conn, ids []consult.ID, into map[line]consult.InboxItem) error {
	var q text
	q.add(`SELECT c.id, c.consultation, k.title, k.kind, c.stance, c.ward_code, c.state, c.received_at, c.answer_due,
		COALESCE((SELECT string_agg(p.topic, ',' ORDER BY p.position) FROM comment_point p WHERE p.comment = c.id), ''),
		COALESCE((SELECT substr(o.text, 1, ` + excerpt + `) FROM original_point o WHERE o.comment = c.id ORDER BY o.position LIMIT 1), '')
		FROM comment c JOIN consultation k ON k.id = c.consultation WHERE c.id IN `)
	in(&q, ids)
	return c.each(func(r row) error {
		var i consult.InboxItem
		err := r.Scan(&i.Comment, &i.Consultation, &i.Heading, &i.Kind, &i.Stance, &i.WardCode, &i.State, moment(&i.Since), moment(&i.Due),
			codes(&i.Topics), &i.Excerpt)
		into[line{"comment", i.Comment}] = i
		return err
	}, q.String(), q.args...)
}

func threadItems(c *conn, ids []consult.ID, into map[line]consult.InboxItem) error {
	var q text
	q.add(`SELECT t.id, t.consultation, COALESCE(k.title, ''), t.title, COALESCE(k.ward_code, ''), t.waiting_since, t.answer_due,
		COALESCE(substr(m.body, 1, ` + excerpt + `), '') FROM thread t
		LEFT JOIN consultation k ON k.id = t.consultation LEFT JOIN message m ON m.id = t.waiting_message WHERE t.id IN `)
	in(&q, ids)
	return c.each(func(r row) error {
		var i consult.InboxItem
		err := r.Scan(&i.Thread, &i.Consultation, &i.Heading, &i.Title, &i.WardCode, moment(&i.Since), moment(&i.Due), &i.Excerpt)
		into[line{"thread", i.Thread}] = i
		return err
	}, q.String(), q.args...)
}

func messageItems(c *conn, ids []consult.ID, into map[line]consult.InboxItem) error {
	var q text
	q.add(`SELECT m.id, t.id, t.consultation, COALESCE(k.title, ''), t.title, COALESCE(k.ward_code, ''), m.rule, m.created_at,
		substr(m.body, 1, ` + excerpt + `) FROM message m JOIN thread t ON t.id = m.thread
		LEFT JOIN consultation k ON k.id = t.consultation WHERE m.id IN `)
	in(&q, ids)
	return c.each(func(r row) error {
		var i consult.InboxItem
		err := r.Scan(&i.Message, &i.Thread, &i.Consultation, &i.Heading, &i.Title, &i.WardCode, &i.Rule, moment(&i.Since),
			&i.Excerpt)
		into[line{"message", i.Message}] = i
		return err
	}, q.String(), q.args...)
}
