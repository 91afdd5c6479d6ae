package storetest

import (
	"slices"
	"time"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// sites, rounds and comments collect what is streamed.
func (t *T) sites(f consult.FeatureFilter) (ids []consult.ID) {
	t.Helper()
	t.must(t.EachSite(t.ctx, f, func(s consult.Site) error { ids = append(ids, s.Consultation.ID); return nil }))
	return ids
}

func (t *T) roundSites(f consult.FeatureFilter) (found []consult.RoundSite) {
	t.Helper()
	t.must(t.EachRoundSite(t.ctx, f, func(s consult.RoundSite) error { found = append(found, s); return nil }))
	return found
}

func (t *T) publishedComments(f consult.FeatureFilter) (found []consult.Comment) {
	t.Helper()
	t.must(t.EachPublished(t.ctx, f, func(c consult.Comment) error { found = append(found, c); return nil }))
	return found
}

var featureTests = map[string]func(*T){
	"SitesAreStreamedInTheOrderOfTheirIDs": func(t *T) {
		var want []consult.ID
		for range 7 {
			want = append(want, t.saved())
		}
		t.saved(func(c *consult.Case) { c.Consultation.State = consult.Received })
		slices.Sort(want)
		same(t, "all", t.sites(consult.FeatureFilter{}), want)
		same(t, "the first", t.sites(consult.FeatureFilter{Limit: 3}), want[:3])
		same(t, "those after", t.sites(consult.FeatureFilter{After: want[2], Limit: 3}), want[3:6])
		same(t, "some", t.sites(consult.FeatureFilter{IDs: []consult.ID{want[5], want[1]}}), []consult.ID{want[1], want[5]})
		same(t, "none of no ids", len(t.sites(consult.FeatureFilter{IDs: []consult.ID{}})), 0)
		same(t, "counted whatever the page", got(t.CountSites(t.ctx, consult.FeatureFilter{After: want[2], Limit: 3}))(t), 7)
	},
	"SitesMoreThanOneBatch": func(t *T) {
		for n := range 205 {
			t.saved(func(c *consult.Case) {
				c.Consultation.Application.Reference = string(rune('a'+n/26)) + string(rune('a'+n%26))
				c.Consultation.Application.SourceHash = c.Consultation.Application.Reference
			})
		}
		all := t.sites(consult.FeatureFilter{})
		same(t, "in order, none twice", slices.IsSorted(all) && len(slices.Compact(slices.Clone(all))) == 205, true)
		same(t, "a limit beyond a batch", len(t.sites(consult.FeatureFilter{Limit: 203})), 203)
	},
	"SitesAreFiltered": func(t *T) {
		here := t.saved()
		there := t.saved(func(c *consult.Case) {
			k := &c.Consultation
			k.State, k.WardCode, k.Kind = consult.Decided, "E05000001", consult.Policy
			k.Application.Type, k.Application.Authority, k.Application.ValidatedOn = "pp.outline", "local-authority:OTH", "2026-01-05"
		})
		reference := got(t.Consultation(t.ctx, there))(t).Application.Reference
		for name, f := range map[string]consult.FeatureFilter{
			"state": {State: consult.Decided}, "ward": {Ward: "E05000001"}, "kind": {Kind: consult.Policy}, "type": {Type: "pp.outline"},
			"authority": {Authority: "local-authority:OTH"}, "reference": {Reference: reference}, "consultation": {Consultation: there},
			"to": {To: "2026-01-05"}, "from and to": {From: "2026-01-05", To: "2026-03-07"},
		} {
			same(t, name, t.sites(f), []consult.ID{there})
			same(t, name+" counted", got(t.CountSites(t.ctx, f))(t), 1)
		}
		same(t, "from", t.sites(consult.FeatureFilter{From: "2026-01-06"}), []consult.ID{here})
		same(t, "to before", len(t.sites(consult.FeatureFilter{To: "2026-01-04"})), 0)
	},
	"ASiteHasTheBoundaryOfItsVersionAndARoundThatOfItsOwn": func(t *T) {
		second := []byte(`{"type":"Point","coordinates":[-1.85,52.48]}`)
		id := t.saved(func(c *consult.Case) {
			c.Consultation.Version = 2
			c.Versions = append(c.Versions, consult.ProposalVersion{Number: 2, Boundary: second})
		})
		t.must(t.EachSite(t.ctx, consult.FeatureFilter{}, func(s consult.Site) error {
			same(t, "boundary", string(s.Boundary), string(second))
			same(t, "consultation", s.Consultation, got(t.Consultation(t.ctx, id))(t))
			return nil
		}))
		rounds := t.roundSites(consult.FeatureFilter{})
		same(t, "rounds", len(rounds), 1)
		same(t, "round", rounds[0].Round, got(t.Rounds(t.ctx, id))(t)[0])
		same(t, "its boundary", string(rounds[0].Site.Boundary), `{"type":"Point","coordinates":[-1.8597,52.4723]}`)
		same(t, "its consultation", rounds[0].Site.Consultation.ID, id)
	},
	"RoundsAreFilteredByTheDaysTheyShare": func(t *T) {
		id := t.saved(func(c *consult.Case) {
			c.Rounds = append(c.Rounds, consult.Round{Number: 2, Kind: consult.AmendmentRound, Opens: "2026-05-01", Closes: "2026-05-14", Version: 1})
		})
		t.saved(func(c *consult.Case) { c.Consultation.State = consult.NotValid })
		rounds := got(t.Rounds(t.ctx, id))(t)
		for name, row := range map[string]struct {
			f    consult.FeatureFilter
			want []int
		}{
			"all": {consult.FeatureFilter{}, []int{1, 2}}, "kind": {consult.FeatureFilter{RoundKind: consult.AmendmentRound}, []int{2}},
			"number": {consult.FeatureFilter{Round: 1}, []int{1}}, "the last day": {consult.FeatureFilter{From: "2026-04-10", To: "2026-04-10"}, []int{1}},
			"between": {consult.FeatureFilter{From: "2026-04-11", To: "2026-04-30"}, nil}, "from": {consult.FeatureFilter{From: "2026-05-14"}, []int{2}},
			"to": {consult.FeatureFilter{To: "2026-03-10"}, []int{1}}, "one id": {consult.FeatureFilter{IDs: []consult.ID{rounds[1].ID}}, []int{2}},
		} {
			var numbers []int
			for _, s := range t.roundSites(row.f) {
				numbers = append(numbers, s.Round.Number)
			}
			slices.Sort(numbers) // ids of one millisecond are in no order
			same(t, name, numbers, row.want)
			same(t, name+" counted", got(t.CountRoundSites(t.ctx, row.f))(t), len(row.want))
		}
	},
	"OnlyPublishedCommentsOfPublicConsultationsAreStreamed": func(t *T) {
		id := t.saved()
		c := t.published(id)
		t.commented(id)
		hidden := t.saved(func(c *consult.Case) { c.Consultation.State = consult.Received })
		t.published(hidden)
		found := t.publishedComments(consult.FeatureFilter{Words: true})
		same(t, "comments", len(found), 1)
		same(t, "the comment", found[0], got(t.Comment(t.ctx, c.ID))(t))
		if bare := t.publishedComments(consult.FeatureFilter{}); bare[0].Points != nil {
			t.Errorf("words that nobody asked for: %+v", bare[0].Points)
		}
		for name, f := range map[string]consult.FeatureFilter{
			"stance": {Stance: consult.Object}, "topic": {Topic: "light"}, "round": {Round: 1}, "ward": {Ward: "E05011127"},
			"day": {From: "2026-04-02", To: "2026-04-02"}, "id": {IDs: []consult.ID{c.ID}}, "consultation": {Consultation: id},
		} {
			same(t, name, len(t.publishedComments(f)), 1)
			same(t, name+" counted", got(t.CountPublished(t.ctx, f))(t), 1)
		}
		for name, f := range map[string]consult.FeatureFilter{
			"stance": {Stance: consult.Support}, "topic": {Topic: "noise"}, "round": {Round: 2}, "ward": {Ward: "E05000001"},
			"the day after": {From: "2026-04-03"}, "the day before": {To: "2026-04-01"}, "after it": {After: c.ID}, "another case": {Consultation: hidden},
		} {
			same(t, "not: "+name, len(t.publishedComments(f)), 0)
		}
	},
	"TheExtentHoldsEveryPin": func(t *T) {
		same(t, "nothing", got(t.FeatureExtent(t.ctx))(t), consult.FeatureExtent{})
		id := t.saved()
		t.saved(func(c *consult.Case) {
			c.Consultation.Place = geo.Point{Lon: -1.9, Lat: 52.5}
			c.Consultation.Application.ValidatedOn = "2025-12-01"
		})
		t.saved(func(c *consult.Case) {
			c.Consultation.State, c.Consultation.Place = consult.Received, geo.Point{Lon: 1, Lat: 51}
		})
		t.published(id)
		same(t, "extent", got(t.FeatureExtent(t.ctx))(t), consult.FeatureExtent{HasBox: true,
			Box: geo.Box{West: -1.9, South: 52.4723, East: -1.8597, North: 52.5}, Listed: "2025-12-01", Opened: "2026-03-10", Published: "2026-04-02"})
	},
}

var feedTests = map[string]func(*T){
	"MovesAreListedNewestFirst": func(t *T) {
		event := func(from, to consult.State, at time.Time) consult.StateEvent {
			return consult.StateEvent{From: from, To: to, At: at}
		}
		one := t.saved(func(c *consult.Case) {
			c.History = []consult.StateEvent{event("", consult.Received, t.now.Add(-5*time.Hour)), event(consult.Received, consult.Validated, t.now.Add(-4*time.Hour)),
				event(consult.Validated, consult.Consulting, t.now.Add(-time.Hour))}
		})
		two := t.saved(func(c *consult.Case) { c.Consultation.Title = "A policy on trees" })
		t.saved(func(c *consult.Case) {
			c.Consultation.State, c.History = consult.NotValid, []consult.StateEvent{event("", consult.Validated, t.now)}
		})
		type line struct {
			id     consult.ID
			number int
			to     consult.State
		}
		lines := func(consultation consult.ID, f consult.Filter, limit int) (found []line) {
			for _, e := range got(t.Moves(t.ctx, consultation, f, limit))(t) {
				same(t, "kind", e.Kind, consult.FeedMove)
				found = append(found, line{e.Consultation.ID, e.Number, e.To})
			}
			return found
		}
		all := []line{{two, 0, consult.Consulting}, {one, 3, consult.Consulting}, {one, 2, consult.Validated}}
		same(t, "all", lines(0, consult.Filter{}, 9), all)
		same(t, "the latest", lines(0, consult.Filter{}, 1), all[:1])
		same(t, "of one", lines(one, consult.Filter{}, 9), all[1:])
		same(t, "by words", lines(0, consult.Filter{Words: "trees"}, 9), all[:1])
		same(t, "near", lines(0, consult.Filter{Near: geo.Point{Lon: -1.8597, Lat: 52.4723}, Radius: 100}, 2), all[:2])
		same(t, "not near", len(lines(0, consult.Filter{Near: geo.Point{Lon: -1.95, Lat: 52.4723}, Radius: 100}, 9)), 0)
	},
	"DeadlinesKnowHowOftenTheyMoved": func(t *T) {
		edit := func(closes, committee, due consult.Date) func(*consult.Case) {
			return func(c *consult.Case) {
				t.n = 1
				k := &c.Consultation
				k.Application.Reference, k.Application.SourceHash = "2099/moved", string(closes+committee+due)
				c.Rounds[0].Closes, k.Application.CommitteeOn, k.Application.DecisionDue = closes, committee, due
			}
		}
		type line struct {
			kind  consult.DeadlineKind
			on    consult.Date
			moved int
		}
		lines := func(consultation consult.ID, f consult.Filter, from consult.Date) (found []line) {
			for _, d := range got(t.Deadlines(t.ctx, consultation, f, from, 99))(t) {
				found = append(found, line{d.Kind, d.On, d.Moved})
			}
			return found
		}
		id := t.saved(edit("2026-04-10", "", "2026-06-07"))
		same(t, "first", lines(id, consult.Filter{}, ""), []line{{consult.RoundCloses, "2026-04-10", 0}, {consult.DecisionIsDue, "2026-06-07", 0}})
		t.saved(edit("2026-04-17", "2026-04-30", "2026-06-07")) // the first day that is set is no move
		t.saved(edit("2026-04-15", "2026-05-01", "2026-06-09"))
		t.saved(edit("2026-04-15", "2026-05-01", "2026-06-09"))
		moved := []line{{consult.RoundCloses, "2026-04-15", 2}, {consult.CommitteeDay, "2026-05-01", 1}, {consult.DecisionIsDue, "2026-06-09", 1}}
		same(t, "moved", lines(id, consult.Filter{}, ""), moved)
		same(t, "from a day", lines(0, consult.Filter{}, "2026-04-16"), moved[1:])
		same(t, "of a ward", lines(0, consult.Filter{Ward: "E05011127"}, ""), moved)
		same(t, "of another", len(lines(0, consult.Filter{Ward: "E05000001"}, "")), 0)
		same(t, "at most", len(got(t.Deadlines(t.ctx, 0, consult.Filter{}, "", 2))(t)), 2)
		t.saved(func(c *consult.Case) { t.n = 7; c.Consultation.State = consult.Received })
		same(t, "of what is public", lines(0, consult.Filter{}, ""), moved)
	},
}
