package consult

import (
	"slices"
	"time"
)

// PromiseEventKind is what happened to the promise of an answer to one point.
type PromiseEventKind string

// What can happen. Everything a promise says is computed from these, in the order in which they were written.
const (
	PromiseAsked      PromiseEventKind = "asked"       // the point came; the clock starts
	PromiseAnswered   PromiseEventKind = "answered"    // an official answer reached it
	PromisePaused     PromiseEventKind = "paused"      // the clock rests, with a reason
	PromiseResumed    PromiseEventKind = "resumed"     // it runs again
	PromiseReopened   PromiseEventKind = "reopened"    // somebody says that it is not answered, or wants an answer after all
	PromiseHandedOver PromiseEventKind = "handed-over" // another service answers; the clock runs on
	PromiseClosed     PromiseEventKind = "closed"      // it ends without an answer, with a reason
	PromiseTakenBack  PromiseEventKind = "taken-back"  // the last answer or closing is void, as though it had never been
)

// What an asked event can say beside itself, in Reason.
const (
	AskedFurther     = "further"      // a further question where an answer was given before: the promise is that of a next answer
	AskedNotPromised = "not-promised" // no answer is promised on this topic, or to what an import brought
)

// PromiseEvent is one entry of a point's log.
type PromiseEvent struct {
	Ref     PointRef
	Kind    PromiseEventKind
	Reason  string // asked, paused, closed: a code
	Words   string // paused: what the public reads beside the reason
	By      string // service and role as the public is told; "" = the resident, or the program itself
	Service string // asked: who answers; handed-over: who does from now on; "" = the consultation's
	At      time.Time
	Terms   PromiseTerms // asked: what was promised; stores fill in the consultation's where there are none
}

// PromiseTerms are what was promised when a point was asked. The zero PromiseTerms promise nothing.
type PromiseTerms struct {
	First int // working days to the first answer
	Next  int // working days to the answer to a further question, or after a point was re-opened
	Close int // working days until the point is settled: answered and not re-opened, or closed with a reason
	// Opens and Shuts are office hours in minutes after midnight: what comes after hours counts from the next working day, and a
	// promised day ends when the office shuts. Both 0 = none: days end at midnight.
	Opens, Shuts int
}

// PromiseState is how a point stands.
type PromiseState string

// The states of a point.
const (
	PointOpen     PromiseState = "open"     // waits for an answer; the clock runs
	PointPaused   PromiseState = "paused"   // waits for an answer; the clock rests
	PointAnswered PromiseState = "answered" // the last thing that happened is an answer
	PointClosed   PromiseState = "closed"   // ended without an answer
)

// PauseReasons lists why a clock may rest; the words stand in static/lang.
func PauseReasons() []string {
	return []string{"resident", "applicant", "authority", "site-visit", "document", "decision"}
}

// CloseReasons lists why an officer may end a point without an answer.
func CloseReasons() []string {
	return []string{"no-question", "answered-elsewhere", "not-ours", "duplicate"}
}

// Reasons for which the program itself ends a point. Such points are in no record: nobody waits for them any more.
const (
	EndedWithdrawn  = "withdrawn"  // the author took the comment back
	EndedSuperseded = "superseded" // a newer comment of its author carries it on
	EndedHidden     = "hidden"     // the message is held or hidden
	EndedJoined     = "joined"     // an earlier question of the same thread, restored, waits for both
	EndedForgotten  = "forgotten"  // its words are over their time; this one stays in the record, unanswered
)

// Void tells whether a reason for closing takes the point out of every record.
func Void(reason string) bool {
	return slices.Contains([]string{EndedWithdrawn, EndedSuperseded, EndedHidden, EndedJoined}, reason)
}

// Rest is a time in which the clock was paused.
type Rest struct {
	From, To time.Time // To zero = it rests still
	For      string    // one of PauseReasons
	Words    string
}

