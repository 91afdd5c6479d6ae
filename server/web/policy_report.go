package web

import (
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/gofiber/fiber/v2"
)

// Limits of what browsers report about broken policies: anybody may send them.
const (
	maxReportSize = 16 << 10
	maxReports    = 5 // logged of one delivery
)

// PolicyReport takes the browsers' reports of what a page tried against its Content-Security-Policy (Reporting API, 2024 draft) and
// logs the directive and the foreign origin. The addresses in a report may hold tokens and are left out. It takes no cookie and
// changes nothing, so it needs no token.
func (w *Web) PolicyReport(c *fiber.Ctx) error {
	if len(c.Body()) > maxReportSize {
		return fiber.ErrRequestEntityTooLarge
	}
	var reports []struct {
		Type string `json:"type"`
		Body struct {
			Directive string `json:"effectiveDirective"`
			Blocked   string `json:"blockedURL"`
		} `json:"body"`
	}
	if err := json.Unmarshal(c.Body(), &reports); err != nil {
		return fiber.ErrBadRequest
	}
	logged := 0
	for _, r := range reports {
		if r.Type != "csp-violation" || logged == maxReports {
			continue
		}
		logged++
		w.Log.Warn("policy broken", "directive", short(r.Body.Directive), "blocked", originOf(r.Body.Blocked))
	}
	return c.SendStatus(http.StatusNoContent)
}

func short(text string) string { return text[:min(len(text), 40)] }

// originOf is an address without what follows its host; browsers also say "inline" and "eval".
func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	if u.Host == "" {
		return short(u.Path)
	}
	return short(u.Scheme + "://" + u.Host)
}
