package server_test

import (
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/fasthttp/websocket"

	"github.com/yousaid/yousaid/server"
	"github.com/yousaid/yousaid/server/api"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/notify"
	"github.com/yousaid/yousaid/server/servertest"
)

// asking is a concern with two comments and a message in it, and what their authors see.
type asking struct {
	*testing.T
	app             *servertest.App
	id              consult.ID // the consultation
	concern         consult.ID
	first, second   consult.Receipt
	thread          string
	officer, reader *servertest.Client
	asker           *servertest.Client // who asked in the thread
	page            *websocket.Conn    // the first author's open page
}

func newAsking(t *testing.T, options ...servertest.Option) *asking {
	t.Helper()
	app := servertest.New(t, options...)
	s := &asking{T: t, app: app, id: app.Consultation(t, 1, consult.Consulting), reader: app.Client(t), asker: app.Client(t)}
	s.officer = app.Client(t).SignIn(t, app.Officer(t, "officer@example.org", consult.RoleOfficer))
	s.first, s.second = s.comments("first@example.org"), s.comments("second@example.org")
	ask := consultationPath(s.id) + "/ask"
	a := s.asker.Post(t, ask, ask, url.Values{"title": {"Light"}, "body": {"Will our kitchens be dark?"}})
	if a.Status != http.StatusSeeOther {
		t.Fatalf("asking: %d %.500s", a.Status, mainPart(a.Body))
	}
	s.thread = a.Location()
	thread, err := consult.ParseID(strings.TrimPrefix(s.thread, "/threads/"))
	if err != nil {
		t.Fatal(err)
	}
	v, err := app.Service.Thread(t.Context(), consult.System(), thread, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	refs := []consult.PointRef{{Source: s.first.Comment.ID, Topic: "light"}, {Source: s.second.Comment.ID, Topic: "light"}, {Source: v.Messages[0].ID}}
	s.concern, err = app.Service.MakeConcern(t.Context(), consult.System(), consult.ConcernInput{Consultation: s.id, Title: "Will the kitchens be dark?",
		Refs: refs, By: consult.ByHand, Key: consult.NewKey()})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *asking) comments(email string) consult.Receipt {
	s.Helper()
	in := servertest.Comment(s.id)
	in.Contact.Email = email
	r, err := s.app.Service.SubmitComment(s.Context(), consult.Actor{Kind: consult.Visitor}, in)
	if err != nil {
		s.Fatal(err)
	}
	return r
}

func (s *asking) desk() string { return "/officer/concerns/" + s.concern.String() + "/answer" }

// does takes a step on the answer's page.
func (s *asking) does(status int, form url.Values, says ...string) servertest.Answer {
	s.Helper()
	shown := s.officer.Get(s.T, s.desk())
	if m := regexp.MustCompile(`name="rev" value="(\d+)"`).FindStringSubmatch(shown.Body); m != nil && !form.Has("rev") {
		form.Set("rev", m[1])
	}
	a := s.officer.Send(s.T, shown, s.desk(), form)
	if a.Status != status {
		s.Fatalf("%v: %d, want %d: %.2500s", form, a.Status, status, mainPart(a.Body))
	}
	if status == http.StatusSeeOther {
		a = s.officer.Page(s.T, a.Location())
	}
	s.says("the answer's page", a.Body, says...)
	return a
}

func (s *asking) says(where, body string, says ...string) {
	s.Helper()
	body = html.UnescapeString(body)
	for _, words := range says {
		if !strings.Contains(body, words) {
			s.Errorf("%s does not say %q: %.4000s", where, words, mainPart(body))
		}
	}
}

func (s *asking) silent(where, body string, never ...string) {
	s.Helper()
	for _, words := range never {
		if strings.Contains(html.UnescapeString(body), words) {
			s.Errorf("%s says %q: %.4000s", where, words, mainPart(body))
		}
	}
}

func mine(r consult.Receipt) string { return "/my-comment/" + r.Token }

// delivered waits until so many askers have the current answer.
func (s *asking) delivered(n int) {
	s.Helper()
	waitFor(s.T, func() bool {
		d, err := s.app.Service.AnswerDesk(s.Context(), consult.System(), s.concern)
		return err == nil && len(d.Public) > 0 && d.Open.ID == 0 && d.Figures.Delivered == n
	})
}

// TestOneAnswerReachesEverybodyWhoAsked goes the whole way over HTTP, on both engines.
func TestOneAnswerReachesEverybodyWhoAsked(t *testing.T) {
	for name, options := range map[string][]servertest.Option{"sqlite": nil, "postgresql": {servertest.OnPostgreSQL}} {
		t.Run(name, func(t *testing.T) {
			s := newAsking(t, options...)
			s.followEmptyThread()
			s.write()
			s.undo()
			s.publish()
			s.judge()
			s.judgeInTheThread()
			s.correct()
			s.readByPrograms()
		})
	}
}

// followEmptyThread opens the first author's page: its thread is joined before anybody has written there, with the page's key only.
func (s *asking) followEmptyThread() {
	s.Helper()
	a := s.reader.Get(s.T, mine(s.first))
	m := regexp.MustCompile(`data-thread="([^"]+)" data-since="0" data-epoch="([^"]+)" data-key="([^"]+)"`).FindStringSubmatch(a.Body)
	if m == nil {
		s.Fatalf("the author's page follows nothing: %.3000s", mainPart(a.Body))
	}
	s.page = socket(s.T, s.app, nil)
	join := func(key string) string {
		request := map[string]any{"type": "join", "thread": m[1], "since": 0, "epoch": m[2], "render": "html"}
		if key != "" {
			request["key"] = key
		}
		if err := s.page.WriteJSON(request); err != nil {
			s.Fatal(err)
		}
		_, message, err := s.page.ReadMessage()
		if err != nil {
			s.Fatal(err)
		}
		return string(message)
	}
	for _, key := range []string{"", s.second.Token, s.first.Token[:20], "x"} {
		if said := join(key); !strings.Contains(said, "not_found") {
			s.Errorf("the thread of a comment nobody has published, with the key %q: %s", key, said)
		}
	}
	if said := join(m[3]); !strings.Contains(said, `"joined"`) {
		s.Fatalf("its author: %s", said)
	}
}

// write keeps drafts: two officers who write at once both see both texts.
func (s *asking) write() {
	s.Helper()
	s.does(http.StatusSeeOther, url.Values{"do": {"save"}, "body": {"The shadow ends"}, "language": {"en"}}, "Draft", "The shadow ends")
	a := s.does(http.StatusConflict, url.Values{"do": {"save"}, "rev": {"0"}, "body": {"Somebody else began here"}, "language": {"en"}},
		"Somebody saved another text", "The shadow ends", "Somebody else began here")
	s.says("the form to go on with", a.Body, `name="rev" value="1"`)
	s.does(http.StatusUnprocessableEntity, url.Values{"do": {"publish"}, "body": {""}, "language": {"en"}})
	s.does(http.StatusUnprocessableEntity, url.Values{"do": {"publish"}, "body": {strings.Repeat("x", consult.MaxAnswer+1)}, "language": {"en"}})
	s.silent("the public page", s.reader.Get(s.T, "/concerns/"+s.concern.String()).Body, "The shadow ends")
}

// undo takes back what reached nobody.
func (s *asking) undo() {
	s.Helper()
	s.does(http.StatusSeeOther, url.Values{"do": {"publish"}, "body": {"The shadow ends at nine."}, "language": {"en"}}, "Going out", "30 seconds left", "Undo")
	s.does(http.StatusConflict, url.Values{"do": {"save"}, "rev": {"1"}, "body": {"Typed meanwhile"}, "language": {"en"}}, "Typed meanwhile", "Undo")
	s.app.Clock.Add(consult.AnswerUndo - time.Second)
	s.does(http.StatusSeeOther, url.Values{"do": {"undo"}}, "Approved")
	s.app.Clock.Add(10 * time.Minute)
	if sent, err := s.app.Service.SendAnswers(s.Context(), 100); err != nil || sent != (consult.AnswersSent{}) {
		s.Errorf("after it was undone: %+v %v", sent, err)
	}
	for where, path := range map[string]string{"the first author": mine(s.first), "the second": mine(s.second), "the thread": s.thread} {
		s.silent(where, s.reader.Get(s.T, path).Body, "The shadow ends")
	}
	if a := s.reader.Get(s.T, "/concerns/"+s.concern.String()); a.Status != http.StatusNotFound {
		s.Errorf("a concern that nobody showed: %d", a.Status)
	}
}

// publish lets it out: everybody who asked has it, beside their own sentence, live, and by mail that repeats nobody's words.
func (s *asking) publish() {
	s.Helper()
	s.does(http.StatusSeeOther, url.Values{"do": {"publish"}, "body": {"At noon in March the shadow ends before your kitchens."}, "language": {"en"},
		"text-ur": {"مارچ میں دوپہر کو سایہ باورچی خانوں سے پہلے ختم ہو جاتا ہے۔"}, "checked-ur": {"yes"}}, "Going out")
	s.app.Clock.Add(consult.AnswerUndo)
	s.delivered(3)
	a := s.does(http.StatusConflict, url.Values{"do": {"undo"}, "rev": {"9"}}, "Reached 3 of 3", "2 by e-mail", "1 in a conversation", "Nobody has said so far")
	s.silent("the desk", a.Body, "Test officer") // nobody's name
	for _, r := range []consult.Receipt{s.first, s.second} {
		body := s.reader.Get(s.T, mine(r)).Body
		s.says("the author's page", body, "At noon in March the shadow ends before your kitchens.", "Will the kitchens be dark?", "Did this answer you?", "Planning")
		before, after, found := strings.Cut(body, "It takes the light of our kitchen.")
		if !found || !strings.Contains(after, "At noon in March") || strings.Contains(before, "At noon in March") {
			s.Error("the answer does not stand beside the sentence that asked")
		}
	}
	s.says("in Urdu", s.reader.Get(s.T, mine(s.second)+"?lang=ur").Body, "مارچ میں دوپہر کو")
	s.reader.Get(s.T, mine(s.second)+"?lang=en")
	s.says("the public page", s.reader.Get(s.T, "/concerns/"+s.concern.String()).Body, "At noon in March", "The authority’s answer")
	s.says("the list", s.reader.Get(s.T, consultationPath(s.id)+"/concerns").Body, "Answered")
	s.hears()
	for _, to := range []string{"first@example.org", "second@example.org"} {
		mail, err := s.app.Mail.Wait(s.Context(), func(m notify.Message) bool {
			return m.To == to && strings.Contains(m.Subject, "answer to what you asked")
		})
		if err != nil {
			s.Fatalf("mail to %s: %v", to, err)
		}
		s.says("the mail", mail.Text, "/my-comment/", "natural light")
		s.silent("the mail", mail.Text, "our kitchen", "At noon in March")
	}
}

// hears reads the first author's socket: one message, with the answer's id and the fragment of the page.
func (s *asking) hears() {
	s.Helper()
	_, message, err := s.page.ReadMessage()
	if err != nil {
		s.Fatal(err)
	}
	var f struct {
		Type, Kind, HTML string
		Seq              int
		Data             api.Message
	}
	if err := json.Unmarshal(message, &f); err != nil || f.Type != "event" || f.Seq != 1 || f.Data.Answer == "" || !strings.Contains(f.HTML, "At noon in March") {
		s.Fatalf("the open page got %s (%v)", message, err)
	}
	link := s.reader.Get(s.T, "/answers/"+f.Data.Answer)
	if link.Status != http.StatusSeeOther || !strings.HasPrefix(link.Location(), "/concerns/"+s.concern.String()) {
		s.Errorf("the message leads to %d %s", link.Status, link.Location())
	}
}

// says no is not enough: it wants words, and opens just that point again.
func (s *asking) judge() {
	s.Helper()
	verdict := mine(s.first) + "/verdict"
	shown := s.reader.Get(s.T, mine(s.first))
	form := func(value, reason string) url.Values {
		return url.Values{"name": {"1"}, "verdict-1": {value}, "reason-1": {reason}, "topic": {"light"}, "answer": {hidden(s.T, shown.Body, "answer")}, "_key": {consult.NewKey()}}
	}
	for _, f := range []url.Values{form("no", ""), form("partly", " "), form("", "words"), form("perhaps", "words"), form("no", strings.Repeat("x", consult.MaxVerdictReason+1))} {
		if a := s.reader.Send(s.T, shown, verdict, f); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "#verdict-1") && !strings.Contains(a.Body, "#reason-1") {
			s.Errorf("%.80v: %d", f, a.Status)
		}
	}
	s.silent("the inbox before", s.officer.Get(s.T, "/officer").Body, "Nothing about winter.")
	if a := s.reader.Send(s.T, shown, verdict, form("no", "Nothing about winter.")); a.Status != http.StatusSeeOther {
		s.Fatalf("no: %d %.1500s", a.Status, mainPart(a.Body))
	}
	s.says("the author's page", s.reader.Get(s.T, mine(s.first)).Body, "You said: no.", "Nothing about winter.", "Your question is open again")
	inbox := s.officer.Get(s.T, "/officer").Body
	s.says("the inbox", inbox, "Nothing about winter.", "The author says this is not answered:")
	s.says("the answer's page", s.officer.Get(s.T, s.desk()).Body, "Nothing about winter.", "no: 1", "/officer/comments/"+s.first.Comment.ID.String())
	s.silent("the public page", s.reader.Get(s.T, "/concerns/"+s.concern.String()).Body, "said whether this answered them", "winter")
	// Somebody else's page, or somebody else's answer, changes nothing.
	other := form("yes", "")
	other.Set("topic", "traffic")
	if a := s.reader.Send(s.T, shown, verdict, other); a.Status != http.StatusNotFound {
		s.Errorf("a point it did not answer: %d", a.Status)
	}
	if a := s.reader.Send(s.T, shown, "/my-comment/"+s.first.Token[:20]+"/verdict", form("yes", "")); a.Status != http.StatusNotFound {
		s.Errorf("a wrong token: %d", a.Status)
	}
	// It can be changed; then nothing waits.
	if a := s.reader.Send(s.T, shown, verdict, form("yes", "ignored")); a.Status != http.StatusSeeOther {
		s.Fatalf("yes: %d", a.Status)
	}
	s.silent("the inbox", s.officer.Get(s.T, "/officer").Body, "Nothing about winter.")
	if a := s.reader.Send(s.T, shown, verdict, form("no", "Nothing about winter.")); a.Status != http.StatusSeeOther {
		s.Fatalf("no again: %d", a.Status)
	}
}

