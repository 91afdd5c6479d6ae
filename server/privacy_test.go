package server_test

import (
	"archive/zip"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fasthttp/websocket"

	"github.com/yousaid/yousaid/server"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/servertest"
)

// A planted string names where it was put. None of them may come out of any door that is not the officers' own.
const planted = "canary"

// secrets is a site full of what nobody outside the planning service may read.
type secrets struct {
	app      *servertest.App
	public   consult.ID // a consultation that everybody may read
	hidden   consult.ID // one that is not published
	received consult.ID // a comment nobody has read yet
	shown    consult.ID // a published comment whose author's words were redacted
	withheld consult.ID // a document
	thread   consult.ID
	desk     consult.ID // the officers' own thread on the unread comment
	message  consult.ID // hidden
	token    string     // of the unread comment's own page
	stub     consult.ID // a comment that was published and is hidden
}

func plantSecrets(t *testing.T) *secrets {
	t.Helper()
	s := &secrets{app: servertest.New(t)}
	s.plantCases(t)
	s.plantComments(t)
	s.plantRedactions(t)
	s.plantMessages(t)
	s.plantConsulted(t)
	s.plantModeration(t)
	service := s.app.Service
	if err := service.Follow(t.Context(), consult.Actor{Kind: consult.Visitor}, s.public, "canary-follower@example.org", "en"); err != nil {
		t.Fatal(err)
	}
	if err := service.AskAlert(t.Context(), consult.Actor{Kind: consult.Visitor}, consult.AlertInput{Email: "canary-alert@example.org", Language: "en",
		Words: "canary-alert-words", About: consult.AlertKinds(), Rhythm: consult.Daily}); err != nil {
		t.Fatal(err)
	}
	if _, err := service.StartDraft(t.Context(), consult.Actor{Kind: consult.Visitor}, s.public, consult.DraftData{Stance: consult.Object,
		Topics: []consult.Topic{"light"}, Texts: map[consult.Topic]string{"light": "canary-draft"}, Key: consult.NewKey()}); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *secrets) plantCases(t *testing.T) {
	t.Helper()
	s.public = s.app.Consultation(t, 1, consult.Consulting) // its applicant is planted by servertest
	open := servertest.Case(s.app.Service, 1, consult.Consulting)
	open.Consultation.Application.SourceHash = "again"
	open.Documents = append(open.Documents, consult.Document{ID: consult.NewID(s.app.Clock.Now()), Version: 1, Name: "canary-withheld-name",
		Text: "canary-withheld-text", Status: consult.WithholdDocument})
	closed := servertest.Case(s.app.Service, 2, consult.Received)
	closed.Consultation.Title, closed.Consultation.Summary, closed.Consultation.Address = "canary-title", "canary-summary", "canary-address"
	closed.Consultation.Application.Reference = "2099/canary/PA"
	closed.Versions[0].Description = "canary-description"
	for _, c := range []consult.Case{open, closed} {
		saved, err := s.app.Service.Take(t.Context(), consult.System(), c)
		if err != nil {
			t.Fatal(err)
		}
		s.hidden = saved.ID
	}
	documents, err := s.app.App.Store().Documents(t.Context(), s.public)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range documents {
		if d.Status == consult.WithholdDocument {
			s.withheld = d.ID
		}
	}
}

func (s *secrets) plantComments(t *testing.T) {
	t.Helper()
	in := servertest.Comment(s.public)
	in.Points = []consult.CommentPoint{{Topic: "light", Text: "canary-unread"}}
	in.PlaceText = "canary-unread-place"
	in.Contact = consult.Contact{Name: "Canary-name", Postcode: "B9 9AA", Address: "canary-home", Email: "canary-author@example.org"}
	first, err := s.app.Service.SubmitComment(t.Context(), consult.Actor{}, in)
	if err != nil {
		t.Fatal(err)
	}
	s.received, s.token = first.Comment.ID, first.Token
	in.Key, in.Points = consult.NewKey(), []consult.CommentPoint{{Topic: "light", Text: "My neighbour canary-neighbour is dark."}}
	second, err := s.app.Service.SubmitComment(t.Context(), consult.Actor{}, in)
	if err != nil {
		t.Fatal(err)
	}
	s.shown = second.Comment.ID
	officer := consult.Actor{Kind: consult.Signed, ID: 5, Roles: []consult.Role{consult.RoleOfficer}, Service: "Planning", Title: "Planning officer"}
	if err := s.app.Service.PublishComment(t.Context(), officer, consult.Publication{Comment: s.shown,
		Points: []consult.CommentPoint{{Topic: "light", Text: "My neighbour ███ is dark."}}, PlaceText: "the back", Reasons: []string{"third-party"}}); err != nil {
		t.Fatal(err)
	}
	posted, err := s.app.Service.AnswerComment(t.Context(), officer, s.received, consult.MessageInput{Body: "canary-answer-to-unread", Key: consult.NewKey()})
	if err != nil {
		t.Fatal(err)
	}
	s.desk = posted.Thread.ID
}

