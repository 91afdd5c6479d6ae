package server_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/servertest"
)

// plantRedactions publishes a comment without some of its words, leaves a decision with its words waiting for a second officer, and lets an
// author ask what nobody else may read.
func (s *secrets) plantRedactions(t *testing.T) {
	t.Helper()
	officer := consult.Actor{Kind: consult.Signed, ID: 5, Roles: []consult.Role{consult.RoleOfficer}, Service: "Planning", Title: "Planning officer"}
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	submit := func(text, place string) (consult.Receipt, consult.CommentFile) {
		t.Helper()
		in := servertest.Comment(s.public)
		in.Points, in.PlaceText, in.Contact.Email = []consult.CommentPoint{{Topic: "noise", Text: text}}, place, ""
		receipt, err := s.app.Service.SubmitComment(t.Context(), consult.Actor{}, in)
		do(err)
		file, _, err := s.app.Service.CommentFile(t.Context(), officer, receipt.Comment.ID)
		do(err)
		return receipt, file
	}
	receipt, file := submit("The house of canary-taken-out is loud,\ncanary-taken-out!", "behind canary-taken-out")
	places := file.Occurrences("canary-taken-out", "third-party")
	if len(places) != 3 {
		t.Fatalf("%d places", len(places))
	}
	do(s.app.Service.PublishComment(t.Context(), officer, consult.Publication{Comment: receipt.Comment.ID, Redactions: places, Marks: consult.RedactionMarks{"third-party": "[removed]"}}))
	do(s.app.Service.AskCorrection(t.Context(), receipt.Token, "canary-correction"))
	do(s.app.Service.ReplyCorrection(t.Context(), officer, receipt.Comment.ID, "canary-reply"))
	do(s.app.Service.SetSecondLook(t.Context(), officer, s.public, true))
	waiting, _ := submit("canary-second-look", "canary-second-look")
	do(s.app.Service.PublishComment(t.Context(), officer, consult.Publication{Comment: waiting.Comment.ID}))
	do(s.app.Service.SetSecondLook(t.Context(), officer, s.public, false))
	if c, err := s.app.App.Store().Comment(t.Context(), waiting.Comment.ID); err != nil || c.State != consult.CommentReceived {
		t.Fatalf("a decision that waits holds: %v %v", c.State, err)
	}
	public := s.app.Client(t).Get(t, "/comments/"+receipt.Comment.ID.String()).Body
	if !strings.Contains(public, "The house of [removed] is loud,\n[removed]!") {
		t.Errorf("the published copy: %s", mainPart(public))
	}
}

// redacted is a comment on its way through the redaction desk.
type redacted struct {
	*testing.T
	app                     *servertest.App
	id                      consult.ID
	resident, first, second *servertest.Client
	mine, link              string
}

const (
	personal = "Ring me on 0121 496 0000.\n\nMy son has asthma and Mrs Sampleton agrees."
	harmless = "The bend is blind."
)

func newRedacted(t *testing.T, options ...servertest.Option) *redacted {
	t.Helper()
	app := servertest.New(t, options...)
	w := &redacted{T: t, app: app, id: app.Consultation(t, 1, consult.Consulting), resident: app.Client(t)}
	w.first = app.Client(t).SignIn(t, app.Officer(t, "first@example.org", consult.RoleOfficer))
	w.second = app.Client(t).SignIn(t, app.Officer(t, "second@example.org", consult.RoleModerator))
	return w
}

// comment writes one in the browser and keeps where it is.
func (w *redacted) comment(light, traffic string) (check string) {
	w.Helper()
	at := begin(w.T, w.resident, w.id)
	for _, form := range []url.Values{{"text-light": {light}, "text-traffic": {traffic}}, {"place": {"the back of 14 Sample Close"}}, details} {
		at = step(w.T, w.resident, at, form)
	}
	check = w.resident.Get(w.T, at).Body
	w.mine = step(w.T, w.resident, at, nil)
	w.mine, _, _ = strings.Cut(w.mine, "?")
	found := regexp.MustCompile(`/officer/comments/[0-9a-z]{13}`).FindAllString(w.first.Get(w.T, "/officer?view=publish").Body, -1)
	w.link = found[len(found)-1]
	return check
}

func (w *redacted) wants(page, what string, says ...string) {
	w.Helper()
	for _, words := range says {
		if !strings.Contains(html.UnescapeString(page), words) {
			w.Errorf("%s does not say %q: %.6000s", what, words, mainPart(page))
		}
	}
}

