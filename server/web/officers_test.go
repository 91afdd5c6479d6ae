package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/identity"
)

var sampleOfficers = []identity.Listed{
	{Officer: consult.Officer{ID: 7, Email: "admin@example.org", Name: "Demo admin", Service: "Planning", Title: "Head of planning",
		Roles: []consult.Role{consult.RoleAdmin}, SeenAt: testNow}, Status: identity.StatusActive},
	{Officer: consult.Officer{ID: 8, Email: "clerk@example.org", Name: "Demo clerk", Service: "منصوبہ بندی", Title: "افسر",
		Roles: []consult.Role{consult.RoleOfficer, consult.RoleModerator}, Disabled: true}, Status: identity.StatusInvited},
	{Officer: consult.Officer{ID: 9, Email: "late@example.org", Name: "Demo latecomer", Service: "Planning", Title: "Clerk",
		Roles: []consult.Role{consult.RoleAnalyst}, Disabled: true}, Status: identity.StatusLapsed},
	{Officer: consult.Officer{ID: 10, Email: "gone@example.org", Name: "Demo leaver", Service: "Planning", Title: "Clerk",
		Roles: []consult.Role{consult.RoleAnalyst}, Disabled: true, SeenAt: testNow}, Status: identity.StatusDisabled},
}

func init() {
	asOfficer := func(w *Web) { w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() } }
	fields := func(names ...string) error {
		e := &consult.Error{Kind: consult.Invalid}
		for _, n := range names {
			e.Fields = append(e.Fields, consult.FieldError{Field: n, Rule: "required"})
		}
		return e
	}
	sample("set-up", func(w *Web, c *fiber.Ctx) View { return drawSetUp(w.Base(c, "set_up.title"), nil) })
	sample("set-up", func(w *Web, c *fiber.Ctx) View {
		return drawSetUp(w.Base(c, "set_up.title").WithErrors(fields("name", "email", "service", "job_title")), nil)
	})
	sample("invite", func(w *Web, c *fiber.Ctx) View {
		return drawInvite(w.Base(c, "invite.title", "authority", w.Site.Authority), sampleOfficers[1].Officer)
	})
	sample("officers", func(w *Web, c *fiber.Ctx) View {
		asOfficer(w)
		return drawOfficers(w.StaffBase(c, "officers.title"), sampleOfficers, nil)
	})
	sample("officers", func(w *Web, c *fiber.Ctx) View {
		asOfficer(w)
		b := w.StaffBase(c, "officers.title").WithErrors(fields("name", "email", "service", "job_title", "roles"))
		return drawOfficers(b, sampleOfficers, Filled(map[string][]string{"name": {""}}))
	})
	for i := range sampleOfficers {
		sample("officer", func(w *Web, c *fiber.Ctx) View {
			asOfficer(w)
			return drawOfficer(w.StaffBase(c, "officers.one_title", "name", sampleOfficers[i].Officer.Name), sampleOfficers[i], nil)
		})
	}
	sample("officer", func(w *Web, c *fiber.Ctx) View {
		asOfficer(w)
		err := &consult.Error{Kind: consult.Invalid, Fields: []consult.FieldError{{Field: "disable", Rule: "last_admin"}}}
		return drawOfficer(w.StaffBase(c, "officers.one_title", "name", "Demo admin").WithErrors(err), sampleOfficers[0], nil)
	})
	sample("sessions", func(w *Web, c *fiber.Ctx) View {
		asOfficer(w)
		w.Identity = identity.New(nil, w.Now, identity.DefaultLimits())
		here := consult.Session{Hash: strings.Repeat("a", 64), CreatedAt: testNow, SeenAt: testNow, Agent: "Firefox, Windows"}
		other := consult.Session{Hash: strings.Repeat("b", 64), CreatedAt: testNow.Add(-time.Hour), SeenAt: testNow}
		return w.drawSessions(w.StaffBase(c, "sessions.title"), []consult.Session{here, other}, identity.Handle(here))
	})
}

var headForm = url.Values{"name": {"Demo head"}, "email": {"head@example.org"}, "service": {"Planning"}, "job_title": {"Head of planning"}}

