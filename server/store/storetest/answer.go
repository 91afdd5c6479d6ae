package storetest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// desk is the domain on the test's store and clock: answers are written, let out and delivered as the site does it.
func (t *T) desk() *consult.Service {
	t.Helper()
	return got(consult.New(t.ctx, t.Store, func() time.Time { return t.now }, consult.England()))(t)
}

var (
	writer = consult.Actor{Kind: consult.Signed, ID: 7, Roles: []consult.Role{consult.RoleOfficer}, Service: "Planning", Title: "Planning officer"}
)

// wrote takes a step on a concern's answer over the version that is open now.
func (t *T) wrote(k consult.Concern, step consult.AnswerStep, body, changed string) consult.Answer {
	t.Helper()
	desk := t.desk()
	d := got(desk.AnswerDesk(t.ctx, writer, k.ID))(t)
	return got(desk.WriteAnswer(t.ctx, writer, consult.AnswerInput{Concern: k.ID, Rev: d.Open.Rev, Step: step, Key: consult.NewKey(),
		Text: consult.AnswerText{Body: body, Language: "en", Changed: changed}}))(t)
}

// sent lets out what is due and delivers it to everybody, a few at a time, and counts.
func (t *T) sent() (n int) {
	t.Helper()
	desk := t.desk()
	for {
		s := got(desk.SendAnswers(t.ctx, 3))(t)
		n += s.Delivered
		if s == (consult.AnswersSent{}) {
			return n
		}
	}
}

// gave publishes an answer and delivers it.
func (t *T) gave(k consult.Concern, body, changed string) consult.Answer {
	t.Helper()
	x := t.wrote(k, consult.StepPublish, body, changed)
	t.later(consult.AnswerUndo)
	t.sent()
	return got(t.Answer(t.ctx, x.ID))(t)
}

// carried lists the official messages of a thread that carry an answer.
func (t *T) carried(thread consult.ID) (list []consult.Message) {
	t.Helper()
	for _, m := range got(t.Messages(t.ctx, thread, 0, 100))(t) {
		if m.Answer != 0 {
			list = append(list, m)
		}
	}
	return list
}

// mailsOf counts the mails of a kind that wait.
func (t *T) mailsOf(kind consult.MailKind) (list []consult.Delivery) {
	t.Helper()
	for _, d := range got(t.ClaimDeliveries(t.ctx, t.now, 0, 1000))(t) {
		if d.Kind == kind {
			list = append(list, d)
		}
	}
	return list
}

func (t *T) judged(x consult.Answer, ref consult.PointRef, value consult.VerdictValue) error {
	v := consult.Verdict{Answer: x.ID, Ref: ref, Value: value, Reason: "because", At: t.now}
	return t.SaveVerdict(t.ctx, v, t.change("answer.verdict", ref.Source))
}

// waiting tells what stands in the list of what waits for an answer.
func (t *T) waiting() (list []consult.ID) {
	t.Helper()
	for _, i := range got(t.Inbox(t.ctx, t.asks(consult.InboxUnanswered, 0, 100)))(t).Items {
		list = append(list, max(i.Comment, i.Thread))
	}
	return list
}

