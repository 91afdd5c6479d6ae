package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/api"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/servertest"
)

// The engines that what is written at once must hold on.
var engines = map[string][]servertest.Option{"sqlite": nil, "postgresql": {servertest.OnPostgreSQL}}

// newComment is a comment as a program sends it, with changes made to it.
func newComment(changes map[string]any) string {
	c := map[string]any{
		"stance": "objection", "points": []any{map[string]any{"topic": "light", "text": "It takes the light of our kitchen."}},
		"place":   map[string]any{"text": "the back windows", "lat": 52.472311, "lon": -1.859733},
		"contact": map[string]any{"name": "Resident of Sample Street", "postcode": "b99aa", "email": "resident@example.org"},
	}
	for name, value := range changes {
		c[name] = value
	}
	raw, err := json.Marshal(c)
	if err != nil {
		panic(err) // a test that cannot say what it sends
	}
	return string(raw)
}

// published sends a comment and publishes it as it is.
func published(t *testing.T, app *servertest.App, in consult.CommentInput) consult.ID {
	t.Helper()
	r, err := app.Service.SubmitComment(t.Context(), consult.Actor{}, in)
	if err != nil {
		t.Fatal(err)
	}
	p := consult.Publication{Comment: r.Comment.ID, Points: in.Points, PlaceText: in.PlaceText}
	if err := app.Service.PublishComment(t.Context(), consult.System(), p); err != nil {
		t.Fatal(err)
	}
	return r.Comment.ID
}

// question opens a thread as a resident does.
func question(t *testing.T, app *servertest.App, consultation consult.ID, body string) consult.Posted {
	t.Helper()
	posted, err := app.Service.StartThread(t.Context(), consult.Actor{Kind: consult.Visitor, ID: 7}, consult.ThreadInput{Consultation: consultation,
		Title: "Will the wall stay?", First: consult.MessageInput{Body: body, Name: "Resident of Sample Street", Language: "en", Key: consult.NewKey()}})
	if err != nil {
		t.Fatal(err)
	}
	return posted
}

func threadPath(id consult.ID) string       { return "/threads/" + id.String() }
func consultationPath(id consult.ID) string { return "/consultations/" + id.String() }

// below is an address of the site as a path below the API's prefix.
func below(t *testing.T, app *servertest.App, address string) string {
	t.Helper()
	path, ours := strings.CutPrefix(address, app.URL+api.Prefix)
	if !ours {
		t.Fatalf("%q is no address of the API", address)
	}
	return path
}