// hidden is the value of a form's hidden field.
func hidden(t *testing.T, body, name string) string {
	t.Helper()
	m := regexp.MustCompile(`name="` + name + `" value="([^"]+)"`).FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("no field %s: %.3000s", name, mainPart(body))
	}
	return m[1]
}

// judgeInTheThread: the browser that asked is asked, another one is not.
func (s *asking) judgeInTheThread() {
	s.Helper()
	s.silent("another's browser", s.reader.Get(s.T, s.thread).Body, "Did this answer you?")
	shown := s.asker.Get(s.T, s.thread)
	s.says("the asker's thread", shown.Body, "Answers to what you asked here", "Did this answer you?", "At noon in March")
	form := url.Values{"name": {"1"}, "verdict-1": {"no"}, "reason-1": {"What about the stairs?"}, "answer": {hidden(s.T, shown.Body, "answer")},
		"source": {hidden(s.T, shown.Body, "source")}}
	if a := s.reader.Send(s.T, s.reader.Get(s.T, s.thread), s.thread+"/verdict", form); a.Status != http.StatusNotFound {
		s.Errorf("another browser's verdict: %d", a.Status)
	}
	if a := s.asker.Send(s.T, shown, s.thread+"/verdict", form); a.Status != http.StatusSeeOther {
		s.Fatalf("the asker's verdict: %d %.1500s", a.Status, mainPart(a.Body))
	}
	s.says("the inbox", s.officer.Get(s.T, "/officer").Body, "What about the stairs?")
}

