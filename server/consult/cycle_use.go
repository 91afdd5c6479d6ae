package consult

import (
	"context"
	"slices"
	"strings"
	"time"
)

// CycleStore keeps what the statutory cycle needs besides rounds and states.
type CycleStore interface {
	// Publicity lists every notice of a consultation, those taken back too, by round and day.
	Publicity(ctx context.Context, consultation ID) ([]Publicity, error)
	// SavePublicity keeps a notice and lets its round, if there is one, end no earlier. A move that comes with it opens the round again.
	SavePublicity(ctx context.Context, p Publicity, end RoundEnd, again *StateEvent, ch Change) error
	// TakeBackPublicity marks a notice that was never given; NotFound when none stands. Rounds keep their ends.
	TakeBackPublicity(ctx context.Context, consultation, publicity ID, why string, ch Change) error
	// ExtendRound lets a round end later and records the event; Conflict when state or end are no longer those of e.From and from.
	ExtendRound(ctx context.Context, e StateEvent, end RoundEnd, from Date, ch Change) error
	// RoundsOver lists consultations whose comments are open although a round of theirs closed before the day and none is running.
	RoundsOver(ctx context.Context, today Date) ([]ID, error)
	// SaveInfluence replaces the statement of influence.
	SaveInfluence(ctx context.Context, consultation ID, i Influence, eia bool, ch Change) error
	// AddDocument keeps a further document behind the others.
	AddDocument(ctx context.Context, d Document, ch Change) error
}

// RoundEnd is a later end of a round. Comments that came before it are in time, whatever they were marked as.
type RoundEnd struct {
	Round  int
	Closes Date
	Over   time.Time // the moment the day is over
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
		func() (err error) { v.History, err = s.store.StateEvents(ctx, consultation); return },
		func() (err error) {
			if r := v.Round(); r.Closes != "" {
				v.Outages, err = s.store.OutagesAcross(ctx, s.calendar.End(r.Closes))
			}
			return
		},
		func() (err error) { v.Raised, err = s.store.TopicsRaised(ctx, consultation); return },
		func() (err error) { v.Outcomes, err = s.store.Outcomes(ctx, consultation); return },
		func() (err error) { v.Weighed, err = s.weighed(ctx, consultation); return },
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
		next.Number = standing.NextRound().Number
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
			Data: moveData(move)}}
	}
	ch.Mails = append(again, ch.Mails...) // the first mail to an address is the one that is sent
	e := StateEvent{Consultation: move.Consultation, From: from, To: move.To, At: ch.At, On: standing.Today, Why: strings.TrimSpace(move.Why), By: a.Standing(),
		Ruling: move.Ruling, CommitteeOn: move.CommitteeOn}
	return s.store.MoveState(ctx, e, move.Version, move.Round, ch)
}

// RecordPublicity keeps that people were told of a round, or will be on a day already fixed. A round whose period this makes longer
// closes later by itself, never earlier; one that was closed meanwhile opens again, and everybody concerned is told.
func (s *Service) RecordPublicity(ctx context.Context, a Actor, p Publicity) error {
	ch := s.change(a, "publicity.record", p.Consultation)
	n, err := s.notify(ctx, a, p, &ch)
	if err != nil {
		return err
	}
	ch.Detail = string(p.Kind) + " " + string(p.On)
	return s.store.SavePublicity(ctx, n.Publicity, n.End, n.Again, ch)
}

// Notice is publicity with what follows from it for its round.
type Notice struct {
	Publicity
	End   RoundEnd
	Again *StateEvent // the round, closed already, opens again; nil = no
}

// notify finds what follows from a notice, and adds the mails about it to the change.
func (s *Service) notify(ctx context.Context, a Actor, p Publicity, ch *Change) (Notice, error) {
	standing, err := s.Standing(ctx, a, p.Consultation)
	if err != nil {
		return Notice{}, err
	}
	p, closes, err := s.notice(standing, p)
	if err != nil {
		return Notice{}, err
	}
	n := Notice{Publicity: p, End: RoundEnd{Round: p.Round, Closes: closes}}
	if closes != "" {
		n.End.Over = s.calendar.End(closes)
	}
	if r := standing.Round(); standing.Consultation.State == ClosedState && r.Number == p.Round && max(closes, r.Closes) >= standing.Today {
		e := standing.extension("", a, *ch)
		n.Again, ch.Mails = &e, standing.tellExtended(max(closes, r.Closes))
	}
	return n, nil
}

// notice holds a notice to its rules, completes it and computes the last day it leaves for comments.
func (s *Service) notice(standing Standing, p Publicity) (Publicity, Date, error) {
	var bad check
	if !slices.Contains(PublicityKinds(), p.Kind) {
		bad.add("publicity", "choice")
	}
	if _, err := ParseDate(string(p.On)); err != nil {
		bad.add("on", "date")
	}
	bad.line("evidence", p.Evidence, 300, true)
	if p.Round < 1 || p.Round > standing.NextRound().Number {
		bad.add("round", "choice")
	}
	if standing.Consultation.State.Settled() {
		bad.add("on", "settled")
	}
	if err := bad.err("record publicity"); err != nil {
		return p, "", err
	}
	var closes Date // of a matter that planning law does not rule, a notice moves no date
	if standing.Consultation.Kind.Planning() {
		r, _ := standing.roundNumbered(p.Round)
		var err error
		if closes, err = s.calendar.LastDay(p.Kind, p.On, r.Kind, standing.Consultation.Application.EIA); err != nil {
			return p, "", err
		}
	}
	now := s.clock()
	p.ID, p.RecordedAt, p.Evidence = NewID(now), now, strings.TrimSpace(p.Evidence)
	return p, closes, nil
}

// TakeBackPublicity takes a notice back that was recorded by mistake. The record keeps it, with the reason.
func (s *Service) TakeBackPublicity(ctx context.Context, a Actor, consultation, publicity ID, why string) error {
	const op = "take back publicity"
	standing, err := s.Standing(ctx, a, consultation)
	if err != nil {
		return err
	}
	var bad check
	bad.line("why", why, 300, true)
	if standing.Consultation.State.Settled() {
		bad.add("why", "settled")
	}
	if err := bad.err(op); err != nil {
		return err
	}
	return s.store.TakeBackPublicity(ctx, consultation, publicity, strings.TrimSpace(why), s.change(a, "publicity.take_back", consultation))
}

// SetInfluence replaces the statement of influence. Once a round is open, what people were told stands; only what they were not told yet,
// as of an imported case, can still be said.
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
		bad.text(part.field, *part.text, MaxInfluence, true)
	}
	k := standing.Consultation
	if asked := k.State == Consulting || k.State == Reconsulting; asked && k.Influence.Complete() {
		bad.add("fixed", "influence_stands", "last", standing.Round().Closes)
	} else if k.State.Settled() {
		bad.add("fixed", "settled")
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
	d.Name, d.URL, d.Text = strings.TrimSpace(d.Name), strings.TrimSpace(d.URL), strings.TrimSpace(d.Text)
	bad.line("name", d.Name, MaxDocumentName, true)
	bad.line("url", d.URL, 1000, false)
	bad.text("text", d.Text, MaxDocument, d.URL == "")
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
