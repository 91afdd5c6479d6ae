package consult

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// local is a moment in London.
func local(t *testing.T, s string) time.Time {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04:05", s, England().Location())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestAnOutageProposesAnExtension(t *testing.T) {
	for _, row := range []struct {
		name     string
		closes   Date
		from, to string
		today    Date
		want     Date // "" = nothing is proposed
	}{
		{"the last evening, a Friday: the next Monday", "2026-04-24", "2026-04-24 20:00:00", "2026-04-25 01:00:00", "2026-04-25", "2026-04-27"},
		{"the last minute alone", "2026-06-02", "2026-06-02 23:59:59", "2026-06-03 00:00:01", "2026-06-03", "2026-06-04"},
		{"back within the last minute", "2026-06-02", "2026-06-02 20:00:00", "2026-06-02 23:59:30", "2026-06-03", "2026-06-04"},
		{"back before it", "2026-06-02", "2026-06-02 20:00:00", "2026-06-02 23:59:00", "2026-06-03", ""},
		{"began when it was over", "2026-06-02", "2026-06-03 00:00:00", "2026-06-03 05:00:00", "2026-06-03", ""},
		{"two days and an hour lost are three", "2026-06-10", "2026-06-08 23:00:00", "2026-06-11 08:00:00", "2026-06-11", "2026-06-15"},
		{"exactly one day lost is one", "2026-06-09", "2026-06-09 00:00:00", "2026-06-10 08:00:00", "2026-06-10", "2026-06-11"},
		{"what was lost after the end is not given back", "2026-06-02", "2026-06-02 23:00:00", "2026-06-05 08:00:00", "2026-06-05", "2026-06-08"},
		{"decided late: the days begin when people are told", "2026-06-02", "2026-06-02 23:00:00", "2026-06-03 08:00:00", "2026-06-17", "2026-06-18"},
		{"over Easter", "2026-04-02", "2026-04-02 20:00:00", "2026-04-03 09:00:00", "2026-04-03", "2026-04-07"},
		{"on the short night", "2026-03-29", "2026-03-29 23:30:00", "2026-03-30 00:30:00", "2026-03-30", "2026-03-31"},
		{"on the long night", "2026-10-25", "2026-10-25 23:30:00", "2026-10-26 00:30:00", "2026-10-26", "2026-10-27"},
		{"past the table of holidays", "2028-12-29", "2028-12-29 20:00:00", "2028-12-30 09:00:00", "2028-12-30", ""},
	} {
		s := ready(Consulting)
		s.Rounds[0].Closes, s.Today = row.closes, row.today
		s.Outages = []Outage{{From: local(t, row.from), To: local(t, row.to)}}
		e, ok := s.Extension()
		if ok != (row.want != "") || ok && e.Closes != row.want {
			t.Errorf("%s: %v %s, want %q", row.name, ok, e.Closes, row.want)
		}
	}
}

func TestAnOutageProposesNothingWhereNothingCanBeExtended(t *testing.T) {
	for _, state := range States() {
		s := ready(state)
		s.Rounds = s.Rounds[:1]
		s.Today = "2026-04-25"
		s.Outages = []Outage{{From: local(t, "2026-04-24 20:00:00"), To: local(t, "2026-04-25 01:00:00")}}
		if state == Consulting || state == Reconsulting {
			s.History = nil
		}
		_, ok := s.Extension()
		if want := state == Consulting || state == Reconsulting || state == ClosedState; ok != want {
			t.Errorf("%s: proposed %v, want %v", state, ok, want)
		}
	}
	s := ready(Consulting)
	s.Rounds = nil
	if e, ok := s.Extension(); ok {
		t.Errorf("without a round: %+v", e)
	}
}

// Whatever was lost, at least as many whole days come back, the last of them a day on which people work, and never an earlier one.
func TestExtensionsGiveBackWhatWasLost(t *testing.T) {
	c := England()
	rapid.Check(t, func(t *rapid.T) {
		closes := Date("2026-01-01").Add(rapid.IntRange(0, 600).Draw(t, "day"))
		end := c.End(closes)
		from := end.Add(-time.Duration(rapid.IntRange(1, 10*24*60).Draw(t, "lost minutes")) * time.Minute)
		to := end.Add(time.Duration(rapid.IntRange(0, 5*24*60).Draw(t, "more minutes")) * time.Minute)
		today := c.Day(to).Add(rapid.IntRange(0, 9).Draw(t, "days until decided"))
		last, err := c.AfterOutage(closes, Outage{From: from, To: to}, today)
		if err != nil {
			t.Fatal(err)
		}
		whole := max(c.Day(to), today).Until(last)
		if lost := end.Sub(from); time.Duration(whole)*24*time.Hour < lost || last <= closes || !c.Working(last) {
			t.Fatalf("lost %v before %s, back %v, decided %s: %s gives %d whole days", lost, closes, to, today, last, whole)
		}
	})
}
