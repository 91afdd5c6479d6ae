package web

import (
	"bytes"
	"errors"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
)

// guarded is a small site behind the guard: a form at /form, a page without one at /plain, and a count of what got through.
func guarded(t *testing.T, change func(*Guard)) (*testWeb, *int) {
	t.Helper()
	w := newTestWeb(t)
	if change != nil {
		change(w.Guard)
	}
	written := 0
	w.App.Use(w.Guard.Headers, w.Guard.Protect)
	w.App.Get("/form", func(c *fiber.Ctx) error {
		p := &ErrorPage{Base: w.Base(c, "error_page.stale_title"), Action: "/form", Typed: []Kept{{Name: "a", Value: "b"}}}
		return w.Pages.Page(c, fiber.StatusOK, "error", p)
	})
	w.App.Get("/plain", func(c *fiber.Ctx) error {
		return w.Pages.Page(c, fiber.StatusOK, "error", &ErrorPage{Base: w.Base(c, "error_page.not_found_title")})
	})
	w.App.Get("/secret", func(c *fiber.Ctx) error {
		NoReferrer(c)
		return c.SendString("x")
	})
	w.App.Get("/file", func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
		return c.SendString("x")
	})
	w.App.All("/form", func(c *fiber.Ctx) error {
		written++
		return c.SendStatus(fiber.StatusNoContent)
	})
	return w, &written
}

func token(t *testing.T, v *visit) string {
	t.Helper()
	return attr(one(t, v.get("/form").Doc, `input[name="_csrf"]`), "value")
}

func TestS19_HeaderBlock(t *testing.T) {
	w, _ := guarded(t, func(g *Guard) { g.BaseURL, g.Basemap = "https://yousaid.test", []string{"https://tile.example.org"} })
	want := map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https://tile.example.org; " +
			"connect-src 'self' https://tile.example.org; font-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; " +
			"base-uri 'none'; frame-ancestors 'none'",
		"Strict-Transport-Security":    "max-age=31536000; includeSubDomains",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"X-Content-Type-Options":       "nosniff",
		"Referrer-Policy":              "strict-origin-when-cross-origin",
		"Permissions-Policy":           "geolocation=(self), camera=(), microphone=()",
	}
	v := newVisit(t, w.App)
	for _, path := range []string{"/plain", "/form", "/file", "/there-is-no-such-page"} {
		got := v.get(path)
		for name, value := range want {
			if got.Header.Get(name) != value {
				t.Errorf("%s: %s is %q, want %q", path, name, got.Header.Get(name), value)
			}
		}
	}
	if got := v.get("/secret").Header.Get("Referrer-Policy"); got != "no-referrer" {
		t.Errorf("a token page sends Referrer-Policy %q", got)
	}
}

// C13: browsers say where a page broke the policy; the log gets the directive and the foreign origin, never an address.
func TestC13_PolicyReports(t *testing.T) {
	w, _ := guarded(t, func(g *Guard) { g.Reports = "/csp-reports" })
	outside := newTestWeb(t)
	outside.App.Post("/csp-reports", outside.PolicyReport)
	v := newVisit(t, w.App)
	got := v.get("/plain")
	if !strings.HasSuffix(got.Header.Get("Content-Security-Policy"), "; report-to csp") ||
		got.Header.Get("Reporting-Endpoints") != `csp="`+testOrigin+`/csp-reports"` {
		t.Errorf("headers %v", got.Header)
	}
	report := `{"type":"csp-violation","body":{"effectiveDirective":"script-src-elem","blockedURL":"https://evil.example/x?` + canary +
		`","documentURL":"` + testOrigin + `/my-comment/` + canary + `"}}`
	tests := []struct {
		body   string
		status int
		lines  int
	}{
		{"[" + report + "]", 204, 1},
		{"[" + strings.Repeat(report+",", 20) + report + "]", 204, maxReports},
		{`[{"type":"deprecation","body":{}}]`, 204, 0},
		{`{"csp-report":1}`, 400, 0},
		{strings.Repeat("[", 10_000), 400, 0},
		{"[" + strings.Repeat(" ", maxReportSize) + "]", 413, 0},
	}
	for _, test := range tests {
		outside.Log.Reset()
		r := httptest.NewRequest(http.MethodPost, "/csp-reports", strings.NewReader(test.body))
		r.Header.Set("Content-Type", "application/reports+json")
		if got := newVisit(t, outside.App).send(r); got.StatusCode != test.status {
			t.Errorf("%.30s: status %d, want %d", test.body, got.StatusCode, test.status)
		}
		log := outside.Log.String()
		if n := strings.Count(log, "policy broken"); n != test.lines || strings.Contains(log, canary) {
			t.Errorf("%.30s: logged %d lines: %s", test.body, n, log)
		}
	}
}

