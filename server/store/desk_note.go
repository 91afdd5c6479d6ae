package store

import (
	"context"

	"github.com/yousaid/yousaid/server/consult"
)

// SaveNote keeps what an officer wrote about an item, and whom it names.
func (s *Store) SaveNote(ctx context.Context, n consult.DeskNote, ch consult.Change) error {
	return s.change(ctx, "save note", ch, n.ID, func(w *change) error { return w.keepNote(n) })
}

func (w *change) keepNote(n consult.DeskNote) error {
	if err := w.insert(`INSERT INTO desk_note (id, item, consultation, act, officer, body, at)`,
		[][]any{{n.ID, n.Item, n.Consultation, n.Act, n.By, n.Body, w.At}}, ""); err != nil {
		return err
	}
	var rows [][]any
	for _, officer := range n.Mentions {
		rows = append(rows, []any{n.ID, officer, n.Item, w.At, 0, 0})
	}
	return w.insert(`INSERT INTO desk_mention (note, officer, item, at, done_at, done_act)`, rows, "")
}

// Notes lists what was written about an item, newest first.
func (s *Store) Notes(ctx context.Context, item consult.ID, offset, limit int) (notes []consult.DeskNote, total int, err error) {
	err = s.snapshot(ctx, "list notes", false, func(c *conn) error {
		n, err := one(c, number, `SELECT COUNT(*) FROM desk_note WHERE item = $1`, item)
		if err != nil {
			return err
		}
		total = int(n)
		notes, err = list(c, func(r row) (n consult.DeskNote, err error) {
			return n, r.Scan(&n.ID, &n.Item, &n.Consultation, &n.Act, &n.By, &n.Body, moment(&n.At))
		}, `SELECT id, item, consultation, act, officer, body, at FROM desk_note WHERE item = $1 ORDER BY id DESC LIMIT $2 OFFSET $3`,
			item, pageSize(limit), max(offset, 0))
		if err != nil {
			return err
		}
		return addMentions(c, notes)
	})
	return notes, total, err
}

func addMentions(c *conn, notes []consult.DeskNote) error {
	if len(notes) == 0 {
		return nil
	}
	at := map[consult.ID]*consult.DeskNote{}
	var ids []consult.ID
	for i := range notes {
		at[notes[i].ID] = &notes[i]
		ids = append(ids, notes[i].ID)
	}
	var q text
	q.add(`SELECT note, officer FROM desk_mention WHERE note IN `)
	in(&q, ids)
	q.add(` ORDER BY note, officer`)
	return c.each(func(r row) error {
		var note, officer consult.ID
		err := r.Scan(&note, &officer)
		if err == nil {
			at[note].Mentions = append(at[note].Mentions, officer)
		}
		return err
	}, q.String(), q.args...)
}

// itemRows are the rows of the log about an item: the comment, its thread, the messages in it, what was done with it on the desk.
const itemRows = `SELECT $1 UNION SELECT t.id FROM thread t WHERE t.anchor = 'comment' AND t.anchor_id = $1
	UNION SELECT m.id FROM message m WHERE m.thread = $1
	UNION SELECT m.id FROM message m JOIN thread t ON t.id = m.thread WHERE t.anchor = 'comment' AND t.anchor_id = $1
	UNION SELECT i.act FROM desk_act_item i WHERE i.item = $1
	UNION SELECT n.id FROM desk_note n WHERE n.item = $1`

// timelineRows adds what the site did by itself, which has no row of its own in the log.
const timelineRows = `SELECT a.at AS at, a.seq AS seq, a.actor_kind AS actor_kind, a.actor AS actor, a.action AS action, a.detail AS detail,
		a.subject AS subject FROM audit a WHERE a.subject IN (` + itemRows + `)
	UNION ALL SELECT a.at, 0, 'system', 0, 'desk.' || a.kind, a.rule, a.id FROM desk_act a JOIN desk_act_item i ON i.act = a.id
		WHERE i.item = $1 AND a.officer = 0`

// Timeline lists everything that was done with an item and every time somebody opened it, newest first.
func (s *Store) Timeline(ctx context.Context, item consult.ID, offset, limit int) (rows []consult.TimelineRow, total int, err error) {
	err = s.snapshot(ctx, "read timeline", false, func(c *conn) error {
		n, err := one(c, number, `SELECT COUNT(*) FROM (`+timelineRows+`) x`, item)
		if err != nil {
			return err
		}
		total = int(n)
		rows, err = list(c, func(r row) (t consult.TimelineRow, err error) {
			return t, r.Scan(moment(&t.At), &t.ActorKind, &t.Actor, &t.Action, &t.Detail, &t.Subject)
		}, `SELECT at, actor_kind, actor, action, detail, subject FROM (`+timelineRows+`) x ORDER BY at DESC, seq DESC, subject DESC LIMIT $2 OFFSET $3`,
			item, pageSize(limit), max(offset, 0))
		if err != nil {
			return err
		}
		return addActs(c, item, rows)
	})
	return rows, total, err
}

// addActs says of the desk's rows what they changed.
func addActs(c *conn, item consult.ID, rows []consult.TimelineRow) error {
	at := map[consult.ID][]*consult.TimelineRow{}
	var ids []consult.ID
	for i := range rows {
		at[rows[i].Subject] = append(at[rows[i].Subject], &rows[i])
		ids = append(ids, rows[i].Subject)
	}
	if len(ids) == 0 {
		return nil
	}
	var q text
	q.add(`SELECT `+actColumns+`, i.from_officer, i.from_service, i.from_snoozed, i.to_officer, i.to_service, i.to_snoozed
		FROM desk_act a JOIN desk_act_item i ON i.act = a.id WHERE i.item = ? AND a.id IN `, item)
	in(&q, ids)
	return c.each(func(r row) error {
		var a consult.DeskAct
		var from, to consult.Assignment
		err := r.Scan(append(actFields(&a), &from.Officer, &from.Service, moment(&from.Snoozed), &to.Officer, &to.Service, moment(&to.Snoozed))...)
		for _, t := range at[a.ID] {
			act := a
			t.Act, t.From, t.To = &act, from, to
		}
		return err
	}, q.String(), q.args...)
}
