package identity

import (
	"context"
	"slices"
	"strings"

	"github.com/yousaid/yousaid/server/consult"
)

// Profile is what an administrator says about an officer.
type Profile struct {
	Email   string // of a new one; it never changes afterwards, because it is how they sign in
	Name    string // for colleagues
	Service string // the service replies are shown under, "Planning"
	Title   string // the role they are shown under, "Planning officer"
	Roles   []consult.Role
}

// Status is how far somebody has come.
type Status string

// The statuses of officers.
const (
	StatusActive   Status = "active"
	StatusInvited  Status = "invited"  // the invitation can still be accepted
	StatusLapsed   Status = "lapsed"   // it ended before it was accepted
	StatusDisabled Status = "disabled" // was active once
)

// Listed is an officer in the administrators' list.
type Listed struct {
	Officer consult.Officer
	Status  Status
}

// Invited tells whether somebody was invited and never came. Until they do they are disabled, so that no other way leads in (S09).
func Invited(o consult.Officer) bool { return o.Disabled && o.SeenAt.IsZero() }

// Officers lists everybody, by name.
func (s *Service) Officers(ctx context.Context, a consult.Actor) ([]Listed, error) {
	if err := consult.Must(a, consult.ManageOfficers, "list officers"); err != nil {
		return nil, err
	}
	all, err := s.store.Officers(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]Listed, 0, len(all))
	for _, o := range all {
		row, err := s.listed(ctx, o)
		if err != nil {
			return nil, err
		}
		list = append(list, row)
	}
	slices.SortFunc(list, func(x, y Listed) int { return strings.Compare(x.Officer.Name, y.Officer.Name) })
	return list, nil
}

// Officer reads one.
func (s *Service) Officer(ctx context.Context, a consult.Actor, id consult.ID) (Listed, error) {
	o, err := s.managed(ctx, "read officer", a, id)
	if err != nil {
		return Listed{}, err
	}
	return s.listed(ctx, o)
}

// managed reads an officer for somebody who may change them.
func (s *Service) managed(ctx context.Context, op string, a consult.Actor, id consult.ID) (consult.Officer, error) {
	if err := consult.Must(a, consult.ManageOfficers, op); err != nil {
		return consult.Officer{}, err
	}
	return s.store.Officer(ctx, id)
}

func (s *Service) listed(ctx context.Context, o consult.Officer) (Listed, error) {
	switch {
	case Invited(o):
		open, err := s.store.LinksOf(ctx, o.ID, consult.LinkInvite, s.clock())
		if len(open) > 0 {
			return Listed{o, StatusInvited}, err
		}
		return Listed{o, StatusLapsed}, err
	case o.Disabled:
		return Listed{o, StatusDisabled}, nil
	}
	return Listed{o, StatusActive}, nil
}

// Invite makes an officer who can sign in once the link in the mail is used: by whoever reads that mailbox, once, within 72 hours.
func (s *Service) Invite(ctx context.Context, a consult.Actor, p Profile, language string) (consult.Officer, error) {
	const op = "invite officer"
	o, err := s.newOfficer(op, a, p)
	if err != nil {
		return o, err
	}
	o.Disabled = true
	if err := s.saveNew(ctx, op, o, s.change(a, "officer.invite", o.ID)); err != nil {
		return o, err
	}
	return o, s.sendInvite(ctx, a, o, language)
}

// InviteAgain sends a new link in place of the former one; Conflict for somebody who has accepted already.
func (s *Service) InviteAgain(ctx context.Context, a consult.Actor, id consult.ID, language string) error {
	const op = "invite officer again"
	o, err := s.managed(ctx, op, a, id)
	if err != nil {
		return err
	}
	if !Invited(o) {
		return fail(consult.Conflict, op)
	}
	if err := s.endLinks(ctx, a, o); err != nil {
		return err
	}
	return s.sendInvite(ctx, a, o, language)
}

func (s *Service) sendInvite(ctx context.Context, a consult.Actor, o consult.Officer, language string) error {
	l := consult.Link{Purpose: consult.LinkInvite, Officer: o.ID}
	return s.mailLink(ctx, a, l, "", s.limits.InviteLife, o, language)
}

// AcceptInvite uses an invitation and signs its officer in.
func (s *Service) AcceptInvite(ctx context.Context, in Use) (Entry, error) {
	const op = "accept an invitation"
	l, err := s.openLink(ctx, op, in.Token)
	if err != nil {
		return Entry{}, err
	}
	if l.Purpose != consult.LinkInvite {
		return Entry{}, fail(consult.Closed, op)
	}
	o, err := s.officerOf(ctx, op, l)
	if err != nil {
		return Entry{}, err
	}
	if err := s.consume(ctx, op, l, o.Actor()); err != nil {
		return Entry{}, err
	}
	o.Disabled = false
	if err := s.store.SaveOfficer(ctx, o, s.change(o.Actor(), "officer.accept", o.ID)); err != nil {
		return Entry{}, err
	}
	return s.begin(ctx, o, in)
}

