package consult

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// inLondon reads a moment.
func inLondon(t *testing.T, s string) time.Time {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04", s, london)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// step is an event of a table: kind, when, reason.
type step struct {
	kind   PromiseEventKind
	at     string
	reason string
}

func logOf(t *testing.T, steps []step) []PromiseEvent {
	t.Helper()
	var log []PromiseEvent
	for _, s := range steps {
		log = append(log, PromiseEvent{Kind: s.kind, Reason: s.reason, At: inLondon(t, s.at)})
	}
	return log
}

// TestO06PromiseOf holds what is promised to what happened: 5 days to the first answer, 3 to the next, 20 until the point is settled.
// 3 and 6 April 2026 are Good Friday and Easter Monday; the clocks change on 29 March and 25 October 2026; 31 August is a bank holiday.
func TestO06PromiseOf(t *testing.T) {
	days, office := PromiseTerms{First: 5, Next: 3, Close: 20}, PromiseTerms{First: 5, Next: 3, Close: 20, Opens: 9 * 60, Shuts: 17 * 60}
	for _, row := range []struct {
		what               string
		terms              PromiseTerms
		steps              []step
		now                string
		state              PromiseState
		first, next, close string
		days               int
	}{
		{"a week without hours", days, []step{{PromiseAsked, "2026-06-01 10:00", ""}}, "2026-06-01 10:00", PointOpen, "2026-06-09 00:00", "", "2026-06-30 00:00", 0},
		{"a week with hours", office, []step{{PromiseAsked, "2026-06-01 10:00", ""}}, "2026-06-02 12:00", PointOpen, "2026-06-08 17:00", "", "2026-06-29 17:00", 1},
		{"after hours counts from the next day", office, []step{{PromiseAsked, "2026-06-01 17:00", ""}}, "2026-06-01 18:00", PointOpen, "2026-06-09 17:00", "", "2026-06-30 17:00", 0},
		{"before hours counts from the same day", office, []step{{PromiseAsked, "2026-06-01 06:00", ""}}, "2026-06-01 18:00", PointOpen, "2026-06-08 17:00", "", "2026-06-29 17:00", 1},
		{"at the weekend counts from Monday", office, []step{{PromiseAsked, "2026-06-06 12:00", ""}}, "2026-06-07 12:00", PointOpen, "2026-06-15 17:00", "", "2026-07-06 17:00", 0},
		{"at the weekend without hours: Monday is the first day", days, []step{{PromiseAsked, "2026-06-06 12:00", ""}}, "2026-06-07 12:00", PointOpen, "2026-06-13 00:00", "", "2026-07-04 00:00", 1},
		{"over Easter", days, []step{{PromiseAsked, "2026-04-02 10:00", ""}}, "2026-04-02 10:00", PointOpen, "2026-04-14 00:00", "", "2026-05-06 00:00", 0},
		{"the evening before a bank holiday weekend", office, []step{{PromiseAsked, "2026-08-28 19:00", ""}}, "2026-08-28 19:00", PointOpen, "2026-09-08 17:00", "", "2026-09-29 17:00", 0},
		{"into summer time", office, []step{{PromiseAsked, "2026-03-27 16:00", ""}}, "2026-03-27 16:00", PointOpen, "2026-04-07 17:00", "", "2026-04-28 17:00", 0},
		{"out of summer time", days, []step{{PromiseAsked, "2026-10-23 16:00", ""}}, "2026-10-23 16:00", PointOpen, "2026-10-31 00:00", "", "2026-11-21 00:00", 0},
		{"answered in time", days, []step{{PromiseAsked, "2026-06-01 10:00", ""}, {PromiseAnswered, "2026-06-03 15:00", ""}}, "2026-07-01 10:00", PointAnswered, "2026-06-09 00:00", "", "2026-06-30 00:00", 2},
		{"a pause of a whole day without hours", days, []step{{PromiseAsked, "2026-06-01 10:00", ""}, {PromisePaused, "2026-06-02 12:00", "applicant"}, {PromiseResumed, "2026-06-03 12:00", ""}}, "2026-06-03 12:00", PointOpen, "2026-06-10 00:00", "", "2026-07-01 00:00", 1},
		{"a day that was begun is given whole", days, []step{{PromiseAsked, "2026-06-01 10:00", ""}, {PromisePaused, "2026-06-02 12:00", "applicant"}, {PromiseResumed, "2026-06-02 12:01", ""}}, "2026-06-03 12:00", PointOpen, "2026-06-10 00:00", "", "2026-07-01 00:00", 1},
		{"with hours to the minute", office, []step{{PromiseAsked, "2026-06-01 10:00", ""}, {PromisePaused, "2026-06-02 12:00", "applicant"}, {PromiseResumed, "2026-06-02 15:30", ""}}, "2026-06-03 12:00", PointOpen, "2026-06-09 12:30", "", "2026-06-30 12:30", 1},
		{"a pause out of hours moves nothing", office, []step{{PromiseAsked, "2026-06-01 10:00", ""}, {PromisePaused, "2026-06-05 17:00", "resident"}, {PromiseResumed, "2026-06-08 09:00", ""}}, "2026-06-08 12:00", PointOpen, "2026-06-08 17:00", "", "2026-06-29 17:00", 5},
		{"a pause over Easter counts its working days", office, []step{{PromiseAsked, "2026-04-01 10:00", ""}, {PromisePaused, "2026-04-02 09:00", "authority"}, {PromiseResumed, "2026-04-07 17:00", ""}}, "2026-04-07 18:00", PointOpen, "2026-04-14 17:00", "", "2026-05-06 17:00", 1},
		{"a pause over the change of the clocks", office, []step{{PromiseAsked, "2026-03-26 10:00", ""}, {PromisePaused, "2026-03-27 13:00", "site-visit"}, {PromiseResumed, "2026-03-30 13:00", ""}}, "2026-03-30 13:00", PointOpen, "2026-04-07 17:00", "", "2026-04-28 17:00", 1},
		{"while it is paused the moments move", days, []step{{PromiseAsked, "2026-06-01 10:00", ""}, {PromisePaused, "2026-06-02 00:00", "applicant"}}, "2026-06-05 00:00", PointPaused, "2026-06-12 00:00", "", "2026-07-03 00:00", 0},
		{"answered out of a pause", days, []step{{PromiseAsked, "2026-06-01 10:00", ""}, {PromisePaused, "2026-06-02 00:00", "applicant"}, {PromiseAnswered, "2026-06-12 00:00", ""}}, "2026-06-20 12:00", PointAnswered, "2026-06-19 00:00", "", "2026-07-10 00:00", 0},
		{"handed over, the clock runs on", days, []step{{PromiseAsked, "2026-06-01 10:00", ""}, {PromiseHandedOver, "2026-06-04 10:00", ""}}, "2026-06-04 12:00", PointOpen, "2026-06-09 00:00", "", "2026-06-30 00:00", 3},
		{"reopened: the next answer, and closing rested meanwhile", days, []step{{PromiseAsked, "2026-06-01 10:00", ""}, {PromiseAnswered, "2026-06-02 00:00", ""}, {PromiseReopened, "2026-06-09 00:00", ""}}, "2026-06-09 10:00", PointOpen, "2026-06-09 00:00", "2026-06-13 00:00", "2026-07-07 00:00", 0},
		{"paused after it was reopened", days, []step{{PromiseAsked, "2026-06-01 10:00", ""}, {PromiseAnswered, "2026-06-02 00:00", ""}, {PromiseReopened, "2026-06-08 12:00", ""}, {PromisePaused, "2026-06-09 00:00", "resident"}, {PromiseResumed, "2026-06-10 00:00", ""}}, "2026-06-10 10:00", PointOpen, "2026-06-09 00:00", "2026-06-13 00:00", "2026-07-08 00:00", 0},
		{"closed, and wanted after all: the first answer rested", days, []step{{PromiseAsked, "2026-06-01 10:00", ""}, {PromiseClosed, "2026-06-03 00:00", "no-question"}, {PromiseReopened, "2026-06-10 00:00", ""}}, "2026-06-10 10:00", PointOpen, "2026-06-16 00:00", "", "2026-07-07 00:00", 2},
		{"an answer that is taken back never was", days, []step{{PromiseAsked, "2026-06-01 10:00", ""}, {PromiseAnswered, "2026-06-02 10:00", ""}, {PromiseTakenBack, "2026-06-04 10:00", ""}}, "2026-06-04 12:00", PointOpen, "2026-06-09 00:00", "", "2026-06-30 00:00", 3},
		{"a further question is a next answer", days, []step{{PromiseAsked, "2026-06-01 10:00", AskedFurther}}, "2026-06-01 12:00", PointOpen, "2026-06-05 00:00", "", "2026-06-30 00:00", 0},
		{"nothing promised", days, []step{{PromiseAsked, "2026-06-01 10:00", AskedNotPromised}, {PromiseAnswered, "2026-06-03 10:00", ""}}, "2026-06-04 12:00", PointAnswered, "", "", "", 2},
	} {
		t.Run(row.what, func(t *testing.T) {
			log := logOf(t, row.steps)
			p := PromiseOf(log, row.terms, England(), inLondon(t, row.now))
			moment := func(what string, got time.Time, want string) {
				t.Helper()
				if want == "" && !got.IsZero() || want != "" && !got.Equal(inLondon(t, want)) {
					t.Errorf("%s is %v, want %q", what, got.In(london), want)
				}
			}
			moment("first answer", p.FirstDue, row.first)
			moment("next answer", p.NextDue, row.next)
			moment("close", p.CloseDue, row.close)
			if p.State != row.state || p.Days != row.days {
				t.Errorf("state %q, %d days, want %q, %d", p.State, p.Days, row.state, row.days)
			}
		})
	}
}

func TestO06EventsOutOfOrderAreRefused(t *testing.T) {
	asked, paused := step{PromiseAsked, "2026-06-01 10:00", ""}, step{PromisePaused, "2026-06-02 10:00", "applicant"}
	answered, closed := step{PromiseAnswered, "2026-06-02 10:00", ""}, step{PromiseClosed, "2026-06-02 10:00", "no-question"}
	for _, row := range []struct {
		what   string
		before []step
		next   step
		fits   bool
	}{
		{"nothing before it is asked", nil, paused, false},
		{"asked once", []step{asked}, asked, false},
		{"paused", []step{asked}, paused, true},
		{"paused twice", []step{asked, paused}, paused, false},
		{"resumed without a pause", []step{asked}, step{PromiseResumed, "2026-06-03 10:00", ""}, false},
		{"resumed", []step{asked, paused}, step{PromiseResumed, "2026-06-03 10:00", ""}, true},
		{"earlier than the last", []step{asked, paused}, step{PromiseResumed, "2026-06-02 09:00", ""}, false},
		{"paused when answered", []step{asked, answered}, step{PromisePaused, "2026-06-03 10:00", "resident"}, false},
		{"reopened while it waits", []step{asked}, step{PromiseReopened, "2026-06-03 10:00", ""}, false},
		{"reopened when closed", []step{asked, closed}, step{PromiseReopened, "2026-06-03 10:00", ""}, true},
		{"closed twice", []step{asked, closed}, closed, false},
		{"taken back without an answer", []step{asked}, step{PromiseTakenBack, "2026-06-03 10:00", ""}, false},
		{"paused again, the answer taken back", []step{asked, paused, answered, {PromiseTakenBack, "2026-06-03 10:00", ""}}, step{PromisePaused, "2026-06-04 10:00", "resident"}, false},
		{"an unknown kind", []step{asked}, step{"forgotten", "2026-06-03 10:00", ""}, false},
	} {
		before := logOf(t, row.before)
		err := CheckPromiseEvent(before, logOf(t, []step{row.next})[0])
		if (err == nil) != row.fits || err != nil && KindOf(err) != Conflict {
			t.Errorf("%s: %v, want fits=%v", row.what, err, row.fits)
		}
	}
}

// drawnLog draws events that fit, on a half-hourly grid of two months with Easter and a change of the clocks.
func drawnLog(t *rapid.T) ([]PromiseEvent, PromiseTerms) {
	terms := PromiseTerms{First: rapid.IntRange(1, 15).Draw(t, "first"), Next: rapid.IntRange(1, 10).Draw(t, "next"), Close: rapid.IntRange(1, 40).Draw(t, "close")}
	if rapid.Bool().Draw(t, "hours") {
		terms.Opens, terms.Shuts = rapid.IntRange(0, 12).Draw(t, "opens")*60, rapid.IntRange(13, 24).Draw(t, "shuts")*60
	}
	at := time.Date(2026, 3, 16, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 1000).Draw(t, "asked")) * 30 * time.Minute)
	log := []PromiseEvent{{Kind: PromiseAsked, At: at}}
	kinds := []PromiseEventKind{PromisePaused, PromiseResumed, PromiseAnswered, PromiseReopened, PromiseClosed, PromiseHandedOver, PromiseTakenBack}
	for range rapid.IntRange(0, 12).Draw(t, "events") {
		at = at.Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "after")) * 30 * time.Minute)
		e := PromiseEvent{Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), At: at}
		if CheckPromiseEvent(log, e) == nil {
			log = append(log, e)
		}
	}
	return log, terms
}

