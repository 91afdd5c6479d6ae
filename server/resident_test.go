package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/notify"
	"github.com/yousaid/yousaid/server/servertest"
)

// begin fills the first page of the comment form and gives the address of the second.
func begin(t *testing.T, c *servertest.Client, id consult.ID) string {
	t.Helper()
	path := "/consultations/" + id.String() + "/comment"
	a := c.Post(t, path, path, url.Values{"stance": {"objection"}, "topics": {"light", "traffic"}})
	if a.Status != http.StatusSeeOther || !strings.HasSuffix(a.Location(), "/words") {
		t.Fatalf("step 1: %d %s %.400s", a.Status, a.Location(), a.Body)
	}
	return a.Location()
}

// step sends one page of the form and gives the address of the next.
func step(t *testing.T, c *servertest.Client, path string, form url.Values) string {
	t.Helper()
	a := c.Post(t, path, path, form)
	if a.Status != http.StatusSeeOther {
		t.Fatalf("%s: %d %.600s", path, a.Status, a.Body)
	}
	return a.Location()
}

var (
	words   = url.Values{"text-light": {"It takes the light of our kitchen."}, "text-traffic": {"سڑک کا موڑ خطرناک ہے"}}
	place   = url.Values{"place": {"the back windows"}, "lat": {"52.4723"}, "lon": {"-1.8597"}}
	details = url.Values{"name": {"Resident of Sample Street"}, "postcode": {"b99aa"}, "email": {"resident@example.org"}}
)

func write(t *testing.T, c *servertest.Client, id consult.ID) (checkPage string) {
	t.Helper()
	at := begin(t, c, id)
	for _, form := range []url.Values{words, place, details} {
		at = step(t, c, at, form)
	}
	return at
}

func TestAResidentCommentsWithoutJavaScript(t *testing.T) {
	app := servertest.New(t)
	id := app.Consultation(t, 1, consult.Consulting)
	c := app.Client(t)
	check := write(t, c, id)
	shown := c.Get(t, check)
	for _, typed := range []string{"It takes the light", "سڑک کا موڑ", "the back windows", "52.47230", "Resident of Sample Street", "b99aa", "resident@example.org"} {
		if !strings.Contains(shown.Body, typed) {
			t.Errorf("the check page lacks %q", typed)
		}
	}
	mine := step(t, c, check, nil)
	page := c.Get(t, mine)
	if page.Status != http.StatusOK || !strings.Contains(page.Body, "Your comment has arrived") || !strings.Contains(page.Body, "9 April 2026") {
		t.Errorf("confirmation without its promise (3 working days from 2 April 2026, Easter in between: 9 April): %d %.200s", page.Status, page.Body)
	}
	if h := page.Header.Get("Referrer-Policy"); h != "no-referrer" {
		t.Errorf("Referrer-Policy of a page whose address is a secret: %q", h)
	}
	mail, err := app.Mail.Wait(t.Context(), func(notify.Message) bool { return true })
	if err != nil || mail.To != "resident@example.org" {
		t.Fatalf("receipt: %v %+v", err, mail)
	}
	if public := c.Get(t, "/consultations/"+id.String()); strings.Contains(public.Body, "kitchen") || !strings.Contains(public.Body, "1 comment has arrived") {
		t.Error("the words are public before an officer read them, or the comment was not counted")
	}
	if gone := c.Get(t, check); gone.Status != http.StatusNotFound {
		t.Errorf("the draft of a sent comment: %d, want 404", gone.Status)
	}
}

func TestI24AnExpiredFormKeepsWhatWasTyped(t *testing.T) {
	app := servertest.New(t)
	id := app.Consultation(t, 1, consult.Consulting)
	c := app.Client(t)
	at := begin(t, c, id)
	form := c.Get(t, at)
	app.Clock.Add(40 * time.Hour)
	refused := c.Send(t, form, at, words)
	if refused.Status != http.StatusForbidden || !strings.Contains(refused.Body, "It takes the light of our kitchen.") {
		t.Fatalf("%d: an expired form lost what was typed", refused.Status)
	}
	again := c.Send(t, refused, at, words)
	if again.Status != http.StatusSeeOther {
		t.Errorf("sending again from the page that refused: %d", again.Status)
	}
}

func TestF09ADatabaseThatIsDownLosesNoTypedWord(t *testing.T) {
	app := servertest.New(t)
	id := app.Consultation(t, 1, consult.Consulting)
	c := app.Client(t)
	at := begin(t, c, id)
	form := c.Get(t, at)
	app.Store.Break(false, true)
	down := c.Send(t, form, at, words)
	if down.Status != http.StatusServiceUnavailable || down.Header.Get("Retry-After") == "" {
		t.Fatalf("%d Retry-After %q, want 503", down.Status, down.Header.Get("Retry-After"))
	}
	for _, typed := range []string{"It takes the light of our kitchen.", "سڑک کا موڑ"} {
		if !strings.Contains(down.Body, typed) {
			t.Errorf("the page lost %q", typed)
		}
	}
	app.Store.Mend()
	if a := c.Send(t, down, at, words); a.Status != http.StatusSeeOther {
		t.Errorf("sending again: %d", a.Status)
	}

	check := write(t, c, id)
	last := c.Get(t, check)
	app.Store.Break(false, true)
	if a := c.Send(t, last, check, nil); a.Status != http.StatusServiceUnavailable {
		t.Errorf("sending the comment while the database is down: %d", a.Status)
	}
	app.Store.Mend()
	if a := c.Send(t, last, check, nil); a.Status != http.StatusSeeOther {
		t.Errorf("sending the comment again: %d", a.Status)
	}
	if v, err := app.Service.Case(t.Context(), consult.Actor{}, id); err != nil || v.Tally.Comments != 1 {
		t.Errorf("%d comments, %v; want 1", v.Tally.Comments, err)
	}
}

