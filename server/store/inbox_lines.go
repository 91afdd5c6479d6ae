package store

import (
	"strings"
	"unicode/utf8"

	"github.com/yousaid/yousaid/server/consult"
)

// What the lines of the inbox are chosen from. c is the comment, t the thread, m what waits in it, k the consultation, d where the item
// lies, a how its officer's desk is set up. An item is the comment, also of the comment's thread, else the thread.
const (
	unpublished    = `c.state = 'received'`
	waitsForAnswer = `EXISTS (SELECT 1 FROM point_promise p WHERE p.source = c.id AND p.since > 0)`
	// A comment waits since its first point does, and is due when the first one is that is due at all.
	waitingPoints = `(SELECT p.source AS source, MIN(p.since) AS since, COALESCE(MIN(NULLIF(p.due, 0)), 0) AS due FROM point_promise p
		WHERE p.since > 0 AND p.thread = 0 GROUP BY p.source)`

	waitingLines = ` FROM ` + waitingPoints + ` w JOIN comment c ON c.id = w.source JOIN consultation k ON k.id = c.consultation
		LEFT JOIN desk_item d ON d.item = c.id LEFT JOIN officer_desk a ON a.officer = d.officer WHERE 1 = 1`
	commentLines = ` FROM comment c JOIN consultation k ON k.id = c.consultation LEFT JOIN desk_item d ON d.item = c.id
		LEFT JOIN officer_desk a ON a.officer = d.officer WHERE `
	threadItem  = `CASE WHEN t.anchor = 'comment' THEN t.anchor_id ELSE t.id END`
	threadLines = ` FROM thread t JOIN consultation k ON k.id = t.consultation LEFT JOIN message m ON m.id = t.waiting_message
		LEFT JOIN desk_item d ON d.item = ` + threadItem + ` LEFT JOIN officer_desk a ON a.officer = d.officer WHERE `
	heldLines = ` FROM message m JOIN thread t ON t.id = m.thread JOIN consultation k ON k.id = t.consultation
		LEFT JOIN desk_item d ON d.item = ` + threadItem + ` LEFT JOIN officer_desk a ON a.officer = d.officer WHERE `
	// An officer who opens a comment sees its thread too, so a thread whose comment waits is not a second line.
	waitingThread = `t.waiting_since > 0 AND NOT (t.anchor = 'comment' AND EXISTS (SELECT 1 FROM point_promise p
		WHERE p.source = t.anchor_id AND p.since > 0))`

	itsService = `CASE WHEN COALESCE(d.service, '') <> '' THEN d.service ELSE k.service END`
	nobodyHere = `(COALESCE(d.officer, 0) = 0 OR COALESCE(a.away_until, 0) > ? OR NOT EXISTS (SELECT 1 FROM officer o
		WHERE o.id = d.officer AND NOT o.disabled))`
)

// lines adds the query of one view: each line's what, id and item, and what it is sorted by: late, due, since, id.
func (q *text) lines(v consult.InboxQuery) bool {
	switch v.View {
	case consult.InboxUnanswered, consult.InboxMine, consult.InboxService, consult.InboxDue:
		q.waitingComments(v)
		if v.View == consult.InboxMine || v.View == consult.InboxService {
			q.add(` UNION ALL `)
			q.unpublishedComments(v, true)
		}
		q.add(` UNION ALL `)
		q.waitingThreads(v)
	case consult.InboxSnoozed:
		q.resting(v)
	case consult.InboxPublish:
		q.unpublishedComments(v, false)
	case consult.InboxHeld:
		q.add(`SELECT 'message' AS what, m.id AS id, ` + threadItem + ` AS item, m.created_at AS since, m.created_at AS due, 0 AS late` +
			heldLines + `m.state = 'held'`)
		q.aboutThreads(v, `m.created_at`)
	case consult.InboxMentions:
		q.mentioned(v)
	default:
		return false
	}
	return true
}

func (q *text) waitingComments(v consult.InboxQuery) {
	q.add(`SELECT 'comment' AS what, c.id AS id, c.id AS item, w.since AS since, w.due AS due,
		CASE WHEN w.due = 0 THEN 1 ELSE 0 END AS late` + waitingLines)
	if v.View == consult.InboxDue {
		q.add(` AND w.due > 0 AND w.due <= ?`, v.Soon)
	}
	q.lies(v)
	q.aboutComments(v)
}

// unpublishedComments are those that wait for nothing else where others are listed beside them. Without a promise they come last.
func (q *text) unpublishedComments(v consult.InboxQuery, others bool) {
	q.add(`SELECT 'comment' AS what, c.id AS id, c.id AS item, c.received_at AS since, c.received_at AS due, `)
	if others {
		q.add(`1 AS late` + commentLines + unpublished + ` AND NOT (` + waitsForAnswer + `)`)
	} else {
		q.add(`0 AS late` + commentLines + unpublished)
	}
	q.lies(v)
	q.aboutComments(v)
}

func (q *text) waitingThreads(v consult.InboxQuery) {
	q.add(`SELECT 'thread' AS what, t.id AS id, ` + threadItem + ` AS item, t.waiting_since AS since, t.answer_due AS due,
		CASE WHEN t.answer_due = 0 THEN 1 ELSE 0 END AS late` + threadLines + waitingThread)
	if v.View == consult.InboxDue {
		q.add(` AND t.answer_due > 0 AND t.answer_due <= ?`, v.Soon)
	}
	q.lies(v)
	q.aboutThreads(v, `t.waiting_since`)
}

