package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/notify"
	"github.com/yousaid/yousaid/server/servertest"
)

// alertForm asks for everything within 800 metres of a place, at once.
func alertForm(email string) url.Values {
	return url.Values{"email": {email}, "rhythm": {"at-once"}, "area": {"circle"}, "lat": {"52.4723"}, "lon": {"-1.8595"}, "radius": {"800"},
		"about": {"consultation.published", "consultation.decided"}}
}

// mailTo waits for the next mail to an address, after so many others to it.
func mailTo(t *testing.T, app *servertest.App, to string, after int) notify.Message {
	t.Helper()
	var found notify.Message
	waitFor(t, func() bool {
		seen := 0
		for _, m := range app.Mail.Sent() {
			if m.To == to {
				if seen++; seen == after+1 {
					found = m
				}
			}
		}
		return seen > after
	})
	return found
}

// mailsTo counts what went to an address so far.
func mailsTo(app *servertest.App, to string) (n int) {
	for _, m := range app.Mail.Sent() {
		if m.To == to {
			n++
		}
	}
	return n
}

// pathIn finds the first address of a mail that begins with a path.
func pathIn(t *testing.T, app *servertest.App, m notify.Message, prefix string) string {
	t.Helper()
	_, rest, found := strings.Cut(m.Text, app.URL+prefix)
	if !found {
		t.Fatalf("no address %s in:\n%s", prefix, m.Text)
	}
	token, _, _ := strings.Cut(rest, "\n")
	return prefix + token
}

// confirmedAlert makes an alert the way a resident does and gives its page.
func confirmedAlert(t *testing.T, app *servertest.App, c *servertest.Client, form url.Values) string {
	t.Helper()
	to := form.Get("email")
	before := mailsTo(app, to)
	if a := c.Post(t, "/alerts", "/alerts", form); a.Status != http.StatusSeeOther || a.Location() != "/alerts/asked" {
		t.Fatalf("asking: %d %s %.900s", a.Status, a.Location(), a.Body)
	}
	page := pathIn(t, app, mailTo(t, app, to, before), "/alert/")
	if a := c.Post(t, page, page+"/confirm", nil); a.Status != http.StatusSeeOther {
		t.Fatalf("confirming: %d %.300s", a.Status, a.Body)
	}
	return page
}

// A resident's whole way, without JavaScript: from a search to a mail, its log, and an end that leaves nothing.
func TestAnAlertFromTheListToItsEnd(t *testing.T) {
	for name, options := range map[string][]servertest.Option{"sqlite": nil, "postgresql": {servertest.OnPostgreSQL}} {
		t.Run(name, func(t *testing.T) {
			app := servertest.New(t, options...)
			c := app.Client(t)
			if list := c.Get(t, "/?q=yard&kind=major"); !strings.Contains(list.Body, `href="/alerts?kind=major&amp;q=yard"`) {
				t.Errorf("the list does not offer to tell of what appears: %.300s", list.Body)
			}
			form := c.Get(t, "/alerts?kind=major&q=yard&lat=52.4723&lon=-1.8595")
			for _, words := range []string{"Within 2,000 metres of the place you chose on the map", "Large development", `value="yard"`} {
				if !strings.Contains(form.Body, words) {
					t.Errorf("the search was not carried over: %q is missing", words)
				}
			}
			asked := c.Send(t, form, "/alerts", url.Values{"email": {"resident@example.org"}, "rhythm": {"at-once"}, "area": {"circle"}, "lat": {"52.4723"},
				"lon": {"-1.8595"}, "radius": {"2000"}, "q": {"yard"}, "kind": {"major"}, "about": {"consultation.published", "consultation.opened"}})
			if asked.Status != http.StatusSeeOther {
				t.Fatalf("asking: %d %.900s", asked.Status, asked.Body)
			}
			confirm := mailTo(t, app, "resident@example.org", 0)
			page := pathIn(t, app, confirm, "/alert/")
			looked := c.Get(t, page) // as a mail scanner does
			app.Consultation(t, 1, consult.Consulting)
			if a := c.Send(t, looked, page+"/confirm", nil); a.Status != http.StatusSeeOther {
				t.Fatalf("confirming: %d", a.Status)
			}
			app.Consultation(t, 2, consult.Consulting)
			mail := mailTo(t, app, "resident@example.org", 1)
			if !strings.Contains(mail.Subject, "1 application") || !strings.Contains(mail.Text, "workshop yard 2: new here · people are asked for comments") ||
				strings.Contains(mail.Text, "yard 1") {
				t.Errorf("%s\n%s", mail.Subject, mail.Text)
			}
			var log servertest.Answer
			waitFor(t, func() bool { // the mail is out a moment before the store knows it
				log = c.Get(t, page)
				return !strings.Contains(log.Body, "On its way")
			})
			if h := log.Header.Get("Referrer-Policy"); h != "no-referrer" {
				t.Errorf("Referrer-Policy of a page whose address is a secret: %q", h)
			}
			if !strings.Contains(log.Body, "Twelve homes on workshop yard 2") || !strings.Contains(log.Body, "Sent 2 April 2026") || strings.Contains(log.Body, "resident@") {
				t.Errorf("the log: %s", log.Body)
			}
			stop := strings.TrimPrefix(mail.Unsubscribe, app.URL)
			gone := app.Client(t).Do(t, http.MethodPost, stop, strings.NewReader("List-Unsubscribe=One-Click"),
				map[string]string{"Content-Type": "application/x-www-form-urlencoded"})
			if gone.Status != http.StatusOK || c.Get(t, page).Status != http.StatusNotFound {
				t.Errorf("one click: %d", gone.Status)
			}
			if strings.Contains(app.Log.String(), "resident@example.org") || strings.Contains(app.Log.String(), "52.47") {
				t.Errorf("the log holds who looks for what: %s", app.Log)
			}
		})
	}
}

