package server_test

import (
	"bytes"
	"encoding/json"
	"image/png"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fasthttp/websocket"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/notify"
	"github.com/yousaid/yousaid/server/servertest"
)

// aCard is the form of a card on a claim that goes round.
func aCard(id consult.ID) url.Values {
	return url.Values{"rev": {"0"}, "consultation": {id.String()}, "kind": {"claim"}, "claim": {"All the trees on the yard will be felled"},
		"short": {"Two of eleven trees are felled; nine stay."}, "answer": {"Nine of the eleven stay.\n\nTwo are diseased."},
		"source-1": {"Tree survey, page 4"}, "source-1-link": {"https://example.org/trees"}, "phrasings": {"they are cutting down every tree\nتمام درخت کاٹ دیے جائیں گے"},
		"language": {"en"}, "service": {"Planning"}, "review-day": {"1"}, "review-month": {"9"}, "review-year": {"2026"}}
}

// rumour is a claim on its way from the first message to the card.
type rumour struct {
	*testing.T
	app                        *servertest.App
	id                         consult.ID
	officer, resident, another *servertest.Client
	card                       string // the card's id
	thread, message            string
	since                      int64
	page                       *websocket.Conn // another resident's open page
}

func newRumour(t *testing.T, options ...servertest.Option) *rumour {
	t.Helper()
	app := servertest.New(t, options...)
	r := &rumour{T: t, app: app, id: app.Consultation(t, 1, consult.Consulting), resident: app.Client(t), another: app.Client(t)}
	r.officer = app.Client(t).SignIn(t, app.Officer(t, "officer@example.org", consult.RoleOfficer))
	return r
}

func (r *rumour) desk() string { return "/officer/facts/" + r.card }

// save sends the officer's form and wants a status and words in the answer.
func (r *rumour) save(status int, page, action string, form url.Values, says ...string) servertest.Answer {
	r.Helper()
	a := r.officer.Post(r.T, page, action, form)
	if a.Status != status {
		r.Fatalf("%s: %d, want %d: %.1500s", action, a.Status, status, mainPart(a.Body))
	}
	for _, words := range says {
		if !strings.Contains(a.Body, words) {
			r.Errorf("%s does not say %q: %.2500s", action, words, mainPart(a.Body))
		}
	}
	return a
}

func (r *rumour) rev() string {
	r.Helper()
	m := regexp.MustCompile(`name="rev" value="(\d+)"`).FindStringSubmatch(r.officer.Get(r.T, r.desk()).Body)
	if m == nil {
		r.Fatal("the card's page has no revision")
	}
	return m[1]
}

// TestAClaimIsAnsweredOnce goes the whole way over HTTP, on both engines.
func TestAClaimIsAnsweredOnce(t *testing.T) {
	for name, options := range map[string][]servertest.Option{"sqlite": nil, "postgresql": {servertest.OnPostgreSQL}} {
		t.Run(name, func(t *testing.T) {
			r := newRumour(t, options...)
			r.rumourStarts()
			r.write()
			r.suggest()
			r.pin()
			r.tellAuthors()
			r.change()
			r.measure()
			r.retire()
		})
	}
}

// rumourStarts posts the first message that makes the claim, long before there is a card.
func (r *rumour) rumourStarts() {
	posted := question(r.T, r.app, r.id, "I heard they are cutting down every tree on the yard!")
	r.thread, r.message, r.since = posted.Thread.ID.String(), posted.Message.ID.String(), posted.Thread.Seq
	r.app.Clock.Add(30 * time.Hour)
	r.officer = r.app.Client(r.T).SignIn(r.T, r.app.Officer(r.T, "second@example.org", consult.RoleOfficer)) // sessions end overnight
}

