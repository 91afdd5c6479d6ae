// Package api is the machines' door: JSON under /api/v1, described by an OpenAPI document, with the same rules, rights and words as
// the pages. Errors are problems in JSON (RFC 9457).
//
// Beside it stand the doors of other vocabularies, each in its own words and manners: odp.go (Open Digital Planning), pads.go (MHCLG's
// tables), citizenspace.go, bops.go. docs/exchange.md describes them.
//
// One file per noun holds its shape and its handlers: read the request, call one method of the domain, render. answer.go writes
// answers, document.go and query.go read requests, problem.go is the only place that turns an error into a status.
//
// Reading is the same for everybody: whoever asks gets what a visitor may see. So answers can be shared, kept and compared, and no
// right of a caller can leak through them.
package api

import (
	"log/slog"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/export"
	"github.com/yousaid/yousaid/server/ogc"
	"github.com/yousaid/yousaid/static/lang"
)

// Prefix is where this version's addresses begin.
const Prefix = "/api/v1"

// Config is what the machines' door needs. Every field must be set.
type Config struct {
	Service *consult.Service
	BaseURL string // the site's origin without a slash at its end, for links
	Log     *slog.Logger
	Writer  func(*fiber.Ctx) consult.Actor // who writes: a token's owner, an officer who is signed in, or this browser
	Words   export.Words                   // the catalogue's, for files and answers that carry words for people

	Features *ogc.Source     // what /ogc reads
	Texts    *lang.Catalogue // the words of its collections
}

// API answers programs.
type API struct {
	service *consult.Service
	baseURL string
	log     *slog.Logger
	writer  func(*fiber.Ctx) consult.Actor
	words   export.Words
	files   export.Gate // the files being written now

	features *ogc.Source
	texts    *lang.Catalogue
	streams  streams
}

// New opens the door.
func New(cfg Config) *API {
	return &API{service: cfg.Service, baseURL: cfg.BaseURL, log: cfg.Log, writer: cfg.Writer, words: cfg.Words, features: cfg.Features,
		texts: cfg.Texts, streams: newStreams()}
}

// anybody is who reads, whoever asks.
var anybody = consult.Actor{Kind: consult.Visitor}
