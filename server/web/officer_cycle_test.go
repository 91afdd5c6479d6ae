package web

import (
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// sampleStanding is a case in a state on the day of the tests, with a round that began three weeks ago and two notices.
func sampleStanding(state consult.State) consult.Standing {
	k := sampleCase().Consultation
	k.State = state
	k.Influence.Rules = "The city's plan."
	return consult.Standing{
		Consultation: k, Today: "2026-04-02", Calendar: consult.England(),
		Rounds: []consult.Round{{ID: 51, Consultation: k.ID, Number: 1, Kind: consult.InitialRound, Opens: "2026-03-12", Closes: "2026-04-01", Version: 1}},
		Publicity: []consult.Publicity{
			{ID: 61, Round: 1, Kind: consult.SiteNotice, On: "2026-03-12", Evidence: "On the gate", RecordedAt: testNow},
			{ID: 62, Round: 1, Kind: consult.Website, On: "2026-03-12", Evidence: "https://example.org/notice", RecordedAt: testNow},
			{ID: 63, Round: 1, Kind: consult.Newspaper, On: "2026-03-13", Evidence: "Page 4", TakenBackAt: testNow, TakenBackWhy: "It was another case."}},
		Documents: []consult.Document{{ID: 12, Version: 1, Name: "Plan", Status: consult.PublishDocument}, {ID: 13, Version: 1, Name: "Letter", Status: consult.NotAssessed}},
		History: []consult.StateEvent{
			{From: consult.Received, To: consult.Validated, At: testNow.AddDate(0, 0, -30)},
			{From: consult.Validated, To: consult.Consulting, At: testNow.AddDate(0, 0, -21), Why: "Everything is there.", By: "Planning, Planning officer"},
			{From: consult.Consulting, To: consult.Consulting, At: testNow.AddDate(0, 0, -3), Why: "The site was away.", By: "Planning, Planning officer"},
			{From: consult.Consulting, To: consult.ClosedState, At: testNow.AddDate(0, 0, -2)},
			{From: consult.ClosedState, To: consult.Consulting, At: testNow.AddDate(0, 0, -1), By: "Planning, Planning officer"}},
		Outages: []consult.Outage{{ID: 71, From: time.Date(2026, 4, 1, 20, 0, 0, 0, time.UTC), To: time.Date(2026, 4, 2, 1, 0, 0, 0, time.UTC)}},
		Raised:  map[consult.Topic]int{"light": 2},
	}
}

// asStaff draws the pages of officers.
func asStaff(w *Web) { w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() } }

func init() {
	for _, state := range consult.States() {
		for _, wrong := range []bool{false, true} {
			sample("officer-cycle", func(w *Web, c *fiber.Ctx) View {
				asStaff(w)
				var f *Form
				var err error
				s := sampleStanding(state)
				if wrong {
					f = Filled(map[string][]string{"state": {string(state)}, "outage-why": {"No power"}})
					fields := []string{"outage-from", "outage-to-time", "outage-why", "influence", "publicity"}
					if way := s.Ways(); state == consult.Consulting && len(way) > 0 {
						fields = append(fields, "state", "why", "extend-closes", "extend-why")
					}
					for _, field := range fields {
						f.Fail(field, "required")
					}
					err = f.Err("move")
				}
				return drawOfficerCycle(w.StaffBase(c, "officer_cycle.title", "title", s.Consultation.Title).WithErrors(err), s, s.Outages, f)
			})
		}
		sample("officer-publicity", func(w *Web, c *fiber.Ctx) View {
			asStaff(w)
			s := sampleStanding(state)
			return drawOfficerPublicity(w.StaffBase(c, "officer_publicity.title", "title", s.Consultation.Title), s, nil)
		})
		sample("officer-influence", func(w *Web, c *fiber.Ctx) View {
			asStaff(w)
			s := sampleStanding(state)
			return drawOfficerInfluence(w.StaffBase(c, "officer_influence.title", "title", s.Consultation.Title), s, nil)
		})
	}
	sample("officer-publicity", func(w *Web, c *fiber.Ctx) View {
		asStaff(w)
		s := sampleStanding(consult.Validated)
		s.Consultation.Application.EIA, s.Rounds, s.Publicity = true, nil, s.Publicity[:1]
		f := Filled(map[string][]string{"publicity": {"pigeon"}})
		for _, field := range []string{"publicity", "on", "evidence", "round", "why-" + consult.ID(61).String()} {
			f.Fail(field, "required")
		}
		return drawOfficerPublicity(w.StaffBase(c, "officer_publicity.title", "title", s.Consultation.Title).WithErrors(f.Err("record")), s, f)
	})
	sample("officer-influence", func(w *Web, c *fiber.Ctx) View {
		asStaff(w)
		s := sampleStanding(consult.Validated)
		s.Documents = nil
		f := Filled(map[string][]string{"open": {"The height"}, "eia": {"yes"}})
		for _, field := range []string{"fixed", "open", "decider", "when", "rules", "name", "url", "text"} {
			f.Fail(field, "required")
		}
		return drawOfficerInfluence(w.StaffBase(c, "officer_influence.title", "title", s.Consultation.Title).WithErrors(f.Err("set")), s, f)
	})
	sample("consultation", func(w *Web, c *fiber.Ctx) View {
		v, s := sampleCase(), sampleStanding(consult.Consulting)
		v.Rounds, v.Publicity, v.History, v.Consultation.Influence.Rules = s.Rounds, s.Publicity[:2], s.History, "The city's plan."
		p := drawConsultation(w.Base(c, "consultation.title", "title", v.Consultation.Title), v, nil)
		p.drawCycle(v, s.Calendar)
		return p
	})
}

