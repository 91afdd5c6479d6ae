package consult

import (
	"context"
	"time"
)

// PromiseStore keeps what was promised. The logs are the truth; what comments, threads and the inbox say of waiting is written from them
// in the same transaction.
type PromiseStore interface {
	// SavePromiseEvents appends events of points of any sources; Conflict when one does not fit how its point stands.
	SavePromiseEvents(ctx context.Context, events []PromiseEvent, ch Change) error
	// PromiseLogs are the logs of the points of the given comments and messages; points without a promise are not among them.
	PromiseLogs(ctx context.Context, sources ...ID) (map[PointRef][]PromiseEvent, error)
	// PromiseTerms are what a consultation promises; Version 0 where nobody set them. SavePromiseTerms replaces the version that was
	// seen, Conflict otherwise.
	PromiseTerms(ctx context.Context, consultation ID) (CaseTerms, error)
	SavePromiseTerms(ctx context.Context, t CaseTerms, ch Change) error
	// EachPromiseRow streams the points of one consultation, or of all for 0, in the order in which they were asked; those that left every
	// record (Void) are not among them. Reasons are those of every pause there was, by point, each once.
	EachPromiseRow(ctx context.Context, consultation ID, each func(PromiseRow) error) error
	// Workload counts what waits, by service, and what was answered from one moment to another.
	Waiting(ctx context.Context) ([]WaitingRow, error)
	Answered(ctx context.Context, from, to time.Time) ([]AnsweredRow, error)
}

// PromiseRow is one point as the public record counts it: no words, no source.
type PromiseRow struct {
	Topic    Topic // "" = a question in a thread
	Service  string
	State    PromiseState
	Promised bool
	Further  bool // a further question where an answer was given before
	AskedAt  time.Time
	Days     int // promised working days to the first answer
	FirstDue time.Time
	FirstAt  time.Time
	EndedAt  time.Time
	EndedFor string
	PausedAt time.Time     // zero = the clock runs
	Pauses   []string      // reasons, each once
	Rested   time.Duration // working time, up to PausedAt
	Opens    int           // office hours when it was asked
	Shuts    int
}

// Waited is how many working days the first answer took, rests left out, or has taken so far.
func (r PromiseRow) Waited(cal Calendar, now time.Time) (days int, answered bool) {
	clock := officeClock{cal, r.Opens, r.Shuts}
	rest, at := r.Rested, now
	switch {
	case !r.FirstAt.IsZero():
		at = r.FirstAt
	case r.State == PointClosed:
		at = r.EndedAt
	case !r.PausedAt.IsZero():
		rest += clock.rested(r.AskedAt, r.PausedAt, now)
	}
	return clock.days(r.AskedAt, rest, at), !r.FirstAt.IsZero()
}

// EachPromise streams the points of a consultation that anybody may read about, for its public record.
func (s *Service) EachPromise(ctx context.Context, a Actor, consultation ID, each func(PromiseRow) error) (Consultation, error) {
	c, err := s.visible(ctx, a, consultation)
	if err != nil {
		return c, err
	}
	return c, s.store.EachPromiseRow(ctx, c.ID, each)
}
