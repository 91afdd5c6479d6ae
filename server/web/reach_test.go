package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
	"pgregory.net/rapid"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/reach"
)

// sampleRows is a town of 60 people for the samples: figures of every kind, withheld ones among them.
type sampleRows struct{}

func (sampleRows) EachReachRow(_ context.Context, _ consult.ReachFilter, each func(consult.ReachRow) error) error {
	for i := range 60 {
		row := consult.ReachRow{Consultation: 7, WardCode: "E05000001", Channel: "web", Stance: consult.Stances()[i%3], Topics: consult.Topics()[i%4 : i%4+2],
			ReceivedAt: testNow.AddDate(0, 0, -40+i%5*9), Outcomes: i % 2}
		if i%4 != 0 {
			row.AnsweredAt = row.ReceivedAt.AddDate(0, 0, i%9)
		}
		if i > 56 {
			row.Channel, row.WardCode = "letter", ""
		}
		if err := each(row); err != nil {
			return err
		}
	}
	return nil
}

func (sampleRows) Equality(context.Context, consult.ReachFilter) ([]consult.EqualityAnswers, error) {
	woman := consult.EqualityAnswers{Consultation: 7, WardCode: "E05000001", Sex: "female", AgeBand: "65-plus", RecordedOn: "2026-03-03"}
	man := woman
	man.Sex, man.AgeBand, man.EthnicGroup = "male", "", "white"
	return append(slices.Repeat([]consult.EqualityAnswers{woman}, 30), slices.Repeat([]consult.EqualityAnswers{man}, 10)...), nil
}

func (sampleRows) Benchmarks(context.Context, string) ([]consult.Benchmark, error) {
	all := consult.Benchmark{Name: "population", AreaCode: "E05000001", Population: 20_000, Source: "made up", Vintage: "2024-06-30"}
	female, male := all, all
	female.Group, female.Population = "sex:female", 4_000
	male.Group, male.Population = "sex:male", 16_000
	return []consult.Benchmark{all, female, male}, nil
}

func (sampleRows) Wards(context.Context) (map[string]string, error) {
	return map[string]string{"E05000001": "Example Ward"}, nil
}

func (sampleRows) PromiseDays(context.Context, consult.ID) (int, error) { return 5, nil }

func sampleReach(w *Web, c *fiber.Ctx, f consult.ReachFilter, ignored ...string) *reachPage {
	w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() }
	report, err := reach.Measure(context.Background(), sampleRows{}, f, testNow, consult.England())
	if err != nil {
		panic(err)
	}
	choice := reachChoice{Filter: f, Consultations: []consult.Consultation{{ID: 7, Title: "Twelve homes on a workshop yard"}}, Wards: map[string]string{"E05000001": "Example Ward"}, Ignored: ignored}
	return drawReach(w.StaffBase(c, "reach.title"), choice, report)
}

func init() {
	for _, f := range []consult.ReachFilter{{}, {From: "2026-03-01", To: "2026-03-10"}, {Consultation: 99}, {Channel: "letter"}} {
		sample("reach", func(w *Web, c *fiber.Ctx) View { return sampleReach(w, c, f, "reach.ward", "reach.backwards") })
	}
}

func drawnReach(t *testing.T, f consult.ReachFilter) *page {
	t.Helper()
	w := newTestWeb(t)
	w.App.Get("/", func(c *fiber.Ctx) error { return w.Pages.Page(c, http.StatusOK, "reach", sampleReach(w.Web, c, f)) })
	return newVisit(t, w.App).get("/")
}

