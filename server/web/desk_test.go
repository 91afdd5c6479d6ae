package web

import (
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

var sampleColleagues = []consult.Colleague{{ID: 7, Name: "Demo officer", Service: "Planning", Title: "Planning officer"},
	{ID: 8, Name: "Demo transport officer", Service: "Transport", Title: "Transport planner", Away: testNow.Add(50 * time.Hour)},
	{ID: 9, Name: "Former officer", Service: "Planning", Gone: true}}

func sampleRead() deskRead {
	return deskRead{Now: testNow, Choices: choicesOf{Colleagues: sampleColleagues, Wards: map[string]string{"E05099999": "Sample ward"},
		Languages: []Choice{{Value: "en", Label: "English"}}}}
}

// sampleInbox is a page with a line of each sort.
func sampleInbox() deskRead {
	r := sampleRead()
	about := func(i consult.InboxItem) consult.InboxItem {
		i.Consultation, i.Heading, i.Since = 3, "Twelve homes", testNow
		return i
	}
	r.Found = consult.InboxPage{Counts: map[consult.InboxView]int{consult.InboxUnanswered: 30}, Saved: []int{4}, Head: 9, Epoch: "e", Items: []consult.InboxItem{
		about(consult.InboxItem{Comment: 41, Item: 41, Excerpt: "It takes our light", Stance: consult.Object, Topics: []consult.Topic{"light"}, Due: testNow,
			Assignment: consult.Assignment{Officer: 7, Service: "Planning"}}),
		about(consult.InboxItem{Comment: 42, Item: 42, Kind: consult.PublicHealth, Topics: []consult.Topic{"air"}, Assignment: consult.Assignment{Officer: 8, Service: "Transport"}}),
		about(consult.InboxItem{Thread: 21, Item: 21, Title: "Will the wall stay?", Excerpt: "Will it?", Assignment: consult.Assignment{Officer: 9, Service: "Planning",
			Snoozed: testNow.Add(time.Hour)}}),
		about(consult.InboxItem{Thread: 22, Item: 43}),
		about(consult.InboxItem{Message: 34, Thread: 21, Item: 21, Rule: "links", Excerpt: "Buy", Assignment: consult.Assignment{Service: "Planning"}})}}
	r.Saved = []consult.SavedView{{ID: 5, Officer: 7, Name: "Letters in Urdu", Query: "language=ur&channel=letter&view=publish"}}
	r.News = consult.DeskNews{Since: testNow.Add(-20 * time.Hour), Came: 4, Answered: 1, Assigned: 2, Returned: 1, Mentions: 3}
	r.Desk = consult.OfficerDesk{Away: testNow.Add(30 * time.Hour), KeysOff: true}
	return r
}

func init() {
	asOfficer := func(w *Web) { w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() } }
	for _, due := range []sampleDue{-2, 0, 3} {
		sample("inbox", func(w *Web, c *fiber.Ctx) View {
			asOfficer(w)
			p := drawInbox(w.StaffBase(c, "inbox.title"), sampleInbox(), Filled(nil), 1, due)
			p.Done = p.done(consult.DeskAct{ID: 77, Kind: consult.ActSnooze, Items: 3, Until: testNow.Add(time.Hour)}, sampleColleagues, due == 0)
			p.leftAlone(p.Done, []consult.DeskItem{{Item: 41, ChangedBy: 8, ChangedAt: testNow}, {Item: 42}}, sampleColleagues, "4")
			return p
		})
	}
	filtered := map[string][]string{"service": {"Planning"}, "consultation": {"0000000000003"}, "age": {"7"}, "view": {"mine"}, "q": {"trees"}}
	sample("inbox", func(w *Web, c *fiber.Ctx) View {
		f := Filled(filtered)
		f.Fail("name", "required")
		return drawInbox(w.StaffBase(c, "inbox.title").WithErrors(f.Err("save view")), sampleRead(), f, 2, sampleDue(0))
	})
	sample("officer-item", func(w *Web, c *fiber.Ctx) View {
		asOfficer(w)
		file := consult.DeskFile{DeskItem: consult.DeskItem{Item: 41, What: consult.DeskComment, Consultation: 3, Home: "Planning", Version: 2},
			Matter: sampleCase().Consultation, Comment: sampleComment(), Colleagues: sampleColleagues, Total: 30, Notes: []consult.DeskNote{
				{ID: 1, Item: 41, By: 8, Body: "Is it about the kerb?", At: testNow, Mentions: []consult.ID{7}}, {ID: 2, Item: 41, By: 7, Act: 3, At: testNow}}}
		return drawDeskItem(w.StaffBase(c, "desk.item_title", "item", "x"), file, sampleRead(), nil, 1)
	})
	sample("officer-item", func(w *Web, c *fiber.Ctx) View {
		asOfficer(w)
		f := Filled(map[string][]string{"to": {"service:Transport"}, "mention": {"0000000000008"}})
		f.Fail("note", "note_required")
		f.Fail("day", "snooze_past")
		f.Fail("hour", "clock")
		f.Fail("mention", "choice")
		file := consult.DeskFile{DeskItem: consult.DeskItem{Item: 21, What: consult.DeskDialog, Assignment: consult.Assignment{Officer: 7, Snoozed: testNow.Add(time.Hour)}},
			Matter: sampleCase().Consultation, Colleagues: sampleColleagues}
		p := drawDeskItem(w.StaffBase(c, "desk.item_title", "item", "y").WithErrors(f.Err("work")), file, sampleRead(), f, 1)
		p.Changed = p.T("desk.faster", "who", "x", "at", "y", "with", "z")
		return p
	})
	bulkSample := func(do consult.DeskActKind, fields map[string][]string, plan *consult.DeskDone, n int) sampleMaker {
		return func(w *Web, c *fiber.Ctx) View {
			asOfficer(w)
			v := bulk{f: Filled(fields), seen: testNow, items: []consult.ID{41}, all: n > 1, order: consult.DeskOrder{Kind: do}}
			v.f.values["do"] = []string{string(do)}
			items := make([]consult.DeskItem, n)
			for i := range items {
				items[i] = consult.DeskItem{Item: consult.ID(i + 1), Home: "Service " + strconv.Itoa(i%12), Assignment: consult.Assignment{Snoozed: testNow.Add(time.Hour)}}
			}
			return drawBulkPage(w.StaffBase(c, "desk.bulk_title"), v, items, plan, sampleRead())
		}
	}
	sample("officer-bulk", bulkSample(consult.ActAssign, map[string][]string{}, nil, 2))
	sample("officer-bulk", bulkSample(consult.ActSnooze, map[string][]string{"until": {"monday"}, "service": {"x"}}, &consult.DeskDone{Same: 2, Changed: 5,
		Skipped: []consult.DeskSkip{{}}, Act: consult.DeskAct{Kind: consult.ActSnooze, Items: 5, Until: testNow}}, consult.MaxBulk))
	sample("officer-bulk", bulkSample(consult.ActOff, map[string][]string{}, &consult.DeskDone{Act: consult.DeskAct{Kind: consult.ActOff}}, 1))
	sample("officer-bulk", bulkSample(consult.ActOff, map[string][]string{}, nil, 0))
	sample("officer-timeline", func(w *Web, c *fiber.Ctx) View {
		act := func(kind consult.DeskActKind, rule string, undone time.Time) *consult.DeskAct {
			return &consult.DeskAct{Kind: kind, Rule: rule, Undone: undone}
		}
		rows := []consult.TimelineRow{
			{At: testNow, ActorKind: consult.Signed, Actor: 7, Action: "desk.undo", Act: act(consult.ActAssign, "", testNow), To: consult.Assignment{Officer: 8}},
			{At: testNow, ActorKind: consult.Signed, Actor: 7, Action: "desk.hand-over", Act: act(consult.ActHandOver, "", testNow), To: consult.Assignment{Service: "Transport"}},
			{At: testNow, ActorKind: consult.Signed, Actor: 99, Action: "desk.snooze", Act: act(consult.ActSnooze, "", time.Time{}), To: consult.Assignment{Snoozed: testNow}},
			{At: testNow, ActorKind: consult.Signed, Actor: 7, Action: "desk.wake", Act: act(consult.ActWake, "", time.Time{}), From: consult.Assignment{Snoozed: testNow}},
			{At: testNow, ActorKind: consult.Machine, Action: "desk.route", Act: act(consult.ActRoute, "Roads", time.Time{})},
			{At: testNow, ActorKind: consult.Signed, Actor: 7, Action: "comment.publish", Detail: "name,contact"},
			{At: testNow, ActorKind: consult.Visitor, Action: "comment.submit"},
			{At: testNow, ActorKind: consult.ByBearer, Action: "something.new", Detail: "12"}}
		return drawTimeline(w.StaffBase(c, "timeline.title", "item", "x"), consult.DeskItem{Item: 41, Home: "Planning"}, rows, 80, sampleColleagues, 1)
	})
	for _, wrong := range []bool{false, true} {
		sample("officer-desk", func(w *Web, c *fiber.Ctx) View {
			asOfficer(w)
			if !wrong {
				return drawOfficerDesk(w.StaffBase(c, "desk.own_title"), consult.OfficerDesk{}, nil, nil)
			}
			f := Filled(map[string][]string{"keys": {"off"}})
			f.Fail("away", "away_past")
			views := []consult.SavedView{{ID: 5, Officer: 7, Name: "Mine"}, {ID: 6, Officer: 8, Service: "Planning", Name: "Theirs"}}
			return drawOfficerDesk(w.StaffBase(c, "desk.own_title").WithErrors(f.Err("set")), consult.OfficerDesk{Away: testNow.Add(time.Hour), KeysOff: true}, views, f)
		})
	}
	rules := []consult.RoutingRule{
		{ID: 1, Name: "Roads", Enabled: true, Area: consult.AlertArea{Kind: consult.WardArea, Ward: "E05099999", Name: "Sample ward"}, Topic: "traffic",
			Kind: consult.PlanningApplication, Language: "ur", Service: "Transport", Officer: 8},
		{ID: 2, Name: "Around", Area: consult.AlertArea{Kind: consult.CircleArea, Radius: 800, Name: "B9 9AA"}, Type: "pp.full.major", Service: "Planning"},
		{ID: 3, Name: "The rest", Enabled: true, Area: consult.AlertArea{Kind: consult.PolygonArea, Corners: make([]geo.Point, 3)}, Service: "Planning"},
		{ID: 4, Name: "All", Enabled: true, Service: "Planning"}}
	for _, faster := range []bool{false, true} {
		sample("officer-routing", func(w *Web, c *fiber.Ctx) View {
			list := consult.Routing{Version: 3}
			if !faster {
				list.Rules = rules
			}
			return drawRouting(w.StaffBase(c, "routing.title"), list, sampleColleagues, faster)
		})
	}
	trials := func(b *Base) *trialList {
		arrived := func(what consult.DeskKind, topics ...consult.Topic) consult.RoutedItem {
			return consult.RoutedItem{Arrival: consult.Arrival{Item: 41, What: what, Topics: topics}, Heading: "Twelve homes", At: testNow,
				Assignment: consult.Assignment{Service: "Planning"}}
		}
		return drawTrials(b, []consult.Trial{{RoutedItem: arrived(consult.DeskComment, "light", "own-question"), Rule: 2, Name: "Roads", Service: "Transport"},
			{RoutedItem: arrived(consult.DeskDialog), Rule: 1, Name: "Plans", Service: "Planning"}, {RoutedItem: arrived(consult.DeskDialog)}}, sampleColleagues)
	}
	for _, rule := range append(rules, consult.RoutingRule{}) {
		sample("officer-rule", func(w *Web, c *fiber.Ctx) View {
			p := drawRule(w.StaffBase(c, "routing.rule_title"), rule, 3, sampleRead().Choices, nil)
			p.Faster = rule.ID == 2
			if rule.ID == 1 {
				p.Trials = trials(&p.Base)
			}
			return p
		})
	}
	sample("officer-dry-run", func(w *Web, c *fiber.Ctx) View {
		p := &dryRunPage{Base: w.StaffBase(c, "routing.dry_run")}
		p.Trials = trials(&p.Base)
		return p
	})
}

