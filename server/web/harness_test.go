package web

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/andybalholm/cascadia"
	"github.com/gofiber/fiber/v2"
	"golang.org/x/net/html"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/static/lang"
)

// staticFiles is the checkout's own folder: tests see a template the moment it is written.
var staticFiles = os.DirFS("../../static")

// testNow is the moment in every test: a spring afternoon, summer time in London.
var testNow = time.Date(2026, 4, 2, 14, 30, 0, 0, time.UTC)

const testOrigin = "http://yousaid.test"

// sampleMaker makes one view of a page. It may set w.Actor before it asks for a Base.
type sampleMaker func(w *Web, c *fiber.Ctx) View

var samples = map[string][]sampleMaker{}

// sample registers a view of a page for the template tests. Every page has at least one; a page with more than one face (empty,
// wrong, closed) has one for each. Call it from init in the page's test file.
func sample(page string, make sampleMaker) { samples[page] = append(samples[page], make) }

// testOfficer is somebody with every staff role.
func testOfficer() consult.Actor {
	return consult.Actor{
		Kind: consult.Signed, ID: 7, Service: "Planning", Title: "Planning officer",
		Roles: []consult.Role{consult.RoleOfficer, consult.RoleModerator, consult.RoleAnalyst, consult.RoleAdmin},
	}
}

// testWeb is a Web without a Service, with the log it writes.
type testWeb struct {
	*Web
	App *fiber.App
	Log *bytes.Buffer
}

var (
	testTexts = sync.OnceValue(func() *lang.Catalogue { return lang.MustLoad(nil).WithPseudo() })
	testPages = sync.OnceValues(func() (*Renderer, error) { return NewRenderer(staticFiles, testTexts(), testAsset, true) })
)

// newTestWeb makes a Web with real templates and texts in strict mode, and an app whose errors it handles. Routes and a Service
// are the test's to add.
func newTestWeb(t *testing.T) *testWeb {
	t.Helper()
	pages, err := testPages()
	if err != nil {
		t.Fatal(err)
	}
	log := &bytes.Buffer{}
	now := func() time.Time { return testNow }
	w := &Web{
		Site:  Site{Authority: "Example City Council", BaseURL: testOrigin, SourceURL: "https://example.org/source"},
		Pages: pages, Texts: testTexts(), Now: now, Log: slog.New(slog.NewTextHandler(log, nil)),
		Guard: &Guard{BaseURL: testOrigin, Secret: []byte("a secret of at least thirty-two bytes"), Now: now},
	}
	app := fiber.New(fiber.Config{Immutable: true, DisableStartupMessage: true, ErrorHandler: w.HandleError})
	return &testWeb{Web: w, App: app, Log: log}
}

// testAsset stands in for a bundle: the layout is built, nothing else is.
func testAsset(name string) string {
	if strings.HasPrefix(name, "page/") {
		return ""
	}
	return "/static/" + strings.ReplaceAll(name, "/", "-")
}

// visit is one browser: it keeps cookies and says where it comes from, as browsers do.
type visit struct {
	t       *testing.T
	app     *fiber.App
	cookies map[string]string
	headers map[string]string
}

func newVisit(t *testing.T, app *fiber.App) *visit {
	return &visit{t: t, app: app, cookies: map[string]string{}, headers: map[string]string{"Sec-Fetch-Site": "same-origin"}}
}

// page is an answer with its parsed body.
type page struct {
	*http.Response
	t    *testing.T
	Body string
	Doc  *html.Node
}

func (v *visit) get(path string) *page { return v.send(httptest.NewRequest(http.MethodGet, path, nil)) }

func (v *visit) post(path string, fields url.Values) *page {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", fiber.MIMEApplicationForm)
	return v.send(r)
}

func (v *visit) send(r *http.Request) *page {
	v.t.Helper()
	r.Host = strings.TrimPrefix(testOrigin, "http://")
	for name, value := range v.headers {
		r.Header.Set(name, value)
	}
	for name, value := range v.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	answer, err := v.app.Test(r, -1)
	if err != nil {
		v.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	for _, c := range answer.Cookies() {
		v.cookies[c.Name] = c.Value
	}
	return &page{Response: answer, t: v.t, Body: string(body), Doc: parse(v.t, string(body))}
}

func parse(t *testing.T, text string) *html.Node {
	t.Helper()
	// Without scripting, so that what stands in <noscript> is seen too.
	doc, err := html.ParseWithOptions(strings.NewReader(text), html.ParseOptionEnableScripting(false))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// all finds every element that a CSS selector means.
func all(n *html.Node, selector string) []*html.Node {
	return cascadia.QueryAll(n, cascadia.MustCompile(selector))
}

// one finds the only element that a selector means; the test fails where there is none or more than one.
func one(t *testing.T, n *html.Node, selector string) *html.Node {
	t.Helper()
	found := all(n, selector)
	if len(found) != 1 {
		t.Fatalf("%d elements match %s, want 1 in:\n%s", len(found), selector, source(n))
	}
	return found[0]
}

// text is what an element says, with runs of white space as one.
func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// attr is an attribute's value, "" where there is none.
func attr(n *html.Node, name string) string {
	value, _ := attribute(n, name)
	return value
}

func attribute(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func source(n *html.Node) string {
	var b strings.Builder
	if err := html.Render(&b, n); err != nil {
		return err.Error()
	}
	return b.String()
}

// draw renders one part in one language.
func draw(t *testing.T, language, part string, data any) *html.Node {
	t.Helper()
	w := newTestWeb(t)
	out, err := w.Pages.Fragment(w.Texts.Get(language), part, data)
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, string(out))
}