func (w *redacted) hides(page, what string, words ...string) {
	w.Helper()
	for _, secret := range words {
		if strings.Contains(html.UnescapeString(page), secret) {
			w.Errorf("%s shows %q", what, secret)
		}
	}
}

// ticked are the places that a page has ticked.
func ticked(page string) []string {
	var keys []string
	for _, m := range regexp.MustCompile(`name="take" type="checkbox" value="([^"]*)" checked`).FindAllStringSubmatch(page, -1) {
		keys = append(keys, html.UnescapeString(m[1]))
	}
	return keys
}

func (w *redacted) public() string {
	return "/comments/" + strings.TrimPrefix(w.link, "/officer/comments/")
}

func (w *redacted) send(c *servertest.Client, status int, action string, form url.Values) servertest.Answer {
	w.Helper()
	a := c.Post(w.T, w.link, w.link+action, form)
	if a.Status != status {
		w.Fatalf("%s %v: %d, want %d: %.3000s", action, form, a.Status, status, mainPart(a.Body))
	}
	return a
}

// TestWordsAreTakenOutPlaceByPlaceAndTheAuthorSeesIt goes the whole way over HTTP on both engines: the author is warned before sending, an
// officer takes places out and leaves others, everybody reads marks, the author sees both texts, asks, and gets a reply.
func TestWordsAreTakenOutPlaceByPlaceAndTheAuthorSeesIt(t *testing.T) {
	for name, options := range map[string][]servertest.Option{"sqlite": nil, "postgresql": {servertest.OnPostgreSQL}} {
		t.Run(name, func(t *testing.T) {
			w := newRedacted(t, options...)
			check := w.comment(personal, harmless)
			w.wants(check, "the check page", "What everybody will probably read", "Telephone number", "Ring me on [contact details removed].", "Mrs [details of another person removed]",
				"the back of [contact details removed]")
			desk := w.first.Get(t, w.link).Body
			keys := ticked(desk)
			want := []string{"light:11:24:phone", "light:38:44:health", "light:53:62:person", "@place:12:27:address"}
			if strings.Join(keys, " ") != strings.Join(want, " ") {
				t.Fatalf("proposed %q, want %q", keys, want)
			}
			w.takeOut()
			w.askAndReply()
		})
	}
}

func (w *redacted) takeOut() {
	form := url.Values{"do": {"preview"}, "take": {"light:11:24:phone", "light:53:62:person", "@place:12:27:address"}, "why-light:53:62:person": {"defamatory"},
		"more": {"BLIND"}, "more-reason": {"offensive"}}
	preview := w.send(w.first, http.StatusOK, "/publish", form).Body
	w.wants(preview, "the preview", "Ring me on [contact details removed].\n\nMy son has asthma and Mrs [words removed: possibly defamatory] agrees.", "The bend is [offensive words removed].")
	if keys := ticked(preview); len(keys) != 4 {
		w.Fatalf("after the preview %q are ticked", keys)
	}
	if a := w.resident.Get(w.T, w.public()); a.Status != http.StatusNotFound {
		w.Errorf("a preview publishes: %d", a.Status)
	}
	for field, value := range map[string]string{"take": "light:11:240:phone", "more": "not there"} {
		w.send(w.first, http.StatusUnprocessableEntity, "/publish", url.Values{"do": {"publish"}, field: {value}, "more-reason": {"name"}})
	}
	w.send(w.first, http.StatusUnprocessableEntity, "/publish", url.Values{"do": {"withhold"}})
	form.Set("do", "publish")
	w.send(w.first, http.StatusSeeOther, "/publish", form)
	public := w.resident.Get(w.T, w.public()).Body
	w.wants(public, "the public page", "Ring me on [contact details removed].\n\nMy son has asthma", "personal information taken out")
	w.hides(public, "the public page", "0121 496 0000", "Sampleton", "blind", "14 Sample Close", "Resident of Sample Street")
	desk := w.first.Get(w.T, w.link).Body
	w.wants(desk, "the desk", personal, "Telephone number")
	if keys := ticked(desk); strings.Join(keys, " ") != "light:11:24:phone light:53:62:person traffic:12:17:words @place:12:27:address" {
		w.Errorf("the places that are kept: %q", keys)
	}
}

