package consult

import (
	"context"
	"slices"
	"strings"
)

// Outcomes lists the published outcomes of a consultation.
func (s *Service) Outcomes(ctx context.Context, consultation ID) ([]Outcome, error) {
	all, err := s.store.Outcomes(ctx, consultation)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(o Outcome) bool { return o.PublishedAt.IsZero() }), nil
}

// OutcomeDesk lists every outcome, drafts too, and the topics published or received comments raised that have none yet.
func (s *Service) OutcomeDesk(ctx context.Context, a Actor, consultation ID) (outcomes []Outcome, missing []Topic, err error) {
	if err := Must(a, RecordOutcome, "read outcomes"); err != nil {
		return nil, nil, err
	}
	if outcomes, err = s.store.Outcomes(ctx, consultation); err != nil {
		return nil, nil, err
	}
	raised, err := s.store.TopicsRaised(ctx, consultation)
	if err != nil {
		return nil, nil, err
	}
	subjects, err := s.subjectsOf(ctx, consultation)
	if err != nil {
		return nil, nil, err
	}
	for _, t := range TopicsOf(subjects) {
		done := slices.ContainsFunc(outcomes, func(o Outcome) bool { return o.Topic == t })
		if raised[t] > 0 && !done {
			missing = append(missing, t)
		}
	}
	return outcomes, missing, nil
}

// RecordOutcome keeps "you said, we did" for one topic as a draft, or corrects a published one.
func (s *Service) RecordOutcome(ctx context.Context, a Actor, o Outcome) error {
	const op = "record outcome"
	if err := Must(a, RecordOutcome, op); err != nil {
		return err
	}
	subjects, err := s.subjectsOf(ctx, o.Consultation)
	if err != nil {
		return err
	}
	var bad check
	if !slices.Contains(TopicsOf(subjects), o.Topic) {
		bad.add("topic", "choice")
	}
	if !slices.Contains(EffectsOf(subjects.Kind), o.Effect) {
		bad.add("effect", "effect_required")
	}
	bad.text("you-said", o.YouSaid, MaxOutcome, true)
	bad.text("we-did", o.WeDid, MaxOutcome, true)
	bad.line("reference", o.Reference, MaxPlace, false)
	if err := s.checkLinks(ctx, &bad, o); err != nil {
		return err
	}
	if err := bad.err(op); err != nil {
		return err
	}
	o.YouSaid, o.WeDid, o.Reference = strings.TrimSpace(o.YouSaid), strings.TrimSpace(o.WeDid), strings.TrimSpace(o.Reference)
	o.UpdatedAt = s.clock()
	ch := s.change(a, "outcome.record", o.Consultation)
	ch.Detail = string(o.Topic) + " " + string(o.Effect)
	return s.store.SaveOutcome(ctx, o, ch)
}

// checkLinks wants the version and the condition that an outcome names to be there.
func (s *Service) checkLinks(ctx context.Context, bad *check, o Outcome) error {
	k, err := s.store.Consultation(ctx, o.Consultation)
	if err != nil {
		return err
	}
	if o.Version < 0 || o.Version > k.Version {
		bad.add("version", "choice")
	}
	if o.Condition == 0 {
		return nil
	}
	r, err := s.store.Report(ctx, k.ID, AllCites)
	if _, ok := r.Condition(o.Condition); !ok && err == nil {
		bad.add("condition", "choice")
	}
	return err
}

// PublishOutcomes publishes "we asked, you said, we did" and tells everybody concerned. Every topic that was raised needs an outcome.
func (s *Service) PublishOutcomes(ctx context.Context, a Actor, consultation ID) (int, error) {
	const op = "publish outcomes"
	outcomes, missing, err := s.OutcomeDesk(ctx, a, consultation)
	if err != nil {
		return 0, err
	}
	var bad check
	for _, t := range missing {
		bad.add("outcome-"+string(t), "outcome_required", "topic", string(t))
	}
	if len(outcomes) == 0 {
		bad.add("outcomes", "required")
	}
	if err := bad.err(op); err != nil {
		return 0, err
	}
	ch := s.change(a, "outcome.publish", consultation)
	ch.Mails = []Mail{{Kind: MailOutcome, Audience: Audience{Consultation: consultation, Everyone: true}, Subject: consultation}}
	return s.store.PublishOutcomes(ctx, consultation, ch.At, ch)
}
