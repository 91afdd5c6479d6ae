package web

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
	"golang.org/x/net/html"

	"github.com/yousaid/yousaid/static/lang"
)

// Every page is drawn from each of its samples, in every language, with a missing text an error, and held to what no page may
// break. A page without a sample fails: nobody would notice a slip in it.
func TestEveryPage(t *testing.T) {
	w := newTestWeb(t)
	names := w.Pages.PageNames()
	if len(names) == 0 {
		t.Fatal("no page was parsed")
	}
	titles := map[string]string{}
	for _, name := range names {
		if len(samples[name]) == 0 {
			t.Errorf("page %s has no sample: call sample(%q, …) in its test file", name, name)
		}
		for i, make := range samples[name] {
			for _, l := range w.Texts.Languages() {
				doc, title := drawSample(t, name, make, l)
				if doc == nil {
					continue
				}
				for _, problem := range append(problems(doc), misplacedTexts(doc, w.Texts)...) {
					t.Errorf("page %s, sample %d, %s: %s", name, i, l.Code, problem)
				}
				if owner, taken := titles[l.Code+title]; taken && owner != name {
					t.Errorf("pages %s and %s have the same title in %s: %s", owner, name, l.Code, title)
				}
				titles[l.Code+title] = name
			}
		}
	}
	for name := range samples {
		if !slices.Contains(names, name) {
			t.Errorf("a sample is registered for the page %s, which does not exist", name)
		}
	}
}

func drawSample(t *testing.T, name string, make sampleMaker, l *lang.Language) (*html.Node, string) {
	t.Helper()
	w := newTestWeb(t)
	c := w.App.AcquireCtx(&fasthttp.RequestCtx{})
	defer w.App.ReleaseCtx(c)
	c.Locals(languageLocal, l)
	view := make(w.Web, c)
	var out bytes.Buffer
	if err := w.Pages.Write(&out, name, view); err != nil {
		t.Error(err)
		return nil, ""
	}
	return parse(t, out.String()), view.base().Title
}

// problems lists what is wrong with any page, whatever it is about.
func problems(doc *html.Node) []string {
	var found []string
	report := func(problem string) { found = append(found, problem) }
	for _, selector := range []string{"html[lang][dir]", "title", "h1", "main#main", "body > header", "body > footer", `a.govuk-skip-link[href="#main"]`} {
		if n := len(all(doc, selector)); n != 1 {
			report(fmt.Sprintf("%s stands %d times", selector, n))
		}
	}
	ids := map[string]bool{}
	for _, n := range all(doc, "[id]") {
		if ids[attr(n, "id")] {
			report("the id " + attr(n, "id") + " stands twice")
		}
		ids[attr(n, "id")] = true
	}
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode {
			elementProblems(n, ids, report)
		}
	}
	headingProblems(doc, report)
	for _, form := range all(doc, `form[method="post"]`) {
		if len(all(form, `input[name="_csrf"]`)) != 1 {
			report("a form that posts has no token: " + attr(form, "action"))
		}
	}
	for _, nav := range all(doc, "nav:not([aria-label])") {
		report("a nav without a name: " + attr(nav, "class"))
	}
	return found
}

func elementProblems(n *html.Node, ids map[string]bool, report func(string)) {
	for _, a := range n.Attr {
		if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
			report("the policy forbids the attribute " + a.Key + " of " + n.Data)
		}
		switch a.Key {
		case "for", "aria-describedby", "aria-labelledby", "aria-controls", "popovertarget":
			for id := range strings.FieldsSeq(a.Val) {
				if !ids[id] {
					report(n.Data + " " + a.Key + " leads to no element: " + id)
				}
			}
		}
	}
	switch n.Data {
	case "script", "style":
		if _, external := attribute(n, "src"); !external {
			report("the policy forbids an inline " + n.Data)
		}
	case "a":
		if target, local := strings.CutPrefix(attr(n, "href"), "#"); local && !ids[target] {
			report("a link leads to no element: #" + target)
		}
		if text(n) == "" && attr(n, "aria-label") == "" {
			report("a link without words: " + attr(n, "href"))
		}
	case "button":
		if text(n) == "" && attr(n, "aria-label") == "" {
			report("a button without words")
		}
	case "input", "select", "textarea":
		fieldProblems(n, report)
	case "img":
		if _, named := attribute(n, "alt"); !named {
			report("an img without alt: " + attr(n, "src"))
		}
	case "ul", "ol":
		for child := range n.ChildNodes() {
			if child.Type == html.ElementNode && child.Data != "li" {
				report("a list holds a " + child.Data)
			}
		}
	}
}

