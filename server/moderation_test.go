package server_test

import (
	"bytes"
	"fmt"
	"html"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/notify"
	"github.com/yousaid/yousaid/server/servertest"
)

var moderating = consult.Actor{Kind: consult.Signed, ID: 5, Roles: []consult.Role{consult.RoleModerator}, Service: "Planning", Title: "Moderator"}

// publishedBy lets a browser comment and an officer publish; it gives the comment and its author's page.
func publishedBy(t *testing.T, app *servertest.App, c *servertest.Client, id consult.ID) (consult.ID, string) {
	t.Helper()
	mine := step(t, c, write(t, c, id), nil)
	token := strings.TrimPrefix(strings.TrimSuffix(mine, "?new=1"), "/my-comment/")
	view, err := app.Service.MyComment(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	if err := app.Service.PublishComment(t.Context(), moderating, consult.Publication{Comment: view.Comment.ID, Points: view.Words, PlaceText: view.Comment.PlaceText}); err != nil {
		t.Fatal(err)
	}
	return view.Comment.ID, "/my-comment/" + token
}

func says(t *testing.T, what string, a servertest.Answer, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(html.UnescapeString(mainPart(a.Body)), w) {
			t.Errorf("%s: %d, without %q: %.1500s", what, a.Status, w, mainPart(a.Body))
		}
	}
}

func silent(t *testing.T, what string, a servertest.Answer, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(html.UnescapeString(a.Body), w) {
			t.Errorf("%s says %q", what, w)
		}
	}
}

// TestS16FiftyParallelSupportsOfOnePersonAreOne taps fifty times at once, from one browser, and from a second one.
func TestS16FiftyParallelSupportsOfOnePersonAreOne(t *testing.T) {
	onBoth(t, func(t *testing.T, app *servertest.App) {
		id := app.Consultation(t, 1, consult.Consulting)
		comment, _ := publishedBy(t, app, app.Client(t), id)
		path := "/comments/" + comment.String()
		c := app.Client(t)
		page := c.Get(t, path)
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				if a := c.Send(t, page, "/support", url.Values{"add": {comment.String()}, "back": {path}}); a.Status != http.StatusSeeOther {
					t.Errorf("%d %.200s", a.Status, a.Body)
				}
			})
		}
		all.Wait()
		says(t, "one person", c.Get(t, path), "1 person says that too", "Take it back")
		other := app.Client(t)
		other.Post(t, path, "/support", url.Values{"add": {comment.String()}, "back": {path}})
		says(t, "two people", app.Client(t).Get(t, path), "2 people say that too")
		c.Post(t, path, "/support", url.Values{"remove": {comment.String()}, "back": {path}})
		says(t, "one took it back", c.Get(t, path), "1 person says that too", "I say that too")
	})
}

