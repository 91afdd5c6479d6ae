package server_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/servertest"
)

// atom is a feed as readers read it.
type atom struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string   `xml:"id"`
	Title   string   `xml:"title"`
	Updated string   `xml:"updated"`
	Author  string   `xml:"author>name"`
	Links   []struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	} `xml:"link"`
	Entries []struct {
		ID       string `xml:"id"`
		Title    string `xml:"title"`
		Updated  string `xml:"updated"`
		Category struct {
			Term string `xml:"term,attr"`
		} `xml:"category"`
		Content string `xml:"content"`
	} `xml:"entry"`
}

var tagURI = regexp.MustCompile(`^tag:[a-z0-9.-]+,[0-9]{4}:[A-Za-z0-9/?&=%+._-]+$`)

// readFeed reads a feed as strictly as RFC 4287 is: well-formed to its end, everything that must be there, ids once.
func readFeed(t *testing.T, a servertest.Answer) atom {
	t.Helper()
	if a.Status != http.StatusOK || a.Header.Get("Content-Type") != "application/atom+xml; charset=utf-8" {
		t.Fatalf("%d %s: %.300s", a.Status, a.Header.Get("Content-Type"), a.Body)
	}
	decoder := xml.NewDecoder(bytes.NewReader([]byte(a.Body)))
	var feed atom
	if err := decoder.Decode(&feed); err != nil {
		t.Fatalf("%v in %s", err, a.Body)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		t.Errorf("something follows the feed: %v", err)
	}
	seen := map[string]bool{}
	moment := func(s string) time.Time {
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Errorf("%q is no moment", s)
		}
		return at
	}
	latest := moment(feed.Updated)
	if !tagURI.MatchString(feed.ID) || feed.Title == "" || feed.Author == "" || len(feed.Links) != 2 || feed.Links[0].Rel != "self" {
		t.Errorf("the feed lacks something: %+v", feed)
	}
	before := latest
	for _, e := range feed.Entries {
		if seen[e.ID] || !tagURI.MatchString(e.ID) || e.Title == "" || e.Category.Term == "" {
			t.Errorf("an entry is not as it must be: %+v", e)
		}
		seen[e.ID] = true
		if at := moment(e.Updated); at.After(latest) || at.After(before.Add(time.Second)) {
			t.Errorf("%s at %s is out of order", e.ID, e.Updated)
		} else {
			before = at
		}
	}
	return feed
}

// retold plays a case through its cycle, with an answer and an outcome.
func retold(t *testing.T, app *servertest.App) consult.ID {
	t.Helper()
	id := app.Consultation(t, 1, consult.Consulting)
	app.Clock.Add(time.Hour)
	asked := question(t, app, id, "Will <b>the wall</b> stay?")
	app.Clock.Add(time.Hour)
	if _, err := app.Service.PostMessage(t.Context(), app.Officer(t, "o@example.org", consult.RoleOfficer).Actor(),
		consult.MessageInput{Thread: asked.Thread.ID, Body: "Yes & it is listed.", Language: "en", Key: consult.NewKey()}); err != nil {
		t.Fatal(err)
	}
	app.Clock.Add(11 * 24 * time.Hour)
	for _, to := range []consult.State{consult.ClosedState, consult.Withdrawn} {
		app.Clock.Add(time.Hour)
		if err := app.Service.Advance(t.Context(), consult.System(), consult.Move{Consultation: id, To: to, Why: "A reason only officers wrote."}); err != nil {
			t.Fatal(err)
		}
	}
	return id
}

func TestTheFeedOfACaseTellsItsStory(t *testing.T) {
	app := servertest.New(t)
	id := retold(t, app)
	path := "/consultations/" + id.String() + "/feed.atom?lang=en"
	a := app.Client(t).Get(t, path)
	feed := readFeed(t, a)
	var said []string
	for _, e := range feed.Entries {
		said = append(said, e.Category.Term)
	}
	if got := strings.Join(said, " "); got != "withdrawn closed answer" {
		t.Errorf("the feed tells %s", got)
	}
	if last := feed.Entries[len(feed.Entries)-1]; last.Content != "Yes & it is listed." || !strings.HasPrefix(last.Title, "Planning answered: ") {
		t.Errorf("the answer: %+v", last)
	}
	for _, secret := range []string{"A reason only officers wrote", "Will ", "CANARY", "o@example.org"} {
		if strings.Contains(a.Body, secret) {
			t.Errorf("the feed tells %q", secret)
		}
	}
	again := readFeed(t, app.Client(t).Get(t, path))
	if fmt.Sprint(again) != fmt.Sprint(feed) {
		t.Error("nothing happened, and the feed is another")
	}
	if urdu := readFeed(t, app.Client(t).Get(t, strings.Replace(path, "en", "ur", 1))); urdu.Entries[0].ID != feed.Entries[0].ID || urdu.Entries[0].Title == feed.Entries[0].Title {
		t.Errorf("in Urdu: %+v", urdu.Entries[0])
	}
}

