package store

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// promise appends one event to a point's log, with everything that follows from it: see promises.
func (w *change) promise(ref consult.PointRef, e consult.PromiseEvent) error {
	e.Ref = ref
	return w.promises(ref.Source, []consult.PromiseEvent{e})
}

// promises appends events to the logs of points of one comment or message and brings up to date what follows from them: point_promise,
// what the comment says of its answer, what its thread says of waiting. An asked event without terms gets those of the consultation; an
// answer to a point that nothing was promised for, as of an imported comment, finds it asked without a promise. Conflict when an event
// does not fit how its point stands. Their order is that of writing: a clock that went back between two nodes does not refuse one.
func (w *change) promises(source consult.ID, events []consult.PromiseEvent) error {
	if len(events) == 0 {
		return nil
	}
	p, err := w.lockPoint(source)
	if err != nil {
		return err
	}
	logs, err := w.promiseLogs(source)
	if err != nil {
		return err
	}
	var rows [][]any
	changed := map[consult.PointRef]bool{}
	for _, e := range events {
		if len(logs[e.Ref]) == 0 && e.Kind == consult.PromiseHandedOver {
			continue // there is no clock to hand over
		}
		if len(logs[e.Ref]) == 0 && e.Kind == consult.PromiseAnswered {
			rows = append(rows, logs.add(p, p.unpromised(e.Ref)))
		}
		e = p.complete(e)
		before := logs[e.Ref]
		if n := len(before); n > 0 && e.At.Before(before[n-1].At) {
			e.At = before[n-1].At
		}
		if err := consult.CheckPromiseEvent(before, e); err != nil {
			return err
		}
		rows = append(rows, logs.add(p, e))
		changed[e.Ref] = true
	}
	if err := w.insert(`INSERT INTO promise_event (source, topic, seq, kind, reason, words, by_whom, service, at, first_days, next_days,
		close_days, opens, shuts)`, rows, ""); err != nil {
		return err
	}
	var points [][]any
	for ref := range changed {
		points = append(points, p.row(ref, logs[ref], w.At))
	}
	if err := w.insert(`INSERT INTO point_promise (source, topic, consultation, thread, service, state, asked_for, asked_at, since, due,
		first_days, first_due, first_at, next_due, next_at, close_due, ended_at, ended_for, paused_at, paused_for, rests, rested, opens, shuts)`,
		points, `ON CONFLICT (source, topic) DO UPDATE SET service = excluded.service, state = excluded.state, since = excluded.since,
		due = excluded.due, first_due = excluded.first_due, first_at = excluded.first_at, next_due = excluded.next_due,
		next_at = excluded.next_at, close_due = excluded.close_due, ended_at = excluded.ended_at, ended_for = excluded.ended_for,
		paused_at = excluded.paused_at, paused_for = excluded.paused_for, rests = excluded.rests, rested = excluded.rested`); err != nil {
		return err
	}
	if p.thread != 0 {
		return w.showThread(p.thread)
	}
	return w.showComment(source)
}

// SavePromiseEvents appends events of points of any sources. Conflict when one does not fit how its point stands.
func (s *Store) SavePromiseEvents(ctx context.Context, events []consult.PromiseEvent, ch consult.Change) error {
	return s.change(ctx, "keep promise", ch, ch.Subject, func(w *change) error {
		bySource := map[consult.ID][]consult.PromiseEvent{}
		for _, e := range events {
			bySource[e.Ref.Source] = append(bySource[e.Ref.Source], e)
		}
		for _, source := range slices.Sorted(maps.Keys(bySource)) { // always the same order, so that two changes never wait for each other
			if err := w.promises(source, bySource[source]); err != nil {
				return err
			}
		}
		return nil
	})
}

// PromiseLogs are the logs of the points of comments and messages.
func (s *Store) PromiseLogs(ctx context.Context, sources ...consult.ID) (map[consult.PointRef][]consult.PromiseEvent, error) {
	logs := promiseLogs{}
	for chunk := range slices.Chunk(sources, maxArguments) {
		found, err := s.reading(ctx).promiseLogs(chunk...)
		if err != nil {
			return nil, failure("read promises", err)
		}
		maps.Copy(logs, found)
	}
	return logs, nil
}

// asking is the comment or message that points belong to, with what its consultation promises.
type asking struct {
	source       consult.ID
	consultation consult.ID
	thread       consult.ID // of a message; 0 for a comment
	at           time.Time
	service      string
	terms        consult.PromiseTerms
	silent       map[consult.Topic]bool // no answer is promised on these
	calendar     consult.Calendar
}

