package reach

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/yousaid/yousaid/server/consult"
)

// reach.md O-18: hours until the first reply, "+" = still waiting. Leaving the waiting out would say 8.
func TestMedianWaitCountsTheUnanswered(t *testing.T) {
	waits := map[wait]int{}
	for _, days := range []int{2, 5, 5, 8, 12, 30, 48} {
		waits[wait{days: days, answered: true}]++
	}
	for _, days := range []int{20, 72, 72} {
		waits[wait{days: days}]++
	}
	if days, reached := medianWait(waits); !reached || days != 12 {
		t.Errorf("median %d, reached %v; want 12", days, reached)
	}
}

func TestMedianWaitIsNotReachedWhenHalfStillWait(t *testing.T) {
	waits := map[wait]int{{days: 1, answered: true}: 4, {days: 9}: 5}
	if days, reached := medianWait(waits); reached {
		t.Errorf("median %d though 5 of 9 wait", days)
	}
	waits[wait{days: 1, answered: true}]++
	if days, reached := medianWait(waits); !reached || days != 1 {
		t.Errorf("5 of 10 answered on day 1: median %d, %v", days, reached)
	}
}

func TestWorkingDaysAgreeWithThePromise(t *testing.T) {
	england := consult.England()
	rapid.Check(t, func(t *rapid.T) {
		asked := consult.Date("2025-12-01").Add(rapid.IntRange(0, 400).Draw(t, "asked"))
		answered := asked.Add(rapid.IntRange(0, 60).Draw(t, "after"))
		promise := rapid.IntRange(1, 15).Draw(t, "promise")
		due := england.Promise(noon(asked), promise)
		inTime := answered.Time().Add(12 * time.Hour).Before(due)
		if days := workingDays(england, asked, answered); (days <= promise) != inTime {
			t.Fatalf("asked %s, answered %s: %d working days, promise of %d ends %v", asked, answered, days, promise, due)
		}
	})
}
