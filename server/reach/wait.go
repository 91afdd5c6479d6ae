package reach

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// wait is how long a comment waited for its first answer, or has waited so far.
type wait struct {
	consultation consult.ID // whose promise it is
	days         int        // working days
	answered     bool
}

// Wait is the median time to the first answer in working days, with unanswered comments counted as still waiting (Kaplan–Meier).
type Wait struct {
	Shown   bool // false when fewer than Smallest comments were received
	Reached bool // half of them have been answered
	Days    int
}

// medianWait is the day by which half of them were answered.
func medianWait(waits map[wait]int) (days int, reached bool) { return waitOf(waits, 0.5) }

// waitOf is the smallest t at which Kaplan and Meier's S(t) = Π(1 - d/n) is 1 - share or less: d answers at t among the n that had
// waited as long. Leaving the unanswered out would make a slow authority look fast.
func waitOf(waits map[wait]int, share float64) (days int, reached bool) {
	atRisk := 0
	answers, ends := map[int]int{}, map[int]int{}
	for w, n := range waits {
		atRisk += n
		ends[w.days] += n
		if w.answered {
			answers[w.days] += n
		}
	}
	left := 1.0
	for _, day := range slices.SortedFunc(maps.Keys(ends), cmp.Compare) {
		left *= 1 - float64(answers[day])/float64(atRisk)
		if left <= 1-share+1e-12 {
			return day, true
		}
		atRisk -= ends[day]
	}
	return 0, false
}

// workingDays counts the working days after asked up to answered; an answer on a day off counts as given on the next working day,
// so that "at most n" means the same as consult.Calendar.Promise with n days.
func workingDays(c consult.Calendar, asked, answered consult.Date) int {
	if answered <= asked {
		return 0
	}
	weeks := asked.Until(answered) / 7
	n, rest := weeks*5, asked.Add(weeks*7)
	for holiday, off := range c.Holidays {
		if off && holiday > asked && holiday <= rest && weekday(holiday) {
			n--
		}
	}
	for rest < answered {
		if rest = rest.Add(1); c.Working(rest) {
			n++
		}
	}
	if !c.Working(answered) {
		n++
	}
	return n
}

func weekday(d consult.Date) bool {
	w := d.Time().Weekday()
	return w != time.Saturday && w != time.Sunday
}
