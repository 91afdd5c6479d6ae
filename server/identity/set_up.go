package identity

import (
	"context"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// SetUpLink makes the one-time link with which the first administrator is made; "" when there is an officer already. It is printed
// where only the operator reads (S32): there is no default account. A new link leaves the former ones working until one is used.
func (s *Service) SetUpLink(ctx context.Context) (token string, err error) {
	all, err := s.store.Officers(ctx)
	if err != nil || len(all) > 0 {
		return "", err
	}
	return s.printedLink(ctx, consult.Link{Purpose: consult.LinkSetUp}, s.limits.SetUpLife)
}

// SetUp uses a set-up link: it makes the first administrator and signs them in. Roles of the profile are not asked.
func (s *Service) SetUp(ctx context.Context, in Use, p Profile) (Entry, error) {
	const op = "set up"
	l, err := s.openLink(ctx, op, in.Token)
	if err != nil {
		return Entry{}, err
	}
	if l.Purpose != consult.LinkSetUp {
		return Entry{}, fail(consult.Closed, op)
	}
	if err := s.nobodyYet(ctx, op); err != nil {
		return Entry{}, err
	}
	p.Roles = []consult.Role{consult.RoleAdmin}
	o, err := s.newOfficer(op, consult.System(), p)
	if err != nil {
		return Entry{}, err
	}
	o.SeenAt = s.clock()
	if err := s.consume(ctx, op, l, consult.System()); err != nil {
		return Entry{}, err
	}
	if err := s.saveNew(ctx, op, o, s.change(consult.System(), "officer.set-up", o.ID)); err != nil {
		return Entry{}, err
	}
	return s.begin(ctx, o, in)
}

// nobodyYet closes set-up links for ever once there is an officer.
func (s *Service) nobodyYet(ctx context.Context, op string) error {
	all, err := s.store.Officers(ctx)
	if err == nil && len(all) > 0 {
		return fail(consult.Closed, op)
	}
	return err
}

// Add makes an officer who can sign in at once: from the command line and for the demonstration, where no mail is needed. Only the
// program itself may.
func (s *Service) Add(ctx context.Context, p Profile) (consult.Officer, error) {
	const op = "add officer"
	o, err := s.newOfficer(op, consult.System(), p)
	if err != nil {
		return o, err
	}
	o.SeenAt = o.CreatedAt
	return o, s.saveNew(ctx, op, o, s.change(consult.System(), "officer.add", o.ID))
}

// PrintedLink makes a sign-in link to be printed for the operator: it works in any browser, once, for as long as life. The
// demonstration prints three; an operator can let a locked-out administrator in. NotFound for an unknown or disabled officer.
func (s *Service) PrintedLink(ctx context.Context, email string, life time.Duration) (token string, err error) {
	o, err := s.store.OfficerByEmail(ctx, normalEmail(email))
	if err != nil {
		return "", err
	}
	if o.Disabled {
		return "", fail(consult.NotFound, "print a sign-in link")
	}
	return s.printedLink(ctx, consult.Link{Purpose: consult.LinkSignIn, Officer: o.ID}, life)
}

func (s *Service) printedLink(ctx context.Context, l consult.Link, life time.Duration) (string, error) {
	token := NewSecret()
	l.Hash, l.ExpiresAt = hash(token), s.clock().Add(life)
	return token, s.store.SaveLink(ctx, l, s.change(consult.System(), "link.print", l.Officer))
}