// TestEveryAnswerIsAsDescribed plays a consultation through by programs alone and holds every answer to the description. Every
// success that the description promises must have been seen.
func TestEveryAnswerIsAsDescribed(t *testing.T) {
	app := servertest.New(t)
	c := readContract(t)
	reader := c.program(t, app, "")
	writer, officer := c.program(t, app, app.Token(t, consult.RoleAnalyst)), c.program(t, app, app.Token(t, consult.RoleOfficer))
	id := app.Consultation(t, 1, consult.Consulting)
	at := consultationPath(id)
	key := []string{"Idempotency-Key", consult.NewKey()}

	own := ""
	for _, status := range []int{http.StatusCreated, http.StatusOK} {
		a := writer.call(t, "POST", at+"/comments", newComment(nil), key...)
		want(t, a, status, "")
		receipt := read[api.Receipt](t, a)
		own = receipt.OwnPage
		if a.Header.Get("Location") != own || !strings.Contains(a.Header.Get("Cache-Control"), "no-store") || receipt.State != "received" {
			t.Errorf("receipt %+v with headers %v", receipt, a.Header)
		}
	}
	if page := app.Client(t).Get(t, strings.TrimPrefix(own, app.URL)); page.Status != http.StatusOK || !strings.Contains(page.Body, "light of our kitchen") {
		t.Errorf("the author's own page: %d", page.Status)
	}
	published(t, app, servertest.Comment(id))
	tell(t, app, id)

	key[1] = consult.NewKey()
	var thread string
	for _, status := range []int{http.StatusCreated, http.StatusOK} {
		a := writer.call(t, "POST", at+"/threads", `{"title":"Will the wall stay?","body":"The plans do not show it."}`, key...)
		want(t, a, status, "")
		thread = below(t, app, a.Header.Get("Location"))
	}
	key[1] = consult.NewKey()
	for _, status := range []int{http.StatusCreated, http.StatusOK} {
		a := officer.call(t, "POST", thread+"/messages", `{"body":"It stays."}`, key...)
		want(t, a, status, "")
		if m := read[api.Message](t, a); m.Author != "officer" || m.Service != "Planning" || m.Seq != 2 {
			t.Errorf("an officer's answer by token: %+v", m)
		}
		alone := read[api.MessagePage](t, reader.call(t, "GET", below(t, app, a.Header.Get("Location")), ""))
		if len(alone.Items) != 1 || alone.Items[0].Body != "It stays." {
			t.Errorf("the message's address holds %+v", alone.Items)
		}
	}
	for _, path := range []string{"/openapi.json", "/consultations", at, at + "/comments", at + "/threads", thread, thread + "/messages"} {
		a := reader.call(t, "GET", path, "")
		want(t, a, http.StatusOK, "")
		again := reader.call(t, "GET", path, "", "If-None-Match", `"other", `+a.Header.Get("ETag"))
		want(t, again, http.StatusNotModified, "")
		if head := reader.Do(t, "HEAD", api.Prefix+path, nil, nil); head.Status != http.StatusOK || head.Header.Get("ETag") != a.Header.Get("ETag") {
			t.Errorf("HEAD %s: %d %v", path, head.Status, head.Header)
		}
	}
	for _, o := range c.operations(t) {
		for status := range o.content["responses"].(map[string]any) {
			if (status[0] == '2' || status[0] == '3') && !c.seen[o.id+" "+status] {
				t.Errorf("%s never answered %s", o.id, status)
			}
		}
	}
	if v := read[api.Consultation](t, reader.call(t, "GET", at, "")); len(v.Versions) != 1 || len(v.Versions[0].Massing) == 0 || len(v.Outcomes) != 2 ||
		v.Tally.Comments != 2 || v.Tally.Published != 1 || v.Window.DaysLeft != 11 || v.Influence.Open != "Height." || len(v.Documents) != 1 {
		t.Errorf("the consultation lacks something: %+v", v)
	}
}

