package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/identity"
	"github.com/yousaid/yousaid/server/store"
)

func init() {
	sample("sign-in", func(w *Web, c *fiber.Ctx) View { return w.signInView(c, nil, "/officer", nil) })
	sample("sign-in", func(w *Web, c *fiber.Ctx) View {
		return w.signInView(c, Filled(map[string][]string{"email": {"nobody"}}), "",
			&consult.Error{Kind: consult.Invalid, Fields: []consult.FieldError{{Field: "email", Rule: "email"}}})
	})
	sample("sign-in-sent", func(w *Web, c *fiber.Ctx) View { return drawSignInSent(w.Base(c, "sign_in.sent_title"), "012345") })
	sample("sign-in-link", func(w *Web, c *fiber.Ctx) View { return drawSignInLink(w.Base(c, "sign_in.link_title"), nil, false) })
	sample("sign-in-link", func(w *Web, c *fiber.Ctx) View {
		err := &consult.Error{Kind: consult.Invalid, Fields: []consult.FieldError{{Field: "code", Rule: "code"}}}
		return drawSignInLink(w.Base(c, "sign_in.link_title").WithErrors(err), Filled(map[string][]string{"code": {"1"}}), true)
	})
	sample("link-over", func(w *Web, c *fiber.Ctx) View { return drawLinkOver(w.Base(c, "link_over.title")) })
}

// door is the pages of identity on a temporary store, behind the same checks as in the assembled site.
type door struct {
	*testWeb
	t     *testing.T
	store *store.Store
	now   time.Time
}

