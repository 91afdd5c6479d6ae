package store

import (
	"context"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

const linkColumns = `hash, code_hash, purpose, officer, browser, expires_at, tries`

func scanLink(r row) (l consult.Link, err error) {
	return l, r.Scan(&l.Hash, &l.CodeHash, &l.Purpose, &l.Officer, &l.Browser, moment(&l.ExpiresAt), &l.Tries)
}

// SaveLink keeps a one-time link.
func (s *Store) SaveLink(ctx context.Context, l consult.Link, ch consult.Change) error {
	return s.change(ctx, "save link", ch, l.Officer, func(w *change) error {
		return w.insert(`INSERT INTO link (`+linkColumns+`)`,
			[][]any{{l.Hash, l.CodeHash, l.Purpose, l.Officer, l.Browser, l.ExpiresAt, l.Tries}}, "")
	})
}

// Link finds a link that was not used, also one that is over.
func (s *Store) Link(ctx context.Context, hash string) (consult.Link, error) {
	l, err := one(s.reading(ctx), scanLink, `SELECT `+linkColumns+` FROM link WHERE hash = $1`, hash)
	return l, failure("read link", err)
}

// LinksOf lists an officer's links that were not used and are not over, those that last longest first.
func (s *Store) LinksOf(ctx context.Context, officer consult.ID, purpose consult.LinkPurpose, now time.Time) ([]consult.Link, error) {
	l, err := list(s.reading(ctx), scanLink, `SELECT `+linkColumns+` FROM link
		WHERE officer = $1 AND purpose = $2 AND expires_at > $3 ORDER BY expires_at DESC, hash`, officer, purpose, now)
	return l, failure("list links", err)
}

// ConsumeLink uses a link up: of two at once one succeeds and the other gets NotFound.
func (s *Store) ConsumeLink(ctx context.Context, hash string, ch consult.Change) error {
	return s.change(ctx, "use link", ch, 0, func(w *change) error { return w.remove(`DELETE FROM link WHERE hash = $1`, hash) })
}

// remove deletes one record; NotFound when it is not there.
func (w *change) remove(statement string, args ...any) error {
	n, err := w.exec(statement, args...)
	if err == nil && n == 0 {
		err = fail(consult.NotFound, "", nil)
	}
	return err
}

// LinkTried counts a wrong code.
func (s *Store) LinkTried(ctx context.Context, hash string) error {
	return s.touch(ctx, "count a wrong code", `UPDATE link SET tries = tries + 1 WHERE hash = $1`, hash)
}

// SaveSession signs an officer in.
func (s *Store) SaveSession(ctx context.Context, v consult.Session, ch consult.Change) error {
	return s.change(ctx, "save session", ch, v.Officer.ID, func(w *change) error {
		return w.insert(`INSERT INTO session (hash, officer, created_at, seen_at, agent)`,
			[][]any{{v.Hash, v.Officer.ID, v.CreatedAt, v.SeenAt, v.Agent}}, "")
	})
}

const sessionColumns = `s.hash, s.created_at, s.seen_at, s.agent, ` + officerColumns

func scanSession(r row) (v consult.Session, err error) {
	return v, r.Scan(append([]any{&v.Hash, moment(&v.CreatedAt), moment(&v.SeenAt), &v.Agent}, officerFields(&v.Officer)...)...)
}

// Session finds a session with its officer; NotFound for a disabled one.
func (s *Store) Session(ctx context.Context, hash string) (consult.Session, error) {
	v, err := one(s.reading(ctx), scanSession, `SELECT `+sessionColumns+` FROM session s JOIN officer o ON o.id = s.officer
		WHERE s.hash = $1 AND NOT o.disabled`, hash)
	return v, failure("read session", err)
}

// TouchSession remembers when a session and its officer were last seen.
func (s *Store) TouchSession(ctx context.Context, hash string, at time.Time) error {
	const op = "touch session"
	return s.quietly(ctx, op, func(c *conn) error {
		officer, err := one(c, id, `UPDATE session SET seen_at = $1 WHERE hash = $2 RETURNING officer`, at, hash)
		if err != nil {
			return err
		}
		_, err = c.exec(`UPDATE officer SET seen_at = $1 WHERE id = $2`, at, officer)
		return err
	})
}

// SessionsOf lists an officer's sessions, last seen first.
func (s *Store) SessionsOf(ctx context.Context, officer consult.ID) ([]consult.Session, error) {
	l, err := list(s.reading(ctx), scanSession, `SELECT `+sessionColumns+` FROM session s JOIN officer o ON o.id = s.officer
		WHERE s.officer = $1 ORDER BY s.seen_at DESC, s.hash`, officer)
	return l, failure("list sessions", err)
}

// EndSession signs out; NotFound when it had ended.
func (s *Store) EndSession(ctx context.Context, hash string, ch consult.Change) error {
	return s.change(ctx, "end session", ch, 0, func(w *change) error { return w.remove(`DELETE FROM session WHERE hash = $1`, hash) })
}
