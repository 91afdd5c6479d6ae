package storetest

import (
	"math/rand/v2"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// ofPoint names a point of a comment; of a message without a topic.
func ofPoint(source consult.ID, topic consult.Topic) consult.PointRef {
	return consult.PointRef{Source: source, Topic: topic}
}

// happens keeps one event of a point.
func (t *T) happens(ref consult.PointRef, kind consult.PromiseEventKind, reason string) error {
	return t.SavePromiseEvents(t.ctx, []consult.PromiseEvent{{Ref: ref, Kind: kind, Reason: reason, At: t.now}}, t.change("promise."+string(kind), ref.Source))
}

// stands is how a point stands now.
func (t *T) stands(ref consult.PointRef) consult.Promise {
	t.Helper()
	log := got(t.PromiseLogs(t.ctx, ref.Source))(t)[ref]
	return consult.PromiseOf(log, consult.TermsOf(log), consult.England(), t.now)
}

var promiseTests = map[string]func(*T){
	"every point of a comment is asked, with what was promised then": func(t *T) {
		id := t.saved()
		before := t.commented(id)
		t.must(t.SavePromiseTerms(t.ctx, consult.CaseTerms{Consultation: id, Service: "Highways", PromiseTerms: consult.PromiseTerms{First: 7, Next: 2, Close: 20},
			Silent: []consult.Silence{{Topic: "traffic", Reason: "The county answers."}}}, t.change("promise.terms", id)))
		t.later(time.Hour)
		after := t.commented(id)
		logs := got(t.PromiseLogs(t.ctx, before.ID, after.ID))(t)
		same(t, "points", len(logs), 4)
		same(t, "before", logs[ofPoint(before.ID, "light")], []consult.PromiseEvent{{Ref: ofPoint(before.ID, "light"), Kind: consult.PromiseAsked, Service: "Planning", At: start,
			Terms: consult.PromiseTerms{First: 3, Next: 3}}})
		same(t, "after", logs[ofPoint(after.ID, "light")], []consult.PromiseEvent{{Ref: ofPoint(after.ID, "light"), Kind: consult.PromiseAsked, Service: "Highways", At: t.now,
			Terms: consult.PromiseTerms{First: 7, Next: 2, Close: 20}}})
		same(t, "nothing is promised", t.stands(ofPoint(after.ID, "traffic")).Promised, false)
		same(t, "due", []time.Time{got(t.Comment(t.ctx, before.ID))(t).AnswerDue, got(t.Comment(t.ctx, after.ID))(t).AnswerDue}, []time.Time{t.due(3), t.due(7)})
	},
	"terms are a compare-and-set, and no import changes them": func(t *T) {
		c := t.aConsultation()
		id := got(t.SaveCase(t.ctx, c, t.change("consultation.import", 0)))(t).ID
		terms := got(t.PromiseTerms(t.ctx, id))(t)
		same(t, "at first", terms, consult.CaseTerms{Consultation: id, Service: "Planning", PromiseTerms: consult.PromiseTerms{First: 3, Next: 3}})
		terms.Service, terms.First, terms.By, terms.UpdatedAt = "Highways", 9, "Planning, Planning officer", t.now
		terms.Silent = []consult.Silence{{Topic: "light", Reason: "Not ours."}}
		t.must(t.SavePromiseTerms(t.ctx, terms, t.change("promise.terms", id)))
		t.wants(consult.Conflict, t.SavePromiseTerms(t.ctx, terms, t.change("promise.terms", id)))
		c.Consultation.PromiseDays, c.Consultation.Service, c.Consultation.Application.SourceHash = 4, "Imported", "other"
		same(t, "imported", got(t.SaveCase(t.ctx, c, t.change("consultation.import", 0)))(t).Outcome, consult.Updated)
		terms.Version = 1
		same(t, "kept", got(t.PromiseTerms(t.ctx, id))(t), terms)
		k := got(t.Consultation(t.ctx, id))(t)
		same(t, "the consultation says the same", []any{k.Service, k.Promise()}, []any{"Highways", 9})
		_, err := t.PromiseTerms(t.ctx, 99)
		t.wants(consult.NotFound, err)
		t.wants(consult.NotFound, t.SavePromiseTerms(t.ctx, consult.CaseTerms{Consultation: 99}, t.change("promise.terms", 99)))
	},
	"a pause rests the line, resuming moves it": func(t *T) {
		id := t.saved()
		c := t.commented(id)
		light, traffic := ofPoint(c.ID, "light"), ofPoint(c.ID, "traffic")
		t.must(t.happens(light, consult.PromisePaused, "applicant"))
		same(t, "the other point is still due", got(t.Comment(t.ctx, c.ID))(t).AnswerDue, t.due(3))
		t.must(t.happens(traffic, consult.PromisePaused, "site-visit"))
		items := got(t.Inbox(t.ctx, t.asks(consult.InboxUnanswered, 0, 10)))(t).Items
		same(t, "in the inbox without a due moment", []any{len(items), items[0].Comment, items[0].Due, items[0].Paused != ""}, []any{1, c.ID, time.Time{}, true})
		due := t.due(3)
		t.later(5 * 24 * time.Hour) // over Easter: of 7 April the hours until now are given back, and so the day
		t.must(t.happens(light, consult.PromiseResumed, ""))
		moved := t.stands(light).FirstDue
		if !moved.After(due) {
			t.Errorf("due %v after a pause, %v before", moved, due)
		}
		same(t, "the comment says so", got(t.Comment(t.ctx, c.ID))(t).AnswerDue, moved)
	},
	"a clock is stopped by one of two": func(t *T) {
		c := t.commented(t.saved())
		errs := parallel(6, func(int) error { return t.happens(ofPoint(c.ID, "light"), consult.PromisePaused, "applicant") })
		same(t, "that worked", count(errs, nil), 1)
		for _, err := range errs {
			if err != nil {
				t.wants(consult.Conflict, err)
			}
		}
		same(t, "events", len(got(t.PromiseLogs(t.ctx, c.ID))(t)[ofPoint(c.ID, "light")]), 2)
	},
	"what is refused changes nothing": func(t *T) {
		c := t.commented(t.saved())
		events := []consult.PromiseEvent{{Ref: ofPoint(c.ID, "light"), Kind: consult.PromisePaused, At: t.now}, {Ref: ofPoint(c.ID, "traffic"), Kind: consult.PromiseResumed, At: t.now}}
		t.wants(consult.Conflict, t.SavePromiseEvents(t.ctx, events, t.change("promise.pause", c.ID)))
		same(t, "state", t.stands(ofPoint(c.ID, "light")).State, consult.PointOpen)
		t.wants(consult.NotFound, t.happens(ofPoint(99, "light"), consult.PromisePaused, ""))
	},
	"an author who withdraws or writes anew waits no longer": func(t *T) {
		id := t.saved()
		gone, old := t.commented(id), t.commented(id)
		t.must(t.WithdrawComment(t.ctx, gone.ID, t.change("comment.withdraw", gone.ID)))
		anew := t.aComment(id, func(c *consult.Comment) { c.Replaces = old.ID })
		t.must(t.SaveComment(t.ctx, anew, words, resident, "", t.change("comment.submit", anew.ID)))
		same(t, "withdrawn", t.stands(ofPoint(gone.ID, "light")).ClosedFor, consult.EndedWithdrawn)
		same(t, "superseded", t.stands(ofPoint(old.ID, "light")).ClosedFor, consult.EndedSuperseded)
		items := got(t.Inbox(t.ctx, t.asks(consult.InboxUnanswered, 0, 10)))(t).Items
		same(t, "lines", []any{len(items), items[0].Comment}, []any{1, anew.ID})
		rows := 0
		t.must(t.EachPromiseRow(t.ctx, id, func(consult.PromiseRow) error { rows++; return nil }))
		same(t, "in the record", rows, 2)
	},
	"closed without an answer, wanted after all": func(t *T) {
		c := t.commented(t.saved())
		for _, p := range words {
			t.must(t.happens(ofPoint(c.ID, p.Topic), consult.PromiseClosed, "no-question"))
		}
		same(t, "waits", len(got(t.Inbox(t.ctx, t.asks(consult.InboxUnanswered, 0, 10)))(t).Items), 0)
		same(t, "not answered", got(t.Comment(t.ctx, c.ID))(t).AnsweredAt, time.Time{})
		t.must(t.happens(ofPoint(c.ID, "light"), consult.PromiseReopened, ""))
		same(t, "waits again", len(got(t.Inbox(t.ctx, t.asks(consult.InboxUnanswered, 0, 10)))(t).Items), 1)
	},
	"what an import brought is answered without a promise": func(t *T) {
		id := t.saved()
		imported := t.anImported(id, "1")
		t.takes([3]int{1, 0, 0}, imported)
		same(t, "asked for nothing", len(got(t.PromiseLogs(t.ctx, imported.Comment.ID))(t)), 0)
		t.later(time.Hour)
		t.answered(id, imported.Comment.ID)
		p := t.stands(ofPoint(imported.Comment.ID, "light"))
		same(t, "answered", []any{p.State, p.Promised, p.FirstAt, got(t.Comment(t.ctx, imported.Comment.ID))(t).AnsweredAt}, []any{consult.PointAnswered, false, t.now, t.now})
	},
	"a further question is promised a next answer": func(t *T) {
		id := t.saved()
		t.must(t.SavePromiseTerms(t.ctx, consult.CaseTerms{Consultation: id, PromiseTerms: consult.PromiseTerms{First: 9, Next: 1}}, t.change("promise.terms", id)))
		p := t.started(id)
		t.posted(t.answer(p.Thread.ID, "At the gate."))
		t.later(time.Hour)
		further := t.posted(t.question(p.Thread.ID, "And prams?"))
		same(t, "due", further.Thread.AnswerDue, t.due(1))
		same(t, "further", t.stands(ofPoint(further.Message.ID, "")).Further, true)
		t.must(t.happens(ofPoint(p.Message.ID, ""), consult.PromiseReopened, ""))
		t.later(time.Hour)
		th := t.posted(t.answer(p.Thread.ID, "There is a ramp.")).Thread
		same(t, "one answer answers both", []any{th.WaitingSince, t.stands(ofPoint(p.Message.ID, "")).NextAt, t.stands(ofPoint(further.Message.ID, "")).FirstAt}, []any{time.Time{}, t.now, t.now})
	},
	"what waits and was answered, by service": func(t *T) {
		id := t.saved()
		c := t.commented(id)
		t.must(t.happens(ofPoint(c.ID, "light"), consult.PromisePaused, "applicant"))
		p := t.started(id)
		monday := t.now
		rows := got(t.Waiting(t.ctx))(t)
		total := map[bool]int{}
		for _, r := range rows {
			same(t, "service", r.Service, "Planning")
			total[r.Paused] += r.Points
		}
		same(t, "waiting and paused", total, map[bool]int{false: 2, true: 1})
		t.later(time.Hour)
		t.posted(t.answer(p.Thread.ID, "At the gate."))
		t.answered(id, c.ID)
		same(t, "answered", got(t.Answered(t.ctx, monday, t.now.Add(time.Second)))(t), []consult.AnsweredRow{{Service: "Planning", Points: 3, Authors: 2, Written: 2}})
		same(t, "answered later", len(got(t.Answered(t.ctx, t.now.Add(time.Second), t.now.Add(time.Hour)))(t)), 0)
	},
	"lists and sums say what follows from the events, whatever happens": func(t *T) { t.play(rand.New(rand.NewPCG(1, 2)), 120) },
}

// play does what residents, officers and moderators do, in any order, and compares after each step what is kept with what follows from
// the events.
func (t *T) play(draw *rand.Rand, steps int) {
	id := t.saved()
	var comments []consult.ID
	thread := t.started(id)
	messages := []consult.Message{thread.Message}
	for range steps {
		t.later(time.Duration(draw.IntN(40)) * time.Hour)
		switch draw.IntN(8) {
		case 0:
			comments = append(comments, t.commented(id).ID)
		case 1:
			p := t.posted(t.question(thread.Thread.ID, "More"))
			messages = append(messages, p.Message)
		case 2:
			p := t.posted(t.answer(thread.Thread.ID, "Less"))
			messages = append(messages, p.Message)
		case 3:
			if len(comments) > 0 {
				t.answered(id, comments[draw.IntN(len(comments))])
			}
		case 4:
			m, state := messages[draw.IntN(len(messages))].ID, []consult.MessageState{consult.MessageVisible, consult.MessageHidden, consult.MessageHeld}[draw.IntN(3)]
			t.must(t.SetMessageState(t.ctx, m, state, "", "", t.change("message", m)))
		default:
			t.anything(draw, comments, messages)
		}
		t.holdsTogether(id, thread.Thread.ID, comments, messages)
	}
}

// anything does something to a point; what does not fit is refused.
func (t *T) anything(draw *rand.Rand, comments []consult.ID, messages []consult.Message) {
	var refs []consult.PointRef
	for _, c := range comments {
		refs = append(refs, ofPoint(c, "light"), ofPoint(c, "traffic"))
	}
	for _, m := range messages {
		if m.Author == consult.ByResident {
			refs = append(refs, ofPoint(m.ID, ""))
		}
	}
	kinds := []consult.PromiseEventKind{consult.PromisePaused, consult.PromiseResumed, consult.PromiseReopened, consult.PromiseClosed, consult.PromiseHandedOver}
	err := t.happens(refs[draw.IntN(len(refs))], kinds[draw.IntN(len(kinds))], "no-question")
	if err != nil {
		t.wants(consult.Conflict, err)
	}
}

func (t *T) holdsTogether(consultation, thread consult.ID, comments []consult.ID, messages []consult.Message) {
	t.Helper()
	states := map[consult.PromiseState]int{}
	add := func(log []consult.PromiseEvent) consult.Promise {
		p := consult.PromiseOf(log, consult.TermsOf(log), consult.England(), t.now)
		if !consult.Void(p.ClosedFor) {
			states[p.State]++
		}
		return p
	}
	for _, c := range comments {
		kept := got(t.Comment(t.ctx, c))(t)
		var due, answered time.Time
		unanswered := false
		for _, log := range got(t.PromiseLogs(t.ctx, c))(t) {
			p := add(log)
			if p.State == consult.PointOpen && (due.IsZero() || p.Due().Before(due)) {
				due = p.Due()
			}
			if p.FirstAt.After(answered) {
				answered = p.FirstAt
			}
			unanswered = unanswered || p.FirstAt.IsZero() && p.State != consult.PointClosed
		}
		if unanswered {
			answered = time.Time{}
		}
		same(t, "when the comment was answered", kept.AnsweredAt, answered)
		if !due.IsZero() {
			same(t, "when its answer is due", kept.AnswerDue, due)
		}
	}
	var due time.Time
	waits := false
	for _, m := range messages {
		for _, log := range got(t.PromiseLogs(t.ctx, m.ID))(t) {
			p := add(log)
			waits = waits || p.Waits()
			if p.State == consult.PointOpen && (due.IsZero() || p.Due().Before(due)) {
				due = p.Due()
			}
		}
	}
	th := got(t.Thread(t.ctx, thread))(t)
	same(t, "whether the thread waits, and until when", []any{!th.WaitingSince.IsZero(), th.AnswerDue}, []any{waits, due})
	rows := map[consult.PromiseState]int{}
	t.must(t.EachPromiseRow(t.ctx, consultation, func(r consult.PromiseRow) error { rows[r.State]++; return nil }))
	same(t, "the record", rows, states)
}
