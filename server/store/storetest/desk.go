package storetest

import (
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

var deskTests = map[string]func(*T){
	"an item is found by its comment, its thread and its messages": func(t *T) {
		id := t.saved()
		c := t.commented(id)
		own := t.answered(id, c.ID)
		alone := t.started(id)
		for of, item := range map[consult.ID]consult.ID{c.ID: c.ID, own.Thread.ID: c.ID, own.Message.ID: c.ID,
			alone.Thread.ID: alone.Thread.ID, alone.Message.ID: alone.Thread.ID} {
			found := got(t.DeskItem(t.ctx, of))(t)
			same(t, "item", []any{found.Item, found.Consultation, found.Home, found.Version}, []any{item, id, "Planning", 0})
		}
		_, err := t.DeskItem(t.ctx, 12345)
		t.wants(consult.NotFound, err)
	},
	"assigned to an officer it is theirs, with nobody it is the service's": func(t *T) {
		id := t.saved()
		o := t.officer("officer@example.org")
		c := t.commented(id)
		t.does(consult.DeskAct{Kind: consult.ActAssign, Officer: o.ID, Service: "Transport"}, c.ID)
		mine := t.seen(o, consult.InboxMine)
		same(t, "mine", []any{len(mine.Items), mine.Items[0].Item, mine.Items[0].Assignment, mine.Counts[consult.InboxService]},
			[]any{1, c.ID, consult.Assignment{Officer: o.ID, Service: "Transport"}, 0})
		t.does(consult.DeskAct{Kind: consult.ActUnassign}, c.ID)
		same(t, "no longer mine", t.seen(o, consult.InboxMine).Counts[consult.InboxMine], 0)
		o.Service = "Transport"
		same(t, "the service's", itemsOf(t.seen(o, consult.InboxService).Items), []consult.ID{c.ID})
	},
	"what nobody touched belongs to the consultation's service": func(t *T) {
		c := t.commented(t.saved())
		o := t.officer("officer@example.org")
		same(t, "ours", itemsOf(t.seen(o, consult.InboxService).Items), []consult.ID{c.ID})
		o.Service = "Transport"
		same(t, "not theirs", t.seen(o, consult.InboxService).Counts[consult.InboxService], 0)
	},
	"items of somebody away or gone show under the service": func(t *T) {
		id := t.saved()
		away, here := t.officer("away@example.org"), t.officer("here@example.org")
		c := t.commented(id)
		t.does(consult.DeskAct{Kind: consult.ActAssign, Officer: away.ID, Service: "Planning"}, c.ID)
		same(t, "while they are here", len(t.seen(here, consult.InboxService).Items), 0)
		d := consult.OfficerDesk{Officer: away.ID, Away: t.now.Add(time.Hour)}
		t.must(t.SaveOfficerDesk(t.ctx, d, t.change("desk.settings", away.ID)))
		same(t, "absences", got(t.Absences(t.ctx, t.now))(t), map[consult.ID]time.Time{away.ID: d.Away})
		items := t.seen(here, consult.InboxService).Items
		same(t, "while they are away", []any{itemsOf(items), items[0].Away}, []any{[]consult.ID{c.ID}, d.Away})
		t.later(2 * time.Hour)
		same(t, "when they are back", len(t.seen(here, consult.InboxService).Items), 0)
		away.Disabled = true
		t.must(t.SaveOfficer(t.ctx, away, t.change("officer.disable", away.ID)))
		same(t, "when they are gone", itemsOf(t.seen(here, consult.InboxService).Items), []consult.ID{c.ID})
	},
	"snoozed it rests until its moment": func(t *T) {
		o := t.officer("officer@example.org")
		c := t.commented(t.saved())
		until := t.now.Add(20 * time.Hour)
		t.does(consult.DeskAct{Kind: consult.ActSnooze, Until: until}, c.ID)
		page := t.seen(o, consult.InboxUnanswered)
		same(t, "while it rests", []any{len(page.Items), page.Counts[consult.InboxSnoozed], page.Counts[consult.InboxPublish]}, []any{0, 1, 0})
		same(t, "resting", t.seen(o, consult.InboxSnoozed).Items[0].Assignment.Snoozed, until)
		t.later(21 * time.Hour)
		page = t.seen(o, consult.InboxUnanswered)
		same(t, "later", []any{itemsOf(page.Items), page.Counts[consult.InboxSnoozed]}, []any{[]consult.ID{c.ID}, 0})
	},
	"a resident who writes again wakes it at once": func(t *T) {
		id := t.saved()
		o := t.officer("officer@example.org")
		th := t.started(id).Thread
		c := t.commented(id)
		own := t.answered(id, c.ID)
		for _, item := range []consult.ID{th.ID, c.ID} {
			t.does(consult.DeskAct{Kind: consult.ActSnooze, Until: t.now.Add(240 * time.Hour)}, item)
		}
		t.posted(t.question(th.ID, "Still there?"))
		t.posted(t.question(own.Thread.ID, "And here?"))
		for _, item := range []consult.ID{th.ID, c.ID} {
			found := got(t.DeskItem(t.ctx, item))(t)
			same(t, "awake", []any{found.Snoozed, found.Version}, []any{time.Time{}, 2})
		}
		same(t, "both wait", len(t.seen(o, consult.InboxUnanswered).Items), 2)
		rows, _, err := t.Timeline(t.ctx, th.ID, 0, 50)
		t.must(err)
		same(t, "it is told", entries(rows, "desk.return"), 1)
	},
	"an officer's own answer lets it rest": func(t *T) {
		id := t.saved()
		th := t.started(id).Thread
		t.does(consult.DeskAct{Kind: consult.ActSnooze, Until: t.now.Add(240 * time.Hour)}, th.ID)
		t.posted(t.answer(th.ID, "We look into it."))
		same(t, "rests", got(t.DeskItem(t.ctx, th.ID))(t).Version, 1)
	},
	"one act is one row of the log, whatever it changes": func(t *T) {
		id := t.saved()
		o := t.officer("officer@example.org")
		var all []consult.ID
		for range 3 {
			all = append(all, t.commented(id).ID)
		}
		t.does(consult.DeskAct{Kind: consult.ActAssign, Officer: o.ID, Service: "Planning"}, all[0])
		rows := len(got(t.AuditRows(t.ctx, 0, 100))(t))
		done := t.does(consult.DeskAct{Kind: consult.ActAssign, Officer: o.ID, Service: "Planning"}, all...)
		same(t, "done", []any{done.Changed, done.Same, len(done.Skipped)}, []any{2, 1, 0})
		same(t, "log", len(got(t.AuditRows(t.ctx, 0, 100))(t)), rows+1)
		done = t.does(consult.DeskAct{Kind: consult.ActAssign, Officer: o.ID, Service: "Planning"}, all...)
		same(t, "nothing left to do", []any{done.Changed, done.Same}, []any{0, 3})
		same(t, "then nothing is logged", len(got(t.AuditRows(t.ctx, 0, 100))(t)), rows+1)
	},
	"undo puts back exactly what was, and names what others changed": func(t *T) {
		id := t.saved()
		mine, other := t.officer("mine@example.org"), t.officer("other@example.org")
		a, b, c := t.commented(id).ID, t.commented(id).ID, t.commented(id).ID
		until := t.now.Add(50 * time.Hour)
		t.does(consult.DeskAct{Kind: consult.ActSnooze, By: other.ID, Until: until}, a)
		t.does(consult.DeskAct{Kind: consult.ActAssign, By: other.ID, Officer: other.ID, Service: "Housing"}, b)
		done := t.does(consult.DeskAct{Kind: consult.ActHandOver, By: mine.ID, Service: "Transport", Note: "It is about the bus."}, a, b, c)
		t.later(time.Minute)
		t.does(consult.DeskAct{Kind: consult.ActAssign, By: other.ID, Officer: other.ID, Service: "Planning"}, c)
		back := got(t.Undo(t.ctx, done.Act.ID, mine.ID, t.change("desk.undo", done.Act.ID)))(t)
		same(t, "undone", []any{back.Changed, back.Skipped}, []any{2, []consult.DeskSkip{{Item: c, By: other.ID, At: t.now}}})
		for item, want := range map[consult.ID]consult.Assignment{a: {Snoozed: until}, b: {Officer: other.ID, Service: "Housing"},
			c: {Officer: other.ID, Service: "Planning"}} {
			same(t, "assignment", got(t.DeskItem(t.ctx, item))(t).Assignment, want)
			notes, total, err := t.Notes(t.ctx, item, 0, 10)
			t.must(err)
			same(t, "notes", []int{len(notes), total}, []int{0, 0})
		}
		_, err := t.Undo(t.ctx, done.Act.ID, mine.ID, t.change("desk.undo", done.Act.ID))
		t.wants(consult.Conflict, err)
	},
	"of two who act on one version one succeeds": func(t *T) {
		c := t.commented(t.saved()).ID
		var done [8]consult.DeskDone
		errs := parallel(8, func(n int) (err error) {
			act := consult.DeskAct{ID: consult.NewID(t.now), Kind: consult.ActAssign, Officer: consult.ID(100 + n), Service: "Planning", At: t.now}
			done[n], err = t.Act(t.ctx, act, []consult.ID{c}, 0, t.change("desk.assign", act.ID))
			return err
		})
		changed, skipped := 0, 0
		for n := range done {
			changed, skipped = changed+done[n].Changed, skipped+len(done[n].Skipped)
		}
		same(t, "errors, changes, others", []int{count(errs, nil), changed, skipped}, []int{8, 1, 7})
	},
	"handing over says in the promise who answers from now on, and undo says it back": func(t *T) {
		id := t.saved()
		c := t.commented(id)
		own := t.answered(id, c.ID)
		q := t.posted(t.question(own.Thread.ID, "And the trees?")).Message.ID
		waiting := t.commented(id)
		serves := func(source consult.ID, want ...string) {
			t.Helper()
			for ref, log := range got(t.PromiseLogs(t.ctx, source))(t) {
				p := consult.PromiseOf(log, consult.TermsOf(log), consult.Calendar{}, t.now)
				var kinds []string
				for _, e := range log {
					kinds = append(kinds, string(e.Kind))
				}
				same(t, "promise of "+string(ref.Topic), append(kinds, p.Service), want)
			}
		}
		done := t.does(consult.DeskAct{Kind: consult.ActHandOver, By: 7, Service: "Transport", Note: "Trees."}, c.ID, waiting.ID)
		serves(waiting.ID, "asked", "handed-over", "Transport")
		serves(q, "asked", "handed-over", "Transport")
		serves(c.ID, "asked", "answered", "Planning") // nobody waits for these points
		t.later(time.Minute)
		got(t.Undo(t.ctx, done.Act.ID, 7, t.change("desk.undo", done.Act.ID)))(t)
		serves(waiting.ID, "asked", "handed-over", "handed-over", "Planning")
	},
	"what a colleague changed since one looked is left alone": func(t *T) {
		id := t.saved()
		mine, other := t.officer("mine@example.org"), t.officer("other@example.org")
		a, b := t.commented(id).ID, t.commented(id).ID
		seen := t.now
		t.later(time.Minute)
		t.does(consult.DeskAct{Kind: consult.ActAssign, By: other.ID, Officer: other.ID, Service: "Planning"}, a)
		done := t.does(consult.DeskAct{Kind: consult.ActSnooze, By: mine.ID, Until: t.now.Add(time.Hour), Seen: seen}, a, b)
		same(t, "done", []any{done.Changed, done.Skipped}, []any{1, []consult.DeskSkip{{Item: a, By: other.ID, At: t.now}}})
	},
	"a mention waits until it is dealt with, and again after undo": func(t *T) {
		id := t.saved()
		writer, named := t.officer("writer@example.org"), t.officer("named@example.org")
		c, th := t.commented(id).ID, t.started(id).Thread.ID
		for _, item := range []consult.ID{c, th} {
			n := consult.DeskNote{ID: t.id(), Item: item, Consultation: id, By: writer.ID, Body: "Do you know the kerb?", Mentions: []consult.ID{named.ID}}
			t.must(t.SaveNote(t.ctx, n, t.change("desk.note", n.ID)))
			notes, total, err := t.Notes(t.ctx, item, 0, 10)
			t.must(err)
			n.At = t.now
			same(t, "note", []any{notes, total}, []any{[]consult.DeskNote{n}, 1})
			t.later(time.Minute)
		}
		same(t, "mentions", itemsOf(t.seen(named, consult.InboxMentions).Items), []consult.ID{c, th})
		same(t, "of the writer", t.seen(writer, consult.InboxMentions).Counts[consult.InboxMentions], 0)
		done := t.does(consult.DeskAct{Kind: consult.ActOff, By: named.ID}, c)
		same(t, "dealt with", itemsOf(t.seen(named, consult.InboxMentions).Items), []consult.ID{th})
		got(t.Undo(t.ctx, done.Act.ID, named.ID, t.change("desk.undo", done.Act.ID)))(t)
		same(t, "again", itemsOf(t.seen(named, consult.InboxMentions).Items), []consult.ID{c, th})
	},
	"filters narrow every view": func(t *T) {
		id := t.saved()
		other := t.saved(func(c *consult.Case) {
			c.Consultation.Kind, c.Consultation.Title, c.Consultation.WardCode = consult.PublicHealth, "Clean air", "E05099999"
			c.Consultation.Service, c.Consultation.Application.Type = "Public health", ""
		})
		o := t.officer("officer@example.org")
		old := t.commented(id, func(c *consult.Comment) { c.Language, c.Channel = "ur", "letter" }).ID
		t.later(100 * time.Hour)
		young := t.commented(id).ID
		foreign := t.commented(other, func(c *consult.Comment) { c.WardCode = "" }).ID
		t.later(time.Second)
		th := t.started(other).Thread.ID
		t.does(consult.DeskAct{Kind: consult.ActAssign, Officer: o.ID, Service: "Transport"}, young)
		for name, f := range map[string]struct {
			filter consult.InboxFilter
			want   []consult.ID
		}{
			"service":        {consult.InboxFilter{Service: "Transport"}, []consult.ID{young}},
			"home service":   {consult.InboxFilter{Service: "Public health"}, []consult.ID{foreign, th}},
			"officer":        {consult.InboxFilter{Officer: o.ID}, []consult.ID{young}},
			"ward":           {consult.InboxFilter{Ward: "E05099999"}, []consult.ID{foreign, th}},
			"topic":          {consult.InboxFilter{Topic: "light", Consultation: id}, []consult.ID{old, young}},
			"no such topic":  {consult.InboxFilter{Topic: "noise"}, nil},
			"kind":           {consult.InboxFilter{Kind: consult.PublicHealth}, []consult.ID{foreign, th}},
			"type":           {consult.InboxFilter{Type: "pp.full"}, []consult.ID{old, young}},
			"half a type":    {consult.InboxFilter{Type: "pp.fu"}, nil},
			"language":       {consult.InboxFilter{Language: "ur"}, []consult.ID{old}},
			"consultation":   {consult.InboxFilter{Consultation: other}, []consult.ID{foreign, th}},
			"channel":        {consult.InboxFilter{Channel: "letter"}, []consult.ID{old}},
			"age":            {consult.InboxFilter{Age: 4}, []consult.ID{old}},
			"title":          {consult.InboxFilter{Words: "clean AIR"}, []consult.ID{foreign, th}},
			"words":          {consult.InboxFilter{Words: "bicycles GO"}, []consult.ID{th}},
			"original words": {consult.InboxFilter{Words: "kitchen café"}, []consult.ID{old, young}},
			"a percent sign": {consult.InboxFilter{Words: "%"}, nil},
		} {
			f.filter.View = consult.InboxUnanswered
			q := t.asks(f.filter.View, 0, 20)
			q.InboxFilter, q.Saved = f.filter, []consult.InboxFilter{{View: consult.InboxPublish, Language: "ur"}, f.filter}
			page := got(t.Inbox(t.ctx, q))(t)
			same(t, name, itemsOf(page.Items), f.want)
			same(t, name+" counted", []any{page.Counts[consult.InboxUnanswered], page.Saved}, []any{len(f.want), []int{1, len(f.want)}})
		}
	},
	"the items of a view, each once, without what came later": func(t *T) {
		id := t.saved()
		c := t.commented(id).ID
		t.later(time.Second)
		th := t.started(id).Thread.ID
		for range 2 {
			m := t.question(th, "https://example.org")
			m.State, m.Rule = consult.MessageHeld, "links"
			t.posted(m)
		}
		same(t, "held", got(t.InboxItems(t.ctx, t.asks(consult.InboxHeld, 0, 0), t.now, 10))(t), []consult.ID{th})
		by := t.now
		t.later(time.Second)
		t.commented(id)
		same(t, "waiting", got(t.InboxItems(t.ctx, t.asks(consult.InboxUnanswered, 0, 0), by, 10))(t), []consult.ID{c, th})
		same(t, "at most", len(got(t.InboxItems(t.ctx, t.asks(consult.InboxUnanswered, 0, 0), t.now, 2))(t)), 2)
	},
	"the timeline tells who did and who opened what": func(t *T) {
		id := t.saved()
		o := t.officer("officer@example.org")
		c := t.commented(id)
		open := t.change("comment.open", c.ID)
		open.Actor, open.At = o.Actor(), t.later(time.Minute)
		t.must(t.Note(t.ctx, open))
		t.later(time.Minute)
		done := t.does(consult.DeskAct{Kind: consult.ActSnooze, By: o.ID, Until: t.now.Add(time.Hour)}, c.ID)
		t.later(time.Minute)
		n := consult.DeskNote{ID: t.id(), Item: c.ID, Consultation: id, By: o.ID, Body: "Wait for the plan."}
		t.must(t.SaveNote(t.ctx, n, t.change("desk.note", n.ID)))
		t.later(time.Minute)
		t.answered(id, c.ID)
		t.commented(id) // another item's rows are not in it
		rows, total, err := t.Timeline(t.ctx, c.ID, 0, 50)
		t.must(err)
		var actions []string
		for _, r := range rows {
			actions = append(actions, r.Action)
		}
		same(t, "actions", actions, []string{"thread.start", "desk.note", "desk.snooze", "comment.open", "comment.submit"})
		same(t, "total", total, 5)
		same(t, "act", []any{rows[2].Act.ID, rows[2].From, rows[2].To}, []any{done.Act.ID, consult.Assignment{},
			consult.Assignment{Snoozed: done.Act.Until}})
		same(t, "who opened it", []any{rows[3].ActorKind, rows[3].Actor}, []any{consult.Signed, o.ID})
		page, _, err := t.Timeline(t.ctx, c.ID, 4, 2)
		t.must(err)
		same(t, "last page", len(page), 1)
	},
	"a visit keeps when one left, and what changed since is counted": func(t *T) {
		id := t.saved()
		o := t.officer("officer@example.org")
		same(t, "nothing yet", got(t.OfficerDesk(t.ctx, o.ID))(t), consult.OfficerDesk{Officer: o.ID})
		before := t.commented(id)
		left := t.now
		t.must(t.Looked(t.ctx, o.ID, left, t.later(time.Hour)))
		t.must(t.SaveOfficerDesk(t.ctx, consult.OfficerDesk{Officer: o.ID, KeysOff: true}, t.change("desk.settings", o.ID)))
		same(t, "desk", got(t.OfficerDesk(t.ctx, o.ID))(t), consult.OfficerDesk{Officer: o.ID, KeysOff: true, LeftAt: left, LookedAt: t.now})
		t.commented(id)
		t.started(id)
		t.answered(id, before.ID)
		t.does(consult.DeskAct{Kind: consult.ActAssign, Officer: o.ID, Service: "Planning"}, before.ID)
		t.does(consult.DeskAct{Kind: consult.ActSnooze, Until: t.now.Add(time.Minute)}, before.ID)
		n := consult.DeskNote{ID: t.id(), Item: before.ID, Consultation: id, Body: "Look", Mentions: []consult.ID{o.ID}}
		t.must(t.SaveNote(t.ctx, n, t.change("desk.note", n.ID)))
		same(t, "news", got(t.DeskNews(t.ctx, o.ID, left, t.later(time.Hour)))(t),
			consult.DeskNews{Since: left, Came: 2, Answered: 1, Assigned: 1, Returned: 1, Mentions: 1})
		same(t, "since now", got(t.DeskNews(t.ctx, o.ID, t.now, t.now))(t), consult.DeskNews{Since: t.now})
	},
	"views are one's own, or the service's": func(t *T) {
		o := t.officer("officer@example.org")
		mine := consult.SavedView{ID: t.id(), Officer: o.ID, Name: "Urdu letters", Query: "language=ur", CreatedAt: t.now}
		shared := consult.SavedView{ID: t.id(), Officer: 99, Service: "Planning", Name: "Old", Query: "age=7", CreatedAt: t.now}
		foreign := consult.SavedView{ID: t.id(), Officer: 99, Name: "Private", Query: "age=3", CreatedAt: t.now}
		for _, v := range []consult.SavedView{shared, mine, foreign} {
			t.must(t.SaveView(t.ctx, v, t.change("desk.save-view", v.ID)))
		}
		same(t, "views", got(t.SavedViews(t.ctx, o.ID, "Planning"))(t), []consult.SavedView{mine, shared})
		t.wants(consult.NotFound, t.RemoveView(t.ctx, shared.ID, o.ID, t.change("desk.remove-view", shared.ID)))
		t.must(t.RemoveView(t.ctx, mine.ID, o.ID, t.change("desk.remove-view", mine.ID)))
		same(t, "left", len(got(t.SavedViews(t.ctx, o.ID, ""))(t)), 0)
		for n := range consult.MaxViews + 1 {
			err := t.SaveView(t.ctx, consult.SavedView{ID: t.id(), Officer: o.ID, Name: "n"}, t.change("desk.save-view", o.ID))
			if n < consult.MaxViews {
				t.must(err)
			} else {
				t.wants(consult.Closed, err)
			}
		}
	},
	"an officer's latest act is the one to undo": func(t *T) {
		id := t.saved()
		a, b := t.commented(id).ID, t.commented(id).ID
		first := t.does(consult.DeskAct{Kind: consult.ActSnooze, By: 7, Until: t.now.Add(time.Hour)}, a).Act
		t.later(time.Second)
		second := t.does(consult.DeskAct{Kind: consult.ActSnooze, By: 7, Until: t.now.Add(time.Hour)}, b).Act
		t.does(consult.DeskAct{Kind: consult.ActUnassign, By: 8}, a)
		same(t, "latest", got(t.LastAct(t.ctx, 7, start))(t).ID, second.ID)
		got(t.Undo(t.ctx, second.ID, 7, t.change("desk.undo", second.ID)))(t)
		same(t, "the one before", got(t.LastAct(t.ctx, 7, start))(t).ID, first.ID)
		_, err := t.LastAct(t.ctx, 7, t.now)
		t.wants(consult.NotFound, err)
		undone := got(t.DeskAct(t.ctx, second.ID))(t)
		same(t, "undone", undone.Undone, t.now)
	},
	"a thousand items in one act": func(t *T) {
		id := t.saved()
		var all []consult.ID
		for range 40 {
			all = append(all, t.commented(id).ID)
		}
		for range 960 { // threads are quicker to make
			th := t.aThread(id)
			got(t.StartThread(t.ctx, th, t.question(th.ID, "Number"), t.change("thread.start", th.ID)))(t)
			all = append(all, th.ID)
		}
		done := t.does(consult.DeskAct{Kind: consult.ActHandOver, By: 7, Service: "Transport", Note: "All of it."}, all...)
		same(t, "changed", done.Changed, 1000)
		back := got(t.Undo(t.ctx, done.Act.ID, 7, t.change("desk.undo", done.Act.ID)))(t)
		same(t, "undone", []any{back.Changed, len(back.Skipped)}, []any{1000, 0})
	},
}

// does does something with items.
func (t *T) does(a consult.DeskAct, items ...consult.ID) consult.DeskDone {
	t.Helper()
	a.ID, a.At = t.id(), t.now
	ch := t.change("desk."+string(a.Kind), a.ID)
	return got(t.Act(t.ctx, a, items, -1, ch))(t)
}

// seen is the first page of a view as an officer sees it.
func (t *T) seen(o consult.Officer, view consult.InboxView) consult.InboxPage {
	t.Helper()
	q := t.asks(view, 0, 50)
	q.Me, q.Service = o.ID, o.Service
	return got(t.Inbox(t.ctx, q))(t)
}

func itemsOf(items []consult.InboxItem) []consult.ID {
	var list []consult.ID
	for _, i := range items {
		list = append(list, i.Item)
	}
	return list
}

func entries(rows []consult.TimelineRow, action string) int {
	n := 0
	for _, r := range rows {
		if r.Action == action {
			n++
		}
	}
	return n
}
