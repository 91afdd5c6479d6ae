package store

import (
	"context"
	"slices"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

const deskColumns = `x.what, x.id, x.consultation, x.service, COALESCE(d.officer, 0), COALESCE(d.service, ''), COALESCE(d.snoozed_until, 0),
	COALESCE(d.version, 0), COALESCE(d.changed_by, 0), COALESCE(d.changed_at, 0)`

// everyItem is what can lie on the desk: comments, and threads that are no comment's own.
const everyItem = `(SELECT 'comment' AS what, c.id AS id, c.consultation AS consultation, k.service AS service FROM comment c
		JOIN consultation k ON k.id = c.consultation
	UNION ALL SELECT 'thread', t.id, t.consultation, k.service FROM thread t JOIN consultation k ON k.id = t.consultation
		WHERE t.anchor <> 'comment') x LEFT JOIN desk_item d ON d.item = x.id`

func scanDeskItem(r row) (i consult.DeskItem, err error) {
	return i, r.Scan(&i.What, &i.Item, &i.Consultation, &i.Home, &i.Officer, &i.Service, moment(&i.Snoozed), &i.Version, &i.ChangedBy, moment(&i.ChangedAt))
}

// DeskItem finds an item; of a comment's thread or a message its comment or thread.
func (s *Store) DeskItem(ctx context.Context, of consult.ID) (i consult.DeskItem, err error) {
	err = s.snapshot(ctx, "read item", false, func(c *conn) error {
		found, err := list(c, id, `SELECT `+threadItem+` FROM thread t WHERE t.id = $1 OR t.id = (SELECT m.thread FROM message m WHERE m.id = $1)`, of)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			of = found[0]
		}
		items, err := deskItems(c, []consult.ID{of})
		if err == nil && len(items) == 0 {
			err = fail(consult.NotFound, "", nil)
		}
		if err == nil {
			i = items[0]
		}
		return err
	})
	return i, err
}

// DeskItems reads where items lie, in the order of the ids.
func (s *Store) DeskItems(ctx context.Context, ids []consult.ID) ([]consult.DeskItem, error) {
	items, err := deskItems(s.reading(ctx), ids)
	return items, failure("read items", err)
}

func deskItems(c *conn, ids []consult.ID) ([]consult.DeskItem, error) {
	found := make([]consult.DeskItem, 0, len(ids))
	for chunk := range slices.Chunk(ids, maxArguments) {
		var q text
		q.add(`SELECT ` + deskColumns + ` FROM ` + everyItem + ` WHERE x.id IN `)
		in(&q, chunk)
		some, err := list(c, scanDeskItem, q.String(), q.args...)
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	place := make(map[consult.ID]int, len(ids))
	for i, id := range ids {
		place[id] = i
	}
	slices.SortFunc(found, func(a, b consult.DeskItem) int { return place[a.Item] - place[b.Item] })
	return found, nil
}

// heldItems locks the rows of items until the commit, making those that have none, and reads where they lie. Always in the order of the
// ids, so that two acts on the same items never wait for each other.
func (w *change) heldItems(ids []consult.ID) ([]consult.DeskItem, error) {
	found, err := deskItems(&w.conn, ids)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(found, func(a, b consult.DeskItem) int { return int(min(max(a.Item-b.Item, -1), 1)) })
	var rows [][]any
	for _, i := range found {
		rows = append(rows, []any{i.Item, i.What, i.Consultation, 0, "", 0, 0, 0, 0})
	}
	for chunk := range slices.Chunk(rows, maxArguments/9) {
		if err := w.insert(`INSERT INTO desk_item (item, what, consultation, officer, service, snoozed_until, version, changed_by, changed_at)`,
			chunk, `ON CONFLICT (item) DO UPDATE SET version = desk_item.version`); err != nil {
			return nil, err
		}
	}
	return deskItems(&w.conn, ids) // again, now that they are locked: a colleague may have been faster
}

// layItems writes where items lie now; their versions are the new ones already.
func (w *change) layItems(items []consult.DeskItem) error {
	var rows [][]any
	for _, i := range items {
		rows = append(rows, []any{i.Item, i.What, i.Consultation, i.Officer, i.Service, i.Snoozed, i.Version, i.ChangedBy, w.At})
	}
	return w.insert(`INSERT INTO desk_item (item, what, consultation, officer, service, snoozed_until, version, changed_by, changed_at)`, rows,
		`ON CONFLICT (item) DO UPDATE SET officer = excluded.officer, service = excluded.service, snoozed_until = excluded.snoozed_until,
			version = excluded.version, changed_by = excluded.changed_by, changed_at = excluded.changed_at`)
}

// returned ends the rest of an item whose resident wrote again.
func (w *change) returned(item consult.ID) error {
	resting, err := list(&w.conn, id, `SELECT item FROM desk_item WHERE item = $1 AND snoozed_until > $2`, item, w.At)
	if err != nil || len(resting) == 0 {
		return err
	}
	_, err = w.act(consult.DeskAct{ID: consult.NewID(w.At), Kind: consult.ActReturn, At: w.At}, resting, -1)
	return err
}

// DeskNews counts what changed since a moment.
func (s *Store) DeskNews(ctx context.Context, officer consult.ID, since, now time.Time) (consult.DeskNews, error) {
	news := consult.DeskNews{Since: since}
	err := s.snapshot(ctx, "count what changed", false, func(c *conn) error {
		for _, count := range []struct {
			into  *int
			query string
			args  []any
		}{
			{&news.Came, `SELECT (SELECT COUNT(*) FROM comment WHERE received_at > $1 AND state NOT IN ('withdrawn', 'superseded'))
				+ (SELECT COUNT(*) FROM thread t WHERE t.waiting_since > $1)`, []any{since}},
			{&news.Answered, `SELECT COUNT(*) FROM comment WHERE answered_at > 0 AND answered_at > $1`, []any{since}},
			{&news.Assigned, `SELECT COUNT(*) FROM desk_item WHERE officer = $1 AND officer > 0 AND changed_by <> $1 AND changed_at > $2`, []any{officer, since}},
			{&news.Returned, `SELECT COUNT(*) FROM desk_item WHERE officer = $1 AND officer > 0 AND (snoozed_until > $2 AND snoozed_until <= $3
				OR changed_at > $2 AND EXISTS (SELECT 1 FROM desk_act_item i JOIN desk_act a ON a.id = i.act
					WHERE i.item = desk_item.item AND a.kind = 'return' AND a.at > $2))`, []any{officer, since, now}},
			{&news.Mentions, `SELECT COUNT(*) FROM desk_mention WHERE officer = $1 AND done_at = 0 AND at > $2`, []any{officer, since}},
		} {
			n, err := one(c, number, count.query, count.args...)
			if err != nil {
				return err
			}
			*count.into = int(n)
		}
		return nil
	})
	return news, err
}
