package storetest

import (
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// takenOut are two places in the words of a comment, in the order they are read back.
var takenOut = []consult.Redaction{
	{Topic: consult.PlacePart, Begins: 7, Ends: 15, Kind: consult.MarkedByHand, Reason: "third-party", By: "Planning, Planning officer"},
	{Topic: "light", Begins: 35, Ends: 48, Kind: "phone", Reason: "contact", By: "Planning, Planning officer"},
}

// looked is a decision that waits for a second officer.
func (t *T) looked(c consult.Comment) consult.SecondLook {
	t.Helper()
	l := consult.SecondLook{Comment: c.ID, Consultation: c.Consultation, Heading: "Twelve homes and a café", Officer: 7, By: "Planning, Planning officer", At: t.now,
		Publication: consult.Publication{Comment: c.ID, Points: words, PlaceText: "Behind", Redactions: takenOut, Reasons: []string{"contact"},
			Marks: consult.RedactionMarks{"contact": "[contact details removed]"}}}
	t.must(t.SaveSecondLook(t.ctx, l, t.change("comment.second-look", c.ID)))
	return l
}

func (t *T) looks() []consult.SecondLook {
	t.Helper()
	found, total, err := t.SecondLooks(t.ctx, 0, 10)
	t.must(err)
	same(t, "counted", total, len(found))
	return found
}

var redactionTests = map[string]func(*T){
	"what was taken out is kept with the comment, and replaced with it": func(t *T) {
		c := t.commented(t.saved())
		c.State, c.PublishedAt, c.Points, c.Redactions = consult.CommentPublished, t.now, words, takenOut
		t.must(t.PublishComment(t.ctx, c, []string{"contact"}, t.change("comment.publish", c.ID)))
		same(t, "kept", got(t.CommentFile(t.ctx, c.ID))(t).Comment.Redactions, takenOut)
		if public := got(t.Comment(t.ctx, c.ID))(t); public.Redactions != nil {
			t.Errorf("a public reader gets %+v", public.Redactions)
		}
		c.Redactions = takenOut[1:]
		t.must(t.PublishComment(t.ctx, c, []string{"contact"}, t.change("comment.publish", c.ID)))
		same(t, "replaced", got(t.CommentFile(t.ctx, c.ID))(t).Comment.Redactions, takenOut[1:])
	},
	"lists what is not published yet, after an id": func(t *T) {
		id := t.saved()
		first := t.commented(id)
		t.later(time.Minute)
		second := t.commented(id)
		t.later(time.Minute)
		t.published(id)
		t.commented(t.saved())
		files := got(t.Unpublished(t.ctx, id, 0, 10))(t)
		if len(files) != 2 {
			t.Fatalf("%d files", len(files))
		}
		same(t, "first", files[0], got(t.CommentFile(t.ctx, first.ID))(t))
		same(t, "the next page", got(t.Unpublished(t.ctx, id, first.ID, 10))(t), files[1:])
		same(t, "one", len(got(t.Unpublished(t.ctx, id, 0, 1))(t)), 1)
		same(t, "behind the last", len(got(t.Unpublished(t.ctx, id, second.ID, 10))(t)), 0)
	},
	"a consultation wants two officers or one": func(t *T) {
		id := t.saved()
		for _, asked := range []bool{true, true, false, false} {
			t.must(t.SetSecondLook(t.ctx, id, asked, t.change("consultation.second-look", id)))
			same(t, "asked", got(t.SecondLookAsked(t.ctx, id))(t), asked)
		}
		same(t, "another one", got(t.SecondLookAsked(t.ctx, t.saved()))(t), false)
	},
	"a decision waits, is replaced, returned and passed as it was seen": func(t *T) {
		c := t.commented(t.saved())
		l := t.looked(c)
		same(t, "read", got(t.SecondLook(t.ctx, c.ID))(t), l)
		t.later(time.Minute)
		newer := t.looked(c)
		same(t, "listed", t.looks(), []consult.SecondLook{newer})
		c.State, c.PublishedAt, c.Points = consult.CommentPublished, t.now, words
		t.wants(consult.Conflict, t.PassSecondLook(t.ctx, c, l, t.change("comment.publish", c.ID)))
		same(t, "after the wrong one", got(t.Comment(t.ctx, c.ID))(t).State, consult.CommentReceived)
		newer.Returned, newer.ReturnedBy = "The name stands in the second paragraph too.", "Planning, Team leader"
		l.Returned = "Late"
		t.wants(consult.Conflict, t.ReturnSecondLook(t.ctx, l, t.change("comment.second-look-return", c.ID)))
		t.must(t.ReturnSecondLook(t.ctx, newer, t.change("comment.second-look-return", c.ID)))
		t.wants(consult.Conflict, t.PassSecondLook(t.ctx, c, newer, t.change("comment.publish", c.ID)))
		same(t, "returned", t.looks(), []consult.SecondLook{newer})
		t.later(time.Minute)
		last := t.looked(c)
		t.must(t.PassSecondLook(t.ctx, c, last, t.change("comment.publish", c.ID)))
		same(t, "passed", got(t.Comment(t.ctx, c.ID))(t).State, consult.CommentPublished)
		same(t, "reasons", got(t.CommentFile(t.ctx, c.ID))(t).Reasons, []string{"contact"})
		t.wants(consult.NotFound, t.PassSecondLook(t.ctx, c, last, t.change("comment.publish", c.ID)))
		t.wants(consult.NotFound, second(t.SecondLook(t.ctx, c.ID)))
	},
	"what is published waits no longer, and what is withdrawn waits for nobody": func(t *T) {
		id := t.saved()
		c := t.commented(id)
		t.looked(c)
		c.State, c.PublishedAt, c.Points = consult.CommentPublished, t.now, words
		t.must(t.PublishComment(t.ctx, c, nil, t.change("comment.publish", c.ID)))
		same(t, "after publication", len(t.looks()), 0)
		gone := t.commented(id)
		l := t.looked(gone)
		t.must(t.WithdrawComment(t.ctx, gone.ID, t.change("comment.withdraw", gone.ID)))
		same(t, "after withdrawal", len(t.looks()), 0)
		t.wants(consult.Conflict, t.SaveSecondLook(t.ctx, l, t.change("comment.second-look", gone.ID)))
		l.Comment = 4711
		t.wants(consult.NotFound, t.SaveSecondLook(t.ctx, l, t.change("comment.second-look", 4711)))
	},
	"an author asks once at a time, and gets a reply": func(t *T) {
		c := t.published(t.saved())
		q := consult.Correction{Comment: c.ID, Consultation: c.Consultation, Heading: "Twelve homes and a café", Body: "That was the name of a shop.", At: t.now}
		t.must(t.SaveCorrection(t.ctx, q, t.change("correction.ask", c.ID)))
		t.wants(consult.Conflict, t.SaveCorrection(t.ctx, q, t.change("correction.ask", c.ID)))
		found, total, err := t.Corrections(t.ctx, 0, 10)
		t.must(err)
		same(t, "listed", found, []consult.Correction{q})
		same(t, "counted", total, 1)
		q.Reply, q.By, q.RepliedAt = "It is back.", "Planning, Planning officer", t.later(time.Hour)
		t.must(t.ReplyCorrection(t.ctx, q, t.change("correction.reply", c.ID)))
		t.wants(consult.Conflict, t.ReplyCorrection(t.ctx, q, t.change("correction.reply", c.ID)))
		same(t, "read", got(t.Correction(t.ctx, c.ID))(t), q)
		_, total, err = t.Corrections(t.ctx, 0, 10)
		t.must(err)
		same(t, "none waits", total, 0)
		t.must(t.SaveCorrection(t.ctx, consult.Correction{Comment: c.ID, Body: "And the other one?", At: t.now}, t.change("correction.ask", c.ID)))
		same(t, "asked again", got(t.Correction(t.ctx, c.ID))(t).Reply, "")
		t.wants(consult.NotFound, second(t.Correction(t.ctx, 4711)))
		t.wants(consult.NotFound, t.ReplyCorrection(t.ctx, consult.Correction{Comment: 4711, RepliedAt: t.now}, t.change("correction.reply", 4711)))
	},
	"what was said about an original goes with it": func(t *T) {
		id, comment, _ := t.settled(consult.Decided)
		comment.Redactions, comment.State = takenOut, consult.CommentPublished
		t.must(t.PublishComment(t.ctx, comment, []string{"contact"}, t.change("comment.publish", comment.ID)))
		t.looked(comment)
		t.must(t.SaveCorrection(t.ctx, consult.Correction{Comment: comment.ID, Body: "Why?", At: t.now}, t.change("correction.ask", comment.ID)))
		t.later(time.Hour)
		_, _, err := t.Expire(t.ctx, consult.RetainOriginal, t.now, t.change("retention.apply", id))
		t.must(err)
		same(t, "redactions", len(got(t.CommentFile(t.ctx, comment.ID))(t).Comment.Redactions), 0)
		same(t, "second looks", len(t.looks()), 0)
		t.wants(consult.NotFound, second(t.Correction(t.ctx, comment.ID)))
	},
}
