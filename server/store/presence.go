package store

import (
	"context"
	"errors"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// Attend notes that an officer is at an item, forgets those whose lease ended, and lists the others at the item.
func (s *Store) Attend(ctx context.Context, p consult.Presence, ended time.Time) ([]consult.Presence, error) {
	var others []consult.Presence
	err := s.quietly(ctx, "attend item", func(c *conn) (err error) {
		if _, err := c.exec(`DELETE FROM presence WHERE at <= $1`, ended); err != nil {
			return err
		}
		if _, err := c.exec(`INSERT INTO presence (item, officer, writing, at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (item, officer) DO UPDATE SET writing = excluded.writing, at = excluded.at`, p.Item, p.Officer, p.Writing, p.At); err != nil {
			return err
		}
		others, err = list(c, func(r row) (o consult.Presence, err error) {
			return o, r.Scan(&o.Item, &o.Officer, &o.Writing, moment(&o.At), &o.Name, &o.Service)
		}, `SELECT p.item, p.officer, p.writing, p.at, o.name, o.service FROM presence p JOIN officer o ON o.id = p.officer
			WHERE p.item = $1 AND p.officer <> $2 ORDER BY o.name, o.id`, p.Item, p.Officer)
		return err
	})
	return others, err
}

// LatestOfficial is the latest visible official message of a thread behind a number.
func (s *Store) LatestOfficial(ctx context.Context, thread consult.ID, after int64) (consult.Message, error) {
	m, err := one(s.reading(ctx), scanMessage, `SELECT `+messageColumns+` FROM message m WHERE m.thread = $1 AND m.author = 'officer'
		AND m.state = 'visible' AND m.seq > $2 ORDER BY m.seq DESC LIMIT 1`, thread, after)
	return m, failure("read latest answer", err)
}

// SaveReplyDraft keeps what an officer is writing; nothing forgets it.
func (s *Store) SaveReplyDraft(ctx context.Context, d consult.ReplyDraft) error {
	return s.quietly(ctx, "keep reply draft", func(c *conn) error {
		if d.Body == "" {
			_, err := c.exec(`DELETE FROM reply_draft WHERE item = $1 AND officer = $2`, d.Item, d.Officer)
			return err
		}
		_, err := c.exec(`INSERT INTO reply_draft (item, officer, body, at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (item, officer) DO UPDATE SET body = excluded.body, at = excluded.at`, d.Item, d.Officer, d.Body, d.At)
		return err
	})
}

func scanReplyDraft(r row) (d consult.ReplyDraft, err error) {
	return d, r.Scan(&d.Item, &d.Officer, &d.Body, moment(&d.At))
}

// ReplyDraft is what an officer is writing to an item.
func (s *Store) ReplyDraft(ctx context.Context, item, officer consult.ID) (consult.ReplyDraft, error) {
	d, err := one(s.reading(ctx), scanReplyDraft, `SELECT item, officer, body, at FROM reply_draft WHERE item = $1 AND officer = $2`, item, officer)
	return d, failure("read reply draft", err)
}

// ReplyDrafts are what colleagues of an officer are writing to an item.
func (s *Store) ReplyDrafts(ctx context.Context, item, besides consult.ID) ([]consult.ReplyDraft, error) {
	l, err := list(s.reading(ctx), scanReplyDraft, `SELECT item, officer, body, at FROM reply_draft WHERE item = $1 AND officer <> $2 ORDER BY at, officer`,
		item, besides)
	return l, failure("read reply drafts", err)
}

// guardReply refuses an official message whose writer had not seen the latest one; the thread is locked by now. What was drafted for
// the thread, or for what it hangs on, is said with it.
func (w *change) guardReply(t consult.Thread, m consult.Message) error {
	if m.Author != consult.ByOfficer {
		return nil
	}
	if m.Guarded {
		n, err := one(&w.conn, number, `SELECT COUNT(*) FROM message WHERE thread = $1 AND author = 'officer' AND state = 'visible' AND seq > $2`, t.ID, m.Seen)
		if err == nil && n > 0 {
			err = fail(consult.Conflict, "", errors.New("a colleague has answered meanwhile"))
		}
		if err != nil {
			return err
		}
	}
	_, err := w.exec(`DELETE FROM reply_draft WHERE officer = $1 AND item IN ($2, $3)`, w.Actor.ID, t.ID, t.AnchorID)
	return err
}