// S32: the printed link makes the first administrator, once; nobody else can.
func TestS32SetUpPage(t *testing.T) {
	d := newDoor(t)
	token, err := d.Identity.SetUpLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	v := d.visit()
	p := v.form(v.get("/set-up/"+token).status(200), "main form", url.Values{"name": {"Demo head"}, "email": {"head"}})
	for _, field := range []string{"email", "service", "job_title"} {
		if len(all(p.status(http.StatusUnprocessableEntity).Doc, `a[href="#`+field+`"]`)) != 1 {
			t.Errorf("no error for %s", field)
		}
	}
	if got := attr(one(t, p.Doc, "#name"), "value"); got != "Demo head" {
		t.Errorf("name %q", got)
	}
	// I18: hidden fields that the page never had change nothing.
	greedy := url.Values{"roles": {"load"}, "role": {"load"}, "disabled": {"1"}}
	for name, values := range headForm {
		greedy[name] = values
	}
	v.leads(v.form(p, "main form", greedy), "/admin/officers")
	v.get("/admin/officers").status(200)
	if got := v.get("/whoami").Body; got != "officer Head of planning" {
		t.Errorf("signed in as %q", got)
	}
	stranger := d.visit()
	stranger.get("/set-up/" + token).status(http.StatusGone)
	page := stranger.get("/sign-in")
	fields := url.Values{"_csrf": {attr(one(t, page.Doc, `main input[name="_csrf"]`), "value")}}
	for name, values := range headForm {
		fields[name] = values
	}
	stranger.post("/set-up/"+token, fields).status(http.StatusConflict)
	stranger.get("/set-up/guess").status(http.StatusGone)
}

func TestS09InvitePages(t *testing.T) {
	d := newDoor(t)
	d.add("admin@example.org", consult.RoleAdmin)
	admin := d.signIn("admin@example.org")
	typed := url.Values{"name": {"Demo clerk"}, "email": {"clerk@example.org"}, "service": {"Planning"}, "job_title": {"Clerk"}}
	p := admin.form(admin.get("/admin/officers"), `form[action="/admin/officers"]`, typed).status(http.StatusUnprocessableEntity)
	if got := text(one(t, p.Doc, `a[href="#roles"]`)); got != "Choose at least one role" {
		t.Errorf("error %q", got)
	}
	for _, bad := range []string{"load", "owner"} {
		typed["roles"] = []string{"officer", bad}
		admin.form(p, `form[action="/admin/officers"]`, typed).status(http.StatusUnprocessableEntity)
	}
	typed["roles"] = []string{"officer", "moderator"}
	admin.leads(admin.form(p, `form[action="/admin/officers"]`, typed), "/admin/officers")
	token := d.mailed()
	admin.form(admin.get("/admin/officers"), `form[action="/admin/officers"]`, typed).status(http.StatusUnprocessableEntity)

	clerk := d.visit()
	// Before the invitation is used, the sign-in page lets the clerk in no more than a stranger.
	clerk.ask("clerk@example.org")
	if got := d.mailed(); got != "" {
		t.Fatal("an invited person got a sign-in link")
	}
	for range 3 {
		p = clerk.get("/invite/" + token).status(200)
	}
	if said := text(one(t, p.Doc, "main")); !strings.Contains(said, "clerk@example.org") || !strings.Contains(said, "Officer, Moderator") {
		t.Errorf("page %s", said)
	}
	clerk.leads(clerk.form(p, "main form", nil), "/officer")
	clerk.get("/invite/" + token).status(http.StatusGone)
	clerk.get("/admin/officers").status(http.StatusForbidden)
	clerk.get("/officer/sessions").status(200)
}

