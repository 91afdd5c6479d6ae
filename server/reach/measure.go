package reach

import (
	"context"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// Source is what figures are made of; consult.ReachSource is one.
type Source interface {
	// EachReachRow streams every received comment the filter takes.
	EachReachRow(ctx context.Context, f consult.ReachFilter, each func(consult.ReachRow) error) error
	// Equality lists equality answers, in no order that tells who answered when.
	Equality(ctx context.Context, f consult.ReachFilter) ([]consult.EqualityAnswers, error)
	// Benchmarks lists how many people live in which area.
	Benchmarks(ctx context.Context, name string) ([]consult.Benchmark, error)
	// Wards names the wards by code.
	Wards(ctx context.Context) (map[string]string, error)
	// PromiseDays is within how many working days a consultation promises an answer.
	PromiseDays(ctx context.Context, consultation consult.ID) (int, error)
}

// Reason is why something is not shown.
type Reason string

// The reasons.
const (
	Shown    Reason = ""
	TooFew   Reason = "few"   // fewer than Smallest people
	TooClose Reason = "close" // another selection that may be shown differs by a few people only
	NotYet   Reason = "later" // equality answers: not enough were given for a first step
)

// Unknown is the code of rows for what nobody told: comments without a ward.
const Unknown = "unknown"

// Report is everything an analyst may see of one selection. Every number in it is protected.
type Report struct {
	Filter   consult.ReachFilter // as asked for
	From, To consult.Date        // the days that are counted, Monday and Sunday; "" = from the first, to the latest comment
	Withheld Reason              // when not Shown, the report holds no figure
	Total    Count
	Tables   []Table
	Wait     Wait
	Kept     Share // of the promises that were kept or broken by now
	Equality Equality
}

// Measure computes and protects the figures of a selection at a moment. It reads every comment once, whatever the filter: only so
// can it tell whether another selection comes too close. Memory grows with the number of different weeks, wards, channels,
// stances and topics, not with the number of comments.
func Measure(ctx context.Context, source Source, f consult.ReachFilter, now time.Time, calendar consult.Calendar) (Report, error) {
	g := newGathering(choiceOf(f), now, calendar)
	if err := source.EachReachRow(ctx, consult.ReachFilter{}, g.add); err != nil {
		return Report{}, err
	}
	g.crowd = newCrowd(g.count, Smallest, true, calendar.Day(now))
	names, err := source.Wards(ctx)
	if err != nil {
		return Report{}, err
	}
	residents, err := readResidents(ctx, source, names)
	if err != nil {
		return Report{}, err
	}
	r := Report{Filter: f}
	s := g.crowd.selects(choiceOf(f), f.From, f.To)
	r.From, r.To = s.days(f)
	if r.Withheld = g.crowd.judge(s); r.Withheld == Shown {
		promises, err := readPromises(ctx, source, g.waits(s.window))
		if err != nil {
			return Report{}, err
		}
		g.tell(&r, s, names, residents, promises)
	}
	r.Equality, err = measureEquality(ctx, source, f, g, residents)
	return r, err
}

// judge decides whether a selection may be shown.
func (c crowd) judge(s selection) Reason {
	switch n := c.size(s); {
	case n == 0:
		return Shown
	case n < Smallest:
		return TooFew
	case !newGuard(c).shows(s):
		return TooClose
	}
	return Shown
}

// days are the first and the last day of what a selection counts, for a reader who asked for days.
func (s selection) days(f consult.ReachFilter) (from, to consult.Date) {
	switch {
	case s.from > s.to:
		return f.From, f.To
	case s.whole:
		return "", ""
	}
	return firstDay(s.from), firstDay(s.to + 1).Add(-1)
}

// gathering is what one pass over the comments leaves behind.
type gathering struct {
	chosen   choice
	now      time.Time
	calendar consult.Calendar
	count    map[traits]int       // of every comment
	crowd    crowd                // the same, once all are counted
	byDay    map[consult.Date]int // of the chosen comments, as the rest
	waited   map[int]map[wait]int // by week
	answered map[int]int
	outcome  map[int]int
	between  map[[2]consult.Date]int // working days, once worked out
}

func newGathering(chosen choice, now time.Time, calendar consult.Calendar) *gathering {
	return &gathering{
		chosen: chosen, now: now, calendar: calendar,
		count: map[traits]int{},
		byDay: map[consult.Date]int{}, waited: map[int]map[wait]int{}, answered: map[int]int{}, outcome: map[int]int{},
		between: map[[2]consult.Date]int{},
	}
}

// traits are what a selection can tell apart about a row.
func (g *gathering) traits(row consult.ReachRow) traits {
	return traits{consultation: row.Consultation, ward: row.WardCode, channel: row.Channel, stance: row.Stance,
		topics: topicsOf(row.Topics), week: weekOf(g.calendar.Day(row.ReceivedAt))}
}

func (g *gathering) add(row consult.ReachRow) error {
	day, t := g.calendar.Day(row.ReceivedAt), g.traits(row)
	g.count[t]++
	if !g.chosen.takes(t) {
		return nil
	}
	g.byDay[day]++
	w := wait{consultation: row.Consultation, answered: !row.AnsweredAt.IsZero()}
	end := g.now
	if w.answered {
		end = row.AnsweredAt
		g.answered[t.week]++
	}
	w.days = g.workingDays(day, g.calendar.Day(end))
	if g.waited[t.week] == nil {
		g.waited[t.week] = map[wait]int{}
	}
	g.waited[t.week][w]++
	if row.Outcomes > 0 {
		g.outcome[t.week]++
	}
	return nil
}

// workingDays remembers: comments are many, days few.
func (g *gathering) workingDays(asked, answered consult.Date) int {
	days := [2]consult.Date{asked, answered}
	n, known := g.between[days]
	if !known {
		n = workingDays(g.calendar, asked, answered)
		g.between[days] = n
	}
	return n
}

// waits adds up the waits of the weeks of a window.
func (g *gathering) waits(in window) map[wait]int {
	sum := map[wait]int{}
	for week, waits := range g.waited {
		if in.holds(week) {
			for w, n := range waits {
				sum[w] += n
			}
		}
	}
	return sum
}

func readPromises(ctx context.Context, source Source, waits map[wait]int) (map[consult.ID]int, error) {
	promises := map[consult.ID]int{}
	for w := range waits {
		if _, known := promises[w.consultation]; known {
			continue
		}
		days, err := source.PromiseDays(ctx, w.consultation)
		if err != nil {
			return nil, err
		}
		promises[w.consultation] = days
	}
	return promises, nil
}
