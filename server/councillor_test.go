package server_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/notify"
	"github.com/yousaid/yousaid/server/servertest"
)

// leadBy waits for the first mail to an address whose link leads below a path, and finds that address.
func leadBy(t *testing.T, app *servertest.App, to, path string) string {
	t.Helper()
	leads := regexp.MustCompile(`https?://[^/\s]+(` + regexp.QuoteMeta(path) + `[^\s?]*)`)
	m, err := app.Mail.Wait(t.Context(), func(m notify.Message) bool { return m.To == to && leads.MatchString(m.Text) })
	if err != nil {
		t.Fatalf("no mail to %s that leads to %s: %v", to, path, err)
	}
	return leads.FindStringSubmatch(m.Text)[1]
}

// TestCouncillorPassesAQuestionAndIsToldOfTheAnswer goes the whole way: link, conversation, a resident's question, one tap, the service's
// answer, the mail.
func TestCouncillorPassesAQuestionAndIsToldOfTheAnswer(t *testing.T) { onBoth(t, councillorPasses) }

func councillorPasses(t *testing.T, app *servertest.App) {
	id := app.Consultation(t, 1, consult.Consulting)
	officer := app.Client(t).SignIn(t, app.Officer(t, "officer@example.org", consult.RoleOfficer))
	const desk = "/officer/councillors"
	if a := officer.Post(t, desk, desk, url.Values{"name": {""}, "email": {"nobody"}, "ward": {""}}); a.Status != http.StatusUnprocessableEntity ||
		!strings.Contains(a.Body, `href="#name"`) || !strings.Contains(a.Body, `href="#email"`) {
		t.Errorf("an empty form: %d", a.Status)
	}
	if a := officer.Post(t, desk, desk, url.Values{"name": {"Councillor for Example Ward"}, "email": {"councillor@example.org"}, "ward": {""}}); a.Status != http.StatusSeeOther {
		t.Fatalf("add: %d %.400s", a.Status, a.Body)
	}
	mine := leadBy(t, app, "councillor@example.org", "/councillor/")
	councillor, resident := app.Client(t), app.Client(t)
	if a := councillor.Get(t, mine[:len(mine)-1]+"x"); a.Status != http.StatusNotFound {
		t.Errorf("a link that was never given: %d", a.Status)
	}
	first := councillor.Get(t, mine)
	if first.Status != http.StatusOK || first.Header.Get("Cache-Control") != "private, no-store" || first.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Fatalf("own page: %d %v", first.Status, first.Header)
	}
	taken := councillor.Send(t, first, mine, url.Values{"consultation": {id.String()}})
	if taken.Status != http.StatusSeeOther {
		t.Fatalf("take a link: %d %.400s", taken.Status, taken.Body)
	}
	page := taken.Location()
	if again := councillor.Send(t, first, mine, url.Values{"consultation": {id.String()}}); again.Location() != page {
		t.Errorf("asked twice, two conversations: %s and %s", page, again.Location())
	}
	public := regexp.MustCompile(`href="(/threads/[0-9a-z]{13})"`).FindStringSubmatch(councillor.Get(t, page).Body)[1]
	thread, err := consult.ParseID(strings.TrimPrefix(public, "/threads/"))
	if err != nil {
		t.Fatal(err)
	}

	// A resident who follows the link asks; nothing waits for the service yet.
	if a := resident.Post(t, public, public, url.Values{"body": {"How deep is the cellar?"}, "name": {""}}); a.Status != http.StatusSeeOther {
		t.Fatalf("ask: %d %.400s", a.Status, a.Body)
	}
	if waits(t, app, thread) {
		t.Error("what was put to the councillor waits for the service")
	}
	if told := leadBy(t, app, "councillor@example.org", page); told != page {
		t.Errorf("told of another page: %s", told)
	}
	seen := councillor.Get(t, page)
	message := regexp.MustCompile(`name="message" value="([0-9a-z]{13})"`).FindStringSubmatch(seen.Body)
	if message == nil {
		t.Fatalf("nothing can be passed on: %s", seen.Body)
	}
	pass := url.Values{"message": {message[1]}, "_key": {consult.NewKey()}}
	for range 2 { // the second tap of an impatient thumb
		if a := councillor.Send(t, seen, page, pass); a.Status != http.StatusSeeOther {
			t.Fatalf("pass: %d %.400s", a.Status, a.Body)
		}
	}
	if a := councillor.Send(t, seen, page, url.Values{"message": {message[1]}, "_key": {consult.NewKey()}}); a.Status != http.StatusSeeOther {
		t.Errorf("passed from another page: %d", a.Status)
	}
	if !waits(t, app, thread) {
		t.Error("what was passed on does not wait for the service")
	}
	read := resident.Get(t, public).Body
	if n := strings.Count(read, "I have passed it to"); n != 1 || !strings.Contains(read, "Councillor for Example Ward") {
		t.Errorf("the conversation says %d times that it was passed on", n)
	}
	if !strings.Contains(officer.Get(t, "/officer").Body, public) {
		t.Error("the question is not on the officers' desk")
	}

	if a := officer.Post(t, public, public, url.Values{"body": {"Four metres."}}); a.Status != http.StatusSeeOther {
		t.Fatalf("answer: %d", a.Status)
	}
	if _, err := app.Mail.Wait(t.Context(), func(m notify.Message) bool {
		return m.To == "councillor@example.org" && strings.Contains(m.Subject, "Answered")
	}); err != nil {
		t.Errorf("the councillor is not told of the answer: %v", err)
	}
	if waits(t, app, thread) {
		t.Error("what was answered still waits")
	}
	if a := councillor.Get(t, page); !strings.Contains(a.Body, "Answered by the service") || !strings.Contains(a.Body, "Four metres.") {
		t.Error("the councillor's page does not show the answer")
	}
	councillorAsksAndLeaves(t, app, officer, councillor, mine, page, thread)
}