// Without https a browser would refuse __Host- cookies and remember HSTS for nothing.
func TestS19_PlainHTTP(t *testing.T) {
	w, _ := guarded(t, nil)
	got := newVisit(t, w.App).get("/form")
	if hsts := got.Header.Get("Strict-Transport-Security"); hsts != "" {
		t.Errorf("HSTS over http: %s", hsts)
	}
	if c := got.Cookies()[0]; c.Name != "yousaid_form" || c.Secure {
		t.Errorf("cookie %v", c)
	}
}

func TestS04_CookieAttributes(t *testing.T) {
	w, _ := guarded(t, func(g *Guard) { g.BaseURL = "https://yousaid.test" })
	cookies := newVisit(t, w.App).get("/form?lang=ur").Cookies()
	if len(cookies) != 2 {
		t.Fatalf("%d cookies, want those of the form and of the language", len(cookies))
	}
	for _, c := range cookies {
		if !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("cookie %v", c)
		}
	}
	if name := cookies[0].Name + cookies[1].Name; !strings.Contains(name, "__Host-yousaid_form") {
		t.Errorf("cookies %s", name)
	}
}

func TestS04_CrossSiteRequests(t *testing.T) {
	tests := []struct {
		name    string
		headers map[string]string
		want    int
	}{
		{"our own page", map[string]string{"Sec-Fetch-Site": "same-origin"}, 204},
		{"our own page, without a referrer", map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 204},
		{"the person's own doing", map[string]string{"Sec-Fetch-Site": "none"}, 204},
		{"another site", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": testOrigin}, 403},
		{"a sister site", map[string]string{"Sec-Fetch-Site": "same-site"}, 403},
		{"an old browser, our page", map[string]string{"Sec-Fetch-Site": "", "Origin": testOrigin}, 204},
		{"an old browser, another site", map[string]string{"Sec-Fetch-Site": "", "Origin": "https://evil.example"}, 403},
		{"an old browser, a look-alike", map[string]string{"Sec-Fetch-Site": "", "Origin": testOrigin + ".evil.example"}, 403},
		{"neither header, but the token", map[string]string{"Sec-Fetch-Site": ""}, 204},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w, written := guarded(t, nil)
			v := newVisit(t, w.App)
			fields := url.Values{"_csrf": {token(t, v)}, "a": {"b"}}
			for name, value := range test.headers {
				v.headers[name] = value
				if value == "" {
					delete(v.headers, name)
				}
			}
			if got := v.post("/form", fields); got.StatusCode != test.want {
				t.Errorf("status %d, want %d", got.StatusCode, test.want)
			}
			if passed := *written == 1; passed != (test.want == 204) {
				t.Errorf("%d writes", *written)
			}
		})
	}
}

func TestS04_EveryUnsafeMethodIsGuarded(t *testing.T) {
	w, written := guarded(t, nil)
	v := newVisit(t, w.App)
	v.headers["Sec-Fetch-Site"] = "cross-site"
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		if got := v.send(httptest.NewRequest(method, "/form", nil)); got.StatusCode != fiber.StatusForbidden {
			t.Errorf("%s: status %d", method, got.StatusCode)
		}
	}
	if *written != 0 {
		t.Errorf("%d writes", *written)
	}
}

// I24: the token decides when a form is too old or of another browser.
func TestI24_Tokens(t *testing.T) {
	w, written := guarded(t, nil)
	v, other := newVisit(t, w.App), newVisit(t, w.App)
	mine, theirs := token(t, v), token(t, other)
	changed := "A" + mine[1:]
	if changed == mine {
		changed = "B" + mine[1:]
	}
	for name, tok := range map[string]string{
		"absent": "", "of another browser": theirs, "changed": changed, "cut": mine[:8], "not base64": "%%%", "a huge one": strings.Repeat("A", 100_000),
	} {
		if got := v.post("/form", url.Values{"_csrf": {tok}, "a": {"b"}}); got.StatusCode != fiber.StatusForbidden {
			t.Errorf("%s: status %d, want 403", name, got.StatusCode)
		}
	}
	now := testNow
	w.Guard.Now = func() time.Time { return now }
	now = testNow.Add(25 * time.Hour)
	if got := v.post("/form", url.Values{"_csrf": {mine}}); got.StatusCode != fiber.StatusNoContent {
		t.Errorf("a form open for 25 hours: status %d", got.StatusCode)
	}
	now = testNow.Add(TokenLife + time.Second)
	if got := v.post("/form", url.Values{"_csrf": {mine}}); got.StatusCode != fiber.StatusForbidden {
		t.Errorf("a form open for longer than its life: status %d", got.StatusCode)
	}
	now = testNow.Add(-time.Hour)
	if got := v.post("/form", url.Values{"_csrf": {mine}}); got.StatusCode != fiber.StatusForbidden {
		t.Errorf("a token from the future: status %d", got.StatusCode)
	}
	if *written != 1 {
		t.Errorf("%d writes, want 1", *written)
	}
}

