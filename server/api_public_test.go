package server_test

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server"
	"github.com/yousaid/yousaid/server/api"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/servertest"
)

// readings are the addresses a program can read of a consultation with a thread.
func readings(consultation, thread consult.ID) []string {
	at := consultationPath(consultation)
	return []string{"/openapi.json", "/consultations", at, at + "/comments", at + "/concerns", at + "/threads", threadPath(thread), threadPath(thread) + "/messages"}
}

func TestI03I04I05I06I28TextStaysTextInJSON(t *testing.T) {
	app := servertest.New(t)
	p := readContract(t).program(t, app, app.Token(t, consult.RoleAnalyst))
	path := threadPath(question(t, app, app.Consultation(t, 1, consult.Consulting), "First").Thread.ID) + "/messages"
	for _, text := range []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `{{.}}`, `${7*7}`, `Robert'); DROP TABLE comment;--`,
		`=HYPERLINK("http://x")`, "+1", "-1", "@x", "＝1"} {
		a := p.call(t, "POST", path, fmt.Sprintf(`{"body":%q,"name":%q}`, text, text))
		want(t, a, http.StatusCreated, "")
		if m := read[api.Message](t, a); m.Body != text || m.Name != text {
			t.Errorf("%q became %q by %q", text, m.Body, m.Name)
		}
		if strings.ContainsAny(a.Body, "<>") || a.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("a browser could take this for a page: %s", a.Body)
		}
	}
}

func TestI10I11I12TextsAreCleanedAsOnPages(t *testing.T) {
	app := servertest.New(t)
	p := readContract(t).program(t, app, app.Token(t, consult.RoleAnalyst))
	path := threadPath(question(t, app, app.Consultation(t, 1, consult.Consulting), "First").Thread.ID) + "/messages"
	for name, row := range map[string]struct{ sent, kept, nameKept string }{
		"I10 turned around": {"abc\u202egnp.exe", "abc\u202egnp.exe", "abcgnp.exe"},
		"I11 zalgo":         {"z" + strings.Repeat("\u0335", 60), "z" + strings.Repeat("\u0335", 8), "z" + strings.Repeat("\u0335", 8)},
		"I12 normal form":   {"Cafe\u0301", "Café", "Café"},
		"I12 Urdu":          {"کمیٹی", norm.NFC.String("کمیٹی"), norm.NFC.String("کمیٹی")},
		"controls":          {"a\u0007b", "ab", "ab"},
	} {
		t.Run(name, func(t *testing.T) {
			a := p.call(t, "POST", path, `{"body":`+strconv.QuoteToGraphic(row.sent)+`,"name":`+strconv.QuoteToGraphic(row.sent)+`}`)
			if name == "controls" {
				a = p.call(t, "POST", path, `{"body":"a\u0007b","name":"a\u0007b"}`)
			}
			want(t, a, http.StatusCreated, "")
			if m := read[api.Message](t, a); m.Body != row.kept || m.Name != row.nameKept {
				t.Errorf("kept %+q by %+q", m.Body, m.Name)
			}
		})
	}
}

func TestI27ManyLinksWaitForAModeratorAndTheSenderIsTold(t *testing.T) {
	app := servertest.New(t)
	c := readContract(t)
	path := threadPath(question(t, app, app.Consultation(t, 1, consult.Consulting), "First").Thread.ID) + "/messages"
	a := c.program(t, app, app.Token(t, consult.RoleAnalyst)).call(t, "POST", path, `{"body":"`+strings.Repeat("https://spam.example ", 30)+`"}`)
	want(t, a, http.StatusCreated, "")
	if m := read[api.Message](t, a); m.State != "held" || m.Rule != "links" {
		t.Errorf("%+v, want held for its links", m)
	}
	page := read[api.MessagePage](t, c.program(t, app, "").call(t, "GET", path, ""))
	if last := page.Items[len(page.Items)-1]; last.State != "held" || last.Body != "" {
		t.Errorf("readers see %+v", last)
	}
}

