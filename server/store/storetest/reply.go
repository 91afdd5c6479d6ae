package storetest

import (
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

func (t *T) aSavedReply() consult.SavedReply {
	t.Helper()
	r := consult.SavedReply{ID: t.id(), Name: "Where to see the plans", Service: "Planning", Policy: "https://example.org/plans",
		Texts: []consult.SavedText{{Language: "en", Body: "See [[link]]."}, {Language: "ur", Body: "[[link]] دیکھیں۔"}}, UpdatedAt: t.now}
	t.must(t.SaveReply(t.ctx, r, t.change("saved-reply.write", r.ID)))
	r.Version = 1
	return r
}

// colleague keeps an officer.
func (t *T) colleague(name string) consult.Officer {
	t.Helper()
	o := consult.Officer{ID: t.id(), Email: name + "@example.org", Name: name, Service: "Planning", Title: "Planning officer",
		Roles: []consult.Role{consult.RoleOfficer}, CreatedAt: t.now}
	t.must(t.SaveOfficer(t.ctx, o, t.change("officer.add", o.ID)))
	return o
}

var replyTests = map[string]func(*T){
	"a saved reply is changed by who saw it last": func(t *T) {
		r := t.aSavedReply()
		same(t, "kept", got(t.SavedReply(t.ctx, r.ID))(t), r)
		changed := r
		changed.ApprovedBy, changed.ApprovedAt = "Planning, Planning officer", t.now
		t.must(t.SaveReply(t.ctx, changed, t.change("saved-reply.approve", r.ID)))
		t.wants(consult.Conflict, t.SaveReply(t.ctx, r, t.change("saved-reply.write", r.ID)))
		t.must(t.UseReply(t.ctx, r.ID, t.change("saved-reply.use", r.ID)))
		t.must(t.UseReply(t.ctx, r.ID, t.change("saved-reply.use", r.ID)))
		changed.Version, changed.Uses = 2, 2
		same(t, "approved and used", got(t.SavedReply(t.ctx, r.ID))(t), changed)
		other := t.aSavedReply()
		changed.RetiredAt, changed.Name = t.now, "A first in the alphabet"
		t.must(t.SaveReply(t.ctx, changed, t.change("saved-reply.retire", r.ID)))
		changed.Version = 3
		same(t, "retired ones last", got(t.SavedReplies(t.ctx))(t), []consult.SavedReply{other, changed})
		_, err := t.SavedReply(t.ctx, t.id())
		t.wants(consult.NotFound, err)
	},
	"colleagues at an item are seen until their time is over": func(t *T) {
		a, b, item := t.colleague("first"), t.colleague("second"), t.id()
		attend := func(o consult.Officer, writing bool) []consult.Presence {
			return got(t.Attend(t.ctx, consult.Presence{Item: item, Officer: o.ID, Writing: writing, At: t.now}, t.now.Add(-consult.PresenceLease)))(t)
		}
		same(t, "alone", len(attend(a, false)), 0)
		since := t.now
		t.later(5 * time.Second)
		same(t, "the other", attend(b, true), []consult.Presence{{Item: item, Officer: a.ID, Name: "first", Service: "Planning", At: since}})
		t.later(11 * time.Second)
		same(t, "the first is gone", len(attend(b, false)), 0)
		same(t, "the second is there", len(attend(a, false)), 1)
		same(t, "elsewhere is elsewhere", len(got(t.Attend(t.ctx, consult.Presence{Item: t.id(), Officer: a.ID, At: t.now}, t.now.Add(-time.Minute)))(t)), 0)
	},
	"an answer is refused whose writer has not seen the latest": func(t *T) {
		th := t.started(t.saved()).Thread
		first := t.posted(t.answer(th.ID, "Behind the bakery.")).Message
		second := t.answer(th.ID, "In the yard.")
		second.Guarded, second.Seen = true, first.Seq-1
		_, err := t.PostMessage(t.ctx, second, t.posting("message.post", th.ID, second.ID))
		t.wants(consult.Conflict, err)
		same(t, "what came meanwhile", got(t.LatestOfficial(t.ctx, th.ID, first.Seq-1))(t).ID, first.ID)
		_, err = t.LatestOfficial(t.ctx, th.ID, first.Seq)
		t.wants(consult.NotFound, err)
		same(t, "nothing was said", len(got(t.Messages(t.ctx, th.ID, 0, 9))(t)), 2)
		second.Seen = first.Seq
		t.posted(second)
		further := t.question(th.ID, "Which yard?")
		further.Guarded, further.Seen = true, 0
		t.posted(further) // residents are never refused
	},
	"a draft of a reply stays until it is said": func(t *T) {
		a, b := t.colleague("first"), t.colleague("second")
		th := t.started(t.saved()).Thread
		draft := consult.ReplyDraft{Item: th.ID, Officer: a.ID, Body: "I shall", At: t.now}
		t.must(t.SaveReplyDraft(t.ctx, draft))
		draft.Body = "I shall ask."
		t.must(t.SaveReplyDraft(t.ctx, draft))
		same(t, "kept", got(t.ReplyDraft(t.ctx, th.ID, a.ID))(t), draft)
		same(t, "a colleague sees it", got(t.ReplyDrafts(t.ctx, th.ID, b.ID))(t), []consult.ReplyDraft{draft})
		same(t, "and not one's own", len(got(t.ReplyDrafts(t.ctx, th.ID, a.ID))(t)), 0)
		t.must(t.SaveReplyDraft(t.ctx, consult.ReplyDraft{Item: th.ID, Officer: b.ID, Body: "Me too", At: t.now}))
		m := t.answer(th.ID, "I asked.")
		ch := t.posting("message.post", th.ID, m.ID)
		ch.Actor = a.Actor()
		got(t.PostMessage(t.ctx, m, ch))(t)
		_, err := t.ReplyDraft(t.ctx, th.ID, a.ID)
		t.wants(consult.NotFound, err)
		same(t, "the colleague's stays", len(got(t.ReplyDrafts(t.ctx, th.ID, a.ID))(t)), 1)
		t.must(t.SaveReplyDraft(t.ctx, consult.ReplyDraft{Item: th.ID, Officer: b.ID, At: t.now}))
		same(t, "emptied", len(got(t.ReplyDrafts(t.ctx, th.ID, a.ID))(t)), 0)
	},
}
