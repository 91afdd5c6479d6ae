package server_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"

	"github.com/yousaid/yousaid/server"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/servertest"
)

// polyglots come alive in one context or another when they are not escaped for it.
var polyglots = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `'><svg/onload=alert(1)>`, `</title><script>alert(1)</script>`,
	`</textarea><script>alert(1)</script>`, `</script><script>alert(1)</script>`, `--><script>alert(1)</script>`, `<![CDATA[<script>alert(1)</script>]]>`,
	`jaVasCript:/*-/*'/*\'/*"/**/(/* */oNcliCk=alert(1) )//%0D%0A//</stYle/</titLe/</teXtarEa/</scRipt/--!>\x3csVg/<sVg/oNloAd=alert(1)//>`,
	`" onfocus=alert(1) autofocus x="`, `' onmouseover='alert(1)`, `<a href="javascript:alert(1)">x</a>`, `javascript:alert(1)`, `<iframe srcdoc="<script>alert(1)</script>">`,
	`<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>`, `<details open ontoggle=alert(1)>`, `{{constructor.constructor('alert(1)')()}}`,
	`<style>*{background:url(javascript:alert(1))}</style>`, `<base href="//evil.example/">`, `<meta http-equiv=refresh content="0;url=//evil.example">`,
	`<form action=//evil.example><input name=x>`, `<link rel=stylesheet href=//evil.example>`, `&lt;script&gt;alert(1)&lt;/script&gt;`,
}

// alive finds what a browser would run or load for somebody else, by reading the page as a browser does; "" = nothing.
func alive(t *testing.T, page string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "iframe", "base", "object", "embed", "math", "style":
			return "<" + n.Data + ">"
		case "script":
			if !slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "src" && strings.HasPrefix(a.Val, "/static/") }) {
				return "<script> of its own"
			}
		}
		for _, a := range n.Attr {
			if leadsAway(a) {
				return "<" + n.Data + " " + a.Key + "=" + a.Val + ">"
			}
		}
	}
	return ""
}

// leadsAway tells whether an attribute runs something or names another site, to which words of residents must not lead.
func leadsAway(a html.Attribute) bool {
	value := strings.ToLower(strings.TrimSpace(a.Val))
	switch a.Key {
	case "href", "src", "action", "formaction", "srcset", "poster", "data":
		return strings.HasPrefix(value, "javascript:") || strings.Contains(value, "//evil.example") || value == "x"
	case "http-equiv", "srcdoc":
		return true
	}
	return strings.HasPrefix(a.Key, "on")
}

// TestS03WordsStayWords puts every polyglot into every text that residents and officers write, and reads every page, frame and file
// it comes out of.
func TestS03WordsStayWords(t *testing.T) {
	app := servertest.New(t)
	id := app.Consultation(t, 1, consult.Consulting)
	officer := app.Client(t).SignIn(t, app.Officer(t, "officer@example.org", consult.RoleAdmin))
	pages := []string{"/", "/consultations/" + id.String(), "/consultations/" + id.String() + "/comments", "/officer", "/analyst", "/officer/consultations/" + id.String()}
	for _, text := range polyglots {
		posted := question(t, app, id, text)
		in := servertest.Comment(id)
		in.Points = []consult.CommentPoint{{Topic: "light", Text: text}}
		in.PlaceText, in.ShowName = text, true
		in.Contact = consult.Contact{Name: "Resident " + strings.ReplaceAll(text, "\x00", ""), Postcode: "B9 9AA", Address: text, Email: "resident@example.org"}
		in.Key = consult.NewKey()
		receipt, err := app.Service.SubmitComment(t.Context(), consult.Actor{}, in)
		if consult.KindOf(err) == consult.Invalid {
			in.Contact.Name = "Resident" // a name may be too long or not allowed; the other texts still go in
			receipt, err = app.Service.SubmitComment(t.Context(), consult.Actor{}, in)
		}
		if err != nil {
			t.Fatal(err)
		}
		p := consult.Publication{Comment: receipt.Comment.ID, Points: in.Points, PlaceText: in.PlaceText, NameShown: in.Contact.Name}
		if err := app.Service.PublishComment(t.Context(), consult.System(), p); err != nil {
			t.Fatal(err)
		}
		comment := receipt.Comment.ID.String()
		pages = append(pages, "/threads/"+posted.Thread.ID.String(), "/comments/"+comment, "/officer/comments/"+comment, "/my-comment/"+receipt.Token,
			"/?words="+url.QueryEscape(text), "/?postcode="+url.QueryEscape(text), "/sign-in?next="+url.QueryEscape(text), "/nothing/"+url.PathEscape(text))
	}
	for _, path := range pages {
		if found := alive(t, officer.Page(t, path).Body); found != "" {
			t.Errorf("GET %s: %q is alive", path, found)
		}
	}
	ws := socket(t, app, nil)
	thread := question(t, app, id, polyglots[1]).Thread.ID
	if err := ws.WriteJSON(map[string]any{"type": "join", "thread": thread, "since": 0, "render": "html"}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		var f struct{ HTML string }
		if err := ws.ReadJSON(&f); err != nil {
			t.Fatal(err)
		}
		if found := alive(t, f.HTML); found != "" {
			t.Errorf("the socket's fragment: %q is alive", found)
		}
	}
}