// write makes a card, which is refused without a source, and never writes over somebody else's.
func (r *rumour) write() {
	r.Helper()
	list := consultationPath(r.id) + "/facts"
	empty := "/officer/facts/new?consultation=" + r.id.String()
	form := aCard(r.id)
	form.Del("source-1")
	form.Del("source-1-link")
	made := r.save(http.StatusSeeOther, empty, "/officer/facts/new", form)
	r.card = regexp.MustCompile(`[0-9a-z]{13}`).FindString(made.Location())
	r.save(http.StatusUnprocessableEntity, r.desk(), r.desk()+"/publish", url.Values{"rev": {"1"}}, "Name at least one source")
	if a := r.resident.Get(r.T, "/facts/"+r.card); a.Status != http.StatusNotFound {
		r.Errorf("a draft can be read: %d", a.Status)
	}
	form = aCard(r.id)
	form.Set("rev", "1")
	r.save(http.StatusSeeOther, r.desk(), r.desk(), form)
	form.Set("short", "None is felled.")
	r.save(http.StatusConflict, r.desk(), r.desk(), form, "Two of eleven trees are felled", "None is felled.")
	r.save(http.StatusConflict, r.desk(), r.desk()+"/publish", url.Values{"rev": {"1"}})

	// A card can be pinned while it is written; nobody sees that.
	r.save(http.StatusSeeOther, r.desk()+"/pins", r.desk()+"/pins", url.Values{"do": {"pin"}, "subject": {r.message}})
	if a := r.resident.Get(r.T, "/threads/"+r.thread); strings.Contains(a.Body, "nine stay") {
		r.Error("a draft shows under the message")
	}
	r.save(http.StatusSeeOther, r.desk(), r.desk()+"/publish", url.Values{"rev": {r.rev()}, "tell": {"authors"}})
	for path, want := range map[string]string{"/facts/" + r.card: "Tree survey, page 4", list: "nine stay", consultationPath(r.id): "nine stay",
		"/threads/" + r.thread: "nine stay"} {
		if a := r.resident.Get(r.T, path); a.Status != http.StatusOK || !strings.Contains(a.Body, want) {
			r.Errorf("%s: %d, it lacks %q", path, a.Status, want)
		}
	}
}

var factInput = regexp.MustCompile(`name="fact" value="([0-9a-z]{13})"`)

// suggest lets residents who make the claim see the card, once, and post all the same.
func (r *rumour) suggest() {
	r.Helper()
	ask := consultationPath(r.id) + "/ask"
	claim := url.Values{"title": {"Trees"}, "body": {"They say all the trees on the yard will be felled. Is it so?"}}
	shown := r.resident.Post(r.T, ask, ask, claim)
	card := factInput.FindStringSubmatch(shown.Body)
	if shown.Status != http.StatusOK || card == nil || card[1] != r.card {
		r.Fatalf("asking with the claim: %d %.2000s", shown.Status, mainPart(shown.Body))
	}
	for _, want := range []string{"The council has answered this", "nine stay", "Post anyway", "They say all the trees on the yard", "trees"} {
		if !strings.Contains(mainPart(shown.Body), want) {
			r.Errorf("the page lacks %q: %.2500s", want, mainPart(shown.Body))
		}
	}
	claim.Set("fact", r.card)
	first, second := r.resident.Send(r.T, shown, ask, claim), r.resident.Send(r.T, shown, ask, claim)
	if first.Status != http.StatusSeeOther || first.Location() != second.Location() {
		r.Errorf("posting anyway, twice: %d %s, %d %s: the key was lost", first.Status, first.Location(), second.Status, second.Location())
	}

	thread := "/threads/" + r.thread
	other := r.another.Post(r.T, thread, thread, url.Values{"body": {"Where do bicycles go?"}})
	if other.Status != http.StatusSeeOther {
		r.Errorf("a message that claims nothing: %d", other.Status)
	}
	reply := url.Values{"body": {"Every tree on the yard will be felled, I know it."}}
	shown = r.another.Post(r.T, thread, thread, reply)
	if shown.Status != http.StatusOK || !factInput.MatchString(shown.Body) {
		r.Errorf("a message with the claim: %d", shown.Status)
	}
	reply.Set("fact", r.card)
	if a := r.another.Send(r.T, shown, thread, reply); a.Status != http.StatusSeeOther {
		r.Errorf("posting it anyway: %d", a.Status)
	}
	r.askWhileTyping(thread)
	if a := r.officer.Post(r.T, thread, thread, url.Values{"body": {"No: all the trees will be felled is wrong."}}); a.Status != http.StatusSeeOther {
		r.Errorf("an official answer is held up: %d", a.Status)
	}
}