// correct writes a new version: it says what changed, and reaches those who got the old one.
func (s *asking) correct() {
	s.Helper()
	s.does(http.StatusUnprocessableEntity, url.Values{"do": {"publish"}, "body": {"It ends in April."}, "language": {"en"}})
	s.does(http.StatusSeeOther, url.Values{"do": {"publish"}, "body": {"In winter it reaches the stairs."}, "changed": {"We had left out the winter."}, "language": {"en"}}, "Going out")
	s.app.Clock.Add(consult.AnswerUndo)
	s.delivered(3)
	for where, path := range map[string]string{"the author's page": mine(s.second), "the public page": "/concerns/" + s.concern.String(), "the asker's thread": s.thread} {
		client := s.reader
		if path == s.thread {
			client = s.asker
		}
		s.says(where, client.Get(s.T, path).Body, "In winter it reaches the stairs.", "We had left out the winter.", "At noon in March", "Version 2")
	}
	s.says("the first author", s.reader.Get(s.T, mine(s.first)).Body, "Did this answer you?")
	s.silent("the inbox", s.officer.Get(s.T, "/officer").Body, "Nothing about winter.", "What about the stairs?")
	if _, err := s.app.Mail.Wait(s.Context(), func(m notify.Message) bool {
		return m.To == "first@example.org" && strings.Contains(m.Subject, "corrected answer")
	}); err != nil {
		s.Error(err)
	}
	thread := s.asker.Get(s.T, s.thread).Body
	if n := strings.Count(thread, `class="message message--official"`); n != 2 {
		s.Errorf("the thread holds %d official messages, want one for each version", n)
	}
}

