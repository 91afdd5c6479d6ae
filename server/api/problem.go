package api

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// Problem is a failure as programs read it (RFC 9457). Code is the kind of consult.Error; Reference finds the line in the log.
type Problem struct {
	Type      string               `json:"type"`
	Title     string               `json:"title"`
	Status    int                  `json:"status"`
	Code      string               `json:"code"`
	Errors    []consult.FieldError `json:"errors,omitempty"`
	Reference string               `json:"reference,omitempty"`
}

var statuses = map[consult.Kind]int{
	consult.Invalid: http.StatusUnprocessableEntity, consult.NotFound: http.StatusNotFound, consult.Forbidden: http.StatusForbidden,
	consult.SignedOut: http.StatusUnauthorized, consult.Conflict: http.StatusConflict, consult.Closed: http.StatusConflict,
	consult.TooMany: http.StatusTooManyRequests, consult.TooLarge: http.StatusRequestEntityTooLarge,
	consult.Unavailable: http.StatusServiceUnavailable, consult.Internal: http.StatusInternalServerError,
}

// HandleError answers a failure with a problem. What went wrong inside is in the log only.
func (a *API) HandleError(c *fiber.Ctx, err error) error {
	kind := consult.KindOf(err)
	status := statuses[kind]
	var theirs *fiber.Error
	if kind == consult.Internal && errors.As(err, &theirs) {
		status = theirs.Code
	}
	p := Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: kind.String(), Errors: consult.FieldsOf(err)}
	if status >= http.StatusInternalServerError {
		p.Reference = newReference()
		a.log.Log(c.UserContext(), slog.LevelError, "request failed", "reference", p.Reference, "method", c.Method(),
			"route", c.Route().Path, "status", status, "error", err.Error())
	}
	var ours *consult.Error
	if errors.As(err, &ours) && ours.RetryAfter > 0 {
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(ours.RetryAfter))
	}
	if status == http.StatusUnauthorized {
		c.Set(fiber.HeaderWWWAuthenticate, "Bearer")
	}
	return c.Status(status).JSON(p, "application/problem+json")
}

func newReference() string {
	var b [5]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err) // crypto/rand never fails on a supported system
	}
	return hex.EncodeToString(b[:])
}