// askWhileTyping is what the page's script asks; nothing of it is kept.
func (r *rumour) askWhileTyping(page string) {
	r.Helper()
	match := consultationPath(r.id) + "/facts/match"
	for _, row := range []struct {
		form   url.Values
		status int
	}{
		{url.Values{"text": {"canary: all the trees on the yard will be felled"}, "sends": {"yes"}}, http.StatusOK},
		{url.Values{"text": {"canary: all the trees on the yard will be felled"}, "fact": {r.card}}, http.StatusNoContent},
		{url.Values{"text": {"canary: تمام درخت کاٹ دیے جائیں گے"}}, http.StatusOK},
		{url.Values{"text": {"canary: where do bicycles go?"}}, http.StatusNoContent},
		{url.Values{"text": {""}}, http.StatusNoContent},
	} {
		a := r.another.Post(r.T, page, match, row.form)
		if a.Status != row.status || (a.Status == http.StatusOK) != strings.Contains(a.Body, r.card) {
			r.Errorf("typing %v: %d, want %d: %.500s", row.form, a.Status, row.status, a.Body)
		}
		if cache := a.Header.Get("Cache-Control"); cache != "private, no-store" {
			r.Errorf("what is typed may be kept by a cache: %q", cache)
		}
	}
	if strings.Contains(r.app.Log.String(), "canary") {
		r.Error("what was typed stands in the log")
	}
	if a := r.another.Do(r.T, http.MethodPost, match, strings.NewReader("text=all+the+trees"), map[string]string{"Content-Type": "application/x-www-form-urlencoded"}); a.Status != http.StatusForbidden {
		r.Errorf("another site may ask: %d", a.Status)
	}
}

// pin shows the card under a message, and on pages that are open.
func (r *rumour) pin() {
	r.Helper()
	pins := r.officer.Get(r.T, r.desk()+"/pins").Body
	found := regexp.MustCompile(`name="subject" id="subject-([0-9a-z]{13})"`).FindAllStringSubmatch(pins, -1)
	var candidates []string
	for _, m := range found {
		candidates = append(candidates, m[1])
	}
	if len(candidates) != 3 || !slices.Contains(candidates, r.message) || strings.Contains(pins, "bicycles") {
		r.Fatalf("two candidates and a pin are expected: %v %.3000s", candidates, mainPart(pins))
	}
	page := socket(r.T, r.app, nil)
	if err := page.WriteJSON(map[string]any{"type": "join", "thread": r.thread, "since": r.since, "epoch": r.epoch(), "render": "html"}); err != nil {
		r.Fatal(err)
	}
	r.page = page
	r.await("joined", "")
	r.await("pinned", "nine stay") // the one of the draft, when it was published
	r.save(http.StatusUnprocessableEntity, r.desk()+"/pins", r.desk()+"/pins", url.Values{"do": {"pin"}}, "Tick at least one")
	r.save(http.StatusSeeOther, r.desk()+"/pins", r.desk()+"/pins", url.Values{"do": {"pin"}, "subject": candidates})
	r.await("message", "bicycles")
	live := r.await("pinned", "I know it")
	if !strings.Contains(live, "nine stay") {
		r.Errorf("the open page is not shown the card: %s", live)
	}
	api := readContract(r.T).program(r.T, r.app, "")
	for _, path := range []string{"/threads/" + r.thread + "/messages", "/consultations/" + r.id.String() + "/facts", "/facts/" + r.card} {
		if a := api.call(r.T, http.MethodGet, path, ""); a.Status != http.StatusOK || !strings.Contains(a.Body, r.card) {
			r.Errorf("the API's %s: %d %.400s", path, a.Status, a.Body)
		}
	}
}