// readByPrograms holds the API to its description.
func (s *asking) readByPrograms() {
	s.Helper()
	p := readContract(s.T).program(s.T, s.app, "")
	a := p.call(s.T, "GET", "/concerns/"+s.concern.String(), "")
	var k api.ConcernWithAnswer
	if err := json.Unmarshal([]byte(a.Body), &k); err != nil || len(k.Answers) != 2 || k.Answers[0].Version != 2 || k.Answers[1].Translations[0].Language != "ur" || k.AnsweredAt == nil {
		s.Errorf("the API: %s (%v)", a.Body, err)
	}
	s.silent("the API", a.Body, "winter.\",\"reason", "stairs?", `"author"`, "verdicts")
}

// TestFourEyes: where two officers have to answer, who wrote cannot approve.
func TestFourEyes(t *testing.T) {
	s := newAsking(t, servertest.WithConfig(func(c *server.Config) { c.FourEyes = true }))
	text := url.Values{"body": {"The shadow ends at nine."}, "language": {"en"}}
	step := func(do string) url.Values {
		return url.Values{"do": {do}, "body": text["body"], "language": text["language"]}
	}
	for _, do := range []string{"publish", "approve"} {
		s.does(http.StatusUnprocessableEntity, step(do))
	}
	s.does(http.StatusSeeOther, step("review"), "Waits for a colleague")
	s.does(http.StatusUnprocessableEntity, step("approve"), "somebody else has to approve")
	author := s.officer
	s.officer = s.app.Client(t).SignIn(t, s.app.Officer(t, "leader@example.org", consult.RoleOfficer))
	// Whoever changes the words is their author from then on.
	changed := step("approve")
	changed.Set("body", "The shadow ends at ten.")
	s.does(http.StatusUnprocessableEntity, changed, "The shadow ends at ten.")
	s.does(http.StatusSeeOther, step("approve"), "Approved")
	leader := s.officer
	s.officer = author
	edited := step("save")
	edited.Set("body", "The shadow ends at eight.")
	s.does(http.StatusSeeOther, edited, "Draft")
	s.does(http.StatusSeeOther, func() url.Values { f := step("review"); f.Set("body", "The shadow ends at eight."); return f }(), "Waits for a colleague")
	s.officer = leader
	s.does(http.StatusSeeOther, func() url.Values { f := step("approve"); f.Set("body", "The shadow ends at eight."); return f }(), "Approved")
	s.does(http.StatusSeeOther, func() url.Values { f := step("publish"); f.Set("body", "The shadow ends at eight."); return f }(), "Going out")
	s.app.Clock.Add(consult.AnswerUndo)
	s.delivered(3)
}

