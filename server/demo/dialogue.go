package demo

import (
	"context"
	"fmt"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// planThread makes the steps of a thread: the first message opens it.
func (t *told) planThread(th thread) error {
	c := &chain{run: t.run}
	var id consult.ID
	for i, m := range th.Messages {
		var posted consult.Posted
		err := c.add(m.At, m.By != "", func(ctx context.Context) (err error) {
			if posted, err = t.say(ctx, th, i, id, m); err != nil {
				return fmt.Errorf("%s, thread %q, message %d: %w", t.Reference, th.Title, i+1, err)
			}
			id = posted.Thread.ID
			t.result.Messages++
			return nil
		})
		if err != nil {
			return err
		}
		if m.Hide == nil {
			continue
		}
		if err := c.add(m.Hide.At, true, func(ctx context.Context) error { return t.hide(ctx, posted.Message.ID, m) }); err != nil {
			return err
		}
	}
	return nil
}

// say posts the i-th message of a thread.
func (t *told) say(ctx context.Context, th thread, i int, id consult.ID, m message) (consult.Posted, error) {
	who, in, err := t.speaker(m)
	if err != nil {
		return consult.Posted{}, err
	}
	if i > 0 {
		in.Thread = id
		return t.svc.PostMessage(ctx, who, in)
	}
	open := consult.ThreadInput{Consultation: t.id, Title: th.Title, First: in}
	if th.Document != "" {
		open.Anchor, open.AnchorID = consult.OnDocument, t.documents[th.Document]
	}
	t.result.Threads++
	return t.svc.StartThread(ctx, who, open)
}

// speaker says who speaks and makes their form.
func (t *told) speaker(m message) (consult.Actor, consult.MessageInput, error) {
	in := consult.MessageInput{Name: m.Name, Body: t.dated(m.Text), Language: m.Language}
	if in.Language == "" {
		in.Language = "en"
	}
	if m.By == "" {
		return consult.Actor{Kind: consult.Visitor}, in, nil
	}
	a, err := t.actor(m.By)
	return a, in, err
}

// hide takes a message out of sight, with its rule and reason.
func (t *told) hide(ctx context.Context, id consult.ID, m message) error {
	moderator, err := t.actor("admin")
	if err != nil {
		return err
	}
	_, err = t.svc.SetMessageState(ctx, moderator, id, consult.MessageHidden, m.Hide.Rule, m.Hide.Reason)
	return err
}

// planComment makes the steps of one comment: sent, published or withheld, answered.
func (t *told) planComment(c comment) error {
	where, err := t.streetOf(c.Street)
	if err != nil {
		return err
	}
	in := t.input(c, where)
	follow := &chain{run: t.run}
	var id consult.ID
	err = follow.add(c.At, false, func(ctx context.Context) error {
		in.Consultation = t.id
		receipt, err := t.svc.SubmitComment(ctx, consult.Actor{Kind: consult.Visitor}, in)
		if err != nil {
			return fmt.Errorf("%s, comment of %s: %w", t.Reference, c.At, err)
		}
		id = receipt.Comment.ID
		t.said[c.At] = id
		t.result.Comments++
		if c.Equality == nil {
			return nil
		}
		return t.svc.AnswerEquality(ctx, receipt.Token, *c.Equality)
	})
	if err != nil {
		return err
	}
	if c.Publish != nil {
		if err := follow.add(c.Publish.At, true, func(ctx context.Context) error { return t.publish(ctx, id, c, in) }); err != nil {
			return err
		}
	}
	for _, a := range c.Clock {
		if err := follow.add(a.At, true, func(ctx context.Context) error { return t.turn(ctx, id, a) }); err != nil {
			return err
		}
	}
	if c.Answer == nil {
		return nil
	}
	return follow.add(c.Answer.At, true, func(ctx context.Context) error { return t.answer(ctx, id, *c.Answer) })
}

// input is the finished form. Contacts are numbered roles; their addresses are of the domain kept for examples (RFC 2606).
func (t *told) input(c comment, where street) consult.CommentInput {
	t.people++
	in := consult.CommentInput{Stance: c.Stance, Points: c.Points, PlaceText: c.Place, Channel: c.Channel, Language: c.Language,
		ShowName: c.ShowName, Contact: consult.Contact{Name: fmt.Sprintf("Resident %02d of %s", t.people, where.Name),
			Address: fmt.Sprintf("%d %s", t.people, where.Name), Postcode: where.Postcode, Phone: c.Phone, Language: c.Language}}
	if in.Language == "" {
		in.Language, in.Contact.Language = "en", "en"
	}
	if in.Channel == "" {
		in.Channel = "web"
	}
	if c.Mail {
		in.Contact.Email = fmt.Sprintf("resident%02d@example.org", t.people)
	}
	if c.Spot != nil {
		in.Place, in.HasPlace = t.placeOf(*c.Spot), true
	}
	return in
}

func (t *told) placeOf(at [2]float64) geo.Point { return t.site.move(at[0], at[1]).point() }

// publish decides what the public reads of a comment.
func (t *told) publish(ctx context.Context, id consult.ID, c comment, in consult.CommentInput) error {
	officer, err := t.actor("planning")
	if err != nil {
		return err
	}
	p := consult.Publication{Comment: id, Points: c.Publish.Points, PlaceText: in.PlaceText, Reasons: c.Publish.Reasons,
		Withhold: c.Publish.Withhold}
	if len(p.Points) == 0 {
		p.Points = c.Points
	}
	if c.ShowName {
		p.NameShown = in.Contact.Name
	}
	if err := t.svc.PublishComment(ctx, officer, p); err != nil {
		return fmt.Errorf("%s, publication of the comment of %s: %w", t.Reference, c.At, err)
	}
	return nil
}

// answer replies to a comment.
func (t *told) answer(ctx context.Context, id consult.ID, m message) error {
	who, in, err := t.speaker(m)
	if err != nil {
		return err
	}
	if _, err := t.svc.AnswerComment(ctx, who, id, in); err != nil {
		return fmt.Errorf("%s, answer to the comment: %w", t.Reference, err)
	}
	t.result.Messages++
	return nil
}