func (s *secrets) plantMessages(t *testing.T) {
	t.Helper()
	s.thread = question(t, s.app, s.public, "Will the wall stay?").Thread.ID
	visitor := consult.Actor{Kind: consult.Visitor, ID: 8}
	for _, body := range []string{"canary-hidden", "canary-held " + strings.Repeat("https://example.org/ ", 30)} {
		posted, err := s.app.Service.PostMessage(t.Context(), visitor, consult.MessageInput{Thread: s.thread, Name: "canary-nickname", Body: body, Key: consult.NewKey()})
		if err != nil {
			t.Fatal(err)
		}
		if posted.Message.State != consult.MessageVisible {
			continue
		}
		s.message = posted.Message.ID
		if _, err := s.app.Service.SetMessageState(t.Context(), consult.System(), s.message, consult.MessageHidden, "abuse", "It attacks a person."); err != nil {
			t.Fatal(err)
		}
	}
}

// plantModeration flags a comment in words, and hides another whose author objects.
func (s *secrets) plantModeration(t *testing.T) {
	t.Helper()
	reader := consult.Actor{Kind: consult.Visitor, ID: 9}
	if err := s.app.Service.Flag(t.Context(), reader, s.shown, "abuse", "canary-flag"); err != nil {
		t.Fatal(err)
	}
	in := servertest.Comment(s.public)
	in.PlaceText, in.Points = "canary-stub-place", []consult.CommentPoint{{Topic: "light", Text: "canary-stub-words"}}
	sent, err := s.app.Service.SubmitComment(t.Context(), consult.Actor{Kind: consult.Visitor, From: consult.Origin{Browser: 9}}, in)
	if err != nil {
		t.Fatal(err)
	}
	s.stub = sent.Comment.ID
	officer := consult.Actor{Kind: consult.Signed, ID: 5, Roles: []consult.Role{consult.RoleModerator}, Service: "Planning", Title: "Moderator"}
	if err := s.app.Service.PublishComment(t.Context(), officer, consult.Publication{Comment: s.stub, Points: in.Points, PlaceText: in.PlaceText}); err != nil {
		t.Fatal(err)
	}
	if err := s.app.Service.Moderate(t.Context(), officer, consult.Moderation{Thing: s.stub, Act: consult.ActHidden, Rule: "abuse", Reason: "It attacks a person."}); err != nil {
		t.Fatal(err)
	}
	if err := s.app.Service.Object(t.Context(), reader, s.stub, "canary-objection"); err != nil {
		t.Fatal(err)
	}
	look := consult.SignalLook{Signal: "abc", Count: 3, Note: "canary-note"}
	if err := s.app.Service.LookAtSignal(t.Context(), officer, s.public, look); err != nil {
		t.Fatal(err)
	}
}

// leaks lists what was planted and came out.
func leaks(a servertest.Answer) []string {
	everything := a.Body
	for name, values := range a.Header {
		everything += "\n" + name + ": " + strings.Join(values, " ")
	}
	var found []string
	for at := 0; ; {
		i := strings.Index(strings.ToLower(everything[at:]), planted)
		if i < 0 {
			return found
		}
		found = append(found, fmt.Sprintf("%.60q", everything[max(0, at+i-20):]))
		at += i + len(planted)
	}
}

// addresses are all GET addresses of the site with the ids of what was planted, known to everybody or not.
func (s *secrets) addresses() []string {
	ids := map[string][]consult.ID{
		"consultations": {s.public, s.hidden}, "documents": {s.withheld}, "comments": {s.received, s.shown, s.stub}, "messages": {s.message},
		"flag": {s.shown, s.stub, s.message, s.received}, "moderation": {s.shown, s.stub, s.message, s.received}, "flags": {s.shown, s.stub, s.message, s.received},
		"threads": {s.thread, s.desk, consult.DeskThread}, "officers": {consult.DeskThread},
	}
	var list []string
	for _, r := range server.Routes() {
		if r.Method != http.MethodGet || r.Path == "/live" {
			continue
		}
		kind := regexp.MustCompile(`([a-z]+)/:id`).FindStringSubmatch(r.Path)
		if kind == nil {
			list = append(list, filled(r.Path))
			continue
		}
		for _, id := range ids[kind[1]] {
			list = append(list, strings.Replace(r.Path, ":id", id.String(), 1))
		}
	}
	for _, layer := range []string{"consultations", "sites", "wards"} {
		list = append(list, "/tiles/"+layer+"/0/0/0", "/tiles/"+layer+"/12/2026/1354", "/tiles/"+layer+"/16/32429/21676")
	}
	for _, query := range []string{"q=canary", "words=canary", "ward=canary", "reference=2099%2Fcanary%2FPA"} {
		list = append(list, "/api/v1/consultations?"+query)
	}
	return list
}

