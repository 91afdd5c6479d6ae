package storetest

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

var reachTests = map[string]func(*T){
	"rows carry what is counted and nothing else": func(t *T) {
		id := t.saved()
		c := t.published(id)
		answered := t.later(time.Hour)
		t.answered(id, c.ID)
		t.commented(id, func(c *consult.Comment) { c.Stance, c.Channel = consult.Support, "letter" })
		t.commented(id, func(c *consult.Comment) { c.State = consult.CommentWithdrawn })
		o := consult.Outcome{Consultation: id, Topic: "light", Effect: consult.Changed}
		t.must(t.SaveOutcome(t.ctx, o, t.change("outcome.record", id)))
		o.Topic = "use"
		t.must(t.SaveOutcome(t.ctx, o, t.change("outcome.record", id)))
		got(t.PublishOutcomes(t.ctx, id, t.now, t.change("outcome.publish", id)))(t)
		o.Topic = "traffic" // a draft does not count
		t.must(t.SaveOutcome(t.ctx, o, t.change("outcome.record", id)))
		first := consult.ReachRow{Consultation: id, Round: 1, Stance: consult.Object, Topics: []consult.Topic{"light", "traffic"},
			WardCode: "E05011127", Channel: "web", ReceivedAt: start, AnsweredAt: answered, Published: true, Outcomes: 1}
		second := first
		second.Stance, second.Channel, second.ReceivedAt, second.AnsweredAt, second.Published = consult.Support, "letter", t.now, time.Time{}, false
		same(t, "rows", t.reach(consult.ReachFilter{}), []consult.ReachRow{first, second})
		for name, f := range map[string]consult.ReachFilter{
			"consultation": {Consultation: 4711}, "ward": {Ward: "E05000001"}, "channel": {Channel: "event"}, "stance": {Stance: consult.Neutral},
			"topic": {Topic: "noise"}, "from": {From: "2026-04-03"}, "to": {To: "2026-04-01"},
		} {
			same(t, name, t.reach(f), nil)
		}
		all := consult.ReachFilter{Consultation: id, Ward: "E05011127", Topic: "light", From: "2026-04-02", To: "2026-04-02"}
		same(t, "all that fit", len(t.reach(all)), 2)
	},
	"days begin and end at English midnight": func(t *T) {
		id := t.saved()
		t.now = time.Date(2026, 4, 1, 23, 0, 0, 0, time.UTC) // 2 April, 0:00 in British Summer Time
		t.commented(id)
		t.later(24*time.Hour - time.Microsecond)
		t.commented(id)
		same(t, "that day", len(t.reach(consult.ReachFilter{From: "2026-04-02", To: "2026-04-02"})), 2)
		same(t, "the days around", len(t.reach(consult.ReachFilter{To: "2026-04-01"}))+len(t.reach(consult.ReachFilter{From: "2026-04-03"})), 0)
	},
	"equality answers are given once": func(t *T) {
		id := t.saved()
		c := t.commented(id)
		a := consult.EqualityAnswers{Consultation: id, WardCode: "E05011127", AgeBand: "25-34", Sex: "prefer-not", RecordedOn: "2026-04-02"}
		same(t, "asked before", got(t.EqualityAsked(t.ctx, c.ID))(t), false)
		errs := parallel(6, func(int) error { return t.SaveEquality(t.ctx, c.ID, a, t.change("equality.answer", 0)) })
		same(t, "saves that worked", count(errs, nil), 1)
		for _, err := range errs {
			if err != nil {
				t.wants(consult.Conflict, err)
			}
		}
		same(t, "asked after", got(t.EqualityAsked(t.ctx, c.ID))(t), true)
		same(t, "answers", got(t.Equality(t.ctx, consult.ReachFilter{Consultation: id, From: "2026-04-02", To: "2026-04-02", Stance: consult.Support}))(t),
			[]consult.EqualityAnswers{a})
		for name, f := range map[string]consult.ReachFilter{"other": {Consultation: 4711}, "ward": {Ward: "x"}, "later": {From: "2026-04-03"}, "earlier": {To: "2026-04-01"}} {
			same(t, name, got(t.Equality(t.ctx, f))(t), nil)
		}
	},
	"equality answers come in no order of giving": func(t *T) {
		id := t.saved()
		var given []string
		for i := range 24 {
			c := t.commented(id)
			a := consult.EqualityAnswers{Consultation: id, AgeBand: string(rune('a' + i))}
			t.must(t.SaveEquality(t.ctx, c.ID, a, t.change("equality.answer", 0)))
			given = append(given, a.AgeBand)
		}
		var read []string
		for _, a := range got(t.Equality(t.ctx, consult.ReachFilter{}))(t) {
			read = append(read, a.AgeBand)
		}
		if slices.Equal(read, given) || slices.IsSorted(read) { // by chance once in 6·10²³
			t.Error("the order tells who answered when")
		}
		slices.Sort(read)
		same(t, "all of them", read, given)
	},
}

