package web

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/static/lang"
)

// changedCase is a case with two versions: a larger site, a lower building with another ground plan, one that is gone, one that is new.
func changedCase() consult.CaseView {
	v := sampleCase()
	square := func(side float64) string {
		at := func(x, y float64) string { return fmt.Sprintf("[%.5f,%.5f]", -1.86+x, 52.47+y) }
		return fmt.Sprintf(`{"type":"Polygon","coordinates":[[%s,%s,%s,%s,%s]]}`, at(0, 0), at(side, 0), at(side, side), at(0, side), at(0, 0))
	}
	blocks := func(list ...string) json.RawMessage {
		return json.RawMessage(`{"type":"FeatureCollection","features":[` + strings.Join(list, ",") + `]}`)
	}
	block := func(name string, height float64, storeys int, side float64) string {
		return fmt.Sprintf(`{"type":"Feature","properties":{"name":%q,"height":%g,"storeys":%d},"geometry":%s}`, name, height, storeys, square(side))
	}
	v.Versions = []consult.ProposalVersion{
		{Number: 1, Description: "Erection of nine flats", Boundary: json.RawMessage(square(0.001)), Massing: blocks(block("Corner", 12.8, 4, 0.0005), block("", 3, 0, 0.0001))},
		{Number: 2, Summary: "A storey less", Description: "Erection of seven flats and a shop", Boundary: json.RawMessage(square(0.0012)),
			Massing: blocks(block("Corner", 9.9, 3, 0.0006)), ReceivedOn: "2026-03-20"},
	}
	v.Current, v.Consultation.Version = v.Versions[1], 2
	v.Documents = []consult.Document{{ID: 1, Version: 1, Name: "Plan", Text: "x"}, {ID: 2, Version: 2, Name: "Plan, second", URL: "https://example.org/plan", Replaces: 1},
		{ID: 3, Version: 2, Name: "Note", Text: "x"}, {ID: 4, Version: 1, Name: "Map", Text: "x"}}
	return v
}

func sampleAmendments() []consult.Amendment {
	return []consult.Amendment{{Version: 2, By: "Planning, Planning officer", RecordedAt: testNow}}
}

func decidedAmendments(required bool) []consult.Amendment {
	list := sampleAmendments()
	list[0].Decision = consult.Reconsultation{Required: required, Why: "The light changes.", Factors: consult.Factors()[:2], Topics: consult.Topics()[:2], Days: 14,
		At: testNow, By: "Planning, Planning officer"}
	return list
}

