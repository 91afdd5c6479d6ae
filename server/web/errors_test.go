package web

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

func init() {
	sample("error", func(w *Web, c *fiber.Ctx) View {
		p := &ErrorPage{Base: w.Base(c, "error_page.not_found_title")}
		p.Text = p.T("error_page.not_found_text")
		return p
	})
	sample("error", func(w *Web, c *fiber.Ctx) View {
		p := &ErrorPage{Base: w.Base(c, "error_page.unavailable_title"), Reference: "k3m9x2pq"}
		p.Text, p.Action, p.SignIn = p.T("error_page.unavailable_text"), "/c/0123456789abc/comment", SignInPath
		p.Typed = []Kept{
			{Name: "body", Label: p.T("error_page.typed"), Value: "Two lines\nof text", Visible: true}, {Name: "_key", Value: NewKey()},
		}
		return p
	})
}

// failing is a site whose only page, /x/:token, fails with the given error.
func failing(t *testing.T, err error) *testWeb {
	t.Helper()
	w := newTestWeb(t)
	w.App.All("/x/:token", func(*fiber.Ctx) error { return err })
	return w
}

const canary = "canary-5f2e"

func TestErrorKinds(t *testing.T) {
	tests := []struct {
		name      string
		err       error
		get, post int
		after     string // Retry-After
	}{
		{"invalid", &consult.Error{Kind: consult.Invalid}, 422, 422, ""},
		{"not found", &consult.Error{Kind: consult.NotFound}, 404, 404, ""},
		{"forbidden", &consult.Error{Kind: consult.Forbidden}, 403, 403, ""},
		{"signed out", &consult.Error{Kind: consult.SignedOut}, 303, 401, ""},
		{"conflict", &consult.Error{Kind: consult.Conflict}, 409, 409, ""},
		{"closed", &consult.Error{Kind: consult.Closed}, 410, 409, ""},
		{"too many", &consult.Error{Kind: consult.TooMany, RetryAfter: 17}, 429, 429, "17"},
		{"too many, for how long is not known", &consult.Error{Kind: consult.TooMany}, 429, 429, "60"},
		{"too large", &consult.Error{Kind: consult.TooLarge}, 413, 413, ""},
		{"unavailable", &consult.Error{Kind: consult.Unavailable}, 503, 503, "5"},
		{"internal", &consult.Error{Kind: consult.Internal}, 500, 500, ""},
		{"anything else", errors.New("boom"), 500, 500, ""},
		{"wrapped", errors.Join(errors.New("outer"), &consult.Error{Kind: consult.Conflict}), 409, 409, ""},
		{"the router's 404", fiber.ErrNotFound, 404, 404, ""},
		{"the router's 405", fiber.ErrMethodNotAllowed, 405, 405, ""},
		{"the server's 413", fiber.ErrRequestEntityTooLarge, 413, 413, ""},
		{"the server's 431", fiber.ErrRequestHeaderFieldsTooLarge, 431, 431, ""},
		{"415", fiber.ErrUnsupportedMediaType, 415, 415, ""},
		{"a library's 500", fiber.NewError(500, canary), 500, 500, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := failing(t, test.err)
			v := newVisit(t, w.App)
			get, post := v.get("/x/1"), v.post("/x/1", url.Values{"a": {"b"}})
			if get.StatusCode != test.get || post.StatusCode != test.post {
				t.Errorf("GET %d, POST %d, want %d and %d", get.StatusCode, post.StatusCode, test.get, test.post)
			}
			if got := post.Header.Get("Retry-After"); got != test.after {
				t.Errorf("Retry-After %q, want %q", got, test.after)
			}
			if found := problems(post.Doc); len(found) > 0 {
				t.Errorf("the page: %v", found)
			}
		})
	}
}

