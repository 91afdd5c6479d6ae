package storetest

import (
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

var routingTests = map[string]func(*T){
	"the first enabled rule that fits decides, in the change that brings the item": func(t *T) {
		id := t.saved()
		o := t.officer("officer@example.org")
		t.rules(
			consult.RoutingRule{Name: "Asleep", Service: "Housing"},
			consult.RoutingRule{Name: "Noise", Enabled: true, Topic: "noise", Service: "Environment"},
			consult.RoutingRule{Name: "Roads", Enabled: true, Topic: "traffic", Service: "Transport", Officer: o.ID},
			consult.RoutingRule{Name: "The rest", Enabled: true, Service: "Planning"})
		c := t.commented(id)
		th := t.started(id).Thread
		same(t, "comment", got(t.DeskItem(t.ctx, c.ID))(t).Assignment, consult.Assignment{Officer: o.ID, Service: "Transport"})
		same(t, "thread", got(t.DeskItem(t.ctx, th.ID))(t).Assignment, consult.Assignment{Service: "Planning"})
		rows, _, err := t.Timeline(t.ctx, c.ID, 0, 9)
		t.must(err)
		same(t, "told", []any{rows[len(rows)-1].Action, entries(rows, "desk.route"), rows[0].Detail + rows[1].Detail}, []any{"desk.route", 1, "Roads"})
	},
	"who is away or gone is passed by": func(t *T) {
		id := t.saved()
		o := t.officer("officer@example.org")
		t.rules(consult.RoutingRule{Name: "All", Enabled: true, Service: "Planning", Officer: o.ID})
		t.must(t.SaveOfficerDesk(t.ctx, consult.OfficerDesk{Officer: o.ID, Away: t.now.Add(time.Hour)}, t.change("desk.settings", o.ID)))
		same(t, "away", got(t.DeskItem(t.ctx, t.commented(id).ID))(t).Officer, 0)
		t.later(2 * time.Hour)
		same(t, "back", got(t.DeskItem(t.ctx, t.commented(id).ID))(t).Officer, o.ID)
		o.Disabled = true
		t.must(t.SaveOfficer(t.ctx, o, t.change("officer.disable", o.ID)))
		same(t, "gone", got(t.DeskItem(t.ctx, t.commented(id).ID))(t).Assignment, consult.Assignment{Service: "Planning"})
	},
	"a comment that replaces another goes where that was": func(t *T) {
		id := t.saved()
		first := t.commented(id)
		t.does(consult.DeskAct{Kind: consult.ActAssign, Officer: 7, Service: "Transport"}, first.ID)
		t.rules(consult.RoutingRule{Name: "All", Enabled: true, Service: "Planning"})
		t.later(time.Second)
		second := t.commented(id, func(c *consult.Comment) { c.Replaces = first.ID })
		same(t, "carried", got(t.DeskItem(t.ctx, second.ID))(t).Assignment, consult.Assignment{Officer: 7, Service: "Transport"})
	},
	"an officer's own thread is not routed": func(t *T) {
		id := t.saved()
		t.rules(consult.RoutingRule{Name: "All", Enabled: true, Service: "Transport"})
		th := t.aThread(id)
		got(t.StartThread(t.ctx, th, t.answer(th.ID, "News"), t.change("thread.start", th.ID)))(t)
		same(t, "thread", got(t.DeskItem(t.ctx, th.ID))(t).Version, 0)
	},
	"the list is kept whole and compared before it is replaced": func(t *T) {
		same(t, "at first", got(t.Routing(t.ctx))(t), consult.Routing{})
		rule := consult.RoutingRule{ID: t.id(), Name: "Roads", Enabled: true, Area: consult.AlertArea{Kind: consult.WardArea, Ward: "E05011127", Name: "A ward"},
			Topic: "traffic", Kind: consult.PlanningApplication, Type: "pp", Language: "ur", Service: "Transport", Officer: 7, UpdatedAt: t.now}
		list := consult.Routing{Rules: []consult.RoutingRule{rule}}
		t.must(t.SaveRouting(t.ctx, list, t.change("routing.save", rule.ID)))
		list.Version = 1
		same(t, "kept", got(t.Routing(t.ctx))(t), list)
		list.Version = 0
		t.wants(consult.Conflict, t.SaveRouting(t.ctx, list, t.change("routing.save", rule.ID)))
	},
	"arrivals are what rules look at, newest first": func(t *T) {
		id := t.saved()
		c := t.commented(id, func(c *consult.Comment) { c.HasPlace, c.WardCode = false, "" })
		t.later(time.Second)
		th := t.started(id).Thread
		t.commented(id, func(c *consult.Comment) { c.State = consult.CommentWithdrawn })
		t.answered(id, c.ID) // its thread is no arrival
		k := t.aConsultation().Consultation
		of := func(item consult.ID, what consult.DeskKind, at time.Time, topics ...consult.Topic) consult.RoutedItem {
			return consult.RoutedItem{Arrival: consult.Arrival{Item: item, What: what, Topics: topics, Kind: k.Kind, Type: k.Application.Type, Language: "en",
				Ward: k.WardCode, Place: k.Place, HasPlace: true}, Consultation: id, Heading: k.Title, At: at, Assignment: consult.Assignment{Service: "Planning"}}
		}
		same(t, "arrivals", got(t.Arrivals(t.ctx, 9))(t), []consult.RoutedItem{
			of(th.ID, consult.DeskDialog, t.now), of(c.ID, consult.DeskComment, c.ReceivedAt, "light", "traffic")})
		same(t, "at most", len(got(t.Arrivals(t.ctx, 1))(t)), 1)
	},
}

// rules replaces the routing rules.
func (t *T) rules(list ...consult.RoutingRule) {
	t.Helper()
	for i := range list {
		list[i].ID = t.id()
	}
	now := got(t.Routing(t.ctx))(t)
	t.must(t.SaveRouting(t.ctx, consult.Routing{Rules: list, Version: now.Version}, t.change("routing.save", 0)))
}
