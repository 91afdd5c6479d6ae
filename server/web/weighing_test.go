package web

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// sampleWeighed is a topic that is summed up, one that comments came after, and one nobody has summed up.
func sampleWeighed() []consult.WeighedTopic {
	counts := []consult.PointCount{
		{Topic: "light", Stance: consult.Object, Round: 1, Covered: true, Published: true, N: 7, Last: 41},
		{Topic: "light", Stance: consult.Support, Round: 2, Covered: true, Late: true, N: 1, Last: 42},
		{Topic: "traffic", Stance: consult.Neutral, Round: 1, Covered: true, Published: true, N: 2, Last: 43}, {Topic: "traffic", Stance: consult.Object, N: 1, Last: 44},
		{Topic: "use", Stance: consult.Support, Round: 1, N: 1, Last: 45},
	}
	summary := func(t consult.Topic, m consult.Material) consult.TopicSummary {
		return consult.TopicSummary{Topic: t, Version: 2, Text: "They fear for their kitchens.", Material: m, Reason: "Light counts.", By: "Planning, Planning officer", At: testNow}
	}
	return consult.Weigh(consult.Topics(), counts, []consult.TopicSummary{summary("light", consult.IsMaterial), summary("traffic", consult.Unassessed)})
}

// sampleReport has paragraphs, a late item, a condition and a reason for refusal, with links of every sort.
func sampleReport() consult.Report {
	cites := []consult.Cite{{Topic: "light"}, {Comment: 41, Topic: "light", Published: true}, {Comment: 42, Topic: "light"}}
	for i := range maxCites {
		cites = append(cites, consult.Cite{Comment: consult.ID(100 + i), Topic: "traffic", Published: true})
	}
	return consult.Report{Consultation: 3, Version: 4, Recommendation: "granted", By: "Planning, Planning officer", UpdatedAt: testNow,
		Paragraphs: []consult.Paragraph{
			{ID: 51, Number: 1, Version: 1, Heading: "Light", Text: "The court keeps its sun.\n\nOfficers asked for less.", By: "Planning", UpdatedAt: testNow, Cites: cites},
			{ID: 52, Number: 2, Version: 3, Text: "روشنی کم نہیں ہوگی۔", UpdatedAt: testNow},
			{ID: 53, Number: 1, Version: 1, Late: true, Heading: "A letter", Text: "It came yesterday.", By: "Planning", UpdatedAt: testNow, Cites: cites[2:3]}},
		Conditions: []consult.Condition{
			{ID: 61, Kind: consult.PermissionCondition, Number: 7, Version: 1, Title: "Hours", Text: "Not after 22:00.", Reason: "Quiet nights.", Cites: cites[:2]},
			{ID: 62, Kind: consult.RefusalReason, Number: 1, Version: 1, Title: "Height", Text: "Too tall."}}}
}

func sampleReportView() consult.ReportView {
	v := sampleCase()
	k := v.Consultation
	k.Application.Decision, k.Application.DecidedOn, k.Application.CommitteeOn = "granted", "2026-05-20", "2026-05-20"
	versions := []consult.ProposalVersion{{Number: 1, Description: "Erection of 14 dwellings."}, v.Current}
	outcomes := []consult.Outcome{{Consultation: k.ID, Topic: "light", Effect: consult.Changed, Version: 2, PublishedAt: testNow}}
	return consult.ReportView{Consultation: k, Current: v.Current, Versions: versions, Rounds: v.Rounds, Weighed: sampleWeighed(), Report: sampleReport(), Outcomes: outcomes,
		Answers: []consult.ConsulteeResponse{{Name: "Sample Water Company", ConsulteeAnswer: consult.ConsulteeAnswer{Opinion: consult.Approved}, ReceivedAt: testNow}}, Answered: 1,
		Publicity: []consult.Publicity{{Round: 2, Kind: consult.SiteNotice, On: "2026-03-20"}}, Since: "2026-05-01"}
}