// Change gives an officer another name, service, title or roles; new roles end their sessions. The last administrator stays one.
func (s *Service) Change(ctx context.Context, a consult.Actor, id consult.ID, p Profile) error {
	const op = "change officer"
	before, err := s.managed(ctx, op, a, id)
	if err != nil {
		return err
	}
	p.Email = before.Email
	after, fields := before, checkProfile(a, p, before.Roles)
	if len(fields) > 0 {
		return fail(consult.Invalid, op, fields...)
	}
	after.Name, after.Service, after.Title, after.Roles = trim(p.Name), trim(p.Service), trim(p.Title), sorted(p.Roles)
	ch := s.change(a, "officer.change", id)
	if !slices.Equal(sorted(before.Roles), after.Roles) {
		ch.Detail = "roles " + roleList(before.Roles) + " → " + roleList(after.Roles)
	}
	return s.saveKeepingAnAdmin(ctx, op, "roles", before, after, ch)
}

// Disable ends an officer's sessions, links and right to sign in, or takes an invitation back.
func (s *Service) Disable(ctx context.Context, a consult.Actor, id consult.ID) error {
	const op = "disable officer"
	before, err := s.managed(ctx, op, a, id)
	if err != nil {
		return err
	}
	after := before
	after.Disabled = true
	if err := s.saveKeepingAnAdmin(ctx, op, "disable", before, after, s.change(a, "officer.disable", id)); err != nil {
		return err
	}
	return s.endLinks(ctx, a, before)
}

// Enable lets a disabled officer sign in again, with the roles they had. Somebody who never accepted is invited again instead.
func (s *Service) Enable(ctx context.Context, a consult.Actor, id consult.ID) error {
	const op = "enable officer"
	o, err := s.managed(ctx, op, a, id)
	if err != nil {
		return err
	}
	if Invited(o) || !o.Disabled {
		return fail(consult.Conflict, op)
	}
	if fields := checkRoles(a, o.Roles, nil); len(fields) > 0 {
		return fail(consult.Forbidden, op)
	}
	o.Disabled = false
	return s.store.SaveOfficer(ctx, o, s.change(a, "officer.enable", id))
}

// endLinks makes every open link of an officer useless.
func (s *Service) endLinks(ctx context.Context, a consult.Actor, o consult.Officer) error {
	for _, purpose := range []consult.LinkPurpose{consult.LinkSignIn, consult.LinkInvite} {
		open, err := s.store.LinksOf(ctx, o.ID, purpose, s.clock())
		if err != nil {
			return err
		}
		for _, l := range open {
			err := s.store.ConsumeLink(ctx, l.Hash, s.change(a, "link.withdraw", o.ID))
			if err != nil && consult.KindOf(err) != consult.NotFound {
				return err
			}
		}
	}
	return nil
}

// newOfficer makes the record of a checked profile.
func (s *Service) newOfficer(op string, a consult.Actor, p Profile) (consult.Officer, error) {
	if err := consult.Must(a, consult.ManageOfficers, op); err != nil {
		return consult.Officer{}, err
	}
	p.Email = normalEmail(p.Email)
	if fields := checkProfile(a, p, nil); len(fields) > 0 {
		return consult.Officer{}, fail(consult.Invalid, op, fields...)
	}
	now := s.clock()
	return consult.Officer{ID: consult.NewID(now), Email: p.Email, Name: trim(p.Name), Service: trim(p.Service),
		Title: trim(p.Title), Roles: sorted(p.Roles), CreatedAt: now}, nil
}

// saveNew says in words of the form that an address is taken.
func (s *Service) saveNew(ctx context.Context, op string, o consult.Officer, ch consult.Change) error {
	ch.Detail = "roles " + roleList(o.Roles)
	err := s.store.SaveOfficer(ctx, o, ch)
	if err != nil && consult.KindOf(err) == consult.Conflict {
		return wrong(op, "email", "email_taken")
	}
	return err
}

// saveKeepingAnAdmin saves a change unless it takes the last administrator away. Two administrators who take each other's role at
// the same moment both pass the first look; the look after saving finds nobody left and undoes the change.
func (s *Service) saveKeepingAnAdmin(ctx context.Context, op, field string, before, after consult.Officer, ch consult.Change) error {
	losing := admin(before) && !admin(after)
	if losing {
		if left, err := s.admins(ctx, before.ID); err != nil {
			return err
		} else if left == 0 {
			return wrong(op, field, "last_admin")
		}
	}
	if err := s.store.SaveOfficer(ctx, after, ch); err != nil || !losing {
		return err
	}
	left, err := s.admins(ctx, before.ID)
	if err != nil || left > 0 {
		return err
	}
	ch.Action, ch.Detail = "officer.restore", "the last administrator"
	if err := s.store.SaveOfficer(ctx, before, ch); err != nil {
		return err
	}
	return wrong(op, field, "last_admin")
}

// admins counts those who can sign in as administrator, but for one.
func (s *Service) admins(ctx context.Context, except consult.ID) (int, error) {
	all, err := s.store.Officers(ctx)
	n := 0
	for _, o := range all {
		if o.ID != except && admin(o) {
			n++
		}
	}
	return n, err
}

func admin(o consult.Officer) bool { return !o.Disabled && slices.Contains(o.Roles, consult.RoleAdmin) }

func trim(s string) string { return strings.TrimSpace(s) }

// sorted puts roles into the order of consult.Roles, each once.
func sorted(roles []consult.Role) []consult.Role {
	return slices.DeleteFunc(consult.Roles(), func(r consult.Role) bool { return !slices.Contains(roles, r) })
}

func roleList(roles []consult.Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	return strings.Join(names, ",")
}
