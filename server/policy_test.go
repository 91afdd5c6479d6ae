package server_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/yousaid/yousaid/server"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/notify"
	"github.com/yousaid/yousaid/server/servertest"
)

// permissions is what each address must ask the policy for, written a second time: whoever adds an address or changes what it asks
// for says so here, too.
var permissions = map[consult.Action][]string{
	consult.Read: {
		"GET /moderation/:id", "GET /consultations/:id/moderation",
		"GET /c/:id", "GET /consultations/:id/consultees",
		"GET /consultations/:id/promises", "GET /consultations/:id/promises.csv", "GET /api/v1/consultations/:id/promises",
		"GET /facts/:id", "GET /facts/:id/:picture", "GET /consultations/:id/facts", "GET /consultations/:id/picture.png", "GET /picture.png",
		"GET /qr/:noun/:id", "GET /api/v1/consultations/:id/facts", "GET /api/v1/facts/:id",
		"GET /answers/:id", "GET /api/v1/concerns/:id",
		"GET /consultations/:id/concerns", "GET /concerns/:id", "GET /api/v1/consultations/:id/concerns",
		"GET /", "GET /consultations/:id", "GET /consultations/:id/outcomes", "GET /consultations/:id/versions", "GET /consultations/:id/comments", "GET /consultations/:id/report", "GET /documents/:id",
		"GET /comments/:id", "GET /threads/:id", "GET /glossary", "GET /accessibility", "GET /privacy", "GET /map",
		"GET /basemap.pmtiles", "GET /tiles/:layer/:z/:x/:y", "GET /sign-in", "POST /sign-in", "GET /sign-in/sent", "GET /sign-in/:token", "POST /sign-in/:token",
		"POST /sign-out", "GET /set-up/:token", "POST /set-up/:token", "GET /invite/:token", "POST /invite/:token",
		"GET /officer/sessions", "POST /officer/sessions", // of whoever asks; a visitor is refused by the page itself
		"GET /api/v1/openapi.json", "GET /api/v1/consultations", "GET /api/v1/consultations/:id", "GET /api/v1/consultations/:id/comments",
		"GET /api/v1/consultations/:id/threads", "GET /api/v1/threads/:id", "GET /api/v1/threads/:id/messages",
		"GET /api/odp/applications", "GET /api/odp/applications/:reference", "GET /api/odp/applications/:reference/documents",
		"GET /api/odp/applications/:reference/publicComments", "GET /api/odp/applications/:reference/specialistComments", "GET /api/pads/:file",
		"GET /api/2.4/json_search_results", "GET /api/2.4/json_consultation_details",
		"GET /ogc", "GET /ogc/", "GET /ogc/api", "GET /ogc/conformance", "GET /ogc/collections", "GET /ogc/collections/:collection",
		"GET /ogc/collections/:collection/schema", "GET /ogc/collections/:collection/items", "GET /ogc/collections/:collection/items/:feature",
		"GET /feed.atom", "GET /deadlines.ics", "GET /consultations/:id/feed.atom", "GET /consultations/:id/deadlines.ics",
		"GET /live", "POST /csp-reports", "GET /healthz", "GET /readyz", "GET /static/:name",
	},
	consult.Take: {
		"POST /my-comment/:token/correction",

		"POST /my-comment/:token/want", "POST /threads/:id/want",
		"POST /support", "GET /flag/:id", "POST /flag/:id", "POST /moderation/:id", "GET /my-comment/:token/moderation", "POST /my-comment/:token/moderation",
		"GET /alerts", "POST /alerts", "GET /alerts/asked", "GET /alert/:token", "POST /alert/:token", "POST /alert/:token/confirm",
		"GET /alert/:token/stop", "POST /alert/:token/stop",
		"GET /councillor/:token", "POST /councillor/:token", "GET /councillor/:token/threads/:thread", "POST /councillor/:token/threads/:thread",
		"GET /consultee/:token", "POST /consultee/:token", "POST /consultations/:id/facts/match",
		"GET /consultations/:id/ask", "POST /consultations/:id/ask", "GET /consultations/:id/comment", "POST /consultations/:id/comment",
		"GET /consultations/:id/follow", "POST /consultations/:id/follow", "POST /threads/:id", "GET /comment/:draft/:step",
		"POST /comment/:draft/:step", "GET /my-comment/:token", "GET /my-comment/:token/about-you", "POST /my-comment/:token/about-you",
		"POST /my-comment/:token/stands", "POST /my-comment/:token/update", "GET /my-comment/:token/withdraw", "POST /my-comment/:token/withdraw",
		"GET /my-comment/:token/stop-mail", "POST /my-comment/:token/stop-mail", "GET /follow/:token", "POST /follow/:token/confirm",
		"GET /follow/:token/stop", "POST /follow/:token/stop", "POST /api/v1/consultations/:id/comments",
		"POST /api/v1/consultations/:id/threads", "POST /api/v1/threads/:id/messages",
		"POST /my-comment/:token/verdict", "POST /threads/:id/verdict",
	},
	consult.Route: {"GET /officer/routing", "POST /officer/routing", "GET /officer/routing/dry-run", "GET /officer/routing/:rule", "POST /officer/routing/:rule"},
	consult.WorkInbox: {
		"GET /officer/promises/:id", "GET /officer/workload",

		"GET /officer/redactions",

		"GET /officer/concerns/:id/answer",
		"GET /officer/items/:id", "POST /officer/items/:id", "POST /officer/items/:id/notes", "GET /officer/items/:id/timeline",
		"GET /officer/bulk", "POST /officer/bulk", "POST /officer/undo", "GET /officer/desk", "POST /officer/desk", "POST /officer/views",
		"POST /officer/views/:id/remove",
		"GET /officer/consultations/:id/signals", "GET /officer/consultations/:id/concerns", "GET /officer/concerns/:id", "GET /officer/deliveries", "POST /officer/deliveries/:id/retry", "GET /officer", "GET /officer/comments/:id", "GET /api/bops/consultations/:id/comments"},
	consult.Publish: {
		"POST /officer/comments/:id/second-look", "POST /officer/comments/:id/correction", "GET /officer/consultations/:id/redactions",
		"POST /officer/consultations/:id/redactions",
		"POST /officer/consultees/:id/publish", "POST /officer/comments/:id/publish"},
	consult.Reply: {
		"POST /officer/promises/:id",

		"GET /officer/replies", "GET /officer/replies/:id", "POST /officer/replies/:id", "POST /officer/here",
		"GET /officer/facts", "GET /officer/consultations/:id/facts", "GET /officer/facts/:id", "POST /officer/facts/:id",
		"POST /officer/facts/:id/publish", "POST /officer/facts/:id/retire", "GET /officer/facts/:id/pins", "POST /officer/facts/:id/pins",
		"POST /officer/consultations/:id/concerns", "POST /officer/consultations/:id/concerns/undo", "POST /officer/concerns/:id",
		"POST /officer/concerns/:id/points", "POST /officer/concerns/:id/merge", "POST /officer/concerns/:id/answer", "POST /officer/comments/:id/answer"},
	consult.Moderate: {"GET /officer/flags", "GET /officer/flags/:id", "POST /officer/flags/:id", "GET /officer/moderation", "POST /officer/consultations/:id/signals",
		"GET /officer/consultations/:id/posting", "POST /officer/consultations/:id/posting", "GET /officer/messages/:id", "POST /officer/messages/:id"},
	consult.RecordOutcome: {
		"GET /officer/consultations/:id/promise", "POST /officer/consultations/:id/promise",

		"POST /officer/consultations/:id/redactions/rule",
		"GET /officer/councillors", "POST /officer/councillors", "POST /officer/councillors/:id",
		"GET /officer/consultations/:id/weighing", "GET /officer/consultations/:id/weighing/:topic",
		"POST /officer/consultations/:id/weighing/:topic", "POST /officer/consultations/:id/weighing/:topic/points",
		"GET /officer/consultations/:id/report", "POST /officer/consultations/:id/report",
		"GET /officer/consultations/:id/report/paragraphs/:paragraph", "POST /officer/consultations/:id/report/paragraphs/:paragraph",
		"GET /officer/consultations/:id/report/conditions/:condition", "POST /officer/consultations/:id/report/conditions/:condition",

		"GET /officer/consultations/:id/consulted", "POST /officer/consultations/:id/consulted/find", "POST /officer/consultations/:id/consulted",
		"POST /officer/consultations/:id/consulted/remove", "GET /officer/consultations/:id/consultees", "POST /officer/consultations/:id/consultees",
		"GET /officer/consultees", "GET /officer/consultees/:id", "POST /officer/consultees/:id", "POST /officer/consultees/:id/answer",
		"GET /officer/consultations/:id/letters", "POST /officer/consultations/:id/letters/print", "POST /officer/consultations/:id/letters/mark",
		"GET /officer/consultations/:id/letters/:batch", "POST /officer/consultations/:id/letters/:batch",
		"GET /officer/consultations/:id/letters/:batch/:file",
		"GET /officer/consultations/:id/versions", "POST /officer/consultations/:id/versions",
		"POST /officer/consultations/:id/versions/decide", "POST /officer/consultations/:id/versions/open", "GET /officer/consultations/:id", "POST /officer/consultations/:id/outcomes",
		"POST /officer/consultations/:id/outcomes/publish", "POST /officer/consultations/:id/move",
		"GET /officer/consultations/:id/record", "POST /officer/consultations/:id/record/bundle",
		"GET /officer/consultations/:id/cycle", "POST /officer/consultations/:id/extend", "POST /officer/consultations/:id/outages",
		"GET /officer/consultations/:id/publicity", "POST /officer/consultations/:id/publicity",
		"POST /officer/consultations/:id/publicity/take-back", "GET /officer/consultations/:id/influence",
		"POST /officer/consultations/:id/influence", "POST /officer/consultations/:id/documents"},
	consult.ManageWebhooks: {"GET /admin/webhooks", "POST /admin/webhooks", "GET /admin/webhooks/:id", "POST /admin/webhooks/:id"},
	consult.ReadReach:      {"GET /analyst"},
	consult.ExportData:     {"GET /analyst/export/:file"},
	consult.ManageOfficers: {"GET /admin/officers", "POST /admin/officers", "GET /admin/officers/:id", "POST /admin/officers/:id",
		"POST /admin/officers/:id/disable", "POST /admin/officers/:id/withdraw", "POST /admin/officers/:id/enable",
		"POST /admin/officers/:id/invite", "GET /admin/retention", "POST /admin/retention"},
}