// tell records and publishes an outcome for every topic raised.
func tell(t *testing.T, app *servertest.App, id consult.ID) {
	t.Helper()
	for _, topic := range []consult.Topic{"light", "traffic"} {
		o := consult.Outcome{Consultation: id, Topic: topic, YouSaid: "It takes light.", WeDid: "A storey less.", Effect: consult.Changed, Reference: "Version 2"}
		if err := app.Service.RecordOutcome(t.Context(), consult.System(), o); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := app.Service.PublishOutcomes(t.Context(), consult.System(), id); err != nil {
		t.Fatal(err)
	}
}

func TestConsultationsAreSearchedAndPaged(t *testing.T) {
	app := servertest.New(t)
	p := readContract(t).program(t, app, "")
	for n := 1; n <= 5; n++ {
		app.Consultation(t, n, consult.Consulting)
	}
	app.Consultation(t, 6, consult.Decided)
	app.Consultation(t, 7, consult.Received)
	for query, total := range map[string]int{
		"": 6, "?q=yard+3": 1, "?q=nothing+like+it": 0, "?state=decided": 1, "?state=decided,consulting": 6, "?kind=pp.full": 6, "?kind=wtt": 0,
		"?near=52.4723,-1.8595": 6, "?near=52.4723,-1.8595&radius=1": 6, "?near=51.5,-0.12&radius=20000": 0, "?postcode=b9": 6, "?postcode=SW1A+1AA": 0,
		"?ward=E05000001": 0,
	} {
		if got := read[api.ConsultationPage](t, p.call(t, "GET", "/consultations"+query, "")); got.Total != total {
			t.Errorf("%q finds %d, want %d", query, got.Total, total)
		}
	}
	seen := map[string]bool{}
	next := "/consultations?limit=2&kind=pp.full"
	for pages := 0; next != ""; pages++ {
		page := read[api.ConsultationPage](t, p.call(t, "GET", next, ""))
		for _, item := range page.Items {
			seen[item.ID] = true
		}
		if next = ""; page.Next != "" {
			next = below(t, app, page.Next)
		}
		if pages > 3 {
			t.Fatal("the pages do not end")
		}
	}
	if len(seen) != 6 {
		t.Errorf("the pages hold %d consultations, want 6", len(seen))
	}
}

func TestMessagesAreReadBackwardsWithoutGap(t *testing.T) {
	app := servertest.New(t)
	p := readContract(t).program(t, app, "")
	thread := question(t, app, app.Consultation(t, 1, consult.Consulting), "1").Thread.ID
	for n := 2; n <= 7; n++ {
		in := consult.MessageInput{Thread: thread, Body: fmt.Sprint(n), Key: consult.NewKey()}
		if _, err := app.Service.PostMessage(t.Context(), consult.Actor{Kind: consult.Visitor, ID: 7}, in); err != nil {
			t.Fatal(err)
		}
	}
	var seqs []int64
	next := threadPath(thread) + "/messages?limit=3"
	for range 3 {
		page := read[api.MessagePage](t, p.call(t, "GET", next, ""))
		var these []int64
		for _, m := range page.Items {
			these = append(these, m.Seq)
		}
		seqs = append(these, seqs...)
		if page.Seq != 7 || page.Epoch == "" {
			t.Errorf("the log ends at %d %q", page.Seq, page.Epoch)
		}
		if page.Earlier == "" {
			break
		}
		next = below(t, app, page.Earlier)
	}
	if got := fmt.Sprint(seqs); got != "[1 2 3 4 5 6 7]" {
		t.Errorf("read %s", got)
	}
}

func TestW14TheSameKeyFromTwoTabsMakesOneMessage(t *testing.T) {
	for name, options := range engines {
		t.Run(name, func(t *testing.T) {
			app := servertest.New(t, options...)
			c := readContract(t)
			id := app.Consultation(t, 1, consult.Consulting)
			thread := question(t, app, id, "First").Thread.ID
			token := app.Token(t, consult.RoleAnalyst)
			for path, body := range map[string]string{
				threadPath(thread) + "/messages":   `{"body":"Twice?"}`,
				consultationPath(id) + "/threads":  `{"title":"Twice?","body":"Or once?"}`,
				consultationPath(id) + "/comments": newComment(nil),
			} {
				tabs := []*program{c.program(t, app, token), c.program(t, app, token)}
				made, ids := together(t, tabs, path, body)
				if made != 1 || len(ids) != 1 {
					t.Errorf("%s: made %d times, acknowledged as %v", path, made, ids)
				}
			}
			if v, err := app.Service.Case(t.Context(), consult.Actor{}, id); err != nil || v.Tally.Comments != 1 || v.Tally.Messages != 3 || len(v.Threads) != 2 {
				t.Errorf("%+v %d threads, %v; want 1 comment, 3 messages, 2 threads", v.Tally, len(v.Threads), err)
			}
		})
	}
}

// together sends the same request with the same key four times from each tab at once. It counts the 201 and the records named.
func together(t *testing.T, tabs []*program, path, body string) (made int, ids map[string]int) {
	key := consult.NewKey()
	ids = map[string]int{}
	var all sync.WaitGroup
	var mu sync.Mutex
	for i := range 8 {
		all.Go(func() {
			a := tabs[i%len(tabs)].call(t, "POST", path, body, "Idempotency-Key", key)
			mu.Lock()
			defer mu.Unlock()
			if a.Status == http.StatusCreated {
				made++
			} else if a.Status != http.StatusOK {
				t.Errorf("%s: %d %.200s", path, a.Status, a.Body)
			}
			var record struct{ ID string }
			if err := json.Unmarshal([]byte(a.Body), &record); err != nil {
				t.Errorf("%s: %v in %.200s", path, err, a.Body)
			}
			ids[record.ID]++
		})
	}
	all.Wait()
	return made, ids
}

func TestW15WhatIsOverIsClosedAndARepeatIsStillAcknowledged(t *testing.T) {
	app := servertest.New(t)
	p := readContract(t).program(t, app, app.Token(t, consult.RoleAnalyst))
	id := app.Consultation(t, 1, consult.Consulting)
	thread := question(t, app, id, "First").Thread.ID
	sent := map[string]string{
		threadPath(thread) + "/messages":   `{"body":"In time"}`,
		consultationPath(id) + "/threads":  `{"title":"In time","body":"In time"}`,
		consultationPath(id) + "/comments": newComment(nil),
	}
	keys := map[string]string{}
	for path, body := range sent {
		keys[path] = consult.NewKey()
		want(t, p.call(t, "POST", path, body, "Idempotency-Key", keys[path]), http.StatusCreated, "")
	}
	if err := app.Service.Advance(t.Context(), consult.System(), consult.Move{Consultation: id, To: consult.Withdrawn, Why: "Withdrawn."}); err != nil {
		t.Fatal(err)
	}
	for path, body := range sent {
		want(t, p.call(t, "POST", path, body, "Idempotency-Key", consult.NewKey()), http.StatusConflict, "closed")
		want(t, p.call(t, "POST", path, body, "Idempotency-Key", keys[path]), http.StatusOK, "")
	}
	if v := read[api.Thread](t, p.call(t, "GET", threadPath(thread), "")); v.Open {
		t.Error("a thread that takes nothing more says that it is open")
	}
}

func TestBadInputOfPrograms(t *testing.T) {
	app := servertest.New(t)
	p := readContract(t).program(t, app, app.Token(t, consult.RoleAnalyst))
	id := app.Consultation(t, 1, consult.Consulting)
	thread := threadPath(question(t, app, id, "First").Thread.ID) + "/messages"
	comments, threads := consultationPath(id)+"/comments", consultationPath(id)+"/threads"
	point := func(topic, text string) []any { return []any{map[string]any{"topic": topic, "text": text}} }
	contact := func(name, postcode string) map[string]any { return map[string]any{"name": name, "postcode": postcode} }
	for name, row := range map[string]struct {
		path, body string
		status     int
		code, rule string // rule: "field=rule", "" = none named
	}{
		"I01 absent":                {thread, `{}`, 422, "invalid", "body=required"},
		"I01 invisible":             {thread, `{"body":" \u200b "}`, 422, "invalid", "body=required"},
		"I02 one too many":          {thread, `{"body":"` + strings.Repeat("é", 3001) + `"}`, 422, "invalid", "body=too_long"},
		"I02 point":                 {comments, newComment(map[string]any{"points": point("light", strings.Repeat("é", 6001))}), 422, "invalid", "points.light=too_long"},
		"I07 line break in name":    {thread, `{"body":"x","name":"A\r\nBcc: x@y"}`, 422, "invalid", "name=characters"},
		"I08 NUL":                   {thread, `{"body":"a\u0000b"}`, 400, "malformed", ""},
		"I09 not UTF-8":             {thread, "{\"body\":\"\xff\xfe\"}", 400, "malformed", ""},
		"I09 half a surrogate":      {thread, `{"body":"\ud800"}`, 422, "invalid", "body=characters"},
		"I13 reserved name":         {thread, `{"body":"x","name":"Planning Officer ✓"}`, 422, "invalid", "name=reserved_name"},
		"I13 reserved in a comment": {comments, newComment(map[string]any{"contact": contact("Council", "B9 9AA")}), 422, "invalid", "contact.name=reserved_name"},
		"I15 list of addresses":     {comments, newComment(map[string]any{"contact": map[string]any{"name": "A", "postcode": "B9 9AA", "email": "a@e.com,b@e.com"}}), 422, "invalid", "contact.email=email"},
		"I17 stance":                {comments, newComment(map[string]any{"stance": "maybe"}), 422, "invalid", "stance=choice"},
		"I17 topic twice":           {comments, newComment(map[string]any{"points": append(point("light", "a"), point("light", "b")...)}), 422, "invalid", "points=choice"},
		"I18 role":                  {thread, `{"body":"x","role":"admin"}`, 400, "malformed", "role=unknown_key"},
		"I18 published":             {comments, newComment(map[string]any{"published": true, "state": "published"}), 400, "malformed", "published=unknown_key"},
		"I18 within":                {comments, newComment(map[string]any{"contact": map[string]any{"name": "A", "postcode": "B9 9AA", "id": 1}}), 400, "malformed", "contact.id=unknown_key"},
		"I19 many points":           {comments, newComment(map[string]any{"points": make([]any, 100_000)}), 400, "malformed", "points=too_many"},
		"I22 beyond numbers":        {comments, `{"place":{"lat":1e309,"lon":1}}`, 400, "malformed", "place.lat=decimal"},
		"I22 half a place":          {comments, newComment(map[string]any{"place": map[string]any{"lat": 52.4}}), 400, "malformed", "place=place_pair"},
		"I22 no place on earth":     {comments, newComment(map[string]any{"place": map[string]any{"lat": 152.4, "lon": 1}}), 422, "invalid", "place=place"},
		"I25 key twice":             {thread, `{"body":"a","body":"b"}`, 400, "malformed", ""},
		"I25 key twice within":      {comments, `{"contact":{"name":"a","name":"b"}}`, 400, "malformed", ""},
		"I25 unknown key":           {threads, `{"title":"a","body":"b","Body":"c"}`, 400, "malformed", "Body=unknown_key"},
		"I25 __proto__":             {thread, `{"body":"x","__proto__":{"role":"admin"}}`, 400, "malformed", "__proto__=unknown_key"},
		"I25 trailing garbage":      {thread, `{"body":"x"} {}`, 400, "malformed", ""},
		"I25 20k deep":              {thread, strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000), 400, "malformed", ""},
		"I25 33 deep":               {thread, `{"body":` + strings.Repeat("[", 32) + strings.Repeat("]", 32) + `}`, 400, "malformed", ""},
		"I25 array":                 {thread, `[{"body":"x"}]`, 400, "malformed", ""},
		"I25 nothing":               {thread, ``, 400, "malformed", ""},
		"I25 wrong type":            {thread, `{"body":7}`, 400, "malformed", "body=type"},
		"I25 wrong type within":     {comments, newComment(map[string]any{"points": []any{"light"}}), 400, "malformed", "points.0=type"},
		"no postcode":               {comments, newComment(map[string]any{"contact": contact("A", "")}), 422, "invalid", "contact.postcode=required"},
		"no topics":                 {comments, newComment(map[string]any{"points": nil}), 422, "invalid", "points=topics_required"},
		"no language":               {thread, `{"body":"x","language":"not a language"}`, 400, "malformed", "language=language"},
		"H12 unknown thread":        {"/threads/0000000000002/messages", `{"body":"x"}`, 404, "not_found", ""},
		"H12 the desk":              {"/threads/0000000000001/messages", `{"body":"x"}`, 404, "not_found", ""},
		"H12 no id":                 {"/threads/none/messages", `{"body":"x"}`, 404, "not_found", ""},
		"H12 no document":           {threads, `{"title":"a","body":"b","document":"0000000000002"}`, 404, "not_found", ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := p.call(t, "POST", row.path, row.body)
			want(t, a, row.status, row.code)
			got := ""
			for _, e := range read[api.Problem](t, a).Errors {
				got += e.Field + "=" + e.Rule + " "
			}
			if row.rule == "" && got != "" || !strings.Contains(" "+got, " "+row.rule) {
				t.Errorf("errors %q, want %q", got, row.rule)
			}
		})
	}
	if v, err := app.Service.Case(t.Context(), consult.Actor{}, id); err != nil || v.Tally.Comments != 0 || v.Tally.Messages != 1 {
		t.Errorf("something refused was kept: %+v, %v", v.Tally, err)
	}
}

