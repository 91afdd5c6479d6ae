package store

import (
	"context"
	"errors"
	"strconv"

	"github.com/yousaid/yousaid/server/consult"
)

const councillorRows = `SELECT c.id, c.name, c.ward_code, c.link, c.left_at, c.created_at, COALESCE(k.email, ''), COALESCE(k.language, '')
	FROM councillor c LEFT JOIN councillor_contact k ON k.councillor = c.id `

func scanCouncillor(r row) (f consult.CouncillorFile, err error) {
	c := &f.Councillor
	return f, r.Scan(&c.ID, &c.Name, &c.WardCode, &c.Link, moment(&c.LeftAt), moment(&c.CreatedAt), &f.Contact.Email, &f.Contact.Language)
}

// Councillors lists them by name, those who left last.
func (s *Store) Councillors(ctx context.Context) ([]consult.CouncillorFile, error) {
	l, err := list(s.reading(ctx), scanCouncillor, councillorRows+`ORDER BY CASE WHEN c.left_at = 0 THEN 0 ELSE 1 END, c.name, c.id`)
	return l, failure("list councillors", err)
}

// Councillor finds one by id.
func (s *Store) Councillor(ctx context.Context, id consult.ID) (consult.CouncillorFile, error) {
	f, err := one(s.reading(ctx), scanCouncillor, councillorRows+`WHERE c.id = $1`, id)
	return f, failure("read councillor", err)
}

// SaveCouncillor keeps one; who left keeps no contact. Mails that wait with an older link go.
func (s *Store) SaveCouncillor(ctx context.Context, f consult.CouncillorFile, ch consult.Change) error {
	c := f.Councillor
	return s.change(ctx, "save councillor", ch, c.ID, func(w *change) error {
		n, err := w.exec(`INSERT INTO councillor (id, name, ward_code, link, left_at, created_at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, ward_code = excluded.ward_code, link = excluded.link, left_at = excluded.left_at
			WHERE councillor.link IN (excluded.link, excluded.link - 1)`, c.ID, c.Name, c.WardCode, c.Link, c.LeftAt, c.CreatedAt)
		if err == nil && n == 0 {
			err = fail(consult.Conflict, "", errors.New("the councillor was changed meanwhile"))
		}
		if err != nil {
			return err
		}
		if _, err := w.exec(`DELETE FROM councillor_contact WHERE councillor = $1`, c.ID); err != nil || !c.LeftAt.IsZero() {
			return err
		}
		return w.insert(`INSERT INTO councillor_contact (councillor, email, language)`, [][]any{{c.ID, f.Contact.Email, f.Contact.Language}}, "")
	})
}

// CouncillorThread finds the thread of a councillor about a consultation, or keeps t as it.
func (s *Store) CouncillorThread(ctx context.Context, t consult.Thread, ch consult.Change) (consult.Thread, error) {
	const op = "open councillor's thread"
	const query = `SELECT ` + threadColumns + ` FROM thread t WHERE t.consultation = $1 AND t.anchor_id = $2 AND t.anchor = 'councillor'`
	err := s.change(ctx, op, ch, t.ID, func(w *change) error {
		n, err := w.exec(`INSERT INTO thread (id, consultation, anchor, anchor_id, title, epoch, seq, locked, waiting_message, waiting_since,
			answer_due, created_at, last_at, messages) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, 0, 0, 0, $8, $8, 0)
			ON CONFLICT (anchor_id, consultation) WHERE anchor = 'councillor' DO NOTHING`,
			t.ID, t.Consultation, consult.OnCouncillor, t.AnchorID, t.Title, t.Epoch, false, t.CreatedAt)
		if err == nil && n == 0 {
			return errNothing
		}
		return err
	})
	if err != nil {
		return consult.Thread{}, err
	}
	kept, err := one(s.reading(ctx), scanThread, query, t.Consultation, t.AnchorID)
	return kept, failure(op, err)
}