// N03: every bar stands in the row of its number and says the same, every step over time too, and each table can be downloaded.
func TestN03ChartsSayWhatTheirTablesSay(t *testing.T) {
	p := drawnReach(t, consult.ReachFilter{})
	figures := all(p.Doc, "figure.chart")
	if len(figures) != 8+4 {
		t.Fatalf("%d figures, want 8 of responses and 4 of people", len(figures))
	}
	byDay := map[string]string{}
	bars, withheld := 0, 0
	for _, figure := range figures {
		if len(all(figure, "table caption")) != 1 || len(all(figure, "figcaption a[href^='/analyst/export/figures.csv?']")) != 1 {
			t.Errorf("%s lacks a caption or the link to its numbers", attr(figure, "id"))
		}
		for i, row := range all(figure, "tbody tr") {
			number := text(all(row, "td")[1])
			if rects := all(row, "rect"); len(rects) == 1 {
				bars++
				if value := attr(rects[0], "data-value"); number != value && !strings.HasPrefix(number, value+" ") {
					t.Errorf("%s: a bar of %s beside %q", attr(figure, "id"), value, number)
				}
			} else if withheld++; number != "withheld" {
				t.Errorf("%s: no bar beside %q", attr(figure, "id"), number)
			}
			if attr(figure, "id") == "figure-time" {
				byDay[strconv.Itoa(i)] = strings.Fields(number)[0]
			}
		}
	}
	if bars == 0 || withheld == 0 {
		t.Errorf("%d bars and %d withheld numbers: this test tests nothing", bars, withheld)
	}
	for i, step := range all(p.Doc, "svg.steps rect") {
		value, shown := attribute(step, "data-value")
		if number := byDay[strconv.Itoa(i)]; shown && value != number || !shown && number != "withheld" {
			t.Errorf("step %d says %q, the table %q", i, value, number)
		}
	}
}

// The heights of steps and bars are no way around the rule: nothing on the page is longer for a withheld 7 than for a withheld 1.
func TestN04WithheldNumbersHaveNoLength(t *testing.T) {
	for _, n := range []int{1, 7} {
		chart := steps(reach.Table{Name: "time", Rows: []reach.Row{{Code: "2026-04-01"}, {Code: "2026-04-02"}}})
		if chart != nil {
			t.Errorf("%d: a chart of nothing but withheld numbers: %+v", n, chart)
		}
	}
	p := drawnReach(t, consult.ReachFilter{})
	for _, mark := range all(p.Doc, "svg.steps .steps__withheld") {
		if _, has := attribute(mark, "data-value"); has || attr(mark, "height") != "8" {
			t.Errorf("a withheld step: %s", source(mark))
		}
	}
}

// N01: every filter is in the address, and reading the address gives the same filter.
func TestN01FiltersAreAddresses(t *testing.T) {
	h := newReachHouse(t)
	days := rapid.SampledFrom([]consult.Date{"", "2026-03-01", "2026-03-20", "2026-12-31"})
	rapid.Check(t, func(t *rapid.T) {
		f := consult.ReachFilter{
			Consultation: rapid.SampledFrom([]consult.ID{0, h.public}).Draw(t, "consultation"),
			Ward:         rapid.SampledFrom([]string{"", "E05000001"}).Draw(t, "ward"),
			Channel:      rapid.SampledFrom(append(consult.Channels(), "")).Draw(t, "channel"),
			Stance:       rapid.SampledFrom(append(consult.Stances(), "")).Draw(t, "stance"),
			Topic:        rapid.SampledFrom(append(consult.Topics(), "")).Draw(t, "topic"),
			From:         days.Draw(t, "from"), To: days.Draw(t, "to"),
		}
		if f.To != "" && f.To < f.From {
			f.From, f.To = f.To, f.From
		}
		c := h.App.AcquireCtx(&fasthttp.RequestCtx{})
		defer h.App.ReleaseCtx(c)
		c.Request().SetRequestURI(reachHref("/analyst", f))
		choice, err := h.reachChoice(c)
		if err != nil || choice.Filter != f || len(choice.Ignored) > 0 {
			t.Fatalf("%+v became %+v, ignored %v, %v", f, choice.Filter, choice.Ignored, err)
		}
	})
}