// S20: the page shows a reference and words of ours; the log line has the same reference and the cause.
func TestS20_CauseIsLoggedAndNotShown(t *testing.T) {
	w := failing(t, &consult.Error{Kind: consult.Internal, Op: "save comment", Err: errors.New(canary)})
	got := newVisit(t, w.App).get("/x/1")
	if strings.Contains(got.Body, canary) || strings.Contains(got.Body, "save comment") {
		t.Error("the page shows the cause")
	}
	log := w.Log.String()
	if !strings.Contains(log, canary) || !strings.Contains(log, "level=ERROR") {
		t.Errorf("the log lacks the cause: %s", log)
	}
	_, after, found := strings.Cut(log, "reference=")
	reference, _, _ := strings.Cut(after, " ")
	if !found || len(reference) != 8 || !strings.Contains(text(one(t, got.Doc, "main")), reference) {
		t.Errorf("the reference %q is not on the page", reference)
	}
}

// S21: addresses hold tokens and search words; neither they nor what was typed is logged.
func TestS21_LogHoldsNoAddressAndNoForm(t *testing.T) {
	w := failing(t, errors.New("boom"))
	v := newVisit(t, w.App)
	v.headers["Referer"] = testOrigin + "/" + canary
	v.post("/x/"+canary+"?q="+canary, url.Values{"body": {canary}, canary: {"x"}})
	if log := w.Log.String(); strings.Contains(log, canary) || !strings.Contains(log, "route=/x/:token") {
		t.Errorf("logged: %s", log)
	}
}

func TestNotFoundIsNotLogged(t *testing.T) {
	w := failing(t, &consult.Error{Kind: consult.NotFound})
	got := newVisit(t, w.App).get("/x/1")
	if w.Log.Len() > 0 {
		t.Errorf("logged: %s", w.Log)
	}
	if robots := attr(one(t, got.Doc, `meta[name="robots"]`), "content"); robots != "noindex" {
		t.Errorf("robots %q", robots)
	}
}

func TestSignedOutLeadsToSignIn(t *testing.T) {
	w := failing(t, &consult.Error{Kind: consult.SignedOut})
	got := newVisit(t, w.App).get("/x/1?a=b&c=d")
	if where := got.Header.Get("Location"); where != "/sign-in?next=%2Fx%2F1%3Fa%3Db%26c%3Dd" {
		t.Errorf("Location: %s", where)
	}
}

// F09: the database is away while somebody sends a comment. Everything they typed is on the page, can be changed, and goes out at
// one press under the same idempotency key.
func TestF09_NothingTypedIsLost(t *testing.T) {
	for name, err := range map[string]error{
		"unavailable": &consult.Error{Kind: consult.Unavailable}, "our fault": errors.New("boom"), "too many": &consult.Error{Kind: consult.TooMany},
		"signed out": &consult.Error{Kind: consult.SignedOut},
	} {
		t.Run(name, func(t *testing.T) {
			w := newTestWeb(t)
			down := err
			var arrived url.Values
			w.App.Use(w.Guard.Headers, w.Guard.Protect)
			w.App.Get("/form", func(c *fiber.Ctx) error {
				p := &ErrorPage{Base: w.Base(c, "error_page.stale_title"), Action: "/form", Typed: []Kept{{Name: "a"}}}
				return w.Pages.Page(c, fiber.StatusOK, "error", p)
			})
			w.App.Post("/form", func(c *fiber.Ctx) error {
				if down != nil {
					return down
				}
				f, err := ReadForm(c)
				arrived = f.values
				return err
			})
			v := newVisit(t, w.App)
			sent := url.Values{"_csrf": {token(t, v)}, "_key": {NewKey()}, "topics": {"noise", "light"}, "name": {"Resident of Example Street"},
				"text-noise": {"\nاردو میں\n\n<b>loud</b> & \"long\""}}
			got := v.post("/form?draft=1", sent)
			again := fieldsOf(t, got)
			for name, values := range sent {
				if name != "_csrf" && strings.Join(again[name], "|") != strings.Join(trimmed(values), "|") {
					t.Errorf("%s came back as %q, want %q", name, again[name], values)
				}
			}
			action := attr(one(t, got.Doc, "main form"), "action")
			if action != "/form?draft=1" {
				t.Errorf("the form goes to %s", action)
			}
			down = nil
			if second := v.post(action, again); second.StatusCode != fiber.StatusOK {
				t.Errorf("sending again: status %d", second.StatusCode)
			}
			if arrived.Get("_key") != sent.Get("_key") || len(arrived["topics"]) != 2 {
				t.Errorf("arrived: %v", arrived)
			}
		})
	}
}

