package server_test

import (
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/ingest"
	"github.com/yousaid/yousaid/server/notify"
	"github.com/yousaid/yousaid/server/servertest"
)

// onBoth runs a test on both engines.
func onBoth(t *testing.T, test func(*testing.T, *servertest.App)) {
	for name, options := range map[string][]servertest.Option{"sqlite": nil, "postgresql": {servertest.OnPostgreSQL}} {
		t.Run(name, func(t *testing.T) { test(t, servertest.New(t, options...)) })
	}
}

// importAddresses takes a street of twelve houses that begins on the site and leads north, ten metres from door to door.
func importAddresses(t *testing.T, app *servertest.App) {
	t.Helper()
	var b strings.Builder
	b.WriteString("UPRN,Address,Postcode,Latitude,Longitude\n")
	for n := range 12 {
		fmt.Fprintf(&b, "10009990%04d,\"%d Sample Street, Bordesley Green\",B9 9CI,%.6f,-1.859500\n", n, n+1, 52.4725+float64(n)*10/111_320)
	}
	report, err := ingest.Files(t.Context(), app.Service, consult.System(), []ingest.File{{Name: "addresses.csv",
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(b.String())), nil }}})
	if err != nil || report.Files[0].Created != 12 {
		t.Fatalf("%+v, %v", report, err)
	}
}

func closesOf(t *testing.T, app *servertest.App, id consult.ID) consult.Date {
	t.Helper()
	v, err := app.Service.Case(t.Context(), consult.Actor{}, id)
	if err != nil {
		t.Fatal(err)
	}
	return v.Rounds[0].Closes
}

// TestNeighboursAreFoundWrittenToAndTold goes from a list of addresses to letters that were posted: the law's clock runs from then.
func TestNeighboursAreFoundWrittenToAndTold(t *testing.T) { onBoth(t, neighboursAreTold) }

func neighboursAreTold(t *testing.T, app *servertest.App) {
	id := app.Consultation(t, 1, consult.Consulting)
	importAddresses(t, app)
	officer := app.Client(t).SignIn(t, app.Officer(t, "officer@example.org", consult.RoleOfficer))
	page := "/officer/consultations/" + id.String() + "/consulted"

	if a := officer.Post(t, page, page+"/find", url.Values{"round": {"1"}, "metres": {"20"}, "area": {"no polygon"}}); a.Status != http.StatusUnprocessableEntity ||
		!strings.Contains(a.Body, "not a polygon") {
		t.Errorf("nonsense as a polygon: %d", a.Status)
	}
	// Its boundary ends at 52.4726: houses 1 and 2 stand on the site, 3 and 4 within 20 metres.
	found := officer.Post(t, page, page+"/find", url.Values{"round": {"1"}, "metres": {"20"}})
	if found.Status != http.StatusOK || !strings.Contains(found.Body, "4 Sample Street") || strings.Contains(found.Body, "5 Sample Street") {
		t.Fatalf("around the site: %d %.600s", found.Status, found.Body)
	}
	if d := neighbourDesk(t, app, id, 1); d.Tally.Consulted != 0 {
		t.Fatal("looking has added something")
	}
	add := url.Values{"round": {"1"}, "metres": {"20"}, "area": {""}, "seen": {"4"}, "only": {"all"}}
	stale := url.Values{"round": {"1"}, "metres": {"20"}, "area": {""}, "seen": {"7"}, "only": {"all"}}
	if a := officer.Send(t, found, page, stale); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "changed meanwhile") {
		t.Errorf("another list than was shown: %d", a.Status)
	}
	if a := officer.Send(t, found, page, add); a.Status != http.StatusSeeOther {
		t.Fatalf("add: %d %.400s", a.Status, a.Body)
	}
	if a := officer.Post(t, page, page, url.Values{"round": {"1"}, "address": {"Pumping station, Sample Street"}, "postcode": {"b9 9ci"}}); a.Status != http.StatusSeeOther {
		t.Errorf("by hand: %d", a.Status)
	}
	if a := officer.Post(t, page, page, url.Values{"round": {"1"}, "address": {"pumping station sample street"}, "postcode": {"B99CI"}}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("the same by hand: %d", a.Status)
	}
	first := neighbourDesk(t, app, id, 1).List[0]
	gone := url.Values{"round": {"1"}, "neighbour": {first.ID.String()}, "why-" + first.ID.String(): {"The applicant's own house"}}
	if a := officer.Post(t, page, page+"/remove", gone); a.Status != http.StatusSeeOther {
		t.Errorf("remove: %d", a.Status)
	}
	if d := neighbourDesk(t, app, id, 1); d.Tally != (consult.NeighbourTally{Consulted: 4, New: 4, Removed: 1}) {
		t.Errorf("%+v", d.Tally)
	}
	lettersArePosted(t, app, officer, id)
	onlyNewlyInside(t, app, officer, id)
}