func TestF19ADoubleTapMakesOneComment(t *testing.T) {
	for name, options := range map[string][]servertest.Option{"sqlite": nil, "postgresql": {servertest.OnPostgreSQL}} {
		t.Run(name, func(t *testing.T) {
			app := servertest.New(t, options...)
			id := app.Consultation(t, 1, consult.Consulting)
			c := app.Client(t)
			check := write(t, c, id)
			page := c.Get(t, check)
			var all sync.WaitGroup
			var mu sync.Mutex
			where := map[string]int{}
			for range 8 {
				all.Go(func() {
					a := c.Send(t, page, check, nil)
					mu.Lock()
					defer mu.Unlock()
					where[a.Location()]++
				})
			}
			all.Wait()
			if v, err := app.Service.Case(t.Context(), consult.Actor{}, id); err != nil || v.Tally.Comments != 1 {
				t.Fatalf("%d comments, %v; want 1 (%v)", v.Tally.Comments, err, where)
			}
		})
	}
}

func TestBadInputOfTheCommentForm(t *testing.T) {
	app := servertest.New(t)
	id := app.Consultation(t, 1, consult.Consulting)
	for name, row := range map[string]struct {
		form url.Values
		want string
	}{
		"I01 empty":              {url.Values{"text-light": {"  "}, "text-traffic": {"x"}}, "Write your comment on this topic"},
		"I01 zero width":         {url.Values{"text-light": {"\u200b"}, "text-traffic": {"x"}}, "Write your comment on this topic"},
		"I02 one too many":       {url.Values{"text-light": {strings.Repeat("é", 6001)}, "text-traffic": {"x"}}, "Shorten this to 6,000 characters"},
		"I09 not UTF-8":          {url.Values{"text-light": {"\xff\xfe"}, "text-traffic": {"x"}}, "could not be read"},
		"I17 twice":              {url.Values{"text-light": {"a", "b"}, "text-traffic": {"x"}}, "one answer only"},
		"I22 NaN":                {url.Values{"lat": {"NaN"}, "lon": {"1"}}, "Enter a number"},
		"unknown postcode":       {url.Values{"lat": {""}, "place-postcode": {"B9 9ZZ"}}, "where this postcode lies"},
		"half a place":           {url.Values{"lat": {"52.4"}}, "both numbers"},
		"I13 reserved name":      {url.Values{"name": {"Planning Officer ✓"}, "postcode": {"B9 9AA"}}, "cannot be mistaken"},
		"I07 line break in name": {url.Values{"name": {"A\r\nBcc: x@y"}, "postcode": {"B9 9AA"}}, "one line"},
		"I15 list of addresses":  {url.Values{"name": {"A"}, "postcode": {"B9 9AA"}, "email": {"a@e.com,b@e.com"}}, "one email address"},
	} {
		t.Run(name, func(t *testing.T) {
			c := app.Client(t)
			at := begin(t, c, id)
			if row.form.Has("lat") {
				at = step(t, c, at, words)
			}
			if row.form.Has("name") {
				at = step(t, c, step(t, c, at, words), place)
			}
			a := c.Post(t, at, at, row.form)
			if a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, row.want) || !strings.Contains(a.Body, "There is a problem") {
				t.Errorf("%d without %q: %.300s", a.Status, row.want, a.Body)
			}
		})
	}
}

func TestI03I04I05I06TextStaysText(t *testing.T) {
	app := servertest.New(t)
	id := app.Consultation(t, 1, consult.Consulting)
	c := app.Client(t)
	path := "/consultations/" + id.String() + "/ask"
	nasty := []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `{{.}}`, `{{template "x"}}`, `Robert'); DROP TABLE comment;--`, "abc\u202egnp.exe"}
	for _, text := range nasty {
		a := c.Post(t, path, path, url.Values{"title": {text}, "body": {text}, "name": {text}})
		if a.Status != http.StatusSeeOther {
			t.Fatalf("%q: %d %.200s", text, a.Status, a.Body)
		}
		page := c.Get(t, a.Location())
		for _, alive := range []string{"<script>alert", "<img src=x"} {
			if strings.Contains(page.Body, alive) {
				t.Errorf("%q is alive on the page", text)
			}
		}
	}
	list := c.Get(t, "/consultations/"+id.String())
	if !strings.Contains(list.Body, "{{.}}") || !strings.Contains(list.Body, "DROP TABLE") {
		t.Error("text was changed instead of shown as typed")
	}
}

func TestAPlaceByPostcode(t *testing.T) {
	app := servertest.New(t)
	if _, _, _, err := app.Service.TakePostcodes(t.Context(), consult.System(), []consult.Postcode{{Code: "B9 9AA", Place: geo.Point{Lon: -1.8591, Lat: 52.4727}}}); err != nil {
		t.Fatal(err)
	}
	id := app.Consultation(t, 1, consult.Consulting)
	c := app.Client(t)
	at := step(t, c, step(t, c, begin(t, c, id), words), url.Values{"place-postcode": {"b9 9aa"}})
	check := step(t, c, at, details)
	if page := c.Get(t, check); !strings.Contains(page.Body, "52.47270") {
		t.Error("the postcode did not become the place")
	}
}
