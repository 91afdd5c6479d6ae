package consult

import (
	"context"
	"slices"
	"strings"
	"time"
)

// PublishComment decides what the public reads of a comment: every topic's text, unchanged or redacted with reasons. Where the
// consultation wants two officers, the decision waits for another one: the SecondLook says so.
func (s *Service) PublishComment(ctx context.Context, a Actor, p Publication) error {
	const op = "publish comment"
	if err := Must(a, Publish, op); err != nil {
		return err
	}
	file, err := s.store.CommentFile(ctx, p.Comment)
	if err != nil {
		return err
	}
	if p, err = checkPublication(op, file, p, a.Standing()); err != nil {
		return err
	}
	waits, err := s.wantsSecondLook(ctx, a, file.Comment.Consultation)
	if err != nil {
		return err
	}
	if waits {
		ch := s.change(a, "comment.second-look", p.Comment)
		ch.Detail = publicationDetail(p)
		return s.store.SaveSecondLook(ctx, SecondLook{Comment: p.Comment, Consultation: file.Comment.Consultation, Publication: p, Officer: a.ID,
			By: a.Standing(), At: ch.At}, ch)
	}
	c, ch := s.publication(a, file, p)
	return s.store.PublishComment(ctx, c, p.Reasons, ch)
}

// publication describes the write of a checked decision.
func (s *Service) publication(a Actor, file CommentFile, p Publication) (Comment, Change) {
	c := file.Comment
	ch := s.change(a, "comment.publish", c.ID)
	c.Redacted = p.PlaceText != file.OriginalPlace || !slices.Equal(p.Points, file.Original)
	c.PlaceText, c.Points, c.Redactions = p.PlaceText, p.Points, p.Redactions
	c.NameShown = p.NameShown
	c.State, c.PublishedAt = CommentPublished, ch.At
	if p.Withhold {
		c.State, c.PublishedAt, c.Points, ch.Action = CommentWithheld, time.Time{}, nil, "comment.withhold"
	} else if file.Comment.State != CommentPublished {
		ch.Mails = []Mail{{Kind: MailPublished, Audience: Audience{Comment: c.ID}, Subject: c.ID}}
	}
	ch.Detail = publicationDetail(p)
	ch.Events = []Event{{Thread: DeskThread, Kind: EventSettled, Subject: c.ID, At: ch.At}}
	return c, ch
}

// publicationDetail is what the log keeps of a decision: its reasons.
func publicationDetail(p Publication) string { return strings.Join(p.Reasons, ",") }

// checkPublication holds a decision to its rules and completes it: texts made of redactions, reasons of both.
func checkPublication(op string, file CommentFile, p Publication, by string) (Publication, error) {
	if !file.Comment.Counts() {
		return p, fail(Conflict, op)
	}
	var bad check
	for _, r := range p.Reasons {
		if !slices.Contains(RedactionReasons(), r) {
			bad.add("reasons", "choice")
		}
	}
	bad.redactions(file, p)
	if p.Withhold && file.Comment.State == CommentPublished {
		bad.add("reasons", "hide_under_rule") // readers have seen it: they are told under which rule it goes (Moderate)
	}
	if err := bad.err(op); err != nil {
		return p, err
	}
	p.Redactions = SortRedactions(p.Redactions)
	for i := range p.Redactions {
		p.Redactions[i].By = by
		if !slices.Contains(p.Reasons, p.Redactions[i].Reason) {
			p.Reasons = append(slices.Clone(p.Reasons), p.Redactions[i].Reason)
		}
	}
	typed := p.Points != nil
	if !typed {
		p.Points, p.PlaceText = file.Redacted(p.Redactions, p.Marks)
	}
	p.PlaceText = strings.TrimSpace(p.PlaceText)
	if p.NameShown != "" {
		p.NameShown = file.OriginalName // the author's or none, never another one
	}
	changed := p.PlaceText != file.OriginalPlace
	if !p.Withhold {
		changed = bad.sameShape(file, p.Points, typed) || changed
	}
	if (changed && typed || p.Withhold) && len(p.Reasons) == 0 {
		bad.add("reasons", "reason_required")
	}
	return p, bad.err(op)
}

// sameShape wants the topics of the original in their order, each with words, and tells whether any text differs. Typed texts keep to
// the limit of typing; marks may make a text longer.
func (c *check) sameShape(file CommentFile, points []CommentPoint, typed bool) (changed bool) {
	if len(points) != len(file.Original) {
		c.add("topics", "same_topics")
	}
	for i, p := range points {
		if i >= len(file.Original) || p.Topic != file.Original[i].Topic {
			c.add("topics", "same_topics")
			continue
		}
		limit := MaxPoint
		if !typed {
			limit = Length(p.Text)
		}
		c.text("text-"+string(p.Topic), p.Text, limit, true)
		changed = changed || p.Text != file.Original[i].Text
	}
	return changed
}

// wantsSecondLook tells whether the actor's decision waits for somebody else. The program itself decides alone: imports and the demo
// bring decisions that were made.
func (s *Service) wantsSecondLook(ctx context.Context, a Actor, consultation ID) (bool, error) {
	if a.Kind == Machine {
		return false, nil
	}
	return s.store.SecondLookAsked(ctx, consultation)
}
