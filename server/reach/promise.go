package reach

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// SmallestSplit is how many points a part of the public record of promises must have to be shown by itself. The whole is always shown:
// how many points there are and which were answered stands on the pages of the comments anyway.
const SmallestSplit = 10

// OtherPart is the code of the row that holds the parts that are too small to be shown by themselves.
const OtherPart = "small-parts"

// PromiseRecord is what became of a consultation's promises. Nothing is dropped: Points is the sum of Kept, Late, Overdue, Open, Paused,
// Closed and Unpromised in every row.
type PromiseRecord struct {
	Total    PromiseFigures
	Topics   []PromiseFigures // in the order of their codes; questions in threads have the code ""
	Services []PromiseFigures
	Pauses   []PauseFigure // most common first
}

// PromiseFigures count points: what one comment says on one topic, or one question in a thread.
type PromiseFigures struct {
	Code       string // the topic or the service
	Points     int
	Kept       int // answered within the promise
	Late       int // answered after it
	Overdue    int // not answered, and the promise is over
	Open       int // not answered, and there is still time
	Paused     int // not answered, and the clock rests
	Closed     int // ended without an answer, with a reason
	Unpromised int // no answer was promised, whether or not one was given
	// Median and NinetyPercent are working days to the first answer by which half, and nine of ten, of the promised points were answered,
	// rests left out; the unanswered count as still waiting. Not shown below SmallestSplit points.
	Median, NinetyPercent Wait
	waits                 map[wait]int
}

// PromiseStandings are the ways in which a point can stand, in the order in which they are shown; Standing gives their numbers.
func PromiseStandings() []string {
	return []string{"kept", "late", "overdue", "open", "paused", "closed", "unpromised"}
}

// Standing are the numbers of PromiseStandings. Their sum is Points.
func (f PromiseFigures) Standing() []int {
	return []int{f.Kept, f.Late, f.Overdue, f.Open, f.Paused, f.Closed, f.Unpromised}
}

// PauseFigure is how many points' clocks were paused for a reason.
type PauseFigure struct {
	Reason string
	Points int
}

// PromiseTally gathers the rows of a record.
type PromiseTally struct {
	calendar consult.Calendar
	now      time.Time
	total    PromiseFigures
	topics   map[string]*PromiseFigures
	services map[string]*PromiseFigures
	pauses   map[string]int
}

// NewPromiseTally begins a record as it is at a moment.
func NewPromiseTally(calendar consult.Calendar, now time.Time) *PromiseTally {
	return &PromiseTally{calendar: calendar, now: now, topics: map[string]*PromiseFigures{}, services: map[string]*PromiseFigures{}, pauses: map[string]int{}}
}

// Add counts one point.
func (t *PromiseTally) Add(r consult.PromiseRow) error {
	days, answered := 0, false
	if r.Promised {
		days, answered = r.Waited(t.calendar, t.now)
	}
	for _, f := range []*PromiseFigures{&t.total, part(t.topics, string(r.Topic)), part(t.services, r.Service)} {
		f.add(r, wait{days: days, answered: answered}, t.now)
	}
	for _, reason := range r.Pauses {
		t.pauses[reason]++
	}
	return nil
}

func part(parts map[string]*PromiseFigures, code string) *PromiseFigures {
	if parts[code] == nil {
		parts[code] = &PromiseFigures{Code: code}
	}
	return parts[code]
}

func (f *PromiseFigures) add(r consult.PromiseRow, w wait, now time.Time) {
	f.Points++
	if !r.Promised {
		f.Unpromised++
		return
	}
	if f.waits == nil {
		f.waits = map[wait]int{}
	}
	f.waits[w]++
	switch {
	case w.answered && !r.FirstAt.After(r.FirstDue):
		f.Kept++
	case w.answered:
		f.Late++
	case r.State == consult.PointClosed:
		f.Closed++
	case r.State == consult.PointPaused:
		f.Paused++
	case now.After(r.FirstDue):
		f.Overdue++
	default:
		f.Open++
	}
}

// Record is what was gathered, with parts that are too small taken together. Where taking a small part away from the whole would tell it,
// the next smallest goes with it.
func (t *PromiseTally) Record() PromiseRecord {
	r := PromiseRecord{Total: t.total, Topics: shownParts(t.topics), Services: shownParts(t.services)}
	r.Total.measure()
	for _, reason := range slices.SortedFunc(maps.Keys(t.pauses), func(a, b string) int {
		return cmp.Or(cmp.Compare(t.pauses[b], t.pauses[a]), cmp.Compare(a, b))
	}) {
		r.Pauses = append(r.Pauses, PauseFigure{reason, t.pauses[reason]})
	}
	return r
}

// shownParts are the parts that may be shown; the rest is one row, and nothing at all is shown where that row would be too small.
func shownParts(parts map[string]*PromiseFigures) []PromiseFigures {
	list := make([]PromiseFigures, 0, len(parts))
	for _, f := range parts {
		list = append(list, *f)
	}
	slices.SortFunc(list, func(a, b PromiseFigures) int {
		return cmp.Or(cmp.Compare(a.Points, b.Points), cmp.Compare(a.Code, b.Code))
	})
	rest := PromiseFigures{Code: OtherPart, waits: map[wait]int{}}
	small := 0
	for ; small < len(list) && (list[small].Points < SmallestSplit || rest.Points > 0 && rest.Points < SmallestSplit); small++ {
		rest.merge(list[small])
	}
	shown := list[small:]
	slices.SortFunc(shown, func(a, b PromiseFigures) int { return cmp.Compare(a.Code, b.Code) })
	if small > 0 {
		if rest.Points < SmallestSplit || len(shown) == 0 {
			return nil
		}
		shown = append(shown, rest)
	}
	for i := range shown {
		shown[i].measure()
	}
	return shown
}

func (f *PromiseFigures) merge(o PromiseFigures) {
	f.Points, f.Kept, f.Late, f.Overdue = f.Points+o.Points, f.Kept+o.Kept, f.Late+o.Late, f.Overdue+o.Overdue
	f.Open, f.Paused, f.Closed, f.Unpromised = f.Open+o.Open, f.Paused+o.Paused, f.Closed+o.Closed, f.Unpromised+o.Unpromised
	for w, n := range o.waits {
		f.waits[w] += n
	}
}

// measure computes the median and the ninetieth percentile.
func (f *PromiseFigures) measure() {
	if f.Points-f.Unpromised < SmallestSplit {
		return
	}
	f.Median.Shown, f.NinetyPercent.Shown = true, true
	f.Median.Days, f.Median.Reached = waitOf(f.waits, 0.5)
	f.NinetyPercent.Days, f.NinetyPercent.Reached = waitOf(f.waits, 0.9)
}
