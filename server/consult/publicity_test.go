package consult

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The vectors of the English rules, and what lies around them.
func TestLastDay(t *testing.T) {
	c := England()
	for _, row := range []struct {
		name  string
		kind  PublicityKind
		on    Date
		round RoundKind
		eia   bool
		last  Date
		out   []Date
	}{
		{"a site notice over Easter", SiteNotice, "2026-04-02", InitialRound, false, "2026-04-24", []Date{"2026-04-03", "2026-04-06"}},
		{"an environmental statement counts holidays", SiteNotice, "2026-04-02", InitialRound, true, "2026-05-01", nil},
		{"a newspaper over Easter", Newspaper, "2026-04-02", InitialRound, false, "2026-04-17", []Date{"2026-04-03", "2026-04-06"}},
		{"the website as a newspaper", Website, "2026-04-02", InitialRound, false, "2026-04-17", []Date{"2026-04-03", "2026-04-06"}},
		{"letters as a site notice", NeighbourLetter, "2026-04-02", InitialRound, false, "2026-04-24", []Date{"2026-04-03", "2026-04-06"}},
		{"mail as letters", EmailNotice, "2026-04-02", InitialRound, false, "2026-04-24", []Date{"2026-04-03", "2026-04-06"}},
		{"no holiday", SiteNotice, "2026-06-01", InitialRound, false, "2026-06-21", nil},
		{"served on a holiday, which is day nought", SiteNotice, "2026-04-03", InitialRound, false, "2026-04-25", []Date{"2026-04-03", "2026-04-06"}},
		{"over the end of winter time", SiteNotice, "2026-03-10", InitialRound, false, "2026-03-30", nil},
		{"over the end of summer time", Newspaper, "2026-10-20", InitialRound, false, "2026-11-02", nil},
		{"Christmas Day is left out on a Saturday too", Newspaper, "2027-12-24", InitialRound, false, "2028-01-10",
			[]Date{"2027-12-25", "2027-12-27", "2027-12-28", "2028-01-03"}},
		{"after an amendment, as the authority allows", SiteNotice, "2026-04-02", AmendmentRound, false, "2026-04-17", []Date{"2026-04-03", "2026-04-06"}},
		{"after an amendment the thirty days do not apply, so holidays do not count", SiteNotice, "2026-04-02", AmendmentRound, true, "2026-04-17",
			[]Date{"2026-04-03", "2026-04-06"}},
		{"further environmental information", Website, "2026-04-02", FurtherRound, true, "2026-05-01", nil},
		{"publicity done again", SiteNotice, "2026-04-02", ReadvertRound, false, "2026-04-24", []Date{"2026-04-03", "2026-04-06"}},
		{"the last day the table allows", Newspaper, "2028-12-16", InitialRound, false, "2028-12-31", []Date{"2028-12-25", "2028-12-26"}},
	} {
		p, err := c.Count(row.kind, row.on, row.round, row.eia)
		if err != nil || p.Last != row.last || !slices.Equal(p.Disregarded, row.out) {
			t.Errorf("%s: %+v, %v; want %s without %v", row.name, p, err, row.last, row.out)
		}
		if last, err := c.LastDay(row.kind, row.on, row.round, row.eia); err != nil || last != row.last {
			t.Errorf("%s: LastDay says %s, %v", row.name, last, err)
		}
	}
}

func TestLastDayRefusesWhatItCannotKnow(t *testing.T) {
	c := England()
	for _, row := range []struct {
		name  string
		c     Calendar
		kind  PublicityKind
		on    Date
		eia   bool
		field string
		rule  string
	}{
		{"no such notice", c, "pigeon", "2026-04-02", false, "publicity", "choice"},
		{"no such day", c, SiteNotice, "2026-02-30", false, "date", "date"},
		{"one day past the table", c, Newspaper, "2028-12-17", false, "on", "past_holidays"},
		{"long past the table", c, SiteNotice, "2040-01-01", false, "on", "past_holidays"},
		{"past the table, holidays counted", c, SiteNotice, "2028-12-20", true, "on", "past_holidays"},
		{"before the table", c, SiteNotice, "2023-12-31", false, "on", "past_holidays"},
		{"no table at all", Calendar{}, SiteNotice, "2026-04-02", false, "on", "past_holidays"},
	} {
		last, err := row.c.LastDay(row.kind, row.on, InitialRound, row.eia)
		if f := FieldsOf(err); KindOf(err) != Invalid || last != "" || len(f) != 1 || f[0].Field != row.field || f[0].Rule != row.rule {
			t.Errorf("%s: %q, %v; want %s of %s", row.name, last, err, row.rule, row.field)
		}
	}
	notices := []Publicity{{Kind: SiteNotice, On: "2026-04-02"}, {Kind: Newspaper, On: "2028-12-20"}}
	if least, err := c.MinimumEnd(InitialRound, false, notices); KindOf(err) != Invalid || least != "" {
		t.Errorf("a guess beside a known day: %q, %v", least, err)
	}
}