func TestI23KeysAreUUIDsAndStandForOneRequest(t *testing.T) {
	app := servertest.New(t)
	p := readContract(t).program(t, app, app.Token(t, consult.RoleAnalyst))
	path := threadPath(question(t, app, app.Consultation(t, 1, consult.Consulting), "First").Thread.ID) + "/messages"
	key := consult.NewKey()
	want(t, p.call(t, "POST", path, `{"body":"One"}`, "Idempotency-Key", "1"), http.StatusBadRequest, "malformed")
	want(t, p.call(t, "POST", path, `{"body":"One"}`, "Idempotency-Key", key), http.StatusCreated, "")
	want(t, p.call(t, "POST", path, `{"body":"One"}`, "Idempotency-Key", `"`+strings.ToUpper(key)+`"`), http.StatusOK, "")
	want(t, p.call(t, "POST", path, `{"body":"Two"}`, "Idempotency-Key", key), http.StatusConflict, "conflict")
	want(t, p.call(t, "POST", path, `{"body":"One"}`), http.StatusCreated, "")
}

func TestI24ABrowserNeedsItsFormToken(t *testing.T) {
	app := servertest.New(t)
	c := readContract(t)
	thread := question(t, app, app.Consultation(t, 1, consult.Consulting), "First").Thread.ID
	path, body := threadPath(thread)+"/messages", `{"body":"From a page"}`
	browser, other := c.program(t, app, ""), c.program(t, app, "")
	token := formToken(t, browser.Get(t, threadPath(thread)))
	foreign := formToken(t, other.Get(t, threadPath(thread)))
	from := []string{"Origin", app.URL, "Sec-Fetch-Site", "same-origin", "X-CSRF-Token"}
	want(t, browser.call(t, "POST", path, body), http.StatusForbidden, "forbidden")
	want(t, browser.call(t, "POST", path, body, append(from, foreign)...), http.StatusForbidden, "forbidden")
	want(t, browser.call(t, "POST", path, body, "Sec-Fetch-Site", "cross-site", "X-CSRF-Token", token), http.StatusForbidden, "forbidden")
	a := browser.call(t, "POST", path, body, append(from, token, "Idempotency-Key", consult.NewKey())...)
	want(t, a, http.StatusCreated, "")
	if len(a.Header.Values("Set-Cookie")) != 1 || !strings.HasPrefix(a.Header.Get("Set-Cookie"), "yousaid_visitor=") {
		t.Errorf("a browser that writes for the first time gets %q", a.Header.Values("Set-Cookie"))
	}
	app.Clock.Add(40 * time.Hour)
	want(t, browser.call(t, "POST", path, body, append(from, token)...), http.StatusForbidden, "forbidden")
}

