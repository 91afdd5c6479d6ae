package server_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/notify"
	"github.com/yousaid/yousaid/server/servertest"
)

// quickly lets a node look for rounds that are over a hundred times a second: tests move the clock, and nobody waits half a minute.
var quickly = servertest.WithLimits(func(l *server.Limits) { l.Beat = 10 * time.Millisecond })

// cycle is a case on its way, with the officer who moves it.
type cycle struct {
	*testing.T
	app     *servertest.App
	id      consult.ID
	desk    string // the officer's pages
	planner consult.Officer
	officer *servertest.Client
}

// newCycle starts with a case in a state, changed as the test wants it.
func newCycle(t *testing.T, state consult.State, change func(*consult.Case), options ...servertest.Option) *cycle {
	t.Helper()
	app := servertest.New(t, append(options, quickly)...)
	k := servertest.Case(app.Service, 1, state)
	change(&k)
	saved, err := app.Service.Take(t.Context(), consult.System(), k)
	if err != nil {
		t.Fatal(err)
	}
	c := &cycle{T: t, app: app, id: saved.ID, desk: "/officer/consultations/" + saved.ID.String(),
		planner: app.Officer(t, "officer@example.org", consult.RoleOfficer)}
	c.officer = app.Client(t).SignIn(t, c.planner)
	return c
}

// post sends a form of one of the officer's pages.
func (c *cycle) post(page, action string, form url.Values) servertest.Answer {
	c.Helper()
	return c.officer.Post(c.T, c.desk+page, c.desk+action, form)
}

// done sends a form that must be taken.
func (c *cycle) done(page, action string, form url.Values) {
	c.Helper()
	if a := c.post(page, action, form); a.Status != http.StatusSeeOther {
		c.Fatalf("%s %v: %d %.800s", action, form, a.Status, summary(a.Body))
	}
}

// refused sends a form that must be refused with these words.
func (c *cycle) refused(page, action string, form url.Values, words ...string) {
	c.Helper()
	a := c.post(page, action, form)
	for _, w := range words {
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(summary(a.Body), w) {
			c.Errorf("%s %v: %d without %q: %.800s", action, form, a.Status, w, summary(a.Body))
		}
	}
}

// summary is the list of what is wrong.
func summary(body string) string {
	_, rest, _ := strings.Cut(body, "govuk-error-summary__list")
	list, _, _ := strings.Cut(rest, "</ul>")
	return list
}

// reads holds a page that anybody may read to words.
func (c *cycle) reads(page string, words ...string) {
	c.Helper()
	body := c.app.Client(c.T).Get(c.T, "/consultations/"+c.id.String()+page).Body
	for _, w := range words {
		if !strings.Contains(body, w) {
			c.Errorf("the public page %q does not say %q", page, w)
		}
	}
}

func (c *cycle) state() consult.State {
	c.Helper()
	v, err := c.app.Service.Case(c.Context(), consult.System(), c.id)
	if err != nil {
		c.Fatal(err)
	}
	return v.Consultation.State
}

// until waits for what the site does by itself.
func (c *cycle) until(what string, done func() bool) {
	c.Helper()
	for end := time.Now().Add(time.Minute); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			c.Fatalf("never happened: %s", what)
		}
	}
}

// at moves the clock to a moment in London and waits until the node has noticed the silence. The officer signs in again.
func (c *cycle) at(moment string) {
	c.Helper()
	to, err := time.ParseInLocation("2006-01-02 15:04", moment, c.app.Service.Calendar().Location())
	if err != nil {
		c.Fatal(err)
	}
	c.app.Clock.Add(to.Sub(c.app.Clock.Now()))
	c.until("the silence is noticed", func() bool {
		outages, err := c.app.App.Store().Outages(c.Context(), 1)
		return err == nil && len(outages) == 1 && outages[0].To.Equal(to)
	})
	c.officer = c.app.Client(c.T).SignIn(c.T, c.planner)
}

func day(name string, d consult.Date) url.Values {
	at := d.Time()
	return url.Values{name + "-day": {strconv.Itoa(at.Day())}, name + "-month": {strconv.Itoa(int(at.Month()))}, name + "-year": {strconv.Itoa(at.Year())}}
}