func TestO06PausingNeverMakesAnythingDueEarlier(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log, terms := drawnLog(t)
		now := log[len(log)-1].At.Add(time.Duration(rapid.IntRange(0, 100).Draw(t, "now")) * time.Hour)
		was := PromiseOf(log, terms, England(), now)
		if was.State != PointOpen {
			return
		}
		paused := append(log[:len(log):len(log)], PromiseEvent{Kind: PromisePaused, At: now})
		end := now.Add(time.Duration(rapid.IntRange(0, 400).Draw(t, "pause")) * 30 * time.Minute)
		is := PromiseOf(append(paused, PromiseEvent{Kind: PromiseResumed, At: end}), terms, England(), end)
		if is.FirstDue.Before(was.FirstDue) || is.NextDue.Before(was.NextDue) || is.CloseDue.Before(was.CloseDue) {
			t.Fatalf("due %v, %v, %v before the pause; %v, %v, %v after", was.FirstDue, was.NextDue, was.CloseDue, is.FirstDue, is.NextDue, is.CloseDue)
		}
		if is.Days > was.Days+400 || is.State != PointOpen {
			t.Fatalf("%+v", is)
		}
		// Without the pause everything is as it was, and while it lasts the moments are those of resuming now.
		if again := PromiseOf(log, terms, England(), now); !again.FirstDue.Equal(was.FirstDue) || again.State != was.State {
			t.Fatalf("%+v, was %+v", again, was)
		}
		if during := PromiseOf(paused, terms, England(), end); !during.Due().Equal(is.Due()) || !during.CloseDue.Equal(is.CloseDue) {
			t.Fatalf("due %v while paused, %v when resumed", during.Due(), is.Due())
		}
	})
}

