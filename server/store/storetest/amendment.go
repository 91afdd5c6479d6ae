package storetest

import (
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

var amendmentTests = map[string]func(*T){
	"AnAmendmentComesWholeAndOnce": func(t *T) {
		id := t.saved(func(c *consult.Case) { c.Consultation.State = consult.ClosedState })
		e := consult.StateEvent{Consultation: id, From: consult.ClosedState, To: consult.Amended, At: t.now, Why: "New plans", By: "Planning, Officer"}
		v := consult.ProposalVersion{Consultation: id, Number: 2, Summary: "One storey less", Description: "Eleven homes", ReceivedOn: "2026-04-01"}
		old := consult.Document{ID: t.id(), Consultation: id, Version: 1, Name: "Plan", Text: "a", Status: consult.PublishDocument}
		t.must(t.AddDocument(t.ctx, old, t.change("document.add", id)))
		d := consult.Document{ID: t.id(), Consultation: id, Version: 2, Name: "Plan 2", Text: "b", Replaces: old.ID, Status: consult.PublishDocument}
		am := consult.Amendment{Consultation: id, Version: 2, RecordedAt: t.now, By: "Planning, Officer"}
		receive := func(e consult.StateEvent, v consult.ProposalVersion) error {
			return t.ReceiveAmendment(t.ctx, e, v, []consult.Document{d}, am, t.change("amendment.receive", id))
		}
		stale := v
		stale.Number = 3
		t.wants(consult.Conflict, receive(e, stale))
		same(t, "documents after a refusal", len(got(t.Documents(t.ctx, id))(t)), 1)
		t.must(receive(e, v))
		t.wants(consult.Conflict, receive(e, v))
		k := got(t.Consultation(t.ctx, id))(t)
		same(t, "state", k.State, consult.Amended)
		same(t, "version", k.Version, 2)
		same(t, "amendments", got(t.Amendments(t.ctx, id))(t), []consult.Amendment{am})
		same(t, "documents", len(got(t.Documents(t.ctx, id))(t)), 2)
		history := got(t.StateEvents(t.ctx, id))(t)
		same(t, "why", history[len(history)-1].Why, "New plans")
		unknown := e
		unknown.Consultation = t.id()
		t.wants(consult.NotFound, receive(unknown, v))
	},
	"ADecisionIsMadeOnce": func(t *T) {
		id := t.amended()
		am := got(t.Amendments(t.ctx, id))(t)[0]
		am.Decision = consult.Reconsultation{Required: true, Why: "It is large.", Factors: []consult.Factor{consult.ChangeSignificant, consult.NewlyAffected},
			Topics: []consult.Topic{"light", "traffic"}, Days: 21, At: t.now, By: "Planning, Officer"}
		t.must(t.DecideAmendment(t.ctx, am, nil, t.change("amendment.decide", id)))
		same(t, "amendments", got(t.Amendments(t.ctx, id))(t), []consult.Amendment{am})
		t.wants(consult.Conflict, t.DecideAmendment(t.ctx, am, nil, t.change("amendment.decide", id)))
		am.Version = 9
		t.wants(consult.Conflict, t.DecideAmendment(t.ctx, am, nil, t.change("amendment.decide", id)))
	},
	"ADecisionMovesInTheSameBreath": func(t *T) {
		id := t.amended()
		am := got(t.Amendments(t.ctx, id))(t)[0]
		am.Decision = consult.Reconsultation{Why: "It is small.", Factors: []consult.Factor{consult.ChangeMinor}, At: t.now}
		e := consult.StateEvent{Consultation: id, From: consult.Reconsulting, To: consult.ClosedState, At: t.now, Why: "It is small."}
		t.wants(consult.Conflict, t.DecideAmendment(t.ctx, am, &e, t.change("amendment.decide", id)))
		if got(t.Amendments(t.ctx, id))(t)[0].Decision.Made() {
			t.Error("a decision stayed although its move was refused")
		}
		e.From = consult.Amended
		t.must(t.DecideAmendment(t.ctx, am, &e, t.change("amendment.decide", id)))
		same(t, "state", got(t.Consultation(t.ctx, id))(t).State, consult.ClosedState)
	},
	"ACommentStandsInARoundOnce": func(t *T) {
		id := t.saved()
		c := t.published(id)
		t.must(t.Stand(t.ctx, c.ID, 2, t.change("comment.stand", c.ID)))
		rows := len(got(t.AuditRows(t.ctx, 0, 1000))(t))
		t.must(t.Stand(t.ctx, c.ID, 2, t.change("comment.stand", c.ID)))
		same(t, "audit rows", len(got(t.AuditRows(t.ctx, 0, 1000))(t)), rows)
		same(t, "stands", got(t.Comment(t.ctx, c.ID))(t).Stands, 2)
		list, _, err := t.Comments(t.ctx, consult.CommentFilter{Consultation: id})
		t.must(err)
		same(t, "stands in the list", list[0].Stands, 2)
		t.wants(consult.NotFound, t.Stand(t.ctx, t.id(), 2, t.change("comment.stand", 1)))
		t.must(t.WithdrawComment(t.ctx, c.ID, t.change("comment.withdraw", c.ID)))
		t.wants(consult.Conflict, t.Stand(t.ctx, c.ID, 3, t.change("comment.stand", c.ID)))
	},
	"AWithdrawnCommentIsKeptAndNothingElse": func(t *T) {
		id := t.saved()
		c, other := t.published(id), t.published(id)
		t.later(time.Hour)
		t.must(t.WithdrawComment(t.ctx, c.ID, t.change("comment.withdraw", c.ID)))
		t.must(t.WithdrawComment(t.ctx, c.ID, t.change("comment.withdraw", c.ID)))
		t.wants(consult.NotFound, t.WithdrawComment(t.ctx, t.id(), t.change("comment.withdraw", 1)))
		kept := got(t.CommentFile(t.ctx, c.ID))(t)
		same(t, "state", kept.Comment.State, consult.CommentWithdrawn)
		same(t, "when", kept.Comment.WithdrawnAt, t.now)
		if len(kept.Original) == 0 || kept.Contact.Name == "" {
			t.Error("what the author wrote is gone")
		}
		same(t, "name", got(t.Comment(t.ctx, c.ID))(t).NameShown, "")
		t.wants(consult.Conflict, t.PublishComment(t.ctx, c, nil, t.change("comment.publish", c.ID)))
		t.counts(id, other.ID)
	},
	"ANewerCommentSupersedesAndCountsOnce": func(t *T) {
		id, elsewhere := t.saved(), t.saved(func(c *consult.Case) { c.Consultation.Application.Reference = "2099/77777/PA" })
		old := t.published(id)
		t.must(t.SaveEquality(t.ctx, old.ID, consult.EqualityAnswers{Consultation: id, AgeBand: "25-34", RecordedOn: "2026-04-02"}, t.change("equality", old.ID)))
		newer := func(of consult.ID) (consult.Comment, error) {
			c := t.aComment(of, func(c *consult.Comment) { c.Replaces = old.ID })
			return c, t.SaveComment(t.ctx, c, []consult.CommentPoint{{Topic: "light", Text: "Better."}}, consult.Contact{Name: "Resident", Email: "new@example.org",
				Language: "en"}, "", t.change("comment.submit", c.ID))
		}
		_, err := newer(elsewhere)
		t.wants(consult.Conflict, err)
		c, err := newer(id)
		t.must(err)
		_, err = newer(id)
		t.wants(consult.Conflict, err)
		kept := got(t.CommentFile(t.ctx, old.ID))(t).Comment
		same(t, "state", kept.State, consult.CommentSuperseded)
		same(t, "replaced by", kept.ReplacedBy, c.ID)
		same(t, "replaces", got(t.Comment(t.ctx, c.ID))(t).Replaces, old.ID)
		same(t, "asked the equality questions", got(t.EqualityAsked(t.ctx, c.ID))(t), true)
		t.wants(consult.Conflict, t.WithdrawComment(t.ctx, old.ID, t.change("comment.withdraw", old.ID)))
		t.wants(consult.Conflict, t.Stand(t.ctx, old.ID, 2, t.change("comment.stand", old.ID)))
		same(t, "received", got(t.Tally(t.ctx, id))(t).Comments, 1)
		same(t, "published", got(t.Tally(t.ctx, id))(t).Published, 0)
		inbox := got(t.Inbox(t.ctx, t.asks(consult.InboxUnanswered, 0, 50)))(t)
		for _, item := range inbox.Items {
			if item.Comment == old.ID {
				t.Error("an answer to the superseded comment is still awaited")
			}
		}
		t.must(t.PublishComment(t.ctx, withPoints(c), nil, t.change("comment.publish", c.ID)))
		t.counts(id, c.ID)
	},
	"MailsByTopicGoToTheirAuthorsAlone": func(t *T) {
		id := t.saved()
		say := func(email string, topic consult.Topic, edit ...func(*consult.Comment)) consult.Comment {
			c := t.aComment(id, edit...)
			t.must(t.SaveComment(t.ctx, c, []consult.CommentPoint{{Topic: topic, Text: "words"}}, consult.Contact{Name: "Resident", Email: email, Language: "ur"}, "",
				t.change("comment.submit", c.ID)))
			return c
		}
		light := say("light@example.org", "light")
		say("noise@example.org", "noise")
		gone := say("gone@example.org", "light")
		t.must(t.WithdrawComment(t.ctx, gone.ID, t.change("comment.withdraw", gone.ID)))
		f := consult.Follow{ID: t.id(), Consultation: id, Email: "light@example.org", Language: "en", CreatedAt: t.now}
		f = got(t.SaveFollow(t.ctx, f, t.change("follow.ask", f.ID)))(t)
		t.must(t.ConfirmFollow(t.ctx, f.ID, t.change("follow.confirm", f.ID)))
		for { // what was sent so far
			waiting := got(t.ClaimDeliveries(t.ctx, t.later(time.Minute), time.Hour, 50))(t)
			if len(waiting) == 0 {
				break
			}
			for _, d := range waiting {
				t.must(t.DeliverySent(t.ctx, d.ID, t.now))
			}
		}
		ch := t.change("consultation.move", id)
		ch.Mails = []consult.Mail{
			{Kind: consult.MailAmendment, Audience: consult.Audience{Consultation: id, Topics: []consult.Topic{"light", "design"}}, Subject: id},
			{Kind: consult.MailStateChange, Audience: consult.Audience{Consultation: id, Everyone: true}, Subject: id}}
		t.must(t.Note(t.ctx, ch))
		kinds := map[string]consult.MailKind{}
		for _, d := range got(t.ClaimDeliveries(t.ctx, t.later(time.Minute), time.Hour, 50))(t) {
			if _, twice := kinds[d.To]; twice {
				t.Errorf("%s is told twice", d.To)
			}
			kinds[d.To] = d.Kind
			if d.Kind == consult.MailAmendment {
				same(t, "comment", d.Comment, light.ID)
			}
		}
		same(t, "mails", kinds, map[string]consult.MailKind{"light@example.org": consult.MailAmendment, "noise@example.org": consult.MailStateChange})
	},
}

// amended is a consultation with an amendment that waits for its decision.
func (t *T) amended() consult.ID {
	id := t.saved(func(c *consult.Case) { c.Consultation.State = consult.ClosedState })
	e := consult.StateEvent{Consultation: id, From: consult.ClosedState, To: consult.Amended, At: t.now, Why: "New plans"}
	v := consult.ProposalVersion{Consultation: id, Number: 2, Summary: "One storey less", ReceivedOn: "2026-04-01"}
	t.must(t.ReceiveAmendment(t.ctx, e, v, nil, consult.Amendment{Consultation: id, Version: 2, RecordedAt: t.now}, t.change("amendment.receive", id)))
	return id
}

// withPoints is a comment as it is published.
func withPoints(c consult.Comment) consult.Comment {
	c.State, c.Points = consult.CommentPublished, []consult.CommentPoint{{Topic: "light", Text: "Better."}}
	return c
}

// counts holds everything that counts or lists comments of a consultation to exactly one.
func (t *T) counts(id, only consult.ID) {
	t.Helper()
	tally := got(t.Tally(t.ctx, id))(t)
	same(t, "received", tally.Comments, 1)
	same(t, "published", tally.Published, 1)
	for topic, n := range got(t.TopicsRaised(t.ctx, id))(t) {
		if n > 1 {
			t.Errorf("%d comments on %s count", n, topic)
		}
	}
	list, total, err := t.Comments(t.ctx, consult.CommentFilter{Consultation: id})
	t.must(err)
	if total != 1 || len(list) != 1 || list[0].ID != only {
		t.Errorf("the list holds %d: %+v", total, list)
	}
	n := 0
	t.must(t.EachComment(t.ctx, consult.CommentFilter{Consultation: id}, func(consult.Comment) error { n++; return nil }))
	same(t, "exported", n, 1)
	n = 0
	t.must(t.EachReachRow(t.ctx, consult.ReachFilter{Consultation: id}, func(consult.ReachRow) error { n++; return nil }))
	same(t, "in figures", n, 1)
	for _, card := range got(t.Consultations(t.ctx, consult.Filter{Limit: 100}))(t).Cards {
		if card.Consultation.ID == id {
			same(t, "on the card", card.Comments, 1)
		}
	}
}