func TestH08PagesThatCannotBeAreTheFirst(t *testing.T) {
	app := servertest.New(t)
	p := readContract(t).program(t, app, "")
	thread := question(t, app, app.Consultation(t, 1, consult.Consulting), "First").Thread.ID
	for _, nasty := range []string{"-1", "0", "9999999999999999999", "1'--", "<svg>", ""} {
		a := p.call(t, "GET", "/consultations?"+url.Values{"offset": {nasty}, "limit": {nasty}}.Encode(), "")
		want(t, a, http.StatusOK, "")
		if page := read[api.ConsultationPage](t, a); page.Offset != 0 || page.Limit != 20 || len(page.Items) != 1 || strings.Contains(a.Body, "svg") {
			t.Errorf("%q: %s", nasty, a.Body)
		}
		a = p.call(t, "GET", threadPath(thread)+"/messages?"+url.Values{"before": {nasty}, "limit": {nasty}}.Encode(), "")
		if page := read[api.MessagePage](t, a); len(page.Items) != 1 {
			t.Errorf("%q: %s", nasty, a.Body)
		}
	}
}

func TestH09UnknownParametersChangeNothing(t *testing.T) {
	app := servertest.New(t)
	p := readContract(t).program(t, app, "")
	for n := 1; n <= 3; n++ {
		app.Consultation(t, n, consult.Consulting)
	}
	plain := p.call(t, "GET", "/consultations", "")
	for _, query := range []string{"?sort=created_at;select", "?sort=nothing", "?order[]=1&role=admin"} {
		if a := p.call(t, "GET", "/consultations"+query, ""); a.Body != plain.Body {
			t.Errorf("%s changed the answer: %s", query, a.Body)
		}
	}
}

func TestH10PlacesThatCannotBeAreRefused(t *testing.T) {
	app := servertest.New(t)
	p := readContract(t).program(t, app, "")
	app.Consultation(t, 1, consult.Consulting)
	for query, field := range map[string]string{
		"near=1,2,3": "near", "near=NaN,1": "near", "near=-1.8597,52.4723": "near", "near=95,1": "near", "near=0,0": "near", "near=here": "near",
		"near=52.4,-1.8&radius=NaN": "radius", "near=52.4,-1.8&radius=-5": "radius", "near=52.4,-1.8&radius=1e309": "radius",
		"near=52.4,-1.8&radius=40000000": "radius", "near=52.4,-1.8&near=52.4,-1.8": "near", "near=52.4,-1.8&postcode=B9": "postcode",
		"postcode=nonsense!": "postcode", "state=maybe": "state", "state=received": "state", "q=%ff": "q", "q=" + strings.Repeat("x", 201): "q",
	} {
		a := p.call(t, "GET", "/consultations?"+query, "")
		want(t, a, http.StatusBadRequest, "malformed")
		if problem := read[api.Problem](t, a); len(problem.Errors) != 1 || problem.Errors[0].Field != field {
			t.Errorf("%.60s: %+v", query, problem.Errors)
		}
	}
}

func TestH12WhatIsNotPublicLooksAsWhatDoesNotExist(t *testing.T) {
	app := servertest.New(t)
	c := readContract(t)
	hidden, unknown := app.Consultation(t, 1, consult.Received), consult.NewID(time.Now())
	for _, p := range []*program{c.program(t, app, ""), c.program(t, app, app.Token(t, consult.RoleOfficer))} {
		for _, rest := range []string{"", "/comments", "/threads"} {
			a, b := p.call(t, "GET", consultationPath(hidden)+rest, ""), p.call(t, "GET", consultationPath(unknown)+rest, "")
			want(t, a, http.StatusNotFound, "not_found")
			if a.Body != b.Body {
				t.Errorf("%s tells what exists: %s, %s", rest, a.Body, b.Body)
			}
		}
	}
	want(t, c.program(t, app, "").call(t, "GET", "/nothing", ""), http.StatusNotFound, "not_found")
}

