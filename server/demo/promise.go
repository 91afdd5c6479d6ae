package demo

import (
	"context"
	"fmt"

	"github.com/yousaid/yousaid/server/consult"
)

// terms are what an officer promised for a case, and from when.
type terms struct {
	At     moment            `json:"at"`
	First  int               `json:"first"`
	Next   int               `json:"next"`
	Close  int               `json:"close"`
	Silent []consult.Silence `json:"silent"`
}

// clockAct is what an officer did to the clocks of a comment's points.
type clockAct struct {
	At     moment                   `json:"at"`
	Do     consult.PromiseEventKind `json:"do"`
	Topics []consult.Topic          `json:"topics"` // none = all that wait
	Reason string                   `json:"reason"`
	Words  string                   `json:"words"`
}

// planTerms makes the step at which the terms are set.
func (t *told) planTerms(main *chain) error {
	if t.Terms == nil {
		return nil
	}
	return main.add(t.Terms.At, false, func(ctx context.Context) error {
		officer, err := t.actor("planning")
		if err != nil {
			return err
		}
		now, err := t.svc.PromiseTermsDesk(ctx, officer, t.id)
		if err != nil {
			return err
		}
		now.First, now.Next, now.Close, now.Silent = t.Terms.First, t.Terms.Next, t.Terms.Close, t.Terms.Silent
		if err := t.svc.SetPromiseTerms(ctx, officer, now); err != nil {
			return fmt.Errorf("%s, what is promised: %w", t.Reference, err)
		}
		return nil
	})
}

// turn pauses, resumes or closes.
func (t *told) turn(ctx context.Context, comment consult.ID, a clockAct) error {
	officer, err := t.actor("planning")
	if err != nil {
		return err
	}
	act := consult.PromiseAct{Source: comment, Do: a.Do, Topics: a.Topics, Reason: a.Reason, Words: a.Words}
	if err := t.svc.ActOnPromise(ctx, officer, act); err != nil {
		return fmt.Errorf("%s, the clock of %s: %w", t.Reference, a.At, err)
	}
	return nil
}