// TestVerdictsAreToldFromTenOn: fewer would tell who said what.
func TestVerdictsAreToldFromTenOn(t *testing.T) {
	s := newAsking(t)
	var refs []consult.PointRef
	var all []consult.Receipt
	for range consult.MinVerdicts {
		r := s.comments("")
		all, refs = append(all, r), append(refs, consult.PointRef{Source: r.Comment.ID, Topic: "light"})
	}
	if err := s.app.Service.SortPoints(t.Context(), consult.System(), consult.Sorting{Concern: s.concern, Refs: refs, By: consult.ByHand}, consult.NewKey()); err != nil {
		t.Fatal(err)
	}
	s.does(http.StatusSeeOther, url.Values{"do": {"publish"}, "body": {"It ends at nine."}, "language": {"en"}})
	s.app.Clock.Add(consult.AnswerUndo)
	s.delivered(3 + len(all))
	p, _, err := s.app.Service.AnswerTo(t.Context(), s.concern)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range all {
		s.silent("the public page", s.reader.Get(t, "/concerns/"+s.concern.String()).Body, "said whether this answered them")
		in := consult.VerdictInput{Answer: p.Answer.ID, Topic: "light", Value: consult.VerdictYes, Key: consult.NewKey()}
		if i == 0 {
			in.Value, in.Reason = consult.VerdictPartly, "And winter?"
		}
		if err := s.app.Service.JudgeMyAnswer(t.Context(), r.Token, in); err != nil {
			t.Fatal(err)
		}
	}
	s.says("the public page", s.reader.Get(t, "/concerns/"+s.concern.String()).Body, "10 people who asked said whether this answered them. Yes: 9, partly: 1, no: 0.")
	a := readContract(t).program(t, s.app, "").call(t, "GET", "/concerns/"+s.concern.String(), "")
	s.says("the API", a.Body, `"verdicts":{"yes":9,"partly":1,"no":0}`)
}
