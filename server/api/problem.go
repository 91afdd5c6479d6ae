package api

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// Problem is a failure as programs read it (RFC 9457). Code is the kind of consult.Error, or says what was wrong with the request's
// form; Detail is a sentence for the programmer; Reference finds the line in the log.
type Problem struct {
	Type      string               `json:"type"`
	Title     string               `json:"title"`
	Status    int                  `json:"status"`
	Code      string               `json:"code"`
	Detail    string               `json:"detail"`
	Errors    []consult.FieldError `json:"errors,omitempty"`
	Reference string               `json:"reference,omitempty"`
}

var statuses = map[consult.Kind]int{
	consult.Invalid: http.StatusUnprocessableEntity, consult.NotFound: http.StatusNotFound, consult.Forbidden: http.StatusForbidden,
	consult.SignedOut: http.StatusUnauthorized, consult.Conflict: http.StatusConflict, consult.Closed: http.StatusConflict,
	consult.TooMany: http.StatusTooManyRequests, consult.TooLarge: http.StatusRequestEntityTooLarge,
	consult.Unavailable: http.StatusServiceUnavailable, consult.Internal: http.StatusInternalServerError,
}

// The codes of requests whose form is wrong, before any rule of the domain.
var formCodes = map[int]string{
	http.StatusBadRequest: "malformed", http.StatusNotFound: "not_found", http.StatusMethodNotAllowed: "method",
	http.StatusNotAcceptable: "not_acceptable", http.StatusRequestEntityTooLarge: "too_large",
	http.StatusUnsupportedMediaType: "media_type", http.StatusForbidden: "forbidden", http.StatusTooManyRequests: "rate",
	http.StatusServiceUnavailable: "unavailable",
}

var details = map[string]string{
	"invalid":        "The request breaks rules; errors names each field and rule.",
	"not_found":      "There is no such record, or it is not public.",
	"forbidden":      "The caller may not do this, or a browser's request came without a valid X-CSRF-Token of this site.",
	"signed_out":     "The token is unknown or has expired.",
	"conflict":       "The record has changed, or the Idempotency-Key was used for another request.",
	"closed":         "This takes no more contributions.",
	"rate":           "Too many requests; try again after the seconds in Retry-After.",
	"too_large":      "The request is larger than this service takes.",
	"unavailable":    "A part this service needs does not answer; try again after the seconds in Retry-After.",
	"internal":       "Something failed here; give the reference when you report it.",
	"malformed":      "The request cannot be read.",
	"method":         "This address does not take that method.",
	"not_acceptable": "This service answers in application/json.",
	"media_type":     "Send application/json in UTF-8, without a Content-Encoding.",
}

// refusal is a request whose form is wrong: it was not understood, so no rule of the domain was asked.
type refusal struct {
	status int
	detail string
	fields []consult.FieldError
}

func refuse(status int, detail string, fields ...consult.FieldError) error {
	return &refusal{status: status, detail: detail, fields: fields}
}

func (r *refusal) Error() string { return fmt.Sprintf("%d: %s %v", r.status, r.detail, r.fields) }

// Unwrap lets whoever counts answers know the status.
func (r *refusal) Unwrap() error { return fiber.NewError(r.status) }

// problemOf words a failure for programs. Nothing of the request and nothing from inside is in it, but the names of fields.
func problemOf(err error) Problem {
	kind := consult.KindOf(err)
	p := Problem{Type: "about:blank", Status: statuses[kind], Code: kind.String(), Errors: consult.FieldsOf(err)}
	var theirs *fiber.Error
	if kind == consult.Internal && errors.As(err, &theirs) {
		p.Status, p.Code = theirs.Code, formCodes[theirs.Code]
		if p.Code == "" {
			p.Code = "malformed"
		}
		if theirs.Code >= http.StatusInternalServerError && theirs.Code != http.StatusServiceUnavailable {
			p.Code = kind.String()
		}
	}
	p.Title, p.Detail = http.StatusText(p.Status), details[p.Code]
	var wrong *refusal
	if errors.As(err, &wrong) {
		p.Errors = wrong.fields
		if wrong.detail != "" {
			p.Detail = wrong.detail
		}
	}
	return p
}

// HandleError answers a failure with a problem. What went wrong inside is in the log only.
func (a *API) HandleError(c *fiber.Ctx, err error) error {
	p := problemOf(err)
	if p.Status >= http.StatusInternalServerError {
		p.Reference = newReference()
		a.log.Log(c.UserContext(), slog.LevelError, "request failed", "reference", p.Reference, "method", c.Method(),
			"route", c.Route().Path, "status", p.Status, "error", err.Error())
	}
	for _, name := range []string{fiber.HeaderETag, fiber.HeaderCacheControl, fiber.HeaderLocation} {
		c.Response().Header.Del(name)
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	if c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead {
		openToAll(c)
	}
	if seconds := retryAfter(p.Status, err); seconds > 0 {
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(seconds))
	}
	if p.Status == http.StatusUnauthorized {
		c.Set(fiber.HeaderWWWAuthenticate, "Bearer")
	}
	return c.Status(p.Status).JSON(p, "application/problem+json")
}

// retryAfter is when trying again can work, in seconds; 0 = trying again changes nothing.
func retryAfter(status int, err error) int {
	var ours *consult.Error
	if errors.As(err, &ours) && ours.RetryAfter > 0 {
		return ours.RetryAfter
	}
	switch status {
	case http.StatusTooManyRequests:
		return 60
	case http.StatusServiceUnavailable:
		return 5
	}
	return 0
}

func newReference() string {
	var b [5]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err) // crypto/rand never fails on a supported system
	}
	return hex.EncodeToString(b[:])
}