func (t *T) reach(f consult.ReachFilter) (rows []consult.ReachRow) {
	t.Helper()
	t.must(t.EachReachRow(t.ctx, f, func(r consult.ReachRow) error {
		rows = append(rows, r)
		return nil
	}))
	return rows
}

type imported struct{ created, updated, unchanged int }

func tallied(created, updated, unchanged int, err error) func(*T) imported {
	return func(t *T) imported {
		t.Helper()
		t.must(err)
		return imported{created, updated, unchanged}
	}
}

var areaTests = map[string]func(*T){
	"areas: twice is once": func(t *T) {
		a := consult.Area{Code: "E05011127", Kind: "ward", Name: "Bordesley Green", Geometry: json.RawMessage(`{"type":"Point"}`), Source: "ONS", Hash: "1"}
		b := consult.Area{Code: "E05000001", Kind: "ward", Name: "Another", Geometry: json.RawMessage(`{}`), Hash: "1"}
		same(t, "first", tallied(t.SaveAreas(t.ctx, []consult.Area{a, b}, t.change("area.import", 0)))(t), imported{2, 0, 0})
		rows := len(got(t.AuditRows(t.ctx, 0, 100))(t))
		same(t, "again", tallied(t.SaveAreas(t.ctx, []consult.Area{a, b}, t.change("area.import", 0)))(t), imported{0, 0, 2})
		same(t, "audit rows", len(got(t.AuditRows(t.ctx, 0, 100))(t)), rows)
		a.Hash, a.Name = "2", "Bordesley Green East"
		same(t, "changed, and twice in one file", tallied(t.SaveAreas(t.ctx, []consult.Area{a, a, b}, t.change("area.import", 0)))(t), imported{0, 1, 1})
		same(t, "areas", got(t.Areas(t.ctx, "ward"))(t), []consult.Area{b, a})
		same(t, "of another kind", got(t.Areas(t.ctx, "parish"))(t), nil)
	},
	"benchmarks: twice is once": func(t *T) {
		b := consult.Benchmark{Name: "population", AreaCode: "E05011127", AreaName: "Bordesley Green", Population: 11000, Source: "ONS", Vintage: "2024-06-30"}
		young := b
		young.Group, young.Population = "16-24", 2000
		same(t, "first", tallied(t.SaveBenchmarks(t.ctx, []consult.Benchmark{b, young}, t.change("benchmark.import", 0)))(t), imported{2, 0, 0})
		young.Population++
		same(t, "changed", tallied(t.SaveBenchmarks(t.ctx, []consult.Benchmark{b, young}, t.change("benchmark.import", 0)))(t), imported{0, 1, 1})
		same(t, "benchmarks", got(t.Benchmarks(t.ctx, "population"))(t), []consult.Benchmark{b, young})
		same(t, "other", got(t.Benchmarks(t.ctx, "households"))(t), nil)
	},
	"postcodes: twice is once, and beginnings have a middle": func(t *T) {
		at := func(code string, lon, lat float64) consult.Postcode {
			return consult.Postcode{Code: code, Place: geo.Point{Lon: lon, Lat: lat}}
		}
		all := []consult.Postcode{at("B9 5AA", -1.5, 52.25), at("B9 5AB", -2, 52.75), at("B9 4AA", -1, 53), at("B90 1AA", 0.5, 50)}
		same(t, "first", tallied(t.SavePostcodes(t.ctx, all, t.change("postcode.import", 0)))(t), imported{4, 0, 0})
		all[0].Place.Lat = 52.5
		same(t, "changed", tallied(t.SavePostcodes(t.ctx, all, t.change("postcode.import", 0)))(t), imported{0, 1, 3})
		for query, want := range map[string]consult.Postcode{
			"B9 5AB": all[1], "B9 5": at("B9 5", -1.75, 52.625), "B9": at("B9", -1.5, 52.75), "B90": at("B90", 0.5, 50),
		} {
			same(t, query, got(t.Postcode(t.ctx, query))(t), want)
		}
		for _, unknown := range []string{"B9 6", "B", "", "%", "B9 5AA x", "ZZ9 9ZZ"} {
			_, err := t.Postcode(t.ctx, unknown)
			t.wants(consult.NotFound, err)
		}
	},
}