func (w *redacted) askAndReply() {
	mine := w.resident.Get(w.T, w.mine).Body
	w.wants(mine, "the author's page", "<del>0121 496 0000</del>", "<del>Sampleton</del>", "Possibly defamatory words", "Ring me on [contact details removed].")
	w.hides(mine, "the author's page", "first@example.org")
	ask := func(status int, body string) {
		w.Helper()
		if a := w.resident.Post(w.T, w.mine, w.mine+"/correction", url.Values{"correction": {body}}); a.Status != status {
			w.Fatalf("asking %q: %d %.600s", body, a.Status, mainPart(a.Body))
		}
	}
	ask(http.StatusUnprocessableEntity, " ")
	ask(http.StatusSeeOther, "Blind is what the bend is.")
	ask(http.StatusConflict, "And once more.")
	w.wants(w.resident.Get(w.T, w.mine).Body, "the author's page", "Blind is what the bend is.", "An officer will answer here.")
	w.wants(w.second.Get(w.T, "/officer/redactions").Body, "the list", "Blind is what the bend is.", w.link)
	w.send(w.second, http.StatusUnprocessableEntity, "/correction", url.Values{"reply": {""}})
	w.send(w.second, http.StatusSeeOther, "/correction", url.Values{"reply": {"You are right, it is back."}})
	w.send(w.second, http.StatusSeeOther, "/publish", url.Values{"do": {"publish"}, "take": {"light:11:24:phone"}})
	w.wants(w.resident.Get(w.T, w.mine).Body, "the author's page", "You are right, it is back.")
	w.wants(w.resident.Get(w.T, w.public()).Body, "the public page", "The bend is blind.", "Mrs Sampleton")
}

// TestTypedTextsAreComparedAndWithheldOnesStayAway keeps the ways that were there before the desk.
func TestTypedTextsAreComparedAndWithheldOnesStayAway(t *testing.T) {
	w := newRedacted(t)
	w.comment(personal, harmless)
	typed := url.Values{"do": {"publish"}, "text-light": {"Ring me.\n\nMy son agrees."}, "text-traffic": {harmless}, "place": {"the back of 14 Sample Close"}}
	w.send(w.first, http.StatusUnprocessableEntity, "/publish", typed)
	typed.Set("reasons", "special-category")
	w.send(w.first, http.StatusSeeOther, "/publish", typed)
	w.wants(w.first.Get(t, w.link).Body, "the desk", "Mark places instead", `name="text-light"`)
	w.wants(w.first.Get(t, w.link+"?way=desk").Body, "the desk", `name="take"`)
	mine := w.resident.Get(t, w.mine).Body
	w.wants(mine, "the author's page", "<del> on 0121 496 0000</del>", "Ring me.")
	w.send(w.first, http.StatusUnprocessableEntity, "/publish", url.Values{"do": {"withhold"}, "reasons": {"child"}}) // readers have seen it
	w.resident = w.app.Client(t)
	w.comment(personal, harmless)
	w.send(w.first, http.StatusSeeOther, "/publish", url.Values{"do": {"withhold"}, "reasons": {"child"}})
	if a := w.resident.Get(t, w.public()); a.Status != http.StatusNotFound {
		t.Errorf("a withheld comment: %d", a.Status)
	}
	w.wants(w.resident.Get(t, w.mine).Body, "the author's page", "Your comment is not published")
}

