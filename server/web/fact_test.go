package web

import (
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

var factDay = time.Date(2026, 5, 3, 9, 0, 0, 0, time.UTC)

func sampleFact(edit ...func(*consult.Fact)) consult.Fact {
	f := consult.Fact{ID: 71, Consultation: 5, Kind: consult.FactClaim, State: consult.FactPublished, Rev: 3, Version: 2,
		Claim: "All the trees will be felled", Short: "Two of eleven trees are felled; nine stay.", Answer: "Nine stay.\n\nTwo are diseased.",
		Sources:   []consult.FactSource{{Title: "Tree survey", Document: 9}, {Title: "The register", URL: "https://example.org/register"}},
		Phrasings: []string{"they cut down every tree"}, Language: "en", Service: "Planning", ReviewOn: "2026-09-01", By: "Planning, Planning officer",
		UpdatedAt: factDay, PublishedAt: factDay.Add(-time.Hour), CreatedAt: factDay.Add(-2 * time.Hour)}
	for _, e := range edit {
		e(&f)
	}
	return f
}

func sampleFactCase() consult.Consultation {
	return consult.Consultation{ID: 5, Kind: consult.PlanningApplication, Title: "Twelve homes", State: consult.Consulting}
}

// withSources fills what Fact reads from the service.
func withSources(w *Web, p *factPage, f consult.Fact, k consult.Consultation) View {
	p.Sources = []factSource{{Title: "Tree survey"}, {Title: "The register", Href: "https://example.org/register", Away: true}}
	if err := p.offerPictures(w, f, k); err != nil {
		panic(err)
	}
	return p
}

func init() {
	history := []consult.FactVersion{{Version: 2, Claim: "All the trees will be felled", Short: "Two.", Changed: "The survey was corrected.", PublicAt: factDay},
		{Version: 1, Claim: "All the trees will be felled", Short: "Three.", PublicAt: factDay.Add(-time.Hour)}}
	for _, edit := range []func(*consult.Fact){
		func(*consult.Fact) {},
		func(f *consult.Fact) { f.Kind, f.ReviewOn, f.Consultation = consult.FactCorrection, "2026-01-01", 0 },
		func(f *consult.Fact) { f.Claim, f.Language = "تمام درخت کاٹ دیے جائیں گے", "ur" },
		func(f *consult.Fact) {
			f.State, f.RetiredWhy, f.RetiredAt = consult.FactRetired, "The plan has changed.", factDay
		},
	} {
		sample("fact", func(w *Web, c *fiber.Ctx) View {
			f, k := sampleFact(edit), sampleFactCase()
			if f.Consultation == 0 {
				k = consult.Consultation{}
			}
			return withSources(w, drawFact(w.Base(c, "fact.title", "claim", f.Claim), f, k, history, "2026-05-04"), f, k)
		})
	}
	sample("facts", func(w *Web, c *fiber.Ctx) View {
		list := []consult.Fact{sampleFact(), sampleFact(func(f *consult.Fact) { f.ID, f.Consultation = 72, 0 })}
		return drawFacts(w.Base(c, "fact.list_title", "title", "Twelve homes"), sampleFactCase(), list)
	})
	sample("facts", func(w *Web, c *fiber.Ctx) View {
		return drawFacts(w.Base(c, "fact.list_title", "title", "Twelve homes"), sampleFactCase(), nil)
	})
	sample("officer-facts", func(w *Web, c *fiber.Ctx) View {
		w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() }
		d := consult.FactDesk{Consultation: sampleFactCase(), Today: "2026-10-01", Facts: []consult.Fact{sampleFact(), sampleFact(func(f *consult.Fact) {
			f.ID, f.State, f.ReviewOn, f.Consultation = 72, consult.FactDraft, "", 0
		})}, Figures: map[consult.ID]consult.FactFigure{71: {Fact: 71, Pins: 2, Told: 3, FirstClaim: factDay.Add(-26 * time.Hour)}}}
		d.Pace = consult.PaceOf(d.Facts, d.Figures)
		return drawFactList(w.StaffBase(c, "officer_fact.list_title", "title", "Twelve homes"), d)
	})
	sample("officer-facts", func(w *Web, c *fiber.Ctx) View {
		w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() }
		return drawFactList(w.StaffBase(c, "officer_fact.all_title"), consult.FactDesk{})
	})
	sampleFactDesks()
}

