package identity_test

import (
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/identity"
)

var head = identity.Profile{Email: "head@example.org", Name: "Demo head", Service: "Planning", Title: "Head of planning"}

// S32: an empty database lets nobody in but the holder of the printed link.
func TestS32SetUpMakesTheFirstAdmin(t *testing.T) {
	h := newHouse(t)
	_, err := h.AskLink(h.ctx(), identity.Ask{Email: "admin@example.org", Browser: "b"})
	h.fine(err, "ask")
	if got := h.mails(); len(got) != 0 {
		t.Fatalf("an empty database sent %+v", got)
	}
	spare, err := h.SetUpLink(h.ctx())
	h.fine(err, "set-up link")
	token, err := h.SetUpLink(h.ctx())
	h.fine(err, "set-up link after a restart")
	v, err := h.Peek(h.ctx(), token, "")
	if err != nil || v.Purpose != consult.LinkSetUp || v.NeedsCode {
		t.Fatalf("peek %+v %v", v, err)
	}
	bad := head
	bad.Email = "head"
	_, err = h.SetUp(h.ctx(), identity.Use{Token: token}, bad)
	h.wantField(err, "email", "email", "a wrong address")
	greedy := head
	greedy.Roles = []consult.Role{consult.RoleLoad}
	e, err := h.SetUp(h.ctx(), identity.Use{Token: token}, greedy)
	h.fine(err, "set up; the link survived the mistake, and roles are not asked")
	actor, _, err := h.SessionActor(h.ctx(), e.Token)
	h.fine(err, "session")
	if !actor.Has(consult.RoleAdmin) || actor.Has(consult.RoleLoad) {
		t.Errorf("actor %+v", actor)
	}
	for _, used := range []string{token, spare} {
		_, err = h.Peek(h.ctx(), used, "")
		h.want(err, consult.Closed, "looking afterwards")
		_, err = h.SetUp(h.ctx(), identity.Use{Token: used}, head)
		h.want(err, consult.Closed, "a second administrator")
	}
	none, err := h.SetUpLink(h.ctx())
	if none != "" || err != nil {
		t.Errorf("another link %q %v", none, err)
	}
	h.signIn("head@example.org")
}

func TestS32SetUpLinkEnds(t *testing.T) {
	h := newHouse(t)
	token, err := h.SetUpLink(h.ctx())
	h.fine(err, "set-up link")
	h.wait(24 * time.Hour)
	_, err = h.SetUp(h.ctx(), identity.Use{Token: token}, head)
	h.want(err, consult.Closed, "after a day")
}

// The demonstration's links work in any browser, until they are used.
func TestPrintedLinkWorksInAnyBrowserOnce(t *testing.T) {
	h := newHouse(t)
	h.officer("officer@example.org", consult.RoleOfficer)
	token, err := h.PrintedLink(h.ctx(), "officer@example.org", 24*time.Hour)
	h.fine(err, "print")
	h.wait(23 * time.Hour)
	if v, err := h.Peek(h.ctx(), token, ""); err != nil || v.NeedsCode {
		t.Fatalf("peek %+v %v", v, err)
	}
	_, err = h.SignIn(h.ctx(), identity.Use{Token: token, Browser: "whichever"})
	h.fine(err, "sign in")
	_, err = h.SignIn(h.ctx(), identity.Use{Token: token, Browser: "whichever"})
	h.want(err, consult.Closed, "the second use")
	_, err = h.PrintedLink(h.ctx(), "nobody@example.org", time.Hour)
	h.want(err, consult.NotFound, "for nobody")
}