// councillorAsksAndLeaves: a question from a surgery is passed on by itself; links that were renewed or ended no longer open.
func councillorAsksAndLeaves(t *testing.T, app *servertest.App, officer, councillor *servertest.Client, mine, page string, thread consult.ID) {
	t.Helper()
	if a := councillor.Post(t, page, page, url.Values{"body": {""}, "do": {"ask"}}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("no words: %d", a.Status)
	}
	if a := councillor.Post(t, page, page, url.Values{"body": {"I will ask."}, "do": {"say"}}); a.Status != http.StatusSeeOther || waits(t, app, thread) {
		t.Errorf("said: %d, waits %t", a.Status, waits(t, app, thread))
	}
	if a := councillor.Post(t, page, page, url.Values{"body": {"Somebody asks about the roof."}, "do": {"ask"}}); a.Status != http.StatusSeeOther || !waits(t, app, thread) {
		t.Errorf("asked: %d, waits %t", a.Status, waits(t, app, thread))
	}
	const desk = "/officer/councillors"
	list := officer.Get(t, desk)
	one := regexp.MustCompile(`/officer/councillors/[0-9a-z]{13}`).FindString(list.Body)
	if a := officer.Send(t, list, one, url.Values{"do": {"renew"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("renew: %d %.300s", a.Status, a.Body)
	}
	if a := councillor.Get(t, mine); a.Status != http.StatusGone {
		t.Errorf("the old link: %d", a.Status)
	}
	if _, err := app.Mail.Wait(t.Context(), func(m notify.Message) bool {
		return m.To == "councillor@example.org" && strings.Contains(m.Text, "/councillor/") && !strings.Contains(m.Text, mine) && strings.Contains(m.Subject, "personal link")
	}); err != nil {
		t.Errorf("no new link: %v", err)
	}
	if a := officer.Send(t, list, one, url.Values{"do": {"leave"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("leave: %d", a.Status)
	}
	if after := officer.Get(t, desk).Body; strings.Contains(after, "councillor@example.org") || !strings.Contains(after, "Left on") {
		t.Error("the address of a councillor who left is kept")
	}
	if a := officer.Send(t, list, one, url.Values{"do": {"renew"}}); a.Status != http.StatusConflict {
		t.Errorf("renewed after leaving: %d", a.Status)
	}
}

func waits(t *testing.T, app *servertest.App, thread consult.ID) bool {
	t.Helper()
	v, err := app.Service.Thread(t.Context(), consult.System(), thread, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	return !v.Thread.WaitingSince.IsZero()
}
