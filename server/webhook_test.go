package server_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/servertest"
)

// receiver is another program that takes messages.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	got    []received
}

type received struct {
	header http.Header
	body   string
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{status: http.StatusNoContent}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, err := io.ReadAll(q.Body)
		if err != nil {
			t.Error(err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.got = append(r.got, received{q.Header.Clone(), string(body)})
		w.WriteHeader(r.status)
	}))
	t.Cleanup(r.Close)
	return r
}

// answer sets what it answers from now on.
func (r *receiver) answer(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status = status
}

// wait gives the first n messages of a type, once there are so many.
func (r *receiver) wait(t *testing.T, kind string, n int) []received {
	t.Helper()
	for range 1000 {
		r.mu.Lock()
		var found []received
		for _, m := range r.got {
			if strings.Contains(m.body, `"type":"`+kind+`"`) {
				found = append(found, m)
			}
		}
		r.mu.Unlock()
		if len(found) >= n {
			return found
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("message %d of type %s did not come", n, kind)
	return nil
}

// ours lets webhooks call this machine.
var ours = servertest.WithConfig(func(cfg *server.Config) { cfg.WebhookLoopback = true })

var (
	secretShown = regexp.MustCompile(`whsec_[0-9A-Za-z+/=]+`)
	hookAction  = regexp.MustCompile(`action="(/admin/webhooks/[0-9a-z]{13})"`)
)

// addHook registers a receiver the way an administrator does; it gives the secret and the webhook's page.
func addHook(t *testing.T, c *servertest.Client, to string, events ...string) (secret []byte, page string) {
	t.Helper()
	a := c.Post(t, "/admin/webhooks", "/admin/webhooks", url.Values{"label": {"Register"}, "url": {to}, "events": events})
	shown, path := secretShown.FindString(html.UnescapeString(a.Body)), hookAction.FindStringSubmatch(a.Body)
	if a.Status != http.StatusOK || shown == "" || path == nil {
		t.Fatalf("adding: %d %.1500s", a.Status, a.Body)
	}
	secret, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(shown, "whsec_"))
	if err != nil || len(secret) != sha256.Size {
		t.Fatalf("the secret %q: %v", shown, err)
	}
	return secret, path[1]
}

// signedBy tells whether one of a message's signatures is made with the secret.
func signedBy(m received, secret []byte) bool {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(m.header.Get("webhook-id") + "." + m.header.Get("webhook-timestamp") + "." + m.body))
	want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	for _, s := range strings.Fields(m.header.Get("webhook-signature")) {
		if hmac.Equal([]byte(s), []byte(want)) {
			return true
		}
	}
	return false
}

func TestWebhooksTellOtherPrograms(t *testing.T) {
	for name, options := range map[string][]servertest.Option{"sqlite": {ours}, "postgresql": {ours, servertest.OnPostgreSQL}} {
		t.Run(name, func(t *testing.T) {
			app, r := servertest.New(t, options...), newReceiver(t)
			admin := app.Client(t).SignIn(t, app.Officer(t, "admin@example.org", consult.RoleAdmin))
			secret, page := addHook(t, admin, r.URL+"/in", "consultation.published", "consultation.opened", "comment.published", "answer.published")
			id := app.Consultation(t, 1, consult.Consulting)
			comment, err := app.Service.SubmitComment(t.Context(), consult.Actor{Kind: consult.Visitor, ID: 5}, servertest.Comment(id))
			if err != nil {
				t.Fatal(err)
			}
			if err := app.Service.PublishComment(t.Context(), consult.System(), consult.Publication{Comment: comment.Comment.ID, Points: servertest.Comment(id).Points,
				PlaceText: servertest.Comment(id).PlaceText}); err != nil {
				t.Fatal(err)
			}
			if _, err := app.Service.AnswerComment(t.Context(), consult.System(), comment.Comment.ID, consult.MessageInput{Body: "CANARY answer", Key: consult.NewKey()}); err != nil {
				t.Fatal(err)
			}
			var message struct {
				ID, Type  string
				Timestamp time.Time
				Data      struct {
					Consultation struct{ ID, Reference, Title, State string }
					Comment      string
					Links        map[string]string
				}
			}
			for _, kind := range []string{"consultation.published", "consultation.opened", "comment.published", "answer.published"} {
				m := r.wait(t, kind, 1)[0]
				if !signedBy(m, secret) || signedBy(m, []byte("another")) {
					t.Errorf("%s is not signed with the secret: %v", kind, m.header)
				}
				if err := json.Unmarshal([]byte(m.body), &message); err != nil {
					t.Fatal(err)
				}
				d := message.Data
				if message.ID != m.header.Get("webhook-id") || message.Type != kind || !message.Timestamp.Equal(servertest.Start) || d.Consultation.ID != id.String() ||
					d.Consultation.Reference != "2099/90001/PA" || d.Consultation.State != "consulting" || d.Links["page"] != app.URL+"/consultations/"+id.String() {
					t.Errorf("%s: %s", kind, m.body)
				}
				for _, private := range []string{"kitchen", "resident@", "Resident of", "CANARY", "B9 9AA"} {
					if strings.Contains(m.body, private) {
						t.Errorf("%s tells %q", kind, private)
					}
				}
				for name, link := range d.Links { // what it leads to can be read by everybody
					if a := app.Client(t).Do(t, http.MethodGet, link, nil, nil); a.Status != http.StatusOK {
						t.Errorf("%s: the link %s is answered %d", kind, name, a.Status)
					}
				}
			}
			log := admin.Get(t, page)
			if !strings.Contains(log.Body, "comment.published") || !strings.Contains(log.Body, "Answered 204") || secretShown.MatchString(log.Body) {
				t.Errorf("the log: %.2000s", log.Body)
			}
		})
	}
}