// Over a decade of days, twice as long as the table: a period holds exactly its countable days, ends on one of them, grows with the day of
// the notice and with nothing else; where the table ends it is refused.
func TestPeriodsHoldOverADecade(t *testing.T) {
	c := England()
	rounds := []RoundKind{InitialRound, AmendmentRound, FurtherRound, ReadvertRound}
	rapid.Check(t, func(t *rapid.T) {
		on := Date("2021-07-01").Add(rapid.IntRange(0, 3652).Draw(t, "day"))
		kind := rapid.SampledFrom(PublicityKinds()).Draw(t, "kind")
		round := rapid.SampledFrom(rounds).Draw(t, "round")
		eia := rapid.Bool().Draw(t, "eia")
		p, err := c.Count(kind, on, round, eia)
		days, holidays := MinimumDays(kind, round, eia), !eia || round == AmendmentRound
		if inside := on >= c.From && on.Add(days+10) <= c.To; inside && err != nil {
			t.Fatalf("refused inside the table: %v", err)
		}
		if err != nil {
			if KindOf(err) != Invalid || p.Last != "" || on >= c.From && on.Add(days-1+8) <= c.To {
				t.Fatalf("refused with %v and %q", err, p.Last)
			}
			return
		}
		if on < c.From || p.Last > c.To {
			t.Fatalf("%s to %s leaves the table", on, p.Last)
		}
		countable, left := 0, 0
		for d := on; d <= p.Last; d = d.Add(1) {
			if holidays && c.Holidays[d] {
				left++
				continue
			}
			countable++
		}
		if countable != days || left != len(p.Disregarded) || holidays && c.Holidays[p.Last] {
			t.Fatalf("%s to %s holds %d days and leaves out %d, want %d and %d", on, p.Last, countable, left, days, len(p.Disregarded))
		}
		if next, err := c.LastDay(kind, on.Add(1), round, eia); err == nil && next < p.Last {
			t.Fatalf("a day later ends earlier: %s after %s", next, p.Last)
		}
		// Noon of the last day is in time and the day's end is not, whatever the clocks do.
		noon := p.Last.Time().Add(12 * time.Hour)
		if end := c.End(p.Last); !noon.Before(end) || c.Day(end) != p.Last.Add(1) || c.Day(end.Add(-time.Microsecond)) != p.Last {
			t.Fatalf("%s is over at %v", p.Last, end)
		}
	})
}

// A period that ends when the clocks change ends at local midnight.
func TestPeriodsEndAtMidnightWhenClocksChange(t *testing.T) {
	c := England()
	for on, want := range map[Date]string{
		"2026-03-09": "2026-03-29T23:00:00Z", // last day 29 March: 23 hours long
		"2026-03-08": "2026-03-29T00:00:00Z", // last day 28 March: its midnight is still winter time
		"2026-10-05": "2026-10-26T00:00:00Z", // last day 25 October: 25 hours long
		"2026-10-04": "2026-10-24T23:00:00Z", // last day 24 October: its midnight is still summer time
	} {
		last, err := c.LastDay(SiteNotice, on, InitialRound, false)
		if got := c.End(last).UTC().Format(time.RFC3339); err != nil || got != want {
			t.Errorf("a notice of %s: over at %s (%s, %v), want %s", on, got, last, err, want)
		}
	}
}

func TestRequiredPublicity(t *testing.T) {
	planning := func(a Application) Consultation { return Consultation{Kind: PlanningApplication, Application: a} }
	given := func(kinds ...PublicityKind) []Publicity {
		var list []Publicity
		for _, k := range kinds {
			list = append(list, Publicity{Kind: k, On: "2026-04-02"})
		}
		return list
	}
	taken := given(SiteNotice, Website)
	taken[0].TakenBackAt = time.Unix(1, 0)
	for _, row := range []struct {
		name    string
		case_   Consultation
		given   []Publicity
		missing int
	}{
		{"nothing given", planning(Application{}), nil, 2},
		{"minor: letters and the website", planning(Application{Scale: "minor"}), given(NeighbourLetter, Website), 0},
		{"minor: the website alone", planning(Application{}), given(Website), 1},
		{"major: no newspaper", planning(Application{Scale: "major"}), given(SiteNotice, Website), 1},
		{"major: all of it", planning(Application{Scale: "major"}), given(EmailNotice, Newspaper, Website), 0},
		{"environmental statement: letters do not replace the site notice", planning(Application{EIA: true}), given(NeighbourLetter, Newspaper, Website), 1},
		{"environmental statement: all of it", planning(Application{EIA: true}), given(SiteNotice, Newspaper, Website), 0},
		{"taken back", planning(Application{}), taken, 1},
		{"no planning application", Consultation{Kind: Research}, nil, 0},
	} {
		if missing := row.case_.MissingPublicity(row.given); len(missing) != row.missing {
			t.Errorf("%s: missing %v, want %d", row.name, missing, row.missing)
		}
	}
}

func TestMustConsult(t *testing.T) {
	for kind, must := range map[string]bool{"pp.full.major": true, "pp.full.householder": true, "lbc": true, "": true, "ldc": false, "ldc.existing": false,
		"amendment.nonMaterial": false, "approval.conditions": false, "ldcx": true} {
		if got := (Consultation{Kind: PlanningApplication, Application: Application{Type: kind}}).MustConsult(); got != must {
			t.Errorf("%q must be consulted on: %v", kind, got)
		}
	}
	if (Consultation{Kind: Policy}).MustConsult() {
		t.Error("planning law holds a matter that is none of planning")
	}
}
