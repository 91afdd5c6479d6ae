package consult

import (
	"context"
	"slices"
	"strings"
)

// CycleStore keeps what the statutory cycle needs besides rounds and states.
type CycleStore interface {
	// Publicity lists every notice of a consultation, by round and day.
	Publicity(ctx context.Context, consultation ID) ([]Publicity, error)
	// SavePublicity keeps a notice and lets its round, if there is one, close no earlier than closes.
	SavePublicity(ctx context.Context, p Publicity, closes Date, ch Change) error
	// RemovePublicity takes a notice back that was not given; NotFound when there is none. Rounds keep their ends.
	RemovePublicity(ctx context.Context, consultation, publicity ID, ch Change) error
	// SaveInfluence replaces the statement of influence.
	SaveInfluence(ctx context.Context, consultation ID, i Influence, eia bool, ch Change) error
	// AddDocument keeps a further document behind the others.
	AddDocument(ctx context.Context, d Document, ch Change) error
}

// Move is a finished form of an officer who moves a consultation on.
type Move struct {
	Consultation ID
	To           State
	Why          string
	Version      *ProposalVersion
	Round        *Round
	Ruling       Ruling // needed when To is Decided or AppealDecided
	CommitteeOn  Date   // needed when To is InCommittee
}

// Standing reads a case as the rules of a move look at it.
func (s *Service) Standing(ctx context.Context, a Actor, consultation ID) (Standing, error) {
	if err := Must(a, RecordOutcome, "read standing"); err != nil {
		return Standing{}, err
	}
	v := Standing{Today: s.today(), Calendar: s.calendar}
	for _, read := range []func() error{
		func() (err error) { v.Consultation, err = s.store.Consultation(ctx, consultation); return },
		func() (err error) { v.Rounds, err = s.store.Rounds(ctx, consultation); return },
		func() (err error) { v.Publicity, err = s.store.Publicity(ctx, consultation); return },
		func() (err error) { v.Documents, err = s.store.Documents(ctx, consultation); return },
		func() (err error) { v.Raised, err = s.store.TopicsRaised(ctx, consultation); return },
		func() (err error) { v.Outcomes, err = s.store.Outcomes(ctx, consultation); return },
		func() (err error) { v.Amendment, err = s.amendment(ctx, v.Consultation); return },
		func() (err error) { v.Subjects, err = s.subjects(ctx, v.Consultation); return },
	} {
		if err := read(); err != nil {
			return v, err
		}
	}
	return v, nil
}

// Advance moves a consultation to another state; a new version or round comes with it. Everybody concerned is told.
func (s *Service) Advance(ctx context.Context, a Actor, move Move) error {
	const op = "move consultation"
	standing, err := s.Standing(ctx, a, move.Consultation)
	if err != nil {
		return err
	}
	if move.Round != nil && move.Round.Number == 0 {
		next := *move.Round
		next.Number = standing.round().Number + 1
		move.Round = &next
	}
	bad := check{fields: standing.Refuse(move)}
	// The program itself moves a case only where a date decides; that needs no words.
	bad.text("why", move.Why, 1000, a.Kind != Machine)
	if err := bad.err(op); err != nil {
		return err
	}
	if move.To != Decided && move.To != AppealDecided {
		move.Ruling = Ruling{}
	}
	if move.To != InCommittee {
		move.CommitteeOn = ""
	}
	again, err := s.askAgain(ctx, standing, move)
	if err != nil {
		return err
	}
	from := standing.Consultation.State
	ch := s.change(a, "consultation.move", move.Consultation)
	ch.Detail = string(from) + " → " + string(move.To)
	if move.To.Public() && move.To != Archived {
		ch.Mails = []Mail{{Kind: MailStateChange, Audience: Audience{Consultation: move.Consultation, Everyone: true}, Subject: move.Consultation,
			Data: map[string]string{DataState: string(move.To)}}}
	}
	ch.Mails = append(again, ch.Mails...) // the first mail to an address is the one that is sent
	e := StateEvent{Consultation: move.Consultation, From: from, To: move.To, At: ch.At, On: standing.Today, Why: strings.TrimSpace(move.Why), By: a.Standing(),
		Ruling: move.Ruling, CommitteeOn: move.CommitteeOn}
	return s.store.MoveState(ctx, e, move.Version, move.Round, ch)
}