// I24: an expired form comes back with everything in it and a new token; one press sends it.
func TestI24_StaleFormIsOfferedAgain(t *testing.T) {
	w, written := guarded(t, nil)
	v := newVisit(t, w.App)
	typed := url.Values{"_csrf": {"stale"}, "_key": {"6f9619ff-8b86-4011-b42d-00c04fc964ff"}, "topics": {"noise", "light"},
		"body": {"Line one\nline two <b>\"quoted\"</b>"}}
	got := v.post("/form", typed)
	if got.StatusCode != fiber.StatusForbidden {
		t.Fatalf("status %d", got.StatusCode)
	}
	if shown := one(t, got.Doc, "main textarea").FirstChild.Data; shown != typed.Get("body") {
		t.Errorf("the text is shown as %q", shown)
	}
	again := fieldsOf(t, got)
	if again.Get("_csrf") == "stale" || again.Get("_key") != typed.Get("_key") || len(again["topics"]) != 2 || again.Get("body") != typed.Get("body") {
		t.Errorf("the form holds %v", again)
	}
	if sent := v.post(attr(one(t, got.Doc, "main form"), "action"), again); sent.StatusCode != fiber.StatusNoContent || *written != 1 {
		t.Errorf("sending again: status %d, %d writes", sent.StatusCode, *written)
	}
}

// What another site made a browser send is never offered for sending at one press, whatever it says it is.
func TestI24_ForeignFormIsNotOfferedAgain(t *testing.T) {
	for name, headers := range map[string]map[string]string{"no proof at all": {}, "a null origin": {"Origin": "null"}} {
		w, _ := guarded(t, nil)
		v := newVisit(t, w.App)
		v.headers = headers
		got := v.post("/form", url.Values{"_csrf": {"stale"}, "body": {"Line one\nline two"}})
		if got.StatusCode != fiber.StatusForbidden || len(all(got.Doc, "main form")) != 0 {
			t.Errorf("%s: status %d, %d forms", name, got.StatusCode, len(all(got.Doc, "main form")))
		}
		one(t, got.Doc, "main textarea[readonly]") // the text is still there to copy
	}
	w, _ := guarded(t, nil)
	v := newVisit(t, w.App)
	v.headers["Sec-Fetch-Site"] = "cross-site"
	if got := v.post("/form", url.Values{"body": {canary + "\n" + canary}}); strings.Contains(got.Body, canary) {
		t.Error("another site wrote on our page")
	}
}

// fieldsOf reads the form of a page as a browser would send it.
func fieldsOf(t *testing.T, p *page) url.Values {
	t.Helper()
	form := one(t, p.Doc, "main form")
	fields := url.Values{}
	for _, n := range all(form, "input") {
		fields.Add(attr(n, "name"), attr(n, "value"))
	}
	for _, n := range all(form, "textarea") {
		fields.Add(attr(n, "name"), attrOrText(n))
	}
	return fields
}

func TestTokenInTheAddressIsNone(t *testing.T) {
	w, written := guarded(t, nil)
	v := newVisit(t, w.App)
	if got := v.post("/form?_csrf="+token(t, v), url.Values{"a": {"b"}}); got.StatusCode != fiber.StatusForbidden || *written != 0 {
		t.Errorf("status %d, %d writes", got.StatusCode, *written)
	}
}

func TestTokenInAMultipartForm(t *testing.T) {
	w, written := guarded(t, nil)
	v := newVisit(t, w.App)
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	if err := errors.Join(m.WriteField("_csrf", token(t, v)), m.Close()); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/form", &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	if got := v.send(r); got.StatusCode != fiber.StatusNoContent || *written != 1 {
		t.Errorf("status %d, %d writes", got.StatusCode, *written)
	}
}