func TestReachPageKeepsItsFilterInEveryLink(t *testing.T) {
	h := newReachHouse(t)
	query := "?" + url.Values{"consultation": {h.public.String()}, "stance": {"objection"}}.Encode()
	p := newVisit(t, h.App).get("/analyst" + query)
	if p.StatusCode != http.StatusOK {
		t.Fatalf("%d: %s", p.StatusCode, p.Body)
	}
	if got := attr(one(t, p.Doc, `select[name=stance] option[selected]`), "value"); got != "objection" {
		t.Errorf("chosen stance %q", got)
	}
	links := all(p.Doc, `a[href^="/analyst/export/"]`)
	if len(links) < 6 {
		t.Errorf("%d links to files", len(links))
	}
	for _, link := range links {
		u, err := url.Parse(attr(link, "href"))
		if err != nil {
			t.Fatal(err)
		}
		equality := strings.Contains("age sex ethnic disability", u.Query().Get("table")) && u.Query().Get("table") != ""
		if u.Query().Get("consultation") != h.public.String() || !equality && u.Query().Get("stance") != "objection" {
			t.Errorf("%s lost the filter", u)
		}
	}
	// 33 comments, every third one in support: 22 object.
	if overview := text(one(t, p.Doc, "dl.govuk-summary-list")); !strings.HasPrefix(overview, "Responses 20 Answered 0%") {
		t.Errorf("at a glance: %s", overview)
	}
}

func TestReachPageNamesWhatItDidNotUnderstand(t *testing.T) {
	h := newReachHouse(t)
	for query, want := range map[string]string{
		"ward=E99999999":                         "Ward",
		"stance=furious&topic=weather":           "Stance, Topic",
		"consultation=nonsense":                  "Consultation",
		"consultation=" + h.notPublic.String():   "Consultation",
		"from=yesterday":                         "From",
		"from=2026-04-02&to=2026-04-01":          "days that end before they begin",
		"channel=" + url.QueryEscape("<script>"): "How they reached us",
	} {
		p := newVisit(t, h.App).get("/analyst?" + query)
		if p.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", query, p.StatusCode)
			continue
		}
		note := text(one(t, p.Doc, ".reach-ignored"))
		if !strings.HasSuffix(note, ": "+want+".") {
			t.Errorf("%s: %q", query, note)
		}
		if strings.Contains(p.Body, "<script>") || strings.Contains(p.Body, "E99999999") {
			t.Errorf("%s comes back on the page", query)
		}
	}
	if p := newVisit(t, h.App).get("/analyst?utm_source=x"); len(all(p.Doc, ".reach-ignored")) != 0 {
		t.Error("a field of somebody else's is named")
	}
}

func TestReachIsForAnalystsAndOfficers(t *testing.T) {
	h := newReachHouse(t)
	for role, want := range map[consult.Role]int{
		consult.RoleAnalyst: http.StatusOK, consult.RoleOfficer: http.StatusOK, consult.RoleAdmin: http.StatusOK,
		consult.RoleModerator: http.StatusForbidden, "": http.StatusSeeOther,
	} {
		h.role = role
		p := newVisit(t, h.App).get("/analyst")
		if p.StatusCode != want {
			t.Errorf("%q: %d, want %d", role, p.StatusCode, want)
		}
		if files := len(all(p.Doc, ".reach-files")); role == consult.RoleOfficer && files != 0 {
			t.Error("an officer is offered files that would be refused")
		}
	}
}

func TestReachPageIsSmall(t *testing.T) {
	if size := gzipped(drawnReach(t, consult.ReachFilter{}).Body); size > 14<<10 {
		t.Errorf("%d bytes, gzip", size)
	}
}

// The same report, drawn twice, is the same page; around it stands the form token of the visit.
func TestN07ReachPageIsReproducible(t *testing.T) {
	main := func() string { return source(one(t, drawnReach(t, consult.ReachFilter{}).Doc, "main")) }
	if first, second := main(), main(); first != second {
		t.Error("two pages of the same report differ")
	}
}