// hookOf is the webhook of a page and its messages, newest first.
func hookOf(t *testing.T, app *servertest.App, page string) (consult.Webhook, []consult.WebhookDelivery) {
	t.Helper()
	id, err := consult.ParseID(page[strings.LastIndexByte(page, '/')+1:])
	if err != nil {
		t.Fatal(err)
	}
	h, err := app.Service.Webhook(t.Context(), consult.System(), id)
	if err != nil {
		t.Fatal(err)
	}
	log, _, err := app.Service.WebhookLog(t.Context(), consult.System(), id, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	return h, log
}

func TestWebhooksAreTriedAgainThenStoppedAndLoseNothing(t *testing.T) {
	app, r := servertest.New(t, ours), newReceiver(t)
	officer := app.Officer(t, "admin@example.org", consult.RoleAdmin)
	_, page := addHook(t, app.Client(t).SignIn(t, officer), r.URL, "consultation.published")
	r.answer(http.StatusServiceUnavailable)
	first := app.Consultation(t, 1, consult.Validated)
	waitFor(t, func() bool {
		if h, _ := hookOf(t, app, page); h.Paused == consult.PausedByMail {
			return true
		}
		app.Clock.Add(time.Hour)
		wake(t, app)
		return false
	})
	same := r.wait(t, "consultation.published", 12)
	for _, m := range same {
		if m.header.Get("webhook-id") != same[0].header.Get("webhook-id") || m.body != same[0].body || !strings.Contains(m.body, first.String()) {
			t.Errorf("a try differs: %v %s", m.header, m.body)
		}
	}
	if len(same) != 12 {
		t.Errorf("tried %d times", len(same))
	}
	app.Consultation(t, 2, consult.Validated)
	app.Clock.Add(48 * time.Hour)
	wake(t, app)
	r.answer(http.StatusOK)
	admin := app.Client(t).SignIn(t, officer)
	shown := admin.Get(t, page)
	if !strings.Contains(shown.Body, "Given up") || !strings.Contains(shown.Body, "Answered 503") || !strings.Contains(shown.Body, "Stopped") {
		t.Errorf("the log: %.2000s", shown.Body)
	}
	if a := admin.Send(t, shown, page, url.Values{"do": {"resume"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("going on: %d", a.Status)
	}
	if all := r.wait(t, "consultation.published", 14); len(all) != 14 {
		t.Errorf("%d messages, want the one given up and the one that waited", len(all))
	}
}

func TestAReceiverThatIsGoneIsNotCalledAgain(t *testing.T) {
	app, r := servertest.New(t, ours), newReceiver(t)
	admin := app.Client(t).SignIn(t, app.Officer(t, "admin@example.org", consult.RoleAdmin))
	_, page := addHook(t, admin, r.URL, "consultation.published")
	r.answer(http.StatusGone)
	app.Consultation(t, 1, consult.Validated)
	waitFor(t, func() bool { h, _ := hookOf(t, app, page); return h.Paused == consult.PausedByMail })
	app.Clock.Add(48 * time.Hour)
	app.Consultation(t, 2, consult.Validated)
	waitFor(t, func() bool { _, log := hookOf(t, app, page); return len(log) == 2 }) // it waits
	wake(t, app)
	if n := len(r.wait(t, "consultation.published", 1)); n != 1 {
		t.Errorf("called %d times", n)
	}
}

func TestAWebhooksSecretIsChangedInPeace(t *testing.T) {
	app, r := servertest.New(t, ours), newReceiver(t)
	admin := app.Client(t).SignIn(t, app.Officer(t, "admin@example.org", consult.RoleAdmin))
	former, page := addHook(t, admin, r.URL, "consultation.decided")
	rotated := admin.Post(t, page, page, url.Values{"do": {"rotate"}})
	fresh, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secretShown.FindString(html.UnescapeString(rotated.Body)), "whsec_"))
	if err != nil || rotated.Status != http.StatusOK || len(fresh) != sha256.Size || string(fresh) == string(former) {
		t.Fatalf("%d: %x, %v", rotated.Status, fresh, err)
	}
	if secretShown.MatchString(admin.Get(t, page).Body) {
		t.Error("the secret is shown a second time")
	}
	test := func(n int) received {
		if a := admin.Post(t, page, page, url.Values{"do": {"test"}}); a.Status != http.StatusSeeOther {
			t.Fatalf("testing: %d", a.Status)
		}
		return r.wait(t, "webhook.test", n)[n-1]
	}
	if m := test(1); !signedBy(m, fresh) || !signedBy(m, former) {
		t.Errorf("on the day of the change: %v", m.header)
	}
	app.Clock.Add(11 * time.Hour)
	admin = app.Client(t).SignIn(t, app.Officer(t, "admin1@example.org", consult.RoleAdmin)) // the session has ended meanwhile
	if m := test(2); !signedBy(m, fresh) || !signedBy(m, former) {
		t.Errorf("within the day: %v", m.header)
	}
	app.Clock.Add(13 * time.Hour)
	admin = app.Client(t).SignIn(t, app.Officer(t, "admin2@example.org", consult.RoleAdmin))
	if m := test(3); !signedBy(m, fresh) || signedBy(m, former) {
		t.Errorf("a day later: %v", m.header)
	}
	again := admin.Get(t, page)
	id := regexp.MustCompile(`name="message" value="([0-9a-z]{13})"`).FindStringSubmatch(again.Body)
	if id == nil {
		t.Fatal("no message can be sent again")
	}
	admin.Send(t, again, page, url.Values{"do": {"again"}, "message": {id[1]}})
	if m := r.wait(t, "webhook.test", 4)[3]; m.header.Get("webhook-id") != "msg_"+id[1] {
		t.Errorf("sent again as %s", m.header.Get("webhook-id"))
	}
	if a := admin.Send(t, again, page, url.Values{"do": {"remove"}}); a.Status != http.StatusSeeOther || admin.Get(t, page).Status != http.StatusNotFound {
		t.Errorf("removing: %d", a.Status)
	}
}

// S12: without the operator's word no address of our own house is taken.
func TestS12WebhooksInsideAreRefused(t *testing.T) {
	app, r := servertest.New(t), newReceiver(t)
	admin := app.Client(t).SignIn(t, app.Officer(t, "admin@example.org", consult.RoleAdmin))
	for _, address := range []string{r.URL, "https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest", "https://hooks.example.org:22/", "http://hooks.example.org/",
		"https://u:p@hooks.example.org/", "https://2130706433/", "ftp://hooks.example.org/", "x"} {
		a := admin.Post(t, "/admin/webhooks", "/admin/webhooks", url.Values{"label": {"x"}, "url": {address}, "events": {"consultation.opened"}})
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `href="#url"`) {
			t.Errorf("%s: %d", address, a.Status)
		}
	}
	// One that was kept while the operator allowed it is not called when it is allowed no longer.
	h, _, err := app.Service.AddWebhook(t.Context(), consult.System(), consult.WebhookInput{Label: "x", URL: r.URL, Events: []consult.NewsKind{consult.NewsPublished}})
	if err != nil {
		t.Fatal(err)
	}
	app.Consultation(t, 1, consult.Validated)
	waitFor(t, func() bool {
		log, _, err := app.Service.WebhookLog(t.Context(), consult.System(), h.ID, 0, 9)
		return err == nil && len(log) == 1 && log[0].Failed == "address refused"
	})
	if len(r.got) != 0 {
		t.Error("it was called")
	}
}