var href = regexp.MustCompile(`(?:href|src|action)="(/[^"#]*)`)

// crawl follows every link from the addresses and gives what leaked where.
func (s *secrets) crawl(t *testing.T, c *servertest.Client, from []string) (leaked map[string][]string, seen int) {
	t.Helper()
	leaked, visited := map[string][]string{}, map[string]bool{}
	for queue := from; len(queue) > 0; queue = queue[1:] {
		path := strings.ReplaceAll(queue[0], "&amp;", "&")
		if visited[path] || strings.HasPrefix(path, "/static/") || len(visited) > 600 {
			continue
		}
		visited[path] = true
		a := c.Do(t, http.MethodGet, path, nil, map[string]string{"Accept-Encoding": "identity"})
		if a.Status >= 500 {
			t.Errorf("GET %s: %d", path, a.Status)
		}
		if a.Header.Get("Content-Encoding") == "gzip" {
			a.Body = unzipped(t, a.Body)
		}
		if strings.Contains(path, planted) {
			a.Body = strings.ReplaceAll(a.Body, planted, "") // a search shows its own words again
		}
		if found := leaks(a); found != nil {
			leaked[path] = found
		}
		for _, m := range href.FindAllStringSubmatch(a.Body, -1) {
			queue = append(queue, m[1])
		}
		if where := a.Location(); strings.HasPrefix(where, "/") {
			queue = append(queue, where)
		}
	}
	return leaked, len(visited)
}

func unzipped(t *testing.T, body string) string {
	t.Helper()
	r, err := gzip.NewReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestS02S22NothingPlantedComesOut goes through every door a visitor, an analyst or their programs have.
func TestS02S22NothingPlantedComesOut(t *testing.T) {
	s := plantSecrets(t)
	analyst := s.app.Client(t).SignIn(t, s.app.Officer(t, "analyst@example.org", consult.RoleAnalyst))
	for name, c := range map[string]*servertest.Client{"visitor": s.app.Client(t), "analyst": analyst} {
		leaked, seen := s.crawl(t, c, s.addresses())
		if seen < 60 {
			t.Errorf("%s: only %d addresses were seen", name, seen)
		}
		for _, path := range slices.Sorted(maps.Keys(leaked)) {
			t.Errorf("%s, GET %s: %v", name, path, leaked[path])
		}
	}
	for _, file := range []string{"comments.csv", "comments.geojson", "figures.csv", "codebook.csv", "package.zip"} {
		a := analyst.Get(t, "/analyst/export/"+file)
		if a.Status != http.StatusOK {
			t.Errorf("%s: %d", file, a.Status)
		}
		if strings.HasSuffix(file, ".zip") {
			a.Body = unpacked(t, a.Body)
		}
		if found := leaks(a); found != nil {
			t.Errorf("%s: %v", file, found)
		}
	}
	s.listen(t)
}

func unpacked(t *testing.T, body string) (all string) {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all += string(raw)
	}
	return all
}

// listen joins every thread over the socket: the public one shows stubs, the others do not exist.
func (s *secrets) listen(t *testing.T) {
	t.Helper()
	for _, row := range []struct {
		thread consult.ID
		want   string
		frames int
	}{{s.thread, `"type":"event"`, 4}, {s.desk, `"code":"not_found"`, 1}, {consult.DeskThread, `"code":"not_found"`, 1}, {s.hidden, `"code":"not_found"`, 1}} {
		ws := socket(t, s.app, nil)
		if err := ws.WriteJSON(map[string]any{"type": "join", "thread": row.thread, "since": 0, "render": "html"}); err != nil {
			t.Fatal(err)
		}
		said := ""
		for range row.frames {
			_, message, err := ws.ReadMessage()
			if err != nil {
				t.Fatal(err)
			}
			said += string(message)
		}
		if !strings.Contains(said, row.want) {
			t.Errorf("thread %s: %s, want %s", row.thread, said, row.want)
		}
		if found := leaks(servertest.Answer{Body: said}); found != nil {
			t.Errorf("the socket said %v", found)
		}
	}
}

