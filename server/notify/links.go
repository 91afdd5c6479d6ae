package notify

import (
	"strings"

	"github.com/yousaid/yousaid/server/consult"
)

// The pages that mails lead to, as routes.go spells them.
const (
	PathConsultation = "/consultations/:id"
	PathOutcomes     = "/consultations/:id/outcomes"
	PathReport       = "/consultations/:id/report"
	PathThread       = "/threads/:id"
	PathConcern      = "/concerns/:id"
	PathMyComment    = "/my-comment/:token"
	PathFollow       = "/follow/:token"
	PathAlert        = "/alert/:token"
	PathVersions     = "/consultations/:id/versions"
	PathWithdraw     = "/my-comment/:token/withdraw"
	PathSignIn       = "/sign-in/:token"
	PathInvite       = "/invite/:token"
	PathConsultee    = "/consultee/:token"
	PathCouncillor   = "/councillor/:token"
	PathFact         = "/facts/:id"
)

// The addresses that end mails. They take the one-click POST of RFC 8058, which mail programs send without cookie, origin or form
// token. A GET, from programs that know only RFC 2369, must change nothing and show the page that has the button.
const (
	PathStopMail   = "/my-comment/:token/stop-mail"
	PathStopFollow = "/follow/:token/stop"
	PathStopAlert  = "/alert/:token/stop"
)

// Paths lists all of them, so that a test can hold the routes to what was promised by mail.
func Paths() []string {
	return []string{PathConsultation, PathOutcomes, PathReport, PathThread, PathConcern, PathMyComment, PathFollow, PathVersions, PathWithdraw, PathSignIn, PathInvite, PathConsultee, PathCouncillor, PathFact, PathShort, PathStopMail, PathStopFollow, PathAlert, PathStopAlert}
}

// Tokens makes the unguessable part of personal links; *consult.Service does.
type Tokens interface {
	MyCommentToken(comment consult.ID) string
	FollowToken(follow consult.ID) string
	AlertToken(alert consult.ID) string
	CouncillorToken(councillor consult.ID, link int) string
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

// stopping is where the reader of a delivery ends it: oneClick for the mail program, page for the person. Both are "" for mails
// nobody subscribed to.
func (c *Composer) stopping(d consult.Delivery) (oneClick, page string) {
	switch {
	case d.Alert != 0:
		token := c.tokens.AlertToken(d.Alert)
		return c.to(PathStopAlert, token), c.to(PathAlert, token)
	case d.Follow != 0:
		token := c.tokens.FollowToken(d.Follow)
		return c.to(PathStopFollow, token), c.to(PathFollow, token)
	case d.Comment != 0:
		return c.to(PathStopMail, c.tokens.MyCommentToken(d.Comment)), c.myComment(d.Comment)
	}
	return "", ""
}