func TestTheFeedOfEverythingTakesTheFiltersOfTheList(t *testing.T) {
	app := servertest.New(t)
	id := retold(t, app)
	app.Consultation(t, 2, consult.Decided)
	app.Consultation(t, 3, consult.Received)
	for query, want := range map[string]int{"": 3, "?q=90002+yard": 1, "?q=nothing": 0, "?stage=decided": 3, "?stage=open": 0, "?kind=major": 3, "?kind=trees": 0,
		"?ward=E05000001": 0, "?lat=52.4723&lon=-1.8595": 3, "?lat=52.6&lon=-1.8595": 0, "?postcode=B9": 3} {
		if feed := readFeed(t, app.Client(t).Get(t, "/feed.atom"+query)); len(feed.Entries) != want {
			t.Errorf("%s: %d entries, want %d", query, len(feed.Entries), want)
		}
	}
	if a := app.Client(t).Get(t, "/feed.atom?postcode=nonsense!"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a postcode that is none: %d", a.Status)
	}
	for _, hidden := range []string{"/consultations/none/feed.atom", "/consultations/" + app.Consultation(t, 4, consult.Received).String() + "/feed.atom",
		"/consultations/" + app.Consultation(t, 4, consult.Received).String() + "/deadlines.ics"} {
		if a := app.Client(t).Get(t, hidden); a.Status != http.StatusNotFound {
			t.Errorf("%s: %d", hidden, a.Status)
		}
	}
	page := app.Client(t).Get(t, "/?stage=decided&lang=ur")
	link := regexp.MustCompile(`<link rel="alternate" type="application/atom\+xml" href="([^"]+)" title="[^"]+">`).FindStringSubmatch(page.Body)
	if link == nil {
		t.Fatal("browsers do not find the feed")
	}
	if feed := readFeed(t, app.Client(t).Get(t, strings.ReplaceAll(link[1], "&amp;", "&"))); len(feed.Entries) != 3 || !strings.Contains(link[1], "lang=ur") {
		t.Errorf("%s leads to %d entries", link[1], len(feed.Entries))
	}
	if page = app.Client(t).Get(t, "/consultations/"+id.String()); !strings.Contains(page.Body, `href="/consultations/`+id.String()+`/feed.atom?lang=en"`) {
		t.Error("the page of a case does not name its feed")
	}
}

func TestFeedsAndCalendarsAreFetchedOnce(t *testing.T) {
	app := servertest.New(t)
	id := app.Consultation(t, 1, consult.Consulting)
	for _, path := range []string{"/feed.atom", "/deadlines.ics", "/consultations/" + id.String() + "/feed.atom", "/consultations/" + id.String() + "/deadlines.ics"} {
		a := app.Client(t).Get(t, path)
		if a.Header.Get("Access-Control-Allow-Origin") != "*" || a.Header.Get("Last-Modified") == "" || a.Header.Get("Set-Cookie") != "" || a.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %v", path, a.Header)
		}
		again := app.Client(t).Do(t, http.MethodGet, path, nil, map[string]string{"If-None-Match": a.Header.Get("ETag")})
		if again.Status != http.StatusNotModified || again.Body != "" {
			t.Errorf("%s again: %d %.100s", path, again.Status, again.Body)
		}
		if other := app.Client(t).Do(t, http.MethodGet, path+"?lang=ur", nil, map[string]string{"If-None-Match": a.Header.Get("ETag")}); other.Status != http.StatusOK || other.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s in Urdu: %d", path, other.Status)
		}
	}
	app.Consultation(t, 2, consult.Consulting)
	if a := app.Client(t).Do(t, http.MethodGet, "/feed.atom", nil, map[string]string{"If-None-Match": `W/"0"`}); len(readFeed(t, a).Entries) != 2 {
		t.Errorf("after news: %d", a.Status)
	}
	app.Store.Break(true, false)
	if a := app.Client(t).Get(t, "/feed.atom"); a.Status != http.StatusServiceUnavailable {
		t.Errorf("without a store: %d", a.Status)
	}
}

// isolated takes the marks away that keep a title's direction from its sentence's.
var isolated = strings.NewReplacer("\u2068", "", "\u2069", "")

// event is a VEVENT: properties by name, parameters left out.
type event map[string]string