// socket opens a live socket of a page of the site; cookies are those of a browser.
func socket(t *testing.T, app *servertest.App, header http.Header) *websocket.Conn {
	t.Helper()
	ws, resp, err := dial(t.Context(), app, header)
	if err != nil {
		t.Fatalf("open a socket: %v %v", err, resp)
	}
	t.Cleanup(func() { ws.Close() })
	if err := ws.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return ws
}

// patience is how long a test waits for what must happen. It is no measure of speed.
const patience = 60 * time.Second

func dial(ctx context.Context, app *servertest.App, header http.Header) (*websocket.Conn, *http.Response, error) {
	all := http.Header{"Origin": {app.URL}}
	maps.Copy(all, header)
	d := websocket.Dialer{HandshakeTimeout: patience, Subprotocols: []string{"yousaid.v1"}}
	return d.DialContext(ctx, "ws"+strings.TrimPrefix(app.URL, "http")+"/live", all)
}

// TestS22OfficersDoSeeWhatWasPlanted makes sure that the test above looks for something that is there.
func TestS22OfficersDoSeeWhatWasPlanted(t *testing.T) {
	s := plantSecrets(t)
	officer := s.app.Client(t).SignIn(t, s.app.Officer(t, "officer@example.org", consult.RoleOfficer))
	for path, want := range map[string][]string{
		"/officer/comments/" + s.received.String():    {"canary-unread", "canary-unread-place", "Canary-name", "canary-home"},
		"/officer/comments/" + s.shown.String():       {"canary-neighbour"},
		"/officer/messages/" + s.message.String():     {"canary-hidden"},
		"/officer/flags/" + s.shown.String():          {"canary-flag"},
		"/officer/flags/" + s.stub.String():           {"canary-stub-words", "canary-objection"},
		"/officer/consultations/" + s.hidden.String(): {"canary-title"},
		"/my-comment/" + s.token:                      {"canary-unread", "canary-answer-to-unread"},
	} {
		a := officer.Get(t, path)
		for _, w := range want {
			if !strings.Contains(a.Body, w) {
				t.Errorf("GET %s: %d without %s", path, a.Status, w)
			}
		}
	}
}

// TestS21TheLogNamesNobody looks through everything a run logged: no address of a person, no token, no client's address, no words.
func TestS21TheLogNamesNobody(t *testing.T) {
	s := plantSecrets(t)
	c := s.app.Client(t)
	secret := s.app.Token(t, consult.RoleAnalyst)
	officer := s.app.Officer(t, "canary-officer@example.org", consult.RoleOfficer)
	signed := s.app.Client(t).SignIn(t, officer)
	for _, path := range append(s.addresses(), "/my-comment/"+s.token, "/my-comment/canary-token", "/sign-in/canary-token", "/follow/canary-token",
		"/?words=canary", "/consultations/canary", "/nothing?email=canary-query@example.org") {
		c.Do(t, http.MethodGet, path, nil, map[string]string{"User-Agent": "canary-agent", "Referer": "http://canary-referrer.example/", "X-Forwarded-For": "203.0.113.77"})
		signed.Get(t, path)
	}
	ask := url.Values{"email": {"canary-officer@example.org"}}
	c.Post(t, "/sign-in", "/sign-in", ask)
	path := "/consultations/" + s.public.String() + "/ask"
	s.app.Store.Break(false, true)
	for _, form := range []url.Values{{"title": {"canary-ask"}, "body": {"canary-body"}}, {"title": {""}, "body": {strings.Repeat("canary-long ", 2000)}}} {
		c.Post(t, path, path, form)
	}
	c.Post(t, "/sign-in", "/sign-in", ask)
	s.app.Store.Break(true, true)
	c.Get(t, "/my-comment/"+s.token)
	s.app.Store.Mend()
	c.Do(t, http.MethodGet, "/api/v1/consultations", nil, map[string]string{"Authorization": "Bearer " + secret})
	c.Do(t, http.MethodGet, "/api/v1/consultations", nil, map[string]string{"Authorization": "Bearer canary-bearer"})
	log := s.app.Log.String()
	if !strings.Contains(log, "request failed") {
		t.Fatal("nothing was logged: this shows nothing")
	}
	for _, secret := range []string{planted, s.token, secret, "203.0.113.77", "127.0.0.1"} {
		if i := strings.Index(strings.ToLower(log), secret); i >= 0 {
			t.Errorf("the log holds %q: %.200s", secret, log[max(0, i-150):])
		}
	}
}
