package reach

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/yousaid/yousaid/server/consult"
)

// draw makes random comments of a small town: few values, unevenly spread, so that selections often nearly coincide.
func draw(r *rand.Rand, n int) []consult.ReachRow {
	wards := []string{"W1", "W1", "W1", "W1", "W2", "W2", ""}
	channels := []consult.Channel{"web", "web", "web", "web", "web", "letter"}
	stances := []consult.Stance{consult.Object, consult.Object, consult.Support}
	topics := [][]consult.Topic{{"design"}, {"design", "noise"}, {"noise"}}
	rows := make([]consult.ReachRow, n)
	for i := range rows {
		rows[i] = consult.ReachRow{
			Consultation: consult.ID(1 + r.IntN(8)/6), WardCode: wards[r.IntN(len(wards))], Channel: channels[r.IntN(len(channels))],
			Stance: stances[r.IntN(len(stances))], Topics: topics[r.IntN(len(topics))],
			ReceivedAt: noon(consult.Date("2026-04-01").Add(r.IntN(40))),
		}
	}
	return rows
}

// everyFilter lists filters of every kind over the values draw uses.
func everyFilter() []consult.ReachFilter {
	days := [][2]consult.Date{{"", ""}, {"", "2026-04-20"}, {"2026-04-08", "2026-04-30"}}
	var all []consult.ReachFilter
	for _, id := range []consult.ID{0, 1, 2} {
		for _, ward := range []string{"", "W1", "W2"} {
			for _, channel := range []consult.Channel{"", "web", "letter"} {
				for _, stance := range []consult.Stance{"", consult.Object} {
					for _, topic := range []consult.Topic{"", "noise"} {
						for _, d := range days {
							all = append(all, consult.ReachFilter{Consultation: id, Ward: ward, Channel: channel, Stance: stance,
								Topic: topic, From: d[0], To: d[1]})
						}
					}
				}
			}
		}
	}
	return all
}

// takenBy says which rows a report is about: those of its filter, on the days it says it counts.
func takenBy(r Report, rows []consult.ReachRow) []bool {
	taken := make([]bool, len(rows))
	f := r.Filter
	for i, row := range rows {
		day := consult.England().Day(row.ReceivedAt)
		topic := f.Topic == ""
		for _, t := range row.Topics {
			topic = topic || t == f.Topic
		}
		taken[i] = topic && (f.Consultation == 0 || f.Consultation == row.Consultation) && (f.Ward == "" || f.Ward == row.WardCode) &&
			(f.Channel == "" || f.Channel == row.Channel) && (f.Stance == "" || f.Stance == row.Stance) &&
			(r.From == "" || r.From <= day) && (r.To == "" || day <= r.To)
	}
	return taken
}

func difference(a, b []bool) int {
	n := 0
	for i := range a {
		if a[i] != b[i] {
			n++
		}
	}
	return n
}

// N04: any two selections that differ by one person, or by any number from 1 to 7, are never both shown.
func TestN04SelectionsThatDifferByAFewPeopleShowNothingNew(t *testing.T) {
	type view struct {
		report Report
		taken  []bool
	}
	tooClose := 0
	for seed := range uint64(3) {
		rows := draw(rand.New(rand.NewPCG(seed, 1)), 25+int(seed)*50)
		var shown []view
		for _, f := range everyFilter() {
			r := measure(t, &kept{rows: rows}, f, "2026-06-01")
			taken := takenBy(r, rows)
			if size := difference(taken, make([]bool, len(rows))); r.Withheld == Shown && size > 0 {
				shown = append(shown, view{r, taken})
			} else if r.Withheld == TooClose {
				tooClose++
			}
		}
		if len(shown) < 2 {
			t.Fatalf("seed %d: %d selections are shown: the guard hides everything", seed, len(shown))
		}
		for i, a := range shown {
			for _, b := range shown[:i] {
				if d := difference(a.taken, b.taken); d > 0 && d < Smallest {
					t.Errorf("seed %d: %+v and %+v differ by %d and are both shown", seed, a.report.Filter, b.report.Filter, d)
				}
			}
		}
	}
	if tooClose == 0 {
		t.Error("no selection ever came too close: this test tests nothing")
	}
}

