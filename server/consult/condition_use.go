package consult

import (
	"context"
	"slices"
	"strings"
)

// WriteCondition adds a condition or reason for refusal (Version 0) or replaces one with its links. Those who decide may change them, so
// they stay open until the decision.
func (s *Service) WriteCondition(ctx context.Context, a Actor, c Condition) (ID, error) {
	const op = "write condition"
	k, err := s.paragraphs(ctx, a, op, c.Consultation)
	if err != nil {
		return 0, err
	}
	var bad check
	if !slices.Contains(ConditionKinds(), c.Kind) {
		bad.add("kind", "required")
	}
	if c.Number < 1 || c.Number > MaxNumber {
		bad.add("number", "number", "low", 1, "high", MaxNumber)
	}
	bad.line("title", c.Title, MaxHeading, true)
	bad.text("text", c.Text, MaxCondition, true)
	bad.text("reason", c.Reason, MaxReason, c.Kind == PermissionCondition)
	bad.settled(k.State)
	if err := s.checkCites(ctx, &bad, k.ID, c.Cites); err != nil {
		return 0, err
	}
	if err := bad.err(op); err != nil {
		return 0, err
	}
	ch := s.change(a, "condition.write", c.Consultation)
	if c.Version == 0 {
		c.ID = NewID(ch.At)
	}
	c.Title, c.Text, c.Reason = strings.TrimSpace(c.Title), strings.TrimSpace(c.Text), strings.TrimSpace(c.Reason)
	c.By, c.UpdatedAt = a.Standing(), ch.At
	return c.ID, s.store.SaveCondition(ctx, c, ch)
}

// RemoveCondition takes one out before the decision, unless an outcome leads to it. c.Version is the one that was seen.
func (s *Service) RemoveCondition(ctx context.Context, a Actor, c Condition) error {
	const op = "remove condition"
	k, err := s.paragraphs(ctx, a, op, c.Consultation)
	if err != nil {
		return err
	}
	outcomes, err := s.store.Outcomes(ctx, c.Consultation)
	if err != nil {
		return err
	}
	var bad check
	bad.settled(k.State)
	if slices.ContainsFunc(outcomes, func(o Outcome) bool { return o.Condition == c.ID }) {
		bad.add("condition", "condition_used")
	}
	if err := bad.err(op); err != nil {
		return err
	}
	return s.store.RemoveCondition(ctx, c, s.change(a, "condition.remove", c.Consultation))
}
