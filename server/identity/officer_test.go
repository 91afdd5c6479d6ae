package identity_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/identity"
)

var clerk = identity.Profile{Email: "Clerk@example.org", Name: "Demo clerk", Service: "Planning", Title: "Planning officer",
	Roles: []consult.Role{consult.RoleModerator, consult.RoleOfficer}}

// invite invites the clerk and reads the token from the mail.
func (h *house) invite(a consult.Actor) (consult.Officer, string) {
	h.t.Helper()
	o, err := h.Invite(h.ctx(), a, clerk, "en")
	h.fine(err, "invite")
	return o, h.inviteToken()
}

func (h *house) inviteToken() string {
	h.t.Helper()
	list := h.mails()
	if len(list) != 1 || list[0].Kind != consult.MailInvite || list[0].To != "clerk@example.org" {
		h.t.Fatalf("mails %+v", list)
	}
	return list[0].Data[consult.DataToken]
}

func (h *house) status(a consult.Actor, id consult.ID) identity.Status {
	h.t.Helper()
	list, err := h.Officers(h.ctx(), a)
	h.fine(err, "list officers")
	for _, row := range list {
		if row.Officer.ID == id {
			return row.Status
		}
	}
	return ""
}

func TestS09InviteMakesAnOfficer(t *testing.T) {
	h := newHouse(t)
	admin := h.officer("admin@example.org", consult.RoleAdmin).Actor()
	o, token := h.invite(admin)
	if got := h.status(admin, o.ID); got != identity.StatusInvited {
		t.Errorf("status %q", got)
	}
	for range 3 {
		v, err := h.Peek(h.ctx(), token, "")
		if err != nil || v.Purpose != consult.LinkInvite || v.NeedsCode || v.Officer.Email != "clerk@example.org" {
			t.Fatalf("peek %+v %v", v, err)
		}
	}
	e, err := h.AcceptInvite(h.ctx(), identity.Use{Token: token, Agent: firefox})
	h.fine(err, "accept")
	actor, _, err := h.SessionActor(h.ctx(), e.Token)
	h.fine(err, "session")
	if !actor.Has(consult.RoleOfficer) || !actor.Has(consult.RoleModerator) || actor.Has(consult.RoleAdmin) {
		t.Errorf("actor %+v", actor)
	}
	if got := h.status(admin, o.ID); got != identity.StatusActive {
		t.Errorf("status %q", got)
	}
	_, err = h.AcceptInvite(h.ctx(), identity.Use{Token: token})
	h.want(err, consult.Closed, "the second use")
	h.want(h.InviteAgain(h.ctx(), admin, o.ID, "en"), consult.Conflict, "inviting somebody who came")
}

// S09: an invitation that ended lets nobody in by any way, the sign-in page included.
func TestS09ExpiredInviteIsNoWayIn(t *testing.T) {
	h := newHouse(t)
	admin := h.officer("admin@example.org", consult.RoleAdmin).Actor()
	o, token := h.invite(admin)
	h.wait(72 * time.Hour)
	_, err := h.Peek(h.ctx(), token, "")
	h.want(err, consult.Closed, "looking")
	_, err = h.AcceptInvite(h.ctx(), identity.Use{Token: token})
	h.want(err, consult.Closed, "accepting")
	_, err = h.AskLink(h.ctx(), identity.Ask{Email: "clerk@example.org", Browser: "b"})
	h.fine(err, "asking for a sign-in link")
	if got := h.mails(); len(got) != 0 {
		t.Errorf("mails %+v", got)
	}
	_, err = h.PrintedLink(h.ctx(), "clerk@example.org", time.Hour)
	h.want(err, consult.NotFound, "printing a link")
	h.want(h.Enable(h.ctx(), admin, o.ID), consult.Conflict, "enabling")
	if got := h.status(admin, o.ID); got != identity.StatusLapsed {
		t.Errorf("status %q", got)
	}

	h.fine(h.InviteAgain(h.ctx(), admin, o.ID, "en"), "invite again")
	_, err = h.AcceptInvite(h.ctx(), identity.Use{Token: h.inviteToken()})
	h.fine(err, "accept the new one")
}

func TestS09ANewInviteEndsTheFormer(t *testing.T) {
	h := newHouse(t)
	admin := h.officer("admin@example.org", consult.RoleAdmin).Actor()
	o, former := h.invite(admin)
	h.fine(h.InviteAgain(h.ctx(), admin, o.ID, "en"), "invite again")
	h.mails()
	_, err := h.AcceptInvite(h.ctx(), identity.Use{Token: former})
	h.want(err, consult.Closed, "the former link")
}

func TestS09AnInviteCanBeTakenBack(t *testing.T) {
	h := newHouse(t)
	admin := h.officer("admin@example.org", consult.RoleAdmin).Actor()
	o, token := h.invite(admin)
	h.fine(h.Disable(h.ctx(), admin, o.ID), "take back")
	_, err := h.AcceptInvite(h.ctx(), identity.Use{Token: token})
	h.want(err, consult.Closed, "the link")
	if got := h.status(admin, o.ID); got != identity.StatusLapsed {
		t.Errorf("status %q", got)
	}
}