func TestAnAlertRestsGoesOnAndChangesItsRhythm(t *testing.T) {
	app := servertest.New(t)
	c := app.Client(t)
	page := confirmedAlert(t, app, c, alertForm("resident@example.org"))
	shown := c.Get(t, page)
	for _, step := range []struct {
		form url.Values
		want string
	}{
		{url.Values{"do": {"pause"}}, "Paused: we look for nothing"}, {url.Values{"do": {"resume"}}, "We are looking."},
		{url.Values{"do": {"rhythm"}, "rhythm": {"weekly"}}, `value="weekly" checked`},
	} {
		if a := c.Send(t, shown, page, step.form); a.Status != http.StatusSeeOther {
			t.Fatalf("%v: %d", step.form, a.Status)
		}
		if a := c.Get(t, page+"?done=saved"); !strings.Contains(a.Body, step.want) || !strings.Contains(a.Body, "Saved.") {
			t.Errorf("%v: %q is missing", step.form, step.want)
		}
	}
	app.Consultation(t, 1, consult.Validated)
	for range 200 { // until the alert has looked
		if strings.Contains(c.Get(t, page).Body, "Waits for the next email") {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	waits := c.Get(t, page).Body
	if !strings.Contains(waits, "Waits for the next email") || !strings.Contains(waits, "6 April 2026") {
		t.Fatalf("what was found does not say when it is sent: %s", waits)
	}
	app.Clock.Add(5 * 24 * time.Hour)
	app.Consultation(t, 2, consult.Validated) // a commit wakes what sends
	if m := mailTo(t, app, "resident@example.org", 1); !strings.Contains(m.Text, "workshop yard 1") {
		t.Errorf("the weekly mail:\n%s", m.Text)
	}
}

func TestAnAlertsFormSaysWhatIsWrong(t *testing.T) {
	app := servertest.New(t)
	c := app.Client(t)
	if _, _, _, err := app.Service.TakePostcodes(t.Context(), consult.System(), []consult.Postcode{{Code: "B9 9AA", Place: geo.Point{Lon: -1.8595, Lat: 52.4723}}}); err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		change map[string]string
		want   string
	}{
		"no address":        {map[string]string{"email": "nobody"}, `href="#email"`},
		"no rhythm":         {map[string]string{"rhythm": "hourly"}, `href="#rhythm"`},
		"nothing to tell":   {map[string]string{"about": ""}, `href="#about"`},
		"no place":          {map[string]string{"lat": "", "lon": ""}, "Enter a postcode, or choose the place on the map"},
		"unknown postcode":  {map[string]string{"postcode": "B9 9ZZ"}, "We do not know where this postcode is"},
		"no postcode":       {map[string]string{"postcode": "birmingham"}, `href="#postcode"`},
		"no such ward":      {map[string]string{"area": "ward", "ward": "E0"}, `href="#ward"`},
		"two corners":       {map[string]string{"area": "polygon", "corners": "B9 9AA\n52.48, -1.85"}, "Give 3 to 50 corners"},
		"a corner unknown":  {map[string]string{"area": "polygon", "corners": "B9 9AA\n52.48, -1.85\nthe corner shop"}, "Line 3 is neither"},
		"a crossing border": {map[string]string{"area": "polygon", "corners": "52.47, -1.86\n52.48, -1.85\n52.47, -1.85\n52.48, -1.86"}, "The border crosses itself"},
		"too large":         {map[string]string{"area": "polygon", "corners": "52, -1.86\n53, -1.85\n52, -1.2"}, "too large"},
		"outside":           {map[string]string{"area": "polygon", "corners": "48, 2\n48.1, 2\n48.1, 2.1"}, "do not enclose an area in Britain"},
		"no such area":      {map[string]string{"area": "planet"}, `href="#area"`},
		"no such circle":    {map[string]string{"radius": "20000"}, `href="#radius"`},
	} {
		form := alertForm("resident@example.org")
		for field, value := range row.change {
			form.Set(field, value)
		}
		a := c.Post(t, "/alerts", "/alerts", form)
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, row.want) {
			t.Errorf("%s: %d, %q is missing", name, a.Status, row.want)
		}
	}
	form := alertForm("resident@example.org")
	form.Set("area", "polygon")
	form.Set("corners", "B9 9AA\r\n 52.4800 , -1.8500 \r\n\r\nb99aa")
	if a := c.Post(t, "/alerts", "/alerts", form); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("two places are no area: %d", a.Status)
	}
	form.Set("corners", "B9 9AA\r\n 52.4800 , -1.8500 \r\n\r\n52.4700,-1.8400")
	if a := c.Post(t, "/alerts", "/alerts", form); a.Status != http.StatusSeeOther {
		t.Errorf("a postcode and numbers, as people type them: %d", a.Status)
	}
}