// demanded finds what an address must ask for.
func demanded(r server.RouteInfo) (consult.Action, bool) {
	for action, list := range permissions {
		if slices.Contains(list, r.Method+" "+r.Path) {
			return action, true
		}
	}
	return "", false
}

// asker is somebody who tries every address.
type asker struct {
	name   string
	actor  consult.Actor // as the policy knows them on pages
	client *servertest.Client
	token  string // of programs: shown to every address
	csrf   string
}

func askers(t *testing.T, app *servertest.App) []asker {
	t.Helper()
	all := []asker{{name: "visitor", actor: consult.Actor{Kind: consult.Visitor}, client: app.Client(t)}}
	for _, role := range consult.Roles() {
		o := app.Officer(t, string(role)+"@example.org", role)
		all = append(all, asker{name: string(role), actor: o.Actor(), client: app.Client(t).SignIn(t, o)})
		all = append(all, asker{name: string(role) + "'s token", client: app.Client(t), token: app.Token(t, role),
			actor: consult.Actor{Kind: consult.ByBearer, Roles: []consult.Role{role}}})
	}
	all = append(all, asker{name: "stranger's token", client: app.Client(t), token: "yousaid_00000000000000000000000000", actor: consult.Actor{Kind: consult.Visitor}})
	for i := range all {
		page := "/sign-in"
		if all[i].actor.Kind == consult.Signed {
			page = "/officer/sessions"
		}
		all[i].csrf = formToken(t, all[i].client.Get(t, page))
	}
	return all
}

