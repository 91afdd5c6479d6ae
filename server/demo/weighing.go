package demo

import (
	"context"
	"fmt"

	"github.com/yousaid/yousaid/server/consult"
)

// weighing is what officers wrote before the case was assessed: topic summaries, report and conditions.
type weighing struct {
	Recommendation string `json:"recommendation"`
	Summaries      []struct {
		Topic    consult.Topic    `json:"topic"`
		Text     string           `json:"text"`
		Material consult.Material `json:"material"`
		Reason   string           `json:"reason"`
	} `json:"summaries"`
	Paragraphs []paragraph `json:"paragraphs"`
	LateItems  []paragraph `json:"lateItems"`
	Conditions []struct {
		Number int    `json:"number"`
		Title  string `json:"title"`
		Text   string `json:"text"`
		Reason string `json:"reason"`
		behind
	} `json:"conditions"`
}

type paragraph struct {
	At      moment `json:"at"` // of late items
	Heading string `json:"heading"`
	Text    string `json:"text"`
	behind
}

// behind are the topics and comments that something rests on; a comment is named by the moment at which it was made.
type behind struct {
	Topics   []consult.Topic `json:"topics"`
	Comments []struct {
		At    moment        `json:"at"`
		Topic consult.Topic `json:"topic"`
	} `json:"comments"`
}

// cites turns what something rests on into links.
func (t *told) cites(b behind) ([]consult.Cite, error) {
	var list []consult.Cite
	for _, topic := range b.Topics {
		list = append(list, consult.Cite{Topic: topic})
	}
	for _, c := range b.Comments {
		id, ok := t.said[c.At]
		if !ok {
			return nil, fmt.Errorf("%s: no comment was made at %s", t.Reference, c.At)
		}
		list = append(list, consult.Cite{Comment: id, Topic: c.Topic})
	}
	return list, nil
}

// weigh writes summaries, report and conditions, as officers do before they finish their assessment.
func (t *told) weigh(ctx context.Context) error {
	if t.Weighing == nil {
		return nil
	}
	officer, err := t.actor("planning")
	if err != nil {
		return err
	}
	for _, s := range t.Weighing.Summaries {
		summary := consult.TopicSummary{Consultation: t.id, Topic: s.Topic, Text: s.Text, Material: s.Material, Reason: s.Reason}
		if err := t.svc.WriteSummary(ctx, officer, summary, ""); err != nil {
			return fmt.Errorf("%s, summary of %s: %w", t.Reference, s.Topic, err)
		}
	}
	for _, p := range t.Weighing.Paragraphs {
		if err := t.paragraph(ctx, p); err != nil {
			return err
		}
	}
	if err := t.conditions(ctx, officer); err != nil {
		return err
	}
	report, _, err := t.svc.ReportDesk(ctx, officer, t.id)
	if err != nil {
		return err
	}
	return t.svc.Recommend(ctx, officer, t.id, t.Weighing.Recommendation, report.Version)
}

func (t *told) conditions(ctx context.Context, officer consult.Actor) error {
	for _, c := range t.Weighing.Conditions {
		cites, err := t.cites(c.behind)
		if err != nil {
			return err
		}
		if _, err := t.svc.WriteCondition(ctx, officer, consult.Condition{Consultation: t.id, Kind: consult.PermissionCondition, Number: c.Number,
			Title: c.Title, Text: c.Text, Reason: c.Reason, Cites: cites}); err != nil {
			return fmt.Errorf("%s, condition %d: %w", t.Reference, c.Number, err)
		}
	}
	return nil
}

// paragraph writes one; after the case was assessed it becomes a late item.
func (t *told) paragraph(ctx context.Context, p paragraph) error {
	officer, err := t.actor("planning")
	if err != nil {
		return err
	}
	cites, err := t.cites(p.behind)
	if err != nil {
		return err
	}
	if _, err := t.svc.WriteParagraph(ctx, officer, consult.Paragraph{Consultation: t.id, Heading: p.Heading, Text: p.Text, Cites: cites}); err != nil {
		return fmt.Errorf("%s, paragraph %q: %w", t.Reference, p.Heading, err)
	}
	return nil
}

// planLateItems makes the steps of what is added to a finished report.
func (t *told) planLateItems() error {
	if t.Weighing == nil {
		return nil
	}
	for _, p := range t.Weighing.LateItems {
		if err := (&chain{run: t.run}).add(p.At, true, func(ctx context.Context) error { return t.paragraph(ctx, p) }); err != nil {
			return err
		}
	}
	return nil
}

// condition finds a condition's id by its number; 0 for none.
func (t *told) condition(ctx context.Context, officer consult.Actor, number int) (consult.ID, error) {
	if number == 0 {
		return 0, nil
	}
	report, _, err := t.svc.ReportDesk(ctx, officer, t.id)
	if err != nil {
		return 0, err
	}
	for _, c := range report.Conditions {
		if c.Number == number {
			return c.ID, nil
		}
	}
	return 0, fmt.Errorf("%s has no condition %d", t.Reference, number)
}
