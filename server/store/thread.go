package store

import (
	"context"
	"maps"
	"slices"

	"github.com/yousaid/yousaid/server/consult"
)

const threadColumns = `t.id, t.consultation, t.anchor, t.anchor_id, t.title, t.epoch, t.seq, t.locked, t.waiting_since, t.answer_due,
	t.created_at, t.messages`

func scanThread(r row) (t consult.Thread, err error) {
	return t, r.Scan(&t.ID, &t.Consultation, &t.Anchor, &t.AnchorID, &t.Title, &t.Epoch, &t.Seq, &t.Locked, moment(&t.WaitingSince),
		moment(&t.AnswerDue), moment(&t.CreatedAt), &t.Messages)
}

const threadByID = `SELECT ` + threadColumns + ` FROM thread t WHERE t.id = $1`

// Thread finds one by id.
func (s *Store) Thread(ctx context.Context, id consult.ID) (consult.Thread, error) {
	t, err := one(s.reading(ctx), scanThread, threadByID, id)
	return t, failure("read thread", err)
}

// CommentThread finds the thread of a comment, empty or not.
func (s *Store) CommentThread(ctx context.Context, comment consult.ID) (consult.Thread, error) {
	t, err := one(s.reading(ctx), scanThread, `SELECT `+threadColumns+` FROM thread t WHERE t.anchor = 'comment' AND t.anchor_id = $1`, comment)
	return t, failure("read thread", err)
}

// Threads lists a consultation's threads by latest activity, those about comments left out.
func (s *Store) Threads(ctx context.Context, consultation consult.ID, limit int) ([]consult.Thread, error) {
	l, err := list(s.reading(ctx), scanThread, `SELECT `+threadColumns+` FROM thread t
		WHERE t.consultation = $1 AND t.anchor <> 'comment' AND t.anchor <> 'desk' ORDER BY t.last_at DESC, t.id DESC LIMIT $2`,
		consultation, pageSize(limit))
	return l, failure("list threads", err)
}

const messageColumns = `m.id, m.thread, m.seq, m.author, m.visitor, m.name, m.service, m.title, m.body, m.language, m.state, m.rule, m.reason,
	m.answer, m.created_at`

func messageFields(m *consult.Message) []any {
	return []any{&m.ID, &m.Thread, &m.Seq, &m.Author, &m.Visitor, &m.Name, &m.Service, &m.Title, &m.Body, &m.Language, &m.State,
		&m.Rule, &m.Reason, &m.Answer, moment(&m.CreatedAt)}
}

func scanMessage(r row) (m consult.Message, err error) { return m, r.Scan(messageFields(&m)...) }

const messageByID = `SELECT ` + messageColumns + ` FROM message m WHERE m.id = $1`

// Message finds one by id, in any state, with its words.
func (s *Store) Message(ctx context.Context, id consult.ID) (consult.Message, error) {
	m, err := one(s.reading(ctx), scanMessage, messageByID, id)
	return m, failure("read message", err)
}

// Messages lists at most limit messages before a number (0 = from the end), newest last, in every state, with their words.
func (s *Store) Messages(ctx context.Context, thread consult.ID, before int64, limit int) ([]consult.Message, error) {
	var q text
	q.add(`SELECT `+messageColumns+` FROM message m WHERE m.thread = ?`, thread)
	if before > 0 {
		q.add(` AND m.seq < ?`, before)
	}
	q.add(` ORDER BY m.seq DESC LIMIT ?`, limit)
	l, err := list(s.reading(ctx), scanMessage, q.String(), q.args...)
	slices.Reverse(l)
	return l, failure("list messages", err)
}

// LatestAnswers lists visible official messages of a consultation, newest first; not those about a comment that is not
// published, which are between its author and the authority, and not the copies of an answer that was given once to many.
func (s *Store) LatestAnswers(ctx context.Context, consultation consult.ID, limit int) ([]consult.Message, error) {
	l, err := list(s.reading(ctx), scanMessage, `SELECT `+messageColumns+` FROM message m JOIN thread t ON t.id = m.thread
		WHERE t.consultation = $1 AND m.author = 'officer' AND m.state = 'visible' AND m.answer = 0 AND (t.anchor <> 'comment'
			OR EXISTS (SELECT 1 FROM comment c WHERE c.id = t.anchor_id AND c.state = 'published'))
		ORDER BY m.created_at DESC, m.id DESC LIMIT $2`, consultation, pageSize(limit))
	return l, failure("list answers", err)
}

