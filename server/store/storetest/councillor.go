package storetest

import (
	"slices"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// aCouncillor keeps one with a contact.
func (t *T) aCouncillor() consult.CouncillorFile {
	t.Helper()
	f := consult.CouncillorFile{Councillor: consult.Councillor{ID: t.id(), Name: "Councillor for Example Ward", WardCode: "E05000001", Link: 1, CreatedAt: t.now},
		Contact: consult.CouncillorContact{Email: "councillor@example.org", Language: "en"}}
	t.must(t.SaveCouncillor(t.ctx, f, t.change("councillor.add", f.Councillor.ID)))
	return f
}

// councillorThread opens the thread of a councillor about a consultation.
func (t *T) councillorThread(f consult.CouncillorFile, consultation consult.ID) consult.Thread {
	t.Helper()
	return got(t.CouncillorThread(t.ctx, consult.Thread{ID: t.id(), Consultation: consultation, AnchorID: f.Councillor.ID, Title: f.Councillor.Name,
		Epoch: "e", CreatedAt: t.now}, t.change("councillor.thread", f.Councillor.ID)))(t)
}

func (t *T) councillorSays(f consult.CouncillorFile, thread consult.ID, body string) consult.Message {
	return consult.Message{ID: t.id(), Thread: thread, Author: consult.ByCouncillor, Name: f.Councillor.Name, Title: "Example Ward", Body: body,
		Language: "en", State: consult.MessageVisible, CreatedAt: t.now}
}

func (t *T) passing(f consult.CouncillorFile, th consult.Thread, message consult.ID) consult.Passed {
	return consult.Passed{Message: message, Thread: th.ID, Consultation: th.Consultation, Councillor: f.Councillor.ID, Service: "Planning", At: t.now}
}

// mailKinds are the kinds of all mails that wait, in order.
func (t *T) mailKinds() []consult.MailKind {
	t.Helper()
	var kinds []consult.MailKind
	for _, m := range t.mails() {
		kinds = append(kinds, m.Kind)
	}
	slices.Sort(kinds)
	return kinds
}

var councillorTests = map[string]func(*T){
	"a councillor who left keeps no contact": func(t *T) {
		f := t.aCouncillor()
		same(t, "kept", got(t.Councillor(t.ctx, f.Councillor.ID))(t), f)
		f.Councillor.Link, f.Contact.Email = 2, "new@example.org"
		t.must(t.SaveCouncillor(t.ctx, f, t.change("councillor.renew", f.Councillor.ID)))
		stale := f
		stale.Councillor.Link = 4
		t.wants(consult.Conflict, t.SaveCouncillor(t.ctx, stale, t.change("councillor.renew", f.Councillor.ID)))
		stale.Councillor.Link = 1
		t.wants(consult.Conflict, t.SaveCouncillor(t.ctx, stale, t.change("councillor.renew", f.Councillor.ID)))
		other := t.aCouncillor()
		f.Councillor.Link, f.Councillor.LeftAt, f.Contact = 3, t.now, consult.CouncillorContact{}
		t.must(t.SaveCouncillor(t.ctx, f, t.change("councillor.left", f.Councillor.ID)))
		same(t, "those who left last", got(t.Councillors(t.ctx))(t), []consult.CouncillorFile{other, f})
		_, err := t.Councillor(t.ctx, t.id())
		t.wants(consult.NotFound, err)
	},
	"a councillor has one thread about a consultation": func(t *T) {
		f, id := t.aCouncillor(), t.saved()
		th := t.councillorThread(f, id)
		same(t, "asked again", t.councillorThread(f, id).ID, th.ID)
		same(t, "what it hangs on", []any{th.Anchor, th.AnchorID, th.Title}, []any{consult.OnCouncillor, f.Councillor.ID, f.Councillor.Name})
		if other := t.councillorThread(t.aCouncillor(), id); other.ID == th.ID {
			t.Error("two councillors share a thread")
		}
		same(t, "listed with the others", len(got(t.Threads(t.ctx, id, 10))(t)), 2)
	},
	"what is put to a councillor waits for the service once it is passed on": func(t *T) {
		f, id := t.aCouncillor(), t.saved()
		th := t.councillorThread(f, id)
		first := t.posted(t.question(th.ID, "How high is it?")).Message
		second := t.posted(t.question(th.ID, "And how wide?"))
		same(t, "nothing waits for the service", second.Thread.WaitingSince.IsZero(), true)
		mails := t.mails()
		same(t, "the councillor is told once", []any{len(mails), mails[0].Kind, mails[0].To, mails[0].Thread, mails[0].Data}, []any{1, consult.MailCouncillorAsked,
			"councillor@example.org", th.ID, map[string]string{"councillor": f.Councillor.ID.String(), "link": "1"}})
		one := got(t.CouncillorThreads(t.ctx, f.Councillor.ID))(t)[0]
		same(t, "for the councillor", []any{one.Unanswered, one.Open, one.Consultation.ID}, []any{2, 0, id})

		t.later(time.Hour)
		p := t.passing(f, th, first.ID)
		say := t.councillorSays(f, th.ID, "I have asked Planning.")
		passed, err := t.PassQuestion(t.ctx, p, say, t.change("question.pass", first.ID))
		t.must(err)
		same(t, "the promise runs from the passing", passed.Thread.WaitingSince, p.At)
		same(t, "kept", got(t.PassedIn(t.ctx, th.ID))(t), []consult.Passed{p})
		one = got(t.CouncillorThreads(t.ctx, f.Councillor.ID))(t)[0]
		same(t, "the other one still waits for the councillor", []any{one.Unanswered, one.Open}, []any{1, 1})
		_, err = t.PassQuestion(t.ctx, p, t.councillorSays(f, th.ID, "Again."), t.change("question.pass", first.ID))
		t.wants(consult.Conflict, err)
		same(t, "said once", len(got(t.Messages(t.ctx, th.ID, 0, 9))(t)), 3)

		t.later(time.Hour)
		answered := t.posted(t.answer(th.ID, "Six storeys."))
		same(t, "nothing waits", answered.Thread.WaitingSince.IsZero(), true)
		same(t, "answered", got(t.PassedIn(t.ctx, th.ID))(t)[0].AnsweredAt, t.now)
		same(t, "the councillor is told", t.mailKinds(), []consult.MailKind{consult.MailCouncillorAsked, consult.MailCouncillorPassed})
		t.posted(t.answer(th.ID, "Or seven."))
		t.later(time.Hour)
		same(t, "and once only", t.mailKinds(), []consult.MailKind{consult.MailCouncillorAsked, consult.MailCouncillorPassed})
	},
	"a councillor's own question is passed on by itself": func(t *T) {
		f, id := t.aCouncillor(), t.saved()
		th := t.councillorThread(f, id)
		say := t.councillorSays(f, th.ID, "Somebody at my surgery asks how deep the cellar is.")
		passed, err := t.PassQuestion(t.ctx, t.passing(f, th, say.ID), say, t.change("message.post", say.ID))
		t.must(err)
		same(t, "waits", passed.Thread.WaitingSince, t.now)
		hidden := t.change("message.hidden", say.ID)
		t.must(t.SetMessageState(t.ctx, say.ID, consult.MessageHidden, "off-topic", "not about this", hidden))
		same(t, "what cannot be read does not wait", got(t.Thread(t.ctx, th.ID))(t).WaitingSince.IsZero(), true)
		other := t.councillorSays(f, th.ID, "I passed it on.")
		_, err = t.PassQuestion(t.ctx, t.passing(f, th, t.id()), other, t.change("question.pass", f.Councillor.ID))
		t.wants(consult.Conflict, err)
	},
}
