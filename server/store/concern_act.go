package store

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/yousaid/yousaid/server/consult"
)

var (
	errPointGone     = errors.New("a point was withdrawn, hidden, or is about another consultation")
	errPointMoved    = errors.New("somebody sorted one of the points meanwhile")
	errConcernMerged = errors.New("the concern went into another one")
	errUndone        = errors.New("the act was undone already")
	errNotUndoable   = errors.New("what the act made has changed since")
)

// act is one act on a consultation's concerns, in its transaction.
type act struct {
	*change
	consult.ConcernChange
}

// act writes one act: rows does what the act does, through put and take, which keep what must be put back.
func (s *Store) act(ctx context.Context, op string, h consult.ConcernChange, ch consult.Change, rows func(*act) error) error {
	result := h.Concern
	if h.Act == consult.ConcernSplit {
		result = h.Other
	}
	return s.change(ctx, op, ch, result, func(w *change) error {
		a := &act{change: w, ConcernChange: h}
		if err := a.begin(); err != nil {
			return err
		}
		if err := rows(a); err != nil {
			return err
		}
		return a.end()
	})
}

// begin takes the consultation's turn and keeps that there is an act: its points refer to it.
func (a *act) begin() error {
	seq, err := one(&a.conn, number, `INSERT INTO concern_head (consultation, seq) VALUES ($1, 1)
		ON CONFLICT (consultation) DO UPDATE SET seq = concern_head.seq + 1 RETURNING seq`, a.ConcernChange.Consultation)
	if err != nil {
		return err
	}
	a.ID, a.By = consult.NewID(a.Change.At), a.Actor.Standing()
	return a.insert(`INSERT INTO concern_change (id, consultation, seq, act, concern, other, was, became, by_whom, at, undone_at)`, [][]any{{
		a.ID, a.ConcernChange.Consultation, seq, a.Act, a.ConcernChange.Concern, a.Other, "{}", "{}", a.By, a.Change.At, 0}}, "")
}

// end keeps what the act changed of what a concern says of itself.
func (a *act) end() error {
	was, err := json.Marshal(a.Was)
	if err != nil {
		return err
	}
	became, err := json.Marshal(a.Became)
	if err != nil {
		return err
	}
	_, err = a.exec(`UPDATE concern_change SET was = $1, became = $2 WHERE id = $3`, json.RawMessage(was), json.RawMessage(became), a.ID)
	return err
}

// standing reads a concern that points can go into or out of. It stays as it is until the commit: no answer goes out meanwhile.
func (a *act) standing(id consult.ID) (consult.Concern, error) {
	if _, err := a.exec(`UPDATE concern SET version = version WHERE id = $1`, id); err != nil {
		return consult.Concern{}, err
	}
	k, err := one(&a.conn, scanConcern, concernByID, id)
	switch {
	case err != nil:
		return k, err
	case k.Consultation != a.ConcernChange.Consultation:
		return k, fail(consult.NotFound, "", nil)
	case k.MergedInto != 0:
		return k, fail(consult.Conflict, "", errConcernMerged)
	}
	return k, nil
}

// answered tells whether everybody can read an answer to the concern.
func (a *act) answered(concern consult.ID) (bool, error) {
	n, err := one(&a.conn, number, `SELECT COUNT(*) FROM answer WHERE concern = $1 AND state IN ('published', 'replaced')`, concern)
	return n > 0, err
}

// notAnswered refuses what would take a published answer out of sight; field is what the officer wanted.
func (a *act) notAnswered(concern consult.ID, field string) error {
	answered, err := a.answered(concern)
	if err == nil && answered {
		err = &consult.Error{Kind: consult.Invalid, Fields: []consult.FieldError{{Field: field, Rule: "concern_answered"}}}
	}
	return err
}

func (a *act) create(k consult.Concern) error {
	a.Became = k.Face()
	return a.insert(`INSERT INTO concern (id, consultation, title, service, merged_into, shown_at, version, created_at, updated_at)`, [][]any{{
		k.ID, k.Consultation, k.Title, k.Service, 0, k.ShownAt, 1, k.CreatedAt, k.UpdatedAt}}, "")
}

// placed is a row of concern_point.
type placed struct {
	ref     consult.PointRef
	concern consult.ID
	how     consult.ByHow
	by      string
	addedAt int64
}

func scanPlaced(r row) (p placed, err error) {
	return p, r.Scan(&p.ref.Source, &p.ref.Topic, &p.concern, &p.how, &p.by, &p.addedAt)
}

const placedColumns = `p.source, p.topic, p.concern, p.how, p.by_whom, p.added_at`

// where finds the places of points by reference.
func (a *act) where(refs []consult.PointRef) (map[consult.PointRef][]placed, error) {
	found := map[consult.PointRef][]placed{}
	err := eachSource(refs, func(sources []consult.ID) error {
		var q text
		q.add(`SELECT ` + placedColumns + ` FROM concern_point p WHERE p.source IN `)
		in(&q, sources)
		return a.each(func(r row) error {
			p, err := scanPlaced(r)
			found[p.ref] = append(found[p.ref], p)
			return err
		}, q.String(), q.args...)
	})
	return found, err
}

