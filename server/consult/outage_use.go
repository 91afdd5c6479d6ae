package consult

import (
	"context"
	"strings"
	"time"
)

// OutageStore keeps when the site was there.
type OutageStore interface {
	// Beat notes that a node lives. When none did for longer than gap, it records the outage until now, with the change.
	Beat(ctx context.Context, at time.Time, gap time.Duration, ch Change) error
	SaveOutage(ctx context.Context, o Outage, ch Change) error
	// OutagesAcross lists the outages across the last minute before a moment, the latest first.
	OutagesAcross(ctx context.Context, end time.Time) ([]Outage, error)
	// Outages lists the latest ones first.
	Outages(ctx context.Context, limit int) ([]Outage, error)
}

// Beat notes that this node lives, then closes what was over at that moment, and counts it. The first beat after a silence of every node
// records it as an outage. What ends between the two is left to the next beat: the machine may have slept meanwhile, and only that beat
// knows whether there was an outage.
func (s *Service) Beat(ctx context.Context, gap time.Duration) (closed int, err error) {
	ch := s.change(System(), "outage.notice", 0)
	if err := s.store.Beat(ctx, ch.At, gap, ch); err != nil {
		return 0, err
	}
	return s.closeDue(ctx, s.calendar.Day(ch.At))
}

// maxOutage is the longest outage one can record; a longer one is a slip of the pen.
const maxOutage = 90 * 24 * time.Hour

// RecordOutage keeps an outage that the program could not notice: the site ran, but nobody could reach it.
func (s *Service) RecordOutage(ctx context.Context, a Actor, o Outage) error {
	const op = "record outage"
	if err := Must(a, RecordOutcome, op); err != nil {
		return err
	}
	var bad check
	now := s.clock()
	switch {
	case o.From.IsZero():
		bad.add("outage-from", "required")
	case o.To.IsZero():
		bad.add("outage-to", "required")
	case !o.To.After(o.From) || o.To.Sub(o.From) > maxOutage:
		bad.add("outage-to", "outage_ends")
	case o.To.After(now):
		bad.add("outage-to", "outage_over")
	}
	bad.line("outage-why", o.Why, 300, true)
	if err := bad.err(op); err != nil {
		return err
	}
	ch := s.change(a, "outage.record", 0)
	ch.Detail = o.From.UTC().Format(time.RFC3339) + " " + o.To.UTC().Format(time.RFC3339)
	o.ID, o.RecordedAt, o.By, o.Why = NewID(now), now, a.Standing(), strings.TrimSpace(o.Why)
	return s.store.SaveOutage(ctx, o, ch)
}

// RecentOutages lists the latest ones, for officers.
func (s *Service) RecentOutages(ctx context.Context, a Actor) ([]Outage, error) {
	if err := Must(a, RecordOutcome, "read outages"); err != nil {
		return nil, err
	}
	return s.store.Outages(ctx, 5)
}

// ExtendRound lets the latest round end on a later day, never an earlier one, and tells everybody concerned. One that was closed
// meanwhile is opened again by it, as long as nothing has followed.
func (s *Service) ExtendRound(ctx context.Context, a Actor, consultation ID, closes Date, why string) error {
	const op = "extend round"
	standing, err := s.Standing(ctx, a, consultation)
	if err != nil {
		return err
	}
	var bad check
	r, state := standing.Round(), standing.Consultation.State
	_, err = ParseDate(string(closes))
	switch {
	case r.Number == 0 || state != Consulting && state != Reconsulting && state != ClosedState:
		bad.add("extend-closes", "extend_state")
	case err != nil:
		bad.add("extend-closes", "date")
	case closes <= r.Closes:
		bad.add("extend-closes", "extend_later", "closes", r.Closes)
	case closes < standing.Today:
		bad.add("extend-closes", "closes_past")
	case !s.calendar.Knows(closes):
		bad.fields = append(bad.fields, FieldsOf(s.calendar.unknown(op, "extend-closes"))...)
	}
	bad.text("extend-why", why, 1000, true)
	if err := bad.err(op); err != nil {
		return err
	}
	ch := s.change(a, "round.extend", consultation)
	ch.Detail = string(r.Closes) + " → " + string(closes)
	ch.Mails = standing.tellExtended(closes)
	end := RoundEnd{Round: r.Number, Closes: closes, Over: s.calendar.End(closes)}
	return s.store.ExtendRound(ctx, standing.extension(strings.TrimSpace(why), a, ch), end, r.Closes, ch)
}

// extension is the event of a round that ends later: a state that stays, or one that comes back.
func (s Standing) extension(why string, a Actor, ch Change) StateEvent {
	from := s.Consultation.State
	to := from
	if to == ClosedState {
		to = Consulting
		if s.Round().Kind != InitialRound {
			to = Reconsulting
		}
	}
	return StateEvent{Consultation: s.Consultation.ID, From: from, To: to, At: ch.At, On: s.Today, Why: why, By: a.Standing()}
}

// tellExtended is the mail about more time.
func (s Standing) tellExtended(closes Date) []Mail {
	return []Mail{{Kind: MailExtended, Audience: Audience{Consultation: s.Consultation.ID, Everyone: true}, Subject: s.Consultation.ID,
		Data: map[string]string{DataCloses: string(closes)}}}
}

// CloseDue closes every case whose round is over, and counts them. One whose end an outage lies across is left to an officer: Extension.
func (s *Service) CloseDue(ctx context.Context) (closed int, err error) {
	return s.closeDue(ctx, s.today())
}

func (s *Service) closeDue(ctx context.Context, today Date) (closed int, err error) {
	due, err := s.store.RoundsOver(ctx, today)
	if err != nil {
		return 0, err
	}
	for _, id := range due {
		standing, err := s.Standing(ctx, System(), id)
		if err != nil {
			return closed, err
		}
		standing.Today = today
		move := Move{Consultation: id, To: ClosedState}
		if _, undecided := standing.Extension(); undecided || len(standing.Refuse(move)) > 0 {
			continue
		}
		err = s.Advance(ctx, System(), move)
		if KindOf(err) == Conflict {
			continue // another node was quicker
		}
		if err != nil {
			return closed, err
		}
		closed++
	}
	return closed, nil
}