var answerTests = map[string]func(*T){
	"a draft is saved over the one that was seen": func(t *T) {
		k := t.aConcern(t.saved(), "Why is it so dark?")
		first := t.wrote(k, consult.StepSave, "The shadow falls", "")
		same(t, "first", []any{first.Rev, first.Version, first.State, first.Author, first.Service}, []any{1, 1, consult.AnswerDraft, writer.ID, "Planning"})
		kept := got(t.Answer(t.ctx, first.ID))(t)
		same(t, "kept", kept, first)
		other := first
		other.Body = "Somebody else's text"
		t.must(t.SaveAnswer(t.ctx, other, t.acting("answer.save")))
		first.Body = "A text of before"
		t.wants(consult.Conflict, t.SaveAnswer(t.ctx, first, t.acting("answer.save")))
		same(t, "nothing was overwritten", got(t.Answer(t.ctx, first.ID))(t).Body, "Somebody else's text")
		second := consult.Answer{ID: t.id(), Concern: k.ID, Consultation: k.Consultation, Version: 1, State: consult.AnswerDraft, Language: "en"}
		t.wants(consult.Conflict, t.SaveAnswer(t.ctx, second, t.acting("answer.save")))
		into := t.aConcern(k.Consultation, "Is it dark?")
		t.must(t.MergeConcerns(t.ctx, got(t.Concern(t.ctx, k.ID))(t), into.ID, t.acting("concern.merge")))
		other.Rev++
		t.wants(consult.Conflict, t.SaveAnswer(t.ctx, other, t.acting("answer.save")))
	},
	"what is undone in time reaches nobody": func(t *T) {
		c := t.commented(t.saved())
		k := t.aConcern(c.Consultation, "Why is it so dark?", light(c))
		t.wrote(k, consult.StepPublish, "The shadow ends before your wall.", "")
		t.later(consult.AnswerUndo - time.Second)
		same(t, "delivered before its moment", t.sent(), 0)
		t.wrote(k, consult.StepUndo, "", "")
		t.later(time.Hour)
		same(t, "delivered after it was undone", t.sent(), 0)
		same(t, "threads", got(t.Comment(t.ctx, c.ID))(t).Thread, consult.ID(0))
		same(t, "mails", len(t.mailsOf(consult.MailConcernAnswer)), 0)
		same(t, "readers of the concern", got(t.Concern(t.ctx, k.ID))(t).Shown(), false)
		all := got(t.Answers(t.ctx, k.ID))(t)
		same(t, "state", []any{len(all), all[0].State}, []any{1, consult.AnswerApproved})
	},
	"each author gets it once, beside the points it answers": func(t *T) {
		id := t.saved()
		both, one := t.commented(id), t.commented(id)
		k := t.aConcern(id, "Why is it so dark?", light(both), light(one))
		t.wrote(k, consult.StepPublish, "The shadow ends before your wall.", "")
		t.later(consult.AnswerUndo)
		same(t, "delivered", t.sent(), 2)
		same(t, "again", t.sent(), 0)
		all := got(t.Answers(t.ctx, k.ID))(t)
		same(t, "state", []any{all[0].State, all[0].Delivered, all[0].PublishedAt}, []any{consult.AnswerPublished, 2, t.now})
		for _, c := range []consult.Comment{both, one} {
			now := got(t.Comment(t.ctx, c.ID))(t)
			list := t.carried(now.Thread)
			same(t, "messages", []any{len(list), list[0].Answer, list[0].Body, list[0].Service}, []any{1, all[0].ID, all[0].Body, "Planning"})
			same(t, "its other point still waits", now.AnsweredAt.IsZero(), true)
		}
		same(t, "mails", len(t.mailsOf(consult.MailConcernAnswer)), 2)
		figures := got(t.AnswerFigures(t.ctx, all[0].ID))(t)
		same(t, "figures", []any{figures.Askers, figures.Delivered, figures.Channels[consult.ByMail]}, []any{2, 2, 2})
		// Once the other point is answered, so is the comment.
		t.gave(t.aConcern(id, "Where do we park?", traffic(both)), "In the yard.", "")
		same(t, "answered", []bool{got(t.Comment(t.ctx, both.ID))(t).AnsweredAt.IsZero(), got(t.Comment(t.ctx, one.ID))(t).AnsweredAt.IsZero()},
			[]bool{false, true})
		same(t, "beside its points", len(got(t.PointAnswers(t.ctx, []consult.ID{both.ID}))(t)), 2)
	},
	"nodes that deliver at once double nothing": func(t *T) {
		id := t.saved()
		var refs []consult.PointRef
		for range 40 {
			refs = append(refs, light(t.commented(id)))
		}
		k := t.aConcern(id, "Why is it so dark?", refs...)
		x := t.wrote(k, consult.StepPublish, "The shadow ends before your wall.", "")
		t.later(consult.AnswerUndo)
		var nodes sync.WaitGroup
		failed := make(chan error, 8)
		for range 4 {
			desk := t.desk()
			nodes.Go(func() {
				for {
					_, err := desk.SendAnswers(t.ctx, 7)
					if err != nil && consult.KindOf(err) != consult.Unavailable {
						failed <- err
						return
					}
					if now, err := t.Answer(t.ctx, x.ID); err == nil && now.Delivered == len(refs) {
						return
					}
				}
			})
		}
		nodes.Wait()
		close(failed)
		for err := range failed {
			t.Error(err)
		}
		for _, r := range refs {
			if list := t.carried(got(t.Comment(t.ctx, r.Source))(t).Thread); len(list) != 1 {
				t.Fatalf("%d messages for one author", len(list))
			}
		}
		same(t, "mails", len(t.mailsOf(consult.MailConcernAnswer)), len(refs))
		same(t, "at rest", len(got(t.AnswersDue(t.ctx, t.now.Add(time.Hour), 9))(t)), 0)
	},
	"a thread hears an answer once, whoever asked in it": func(t *T) {
		id := t.saved()
		p := t.started(id)
		second := t.posted(t.question(p.Thread.ID, "And mopeds?"))
		apart := t.posted(t.question(p.Thread.ID, "Is there a lift?"))
		k := t.aConcern(id, "Where do bicycles go?", consult.PointRef{Source: p.Message.ID}, consult.PointRef{Source: second.Message.ID})
		t.gave(k, "Under the stairs.", "")
		same(t, "messages", len(t.carried(p.Thread.ID)), 1)
		same(t, "askers", got(t.AnswerFigures(t.ctx, got(t.Answers(t.ctx, k.ID))(t)[0].ID))(t).Channels[consult.ByThread], 2)
		th := got(t.Thread(t.ctx, p.Thread.ID))(t)
		same(t, "what it did not answer waits", []any{th.WaitingSince, t.waiting()}, []any{apart.Message.CreatedAt, []consult.ID{th.ID}})
		t.gave(t.aConcern(id, "Is there a lift?", consult.PointRef{Source: apart.Message.ID}), "Two.", "")
		same(t, "nothing waits", len(t.waiting()), 0)
		same(t, "answers of the consultation", got(t.Tally(t.ctx, id))(t).Answers, 2)
	},
	"points that come later get it, unless they go at once": func(t *T) {
		id := t.saved()
		first, late, wrong := t.commented(id), t.commented(id), t.commented(id)
		k := t.aConcern(id, "Why is it so dark?", light(first))
		x := t.gave(k, "The shadow ends before your wall.", "")
		t.must(t.AddPoints(t.ctx, consult.Sorting{Concern: k.ID, Refs: []consult.PointRef{light(wrong)}, By: consult.ByHand}, t.acting("concern.add")))
		mistake := t.lastAct(id)
		t.must(t.AddPoints(t.ctx, consult.Sorting{Concern: k.ID, Refs: []consult.PointRef{light(late), traffic(first)}, By: consult.ByHand}, t.acting("concern.add")))
		t.must(t.UndoConcernChange(t.ctx, mistake.ID, t.acting("concern.undo")))
		t.later(consult.AnswerUndo - time.Second)
		same(t, "while it can be undone", t.sent(), 0)
		t.later(time.Second)
		same(t, "then", t.sent(), 1)
		same(t, "who went at once", got(t.Comment(t.ctx, wrong.ID))(t).Thread, consult.ID(0))
		// Who has it for one point has it for the other without a second message.
		now := got(t.Comment(t.ctx, first.ID))(t)
		same(t, "both points", []any{len(t.carried(now.Thread)), now.AnsweredAt.IsZero(), len(got(t.PointAnswers(t.ctx, []consult.ID{first.ID}))(t))},
			[]any{1, false, 2})
		same(t, "figures", got(t.AnswerFigures(t.ctx, x.ID))(t).Delivered, 2)
	},
	"a newer version reaches those who got the old one, once": func(t *T) {
		id := t.saved()
		stays, moved, gone := t.commented(id), t.commented(id), t.commented(id)
		k := t.aConcern(id, "Why is it so dark?", light(stays), light(moved), light(gone))
		first := t.gave(k, "The shadow ends before your wall.", "")
		t.must(t.MovePoints(t.ctx, k.ID, 0, []consult.PointRef{light(moved)}, t.acting("concern.remove")))
		t.must(t.WithdrawComment(t.ctx, gone.ID, t.change("comment.withdraw", gone.ID)))
		second := t.gave(k, "It ends at your wall in March.", "We had the wrong day.")
		same(t, "versions", []any{got(t.Answer(t.ctx, first.ID))(t).State, second.State, second.Version, second.Delivered},
			[]any{consult.AnswerReplaced, consult.AnswerPublished, 2, 2})
		for _, c := range []consult.Comment{stays, moved} {
			list := t.carried(got(t.Comment(t.ctx, c.ID))(t).Thread)
			same(t, "messages", []any{len(list), list[1].Body}, []any{2, "We had the wrong day.\n\nIt ends at your wall in March."})
		}
		same(t, "who withdrew", len(t.carried(got(t.Comment(t.ctx, gone.ID))(t).Thread)), 1)
		beside := got(t.PointAnswers(t.ctx, []consult.ID{stays.ID}))(t)
		same(t, "newest first", []any{len(beside), beside[0].Answer.Version, beside[0].Latest, beside[1].Latest}, []any{2, 2, true, false})
		before := 0
		for _, d := range t.mailsOf(consult.MailConcernAnswer) {
			if d.Data[consult.DataBefore] == "yes" {
				before++
			}
		}
		same(t, "mails of a correction", before, 2)
		t.wants(consult.Closed, t.judged(first, light(stays), consult.VerdictYes))
	},
	"no opens just that point again, until it is answered anew": func(t *T) {
		id := t.saved()
		c := t.commented(id)
		k := t.aConcern(id, "Why is it so dark?", light(c), traffic(c))
		x := t.gave(k, "The shadow ends before your wall.", "")
		same(t, "answered", len(t.waiting()), 0)
		answeredAt := got(t.Comment(t.ctx, c.ID))(t).AnsweredAt
		t.later(time.Minute)
		t.must(t.judged(x, light(c), consult.VerdictNo))
		same(t, "in the list", t.waiting(), []consult.ID{c.ID})
		item := got(t.Inbox(t.ctx, t.asks(consult.InboxUnanswered, 0, 10)))(t).Items[0]
		same(t, "the line", []any{item.Topics, item.Since, item.Reason, item.Due.After(t.now)}, []any{[]consult.Topic{"light"}, t.now, "because", true})
		same(t, "when it was answered first", got(t.Comment(t.ctx, c.ID))(t).AnsweredAt, answeredAt)
		since := t.now
		t.later(time.Minute)
		t.must(t.judged(x, light(c), consult.VerdictNo))
		same(t, "said again, since the first time", got(t.Inbox(t.ctx, t.asks(consult.InboxUnanswered, 0, 10)))(t).Items[0].Since, since)
		t.must(t.judged(x, light(c), consult.VerdictPartly))
		same(t, "taken back", len(t.waiting()), 0)
		t.must(t.judged(x, traffic(c), consult.VerdictNo))
		same(t, "the other point", t.waiting(), []consult.ID{c.ID})
		m := t.answer(got(t.Comment(t.ctx, c.ID))(t).Thread, "For you alone: the yard.")
		t.posted(m)
		same(t, "answered directly", len(t.waiting()), 0)
		t.later(time.Minute)
		t.must(t.judged(x, traffic(c), consult.VerdictNo))
		t.gave(k, "In the yard.", "Where to park.")
		same(t, "answered by a newer version", len(t.waiting()), 0)
		figures := got(t.AnswerFigures(t.ctx, x.ID))(t)
		same(t, "figures", figures.Verdicts, map[consult.VerdictValue]int{consult.VerdictPartly: 1, consult.VerdictNo: 1})
		list, n, err := t.Verdicts(t.ctx, x.ID, 0, 10)
		t.must(err)
		same(t, "reasons", []any{n, list[0].Reason, list[0].Ref}, []any{2, "because", traffic(c)})
	},
	"no in a thread makes it wait again": func(t *T) {
		id := t.saved()
		p := t.started(id)
		ref := consult.PointRef{Source: p.Message.ID}
		x := t.gave(t.aConcern(id, "Where do bicycles go?", ref), "Under the stairs.", "")
		same(t, "answered", len(t.waiting()), 0)
		t.must(t.judged(x, ref, consult.VerdictNo))
		th := got(t.Thread(t.ctx, p.Thread.ID))(t)
		same(t, "waits", []any{t.waiting(), th.WaitingSince, th.AnswerDue.After(t.now)}, []any{[]consult.ID{th.ID}, t.now, true})
		same(t, "the line", got(t.Inbox(t.ctx, t.asks(consult.InboxUnanswered, 0, 10)))(t).Items[0].Reason, "because")
		t.later(time.Minute)
		t.posted(t.answer(th.ID, "Under the other stairs."))
		same(t, "answered directly", len(t.waiting()), 0)
		t.wants(consult.NotFound, t.judged(x, consult.PointRef{Source: p.Thread.ID}, consult.VerdictNo))
	},
	"an answer to a concern that went into another goes nowhere": func(t *T) {
		c := t.commented(t.saved())
		k, into := t.aConcern(c.Consultation, "Why?", light(c)), t.aConcern(c.Consultation, "Why is it so dark?")
		t.wrote(k, consult.StepPublish, "The shadow ends before your wall.", "")
		t.must(t.MergeConcerns(t.ctx, k, into.ID, t.acting("concern.merge")))
		t.later(consult.AnswerUndo)
		same(t, "delivered", t.sent(), 0)
		all := got(t.Answers(t.ctx, k.ID))(t)
		same(t, "it may go out still", []any{all[0].State, all[0].Going()}, []any{consult.AnswerApproved, false})
	},
	"a checked translation reaches who reads its language": func(t *T) {
		id := t.saved()
		c := t.commented(id, func(c *consult.Comment) { c.Language = "ur" })
		k := t.aConcern(id, "Why is it so dark?", light(c))
		x := t.wrote(k, consult.StepSave, "The shadow ends before your wall.", "")
		x.Translations = []consult.Translation{{Language: "pl", Body: "Cień", Checked: false}, {Language: "ur", Body: "سایہ", Checked: true}}
		t.must(t.SaveAnswer(t.ctx, x, t.acting("answer.save")))
		same(t, "kept", got(t.Answer(t.ctx, x.ID))(t).Translations, x.Translations)
		d := got(t.desk().AnswerDesk(t.ctx, writer, k.ID))(t)
		_ = got(t.desk().WriteAnswer(t.ctx, writer, consult.AnswerInput{Concern: k.ID, Rev: d.Open.Rev, Step: consult.StepPublish, Text: d.Open.Text()}))(t)
		t.later(consult.AnswerUndo)
		t.sent()
		m := t.carried(got(t.Comment(t.ctx, c.ID))(t).Thread)[0]
		same(t, "message", []string{m.Body, m.Language}, []string{"سایہ", "ur"})
	},
	"a letter goes to who left an address and no mailbox": func(t *T) {
		id := t.saved()
		c := t.aComment(id)
		onPaper := resident
		onPaper.Email = ""
		t.must(t.SaveComment(t.ctx, c, words, onPaper, "", t.change("comment.submit", c.ID)))
		x := t.gave(t.aConcern(id, "Why is it so dark?", light(c)), "The shadow ends before your wall.", "")
		same(t, "figures", got(t.AnswerFigures(t.ctx, x.ID))(t).Channels[consult.ByLetter], 1)
		counts := got(t.LetterCounts(t.ctx, id))(t)
		same(t, "letters", counts, []consult.LetterCount{{Kind: consult.MailConcernAnswer, State: consult.LetterWaiting, N: 1}})
	},
	"the news tells it once, however many asked": func(t *T) {
		id := t.saved()
		w := t.listening(consult.NewsConcern, consult.NewsAnswer)
		k := t.aConcern(id, "Why is it so dark?", light(t.published(id)), light(t.published(id)))
		t.gave(k, "The shadow ends before your wall.", "")
		_ = got(t.HandOverNews(t.ctx, t.now, 100))(t)
		list, n, err := t.WebhookLog(t.ctx, w.ID, 0, 10)
		t.must(err)
		same(t, "messages", []any{n, list[0].Kind, list[0].Subject}, []any{1, consult.NewsConcern, k.ID})
		same(t, "copies are no latest answers", len(got(t.LatestAnswers(t.ctx, id, 9))(t)), 0)
	},
	"newest and public versions of many concerns": func(t *T) {
		id := t.saved()
		none, draft, both := t.aConcern(id, "A"), t.aConcern(id, "B"), t.aConcern(id, "C")
		t.wrote(draft, consult.StepSave, "b", "")
		t.gave(both, "c", "")
		t.wrote(both, consult.StepSave, "cc", "")
		newest, public, err := t.LatestAnswersOf(t.ctx, []consult.ID{none.ID, draft.ID, both.ID})
		t.must(err)
		same(t, "newest", []string{newest[none.ID].Body, newest[draft.ID].Body, newest[both.ID].Body}, []string{"", "b", "cc"})
		same(t, "public", []string{public[none.ID].Body, public[draft.ID].Body, public[both.ID].Body}, []string{"", "", "c"})
	},
	"a comment's thread is there before anybody has written": func(t *T) {
		c := t.commented(t.saved())
		th := got(t.CommentThread(t.ctx, c.ID))(t)
		same(t, "thread", []any{th.Anchor, th.AnchorID, th.Seq, th.Consultation}, []any{consult.OnComment, c.ID, int64(0), c.Consultation})
		same(t, "the comment has no replies", got(t.Comment(t.ctx, c.ID))(t).Thread, consult.ID(0))
		t.wants(consult.NotFound, errors.Join(second(t.CommentThread(t.ctx, 4711))))
	},
	"reasons go with what was said in threads": func(t *T) {
		id, c, _ := t.settled()
		x := t.gave(t.aConcern(id, "Why is it so dark?", light(c)), "The shadow ends before your wall.", "")
		t.must(t.judged(x, light(c), consult.VerdictNo))
		from := consult.Assessed
		e := consult.StateEvent{Consultation: id, From: from, To: consult.Withdrawn, At: t.now, On: "2026-04-02"}
		t.must(t.MoveState(t.ctx, e, nil, nil, t.change("consultation.move", id)))
		t.later(time.Hour)
		_, _, err := t.Expire(t.ctx, consult.RetainThread, t.now, t.change("retention.apply", 0))
		t.must(err)
		list, n, err := t.Verdicts(t.ctx, x.ID, 0, 10)
		t.must(err)
		same(t, "the verdict stays without words", []string{fmt.Sprint(n), string(list[0].Value), list[0].Reason}, []string{"1", "no", ""})
		if !slices.ContainsFunc(got(t.Answers(t.ctx, x.Concern))(t), func(x consult.Answer) bool { return x.Body != "" }) {
			t.Error("the answer itself is gone")
		}
	},
}