// TestS16NobodySupportsTheirOwnWords: not by the button, which is not there, and not without it.
func TestS16NobodySupportsTheirOwnWords(t *testing.T) {
	app := servertest.New(t)
	id := app.Consultation(t, 1, consult.Consulting)
	author := app.Client(t)
	comment, _ := publishedBy(t, app, author, id)
	ask := "/consultations/" + id.String() + "/ask"
	thread := author.Post(t, ask, ask, url.Values{"title": {"The wall"}, "body": {"Will the wall stay?"}}).Location()
	message := regexp.MustCompile(`data-id="([0-9a-z]{13})"`).FindStringSubmatch(author.Get(t, thread).Body)[1]
	for path, thing := range map[string]string{"/comments/" + comment.String(): comment.String(), thread: message} {
		silent(t, path, author.Get(t, path), `name="add"`, "/flag/"+thing)
		says(t, path+" to another", app.Client(t).Get(t, path), `name="add" value="`+thing, "/flag/"+thing)
		author.Post(t, thread, "/support", url.Values{"add": {thing}, "back": {path}})
		silent(t, path, app.Client(t).Get(t, path), "says that too")
		a := author.Post(t, thread, "/support", url.Values{"add": {thing}, "part": {"support"}})
		if a.Status != http.StatusUnprocessableEntity || !strings.HasPrefix(a.Body, "You wrote this yourself") {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
	official := app.Client(t).SignIn(t, app.Officer(t, "officer@example.org", consult.RoleOfficer))
	silent(t, "an officer's page", official.Get(t, thread), `name="add"`)
	if a := official.Post(t, thread, "/support", url.Values{"add": {message}}); a.Status != http.StatusForbidden {
		t.Errorf("an officer supports: %d", a.Status)
	}
	if err := app.Service.Advance(t.Context(), consult.System(), consult.Move{Consultation: id, To: consult.Withdrawn, Why: "The applicant withdrew."}); err != nil {
		t.Fatal(err)
	}
	silent(t, "a settled case", app.Client(t).Get(t, thread), `name="add"`)
	visitor := app.Client(t)
	if a := visitor.Post(t, "/sign-in", "/support", url.Values{"add": {message}}); a.Status != http.StatusConflict {
		t.Errorf("support of a settled case: %d, want 409", a.Status)
	}
}

// TestModeratorsDecideUnderARule goes the whole way over HTTP: a reader flags a comment, which stays; a moderator hides it under a rule;
// readers see a stub, the author sees why and objects; who hid it does not judge that; another moderator does; the log is public.
func TestModeratorsDecideUnderARule(t *testing.T) {
	onBoth(t, func(t *testing.T, app *servertest.App) {
		w := &moderated{T: t, app: app, id: app.Consultation(t, 1, consult.Consulting), author: app.Client(t), reader: app.Client(t)}
		w.comment, w.mine = publishedBy(t, app, w.author, w.id)
		w.path, w.desk = "/comments/"+w.comment.String(), "/officer/flags/"+w.comment.String()
		w.first = app.Client(t).SignIn(t, app.Officer(t, "first@example.org", consult.RoleModerator))
		w.second = app.Client(t).SignIn(t, app.Officer(t, "second@example.org", consult.RoleModerator))
		w.flag()
		w.hide()
		w.object()
		w.publicLog()
	})
}

type moderated struct {
	*testing.T
	app                           *servertest.App
	id, comment                   consult.ID
	author, reader, first, second *servertest.Client
	path, mine, desk              string
}

const ruling = "It names a neighbour who cannot answer here."

func (w *moderated) flag() {
	t, flag := w.T, "/flag/"+w.comment.String()
	if a := w.reader.Post(t, flag, flag, url.Values{"words": {"It is about me."}}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a flag without a rule: %d", a.Status)
	} else {
		says(t, "it keeps the words", a, "Choose the rule", "It is about me.")
	}
	for range 2 { // the second changes nothing
		w.reader.Post(t, flag, flag, url.Values{"rule": {"personal-data"}, "words": {"It is about me, says canary-flag."}})
	}
	says(t, "thanks", w.reader.Get(t, flag), "Thank you", "Nobody has looked at it yet")
	says(t, "the flagged thing stays", w.app.Client(t).Get(t, w.path), "It takes the light of our kitchen.")
	says(t, "the list", w.first.Get(t, "/officer/flags"), "1 reader", "personal information", "Twelve homes")
	says(t, "the file", w.first.Get(t, w.desk), "It is about me, says canary-flag.", "It takes the light of our kitchen.")
	if a := w.first.Post(t, w.desk, w.desk, url.Values{"do": {"kept"}}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("kept without a reason: %d", a.Status)
	}
	w.first.Post(t, w.desk, w.desk, url.Values{"do": {"kept"}, "reason": {"It names nobody."}})
	says(t, "the flagger learns", w.reader.Get(t, flag), "breaks no rule")
	says(t, "the list is empty", w.first.Get(t, "/officer/flags"), "Nothing waits here.")
	if a := w.second.Post(t, w.desk, w.desk, url.Values{"do": {"kept"}, "reason": {"As I saw."}}); a.Status != http.StatusConflict {
		t.Errorf("a second moderator decides the same: %d, want 409", a.Status)
	} else {
		says(t, "what was typed stays", a, "decided meanwhile", "As I saw.")
	}
	other := w.app.Client(t)
	other.Post(t, flag, flag, url.Values{"rule": {"abuse"}})
	says(t, "a new flag waits again", w.first.Get(t, "/officer/flags"), "1 reader")
}

func (w *moderated) hide() {
	t := w.T
	if a := w.first.Post(t, w.desk, w.desk, url.Values{"do": {"hidden"}, "reason": {ruling}}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("hidden without a rule: %d", a.Status)
	}
	w.first.Post(t, w.desk, w.desk, url.Values{"do": {"hidden"}, "rule": {"personal-data"}, "reason": {ruling}})
	stub := w.app.Client(t).Get(t, w.path)
	says(t, "the stub", stub, "A moderator has hidden this comment", "personal information", ruling)
	silent(t, "the stub", stub, "It takes the light of our kitchen.")
	list := w.app.Client(t).Get(t, consultationPath(w.id)+"/comments")
	says(t, "the list", list, "0 comments", "1 more was published and then hidden under a rule")
	silent(t, "the list", list, "kitchen")
	mail, err := w.app.Mail.Wait(t.Context(), func(m notify.Message) bool { return strings.Contains(m.Subject, "was hidden") })
	if err != nil || mail.To != "resident@example.org" || strings.Contains(mail.Text, ruling) {
		t.Errorf("the author's mail: %v %+v", err, mail)
	}
	says(t, "the author's page", w.author.Get(t, w.mine), "personal information", ruling, "how to object", "It takes the light of our kitchen.")
	page := w.first.Get(t, "/officer/comments/"+w.comment.String())
	says(t, "the desk keeps the words", page, "It takes the light of our kitchen.")
}

func (w *moderated) object() {
	t, history := w.T, "/moderation/"+w.comment.String()
	silent(t, "somebody else's page", w.app.Client(t).Get(t, history), "Why should it be shown?")
	stranger := w.app.Client(t)
	if a := stranger.Post(t, "/sign-in", history, url.Values{"words": {"Show it."}}); a.Status != http.StatusForbidden {
		t.Errorf("a stranger objects: %d", a.Status)
	}
	says(t, "the author's browser is known", w.author.Get(t, history), "Why should it be shown?")
	own := w.mine + "/moderation"
	if a := w.author.Post(t, own, own, url.Values{"words": {" "}}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("an empty objection: %d", a.Status)
	}
	page := w.author.Get(t, own)
	for range 2 { // a double tap
		if a := w.author.Send(t, page, own, url.Values{"words": {"I named nobody: canary-objection."}}); a.Status != http.StatusSeeOther {
			t.Errorf("objecting: %d", a.Status)
		}
	}
	says(t, "it arrived", w.author.Get(t, own), "You objected on")
	says(t, "the list", w.second.Get(t, "/officer/flags"), "Its author objects")
	says(t, "who hid it", w.first.Get(t, w.desk), "canary-objection", "Somebody else than who hid it")
	if a := w.first.Post(t, w.desk, w.desk, url.Values{"do": {"upheld"}, "reason": {"I was right."}}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("who hid it judges the objection: %d, want 422", a.Status)
	}
	w.second.Post(t, w.desk, w.desk, url.Values{"do": {"upheld"}, "reason": {"It does name somebody."}})
	says(t, "the author learns", w.author.Get(t, own), "it stays hidden", "Test Council")
	w.second.Post(t, w.desk, w.desk, url.Values{"do": {"restored"}})
	says(t, "it is back", w.app.Client(t).Get(t, w.path), "It takes the light of our kitchen.")
}

func (w *moderated) publicLog() {
	t := w.T
	for _, path := range []string{"/moderation/" + w.comment.String(), consultationPath(w.id) + "/moderation"} {
		a := w.app.Client(t).Get(t, path)
		says(t, path, a, "left as it is", "Hidden", "stays hidden", "Shown", "Planning")
		silent(t, path, a, "canary", ruling, "It names nobody.", "first@example.org", "Test moderator")
	}
	says(t, "the moderators' log", w.first.Get(t, "/officer/moderation"), "2026-04", "personal information", "It names nobody.")
	for _, path := range []string{w.path, consultationPath(w.id) + "/comments", "/api/v1/consultations/" + w.id.String() + "/comments"} {
		silent(t, path, w.app.Client(t).Get(t, path), "canary")
	}
}

// TestS34ResidentsPostingsArePausedOrReleased turns the switch and back: what residents read, what is held, what still goes.
func TestS34ResidentsPostingsArePausedOrReleased(t *testing.T) {
	onBoth(t, func(t *testing.T, app *servertest.App) {
		id := app.Consultation(t, 1, consult.Consulting)
		officer := app.Client(t).SignIn(t, app.Officer(t, "officer@example.org", consult.RoleOfficer))
		desk := "/officer/consultations/" + id.String() + "/posting"
		thread := threadPath(question(t, app, id, "Will the wall stay?").Thread.ID)
		set := func(mode, reason string, status int) {
			t.Helper()
			if a := officer.Post(t, desk, desk, url.Values{"mode": {mode}, "reason": {reason}}); a.Status != status {
				t.Fatalf("%s: %d, want %d: %.300s", mode, a.Status, status, a.Body)
			}
		}
		c := app.Client(t)
		say := func(body string) servertest.Answer { return c.Post(t, thread, thread, url.Values{"body": {body}}) }
		open := c.Get(t, thread)
		set("paused", "", http.StatusUnprocessableEntity)
		set("paused", "A raid from elsewhere.", http.StatusSeeOther)
		paused := c.Get(t, thread)
		says(t, "the banner", paused, "Messages are paused here for now.", "A raid from elsewhere.", "Formal comments go on.")
		silent(t, "a paused thread", paused, `name="body"`)
		says(t, "the consultation", c.Get(t, consultationPath(id)), "Messages are paused here for now.")
		late := c.Send(t, open, thread, url.Values{"body": {"I was writing this."}})
		if late.Status != http.StatusUnprocessableEntity {
			t.Errorf("a message that comes while paused: %d", late.Status)
		}
		says(t, "it keeps the text", late, "I was writing this.", "Keep your text")
		step(t, c, write(t, c, id), nil) // a formal comment arrives as ever
		if a := officer.Post(t, thread, thread, url.Values{"body": {"We are looking into it."}}); a.Status != http.StatusSeeOther {
			t.Errorf("an officer answers while paused: %d", a.Status)
		}
		set("released", "Heated. We read each first.", http.StatusSeeOther)
		if a := say("The lorries come at night."); a.Status != http.StatusSeeOther {
			t.Errorf("a message to be released: %d", a.Status)
		}
		says(t, "its author sees that it waits", c.Get(t, thread), "A moderator reads each message here", "waits for a moderator", "The lorries come at night.")
		silent(t, "nobody else reads it", app.Client(t).Get(t, thread), "The lorries come at night.")
		held := regexp.MustCompile(`/officer/messages/[0-9a-z]{13}`).FindString(officer.Get(t, "/officer?view=held").Body)
		officer.Post(t, held, held, url.Values{"do": {"restore"}})
		says(t, "released", app.Client(t).Get(t, thread), "The lorries come at night.")
		set("open", "", http.StatusSeeOther)
		say("And the dust.")
		says(t, "open again", app.Client(t).Get(t, thread), "And the dust.")
		says(t, "the log", app.Client(t).Get(t, consultationPath(id)+"/moderation"), "Messages paused", "A raid from elsewhere.", "Messages open as usual")
	})
}

// TestS16FiveHundredLettersAreOneSignalAndNoneIsLost sends a campaign's letter 500 times through the API, each from a household of its own
// and within the site's own rates.
func TestS16FiveHundredLettersAreOneSignalAndNoneIsLost(t *testing.T) {
	app := servertest.New(t, servertest.WithLimits(func(l *server.Limits) { l.Rates = server.DefaultLimits().Rates }),
		servertest.WithConfig(func(c *server.Config) { c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")} }))
	id := app.Consultation(t, 1, consult.Consulting)
	c := app.Client(t)
	token := formToken(t, c.Get(t, "/sign-in"))
	for i := range 500 {
		letter := map[string]any{"stance": "objection", "points": []map[string]string{{"topic": "light", "text": fmt.Sprintf(
			"I object to the tower on the canal because it will darken the towpath all winter and the road cannot carry more cars. Yours, household %d.", i)}},
			"contact": map[string]string{"name": fmt.Sprintf("Resident %d of Sample Street", i), "postcode": "B9 9AA"}}
		a := c.JSON(t, http.MethodPost, "/api/v1/consultations/"+id.String()+"/comments", letter, nil, map[string]string{"X-CSRF-Token": token,
			"Origin": app.URL, "Sec-Fetch-Site": "same-origin", "X-Forwarded-For": fmt.Sprintf("10.%d.%d.7", i/250, i%250)})
		if a.Status != http.StatusCreated {
			t.Fatalf("letter %d: %d %.300s", i, a.Status, a.Body)
		}
		app.Clock.Add(2 * time.Minute)
	}
	says(t, "nothing is dropped", c.Get(t, consultationPath(id)), "500 comments have arrived")
	officer := app.Client(t).SignIn(t, app.Officer(t, "officer@example.org", consult.RoleOfficer))
	desk := "/officer/consultations/" + id.String() + "/signals"
	page := officer.Get(t, desk)
	says(t, "the signals", page, "500 comments with nearly the same text", "legitimate way to speak", "will darken the towpath")
	if n := strings.Count(page.Body, "with nearly the same text"); n != 1 {
		t.Errorf("%d signals of texts, want 1", n)
	}
	item := regexp.MustCompile(`/officer/flags/([0-9a-z]{13})`).FindStringSubmatch(page.Body)[1]
	says(t, "the comment on the desk", officer.Get(t, "/officer/comments/"+item), "500 comments with nearly the same text")
	key := regexp.MustCompile(`name="signal" value="([0-9a-f]+)"`).FindStringSubmatch(page.Body)[1]
	look := url.Values{"signal": {key}, "count": {"500"}}
	if a := officer.Post(t, desk, desk, look); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("looked at without a note: %d", a.Status)
	}
	look.Set("note-"+key, "The canal society's letter.")
	officer.Post(t, desk, desk, look)
	says(t, "looked at", officer.Get(t, desk), "The canal society's letter.", "Looked at: Planning, Planning officer")
}

// TestS16MuchFromOneNetworkIsASignalAndItsAddressIsKeptNowhere writes from one /24 and from elsewhere, and looks into the database's files.
func TestS16MuchFromOneNetworkIsASignalAndItsAddressIsKeptNowhere(t *testing.T) {
	app := servertest.New(t, servertest.WithConfig(func(c *server.Config) { c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")} }))
	id := app.Consultation(t, 1, consult.Consulting)
	thread := threadPath(question(t, app, id, "Will the wall stay?").Thread.ID)
	post := func(from, body string) {
		c := app.Client(t)
		header := map[string]string{"X-Forwarded-For": from}
		page := c.Do(t, http.MethodGet, thread, nil, header)
		form := url.Values{"body": {body}, "_csrf": {formToken(t, page)}, "_key": {consult.NewKey()}}
		header["Content-Type"], header["Origin"], header["Sec-Fetch-Site"] = "application/x-www-form-urlencoded", app.URL, "same-origin"
		if a := c.Do(t, http.MethodPost, thread, strings.NewReader(form.Encode()), header); a.Status != http.StatusSeeOther {
			t.Fatalf("%d %.300s", a.Status, a.Body)
		}
	}
	for i := range 31 {
		post(fmt.Sprintf("203.0.113.%d", i+1), fmt.Sprintf("Number %d has something of its own to say.", i))
	}
	post("198.51.100.1", "From another street.")
	officer := app.Client(t).SignIn(t, app.Officer(t, "officer@example.org", consult.RoleOfficer))
	page := officer.Get(t, "/officer/consultations/"+id.String()+"/signals")
	says(t, "the signal", page, "31 messages from one network within an hour", "A school, a library")
	silent(t, "the page", page, "203.0.113")
	for _, file := range databaseFiles(t, app.Config.Data) {
		for _, address := range []string{"203.0.113", "198.51.100"} {
			if bytes.Contains(file, []byte(address)) {
				t.Errorf("the database holds %s", address)
			}
		}
	}
	traces := func() int {
		list, err := app.App.Store().Traces(t.Context(), id, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	if n := traces(); n != 33 {
		t.Errorf("%d traces, want 33: otherwise this shows nothing", n)
	}
	app.Clock.Add(consult.TracesKept + time.Minute)
	if _, err := app.Service.Tidy(t.Context()); err != nil || traces() != 0 {
		t.Errorf("after a fortnight %d traces are left: %v", traces(), err)
	}
}

func databaseFiles(t *testing.T, folder string) (all [][]byte) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(folder, "*.db*"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no database in %s: %v", folder, err)
	}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, raw)
	}
	return all
}
