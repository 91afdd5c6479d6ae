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

// TestTheLoopCloses goes the whole way without JavaScript, on both engines: a resident comments, an officer publishes, answers,
// decides and records outcomes, everybody concerned is told, and the comment's own page shows it all.
func TestTheLoopCloses(t *testing.T) {
	for name, options := range map[string][]servertest.Option{"sqlite": nil, "postgresql": {servertest.OnPostgreSQL}} {
		t.Run(name, func(t *testing.T) { closeLoop(t, servertest.New(t, options...)) })
	}
}

func closeLoop(t *testing.T, app *servertest.App) {
	id := app.Consultation(t, 1, consult.Consulting)
	resident, neighbour := app.Client(t), app.Client(t)
	planner := app.Officer(t, "officer@example.org", consult.RoleOfficer)
	officer := app.Client(t).SignIn(t, planner)

	mine := step(t, resident, write(t, resident, id), nil)
	follow(t, app, neighbour, id)

	inbox := officer.Get(t, "/officer")
	link := regexp.MustCompile(`/officer/comments/[0-9a-z]{13}`).FindString(inbox.Body)
	if link == "" || !strings.Contains(inbox.Body, "Due in 3 working days") {
		t.Fatalf("the comment is not on the desk with its promise: %.500s", inbox.Body)
	}
	desk := officer.Get(t, link)
	for _, seen := range []string{"It takes the light of our kitchen.", "Resident of Sample Street", "B9 9AA", "<circle"} {
		if !strings.Contains(desk.Body, seen) {
			t.Errorf("the officer does not see %q beside the place", seen)
		}
	}

	redacted := url.Values{"do": {"publish"}, "text-light": {"It takes the light of our [room]."}, "text-traffic": words["text-traffic"], "place": {"the back windows"}}
	if a := officer.Post(t, link, link+"/publish", redacted); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "why words were taken out") {
		t.Errorf("words taken out without a reason: %d", a.Status)
	}
	redacted["reasons"] = []string{"third-party"}
	if a := officer.Post(t, link, link+"/publish", redacted); a.Status != http.StatusSeeOther {
		t.Fatalf("publish: %d %.400s", a.Status, a.Body)
	}
	public := neighbour.Get(t, "/consultations/"+id.String()+"/comments")
	if !strings.Contains(public.Body, "our [room].") || strings.Contains(public.Body, "kitchen") || strings.Contains(public.Body, "Resident of Sample Street") {
		t.Error("the public does not read exactly the redacted words, without the name")
	}

	if a := officer.Post(t, link, link+"/answer", url.Values{"body": {"We have asked for a lower roof."}}); a.Status != http.StatusSeeOther {
		t.Fatalf("answer: %d", a.Status)
	}
	if page := resident.Get(t, mine); !strings.Contains(page.Body, "We have asked for a lower roof.") || !strings.Contains(page.Body, "Official answer") {
		t.Error("the author does not see the answer on the comment's own page")
	}

	app.Clock.Add(11 * 24 * time.Hour) // the round is over, and so is the officer's session
	officer = app.Client(t).SignIn(t, planner)
	decide(t, app, officer, id)
	outcomes(t, officer, id)
	for _, to := range []string{"resident@example.org", "neighbour@example.org"} {
		if _, err := app.Mail.Wait(t.Context(), func(m notify.Message) bool { return m.To == to && strings.Contains(m.Subject, "we did") }); err != nil {
			t.Errorf("%s was not told of the outcome: %v", to, err)
		}
	}
	for _, path := range []string{mine, "/consultations/" + id.String()} {
		if page := resident.Get(t, path); !strings.Contains(page.Body, "The roof is one storey lower.") || !strings.Contains(page.Body, "Condition 7") {
			t.Errorf("%s does not say what came of it", path)
		}
	}
	if check, err := app.App.Store().AuditVerify(t.Context()); err != nil || check.FirstBad != 0 || check.Rows == 0 || check.Unsigned != 0 {
		t.Errorf("audit: %+v, %v", check, err)
	}
}