// S18: nobody learns from the answers whether an address has such an alert, waits for one, or has too many that wait.
func TestS18AlertsNeverTellWhoHasOne(t *testing.T) {
	app := servertest.New(t)
	c := app.Client(t)
	confirmedAlert(t, app, c, alertForm("resident@example.org"))
	for _, email := range []string{"resident@example.org", "stranger@example.org"} {
		for range 5 {
			form := alertForm(email)
			if a := c.Post(t, "/alerts", "/alerts", form); a.Status != http.StatusSeeOther || a.Location() != "/alerts/asked" {
				t.Errorf("%s: %d %s", email, a.Status, a.Location())
			}
		}
	}
	mailTo(t, app, "stranger@example.org", 0)
	if n := mailsTo(app, "resident@example.org"); n != 1 {
		t.Errorf("%d mails to somebody who has this alert, want the one that was confirmed", n)
	}
	if n := mailsTo(app, "stranger@example.org"); n != 1 {
		t.Errorf("%d mails to somebody who was asked five times, want 1", n)
	}
}

// S17: asking for alerts is held to the rate of everything that makes mails.
func TestS17AlertsAreHeldToTheRateOfMails(t *testing.T) {
	app := servertest.New(t, servertest.WithLimits(func(l *server.Limits) { l.Rates = server.DefaultLimits().Rates }))
	c := app.Client(t)
	form := c.Get(t, "/alerts")
	status := 0
	for n := range 10 {
		f := alertForm("resident@example.org")
		f.Set("q", string(rune('a'+n)))
		status = c.Send(t, form, "/alerts", f).Status
	}
	if status != http.StatusTooManyRequests {
		t.Errorf("the tenth at once: %d", status)
	}
}