func TestTokenInAHeader(t *testing.T) {
	w, written := guarded(t, nil)
	v := newVisit(t, w.App)
	v.headers["X-CSRF-Token"] = token(t, v)
	r := httptest.NewRequest(http.MethodPost, "/form", strings.NewReader(`{}`))
	r.Header.Set("Content-Type", fiber.MIMEApplicationJSON)
	if got := v.send(r); got.StatusCode != fiber.StatusNoContent || *written != 1 {
		t.Errorf("status %d, %d writes", got.StatusCode, *written)
	}
}

func TestRotateEndsOldTokens(t *testing.T) {
	w, _ := guarded(t, nil)
	w.App.Get("/sign-in", func(c *fiber.Ctx) error {
		w.Guard.Rotate(c)
		return c.SendString("x")
	})
	v := newVisit(t, w.App)
	before := token(t, v)
	v.get("/sign-in")
	if got := v.post("/form", url.Values{"_csrf": {before}}); got.StatusCode != fiber.StatusForbidden {
		t.Errorf("a token from before signing in: status %d", got.StatusCode)
	}
	if got := v.post("/form", url.Values{"_csrf": {token(t, v)}}); got.StatusCode != fiber.StatusNoContent {
		t.Errorf("a token from after signing in: status %d", got.StatusCode)
	}
}

// Two nodes with the same secret take each other's forms; with another secret they do not.
func TestTokensAreTheNodesOwnOnlyBySecret(t *testing.T) {
	first, _ := guarded(t, nil)
	second, _ := guarded(t, nil)
	third, _ := guarded(t, func(g *Guard) { g.Secret = []byte("another secret of thirty-two bytes!!") })
	v := newVisit(t, first.App)
	fields := url.Values{"_csrf": {token(t, v)}}
	v.app = second.App
	if got := v.post("/form", fields); got.StatusCode != fiber.StatusNoContent {
		t.Errorf("the second node: status %d", got.StatusCode)
	}
	v.app = third.App
	if got := v.post("/form", fields); got.StatusCode != fiber.StatusForbidden {
		t.Errorf("a node with another secret: status %d", got.StatusCode)
	}
}

func TestS27_Caching(t *testing.T) {
	signedIn := false
	w, _ := guarded(t, func(g *Guard) { g.Sessions = func(*fiber.Ctx) bool { return signedIn } })
	v := newVisit(t, w.App)
	for path, want := range map[string]string{
		"/plain": "no-cache", "/form": "private, no-store", "/secret": "private, no-store", "/file": "public, max-age=31536000, immutable",
		"/none": "no-cache", "/plain?lang=ur": "private, no-store",
	} {
		if got := v.get(path).Header.Get("Cache-Control"); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	signedIn = true
	if got := v.get("/plain").Header.Get("Cache-Control"); got != "private, no-store" {
		t.Errorf("with a session: %q", got)
	}
}

// A page without a form gives no cookie, so that it can be cached for everybody.
func TestS27_APageWithoutAFormSetsNoCookie(t *testing.T) {
	w, _ := guarded(t, nil)
	if cookies := newVisit(t, w.App).get("/plain").Cookies(); len(cookies) != 0 {
		t.Errorf("cookies %v", cookies)
	}
}

func TestLanguageIsChosenAndRemembered(t *testing.T) {
	w, _ := guarded(t, nil)
	v := newVisit(t, w.App)
	language := func(p *page) string { h := one(t, p.Doc, "html"); return attr(h, "lang") + " " + attr(h, "dir") }
	if got := language(v.get("/plain")); got != "en ltr" {
		t.Errorf("by default: %s", got)
	}
	v.headers["Accept-Language"] = "ur-PK, en;q=0.5"
	p := v.get("/plain")
	if got := language(p); got != "ur rtl" {
		t.Errorf("by the browser: %s", got)
	}
	if vary := p.Header.Get("Vary"); !strings.Contains(vary, "Accept-Language") || !strings.Contains(vary, "Cookie") {
		t.Errorf("Vary: %s", vary)
	}
	v.get("/plain?lang=en")
	if got := language(v.get("/plain")); got != "en ltr" {
		t.Errorf("remembered: %s", got)
	}
	if got := language(v.get("/plain?lang=%3Cscript%3E")); got != "en ltr" {
		t.Errorf("an unknown one: %s", got)
	}
	link := one(t, v.get("/plain?page=2&q=a%26b").Doc, `.site-languages a[lang="ur"]`)
	if got := attr(link, "href"); got != "?lang=ur&page=2&q=a%26b" {
		t.Errorf("the switch leads to %s", got)
	}
}
