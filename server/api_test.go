package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

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
	concern := shownConcern(t, app, id, consult.PointRef{Source: published(t, app, servertest.Comment(id)), Topic: "light"})
	tell(t, app, id)

	thread := askAndAnswer(t, app, writer, officer, reader, at)
	for _, path := range []string{"/openapi.json", "/consultations", at, at + "/comments", at + "/concerns", at + "/threads", at + "/facts",
		at + "/promises", "/concerns/" + concern, "/facts/" + publishedFact(t, app, id), thread, thread + "/messages"} {
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

// askAndAnswer opens a thread and answers in it, each twice with one key, and gives the thread's path.
func askAndAnswer(t *testing.T, app *servertest.App, writer, officer, reader *program, at string) (thread string) {
	t.Helper()
	key := []string{"Idempotency-Key", consult.NewKey()}
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
	return thread
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
