package reach

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// town is 43 comments on one consultation in April 2026, most of them answered.
func town() *kept {
	web := consult.ReachRow{Consultation: 1, WardCode: "E05000001", Channel: "web", Stance: consult.Object, Topics: []consult.Topic{"noise", "traffic"},
		ReceivedAt: noon("2026-04-08"), AnsweredAt: noon("2026-04-10"), Outcomes: 1}
	late := web
	late.Stance, late.Topics, late.AnsweredAt = consult.Support, []consult.Topic{"design"}, noon("2026-04-24")
	waiting := web
	waiting.WardCode, waiting.ReceivedAt, waiting.AnsweredAt, waiting.Outcomes = "E05000002", noon("2026-04-15"), time.Time{}, 0
	letter := waiting
	letter.Channel, letter.WardCode, letter.Stance = "letter", "", consult.Neutral
	rows := comments(18, web)
	rows = append(rows, comments(9, late)...)
	rows = append(rows, comments(13, waiting)...)
	rows = append(rows, comments(3, letter)...)
	return &kept{rows: rows, wards: map[string]string{"E05000001": "Zebra Hill", "E05000002": "Ash Green"},
		benchmarks: []consult.Benchmark{
			{Name: "population", AreaCode: "E05000001", Population: 10_000, Source: "made up", Vintage: "2024-06-30"},
			{Name: "population", AreaCode: "E08000025", Population: 1_000_000, Source: "the city, no ward"},
		}}
}

