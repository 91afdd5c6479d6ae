package web

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/reach"
)

// sampleForm has a question of every kind, an introduction in two languages and one question that is English only.
func sampleForm() consult.Form {
	both := func(en, ur string) consult.FormText { return consult.FormText{"en": en, "ur": ur} }
	return consult.Form{
		Format: consult.FormFormat, Language: "en", Title: both("Walking and air", "پیدل چلنا اور ہوا"), Intro: both("One.\n\nTwo.", "ایک۔"),
		Return: both("Public Health\nSample Street 1", "Public Health"), Contact: consult.ContactRule{Name: consult.Optional, Postcode: consult.Required},
		Sections: []consult.Section{
			{ID: "ways", Title: both("How you get about", "آپ کیسے آتے جاتے ہیں"), Questions: []consult.Question{
				{ID: "how", Kind: consult.ChoiceQuestion, Text: both("How do you usually get there?", "آپ عموماً کیسے جاتے ہیں؟"), Required: true, Several: true, Max: 2, Other: true,
					Options: []consult.Option{{ID: "foot", Text: both("On foot", "پیدل")}, {ID: "car", Text: both("By car", "کار سے")}, {ID: "bus", Text: both("By bus", "بس سے")}}},
				{ID: "safe", Kind: consult.ScaleQuestion, Text: both("How safe is it?", "یہ کتنا محفوظ ہے؟"), Steps: 5, Low: both("Not safe", "غیر محفوظ"), High: both("Very safe", "بہت محفوظ"), DontKnow: true},
			}},
			{ID: "wishes", Title: both("What matters", "کیا اہم ہے"), Questions: []consult.Question{
				{ID: "first", Kind: consult.RankingQuestion, Text: both("What should come first?", "پہلے کیا ہونا چاہیے؟"), Required: true,
					Options: []consult.Option{{ID: "trees", Text: both("Trees", "درخت")}, {ID: "lights", Text: both("Lights", "بتیاں")}, {ID: "benches", Text: both("Benches", "بینچ")}}},
				{ID: "why-car", Kind: consult.TextQuestion, Text: consult.FormText{"en": "Why by car?"}, Limit: 500, ShownIf: &consult.ShowRule{Question: "how", Value: "car"}},
				{ID: "where", Kind: consult.PlaceQuestion, Text: both("Where is it worst?", "کہاں سب سے برا ہے؟")},
			}},
		},
	}
}

// sampleMatter is the case of a consultation that asks sampleForm.
func sampleMatter() consult.CaseView {
	v := sampleCase()
	v.Consultation.Kind, v.Consultation.Title = consult.PublicHealth, "Walking and air around Sample Street"
	v.Consultation.Application = consult.Application{Authority: consult.OwnAuthority, Reference: "C-2099-0001"}
	v.Subjects = consult.Subjects{Kind: consult.PublicHealth, Forms: []consult.FormVersion{{Number: 1, Form: sampleForm(), PublishedAt: testNow}}}
	for i := range v.Rounds {
		v.Rounds[i].Form = 1
	}
	v.Window.Round.Form = 1
	v.Tally.Topics = map[consult.Topic]int{"how": 3, "where": 2}
	v.Outcomes, v.Answers = nil, nil
	v.Consultation.Influence = consult.Influence{Fixed: "The money.", Open: "Where it goes.", Decider: "The council.", When: "In June.", Rules: "The health plan."}
	return v
}

var sampleTyped = consult.Typed{"q-how": {"car", "other"}, "text-how": {"By tram"}, "q-safe": {"2"}, "q-first--trees": {"1"}, "q-first--benches": {"2"},
	"text-why-car": {"It rains."}, "q-where": {"The bend"}, "q-where--lat": {"52.47"}, "q-where--lon": {"-1.86"}}

