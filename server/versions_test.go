package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/notify"
	"github.com/yousaid/yousaid/server/servertest"
)

// TestAnAmendmentInTheMiddle goes the whole way over HTTP, on both engines: plans change after the first round, an officer receives
// them, decides and opens a second round; whoever spoke on what changed is asked, and stands by the comment, updates it or withdraws it.
func TestAnAmendmentInTheMiddle(t *testing.T) {
	for name, options := range map[string][]servertest.Option{"sqlite": nil, "postgresql": {servertest.OnPostgreSQL}} {
		t.Run(name, func(t *testing.T) {
			w := &amendmentWay{T: t, app: servertest.New(t, options...)}
			w.firstRound()
			w.receive()
			w.decide()
			w.reopen()
			w.mails()
			w.stand()
			w.update()
			w.withdraw()
			w.compare()
			if check, err := w.app.App.Store().AuditVerify(t.Context()); err != nil || check.FirstBad != 0 {
				t.Errorf("audit: %+v, %v", check, err)
			}
		})
	}
}

// amendmentWay is one such case, with what its people need later.
type amendmentWay struct {
	*testing.T
	app      *servertest.App
	id       consult.ID
	officer  *servertest.Client
	receipts map[string]consult.Receipt // by the name before the @
	page     string                     // the officer's
}

