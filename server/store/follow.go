package store

import (
	"context"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// confirmEvery is how often one address may be asked to confirm: strangers must not fill somebody's mailbox.
const confirmEvery = time.Hour

const followByID = `SELECT id, consultation, email, language, confirmed, created_at, asked_at FROM follow WHERE id = $1`

// asked is a follow with the moment of its last confirming mail.
type asked struct {
	consult.Follow
	at time.Time
}

func scanFollow(r row) (f asked, err error) {
	return f, r.Scan(&f.ID, &f.Consultation, &f.Email, &f.Language, &f.Confirmed, moment(&f.CreatedAt), moment(&f.at))
}

// SaveFollow keeps a follower by consultation and address, or finds the existing one. One that is not confirmed gets a
// confirming mail, at most one an hour; otherwise an existing one changes nothing.
func (s *Store) SaveFollow(ctx context.Context, f consult.Follow, ch consult.Change) (consult.Follow, error) {
	kept := f
	err := s.change(ctx, "save follow", ch, f.ID, func(w *change) error {
		n, err := w.exec(`INSERT INTO follow (id, consultation, email, email_key, language, confirmed, created_at, asked_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (consultation, email_key) DO NOTHING`,
			f.ID, f.Consultation, f.Email, addressKey(f.Email), f.Language, f.Confirmed, f.CreatedAt, w.At)
		if err != nil {
			return err
		}
		if n == 0 {
			known, err := one(&w.conn, scanFollow, `SELECT id, consultation, email, language, confirmed, created_at, asked_at FROM follow
				WHERE consultation = $1 AND email_key = $2`, f.Consultation, addressKey(f.Email))
			kept = known.Follow
			if err != nil || kept.Confirmed || w.At.Sub(known.at) < confirmEvery {
				return firstOf(err, errNothing)
			}
			if _, err := w.exec(`UPDATE follow SET asked_at = $1, language = $2 WHERE id = $3`, w.At, f.Language, kept.ID); err != nil {
				return err
			}
			kept.Language = f.Language
		}
		w.aim(f.ID, kept.ID)
		w.result, w.Subject = kept.ID, kept.ID
		if !kept.Confirmed {
			w.Mails = append(w.Mails, consult.Mail{Kind: consult.MailConfirm, To: kept.Email, Language: kept.Language, Subject: kept.ID})
		}
		return nil
	})
	return kept, err
}

func firstOf(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// Follow finds one by id.
func (s *Store) Follow(ctx context.Context, id consult.ID) (consult.Follow, error) {
	f, err := one(s.reading(ctx), scanFollow, followByID, id)
	return f.Follow, failure("read follow", err)
}

// ConfirmFollow turns mail on; doing it again changes nothing.
func (s *Store) ConfirmFollow(ctx context.Context, id consult.ID, ch consult.Change) error {
	return s.change(ctx, "confirm follow", ch, id, func(w *change) error {
		f, err := one(&w.conn, scanFollow, followByID, id)
		if err == nil && f.Confirmed {
			err = errNothing
		}
		if err != nil {
			return err
		}
		_, err = w.exec(`UPDATE follow SET confirmed = TRUE WHERE id = $1`, id)
		return err
	})
}

// RemoveFollow forgets a follower and takes back the mails that wait for them.
func (s *Store) RemoveFollow(ctx context.Context, id consult.ID, ch consult.Change) error {
	return s.change(ctx, "end follow", ch, id, func(w *change) error {
		f, err := one(&w.conn, scanFollow, followByID, id)
		if err != nil {
			return err
		}
		if _, err := w.exec(`DELETE FROM follow WHERE id = $1`, id); err != nil {
			return err
		}
		_, err = w.exec(`DELETE FROM delivery WHERE consultation = $1 AND follow = $2 AND next_try > 0`, f.Consultation, id)
		return err
	})
}

// StopMail ends all mail about a consultation to the author of one of its comments: it forgets their address with every comment
// they made there, their subscription, and the mails that wait.
func (s *Store) StopMail(ctx context.Context, comment consult.ID, ch consult.Change) error {
	return s.change(ctx, "stop mail", ch, comment, func(w *change) error {
		type author struct {
			consultation consult.ID
			email        string
		}
		a, err := one(&w.conn, func(r row) (a author, err error) { return a, r.Scan(&a.consultation, &a.email) },
			`SELECT c.consultation, k.email FROM comment c JOIN contact k ON k.comment = c.id WHERE c.id = $1`, comment)
		if err == nil && a.email == "" {
			err = errNothing
		}
		if err != nil {
			return err
		}
		for _, statement := range []string{
			`UPDATE contact SET email = '' WHERE lower(email) = $2 AND comment IN (SELECT id FROM comment WHERE consultation = $1)`,
			`DELETE FROM follow WHERE consultation = $1 AND email_key = $2`,
			`DELETE FROM delivery WHERE consultation = $1 AND lower(address) = $2 AND next_try > 0`,
		} {
			if _, err := w.exec(statement, a.consultation, addressKey(a.email)); err != nil {
				return err
			}
		}
		return nil
	})
}