// with joins forms.
func with(forms ...url.Values) url.Values {
	all := url.Values{}
	for _, f := range forms {
		for name, values := range f {
			all[name] = values
		}
	}
	return all
}

func to(state consult.State) url.Values {
	return url.Values{"state": {string(state)}, "why": {"It is time for " + string(state) + "."}}
}

// TestACaseKeepsTheLawsClock goes the whole way over HTTP on both engines: a case without anything is refused with every reason, completed,
// opened, cannot be closed or decided early, closes by itself, keeps and marks a late comment, and is decided.
func TestACaseKeepsTheLawsClock(t *testing.T) {
	for name, options := range map[string][]servertest.Option{"sqlite": nil, "postgresql": {servertest.OnPostgreSQL}} {
		t.Run(name, func(t *testing.T) {
			c := newCycle(t, consult.Validated, func(k *consult.Case) {
				k.Consultation.Influence, k.Rounds, k.Documents = consult.Influence{}, nil, nil
			}, options...)
			c.complete()
			c.open()
			c.closesByItself()
			c.decide()
		})
	}
}

// complete does what is missing, one thing after another, each refused while it is wrong.
func (c *cycle) complete() {
	c.Helper()
	missing := []string{"Complete the statement of influence", "Attach at least one published document", "Record how people are told"}
	c.refused("/cycle", "/move", to(consult.Consulting), missing...)
	if shown := c.officer.Get(c.T, c.desk+"/cycle").Body; !strings.Contains(shown, missing[0]) || !strings.Contains(shown, "must be consulted on first") {
		c.Error("the page does not say beforehand what stands against the moves")
	}
	statement := url.Values{"fixed": {"The number of homes."}, "open": {"Height."}, "decider": {"The committee."}, "when": {"In June."}}
	c.refused("/influence", "/influence", statement, "#rules")
	c.done("/influence", "/influence", with(statement, url.Values{"rules": {"The plan for the east of the city."}}))
	c.refused("/influence", "/documents", url.Values{"name": {"Plan"}, "url": {"javascript:alert(1)"}}, "full web address")
	c.done("/influence", "/documents", url.Values{"name": {"Design statement"}, "text": {"One.\n\nTwo."}})
	c.refused("/cycle", "/move", to(consult.Consulting), "Record how people are told")

	notice := url.Values{"round": {"1"}, "publicity": {"site-notice"}, "evidence": {"On the gate"}}
	c.refused("/publicity", "/publicity", with(notice, day("on", "2028-12-30")), "from 1 January 2024 to 31 December 2028")
	c.done("/publicity", "/publicity", with(notice, day("on", "2026-04-02")))
	c.done("/publicity", "/publicity", with(url.Values{"round": {"1"}, "publicity": {"newspaper"}, "evidence": {"https://example.org/paper"}}, day("on", "2026-04-16")))
	body := c.officer.Get(c.T, c.desk+"/publicity").Body
	for _, words := range []string{"must not close before the end of 29 April 2026", "do not count: 3 April 2026, 6 April 2026", "Missing"} {
		if !strings.Contains(body, words) {
			c.Errorf("the page of notices does not say %q", words)
		}
	}
	given, err := c.app.App.Store().Publicity(c.Context(), c.id)
	if err != nil || len(given) != 2 {
		c.Fatalf("notices: %+v, %v", given, err)
	}
	paper := given[1].ID.String()
	c.refused("/publicity", "/publicity/take-back", url.Values{"notice": {paper}}, "#why-"+paper)
	c.done("/publicity", "/publicity/take-back", url.Values{"notice": {paper}, "why-" + paper: {"It was another case."}})
	if body := c.officer.Get(c.T, c.desk+"/publicity").Body; !strings.Contains(body, "before the end of 24 April 2026") || !strings.Contains(body, "It was another case.") {
		c.Error("a notice that was taken back still counts, or its reason is gone")
	}
}