func (w *amendmentWay) fine(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// post sends a form of the officer's page.
func (w *amendmentWay) post(path string, form url.Values, want int) string {
	w.Helper()
	a := w.officer.Post(w.T, w.page, w.page+path, form)
	if a.Status != want {
		w.Fatalf("%s%s: %d, want %d: %.600s", w.page, path, a.Status, want, a.Body)
	}
	return a.Body
}

func (w *amendmentWay) mine(who string) string { return "/my-comment/" + w.receipts[who].Token }

// firstRound has four comments, three of them published.
func (w *amendmentWay) firstRound() {
	app, ctx := w.app, w.Context()
	w.id = app.Consultation(w.T, 1, consult.Consulting)
	w.receipts = map[string]consult.Receipt{}
	say := func(who string, topic consult.Topic, text string) {
		in := servertest.Comment(w.id)
		in.Points = []consult.CommentPoint{{Topic: topic, Text: text}}
		in.Contact.Email = who + "@example.org"
		r, err := app.Service.SubmitComment(ctx, consult.Actor{}, in)
		w.fine(err)
		w.receipts[who] = r
		if who != "unread" {
			w.fine(app.Service.PublishComment(ctx, consult.System(), consult.Publication{Comment: r.Comment.ID, Points: in.Points, PlaceText: in.PlaceText}))
		}
	}
	say("stands", "light", "Too dark for our yard.")
	say("updates", "light", "Four storeys are too many.")
	say("withdraws", "light", "I do not like the colour.")
	say("unread", "noise", "The fan will hum.")
	app.Clock.Add(11 * 24 * time.Hour)
	w.fine(app.Service.Advance(ctx, consult.System(), consult.Move{Consultation: w.id, To: consult.ClosedState}))
	w.officer = app.Client(w.T).SignIn(w.T, app.Officer(w.T, "officer@example.org", consult.RoleOfficer))
	w.page = "/officer/consultations/" + w.id.String() + "/versions"
}

// receive takes the change in: mistakes are told where they are, and two officers cannot both receive it.
func (w *amendmentWay) receive() {
	documents, err := w.app.App.Store().Documents(w.Context(), w.id)
	w.fine(err)
	form := url.Values{"form": {"receive"}, "after": {"1"}, "summary": {"One storey less on the north side."}, "description": {"Erection of 11 dwellings."},
		"boundary": {`{"type":"Polygon","coordinates":[[[52.47,-1.86],[52.48,-1.86],[52.48,-1.85],[52.47,-1.86]]]}`}, "massing": {"{"}, "why": {"It answers comments."},
		"received-day": {"12"}, "received-month": {"4"}, "received-year": {"2026"}, "name-1": {"Design statement 2"}, "text-1": {"Lower now."}, "replaces-1": {documents[0].ID.String()}}
	body := w.post("", form, http.StatusUnprocessableEntity)
	for _, want := range []string{"longitude comes first", "not complete JSON", "One storey less on the north side.", "Lower now."} {
		if !strings.Contains(body, want) {
			w.Errorf("the refused form lacks %q", want)
		}
	}
	form.Set("boundary", strings.Replace(servertest.Boundary, "-1.8590,52.4726", "-1.8588,52.4726", 1))
	form.Set("massing", strings.Replace(servertest.Massing, `"height":12.5,"storeys":4`, `"height":9.5,"storeys":3`, 1))
	w.post("", form, http.StatusSeeOther)
	w.post("", form, http.StatusConflict)
	k, err := w.app.Service.Case(w.Context(), consult.Actor{}, w.id)
	w.fine(err)
	if k.Consultation.State != consult.Amended || k.Current.Number != 2 || k.Current.Description != "Erection of 11 dwellings." || len(k.Documents) != 2 {
		w.Fatalf("after the change: %s, version %+v, %d documents", k.Consultation.State, k.Current, len(k.Documents))
	}
}

func (w *amendmentWay) decide() {
	reopen := url.Values{"form": {"open"}, "why": {"The height changed."}, "closes-day": {"27"}, "closes-month": {"4"}, "closes-year": {"2026"}}
	if body := w.post("/open", reopen, http.StatusUnprocessableEntity); !strings.Contains(body, "Decide first whether people are asked again") {
		w.Errorf("opened before it was decided: %.300s", body)
	}
	form := url.Values{"form": {"decide"}, "version": {"2"}, "required": {"yes"}, "factors": {"change-significant", "change-minor"}, "days": {"7"}, "why": {"The light changes."}}
	body := w.post("/decide", form, http.StatusUnprocessableEntity)
	for _, want := range []string{"either significant or small", "Say which topics", "from 14 to 90"} {
		if !strings.Contains(body, want) {
			w.Errorf("the refused decision lacks %q", want)
		}
	}
	form["factors"], form["topics"] = []string{"change-significant", "newly-affected"}, []string{"light"}
	form.Set("days", "14")
	w.post("/decide", form, http.StatusSeeOther)
	w.post("/decide", form, http.StatusConflict)
	back := consult.Move{Consultation: w.id, To: consult.ClosedState, Why: "Never mind."}
	if err := w.app.Service.Advance(w.Context(), consult.System(), back); consult.KindOf(err) != consult.Invalid {
		w.Errorf("back to weighing although people are to be asked: %v", err)
	}
}

// reopen needs publicity first, and the least days after it.
func (w *amendmentWay) reopen() {
	form := url.Values{"form": {"open"}, "why": {"The height changed."}, "closes-day": {"20"}, "closes-month": {"4"}, "closes-year": {"2026"}}
	w.post("/open", form, http.StatusUnprocessableEntity)
	w.fine(w.app.Service.RecordPublicity(w.Context(), consult.System(), consult.Publicity{Consultation: w.id, Round: 2, Kind: consult.Website, On: "2026-04-13", Evidence: "The page"}))
	w.post("/open", form, http.StatusUnprocessableEntity)
	form.Set("closes-day", "27")
	w.post("/open", form, http.StatusSeeOther)
	v, err := w.app.Service.Case(w.Context(), consult.Actor{}, w.id)
	w.fine(err)
	if r := v.Window.Round; v.Window.Status != consult.WindowOpen || r.Number != 2 || r.Kind != consult.AmendmentRound || r.Version != 2 || r.Closes != "2026-04-27" {
		w.Fatalf("the second round: %+v", v.Window)
	}
}

// mails: the authors on light are asked, the other is told, nobody gets both; the links lead to pages that change nothing.
func (w *amendmentWay) mails() {
	for who, subject := range map[string]string{"stands": "What you spoke about has changed", "updates": "What you spoke about has changed",
		"withdraws": "What you spoke about has changed", "unread": "Open again after changes"} {
		m, err := w.app.Mail.Wait(w.Context(), func(m notify.Message) bool { return m.To == who+"@example.org" && strings.Contains(m.Subject, subject) })
		if err != nil {
			w.Fatalf("no mail to %s: %v", who, err)
		}
		if who == "unread" {
			continue
		}
		for _, want := range []string{"One storey less on the north side.", "27 April 2026", w.mine(who) + "#stands", w.mine(who) + "#update", w.mine(who) + "/withdraw",
			"/consultations/" + w.id.String() + "/versions"} {
			if !strings.Contains(m.Text, want) || !strings.Contains(m.HTML, want) {
				w.Errorf("the mail to %s lacks %q", who, want)
			}
		}
	}
	for who := range w.receipts {
		n := 0
		for _, m := range w.app.Mail.Sent() {
			if m.To == who+"@example.org" && (strings.Contains(m.Subject, "has changed") || strings.Contains(m.Subject, "Open again")) {
				n++
			}
		}
		if n != 1 {
			w.Errorf("%s was told %d times of the second round", who, n)
		}
	}
}

// stand is one tap, and reading changes nothing.
func (w *amendmentWay) stand() {
	c, mine := w.app.Client(w.T), w.mine("stands")
	page := c.Get(w.T, mine)
	if !strings.Contains(page.Body, "My comment still stands") || !strings.Contains(page.Body, "27 April 2026") {
		w.Fatalf("the comment's own page does not ask: %.400s", page.Body)
	}
	if a := c.Get(w.T, mine+"/stands"); a.Status != http.StatusNotFound && a.Status != http.StatusMethodNotAllowed {
		w.Errorf("opening the address of the button: %d", a.Status)
	}
	for range 2 {
		if a := c.Send(w.T, page, mine+"/stands", nil); a.Status != http.StatusSeeOther {
			w.Fatalf("stands: %d %.300s", a.Status, a.Body)
		}
	}
	if page := c.Get(w.T, mine); !strings.Contains(page.Body, "You said that your comment still stands") {
		w.Error("the page does not say that it stands")
	}
	list := c.Get(w.T, "/consultations/"+w.id.String()+"/comments").Body
	if strings.Count(list, "still stands in round 2") != 1 || strings.Count(list, "Round 1, version 1 of the proposal") != 3 {
		w.Error("the list does not show which comment stands, or where each was made")
	}
}

// update starts from the author's words and counts once.
func (w *amendmentWay) update() {
	c, mine := w.app.Client(w.T), w.mine("updates")
	at := c.Post(w.T, mine, mine+"/update", nil).Location()
	if !strings.HasSuffix(at, "/opinion") {
		w.Fatalf("update leads to %q", at)
	}
	at = step(w.T, c, at, url.Values{"stance": {"supportive"}, "topics": {"light"}})
	if page := c.Get(w.T, at); !strings.Contains(page.Body, "Four storeys are too many.") {
		w.Error("the form does not start from the author's words")
	}
	at = step(w.T, c, at, url.Values{"text-light": {"Three storeys are fine."}})
	at = step(w.T, c, at, url.Values{"place": {"the yard"}})
	at = step(w.T, c, at, url.Values{"name": {"Resident of Sample Street"}, "postcode": {"B9 9AA"}, "email": {"updates@example.org"}})
	newer := step(w.T, c, at, nil)
	if page := c.Get(w.T, mine); !strings.Contains(page.Body, "replaced this comment with a newer one") || !strings.Contains(page.Body, strings.TrimSuffix(newer, "?new=1")) {
		w.Error("the earlier comment does not lead to the newer one")
	}
	if a := c.Post(w.T, mine, mine+"/update", nil); a.Status != http.StatusConflict {
		w.Errorf("a superseded comment can be updated: %d", a.Status)
	}
	old := w.receipts["updates"].Comment.ID
	if a := c.Get(w.T, "/comments/"+old.String()); a.Status != http.StatusNotFound {
		w.Errorf("the superseded comment, before the newer one can be read: %d", a.Status)
	}
	w.count(4, 2)
	kept, err := w.app.App.Store().Comment(w.Context(), old)
	w.fine(err)
	w.fine(w.app.Service.PublishComment(w.Context(), consult.System(), consult.Publication{Comment: kept.ReplacedBy, Points: []consult.CommentPoint{{Topic: "light", Text: "Three storeys are fine."}},
		PlaceText: "the yard"}))
	w.count(4, 3)
	if a := c.Get(w.T, "/comments/"+old.String()); a.Status != http.StatusSeeOther || a.Location() != "/comments/"+kept.ReplacedBy.String() {
		w.Errorf("a link to the earlier comment: %d %s", a.Status, a.Location())
	}
}

// withdraw asks once more; then nobody but its author and the officers sees the comment.
func (w *amendmentWay) withdraw() {
	c, mine := w.app.Client(w.T), w.mine("withdraws")
	if a := c.Get(w.T, mine+"/withdraw"); a.Status != http.StatusOK || !strings.Contains(a.Body, "I do not like the colour.") {
		w.Fatalf("the question before withdrawing: %d", a.Status)
	}
	w.count(4, 3)
	for range 2 {
		if a := c.Post(w.T, mine, mine+"/withdraw", nil); a.Status != http.StatusSeeOther {
			w.Fatalf("withdraw: %d %.300s", a.Status, a.Body)
		}
	}
	w.count(3, 2)
	id := w.receipts["withdraws"].Comment.ID.String()
	for _, path := range []string{"/comments/" + id, "/consultations/" + w.id.String() + "/comments", "/api/v1/consultations/" + w.id.String() + "/comments"} {
		if a := c.Get(w.T, path); strings.Contains(a.Body, "the colour") {
			w.Errorf("%s still shows the withdrawn words", path)
		}
	}
	if page := c.Get(w.T, mine); !strings.Contains(page.Body, "You withdrew this comment on 13 April 2026") {
		w.Error("its author does not see that it was withdrawn")
	}
	if a := w.officer.Get(w.T, "/officer/comments/"+id); !strings.Contains(a.Body, "the colour") || !strings.Contains(a.Body, "Withdrawn by its author") {
		w.Errorf("officers do not see the withdrawn comment: %d", a.Status)
	}
}

// count holds what the public is told to what still counts.
func (w *amendmentWay) count(received, published int) {
	w.Helper()
	v, err := w.app.Service.Case(w.Context(), consult.Actor{}, w.id)
	w.fine(err)
	if v.Tally.Comments != received || v.Tally.Published != published {
		w.Errorf("%d received, %d published; want %d and %d", v.Tally.Comments, v.Tally.Published, received, published)
	}
}

// compare reads the public page, and the map that shows both boundaries.
func (w *amendmentWay) compare() {
	c := w.app.Client(w.T)
	base := "/consultations/" + w.id.String()
	page := c.Get(w.T, base+"/versions").Body
	for _, want := range []string{"12</del>", "11</ins>", "12.5 m, 4 storeys", "9.5 m, 3 storeys", "The site grew beyond its old boundary.", "Design statement 2",
		"People are asked again, for 14 days.", "The light changes.", "The change is significant"} {
		if !strings.Contains(page, want) {
			w.Errorf("the comparison lacks %q", want)
		}
	}
	if !strings.Contains(c.Get(w.T, base).Body, base+"/versions") {
		w.Error("the consultation does not lead to the comparison")
	}
	onMap := c.Get(w.T, "/map?consultation="+w.id.String()+"&versions=1,2")
	if onMap.Status != http.StatusOK || !strings.Contains(onMap.Body, "data-boundary-before=") || !strings.Contains(onMap.Body, "-1.8588") {
		w.Errorf("the map does not hold both boundaries: %d", onMap.Status)
	}
	if a := c.Get(w.T, "/map?consultation=0000000000000&versions=1,2"); a.Status != http.StatusNotFound {
		w.Errorf("the map of an unknown consultation: %d", a.Status)
	}
}

// TestAnAmendmentThatNeedsNoRound goes back to weighing, with the reason in public.
func TestAnAmendmentThatNeedsNoRound(t *testing.T) {
	w := &amendmentWay{T: t, app: servertest.New(t)}
	w.firstRound()
	w.receive()
	w.post("/decide", url.Values{"form": {"decide"}, "version": {"2"}, "required": {"no"}, "factors": {"change-minor", "already-covered"}, "why": {"A window moved by a hand's breadth."}},
		http.StatusSeeOther)
	v, err := w.app.Service.Case(t.Context(), consult.Actor{}, w.id)
	w.fine(err)
	if last := v.History[len(v.History)-1]; v.Consultation.State != consult.ClosedState || last.Why != "A window moved by a hand's breadth." || last.By == "" {
		t.Errorf("after the decision: %s, %+v", v.Consultation.State, last)
	}
	page := w.app.Client(t).Get(t, "/consultations/"+w.id.String()+"/versions").Body
	if !strings.Contains(page, "People are not asked again.") || !strings.Contains(page, "A window moved by a hand&#39;s breadth.") {
		t.Error("the decision and its reason are not public")
	}
	own := w.app.Client(t)
	if page := own.Get(t, w.mine("stands")); strings.Contains(page.Body, "My comment still stands") || !strings.Contains(page.Body, "Withdraw it") {
		t.Error("without a later round the author is asked, or cannot withdraw")
	}
	if a := own.Post(t, w.mine("stands"), w.mine("stands")+"/stands", nil); a.Status != http.StatusConflict {
		t.Errorf("standing by a comment while no round is open: %d", a.Status)
	}
}