// Promise is how a point stands, computed from its events. A due moment is the first at which the promise is broken: midnight after the
// promised day, or the shutting of the office. Zero moments: not promised, or not yet.
type Promise struct {
	State       PromiseState
	Terms       PromiseTerms
	Service     string // who answers; "" = the consultation's
	Promised    bool   // false: no answer was promised
	AskedAt     time.Time
	Since       time.Time // asked last: first, or when it was re-opened
	Further     bool      // a further question where an answer was given before: its first answer is due within Terms.Next
	FirstDue    time.Time
	FirstAt     time.Time // the first answer
	NextDue     time.Time // of the answer that the point asks for since it was re-opened
	NextAt      time.Time
	CloseDue    time.Time
	EndedAt     time.Time // answered and closed points: since when
	ClosedFor   string
	PausedSince time.Time
	PausedFor   string
	PausedWords string
	Rests       []Rest
	Days        int           // working days to the first answer, or until now; rests are left out
	Rested      time.Duration // working time that the first answer's clock rested, the present pause left out
}

// Waits tells whether somebody waits for an answer.
func (p Promise) Waits() bool { return p.State == PointOpen || p.State == PointPaused }

// Due is when the answer that is waited for is due; zero when none is, or none was promised. While the clock rests it is the moment
// that would hold if it ran again now.
func (p Promise) Due() time.Time {
	switch {
	case !p.Waits():
		return time.Time{}
	case p.FirstAt.IsZero() && !p.FirstDue.IsZero():
		return p.FirstDue
	default:
		return p.NextDue
	}
}

// Kept tells whether the first answer came in time; known is false where none was promised, where the point was closed before, and while
// there is still time.
func (p Promise) Kept(now time.Time) (kept, known bool) {
	switch {
	case p.FirstDue.IsZero():
		return false, false
	case !p.FirstAt.IsZero():
		return !p.FirstAt.After(p.FirstDue), true
	default:
		return false, p.State == PointOpen && now.After(p.FirstDue)
	}
}

// CheckPromiseEvent tells whether an event may follow those before it: Conflict when it does not fit how the point stands, when it is
// earlier than the last one, or when the clock would be stopped twice.
func CheckPromiseEvent(before []PromiseEvent, e PromiseEvent) error {
	const op = "promise"
	fits := false
	state := stateAfter(before)
	switch e.Kind {
	case PromiseAsked:
		fits = state == ""
	case PromiseAnswered, PromiseHandedOver:
		fits = state != ""
	case PromisePaused:
		fits = state == PointOpen
	case PromiseResumed:
		fits = state == PointPaused
	case PromiseReopened, PromiseTakenBack:
		fits = state == PointAnswered || state == PointClosed
	case PromiseClosed:
		fits = state != "" && state != PointClosed
	}
	if !fits || len(before) > 0 && e.At.Before(before[len(before)-1].At) {
		return fail(Conflict, op)
	}
	return nil
}

// stateAfter is how a point stands after events that fit.
func stateAfter(events []PromiseEvent) PromiseState {
	var state PromiseState
	for _, e := range standing(events) {
		switch e.Kind {
		case PromiseAsked, PromiseResumed, PromiseReopened:
			state = PointOpen
		case PromisePaused:
			state = PointPaused
		case PromiseAnswered:
			state = PointAnswered
		case PromiseClosed:
			state = PointClosed
		}
	}
	return state
}

// waitsAfter tells whether somebody waits for an answer after events that fit.
func waitsAfter(events []PromiseEvent) bool {
	state := stateAfter(events)
	return state == PointOpen || state == PointPaused
}

// standing leaves out what was taken back, and the taking back.
func standing(events []PromiseEvent) []PromiseEvent {
	var left []PromiseEvent
	for _, e := range events {
		if e.Kind != PromiseTakenBack {
			left = append(left, e)
			continue
		}
		for i := len(left) - 1; i >= 0; i-- {
			if left[i].Kind == PromiseAnswered || left[i].Kind == PromiseClosed {
				left = slices.Delete(left, i, i+1)
				break
			}
		}
	}
	return left
}

// PromiseOf computes how a point stands at a moment from its events, in their order, and the terms that held when it was asked. Events
// that do not fit are passed over; stores refuse them.
func PromiseOf(events []PromiseEvent, terms PromiseTerms, cal Calendar, now time.Time) Promise {
	r := reckoning{clock: officeClock{cal, terms.Opens, terms.Shuts}, Promise: Promise{Terms: terms}}
	var taken []PromiseEvent
	for _, e := range events {
		if CheckPromiseEvent(taken, e) == nil {
			taken = append(taken, e)
		}
	}
	for _, e := range standing(taken) {
		r.take(e)
	}
	r.settle(now)
	return r.Promise
}

