package ogc

import (
	"context"
	"time"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/reach"
)

func density() Collection {
	return areaCollection("comment-density", densityFields(), (*Source).density)
}

func densityFields() []field[ward] {
	return []field[ward]{
		line("code", func(v ward) string { return v.code }).asked(nil),
		line("name", func(v ward) string { return v.name }).asked(nil),
		{Property{Name: "comments", Type: "integer"}, func(_ *Source, v ward) any {
			if !v.shown {
				return nil
			}
			return v.comments
		}},
		flag("withheld", func(v ward) bool { return !v.shown }),
		day("until", func(v ward) consult.Date { return v.until }),
	}
}

// density counts received comments by ward as the analyst's pages do: package reach withholds counts of 1 to 7, and what would give
// one away, and rounds the others to 5. Comments of the running week wait until it is over: otherwise whoever asks again and again
// would see a count step up at the moment in which somebody spoke.
func (s *Source) density(ctx context.Context) ([]ward, error) {
	list, err := s.wards(ctx)
	if err != nil {
		return nil, err
	}
	until := lastSunday(s.Service.Calendar().Day(s.Service.Now()))
	counts, err := s.counted(ctx, until)
	if err != nil {
		return nil, err
	}
	out := make([]ward, len(list))
	for i, w := range list {
		w.until = until
		w.comments, w.shown = counts.of(w.code)
		out[i] = w
	}
	return out, nil
}

// lastSunday is the last day of the latest week that is over.
func lastSunday(today consult.Date) consult.Date {
	weekday := int(today.Time().Weekday()) // Sunday is 0, and not over yet
	if weekday == 0 {
		weekday = 7
	}
	return today.Add(-weekday)
}

// protectedCounts are what may be shown by ward.
type protectedCounts struct {
	hidden bool // nothing may be shown, not even who is not 0
	rows   map[string]reach.Count
}

func (c protectedCounts) of(code string) (n int, shown bool) {
	if c.hidden {
		return 0, false
	}
	count, spoken := c.rows[code]
	if !spoken {
		return 0, true
	}
	return count.Value()
}

// recount is how long counts are kept: they change only when somebody withdraws, or with the week.
const recount = 10 * time.Minute

// counted measures, or remembers. One measures while others wait for it.
func (s *Source) counted(ctx context.Context, until consult.Date) (protectedCounts, error) {
	m := &s.measured
	m.Lock()
	defer m.Unlock()
	now := s.Service.Now()
	if m.until == until && now.Sub(m.at) < recount && now.Sub(m.at) >= 0 {
		return m.counts, nil
	}
	source, err := s.Service.ReachSource(consult.System())
	if err != nil {
		return protectedCounts{}, err
	}
	calendar := s.Service.Calendar()
	end := calendar.End(until)
	report, err := reach.Measure(ctx, settled{source, end}, consult.ReachFilter{}, end, calendar)
	if err != nil {
		return protectedCounts{}, err
	}
	counts := protectedCounts{hidden: report.Withheld != reach.Shown, rows: map[string]reach.Count{}}
	for _, t := range report.Tables {
		if t.Name != "ward" {
			continue
		}
		counts.hidden = t.Hidden
		for _, r := range t.Rows {
			counts.rows[r.Code] = r.Count
		}
	}
	m.until, m.at, m.counts = until, now, counts
	return counts, nil
}

// settled is what was received before a moment.
type settled struct {
	consult.ReachSource
	end time.Time
}

// EachReachRow leaves out what came later.
func (s settled) EachReachRow(ctx context.Context, f consult.ReachFilter, each func(consult.ReachRow) error) error {
	return s.ReachSource.EachReachRow(ctx, f, func(r consult.ReachRow) error {
		if !r.ReceivedAt.Before(s.end) {
			return nil
		}
		return each(r)
	})
}
