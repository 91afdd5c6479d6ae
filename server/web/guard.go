package web

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// TokenLife is how long an open form can still be sent: somebody who writes for an evening and sends after breakfast is in time.
const TokenLife = 36 * time.Hour

const (
	tokenLocal  = "web.token"
	tokenHeader = "X-CSRF-Token"
	macSize     = 16
)

// errForeign marks a request that another site made the browser send.
var errForeign = errors.New("the request comes from another site")

// errStale marks a form whose token is missing, expired or of another browser, sent from our own page: it may be offered again.
var errStale = errors.New("form token is missing, expired or of another browser")

// Guard keeps the headers, the form tokens and the cookie they are bound to (S04, S19, S27).
type Guard struct {
	BaseURL  string                // the site's own origin; https makes cookies __Host- and adds HSTS
	Secret   []byte                // signs form tokens; the same on every node, at least 32 bytes
	Basemap  []string              // origins that map tiles and styles come from, "https://tile.openstreetmap.org"
	Sessions func(*fiber.Ctx) bool // whether the request carries a live session; nil = never
	Reports  string                // path that browsers report broken policies to (Web.PolicyReport); "" = none
	Now      func() time.Time      // nil = the wall clock
}

func (g *Guard) now() time.Time {
	if g.Now == nil {
		return time.Now()
	}
	return g.Now()
}

func (g *Guard) secure() bool { return strings.HasPrefix(g.BaseURL, "https://") }

// Headers sets the security headers of every answer and forbids caching of what belongs to somebody.
func (g *Guard) Headers(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentSecurityPolicy, g.policy())
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderReferrerPolicy, "strict-origin-when-cross-origin")
	c.Set("Permissions-Policy", "geolocation=(self), camera=(), microphone=()")
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	c.Set("Cross-Origin-Resource-Policy", "same-origin")
	if g.Reports != "" {
		c.Set("Reporting-Endpoints", `csp="`+g.BaseURL+g.Reports+`"`)
	}
	if g.secure() {
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000; includeSubDomains")
	}
	err := c.Next()
	g.cacheControl(c)
	return err
}

// policy is the strictest that works: without require-trusted-types-for: MapLibre sets a worker by its address, which that directive forbids.
func (g *Guard) policy() string {
	tiles := ""
	for _, origin := range g.Basemap {
		tiles += " " + origin
	}
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:" + tiles +
		"; connect-src 'self'" + tiles + "; font-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'" +
		"; base-uri 'none'; frame-ancestors 'none'" + g.reportTo()
}

func (g *Guard) reportTo() string {
	if g.Reports == "" {
		return ""
	}
	return "; report-to csp"
}

// cacheControl makes an answer private when a session, a form token or a cookie went into it. Others must be asked for again
// unless their handler said otherwise.
func (g *Guard) cacheControl(c *fiber.Ctx) {
	personal := c.Locals(tokenLocal) != nil || g.Sessions != nil && g.Sessions(c) || len(c.GetRespHeader(fiber.HeaderSetCookie)) > 0
	switch {
	case len(c.Response().Header.Peek(fiber.HeaderCacheControl)) > 0:
	case personal:
		c.Set(fiber.HeaderCacheControl, "private, no-store")
	default:
		c.Set(fiber.HeaderCacheControl, "no-cache")
	}
}

// NoReferrer is for pages whose address is a secret: no other site and no page of ours learns it.
func NoReferrer(c *fiber.Ctx) {
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	c.Set(fiber.HeaderCacheControl, "private, no-store")
}

// Protect refuses what another site makes a browser send (S04). Requests that change nothing pass. Others must come from our own
// pages, as the browser states it, and carry a token (field _csrf or header X-CSRF-Token) made for this browser.
func (g *Guard) Protect(c *fiber.Ctx) error {
	switch c.Method() {
	case fiber.MethodGet, fiber.MethodHead, fiber.MethodOptions:
		return c.Next()
	}
	const op = "check where a form comes from"
	if !g.ownOrigin(c) {
		return &consult.Error{Kind: consult.Forbidden, Op: op, Err: errForeign}
	}
	if !g.valid(sentToken(c), c.Cookies(g.cookieName())) {
		return &consult.Error{Kind: consult.Forbidden, Op: op, Err: errStale}
	}
	return c.Next()
}

