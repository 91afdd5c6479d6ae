package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/net/html"

	"github.com/yousaid/yousaid/server/consult"
)

// drawField draws a part made from a form and an error, and hands both to the check.
func formBase(t *testing.T, err error) (*testWeb, Base) {
	t.Helper()
	w := newTestWeb(t)
	return w, Base{Language: w.Texts.Get("en")}.WithErrors(err)
}

func invalid(field, rule string, args ...any) error {
	f := &Form{}
	f.Fail(field, rule, args...)
	return f.Err("test")
}

func TestTextInput(t *testing.T) {
	_, b := formBase(t, invalid("name", "required"))
	part := b.TextInput(Filled(url.Values{"name": {`A "B" <C>`}}), "name", "site.search")
	part.Hint, part.Autocomplete, part.InputMode = "Hint", "name", "text"
	doc := draw(t, "en", "text-input", part)
	input := one(t, doc, "input#name[name=name]")
	want := map[string]string{
		"value": `A "B" <C>`, "type": "text", "dir": "auto", "aria-describedby": "name-hint name-error", "aria-invalid": "true",
		"autocomplete": "name", "inputmode": "text",
	}
	for name, value := range want {
		if got := attr(input, name); got != value {
			t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
	if got := text(one(t, doc, "label[for=name]")); got != "Search" {
		t.Errorf("label %q", got)
	}
	if got := text(one(t, doc, "#name-error")); got != "Error: Enter your name" {
		t.Errorf("error %q", got)
	}
	one(t, doc, "#name-hint")
}

func TestFieldWithoutErrorHasNoTraceOfOne(t *testing.T) {
	_, b := formBase(t, nil)
	doc := draw(t, "en", "text-input", b.TextInput(nil, "name", "site.search"))
	for _, selector := range []string{".govuk-error-message", "[aria-invalid]", "[aria-describedby]", ".govuk-form-group--error", "h1"} {
		if n := len(all(doc, selector)); n != 0 {
			t.Errorf("%d of %s", n, selector)
		}
	}
}

func TestHeadingLabel(t *testing.T) {
	_, b := formBase(t, nil)
	part := b.TextArea(nil, "body", "site.search", 100)
	part.Heading = true
	one(t, draw(t, "en", "text-area", part), "h1 > label[for=body]")
	group := Radios(&b, nil, "stance", "site.search", consult.Stances(), "stance.")
	group.Heading = true
	one(t, draw(t, "en", "radios", group), "fieldset > legend > h1")
}

func TestTextAreaCounts(t *testing.T) {
	_, b := formBase(t, nil)
	typed := "\n\nFirst line, after an empty one"
	doc := draw(t, "en", "text-area", TextArea{Field: b.field("body", "site.search"), Value: typed, Max: 6000})
	area := one(t, doc, "textarea#body")
	// An HTML parser drops one line break after the tag: the template writes one more, so that none of the author's is lost.
	if got := attrOrText(area); got != typed {
		t.Errorf("got %q, want %q", got, typed)
	}
	if got := attr(area, "aria-describedby"); strings.TrimSpace(got) != "body-count" {
		t.Errorf("described by %q", got)
	}
	if got := attr(area, "data-left"); got != `{"one":"You have {n} character left","other":"You have {n} characters left"}` {
		t.Errorf("words for the script: %s", got)
	}
	if got := text(one(t, doc, "#body-count")); got != "You can write up to 6,000 characters" {
		t.Errorf("without a script it says %q", got)
	}
	if got := (TextArea{Value: "a👍ک"}).Count(); got != 3 {
		t.Errorf("counted %d characters, want 3", got)
	}
}

func TestRadiosAndCheckboxes(t *testing.T) {
	_, b := formBase(t, invalid("stance", "stance_required"))
	doc := draw(t, "ur", "radios", Radios(&b, Filled(url.Values{"stance": {"neutral"}}), "stance", "site.search", consult.Stances(), "stance."))
	var ids, checked []string
	for _, n := range all(doc, "input[type=radio][name=stance]") {
		ids = append(ids, attr(n, "id"))
		if _, is := attribute(n, "checked"); is {
			checked = append(checked, attr(n, "value"))
		}
	}
	// The summary's link leads to the first: its id is the field's name.
	if !slices.Equal(ids, []string{"stance", "stance-1", "stance-2"}) || !slices.Equal(checked, []string{"neutral"}) {
		t.Errorf("ids %v, checked %v", ids, checked)
	}
	one(t, doc, `fieldset[aria-describedby="stance-error"]`)

	doc = draw(t, "en", "checkboxes", Checkboxes(&b, Filled(url.Values{"topics": {"noise", "light"}}), "topics", "site.search", consult.Topics(), "topic."))
	if n := len(all(doc, "input[type=checkbox][checked]")); n != 2 {
		t.Errorf("%d boxes are ticked, want 2", n)
	}
	if n := len(all(doc, "label")); n != len(consult.Topics()) {
		t.Errorf("%d labels", n)
	}
}

func TestDateInput(t *testing.T) {
	_, b := formBase(t, invalid("on", "date"))
	doc := draw(t, "en", "date-input", b.DateInput(Filled(url.Values{"on-day": {"30"}, "on-month": {"2"}, "on-year": {"2026"}}), "on", "site.search"))
	for id, value := range map[string]string{"on-day": "30", "on-month": "2", "on-year": "2026"} {
		n := one(t, doc, "input#"+id)
		if attr(n, "value") != value || attr(n, "inputmode") != "numeric" {
			t.Errorf("%s: %s", id, source(n))
		}
		one(t, doc, "label[for="+id+"]")
	}
	one(t, doc, `fieldset#on[tabindex="-1"]`)
}

func TestButton(t *testing.T) {
	if b := one(t, draw(t, "en", "button", Button{Text: "Go", Name: "do", Value: "it", Warning: true}), "button[type=submit]"); attr(b, "name") != "do" || attr(b, "value") != "it" {
		t.Error(source(b))
	}
	if a := one(t, draw(t, "en", "button", Button{Text: "Go", Href: "/x"}), "a[href='/x']"); text(a) != "Go" {
		t.Error(source(a))
	}
}

func TestSummaryList(t *testing.T) {
	doc := draw(t, "en", "summary-list", SummaryList{Rows: []SummaryRow{{Key: "Name", Value: "علی", Typed: true, Change: "/x#name"}, {Key: "Sent", Value: "today"}}})
	if got := text(one(t, doc, "a[href='/x#name']")); got != "Change Name" {
		t.Errorf("the link says %q", got)
	}
	if got := len(all(doc, `dd[dir="auto"]`)); got != 1 {
		t.Errorf("%d values bring their own direction", got)
	}
}

func TestPagination(t *testing.T) {
	numbers := func(p Pagination) string {
		s := ""
		for _, l := range p.Pages {
			switch {
			case l.Gap:
				s += " …"
			case l.Current:
				s += fmt.Sprintf(" [%d]", l.Number)
			default:
				s += fmt.Sprintf(" %d", l.Number)
			}
		}
		return strings.TrimSpace(s)
	}
	tests := []struct {
		current, total int
		want           string
		previous, next bool
	}{
		{1, 0, "", false, false},
		{1, 20, "", false, false},
		{1, 21, "[1] 2", false, true},
		{2, 21, "1 [2]", true, false},
		{5, 200, "1 … 4 [5] 6 … 10", true, true},
		{10, 200, "1 … 9 [10]", true, false},
		{99, 200, "1 … 10", true, false}, // past the end: back leads to the last
	}
	for _, test := range tests {
		p := Paginate(test.current, test.total, 20, url.Values{"q": {"a&b"}, "page": {"7"}})
		if got := numbers(p); got != test.want {
			t.Errorf("page %d of %d: %q, want %q", test.current, test.total, got, test.want)
		}
		if (p.Previous != "") != test.previous || (p.Next != "") != test.next {
			t.Errorf("page %d of %d: previous %q, next %q", test.current, test.total, p.Previous, p.Next)
		}
	}
	doc := draw(t, "en", "pagination", Paginate(5, 200, 20, url.Values{"q": {"a&b"}}))
	if got := attr(one(t, doc, `a[aria-current="page"]`), "href"); got != "?page=5&q=a%26b" {
		t.Errorf("the current page's link is %s", got)
	}
	if n := len(all(draw(t, "en", "pagination", Pagination{}), "nav")); n != 0 {
		t.Error("a list of one page has a navigation")
	}
}

// An official answer says so in words and with an icon; nothing a resident can type looks like it.
func TestS30_OfficialBadge(t *testing.T) {
	official := draw(t, "en", "message", Message{Seq: 2, Official: true, Service: "Planning", Role: "Planning officer", Body: "Yes.", At: testNow})
	badge := one(t, official, "li.message--official .badge")
	if got := text(badge); got != "Official answer" {
		t.Errorf("the badge says %q", got)
	}
	one(t, badge, `svg[aria-hidden="true"]`)
	by := one(t, official, "article")
	if label := one(t, official, "#"+attr(by, "aria-labelledby")); !strings.Contains(text(label), "Official answer Planning Planning officer") {
		t.Errorf("a screen reader says %q", text(label))
	}
	imitation := draw(t, "en", "message", Message{Seq: 3, Name: `Planning officer ✓</bdi><span class="badge">Official answer</span>`, Body: "No.", At: testNow})
	if n := len(all(imitation, ".badge, .message--official, svg")); n != 0 {
		t.Errorf("a resident's name drew %d badges", n)
	}
	if bdi := one(t, imitation, "strong > bdi"); !strings.Contains(text(bdi), "</bdi>") {
		t.Errorf("the name is not whole inside its isolate: %s", source(bdi))
	}
}

func TestMessageFaces(t *testing.T) {
	base := Message{ID: "0000000000001", Seq: 7, Body: "First\n<b>second</b>", Language: "ur", At: testNow}
	doc := draw(t, "en", "message", base)
	body := one(t, doc, `li#message-7[data-seq="7"][data-id="0000000000001"] .message__body[dir="auto"][lang="ur"]`)
	if attrOrText(body) != base.Body {
		t.Errorf("the body is %q", attrOrText(body))
	}
	if got := attr(one(t, doc, "time"), "datetime"); got != "2026-04-02T14:30:00Z" {
		t.Errorf("datetime %s", got)
	}
	if got := text(one(t, doc, "time")); got != "2 April 2026, 3:30pm" {
		t.Errorf("the time in London is %s", got)
	}
	if got := text(one(t, doc, "strong")); got != "A resident" {
		t.Errorf("without a name it says %q", got)
	}
	own := base
	own.Own = true
	if got := text(one(t, draw(t, "en", "message", own), ".message__role")); got != "You" {
		t.Errorf("one's own says %q", got)
	}
}

// A hidden message leaves a stub with rule and reason; what it said is nowhere in the page.
func TestHiddenMessageIsAStub(t *testing.T) {
	for _, state := range []consult.MessageState{consult.MessageHidden, consult.MessageHeld} {
		doc := draw(t, "en", "message", Message{Seq: 1, Body: canary, State: state, Rule: "abuse", Reason: "Calls a neighbour names", At: testNow})
		if strings.Contains(source(doc), canary) {
			t.Errorf("%s: the body is in the page", state)
		}
		shown := text(one(t, doc, "li.message--stub"))
		if !strings.Contains(shown, "Rule: abuse of a person.") || !strings.Contains(shown, "Calls a neighbour names") {
			t.Errorf("%s: the stub says %q", state, shown)
		}
	}
}

func TestMessageOf(t *testing.T) {
	m := consult.Message{ID: 5, Seq: 3, Author: consult.ByResident, Visitor: 9, Name: "N", Body: "B", State: consult.MessageVisible}
	if v := MessageOf(m, 9); !v.Own || v.Official || !v.Visible() {
		t.Errorf("the author sees %+v", v)
	}
	if v := MessageOf(m, 0); v.Own {
		t.Error("a reader without a number owns a message")
	}
	m.Visitor = 0
	if v := MessageOf(m, 0); v.Own {
		t.Error("two browsers without a number are taken for one")
	}
}

// N03: the bars and the table cannot disagree, and a suppressed number has no bar to read it from.
func TestN03_FigureValuesEqualItsTable(t *testing.T) {
	f := Figure{ID: "f", Caption: "C", Of: "Of", Count: "Count", Bars: []Bar{{Label: "A", Value: 50}, {Label: "B", Value: 100}, {Label: "C", Value: 3, Text: "fewer than 8", Suppressed: true}, {Label: "D"}}}
	doc := draw(t, "en", "figure", f)
	rows := all(doc, "tbody tr")
	if len(rows) != 4 {
		t.Fatalf("%d rows", len(rows))
	}
	want := []struct{ value, width string }{{"50", "500"}, {"100", "1000"}, {"fewer than 8", ""}, {"0", "0"}}
	for i, row := range rows {
		if got := text(one(t, row, "td.govuk-table__cell--numeric")); got != want[i].value {
			t.Errorf("row %d says %q", i, got)
		}
		bars := all(row, "rect")
		if want[i].width == "" {
			if len(bars) != 0 || strings.Contains(source(row), "3") {
				t.Errorf("row %d gives a suppressed number away: %s", i, source(row))
			}
			continue
		}
		if len(bars) != 1 || attr(bars[0], "width") != want[i].width || attr(bars[0], "data-value") != want[i].value {
			t.Errorf("row %d: %s", i, source(row))
		}
	}
	one(t, doc, "figure > table > caption")
}

func TestFigureOfNothing(t *testing.T) {
	for _, bar := range (Figure{Bars: []Bar{{Label: "A"}, {Label: "B", Suppressed: true, Value: 5}}}).Rows() {
		if bar.Length != 0 {
			t.Errorf("%s has length %d", bar.Label, bar.Length)
		}
	}
}

// Every word of the glossary can be put into a sentence, in every language, without leaving the paragraph.
func TestGloss(t *testing.T) {
	w := newTestWeb(t)
	terms := 0
	for _, key := range w.Texts.Default().Keys("glossary.") {
		term, meaning := strings.CutSuffix(strings.TrimPrefix(key, "glossary."), "_meaning")
		if meaning || !w.Texts.Default().Has(key+"_meaning") {
			continue
		}
		terms++
		for _, l := range w.Texts.Languages() {
			out, err := w.Pages.sets[l.Code].gloss(term, nil)
			if err != nil {
				t.Fatal(err)
			}
			doc := parse(t, "<main><p>Before "+string(out)+" after</p></main>")
			p := one(t, doc, "main > p")
			button := one(t, p, "button[type=button]")
			if target := one(t, p, "[popover]"); attr(target, "id") != attr(button, "popovertarget") || text(target) != l.T(key+"_meaning") {
				t.Errorf("%s in %s: %s", term, l.Code, source(p))
			}
		}
	}
	if terms < 20 {
		t.Errorf("only %d words are explained", terms)
	}
	again, err := w.Pages.sets["en"].gloss("ward", []string{"2"})
	if err != nil || !strings.Contains(string(again), `id="gloss-ward-2"`) {
		t.Errorf("the second on a page: %s, %v", again, err)
	}
}

// The summary leads to each field, in order, and the title says that there is an error: the pattern of the GOV.UK Design System.
func TestErrorSummary(t *testing.T) {
	w := newTestWeb(t)
	f := &Form{}
	f.Fail("text-noise", "required")
	f.Fail("name", "too_long", "max", 100, "over", 12)
	f.Fail("name", "required") // one message per field: the first
	f.Fail("x", "no_such_rule")
	w.App.Get("/", func(c *fiber.Ctx) error {
		return w.Pages.Page(c, fiber.StatusUnprocessableEntity, "error", &ErrorPage{Base: w.Base(c, "error_page.invalid_title").WithErrors(f.Err("x"))})
	})
	doc := newVisit(t, w.App).get("/").Doc
	var lines []string
	for _, a := range all(one(t, doc, `main [data-error-summary][tabindex="-1"] [role=alert]`), "a") {
		lines = append(lines, attr(a, "href")+" "+text(a))
	}
	want := []string{"#text-noise Write your comment on this topic", "#name Shorten this to 100 characters. It is 12 over", "#x Check this answer"}
	if !slices.Equal(lines, want) {
		t.Errorf("got  %q\nwant %q", lines, want)
	}
	if got := text(one(t, doc, "title")); got != "Error: We could not read this – YouSaid" {
		t.Errorf("title %q", got)
	}
	if first := firstElement(one(t, doc, "main")); attr(first, "data-error-summary") == "" && !strings.Contains(attr(first, "class"), "error-summary") {
		t.Errorf("main begins with %s", source(first))
	}
}

func firstElement(n *html.Node) *html.Node {
	for c := range n.ChildNodes() {
		if c.Type == html.ElementNode {
			return c
		}
	}
	return n
}

func TestNavigationFollowsThePolicy(t *testing.T) {
	w := newTestWeb(t)
	actor := consult.Actor{Kind: consult.Visitor}
	w.Actor = func(*fiber.Ctx) consult.Actor { return actor }
	w.App.Get("/analyst/x", func(c *fiber.Ctx) error {
		return w.Pages.Page(c, fiber.StatusOK, "error", &ErrorPage{Base: w.StaffBase(c, "error_page.not_found_title")})
	})
	links := func() (hrefs []string, current string) {
		doc := newVisit(t, w.App).get("/analyst/x").Doc
		for _, a := range all(doc, ".site-nav ul a") {
			hrefs = append(hrefs, attr(a, "href"))
			if attr(a, "aria-current") == "page" {
				current = attr(a, "href")
			}
		}
		return hrefs, current
	}
	if got, _ := links(); !slices.Equal(got, []string{"/"}) {
		t.Errorf("a visitor is offered %v", got)
	}
	actor = consult.Actor{Kind: consult.Signed, Roles: []consult.Role{consult.RoleAnalyst}}
	got, current := links()
	if !slices.Contains(got, "/analyst") || slices.Contains(got, "/officer") || current != "/analyst" {
		t.Errorf("an analyst is offered %v, stands at %s", got, current)
	}
	actor = testOfficer()
	doc := newVisit(t, w.App).get("/analyst/x").Doc
	one(t, doc, `form[method=post][action="/sign-out"] input[name=_csrf]`)
	if n := len(all(doc, ".site-languages")); n != 0 {
		t.Error("a staff page offers languages it is not written in")
	}
}

func TestDemoBanner(t *testing.T) {
	for _, demo := range []bool{false, true} {
		w := newTestWeb(t)
		w.Site.Demo = demo
		w.App.Get("/", func(c *fiber.Ctx) error {
			return w.Pages.Page(c, fiber.StatusOK, "error", &ErrorPage{Base: w.Base(c, "error_page.not_found_title")})
		})
		if n := len(all(newVisit(t, w.App).get("/").Doc, ".site-demo")); (n == 1) != demo {
			t.Errorf("demo %v: %d banners", demo, n)
		}
	}
}