func TestAFilterIsItsAddress(t *testing.T) {
	f := Filled(url.Values{"view": {"publish"}, "service": {"Planning"}, "officer": {"0000000000008"}, "ward": {"E05099999"}, "topic": {"light"},
		"kind": {"major"}, "language": {"ur"}, "consultation": {"0000000000003"}, "channel": {"letter"}, "age": {"7"}, "q": {"trees"}, "page": {"4"}, "x": {"y"}})
	want := consult.InboxFilter{View: consult.InboxPublish, Service: "Planning", Officer: 8, Ward: "E05099999", Topic: "light", Type: "pp.full.major",
		Language: "ur", Consultation: 3, Channel: "letter", Age: 7, Words: "trees"}
	if got := inboxFilter(f); got != want {
		t.Errorf("filter %+v, want %+v", got, want)
	}
	again, filter := savedFilter(consult.SavedView{Query: viewQuery(f).Encode()})
	if filter != want || viewQuery(again).Encode() != viewQuery(f).Encode() {
		t.Errorf("saved and opened again: %+v", filter)
	}
	odd := inboxFilter(Filled(url.Values{"view": {"all"}, "age": {"-1"}, "officer": {"x"}, "kind": {"x"}}))
	if odd != (consult.InboxFilter{View: consult.InboxUnanswered}) {
		t.Errorf("what is no choice narrows: %+v", odd)
	}
}

