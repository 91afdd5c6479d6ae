package web

import (
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

var sampleWards = map[string]string{"E05011127": "Bordesley Green", "E05011167": "Small Heath"}

// sampleAlert looks for everything there is to look for.
func sampleAlert() consult.Alert {
	return consult.Alert{ID: 9, Email: "resident@example.org", Language: "ur", Confirmed: true, Rhythm: consult.Daily, NextAt: testNow.Add(18 * time.Hour),
		Search: consult.Search{Words: "کیفے homes", Kind: "pp.full.major", About: consult.AlertKinds(),
			Area: consult.AlertArea{Kind: consult.CircleArea, Name: "B9 5AA", Radius: 800, Centre: geo.Point{Lon: -1.86, Lat: 52.47}}}}
}

func sampleHits() []consult.Hit {
	hit := consult.Hit{Alert: 9, Kind: consult.NewsOpened, Consultation: 12, Title: "بارہ گھر", Reference: "2099/00001/PA", FoundAt: testNow}
	waiting, sending, sent, failing, givenUp := hit, hit, hit, hit, hit
	waiting.State, sending.State, sending.Delivery = consult.DeliveryWaiting, consult.DeliveryWaiting, 3
	sent.State, sent.SentAt, sent.Kind = consult.DeliverySent, testNow, consult.NewsChanged
	failing.State, failing.Failed, failing.Tries, failing.NextTry = consult.DeliveryFailing, "mail: recipient: refused with 451 4.7.1", 3, testNow.Add(time.Hour)
	givenUp.State, givenUp.Failed, givenUp.Tries, givenUp.Title = consult.DeliveryGivenUp, "mail: recipient: refused with 550 5.1.1", 24, ""
	return []consult.Hit{waiting, sending, sent, failing, givenUp}
}

func init() {
	sample("alert", func(w *Web, c *fiber.Ctx) View {
		p := drawAlert(w.Base(c, "alert.title"), carriedOver(Filled(map[string][]string{"q": {"café"}, "postcode": {"B9 5AA"}, "kind": {"major"}})), sampleWards)
		p.Said = p.searchSaid(sampleAlert().Search)
		return p
	})
	sample("alert", func(w *Web, c *fiber.Ctx) View { // everything wrong
		e := &consult.Error{Kind: consult.Invalid}
		for field, rule := range map[string]string{"email": "email", "postcode": "place_needed", "corners": "corners_cross", "about": "required", "ward": "required",
			"area": "choice", "rhythm": "choice", "radius": "choice"} {
			e.Fields = append(e.Fields, consult.FieldError{Field: field, Rule: rule})
		}
		return drawAlert(w.Base(c, "alert.title").WithErrors(e), Filled(map[string][]string{"corners": {"B9 5AA\n52.47, -1.86"}}), sampleWards)
	})
	manage := func(title string, edit func(*consult.Alert), hits []consult.Hit) {
		sample("alert-manage", func(w *Web, c *fiber.Ctx) View {
			a := sampleAlert()
			edit(&a)
			p := drawAlertManage(w.Base(c, title), a, hits, "token")
			p.Pages = Paginate(1, 45, hitsPerPage, nil)
			return p
		})
	}
	manage("alert.manage_title", func(*consult.Alert) {}, sampleHits())
	manage("alert.manage_title", func(a *consult.Alert) { a.Paused, a.Search.Area = consult.PausedByMail, consult.AlertArea{} }, nil)
	manage("alert.manage_title", func(a *consult.Alert) {
		a.Paused, a.Search.Area = consult.PausedByOwner, consult.AlertArea{Kind: consult.WardArea, Name: "Bordesley Green"}
	}, nil)
	manage("alert.confirm_title", func(a *consult.Alert) {
		a.Confirmed, a.Search.Area = false, consult.AlertArea{Kind: consult.PolygonArea, Corners: make([]geo.Point, 4)}
	}, nil)
	sample("follow", func(w *Web, c *fiber.Ctx) View { return w.followView(c, "alert.asked_title", "alert.asked_text", nil) })
	sample("follow", func(w *Web, c *fiber.Ctx) View {
		p := w.followView(c, "alert.ended_title", "alert.ended_text", nil)
		p.Subject = &Link{Href: "/alerts", Text: p.T("alert.like")}
		return p
	})
}

// What was searched for on the list is what the alert begins with.
func TestTheListsSearchIsCarriedOver(t *testing.T) {
	for _, row := range []struct{ query, area, radius, about string }{
		{"", "any", "800", "consultation.published"},
		{"postcode=B9+5AA", "circle", "2000", "consultation.published"},
		{"lat=52.47&lon=-1.86", "circle", "2000", "consultation.published"},
		{"lat=52.47", "any", "800", "consultation.published"},
		{"ward=E05011127&stage=open", "ward", "800", "consultation.opened"},
		{"ward=E05011127&postcode=B9", "circle", "2000", "consultation.published"},
		{"stage=decided", "any", "800", "consultation.decided"},
		{"stage=weighed&q=trees&kind=trees", "any", "800", "consultation.amended"},
	} {
		values, err := url.ParseQuery(row.query)
		if err != nil {
			t.Fatal(err)
		}
		f := carriedOver(Filled(values))
		if f.Value("area") != row.area || f.Value("radius") != row.radius || !slices.Contains(f.Values("about"), row.about) ||
			f.Value("q") != values.Get("q") || f.Value("kind") != values.Get("kind") {
			t.Errorf("%s: area %q, radius %q, about %v", row.query, f.Value("area"), f.Value("radius"), f.Values("about"))
		}
	}
}