// readCalendar reads a calendar as strictly as RFC 5545 is: lines end with CRLF, are at most 75 octets long, unfold to UTF-8; what must
// stand once stands once; every UID is its own.
func readCalendar(t *testing.T, a servertest.Answer) []event {
	t.Helper()
	if a.Status != http.StatusOK || a.Header.Get("Content-Type") != "text/calendar; charset=utf-8" {
		t.Fatalf("%d %s: %.300s", a.Status, a.Header.Get("Content-Type"), a.Body)
	}
	if !strings.HasSuffix(a.Body, "\r\n") || strings.Contains(strings.ReplaceAll(a.Body, "\r\n", ""), "\n") || strings.Contains(strings.ReplaceAll(a.Body, "\r\n", ""), "\r") {
		t.Fatalf("lines do not end with CRLF: %q", a.Body)
	}
	for _, line := range strings.Split(a.Body, "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) {
			t.Errorf("%d octets: %q", len(line), line)
		}
	}
	var events []event
	var stack []string
	seen := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSuffix(strings.ReplaceAll(a.Body, "\r\n ", ""), "\r\n"), "\r\n") {
		name, value, ok := strings.Cut(line, ":")
		if name, _, _ = strings.Cut(name, ";"); !ok || name == "" {
			t.Fatalf("no content line: %q", line)
		}
		switch {
		case name == "BEGIN":
			stack = append(stack, value)
			if value == "VEVENT" {
				events = append(events, event{})
			}
		case name == "END":
			if len(stack) == 0 || stack[len(stack)-1] != value {
				t.Fatalf("%s ends where it did not begin", value)
			}
			stack = stack[:len(stack)-1]
		case len(stack) == 2:
			last := events[len(events)-1]
			if _, twice := last[name]; twice {
				t.Errorf("%s stands twice", name)
			}
			last[name] = value
		}
	}
	if len(stack) != 0 {
		t.Errorf("not ended: %v", stack)
	}
	for _, e := range events {
		for _, must := range []string{"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "SUMMARY", "STATUS"} {
			if e[must] == "" {
				t.Errorf("%s lacks %s", e["UID"], must)
			}
		}
		if seen[e["UID"]] {
			t.Errorf("%s stands twice", e["UID"])
		}
		seen[e["UID"]] = true
	}
	return events
}

func TestTheCalendarOfACaseFollowsItsDays(t *testing.T) {
	app := servertest.New(t)
	c := servertest.Case(app.Service, 1, consult.Consulting)
	c.Consultation.Title = `Homes; a yard, and a very long title that goes on \ and on until the line must be folded, perhaps even twice, محلہ والے`
	c.Consultation.Application.DecisionDue = "2026-06-01"
	take := func() {
		t.Helper()
		if _, err := app.Service.Take(t.Context(), consult.System(), c); err != nil {
			t.Fatal(err)
		}
	}
	take()
	saved, err := app.Service.ByReference(t.Context(), consult.Actor{}, c.Consultation.Application.Authority, c.Consultation.Application.Reference)
	if err != nil {
		t.Fatal(err)
	}
	path := "/consultations/" + saved.ID.String() + "/deadlines.ics?lang=en"
	first := readCalendar(t, app.Client(t).Get(t, path))
	if len(first) != 2 || first[0]["DTSTART"] != "20260412" || first[0]["DTEND"] != "20260413" || first[0]["SEQUENCE"] != "0" || first[1]["DTSTART"] != "20260601" {
		t.Fatalf("%v", first)
	}
	if want := `Last day to comment: ` + strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`).Replace(c.Consultation.Title); isolated.Replace(first[0]["SUMMARY"]) != want {
		t.Errorf("%s, want %s", first[0]["SUMMARY"], want)
	}
	c.Rounds[0].Closes, c.Consultation.Application.CommitteeOn, c.Consultation.Application.SourceHash = "2026-04-20", "2026-05-20", "moved"
	take()
	moved := readCalendar(t, app.Client(t).Get(t, path))
	if len(moved) != 3 || moved[0]["UID"] != first[0]["UID"] || moved[0]["DTSTART"] != "20260420" || moved[0]["SEQUENCE"] != "1" || moved[1]["DTSTART"] != "20260520" ||
		moved[2]["UID"] != first[1]["UID"] || moved[2]["SEQUENCE"] != "0" {
		t.Errorf("after the move: %v", moved)
	}
	if urdu := readCalendar(t, app.Client(t).Get(t, strings.Replace(path, "en", "ur", 1))); len(urdu) != 3 || urdu[0]["SUMMARY"] == moved[0]["SUMMARY"] || urdu[0]["UID"] != moved[0]["UID"] {
		t.Errorf("in Urdu: %v", urdu)
	}
	if all := readCalendar(t, app.Client(t).Get(t, "/deadlines.ics?q=yard")); len(all) != 3 {
		t.Errorf("of everything: %v", all)
	}
	if none := readCalendar(t, app.Client(t).Get(t, "/deadlines.ics?ward=E05000001")); len(none) != 0 {
		t.Errorf("of another ward: %v", none)
	}
	app.Clock.Add(time.Hour)
	if err := app.Service.Advance(t.Context(), consult.System(), consult.Move{Consultation: saved.ID, To: consult.Withdrawn, Why: "The applicant asked."}); err != nil {
		t.Fatal(err)
	}
	if off := readCalendar(t, app.Client(t).Get(t, path)); off[0]["STATUS"] != "CANCELLED" || off[0]["SEQUENCE"] != "2" {
		t.Errorf("withdrawn: %v", off)
	}
	if a := app.Client(t).Get(t, "/consultations/"+saved.ID.String()); !strings.Contains(a.Body, `/deadlines.ics?lang=en"`) {
		t.Error("the page of a case does not offer its days")
	}
}
