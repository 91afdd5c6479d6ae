package notify

import (
	"strings"

	"github.com/yousaid/yousaid/server/consult"
)

// The pages that mails lead to, as routes.go spells them. The stop pages also take the one-click POST of RFC 8058, which mail
// programs send without cookie, origin or form token.
const (
	PathConsultation = "/consultations/:id"
	PathOutcomes     = "/consultations/:id/outcomes"
	PathThread       = "/threads/:id"
	PathMyComment    = "/my-comment/:token"
	PathStopMail     = "/my-comment/:token/stop-mail"
	PathFollow       = "/follow/:token"
	PathStopFollow   = "/follow/:token/stop"
	PathSignIn       = "/sign-in/:token"
	PathInvite       = "/invite/:token"
)

// Paths lists them, so that a test can hold the routes to what was promised by mail.
func Paths() []string {
	return []string{PathConsultation, PathOutcomes, PathThread, PathMyComment, PathStopMail, PathFollow, PathStopFollow, PathSignIn, PathInvite}
}

// Tokens makes the unguessable part of personal links; *consult.Service does.
type Tokens interface {
	MyCommentToken(comment consult.ID) string
	FollowToken(follow consult.ID) string
}

// to is the full address of a page: the path's one placeholder filled with value.
func (c *Composer) to(path, value string) string {
	head, tail, _ := strings.Cut(path, ":")
	if _, rest, more := strings.Cut(tail, "/"); more {
		value += "/" + rest
	}
	return c.site.BaseURL + head + value
}

func (c *Composer) myComment(comment consult.ID) string {
	return c.to(PathMyComment, c.tokens.MyCommentToken(comment))
}

// unsubscribe is where the reader of a delivery ends it, "" for mails nobody subscribed to.
func (c *Composer) unsubscribe(d consult.Delivery) string {
	switch {
	case d.Follow != 0:
		return c.to(PathStopFollow, c.tokens.FollowToken(d.Follow))
	case d.Comment != 0:
		return c.to(PathStopMail, c.tokens.MyCommentToken(d.Comment))
	}
	return ""
}