// lockPoint reads what points belong to and keeps other changes of them waiting until the commit.
func (w *change) lockPoint(source consult.ID) (asking, error) {
	p := asking{source: source, calendar: w.calendar, silent: map[consult.Topic]bool{}}
	n, err := w.exec(`UPDATE comment SET thread = thread WHERE id = $1`, source)
	if err != nil {
		return p, err
	}
	if n == 0 {
		if n, err = w.exec(`UPDATE thread SET seq = seq WHERE id = (SELECT m.thread FROM message m WHERE m.id = $1)`, source); err != nil {
			return p, err
		}
	}
	if n == 0 {
		return p, fail(consult.NotFound, "", errors.New("no such comment or message"))
	}
	if p, err = one(&w.conn, func(r row) (asking, error) {
		return p, r.Scan(&p.consultation, &p.thread, moment(&p.at), &p.service, &p.terms.First, &p.terms.Next, &p.terms.Close)
	}, `SELECT s.consultation, s.thread, s.at, COALESCE(k.service, ''), COALESCE(k.promise_days, 0), COALESCE(d.next_days, 0),
		COALESCE(d.close_days, 0) FROM (SELECT consultation, 0 AS thread, received_at AS at FROM comment WHERE id = $1
		UNION ALL SELECT t.consultation, t.id, m.created_at FROM message m JOIN thread t ON t.id = m.thread WHERE m.id = $1) s
		LEFT JOIN consultation k ON k.id = s.consultation LEFT JOIN promise_terms d ON d.consultation = s.consultation`, source); err != nil {
		return p, err
	}
	p.terms = completed(p.terms, p.calendar)
	return p, w.each(func(r row) error {
		var topic consult.Topic
		err := r.Scan(&topic)
		p.silent[topic] = true
		return err
	}, `SELECT topic FROM promise_silence WHERE consultation = $1`, p.consultation)
}

// complete fills in what an asked event leaves to the consultation.
func (p asking) complete(e consult.PromiseEvent) consult.PromiseEvent {
	if e.Kind != consult.PromiseAsked {
		return e
	}
	if e.Terms == (consult.PromiseTerms{}) {
		e.Terms = p.terms
	}
	e.Service = cmp.Or(e.Service, p.service)
	if p.silent[e.Ref.Topic] && e.Ref.Topic != "" {
		e.Reason = consult.AskedNotPromised
	}
	return e
}

// unpromised is how a point begins that was kept before anything was promised for it.
func (p asking) unpromised(ref consult.PointRef) consult.PromiseEvent {
	e := p.complete(consult.PromiseEvent{Ref: ref, Kind: consult.PromiseAsked, At: p.at})
	e.Reason = consult.AskedNotPromised
	return e
}

// promiseLogs are the logs of a source's points.
type promiseLogs map[consult.PointRef][]consult.PromiseEvent

// add appends an event and gives its row.
func (l promiseLogs) add(p asking, e consult.PromiseEvent) []any {
	l[e.Ref] = append(l[e.Ref], e)
	return []any{p.source, e.Ref.Topic, len(l[e.Ref]), e.Kind, e.Reason, e.Words, e.By, e.Service, e.At, e.Terms.First, e.Terms.Next,
		e.Terms.Close, e.Terms.Opens, e.Terms.Shuts}
}

func (c *conn) promiseLogs(sources ...consult.ID) (promiseLogs, error) {
	var q text
	q.add(`SELECT source, topic, kind, reason, words, by_whom, service, at, first_days, next_days, close_days, opens, shuts
		FROM promise_event WHERE source IN `)
	in(&q, sources)
	q.add(` ORDER BY source, topic, seq`)
	logs := promiseLogs{}
	return logs, c.each(func(r row) error {
		var e consult.PromiseEvent
		t := &e.Terms
		err := r.Scan(&e.Ref.Source, &e.Ref.Topic, &e.Kind, &e.Reason, &e.Words, &e.By, &e.Service, moment(&e.At), &t.First, &t.Next,
			&t.Close, &t.Opens, &t.Shuts)
		logs[e.Ref] = append(logs[e.Ref], e)
		return err
	}, q.String(), q.args...)
}

