package store

import (
	"context"
	"slices"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// Act does one thing with items, one transaction and one row of the log, however many they are.
func (s *Store) Act(ctx context.Context, a consult.DeskAct, items []consult.ID, version int, ch consult.Change) (consult.DeskDone, error) {
	var done consult.DeskDone
	err := s.change(ctx, "work on items", ch, a.ID, func(w *change) (err error) {
		if done, err = w.act(a, items, version); err == nil && done.Changed == 0 {
			return errNothing
		}
		return err
	})
	return done, err
}

// act changes what is not so already and what nobody changed since the officer looked.
func (w *change) act(a consult.DeskAct, ids []consult.ID, version int) (consult.DeskDone, error) {
	items, err := w.heldItems(ids)
	if err != nil {
		return consult.DeskDone{}, err
	}
	mentioned, err := w.takeOff(a, ids)
	if err != nil {
		return consult.DeskDone{}, err
	}
	done := consult.DeskDone{Act: a}
	var changed []consult.DeskItem
	var kept [][]any
	for _, i := range items {
		next := a.On(i.Assignment)
		switch {
		case version >= 0 && i.Version != version || a.PassesBy(i):
			done.Skipped = append(done.Skipped, consult.DeskSkip{Item: i.Item, By: i.ChangedBy, At: i.ChangedAt})
			continue
		case i.Lies(next) && !mentioned[i.Item] && a.Note == "" && a.Kind != consult.ActRoute:
			done.Same++
			continue
		}
		from := i.Assignment
		i.Assignment, i.ChangedBy = next, a.By
		i.Version++
		changed = append(changed, i)
		kept = append(kept, []any{a.ID, i.Item, from.Officer, from.Service, from.Snoozed, next.Officer, next.Service, next.Snoozed, i.Version})
	}
	done.Changed, done.Act.Items = len(changed), len(changed)
	if len(changed) == 0 {
		return done, nil
	}
	return done, w.keepAct(done.Act, changed, kept)
}

func (w *change) keepAct(a consult.DeskAct, changed []consult.DeskItem, kept [][]any) error {
	if err := w.insert(`INSERT INTO desk_act (id, kind, officer, to_officer, to_service, until, rule, items, at, undone_at)`,
		[][]any{{a.ID, a.Kind, a.By, a.Officer, a.Service, a.Until, a.Rule, a.Items, w.At, 0}}, ""); err != nil {
		return err
	}
	if err := w.insert(`INSERT INTO desk_act_item (act, item, from_officer, from_service, from_snoozed, to_officer, to_service, to_snoozed, version)`,
		kept, ""); err != nil {
		return err
	}
	if err := w.layItems(changed); err != nil {
		return err
	}
	if err := w.serve(changed); err != nil || a.Note == "" {
		return err
	}
	for _, i := range changed {
		note := consult.DeskNote{ID: consult.NewID(w.At), Item: i.Item, Consultation: i.Consultation, Act: a.ID, By: a.By, Body: a.Note}
		if err := w.keepNote(note); err != nil {
			return err
		}
	}
	return nil
}

// takeOff marks the mentions of an officer on items as dealt with, where that is the act, and says where there were any.
func (w *change) takeOff(a consult.DeskAct, ids []consult.ID) (map[consult.ID]bool, error) {
	found := map[consult.ID]bool{}
	if a.Kind != consult.ActOff {
		return found, nil
	}
	for chunk := range slices.Chunk(ids, maxArguments) {
		var q text
		q.add(`UPDATE desk_mention SET done_at = ?, done_act = ? WHERE officer = ? AND done_at = 0 AND item IN `, w.At, a.ID, a.By)
		in(&q, chunk)
		q.add(` RETURNING item`)
		items, err := list(&w.conn, id, q.String(), q.args...)
		if err != nil {
			return nil, err
		}
		for _, i := range items {
			found[i] = true
		}
	}
	return found, nil
}

const actColumns = `a.id, a.kind, a.officer, a.to_officer, a.to_service, a.until, a.rule, a.items, a.at, a.undone_at`

func actFields(a *consult.DeskAct) []any {
	return []any{&a.ID, &a.Kind, &a.By, &a.Officer, &a.Service, moment(&a.Until), &a.Rule, &a.Items, moment(&a.At), moment(&a.Undone)}
}

func scanAct(r row) (a consult.DeskAct, err error) { return a, r.Scan(actFields(&a)...) }

const actByID = `SELECT ` + actColumns + ` FROM desk_act a WHERE a.id = $1`

// DeskAct finds one.
func (s *Store) DeskAct(ctx context.Context, id consult.ID) (consult.DeskAct, error) {
	a, err := one(s.reading(ctx), scanAct, actByID, id)
	return a, failure("read act", err)
}

// LastAct finds what an officer did last and has not taken back. Of two acts in one millisecond the log knows the later.
func (s *Store) LastAct(ctx context.Context, officer consult.ID, since time.Time) (consult.DeskAct, error) {
	a, err := one(s.reading(ctx), scanAct, `SELECT `+actColumns+` FROM desk_act a WHERE a.officer = $1 AND a.undone_at = 0 AND a.at >= $2
		ORDER BY (SELECT MAX(l.seq) FROM audit l WHERE l.subject = a.id) DESC, a.id DESC LIMIT 1`, officer, since)
	return a, failure("read act", err)
}

// Undo puts back exactly what an act changed, where nobody changed it since.
func (s *Store) Undo(ctx context.Context, act, by consult.ID, ch consult.Change) (consult.DeskDone, error) {
	var done consult.DeskDone
	err := s.change(ctx, "undo", ch, act, func(w *change) error {
		n, err := w.exec(`UPDATE desk_act SET undone_at = $1 WHERE id = $2 AND undone_at = 0`, w.At, act)
		if err != nil {
			return err
		}
		if n == 0 {
			return fail(consult.Conflict, "", errUndone)
		}
		done, err = w.undo(act, by)
		return err
	})
	return done, err
}

func (w *change) undo(act, by consult.ID) (consult.DeskDone, error) {
	a, err := one(&w.conn, scanAct, actByID, act)
	if err != nil {
		return consult.DeskDone{}, err
	}
	before := map[consult.ID]consult.DeskItem{}
	var ids []consult.ID
	err = w.each(func(r row) error {
		var i consult.DeskItem
		err := r.Scan(&i.Item, &i.Officer, &i.Service, moment(&i.Snoozed), &i.Version)
		before[i.Item], ids = i, append(ids, i.Item)
		return err
	}, `SELECT item, from_officer, from_service, from_snoozed, version FROM desk_act_item WHERE act = $1 ORDER BY item`, act)
	if err != nil {
		return consult.DeskDone{}, err
	}
	items, err := w.heldItems(ids)
	if err != nil {
		return consult.DeskDone{}, err
	}
	done := consult.DeskDone{Act: a}
	var back []consult.DeskItem
	for _, i := range items {
		was := before[i.Item]
		if i.Version != was.Version {
			done.Skipped = append(done.Skipped, consult.DeskSkip{Item: i.Item, By: i.ChangedBy, At: i.ChangedAt})
			continue
		}
		i.Assignment, i.ChangedBy = was.Assignment, by
		i.Version++
		back = append(back, i)
	}
	done.Changed = len(back)
	if err := w.layItems(back); err != nil {
		return done, err
	}
	if err := w.serve(back); err != nil {
		return done, err
	}
	return done, w.undoWords(act)
}

// undoWords takes back the note of a hand-over and lets mentions wait again.
func (w *change) undoWords(act consult.ID) error {
	for _, statement := range []string{
		`UPDATE desk_mention SET done_at = 0, done_act = 0 WHERE done_act = $1`,
		`DELETE FROM desk_note WHERE act = $1`,
	} {
		if _, err := w.exec(statement, act); err != nil {
			return err
		}
	}
	return nil
}