func init() {
	for _, amendments := range [][]consult.Amendment{sampleAmendments(), decidedAmendments(true), decidedAmendments(false)} {
		sample("versions", func(w *Web, c *fiber.Ctx) View {
			return drawVersions(w.Base(c, "versions.title", "title", "Twelve homes"), changedCase(), amendments, nil, consult.Calendar{})
		})
	}
	sample("versions", func(w *Web, c *fiber.Ctx) View {
		return drawVersions(w.Base(c, "versions.title", "title", "Twelve homes"), sampleCase(), nil, nil, consult.Calendar{})
	})
	sample("versions", func(w *Web, c *fiber.Ctx) View { // the same with itself, without drawings
		v := changedCase()
		v.Documents = nil
		for i := range v.Versions {
			v.Versions[i].Boundary, v.Versions[i].Massing, v.Versions[i].Description = nil, nil, "x"
		}
		return drawVersions(w.Base(c, "versions.title", "title", "Twelve homes"), v, nil, Filled(map[string][]string{"from": {"2"}}), consult.Calendar{})
	})
	sample("map", func(w *Web, c *fiber.Ctx) View {
		p := &mapPage{Base: w.Base(c, "map.title"), ListHref: "/"}
		v := changedCase()
		p.drawVersions(v.Consultation, v.Versions[0], v.Versions[1], consult.Compare(v.Versions[0], v.Versions[1], nil).Boundary)
		return p
	})
	sample("withdraw", func(w *Web, c *fiber.Ctx) View {
		mine := consult.MyComment{Comment: sampleComment(), Consultation: sampleCase().Consultation, Words: sampleComment().Points, Token: "x"}
		return drawWithdraw(w.Base(c, "withdraw.title", "reference", "x"), mine)
	})
	round := consult.Round{Number: 2, Closes: "2026-05-01"}
	for state, again := range map[consult.CommentState]consult.Again{
		consult.CommentReceived:   {Round: round, Withdraw: true},
		consult.CommentPublished:  {Round: round, Withdraw: true, Stood: true},
		consult.CommentWithdrawn:  {},
		consult.CommentSuperseded: {Newer: "y"},
	} {
		sample("my-comment", func(w *Web, c *fiber.Ctx) View {
			mine := consult.MyComment{Comment: sampleComment(), Consultation: sampleCase().Consultation, Words: sampleComment().Points, Again: again, Token: "x"}
			mine.Comment.State, mine.Comment.WithdrawnAt = state, testNow
			return drawMyComment(w.Base(c, "my_comment.title", "reference", "x"), mine, consult.Calendar{}, false)
		})
	}
	for state, amendments := range map[consult.State][]consult.Amendment{consult.ClosedState: nil, consult.Amended: sampleAmendments(), consult.Reconsulting: decidedAmendments(true)} {
		sample("officer-versions", func(w *Web, c *fiber.Ctx) View { return officerVersionsSample(w, c, state, amendments, nil, nil) })
	}
	sample("officer-versions", func(w *Web, c *fiber.Ctx) View {
		return officerVersionsSample(w, c, consult.Amended, decidedAmendments(true), nil, nil)
	})
	sample("officer-versions", func(w *Web, c *fiber.Ctx) View {
		f := Filled(map[string][]string{"form": {"decide"}, "days": {"3"}})
		return officerVersionsSample(w, c, consult.Amended, sampleAmendments(), f, &consult.Error{Kind: consult.Invalid, Fields: []consult.FieldError{
			{Field: "required", Rule: "required"}, {Field: "factors", Rule: "factors_required"}, {Field: "topics", Rule: "topics_touched"},
			{Field: "days", Rule: "number", Args: map[string]any{"low": 14, "high": 90}}, {Field: "why", Rule: "required"}}})
	})
	sample("officer-versions", func(w *Web, c *fiber.Ctx) View {
		f := Filled(map[string][]string{"form": {"receive"}, "boundary": {"{"}, "name-2": {"Plan"}})
		return officerVersionsSample(w, c, consult.ClosedState, nil, f, &consult.Error{Kind: consult.Invalid, Fields: []consult.FieldError{
			{Field: "boundary", Rule: "geo_not_json", Args: map[string]any{"feature": 1}}, {Field: "massing", Rule: "geo_property", Args: map[string]any{"feature": 2}},
			{Field: "text-2", Rule: "required"}, {Field: "received", Rule: "date_past"}, {Field: "description", Rule: "nothing_changed"}}})
	})
}

func officerVersionsSample(w *Web, c *fiber.Ctx, state consult.State, amendments []consult.Amendment, f *Form, invalid error) View {
	w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() }
	v := changedCase()
	v.Consultation.State = state
	return drawOfficerVersions(w.StaffBase(c, "officer_versions.title", "title", "Twelve homes").WithErrors(invalid), v, amendments, f, consult.Calendar{}, "2026-04-02")
}

// Every reason why a drawing is refused has words for the officer who pasted it.
func TestEveryReasonOfADrawingHasWords(t *testing.T) {
	l := lang.MustLoad(time.UTC).Get("en")
	for _, reason := range []string{"too_large", "too_many_features", "too_many_positions", "too_deep", "too_complex", "not_json", "not_wkt", "not_text", "wrong_type",
		"no_geometry", "unknown_crs", "duplicate_id", "property", "wrong_count", "not_a_number", "out_of_range", "null_island", "swapped", "national_grid",
		"outside_area", "antimeridian", "ring_short", "ring_open", "ring_crosses", "hole_outside", "overlap"} {
		if !l.Has("error.geo_" + reason) {
			t.Errorf("no words for %s", reason)
		}
	}
}

func TestTheComparisonMarksChangesInWordsAndElements(t *testing.T) {
	w := newTestWeb(t)
	w.App.Get("/compare", func(c *fiber.Ctx) error {
		return w.Pages.Page(c, fiber.StatusOK, "versions", drawVersions(w.Base(c, "versions.title", "title", "x"), changedCase(), decidedAmendments(true), nil, consult.Calendar{}))
	})
	p := newVisit(t, w.App).get("/compare")
	if got := text(one(t, p.Doc, "del")); got != "Removed: nine flats" && got != "Removed: nine" {
		t.Errorf("removed: %q", got)
	}
	if n := len(all(p.Doc, "ins")); n == 0 {
		t.Error("nothing is marked as added")
	}
	sketches := all(p.Doc, ".sketch svg")
	if len(sketches) != 2 || attr(sketches[0], "viewBox") != attr(sketches[1], "viewBox") {
		t.Error("the two sketches do not share their frame")
	}
	body := text(one(t, p.Doc, "main"))
	for _, want := range []string{"The site grew beyond its old boundary.", "12.8 m, 4 storeys", "9.9 m, 3 storeys", "Lower · Different ground plan", "No longer proposed", "Replaces:",
		"People are asked again, for 14 days.", "Earlier objections were substantial"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}