func init() {
	section := func(i int, typed consult.Typed, wrong bool) sampleMaker {
		return func(w *Web, c *fiber.Ctx) View {
			var f *Form
			var err error
			if wrong {
				f = Filled(map[string][]string{"q-first--trees": {"1"}, "q-first--lights": {"1"}, "q-where--lat": {"x"}})
				_, fields := consult.ReadSection(sampleForm(), i, consult.Typed{"q-how": {"car"}, "q-first--trees": {"1"}, "q-first--lights": {"1"}, "q-where--lat": {"x"}})
				f.Add(fields)
				err = f.Err("x")
			}
			p := w.responseBase(c, sampleMatter(), sampleForm(), i+1, "form.title", err)
			p.drawSection(w, f, sampleForm(), i, typed, sampleMatter().Consultation)
			p.Action, p.Paper = "/x", "/consultations/x/form"
			return p
		}
	}
	sample("form-section", section(0, consult.Typed{}, false))
	sample("form-section", section(1, sampleTyped, false))
	sample("form-section", section(0, consult.Typed{}, true))
	sample("form-section", section(1, consult.Typed{"q-how": {"car"}}, true))
	sample("form-details", func(w *Web, c *fiber.Ctx) View {
		p := w.responseBase(c, sampleMatter(), sampleForm(), 3, "form.details_title", nil)
		p.drawDetails(nil, sampleForm().Contact, consult.DraftData{Contact: consult.Contact{Name: "Resident of Sample Street"}, ShowName: true})
		return p
	})
	sample("form-details", func(w *Web, c *fiber.Ctx) View {
		err := &consult.Error{Kind: consult.Invalid, Fields: consult.CheckContactOf(sampleForm().Contact, consult.Contact{Email: "x"})}
		p := w.responseBase(c, sampleMatter(), sampleForm(), 3, "form.details_title", err)
		p.drawDetails(Filled(url.Values{"email": {"x"}}), sampleForm().Contact, consult.DraftData{})
		return p
	})
	sample("form-check", func(w *Web, c *fiber.Ctx) View {
		p := w.responseBase(c, sampleMatter(), sampleForm(), 4, "form.check_title", nil)
		p.drawCheck(sampleForm(), consult.Draft{Token: "x", Data: consult.DraftData{Typed: sampleTyped}})
		p.Key = NewKey()
		return p
	})
	sample("consultation", func(w *Web, c *fiber.Ctx) View {
		return drawConsultation(w.Base(c, "consultation.title", "title", "x"), sampleMatter(), nil)
	})
	sample("consultation", func(w *Web, c *fiber.Ctx) View {
		v := sampleMatter()
		v.Consultation.State, v.Window.Status = consult.ClosedState, consult.WindowLate
		return drawConsultation(w.Base(c, "consultation.title", "title", "x"), v, nil)
	})
	sample("my-comment", func(w *Web, c *fiber.Ctx) View {
		responses, _ := consult.ReadResponses(sampleForm(), sampleTyped)
		mine := consult.MyComment{Comment: consult.Comment{ID: 7, State: consult.CommentReceived, Form: 1, ReceivedAt: testNow}, Consultation: sampleMatter().Consultation,
			Subjects: sampleMatter().Subjects, Responses: responses, Words: consult.WordsOf(responses), Token: "x"}
		return drawMyComment(w.Base(c, "my_comment.title", "reference", "x"), mine, consult.Calendar{}, true)
	})
	sample("officer-comment", func(w *Web, c *fiber.Ctx) View {
		w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() }
		responses, _ := consult.ReadResponses(sampleForm(), sampleTyped)
		file := consult.CommentFile{Comment: consult.Comment{ID: 7, State: consult.CommentReceived, Form: 1, Responses: responses, ReceivedAt: testNow},
			Original: consult.WordsOf(responses)}
		p := drawOfficerComment(w.StaffBase(c, "officer_comment.title", "reference", "x"), file, sampleMatter(), nil)
		p.Publication = p.publication(redactionDesk{file: file, matter: sampleMatter().Consultation, marks: w.marks("en")}, nil)
		return p
	})
}

