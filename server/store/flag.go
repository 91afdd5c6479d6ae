package store

import (
	"context"
	"slices"

	"github.com/yousaid/yousaid/server/consult"
)

const flagColumns = `f.thing, f.visitor, f.consultation, f.rule, f.words, f.at, f.decided_at, f.outcome`

func scanFlag(r row) (f consult.Flag, err error) {
	return f, r.Scan(&f.Thing, &f.Visitor, &f.Consultation, &f.Rule, &f.Words, moment(&f.At), moment(&f.DecidedAt), &f.Outcome)
}

// SaveFlag keeps one flag by (thing, visitor).
func (s *Store) SaveFlag(ctx context.Context, f consult.Flag, ch consult.Change) (fresh bool, err error) {
	err = s.change(ctx, "flag", ch, f.Thing, func(w *change) error {
		n, err := w.exec(`INSERT INTO flag (thing, visitor, consultation, rule, words, at, decided_at, outcome)
			VALUES ($1, $2, $3, $4, $5, $6, 0, '') ON CONFLICT DO NOTHING`, f.Thing, f.Visitor, f.Consultation, f.Rule, f.Words, f.At)
		fresh = n == 1
		if err == nil && n == 0 {
			err = errNothing
		}
		return err
	})
	return fresh && err == nil, err
}

// FlagOf finds what a visitor told of a thing.
func (s *Store) FlagOf(ctx context.Context, thing, visitor consult.ID) (consult.Flag, error) {
	f, err := one(s.reading(ctx), scanFlag, `SELECT `+flagColumns+` FROM flag f WHERE f.thing = $1 AND f.visitor = $2`, thing, visitor)
	return f, failure("find flag", err)
}

// FlagsOf lists a thing's flags: those that wait first, each group newest first.
func (s *Store) FlagsOf(ctx context.Context, thing consult.ID, offset, limit int) (found []consult.Flag, total int, err error) {
	err = s.snapshot(ctx, "list flags", false, func(c *conn) error {
		n, err := one(c, number, `SELECT COUNT(*) FROM flag WHERE thing = $1`, thing)
		if err != nil {
			return err
		}
		total = int(n)
		found, err = list(c, scanFlag, `SELECT `+flagColumns+` FROM flag f WHERE f.thing = $1
			ORDER BY CASE WHEN f.decided_at = 0 THEN 0 ELSE 1 END, f.at DESC, f.visitor LIMIT $2 OFFSET $3`, thing, pageSize(limit), max(offset, 0))
		return err
	})
	return found, total, err
}

// waitingThings are the things that wait for a moderator: flags of what can be read, and objections.
const waitingThings = `SELECT f.thing AS thing, f.consultation AS consultation, 1 AS flags, 0 AS objections, f.at AS at FROM flag f WHERE f.decided_at = 0
		AND (EXISTS (SELECT 1 FROM comment c WHERE c.id = f.thing AND c.state = 'published')
			OR EXISTS (SELECT 1 FROM message m WHERE m.id = f.thing AND m.state = 'visible'))
	UNION ALL SELECT o.thing, o.consultation, 0, 1, o.at FROM objection o WHERE o.decided_at = 0`

// FlaggedThings lists what waits, objections first, then by how many flagged it.
func (s *Store) FlaggedThings(ctx context.Context, offset, limit int) (found []consult.FlaggedThing, total int, err error) {
	err = s.snapshot(ctx, "list flagged things", false, func(c *conn) error {
		n, err := one(c, number, `SELECT COUNT(*) FROM (SELECT DISTINCT thing FROM (`+waitingThings+`) w) d`)
		if err != nil {
			return err
		}
		total = int(n)
		found, err = list(c, func(r row) (f consult.FlaggedThing, err error) {
			var objections int
			err = r.Scan(&f.Thing, &f.Consultation, &f.Heading, &f.Flags, &objections, moment(&f.Since))
			f.Objection = objections > 0
			return f, err
		}, `SELECT w.thing, w.consultation, COALESCE(MAX(k.title), ''), SUM(w.flags), SUM(w.objections), MIN(w.at) FROM (`+waitingThings+`) w
			LEFT JOIN consultation k ON k.id = w.consultation GROUP BY w.thing, w.consultation
			ORDER BY SUM(w.objections) DESC, SUM(w.flags) DESC, MIN(w.at), w.thing LIMIT $1 OFFSET $2`, pageSize(limit), max(offset, 0))
		if err != nil {
			return err
		}
		return addRules(c, found)
	})
	return found, total, err
}

// addRules reads under which rules things were flagged.
func addRules(c *conn, things []consult.FlaggedThing) error {
	var ids []consult.ID
	for _, t := range things {
		ids = append(ids, t.Thing)
	}
	if len(ids) == 0 {
		return nil
	}
	var q text
	q.add(`SELECT DISTINCT thing, rule FROM flag WHERE decided_at = 0 AND thing IN `)
	in(&q, ids)
	q.add(` ORDER BY rule`)
	return c.each(func(r row) error {
		var thing consult.ID
		var rule string
		err := r.Scan(&thing, &rule)
		i := slices.Index(ids, thing)
		things[i].Rules = append(things[i].Rules, rule)
		return err
	}, q.String(), q.args...)
}

// SaveObjection keeps an objection. One decision can be objected to once.
func (s *Store) SaveObjection(ctx context.Context, o consult.Objection, ch consult.Change) error {
	return s.change(ctx, "object", ch, o.ID, func(w *change) error {
		return w.insert(`INSERT INTO objection (id, thing, consultation, decision, officer, words, at, decided_at, outcome)`, [][]any{{
			o.ID, o.Thing, o.Consultation, o.Decision, o.Officer, o.Words, o.At, 0, ""}}, `ON CONFLICT DO NOTHING`)
	})
}

// Objections lists those to one thing, newest first.
func (s *Store) Objections(ctx context.Context, thing consult.ID) ([]consult.Objection, error) {
	l, err := list(s.reading(ctx), func(r row) (o consult.Objection, err error) {
		return o, r.Scan(&o.ID, &o.Thing, &o.Consultation, &o.Decision, &o.Officer, &o.Words, moment(&o.At), moment(&o.DecidedAt), &o.Outcome)
	}, `SELECT id, thing, consultation, decision, officer, words, at, decided_at, outcome FROM objection WHERE thing = $1 ORDER BY id DESC`, thing)
	return l, failure("list objections", err)
}