// resting is what still wants something, and rests.
func (q *text) resting(v consult.InboxQuery) {
	q.add(`SELECT 'comment' AS what, c.id AS id, c.id AS item, c.received_at AS since, d.snoozed_until AS due, 0 AS late`+commentLines+
		`d.snoozed_until > 0 AND d.snoozed_until > ? AND (`+waitsForAnswer+` OR `+unpublished+`)`, v.Now)
	q.aboutComments(v)
	q.add(` UNION ALL SELECT 'thread' AS what, t.id AS id, `+threadItem+` AS item, t.waiting_since AS since, d.snoozed_until AS due, 0 AS late`+
		threadLines+`d.snoozed_until > 0 AND d.snoozed_until > ? AND `+waitingThread, v.Now)
	q.aboutThreads(v, `t.waiting_since`)
}

// mentioned is where a colleague named the officer, whatever became of it since.
func (q *text) mentioned(v consult.InboxQuery) {
	q.add(`SELECT 'comment' AS what, c.id AS id, c.id AS item, c.received_at AS since, (SELECT MIN(n.at) FROM desk_mention n
		WHERE n.item = c.id AND n.officer = ? AND n.done_at = 0) AS due, 0 AS late`+commentLines+
		`c.id IN (SELECT n.item FROM desk_mention n WHERE n.officer = ? AND n.done_at = 0)`, v.Me, v.Me)
	q.aboutComments(v)
	q.add(` UNION ALL SELECT 'thread' AS what, t.id AS id, t.id AS item, t.last_at AS since, (SELECT MIN(n.at) FROM desk_mention n
		WHERE n.item = t.id AND n.officer = ? AND n.done_at = 0) AS due, 0 AS late`+threadLines+
		`t.id IN (SELECT n.item FROM desk_mention n WHERE n.officer = ? AND n.done_at = 0)`, v.Me, v.Me)
	q.aboutThreads(v, `t.last_at`)
}

// lies narrows to what is awake and, by the view, belongs to the officer or to the service.
func (q *text) lies(v consult.InboxQuery) {
	q.add(` AND COALESCE(d.snoozed_until, 0) <= ?`, v.Now)
	switch v.View {
	case consult.InboxMine:
		q.add(` AND d.officer = ? AND d.officer > 0`, v.Me)
	case consult.InboxService:
		q.add(` AND `+itsService+` = ? AND `+nobodyHere, v.Service, v.Now)
	}
}

// aboutItems are the conditions that comments and threads share.
func (q *text) aboutItems(f consult.InboxFilter) {
	if f.Service != "" {
		q.add(` AND `+itsService+` = ?`, f.Service)
	}
	if f.Officer != 0 {
		q.add(` AND d.officer = ? AND d.officer > 0`, f.Officer)
	}
	if f.Kind != "" {
		q.add(` AND k.kind = ?`, f.Kind)
	}
	if f.Type != "" {
		q.add(` AND (k.type = ? OR substr(k.type, 1, ?) = ?)`, f.Type, utf8.RuneCountInString(f.Type)+1, f.Type+".")
	}
	if f.Consultation != 0 {
		q.add(` AND k.id = ?`, f.Consultation)
	}
}

func (q *text) aboutComments(v consult.InboxQuery) {
	f := v.InboxFilter
	q.aboutItems(f)
	if f.Ward != "" {
		q.add(` AND (c.ward_code = ? OR c.ward_code = '' AND k.ward_code = ?)`, f.Ward, f.Ward)
	}
	if f.Topic != "" {
		q.add(` AND EXISTS (SELECT 1 FROM comment_point p WHERE p.comment = c.id AND p.topic = ?)`, f.Topic)
	}
	if f.Language != "" {
		q.add(` AND c.language = ?`, f.Language)
	}
	if f.Channel != "" {
		q.add(` AND c.channel = ?`, f.Channel)
	}
	if f.Age > 0 {
		q.add(` AND c.received_at <= ?`, v.Now.AddDate(0, 0, -f.Age))
	}
	for _, word := range searched(f.Words) {
		q.add(` AND (k.search_text LIKE ? ESCAPE '\' OR EXISTS (SELECT 1 FROM original_point o WHERE o.comment = c.id
			AND LOWER(o.text) LIKE ? ESCAPE '\'))`, word.folded, word.lower)
	}
}

// aboutThreads narrows threads; since is the column that says how long they have waited. They have neither topic nor channel.
func (q *text) aboutThreads(v consult.InboxQuery, since string) {
	f := v.InboxFilter
	q.aboutItems(f)
	if f.Topic != "" || f.Channel != "" {
		q.add(` AND 1 = 0`)
	}
	if f.Ward != "" {
		q.add(` AND k.ward_code = ?`, f.Ward)
	}
	if f.Language != "" {
		q.add(` AND m.language = ?`, f.Language)
	}
	if f.Age > 0 {
		q.add(` AND `)
		q.add(since)
		q.add(` <= ?`, v.Now.AddDate(0, 0, -f.Age))
	}
	for _, word := range searched(f.Words) {
		q.add(` AND (k.search_text LIKE ? ESCAPE '\' OR LOWER(t.title) LIKE ? ESCAPE '\' OR LOWER(m.body) LIKE ? ESCAPE '\')`,
			word.folded, word.lower, word.lower)
	}
}

// sought is a word as search_text is written, and as people write it.
type sought struct{ folded, lower string }

// searched are the words a search must find. In what people wrote only the case of letters is passed over.
func searched(s string) []sought {
	var list []sought
	for i, word := range strings.Fields(strings.ToLower(s)) {
		if i == maxWords {
			break
		}
		list = append(list, sought{"%" + escapeLike.Replace(searchText(word)) + "%", "%" + escapeLike.Replace(word) + "%"})
	}
	return list
}