func TestH15OnlyJSONIsServed(t *testing.T) {
	app := servertest.New(t)
	p := readContract(t).program(t, app, "")
	for accept, status := range map[string]int{"application/xml": 406, "text/html": 406, "application/json": 200, "*/*": 200, "text/html, application/*;q=0.8": 200} {
		if a := p.call(t, "GET", "/consultations", "", "Accept", accept); a.Status != status {
			t.Errorf("Accept %s: %d, want %d", accept, a.Status, status)
		}
	}
}

func TestAnyPageMayReadAndNoneMayWrite(t *testing.T) {
	app := servertest.New(t)
	c := readContract(t)
	p := c.program(t, app, "")
	id := app.Consultation(t, 1, consult.Consulting)
	thread := question(t, app, id, "First").Thread.ID
	for _, path := range append(readings(id, thread), "/nothing", "/consultations?near=x") {
		a := p.call(t, "GET", path, "", "Origin", "https://elsewhere.example")
		if a.Header.Get("Access-Control-Allow-Origin") != "*" || a.Header.Get("Access-Control-Allow-Credentials") != "" ||
			a.Header.Get("Cross-Origin-Resource-Policy") != "cross-origin" || a.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %v", path, a.Header)
		}
	}
	a := p.call(t, "POST", threadPath(thread)+"/messages", `{"body":"x"}`, "Origin", "https://elsewhere.example")
	want(t, a, http.StatusForbidden, "forbidden")
	token := c.program(t, app, app.Token(t, consult.RoleAnalyst))
	b := token.call(t, "POST", threadPath(thread)+"/messages", `{"body":"x"}`, "Origin", "https://elsewhere.example")
	for _, header := range []http.Header{a.Header, b.Header} {
		if header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("another site's page may read what a write answers: %v", header)
		}
	}
}

func TestS01TokensThatAreNoneAreSignedOut(t *testing.T) {
	app := servertest.New(t)
	c := readContract(t)
	for _, token := range []string{"none", "yousaid_none", strings.Repeat("x", 5000)} {
		a := c.program(t, app, token).call(t, "GET", "/consultations", "")
		want(t, a, http.StatusUnauthorized, "signed_out")
		if a.Header.Get("WWW-Authenticate") != "Bearer" {
			t.Errorf("%v", a.Header)
		}
	}
}

func TestS17TooManyRequestsAreToldWhenToComeBack(t *testing.T) {
	app := servertest.New(t, servertest.WithLimits(func(l *server.Limits) { l.Rates["api"] = server.Rate{Burst: 1, Every: time.Minute} }))
	p := readContract(t).program(t, app, "")
	want(t, p.call(t, "GET", "/consultations", ""), http.StatusOK, "")
	a := p.call(t, "GET", "/consultations", "")
	want(t, a, http.StatusTooManyRequests, "rate")
	if seconds, err := strconv.Atoi(a.Header.Get("Retry-After")); err != nil || seconds < 1 {
		t.Errorf("Retry-After %q", a.Header.Get("Retry-After"))
	}
}

func TestF09AStoreThatIsDownIsAProblemThatPasses(t *testing.T) {
	app := servertest.New(t)
	c := readContract(t)
	id := app.Consultation(t, 1, consult.Consulting)
	thread := question(t, app, id, "First").Thread.ID
	p, token := c.program(t, app, ""), c.program(t, app, app.Token(t, consult.RoleAnalyst))
	unavailable := func(a servertest.Answer, path string) {
		t.Helper()
		want(t, a, http.StatusServiceUnavailable, "unavailable")
		reference := read[api.Problem](t, a).Reference
		if a.Header.Get("Retry-After") == "" || reference == "" || !strings.Contains(app.Log.String(), reference) {
			t.Errorf("%s: Retry-After %q, reference %q in the log: %v", path, a.Header.Get("Retry-After"), reference, strings.Contains(app.Log.String(), reference))
		}
	}
	app.Store.Break(true, false)
	for _, path := range readings(id, thread)[1:] {
		unavailable(p.call(t, "GET", path, ""), path)
	}
	app.Store.Break(false, true)
	sent := map[string]string{consultationPath(id) + "/comments": newComment(nil), consultationPath(id) + "/threads": `{"title":"x","body":"x"}`,
		threadPath(thread) + "/messages": `{"body":"x"}`}
	keys := map[string]string{}
	for path, body := range sent {
		keys[path] = consult.NewKey()
		unavailable(token.call(t, "POST", path, body, "Idempotency-Key", keys[path]), path)
	}
	app.Store.Mend()
	for path, body := range sent {
		want(t, token.call(t, "POST", path, body, "Idempotency-Key", keys[path]), http.StatusCreated, "")
	}
}

