package identity

import (
	"context"
	"slices"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// Entry is a new session: its token goes into the browser's cookie and is kept nowhere.
type Entry struct {
	Token   string
	Session consult.Session
}

// begin signs an officer in. The browser's former session ends, and so do the officer's sessions that are over: nothing that was
// known before the sign-in is worth anything after it (S07).
func (s *Service) begin(ctx context.Context, o consult.Officer, in Use) (Entry, error) {
	now := s.clock()
	if in.Session != "" {
		if err := s.end(ctx, hash(in.Session), o.Actor(), "session.replace"); err != nil {
			return Entry{}, err
		}
	}
	earlier, err := s.store.SessionsOf(ctx, o.ID)
	if err != nil {
		return Entry{}, err
	}
	for _, e := range earlier {
		if s.over(e) {
			if err := s.end(ctx, e.Hash, o.Actor(), "session.expire"); err != nil {
				return Entry{}, err
			}
		}
	}
	token := NewSecret()
	session := consult.Session{Hash: hash(token), Officer: o, CreatedAt: now, SeenAt: now, Agent: browserName(in.Agent)}
	if err := s.store.SaveSession(ctx, session, s.change(o.Actor(), "session.begin", o.ID)); err != nil {
		return Entry{}, err
	}
	// The officer has been seen: an invitation is accepted from here on.
	if err := s.store.TouchSession(ctx, session.Hash, now); err != nil {
		return Entry{}, err
	}
	return Entry{Token: token, Session: session}, nil
}

// over tells whether a session has been idle or alive for too long.
func (s *Service) over(k consult.Session) bool {
	now := s.clock()
	return now.Sub(k.SeenAt) >= s.limits.Idle || now.Sub(k.CreatedAt) >= s.limits.Absolute
}

// Session finds a live session by the cookie's token and leaves its idle time alone: for sockets, which look every few seconds.
// SignedOut when there is none.
func (s *Service) Session(ctx context.Context, token string) (consult.Session, error) {
	const op = "find session"
	if token == "" {
		return consult.Session{}, fail(consult.SignedOut, op)
	}
	k, err := s.store.Session(ctx, hash(token))
	if err != nil && consult.KindOf(err) == consult.NotFound || err == nil && s.over(k) {
		return consult.Session{}, fail(consult.SignedOut, op)
	}
	return k, err
}

// SessionActor finds who asks, for a request: it counts as a use of the session.
func (s *Service) SessionActor(ctx context.Context, token string) (consult.Actor, consult.Session, error) {
	k, err := s.Session(ctx, token)
	if err != nil {
		return consult.Actor{}, k, err
	}
	if now := s.clock(); now.Sub(k.SeenAt) >= s.limits.touchWithin {
		// A store that cannot write now must not sign people out: reading goes on, and only the idle time is not prolonged.
		if s.store.TouchSession(ctx, k.Hash, now) == nil {
			k.SeenAt = now
		}
	}
	return k.Officer.Actor(), k, nil
}

// SignOut ends the session of a cookie; doing it again is no error.
func (s *Service) SignOut(ctx context.Context, token string) error {
	k, err := s.store.Session(ctx, hash(token))
	if err != nil && consult.KindOf(err) == consult.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	return s.end(ctx, k.Hash, k.Officer.Actor(), "session.end")
}

func (s *Service) end(ctx context.Context, hashed string, a consult.Actor, action string) error {
	err := s.store.EndSession(ctx, hashed, s.change(a, action, a.ID))
	if err != nil && consult.KindOf(err) == consult.NotFound {
		return nil
	}
	return err
}

// Handle names a session in lists and forms; it opens nothing.
func Handle(k consult.Session) string { return k.Hash[:16] }

// Sessions lists the officer's own live sessions, the last used first.
func (s *Service) Sessions(ctx context.Context, a consult.Actor) ([]consult.Session, error) {
	if a.Kind != consult.Signed {
		return nil, fail(consult.SignedOut, "list sessions")
	}
	list, err := s.store.SessionsOf(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, s.over)
	slices.SortFunc(list, func(x, y consult.Session) int { return y.SeenAt.Compare(x.SeenAt) })
	return list, nil
}

// Revoke ends one of the officer's own sessions by its handle; NotFound for any other's.
func (s *Service) Revoke(ctx context.Context, a consult.Actor, handle string) error {
	list, err := s.Sessions(ctx, a)
	if err != nil {
		return err
	}
	for _, k := range list {
		if Handle(k) == handle {
			return s.end(ctx, k.Hash, a, "session.revoke")
		}
	}
	return fail(consult.NotFound, "revoke session")
}

// SessionEnds is when a session ends at the latest if nobody uses it again.
func (s *Service) SessionEnds(k consult.Session) time.Time {
	idle, absolute := k.SeenAt.Add(s.limits.Idle), k.CreatedAt.Add(s.limits.Absolute)
	if idle.Before(absolute) {
		return idle
	}
	return absolute
}
