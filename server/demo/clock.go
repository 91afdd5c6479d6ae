package demo

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// clock is the time of the demo's past; it only moves forward.
type clock struct {
	sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.Lock()
	defer c.Unlock()
	return c.at
}

func (c *clock) moveTo(t time.Time) {
	c.Lock()
	defer c.Unlock()
	if t.After(c.at) {
		c.at = t
	}
}

// step is one thing that happened.
type step struct {
	at time.Time
	do func(context.Context) error
}

// chain orders what belongs together: a reply never comes before what it answers, whatever weekends do to it.
type chain struct {
	run  *run
	last time.Time
}

// pause is the least time between two steps of a chain.
const pause = 7 * time.Minute

// add plans a step. What officials do is moved on to the next working day where that lies in the past.
func (c *chain) add(m moment, official bool, do func(context.Context) error) error {
	zone, now := c.run.calendar.Location(), c.run.now
	at, err := m.in(zone, now)
	if err != nil {
		return err
	}
	if official {
		for later := at; later.Before(now.Add(-time.Hour)); later = later.AddDate(0, 0, 1) {
			if c.run.calendar.Working(c.run.calendar.Day(later)) {
				at = later
				break
			}
		}
	}
	if earliest := c.last.Add(pause); !c.last.IsZero() && at.Before(earliest) {
		at = earliest
	}
	if !at.Before(now) {
		at = now.Add(-time.Second)
	}
	c.last = at
	c.run.steps = append(c.run.steps, step{at, do})
	return nil
}

// play does everything in the order in which it happened.
func (r *run) play(ctx context.Context) error {
	slices.SortStableFunc(r.steps, func(a, b step) int { return a.at.Compare(b.at) })
	for _, s := range r.steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		r.clock.moveTo(s.at)
		if err := s.do(ctx); err != nil {
			return err
		}
	}
	r.clock.moveTo(r.now)
	return nil
}

// midnight is the first moment of a day, n days from today, in the authority's zone.
func (r *run) midnight(n int) time.Time {
	return r.calendar.End(r.today.Add(n - 1))
}

// day is the civil day n days from today.
func (r *run) day(n int) consult.Date { return r.today.Add(n) }
