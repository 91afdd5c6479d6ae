package store

import (
	"context"
	"errors"

	"github.com/yousaid/yousaid/server/consult"
)

// StartThread keeps a thread with its first message. A comment has one thread: when there is one
// already, also when another officer made it a moment ago, the message goes there. The message's own event may be among
// ch.Events or not.
func (s *Store) StartThread(ctx context.Context, t consult.Thread, first consult.Message, ch consult.Change) (consult.Posted, error) {
	var posted consult.Posted
	err := s.change(ctx, "start thread", ch, first.ID, func(w *change) error {
		thread, err := w.insertThread(t)
		if err != nil {
			return err
		}
		m := first
		m.Thread = thread
		w.aim(t.ID, thread)
		if posted, err = w.post(m); err != nil {
			return err
		}
		if t.Anchor != consult.OnComment {
			return w.arrived(thread, m)
		}
		n, err := w.exec(`UPDATE comment SET thread = $1 WHERE id = $2`, thread, t.AnchorID)
		if err == nil && n == 0 {
			err = fail(consult.NotFound, "", errors.New("no such comment"))
		}
		return err
	})
	return posted, err
}

// insertThread makes the thread or finds the one its comment has.
func (w *change) insertThread(t consult.Thread) (consult.ID, error) {
	if t.Epoch == "" {
		t.Epoch = newEpoch()
	}
	n, err := w.exec(`INSERT INTO thread (id, consultation, anchor, anchor_id, title, epoch, seq, locked, waiting_message, waiting_since,
		answer_due, created_at, last_at, messages) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, 0, 0, 0, $8, $8, 0)
		ON CONFLICT (anchor_id) WHERE anchor = 'comment' DO NOTHING`,
		t.ID, t.Consultation, t.Anchor, t.AnchorID, t.Title, t.Epoch, t.Locked, t.CreatedAt)
	if err != nil || n == 1 {
		return t.ID, err
	}
	return one(&w.conn, id, `SELECT id FROM thread WHERE anchor = 'comment' AND anchor_id = $1`, t.AnchorID)
}

// PostMessage appends a message. Closed when the thread is locked. The message's own event may be among ch.Events or not.
func (s *Store) PostMessage(ctx context.Context, m consult.Message, ch consult.Change) (consult.Posted, error) {
	var posted consult.Posted
	err := s.change(ctx, "post message", ch, m.ID, func(w *change) (err error) {
		posted, err = w.post(m)
		return err
	})
	return posted, err
}

func (w *change) post(m consult.Message) (posted consult.Posted, err error) {
	// The event first: its number locks the thread's row, so everything below sees the thread as it will be.
	if m.Seq, err = w.own(consult.Event{Thread: m.Thread, Kind: consult.EventMessage, Subject: m.ID, At: m.CreatedAt}); err != nil {
		return posted, err
	}
	t, err := one(&w.conn, scanThread, threadByID, m.Thread)
	if err != nil {
		return posted, err
	}
	if t.Locked && m.Answer == 0 { // what was asked is answered, also where nobody may write any more
		return posted, fail(consult.Closed, "", errors.New("the thread is locked"))
	}
	if err := w.guardReply(t, m); err != nil {
		return posted, err
	}
	if err := w.insert(`INSERT INTO message (id, thread, seq, author, visitor, name, service, title, body, language, state, rule, reason,
		created_at, answer)`, [][]any{{m.ID, m.Thread, m.Seq, m.Author, m.Visitor, m.Name, m.Service, m.Title, m.Body, m.Language,
		m.State, m.Rule, m.Reason, m.CreatedAt, m.Answer}}, ""); err != nil {
		return posted, err
	}
	if _, err := w.exec(`UPDATE thread SET last_at = $1 WHERE id = $2`, m.CreatedAt, m.Thread); err != nil {
		return posted, err
	}
	if m.State == consult.MessageHeld {
		if err := w.decideMessage(m.ID, m.Thread, m.State, m.Rule, ""); err != nil {
			return posted, err
		}
	}
	if m.State == consult.MessageVisible && m.Author == consult.ByOfficer && m.Answer == 0 && t.Anchor == consult.OnComment {
		if err := w.answerComment(t.AnchorID, m.CreatedAt); err != nil {
			return posted, err
		}
	}
	if err := w.tellCouncillor(t, m); err != nil {
		return posted, err
	}
	if err := w.mark(m.Thread, appears(m.State)); err != nil {
		return posted, err
	}
	if err := w.tellAnswer(t, m); err != nil {
		return posted, err
	}
	if m.Author == consult.ByResident {
		if err := w.returned(itemOf(t)); err != nil {
			return posted, err
		}
	}
	posted.Message = m
	posted.Thread, err = one(&w.conn, scanThread, threadByID, m.Thread)
	return posted, err
}

// arrived routes a thread that a resident began.
func (w *change) arrived(thread consult.ID, first consult.Message) error {
	if first.Author != consult.ByResident {
		return nil
	}
	return w.routeThread(thread)
}

// itemOf is the item of the desk that a thread belongs to.
func itemOf(t consult.Thread) consult.ID {
	if t.Anchor == consult.OnComment {
		return t.AnchorID
	}
	return t.ID
}

// SetMessageState hides, holds or restores a message; the thread's waiting mark follows. The message's own event may be among
// ch.Events or not.
func (s *Store) SetMessageState(ctx context.Context, message consult.ID, state consult.MessageState, rule, reason string,
	ch consult.Change) error {
	return s.change(ctx, "moderate message", ch, message, func(w *change) error {
		before, err := one(&w.conn, scanMessage, messageByID, message)
		if err != nil {
			return err
		}
		kind := consult.EventHidden
		if state == consult.MessageVisible {
			kind = consult.EventRestored
		}
		if _, err := w.own(consult.Event{Thread: before.Thread, Kind: kind, Subject: message, At: w.At}); err != nil {
			return err
		}
		// Again, now that the thread is locked: another moderator may have been faster.
		if before, err = one(&w.conn, scanMessage, messageByID, message); err != nil {
			return err
		}
		if _, err := w.exec(`UPDATE message SET state = $1, rule = $2, reason = $3 WHERE id = $4`, state, rule, reason, message); err != nil {
			return err
		}
		if err := w.decideMessage(message, before.Thread, state, rule, reason); err != nil {
			return err
		}
		return w.mark(before.Thread, appears(state)-appears(before.State))
	})
}

func appears(s consult.MessageState) int {
	if s == consult.MessageVisible {
		return 1
	}
	return 0
}