// TestS04OtherSitesCannotSendForms replays a form with every sign that it comes from elsewhere.
func TestS04OtherSitesCannotSendForms(t *testing.T) {
	app := servertest.New(t)
	id := app.Consultation(t, 1, consult.Consulting)
	path := "/consultations/" + id.String() + "/ask"
	c, other := app.Client(t), app.Client(t)
	token, foreign := formToken(t, c.Get(t, path)), formToken(t, other.Get(t, path))
	for name, row := range map[string]struct {
		token, origin, site string
		want                int
	}{
		"own page":                {token, app.URL, "same-origin", http.StatusSeeOther},
		"own page, old browser":   {token, app.URL, "", http.StatusSeeOther},
		"foreign origin":          {token, "https://evil.example", "", http.StatusForbidden},
		"foreign site":            {token, app.URL, "cross-site", http.StatusForbidden},
		"sister site":             {token, app.URL, "same-site", http.StatusForbidden},
		"origin with our prefix":  {token, app.URL + ".evil.example", "", http.StatusForbidden},
		"nothing, no token":       {"", "", "", http.StatusForbidden},
		"own page, no token":      {"", app.URL, "same-origin", http.StatusForbidden},
		"another browser's token": {foreign, app.URL, "same-origin", http.StatusForbidden},
		"a made-up token":         {strings.Repeat("A", len(token)), app.URL, "same-origin", http.StatusForbidden},
	} {
		header := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
		if row.origin != "" {
			header["Origin"] = row.origin
		}
		if row.site != "" {
			header["Sec-Fetch-Site"] = row.site
		}
		form := url.Values{"title": {"t"}, "body": {"b"}, "_csrf": {row.token}, "_key": {consult.NewKey()}}
		a := c.Do(t, http.MethodPost, path, strings.NewReader(form.Encode()), header)
		if a.Status != row.want {
			t.Errorf("%s: %d, want %d", name, a.Status, row.want)
		}
	}
	if v, err := app.Service.Threads(t.Context(), consult.Actor{}, id, 10); err != nil || len(v) != 2 {
		t.Errorf("%d questions were asked, %v; want 2", len(v), err)
	}
}

// TestS05OtherSitesCannotOpenSockets tries to open the socket from pages that are not the site's.
func TestS05OtherSitesCannotOpenSockets(t *testing.T) {
	app := servertest.New(t)
	for _, origin := range []string{"https://evil.example", "null", "", app.URL + ".evil.example", strings.Replace(app.URL, "http", "https", 1), app.URL + "/"} {
		header := http.Header{"Origin": {origin}}
		if origin == "" {
			header = http.Header{"Origin": nil}
		}
		ws, resp, err := dial(t.Context(), app, header)
		if err == nil {
			ws.Close()
			t.Errorf("origin %q opened a socket", origin)
		} else if resp == nil || resp.StatusCode != http.StatusForbidden {
			t.Errorf("origin %q: %v %v, want 403", origin, resp, err)
		}
	}
	socket(t, app, nil)
}

