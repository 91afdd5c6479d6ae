// Package identity decides who is who: one-time links instead of passwords, sessions, officers and their roles, API tokens.
//
//	secret.go     random secrets and their hashes
//	link.go       sign-in links: asking, looking, using
//	session.go    signed-in browsers
//	officer.go    inviting, changing and disabling officers
//	set_up.go     the first administrator; links and officers made on the command line
//	token.go      API tokens
//
// Whoever reads the database cannot sign in: of every secret only a hash is kept. The exception is the outbox, where a link waits
// until its mail is sent (consult.DataToken); the store empties it then, and the link ends after ten minutes in any case.
//
// What somebody may do once they are known is consult.Can's business.
package identity

import (
	"context"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// Store is what identity needs kept.
type Store interface {
	consult.OfficerStore
	// Note writes an audit row alone.
	Note(ctx context.Context, ch consult.Change) error
}

// Limits are every number of this package.
type Limits struct {
	LinkLife    time.Duration // of a sign-in link
	CodeTries   int           // wrong codes before a link no longer takes one
	OpenLinks   int           // sign-in links by mail that may be open for one officer; more are not sent
	InviteLife  time.Duration
	SetUpLife   time.Duration
	Idle        time.Duration // a session ends this long after its last use
	Absolute    time.Duration // and this long after sign-in at the latest
	AllowLoad   bool          // tokens of role load may exist
	touchWithin time.Duration // a session's last use is noted at most this often
}

// DefaultLimits follow OWASP ASVS 5.0: 6.6.2 (links of ten minutes), 7.3.1 and 7.3.2 (idle and absolute end of a session).
func DefaultLimits() Limits {
	return Limits{
		LinkLife: 10 * time.Minute, CodeTries: 5, OpenLinks: 10, InviteLife: 72 * time.Hour, SetUpLife: 24 * time.Hour,
		Idle: 30 * time.Minute, Absolute: 12 * time.Hour, touchWithin: time.Minute,
	}
}

// Service is the door to identity. It is safe for concurrent use.
type Service struct {
	store  Store
	clock  func() time.Time
	limits Limits
}

// New opens identity on a store. The clock is the only source of time.
func New(store Store, clock func() time.Time, limits Limits) *Service {
	return &Service{store: store, clock: clock, limits: limits}
}

// change begins the description of a write.
func (s *Service) change(a consult.Actor, action string, subject consult.ID) consult.Change {
	return consult.Change{Actor: a, At: s.clock(), Action: action, Subject: subject}
}

func fail(kind consult.Kind, op string, fields ...consult.FieldError) error {
	return &consult.Error{Kind: kind, Op: op, Fields: fields}
}

func wrong(op, field, rule string) error {
	return fail(consult.Invalid, op, consult.FieldError{Field: field, Rule: rule})
}