// What a report says it counts is what it counts: the true number of rows on its days rounds to its total.
func TestReportCountsTheDaysItNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 7))
		rows := draw(r, 150)
		f := rapid.SampledFrom(everyFilter()).Draw(t, "filter")
		report := measure(t, &kept{rows: rows}, f, "2026-06-01")
		size := difference(takenBy(report, rows), make([]bool, len(rows)))
		if report.Withheld != Shown {
			if len(report.Tables) > 0 || report.Total != (Count{}) || report.Wait != (Wait{}) || report.Kept != (Share{}) {
				t.Fatalf("withheld (%s) and still telling: %+v", report.Withheld, report)
			}
			return
		}
		if report.Total != round(size) {
			t.Fatalf("%+v: total %+v, %d rows", f, report.Total, size)
		}
	})
}

func TestDaysAreWidenedToWholeStepsOfAtLeastEight(t *testing.T) {
	var rows []consult.ReachRow
	for week, n := range []int{5, 5, 5, 9, 3} { // weeks from Monday 6 April 2026
		rows = append(rows, comments(n, consult.ReachRow{Consultation: 1, Channel: "web", Stance: consult.Object,
			ReceivedAt: noon(consult.Date("2026-04-08").Add(week * 7))})...)
	}
	for _, c := range []struct{ from, to, first, last consult.Date }{
		{"2026-04-15", "2026-04-16", "2026-04-06", "2026-04-19"}, // the first step is weeks 1 and 2
		{"2026-04-22", "", "2026-04-20", "2026-05-10"},           // the second weeks 3 and 4, with the last three comments
		{"", "2026-04-14", "2026-04-06", "2026-04-19"},
		{"2026-04-10", "2026-05-08", "", ""}, // every step is touched
	} {
		r := measure(t, &kept{rows: rows}, consult.ReachFilter{Consultation: 1, From: c.from, To: c.to}, "2026-06-01")
		if r.From != c.first || r.To != c.last || r.Withheld != Shown {
			t.Errorf("%s to %s: counts %s to %s (withheld %q), want %s to %s", c.from, c.to, r.From, r.To, r.Withheld, c.first, c.last)
		}
	}
	r := measure(t, &kept{rows: rows}, consult.ReachFilter{From: "2027-01-01"}, "2027-06-01")
	if n, shown := r.Total.Value(); n != 0 || !shown || r.From != "2027-01-01" {
		t.Errorf("days without a comment: %d, %v, from %s", n, shown, r.From)
	}
}

// A selection within one consultation is preferred to the same one across all.
func TestOneConsultationIsPreferredToAllOfThem(t *testing.T) {
	rows := append(comments(40, consult.ReachRow{Consultation: 1, WardCode: "W1", Channel: "web", Stance: consult.Object, ReceivedAt: noon("2026-04-08")}),
		comments(3, consult.ReachRow{Consultation: 2, WardCode: "W1", Channel: "web", Stance: consult.Support, ReceivedAt: noon("2026-04-08")})...)
	source := &kept{rows: rows}
	for f, want := range map[consult.ReachFilter]Reason{
		{Consultation: 1}:                    Shown,
		{}:                                   TooClose,
		{Consultation: 2}:                    TooFew,
		{Consultation: 1, Ward: "W1"}:        Shown, // the same comments as without the ward
		{Ward: "W1"}:                         TooClose,
		{Stance: consult.Object}:             Shown, // the same comments as consultation 1; too close only to all, which are not shown
		{Stance: consult.Support}:            TooFew,
		{Consultation: 2, Channel: "letter"}: Shown, // nobody: 0 may be said
	} {
		if got := measure(t, source, f, "2026-06-01").Withheld; got != want {
			t.Errorf("%s: withheld %q, want %q", fmt.Sprintf("%+v", f), got, want)
		}
	}
}