func (r *rumour) epoch() string {
	r.Helper()
	v, err := r.app.Service.Thread(r.Context(), consult.Actor{}, r.threadID(), 0, 1)
	if err != nil {
		r.Fatal(err)
	}
	return v.Thread.Epoch
}

func (r *rumour) threadID() consult.ID {
	id, err := consult.ParseID(r.thread)
	if err != nil {
		r.Fatal(err)
	}
	return id
}

// await reads the open page's socket up to a frame of a kind that says something.
func (r *rumour) await(kind, says string) string {
	r.Helper()
	for {
		_, raw, err := r.page.ReadMessage()
		if err != nil {
			r.Fatalf("waiting for %s %q: %v", kind, says, err)
		}
		var frame struct{ Type, Kind, HTML string }
		if err := json.Unmarshal(raw, &frame); err != nil {
			r.Fatal(err)
		}
		if (frame.Type == kind || frame.Kind == kind) && strings.Contains(string(raw)+frame.HTML, says) {
			return frame.HTML
		}
	}
}

// tellAuthors pins the card to a published comment: its author gets one mail, whatever is pinned and published after that.
func (r *rumour) tellAuthors() {
	r.Helper()
	at := begin(r.T, r.resident, r.id)
	at = step(r.T, r.resident, at, url.Values{"text-light": {"All the trees on the yard will be felled and it gets hot."}, "text-traffic": {"No."}})
	for _, form := range []url.Values{place, details} {
		at = step(r.T, r.resident, at, form)
	}
	check := r.resident.Get(r.T, at)
	if !strings.Contains(check.Body, "You need not change anything") || !strings.Contains(check.Body, "nine stay") {
		r.Errorf("the check page does not show the card: %.2500s", mainPart(check.Body))
	}
	step(r.T, r.resident, at, nil)
	link := regexp.MustCompile(`/officer/comments/[0-9a-z]{13}`).FindString(r.officer.Get(r.T, "/officer").Body)
	r.save(http.StatusSeeOther, link, link+"/publish", url.Values{"do": {"publish"}, "text-light": {"All the trees on the yard will be felled and it gets hot."},
		"text-traffic": {"No."}, "place": place["place"]})
	comment := strings.TrimPrefix(link, "/officer/comments/")
	for range 2 {
		r.save(http.StatusSeeOther, r.desk()+"/pins", r.desk()+"/pins", url.Values{"do": {"pin"}, "subject": {comment}})
	}
	mail, err := r.app.Mail.Wait(r.Context(), func(m notify.Message) bool { return strings.Contains(m.Text, "nine stay") })
	if err != nil || mail.To != "resident@example.org" || !strings.Contains(mail.Text, r.app.URL+"/facts/"+r.card) || strings.Contains(mail.Text, "it gets hot") {
		r.Errorf("the author's mail: %v %+v", err, mail)
	}
	if a := r.another.Get(r.T, "/comments/"+comment); !strings.Contains(a.Body, "nine stay") {
		r.Errorf("the card is not under the comment: %.1500s", mainPart(a.Body))
	}
	api := readContract(r.T).program(r.T, r.app, "")
	if a := api.call(r.T, http.MethodGet, "/consultations/"+r.id.String()+"/comments", ""); !strings.Contains(a.Body, r.card) {
		r.Errorf("the API does not say what is pinned under a comment: %.600s", a.Body)
	}
}

