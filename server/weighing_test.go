package server_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/notify"
	"github.com/yousaid/yousaid/server/servertest"
)

// summarise sums up every topic that occurs, as a case needs before it is assessed.
func summarise(t *testing.T, app *servertest.App, id consult.ID) {
	t.Helper()
	planner := consult.Actor{Kind: consult.Signed, Roles: []consult.Role{consult.RoleOfficer}, Service: "Planning", Title: "Planning officer"}
	weighed, err := app.Service.Weighed(t.Context(), planner, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range weighed {
		summary := consult.TopicSummary{Consultation: id, Topic: w.Figures.Topic, Version: w.Summary.Version, Text: "What people said on " + string(w.Figures.Topic) + ".",
			Material: consult.IsMaterial, Reason: "It counts."}
		if err := app.Service.WriteSummary(t.Context(), planner, summary, w.Figures.Mark()); err != nil {
			t.Fatal(err)
		}
	}
}

// TestEveryCommentIsWeighedAndShowsItsWay goes the whole way over HTTP, on both engines: nothing is assessed unweighed, officers never
// overwrite each other, the report can be read once it is finished and then stands, nothing is archived without outcomes, and the
// author sees every step.
func TestEveryCommentIsWeighedAndShowsItsWay(t *testing.T) {
	for name, options := range map[string][]servertest.Option{"sqlite": nil, "postgresql": {servertest.OnPostgreSQL}} {
		t.Run(name, func(t *testing.T) {
			app := servertest.New(t, options...)
			w := &weighed{T: t, app: app, id: app.Consultation(t, 1, consult.Consulting), resident: app.Client(t)}
			planner := app.Officer(t, "officer@example.org", consult.RoleOfficer)
			w.officer = app.Client(t).SignIn(t, planner)
			w.public, w.desk = "/consultations/"+w.id.String(), "/officer/consultations/"+w.id.String()
			w.hear()
			w.officer = app.Client(t).SignIn(t, planner) // the round is over, and so is the session
			w.sumUp()
			w.report()
			w.decide()
			w.closeTheLoop()
			w.seeTheWay()
		})
	}
}

// weighed is a case on its way through the officers' pages.
type weighed struct {
	*testing.T
	app               *servertest.App
	id                consult.ID
	resident, officer *servertest.Client
	public, desk      string // addresses of the case
	mine, comment     string // the author's own page, and the comment's id
}

// post sends a form of a page and wants an answer's status and, in it, words.
func (w *weighed) post(status int, page, action string, form url.Values, says ...string) servertest.Answer {
	w.Helper()
	a := w.officer.Post(w.T, page, action, form)
	if a.Status != status {
		w.Fatalf("%s %v: %d, want %d: %.1500s", action, form, a.Status, status, mainPart(a.Body))
	}
	for _, words := range says {
		if !strings.Contains(a.Body, words) {
			w.Errorf("%s does not say %q: %.3000s", action, words, mainPart(a.Body))
		}
	}
	return a
}

func mainPart(body string) string {
	if _, found, ok := strings.Cut(body, "<main"); ok {
		return found
	}
	return body
}

func (w *weighed) move(status int, to string, more url.Values, says ...string) {
	w.Helper()
	form := url.Values{"state": {to}, "why": {"The next step."}}
	for name, values := range more {
		form[name] = values
	}
	w.post(status, w.desk+"/cycle", w.desk+"/move", form, says...)
}

// hidden reads a hidden field of a page.
func (w *weighed) hidden(page, name string) string {
	w.Helper()
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(w.officer.Page(w.T, page).Body)
	if m == nil {
		w.Fatalf("%s has no field %s", page, name)
	}
	return m[1]
}

// hear lets a resident comment, an officer publish and answer, and the round end.
func (w *weighed) hear() {
	w.mine = step(w.T, w.resident, write(w.T, w.resident, w.id), nil)
	link := regexp.MustCompile(`/officer/comments/[0-9a-z]{13}`).FindString(w.officer.Get(w.T, "/officer").Body)
	w.comment = strings.TrimPrefix(link, "/officer/comments/")
	w.post(http.StatusSeeOther, link, link+"/publish", url.Values{"do": {"publish"}, "text-light": words["text-light"], "text-traffic": words["text-traffic"], "place": place["place"]})
	w.post(http.StatusSeeOther, link, link+"/answer", url.Values{"body": {"We have asked for a lower roof."}})
	w.app.Clock.Add(12 * 24 * time.Hour)
	if err := w.app.Service.Advance(w.Context(), consult.System(), consult.Move{Consultation: w.id, To: consult.ClosedState}); err != nil {
		w.Fatal(err)
	}
}

// sumUp is refused to go on without summaries, with a stale one, and where somebody else was faster.
func (w *weighed) sumUp() {
	w.move(http.StatusUnprocessableEntity, "assessed", nil, "Sum up what people said on this topic first", "natural light", "Traffic")
	light, traffic := w.desk+"/weighing/light", w.desk+"/weighing/traffic"
	save := func(status int, topic, version, mark, text string, says ...string) {
		w.Helper()
		w.post(status, topic, topic, url.Values{"version": {version}, "mark": {mark}, "summary": {text}, "material": {"material"}, "reason": {"It counts."}}, says...)
	}
	mark := w.hidden(light, "mark")
	w.post(http.StatusUnprocessableEntity, light, light, url.Values{"version": {"0"}, "summary": {"x"}, "material": {"material"}})
	save(http.StatusSeeOther, light, "0", mark, "One person fears for the light.")
	save(http.StatusSeeOther, traffic, "0", w.hidden(traffic, "mark"), "One person fears the bend.")

	in := servertest.Comment(w.id)
	in.Points, in.Contact.Email = in.Points[:1], ""
	if _, err := w.app.Service.SubmitComment(w.Context(), consult.Actor{Kind: consult.Visitor, ID: 5}, in); err != nil {
		w.Fatal(err)
	}
	w.move(http.StatusUnprocessableEntity, "assessed", nil, "1 comment on this topic came after its summary was written")
	if list := w.officer.Get(w.T, w.desk+"/weighing").Body; !strings.Contains(list, "1 comment came since") || !strings.Contains(list, "1 came after its round had ended.") {
		w.Error("the list of topics does not say what came since")
	}
	save(http.StatusConflict, light, "1", mark, "Written without the late one.", "Written without the late one.", "while you were writing")
	save(http.StatusSeeOther, light, "1", w.hidden(light, "mark"), "Two people fear for the light.")
	save(http.StatusConflict, light, "1", w.hidden(light, "mark"), "Written over the first version.", "Written over the first version.", "Two people fear for the light.")
	w.post(http.StatusSeeOther, light, light+"/points", url.Values{"do": {"judge"}, "point": {w.comment}, "judgement": {"mixed"}, "why": {"Kitchens count, views do not."}, "page": {"1"}})
	if page := w.officer.Get(w.T, light).Body; !strings.Contains(page, "Kitchens count") || !strings.Contains(w.resident.Get(w.T, "/comments/"+w.comment).Body, "our kitchen") {
		w.Error("a judgement is not kept, or hides the comment")
	}
}

// report writes paragraphs and conditions and links them to what was said.
func (w *weighed) report() {
	page := w.desk + "/report"
	add := page + "/paragraphs/new"
	w.post(http.StatusUnprocessableEntity, add, add, url.Values{"text": {" "}})
	w.post(http.StatusSeeOther, add, add, url.Values{"version": {"0"}, "heading": {"The bend"}, "text": {"A crossing is needed."}, "topics": {"traffic"}})
	w.post(http.StatusSeeOther, add, add, url.Values{"version": {"0"}, "heading": {"The light"}, "text": {"The roof takes the light of a kitchen."}})
	paragraphs := regexp.MustCompile(page+`/paragraphs/[0-9a-z]{13}`).FindAllString(w.officer.Get(w.T, page).Body, -1)
	if len(paragraphs) != 2 {
		w.Fatalf("paragraphs %v", paragraphs)
	}
	second := paragraphs[1]
	w.post(http.StatusSeeOther, w.desk+"/weighing/light", w.desk+"/weighing/light/points", url.Values{"do": {"link"}, "point": {w.comment}, "source": {second[len(second)-13:]}})
	w.post(http.StatusConflict, second, second, url.Values{"version": {"1"}, "text": {"My own words."}}, "My own words.", "The roof takes the light of a kitchen.", "Somebody saved this")
	version := w.hidden(page, "version")
	w.post(http.StatusSeeOther, page, page, url.Values{"version": {version}, "paragraph": {second[len(second)-13:]}, "do": {"up"}})
	w.post(http.StatusConflict, page, page, url.Values{"version": {version}, "recommendation": {"refused"}}, "Somebody changed the report before you")
	w.post(http.StatusSeeOther, page, page, url.Values{"version": {w.hidden(page, "version")}, "recommendation": {"granted"}})

	condition := page + "/conditions/new"
	seven := url.Values{"version": {"0"}, "kind": {"condition"}, "number": {"7"}, "title": {"Crossing"}, "text": {"A crossing is built at the bend."}, "reason": {"Safety."}, "topics": {"traffic"}}
	w.post(http.StatusSeeOther, condition, condition, seven)
	w.post(http.StatusUnprocessableEntity, condition, condition, seven, "Another one has this number")
	if a := w.resident.Get(w.T, w.public+"/report"); a.Status != http.StatusNotFound {
		w.Errorf("an unfinished report can be read: %d", a.Status)
	}
	if a := w.officer.Get(w.T, w.public+"/report"); a.Status != http.StatusOK || !strings.Contains(a.Body, "A preview for officers") {
		w.Errorf("officers have no preview: %d", a.Status)
	}
	w.move(http.StatusSeeOther, "assessed", nil)
	w.readReport()
	w.post(http.StatusUnprocessableEntity, page, second, url.Values{"version": {"2"}, "text": {"Rewritten."}}, "The report is finished")
	w.post(http.StatusSeeOther, add, add, url.Values{"version": {"0"}, "heading": {"A late letter"}, "text": {"It says the same."}, "topics": {"light"}})
}

// readReport holds the public report to what it must show, with links to every published comment behind it.
func (w *weighed) readReport() {
	a := w.resident.Get(w.T, w.public+"/report")
	for _, shown := range []string{"Two people fear for the light.", "2 comments.", "1 came after its round had ended.", `id="paragraph-1">1. <span dir="auto">The light`, `id="paragraph-2"`,
		"/comments/" + w.comment, "Everything said on Traffic", "Condition 7", "Officers recommend to grant permission", "/comments?topic=light"} {
		if !strings.Contains(a.Body, shown) {
			w.Errorf("the report does not show %q", shown)
		}
	}
	if strings.Contains(a.Body, "Resident of Sample Street") || strings.Contains(a.Body, "resident@example.org") {
		w.Error("the report names somebody")
	}
	if page := w.resident.Get(w.T, w.public).Body; !strings.Contains(page, w.public+"/report") {
		w.Error("the application's page does not lead to its report")
	}
}

// decide goes to the committee and to the decision; everybody is told what they can do.
func (w *weighed) decide() {
	w.move(http.StatusSeeOther, "in-committee", url.Values{"committee-on-day": {"20"}, "committee-on-month": {"5"}, "committee-on-year": {"2026"}})
	w.told("20 May 2026", "ask to speak", w.public+"/report")
	w.move(http.StatusSeeOther, "decided", url.Values{"decision": {"granted"}, "decided-by": {"committee"},
		"decided-on-day": {"14"}, "decided-on-month": {"4"}, "decided-on-year": {"2026"}})
	w.told("Permission granted", w.public+"/outcomes")
	w.post(http.StatusUnprocessableEntity, w.desk+"/report", w.desk+"/report/conditions/new", url.Values{"version": {"0"}, "kind": {"condition"}, "number": {"8"},
		"title": {"x"}, "text": {"x"}, "reason": {"x"}}, "The case is settled")
}

func (w *weighed) told(words ...string) {
	w.Helper()
	_, err := w.app.Mail.Wait(w.Context(), func(m notify.Message) bool {
		for _, s := range words {
			if !strings.Contains(m.Text, s) {
				return false
			}
		}
		return m.To == "resident@example.org"
	})
	if err != nil {
		w.Errorf("nobody was told %q: %v", words, err)
	}
}

// closeTheLoop is refused to archive before every topic has a published outcome.
func (w *weighed) closeTheLoop() {
	w.move(http.StatusUnprocessableEntity, "archived", nil, "Publish an outcome for this topic first")
	record := func(status int, topic string, more url.Values) {
		w.Helper()
		form := url.Values{"topic": {topic}, "you-said-" + topic: {"You said: " + topic}, "we-did-" + topic: {"We did: " + topic}}
		for name, values := range more {
			form[name+"-"+topic] = values
		}
		w.post(status, w.desk, w.desk+"/outcomes", form)
	}
	condition := regexp.MustCompile(`<option value="([0-9a-z]{13})"[^>]*>Condition 7: Crossing`).FindStringSubmatch(w.officer.Get(w.T, w.desk).Body)
	if condition == nil {
		w.Fatal("the form of an outcome offers no condition")
	}
	record(http.StatusUnprocessableEntity, "light", url.Values{"effect": {"not-changed"}, "we-did": {""}})
	record(http.StatusSeeOther, "light", url.Values{"effect": {"not-changed"}})
	record(http.StatusUnprocessableEntity, "traffic", url.Values{"effect": {"conditioned"}, "condition": {w.comment}})
	record(http.StatusSeeOther, "traffic", url.Values{"effect": {"conditioned"}, "condition": {condition[1]}})
	w.move(http.StatusUnprocessableEntity, "archived", nil, "Publish an outcome for this topic first")
	w.post(http.StatusSeeOther, w.desk, w.desk+"/outcomes/publish", nil)
	w.move(http.StatusSeeOther, "archived", nil)
}

// seeTheWay reads every step on the author's page and on the comment's public one.
func (w *weighed) seeTheWay() {
	for _, address := range []string{w.mine, "/comments/" + w.comment} {
		page := w.resident.Get(w.T, address).Body
		for _, shown := range []string{"Received in round 1, about version 1", "Published", "Answered", "Cited in the officer’s report", "Report, paragraph 1", w.public + "/report?at=paragraph-1#paragraph-1",
			"Weighed in the officer’s report with everything said on this topic", "Report, paragraph 2", "Report, late item 1", "No change, and why", "A condition of the permission", "Condition 7: Crossing",
			"Permission granted"} {
			if !strings.Contains(strings.NewReplacer("&#39;", "’", "&amp;", "&").Replace(page), shown) {
				w.Errorf("%s does not show %q", address, shown)
			}
		}
		if strings.Contains(page, "not yet") {
			w.Errorf("%s: something is still to come", address)
		}
	}
	if check, err := w.app.App.Store().AuditVerify(w.Context()); err != nil || check.FirstBad != 0 || check.Rows == 0 {
		w.Errorf("audit: %+v, %v", check, err)
	}
}