// sentToken reads the token from header or body. Never from the address: addresses are logged and shared.
func sentToken(c *fiber.Ctx) string {
	if token := c.Get(tokenHeader); token != "" {
		return token
	}
	if token := c.Request().PostArgs().Peek(csrfField); len(token) > 0 {
		return string(token)
	}
	if form, err := c.MultipartForm(); err == nil && len(form.Value[csrfField]) > 0 {
		return form.Value[csrfField][0]
	}
	return ""
}

// ownOrigin believes Sec-Fetch-Site, which no page can forge, and Origin where a browser is too old for it. A browser that sends
// neither, or the "null" of a page without referrer, has proved nothing: its token decides.
func (g *Guard) ownOrigin(c *fiber.Ctx) bool {
	if site := c.Get("Sec-Fetch-Site"); site != "" {
		return site == "same-origin" || site == "none"
	}
	origin := c.Get(fiber.HeaderOrigin)
	if origin == "" || origin == "null" || origin == g.BaseURL {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && u.Host == string(c.Request().Host())
}

// proved says that the browser itself named our own site as the sender; only then is a refused form offered again at one press,
// because otherwise another site could have written it.
func (g *Guard) proved(c *fiber.Ctx) bool {
	if site := c.Get("Sec-Fetch-Site"); site != "" {
		return site == "same-origin"
	}
	origin := c.Get(fiber.HeaderOrigin)
	return origin != "" && origin != "null" && g.ownOrigin(c)
}

func (g *Guard) cookieName() string {
	if g.secure() {
		return "__Host-yousaid_form"
	}
	return "yousaid_form"
}

// Token is the form token of this browser, which gets its cookie when it has none.
func (g *Guard) Token(c *fiber.Ctx) string {
	if token, ok := c.Locals(tokenLocal).(string); ok {
		return token
	}
	browser := c.Cookies(g.cookieName())
	if len(browser) != browserSize {
		browser = g.newBrowser(c)
	}
	token := g.sign(browser, g.now())
	c.Locals(tokenLocal, token)
	return token
}

// Rotate gives the browser a new cookie: at sign-in and sign-out, so that nothing prepared before works after.
func (g *Guard) Rotate(c *fiber.Ctx) {
	c.Locals(tokenLocal, g.sign(g.newBrowser(c), g.now()))
}

const browserSize = 22 // 16 random bytes in base64url

func (g *Guard) newBrowser(c *fiber.Ctx) string {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err) // crypto/rand never fails on a supported system
	}
	browser := base64.RawURLEncoding.EncodeToString(b[:])
	c.Cookie(&fiber.Cookie{
		Name: g.cookieName(), Value: browser, Path: "/", MaxAge: int((30 * 24 * time.Hour).Seconds()),
		Secure: g.secure(), HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
	return browser
}

// sign makes a token: the moment and a MAC over it and the browser's cookie.
func (g *Guard) sign(browser string, at time.Time) string {
	raw := binary.BigEndian.AppendUint64(nil, uint64(at.Unix()))
	return base64.RawURLEncoding.EncodeToString(append(raw, g.mac(browser, raw)...))
}

func (g *Guard) mac(browser string, stamp []byte) []byte {
	m := hmac.New(sha256.New, g.Secret)
	m.Write([]byte("form token\x00" + browser + "\x00"))
	m.Write(stamp)
	return m.Sum(nil)[:macSize]
}

func (g *Guard) valid(token, browser string) bool {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != 8+macSize || browser == "" {
		return false
	}
	if !hmac.Equal(raw[8:], g.mac(browser, raw[:8])) {
		return false
	}
	age := g.now().Sub(time.Unix(int64(binary.BigEndian.Uint64(raw[:8])), 0))
	return age >= -time.Minute && age <= TokenLife
}
