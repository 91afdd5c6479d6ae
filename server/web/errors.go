package web

import (
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"sort"
	"strconv"
	"strings"
	"unicode"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// SignInPath is where somebody is sent who must sign in first.
const SignInPath = "/sign-in"

// Status is the one table from a kind of error to HTTP. Only a closed thing is two: asking for it finds it gone, writing to it
// conflicts with its state.
func Status(kind consult.Kind, method string) int {
	switch kind {
	case consult.Invalid:
		return http.StatusUnprocessableEntity
	case consult.NotFound:
		return http.StatusNotFound
	case consult.Forbidden:
		return http.StatusForbidden
	case consult.SignedOut:
		return http.StatusUnauthorized
	case consult.Conflict:
		return http.StatusConflict
	case consult.Closed:
		if method == http.MethodGet || method == http.MethodHead {
			return http.StatusGone
		}
		return http.StatusConflict
	case consult.TooMany:
		return http.StatusTooManyRequests
	case consult.TooLarge:
		return http.StatusRequestEntityTooLarge
	case consult.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// ErrorPage is the page of every failure. Typed carries a form that was sent: nothing that somebody typed is lost.
type ErrorPage struct {
	Base
	Text      string // what happened and what to do
	Reference string // finds the line in the log; "" = none was written
	Typed     []Kept // what was typed, the idempotency key among it
	Action    string // where it can be sent again; "" = it can only be copied
	SignIn    string // where to sign in first, in another tab; "" = no need
}

// HandleError turns any error into an answer: a redirect to sign-in, or a page with a reference. It shows words of the catalogue
// only, never the error's.
func (w *Web) HandleError(c *fiber.Ctx, err error) error {
	kind, status := classify(c, err)
	posted := c.Method() == fiber.MethodPost
	if kind == consult.SignedOut && !posted {
		return c.Redirect(SignInPath+"?next="+url.QueryEscape(c.OriginalURL()), http.StatusSeeOther)
	}
	forget(c)
	name := errorName(kind, err)
	page := &ErrorPage{Base: w.Base(c, "error_page."+name+"_title")}
	page.Text = page.T("error_page." + name + "_text")
	page.NoIndex = true
	if status != http.StatusNotFound {
		page.Reference = newReference()
		w.logError(c, err, kind, status, page.Reference)
	}
	if posted {
		w.keepTyped(c, page, kind, err)
	}
	if seconds := retryAfter(kind, err); seconds > 0 {
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(seconds))
	}
	failed := w.Pages.Page(c, status, "error", page)
	w.Guard.cacheControl(c)
	if failed != nil {
		w.Log.Error("error page failed", "reference", page.Reference, "error", failed)
		return c.Status(status).SendString(http.StatusText(status) + " " + page.Reference)
	}
	return nil
}

// forget takes back what a handler said about an answer that it then could not give: an error page is no download and is not for
// a year's keeping.
func forget(c *fiber.Ctx) {
	for _, name := range []string{fiber.HeaderCacheControl, fiber.HeaderContentDisposition, fiber.HeaderETag, fiber.HeaderLastModified,
		fiber.HeaderContentEncoding} {
		c.Response().Header.Del(name)
	}
}

// classify understands our errors and those of the router and the server below it (405, 413, 415, 431).
func classify(c *fiber.Ctx, err error) (consult.Kind, int) {
	var ours *consult.Error
	var theirs *fiber.Error
	if !errors.As(err, &ours) && errors.As(err, &theirs) {
		kinds := map[int]consult.Kind{404: consult.NotFound, 405: consult.NotFound, 413: consult.TooLarge, 429: consult.TooMany,
			503: consult.Unavailable}
		if kind, known := kinds[theirs.Code]; known || theirs.Code < 500 {
			if !known {
				kind = consult.Invalid
			}
			return kind, theirs.Code
		}
	}
	kind := consult.KindOf(err)
	return kind, Status(kind, c.Method())
}

// errorName is the area of the catalogue's keys for a failure.
func errorName(kind consult.Kind, err error) string {
	if errors.Is(err, errStale) {
		return "stale"
	}
	return kind.String()
}

func retryAfter(kind consult.Kind, err error) int {
	var ours *consult.Error
	if errors.As(err, &ours) && ours.RetryAfter > 0 {
		return ours.RetryAfter
	}
	switch kind {
	case consult.TooMany:
		return 60
	case consult.Unavailable:
		return 5
	}
	return 0
}

// logError writes one line that the reference finds. The route's pattern stands for the address, whose ids and tokens may be
// secrets (S21); no header, no form value, no address of a person is logged.
func (w *Web) logError(c *fiber.Ctx, err error, kind consult.Kind, status int, reference string) {
	level := slog.LevelInfo
	if kind == consult.Internal || kind == consult.Unavailable {
		level = slog.LevelError
	}
	w.Log.Log(c.UserContext(), level, "request failed", "reference", reference, "method", c.Method(), "route", c.Route().Path,
		"status", status, "kind", kind.String(), "error", err.Error())
}

// keepTyped puts what was typed on the page. Where sending again can help, the page holds a form that does it at one press, with
// a new token and the same idempotency key, so that a comment that had arrived after all is not doubled.
func (w *Web) keepTyped(c *fiber.Ctx, page *ErrorPage, kind consult.Kind, err error) {
	if errors.Is(err, errForeign) {
		return // another site wrote it, and our page is no place for its words
	}
	form, failed := ReadForm(c)
	if failed != nil {
		return
	}
	page.Typed = kept(form, page.Base)
	again := kind == consult.Unavailable || kind == consult.Internal || kind == consult.TooMany || kind == consult.SignedOut
	if errors.Is(err, errStale) {
		again = w.Guard.proved(c)
	}
	if again {
		page.Action = localPath(c.OriginalURL())
	}
	if kind == consult.SignedOut {
		page.SignIn = SignInPath
	}
}

// kept makes fields of a form: what a person wrote in words is shown, the rest (keys, choices) travels hidden.
func kept(f *Form, b Base) []Kept {
	names := make([]string, 0, len(f.values))
	for name := range f.values {
		if name != csrfField {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	var fields []Kept
	for _, name := range names {
		for _, value := range f.Values(name) {
			k := Kept{Name: name, Value: value, Label: b.T("error_page.typed")}
			k.Visible = strings.ContainsFunc(value, unicode.IsSpace)
			fields = append(fields, k)
		}
	}
	return fields
}

// newReference is eight characters that can be read out on the telephone.
func newReference() string {
	const letters = "0123456789abcdefghjkmnpqrstvwxyz"
	var b [8]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err) // crypto/rand never fails on a supported system
	}
	for i := range b {
		b[i] = letters[b[i]&31]
	}
	return string(b[:])
}

// StatusOf is the status an error is answered with, for whoever counts answers.
func StatusOf(c *fiber.Ctx, err error) int {
	_, status := classify(c, err)
	return status
}
