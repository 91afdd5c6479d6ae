package consult

import (
	"context"
	"slices"
	"strings"
	"time"
)

// Limits of promises.
const (
	MaxPromiseDays = 60  // working days to an answer
	MaxCloseDays   = 250 // working days until a point is settled: about a year
	MaxSilence     = 300 // characters of why no answer is promised on a topic
	MaxPauseWords  = 200 // characters of what the public reads beside a pause's reason
)

// CaseTerms are what a consultation promises: who answers, within how many working days, on which topics not. A change applies to what
// is asked from then on.
type CaseTerms struct {
	Consultation ID
	Version      int    // changes with every save; 0 = nobody set them: what the case came with
	Service      string // who answers
	PromiseTerms        // Close 0 = not promised
	Silent       []Silence
	By           string // service and role of who set them last
	UpdatedAt    time.Time
}

// Silence is a topic on which no answer is promised.
type Silence struct {
	Topic  Topic
	Reason string // shown to everybody before they write
}

// Silence finds why no answer is promised on a topic; "" where one is.
func (t CaseTerms) Silence(topic Topic) string {
	for _, s := range t.Silent {
		if s.Topic == topic {
			return s.Reason
		}
	}
	return ""
}

// PromiseTerms are what a consultation promises, for everybody who may read it.
func (s *Service) PromiseTerms(ctx context.Context, a Actor, consultation ID) (CaseTerms, error) {
	c, err := s.visible(ctx, a, consultation)
	if err != nil {
		return CaseTerms{}, err
	}
	return s.store.PromiseTerms(ctx, c.ID)
}

// SetPromiseTerms keeps what a consultation promises. Conflict when somebody else has set them meanwhile: Version is the one that was seen.
func (s *Service) SetPromiseTerms(ctx context.Context, a Actor, t CaseTerms) error {
	const op = "set promise"
	if err := Must(a, RecordOutcome, op); err != nil {
		return err
	}
	subjects, err := s.subjectsOf(ctx, t.Consultation)
	if err != nil {
		return err
	}
	var bad check
	bad.line("service", t.Service, MaxName, true)
	bad.days("first", t.First, 1, MaxPromiseDays)
	bad.days("next", t.Next, 1, MaxPromiseDays)
	if t.Close != 0 {
		bad.days("close", t.Close, max(t.First, 1), MaxCloseDays)
	}
	topics := TopicsOf(subjects)
	for i, k := range t.Silent {
		if !slices.Contains(topics, k.Topic) || slices.ContainsFunc(t.Silent[:i], func(o Silence) bool { return o.Topic == k.Topic }) {
			bad.add("silent", "choice")
			continue
		}
		bad.line("silent-"+string(k.Topic), k.Reason, MaxSilence, true)
		t.Silent[i].Reason = strings.TrimSpace(k.Reason)
	}
	if err := bad.err(op); err != nil {
		return err
	}
	ch := s.change(a, "promise.terms", t.Consultation)
	t.Service, t.By, t.UpdatedAt = strings.TrimSpace(t.Service), a.Standing(), ch.At
	return s.store.SavePromiseTerms(ctx, t, ch)
}

// days holds a number of working days to its limits.
func (c *check) days(field string, n, low, high int) {
	if n < low || n > high {
		c.add(field, "number", "low", low, "high", high)
	}
}

// PromiseTermsDesk are the same for officers of a case, also before it is public.
func (s *Service) PromiseTermsDesk(ctx context.Context, a Actor, consultation ID) (CaseTerms, error) {
	if err := Must(a, RecordOutcome, "read promise"); err != nil {
		return CaseTerms{}, err
	}
	return s.store.PromiseTerms(ctx, consultation)
}