// CouncillorThreads lists a councillor's threads, latest activity first, at most 100.
func (s *Store) CouncillorThreads(ctx context.Context, councillor consult.ID) ([]consult.CouncillorThread, error) {
	const op = "list councillor's threads"
	l, err := list(s.reading(ctx), func(r row) (v consult.CouncillorThread, err error) {
		t := &v.Thread
		return v, r.Scan(&t.ID, &t.Consultation, &t.Anchor, &t.AnchorID, &t.Title, &t.Epoch, &t.Seq, &t.Locked, moment(&t.WaitingSince),
			moment(&t.AnswerDue), moment(&t.CreatedAt), &t.Messages, &v.Unanswered, &v.Open)
	}, `SELECT `+threadColumns+`, (SELECT COUNT(*) FROM message m WHERE m.thread = t.id AND m.author = 'resident' AND m.state = 'visible'
			AND NOT EXISTS (SELECT 1 FROM passed p WHERE p.message = m.id) AND m.seq > (SELECT COALESCE(MAX(o.seq), 0) FROM message o
			WHERE o.thread = t.id AND o.author <> 'resident' AND o.state = 'visible' AND NOT EXISTS (SELECT 1 FROM passed p WHERE p.say = o.id))),
		(SELECT COUNT(*) FROM passed p WHERE p.thread = t.id AND p.answered_at = 0)
		FROM thread t WHERE t.anchor = 'councillor' AND t.anchor_id = $1 ORDER BY t.last_at DESC, t.id DESC LIMIT 100`, councillor)
	if err != nil {
		return nil, failure(op, err)
	}
	for i := range l {
		if l[i].Consultation, err = s.Consultation(ctx, l[i].Thread.Consultation); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// PassedIn lists what was passed on in a thread.
func (s *Store) PassedIn(ctx context.Context, thread consult.ID) ([]consult.Passed, error) {
	l, err := list(s.reading(ctx), func(r row) (p consult.Passed, err error) {
		return p, r.Scan(&p.Message, &p.Thread, &p.Consultation, &p.Councillor, &p.Service, moment(&p.At), moment(&p.AnsweredAt))
	}, `SELECT message, thread, consultation, councillor, service, at, answered_at FROM passed WHERE thread = $1 ORDER BY at, message`, thread)
	return l, failure("list what was passed on", err)
}

// PassQuestion keeps that a message was passed on, with the words of the councillor, which may be that message.
func (s *Store) PassQuestion(ctx context.Context, p consult.Passed, say consult.Message, ch consult.Change) (consult.Posted, error) {
	var posted consult.Posted
	err := s.change(ctx, "pass question", ch, say.ID, func(w *change) (err error) {
		if posted, err = w.post(say); err != nil {
			return err
		}
		n, err := w.exec(`INSERT INTO passed (message, thread, consultation, councillor, service, say, at, answered_at)
			SELECT id, thread, $1, $2, $3, $4, $5, 0 FROM message WHERE id = $6 AND thread = $7 AND state = 'visible'
			ON CONFLICT (message) DO NOTHING`, p.Consultation, p.Councillor, p.Service, say.ID, p.At, p.Message, p.Thread)
		if err == nil && n == 0 {
			err = fail(consult.Conflict, "", errors.New("the question was passed on before, or cannot be read"))
		}
		if err != nil {
			return err
		}
		if err := w.mark(p.Thread, 0); err != nil {
			return err
		}
		posted.Thread, err = one(&w.conn, scanThread, threadByID, p.Thread)
		return err
	})
	return posted, err
}

// tellCouncillor writes to the councillor whose thread it is: when residents ask for the first time since the last word of somebody else,
// and when the service answers what was passed on.
func (w *change) tellCouncillor(t consult.Thread, m consult.Message) error {
	if t.Anchor != consult.OnCouncillor || m.State != consult.MessageVisible {
		return nil
	}
	kind := consult.MailCouncillorAsked
	switch m.Author {
	case consult.ByOfficer:
		n, err := w.exec(`UPDATE passed SET answered_at = $1 WHERE thread = $2 AND answered_at = 0`, m.CreatedAt, t.ID)
		if err != nil || n == 0 {
			return err
		}
		kind = consult.MailCouncillorPassed
	case consult.ByResident:
		before, err := one(&w.conn, number, `SELECT COUNT(*) FROM message WHERE thread = $1 AND author = 'resident' AND state = 'visible' AND id <> $2
			AND seq > (SELECT COALESCE(MAX(seq), 0) FROM message WHERE thread = $1 AND author <> 'resident' AND state = 'visible')`, t.ID, m.ID)
		if err != nil || before > 0 {
			return err
		}
	default:
		return nil
	}
	found, err := list(&w.conn, scanCouncillor, councillorRows+`WHERE c.id = $1 AND k.email <> ''`, t.AnchorID)
	for _, f := range found {
		w.Mails = append(w.Mails, consult.Mail{Kind: kind, To: f.Contact.Email, Language: f.Contact.Language, Subject: t.ID, Data: map[string]string{
			consult.DataCouncillor: f.Councillor.ID.String(), consult.DataLink: strconv.Itoa(f.Councillor.Link)}})
	}
	return err
}