func TestAFormComesBackToOurOwnPagesOnly(t *testing.T) {
	for back, want := range map[string]string{"/officer?view=mine&page=2": "/officer?view=mine&page=2", "/officer/comments/0000000000003": "/officer/comments/0000000000003",
		"/threads/0000000000003": "/threads/0000000000003", "": "/officer", "https://example.org/officer": "/officer", "//example.org/officer": "/officer",
		"/officer\\..\\x": "/officer", "/officers": "/officer", "javascript:alert(1)": "/officer", "/sign-out": "/officer"} {
		if got := backOf(Filled(url.Values{"back": {back}}), "/officer"); got != want {
			t.Errorf("back to %q leads to %q, want %q", back, got, want)
		}
	}
	if got := backWith("/officer?did=old&left=a&view=mine", url.Values{"did": {"new"}}); got != "/officer?did=new&view=mine" {
		t.Errorf("what was done before stays in the address: %s", got)
	}
}

func TestUsualDaysToSnoozeToAreWorkingDays(t *testing.T) {
	cal := consult.England()
	for _, c := range []struct {
		name        string
		today, want consult.Date
	}{{"tomorrow", "2026-04-01", "2026-04-02"}, {"tomorrow", "2026-04-02", "2026-04-07"}, {"monday", "2026-04-01", "2026-04-07"},
		{"monday", "2026-04-13", "2026-04-20"}, {"fortnight", "2026-04-11", "2026-04-27"}} {
		if got := snoozeDay(c.name, c.today, cal); got != c.want {
			t.Errorf("%s after %s is %s, want %s", c.name, c.today, got, c.want)
		}
	}
}