func trimmed(values []string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = strings.TrimSpace(v)
	}
	return out
}

// Where sending again cannot help, the text is there to be copied, and no button promises more.
func TestTextCanBeCopiedWhenSendingAgainCannotHelp(t *testing.T) {
	for _, kind := range []consult.Kind{consult.Closed, consult.Conflict, consult.Forbidden} {
		w := failing(t, &consult.Error{Kind: kind})
		got := newVisit(t, w.App).post("/x/1", url.Values{"body": {"Line one\nline two"}})
		if len(all(got.Doc, "main form")) != 0 {
			t.Errorf("%v: the form is offered again", kind)
		}
		if shown := attrOrText(one(t, got.Doc, "main textarea[readonly]")); shown != "Line one\nline two" {
			t.Errorf("%v: shown %q", kind, shown)
		}
	}
}

func TestErrorPageSpeaksTheReadersLanguage(t *testing.T) {
	w := failing(t, &consult.Error{Kind: consult.Unavailable})
	v := newVisit(t, w.App)
	v.headers["Accept-Language"] = "ur"
	if got := text(one(t, v.get("/x/1").Doc, "h1")); got != w.Texts.Get("ur").T("error_page.unavailable_title") {
		t.Errorf("h1: %s", got)
	}
}

// H12: what does not exist and what must not be known look the same.
func TestH12_NotFoundPagesAreEqual(t *testing.T) {
	missing, hidden := failing(t, fiber.ErrNotFound), failing(t, &consult.Error{Kind: consult.NotFound, Op: "read private note", Err: errors.New(canary)})
	a, b := newVisit(t, missing.App).get("/x/1"), newVisit(t, hidden.App).get("/x/1")
	if a.Body != b.Body || a.StatusCode != b.StatusCode {
		t.Error("the two pages differ")
	}
}

// A handler that fails half-way has said things about an answer that is not coming.
func TestErrorPageTakesBackTheHandlersHeaders(t *testing.T) {
	w := newTestWeb(t)
	w.App.Use(w.Guard.Headers)
	w.App.Get("/export", func(c *fiber.Ctx) error {
		c.Set("Cache-Control", "public, max-age=31536000, immutable")
		c.Set("Content-Disposition", "attachment")
		c.Set("ETag", `"x"`)
		return &consult.Error{Kind: consult.Unavailable}
	})
	got := newVisit(t, w.App).get("/export")
	if got.Header.Get("Cache-Control") != "no-cache" || got.Header.Get("Content-Disposition") != "" || got.Header.Get("ETag") != "" {
		t.Errorf("the error page was sent with %v", got.Header)
	}
	if kind := got.Header.Get("Content-Type"); kind != "text/html; charset=utf-8" {
		t.Errorf("Content-Type %s", kind)
	}
}

// A page that carries somebody's text and token is nobody else's.
func TestS27_AnErrorPageWithAFormIsPrivate(t *testing.T) {
	w := newTestWeb(t)
	w.App.Use(w.Guard.Headers)
	w.App.Post("/x", func(*fiber.Ctx) error { return &consult.Error{Kind: consult.Unavailable} })
	got := newVisit(t, w.App).post("/x", url.Values{"body": {"Line one\nline two"}})
	if cache := got.Header.Get("Cache-Control"); cache != "private, no-store" {
		t.Errorf("Cache-Control %s", cache)
	}
}

func TestHeadOfAFailingPage(t *testing.T) {
	w := failing(t, errors.New("boom"))
	if got := newVisit(t, w.App).send(httptest.NewRequest(http.MethodHead, "/x/1", nil)); got.StatusCode != http.StatusInternalServerError {
		t.Errorf("status %d", got.StatusCode)
	}
}
