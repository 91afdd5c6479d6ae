package identity_test

import (
	"strings"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/identity"
)

func TestTokenActsInItsRole(t *testing.T) {
	h := newHouse(t)
	secret, token, err := h.IssueToken(h.ctx(), consult.System(), consult.RoleAnalyst, " reports ", time.Hour)
	h.fine(err, "issue")
	if !strings.HasPrefix(secret, "yousaid_") || token.Label != "reports" || strings.Contains(token.Hash, secret) {
		t.Errorf("%q %+v", secret, token)
	}
	a, err := h.TokenActor(h.ctx(), secret)
	h.fine(err, "read")
	if a.Kind != consult.ByBearer || a.ID != token.ID || !a.Has(consult.RoleAnalyst) || a.Has(consult.RoleOfficer) {
		t.Errorf("actor %+v", a)
	}
	for _, other := range []string{"", secret + "x", strings.TrimPrefix(secret, "yousaid_"), token.Hash, "yousaid_" + token.Hash} {
		_, err := h.TokenActor(h.ctx(), other)
		h.want(err, consult.SignedOut, other)
	}
	h.wait(time.Hour)
	_, err = h.TokenActor(h.ctx(), secret)
	h.want(err, consult.SignedOut, "after its end")
}

func TestTokenIsNoSession(t *testing.T) {
	h := newHouse(t)
	secret, _, err := h.IssueToken(h.ctx(), consult.System(), consult.RoleOfficer, "test", 0)
	h.fine(err, "issue")
	_, _, err = h.SessionActor(h.ctx(), secret)
	h.want(err, consult.SignedOut, "as a cookie")
	h.officer("officer@example.org", consult.RoleOfficer)
	_, err = h.TokenActor(h.ctx(), h.signIn("officer@example.org").Token)
	h.want(err, consult.SignedOut, "a session as a token")
}

func TestTokenOfRoleLoadOnlyWhereAllowed(t *testing.T) {
	admin := consult.Actor{Kind: consult.Signed, ID: 1, Roles: []consult.Role{consult.RoleAdmin}}
	h := newHouse(t)
	_, _, err := h.IssueToken(h.ctx(), consult.System(), consult.RoleLoad, "load", 0)
	h.wantField(err, "role", "load_forbidden", "where it is not allowed")

	h = newHouseWith(t, func(l *identity.Limits) { l.AllowLoad = true })
	_, _, err = h.IssueToken(h.ctx(), admin, consult.RoleLoad, "load", 0)
	h.wantField(err, "role", "role_lacking", "by an administrator, who lacks it")
	secret, _, err := h.IssueToken(h.ctx(), consult.System(), consult.RoleLoad, "load", 0)
	h.fine(err, "by the operator, where it is allowed")
	a, err := h.TokenActor(h.ctx(), secret)
	h.fine(err, "read")
	if !consult.Can(a, consult.Unlimited) {
		t.Errorf("actor %+v", a)
	}
	strict := identity.New(h.store, func() time.Time { return h.now }, identity.DefaultLimits())
	_, err = strict.TokenActor(h.ctx(), secret)
	h.want(err, consult.SignedOut, "after the operator took it back")

	_, _, err = h.IssueToken(h.ctx(), admin, "owner", "x", 0)
	h.wantField(err, "role", "choice", "an unknown role")
	_, _, err = h.IssueToken(h.ctx(), admin, consult.RoleOfficer, " ", 0)
	h.wantField(err, "label", "required", "no label")
}
