package server

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/compress"
	"github.com/valyala/fasthttp"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/web"
)

// assembleFiber makes the shell: the server's limits, what stands before every route, and the routes.
func (a *App) assembleFiber() error {
	app := fiber.New(fiber.Config{
		Immutable:             true, // without it strings of one request become those of the next (S26)
		DisableStartupMessage: true,
		StrictRouting:         true,
		CaseSensitive:         true,
		ErrorHandler:          a.handleError,
		BodyLimit:             a.limits.Body,
		ReadBufferSize:        a.limits.Header,
		ReadTimeout:           a.limits.ReadHead,
		WriteTimeout:          a.limits.Write,
		IdleTimeout:           a.limits.Idle,
	})
	app.Use(a.metrics.measure, a.recover, a.web.Guard.Headers, compress.New(compress.Config{Next: neverCompressed}))
	a.register(app, a.routes())
	s := app.Server()
	s.Handler = a.front(app.Handler())
	if len(a.cfg.TrustedProxies) == 0 {
		s.MaxConnsPerIP = a.limits.Connections // behind a proxy every connection comes from it; the proxy counts
	}
	s.NoDefaultServerHeader = true
	s.ErrorHandler = refuse
	a.fiber = app
	return nil
}

// neverCompressed are answers that are compressed already or must not be touched.
func neverCompressed(c *fiber.Ctx) bool {
	return c.Path() == "/live" || c.Path() == web.BasemapPath || strings.HasPrefix(c.Path(), "/tiles/") || strings.HasPrefix(c.Path(), "/static/")
}

func (a *App) serve(l net.Listener) error {
	err := a.fiber.Server().Serve(l)
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// allowed are the methods that exist here (H06).
var allowed = map[string]bool{"GET": true, "HEAD": true, "POST": true, "OPTIONS": true}

// front refuses what no browser sends before a route is looked for: unknown methods and hosts, folded headers, heads without end.
func (a *App) front(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	hosts := hostsOf(a.cfg)
	return func(ctx *fasthttp.RequestCtx) {
		switch {
		case !allowed[string(ctx.Method())]:
			ctx.Response.Header.Set("Allow", "GET, HEAD, POST, OPTIONS")
			ctx.Error("method not allowed", http.StatusMethodNotAllowed)
		case folded(ctx.Request.Header.RawHeaders()), twoLengths(ctx.Request.Header.RawHeaders()):
			ctx.Error("bad request", http.StatusBadRequest)
			ctx.SetConnectionClose()
		case tooManyHeaders(ctx.Request.Header.Len(), a.limits.Headers) != nil:
			ctx.Error("too many header fields", http.StatusRequestHeaderFieldsTooLarge)
			ctx.SetConnectionClose()
		case !hosts[strings.ToLower(string(ctx.Host()))] && !isProbe(ctx.Path()):
			ctx.Error("this site is not served under that name", http.StatusMisdirectedRequest)
		default:
			next(ctx)
		}
	}
}

// isProbe lets health checks ask by address.
func isProbe(path []byte) bool {
	return bytes.Equal(path, []byte("/healthz")) || bytes.Equal(path, []byte("/readyz"))
}

// hostsOf are the names the site answers to.
func hostsOf(cfg Config) map[string]bool {
	hosts := map[string]bool{}
	for _, origin := range origins(cfg) {
		if u, err := url.Parse(origin); err == nil {
			hosts[strings.ToLower(u.Host)] = true
		}
	}
	return hosts
}

// folded finds a header that goes on in the next line, which fasthttp takes and RFC 9112 (5.2) lets us refuse.
func folded(head []byte) bool {
	return bytes.Contains(head, []byte("\n ")) || bytes.Contains(head, []byte("\n\t"))
}

// twoLengths finds a request that says in two ways where it ends. fasthttp believes the chunks; a proxy before us may believe the
// other, and then what one takes for a body is a request to the other (RFC 9112, 6.3).
func twoLengths(head []byte) bool {
	length, chunks := false, false
	for line := range bytes.Lines(head) {
		name, _, _ := bytes.Cut(line, []byte(":"))
		length = length || bytes.EqualFold(name, []byte("Content-Length"))
		chunks = chunks || bytes.EqualFold(name, []byte("Transfer-Encoding"))
	}
	return length && chunks
}

// refuse answers what could not be read as a request. fasthttp's own answer repeats bytes of it (S20).
func refuse(ctx *fasthttp.RequestCtx, err error) {
	status := http.StatusBadRequest
	var small *fasthttp.ErrSmallBuffer
	var timeout interface{ Timeout() bool }
	switch {
	case errors.As(err, &small):
		status = http.StatusRequestHeaderFieldsTooLarge
	case errors.Is(err, fasthttp.ErrBodyTooLarge):
		status = http.StatusRequestEntityTooLarge
	case errors.As(err, &timeout) && timeout.Timeout():
		status = http.StatusRequestTimeout
	}
	ctx.Error(http.StatusText(status), status)
	ctx.SetConnectionClose()
}

// recover turns a panic into a 500 with a reference; what it says goes to the log only (S20).
func (a *App) recover(c *fiber.Ctx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &consult.Error{Kind: consult.Internal, Op: "handle request", Err: fmt.Errorf("panic: %v\n%s", p, debug.Stack())}
		}
	}()
	return c.Next()
}

// handleError answers a failure in the form of who asked: a page, or a problem in JSON for programs.
func (a *App) handleError(c *fiber.Ctx, err error) error {
	if strings.HasPrefix(c.Path(), "/api/") || program(c) {
		return a.api.HandleError(c, err)
	}
	return a.web.HandleError(c, err)
}