// open is refused a day too early, then opens the round with the days the notices leave.
func (c *cycle) open() {
	c.Helper()
	c.refused("/cycle", "/move", with(to(consult.Consulting), day("opens", "2026-04-02"), day("closes", "2026-04-23")), "before 24 April 2026")
	c.done("/cycle", "/move", to(consult.Consulting))
	c.reads("", "Site notice, 2 April 2026: 21 days", "until the end of 24 April 2026", "By which rules", "The plan for the east of the city.", "It is time for consulting.", "Planning, Planning officer")
	c.refused("/cycle", "/move", to(consult.ClosedState), "until the end of 24 April 2026")
	c.refused("/cycle", "/move", to(consult.Decided), "not possible")
	c.refused("/influence", "/influence", url.Values{"fixed": {"Everything."}, "open": {"Nothing."}, "decider": {"x"}, "when": {"x"}, "rules": {"x"}}, "what they were told stands")
	resident := c.app.Client(c.T)
	step(c.T, resident, write(c.T, resident, c.id), nil)
}

// closesByItself lets the last minute pass, without an outage.
func (c *cycle) closesByItself() {
	c.Helper()
	c.at("2026-04-24 23:58")
	if s := c.state(); s != consult.Consulting {
		c.Fatalf("two minutes before the end the case is %s", s)
	}
	c.app.Clock.Add(119 * time.Second)
	early := published(c.T, c.app, servertest.Comment(c.id))
	c.app.Clock.Add(time.Second)
	c.until("the round closes by itself", func() bool { return c.state() == consult.ClosedState })
	c.reads("", "By itself: the last day for comments was over.", "will be marked as late")
	late := published(c.T, c.app, servertest.Comment(c.id))
	for id, want := range map[consult.ID]bool{early: false, late: true} {
		if k, err := c.app.App.Store().Comment(c.Context(), id); err != nil || k.Late != want {
			c.Errorf("comment %s: late %v, %v; want %v", id, k.Late, err, want)
		}
	}
	c.reads("/comments", "arrived late")
	history, err := c.app.App.Store().StateEvents(c.Context(), c.id)
	if last := history[len(history)-1]; err != nil || last.Why != "" || last.By != "" {
		c.Errorf("words in the store that nobody said: %+v, %v", last, err)
	}
}

func (c *cycle) decide() {
	c.Helper()
	summarise(c.T, c.app, c.id)
	c.done("/cycle", "/move", to(consult.Assessed))
	ruling := url.Values{"decision": {"granted"}, "decided-by": {"committee"}}
	c.refused("/cycle", "/move", with(to(consult.Decided), ruling, day("decided-on", "2026-04-26")), "cannot be in the future")
	// A notice that was overlooked leaves more time: nothing is decided before it is over.
	c.done("/publicity", "/publicity", with(url.Values{"round": {"1"}, "publicity": {"website"}, "evidence": {"The page"}}, day("on", "2026-04-14")))
	c.refused("/cycle", "/move", with(to(consult.Decided), ruling, day("decided-on", "2026-04-25")), "No decision before the end of 27 April 2026")
	c.at("2026-04-28 00:00")
	c.done("/cycle", "/move", with(to(consult.Decided), ruling, day("decided-on", "2026-04-28")))
	c.refused("/publicity", "/publicity/take-back", url.Values{"notice": {c.id.String()}, "why-" + c.id.String(): {"x"}}, "settled")
}