// Heads reads where many threads' logs end; threads that do not exist are not in the answer.
func (s *Store) Heads(ctx context.Context, threads []consult.ID) (map[consult.ID]consult.Head, error) {
	heads := make(map[consult.ID]consult.Head, len(threads))
	c := s.reading(ctx)
	for chunk := range slices.Chunk(threads, maxArguments) {
		var q text
		q.add(`SELECT id, epoch, seq FROM thread WHERE id IN `)
		in(&q, chunk)
		if err := c.each(func(r row) error { return scanHeadOf(r, heads) }, q.String(), q.args...); err != nil {
			return nil, failure("read heads", err)
		}
	}
	return heads, nil
}

func scanHeadOf(r row, into map[consult.ID]consult.Head) error {
	var id consult.ID
	var h consult.Head
	err := r.Scan(&id, &h.Epoch, &h.Seq)
	into[id] = h
	return err
}

// Events reads (after, upto] of a thread's log with the messages as they are now.
func (s *Store) Events(ctx context.Context, thread consult.ID, after, upto int64) ([]consult.Event, error) {
	l, err := list(s.reading(ctx), scanEvent, `SELECT e.thread, e.seq, e.kind, e.subject, e.at, COALESCE(m.id, 0), COALESCE(m.thread, 0),
		COALESCE(m.seq, 0), COALESCE(m.author, ''), COALESCE(m.visitor, 0), COALESCE(m.name, ''), COALESCE(m.service, ''),
		COALESCE(m.title, ''), COALESCE(m.body, ''), COALESCE(m.language, ''), COALESCE(m.state, ''), COALESCE(m.rule, ''),
		COALESCE(m.reason, ''), COALESCE(m.answer, 0), COALESCE(m.created_at, 0)
		FROM event e LEFT JOIN message m ON m.id = e.subject AND e.kind IN ('message', 'hidden', 'restored', 'pinned', 'unpinned')
		WHERE e.thread = $1 AND e.seq > $2 AND e.seq <= $3 ORDER BY e.seq`, thread, after, upto)
	return l, failure("read events", err)
}

func scanEvent(r row) (e consult.Event, err error) {
	var m consult.Message
	err = r.Scan(append([]any{&e.Thread, &e.Seq, &e.Kind, &e.Subject, moment(&e.At)}, messageFields(&m)...)...)
	if m.ID != 0 {
		e.Message = &m
	}
	return e, err
}

// Rings lists threads with events that nobody has been told of, those that wait longest first, with the last such event.
func (s *Store) Rings(ctx context.Context, limit int) (map[consult.ID]consult.Head, error) {
	rings := map[consult.ID]consult.Head{}
	err := s.reading(ctx).each(func(r row) error { return scanHeadOf(r, rings) },
		`SELECT o.thread, t.epoch, MAX(o.seq) FROM outbox o JOIN thread t ON t.id = o.thread
		GROUP BY o.thread, t.epoch ORDER BY MIN(o.at), o.thread LIMIT $1`, limit)
	return rings, failure("read rings", err)
}

// RingsDone forgets the rings up to the given heads.
func (s *Store) RingsDone(ctx context.Context, rung map[consult.ID]consult.Head) error {
	return s.quietly(ctx, "forget rings", func(c *conn) error {
		for chunk := range slices.Chunk(slices.Sorted(maps.Keys(rung)), maxArguments/2) {
			var q text
			q.add(`DELETE FROM outbox WHERE `)
			for i, id := range chunk {
				if i > 0 {
					q.add(` OR `)
				}
				q.add(`thread = ? AND seq <= ?`, id, rung[id].Seq)
			}
			if _, err := c.exec(q.String(), q.args...); err != nil {
				return err
			}
		}
		return nil
	})
}
