package web

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"net/netip"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// A visitor's cookie tells their own messages from those of others and makes their idempotency keys theirs. It is set when they
// write for the first time, never for reading.

const visitorLife = 180 * 24 * time.Hour

func (w *Web) visitorCookie() string {
	if w.Guard.secure() {
		return "__Host-yousaid_visitor"
	}
	return "yousaid_visitor"
}

// VisitorID is the number of the browser that asks, 0 for one that never wrote. It is a hash of the cookie: knowing the number
// does not let anybody be that visitor.
func (w *Web) VisitorID(c *fiber.Ctx) consult.ID {
	token := c.Cookies(w.visitorCookie())
	if len(token) != base64.RawURLEncoding.EncodedLen(16) {
		return 0
	}
	return visitorNumber(token)
}

func visitorNumber(token string) consult.ID {
	sum := sha256.Sum256([]byte("visitor\x00" + token))
	return consult.ID(binary.BigEndian.Uint64(sum[:8]) >> 1)
}

// visitor is the actor of a write: the officer who is signed in, else this browser, which gets its cookie now. From is where it comes
// from, of which hashes alone are kept, and for days.
func (w *Web) visitor(c *fiber.Ctx) consult.Actor {
	a := w.browser(c)
	if a.Kind == consult.Visitor {
		a.From = consult.Origin{Browser: a.ID, Network: consult.OriginNetwork(w.client(c))}
	}
	return a
}

// author is the actor of a formal comment, which is not tied to a browser: all that is kept of From is what nobody can join.
func (w *Web) author(c *fiber.Ctx) consult.Actor {
	return consult.Actor{Kind: consult.Visitor, From: w.visitor(c).From}
}

func (w *Web) client(c *fiber.Ctx) netip.Addr {
	if w.Client == nil {
		return netip.Addr{}
	}
	return w.Client(c)
}

func (w *Web) browser(c *fiber.Ctx) consult.Actor {
	a := w.actor(c)
	if a.Kind != consult.Visitor || a.ID != 0 {
		return a
	}
	token := w.newVisitor(c)
	c.Cookie(&fiber.Cookie{Name: w.visitorCookie(), Value: token, Path: "/", MaxAge: int(visitorLife.Seconds()),
		Secure: w.Guard.secure(), HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode})
	a.ID = visitorNumber(token)
	return a
}

// newVisitor makes the cookie of a browser that writes for the first time: from its form cookie, so that a form sent twice at once
// makes the same visitor twice and its idempotency key holds (L8).
func (w *Web) newVisitor(c *fiber.Ctx) string {
	if browser := c.Cookies(w.Guard.cookieName()); len(browser) == browserSize {
		m := hmac.New(sha256.New, w.Guard.Secret)
		m.Write([]byte("visitor\x00" + browser))
		return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:16])
	}
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err) // crypto/rand never fails on a supported system
	}
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// Writer is who writes, for doors beside the pages: as on pages, a browser that writes for the first time gets its cookie.
func (w *Web) Writer(c *fiber.Ctx) consult.Actor { return w.visitor(c) }