// filled puts something that does not exist into an address's parameters.
func filled(path string) string {
	unknown := map[string]string{":topic": "light", ":paragraph": "new", ":condition": "new", ":rule": "new", ":id": "0000000000zzz", ":token": "0000000000zzz", ":draft": "0000000000zzz", ":step": "words",
		":layer": "nothing", ":z": "3", ":x": "1", ":y": "1", ":file": "nothing.csv", ":name": "nothing.js"}
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if value, known := unknown[p]; known {
			parts[i] = value
		}
	}
	return strings.Join(parts, "/")
}

// try sends a request that would be let in if the policy allows it: with form token, own origin and the asker's credentials.
func (a asker) try(t *testing.T, app *servertest.App, r server.RouteInfo) servertest.Answer {
	t.Helper()
	header := map[string]string{}
	if a.token != "" {
		header["Authorization"] = "Bearer " + a.token
	}
	if r.Method == http.MethodGet {
		return a.client.Do(t, http.MethodGet, filled(r.Path), nil, header)
	}
	header["Origin"], header["Sec-Fetch-Site"], header["X-CSRF-Token"] = app.URL, "same-origin", a.csrf
	body := "_csrf=" + a.csrf
	header["Content-Type"] = "application/x-www-form-urlencoded"
	if strings.HasPrefix(r.Path, "/api/") {
		header["Content-Type"], body = "application/json", "{}"
	}
	return a.client.Do(t, r.Method, filled(r.Path), strings.NewReader(body), header)
}

