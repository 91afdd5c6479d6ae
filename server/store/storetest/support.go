package storetest

import (
	"sync"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

var supportTests = map[string]func(*T){
	"S16 fifty at once by one person are one": func(t *T) {
		id := t.saved()
		thing := t.published(id).ID
		var all sync.WaitGroup
		errs := make([]error, 50)
		for i := range errs {
			all.Go(func() { errs[i] = t.SaveSupport(t.ctx, thing, 77, id, t.change("support.add", thing)) })
		}
		all.Wait()
		for _, err := range errs {
			t.must(err)
		}
		same(t, "count", got(t.Supports(t.ctx, 77, []consult.ID{thing}))(t), map[consult.ID]consult.Supported{thing: {Count: 1, Own: true}})
		same(t, "rows of the log", t.audited("support.add"), 1)
	},
	"counts people, and knows the reader's own": func(t *T) {
		id := t.saved()
		a, b := t.published(id).ID, t.started(id).Message.ID
		for browser := range consult.ID(3) {
			t.must(t.SaveSupport(t.ctx, a, browser+1, id, t.change("support.add", a)))
		}
		t.must(t.SaveSupport(t.ctx, b, 2, id, t.change("support.add", b)))
		same(t, "of one", got(t.Supports(t.ctx, 1, []consult.ID{a, b, 4711}))(t), map[consult.ID]consult.Supported{a: {Count: 3, Own: true}, b: {Count: 1}})
		same(t, "of nobody", got(t.Supports(t.ctx, 0, []consult.ID{a}))(t), map[consult.ID]consult.Supported{a: {Count: 3}})
		same(t, "of nothing", len(got(t.Supports(t.ctx, 1, nil))(t)), 0)
		t.must(t.RemoveSupport(t.ctx, a, 1, t.change("support.remove", a)))
		t.must(t.RemoveSupport(t.ctx, a, 1, t.change("support.remove", a)))
		same(t, "taken back", got(t.Supports(t.ctx, 1, []consult.ID{a}))(t), map[consult.ID]consult.Supported{a: {Count: 2}})
		same(t, "rows of the log", t.audited("support.remove"), 1)
	},
}

// audited counts the rows of the log with an action.
func (t *T) audited(action string) int {
	t.Helper()
	n := 0
	for _, r := range got(t.AuditRows(t.ctx, 0, 1000))(t) {
		if r.Action == action {
			n++
		}
	}
	return n
}

// moderator is an officer who decides.
func (t *T) moderator(id consult.ID, action string, subject consult.ID) consult.Change {
	ch := t.change(action, subject)
	ch.Actor = consult.Actor{Kind: consult.Signed, ID: id, Roles: []consult.Role{consult.RoleModerator}, Service: "Planning", Title: "Moderator"}
	return ch
}

func (t *T) flagged(consultation, thing, visitor consult.ID) bool {
	t.Helper()
	return got(t.SaveFlag(t.ctx, consult.Flag{Thing: thing, Visitor: visitor, Consultation: consultation, Rule: "abuse", Words: "It attacks me.", At: t.now},
		t.change("flag.add", thing)))(t)
}

var flagTests = map[string]func(*T){
	"one by each person, and one line on the desk": func(t *T) {
		id := t.saved()
		a, b := t.published(id).ID, t.started(id).Message.ID
		same(t, "first, again, another's", []bool{t.flagged(id, a, 1), t.flagged(id, a, 1), t.flagged(id, b, 1)}, []bool{true, false, true})
		t.later(time.Minute)
		t.flagged(id, b, 2)
		found, total, err := t.FlaggedThings(t.ctx, 0, 9)
		t.must(err)
		same(t, "total", total, 2)
		same(t, "most flagged first", []any{found[0].Thing, found[0].Flags, found[0].Rules, found[0].Heading, found[1].Thing}, []any{b, 2, []string{"abuse"}, "Twelve homes and a café", a})
		list, n, err := t.FlagsOf(t.ctx, b, 0, 9)
		t.must(err)
		same(t, "newest first", []any{n, list[0].Visitor, list[1].Visitor}, []any{2, consult.ID(2), consult.ID(1)})
	},
	"a decision answers those that wait, and new ones wait again": func(t *T) {
		id := t.saved()
		a := t.started(id).Message.ID
		t.flagged(id, a, 1)
		d := consult.Decision{Thing: a, Consultation: id, Act: consult.ActKept, Reason: "It is sharp, and allowed."}
		t.must(t.Decide(t.ctx, d, t.moderator(5, "moderation.kept", a)))
		f := got(t.FlagOf(t.ctx, a, 1))(t)
		same(t, "outcome", []any{f.Outcome, f.DecidedAt}, []any{consult.ActKept, t.now})
		t.wants(consult.Conflict, t.Decide(t.ctx, d, t.moderator(5, "moderation.kept", a)))
		_, total, err := t.FlaggedThings(t.ctx, 0, 9)
		t.must(err)
		same(t, "waiting", total, 0)
		t.flagged(id, a, 2)
		_, total, _ = t.FlaggedThings(t.ctx, 0, 9)
		same(t, "waiting again", total, 1)
		t.must(t.SetMessageState(t.ctx, a, consult.MessageHidden, "abuse", "An insult.", t.moderator(5, "message.hidden", a)))
		same(t, "hidden answers", got(t.FlagOf(t.ctx, a, 2))(t).Outcome, consult.ActHidden)
		t.wants(consult.NotFound, second(t.FlagOf(t.ctx, a, 3)))
	},
	"what can no longer be read waits for nobody": func(t *T) {
		id := t.saved()
		c := t.published(id)
		t.flagged(id, c.ID, 1)
		t.must(t.WithdrawComment(t.ctx, c.ID, t.change("comment.withdraw", c.ID)))
		_, total, err := t.FlaggedThings(t.ctx, 0, 9)
		t.must(err)
		same(t, "waiting", total, 0)
	},
}

var hidingTests = map[string]func(*T){
	"a hidden comment leaves everything public, and comes back as it was": func(t *T) {
		id := t.saved()
		before := got(t.Comment(t.ctx, t.published(id).ID))(t)
		t.later(time.Hour)
		t.must(t.HideComment(t.ctx, before.ID, "abuse", "It attacks a person.", t.moderator(5, "comment.hidden", before.ID)))
		hidden := got(t.Comment(t.ctx, before.ID))(t)
		same(t, "hidden", []any{hidden.State, hidden.Points, hidden.PlaceText, hidden.NameShown}, []any{consult.CommentWithheld, []consult.CommentPoint(nil), "", ""})
		_, total, err := t.Comments(t.ctx, consult.CommentFilter{Consultation: id})
		t.must(err)
		same(t, "listed, hidden", []int{total, got(t.HiddenComments(t.ctx, id))(t)}, []int{0, 1})
		same(t, "stub", got(t.Hiding(t.ctx, before.ID))(t), consult.Hiding{Comment: before.ID, Rule: "abuse", Reason: "It attacks a person.", By: "Planning, Moderator", At: t.now})
		t.wants(consult.Conflict, t.HideComment(t.ctx, before.ID, "abuse", "again", t.moderator(5, "comment.hidden", before.ID)))
		t.must(t.RestoreComment(t.ctx, before.ID, t.moderator(6, "comment.restored", before.ID)))
		same(t, "back", got(t.Comment(t.ctx, before.ID))(t), before)
		t.wants(consult.Conflict, t.RestoreComment(t.ctx, before.ID, t.moderator(6, "comment.restored", before.ID)))
		t.wants(consult.NotFound, second(t.Hiding(t.ctx, before.ID)))
		list, n, err := t.Decisions(t.ctx, before.ID, 0, 0, 9)
		t.must(err)
		same(t, "log", []any{n, list[0].Act, list[0].Officer, list[1].Act, list[1].Rule, list[1].By}, []any{2, consult.ActRestored, consult.ID(6), consult.ActHidden, "abuse", "Planning, Moderator"})
	},
	"publishing it anew ends the hiding": func(t *T) {
		id := t.saved()
		c := got(t.Comment(t.ctx, t.published(id).ID))(t)
		t.must(t.HideComment(t.ctx, c.ID, "personal-data", "A name.", t.moderator(5, "comment.hidden", c.ID)))
		t.must(t.PublishComment(t.ctx, c, []string{"name"}, t.change("comment.publish", c.ID)))
		t.wants(consult.NotFound, second(t.Hiding(t.ctx, c.ID)))
		same(t, "hidden", got(t.HiddenComments(t.ctx, id))(t), 0)
	},
	"a comment that was never published cannot be hidden": func(t *T) {
		c := t.commented(t.saved())
		t.wants(consult.Conflict, t.HideComment(t.ctx, c.ID, "abuse", "x", t.moderator(5, "comment.hidden", c.ID)))
		t.wants(consult.NotFound, t.HideComment(t.ctx, 4711, "abuse", "x", t.moderator(5, "comment.hidden", 4711)))
	},
	"the log knows held, hidden and restored messages": func(t *T) {
		p := t.started(t.saved())
		m := t.question(p.Thread.ID, "Call 0121 496 0000")
		m.State, m.Rule = consult.MessageHeld, "personal-data"
		held := t.posted(m).Message
		t.later(time.Minute)
		t.must(t.SetMessageState(t.ctx, held.ID, consult.MessageVisible, "", "", t.moderator(5, "message.restored", held.ID)))
		list, n, err := t.Decisions(t.ctx, held.ID, p.Thread.Consultation, 0, 9)
		t.must(err)
		same(t, "log", []any{n, list[0].Act, list[0].By, list[1].Act, list[1].Rule, list[1].By, list[1].Officer}, []any{2, consult.ActRestored, "Planning, Moderator", consult.ActHeld, "personal-data", "", consult.ID(0)})
		same(t, "tallies", got(t.RuleTallies(t.ctx, t.now.Add(-time.Hour)))(t), []consult.RuleTally{{Month: "2026-04", Rule: "personal-data", Act: consult.ActHeld, Count: 1}})
	},
	"an objection is answered by the next decision, and stands once against each": func(t *T) {
		p := t.started(t.saved())
		hide := func() consult.Decision {
			t.later(time.Minute)
			t.must(t.SetMessageState(t.ctx, p.Message.ID, consult.MessageHidden, "abuse", "An insult.", t.moderator(5, "message.hidden", p.Message.ID)))
			list, _, err := t.Decisions(t.ctx, p.Message.ID, 0, 0, 1)
			t.must(err)
			return list[0]
		}
		object := func(d consult.Decision) error {
			return t.SaveObjection(t.ctx, consult.Objection{ID: t.id(), Thing: p.Message.ID, Consultation: p.Thread.Consultation, Decision: d.ID, Officer: d.Officer,
				Words: "It is a quotation.", At: t.now}, t.change("moderation.object", p.Message.ID))
		}
		d := hide()
		t.must(object(d))
		t.wants(consult.Conflict, object(d))
		found, total, err := t.FlaggedThings(t.ctx, 0, 9)
		t.must(err)
		same(t, "waits", []any{total, found[0].Thing, found[0].Objection, found[0].Flags}, []any{1, p.Message.ID, true, 0})
		upheld := consult.Decision{Thing: p.Message.ID, Consultation: p.Thread.Consultation, Act: consult.ActUpheld, Reason: "Quoted, and still one."}
		t.must(t.Decide(t.ctx, upheld, t.moderator(6, "moderation.upheld", p.Message.ID)))
		t.wants(consult.Conflict, t.Decide(t.ctx, upheld, t.moderator(6, "moderation.upheld", p.Message.ID)))
		same(t, "answered", got(t.Objections(t.ctx, p.Message.ID))(t)[0].Outcome, consult.ActUpheld)
		t.must(object(hide()))
		t.must(t.SetMessageState(t.ctx, p.Message.ID, consult.MessageVisible, "", "", t.moderator(6, "message.restored", p.Message.ID)))
		same(t, "restored answers", got(t.Objections(t.ctx, p.Message.ID))(t)[0].Outcome, consult.ActRestored)
	},
	"S34 the switch of postings is logged when it turns": func(t *T) {
		id := t.saved()
		same(t, "never switched", got(t.Posting(t.ctx, id))(t), consult.Posting{})
		pause := consult.Posting{Mode: consult.PostingPaused, Reason: "A raid.", By: "Planning, Moderator", At: t.now}
		t.must(t.SavePosting(t.ctx, id, consult.Posting{Mode: consult.PostingOpen, At: t.now}, t.moderator(5, "posting.opened", id)))
		t.must(t.SavePosting(t.ctx, id, pause, t.moderator(5, "posting.paused", id)))
		t.must(t.SavePosting(t.ctx, id, pause, t.moderator(5, "posting.paused", id)))
		same(t, "paused", got(t.Posting(t.ctx, id))(t), pause)
		t.later(time.Hour)
		t.must(t.SavePosting(t.ctx, id, consult.Posting{Mode: consult.PostingOpen, At: t.now}, t.moderator(5, "posting.opened", id)))
		list, n, err := t.Decisions(t.ctx, 0, id, 0, 9)
		t.must(err)
		same(t, "log", []any{n, list[0].Act, list[1].Act, list[1].Reason, list[1].Thing}, []any{2, consult.ActOpened, consult.ActPaused, "A raid.", id})
	},
}

var signalTests = map[string]func(*T){
	"a write leaves its trace, and traces and keys are forgotten by age": func(t *T) {
		id := t.saved()
		ch := t.change("comment.submit", 0)
		c := consult.Comment{ID: t.id(), Consultation: id, Stance: consult.Object, Channel: "web", State: consult.CommentReceived, ReceivedAt: t.now}
		ch.Trace = &consult.Trace{Kind: consult.TraceComment, Subject: c.ID, Consultation: id, Browser: "b", Network: "n", At: t.now, Mark: "mark"}
		points := []consult.CommentPoint{{Topic: "light", Text: "Dark."}, {Topic: "noise", Text: "Loud."}}
		t.must(t.SaveComment(t.ctx, c, points, consult.Contact{Postcode: "B9 5AA"}, "", ch))
		want := []consult.Trace{{Kind: consult.TraceComment, Subject: c.ID, Consultation: id, Browser: "b", Network: "n", Postcode: "B9 5AA", At: t.now}}
		same(t, "traces", got(t.Traces(t.ctx, id, t.now))(t), want)
		same(t, "later ones", len(got(t.Traces(t.ctx, id, t.now.Add(time.Second)))(t)), 0)
		same(t, "marks", got(t.AuthorMarks(t.ctx, []consult.ID{c.ID, 4711}))(t), map[consult.ID]string{c.ID: "mark"})
		first := got(t.TraceKey(t.ctx, "2026-04-02", "one"))(t)
		same(t, "every node's key", []string{first, got(t.TraceKey(t.ctx, "2026-04-02", "two"))(t), got(t.TraceKey(t.ctx, "2026-04-03", "three"))(t)}, []string{"one", "one", "three"})
		same(t, "purged", got(t.PurgeTraces(t.ctx, t.now.Add(time.Second), "2026-04-03"))(t), 2)
		same(t, "yesterday's key is gone", got(t.TraceKey(t.ctx, "2026-04-02", "new"))(t), "new")
		same(t, "traces", len(got(t.Traces(t.ctx, id, t.now))(t)), 0)
	},
	"texts are those of comments that count and of messages": func(t *T) {
		id := t.saved()
		c := t.published(id)
		gone := t.commented(id)
		t.must(t.WithdrawComment(t.ctx, gone.ID, t.change("comment.withdraw", gone.ID)))
		t.later(time.Minute)
		m := t.started(id).Message
		var ids []consult.ID
		texts := map[consult.ID]string{}
		t.must(t.EachText(t.ctx, id, func(w consult.Written) error {
			ids = append(ids, w.ID)
			texts[w.ID] = w.Text
			return nil
		}))
		same(t, "texts", ids, []consult.ID{c.ID, m.ID})
		same(t, "as written, one point after the other", texts[c.ID], "My kitchen will be dark. Call me on 0121 496 0000.\nNo place to park.")
	},
	"a note stands in the place of an earlier one": func(t *T) {
		id := t.saved()
		for i, note := range []string{"A school class.", "And a second one."} {
			l := consult.SignalLook{Signal: "abc", Count: 10 + i, Note: note, By: "Planning, Moderator", At: t.now}
			t.must(t.SaveSignalLook(t.ctx, id, l, t.moderator(5, "signal.look", id)))
		}
		same(t, "looks", got(t.SignalLooks(t.ctx, id))(t), []consult.SignalLook{{Signal: "abc", Count: 11, Note: "And a second one.", By: "Planning, Moderator", At: t.now}})
	},
}