func fieldProblems(n *html.Node, report func(string)) {
	if slices.Contains([]string{"hidden", "submit"}, attr(n, "type")) || attr(n, "aria-label") != "" || attr(n, "aria-labelledby") != "" {
		return
	}
	root := n
	for root.Parent != nil {
		root = root.Parent
	}
	for _, label := range all(root, "label") {
		if id := attr(n, "id"); id != "" && attr(label, "for") == id && text(label) != "" {
			return
		}
	}
	report("a field without a label: " + attr(n, "name"))
}

func headingProblems(doc *html.Node, report func(string)) {
	level := 0
	for _, h := range all(one0(doc, "main"), "h1, h2, h3, h4, h5, h6") {
		next := int(h.Data[1] - '0')
		// The error summary's h2 stands before the h1, as the GOV.UK pattern has it.
		if next > level+1 && level != 0 {
			report("a heading skips a level: " + text(h))
		}
		level = next
	}
}

// one0 is the first element that a selector means, or an empty one.
func one0(n *html.Node, selector string) *html.Node {
	if found := all(n, selector); len(found) > 0 {
		return found[0]
	}
	return &html.Node{Type: html.ElementNode}
}

var (
	keyLike     = regexp.MustCompile(`^([a-z_]+)\.[a-z0-9_.-]+$`)
	placeholder = regexp.MustCompile(`\{[a-z_]+\}`)
)

// misplacedTexts finds keys and placeholders where words should be: Go code that asks for a text which does not exist.
func misplacedTexts(doc *html.Node, texts *lang.Catalogue) []string {
	areas := map[string]bool{}
	for _, key := range texts.Default().Keys("") {
		area, _, _ := strings.Cut(key, ".")
		areas[area] = true
	}
	var found []string
	for n := range doc.Descendants() {
		if n.Type != html.TextNode {
			continue
		}
		if m := keyLike.FindStringSubmatch(strings.TrimSpace(n.Data)); m != nil && areas[m[1]] {
			found = append(found, "a key stands where its text should: "+m[0])
		}
		if p := placeholder.FindString(n.Data); p != "" {
			found = append(found, "a placeholder was not filled: "+p)
		}
	}
	return found
}

var action = regexp.MustCompile(`(?s)\{\{.*?\}\}`)

// A sentence in a template would be read in one language only. Nothing is allowed: even the site's name is in the catalogue.
func TestTemplatesHoldNoSentence(t *testing.T) {
	files := templateFiles(t)
	for _, file := range files {
		data, err := fs.ReadFile(staticFiles, file)
		if err != nil {
			t.Fatal(err)
		}
		for _, words := range literals(action.ReplaceAllString(string(data), "")) {
			t.Errorf("%s says %q: put it into static/lang", file, words)
		}
	}
}

func TestLiteralsAreFound(t *testing.T) {
	for text, want := range map[string]int{
		`<p>Hello</p>`:                                 1,
		`<p title="Hello">· 12 –</p>`:                  1,
		`<input placeholder="Name" value="name">`:      1,
		`<button aria-label="Close">×</button>`:        1,
		`<p class="a" data-x="b">  </p>`:               0,
		`<!-- a remark --><svg><path d="M1 2"/></svg>`: 0,
	} {
		if got := literals(text); len(got) != want {
			t.Errorf("%s: found %q, want %d", text, got, want)
		}
	}
}

func literals(text string) []string {
	var found []string
	add := func(words string) {
		if strings.ContainsFunc(words, unicode.IsLetter) {
			found = append(found, strings.TrimSpace(words))
		}
	}
	z := html.NewTokenizer(strings.NewReader(text))
	for z.Next() != html.ErrorToken {
		token := z.Token()
		if token.Data == "noscript" {
			z.NextIsNotRawText() // its elements are read by whoever has no scripts
		}
		if token.Type == html.TextToken {
			add(token.Data)
		}
		for _, a := range token.Attr {
			if slices.Contains([]string{"title", "alt", "aria-label", "placeholder", "aria-description", "label"}, a.Key) {
				add(a.Val)
			}
		}
	}
	return found
}

func templateFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"layout/*.html", "part/*/*.html", "page/*/*.html"} {
		found, err := fs.Glob(staticFiles, pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) < 10 {
		t.Fatalf("only %d templates were found", len(files))
	}
	return files
}

// S03: only fragment.go, which is reviewed for it, may mark text as safe HTML.
func TestS03_OnlyOneFileTrustsHTML(t *testing.T) {
	trusts := regexp.MustCompile(`template\.(HTML|HTMLAttr|JS|JSStr|CSS|URL|Srcset)\b`)
	for name, text := range goFiles(t) {
		if trusts.MatchString(text) && name != "fragment.go" && name != "funcs.go" {
			t.Errorf("%s marks text as safe", name)
		}
		if strings.Contains(text, `"text/template"`) {
			t.Errorf("%s uses text/template, which escapes nothing", name)
		}
	}
}

func goFiles(t *testing.T) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, e := range entries {
		if path.Ext(e.Name()) != ".go" || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		data, err := os.ReadFile(e.Name())
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(data)
	}
	return files
}

// S03: hostile text in any field stays text, in every context a template can put it into.
func TestS03_HostileTextStaysText(t *testing.T) {
	for _, hostile := range []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`, `javascript:alert(1)`,
		`</textarea><script>alert(1)</script>`, `{{.}}`, `{{template "x"}}`, `${7*7}`, `<svg/onload=alert(1)>`, `</title><script>`,
	} {
		w := newTestWeb(t)
		w.App.Get("/", func(c *fiber.Ctx) error {
			p := &hostilePage{ErrorPage: ErrorPage{Base: w.Base(c, "error_page.not_found_title")}}
			p.Title, p.Text, p.Reference, p.Notice, p.Description = hostile, hostile, hostile, hostile, hostile
			p.Back = &Link{Href: hostile, Text: hostile}
			p.Typed = []Kept{{Name: hostile, Label: hostile, Value: hostile, Visible: true}, {Name: hostile, Value: hostile}}
			p.Action = "/x"
			return w.Pages.Page(c, fiber.StatusOK, "error", p)
		})
		got := newVisit(t, w.App).get("/")
		if got.StatusCode != fiber.StatusOK {
			t.Fatalf("%q: status %d", hostile, got.StatusCode)
		}
		for _, bad := range []string{"script:not([src])", "img", "svg", "[onerror]", "[onmouseover]", "[onload]", `a[href^="javascript:"]`} {
			if n := len(all(got.Doc, bad)); n > 0 {
				t.Errorf("%q became an element: %s", hostile, bad)
			}
		}
		if shown := attrOrText(one(t, got.Doc, "main textarea")); shown != hostile {
			t.Errorf("%q is shown as %q", hostile, shown)
		}
	}
}

type hostilePage struct{ ErrorPage }

func attrOrText(n *html.Node) string {
	if n.FirstChild == nil {
		return ""
	}
	return n.FirstChild.Data
}

func TestAPageThatFailsSendsNothingOfItself(t *testing.T) {
	w := newTestWeb(t)
	w.App.Get("/", func(c *fiber.Ctx) error {
		return w.Pages.Page(c, fiber.StatusOK, "error", &brokenPage{Base: w.Base(c, "error_page.not_found_title")})
	})
	got := newVisit(t, w.App).get("/")
	if got.StatusCode != fiber.StatusInternalServerError {
		t.Errorf("status %d, want 500", got.StatusCode)
	}
	if n := len(all(got.Doc, "h1")); n != 1 || strings.Count(got.Body, "<html") != 1 {
		t.Errorf("half a page was sent before the error page")
	}
}

// brokenPage lacks what its template prints.
type brokenPage struct{ Base }

func TestTemplatesAreNamedAfterTheirFolder(t *testing.T) {
	for _, file := range templateFiles(t) {
		if folder := path.Base(path.Dir(file)); strings.HasPrefix(file, "p") && path.Base(file) != folder+".html" {
			t.Errorf("%s: the renderer reads %s.html only", file, folder)
		}
	}
}
