package consult

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var signalStart = time.Date(2026, 4, 2, 9, 0, 0, 0, time.UTC)

func utcDay(t time.Time) Date { return Date(t.UTC().Format(time.DateOnly)) }

// spread makes n traces of a kind, a step apart.
func spread(kind TraceKind, n int, from time.Time, step time.Duration, browser, network string) []Trace {
	var list []Trace
	for i := range n {
		list = append(list, Trace{Kind: kind, Subject: ID(1000*len(browser+network) + i + 1), Browser: browser, Network: network, At: from.Add(time.Duration(i) * step)})
	}
	return list
}

func kindsOf(list []Signal) (kinds []string) {
	for _, s := range list {
		kinds = append(kinds, fmt.Sprintf("%s.%s %d", s.Kind, s.What, s.Count))
	}
	slices.Sort(kinds)
	return kinds
}

func TestS16WhatStandsOut(t *testing.T) {
	for _, row := range []struct {
		name   string
		traces []Trace
		want   []string
	}{
		{"nothing", nil, nil},
		{"three comments of one browser in an hour do not", spread(TraceComment, 3, signalStart, time.Minute, "b", ""), nil},
		{"four do", spread(TraceComment, 4, signalStart, time.Minute, "b", ""), []string{"browser.comment 4"}},
		{"four within more than an hour do not", spread(TraceComment, 4, signalStart, 20*time.Minute, "b", ""), nil},
		{"unknown browsers are nobody", spread(TraceComment, 40, signalStart, time.Second, "", ""), nil},
		{"a class of thirty from one school does not", spread(TraceMessage, 30, signalStart, time.Minute, "", "n"), nil},
		{"thirty-one do", spread(TraceMessage, 31, signalStart, time.Minute, "", "n"), []string{"network.message 31"}},
		{"the quiet before and after is not counted", append(append(spread(TraceComment, 1, signalStart, 0, "b", ""),
			spread(TraceComment, 5, signalStart.Add(3*time.Hour), time.Minute, "b", "")...), spread(TraceComment, 1, signalStart.Add(9*time.Hour), 0, "b", "")...), []string{"browser.comment 5"}},
	} {
		if got := kindsOf(SignalsOf(row.traces, utcDay)); !slices.Equal(got, row.want) {
			t.Errorf("%s: %v, want %v", row.name, got, row.want)
		}
	}
}

func TestS16ABurstIsMeasuredAgainstTheConsultationsOwnDays(t *testing.T) {
	days := func(counts ...int) (list []Trace) {
		for d, n := range counts {
			list = append(list, spread(TraceSupport, n, signalStart.AddDate(0, 0, d), time.Minute, "", "")...)
		}
		return list
	}
	for _, row := range []struct {
		name   string
		counts []int
		want   []string
	}{
		{"the first days are no burst, however busy", []int{90, 80}, nil},
		{"a busy consultation is used to it", []int{30, 40, 50, 60}, nil},
		{"a quiet one is not", []int{3, 4, 2, 40}, []string{"burst.support 40"}},
		{"days without anything count", []int{1, 0, 0, 20}, []string{"burst.support 20"}},
		{"few are no burst", []int{1, 0, 0, 19}, nil},
	} {
		found := SignalsOf(days(row.counts...), utcDay)
		if got := kindsOf(found); !slices.Equal(got, row.want) {
			t.Errorf("%s: %v, want %v", row.name, got, row.want)
		}
	}
	if s := SignalsOf(days(3, 4, 2, 40), utcDay)[0]; s.Usual != 3 {
		t.Errorf("usual %d, want 3", s.Usual)
	}
}

// TestS16SignalsDropNothing: a signal counts what lies close together, names each thing once, and never more than there is.
func TestS16SignalsDropNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var traces []Trace
		at := signalStart
		for range rapid.IntRange(0, 120).Draw(t, "writes") {
			at = at.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "minutes")) * time.Minute)
			traces = append(traces, Trace{Kind: rapid.SampledFrom(TraceKinds()).Draw(t, "kind"), Subject: ID(rapid.IntRange(1, 50).Draw(t, "subject")),
				Browser: rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "browser"), Network: rapid.SampledFrom([]string{"", "x"}).Draw(t, "network"), At: at})
		}
		before := slices.Clone(traces)
		for _, s := range SignalsOf(traces, utcDay) {
			if s.Count > len(traces) || len(s.Things) > s.Count || s.Since.After(s.Until) || s.Key == "" {
				t.Fatalf("%+v of %d writes", s, len(traces))
			}
			seen := map[ID]bool{}
			for _, id := range s.Things {
				if seen[id] {
					t.Fatalf("%s twice in %+v", id, s)
				}
				seen[id] = true
			}
		}
		if !slices.Equal(before, traces) {
			t.Fatal("the traces were changed")
		}
	})
}

func TestASignalWaitsAgainWhenItHasGrownByHalf(t *testing.T) {
	for count, open := range map[int]bool{10: false, 14: false, 15: false, 16: true} {
		if s := (Signal{Count: count, Look: &SignalLook{Count: 10}}); s.Open() != open {
			t.Errorf("%d after 10: open %v, want %v", count, s.Open(), open)
		}
	}
	if !(Signal{Count: 1}).Open() {
		t.Error("a new signal does not wait")
	}
}

func TestS16AnOriginNeverPrintsItself(t *testing.T) {
	o := Origin{Browser: 77, Network: OriginNetwork(netip.MustParseAddr("203.0.113.9"))}
	for _, text := range []string{fmt.Sprint(o), fmt.Sprintf("%v", Actor{From: o}), o.LogValue().String()} {
		if strings.Contains(text, "203") {
			t.Errorf("%q names the network", text)
		}
	}
	for address, want := range map[string]string{"203.0.113.9": "203.0.113.0/24", "::ffff:203.0.113.9": "203.0.113.0/24", "2001:db8:1:2:3::9": "2001:db8:1:2::/64"} {
		if got := OriginNetwork(netip.MustParseAddr(address)).String(); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
	if OriginNetwork(netip.Addr{}).IsValid() {
		t.Error("no address has a network")
	}
}
