package server

import (
	"context"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/web"
)

// route is one address of the site: one line in routes.go.
type route struct {
	method  string
	path    string
	action  consult.Action // who may: decided by the one policy
	rate    string         // which of Limits.Rates holds
	handler fiber.Handler
	kind    routeKind
}

// routeKind says how a route differs from a page.
type routeKind int

const (
	page     routeKind = iota
	machine            // the API: bearer tokens, problems in JSON, no form token for bearers
	oneClick           // a mail program's POST without cookie, origin or token (RFC 8058); its address is the proof
	stream             // answers longer than Limits.Handle
)

// register adds the routes with what stands before each: who asks, how often, from where, and whether they may.
func (a *App) register(app *fiber.App, routes []route) {
	for _, r := range routes {
		chain := []fiber.Handler{a.deadline(r), a.limit(r.rate), a.identify(r.kind)}
		if r.kind != oneClick {
			chain = append(chain, a.protect)
		}
		chain = append(chain, a.may(r.action), r.handler)
		app.Add(r.method, r.path, chain...)
		if r.method == fiber.MethodGet {
			app.Add(fiber.MethodHead, r.path, chain...)
		}
	}
}

// deadline bounds a handler's work: fasthttp does not tell when a client went away.
func (a *App) deadline(r route) fiber.Handler {
	limit := a.limits.Handle
	if r.kind == stream {
		limit = 10 * time.Minute
	}
	return func(c *fiber.Ctx) error {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		if r.kind == stream {
			// The body is written after the handler has returned; the timer alone ends it.
			context.AfterFunc(ctx, cancel)
		} else {
			defer cancel()
		}
		c.SetUserContext(ctx)
		return c.Next()
	}
}

const clientLocal = "server.client"

// client is the address of who asks, proxies we trust aside.
func (a *App) client(c *fiber.Ctx) netip.Addr {
	if known, ok := c.Locals(clientLocal).(netip.Addr); ok {
		return known
	}
	peer, err := netip.ParseAddr(c.Context().RemoteIP().String())
	if err != nil {
		peer = netip.IPv6Unspecified()
	}
	forwarded := ""
	if isTrusted(peer.Unmap(), a.cfg.TrustedProxies) {
		forwarded = c.Get(fiber.HeaderXForwardedFor)
	}
	addr := clientAddr(peer, forwarded, a.cfg.TrustedProxies)
	c.Locals(clientLocal, addr)
	return addr
}

// limit holds a client to a rate (S17). Load tests carry a token that no rate stops.
func (a *App) limit(name string) fiber.Handler {
	return func(c *fiber.Ctx) error {
		wait, ok := a.limiter.Allow(name, a.limits.Rates[name], network(a.client(c)))
		if ok {
			return c.Next()
		}
		actor, err := a.caller(c)
		if consult.KindOf(err) == consult.Unavailable {
			return err
		}
		if err == nil && consult.Can(actor, consult.Unlimited) {
			return c.Next()
		}
		return &consult.Error{Kind: consult.TooMany, Op: "limit " + name, RetryAfter: int(wait.Seconds()) + 1}
	}
}

// identify finds out who asks. Programs may show a bearer token instead of a cookie.
func (a *App) identify(kind routeKind) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if kind == machine && c.Get(fiber.HeaderAuthorization) != "" {
			actor, err := a.caller(c)
			if err != nil {
				return err
			}
			web.SetActor(c, actor)
			return c.Next()
		}
		return a.web.Identify(c)
	}
}

// caller is the actor of a bearer token, else of the cookie.
func (a *App) caller(c *fiber.Ctx) (consult.Actor, error) {
	secret, bearer := strings.CutPrefix(c.Get(fiber.HeaderAuthorization), "Bearer ")
	if !bearer {
		return web.ActorOf(c), nil
	}
	return a.identity.TokenActor(c.UserContext(), strings.TrimSpace(secret))
}

// protect refuses what another site makes a browser send. A bearer token is proof enough: no other site can make a browser send it.
func (a *App) protect(c *fiber.Ctx) error {
	if web.ActorOf(c).Kind == consult.ByBearer {
		return c.Next()
	}
	return a.web.Guard.Protect(c)
}

// may asks the policy.
func (a *App) may(do consult.Action) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if err := consult.Must(web.ActorOf(c), do, "open "+c.Route().Path); err != nil {
			return err
		}
		return c.Next()
	}
}

// tooManyHeaders refuses heads that no browser sends (H05).
func tooManyHeaders(n, limit int) error {
	if n > limit {
		return fiber.NewError(fiber.StatusRequestHeaderFieldsTooLarge, strconv.Itoa(n)+" header fields")
	}
	return nil
}