// follow goes through the mail: ask, open the link in it, press the button.
func follow(t *testing.T, app *servertest.App, c *servertest.Client, id consult.ID) {
	t.Helper()
	path := "/consultations/" + id.String()
	if a := c.Post(t, path, path+"/follow", url.Values{"email": {"neighbour@example.org"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("follow: %d %.300s", a.Status, a.Body)
	}
	mail, err := app.Mail.Wait(t.Context(), func(m notify.Message) bool { return m.To == "neighbour@example.org" })
	if err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`/follow/[0-9a-z]+`).FindString(mail.Text)
	if a := c.Post(t, link, link+"/confirm", nil); a.Status != http.StatusOK || !strings.Contains(a.Body, "You follow this application") {
		t.Fatalf("confirm: %d %.300s", a.Status, a.Body)
	}
}

// decide moves the case to its decision, one legal step at a time; one that is not legal is refused.
func decide(t *testing.T, app *servertest.App, officer *servertest.Client, id consult.ID) {
	t.Helper()
	page := "/officer/consultations/" + id.String()
	move := func(form url.Values) int { return officer.Post(t, page+"/cycle", page+"/move", form).Status }
	if got := move(url.Values{"state": {"decided"}, "why": {"x"}}); got != http.StatusUnprocessableEntity {
		t.Errorf("consulting → decided at once: %d", got)
	}
	for _, state := range []string{"closed", "assessed"} {
		if state == "assessed" {
			summarise(t, app, id)
		}
		if got := move(url.Values{"state": {state}, "why": {"The round is over."}}); got != http.StatusSeeOther {
			t.Fatalf("→ %s: %d", state, got)
		}
	}
	if got := move(url.Values{"state": {"decided"}, "why": {"Granted."}}); got != http.StatusUnprocessableEntity {
		t.Errorf("decided without a decision: %d", got)
	}
	ruling := url.Values{"state": {"decided"}, "why": {"Granted."}, "decision": {"granted"}, "decided-by": {"committee"},
		"decided-on-day": {"13"}, "decided-on-month": {"4"}, "decided-on-year": {"2026"}}
	if got := move(ruling); got != http.StatusSeeOther {
		t.Fatalf("→ decided: %d", got)
	}
	v, err := app.Service.Case(t.Context(), consult.Actor{}, id)
	if err != nil || v.Consultation.State != consult.Decided || v.Consultation.Application.Decision != "granted" ||
		v.Consultation.Application.DecidedBy != "committee" || v.Consultation.Application.DecidedOn != "2026-04-13" || v.Window.Status != consult.WindowClosed {
		t.Errorf("after the decision: %+v, %v", v.Consultation.Application, err)
	}
}

// outcomes records one topic, is refused to publish while another is missing, records it and publishes.
func outcomes(t *testing.T, officer *servertest.Client, id consult.ID) {
	t.Helper()
	page := "/officer/consultations/" + id.String()
	record := func(topic, did, effect string) int {
		return officer.Post(t, page, page+"/outcomes", url.Values{"topic": {topic}, "you-said-" + topic: {"You said: " + topic}, "we-did-" + topic: {did},
			"effect-" + topic: {effect}, "reference-" + topic: {"Condition 7"}}).Status
	}
	if got := record("light", "", "changed"); got != http.StatusUnprocessableEntity {
		t.Errorf("an outcome that says nothing: %d", got)
	}
	if got := record("light", "The roof is one storey lower.", "changed"); got != http.StatusSeeOther {
		t.Fatalf("outcome: %d", got)
	}
	if a := officer.Post(t, page, page+"/outcomes/publish", nil); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("published although a topic has no outcome: %d", a.Status)
	}
	if got := record("traffic", "A crossing at the bend.", "conditioned"); got != http.StatusSeeOther {
		t.Fatalf("outcome: %d", got)
	}
	if a := officer.Post(t, page, page+"/outcomes/publish", nil); a.Status != http.StatusSeeOther {
		t.Fatalf("publish outcomes: %d %.400s", a.Status, a.Body)
	}
}

func TestAHiddenMessageLeavesAStub(t *testing.T) {
	app := servertest.New(t)
	id := app.Consultation(t, 1, consult.Consulting)
	resident := app.Client(t)
	ask := "/consultations/" + id.String() + "/ask"
	thread := resident.Post(t, ask, ask, url.Values{"title": {"The wall"}, "body": {"This is spam nobody wants"}}).Location()
	moderator := app.Client(t).SignIn(t, app.Officer(t, "moderator@example.org", consult.RoleModerator))
	link := regexp.MustCompile(`/officer/messages/[0-9a-z]{13}`).FindString(moderator.Get(t, thread).Body)
	if a := moderator.Post(t, link, link, url.Values{"do": {"hide"}, "rule": {"advertising"}}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("hidden without a reason: %d", a.Status)
	}
	if a := moderator.Post(t, link, link, url.Values{"do": {"hide"}, "rule": {"advertising"}, "reason": {"It sells windows."}}); a.Status != http.StatusSeeOther {
		t.Fatalf("hide: %d %.300s", a.Status, a.Body)
	}
	seen := app.Client(t).Get(t, thread)
	if strings.Contains(seen.Body, "nobody wants") || !strings.Contains(seen.Body, "It sells windows.") || !strings.Contains(seen.Body, "Rule: advertising.") {
		t.Error("the public does not see a stub with rule and reason in place of the words")
	}
	if a := moderator.Post(t, link, link, url.Values{"do": {"restore"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("restore: %d", a.Status)
	}
	if !strings.Contains(app.Client(t).Get(t, thread).Body, "nobody wants") {
		t.Error("a restored message cannot be read")
	}
}

func TestI27AMessageFullOfLinksWaitsAndItsAuthorIsTold(t *testing.T) {
	app := servertest.New(t)
	id := app.Consultation(t, 1, consult.Consulting)
	c := app.Client(t)
	ask := "/consultations/" + id.String() + "/ask"
	a := c.Post(t, ask, ask, url.Values{"title": {"Windows"}, "body": {strings.Repeat("https://spam.example ", 30)}})
	if page := c.Get(t, a.Location()); !strings.Contains(page.Body, "waits for a moderator") || !strings.Contains(page.Body, "too many links") {
		t.Error("the author is not told that the message is held, and why")
	}
	if page := app.Client(t).Get(t, a.Location()); strings.Contains(page.Body, "spam.example") {
		t.Error("a held message can be read")
	}
}
