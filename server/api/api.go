// Package api is the machines' door: JSON under /api/v1, described by an OpenAPI document, with the same rules, rights and words as
// the pages. Errors are problems in JSON (RFC 9457).
package api

import (
	"log/slog"

	"github.com/yousaid/yousaid/server/consult"
)

// API holds what the machines' door needs.
type API struct {
	service *consult.Service
	baseURL string
	log     *slog.Logger
}

// New opens the door. baseURL is the site's origin, for links.
func New(service *consult.Service, baseURL string, log *slog.Logger) *API {
	return &API{service: service, baseURL: baseURL, log: log}
}