// TestS02NothingPrivateIsServed puts a canary into everything that is not public and reads every address with every role.
func TestS02NothingPrivateIsServed(t *testing.T) {
	app := servertest.New(t)
	c := readContract(t)
	id := app.Consultation(t, 1, consult.Consulting) // its applicant's contact is a canary
	thread := canaries(t, app, id)
	app.Officer(t, "canary-officer@example.org", consult.RoleOfficer)
	for _, role := range append(consult.Roles(), "") {
		token := ""
		if role != "" {
			token = app.Token(t, role)
		}
		p := c.program(t, app, token)
		for _, path := range append(readings(id, thread), "/consultations?q=CANARY", "/consultations?q=canary-applicant") {
			a := p.call(t, "GET", path, "")
			want(t, a, http.StatusOK, "")
			if at := strings.Index(strings.ToLower(a.Body), "canary"); at >= 0 {
				t.Errorf("%s serves to %q: …%.120s", path, role, a.Body[at:])
			}
			for _, secret := range []string{"visitor", "source_hash", "contact\":", "B1 1ZZ"} {
				if path != "/openapi.json" && strings.Contains(a.Body, secret) {
					t.Errorf("%s serves %q to %q", path, secret, role)
				}
			}
		}
	}
	page := read[api.MessagePage](t, c.program(t, app, "").call(t, "GET", threadPath(thread)+"/messages", ""))
	if len(page.Items) != 3 || page.Items[1].State != "held" || page.Items[2].State != "hidden" || page.Items[2].Reason == "" {
		t.Errorf("held and hidden messages leave no stub: %+v", page.Items)
	}
}