// change publishes new words: with a line that says what changed, kept beside the old ones, live where it is pinned, mailed once.
func (r *rumour) change() {
	r.Helper()
	form := aCard(r.id)
	form.Set("rev", r.rev())
	form.Set("short", "One of eleven trees is felled; ten stay.")
	form.Set("tell", "authors")
	r.save(http.StatusUnprocessableEntity, r.desk(), r.desk(), form, "Say in a line what changed")
	form.Set("changed", "The second tree can be saved.")
	r.save(http.StatusSeeOther, r.desk(), r.desk(), form)
	r.await("pinned", "ten stay")
	page := r.another.Get(r.T, "/facts/"+r.card).Body
	for _, want := range []string{"ten stay", "nine stay", "The second tree can be saved."} {
		if !strings.Contains(page, want) {
			r.Errorf("the card's page lacks %q", want)
		}
	}
	if _, err := r.app.Mail.Wait(r.Context(), func(m notify.Message) bool { return strings.Contains(m.Text, "ten stay") }); err != nil {
		r.Errorf("the new words reach nobody: %v", err)
	}
	sent := 0
	for _, m := range r.app.Mail.Sent() {
		if strings.Contains(m.Text, r.card) {
			sent++
		}
	}
	if sent != 2 {
		r.Errorf("%d mails about two versions to one address", sent)
	}
	form.Set("rev", r.rev())
	form.Set("phrasings", "no tree is safe")
	form.Del("changed")
	r.save(http.StatusSeeOther, r.desk(), r.desk(), form) // what nobody reads needs no line
}

func (r *rumour) measure() {
	r.Helper()
	list := r.officer.Get(r.T, "/officer/consultations/"+r.id.String()+"/facts").Body
	for _, want := range []string{"within 30 hours", "nobody is followed reading", "pinned in 4 places", "2 mails"} {
		if !strings.Contains(list, want) {
			r.Errorf("the list lacks %q: %.3000s", want, mainPart(list))
		}
	}
	r.app.Clock.Add(200 * 24 * time.Hour)
	r.officer = r.app.Client(r.T).SignIn(r.T, r.app.Officer(r.T, "third@example.org", consult.RoleOfficer))
	if list = r.officer.Get(r.T, "/officer/facts").Body; !strings.Contains(list, "it was due on 1 September 2026") {
		r.Errorf("nobody is reminded to look again: %.2000s", mainPart(list))
	}
	if a := r.another.Get(r.T, "/facts/"+r.card); !strings.Contains(a.Body, "It was due to be looked at again by 1 September 2026") {
		r.Error("the public page does not say that it is overdue")
	}
}

func (r *rumour) retire() {
	r.Helper()
	if a := r.another.Get(r.T, "/facts/"+r.card+"/wide.png"); a.Status != http.StatusOK {
		r.Errorf("its picture: %d", a.Status)
	}
	r.save(http.StatusUnprocessableEntity, r.desk(), r.desk()+"/retire", url.Values{"rev": {r.rev()}}, "Fill in this answer")
	r.save(http.StatusSeeOther, r.desk(), r.desk()+"/retire", url.Values{"rev": {r.rev()}, "why": {"The plan was withdrawn."}})
	a := r.another.Get(r.T, "/facts/"+r.card)
	if a.Status != http.StatusOK || !strings.Contains(a.Body, "The plan was withdrawn.") {
		r.Errorf("a retired card: %d", a.Status)
	}
	for path, status := range map[string]int{"/facts/" + r.card + "/wide.png": http.StatusNotFound, "/threads/" + r.thread: http.StatusOK, consultationPath(r.id): http.StatusOK} {
		if a := r.another.Get(r.T, path); a.Status != status || strings.Contains(a.Body, "ten stay") {
			r.Errorf("%s after the card was taken back: %d", path, a.Status)
		}
	}
}