// TestNoPlanningWordsWhereNobodyApplies holds the public pages of another kind to words of their own.
func TestNoPlanningWordsWhereNobodyApplies(t *testing.T) {
	w := newTestWeb(t)
	w.App.Get("/x", func(c *fiber.Ctx) error {
		v := sampleMatter()
		return w.Pages.Page(c, fiber.StatusOK, "consultation", drawConsultation(w.Base(c, "consultation.title", "title", "x"), v, nil))
	})
	page := strings.ToLower(text(one(t, newVisit(t, w.App).get("/x").Doc, "main")))
	for _, word := range []string{"application", "applicant", "planning", "permission", "granted", "refused", "proposal", "committee"} {
		if strings.Contains(page, word) {
			t.Errorf("the page of a public-health consultation says %q:\n%s", word, page)
		}
	}
}

// TestHiddenQuestionsAreNotAsked: a question whose condition does not hold is not on the page, whatever an older draft says to it.
func TestHiddenQuestionsAreNotAsked(t *testing.T) {
	form := sampleForm()
	typed := consult.Typed{"q-how": {"foot"}, "q-first--trees": {"1"}, "text-why-car": {"left over"}}
	b := &Base{Language: newTestWeb(t).Texts.Default()}
	p := &responsePage{Base: *b}
	p.drawSection(&Web{}, nil, form, 1, typed, consult.Consultation{})
	if len(p.Questions) != 2 {
		t.Errorf("%d questions are asked, want 2", len(p.Questions))
	}
	responses, wrong := consult.ReadResponses(form, typed)
	if len(wrong) != 0 || len(responses) != 2 {
		t.Errorf("%+v %+v; want the choice and the ranking only", responses, wrong)
	}
}

func init() {
	officer := func(draw sampleMaker) sampleMaker {
		return func(w *Web, c *fiber.Ctx) View {
			w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() }
			return draw(w, c)
		}
	}
	desk := func(draft consult.Form, published bool) consult.FormDesk {
		d := consult.FormDesk{Consultation: sampleMatter().Consultation, Draft: consult.FormVersion{Number: 2, Form: draft, Edits: 3}, Problems: consult.CheckForm(draft)}
		if published {
			d.Published = sampleMatter().Subjects.Forms
		}
		return d
	}
	formPage := func(d consult.FormDesk) sampleMaker {
		return officer(func(w *Web, c *fiber.Ctx) View {
			return drawOfficerForm(w.StaffBase(c, "officer_form.title", "title", "Walking"), d, nil, []string{"en", "ur"}, consult.Calendar{})
		})
	}
	sample("officer-form", formPage(desk(sampleForm(), true)))
	sample("officer-form", formPage(desk(consult.Form{Format: 1, Language: "en"}, false)))
	sample("officer-form", formPage(consult.FormDesk{Consultation: sampleMatter().Consultation}))
	sample("officer-form", officer(func(w *Web, c *fiber.Ctx) View {
		err := &consult.Error{Kind: consult.Invalid, Fields: []consult.FieldError{{Field: "definition", Rule: "form_file", Args: map[string]any{"n": 2}}}}
		return drawOfficerForm(w.StaffBase(c, "officer_form.title", "title", "Walking").WithErrors(err), desk(sampleForm(), true),
			Filled(url.Values{"definition": {"{"}}), []string{"en"}, consult.Calendar{})
	}))
	for i := range 2 {
		for _, q := range sampleForm().Sections[i].Questions {
			sample("officer-question", officer(func(w *Web, c *fiber.Ctx) View {
				return drawQuestion(w.StaffBase(c, "officer_form.question_title", "id", q.ID), sampleForm(), i, q, []string{"en", "ur"})
			}))
		}
	}
	sample("officer-begin", officer(func(w *Web, c *fiber.Ctx) View {
		return drawOfficerBegin(w.StaffBase(c, "officer_begin.title"), nil, map[string]string{"E05000001": "Sample"})
	}))
	sample("officer-begin", officer(func(w *Web, c *fiber.Ctx) View {
		err := &consult.Error{Kind: consult.Invalid, Fields: []consult.FieldError{{Field: "title", Rule: "required"}, {Field: "lat", Rule: "place_pair"}}}
		return drawOfficerBegin(w.StaffBase(c, "officer_begin.title").WithErrors(err), Filled(url.Values{"lat": {"52"}}), nil)
	}))
	sample("officer-response", officer(func(w *Web, c *fiber.Ctx) View {
		return drawOfficerResponse(w.StaffBase(c, "officer_form.response_title", "title", "Walking"), sampleMatter().Consultation, nil)
	}))
	sample("form-paper", func(w *Web, c *fiber.Ctx) View {
		return drawPaper(w.BaseOf(c, consult.PublicHealth, "form.paper_title", "title", "Walking"), sampleMatter(), sampleMatter().Subjects.Forms[0], "https://example.org")
	})
	sample("results", func(w *Web, c *fiber.Ctx) View {
		return drawResults(w.Base(c, "results.title", "title", "Walking").about(sampleMatter().Subjects), consult.Results{Consultation: sampleMatter().Consultation,
			Subjects: sampleMatter().Subjects}, sampleResults(40), 1)
	})
	sample("results", func(w *Web, c *fiber.Ctx) View {
		return drawResults(w.Base(c, "results.title", "title", "Walking").about(sampleMatter().Subjects), consult.Results{Open: true}, sampleResults(0), 1)
	})
	sample("results", func(w *Web, c *fiber.Ctx) View {
		return drawResults(w.Base(c, "results.title", "title", "Walking").about(sampleMatter().Subjects), consult.Results{Subjects: sampleMatter().Subjects}, sampleResults(3), 1)
	})
}