// TestAnOutageAcrossTheEndHoldsARoundOpen: nobody was there when a round ended. It stays open until an officer has decided.
func TestAnOutageAcrossTheEndHoldsARoundOpen(t *testing.T) {
	for name, options := range map[string][]servertest.Option{"sqlite": nil, "postgresql": {servertest.OnPostgreSQL}} {
		t.Run(name, func(t *testing.T) { // the round closes on Sunday 12 April
			c := newCycle(t, consult.Consulting, func(*consult.Case) {}, options...)
			follow(t, c.app, c.app.Client(t), c.id)
			c.at("2026-04-12 23:00")
			c.at("2026-04-13 01:00")
			if n, err := c.app.Service.CloseDue(t.Context()); n != 0 || err != nil || c.state() != consult.Consulting {
				t.Fatalf("closed %d, %v: the case is %s", n, err, c.state())
			}
			late := published(t, c.app, servertest.Comment(c.id))
			if body := c.officer.Get(t, c.desk+"/cycle").Body; !strings.Contains(body, "Proposed new last day: 14 April 2026") {
				t.Error("the officer is not shown what the outage proposes")
			}
			why := url.Values{"do": {"extend"}, "extend-why": {"The site was away on the last evening."}}
			c.refused("/cycle", "/extend", with(why, day("extend-closes", "2026-04-12")), "later than 12 April 2026")
			c.refused("/cycle", "/extend", with(why, day("extend-closes", "2029-01-01")), "to 31 December 2028")
			c.refused("/cycle", "/extend", with(url.Values{"do": {"extend"}}, day("extend-closes", "2026-04-14")), "#extend-why")
			c.done("/cycle", "/extend", with(why, day("extend-closes", "2026-04-14")))
			c.reads("", "until the end of 14 April 2026", "More time for comments", "The site was away on the last evening.")
			if _, err := c.app.Mail.Wait(t.Context(), func(m notify.Message) bool {
				return m.To == "neighbour@example.org" && strings.Contains(m.Subject, "More time for comments, until 14 April 2026")
			}); err != nil {
				t.Errorf("the follower was not told: %v", err)
			}
			if k, err := c.app.App.Store().Comment(t.Context(), late); err != nil || k.Late {
				t.Errorf("a comment before the new end is marked late: %v, %v", k.Late, err)
			}
			c.at("2026-04-14 23:59")
			c.app.Clock.Add(time.Minute)
			c.until("the round closes by itself", func() bool { return c.state() == consult.ClosedState })
		})
	}
}

// TestARoundThatWasClosedTooSoonOpensAgain: an officer closes in spite of an outage, thinks again, and gives more time.
func TestARoundThatWasClosedTooSoonOpensAgain(t *testing.T) {
	c := newCycle(t, consult.Consulting, func(*consult.Case) {})
	c.refused("/cycle", "/extend", url.Values{"do": {"close"}, "extend-why": {"Enough."}}, "until the end of 12 April 2026")
	c.at("2026-04-12 23:00")
	c.at("2026-04-13 01:00")
	c.refused("/cycle", "/extend", url.Values{"do": {"close"}}, "#extend-why")
	c.done("/cycle", "/extend", url.Values{"do": {"close"}, "extend-why": {"Everybody had written."}})
	if s := c.state(); s != consult.ClosedState {
		t.Fatalf("closed anyway, but the case is %s", s)
	}
	c.refused("/cycle", "/move", to(consult.Consulting), "not possible")
	c.done("/cycle", "/extend", with(url.Values{"extend-why": {"Not everybody had."}}, day("extend-closes", "2026-04-20")))
	if s := c.state(); s != consult.Consulting {
		t.Fatalf("extended, but the case is %s", s)
	}
	c.reads("", "Open again, with more time", "Not everybody had.", "until the end of 20 April 2026")
}

// TestAnOutageIsRecordedByHand: the site ran, but nobody could reach it.
func TestAnOutageIsRecordedByHand(t *testing.T) {
	c := newCycle(t, consult.Consulting, func(k *consult.Case) { k.Rounds[0].Closes = "2026-04-01" })
	outage := func(from, fromTime, to, toTime string) url.Values {
		return with(day("outage-from", consult.Date(from)), day("outage-to", consult.Date(to)),
			url.Values{"outage-from-time": {fromTime}, "outage-to-time": {toTime}, "outage-why": {"The line was cut."}})
	}
	c.refused("/cycle", "/outages", outage("2026-04-02", "9:00", "2026-04-02", "8:00"), "ends after it began")
	c.refused("/cycle", "/outages", outage("2026-04-02", "9:00", "2026-04-02", "23:00"), "once it is over")
	c.refused("/cycle", "/outages", outage("2026-04-01", "evening", "2026-04-02", "8:00"), "time of day")
	c.done("/cycle", "/outages", outage("2026-04-01", "20:00", "2026-04-02", "8:00"))
	if body := c.officer.Get(t, c.desk+"/cycle").Body; !strings.Contains(body, "The line was cut.") || !strings.Contains(body, "Proposed new last day: 7 April 2026") {
		t.Error("the officer is not shown the outage and what it proposes")
	}
}
