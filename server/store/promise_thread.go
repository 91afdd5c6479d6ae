package store

import (
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// mark corrects what a thread says of itself: more is how many more messages can be read, and what waits is the oldest visible
// message of a resident after the last visible official one, whatever was posted, hidden or restored to get there. An answer to a concern
// is about the questions it reached alone.
func (w *change) mark(thread consult.ID, more int) error {
	if err := w.followQuestions(thread); err != nil {
		return err
	}
	if _, err := w.exec(`UPDATE thread SET messages = messages + $1 WHERE id = $2`, more, thread); err != nil {
		return err
	}
	return w.showThread(thread)
}

// spoken is the last visible official message of a thread.
type spoken struct {
	seq int64
	at  time.Time
}

// question is a resident's message that has a promise, or will have one.
type question struct {
	id        consult.ID
	seq       int64
	at, since time.Time
	reached   time.Time // by an answer to a concern; zero = by none
	consult.WaitingMessage
}

// followQuestions brings the promises of a thread's questions in line with its messages.
func (w *change) followQuestions(thread consult.ID) error {
	official, err := list(&w.conn, func(r row) (m spoken, err error) { return m, r.Scan(&m.seq, moment(&m.at)) },
		`SELECT seq, created_at FROM message WHERE thread = $1 AND author = 'officer' AND state = 'visible' AND answer = 0
		ORDER BY seq DESC LIMIT 1`, thread)
	if err != nil {
		return err
	}
	var last spoken
	if len(official) > 0 {
		last = official[0]
	}
	waiting, err := list(&w.conn, scanQuestion, `SELECT `+questionColumns+`WHERE m.thread = $1 AND m.state = 'visible' AND `+asksService+` AND COALESCE(x.seq, m.seq) > $2
		AND NOT EXISTS (SELECT 1 FROM answer_point a WHERE a.source = m.id) AND (COALESCE(p.state, '') <> 'closed' OR p.ended_for IN ('hidden', 'joined')) ORDER BY COALESCE(x.seq, m.seq) LIMIT 1`, thread, last.seq)
	if err != nil {
		return err
	}
	questions, err := list(&w.conn, scanQuestion, `SELECT `+questionColumns+`WHERE m.id IN (SELECT source FROM point_promise WHERE thread = $1)`, thread)
	if err != nil {
		return err
	}
	for _, q := range questions {
		if len(waiting) == 0 || q.id != waiting[0].id {
			reopened := q.since.After(q.at)
			q.Answered = last.seq > q.seq && (!reopened || last.at.After(q.since)) || !q.reached.IsZero() && (!reopened || !q.reached.Before(q.since))
			q.Waits = reopened
			if err := w.followQuestion(q, false); err != nil {
				return err
			}
		}
	}
	for _, q := range waiting {
		q.Waits = true
		further, err := w.spokeBefore(thread, q.seq)
		if err != nil {
			return err
		}
		if err := w.followQuestion(q, further); err != nil {
			return err
		}
	}
	return nil
}

// A question that a councillor passed on stands where and when it was passed on.
const questionColumns = `m.id, COALESCE(x.seq, m.seq), COALESCE(x.at, m.created_at), m.state = 'visible', COALESCE(p.state, ''),
	COALESCE(p.ended_for, ''), COALESCE(p.since, 0), COALESCE((SELECT MAX(a.at) FROM answer_point a WHERE a.source = m.id), 0) FROM message m LEFT JOIN point_promise p ON p.source = m.id AND p.topic = ''
	LEFT JOIN (SELECT g.message, g.at, s.seq FROM passed g JOIN message s ON s.id = g.say WHERE g.thread = $1) x ON x.message = m.id `

// asksService tells the messages that wait for the service: residents' own, but what was put to a councillor once it was passed on.
const asksService = `(x.seq IS NOT NULL OR m.author = 'resident'
	AND NOT EXISTS (SELECT 1 FROM thread t WHERE t.id = $1 AND t.anchor = 'councillor'))`

func scanQuestion(r row) (q question, err error) {
	return q, r.Scan(&q.id, &q.seq, moment(&q.at), &q.Visible, &q.State, &q.ClosedFor, moment(&q.since),
		moment(&q.reached))
}

// spokeBefore tells whether the authority had answered in the thread before.
func (w *change) spokeBefore(thread consult.ID, seq int64) (bool, error) {
	n, err := one(&w.conn, number, `SELECT COUNT(*) FROM (SELECT 1 AS found FROM message WHERE thread = $1 AND author = 'officer'
		AND state = 'visible' AND seq < $2 LIMIT 1) m`, thread, seq)
	return n > 0, err
}

func (w *change) followQuestion(q question, further bool) error {
	ref := consult.PointRef{Source: q.id}
	for _, e := range q.Follow() {
		e.At = w.At
		if e.Kind == consult.PromiseAsked {
			if e.At = q.at; further {
				e.Reason = consult.AskedFurther
			}
		}
		if err := w.promise(ref, e); err != nil {
			return err
		}
	}
	return nil
}

// showThread writes what a thread says of waiting: its question that is due first, those without a due moment last.
func (w *change) showThread(thread consult.ID) error {
	type waiting struct {
		message    consult.ID
		since, due time.Time
	}
	found, err := list(&w.conn, func(r row) (m waiting, err error) { return m, r.Scan(&m.message, moment(&m.since), moment(&m.due)) },
		`SELECT source, since, due FROM point_promise WHERE thread = $1 AND since > 0
		ORDER BY CASE WHEN due = 0 THEN 1 ELSE 0 END, due, since, source LIMIT 1`, thread)
	if err != nil {
		return err
	}
	var first waiting
	if len(found) > 0 {
		first = found[0]
	}
	_, err = w.exec(`UPDATE thread SET waiting_message = $1, waiting_since = $2, answer_due = $3 WHERE id = $4`, first.message, first.since,
		first.due, thread)
	return err
}

// forgetQuestions ends the waiting of questions whose words are over their time.
func (w *change) forgetQuestions(before time.Time) error {
	waiting, err := list(&w.conn, id, `SELECT source FROM point_promise WHERE since > 0 AND thread > 0 AND consultation IN `+settledBefore, before)
	if err != nil {
		return err
	}
	for _, m := range waiting {
		e := consult.PromiseEvent{Kind: consult.PromiseClosed, Reason: consult.EndedForgotten, At: w.At}
		if err := w.promise(consult.PointRef{Source: m}, e); err != nil {
			return err
		}
	}
	return nil
}