func TestO06EventsThatDoNotFitChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log, terms := drawnLog(t)
		now := log[len(log)-1].At.Add(time.Hour)
		want := PromiseOf(log, terms, England(), now)
		i := rapid.IntRange(0, len(log)).Draw(t, "where")
		wrong := PromiseEvent{Kind: PromiseAsked, At: now}
		if i == 0 {
			wrong.Kind = PromiseResumed
		}
		with := append(append(append([]PromiseEvent{}, log[:i]...), wrong), log[i:]...)
		if got := PromiseOf(with, terms, England(), now); !same(got, want) {
			t.Fatalf("%+v, want %+v", got, want)
		}
	})
}

func TestO06DaysAreTheSmallestPromiseThatIsKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log, terms := drawnLog(t)
		terms.Next, terms.Close = 1, 1
		p := PromiseOf(log, terms, England(), log[len(log)-1].At)
		if p.FirstAt.IsZero() {
			return
		}
		for _, n := range []int{p.Days, p.Days - 1} {
			if n < 1 {
				continue
			}
			terms.First = n
			kept, known := PromiseOf(log, terms, England(), p.FirstAt).Kept(p.FirstAt)
			if !known || kept != (n == p.Days) {
				t.Fatalf("answered after %d days; a promise of %d is kept: %v", p.Days, n, kept)
			}
		}
	})
}

func same(a, b Promise) bool {
	return a.State == b.State && a.FirstDue.Equal(b.FirstDue) && a.NextDue.Equal(b.NextDue) && a.CloseDue.Equal(b.CloseDue) && a.Days == b.Days
}

func TestOfficeHoursAreRead(t *testing.T) {
	for text, want := range map[string][2]int{"": {}, "09:00-17:00": {540, 1020}, " 8:30 - 16:45": {510, 1005}} {
		opens, shuts, err := ParseOfficeHours(text)
		if err != nil || opens != want[0] || shuts != want[1] {
			t.Errorf("%q: %d, %d, %v", text, opens, shuts, err)
		}
	}
	for _, text := range []string{"9-17", "17:00-09:00", "09:00", "09:00-09:30", "09:00-24:30", "a-b"} {
		if _, _, err := ParseOfficeHours(text); err == nil {
			t.Errorf("%q is taken for office hours", text)
		}
	}
}