func sampleTopicDesk() consult.TopicDesk {
	k := sampleCase().Consultation
	k.State = consult.ClosedState
	return consult.TopicDesk{Consultation: k, Weighed: sampleWeighed()[1], Report: sampleReport(), Total: 2, Points: []consult.WeighedPoint{
		{Comment: 41, Topic: "traffic", Stance: consult.Object, Round: 1, State: consult.CommentPublished, Channel: "web", Language: "ur", Text: strings.Repeat("گاڑیاں بہت ہیں ", 40), ReceivedAt: testNow,
			Covered: true, Judgement: consult.Judgement{Material: consult.MixedMatter, Reason: "Parking counts."}},
		{Comment: 44, Topic: "traffic", Stance: consult.Support, Late: true, State: consult.CommentReceived, Channel: "letter", ReceivedAt: testNow}},
		Versions: []consult.TopicSummary{sampleWeighed()[1].Summary}}
}

func init() {
	asOfficer := func(w *Web) { w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() } }
	sample("report", func(w *Web, c *fiber.Ctx) View {
		return drawReport(w.Base(c, "report.title", "title", "x"), sampleReportView(), 1, "", consult.Calendar{})
	})
	sample("report", func(w *Web, c *fiber.Ctx) View { // a preview of nothing yet
		v := consult.ReportView{Consultation: sampleCase().Consultation, Weighed: sampleWeighed()}
		return drawReport(w.Base(c, "report.title", "title", "x"), v, 1, "", consult.Calendar{})
	})
	sample("report", func(w *Web, c *fiber.Ctx) View {
		return drawReport(w.Base(c, "report.title", "title", "x"), longReport(), 2, "", consult.Calendar{})
	})
	for _, state := range []consult.State{consult.ClosedState, consult.Assessed} {
		sample("officer-weighing", func(w *Web, c *fiber.Ctx) View {
			asOfficer(w)
			k := sampleCase().Consultation
			k.State = state
			return drawWeighing(w.StaffBase(c, "officer_weighing.title", "title", "x"), k, sampleWeighed(), consult.Calendar{})
		})
	}
	sample("officer-weighing", func(w *Web, c *fiber.Ctx) View {
		asOfficer(w)
		return drawWeighing(w.StaffBase(c, "officer_weighing.title", "title", "x"), sampleCase().Consultation, nil, consult.Calendar{})
	})
	topic := func(f func() (*Form, error), state consult.State) sampleMaker {
		return func(w *Web, c *fiber.Ctx) View {
			asOfficer(w)
			v := sampleTopicDesk()
			v.Consultation.State = state
			form, err := f()
			return drawTopicDesk(w.StaffBase(c, "officer_weighing.topic_title", "topic", "t", "title", "x").WithErrors(err), v, form, 1, consult.Calendar{})
		}
	}
	sample("officer-topic", topic(func() (*Form, error) { return nil, nil }, consult.ClosedState))
	sample("officer-topic", topic(func() (*Form, error) { return nil, nil }, consult.InCommittee))
	sample("officer-topic", topic(func() (*Form, error) { // somebody was faster
		return Filled(map[string][]string{"summary": {"Mine."}, "version": {"1"}, "mark": {"old"}}), nil
	}, consult.ClosedState))
	sample("officer-topic", topic(func() (*Form, error) {
		f := Filled(map[string][]string{"summary": {""}, "version": {"2"}})
		for _, field := range []string{"summary", "material", "reason"} {
			f.Fail(field, "required")
		}
		return f, f.Err("write")
	}, consult.ClosedState))
	sample("officer-topic", topic(func() (*Form, error) {
		f := Filled(map[string][]string{"do": {"judge"}})
		for _, field := range []string{"point", "judgement", "why", "source"} {
			f.Fail(field, "required")
		}
		return f, f.Err("judge")
	}, consult.ClosedState))
	reportSamples(asOfficer)
}