// TermsOf are the terms that an asked event carries.
func TermsOf(events []PromiseEvent) PromiseTerms {
	if len(events) == 0 {
		return PromiseTerms{}
	}
	return events[0].Terms
}

// reckoning walks through the events of one point. What rests before an answer is given is not taken from the promised time.
type reckoning struct {
	Promise
	clock     officeClock
	nextFrom  time.Time     // when the next answer was asked for; zero = never
	restFrom  time.Time     // the clock rests since then, for a pause or because nobody waits
	firstRest time.Duration // working time that the promise of the first answer rested, of the next one, of closing
	nextRest  time.Duration
	closeRest time.Duration
}

func (r *reckoning) take(e PromiseEvent) {
	switch e.Kind {
	case PromiseAsked:
		r.State, r.AskedAt, r.Since, r.Service = PointOpen, e.At, e.At, e.Service
		r.Promised = e.Reason != AskedNotPromised
		r.Further = e.Reason == AskedFurther
	case PromisePaused:
		r.State, r.PausedSince, r.PausedFor, r.PausedWords, r.restFrom = PointPaused, e.At, e.Reason, e.Words, e.At
		r.Rests = append(r.Rests, Rest{From: e.At, For: e.Reason, Words: e.Words})
	case PromiseResumed:
		r.run(e.At)
		r.State = PointOpen
	case PromiseAnswered:
		r.run(e.At)
		if r.FirstAt.IsZero() {
			r.FirstAt = e.At
		} else if !r.nextFrom.IsZero() && r.NextAt.IsZero() {
			r.NextAt = e.At
		}
		r.State, r.EndedAt, r.ClosedFor, r.restFrom = PointAnswered, e.At, "", e.At
	case PromiseClosed:
		r.run(e.At)
		r.State, r.EndedAt, r.ClosedFor, r.restFrom = PointClosed, e.At, e.Reason, e.At
	case PromiseReopened:
		r.run(e.At)
		if !r.FirstAt.IsZero() {
			r.nextFrom, r.nextRest, r.NextAt = e.At, 0, time.Time{}
		}
		r.State, r.Since, r.EndedAt, r.ClosedFor = PointOpen, e.At, time.Time{}, ""
	case PromiseHandedOver:
		r.Service = e.Service
	}
}

// run ends a rest.
func (r *reckoning) run(at time.Time) {
	r.rest(at)
	if r.State == PointPaused {
		r.Rests[len(r.Rests)-1].To = at
		r.PausedSince, r.PausedFor, r.PausedWords = time.Time{}, "", ""
	}
	r.restFrom = time.Time{}
}

// rest counts the working time since the clock began to rest for every promise that was not kept by then.
func (r *reckoning) rest(until time.Time) {
	if r.restFrom.IsZero() {
		return
	}
	since := r.clock.rested(r.AskedAt, r.restFrom, until)
	r.closeRest += since
	if r.FirstAt.IsZero() {
		r.firstRest += since
	}
	if !r.nextFrom.IsZero() && r.NextAt.IsZero() {
		r.nextRest += r.clock.rested(r.nextFrom, r.restFrom, until)
	}
}

// settle computes the due moments. Of a point that nobody waits for the clocks stand where they stood.
func (r *reckoning) settle(now time.Time) {
	if r.AskedAt.IsZero() {
		return
	}
	r.Rested = r.firstRest
	if r.State == PointPaused && now.After(r.restFrom) {
		r.rest(now)
	}
	at, first := r.FirstAt, r.Terms.First
	switch {
	case !at.IsZero():
	case r.State == PointClosed:
		at = r.EndedAt
	default:
		at = now
	}
	r.Days = r.clock.days(r.AskedAt, r.firstRest, at)
	if !r.Promised {
		return
	}
	if r.Further {
		first = r.Terms.Next
	}
	if first > 0 {
		r.FirstDue = r.clock.due(r.AskedAt, first, r.firstRest)
	}
	if t := r.Terms.Next; t > 0 && !r.nextFrom.IsZero() {
		r.NextDue = r.clock.due(r.nextFrom, t, r.nextRest)
	}
	if t := r.Terms.Close; t > 0 {
		r.CloseDue = r.clock.due(r.AskedAt, t, r.closeRest)
	}
}