// row is what is kept of a point for lists and sums.
func (p asking) row(ref consult.PointRef, log []consult.PromiseEvent, now time.Time) []any {
	v := consult.PromiseOf(log, consult.TermsOf(log), p.calendar, now)
	since, due := time.Time{}, time.Time{}
	if v.Waits() {
		since = v.Since
	}
	if v.State == consult.PointOpen {
		due = v.Due()
	}
	first := v.Terms.First
	if v.Further {
		first = v.Terms.Next
	}
	return []any{ref.Source, ref.Topic, p.consultation, p.thread, v.Service, v.State, log[0].Reason, v.AskedAt, since, due, first,
		v.FirstDue, v.FirstAt, v.NextDue, v.NextAt, v.CloseDue, v.EndedAt, v.ClosedFor, v.PausedSince, v.PausedFor, len(v.Rests),
		v.Rested.Microseconds(), v.Terms.Opens, v.Terms.Shuts}
}

// standing is what point_promise says of a point.
type standing struct {
	topic                         consult.Topic
	state                         consult.PromiseState
	since, due, firstDue, firstAt time.Time
}

func (c *conn) standings(source consult.ID) ([]standing, error) {
	return list(c, func(r row) (s standing, err error) {
		return s, r.Scan(&s.topic, &s.state, moment(&s.since), moment(&s.due), moment(&s.firstDue), moment(&s.firstAt))
	}, `SELECT topic, state, since, due, first_due, first_at FROM point_promise WHERE source = $1 ORDER BY topic`, source)
}

// showComment writes what a comment says of its answer: answered when each of its points was, those that were closed left out; due when
// the first of those that wait is, else what was promised for them.
func (w *change) showComment(comment consult.ID) error {
	points, err := w.standings(comment)
	if err != nil {
		return err
	}
	var answered, due, promised time.Time
	waits, unanswered := false, false
	for _, p := range points {
		waits = waits || !p.since.IsZero()
		unanswered = unanswered || p.firstAt.IsZero() && p.state != consult.PointClosed
		if p.firstAt.After(answered) {
			answered = p.firstAt
		}
		due, promised = sooner(due, p.due), sooner(promised, p.firstDue)
	}
	if unanswered {
		answered = time.Time{}
	}
	if !waits {
		due = promised
	}
	_, err = w.exec(`UPDATE comment SET answered_at = $1, answer_due = $2 WHERE id = $3`, answered, due, comment)
	return err
}

// sooner is the earlier of two moments, zero ones left out.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// askComment starts the clocks of a comment's points.
func (w *change) askComment(c consult.Comment, points []consult.CommentPoint) error {
	var events []consult.PromiseEvent
	for _, p := range points {
		events = append(events, consult.PromiseEvent{Ref: consult.PointRef{Source: c.ID, Topic: p.Topic}, Kind: consult.PromiseAsked, At: c.ReceivedAt})
	}
	return w.promises(c.ID, events)
}

// answerComment answers every point of a comment that waits: an official message in its own thread speaks to all of it. What an import
// brought, and what was said without words, was promised nothing and is answered all the same.
func (w *change) answerComment(comment consult.ID, at time.Time) error {
	points, err := w.standings(comment)
	if err != nil {
		return err
	}
	if len(points) == 0 {
		topics, err := list(&w.conn, func(r row) (t consult.Topic, err error) { return t, r.Scan(&t) },
			`SELECT topic FROM comment_point WHERE comment = $1 ORDER BY position`, comment)
		if err != nil {
			return err
		}
		if len(topics) == 0 {
			_, err := w.exec(`UPDATE comment SET answered_at = $1 WHERE id = $2 AND answered_at = 0`, at, comment)
			return err
		}
		for _, t := range topics {
			points = append(points, standing{topic: t, since: at})
		}
	}
	return w.promises(comment, eventsOf(comment, points, consult.PromiseEvent{Kind: consult.PromiseAnswered, At: at}))
}

// endComment closes every point of a comment that waits.
func (w *change) endComment(comment consult.ID, reason string) error {
	points, err := w.standings(comment)
	if err != nil {
		return err
	}
	return w.promises(comment, eventsOf(comment, points, consult.PromiseEvent{Kind: consult.PromiseClosed, Reason: reason, At: w.At}))
}

// eventsOf is one event for each point that waits.
func eventsOf(source consult.ID, points []standing, e consult.PromiseEvent) []consult.PromiseEvent {
	var events []consult.PromiseEvent
	for _, p := range points {
		if !p.since.IsZero() {
			e.Ref = consult.PointRef{Source: source, Topic: p.topic}
			events = append(events, e)
		}
	}
	return events
}