// reportSamples are the officers' pages of the report.
func reportSamples(asOfficer func(*Web)) {
	in := func(state consult.State) consult.Consultation {
		k := sampleCase().Consultation
		k.State = state
		return k
	}
	for _, state := range []consult.State{consult.ClosedState, consult.InCommittee, consult.Decided} {
		sample("officer-report", func(w *Web, c *fiber.Ctx) View {
			asOfficer(w)
			p := drawReportDesk(w.StaffBase(c, "officer_report.title", "title", "x"), in(state), sampleReport(), nil)
			p.Faster = state == consult.InCommittee
			return p
		})
		sample("officer-paragraph", func(w *Web, c *fiber.Ctx) View {
			asOfficer(w)
			one := sampleReport().Paragraphs[0]
			return drawParagraph(w.StaffBase(c, "officer_report.paragraph_title", "n", 1, "title", "x"), in(state), one, sampleWeighed(), nil)
		})
		sample("officer-condition", func(w *Web, c *fiber.Ctx) View {
			asOfficer(w)
			one := sampleReport().Conditions[0]
			return drawCondition(w.StaffBase(c, "officer_report.condition_title", "n", 7, "title", "x"), in(state), one, sampleWeighed(), nil)
		})
	}
	sample("officer-report", func(w *Web, c *fiber.Ctx) View {
		asOfficer(w)
		f := Filled(nil)
		f.Fail("recommendation", "required")
		return drawReportDesk(w.StaffBase(c, "officer_report.title", "title", "x").WithErrors(f.Err("x")), in(consult.ClosedState), consult.Report{}, f)
	})
	sample("officer-paragraph", func(w *Web, c *fiber.Ctx) View {
		asOfficer(w)
		one := sampleReport().Paragraphs[0]
		f := Filled(map[string][]string{"text": {""}, "version": {"1"}})
		f.Fail("text", "required")
		p := drawParagraph(w.StaffBase(c, "officer_report.new_title", "title", "x").WithErrors(f.Err("x")), in(consult.ClosedState), one, sampleWeighed(), f)
		p.Meanwhile = &one
		return p
	})
	sample("officer-condition", func(w *Web, c *fiber.Ctx) View {
		asOfficer(w)
		one := sampleReport().Conditions[0]
		f := Filled(map[string][]string{"text": {""}, "version": {"0"}})
		for _, field := range []string{"kind", "number", "title", "text", "reason"} {
			f.Fail(field, "required")
		}
		p := drawCondition(w.StaffBase(c, "officer_report.new_condition_title", "title", "x").WithErrors(f.Err("x")), in(consult.ClosedState), one, sampleWeighed(), f)
		p.Meanwhile = &one
		return p
	})
}

// longReport is one of eight full summaries, forty full paragraphs and sixty conditions, in invented words that hardly repeat.
func longReport() consult.ReportView {
	random := rand.New(rand.NewPCG(1, 2))
	text := func(limit int) string {
		var b strings.Builder
		for b.Len() < limit-12 {
			word := make([]byte, 2+random.IntN(9))
			for i := range word {
				word[i] = "etaoinshrdlucmfwypvbg"[min(random.IntN(21), random.IntN(21))]
			}
			b.Write(word)
			b.WriteByte(' ')
		}
		return b.String()
	}
	v := sampleReportView()
	v.Weighed = nil
	for _, t := range consult.Topics() {
		w := sampleWeighed()[0]
		w.Figures.Topic, w.Summary.Topic, w.Summary.Text = t, t, text(consult.MaxSummary)
		v.Weighed = append(v.Weighed, w)
	}
	v.Report.Paragraphs, v.Report.Conditions = nil, nil
	for n := range 40 {
		var cites []consult.Cite
		for range consult.MaxCites {
			cites = append(cites, consult.Cite{Comment: consult.ID(random.Int64N(1 << 60)), Topic: "light", Published: true})
		}
		v.Report.Paragraphs = append(v.Report.Paragraphs, consult.Paragraph{ID: consult.ID(1000 + n), Number: n + 1, Version: 1, Heading: text(60), Text: text(consult.MaxParagraph), Cites: cites})
	}
	for n := range 60 {
		v.Report.Conditions = append(v.Report.Conditions, consult.Condition{ID: consult.ID(2000 + n), Kind: consult.PermissionCondition, Number: n + 1, Version: 1, Title: text(60),
			Text: text(consult.MaxCondition), Reason: text(consult.MaxReason)})
	}
	return v
}