func TestOfficerPageChangesAndDisables(t *testing.T) {
	d := newDoor(t)
	boss := d.add("admin@example.org", consult.RoleAdmin)
	o := d.add("officer@example.org", consult.RoleOfficer)
	admin, officer := d.signIn("admin@example.org"), d.signIn("officer@example.org")
	path := "/admin/officers/" + o.ID.String()

	p := admin.get(path).status(200)
	if got := attr(one(t, p.Doc, "#name"), "value"); got != "Demo officer@example.org" {
		t.Errorf("name %q", got)
	}
	admin.form(p, "main form[novalidate]", url.Values{"name": {" "}}).status(http.StatusUnprocessableEntity)
	admin.leads(admin.form(p, "main form[novalidate]", url.Values{"job_title": {"Senior officer"}}), "/admin/officers")
	if got := officer.get("/whoami").Body; got != "officer Senior officer" {
		t.Errorf("the officer is %q", got)
	}
	// S07: other roles end the session.
	admin.leads(admin.form(admin.get(path), "main form[novalidate]", url.Values{"roles": {"analyst"}}), "/admin/officers")
	if got := officer.get("/whoami").Body; got != "visitor " {
		t.Errorf("the officer is %q", got)
	}
	officer = d.signIn("officer@example.org")
	admin.leads(admin.form(admin.get(path), fmt.Sprintf(`form[action="%s/disable"]`, path), nil), "/admin/officers")
	if got := officer.get("/whoami").Body; got != "visitor " {
		t.Errorf("the disabled officer is %q", got)
	}
	admin.leads(admin.form(admin.get(path), fmt.Sprintf(`form[action="%s/enable"]`, path), nil), "/admin/officers")
	d.signIn("officer@example.org")

	own := "/admin/officers/" + boss.ID.String()
	p = admin.form(admin.get(own), fmt.Sprintf(`form[action="%s/disable"]`, own), nil).status(http.StatusUnprocessableEntity)
	if got := text(one(t, p.Doc, `a[href="#disable"]`)); !strings.HasPrefix(got, "This is the last administrator") {
		t.Errorf("error %q", got)
	}
	p = admin.form(admin.get(own), "main form[novalidate]", url.Values{"roles": {"officer"}}).status(http.StatusUnprocessableEntity)
	if len(all(p.Doc, `a[href="#roles"]`)) != 1 {
		t.Errorf("no error at the roles:\n%s", text(p.Doc))
	}
	admin.get("/admin/officers/0000000000001").status(http.StatusNotFound)
	admin.get("/admin/officers/nonsense").status(http.StatusNotFound)
}

func TestS07SessionsPage(t *testing.T) {
	d := newDoor(t)
	d.add("officer@example.org", consult.RoleOfficer)
	d.add("other@example.org", consult.RoleOfficer)
	desk, phone, other := d.signIn("officer@example.org"), d.signIn("officer@example.org"), d.signIn("other@example.org")
	p := desk.get("/officer/sessions").status(200)
	if got := len(all(p.Doc, `form[action="/officer/sessions"]`)); got != 2 {
		t.Fatalf("%d sessions", got)
	}
	if !strings.Contains(text(p.Doc), "Firefox, Windows") || strings.Count(text(p.Doc), "This browser, now") != 1 {
		t.Errorf("page %s", text(p.Doc))
	}
	csrf := attr(one0(p.Doc, `input[name="_csrf"]`), "value")
	handle := func(v *visit) string {
		for _, f := range all(v.get("/officer/sessions").Doc, "main section") {
			if strings.Contains(text(f), "This browser") {
				return attr(one(t, f, `input[name="session"]`), "value")
			}
		}
		t.Fatal("no session of this browser")
		return ""
	}
	desk.post("/officer/sessions", url.Values{"_csrf": {csrf}, "session": {handle(other)}}).status(http.StatusNotFound)
	desk.leads(desk.post("/officer/sessions", url.Values{"_csrf": {csrf}, "session": {handle(phone)}}), "/officer/sessions")
	if got := phone.get("/whoami").Body; got != "visitor " {
		t.Errorf("the phone is %q", got)
	}
	desk.leads(desk.post("/officer/sessions", url.Values{"_csrf": {csrf}, "session": {handle(desk)}}), "/")
	desk.leads(desk.get("/officer/sessions"), "/sign-in?next=%2Fofficer%2Fsessions")
}
