package storetest

import (
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

var inboxTests = map[string]func(*T){
	"oldest promise first, comments and threads together": func(t *T) {
		id := t.saved()
		soonIn := t.saved(func(c *consult.Case) { c.Consultation.PromiseDays = 1 })
		lateIn := t.saved(func(c *consult.Case) { c.Consultation.PromiseDays = 4 })
		late := t.commented(lateIn)
		soon := t.commented(soonIn)
		th := t.started(id).Thread
		wordless := t.aComment(id)
		t.must(t.SaveComment(t.ctx, wordless, nil, resident, "", t.change("comment.submit", wordless.ID)))
		t.must(t.WithdrawComment(t.ctx, t.commented(id).ID, t.change("comment.withdraw", id)))
		page := got(t.Inbox(t.ctx, t.asks(consult.InboxUnanswered, 0, 10)))(t)
		comment := consult.InboxItem{Comment: soon.ID, Item: soon.ID, Assignment: consult.Assignment{Service: "Planning"}, Consultation: soonIn, Kind: consult.PlanningApplication, Heading: "Twelve homes and a café", Excerpt: words[0].Text,
			Stance: consult.Object, Topics: []consult.Topic{"light", "traffic"}, WardCode: "E05011127", State: consult.CommentReceived,
			Since: t.now, Due: t.due(1)}
		thread := consult.InboxItem{Thread: th.ID, Item: th.ID, Assignment: comment.Assignment, Consultation: id, Heading: comment.Heading, Title: th.Title,
			Excerpt: "Where do bicycles go?", WardCode: comment.WardCode, Since: t.now, Due: t.due(3)}
		last := comment
		last.Comment, last.Item, last.Consultation, last.Due = late.ID, late.ID, lateIn, t.due(4)
		same(t, "items", page.Items, []consult.InboxItem{comment, thread, last})
		same(t, "counts", page.Counts, map[consult.InboxView]int{consult.InboxUnanswered: 3, consult.InboxMine: 0, consult.InboxService: 0, consult.InboxDue: 1,
			consult.InboxHeld: 0, consult.InboxMentions: 0, consult.InboxPublish: 3, consult.InboxSnoozed: 0})
		desk := got(t.Thread(t.ctx, consult.DeskThread))(t)
		same(t, "where the desk stands", []any{page.Epoch, page.Head}, []any{desk.Epoch, desk.Seq})
		same(t, "second page", got(t.Inbox(t.ctx, t.asks(consult.InboxUnanswered, 1, 1)))(t).Items, []consult.InboxItem{thread})
	},
	"an answer takes a line away, a question brings one": func(t *T) {
		id := t.saved()
		c := t.commented(id)
		p := t.answered(id, c.ID)
		same(t, "answered", got(t.Inbox(t.ctx, t.asks(consult.InboxUnanswered, 0, 10)))(t).Items, []consult.InboxItem{})
		t.posted(t.question(p.Thread.ID, "But the report is old."))
		items := got(t.Inbox(t.ctx, t.asks(consult.InboxUnanswered, 0, 10)))(t).Items
		same(t, "asked again", []any{len(items), items[0].Thread, items[0].Excerpt}, []any{1, p.Thread.ID, "But the report is old."})
	},
	"a waiting comment and its waiting thread are one line": func(t *T) {
		id := t.saved()
		c := t.commented(id)
		th := t.aThread(id)
		th.Anchor, th.AnchorID = consult.OnComment, c.ID
		got(t.StartThread(t.ctx, th, t.question(th.ID, "Did it arrive?"), t.change("thread.start", th.ID)))(t)
		page := got(t.Inbox(t.ctx, t.asks(consult.InboxUnanswered, 0, 10)))(t)
		same(t, "lines", []any{len(page.Items), page.Items[0].Comment, page.Counts[consult.InboxUnanswered]}, []any{1, c.ID, 1})
	},
	"a thread whose clock rests comes last": func(t *T) {
		id := t.saved()
		p := t.started(id)
		th := p.Thread
		t.must(t.SavePromiseEvents(t.ctx, []consult.PromiseEvent{{Ref: consult.PointRef{Source: p.Message.ID}, Kind: consult.PromisePaused,
			Reason: "applicant", At: t.now}}, t.change("promise.pause", p.Message.ID)))
		t.later(time.Hour)
		t.commented(id)
		items := got(t.Inbox(t.ctx, t.asks(consult.InboxUnanswered, 0, 10)))(t).Items
		same(t, "last", []any{items[1].Thread, items[1].Due}, []any{th.ID, time.Time{}})
	},
	"to publish and held, oldest first": func(t *T) {
		id := t.saved()
		first := t.commented(id)
		t.later(time.Minute)
		second := t.commented(id)
		t.published(id)
		th := t.started(id).Thread.ID
		m := t.question(th, "Call 0121 496 0000")
		m.State, m.Rule = consult.MessageHeld, "personal-data"
		t.posted(m)
		items := got(t.Inbox(t.ctx, t.asks(consult.InboxPublish, 0, 10)))(t).Items
		same(t, "to publish", []consult.ID{items[0].Comment, items[1].Comment}, []consult.ID{first.ID, second.ID})
		same(t, "how many", len(items), 2)
		held := got(t.Inbox(t.ctx, t.asks(consult.InboxHeld, 0, 10)))(t)
		same(t, "held", held.Items, []consult.InboxItem{{Message: m.ID, Thread: th, Item: th, Assignment: consult.Assignment{Service: "Planning"}, Consultation: id, Heading: "Twelve homes and a café",
			Title: "Will there be bicycle stands?", Excerpt: m.Body, WardCode: "E05011127", Rule: "personal-data", Since: t.now}})
		same(t, "counts", held.Counts[consult.InboxHeld], 1)
	},
	"an unknown view is not found": func(t *T) {
		_, err := t.Inbox(t.ctx, t.asks("everything", 0, 10))
		t.wants(consult.NotFound, err)
	},
}

// asks is a page of a view as nobody in particular sees it.
func (t *T) asks(view consult.InboxView, offset, limit int) consult.InboxQuery {
	return consult.InboxQuery{InboxFilter: consult.InboxFilter{View: view}, Now: t.now, Soon: t.due(1), Offset: offset, Limit: limit}
}

var outcomeTests = map[string]func(*T){
	"are kept by topic, published together, and stay published": func(t *T) {
		id := t.saved()
		o := consult.Outcome{Consultation: id, Topic: "traffic", YouSaid: "No place to park", WeDid: "Six more", Effect: consult.Changed,
			Reference: "Condition 7", UpdatedAt: t.now}
		light := o
		light.Topic, light.Effect = "light", consult.NotChanged
		t.must(t.SaveOutcome(t.ctx, o, t.change("outcome.record", id)))
		t.must(t.SaveOutcome(t.ctx, light, t.change("outcome.record", id)))
		same(t, "in the order of the topics", got(t.Outcomes(t.ctx, id))(t), []consult.Outcome{light, o})
		same(t, "published", got(t.PublishOutcomes(t.ctx, id, t.now, t.change("outcome.publish", id)))(t), 2)
		o.PublishedAt, o.WeDid = t.now, "Eight more"
		o.UpdatedAt = t.later(time.Hour)
		changed := o
		changed.PublishedAt = time.Time{}
		t.must(t.SaveOutcome(t.ctx, changed, t.change("outcome.record", id)))
		same(t, "corrected", got(t.Outcomes(t.ctx, id))(t)[1], o)
	},
	"nothing to publish is nothing to tell": func(t *T) {
		id := t.saved()
		t.following(id, "follower@example.org")
		rows := len(got(t.AuditRows(t.ctx, 0, 100))(t))
		ch := t.change("outcome.publish", id)
		ch.Mails = []consult.Mail{{Kind: consult.MailOutcome, Audience: consult.Audience{Consultation: id, Everyone: true}, Subject: id}}
		same(t, "published", got(t.PublishOutcomes(t.ctx, id, t.now, ch))(t), 0)
		same(t, "mails", len(t.mails()), 0)
		same(t, "audit rows", len(got(t.AuditRows(t.ctx, 0, 100))(t)), rows)
	},
	"topics raised, published or not": func(t *T) {
		id := t.saved()
		t.commented(id)
		t.published(id)
		t.commented(id, func(c *consult.Comment) { c.State = consult.CommentWithdrawn })
		same(t, "raised", got(t.TopicsRaised(t.ctx, id))(t), map[consult.Topic]int{"light": 2, "traffic": 2})
	},
}

var officerTests = map[string]func(*T){
	"come back, and are found by address": func(t *T) {
		o := t.officer("officer@example.org")
		same(t, "by id", got(t.Officer(t.ctx, o.ID))(t), o)
		same(t, "by address", got(t.OfficerByEmail(t.ctx, "Officer@Example.org"))(t), o)
		same(t, "all", got(t.Officers(t.ctx))(t), []consult.Officer{o})
	},
	"an address is one officer": func(t *T) {
		t.officer("officer@example.org")
		o := consult.Officer{ID: t.id(), Email: "officer@example.org", CreatedAt: t.now}
		t.wants(consult.Conflict, t.SaveOfficer(t.ctx, o, t.change("officer.invite", o.ID)))
	},
	"other roles and disabling end sessions, other words do not": func(t *T) {
		o := t.officer("officer@example.org")
		sign := func() string {
			t.n++
			hash := "session-" + string(rune('a'+t.n))
			v := consult.Session{Hash: hash, Officer: o, CreatedAt: t.now, SeenAt: t.now, Agent: "A browser"}
			t.must(t.SaveSession(t.ctx, v, t.change("session.start", o.ID)))
			return hash
		}
		hash := sign()
		o.Title = "Principal planner"
		t.must(t.SaveOfficer(t.ctx, o, t.change("officer.save", o.ID)))
		same(t, "officer of the session", got(t.Session(t.ctx, hash))(t).Officer, o)
		o.Roles = []consult.Role{consult.RoleAnalyst}
		t.must(t.SaveOfficer(t.ctx, o, t.change("officer.save", o.ID)))
		_, err := t.Session(t.ctx, hash)
		t.wants(consult.NotFound, err)
		hash = sign()
		o.Disabled = true
		t.must(t.SaveOfficer(t.ctx, o, t.change("officer.save", o.ID)))
		_, err = t.Session(t.ctx, hash)
		t.wants(consult.NotFound, err)
		hash = sign()
		_, err = t.Session(t.ctx, hash)
		t.wants(consult.NotFound, err)
	},
	"sessions and links that have done their work are forgotten, others stay": func(t *T) {
		o := t.officer("officer@example.org")
		old, fresh := t.now, t.now.Add(48*time.Hour)
		for hash, at := range map[string]time.Time{"old": old, "fresh": fresh} {
			k := consult.Session{Hash: hash, Officer: o, CreatedAt: at, SeenAt: at}
			t.must(t.SaveSession(t.ctx, k, t.change("session.start", o.ID)))
			l := consult.Link{Hash: hash, Purpose: consult.LinkSignIn, Officer: o.ID, ExpiresAt: at}
			t.must(t.SaveLink(t.ctx, l, t.change("link.make", o.ID)))
		}
		same(t, "purged", got(t.Purge(t.ctx, time.Time{}, old.Add(time.Hour)))(t), 2)
		got(t.Session(t.ctx, "fresh"))(t)
		got(t.Link(t.ctx, "fresh"))(t)
		_, err := t.Session(t.ctx, "old")
		t.wants(consult.NotFound, err)
		_, err = t.Link(t.ctx, "old")
		t.wants(consult.NotFound, err)
	},
	"sessions are seen, listed and ended": func(t *T) {
		o := t.officer("officer@example.org")
		for _, hash := range []string{"one", "two"} {
			v := consult.Session{Hash: hash, Officer: o, CreatedAt: t.now, SeenAt: t.now, Agent: "A browser"}
			t.must(t.SaveSession(t.ctx, v, t.change("session.start", o.ID)))
		}
		t.must(t.TouchSession(t.ctx, "two", t.later(time.Hour)))
		o.SeenAt = t.now
		l := got(t.SessionsOf(t.ctx, o.ID))(t)
		same(t, "last seen first", l, []consult.Session{
			{Hash: "two", Officer: o, CreatedAt: start, SeenAt: t.now, Agent: "A browser"},
			{Hash: "one", Officer: o, CreatedAt: start, SeenAt: start, Agent: "A browser"}})
		t.must(t.EndSession(t.ctx, "two", t.change("session.end", o.ID)))
		t.wants(consult.NotFound, t.EndSession(t.ctx, "two", t.change("session.end", o.ID)))
		same(t, "left", len(got(t.SessionsOf(t.ctx, o.ID))(t)), 1)
	},
	"a link is used once": func(t *T) {
		o := t.officer("officer@example.org")
		l := consult.Link{Hash: "h", CodeHash: "c", Purpose: consult.LinkSignIn, Officer: o.ID, Browser: "b", ExpiresAt: t.now.Add(10 * time.Minute)}
		t.must(t.SaveLink(t.ctx, l, t.change("link.make", o.ID)))
		t.must(t.LinkTried(t.ctx, "h"))
		l.Tries = 1
		same(t, "link", got(t.Link(t.ctx, "h"))(t), l)
		same(t, "open links", got(t.LinksOf(t.ctx, o.ID, consult.LinkSignIn, t.now))(t), []consult.Link{l})
		same(t, "of another purpose", got(t.LinksOf(t.ctx, o.ID, consult.LinkInvite, t.now))(t), nil)
		same(t, "over", got(t.LinksOf(t.ctx, o.ID, consult.LinkSignIn, l.ExpiresAt))(t), nil)
		used := parallel(8, func(int) error { return t.ConsumeLink(t.ctx, "h", t.change("link.use", o.ID)) })
		same(t, "uses that worked", count(used, nil), 1)
		_, err := t.Link(t.ctx, "h")
		t.wants(consult.NotFound, err)
	},
	"API tokens are found by hash": func(t *T) {
		v := consult.Token{ID: t.id(), Hash: "h", Role: consult.RoleAnalyst, Label: "GIS", CreatedAt: t.now}
		t.must(t.SaveToken(t.ctx, v, t.change("token.make", v.ID)))
		same(t, "token", got(t.Token(t.ctx, "h"))(t), v)
		v.ID++
		t.wants(consult.Conflict, t.SaveToken(t.ctx, v, t.change("token.make", v.ID)))
	},
}

func (t *T) officer(email string) consult.Officer {
	t.Helper()
	o := consult.Officer{ID: t.id(), Email: email, Name: "Demo officer", Service: "Planning", Title: "Planning officer",
		Roles: []consult.Role{consult.RoleOfficer, consult.RoleModerator}, CreatedAt: t.now}
	t.must(t.SaveOfficer(t.ctx, o, t.change("officer.invite", o.ID)))
	return o
}
