package storetest

import (
	"sync"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

var threadTests = map[string]func(*T){
	"begins with its first message": func(t *T) {
		id := t.saved()
		th := t.aThread(id)
		th.Epoch = "e1"
		q := t.question(th.ID, "Where do bicycles go?")
		p := got(t.StartThread(t.ctx, th, q, t.posting("thread.start", th.ID, q.ID)))(t)
		q.Seq = 1
		th.Seq, th.Messages, th.WaitingSince, th.AnswerDue = 1, 1, t.now, t.due(3)
		same(t, "posted", p, consult.Posted{Message: q, Thread: th})
		same(t, "thread", got(t.Thread(t.ctx, th.ID))(t), th)
		same(t, "message", got(t.Message(t.ctx, q.ID))(t), q)
		same(t, "events", got(t.Events(t.ctx, th.ID, 0, 10))(t), []consult.Event{{Thread: th.ID, Seq: 1, Kind: consult.EventMessage,
			Subject: q.ID, At: t.now, Message: &q}})
		desk := got(t.Events(t.ctx, consult.DeskThread, 0, 10))(t)
		same(t, "desk", desk, []consult.Event{{Thread: consult.DeskThread, Seq: 1, Kind: consult.EventWaiting, Subject: th.ID, At: t.now}})
	},
	"has an epoch of its own": func(t *T) {
		id := t.saved()
		a, b := t.started(id).Thread.Epoch, t.started(id).Thread.Epoch
		desk := got(t.Thread(t.ctx, consult.DeskThread))(t).Epoch
		if a == "" || a == b || desk == "" || desk == a {
			t.Errorf("epochs %q, %q, desk %q", a, b, desk)
		}
	},
	"the message's own event is made once, brought along or not": func(t *T) {
		th := t.started(t.saved()).Thread
		m := t.question(th.ID, "And prams?")
		ch := t.posting("message.post", th.ID, m.ID)
		ch.Events = append([]consult.Event{{Thread: th.ID, Kind: consult.EventMessage, Subject: m.ID, At: t.now}}, ch.Events...)
		p := got(t.PostMessage(t.ctx, m, ch))(t)
		same(t, "number", p.Message.Seq, int64(2))
		same(t, "events", len(got(t.Events(t.ctx, th.ID, 0, 10))(t)), 2)
		same(t, "the caller's events are untouched", len(ch.Events), 2)
	},
	"a resident's message waits until an official one": func(t *T) {
		th := t.started(t.saved()).Thread
		first := t.now
		t.later(time.Hour)
		p := t.posted(t.question(th.ID, "Anybody?"))
		same(t, "waits since the first", []time.Time{p.Thread.WaitingSince, p.Thread.AnswerDue}, []time.Time{first, t.due(3)})
		p = t.posted(t.answer(th.ID, "At the gate."))
		same(t, "answered", []time.Time{p.Thread.WaitingSince, p.Thread.AnswerDue}, []time.Time{{}, {}})
		t.later(time.Hour)
		p = t.posted(t.question(th.ID, "Thanks. And cargo bikes?"))
		same(t, "waits again", []time.Time{p.Thread.WaitingSince, p.Thread.AnswerDue}, []time.Time{t.now, t.due(3)})
		same(t, "visible messages", p.Thread.Messages, 4)
	},
	"a held message does not wait, count or hide another": func(t *T) {
		th := t.started(t.saved()).Thread
		t.posted(t.answer(th.ID, "At the gate."))
		m := t.question(th.ID, "Call 0121 496 0000")
		m.State, m.Rule = consult.MessageHeld, "personal-data"
		p := t.posted(m)
		same(t, "waits, visible", []any{p.Thread.WaitingSince, p.Thread.Messages}, []any{time.Time{}, 2})
		same(t, "kept with its words", got(t.Message(t.ctx, m.ID))(t).Body, "Call 0121 496 0000")
	},
	"an official message answers the thread's comment, once": func(t *T) {
		id := t.saved()
		c := t.commented(id)
		answered := t.later(time.Hour)
		p := t.answered(id, c.ID)
		t.later(time.Hour)
		t.posted(t.answer(p.Thread.ID, "One more thing."))
		kept := got(t.Comment(t.ctx, c.ID))(t)
		same(t, "thread and first answer", []any{kept.Thread, kept.AnsweredAt}, []any{p.Thread.ID, answered})
	},
	"a comment has one thread": func(t *T) {
		id := t.saved()
		c := t.commented(id)
		first, second := t.answered(id, c.ID), t.answered(id, c.ID)
		same(t, "thread", second.Thread.ID, first.Thread.ID)
		same(t, "message", []any{second.Message.Thread, second.Message.Seq}, []any{first.Thread.ID, int64(2)})
		desk := got(t.Events(t.ctx, consult.DeskThread, 0, 10))(t)
		same(t, "the desk hears of the real one", desk[len(desk)-1].Subject, first.Thread.ID)
		same(t, "not listed with the consultation's", got(t.Threads(t.ctx, id, 10))(t), nil)
	},
	"two officers answer one comment at once": func(t *T) {
		id := t.saved()
		c := t.commented(id)
		var wg sync.WaitGroup
		threads := make([]consult.ID, 6)
		errs := make([]error, len(threads))
		for i := range threads {
			th := t.aThread(id)
			th.Anchor, th.AnchorID = consult.OnComment, c.ID
			m := t.answer(th.ID, "We see.")
			wg.Go(func() {
				p, err := t.StartThread(t.ctx, th, m, t.change("thread.start", m.ID))
				threads[i], errs[i] = p.Thread.ID, err
			})
		}
		wg.Wait()
		for i := range threads {
			t.must(errs[i])
			same(t, "thread", threads[i], threads[0])
		}
		same(t, "messages", got(t.Thread(t.ctx, threads[0]))(t).Messages, len(threads))
	},
	"a thread on a comment that does not exist is not made": func(t *T) {
		th := t.aThread(t.saved())
		th.Anchor, th.AnchorID = consult.OnComment, 4711
		_, err := t.StartThread(t.ctx, th, t.answer(th.ID, "?"), t.change("thread.start", th.ID))
		t.wants(consult.NotFound, err)
		_, err = t.Thread(t.ctx, th.ID)
		t.wants(consult.NotFound, err)
	},
	"a locked thread takes no message": func(t *T) {
		th := t.aThread(t.saved())
		th.Locked = true
		_, err := t.StartThread(t.ctx, th, t.question(th.ID, "Hello"), t.change("thread.start", th.ID))
		t.wants(consult.Closed, err)
	},
	"lists threads by latest activity": func(t *T) {
		id := t.saved()
		a := t.started(id).Thread.ID
		t.later(time.Minute)
		b := t.started(id).Thread.ID
		t.later(time.Minute)
		t.posted(t.question(a, "Still here"))
		l := got(t.Threads(t.ctx, id, 10))(t)
		same(t, "order", []consult.ID{l[0].ID, l[1].ID}, []consult.ID{a, b})
		same(t, "limit", len(got(t.Threads(t.ctx, id, 1))(t)), 1)
	},
	"reads backwards from the end": func(t *T) {
		th := t.started(t.saved()).Thread.ID
		for range 4 {
			t.posted(t.question(th, "More"))
		}
		numbers := func(before int64, limit int) (l []int64) {
			for _, m := range got(t.Messages(t.ctx, th, before, limit))(t) {
				l = append(l, m.Seq)
			}
			return l
		}
		same(t, "end", numbers(0, 2), []int64{4, 5})
		same(t, "before", numbers(4, 2), []int64{2, 3})
		same(t, "beginning", numbers(2, 10), []int64{1})
		same(t, "nothing before the first", numbers(1, 10), nil)
	},
	"latest answers are official, visible and about what is public": func(t *T) {
		id := t.saved()
		th := t.started(id).Thread.ID
		old := t.posted(t.answer(th, "At the gate.")).Message
		t.later(time.Minute)
		hidden := t.posted(t.answer(th, "Wrong.")).Message
		t.must(t.SetMessageState(t.ctx, hidden.ID, consult.MessageHidden, "off-topic", "wrong", t.change("message.hidden", hidden.ID)))
		t.later(time.Minute)
		t.answered(id, t.commented(id).ID)
		public := t.answered(id, t.published(id).ID).Message
		l := got(t.LatestAnswers(t.ctx, id, 5))(t)
		same(t, "answers", l, []consult.Message{public, old})
	},
	"heads of many, also of none and of unknown ones": func(t *T) {
		p := t.started(t.saved())
		heads := got(t.Heads(t.ctx, []consult.ID{p.Thread.ID, consult.DeskThread, 4711, -1}))(t)
		same(t, "thread", heads[p.Thread.ID], consult.Head{Epoch: p.Thread.Epoch, Seq: 1})
		same(t, "known", len(heads), 2)
		same(t, "none", len(got(t.Heads(t.ctx, nil))(t)), 0)
		same(t, "very many", len(got(t.Heads(t.ctx, make([]consult.ID, 5000)))(t)), 0)
	},
	"events are a range": func(t *T) {
		th := t.started(t.saved()).Thread.ID
		for range 3 {
			t.posted(t.question(th, "More"))
		}
		l := got(t.Events(t.ctx, th, 1, 3))(t)
		same(t, "range", []int64{int64(len(l)), l[0].Seq, l[1].Seq}, []int64{2, 2, 3})
		same(t, "past the end", len(got(t.Events(t.ctx, th, 4, 100))(t)), 0)
	},
}

// answered opens a comment's thread with an official message.
func (t *T) answered(consultation, comment consult.ID) consult.Posted {
	t.Helper()
	th := t.aThread(consultation)
	th.Anchor, th.AnchorID, th.Title = consult.OnComment, comment, ""
	m := t.answer(th.ID, "We looked at the daylight report.")
	ch := t.change("thread.start", m.ID)
	ch.Events = []consult.Event{{Thread: th.ID, Kind: consult.EventMessage, Subject: m.ID, At: t.now},
		{Thread: consult.DeskThread, Kind: consult.EventSettled, Subject: th.ID, At: t.now}}
	p, err := t.StartThread(t.ctx, th, m, ch)
	t.must(err)
	return p
}

var moderationTests = map[string]func(*T){
	"hiding and restoring leave events with the message as it is": func(t *T) {
		p := t.started(t.saved())
		ch := t.change("message.hidden", p.Message.ID)
		ch.Events = []consult.Event{{Thread: p.Thread.ID, Kind: consult.EventHidden, Subject: p.Message.ID, At: t.now}}
		t.must(t.SetMessageState(t.ctx, p.Message.ID, consult.MessageHidden, "abuse", "an insult", ch))
		m := got(t.Message(t.ctx, p.Message.ID))(t)
		same(t, "message", []string{string(m.State), m.Rule, m.Reason, m.Body}, []string{"hidden", "abuse", "an insult", p.Message.Body})
		t.must(t.SetMessageState(t.ctx, m.ID, consult.MessageVisible, "", "", t.change("message.restored", m.ID)))
		var kinds []consult.EventKind
		for _, e := range got(t.Events(t.ctx, p.Thread.ID, 0, 10))(t) {
			kinds = append(kinds, e.Kind)
			same(t, "message in the event", []string{string(e.Message.State), e.Message.Rule}, []string{"visible", ""})
		}
		same(t, "events", kinds, []consult.EventKind{consult.EventMessage, consult.EventHidden, consult.EventRestored})
	},
	"the waiting mark and the count follow": func(t *T) {
		p := t.started(t.saved())
		first := t.now
		t.later(time.Hour)
		second := t.posted(t.question(p.Thread.ID, "Me too"))
		set := func(m consult.ID, s consult.MessageState) consult.Thread {
			t.must(t.SetMessageState(t.ctx, m, s, "", "", t.change("message", m)))
			return got(t.Thread(t.ctx, p.Thread.ID))(t)
		}
		check := func(what string, th consult.Thread, since time.Time, messages int) {
			t.Helper()
			due := time.Time{}
			if !since.IsZero() {
				due = t.due(3)
			}
			same(t, what, []any{th.WaitingSince, th.AnswerDue, th.Messages}, []any{since, due, messages})
		}
		check("the first hidden", set(p.Message.ID, consult.MessageHidden), t.now, 1)
		check("hidden again", set(p.Message.ID, consult.MessageHidden), t.now, 1)
		check("both hidden", set(second.Message.ID, consult.MessageHeld), time.Time{}, 0)
		check("the first restored", set(p.Message.ID, consult.MessageVisible), first, 1)
		official := t.posted(t.answer(p.Thread.ID, "At the gate."))
		check("the second restored after an answer", set(second.Message.ID, consult.MessageVisible), time.Time{}, 3)
		check("the answer hidden", set(official.Message.ID, consult.MessageHidden), first, 2)
	},
}

var ringTests = map[string]func(*T){
	"rings are told once per thread, up to the head that was rung": func(t *T) {
		p := t.started(t.saved())
		t.posted(t.question(p.Thread.ID, "More"))
		rings := got(t.Rings(t.ctx, 10))(t)
		desk := got(t.Thread(t.ctx, consult.DeskThread))(t)
		same(t, "rings", rings, map[consult.ID]consult.Head{p.Thread.ID: {Epoch: p.Thread.Epoch, Seq: 2}, consult.DeskThread: {Epoch: desk.Epoch, Seq: 2}})
		t.posted(t.question(p.Thread.ID, "While ringing"))
		t.must(t.RingsDone(t.ctx, rings))
		same(t, "what came meanwhile", got(t.Rings(t.ctx, 10))(t)[p.Thread.ID].Seq, int64(3))
		t.must(t.RingsDone(t.ctx, got(t.Rings(t.ctx, 10))(t)))
		same(t, "all told", len(got(t.Rings(t.ctx, 10))(t)), 0)
	},
	"very many rings are forgotten, and none are no error": func(t *T) {
		p := t.started(t.saved())
		rung := map[consult.ID]consult.Head{p.Thread.ID: {Seq: 1}, consult.DeskThread: {Seq: 1}}
		for i := range consult.ID(2000) {
			rung[4711+i] = consult.Head{Seq: 9}
		}
		t.must(t.RingsDone(t.ctx, rung))
		t.must(t.RingsDone(t.ctx, nil))
		same(t, "rings", len(got(t.Rings(t.ctx, 10))(t)), 0)
	},
	"the longest waiting first": func(t *T) {
		id := t.saved()
		first := t.started(id).Thread.ID
		t.later(time.Minute)
		t.started(id)
		if _, ok := got(t.Rings(t.ctx, 2))(t)[first]; !ok {
			t.Error("the first thread is not among the first two")
		}
	},
	"what nobody told within the hour is dropped": func(t *T) {
		id := t.saved()
		old := t.started(id).Thread.ID
		t.later(time.Hour + time.Second)
		fresh := t.started(id).Thread.ID
		rings := got(t.Rings(t.ctx, 10))(t)
		_, hasOld := rings[old]
		_, hasFresh := rings[fresh]
		same(t, "old, fresh", []bool{hasOld, hasFresh}, []bool{false, true})
	},
	"the doorbell rings after the commit, for events, mails and news": func(t *T) {
		rung := 0
		var seen int64
		t.After(func() {
			rung++
			seen = got(t.Heads(t.ctx, []consult.ID{consult.DeskThread}))(t)[consult.DeskThread].Seq
		})
		t.must(t.Note(t.ctx, t.change("comment.open", 0)))
		same(t, "without events", rung, 0)
		id := t.saved()
		same(t, "after news", rung, 1)
		rung = 0
		t.started(id)
		same(t, "rung, seeing the desk's event", []int64{int64(rung), seen}, []int64{1, 1})
		th := t.aThread(id)
		th.Locked = true
		_, err := t.StartThread(t.ctx, th, t.question(th.ID, "no"), t.change("thread.start", th.ID))
		t.wants(consult.Closed, err)
		same(t, "after a refusal", rung, 1)
		f := consult.Follow{ID: t.id(), Consultation: id, Email: "follower@example.org", CreatedAt: t.now}
		got(t.SaveFollow(t.ctx, f, t.change("follow.ask", f.ID)))(t)
		same(t, "after a mail", rung, 2)
	},
}