func TestS09OnlyAdminsManageOfficers(t *testing.T) {
	h := newHouse(t)
	admin := h.officer("admin@example.org", consult.RoleAdmin)
	for kind, a := range map[consult.Kind]consult.Actor{
		consult.SignedOut: {Kind: consult.Visitor, ID: 7},
		consult.Forbidden: h.officer("officer@example.org", consult.RoleOfficer, consult.RoleModerator, consult.RoleAnalyst).Actor(),
	} {
		_, err := h.Invite(h.ctx(), a, clerk, "en")
		h.want(err, kind, "invite")
		_, err = h.Officers(h.ctx(), a)
		h.want(err, kind, "list")
		_, err = h.Officer(h.ctx(), a, admin.ID)
		h.want(err, kind, "read")
		h.want(h.InviteAgain(h.ctx(), a, admin.ID, "en"), kind, "invite again")
		h.want(h.Change(h.ctx(), a, admin.ID, clerk), kind, "change")
		h.want(h.Disable(h.ctx(), a, admin.ID), kind, "disable")
		h.want(h.Enable(h.ctx(), a, admin.ID), kind, "enable")
		_, _, err = h.IssueToken(h.ctx(), a, consult.RoleOfficer, "test", 0)
		h.want(err, kind, "token")
	}
}

func TestS09ProfilesAreHeldToTheirRules(t *testing.T) {
	h := newHouse(t)
	admin := h.officer("admin@example.org", consult.RoleAdmin).Actor()
	long := strings.Repeat("x", identity.MaxLine+1)
	for _, c := range []struct {
		change      func(*identity.Profile)
		field, rule string
	}{
		{func(p *identity.Profile) { p.Email = " " }, "email", "required"},
		{func(p *identity.Profile) { p.Email = "nobody" }, "email", "email"},
		{func(p *identity.Profile) { p.Email = "ADMIN@example.org" }, "email", "email_taken"},
		{func(p *identity.Profile) { p.Name = "\u200b" }, "name", "required"},
		{func(p *identity.Profile) { p.Name = "A\r\nBcc: x@example.org" }, "name", "characters"},
		{func(p *identity.Profile) { p.Service = "" }, "service", "required"},
		{func(p *identity.Profile) { p.Title = long }, "job_title", "too_long"},
		{func(p *identity.Profile) { p.Roles = nil }, "roles", "required"},
		{func(p *identity.Profile) { p.Roles = []consult.Role{"owner"} }, "roles", "choice"},
		{func(p *identity.Profile) { p.Roles = []consult.Role{consult.RoleLoad} }, "roles", "choice"},
	} {
		p := clerk
		c.change(&p)
		_, err := h.Invite(h.ctx(), admin, p, "en")
		h.wantField(err, c.field, c.rule, c.field)
	}
	if got := h.mails(); len(got) != 0 {
		t.Errorf("mails %+v", got)
	}
}

// Nobody grants a role they lack: an API token of role admin that lost it, or any actor the policy may one day let manage officers.
func TestS09NobodyGrantsWhatTheyLack(t *testing.T) {
	h := newHouse(t)
	system := consult.System()
	o := h.officer("officer@example.org", consult.RoleOfficer)
	p := clerk
	p.Roles = []consult.Role{consult.RoleLoad}
	h.wantField(h.Change(h.ctx(), system, o.ID, p), "roles", "choice", "role load for a person")
	admin := h.officer("admin@example.org", consult.RoleAdmin).Actor()
	p.Roles = []consult.Role{consult.RoleAnalyst, consult.RoleAdmin}
	h.fine(h.Change(h.ctx(), admin, o.ID, p), "an admin makes an admin")
}

func TestS07NewRolesEndSessions(t *testing.T) {
	h := newHouse(t)
	admin := h.officer("admin@example.org", consult.RoleAdmin).Actor()
	o := h.officer("officer@example.org", consult.RoleOfficer)
	e := h.signIn("officer@example.org")

	p := identity.Profile{Name: "Demo officer", Service: "Highways", Title: "Engineer", Roles: o.Roles}
	h.fine(h.Change(h.ctx(), admin, o.ID, p), "another name")
	actor, _, err := h.SessionActor(h.ctx(), e.Token)
	h.fine(err, "the session")
	if actor.Service != "Highways" || actor.Title != "Engineer" {
		t.Errorf("actor %+v", actor)
	}
	p.Roles = []consult.Role{consult.RoleAnalyst}
	h.fine(h.Change(h.ctx(), admin, o.ID, p), "another role")
	_, _, err = h.SessionActor(h.ctx(), e.Token)
	h.want(err, consult.SignedOut, "the session with the former role")
	actor, _, err = h.SessionActor(h.ctx(), h.signIn("officer@example.org").Token)
	h.fine(err, "the new session")
	if actor.Has(consult.RoleOfficer) || !actor.Has(consult.RoleAnalyst) {
		t.Errorf("actor %+v", actor)
	}
}