// turnedAway names how an answer refuses somebody: "sign in", "forbidden", or "" for one that was let in.
func turnedAway(a servertest.Answer) string {
	switch {
	case a.Status == http.StatusSeeOther && strings.HasPrefix(a.Location(), "/sign-in?"), a.Status == http.StatusUnauthorized:
		return "sign in"
	case a.Status == http.StatusForbidden:
		return "forbidden"
	}
	return ""
}

// TestS01EveryAddressAsksThePolicy tries every address as everybody.
func TestS01EveryAddressAsksThePolicy(t *testing.T) {
	app := servertest.New(t)
	everybody := askers(t, app)
	routes := server.Routes()
	slices.SortStableFunc(routes, func(a, b server.RouteInfo) int { return signOutLast(a) - signOutLast(b) })
	known := 0
	for _, list := range permissions {
		known += len(list)
	}
	if known != len(routes) {
		t.Errorf("this test's list has %d addresses, the site %d", known, len(routes))
	}
	for _, r := range routes {
		action, listed := demanded(r)
		if !listed || action != r.Action {
			t.Errorf("%s %s asks for %q; this test's list says %q. Say there who may.", r.Method, r.Path, r.Action, action)
			continue
		}
		for _, who := range everybody {
			if got, want := turnedAway(who.try(t, app, r)), wanted(who, r); got != want {
				t.Errorf("%s, %s %s: %q, want %q", who.name, r.Method, r.Path, got, want)
			}
		}
	}
}

func signOutLast(r server.RouteInfo) int {
	if r.Path == "/sign-out" {
		return 1
	}
	return 0
}

// wanted is what the policy says about somebody at an address.
func wanted(who asker, r server.RouteInfo) string {
	actor := who.actor
	if r.Kind != "machine" && who.token != "" {
		actor = consult.Actor{Kind: consult.Visitor} // pages know sessions only
	}
	switch {
	case r.Kind == "machine" && who.token != "" && actor.Kind == consult.Visitor:
		return "sign in" // a wrong token is not the same as none
	case r.Path == "/officer/sessions" && actor.Kind != consult.Signed:
		return "sign in"
	case consult.Can(actor, r.Action):
		return ""
	case actor.Kind == consult.Visitor:
		return "sign in"
	}
	return "forbidden"
}

// TestMailsLeadToAddressesThatExist holds the routes to what mails promised, also to mails that are old by now.
func TestMailsLeadToAddressesThatExist(t *testing.T) {
	oneClick := map[string]bool{}
	known := map[string]bool{}
	for _, r := range server.Routes() {
		known[r.Method+" "+r.Path] = true
		oneClick[r.Path] = oneClick[r.Path] || r.Method == http.MethodPost && r.Kind == "one-click"
	}
	for _, path := range notify.Paths() {
		if !known["GET "+path] {
			t.Errorf("mails lead to %s, which is no page", path)
		}
	}
	for _, path := range []string{notify.PathStopMail, notify.PathStopFollow, notify.PathStopAlert} {
		if !oneClick[path] {
			t.Errorf("mail programs cannot end mails at %s", path)
		}
	}
}