// F01: a node that dies after a message went out and before that was noted sends it again under the same id; one that dies while it reads
// the news loses none.
func TestF01WebhooksSurviveAStoreThatFailsMidway(t *testing.T) {
	app, r := servertest.New(t, ours), newReceiver(t)
	admin := app.Client(t).SignIn(t, app.Officer(t, "admin@example.org", consult.RoleAdmin))
	addHook(t, admin, r.URL, "consultation.published")
	app.Store.Break(false, true)
	app.Consultation(t, 1, consult.Validated)
	app.Store.Mend()
	app.Consultation(t, 2, consult.Validated)
	r.wait(t, "consultation.published", 2)
	app.Store.Forget()
	app.Consultation(t, 3, consult.Validated)
	app.Clock.Add(time.Hour)
	app.Store.Mend()
	app.Clock.Add(time.Hour)
	wake(t, app)
	all := r.wait(t, "consultation.published", 3)
	ids := map[string]string{}
	for _, m := range all {
		if known, seen := ids[m.header.Get("webhook-id")]; seen && known != m.body {
			t.Errorf("one id, two messages: %s, %s", known, m.body)
		}
		ids[m.header.Get("webhook-id")] = m.body
	}
	if len(ids) != 3 {
		t.Errorf("%d messages, want 3: %v", len(ids), ids)
	}
}

// waitFor asks again and again, for as long as a busy machine may take.
func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for range 1000 {
		if done() {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("it did not come to that")
}

// wake commits something, as any write does: what waits looks whether it is due.
func wake(t *testing.T, app *servertest.App) {
	t.Helper()
	in := consult.AlertInput{About: consult.AlertKinds(), Rhythm: consult.Daily, Email: consult.NewKey() + "@example.org"}
	if err := app.Service.AskAlert(t.Context(), consult.Actor{}, in); err != nil {
		t.Fatal(err)
	}
}
