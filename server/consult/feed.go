package consult

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// FeedStore reads what feeds and calendars tell. Only public consultations are in it; a consultation of 0 means all that the filter
// takes (its page is not asked).
type FeedStore interface {
	// Moves lists recorded moves to public states, newest first. A consultation without any is there once, with Number 0, as of when it
	// became known here.
	Moves(ctx context.Context, consultation ID, f Filter, limit int) ([]FeedEntry, error)
	// Deadlines lists days from the given one on, by day.
	Deadlines(ctx context.Context, consultation ID, f Filter, from Date, limit int) ([]Deadline, error)
}

// FeedKind is what an entry of a feed tells.
type FeedKind string

// The kinds of entry.
const (
	FeedMove    FeedKind = "move"    // of the cycle
	FeedAnswer  FeedKind = "answer"  // an official message
	FeedOutcome FeedKind = "outcome" // "you said, we did" on a topic
)

// FeedEntry is one thing that happened and that everybody may know.
type FeedEntry struct {
	Consultation Consultation
	Kind         FeedKind
	At           time.Time
	Number       int // move: counted from 1 within the case; 0 = the case became known
	From, To     State
	Message      Message
	Outcome      Outcome
}

// DeadlineKind is a sort of day that people must know.
type DeadlineKind string

// The kinds of deadline.
const (
	RoundCloses   DeadlineKind = "round"     // the last day for comments
	CommitteeDay  DeadlineKind = "committee" // a committee looks at the case
	DecisionIsDue DeadlineKind = "decision"  // the authority has to decide by then
)

// Deadline is one day to know of.
type Deadline struct {
	Kind         DeadlineKind
	Consultation Consultation
	Round        Round // of RoundCloses
	On           Date
	Moved        int  // how often the day has changed
	Off          bool // nothing happens any more: the case was withdrawn
}

// The sizes of a feed and of a calendar, and how far back a calendar reaches, in days.
const (
	maxFeed      = 50
	maxDeadlines = 1000
	deadlineTail = 31
)

// Feed lists the latest moves of the consultations a filter takes.
func (s *Service) Feed(ctx context.Context, f Filter) ([]FeedEntry, error) {
	return s.store.Moves(ctx, 0, f, maxFeed)
}

// FeedOf lists what happened to one public consultation, newest first: moves, answers, outcomes. The answers are the latest.
func (s *Service) FeedOf(ctx context.Context, id ID) (Consultation, []FeedEntry, error) {
	c, err := s.visible(ctx, Actor{Kind: Visitor}, id)
	if err != nil {
		return Consultation{}, nil, err
	}
	entries, err := s.store.Moves(ctx, id, Filter{}, maxFeed)
	if err != nil {
		return c, nil, err
	}
	answers, err := s.store.LatestAnswers(ctx, id, maxFeed)
	if err != nil {
		return c, nil, err
	}
	for _, m := range answers {
		entries = append(entries, FeedEntry{Consultation: c, Kind: FeedAnswer, At: m.CreatedAt, Message: m})
	}
	outcomes, err := s.Outcomes(ctx, id)
	if err != nil {
		return c, nil, err
	}
	for _, o := range outcomes {
		entries = append(entries, FeedEntry{Consultation: c, Kind: FeedOutcome, At: o.PublishedAt, Outcome: o})
	}
	slices.SortStableFunc(entries, func(a, b FeedEntry) int { return b.At.Compare(a.At) })
	return c, entries[:min(len(entries), 2*maxFeed)], nil
}

// Deadlines lists the days to come, and those of the last month, of the consultations a filter takes.
func (s *Service) Deadlines(ctx context.Context, f Filter) ([]Deadline, error) {
	found, err := s.store.Deadlines(ctx, 0, f, s.today().Add(-deadlineTail), maxDeadlines)
	return current(found), err
}

// DeadlinesOf lists every day of one public consultation.
func (s *Service) DeadlinesOf(ctx context.Context, id ID) (Consultation, []Deadline, error) {
	c, err := s.visible(ctx, Actor{Kind: Visitor}, id)
	if err != nil {
		return Consultation{}, nil, err
	}
	found, err := s.store.Deadlines(ctx, id, Filter{}, "", maxDeadlines)
	return c, current(found), err
}

// current leaves out days that no longer bind anybody, and marks those of withdrawn cases.
func current(list []Deadline) []Deadline {
	var kept []Deadline
	for _, d := range list {
		a := d.Consultation.Application
		if d.Kind == DecisionIsDue && (a.DecidedOn != "" || d.Consultation.State.Settled() && d.Consultation.State != Withdrawn) {
			continue
		}
		d.Off = d.Consultation.State == Withdrawn && (a.WithdrawnOn == "" || d.On > a.WithdrawnOn)
		kept = append(kept, d)
	}
	slices.SortStableFunc(kept, func(a, b Deadline) int {
		return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(a.Consultation.ID, b.Consultation.ID), cmp.Compare(a.Kind, b.Kind))
	})
	return kept
}
