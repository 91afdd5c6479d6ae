package consult

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"
)

// WaitingRow counts points of one service that wait and are due at one moment.
type WaitingRow struct {
	Service string
	Paused  bool
	Due     time.Time // zero = nothing is promised, or the clock rests
	Points  int
}

// AnsweredRow counts what one service answered in a time.
type AnsweredRow struct {
	Service string
	Points  int // points that an answer reached
	Authors int // comments and questions among whose points they are: who asked
	Written int // answers that were written for them; one that answers a concern counts once, however many it reaches
}

// Workload is what lies on the desks, by service: to plan with. It knows of no persons.
type Workload struct {
	Today    Date
	Services []ServiceLoad // by name
	All      ServiceLoad
	Days     []Date // the next ten working days, today first where it is one
}

// ServiceLoad is what lies on one service's desk. Everything is counted in points: what one comment says on one topic, or one question.
type ServiceLoad struct {
	Service    string
	Waiting    int // all that wait: the sum of the next four and of what is due later
	Overdue    int
	DueSoon    int // today or within the next two working days
	Paused     int
	Unpromised int   // no answer was promised
	Due        []int // on each of Days; what is due on a day off counts on the working day before
	Later      int   // due after them
	ThisWeek   int   // answered since Monday
	LastWeek   int   // answered from the Monday before until Sunday
	Authors    int   // who asked and was answered in these two weeks
	Written    int   // answers written in these two weeks
}

// workDays is how far the workload page looks ahead.
const workDays = 10

// soonDays is what "due soon" means, in working days after today.
const soonDays = 2

// Workload counts what waits and what was answered, for those who answer and plan.
func (s *Service) Workload(ctx context.Context, a Actor) (Workload, error) {
	if err := Must(a, WorkInbox, "read workload"); err != nil {
		return Workload{}, err
	}
	now := s.clock()
	w := Workload{Today: s.today()}
	for d := w.Today; len(w.Days) < workDays; d = d.Add(1) {
		if s.calendar.Working(d) {
			w.Days = append(w.Days, d)
		}
	}
	loads := map[string]*ServiceLoad{}
	load := func(service string) *ServiceLoad {
		if loads[service] == nil {
			loads[service] = &ServiceLoad{Service: service, Due: make([]int, len(w.Days))}
		}
		return loads[service]
	}
	waiting, err := s.store.Waiting(ctx)
	if err != nil {
		return w, err
	}
	for _, r := range waiting {
		load(r.Service).wait(r, w, s.calendar, now)
	}
	monday := s.monday()
	for i, from := range []Date{monday, monday.Add(-7)} {
		list, err := s.store.Answered(ctx, s.calendar.End(from.Add(-1)), s.calendar.End(from.Add(6)))
		if err != nil {
			return w, err
		}
		for _, r := range list {
			load(r.Service).answered(r, i == 0)
		}
	}
	w.All.Due = make([]int, len(w.Days))
	for _, name := range slices.SortedFunc(maps.Keys(loads), cmp.Compare) {
		w.Services = append(w.Services, *loads[name])
		w.All.add(*loads[name])
	}
	return w, nil
}

// monday is the first day of this week.
func (s *Service) monday() Date {
	d := s.today()
	for d.Time().Weekday() != time.Monday {
		d = d.Add(-1)
	}
	return d
}

func (l *ServiceLoad) wait(r WaitingRow, w Workload, cal Calendar, now time.Time) {
	l.Waiting += r.Points
	switch {
	case r.Paused:
		l.Paused += r.Points
		return
	case r.Due.IsZero():
		l.Unpromised += r.Points
		return
	case now.After(r.Due):
		l.Overdue += r.Points
		return
	}
	day := cal.Day(r.Due.Add(-1))
	if cal.WorkingDaysUntil(w.Today, day) <= soonDays {
		l.DueSoon += r.Points
	}
	i, found := slices.BinarySearch(w.Days, day)
	if !found {
		i = max(i-1, 0)
	}
	if day > w.Days[len(w.Days)-1] {
		l.Later += r.Points
		return
	}
	l.Due[i] += r.Points
}

func (l *ServiceLoad) answered(r AnsweredRow, thisWeek bool) {
	if thisWeek {
		l.ThisWeek += r.Points
	} else {
		l.LastWeek += r.Points
	}
	l.Authors += r.Authors
	l.Written += r.Written
}

func (l *ServiceLoad) add(o ServiceLoad) {
	l.Waiting, l.Overdue, l.DueSoon, l.Paused = l.Waiting+o.Waiting, l.Overdue+o.Overdue, l.DueSoon+o.DueSoon, l.Paused+o.Paused
	l.Unpromised, l.Later = l.Unpromised+o.Unpromised, l.Later+o.Later
	l.ThisWeek, l.LastWeek = l.ThisWeek+o.ThisWeek, l.LastWeek+o.LastWeek
	l.Authors, l.Written = l.Authors+o.Authors, l.Written+o.Written
	for i, n := range o.Due {
		l.Due[i] += n
	}
}

// Reached is how many people one written answer reached on average in the two weeks; false when none was written.
func (l ServiceLoad) Reached() (perAnswer float64, ok bool) {
	if l.Written == 0 {
		return 0, false
	}
	return float64(l.Authors) / float64(l.Written), true
}