// mustExist refuses references that do not count, and drops those that came twice.
func (a *act) mustExist(refs []consult.PointRef) ([]consult.PointRef, error) {
	there := map[consult.PointRef]bool{}
	err := eachSource(refs, func(sources []consult.ID) error {
		for _, rows := range []string{
			`SELECT c.id, p.topic FROM comment c JOIN comment_point p ON p.comment = c.id
				WHERE c.consultation = ? AND c.state NOT IN ('withdrawn', 'superseded') AND c.id IN `,
			`SELECT m.id, '' FROM message m JOIN thread t ON t.id = m.thread
				WHERE t.consultation = ? AND m.author = 'resident' AND m.state = 'visible' AND m.id IN `,
		} {
			var q text
			q.add(rows, a.ConcernChange.Consultation)
			in(&q, sources)
			if err := a.each(func(r row) error {
				var ref consult.PointRef
				err := r.Scan(&ref.Source, &ref.Topic)
				there[ref] = true
				return err
			}, q.String(), q.args...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var each []consult.PointRef
	seen := map[consult.PointRef]bool{}
	for _, r := range refs {
		if !there[r] {
			return nil, fail(consult.Conflict, "", errPointGone)
		}
		if !seen[r] {
			seen[r] = true
			each = append(each, r)
		}
	}
	return each, nil
}

// put adds rows, and keeps that it did.
func (a *act) put(rows []placed) error {
	var values, kept [][]any
	for _, p := range rows {
		values = append(values, []any{p.ref.Source, p.ref.Topic, p.concern, p.how, p.by, p.addedAt})
		kept = append(kept, []any{a.ID, p.ref.Source, p.ref.Topic, p.concern, true, p.how, p.by, p.addedAt})
	}
	if err := a.insert(`INSERT INTO concern_point (source, topic, concern, how, by_whom, added_at)`, values, ""); err != nil {
		return err
	}
	if err := a.answerPoints(rows); err != nil {
		return err
	}
	return a.insert(changePoint, kept, "")
}

// take removes rows that are there, and keeps that it did.
func (a *act) take(rows []placed) error {
	type column struct {
		concern consult.ID
		topic   consult.Topic
	}
	sources := map[column][]consult.ID{}
	var kept [][]any
	for _, p := range rows {
		at := column{p.concern, p.ref.Topic}
		sources[at] = append(sources[at], p.ref.Source)
		kept = append(kept, []any{a.ID, p.ref.Source, p.ref.Topic, p.concern, false, p.how, p.by, p.addedAt})
	}
	for at, all := range sources {
		for some := range slices.Chunk(all, maxArguments) {
			var q text
			q.add(`DELETE FROM concern_point WHERE concern = ? AND topic = ? AND source IN `, at.concern, at.topic)
			in(&q, some)
			n, err := a.exec(q.String(), q.args...)
			if err != nil {
				return err
			}
			if n != int64(len(some)) {
				return fail(consult.Conflict, "", errPointMoved)
			}
		}
	}
	return a.insert(changePoint, kept, "")
}

const changePoint = `INSERT INTO concern_change_point (change, source, topic, concern, added, how, by_whom, added_at)`

// add puts points into a concern, those that are there already left as they are.
func (a *act) add(refs []consult.PointRef, concern consult.ID, by consult.ByHow, loose bool) error {
	refs, err := a.mustExist(refs)
	if err != nil {
		return err
	}
	have, err := a.where(refs)
	if err != nil {
		return err
	}
	var rows []placed
	for _, r := range refs {
		if loose && len(have[r]) > 0 {
			return fail(consult.Conflict, "", errPointMoved)
		}
		if !among(have[r], concern) {
			rows = append(rows, placed{r, concern, by, a.By, a.Change.At.UnixMicro()})
		}
	}
	if len(rows) == 0 && len(refs) > 0 {
		return errNothing
	}
	return a.put(rows)
}

// among tells whether one of a point's places is the concern.
func among(places []placed, concern consult.ID) bool {
	return slices.ContainsFunc(places, func(p placed) bool { return p.concern == concern })
}

// move takes points out of a concern and, unless to is 0, puts them into another.
func (a *act) move(refs []consult.PointRef, from, to consult.ID) error {
	if from == to {
		return fail(consult.Conflict, "", errPointMoved)
	}
	have, err := a.where(refs)
	if err != nil {
		return err
	}
	var out, into []placed
	seen := map[consult.PointRef]bool{}
	for _, r := range refs {
		if seen[r] {
			continue
		}
		seen[r] = true
		if !among(have[r], from) {
			return fail(consult.Conflict, "", errPointMoved)
		}
		for _, p := range have[r] {
			if p.concern == from {
				out = append(out, p)
				if to != 0 && !among(have[r], to) {
					into = append(into, placed{r, to, p.how, a.By, a.Change.At.UnixMicro()})
				}
			}
		}
	}
	if err := a.take(out); err != nil {
		return err
	}
	return a.put(into)
}
