package server_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/fasthttp/websocket"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/notify"
	"github.com/yousaid/yousaid/server/servertest"
)

// TestS06H14LookingAtALinkLeavesItValid does what mail scanners do, then what the officer does, twice.
func TestS06H14LookingAtALinkLeavesItValid(t *testing.T) {
	app := servertest.New(t)
	app.Officer(t, "officer@example.org", consult.RoleOfficer)
	c := app.Client(t)
	c.Post(t, "/sign-in", "/sign-in", url.Values{"email": {"officer@example.org"}})
	mail, err := app.Mail.Wait(t.Context(), func(m notify.Message) bool { return m.To == "officer@example.org" })
	if err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(regexp.QuoteMeta(app.URL) + `(/sign-in/[0-9a-z]+)`).FindStringSubmatch(mail.Text)
	if link == nil {
		t.Fatalf("no link in %q", mail.Text)
	}
	path := link[1]
	scanner := app.Client(t)
	for range 5 {
		scanner.Do(t, http.MethodHead, path, nil, nil)
		scanner.Do(t, http.MethodGet, path, nil, map[string]string{"Purpose": "prefetch", "Sec-Purpose": "prefetch"})
		if a := scanner.Get(t, path); a.Status != http.StatusOK || a.Header.Get("Referrer-Policy") != "no-referrer" {
			t.Fatalf("looking: %d, Referrer-Policy %q", a.Status, a.Header.Get("Referrer-Policy"))
		}
	}
	if a := scanner.Post(t, path, path, nil); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("another browser without the code: %d, want 422", a.Status)
	}
	before := c.Get(t, path)
	if a := c.Send(t, before, path, nil); a.Status != http.StatusSeeOther {
		t.Fatalf("the browser that asked: %d %.200s", a.Status, a.Body)
	}
	if a := c.Get(t, "/officer"); a.Status != http.StatusOK {
		t.Errorf("signed in: %d", a.Status)
	}
	if a := app.Client(t).Get(t, path); a.Status != http.StatusGone {
		t.Errorf("a used link: %d, want 410", a.Status)
	}
	if a := c.Post(t, "/officer/sessions", path, nil); a.Status == http.StatusSeeOther {
		t.Error("a used link signs in again")
	}
}

// TestS07SessionsAreNewAndEnd signs in with a session id from before, revokes it, and watches pages and socket close.
func TestS07SessionsAreNewAndEnd(t *testing.T) {
	app := servertest.New(t)
	o := app.Officer(t, "officer@example.org", consult.RoleOfficer)
	admin := app.Client(t).SignIn(t, app.Officer(t, "admin@example.org", consult.RoleAdmin))
	planted := "0123456789abcdefghjkmnpqrs"
	c := app.Client(t)
	token, err := app.Identity().PrintedLink(t.Context(), o.Email, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	path := "/sign-in/" + token
	page := c.Get(t, path)
	form := url.Values{"_csrf": {formToken(t, page)}}
	var session string
	a := c.Do(t, http.MethodPost, path, strings.NewReader(form.Encode()), map[string]string{"Content-Type": "application/x-www-form-urlencoded",
		"Origin": app.URL, "Cookie": "yousaid_session=" + planted})
	for _, cookie := range (&http.Response{Header: a.Header}).Cookies() {
		if cookie.Name == "yousaid_session" {
			session = cookie.Value
			if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode {
				t.Errorf("session cookie: %+v", cookie)
			}
		}
	}
	if a.Status != http.StatusSeeOther || session == "" || session == planted {
		t.Fatalf("%d: session %q, planted %q", a.Status, session, planted)
	}
	ws := socket(t, app, http.Header{"Cookie": {"yousaid_session=" + session}})
	if err := ws.WriteJSON(map[string]any{"type": "join", "thread": consult.DeskThread}); err != nil {
		t.Fatal(err)
	}
	disable := "/admin/officers/" + o.ID.String()
	if a := admin.Post(t, disable, disable+"/disable", nil); a.Status != http.StatusSeeOther {
		t.Fatalf("disable: %d %.300s", a.Status, a.Body)
	}
	if a := c.Get(t, "/officer"); turnedAway(a) != "sign in" {
		t.Errorf("a disabled officer reads the inbox: %d", a.Status)
	}
	for {
		_, _, err := ws.ReadMessage()
		if err == nil {
			continue
		}
		if !websocket.IsCloseError(err, 4004) {
			t.Errorf("the socket of a disabled officer ended with %v, want 4004", err)
		}
		return
	}
}

// TestS18NobodyLearnsWhoWorksHere compares the answers to an address that is known and to one that is not, to the byte.
func TestS18NobodyLearnsWhoWorksHere(t *testing.T) {
	app := servertest.New(t)
	app.Officer(t, "officer@example.org", consult.RoleOfficer)
	code := regexp.MustCompile(`\b\d{3}[ \x{00a0}]?\d{3}\b`)
	var seen []string
	for _, email := range []string{"officer@example.org", "nobody@example.org"} {
		c := app.Client(t)
		a := c.Post(t, "/sign-in", "/sign-in", url.Values{"email": {email}})
		sent := c.Get(t, "/sign-in/sent")
		body := strings.ReplaceAll(sent.Body, formTokenOr(sent), "")
		seen = append(seen, http.StatusText(a.Status)+a.Location()+http.StatusText(sent.Status)+code.ReplaceAllString(body, ""))
	}
	if seen[0] != seen[1] {
		t.Errorf("known and unknown addresses are answered differently:\n%s\n%s", seen[0], seen[1])
	}
}

// formTokenOr is the page's form token, or a text that stands on no page.
func formTokenOr(a servertest.Answer) string {
	if m := regexp.MustCompile(`name="_csrf" value="([^"]+)"`).FindStringSubmatch(a.Body); m != nil {
		return m[1]
	}
	return "\x00"
}

// TestS07FormsFromBeforeSigningInDoNothingAfter keeps a form open while its browser signs in, and another while it signs out.
func TestS07FormsFromBeforeSigningInDoNothingAfter(t *testing.T) {
	app := servertest.New(t)
	id := app.Consultation(t, 1, consult.Consulting)
	c := app.Client(t)
	path := "/consultations/" + id.String() + "/ask"
	question := url.Values{"title": {"t"}, "body": {"b"}}
	before := c.Get(t, path)
	c.SignIn(t, app.Officer(t, "officer@example.org", consult.RoleOfficer))
	if a := c.Send(t, before, path, question); a.Status != http.StatusForbidden {
		t.Errorf("a form from before signing in: %d, want 403", a.Status)
	}
	signedIn := c.Get(t, path)
	if a := c.Post(t, "/officer/sessions", "/sign-out", nil); a.Status != http.StatusSeeOther {
		t.Fatalf("sign out: %d", a.Status)
	}
	if a := c.Send(t, signedIn, path, question); a.Status != http.StatusForbidden {
		t.Errorf("a form from before signing out: %d, want 403", a.Status)
	}
}