// RecordPublicity keeps that people were told of a round, or will be on a day already fixed. A round whose period this makes longer
// closes later by itself, never earlier.
func (s *Service) RecordPublicity(ctx context.Context, a Actor, p Publicity) error {
	p, closes, err := s.preparePublicity(ctx, a, p)
	if err != nil {
		return err
	}
	ch := s.change(a, "publicity.record", p.Consultation)
	ch.Detail = string(p.Kind) + " " + string(p.On)
	return s.store.SavePublicity(ctx, p, closes, ch)
}

// preparePublicity holds a notice to its rules, completes it and computes the last day it leaves for comments.
func (s *Service) preparePublicity(ctx context.Context, a Actor, p Publicity) (Publicity, Date, error) {
	const op = "record publicity"
	standing, err := s.Standing(ctx, a, p.Consultation)
	if err != nil {
		return p, "", err
	}
	var bad check
	if !slices.Contains(PublicityKinds(), p.Kind) {
		bad.add("publicity", "choice")
	}
	if _, err := ParseDate(string(p.On)); err != nil {
		bad.add("on", "date")
	}
	bad.line("evidence", p.Evidence, 300, true)
	if last := standing.round().Number; p.Round < 1 || p.Round > last+1 {
		bad.add("round", "choice")
	}
	if s := standing.Consultation.State; s.Settled() {
		bad.add("state", "settled")
	}
	if err := bad.err(op); err != nil {
		return p, "", err
	}
	kind := InitialRound
	if p.Round > 1 {
		kind = AmendmentRound
	}
	for _, r := range standing.Rounds {
		if r.Number == p.Round {
			kind = r.Kind
		}
	}
	var closes Date // of a matter that planning law does not rule, a notice moves no date
	if standing.Consultation.Kind.Planning() {
		if closes, err = s.calendar.LastDay(p.Kind, p.On, kind, standing.Consultation.Application.EIA); err != nil {
			return p, "", err
		}
	}
	p.Evidence, p.RecordedAt = strings.TrimSpace(p.Evidence), s.clock()
	p.ID = NewID(p.RecordedAt)
	return p, closes, nil
}

// RemovePublicity takes a notice back that was recorded by mistake.
func (s *Service) RemovePublicity(ctx context.Context, a Actor, consultation, publicity ID, why string) error {
	const op = "remove publicity"
	if err := Must(a, RecordOutcome, op); err != nil {
		return err
	}
	var bad check
	bad.line("why", why, 300, true)
	if err := bad.err(op); err != nil {
		return err
	}
	ch := s.change(a, "publicity.remove", consultation)
	ch.Detail = strings.TrimSpace(why)
	return s.store.RemovePublicity(ctx, consultation, publicity, ch)
}

// SetInfluence replaces the statement of influence. Once a round is open, what people were told stands.
func (s *Service) SetInfluence(ctx context.Context, a Actor, consultation ID, i Influence, eia bool) error {
	const op = "set influence"
	standing, err := s.Standing(ctx, a, consultation)
	if err != nil {
		return err
	}
	var bad check
	for _, part := range []struct {
		field string
		text  *string
	}{{"fixed", &i.Fixed}, {"open", &i.Open}, {"decider", &i.Decider}, {"when", &i.When}, {"rules", &i.Rules}} {
		*part.text = strings.TrimSpace(*part.text)
		bad.text(part.field, *part.text, 2000, true)
	}
	if state := standing.Consultation.State; state == Consulting || state == Reconsulting || state.Settled() {
		bad.add("state", "round_open", "last", string(standing.LastDay()))
	}
	if err := bad.err(op); err != nil {
		return err
	}
	return s.store.SaveInfluence(ctx, consultation, i, eia, s.change(a, "influence.set", consultation))
}

// AddDocument attaches a document, by link or as text, to the current version.
func (s *Service) AddDocument(ctx context.Context, a Actor, d Document) error {
	const op = "add document"
	if err := Must(a, RecordOutcome, op); err != nil {
		return err
	}
	var bad check
	bad.line("name", d.Name, 200, true)
	bad.line("url", d.URL, 1000, false)
	bad.text("text", d.Text, 50_000, d.URL == "")
	if d.URL != "" && !WebLink(d.URL) {
		bad.add("url", "link")
	}
	if err := bad.err(op); err != nil {
		return err
	}
	c, err := s.store.Consultation(ctx, d.Consultation)
	if err != nil {
		return err
	}
	ch := s.change(a, "document.add", d.Consultation)
	d.ID, d.Status = NewID(ch.At), PublishDocument
	if d.Version == 0 {
		d.Version = c.Version
	}
	return s.store.AddDocument(ctx, d, ch)
}