func sampleFactDesks() {
	file := func(edit ...func(*consult.Fact)) consult.FactFile {
		return consult.FactFile{Fact: sampleFact(edit...), Consultation: sampleFactCase(), Documents: []consult.Document{{ID: 9, Name: "Tree survey"}}, Today: "2026-05-04",
			Versions: []consult.FactVersion{{Version: 2, Claim: "x", Short: "y", Changed: "z", PublicAt: factDay}, {Version: 1, Claim: "x", Short: "w"}}}
	}
	for _, state := range []consult.FactState{consult.FactDraft, consult.FactPublished, consult.FactRetired} {
		sample("officer-fact", func(w *Web, c *fiber.Ctx) View {
			w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() }
			return drawFactDesk(w.StaffBase(c, "officer_fact.title", "claim", "x"), file(func(f *consult.Fact) { f.State = state }), w.siteLanguages(), nil)
		})
	}
	sample("officer-fact", func(w *Web, c *fiber.Ctx) View {
		w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() }
		f := Filled(map[string][]string{"claim": {""}, "rev": {"1"}})
		for _, field := range []string{"kind", "claim", "short", "answer", "source-1", "source-1-link", "review", "service", "changed", "phrasings"} {
			f.Fail(field, "required")
		}
		one := file()
		p := drawFactDesk(w.StaffBase(c, "officer_fact.title", "claim", "x").WithErrors(f.Err("x")), one, w.siteLanguages(), f)
		p.Meanwhile = &one.Fact
		return p
	})
	sample("officer-fact", func(w *Web, c *fiber.Ctx) View {
		w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() }
		return drawFactDesk(w.StaffBase(c, "officer_fact.new_title"), consult.FactFile{Fact: consult.Fact{State: consult.FactDraft}}, w.siteLanguages(), nil)
	})
	said := []consult.Utterance{{Subject: 81, Thread: 8, Seq: 2, Author: consult.ByResident, Text: "They cut down every tree!", Language: "en", At: factDay},
		{Subject: 82, Author: consult.ByOfficer, Text: strings.Repeat("All the trees. ", 60), At: factDay}}
	sample("officer-fact-pins", func(w *Web, c *fiber.Ctx) View {
		w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() }
		return drawFactPins(w.StaffBase(c, "officer_fact.pins_title", "claim", "x"), file(), []consult.Utterance{said[1], {Subject: 83, At: factDay}},
			[]candidate{{said[0], "every tree"}})
	})
	sample("officer-fact-pins", func(w *Web, c *fiber.Ctx) View {
		w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() }
		f := Filled(nil)
		f.Fail("subject", "required")
		return drawFactPins(w.StaffBase(c, "officer_fact.pins_title", "claim", "x").WithErrors(f.Err("x")), file(func(f *consult.Fact) { f.State = consult.FactDraft }), nil,
			[]candidate{{said[0], "every tree"}})
	})
}

func TestTimesAreRoundedUp(t *testing.T) {
	w := newTestWeb(t)
	b := Base{Language: w.Texts.Default()}
	for d, want := range map[time.Duration]string{time.Second: "1 hour", time.Hour: "1 hour", 61 * time.Minute: "2 hours", 47 * time.Hour: "47 hours",
		48 * time.Hour: "2 days", 49 * time.Hour: "3 days"} {
		if got := b.timeText(d); got != want {
			t.Errorf("%v is worded %q, want %q", d, got, want)
		}
	}
}
