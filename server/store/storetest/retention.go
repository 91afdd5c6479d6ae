package storetest

import (
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// settled is a case with everything personal in it, whose last moves were made at the test's moment.
func (t *T) settled(states ...consult.State) (consultation consult.ID, comment consult.Comment, thread consult.ID) {
	t.Helper()
	consultation = t.saved(func(c *consult.Case) { c.Consultation.State, c.Applicant = consult.Assessed, `{"name":"x"}` })
	comment = t.published(consultation)
	th := t.aThread(consultation)
	posted := got(t.StartThread(t.ctx, th, t.question(th.ID, "Call me."), t.change("thread.start", th.ID)))(t)
	f := consult.Follow{ID: t.id(), Consultation: consultation, Email: "a@example.org", Language: "en", Confirmed: true, CreatedAt: t.now}
	_ = got(t.SaveFollow(t.ctx, f, t.change("follow", f.ID)))(t)
	t.must(t.SaveEquality(t.ctx, comment.ID, consult.EqualityAnswers{Consultation: consultation, AgeBand: "25-34"}, t.change("equality", comment.ID)))
	note := consult.DeskNote{ID: t.id(), Item: comment.ID, Consultation: consultation, Body: "Rang the author on 0121 496 0000."}
	t.must(t.SaveNote(t.ctx, note, t.change("desk.note", note.ID)))
	from := consult.Assessed
	for _, to := range states {
		e := consult.StateEvent{Consultation: consultation, From: from, To: to, At: t.now, On: "2026-04-02",
			Ruling: consult.Ruling{Decision: "refused", By: "committee", On: "2026-04-02"}}
		t.must(t.MoveState(t.ctx, e, nil, nil, t.change("consultation.move", consultation)))
		from = to
	}
	return consultation, comment, posted.Thread.ID
}

var retentionTests = map[string]func(*T){
	"counts what a dry run would forget, and forgets exactly that": func(t *T) {
		old, comment, thread := t.settled(consult.Decided)
		t.later(time.Hour)
		appealed, _, _ := t.settled(consult.Decided, consult.Appealed)
		young, _, _ := t.settled(consult.Decided, consult.Appealed, consult.AppealDecided)
		_ = young
		before := t.now // the last two were settled at this very moment, which is not before it
		t.later(time.Hour)
		epoch := got(t.Thread(t.ctx, thread))(t).Epoch
		for class, rows := range map[consult.RetentionClass]int{consult.RetainContact: 4, consult.RetainEquality: 1, consult.RetainThread: 1,
			consult.RetainOriginal: 1, consult.RetainPublished: 1} {
			for _, run := range []func() (int, int, error){
				func() (int, int, error) { return t.Expired(t.ctx, class, before) },
				func() (int, int, error) { return t.Expire(t.ctx, class, before, t.change("retention.apply", 0)) },
			} {
				cases, n, err := run()
				t.must(err)
				same(t, string(class), []int{cases, n}, []int{1, rows})
			}
			cases, n, err := t.Expired(t.ctx, class, before)
			t.must(err)
			same(t, string(class)+" again", []int{cases, n}, []int{0, 0})
		}

		file := got(t.CommentFile(t.ctx, comment.ID))(t)
		same(t, "contact", file.Contact, consult.Contact{Language: file.Contact.Language})
		notes, _, err := t.Notes(t.ctx, comment.ID, 0, 9)
		t.must(err)
		same(t, "what colleagues wrote", []any{len(notes), notes[0].Body}, []any{1, ""})
		for _, p := range file.Original {
			same(t, "the author's words on "+string(p.Topic), p.Text, "")
		}
		same(t, "the published comment", got(t.Comment(t.ctx, comment.ID))(t).State, consult.CommentWithheld)
		messages := got(t.Messages(t.ctx, thread, 0, 10))(t)
		same(t, "the resident's message", []string{messages[0].Body, messages[0].Name, string(messages[0].State), messages[0].Rule},
			[]string{"", "", "hidden", "retention"})
		if after := got(t.Thread(t.ctx, thread))(t); after.Epoch == epoch || !after.Locked || after.Messages != 0 {
			t.Errorf("the thread: %+v", after)
		}
		_, n, err := t.Comments(t.ctx, consult.CommentFilter{Consultation: appealed})
		t.must(err)
		same(t, "comments of the case under appeal", n, 1)
		same(t, "the decision stays", got(t.Consultation(t.ctx, old))(t).Application.Decision, "refused")
	},
	"mail goes by the day it was sent": func(t *T) {
		id := t.saved()
		c := t.aComment(id)
		ch := t.change("comment.submit", c.ID)
		ch.Mails = []consult.Mail{{Kind: consult.MailReceipt, To: "a@example.org", Language: "en", Subject: c.ID}}
		t.must(t.SaveComment(t.ctx, c, words, resident, "", ch))
		due := got(t.ClaimDeliveries(t.ctx, t.now, time.Minute, 10))(t)
		_, n, err := t.Expired(t.ctx, consult.RetainMail, t.now.Add(time.Hour))
		t.must(err)
		same(t, "a mail that waits", n, 0)
		t.must(t.DeliverySent(t.ctx, due[0].ID, t.now))
		_, n, err = t.Expire(t.ctx, consult.RetainMail, t.now, t.change("retention.apply", 0))
		t.must(err)
		same(t, "sent at that moment", n, 0)
		_, n, err = t.Expire(t.ctx, consult.RetainMail, t.now.Add(time.Second), t.change("retention.apply", 0))
		t.must(err)
		same(t, "sent before", n, 1)
	},
}