// openToAll is how the API differs: any site's page may read what is public, without anybody's cookies.
var openToAll = map[string]string{"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}

// TestS19EveryKindOfAnswerHasTheHeaders looks at one address of each class: page, error, secret page, tile, file, API, health, redirect.
func TestS19EveryKindOfAnswerHasTheHeaders(t *testing.T) {
	const base = "https://consult.example.org"
	app := servertest.New(t, servertest.WithConfig(func(c *server.Config) { c.BaseURL = base }))
	id := app.Consultation(t, 1, consult.Consulting).String()
	for _, path := range []string{"/", "/consultations/" + id, "/nothing", "/my-comment/nothing", "/tiles/sites/0/0/0", "/static/nothing.js", "/api/v1/consultations",
		"/api/v1/consultations/0000000000zzz", "/healthz", "/readyz", "/officer", "/live", "/sign-in", "/map", "/threads/" + id} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+app.Address+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = "consult.example.org"
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		h := resp.Header
		csp := h.Get("Content-Security-Policy")
		for _, must := range []string{"default-src 'none'", "script-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"} {
			if !strings.Contains(csp, must) {
				t.Errorf("GET %s: policy %q without %s", path, csp, must)
			}
		}
		if strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") {
			t.Errorf("GET %s: policy %q", path, csp)
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cross-Origin-Opener-Policy": "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin", "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
			"Strict-Transport-Security": "max-age=31536000; includeSubDomains", "Server": "", "X-Powered-By": "", "Access-Control-Allow-Origin": "",
			"Access-Control-Allow-Credentials": ""} {
			if shared, open := openToAll[name]; open && strings.HasPrefix(path, "/api/") {
				want = shared
			}
			if got := h.Get(name); got != want {
				t.Errorf("GET %s: %s %q, want %q", path, name, got, want)
			}
		}
		policy := "strict-origin-when-cross-origin"
		if strings.HasPrefix(path, "/my-comment/") {
			policy = "no-referrer"
		}
		if got := h.Get("Referrer-Policy"); got != policy {
			t.Errorf("GET %s: Referrer-Policy %q, want %q", path, got, policy)
		}
		for _, cookie := range resp.Cookies() {
			if !strings.HasPrefix(cookie.Name, "__Host-") || !cookie.Secure || !cookie.HttpOnly || cookie.SameSite == http.SameSiteNoneMode {
				t.Errorf("GET %s: cookie %+v", path, cookie)
			}
		}
	}
}

// TestS23TheAuditChainHoldsOverARun does what residents and staff do, then checks the chain.
func TestS23TheAuditChainHoldsOverARun(t *testing.T) {
	app := servertest.New(t)
	id := app.Consultation(t, 1, consult.Consulting)
	var all sync.WaitGroup
	for range 4 {
		c := app.Client(t)
		all.Go(func() {
			path := "/consultations/" + id.String() + "/ask"
			for range 3 {
				c.Post(t, path, path, url.Values{"title": {"t"}, "body": {"b"}})
			}
		})
	}
	all.Wait()
	officer := app.Client(t).SignIn(t, app.Officer(t, "officer@example.org", consult.RoleOfficer))
	comment := published(t, app, servertest.Comment(id))
	officer.Get(t, "/officer/comments/"+comment.String())
	rows, err := app.App.Store().AuditRows(t.Context(), 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	done := map[string]int{}
	for _, r := range rows {
		done[r.Action]++
	}
	for action, n := range map[string]int{"thread.start": 12, "comment.submit": 1, "comment.publish": 1} {
		if done[action] != n {
			t.Errorf("%d rows of %s, want %d; there are %v", done[action], action, n, done)
		}
	}
	check, err := app.App.Store().AuditVerify(t.Context())
	if err != nil || check.FirstBad != 0 || int(check.Rows) != len(rows) || len(check.Signers) != 1 {
		t.Errorf("%+v of %d rows, %v", check, len(rows), err)
	}
}

// TestI20I21RoundsHaveDaysThatCanBe sends an officer's form with days that are none, that stand the wrong way round, and that are over.
func TestI20I21RoundsHaveDaysThatCanBe(t *testing.T) {
	app := servertest.New(t)
	id := app.Consultation(t, 1, consult.Amended)
	officer := app.Client(t).SignIn(t, app.Officer(t, "officer@example.org", consult.RoleOfficer))
	path := "/officer/consultations/" + id.String()
	for name, row := range map[string]struct {
		opens, closes [3]string
		want          string
	}{
		"no such day":            {[3]string{"30", "2", "2026"}, [3]string{"30", "4", "2026"}, "real date"},
		"year nought":            {[3]string{"3", "4", "0"}, [3]string{"30", "4", "2026"}, "real date"},
		"year 99999":             {[3]string{"3", "4", "2026"}, [3]string{"30", "4", "99999"}, "real date"},
		"closes before it opens": {[3]string{"30", "4", "2026"}, [3]string{"29", "4", "2026"}, "must be after the opening day"},
		"closes in the past":     {[3]string{"3", "3", "2026"}, [3]string{"1", "4", "2026"}, "must not be in the past"},
	} {
		form := url.Values{"state": {string(consult.Reconsulting)}, "why": {"The plans changed."}}
		for i, part := range []string{"day", "month", "year"} {
			form.Set("opens-"+part, row.opens[i])
			form.Set("closes-"+part, row.closes[i])
		}
		a := officer.Post(t, path+"/cycle", path+"/move", form)
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, row.want) {
			t.Errorf("%s: %d without %q", name, a.Status, row.want)
		}
	}
	if v, err := app.Service.Case(t.Context(), consult.System(), id); err != nil || v.Consultation.State != consult.Amended {
		t.Errorf("the case moved on: %s, %v", v.Consultation.State, err)
	}
}
