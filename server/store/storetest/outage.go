package storetest

import (
	"sync"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

var outageTests = map[string]func(*T){
	"SilenceOfEveryNodeIsAnOutage": func(t *T) {
		beat := func() {
			t.Helper()
			t.must(t.Beat(t.ctx, t.now, consult.OutageGap, t.change("outage.notice", 0)))
		}
		beat()
		for range 5 { // two nodes, neither of which beats often enough alone
			t.later(2 * time.Minute)
			beat()
		}
		t.later(consult.OutageGap)
		beat()
		same(t, "no outage", got(t.Outages(t.ctx, 9))(t), nil)
		from := t.now
		t.later(consult.OutageGap + time.Microsecond)
		beat()
		beat()
		found := got(t.Outages(t.ctx, 9))(t)
		if len(found) != 1 || !found[0].From.Equal(from) || !found[0].To.Equal(t.now) || found[0].Why != "" || found[0].ID == 0 {
			t.Fatalf("outages: %+v, want one from %v to %v", found, from, t.now)
		}
		t.must(t.Beat(t.ctx, from, consult.OutageGap, t.change("outage.notice", 0))) // a clock that is behind
		t.later(time.Minute)
		beat()
		same(t, "outages after a slow clock", len(got(t.Outages(t.ctx, 9))(t)), 1)
	},
	"NodesThatComeBackTogetherRecordOneOutage": func(t *T) {
		t.must(t.Beat(t.ctx, t.now, consult.OutageGap, t.change("outage.notice", 0)))
		t.later(time.Hour)
		var nodes sync.WaitGroup
		errs := make([]error, 8)
		for i := range errs {
			at := t.now.Add(time.Duration(i) * time.Millisecond)
			nodes.Go(func() { errs[i] = t.Beat(t.ctx, at, consult.OutageGap, t.change("outage.notice", 0)) })
		}
		nodes.Wait()
		for _, err := range errs {
			t.must(err)
		}
		if found := got(t.Outages(t.ctx, 9))(t); len(found) != 1 {
			t.Errorf("outages: %+v", found)
		}
	},
	"OutagesAcrossAMoment": func(t *T) {
		end := t.now
		at := func(from, to time.Duration) consult.Outage {
			o := consult.Outage{ID: t.id(), From: end.Add(from), To: end.Add(to), Why: "No power", By: "Planning", RecordedAt: t.now}
			t.must(t.SaveOutage(t.ctx, o, t.change("outage.record", o.ID)))
			return o
		}
		first := at(-time.Hour, -time.Minute+time.Second)
		long := at(-time.Hour, time.Hour)
		at(-time.Hour, -time.Minute) // over when the last minute began
		at(0, time.Hour)             // began when it was over
		for _, o := range got(t.Outages(t.ctx, 9))(t) {
			if across := o.ID == first.ID || o.ID == long.ID; o.Across(end) != across {
				t.Errorf("%+v: across %v is %v", o, end, !across)
			}
		}
		same(t, "across", got(t.OutagesAcross(t.ctx, end))(t), []consult.Outage{long, first})
		same(t, "the latest only", len(got(t.Outages(t.ctx, 2))(t)), 2)
	},
}