func TestMeasureTellsWhoSpokeAndHowTheyWereAnswered(t *testing.T) {
	r := measure(t, town(), consult.ReachFilter{Consultation: 1}, "2026-04-16")
	if n, shown := r.Total.Value(); n != 45 || !shown || r.Withheld != Shown {
		t.Fatalf("total %d, %v, withheld %q", n, shown, r.Withheld)
	}
	for name, want := range map[string]map[string]int{
		"stance":   {"supportive": 10, "neutral": -1, "objection": 30},
		"topic":    {"design": 10, "use": 0, "light": 0, "privacy": 0, "access": 0, "noise": 35, "traffic": 35, "other": 0},
		"ward":     {"E05000002": 15, "E05000001": 25, Unknown: -1},
		"channel":  {"web": 40, "api": 0, "email": 0, "letter": -1, "phone": 0, "event": 0, "import": 0},
		"answered": {"yes": 25, "no": 15},
		"promise":  {"kept": 20, "broken": 10, "running": 15},
		"outcome":  {"yes": 25, "no": 15},
		"time": {"2026-04-08": 25, "2026-04-09": 0, "2026-04-10": 0, "2026-04-11": 0, "2026-04-12": 0, "2026-04-13": 0,
			"2026-04-14": 0, "2026-04-15": 15},
	} {
		if got := r.table(t, name).cells(); !maps.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	if r.Kept != (Share{Percent: 67, Known: true}) {
		t.Errorf("promises kept: %+v, want 20 of 20+10", r.Kept)
	}
}

func TestWardsStandByNameWithResidentsOfWardsOnly(t *testing.T) {
	rows := measure(t, town(), consult.ReachFilter{Consultation: 1}, "2026-04-16").table(t, "ward").Rows
	if rows[0].Name != "Ash Green" || rows[1].Name != "Zebra Hill" || rows[2].Code != Unknown {
		t.Errorf("order: %+v", rows)
	}
	if rows[1].Population != 10_000 || rows[1].Rate != (Rate{Value: 25, Known: true}) || rows[0].Population != 0 || rows[0].Rate.Known {
		t.Errorf("residents: %+v", rows)
	}
}

func TestMedianWaitOfTheTown(t *testing.T) {
	// 18 answered after 2 working days, 9 after 12, 16 waiting for 1: S(2) = 1 - 18/27 = 1/3.
	r := measure(t, town(), consult.ReachFilter{Consultation: 1}, "2026-04-16")
	if r.Wait != (Wait{Shown: true, Reached: true, Days: 2}) {
		t.Errorf("%+v", r.Wait)
	}
}

// Fewer than eight comments tell nothing but that they are few; none may be said.
func TestFewCommentsTellNothing(t *testing.T) {
	source := &kept{rows: town().rows[:7]}
	r := measure(t, source, consult.ReachFilter{}, "2026-04-16")
	if r.Withheld != TooFew || len(r.Tables) != 0 || r.Total != (Count{}) || r.Wait != (Wait{}) {
		t.Errorf("7 comments: %+v", r)
	}
	r = measure(t, &kept{}, consult.ReachFilter{}, "2026-04-16")
	if n, shown := r.Total.Value(); r.Withheld != Shown || n != 0 || !shown || r.Wait.Shown || r.Wait.Reached {
		t.Errorf("no comments: %+v", r)
	}
	if rows := r.table(t, "time").Rows; len(rows) != 0 {
		t.Errorf("no comments, but days: %v", rows)
	}
}

// The order in which a store happens to return its rows tells nothing.
func TestMeasureDoesNotDependOnTheOrderOfRows(t *testing.T) {
	rows := draw(rand.New(rand.NewPCG(3, 4)), 200)
	first := measure(t, &kept{rows: rows}, consult.ReachFilter{Consultation: 1}, "2026-06-01")
	for i := range uint64(5) {
		rand.New(rand.NewPCG(i, 1)).Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		if again := measure(t, &kept{rows: rows}, consult.ReachFilter{Consultation: 1}, "2026-06-01"); !reflect.DeepEqual(first, again) {
			t.Fatalf("another order:\n%+v\n%+v", first, again)
		}
	}
}

func TestTimeIsToldByDayWeekOrMonth(t *testing.T) {
	for _, c := range []struct {
		days        int
		unit, first string
		rows        int
	}{
		{27, "day", "2026-04-08", 28},
		{28, "week", "2026-04-06", 5},
		{400, "month", "2026-04-01", 14},
	} {
		web := consult.ReachRow{Consultation: 1, Channel: "web", Stance: consult.Object, ReceivedAt: noon("2026-04-08")}
		last := web
		last.ReceivedAt = noon(consult.Date("2026-04-08").Add(c.days))
		table := measure(t, &kept{rows: append(comments(20, web), comments(20, last)...)}, consult.ReachFilter{}, "2027-06-01").table(t, "time")
		if table.Unit != c.unit || len(table.Rows) != c.rows || table.Rows[0].Code != c.first {
			t.Errorf("%d days: %d rows by %s from %s", c.days, len(table.Rows), table.Unit, table.Rows[0].Code)
		}
		if first, last := table.Rows[0].Count, table.Rows[len(table.Rows)-1].Count; first != round(20) || last != round(20) {
			t.Errorf("%d days: %+v … %+v", c.days, first, last)
		}
	}
}

// broken is a source whose part fails.
type broken struct {
	*kept
	part string
}

var errDown = errors.New("down")

func (b broken) EachReachRow(ctx context.Context, f consult.ReachFilter, each func(consult.ReachRow) error) error {
	if b.part == "rows" {
		return errDown
	}
	return b.kept.EachReachRow(ctx, f, each)
}

func (b broken) Equality(ctx context.Context, f consult.ReachFilter) ([]consult.EqualityAnswers, error) {
	if b.part == "equality" {
		return nil, errDown
	}
	return b.kept.Equality(ctx, f)
}

func (b broken) Benchmarks(ctx context.Context, name string) ([]consult.Benchmark, error) {
	if b.part == "benchmarks" {
		return nil, errDown
	}
	return b.kept.Benchmarks(ctx, name)
}

func (b broken) Wards(ctx context.Context) (map[string]string, error) {
	if b.part == "wards" {
		return nil, errDown
	}
	return b.kept.Wards(ctx)
}

func (b broken) PromiseDays(ctx context.Context, id consult.ID) (int, error) {
	if b.part == "promise" {
		return 0, errDown
	}
	return b.kept.PromiseDays(ctx, id)
}

func TestMeasureFailsWithItsSource(t *testing.T) {
	for _, part := range []string{"rows", "equality", "benchmarks", "wards", "promise"} {
		_, err := Measure(context.Background(), broken{town(), part}, consult.ReachFilter{}, noon("2026-04-16"), consult.England())
		if !errors.Is(err, errDown) {
			t.Errorf("%s down: %v", part, err)
		}
	}
}