// drawn is one view of a page, as its reader gets it.
func drawn(t *testing.T, name string, view func(w *Web, c *fiber.Ctx) View) *page {
	t.Helper()
	w := newTestWeb(t)
	w.App.Get("/", func(c *fiber.Ctx) error { return w.Pages.Page(c, fiber.StatusOK, name, view(w.Web, c)) })
	return newVisit(t, w.App).get("/")
}

// Errors lead to the page of the case where they can be put right; the proposal and what stands against each move are said in words.
func TestOfficerCycleSaysWhatStandsAgainstAMove(t *testing.T) {
	s := sampleStanding(consult.Validated)
	s.Consultation.Influence.When, s.Documents, s.Rounds, s.Publicity = "", nil, nil, nil
	got := drawn(t, "officer-cycle", func(w *Web, c *fiber.Ctx) View {
		asStaff(w)
		err := &consult.Error{Kind: consult.Invalid, Fields: s.Ways()[0].Against}
		return drawOfficerCycle(w.StaffBase(c, "officer_cycle.title", "title", "x").WithErrors(err), s, nil, nil)
	})
	for _, href := range []string{"/influence#influence", "/influence#documents", "/publicity"} {
		one(t, got.Doc, ".govuk-error-summary a[href='/officer/consultations/"+s.Consultation.ID.String()+href+"']")
	}
	body := text(one(t, got.Doc, "section[aria-labelledby=moves]"))
	for _, words := range []string{"Complete the statement of influence", "Attach at least one published document", "Record how people are told",
		"must be consulted on first"} {
		if !strings.Contains(body, words) {
			t.Errorf("the page does not say %q:\n%s", words, body)
		}
	}
	open := drawn(t, "officer-cycle", func(w *Web, c *fiber.Ctx) View {
		asStaff(w)
		return drawOfficerCycle(w.StaffBase(c, "officer_cycle.title", "title", "x"), sampleStanding(consult.Consulting), nil, nil)
	})
	if said := text(one(t, open.Doc, ".govuk-inset-text")); !strings.Contains(said, "1 April 2026, 9:00pm") || !strings.Contains(said, "new last day: 7 April 2026") {
		t.Errorf("the proposal: %q", said)
	}
	if day, month := attr(one(t, open.Doc, "#extend-closes-day"), "value"), attr(one(t, open.Doc, "#extend-closes-month"), "value"); day != "7" || month != "4" {
		t.Errorf("the proposed day is not filled in: %s.%s.", day, month)
	}
	history := text(one(t, open.Doc, "section[aria-labelledby=history]"))
	for _, words := range []string{"Planning, Planning officer", "Everything is there.", "More time for comments", "The site was away.", "By itself", "Open again, with more time", "notice that was recorded later"} {
		if !strings.Contains(history, words) {
			t.Errorf("the history does not say %q:\n%s", words, history)
		}
	}
}

// The public page says which notice the last day comes from, and what did not count.
func TestThePublicPageSaysHowTheLastDayWasCounted(t *testing.T) {
	v := sampleCase()
	v.Rounds = []consult.Round{{Number: 1, Kind: consult.InitialRound, Opens: "2026-04-02", Closes: "2026-04-24"}, {Number: 2, Kind: consult.AmendmentRound, Opens: "2026-06-01", Closes: "2026-06-30"}}
	v.Publicity = []consult.Publicity{{Round: 1, Kind: consult.Website, On: "2026-04-02"}, {Round: 1, Kind: consult.SiteNotice, On: "2026-04-02"}, {Round: 2, Kind: consult.Website, On: "2026-06-01"}}
	draw := func(v consult.CaseView) string {
		return text(one(t, drawn(t, "consultation", func(w *Web, c *fiber.Ctx) View {
			p := drawConsultation(w.Base(c, "consultation.title", "title", "x"), v, nil)
			p.drawCycle(v, consult.England())
			return p
		}).Doc, "section[aria-labelledby=dates]"))
	}
	said := draw(v)
	for _, words := range []string{"Site notice, 2 April 2026: 21 days with that one, so the last day is 24 April 2026", "do not count: 3 April 2026, 6 April 2026.",
		"the last day is 14 June 2026 at the earliest. There is more time than the law asks for."} {
		if !strings.Contains(said, words) {
			t.Errorf("the page does not say %q:\n%s", words, said)
		}
	}
	v.Consultation.Kind = consult.Policy
	if said := draw(v); strings.Contains(said, "Site notice") {
		t.Errorf("planning law counts for a matter that is none of planning:\n%s", said)
	}
}

func TestMomentsAreReadInTheZone(t *testing.T) {
	zone := consult.England().Location()
	read := func(day, month, clock string) (time.Time, error) {
		f := Filled(map[string][]string{"at-day": {day}, "at-month": {month}, "at-year": {"2026"}, "at-time": {clock}})
		at := f.Moment("at", zone)
		return at, f.Err("read")
	}
	for clock, want := range map[string]string{"20:30": "2026-06-01T19:30:00Z", "1.15": "2026-06-01T00:15:00Z", "۲۰:۳۰": "2026-06-01T19:30:00Z"} {
		if at, err := read("1", "6", clock); err != nil || at.UTC().Format(time.RFC3339) != want {
			t.Errorf("%s: %v, %v; want %s", clock, at, err, want)
		}
	}
	if at, err := read("1", "12", "00:05"); err != nil || at.UTC().Format(time.RFC3339) != "2026-12-01T00:05:00Z" {
		t.Errorf("in winter: %v, %v", at, err)
	}
	for _, clock := range []string{"", "25:00", "noon", "12:60"} {
		if at, err := read("1", "6", clock); consult.KindOf(err) != consult.Invalid || consult.FieldsOf(err)[0].Field != "at-time" {
			t.Errorf("%q: %v, %v; want a broken time", clock, at, err)
		}
	}
}