func formToken(t *testing.T, page servertest.Answer) string {
	t.Helper()
	m := regexp.MustCompile(`name="_csrf" value="([^"]+)"`).FindStringSubmatch(page.Body)
	if m == nil {
		t.Fatalf("a page without a form token: %d %.300s", page.Status, page.Body)
	}
	return m[1]
}

func TestI26OnlyJSONIsTaken(t *testing.T) {
	app := servertest.New(t)
	p := readContract(t).program(t, app, app.Token(t, consult.RoleAnalyst))
	path := threadPath(question(t, app, app.Consultation(t, 1, consult.Consulting), "First").Thread.ID) + "/messages"
	for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/json; charset=utf-16", "json", ""} {
		want(t, p.call(t, "POST", path, `{"body":"x"}`, "Content-Type", kind), http.StatusUnsupportedMediaType, "media_type")
	}
	want(t, p.call(t, "POST", path, "\x1f\x8b", "Content-Encoding", "gzip"), http.StatusUnsupportedMediaType, "media_type")
	want(t, p.call(t, "POST", path, `{"body":"x"}`, "Content-Type", `Application/JSON; charset="UTF-8"`), http.StatusCreated, "")
	want(t, p.call(t, "POST", "/consultations", `{}`), http.StatusMethodNotAllowed, "method")
}