// TestPicturesOfCards: each form there is, from a cache that asks again, and none that would be boxes.
func TestPicturesOfCards(t *testing.T) {
	r := newRumour(t)
	made := r.save(http.StatusSeeOther, "/officer/facts/new?consultation="+r.id.String(), "/officer/facts/new", aCard(r.id))
	r.card = regexp.MustCompile(`[0-9a-z]{13}`).FindString(made.Location())
	r.save(http.StatusSeeOther, r.desk(), r.desk()+"/publish", url.Values{"rev": {"1"}})
	for path, want := range map[string][2]int{"/facts/" + r.card + "/wide.png": {1200, 630}, "/facts/" + r.card + "/square.png": {1080, 1080},
		consultationPath(r.id) + "/picture.png": {1200, 630}, "/picture.png": {1200, 630}} {
		a := r.another.Get(t, path)
		img, err := png.Decode(strings.NewReader(a.Body))
		if err != nil || a.Header.Get("Content-Type") != "image/png" || img.Bounds().Dx() != want[0] || img.Bounds().Dy() != want[1] {
			t.Fatalf("%s: %d %s %v", path, a.Status, a.Header.Get("Content-Type"), err)
		}
		again := r.another.Do(t, http.MethodGet, path, nil, map[string]string{"If-None-Match": a.Header.Get("ETag")})
		if again.Status != http.StatusNotModified || again.Body != "" {
			t.Errorf("%s asked for again: %d", path, again.Status)
		}
		if once := r.another.Get(t, path); !bytes.Equal([]byte(once.Body), []byte(a.Body)) {
			t.Errorf("%s is drawn anew each time", path)
		}
	}
	for path, want := range map[string]string{"/facts/" + r.card + "/wide.svg": "nine stay", "/facts/" + r.card + "/square.svg": "nine stay", "/qr/facts/" + r.card: "<path"} {
		a := r.another.Get(t, path)
		if a.Status != http.StatusOK || a.Header.Get("Content-Type") != "image/svg+xml" || !strings.Contains(a.Body, want) ||
			!strings.Contains(a.Header.Get("Content-Security-Policy"), "script-src 'self'") {
			t.Errorf("%s: %d %v", path, a.Status, a.Header)
		}
	}
	for _, path := range []string{"/facts/" + r.card + "/huge.png", "/facts/" + r.card + "/wide.gif", "/facts/" + r.card + "/wide", "/qr/officers/" + r.card, "/qr/facts/x"} {
		if a := r.another.Get(t, path); a.Status != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", path, a.Status)
		}
	}
	urdu := aCard(r.id)
	urdu.Set("language", "ur")
	urdu.Set("claim", "تمام درخت کاٹ دیے جائیں گے")
	made = r.save(http.StatusSeeOther, "/officer/facts/new?consultation="+r.id.String(), "/officer/facts/new", urdu)
	r.card = regexp.MustCompile(`[0-9a-z]{13}`).FindString(made.Location())
	r.save(http.StatusSeeOther, r.desk(), r.desk()+"/publish", url.Values{"rev": {"1"}})
	page := r.another.Get(t, "/facts/"+r.card).Body
	if strings.Contains(page, r.card+"/wide.png") || !strings.Contains(page, "There is no PNG of this card") || !strings.Contains(page, r.card+"/wide.svg") {
		t.Errorf("a card in letters that cannot be drawn: %.2500s", mainPart(page))
	}
	if a := r.another.Get(t, "/facts/"+r.card+"/wide.png"); a.Status != http.StatusNotFound {
		t.Errorf("boxes instead of letters: %d", a.Status)
	}
	if a := r.another.Get(t, "/facts/"+r.card+"/wide.svg"); !strings.Contains(a.Body, "تمام درخت") || !strings.Contains(a.Body, `direction="rtl"`) {
		t.Errorf("its SVG: %.800s", a.Body)
	}
}

// publishedFact publishes a card without a page and gives its id.
func publishedFact(t *testing.T, app *servertest.App, id consult.ID) string {
	t.Helper()
	f := consult.Fact{Consultation: id, Kind: consult.FactClaim, Claim: "The wall will go", Short: "It stays.", Answer: "It stays.\n\nAll of it.", Service: "Planning",
		Language: "en", ReviewOn: "2099-01-01", Sources: []consult.FactSource{{Title: "Plan", URL: "https://example.org/plan"}}}
	card, err := app.Service.WriteFact(t.Context(), consult.System(), f, consult.FactTelling{})
	if err == nil {
		err = app.Service.PublishFact(t.Context(), consult.System(), card, 1, consult.FactTelling{})
	}
	if err != nil {
		t.Fatal(err)
	}
	return card.String()
}
