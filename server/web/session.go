package web

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

const (
	actorLocal   = "web.actor"
	sessionLocal = "web.session"
)

// sessionCookie holds the token of a signed-in browser.
func (w *Web) sessionCookie() string {
	if w.Guard.secure() {
		return "__Host-yousaid_session"
	}
	return "yousaid_session"
}

// SessionToken is the token of the browser's session, "" for none.
func (w *Web) SessionToken(c *fiber.Ctx) string { return c.Cookies(w.sessionCookie()) }

// setSession puts a session's token into the browser; an empty one takes it out. Form tokens from before stop working.
func (w *Web) setSession(c *fiber.Ctx, token string) {
	cookie := &fiber.Cookie{Name: w.sessionCookie(), Value: token, Path: "/", Secure: w.Guard.secure(), HTTPOnly: true,
		SameSite: fiber.CookieSameSiteLaxMode}
	if token == "" {
		cookie.Expires = time.Unix(1, 0)
	}
	c.Cookie(cookie)
	w.Guard.Rotate(c)
}

// Identify finds out who asks, once per request: the officer of a live session, else a visitor. A store that does not answer makes
// everybody a visitor on pages anybody may read, and is an error where somebody signed in asks for more.
func (w *Web) Identify(c *fiber.Ctx) error {
	actor := consult.Actor{Kind: consult.Visitor, ID: w.VisitorID(c)}
	if token := w.SessionToken(c); token != "" {
		found, session, err := w.Identity.SessionActor(c.UserContext(), token)
		switch {
		case err == nil:
			actor = found
			c.Locals(sessionLocal, session)
		case consult.KindOf(err) != consult.SignedOut && c.Method() != fiber.MethodGet:
			return err
		}
	}
	c.Locals(actorLocal, actor)
	return c.Next()
}

// ActorOf is who asks, as Identify found.
func ActorOf(c *fiber.Ctx) consult.Actor {
	if a, ok := c.Locals(actorLocal).(consult.Actor); ok {
		return a
	}
	return consult.Actor{Kind: consult.Visitor}
}

// HasSession tells whether the request came with a live session.
func HasSession(c *fiber.Ctx) bool { return c.Locals(sessionLocal) != nil }

// SetActor says who asks where something else than a session told: an API token.
func SetActor(c *fiber.Ctx, a consult.Actor) { c.Locals(actorLocal, a) }
