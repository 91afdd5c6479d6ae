package identity

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// tokenMark begins every API token, so that scanners of source code recognise one that was committed by mistake.
const tokenMark = "yousaid_"

// IssueToken makes an API token of one role; the secret is shown once. life 0 = it never ends. Errors: Forbidden; Invalid with
// field "role" for an unknown one and for role load where the operator does not allow it, "label" without a label.
func (s *Service) IssueToken(ctx context.Context, a consult.Actor, role consult.Role, label string, life time.Duration) (secret string, t consult.Token, err error) {
	const op = "issue token"
	if err := consult.Must(a, consult.ManageOfficers, op); err != nil {
		return "", t, err
	}
	switch {
	case role == consult.RoleLoad && !s.limits.AllowLoad:
		return "", t, wrong(op, "role", "load_forbidden")
	case role != consult.RoleLoad && !slices.Contains(consult.Roles(), role):
		return "", t, wrong(op, "role", "choice")
	case !a.Has(role):
		return "", t, wrong(op, "role", "role_lacking")
	case consult.Blank(label):
		return "", t, wrong(op, "label", "required")
	}
	now := s.clock()
	secret = tokenMark + NewSecret()
	t = consult.Token{ID: consult.NewID(now), Hash: hash(secret), Role: role, Label: trim(label), CreatedAt: now}
	if life > 0 {
		t.ExpiresAt = now.Add(life)
	}
	ch := s.change(a, "token.issue", t.ID)
	ch.Detail = string(role)
	return secret, t, s.store.SaveToken(ctx, t, ch)
}

// TokenActor finds who a bearer token is. SignedOut for one that is unknown or over, and for role load once it is not allowed.
func (s *Service) TokenActor(ctx context.Context, secret string) (consult.Actor, error) {
	const op = "read token"
	if !strings.HasPrefix(secret, tokenMark) {
		return consult.Actor{}, fail(consult.SignedOut, op)
	}
	t, err := s.store.Token(ctx, hash(secret))
	switch {
	case err != nil && consult.KindOf(err) == consult.NotFound:
		return consult.Actor{}, fail(consult.SignedOut, op)
	case err != nil:
		return consult.Actor{}, err
	case !t.ExpiresAt.IsZero() && !s.clock().Before(t.ExpiresAt), t.Role == consult.RoleLoad && !s.limits.AllowLoad:
		return consult.Actor{}, fail(consult.SignedOut, op)
	}
	return consult.Actor{Kind: consult.ByBearer, ID: t.ID, Roles: []consult.Role{t.Role}}, nil
}