func TestS07DisablingEndsEverything(t *testing.T) {
	h := newHouse(t)
	admin := h.officer("admin@example.org", consult.RoleAdmin).Actor()
	o := h.officer("officer@example.org", consult.RoleOfficer)
	e := h.signIn("officer@example.org")
	token, code := h.ask("officer@example.org", "browser-a")
	h.fine(h.Disable(h.ctx(), admin, o.ID), "disable")
	_, _, err := h.SessionActor(h.ctx(), e.Token)
	h.want(err, consult.SignedOut, "the session")
	_, err = h.SignIn(h.ctx(), identity.Use{Token: token, Browser: "browser-a", Code: code})
	h.want(err, consult.Closed, "the open link")
	if got := h.status(admin, o.ID); got != identity.StatusDisabled {
		t.Errorf("status %q", got)
	}
	h.fine(h.Enable(h.ctx(), admin, o.ID), "enable")
	_, err = h.SignIn(h.ctx(), identity.Use{Token: token, Browser: "browser-a"})
	h.want(err, consult.Closed, "the former link after enabling")
	h.signIn("officer@example.org")
}

func TestTheLastAdminStays(t *testing.T) {
	h := newHouse(t)
	one := h.officer("one@example.org", consult.RoleAdmin)
	two := h.officer("two@example.org", consult.RoleAdmin, consult.RoleOfficer)
	h.officer("officer@example.org", consult.RoleOfficer)
	_, err := h.Invite(h.ctx(), one.Actor(), identity.Profile{Email: "three@example.org", Name: "Demo three", Service: "Planning",
		Title: "Head", Roles: []consult.Role{consult.RoleAdmin}}, "en")
	h.fine(err, "an invited admin, who does not count yet")

	h.fine(h.Disable(h.ctx(), one.Actor(), two.ID), "disable the other")
	h.wantField(h.Disable(h.ctx(), one.Actor(), one.ID), "disable", "last_admin", "disable oneself")
	p := identity.Profile{Name: one.Name, Service: one.Service, Title: one.Title, Roles: []consult.Role{consult.RoleOfficer}}
	h.wantField(h.Change(h.ctx(), one.Actor(), one.ID, p), "roles", "last_admin", "give the role away")
	h.fine(h.Enable(h.ctx(), one.Actor(), two.ID), "enable the other")
	h.fine(h.Change(h.ctx(), one.Actor(), one.ID, p), "give the role away to a successor")
}

// Two administrators who disable each other at the same moment leave at least one.
func TestTheLastAdminStaysInARace(t *testing.T) {
	for range 5 {
		h := newHouse(t)
		one, two := h.officer("one@example.org", consult.RoleAdmin), h.officer("two@example.org", consult.RoleAdmin)
		var wg sync.WaitGroup
		for _, pair := range [][2]consult.Officer{{one, two}, {two, one}} {
			wg.Go(func() {
				if err := h.Disable(h.ctx(), pair[0].Actor(), pair[1].ID); err != nil && consult.KindOf(err) != consult.Invalid {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		left := 0
		for _, o := range []consult.Officer{one, two} {
			if h.status(consult.System(), o.ID) == identity.StatusActive {
				left++
			}
		}
		if left == 0 {
			t.Fatal("nobody is left who could let anybody in")
		}
	}
}

func TestS23ChangesOfOfficersAreAudited(t *testing.T) {
	h := newHouse(t)
	admin := h.officer("admin@example.org", consult.RoleAdmin)
	o, token := h.invite(admin.Actor())
	_, err := h.AcceptInvite(h.ctx(), identity.Use{Token: token})
	h.fine(err, "accept")
	p := clerk
	p.Roles = []consult.Role{consult.RoleAnalyst}
	h.fine(h.Change(h.ctx(), admin.Actor(), o.ID, p), "change")
	h.fine(h.Disable(h.ctx(), admin.Actor(), o.ID), "disable")
	rows, err := h.store.AuditRows(h.ctx(), 0, 100)
	h.fine(err, "audit")
	var actions []string
	for _, r := range rows {
		actions = append(actions, r.Action)
		if strings.Contains(r.Detail, "@") || strings.Contains(r.Detail, "clerk") {
			t.Errorf("personal data in %+v", r)
		}
		if r.Action == "officer.change" && (r.Actor != admin.ID || r.Subject != o.ID || r.Detail != "roles officer,moderator → analyst") {
			t.Errorf("row %+v", r)
		}
	}
	for _, want := range []string{"officer.add", "officer.invite", "link.invite", "link.use", "officer.accept", "session.begin",
		"officer.change", "officer.disable"} {
		if !strings.Contains(strings.Join(actions, " "), want) {
			t.Errorf("no row %s in %v", want, actions)
		}
	}
}