// TestNothingIsPublishedByOneOfficerAloneWhereTwoAreAskedFor follows a decision that another officer returns, passes, or cannot.
func TestNothingIsPublishedByOneOfficerAloneWhereTwoAreAskedFor(t *testing.T) {
	for name, options := range map[string][]servertest.Option{"sqlite": nil, "postgresql": {servertest.OnPostgreSQL}} {
		t.Run(name, func(t *testing.T) {
			w := newRedacted(t, options...)
			w.comment(personal, harmless)
			rule := "/officer/consultations/" + w.id.String() + "/redactions"
			if a := w.second.Post(t, rule, rule+"/rule", url.Values{"rule": {"on"}}); a.Status != http.StatusForbidden {
				t.Errorf("a moderator changes the rule: %d", a.Status)
			}
			if a := w.first.Post(t, rule, rule+"/rule", url.Values{"rule": {"on"}}); a.Status != http.StatusSeeOther {
				t.Fatalf("the rule: %d", a.Status)
			}
			decide := url.Values{"do": {"publish"}, "take": {"light:11:24:phone"}}
			w.send(w.first, http.StatusSeeOther, "/publish", decide)
			if a := w.resident.Get(t, w.public()); a.Status != http.StatusNotFound {
				t.Fatalf("published by one alone: %d", a.Status)
			}
			w.wants(w.second.Get(t, "/officer/redactions").Body, "the list", w.link, "1 place taken out")
			w.wants(w.first.Get(t, w.link).Body, "the page of who decided", "This is your decision")
			seen := func(c *servertest.Client) string {
				m := regexp.MustCompile(`name="seen" value="(\d+)"`).FindStringSubmatch(c.Get(t, w.link).Body)
				if m == nil {
					t.Fatal("nothing to pass")
				}
				return m[1]
			}
			old := seen(w.second)
			w.send(w.first, http.StatusConflict, "/second-look", url.Values{"do": {"pass"}, "seen": {old}})
			w.send(w.second, http.StatusUnprocessableEntity, "/second-look", url.Values{"do": {"return"}, "seen": {old}})
			w.send(w.second, http.StatusSeeOther, "/second-look", url.Values{"do": {"return"}, "seen": {old}, "note": {"The health of the child, too."}})
			w.wants(w.first.Get(t, w.link).Body, "the page of who decided", "The health of the child, too.")
			w.app.Clock.Add(1000)
			decide.Add("take", "light:38:44:health")
			w.send(w.first, http.StatusSeeOther, "/publish", decide)
			w.send(w.second, http.StatusConflict, "/second-look", url.Values{"do": {"pass"}, "seen": {old}})
			w.send(w.second, http.StatusSeeOther, "/second-look", url.Values{"do": {"pass"}, "seen": {seen(w.second)}})
			public := w.resident.Get(t, w.public()).Body
			w.wants(public, "the public page", "My son has [sensitive personal details removed]")
			w.hides(public, "the public page", "asthma", "0121 496 0000")
			w.wants(w.second.Get(t, "/officer/redactions").Body, "the list", "No decision waits.")
			w.resident = w.app.Client(t)
			w.comment(personal, harmless)
			w.send(w.first, http.StatusSeeOther, "/publish", url.Values{"do": {"withhold"}, "reasons": {"child"}})
			w.wants(w.second.Get(t, "/officer/redactions").Body, "the list", "Not to be published")
			w.hides(w.resident.Get(t, w.mine).Body, "the author's page", "Your comment is not published")
			w.send(w.second, http.StatusSeeOther, "/second-look", url.Values{"do": {"pass"}, "seen": {seen(w.second)}})
			w.wants(w.resident.Get(t, w.mine).Body, "the author's page", "Your comment is not published")
		})
	}
}

// TestCommentsInWhichNothingWasFoundArePublishedInAList names each and leaves the others for a look of their own.
func TestCommentsInWhichNothingWasFoundArePublishedInAList(t *testing.T) {
	w := newRedacted(t)
	var ids []string
	for i, text := range []string{harmless, personal, "It takes our light.", "Loud. " + strings.Repeat("Very loud. ", 200)} {
		in := servertest.Comment(w.id)
		in.Points, in.PlaceText = []consult.CommentPoint{{Topic: "noise", Text: text}}, ""
		in.Contact.Email = ""
		receipt, err := w.app.Service.SubmitComment(t.Context(), consult.Actor{Kind: consult.Visitor, ID: consult.ID(i + 1)}, in)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, receipt.Comment.ID.String())
		w.app.Clock.Add(1e9)
	}
	list := "/officer/consultations/" + w.id.String() + "/redactions"
	page := w.first.Get(t, list)
	for i, want := range []bool{true, false, true, false} {
		if got := strings.Contains(page.Body, `value="`+ids[i]+`" checked`); got != want {
			t.Errorf("comment %d offered: %t, want %t", i, got, want)
		}
	}
	w.wants(page.Body, "the list", "Telephone number", "Too long for this list", harmless)
	a := w.first.Send(t, page, list, url.Values{"comment": {ids[0], ids[1]}}) // the second was not offered
	if a.Status != http.StatusSeeOther {
		t.Fatalf("publishing: %d %.600s", a.Status, a.Body)
	}
	w.wants(w.first.Page(t, a.Location()).Body, "the list", "1 comment was published.")
	for i, want := range []int{http.StatusOK, http.StatusNotFound, http.StatusNotFound, http.StatusNotFound} {
		if got := w.resident.Get(t, "/comments/"+ids[i]).Status; got != want {
			t.Errorf("comment %d: %d, want %d", i, got, want)
		}
	}
	opened := 0
	rows, err := w.app.App.Store().AuditRows(t.Context(), 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if r.Action == "comment.open" {
			opened++
		}
	}
	if opened != 7 { // four, and three once one is published
		t.Errorf("%d comments were opened by the log, want 7", opened)
	}
}