// sampleResults protects the figures of n people who all answered the same, but for every fourth.
func sampleResults(n int) reach.FormReport {
	report, err := reach.TellForm(context.Background(), sampleMatter().Subjects, func(_ context.Context, each func(consult.ResponseRow) error) error {
		for i := range n {
			responses, _ := consult.ReadResponses(sampleForm(), sampleTyped)
			if i%4 == 0 {
				responses = responses[:1]
			}
			if err := each(consult.ResponseRow{Comment: consult.ID(i + 1), Form: 1, Responses: responses}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		panic(err)
	}
	return report
}

func init() {
	sample("reach", func(w *Web, c *fiber.Ctx) View {
		w.Actor = func(*fiber.Ctx) consult.Actor {
			return consult.Actor{Kind: consult.Signed, ID: 2, Roles: []consult.Role{consult.RoleAnalyst}}
		}
		p := drawReach(w.StaffBase(c, "reach.title"), reachChoice{}, reach.Report{Withheld: reach.TooFew})
		p.Form = p.reachForm(sampleMatter().Subjects, consult.ReachFilter{Consultation: 7}, sampleResults(40))
		return p
	})
}

func TestPlacesOfResultsAreMovedAndListed(t *testing.T) {
	b := &Base{Language: newTestWeb(t).Texts.Default()}
	list := []consult.Comment{
		{ID: 1, HasPlace: true, Place: geo.Point{Lon: -1.8595, Lat: 52.4723}, Points: []consult.CommentPoint{{Topic: "where", Text: "the bend"}}},
		{ID: 2, Points: []consult.CommentPoint{{Topic: "where", Text: "the stop"}, {Topic: "why", Text: "rain"}}},
		{ID: 3, HasPlace: true, Points: []consult.CommentPoint{{Topic: "why", Text: "elsewhere"}}},
	}
	places, m := placesOf(list, "where"), b.dotMap(list, "where")
	if len(places) != 2 || places[1].Place != "the stop" || len(m.Dots) != 1 || m.ScaleBar <= 0 {
		t.Errorf("%+v %+v", places, m)
	}
	if b.dotMap(list[1:], "where") != nil {
		t.Error("a map without any place")
	}
}
