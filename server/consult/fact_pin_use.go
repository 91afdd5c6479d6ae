package consult

import (
	"context"
	"slices"
)

// maxUtterances bounds what is looked through for a claim: the newest messages, and as many comments.
const maxUtterances = 2000

// FactUtterances lists what may make a card's claim and is not pinned yet, newest first. A claim is looked for among what residents
// said, a correction also among the authority's own words.
func (s *Service) FactUtterances(ctx context.Context, a Actor, id ID) (Fact, []Utterance, error) {
	if err := Must(a, Reply, "look for a claim"); err != nil {
		return Fact{}, nil, err
	}
	f, err := s.store.Fact(ctx, id)
	if err != nil {
		return f, nil, err
	}
	pins, err := s.store.FactPins(ctx, id)
	if err != nil {
		return f, nil, err
	}
	pinned := map[ID]bool{}
	for _, p := range pins {
		pinned[p.Subject] = true
	}
	list, err := s.store.Utterances(ctx, f.Consultation, maxUtterances)
	return f, slices.DeleteFunc(list, func(u Utterance) bool {
		return pinned[u.Subject] || f.Kind == FactClaim && u.Author == ByOfficer
	}), err
}

// FactPinned reads what a card is pinned to; what nobody can read any more comes without words.
func (s *Service) FactPinned(ctx context.Context, a Actor, pins []FactPin) ([]Utterance, error) {
	if err := Must(a, Reply, "read pins"); err != nil {
		return nil, err
	}
	list := make([]Utterance, len(pins))
	for i, p := range pins {
		u, err := s.store.Utterance(ctx, p.Subject)
		if KindOf(err) == NotFound {
			u, err = Utterance{Subject: p.Subject, Thread: p.Thread, Consultation: p.Consultation, At: p.ClaimedAt}, nil
		}
		if err != nil {
			return nil, err
		}
		list[i] = u
	}
	return list, nil
}

// PinFact pins a card under messages and published comments; nothing is hidden by it. A draft can be pinned while it is written: its
// pins show, and its authors hear of it, once it is published. It counts what was not pinned before.
func (s *Service) PinFact(ctx context.Context, a Actor, id ID, subjects []ID) (int, error) {
	const op = "pin fact"
	if err := Must(a, Reply, op); err != nil {
		return 0, err
	}
	var bad check
	if len(subjects) == 0 {
		bad.add("subject", "required")
	}
	if err := bad.err(op); err != nil {
		return 0, err
	}
	f, err := s.store.Fact(ctx, id)
	if err != nil {
		return 0, err
	}
	ch := s.change(a, "fact.pin", id)
	pins := make([]FactPin, len(subjects))
	consultations := make([]ID, len(subjects))
	for i, subject := range subjects {
		u, err := s.store.Utterance(ctx, subject)
		if err == nil && f.Consultation != 0 && u.Consultation != f.Consultation {
			err = fail(NotFound, op)
		}
		if err != nil {
			return 0, err
		}
		pins[i] = FactPin{Fact: id, Subject: subject, Consultation: u.Consultation, Thread: u.Thread, ClaimedAt: u.At, By: a.Standing(), At: ch.At}
		consultations[i] = u.Consultation
	}
	if f.State == FactPublished {
		ch.Mails = factMailsTo(f, FactTelling{Authors: true}, consultations)
	}
	return s.store.PinFact(ctx, id, pins, ch)
}

// UnpinFact takes a card away from where it does not belong.
func (s *Service) UnpinFact(ctx context.Context, a Actor, id ID, subjects []ID) (int, error) {
	const op = "unpin fact"
	if err := Must(a, Reply, op); err != nil {
		return 0, err
	}
	return s.store.UnpinFact(ctx, id, subjects, s.change(a, "fact.unpin", id))
}