// canaries plants what may never be read: contacts, words not published or taken out, drafts of outcomes, cases not public.
func canaries(t *testing.T, app *servertest.App, id consult.ID) (thread consult.ID) {
	t.Helper()
	ctx, system := t.Context(), consult.System()
	in := servertest.Comment(id)
	in.Contact = consult.Contact{Name: "CANARY name", Address: "CANARY address", Postcode: "B1 1ZZ", Email: "canary@example.org", Phone: "CANARY phone"}
	in.Points[0].Text = "CANARY words taken out"
	redacted, err := app.Service.SubmitComment(ctx, consult.Actor{}, in)
	if err != nil {
		t.Fatal(err)
	}
	points := []consult.CommentPoint{{Topic: "light", Text: "It takes the light."}, in.Points[1]}
	if err := app.Service.PublishComment(ctx, system, consult.Publication{Comment: redacted.Comment.ID, Points: points, PlaceText: in.PlaceText, Reasons: []string{"name"}}); err != nil {
		t.Fatal(err)
	}
	waiting, withheld := servertest.Comment(id), servertest.Comment(id)
	waiting.Points[0].Text, waiting.PlaceText = "CANARY not published yet", "CANARY place"
	withheld.Points[0].Text = "CANARY withheld"
	if _, err := app.Service.SubmitComment(ctx, consult.Actor{}, waiting); err != nil {
		t.Fatal(err)
	}
	w, err := app.Service.SubmitComment(ctx, consult.Actor{}, withheld)
	if err != nil {
		t.Fatal(err)
	}
	if err := app.Service.PublishComment(ctx, system, consult.Publication{Comment: w.Comment.ID, Withhold: true, Reasons: []string{"offensive"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := app.Service.AnswerComment(ctx, system, w.Comment.ID, consult.MessageInput{Body: "CANARY answer to a withheld comment", Key: consult.NewKey()}); err != nil {
		t.Fatal(err)
	}
	o := consult.Outcome{Consultation: id, Topic: "light", YouSaid: "CANARY draft", WeDid: "CANARY draft", Effect: consult.Changed}
	if err := app.Service.RecordOutcome(ctx, system, o); err != nil {
		t.Fatal(err)
	}
	secret := consult.Case{Consultation: consult.Consultation{Kind: consult.PlanningApplication, Title: "CANARY not public", State: consult.Received, Version: 1,
		Application: consult.Application{Authority: "local-authority:TST", Reference: "CANARY/1", SourceHash: "1"}}, Versions: []consult.ProposalVersion{{Number: 1}}}
	if _, err := app.Service.Take(ctx, system, secret); err != nil {
		t.Fatal(err)
	}
	return canaryThread(t, app, id)
}

// canaryThread has a held and a hidden message with names and words that may not be read.
func canaryThread(t *testing.T, app *servertest.App, id consult.ID) consult.ID {
	t.Helper()
	thread := question(t, app, id, "First").Thread.ID
	var last consult.Posted
	for _, body := range []string{"Call CANARY at 0121 496 0000 now", "CANARY hidden"} {
		var err error
		last, err = app.Service.PostMessage(t.Context(), consult.Actor{Kind: consult.Visitor, ID: 9}, consult.MessageInput{Thread: thread, Body: body,
			Name: "CANARY", Key: consult.NewKey()})
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := app.Service.SetMessageState(t.Context(), consult.System(), last.Message.ID, consult.MessageHidden, "abuse", "It insults."); err != nil {
		t.Fatal(err)
	}
	return thread
}

func TestS31PlacesOfCommentsAreMovedToTheGrid(t *testing.T) {
	app := servertest.New(t)
	p := readContract(t).program(t, app, "")
	id := app.Consultation(t, 1, consult.Consulting)
	exact := geo.Point{Lat: 52.472311, Lon: -1.859733}
	in := servertest.Comment(id)
	in.Place, in.HasPlace = exact, true
	published(t, app, in)
	a := p.call(t, "GET", consultationPath(id)+"/comments", "")
	page := read[api.CommentPage](t, a)
	if len(page.Items) != 1 || page.Items[0].Place == nil || page.Items[0].Place.Lat == nil {
		t.Fatalf("no place: %s", a.Body)
	}
	got := geo.Point{Lat: *page.Items[0].Place.Lat, Lon: *page.Items[0].Place.Lon}
	if got != exact.Snap(25) || strings.Contains(a.Body, "52.472311") || math.Abs(got.Lat-exact.Lat) > 0.001 {
		t.Errorf("published at %v, exact %v", got, exact)
	}
}

func TestCommentsAreFilteredAndPaged(t *testing.T) {
	app := servertest.New(t)
	p := readContract(t).program(t, app, "")
	id := app.Consultation(t, 1, consult.Consulting)
	for n := range 5 {
		in := servertest.Comment(id)
		if n == 0 {
			in.Stance, in.Points, in.ShowName = consult.Support, in.Points[1:], true
		}
		published(t, app, in)
	}
	path := consultationPath(id) + "/comments"
	for query, total := range map[string]int{"": 5, "?stance=supportive": 1, "?topic=light": 4, "?topic=noise": 0, "?round=1": 5, "?round=2": 0} {
		if page := read[api.CommentPage](t, p.call(t, "GET", path+query, "")); page.Total != total {
			t.Errorf("%q finds %d, want %d", query, page.Total, total)
		}
	}
	want(t, p.call(t, "GET", path+"?stance=maybe", ""), http.StatusBadRequest, "malformed")
	seen := map[string]bool{}
	for next, pages := path+"?limit=2", 0; next != "" && pages < 5; pages++ {
		page := read[api.CommentPage](t, p.call(t, "GET", next, ""))
		for _, item := range page.Items {
			seen[item.ID] = true
		}
		if next = ""; page.Next != "" {
			next = below(t, app, page.Next)
		}
	}
	if len(seen) != 5 {
		t.Errorf("the pages hold %d comments, want 5", len(seen))
	}
}