func neighbourDesk(t *testing.T, app *servertest.App, id consult.ID, round int) consult.NeighbourDesk {
	t.Helper()
	d, err := app.Service.NeighbourDesk(t.Context(), consult.System(), consult.NeighbourFilter{Consultation: id, Round: round, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// lettersArePosted prints the letters of four neighbours, posts them, and follows one that comes back.
func lettersArePosted(t *testing.T, app *servertest.App, officer *servertest.Client, id consult.ID) {
	t.Helper()
	page := "/officer/consultations/" + id.String() + "/letters"
	day := func(name string, d int) url.Values {
		return url.Values{name + "-day": {fmt.Sprint(d)}, name + "-month": {"4"}, name + "-year": {"2026"}}
	}
	print := day("post-on-neighbour-1", 2)
	print.Set("kind", "neighbour")
	print.Set("round", "1")
	a := officer.Post(t, page, page+"/print", print)
	if a.Status != http.StatusSeeOther {
		t.Fatalf("print: %d %.600s", a.Status, a.Body)
	}
	batch := a.Location()
	sheets := officer.Get(t, batch)
	// Posted on 2 April; Good Friday and Easter Monday do not count: 24 April (DMPO 2015, article 33).
	for _, said := range []string{"The owner or occupier", "4 Sample Street", "B9 9CI", "24 April 2026", "/c/" + id.String(), "Pumping station", `lang="ur"`} {
		if !strings.Contains(sheets.Body, said) {
			t.Errorf("the letters do not say %q", said)
		}
	}
	if n := strings.Count(sheets.Body, `class="sheet"`); n != 4 {
		t.Errorf("%d letters, want 4", n)
	}
	file := officer.Get(t, batch+"/letters.csv")
	rows, err := csv.NewReader(strings.NewReader(file.Body)).ReadAll()
	if err != nil || len(rows) != 5 || !strings.HasPrefix(file.Header.Get("Content-Type"), "text/csv") || file.Header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("mail merge: %v, %d rows, %v", err, len(rows), file.Header)
	}
	if short := app.Client(t).Get(t, "/c/"+id.String()+"?lang=ur"); short.Location() != "/consultations/"+id.String()+"?lang=ur" {
		t.Errorf("the short address leads to %s", short.Location())
	}
	before := closesOf(t, app, id)
	posted := day("on", 2)
	posted.Set("evidence", "4 letters, posted at the main office")
	if a := officer.Post(t, batch, batch, posted); a.Status != http.StatusSeeOther {
		t.Fatalf("posted: %d %.600s", a.Status, a.Body)
	}
	if after := closesOf(t, app, id); before != "2026-04-12" || after != "2026-04-24" {
		t.Errorf("the round closes on %s, before on %s; want 24 after 12 April", after, before)
	}
	if a := officer.Send(t, sheets, batch, posted); a.Status != http.StatusConflict {
		t.Errorf("posted twice: %d", a.Status)
	}
	oneComesBack(t, app, officer, id, page)
}

func oneComesBack(t *testing.T, app *servertest.App, officer *servertest.Client, id consult.ID, page string) {
	t.Helper()
	desk := officer.Get(t, page+"?state=posted")
	letter := regexp.MustCompile(`name="letter" value="([0-9a-z]{13})"`).FindStringSubmatch(desk.Body)
	if letter == nil {
		t.Fatalf("no posted letter: %.600s", desk.Body)
	}
	mark := func(do, why string) int {
		return officer.Send(t, desk, page+"/mark", url.Values{"letter": {letter[1]}, "do": {do}, "why-" + letter[1]: {why}, "state": {"posted"}}).Status
	}
	if got := mark("returned", ""); got != http.StatusUnprocessableEntity {
		t.Errorf("it came back without a reason: %d", got)
	}
	if got := mark("returned", "Gone away"); got != http.StatusSeeOther {
		t.Errorf("it came back: %d", got)
	}
	if got := mark("resend", "The flat number was missing"); got != http.StatusSeeOther {
		t.Errorf("sent again: %d", got)
	}
	if got := mark("resend", "Once more"); got != http.StatusConflict {
		t.Errorf("sent again twice: %d", got)
	}
	again := officer.Get(t, page)
	if !strings.Contains(again.Body, "The flat number was missing") || !strings.Contains(again.Body, "Print 1 letter") {
		t.Error("the new letter does not wait with its reason")
	}
}

// onlyNewlyInside prepares the second round with a wider circle and takes those no earlier round had.
func onlyNewlyInside(t *testing.T, app *servertest.App, officer *servertest.Client, id consult.ID) {
	t.Helper()
	page := "/officer/consultations/" + id.String() + "/consulted"
	found := officer.Post(t, page+"?round=2", page+"/find", url.Values{"round": {"2"}, "metres": {"50"}})
	// House 1 was taken off round 1 and counts as never consulted: 1, 5, 6, 7 are new, 2, 3, 4 are not.
	if !strings.Contains(found.Body, "Add only the 4 newly inside") || !strings.Contains(found.Body, "Add all 7 addresses") {
		t.Fatalf("round 2: %d %.900s", found.Status, found.Body)
	}
	if a := officer.Send(t, found, page, url.Values{"round": {"2"}, "metres": {"50"}, "area": {""}, "seen": {"7"}, "only": {"new"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("add: %d", a.Status)
	}
	if d := neighbourDesk(t, app, id, 2); d.Tally.Consulted != 4 || d.Tally.New != 4 || len(d.Searches) != 1 || d.Searches[0].Metres != 50 {
		t.Errorf("%+v %+v", d.Tally, d.Searches)
	}
}

// TestAConsulteeAnswersThroughItsLink goes from the directory to a published answer, all without JavaScript.
func TestAConsulteeAnswersThroughItsLink(t *testing.T) { onBoth(t, consulteeAnswers) }

func consulteeAnswers(t *testing.T, app *servertest.App) {
	id := app.Consultation(t, 1, consult.Consulting)
	officer := app.Client(t).SignIn(t, app.Officer(t, "officer@example.org", consult.RoleOfficer))
	page := "/officer/consultations/" + id.String() + "/consultees"
	add := url.Values{"name": {"Example Flood Authority"}, "kind": {"statutory"}, "email": {"canary-floods@example.org"}, "why": {"The yard lies low."}, "keep": {"yes"}}
	if a := officer.Post(t, page, page, add); a.Status != http.StatusSeeOther {
		t.Fatalf("add: %d %.600s", a.Status, a.Body)
	}
	if a := officer.Post(t, page, page, url.Values{"name": {"Example Canal Society"}, "kind": {"organisation"}, "why": {"The canal."}}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("one nobody can reach, without a day: %d", a.Status)
	}
	if a := officer.Post(t, page, page, url.Values{"ask": {"yes"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("ask: %d %.600s", a.Status, a.Body)
	}
	mail := consulteeMail(t, app, "Your opinion on")
	if !strings.Contains(mail.Text, "24 April 2026") || !strings.Contains(mail.Text, "The yard lies low.") {
		t.Errorf("the mail says neither the law's last day nor why: %s", mail.Text)
	}
	link := regexp.MustCompile(`/consultee/[0-9a-z]{52}`).FindString(mail.Text)
	consultee := app.Client(t)
	shown := consultee.Get(t, link)
	if shown.Status != http.StatusOK || !strings.Contains(shown.Body, "A yard becomes twelve homes.") || shown.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Fatalf("the link: %d %.400s", shown.Status, shown.Body)
	}
	if a := consultee.Send(t, shown, link, url.Values{"opinion": {"objected"}}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("an objection without reasons: %d", a.Status)
	}
	words := url.Values{"opinion": {"amendmentsNeeded"}, "text": {"It floods. Ask canary-person."}, "conditions": {"A drain of 300 mm."}}
	for range 2 {
		if a := consultee.Send(t, shown, link, words); a.Status != http.StatusSeeOther {
			t.Fatalf("answer: %d %.600s", a.Status, a.Body)
		}
	}
	public := "/consultations/" + id.String() + "/consultees"
	if a := app.Client(t).Get(t, public); strings.Contains(a.Body, "It floods") || !strings.Contains(a.Body, "Answered") {
		t.Error("an answer is public before an officer read it, or its arrival is not")
	}
	publishAnswer(t, app, officer, id)
	theLinkEnds(t, app, officer, consultee, id, link, words)
	if strings.Contains(app.Log.String(), "canary") {
		t.Error("the log names an address or a person")
	}
}

func consulteeMail(t *testing.T, app *servertest.App, subject string) notify.Message {
	t.Helper()
	mail, err := app.Mail.Wait(t.Context(), func(m notify.Message) bool {
		return m.To == "canary-floods@example.org" && strings.Contains(m.Subject, subject)
	})
	if err != nil {
		t.Fatal(err)
	}
	return mail
}

func onlyConsultee(t *testing.T, app *servertest.App, id consult.ID) consult.Consultee {
	t.Helper()
	_, list, _, err := app.Service.Consultees(t.Context(), consult.System(), id)
	if err != nil || len(list) != 1 {
		t.Fatalf("%v, %v", list, err)
	}
	return list[0]
}

func publishAnswer(t *testing.T, app *servertest.App, officer *servertest.Client, id consult.ID) {
	t.Helper()
	public := "/consultations/" + id.String() + "/consultees"
	one := "/officer/consultees/" + onlyConsultee(t, app, id).ID.String()
	publish := url.Values{"asking": {"1"}, "text-1": {"It floods. Ask [name]."}, "conditions-1": {"A drain of 300 mm."}}
	if a := officer.Post(t, one, one+"/publish", publish); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("words taken out without a reason: %d", a.Status)
	}
	publish.Set("reasons-1", "name")
	if a := officer.Post(t, one, one+"/publish", publish); a.Status != http.StatusSeeOther {
		t.Fatalf("publish: %d %.600s", a.Status, a.Body)
	}
	a := app.Client(t).Get(t, public)
	if !strings.Contains(a.Body, "It floods. Ask [name].") || !strings.Contains(a.Body, "A drain of 300 mm.") || strings.Contains(a.Body, "canary") {
		t.Errorf("the public reads: %.900s", a.Body)
	}
	if desk := officer.Get(t, one); !strings.Contains(desk.Body, "Ask canary-person.") {
		t.Error("the officer no longer reads what was received")
	}
}

// theLinkEnds: corrected until the day, closed after it, dead once another link was made, and never guessed.
func theLinkEnds(t *testing.T, app *servertest.App, officer, consultee *servertest.Client, id consult.ID, link string, words url.Values) {
	t.Helper()
	words.Set("text", "It floods less.")
	if a := consultee.Post(t, link, link, words); a.Status != http.StatusSeeOther {
		t.Fatalf("correct: %d", a.Status)
	}
	one := "/officer/consultees/" + onlyConsultee(t, app, id).ID.String()
	if desk := officer.Get(t, one); !strings.Contains(desk.Body, "2 wordings") || !strings.Contains(desk.Body, "Not public yet") {
		t.Error("a correction does not wait to be read, or the first wording is lost")
	}
	again := url.Values{"do": {"reconsult"}, "reason": {"The drain moved"}, "email": {"canary-floods@example.org"}}
	if a := officer.Post(t, one, one, again); a.Status != http.StatusSeeOther {
		t.Fatalf("consult again: %d %.600s", a.Status, a.Body)
	}
	second := regexp.MustCompile(`/consultee/[0-9a-z]{52}`).FindString(consulteeMail(t, app, "Consulted again").Text)
	if a := consultee.Get(t, link); a.Status != http.StatusGone || second == link {
		t.Errorf("the first link after the second: %d", a.Status)
	}
	forged := second[:len(second)-1] + map[bool]string{true: "1", false: "0"}[strings.HasSuffix(second, "0")]
	if a := consultee.Get(t, forged); a.Status != http.StatusNotFound {
		t.Errorf("a forged link: %d", a.Status)
	}
	app.Clock.Add(25 * 24 * time.Hour) // 27 April: late, but the link still opens
	officer = app.Client(t).SignIn(t, app.Officer(t, "later@example.org", consult.RoleOfficer))
	if late := officer.Get(t, "/officer/consultees"); !strings.Contains(late.Body, "Example Flood Authority") {
		t.Error("a late answer is not in the officers' overview")
	}
	form := consultee.Get(t, second)
	if a := consultee.Send(t, form, second, words); a.Status != http.StatusSeeOther {
		t.Errorf("a late answer: %d", a.Status)
	}
	if a := consultee.Send(t, form, second, words); a.Status != http.StatusConflict {
		t.Errorf("a correction after the day: %d", a.Status)
	}
	app.Clock.Add(8 * 24 * time.Hour)
	if a := consultee.Get(t, second); a.Status != http.StatusGone {
		t.Errorf("after the link's last day: %d", a.Status)
	}
}

// TestWhoHasNoMailboxIsToldByLetter: a decision reaches a commenter who left only a postal address, and officers see who cannot be told.
func TestWhoHasNoMailboxIsToldByLetter(t *testing.T) {
	app := servertest.New(t)
	id := app.Consultation(t, 1, consult.Consulting)
	for _, k := range []consult.Contact{{Name: "Resident of Sample Street", Postcode: "B9 9AA", Address: "1 Sample Street"}, {Name: "Resident of Nowhere", Postcode: "B9 9AA"}} {
		in := servertest.Comment(id)
		in.Contact, in.Language = k, "ur"
		if _, err := app.Service.SubmitComment(t.Context(), consult.Actor{}, in); err != nil {
			t.Fatal(err)
		}
	}
	officer := app.Officer(t, "officer@example.org", consult.RoleOfficer)
	app.Clock.Add(11 * 24 * time.Hour)
	for _, to := range []consult.State{consult.ClosedState, consult.Withdrawn} {
		if err := app.Service.Advance(t.Context(), officer.Actor(), consult.Move{Consultation: id, To: to, Why: "The applicant withdrew."}); err != nil {
			t.Fatal(err)
		}
	}
	c, page := app.Client(t).SignIn(t, officer), "/officer/consultations/"+id.String()+"/letters"
	desk := c.Get(t, page)
	if !strings.Contains(desk.Body, "2 letters wait.") || !strings.Contains(desk.Body, "1 comment came from somebody who left neither") {
		t.Fatalf("the desk: %.1500s", desk.Body)
	}
	a := c.Post(t, page, page+"/print", url.Values{"kind": {"state-change"}, "round": {"0"}, "post-on-state-change-0-day": {"13"}, "post-on-state-change-0-month": {"4"},
		"post-on-state-change-0-year": {"2026"}})
	if a.Status != http.StatusSeeOther {
		t.Fatalf("print: %d %.600s", a.Status, a.Body)
	}
	sheets := c.Get(t, a.Location())
	for _, said := range []string{"Resident of Sample Street", "1 Sample Street", `lang="ur" dir="rtl"`, "درخواست گزار نے درخواست واپس لے لی ہے", "/c/" + id.String()} {
		if !strings.Contains(sheets.Body, said) {
			t.Errorf("the letter does not say %q", said)
		}
	}
	if strings.Contains(sheets.Body, "/my-comment/") {
		t.Error("a letter carries a link that nobody can type")
	}
}

// plantConsulted keeps a neighbour, a consultee with its answer and a letter, all with words nobody outside may read.
func (s *secrets) plantConsulted(t *testing.T) {
	t.Helper()
	ctx, service := t.Context(), s.app.Service
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(service.AddNeighbour(ctx, consult.System(), s.public, 1, "canary-neighbour-house", "B9 9CI"))
	id, err := service.AddConsultee(ctx, consult.System(), consult.Consultee{Consultation: s.public, Kind: consult.StatutoryConsultee, Name: "Example Flood Authority", Why: "It floods."},
		consult.ConsulteeContact{Email: "canary-consultee@example.org", Address: "canary-consultee-house", Postcode: "B9 9CI"}, true)
	must(err)
	_, err = service.AskConsultees(ctx, consult.System(), s.public)
	must(err)
	answer := consult.ConsulteeAnswer{Opinion: consult.Objected, Text: "canary-opinion", Conditions: "canary-condition"}
	must(service.RecordConsulteeAnswer(ctx, consult.System(), id, answer))
}
