package demo

import (
	"context"
	"fmt"

	"github.com/yousaid/yousaid/server/consult"
)

// amendment is the decision that followed a changed proposal.
type amendment struct {
	DecidedAt moment           `json:"decidedAt"`
	Required  bool             `json:"required"`
	Why       string           `json:"why"`
	Factors   []consult.Factor `json:"factors"`
	Topics    []consult.Topic  `json:"topics"`
	Days      int              `json:"days"`
}

// amends tells whether the story's proposal changes on the way.
func (s story) amends() bool {
	for _, m := range s.Moves {
		if m.Amendment != nil {
			return true
		}
	}
	return false
}

// planAmendment plans the decision after a move that brought a changed proposal, and what authors said about it later.
func (t *told) planAmendment(main *chain, m move) error {
	if m.Amendment == nil {
		return nil
	}
	if err := main.add(m.Amendment.DecidedAt, true, func(ctx context.Context) error { return t.decideAgain(ctx, *m.Amendment) }); err != nil {
		return err
	}
	for _, c := range t.Comments {
		if c.Stands == "" {
			continue
		}
		if err := (&chain{run: t.run}).add(c.Stands, false, func(ctx context.Context) error {
			return t.svc.StandBy(ctx, t.svc.MyCommentToken(t.said[c.At]))
		}); err != nil {
			return err
		}
	}
	return nil
}

// amend receives the changed proposal with its documents.
func (t *told) amend(ctx context.Context, m move) error {
	officer, err := t.actor("planning")
	if err != nil {
		return err
	}
	v, err := t.version(*m.Proposal)
	if err != nil {
		return fmt.Errorf("%s: %w", t.Reference, err)
	}
	in := consult.AmendmentInput{Consultation: t.id, After: 1, Summary: v.Summary, Description: v.Description, Boundary: string(v.Boundary),
		Massing: string(v.Massing), ReceivedOn: v.ReceivedOn, Why: t.dated(m.Why), Documents: t.papersOf(2)}
	if err := t.svc.ReceiveAmendment(ctx, officer, in); err != nil {
		return fmt.Errorf("%s, the changed proposal: %w", t.Reference, err)
	}
	documents, err := t.store.Documents(ctx, t.id)
	for _, d := range documents {
		t.documents[d.Name] = d.ID
	}
	return err
}

func (t *told) decideAgain(ctx context.Context, a amendment) error {
	officer, err := t.actor("planning")
	if err != nil {
		return err
	}
	return t.svc.DecideReconsultation(ctx, officer, t.id, 2, consult.Reconsultation{Required: a.Required, Why: t.dated(a.Why), Factors: a.Factors,
		Topics: a.Topics, Days: a.Days})
}