func newDoor(t *testing.T) *door {
	t.Helper()
	s, err := store.Open(context.Background(), store.Config{Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	d := &door{testWeb: newTestWeb(t), t: t, store: s, now: testNow}
	d.Identity = identity.New(s, func() time.Time { return d.now }, identity.DefaultLimits())
	d.Actor, d.Guard.Sessions = ActorOf, HasSession
	d.App.Use(d.Guard.Headers, d.Identify, d.Guard.Protect)
	d.App.Get("/sign-in", d.SignInForm).Post("/sign-in", d.SignInAsk).Get("/sign-in/sent", d.SignInSent)
	d.App.Get("/sign-in/:token", d.SignInLink).Post("/sign-in/:token", d.SignIn).Post("/sign-out", d.SignOut)
	d.App.Get("/set-up/:token", d.SetUpForm).Post("/set-up/:token", d.SetUp)
	d.App.Get("/invite/:token", d.InviteLink).Post("/invite/:token", d.AcceptInvite)
	d.App.Get("/officer/sessions", d.Sessions).Post("/officer/sessions", d.RevokeSession)
	d.App.Get("/admin/officers", d.Officers).Post("/admin/officers", d.InviteOfficer)
	d.App.Get("/admin/officers/:id", d.Officer).Post("/admin/officers/:id", d.ChangeOfficer)
	d.App.Post("/admin/officers/:id/disable", d.DisableOfficer).Post("/admin/officers/:id/withdraw", d.DisableOfficer)
	d.App.Post("/admin/officers/:id/enable", d.EnableOfficer).Post("/admin/officers/:id/invite", d.InviteOfficerAgain)
	d.App.Get("/whoami", func(c *fiber.Ctx) error {
		a := ActorOf(c)
		return c.SendString(string(a.Kind) + " " + a.Title)
	})
	return d
}

// visit is a browser of a kind.
func (d *door) visit() *visit {
	v := newVisit(d.t, d.App)
	v.headers["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"
	return v
}

// add makes somebody who can sign in.
func (d *door) add(email string, roles ...consult.Role) consult.Officer {
	d.t.Helper()
	o, err := d.Identity.Add(d.t.Context(), identity.Profile{Email: email, Name: "Demo " + email, Service: "Planning",
		Title: "Planning officer", Roles: roles})
	if err != nil {
		d.t.Fatal(err)
	}
	return o
}

// mailed takes the one-time link out of the outbox; "" when no mail waits.
func (d *door) mailed() string {
	d.t.Helper()
	list, err := d.store.ClaimDeliveries(d.t.Context(), d.now, time.Hour, 10)
	if err != nil {
		d.t.Fatal(err)
	}
	token := ""
	for _, m := range list {
		token = m.Data[consult.DataToken]
		if err := d.store.DeliverySent(d.t.Context(), m.ID, d.now); err != nil {
			d.t.Fatal(err)
		}
	}
	return token
}

// form posts the form of a page as a person would: with everything in it, and the values typed.
func (v *visit) form(p *page, selector string, typed url.Values) *page {
	v.t.Helper()
	form := one(v.t, p.Doc, selector)
	fields := url.Values{}
	for _, in := range all(form, "input") {
		if kind := attr(in, "type"); kind != "checkbox" {
			fields.Add(attr(in, "name"), attr(in, "value"))
		} else if _, checked := attribute(in, "checked"); checked {
			fields.Add(attr(in, "name"), attr(in, "value"))
		}
	}
	for name, values := range typed {
		fields[name] = values
	}
	action := attr(form, "action")
	if action == "" {
		action = p.Request.URL.RequestURI()
	}
	return v.post(action, fields)
}

// leads holds an answer to a redirect and follows it.
func (v *visit) leads(p *page, where string) {
	v.t.Helper()
	if p.StatusCode != http.StatusSeeOther || p.Header.Get("Location") != where {
		v.t.Fatalf("status %d to %q, want 303 to %q\n%s", p.StatusCode, p.Header.Get("Location"), where, text(p.Doc))
	}
}

func (p *page) status(want int) *page {
	p.t.Helper()
	if p.StatusCode != want {
		p.t.Fatalf("status %d, want %d\n%s", p.StatusCode, want, text(p.Doc))
	}
	return p
}

// ask asks for a link and shows the page with the code.
func (v *visit) ask(email string) (code string) {
	v.t.Helper()
	v.leads(v.form(v.get("/sign-in").status(200), `form[action="/sign-in"]`, url.Values{"email": {email}}), "/sign-in/sent")
	return text(one(v.t, v.get("/sign-in/sent").status(200).Doc, "main .govuk-heading-xl"))
}

// signIn does it all.
func (d *door) signIn(email string) *visit {
	d.t.Helper()
	v := d.visit()
	v.ask(email)
	link := v.get("/sign-in/" + d.mailed()).status(200)
	if p := v.form(link, "main form", nil); p.StatusCode != http.StatusSeeOther {
		d.t.Fatalf("status %d\n%s", p.StatusCode, text(p.Doc))
	}
	return v
}

func TestSignInByMail(t *testing.T) {
	d := newDoor(t)
	d.add("officer@example.org", consult.RoleOfficer)
	v := d.visit()
	v.ask("officer@example.org")
	token := d.mailed()

	// S06, H14: opening the link changes nothing, whoever does it and how often; its page tells nobody its address.
	for range 5 {
		p := v.get("/sign-in/" + token).status(200)
		if len(all(p.Doc, `main input[name="code"]`)) != 0 {
			t.Fatal("the browser that asked is asked for the code")
		}
		if p.Header.Get("Referrer-Policy") != "no-referrer" || p.Header.Get("Cache-Control") != "private, no-store" {
			t.Errorf("headers %v", p.Header)
		}
	}
	head := httptest.NewRequest(http.MethodGet, "/sign-in/"+token, nil)
	head.Header.Set("Purpose", "prefetch")
	d.visit().send(head).status(200)

	before := v.cookies["yousaid_form"]
	v.leads(v.form(v.get("/sign-in/"+token), "main form", nil), "/officer")
	if got := v.get("/whoami").Body; got != "officer Planning officer" {
		t.Errorf("signed in as %q", got)
	}
	if v.cookies["yousaid_form"] == before {
		t.Error("S07: the form cookie of before the sign-in still works")
	}
	if v.cookies["yousaid_asked"] != "" {
		t.Error("the browser still remembers that it asked")
	}
	v.get("/sign-in/" + token).status(http.StatusGone)
	d.visit().get("/sign-in/" + token).status(http.StatusGone)
	v.leads(v.get("/sign-in"), "/officer")
}

func TestS06SignInOnAnotherDevice(t *testing.T) {
	d := newDoor(t)
	d.add("officer@example.org", consult.RoleOfficer)
	desk, phone := d.visit(), d.visit()
	code := desk.ask("officer@example.org")
	token := d.mailed()
	p := phone.get("/sign-in/" + token).status(200)
	box := one(t, p.Doc, `main input[name="code"]`)
	if attr(box, "autocomplete") != "one-time-code" || attr(box, "inputmode") != "numeric" {
		t.Errorf("the box %v", box.Attr)
	}
	p = phone.form(p, "main form", nil).status(http.StatusUnprocessableEntity)
	if len(all(p.Doc, `a[href="#code"]`)) != 1 {
		t.Errorf("no way to the box:\n%s", text(p.Doc))
	}
	wrong := "000000"
	if code == wrong {
		wrong = "000001"
	}
	p = phone.form(p, "main form", url.Values{"code": {wrong}}).status(http.StatusUnprocessableEntity)
	// Typed in Arabic digits with a space, as a telephone set to Urdu may.
	arabic := strings.Map(func(r rune) rune { return r - '0' + '٠' }, code)
	phone.leads(phone.form(p, "main form", url.Values{"code": {arabic[:6] + " " + arabic[6:]}}), "/officer")
	if got := desk.get("/whoami").Body; got != "visitor " {
		t.Errorf("the desk is signed in as %q", got)
	}
}

func TestS06FiveWrongCodesOnThePage(t *testing.T) {
	d := newDoor(t)
	d.add("officer@example.org", consult.RoleOfficer)
	v, other := d.visit(), d.visit()
	code := v.ask("officer@example.org")
	token := d.mailed()
	p := other.get("/sign-in/" + token).status(200)
	wrong := "000000"
	if code == wrong {
		wrong = "000001"
	}
	for range 4 {
		p = other.form(p, "main form", url.Values{"code": {wrong}}).status(http.StatusUnprocessableEntity)
	}
	other.form(p, "main form", url.Values{"code": {wrong}}).status(http.StatusConflict)
	other.form(p, "main form", url.Values{"code": {code}}).status(http.StatusConflict)
	other.get("/sign-in/" + token).status(http.StatusGone)
	v.leads(v.form(v.get("/sign-in/"+token), "main form", nil), "/officer")
}

// S18: what an unknown address gets is the same to the byte, its own code and tokens aside.
func TestS18SignInTellsNobodyWhoWorksHere(t *testing.T) {
	d := newDoor(t)
	d.add("officer@example.org", consult.RoleOfficer)
	var answers []string
	for _, email := range []string{"officer@example.org", "nobody@example.org"} {
		v := d.visit()
		asked := v.form(v.get("/sign-in"), `form[action="/sign-in"]`, url.Values{"email": {email}})
		sent := v.get("/sign-in/sent")
		code := text(one(t, sent.Doc, "main .govuk-heading-xl"))
		if len(code) != 6 {
			t.Errorf("%s: code %q", email, code)
		}
		answers = append(answers, asked.Status+asked.Header.Get("Location")+asked.Body+sent.Status+strings.ReplaceAll(sent.Body, code, ""))
	}
	if answers[0] != answers[1] {
		t.Errorf("the answers differ:\n%s\n%s", answers[0], answers[1])
	}
}

func TestSignInFormKeepsWhatWasTyped(t *testing.T) {
	d := newDoor(t)
	v := d.visit()
	for typed, rule := range map[string]string{"": "Enter your email address", "nobody": "Enter one email address, like name@example.org"} {
		p := v.form(v.get("/sign-in?next=/officer"), `form[action="/sign-in"]`, url.Values{"email": {typed}}).status(http.StatusUnprocessableEntity)
		if got := attr(one(t, p.Doc, "#email"), "value"); got != typed {
			t.Errorf("typed %q, shown %q", typed, got)
		}
		if got := text(one(t, p.Doc, `a[href="#email"]`)); got != rule {
			t.Errorf("%q: %q", typed, got)
		}
		if got := attr(one(t, p.Doc, `input[name="next"]`), "value"); got != "/officer" {
			t.Errorf("next %q", got)
		}
	}
	v.leads(v.get("/sign-in/sent"), "/sign-in")
}

// H11, S28: whatever next says, the sign-in leads to a page of this site.
func TestH11SignInLeadsNowhereElse(t *testing.T) {
	for next, want := range map[string]string{
		"/officer/sessions?a=b&c=d": "/officer/sessions?a=b&c=d", "/consultations/x#y": "/consultations/x#y",
		"": "", "//evil.example": "", `/\evil.example`: "", `\\evil.example`: "", "https:evil.example": "", "https://evil.example": "",
		"evil": "", "/ok\r\nX: y": "", "/\t/evil.example": "", "javascript:alert(1)": "", "/%2f/evil.example": "", "/%zz": "",
		"/" + strings.Repeat("x", maxNext): "",
	} {
		if got := localPath(next); got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
	}
	d := newDoor(t)
	d.add("officer@example.org", consult.RoleOfficer)
	for next, want := range map[string]string{"/officer/sessions": "/officer/sessions", "//evil.example": "/officer"} {
		v := d.visit()
		p := v.get("/sign-in?next=" + url.QueryEscape(next))
		v.leads(v.form(p, `form[action="/sign-in"]`, url.Values{"email": {"officer@example.org"}}), "/sign-in/sent")
		v.leads(v.form(v.get("/sign-in/"+d.mailed()), "main form", nil), want)
	}
}

// S07: a session cookie set before sign-in is not taken over, and signing out ends the session everywhere it was copied to.
func TestS07SessionFixationAndSignOut(t *testing.T) {
	d := newDoor(t)
	d.add("officer@example.org", consult.RoleOfficer)
	v := d.visit()
	v.cookies["yousaid_session"] = "planted"
	v.ask("officer@example.org")
	v.form(v.get("/sign-in/"+d.mailed()), "main form", nil).status(http.StatusSeeOther)
	if v.cookies["yousaid_session"] == "planted" {
		t.Fatal("the planted session was taken over")
	}
	thief := d.visit()
	thief.cookies["yousaid_session"] = v.cookies["yousaid_session"]
	if got := thief.get("/whoami").Body; !strings.HasPrefix(got, "officer") {
		t.Fatalf("the copy is %q", got)
	}
	p := v.get("/officer/sessions").status(200)
	v.leads(v.form(p, `form[action="/sign-out"]`, nil), "/")
	if v.cookies["yousaid_session"] != "" {
		t.Error("the cookie is still there")
	}
	if got := thief.get("/whoami").Body; got != "visitor " {
		t.Errorf("the copy is still %q", got)
	}
}

// S07: the cookie of a session on https is bound to the host, kept from scripts and other sites.
func TestS07SessionCookieIsGuarded(t *testing.T) {
	d := newDoor(t)
	d.add("officer@example.org", consult.RoleOfficer)
	d.Guard.BaseURL = "https://yousaid.test"
	v := d.visit()
	v.ask("officer@example.org")
	p := v.form(v.get("/sign-in/"+d.mailed()), "main form", nil).status(http.StatusSeeOther)
	found := 0
	for _, c := range p.Cookies() {
		if c.Name != "__Host-yousaid_session" && c.Name != "__Host-yousaid_form" && c.Name != "__Host-yousaid_asked" {
			t.Errorf("another cookie: %s", c.Name)
		}
		if !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("cookie %+v", c)
		}
		if c.Name == "__Host-yousaid_session" && len(c.Value) == 26 && c.MaxAge == 0 && c.Expires.IsZero() {
			found++
		}
	}
	if found != 1 {
		t.Errorf("cookies %v", p.Cookies())
	}
}

// S04: none of these forms can be sent by another site.
func TestS04IdentityFormsRefuseOtherSites(t *testing.T) {
	d := newDoor(t)
	o := d.add("admin@example.org", consult.RoleAdmin)
	v := d.signIn("admin@example.org")
	token := attr(one(t, v.get("/admin/officers").Doc, `main input[name="_csrf"]`), "value")
	for _, path := range []string{"/sign-in", "/sign-in/x", "/sign-out", "/set-up/x", "/invite/x", "/officer/sessions", "/admin/officers",
		"/admin/officers/" + o.ID.String(), "/admin/officers/" + o.ID.String() + "/disable"} {
		v.post(path, url.Values{}).status(http.StatusForbidden)
		v.headers["Sec-Fetch-Site"] = "cross-site"
		v.post(path, url.Values{"_csrf": {token}}).status(http.StatusForbidden)
		v.headers["Sec-Fetch-Site"] = "same-origin"
	}
	if got := v.get("/whoami").Body; !strings.HasPrefix(got, "officer") {
		t.Errorf("signed in as %q", got)
	}
}
