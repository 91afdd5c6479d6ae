package server_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/servertest"
)

// TestO08SavedRepliesAreApprovedFilledAndCounted writes a text, has it approved and puts it into a reply.
func TestO08SavedRepliesAreApprovedFilledAndCounted(t *testing.T) { onBoth(t, savedReplies) }

func savedReplies(t *testing.T, app *servertest.App) {
	id := app.Consultation(t, 1, consult.Consulting)
	officer := app.Client(t).SignIn(t, app.Officer(t, "officer@example.org", consult.RoleOfficer))
	const fresh = "/officer/replies/new"
	if a := officer.Post(t, fresh, fresh, url.Values{"name": {"Plans"}, "text-en": {"Dear [[resident]], see [[link]]."}, "version": {"0"}, "do": {"save"}}); a.Status != http.StatusUnprocessableEntity ||
		!strings.Contains(a.Body, "There is no resident that could be filled in here") || !strings.Contains(a.Body, "Dear [[resident]], see [[link]].") {
		t.Errorf("a variable that nobody knows: %d", a.Status)
	}
	if a := officer.Post(t, fresh, fresh, url.Values{"name": {"Plans"}, "text-en": {"“[[title]]” is at [[link]]. Say what you think by [[closes]]."}, "version": {"0"}, "do": {"save"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("save: %d %.400s", a.Status, a.Body)
	}
	reply := regexp.MustCompile(`/officer/replies/[0-9a-z]{13}`).FindString(officer.Get(t, "/officer/replies").Body)
	thread := threadPath(question(t, app, id, "Where are the plans?").Thread.ID)
	if strings.Contains(officer.Get(t, thread).Body, `name="insert"`) {
		t.Error("a text that nobody has approved can be put in")
	}
	if a := officer.Post(t, reply, reply, url.Values{"version": {"7"}, "do": {"approve"}}); a.Status != http.StatusConflict || !strings.Contains(a.Body, "changed it meanwhile") {
		t.Errorf("approved another version: %d", a.Status)
	}
	if a := officer.Post(t, reply, reply, url.Values{"version": {"1"}, "do": {"approve"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("approve: %d %.300s", a.Status, a.Body)
	}
	page := officer.Get(t, thread)
	saved := strings.TrimPrefix(reply, "/officer/replies/")
	inserted := officer.Send(t, page, thread, url.Values{"body": {"Good morning."}, "insert": {"yes"}, "saved-reply": {saved}})
	if inserted.Status != http.StatusOK || !strings.Contains(inserted.Body, "Good morning.\n\n“") || !strings.Contains(inserted.Body, "/consultations/"+id.String()+". Say what") ||
		strings.Contains(inserted.Body, "[[closes]]") {
		t.Errorf("put in: %d %.200s", inserted.Status, inserted.Body)
	}
	if !strings.Contains(officer.Get(t, "/officer/replies").Body, "used once") {
		t.Error("the use was not counted")
	}
	if a := app.Client(t).Get(t, thread); strings.Contains(a.Body, `name="insert"`) || strings.Contains(a.Body, "reply-help") {
		t.Error("a resident is offered saved replies")
	}
	// Where no round is open there is no last day: the text says what it lacks instead of half a sentence.
	over := threadPath(question(t, app, app.Consultation(t, 2, consult.ClosedState), "Is it too late?").Thread.ID)
	late := officer.Send(t, officer.Get(t, over), over, url.Values{"body": {""}, "insert": {"yes"}, "saved-reply": {saved}})
	if !strings.Contains(late.Body, "There is no value here for [[closes]]") {
		t.Errorf("no warning of an empty variable: %d", late.Status)
	}
}

// TestO05TwoOfficersDoNotAnswerAcrossEachOther holds what one sees of the other, and that the second reply waits until it was read.
func TestO05TwoOfficersDoNotAnswerAcrossEachOther(t *testing.T) { onBoth(t, twoOfficers) }

func twoOfficers(t *testing.T, app *servertest.App) {
	id := app.Consultation(t, 1, consult.Consulting)
	first := app.Client(t).SignIn(t, app.Officer(t, "first@example.org", consult.RoleOfficer))
	second := app.Client(t).SignIn(t, app.Officer(t, "second@example.org", consult.RoleOfficer))
	thread := threadPath(question(t, app, id, "Where do the bins go?").Thread.ID)
	one, two := first.Get(t, thread), second.Get(t, thread)
	if !strings.Contains(two.Body, "has this open") {
		t.Error("the second officer does not see the first")
	}
	item := strings.TrimPrefix(thread, "/threads/")
	here := func(c *servertest.Client, page servertest.Answer, more url.Values) (out struct{ Here, Newer, Saved string }) {
		t.Helper()
		form := url.Values{"item": {item}, "thread": {item}, "seen": {seenOn(t, page)}}
		for k, v := range more {
			form[k] = v
		}
		a := c.Send(t, page, "/officer/here", form)
		if err := json.Unmarshal([]byte(a.Body), &out); a.Status != http.StatusOK || err != nil {
			t.Fatalf("sign of life: %d %.200s", a.Status, a.Body)
		}
		return out
	}
	if out := here(first, one, url.Values{"writing": {"yes"}, "body": {"They go behind"}}); out.Saved == "" || out.Newer != "" {
		t.Errorf("the draft is not kept: %+v", out)
	}
	if out := here(second, two, nil); !strings.Contains(out.Here, "is writing") {
		t.Errorf("the second does not learn that the first is writing: %+v", out)
	}
	if a := first.Get(t, thread); !strings.Contains(a.Body, "They go behind</textarea>") {
		t.Error("another page does not go on with the draft")
	}
	if a := second.Get(t, thread); !strings.Contains(a.Body, "A colleague has begun a reply") {
		t.Error("the draft is not shared")
	}
	if a := first.Send(t, one, thread, url.Values{"body": {"Behind the bakery."}, "seen": {seenOn(t, one)}}); a.Status != http.StatusSeeOther {
		t.Fatalf("the first answers: %d %.300s", a.Status, a.Body)
	}
	app.Clock.Add(12 * time.Second)
	if out := here(second, two, nil); !strings.Contains(out.Newer, "answered 12 seconds ago") {
		t.Errorf("the second is not told: %+v", out)
	}
	crossing := second.Send(t, two, thread, url.Values{"body": {"In the yard."}, "seen": {seenOn(t, two)}})
	if crossing.Status != http.StatusUnprocessableEntity || !strings.Contains(crossing.Body, "A colleague has answered meanwhile") ||
		!strings.Contains(crossing.Body, "Behind the bakery.") || !strings.Contains(crossing.Body, "In the yard.</textarea>") {
		t.Fatalf("the crossing reply: %d %.400s", crossing.Status, crossing.Body)
	}
	if a := second.Send(t, crossing, thread, url.Values{"body": {"In the yard, from May."}, "seen": {seenOn(t, crossing)}}); a.Status != http.StatusSeeOther {
		t.Errorf("once it was read: %d", a.Status)
	}
	if a := first.Get(t, thread); strings.Contains(a.Body, "They go behind") {
		t.Error("a draft that was sent is still there")
	}
	if a := app.Client(t).Get(t, thread); strings.Count(a.Body, "message--official") != 2 || strings.Contains(a.Body, "has this open") {
		t.Error("the public page does not show two answers, or shows who works on it")
	}
}

// seenOn is the number that a page with an official reply carries.
func seenOn(t *testing.T, page servertest.Answer) string {
	t.Helper()
	m := regexp.MustCompile(`name="seen" value="(\d+)"`).FindStringSubmatch(page.Body)
	if m == nil {
		t.Fatalf("the page does not say what it shows: %d %.300s", page.Status, page.Body)
	}
	return m[1]
}
