package storetest

import (
	"slices"
	"sync"
	"time"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// green is where the cases of these tests lie.
var green = geo.Point{Lon: -1.8597, Lat: 52.4723}

// wanting keeps a confirmed alert of an address that looks for everything, everywhere, at once, unless edit says otherwise.
func (t *T) wanting(email string, edit ...func(*consult.Alert)) consult.Alert {
	t.Helper()
	a := t.asking(email, edit...)
	t.must(t.ConfirmAlert(t.ctx, a.ID, t.change("alert.confirm", a.ID)))
	for _, m := range t.mails() { // the confirming one
		t.must(t.DeliverySent(t.ctx, m.ID, t.now))
	}
	return got(t.Alert(t.ctx, a.ID))(t)
}

// asking keeps an alert that waits to be confirmed.
func (t *T) asking(email string, edit ...func(*consult.Alert)) consult.Alert {
	t.Helper()
	a := consult.Alert{ID: t.id(), Search: consult.Search{About: consult.AlertKinds()}, Rhythm: consult.AtOnce, Email: email, Language: "ur", CreatedAt: t.now}
	for _, e := range edit {
		e(&a)
	}
	t.must(t.SaveAlert(t.ctx, a, t.change("alert.ask", a.ID)))
	return a
}

func within(p geo.Point, metres int) func(*consult.Alert) {
	return func(a *consult.Alert) {
		a.Search.Area = consult.AlertArea{Kind: consult.CircleArea, Centre: p, Radius: metres}
	}
}

func rhythm(r consult.Rhythm) func(*consult.Alert) { return func(a *consult.Alert) { a.Rhythm = r } }

// match reads all the news and counts what was found.
func (t *T) match() (sum consult.Matched) {
	t.Helper()
	for {
		m := got(t.MatchNews(t.ctx, consult.England(), t.now, 2))(t)
		sum = consult.Matched{News: sum.News + m.News, Hits: sum.Hits + m.Hits, Mails: sum.Mails + m.Mails}
		if m.News == 0 {
			return sum
		}
	}
}

// kinds are what an alert's log tells of, oldest first.
func (t *T) kinds(alert consult.ID) []consult.NewsKind {
	t.Helper()
	hits, total, err := t.Hits(t.ctx, alert, 0, 100)
	t.must(err)
	same(t, "length of the log", total, len(hits))
	var l []consult.NewsKind
	for _, h := range slices.Backward(hits) {
		l = append(l, h.Kind)
	}
	return l
}

// moved takes a case from one state to another.
func (t *T) moved(id consult.ID, from, to consult.State) {
	t.Helper()
	e := consult.StateEvent{Consultation: id, From: from, To: to, At: t.now, On: "2026-04-02", Why: "Because."}
	t.must(t.MoveState(t.ctx, e, nil, nil, t.change("consultation.move", id)))
}

var alertTests = map[string]func(*T){
	"an alert hears of a case from its first day to its outcome, each thing once": func(t *T) {
		a := t.wanting("one@example.org")
		deaf := t.asking("two@example.org")
		id := t.saved(func(c *consult.Case) { c.Consultation.State = consult.Validated })
		t.moved(id, consult.Validated, consult.Consulting)
		t.moved(id, consult.Consulting, consult.Amended)
		t.moved(id, consult.Amended, consult.ClosedState)
		t.moved(id, consult.ClosedState, consult.Assessed)
		t.moved(id, consult.Assessed, consult.Decided)
		t.must(t.SaveOutcome(t.ctx, consult.Outcome{Consultation: id, Topic: "light", YouSaid: "Dark.", WeDid: "Lower.", Effect: consult.Changed}, t.change("x", id)))
		got(t.PublishOutcomes(t.ctx, id, t.now, t.change("outcome.publish", id)))(t)
		got(t.PublishOutcomes(t.ctx, id, t.now, t.change("outcome.publish", id)))(t)
		m := t.match()
		want := []consult.NewsKind{consult.NewsPublished, consult.NewsOpened, consult.NewsAmended, consult.NewsDecided, consult.NewsOutcome}
		same(t, "found", t.kinds(a.ID), want)
		same(t, "counted", m, consult.Matched{News: 7, Hits: 5, Mails: 1})
		same(t, "one that is not confirmed", len(t.kinds(deaf.ID)), 0)
		same(t, "again", t.match(), consult.Matched{})
		same(t, "found once", t.kinds(a.ID), want)
	},
	"at once is one mail, then at most one in a quarter of an hour": func(t *T) {
		a := t.wanting("one@example.org")
		first := t.saved()
		t.match()
		m := t.mails()
		same(t, "mails", []any{len(m), m[0].Kind, m[0].To, m[0].Language, m[0].Alert}, []any{1, consult.MailAlert, "one@example.org", "ur", a.ID})
		mail := got(t.AlertMail(t.ctx, m[0].ID))(t)
		same(t, "lists", []any{mail.Alert.ID, mail.Total, len(mail.Hits), mail.Hits[0].Consultation}, []any{a.ID, 1, 2, first})
		t.must(t.DeliverySent(t.ctx, m[0].ID, t.now))
		t.later(time.Minute)
		t.saved()
		t.saved()
		same(t, "not yet", t.match().Mails, 0)
		hits, _, err := t.Hits(t.ctx, a.ID, 0, 9)
		t.must(err)
		same(t, "states", []consult.DeliveryState{hits[0].State, hits[5].State}, []consult.DeliveryState{consult.DeliveryWaiting, consult.DeliverySent})
		same(t, "due", got(t.Alert(t.ctx, a.ID))(t).NextAt, start.Add(15*time.Minute))
		same(t, "before it is due", got(t.MailAlerts(t.ctx, t.later(13*time.Minute), 9))(t), 0)
		same(t, "when it is due", got(t.MailAlerts(t.ctx, t.later(time.Minute), 9))(t), 1)
		same(t, "both in one", got(t.AlertMail(t.ctx, t.mails()[0].ID))(t).Total, 2)
		same(t, "nothing is left to say", got(t.MailAlerts(t.ctx, t.later(time.Hour), 9))(t), 0)
	},
	"digests go out in the morning, by the authority's clock, and only with something in them": func(t *T) {
		daily, weekly := t.wanting("daily@example.org", rhythm(consult.Daily)), t.wanting("weekly@example.org", rhythm(consult.Weekly))
		silent := t.wanting("silent@example.org", rhythm(consult.Daily), within(geo.Point{Lon: -1.2, Lat: 52.6}, 200))
		t.saved() // on Thursday 2 April 2026 at half past ten in London
		same(t, "mails at once", t.match().Mails, 0)
		same(t, "daily", got(t.Alert(t.ctx, daily.ID))(t).NextAt, time.Date(2026, 4, 3, 7, 0, 0, 0, time.UTC))
		same(t, "weekly", got(t.Alert(t.ctx, weekly.ID))(t).NextAt, time.Date(2026, 4, 6, 7, 0, 0, 0, time.UTC))
		t.now = time.Date(2026, 4, 3, 7, 0, 0, 0, time.UTC)
		same(t, "on Friday", got(t.MailAlerts(t.ctx, t.now, 9))(t), 1)
		t.now = time.Date(2026, 4, 6, 7, 0, 0, 0, time.UTC)
		same(t, "on Monday", got(t.MailAlerts(t.ctx, t.now, 9))(t), 1)
		same(t, "what found nothing", got(t.Alert(t.ctx, silent.ID))(t).NextAt, time.Time{})
	},
	"an area is a ward, a circle or a polygon": func(t *T) {
		north := geo.Point{Lon: green.Lon, Lat: green.Lat + 0.0027} // 300 m
		box := func(d float64) func(*consult.Alert) {
			return func(a *consult.Alert) {
				a.Search.Area = consult.AlertArea{Kind: consult.PolygonArea, Corners: []geo.Point{{Lon: green.Lon - d, Lat: green.Lat - d},
					{Lon: green.Lon + d, Lat: green.Lat - d}, {Lon: green.Lon + d, Lat: green.Lat + d}, {Lon: green.Lon - d, Lat: green.Lat + d}}}
			}
		}
		ward := func(code string) func(*consult.Alert) {
			return func(a *consult.Alert) { a.Search.Area = consult.AlertArea{Kind: consult.WardArea, Ward: code} }
		}
		alerts := map[string]consult.Alert{
			"200 m": t.wanting("a@example.org", within(north, 200)), "800 m": t.wanting("b@example.org", within(north, 800)),
			"polygon": t.wanting("c@example.org", box(0.001)), "polygon elsewhere": t.wanting("d@example.org", func(a *consult.Alert) {
				box(0.001)(a)
				for i := range a.Search.Area.Corners {
					a.Search.Area.Corners[i].Lon += 0.003
				}
			}),
			"ward": t.wanting("e@example.org", ward("E05011127")), "another ward": t.wanting("f@example.org", ward("E05011128")),
			"large polygon": t.wanting("g@example.org", box(0.2)),
		}
		t.saved()
		t.saved(func(c *consult.Case) { c.Consultation.HasPlace, c.Consultation.Place = false, geo.Point{} })
		t.match()
		for name, want := range map[string]int{"200 m": 0, "800 m": 2, "polygon": 2, "polygon elsewhere": 0, "ward": 4, "another ward": 0, "large polygon": 2} {
			same(t, name, len(t.kinds(alerts[name].ID)), want)
		}
	},
	"words, kind and what happens narrow it": func(t *T) {
		with := func(words, kind string, about ...consult.NewsKind) consult.Alert {
			return t.wanting(words+kind+"@example.org", func(a *consult.Alert) { a.Search = consult.Search{Words: words, Kind: kind, About: about} })
		}
		all := []consult.NewsKind{consult.NewsPublished}
		cafe, both, none := with("CAFE", "", all...), with("homes", "pp.full", all...), with("bridge", "", all...)
		other, opened, decided := with("", "pp.full.minor", all...), with("", "pp", consult.NewsOpened), with("", "", consult.NewsDecided)
		t.saved()
		t.match()
		for name, row := range map[string]struct {
			alert consult.Alert
			want  int
		}{"without its accent": {cafe, 1}, "word and kind": {both, 1}, "another word": {none, 0}, "another kind": {other, 0},
			"opened": {opened, 1}, "decided": {decided, 0}} {
			same(t, name, len(t.kinds(row.alert.ID)), row.want)
		}
	},
	"a case that moves into the area is new to it, and one that moves within it is not": func(t *T) {
		a := t.wanting("one@example.org", within(green, 200))
		id := t.saved(func(c *consult.Case) { c.Consultation.Place = geo.Point{Lon: -1.2, Lat: 52.6} })
		t.match()
		same(t, "outside", len(t.kinds(a.ID)), 0)
		again := func(edit func(*consult.Case)) {
			t.n--
			c := t.aConsultation(edit)
			same(t, "the same case", got(t.SaveCase(t.ctx, c, t.change("consultation.import", 0)))(t).ID, id)
			t.match()
		}
		again(func(c *consult.Case) { c.Consultation.Application.SourceHash = "2" })
		same(t, "moved in", t.kinds(a.ID), []consult.NewsKind{consult.NewsChanged})
		again(func(c *consult.Case) {
			c.Consultation.Application.SourceHash, c.Consultation.Place.Lat = "3", green.Lat+0.0001
		})
		same(t, "moved within", len(t.kinds(a.ID)), 1)
		again(func(c *consult.Case) {
			c.Consultation.Application.SourceHash, c.Consultation.Version, c.Consultation.Place.Lat = "4", 2, green.Lat+0.0001
			c.Versions = append(c.Versions, consult.ProposalVersion{Number: 2})
		})
		same(t, "a new version", t.kinds(a.ID), []consult.NewsKind{consult.NewsChanged, consult.NewsAmended})
		again(func(c *consult.Case) { c.Consultation.Application.SourceHash = "4" })
		same(t, "the same file again", len(t.kinds(a.ID)), 2)
	},
	"what is not public is no news": func(t *T) {
		a := t.wanting("one@example.org")
		id := t.saved(func(c *consult.Case) { c.Consultation.State = consult.Received })
		same(t, "news", t.match().News, 0)
		t.moved(id, consult.Received, consult.Validated)
		t.match()
		same(t, "now it is", t.kinds(a.ID), []consult.NewsKind{consult.NewsPublished})
	},
	"two nodes that read at once find everything once": func(t *T) {
		a := t.wanting("one@example.org")
		for range 9 {
			t.saved()
		}
		var work sync.WaitGroup
		var mu sync.Mutex
		total := 0
		for range 4 {
			work.Go(func() {
				for range 30 {
					m, err := t.MatchNews(t.ctx, consult.England(), t.now, 3)
					mu.Lock()
					total += m.News
					if err != nil {
						t.Error(err)
					}
					mu.Unlock()
				}
			})
		}
		work.Wait()
		t.match()
		same(t, "found", len(t.kinds(a.ID)), 18)
	},
	"an address is asked at most once an hour, and no more than three times": func(t *T) {
		about := func(words string) func(*consult.Alert) { return func(a *consult.Alert) { a.Search.Words = words } }
		t.asking("Victim@example.org", about("one"))
		t.asking("victim@example.org", about("one")) // the same again
		t.asking("VICTIM@example.org", about("two"))
		t.asking("victim@example.org", about("three"))
		t.asking("victim@example.org", about("four"))
		same(t, "at once", len(t.mails()), 1)
		t.must(t.DeliverySent(t.ctx, t.mailsLater(time.Minute)[0].ID, t.now))
		same(t, "within the hour", len(t.mailsLater(57*time.Minute)), 0)
		second := t.mailsLater(2 * time.Minute)
		same(t, "after an hour", len(second), 1)
		t.must(t.DeliverySent(t.ctx, second[0].ID, t.now))
		third := t.mailsLater(time.Hour)
		same(t, "after two", len(third), 1)
		t.must(t.DeliverySent(t.ctx, third[0].ID, t.now))
		same(t, "never again", len(t.mailsLater(50*time.Hour)), 0)
		t.must(t.ConfirmAlert(t.ctx, second[0].Alert, t.change("alert.confirm", second[0].Alert)))
		t.asking("victim@example.org", about("four"))
		same(t, "one that answered may ask on", len(t.mails()), 1)
	},
	"news from before it was confirmed is none": func(t *T) {
		a := t.asking("one@example.org")
		t.saved()
		t.must(t.ConfirmAlert(t.ctx, a.ID, t.change("alert.confirm", a.ID)))
		id := t.saved(func(c *consult.Case) { c.Consultation.State = consult.Validated })
		t.match()
		hits, _, err := t.Hits(t.ctx, a.ID, 0, 9)
		t.must(err)
		same(t, "found", []any{len(hits), hits[0].Consultation}, []any{1, id})
	},
	"an address has so many alerts and no more": func(t *T) {
		for n := range consult.MaxAlerts {
			t.later(time.Hour)
			t.wanting("one@example.org", func(a *consult.Alert) { a.Search.Words = string(rune('a' + n)) })
		}
		a := t.asking("one@example.org")
		t.wants(consult.Closed, t.ConfirmAlert(t.ctx, a.ID, t.change("alert.confirm", a.ID)))
		same(t, "not confirmed", got(t.Alert(t.ctx, a.ID))(t).Confirmed, false)
	},
	"paused it looks for nothing; resumed it goes on": func(t *T) {
		a := t.wanting("one@example.org", rhythm(consult.Daily))
		t.saved()
		t.match()
		next := t.now.Add(time.Hour)
		t.must(t.SetAlert(t.ctx, a.ID, consult.Daily, consult.PausedByOwner, next, t.change("alert.pause", a.ID)))
		t.saved()
		t.match()
		t.later(100 * time.Hour)
		same(t, "mails while it rests", got(t.MailAlerts(t.ctx, t.now, 9))(t), 0)
		t.saved()
		t.must(t.SetAlert(t.ctx, a.ID, consult.Weekly, "", t.now, t.change("alert.resume", a.ID)))
		t.match()
		same(t, "rhythm", got(t.Alert(t.ctx, a.ID))(t).Rhythm, consult.Weekly)
		same(t, "what waited", got(t.MailAlerts(t.ctx, t.now, 9))(t), 1)
		same(t, "found before the pause only", len(t.kinds(a.ID)), 2)
	},
	"ended it leaves nothing behind": func(t *T) {
		a, other := t.wanting("one@example.org", within(green, 800)), t.wanting("two@example.org")
		t.saved()
		t.match()
		t.must(t.RemoveAlert(t.ctx, a.ID, t.change("alert.end", a.ID)))
		m := t.mails()
		same(t, "mails", []any{len(m), m[0].Alert}, []any{1, other.ID})
		_, err := t.Alert(t.ctx, a.ID)
		t.wants(consult.NotFound, err)
		hits, _, err := t.Hits(t.ctx, a.ID, 0, 9)
		t.must(err)
		same(t, "log", len(hits), 0)
		t.wants(consult.NotFound, t.RemoveAlert(t.ctx, a.ID, t.change("alert.end", a.ID)))
		page := got(t.Deliveries(t.ctx, consult.DeliveryFilter{Kind: consult.MailAlert}))(t)
		same(t, "log of mails", []any{page.Total, page.Lines[0].Alert}, []any{1, other.ID})
	},
	"a mail that cannot be delivered pauses its address and keeps what it held": func(t *T) {
		a, same1 := t.wanting("one@example.org"), t.wanting("ONE@example.org", func(a *consult.Alert) { a.Search.Words = "homes" })
		other := t.wanting("two@example.org")
		t.saved()
		t.match()
		for _, m := range t.mails() {
			if m.Alert == a.ID {
				t.must(t.DeliveryFailed(t.ctx, m.ID, "550 unknown", t.now, time.Time{}))
			}
		}
		hits, _, err := t.Hits(t.ctx, a.ID, 0, 9)
		t.must(err)
		same(t, "log", []any{hits[0].State, hits[0].Failed, hits[0].Tries}, []any{consult.DeliveryGivenUp, "550 unknown", 1})
		for alert, want := range map[consult.ID]consult.Pause{a.ID: consult.PausedByMail, same1.ID: consult.PausedByMail, other.ID: ""} {
			same(t, "paused", got(t.Alert(t.ctx, alert))(t).Paused, want)
		}
		t.saved()
		t.later(time.Hour)
		same(t, "while its mail fails it goes on looking, and writes nothing", t.match(), consult.Matched{News: 2, Hits: 6, Mails: 1})
		t.must(t.SetAlert(t.ctx, a.ID, a.Rhythm, "", t.now, t.change("alert.resume", a.ID)))
		same(t, "resumed", got(t.MailAlerts(t.ctx, t.now, 9))(t), 1)
		hits, _, err = t.Hits(t.ctx, a.ID, 0, 9)
		t.must(err)
		same(t, "again, with what came meanwhile", []any{len(hits), hits[0].State, hits[3].State, hits[0].Delivery == hits[3].Delivery},
			[]any{4, consult.DeliveryWaiting, consult.DeliveryWaiting, true})
	},
	"the log outlives the mails": func(t *T) {
		a, bad := t.wanting("one@example.org"), t.wanting("two@example.org")
		t.saved()
		t.match()
		sent := t.now
		for _, m := range t.mails() {
			if m.Alert == bad.ID {
				t.must(t.DeliveryFailed(t.ctx, m.ID, "550 unknown", t.now, time.Time{}))
				continue
			}
			t.must(t.DeliverySent(t.ctx, m.ID, t.now))
		}
		t.later(200 * 24 * time.Hour)
		_, rows, err := t.Expire(t.ctx, consult.RetainMail, t.now, t.change("retention.expire", 0))
		t.must(err)
		same(t, "mails forgotten", rows, 4)
		for alert, want := range map[consult.ID][]any{a.ID: {consult.DeliverySent, sent.Truncate(time.Microsecond)}, bad.ID: {consult.DeliveryGivenUp, time.Time{}}} {
			hits, _, err := t.Hits(t.ctx, alert, 0, 9)
			t.must(err)
			same(t, "log", []any{hits[0].State, hits[0].SentAt}, want)
		}
		t.must(t.SetAlert(t.ctx, bad.ID, bad.Rhythm, "", t.now, t.change("alert.resume", bad.ID)))
		same(t, "what was given up is still told", got(t.MailAlerts(t.ctx, t.now, 9))(t), 1)
	},
	"a mail lists so many consultations and counts the rest": func(t *T) {
		t.wanting("one@example.org", rhythm(consult.Daily))
		for n := range consult.MailHits + 5 {
			t.saved(func(c *consult.Case) {
				c.Consultation.Application.Reference = "2099/1000" + string(rune('a'+n)) + "/PA"
			})
		}
		t.match()
		got(t.MailAlerts(t.ctx, t.later(48*time.Hour), 9))(t)
		m := got(t.AlertMail(t.ctx, t.mails()[0].ID))(t)
		same(t, "mail", []int{m.Total, len(m.Hits)}, []int{consult.MailHits + 5, 2 * consult.MailHits})
	},
	"old things are forgotten, young ones are not": func(t *T) {
		kept := t.wanting("kept@example.org")
		old := t.asking("old@example.org")
		t.saved()
		t.match()
		t.mails()
		t.later(8 * 24 * time.Hour)
		young := t.asking("young@example.org")
		t.saved()
		t.match()
		week, month := t.now.Add(-7*24*time.Hour), t.now.Add(-30*24*time.Hour)
		got(t.PurgeAlerts(t.ctx, week, month, month))(t)
		_, err := t.Alert(t.ctx, old.ID)
		t.wants(consult.NotFound, err)
		got(t.Alert(t.ctx, young.ID))(t)
		same(t, "hits", len(t.kinds(kept.ID)), 4)
		got(t.PurgeAlerts(t.ctx, week, week, week))(t)
		same(t, "hits of more than a week ago", len(t.kinds(kept.ID)), 2)
		same(t, "news nobody has read for webhooks stays", got(t.HandOverNews(t.ctx, t.now, 100))(t), 4)
	},
}

// mailsLater moves the clock and claims what is due.
func (t *T) mailsLater(d time.Duration) []consult.Delivery {
	t.Helper()
	t.later(d)
	return t.mails()
}
