package consult

import (
	"errors"
	"strings"
	"time"
)

// officeClock measures working time: it runs on working days, within office hours where there are any, and around the clock of such
// days where there are none. A day on which the clocks change has as much working time as any other.
type officeClock struct {
	Calendar
	opens, shuts int // minutes after midnight; shuts 0 = no hours
}

// length is the working time of one working day.
func (c officeClock) length() time.Duration {
	if c.shuts == 0 {
		return 24 * time.Hour
	}
	return time.Duration(c.shuts-c.opens) * time.Minute
}

// window is when work begins and ends on a day, in the authority's zone.
func (c officeClock) window(d Date) (from, to time.Time) {
	t := d.Time()
	if c.shuts == 0 {
		return c.End(d.Add(-1)), c.End(d)
	}
	return time.Date(t.Year(), t.Month(), t.Day(), 0, c.opens, 0, 0, c.Location()),
		time.Date(t.Year(), t.Month(), t.Day(), 0, c.shuts, 0, 0, c.Location())
}

// countsOn is the day that a question belongs to: with office hours, the next working day for what comes when no work is done any more.
func (c officeClock) countsOn(asked time.Time) Date {
	d := c.Day(asked)
	if c.shuts == 0 {
		return d
	}
	if _, shut := c.window(d); !asked.Before(shut) {
		d = d.Add(1)
	}
	for !c.Working(d) {
		d = d.Add(1)
	}
	return d
}

// due is the end of the n-th working day after the day that a question belongs to, moved by the working time in which the clock
// rested. Without office hours a promise is made in whole days: one that was begun is given whole.
func (c officeClock) due(asked time.Time, workingDays int, rest time.Duration) time.Time {
	d := c.countsOn(asked)
	for n := 0; n < workingDays; {
		if d = d.Add(1); c.Working(d) {
			n++
		}
	}
	_, t := c.window(d)
	if rest > 0 {
		if t = c.add(t, rest); c.shuts == 0 {
			t = c.End(c.Day(t.Add(-1)))
		}
	}
	return t.UTC()
}

// days is the smallest promise in working days that an answer at a moment keeps.
func (c officeClock) days(asked time.Time, rest time.Duration, at time.Time) int {
	low, high := 0, 1
	for c.due(asked, high, rest).Before(at) {
		low, high = high+1, high*2
	}
	if low == 1 && !c.due(asked, 0, rest).Before(at) {
		return 0
	}
	for low < high {
		if middle := (low + high) / 2; c.due(asked, middle, rest).Before(at) {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low
}

// rested is the working time of a rest that counts against a question: without office hours the day of asking is no promised day yet.
func (c officeClock) rested(asked, from, to time.Time) time.Duration {
	if c.shuts == 0 {
		if begins := c.End(c.Day(asked)); from.Before(begins) {
			from = begins
		}
	}
	return c.between(from, to)
}

// between is the working time from one moment to another; 0 when the other is not later.
func (c officeClock) between(from, to time.Time) time.Duration {
	var sum time.Duration
	for d := c.Day(from); ; d = d.Add(1) {
		begins, ends := c.window(d)
		if !begins.Before(to) {
			return sum
		}
		if !c.Working(d) {
			continue
		}
		a, b := later(from, begins), to
		if b.After(ends) {
			b = ends
		}
		if a.Before(b) {
			sum += scaled(b.Sub(a), c.length(), ends.Sub(begins))
		}
	}
}

// add is the moment at which so much working time has passed.
func (c officeClock) add(t time.Time, work time.Duration) time.Time {
	if work <= 0 {
		return t
	}
	for d := c.Day(t); ; d = d.Add(1) {
		begins, ends := c.window(d)
		if !c.Working(d) || !t.Before(ends) {
			continue
		}
		from := later(t, begins)
		left := scaled(ends.Sub(from), c.length(), ends.Sub(begins))
		if work <= left {
			return from.Add(scaled(work, ends.Sub(begins), c.length()))
		}
		work -= left
	}
}

// scaled turns a piece of one length into that of another: an hour more or less on the day the clocks change.
func scaled(piece, to, from time.Duration) time.Duration {
	if to == from {
		return piece
	}
	return time.Duration(float64(piece) * float64(to) / float64(from))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// ParseOfficeHours reads hours as "09:00-17:00", in minutes after midnight; "" = none, both 0. The office must be open for an hour at
// least.
func ParseOfficeHours(s string) (opens, shuts int, err error) {
	if s == "" {
		return 0, 0, nil
	}
	from, to, ok := strings.Cut(s, "-")
	a, wrongFrom := time.Parse("15:04", strings.TrimSpace(from))
	b, wrongTo := time.Parse("15:04", strings.TrimSpace(to))
	opens, shuts = a.Hour()*60+a.Minute(), b.Hour()*60+b.Minute()
	if !ok || wrongFrom != nil || wrongTo != nil || shuts-opens < 60 {
		return 0, 0, errors.New("office hours are written as 09:00-17:00 and are an hour at least")
	}
	return opens, shuts, nil
}
