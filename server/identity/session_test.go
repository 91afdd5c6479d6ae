package identity_test

import (
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/identity"
)

func TestS07SessionEndsWhenIdle(t *testing.T) {
	h := newHouse(t)
	h.officer("officer@example.org", consult.RoleOfficer)
	e := h.signIn("officer@example.org")
	for range 4 { // every use prolongs it
		h.wait(29 * time.Minute)
		_, _, err := h.SessionActor(h.ctx(), e.Token)
		h.fine(err, "used within half an hour")
	}
	h.wait(30 * time.Minute)
	_, _, err := h.SessionActor(h.ctx(), e.Token)
	h.want(err, consult.SignedOut, "after half an hour")
}

func TestS07SessionEndsAfterTwelveHours(t *testing.T) {
	h := newHouse(t)
	h.officer("officer@example.org", consult.RoleOfficer)
	e := h.signIn("officer@example.org")
	for range 47 {
		h.wait(15 * time.Minute)
		_, session, err := h.SessionActor(h.ctx(), e.Token)
		h.fine(err, "in use")
		if ends := h.SessionEnds(session); ends.After(e.Session.CreatedAt.Add(12 * time.Hour)) {
			t.Fatalf("said to end at %v", ends)
		}
	}
	h.wait(15 * time.Minute)
	_, _, err := h.SessionActor(h.ctx(), e.Token)
	h.want(err, consult.SignedOut, "after twelve hours of use")
}

// Sockets look at the session all the time; that does not keep it alive.
func TestS07LookingDoesNotProlongASession(t *testing.T) {
	h := newHouse(t)
	h.officer("officer@example.org", consult.RoleOfficer)
	e := h.signIn("officer@example.org")
	for range 29 {
		h.wait(time.Minute)
		_, err := h.Session(h.ctx(), e.Token)
		h.fine(err, "look")
	}
	h.wait(time.Minute)
	_, err := h.Session(h.ctx(), e.Token)
	h.want(err, consult.SignedOut, "after half an hour of looking")
}

// S07: a session fixed before sign-in is worth nothing after it.
func TestS07SignInRotatesTheSession(t *testing.T) {
	h := newHouse(t)
	h.officer("officer@example.org", consult.RoleOfficer)
	first := h.signIn("officer@example.org")
	token, _ := h.ask("officer@example.org", "browser-a")
	second, err := h.SignIn(h.ctx(), identity.Use{Token: token, Browser: "browser-a", Session: first.Token})
	h.fine(err, "sign in again")
	if second.Token == first.Token || len(second.Token) != 26 {
		t.Fatalf("tokens %q %q", first.Token, second.Token)
	}
	_, _, err = h.SessionActor(h.ctx(), first.Token)
	h.want(err, consult.SignedOut, "the former session")
	_, _, err = h.SessionActor(h.ctx(), second.Token)
	h.fine(err, "the new session")

	token, _ = h.ask("officer@example.org", "browser-a")
	third, err := h.SignIn(h.ctx(), identity.Use{Token: token, Browser: "browser-a", Session: "planted by somebody"})
	h.fine(err, "sign in with a planted session")
	if third.Token == "planted by somebody" {
		t.Error("the planted session was taken")
	}
}

func TestS07SignOutEndsTheSession(t *testing.T) {
	h := newHouse(t)
	h.officer("officer@example.org", consult.RoleOfficer)
	e := h.signIn("officer@example.org")
	h.fine(h.SignOut(h.ctx(), e.Token), "sign out")
	_, _, err := h.SessionActor(h.ctx(), e.Token)
	h.want(err, consult.SignedOut, "after signing out")
	h.fine(h.SignOut(h.ctx(), e.Token), "again")
	h.fine(h.SignOut(h.ctx(), ""), "without a session")
}

func TestS07OfficersSeeAndEndTheirOwnSessions(t *testing.T) {
	h := newHouse(t)
	h.officer("one@example.org", consult.RoleOfficer)
	h.officer("two@example.org", consult.RoleOfficer)
	other := h.signIn("two@example.org")
	old := h.signIn("one@example.org")
	h.wait(31 * time.Minute)
	desk := h.signIn("one@example.org")
	h.wait(time.Minute)
	phone := h.signIn("one@example.org")
	actor, _, err := h.SessionActor(h.ctx(), phone.Token)
	h.fine(err, "session")

	list, err := h.Sessions(h.ctx(), actor)
	h.fine(err, "list")
	if len(list) != 2 || identity.Handle(list[0]) != identity.Handle(phone.Session) || identity.Handle(list[1]) != identity.Handle(desk.Session) {
		t.Fatalf("sessions %+v", list)
	}
	h.want(h.Revoke(h.ctx(), actor, identity.Handle(other.Session)), consult.NotFound, "somebody else's session")
	h.want(h.Revoke(h.ctx(), actor, identity.Handle(old.Session)), consult.NotFound, "a session that is over")
	h.fine(h.Revoke(h.ctx(), actor, identity.Handle(desk.Session)), "revoke")
	_, _, err = h.SessionActor(h.ctx(), desk.Token)
	h.want(err, consult.SignedOut, "the revoked session")
	_, err = h.Sessions(h.ctx(), consult.Actor{Kind: consult.Visitor, ID: 7})
	h.want(err, consult.SignedOut, "a visitor's sessions")
}

func TestS07NoSessionWithoutItsToken(t *testing.T) {
	h := newHouse(t)
	h.officer("officer@example.org", consult.RoleOfficer)
	e := h.signIn("officer@example.org")
	for _, cookie := range []string{"", "x", e.Session.Hash, identity.Handle(e.Session), e.Token + "x", e.Token[:25]} {
		_, _, err := h.SessionActor(h.ctx(), cookie)
		h.want(err, consult.SignedOut, cookie)
	}
}