// F01: a node that dies while it reads the news, or after the commit and before it knows, loses nothing and doubles nothing.
func TestF01AlertsSurviveAStoreThatFailsMidway(t *testing.T) {
	for name, fail := range map[string]func(*servertest.Broken){
		"before the commit": func(b *servertest.Broken) { b.Break(false, true) }, "after the commit": func(b *servertest.Broken) { b.Forget() },
	} {
		t.Run(name, func(t *testing.T) {
			app := servertest.New(t)
			page := confirmedAlert(t, app, app.Client(t), alertForm("resident@example.org"))
			fail(app.Store)
			for n := range 5 {
				app.Consultation(t, n, consult.Validated)
			}
			app.Store.Mend()
			app.Clock.Add(time.Hour)
			app.Consultation(t, 9, consult.Validated)
			var told []string
			for mails := 1; len(told) < 6; mails++ {
				for line := range strings.Lines(mailTo(t, app, "resident@example.org", mails).Text) {
					if strings.HasPrefix(line, "Twelve homes") {
						told = append(told, line)
					}
				}
				app.Clock.Add(time.Hour)
				app.Consultation(t, 20+mails, consult.Consulting) // wakes what sends
			}
			seen := map[string]int{}
			for _, line := range told {
				if seen[line]++; seen[line] > 1 {
					t.Errorf("told twice: %s", line)
				}
			}
			if body := app.Client(t).Get(t, page).Body; !strings.Contains(body, "workshop yard 4") {
				t.Errorf("the log lacks one: %.300s", body)
			}
		})
	}
}

// Officers see what became of mails, with addresses they cannot write to, and try again with one button.
func TestOfficersSeeAndRetryDeliveries(t *testing.T) {
	app := servertest.New(t)
	c := app.Client(t)
	form := alertForm("resident@example.org")
	c.Post(t, "/alerts", "/alerts", form)
	mailTo(t, app, "resident@example.org", 0)
	form.Set("q", "another") // its confirming mail has to wait for an hour
	c.Post(t, "/alerts", "/alerts", form)
	waiting, err := app.Service.Deliveries(t.Context(), consult.System(), consult.DeliveryFilter{State: consult.DeliveryWaiting})
	if err != nil || len(waiting.Lines) != 1 {
		t.Fatalf("%+v %v", waiting, err)
	}
	id := waiting.Lines[0].ID
	if err := app.App.Store().DeliveryFailed(t.Context(), id, "mail: recipient: refused with 550 5.1.1", app.Clock.Now(), time.Time{}); err != nil {
		t.Fatal(err)
	}
	officer := app.Client(t).SignIn(t, app.Officer(t, "officer@example.org", consult.RoleOfficer))
	list := officer.Get(t, "/officer/deliveries?state=given-up")
	for _, want := range []string{"r•••@example.org", "550 5.1.1", "Confirm an alert", "Given up", `action="/officer/deliveries/` + id.String() + `/retry"`} {
		if !strings.Contains(list.Body, want) {
			t.Errorf("the list lacks %q", want)
		}
	}
	if strings.Contains(list.Body, "resident@example.org") {
		t.Error("the list shows a whole address")
	}
	a := officer.Send(t, list, "/officer/deliveries/"+id.String()+"/retry", url.Values{"query": {"state=given-up"}})
	if a.Status != http.StatusSeeOther || a.Location() != "/officer/deliveries?state=given-up" {
		t.Fatalf("trying again: %d %s", a.Status, a.Location())
	}
	mailTo(t, app, "resident@example.org", 1)
	if a := officer.Send(t, list, "/officer/deliveries/"+id.String()+"/retry", url.Values{"query": {"//evil.example.org"}}); a.Status != http.StatusConflict && a.Status != http.StatusSeeOther {
		t.Errorf("again: %d", a.Status)
	} else if strings.Contains(a.Location(), "//") {
		t.Errorf("leads elsewhere: %s", a.Location())
	}
	if strings.Contains(app.Log.String(), "resident@example.org") {
		t.Error("the log holds an address")
	}
}