// Every page of a report that is as long as it can get fits the budget, holds its blocks whole, and each once.
func TestALongReportComesInPagesWithinTheBudget(t *testing.T) {
	w := newTestWeb(t)
	v := longReport()
	seen := map[string]int{}
	pages := 1
	for number := 1; number <= pages; number++ {
		var p *reportPage
		w.App.Get(fmt.Sprintf("/page-%d", number), func(c *fiber.Ctx) error {
			p = drawReport(w.Base(c, "report.title", "title", "x"), v, number, "", consult.Calendar{})
			return w.Pages.Page(c, fiber.StatusOK, "report", p)
		})
		answer, err := w.App.Test(httptest.NewRequest(fiber.MethodGet, fmt.Sprintf("/page-%d", number), nil))
		if err != nil {
			t.Fatal(err)
		}
		var plain, packed bytes.Buffer
		if _, err := plain.ReadFrom(answer.Body); err != nil {
			t.Fatal(err)
		}
		z := gzip.NewWriter(&packed)
		if _, err := z.Write(plain.Bytes()); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		if packed.Len() > 14*1024 {
			t.Errorf("page %d: %d bytes packed, of %d", number, packed.Len(), plain.Len())
		}
		for _, one := range p.Paragraphs {
			seen[one.Anchor]++
			if len(one.Cites.Links) != maxCites || one.Cites.More != consult.MaxCites-maxCites {
				t.Errorf("%s names %d comments and counts %d", one.Anchor, len(one.Cites.Links), one.Cites.More)
			}
		}
		for _, one := range p.Conditions {
			seen[one.Anchor]++
		}
		for _, one := range p.Topics {
			seen[one.Anchor]++
		}
		pages = max(pages, len(p.Pages.Pages), lastPage(p.Pages))
	}
	if pages < 5 || len(seen) != 108 {
		t.Errorf("%d pages with %d blocks", pages, len(seen))
	}
	for anchor, n := range seen {
		if n != 1 {
			t.Errorf("%s stands on %d pages", anchor, n)
		}
	}
}

func lastPage(p Pagination) int {
	if len(p.Pages) == 0 {
		return 1
	}
	return p.Pages[len(p.Pages)-1].Number
}

// A link to a paragraph finds the page it stands on.
func TestALinkIntoTheReportFindsItsPage(t *testing.T) {
	w := newTestWeb(t)
	var p *reportPage
	w.App.Get("/", func(c *fiber.Ctx) error {
		p = drawReport(w.Base(c, "report.title", "title", "x"), longReport(), 1, c.Query("at"), consult.Calendar{})
		return nil
	})
	for at, found := range map[string]func() bool{
		"paragraph-40": func() bool {
			return len(p.Paragraphs) > 0 && p.Paragraphs[len(p.Paragraphs)-1].Anchor == "paragraph-40"
		},
		"condition-60": func() bool {
			return len(p.Conditions) > 0 && p.Conditions[len(p.Conditions)-1].Anchor == "condition-60"
		},
		"nowhere": func() bool { return p.Proposal != nil },
	} {
		answer, err := w.App.Test(httptest.NewRequest(fiber.MethodGet, "/?at="+at, nil))
		if err != nil || answer.StatusCode != fiber.StatusOK || !found() {
			t.Errorf("%s is not on the page shown: %v", at, err)
		}
	}
}

// sampleTrail is the whole way of a comment as pages show it.
func sampleTrail(c consult.Comment) []consult.TrailStep {
	r := sampleReport()
	return consult.TrailOf(consult.TrailFacts{Comment: c, Topics: []consult.Topic{"light", "traffic"}, Covered: []consult.Topic{"light"}, ReportSince: "2026-05-01", Report: r,
		Consultation: sampleReportView().Consultation,
		Outcomes: []consult.Outcome{{Topic: "light", Effect: consult.Changed, Version: 2, Reference: "Drawing 14 B", PublishedAt: testNow},
			{Topic: "traffic", Effect: consult.Conditioned, Condition: 62, PublishedAt: testNow}}})
}
