// Package web is the site's pages: one file per page, each with its view, its form and its handlers together.
//
// A page method reads the form (form.go) into an owned command, calls one consult.Service method with the actor, and renders its
// view (render.go) or returns the error; errors.go is the only place that turns an error into a status. parts.go holds the
// structs of the parts that templates are built from, build.go makes them from a form and its errors, guard.go keeps the headers,
// cookies and tokens. Words come from static/lang; no sentence stands here.
package web

import (
	"log/slog"
	"net/netip"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/export"
	"github.com/yousaid/yousaid/server/identity"
	"github.com/yousaid/yousaid/server/ogc"
	"github.com/yousaid/yousaid/static/lang"
)

// Site is what an authority says about its installation.
type Site struct {
	Authority string            // the authority's name, shown in the header and the footer
	BaseURL   string            // "https://host[:port]", no trailing slash; the only origin that forms are accepted from
	SourceURL string            // where the program's source can be had (EUPL-1.2 asks for it)
	Retention consult.Retention // how long personal data is kept
	Demo      bool              // everything shown is invented; every page says so
}

// Web holds what pages need. Every field must be set but Actor (nil: everybody is a visitor) and Now (nil: the wall clock).
type Web struct {
	Site     Site
	Service  *consult.Service
	Identity *identity.Service
	Map      *Map
	Pages    *Renderer
	Letters  Letters // words paper mail
	Guard    *Guard
	Texts    *lang.Catalogue
	Log      *slog.Logger
	Actor    func(*fiber.Ctx) consult.Actor // who asks, from the session
	Client   func(*fiber.Ctx) netip.Addr    // from where, behind the proxies we trust; nil = unknown
	Now      func() time.Time
	// CheckWebhook tells whether a webhook's address may be called at all; nil: every one.
	CheckWebhook func(url string) error

	Features *ogc.Source // open data

	exports   export.Gate // the files being written now
	pictures  pictures    // drawn last
	advisor   advisor     // what is alike among points
	campaigns campaigns   // texts that many sent, found before
}

func (w *Web) actor(c *fiber.Ctx) consult.Actor {
	if w.Actor == nil {
		return consult.Actor{Kind: consult.Visitor}
	}
	return w.Actor(c)
}

func (w *Web) now() time.Time {
	if w.Now == nil {
		return time.Now()
	}
	return w.Now()
}
