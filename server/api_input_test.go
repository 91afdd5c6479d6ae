package server_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/api"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/servertest"
)

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
