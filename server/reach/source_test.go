package reach

import (
	"context"
	"slices"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// kept is a source in memory.
type kept struct {
	rows       []consult.ReachRow
	answers    []consult.EqualityAnswers
	benchmarks []consult.Benchmark
	wards      map[string]string
	promise    int
}

func (k *kept) EachReachRow(_ context.Context, f consult.ReachFilter, each func(consult.ReachRow) error) error {
	for _, row := range k.rows {
		if f.Consultation != 0 && f.Consultation != row.Consultation {
			continue
		}
		if err := each(row); err != nil {
			return err
		}
	}
	return nil
}

func (k *kept) Equality(context.Context, consult.ReachFilter) ([]consult.EqualityAnswers, error) {
	return slices.Clone(k.answers), nil
}

func (k *kept) Benchmarks(context.Context, string) ([]consult.Benchmark, error) {
	return k.benchmarks, nil
}

func (k *kept) Wards(context.Context) (map[string]string, error) { return k.wards, nil }

func (k *kept) PromiseDays(context.Context, consult.ID) (int, error) { return max(k.promise, 5), nil }

// noon is midday in London on a day.
func noon(d consult.Date) time.Time { return d.Time().Add(12 * time.Hour) }

// comments makes n like rows.
func comments(n int, like consult.ReachRow) []consult.ReachRow {
	return slices.Repeat([]consult.ReachRow{like}, n)
}

// failer is what *testing.T and *rapid.T share.
type failer interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

func measure(t failer, k *kept, f consult.ReachFilter, today consult.Date) Report {
	t.Helper()
	r, err := Measure(context.Background(), k, f, noon(today), consult.England())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (r Report) table(t failer, name string) Table {
	t.Helper()
	for _, table := range append(slices.Clone(r.Tables), r.Equality.Tables...) {
		if table.Name == name {
			return table
		}
	}
	t.Fatalf("there is no table %q", name)
	return Table{}
}

// cells writes a table's counts as a reader sees them: -1 for a withheld one.
func (t Table) cells() map[string]int {
	cells := map[string]int{}
	for _, row := range t.Rows {
		n, shown := row.Count.Value()
		if !shown {
			n = -1
		}
		cells[row.Code] = n
	}
	return cells
}
