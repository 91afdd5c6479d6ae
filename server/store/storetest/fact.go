package storetest

import (
	"slices"
	"sync"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// aFact is a card on a claim about the Green's trees.
func (t *T) aFact(consultation consult.ID, edit ...func(*consult.Fact)) consult.Fact {
	f := consult.Fact{ID: t.id(), Consultation: consultation, Kind: consult.FactClaim, State: consult.FactDraft, Version: 1,
		Claim: "All the trees will be felled", Short: "Two of eleven trees are felled.", Answer: "Nine stay.\n\nTwo are felled.",
		Sources:   []consult.FactSource{{Title: "Tree survey", URL: "https://example.org/trees"}},
		Phrasings: []string{"they cut down every tree", "تمام درخت کاٹ دیے جائیں گے"}, Language: "en", Service: "Planning", ReviewOn: "2026-09-01",
		By: "Planning, Planning officer", CreatedAt: t.now, UpdatedAt: t.now}
	for _, e := range edit {
		e(&f)
	}
	t.must(t.SaveFact(t.ctx, f, t.change("fact.write", f.ID)))
	f.Rev = 1
	return f
}

// publicFact is one that is out.
func (t *T) publicFact(consultation consult.ID) consult.Fact {
	return t.aFact(consultation, func(f *consult.Fact) { f.State, f.PublishedAt = consult.FactPublished, t.now })
}

// pins pins a card to messages and comments.
func (t *T) pins(f consult.Fact, subjects ...consult.ID) int {
	t.Helper()
	var pins []consult.FactPin
	for _, id := range subjects {
		u := got(t.Utterance(t.ctx, id))(t)
		pins = append(pins, consult.FactPin{Fact: f.ID, Subject: id, Consultation: u.Consultation, Thread: u.Thread, ClaimedAt: u.At, By: "Planning", At: t.now})
	}
	return got(t.PinFact(t.ctx, f.ID, pins, t.tellingAuthors(f)))(t)
}

// tellingAuthors is the change of a pin.
func (t *T) tellingAuthors(f consult.Fact) consult.Change {
	ch := t.change("fact.pin", f.ID)
	if f.State == consult.FactPublished {
		ch.Mails = []consult.Mail{{Kind: consult.MailFact, Subject: f.Consultation, Audience: consult.Audience{Consultation: f.Consultation,
			Fact: f.ID, FactVersion: f.Version, Authors: true}}}
	}
	return ch
}

// kindsOf lists the kinds of a thread's events.
func (t *T) kindsOf(thread consult.ID) (kinds []consult.EventKind) {
	t.Helper()
	for _, e := range got(t.Events(t.ctx, thread, 0, 100))(t) {
		kinds = append(kinds, e.Kind)
		if e.Message == nil || e.Message.ID != e.Subject {
			t.Errorf("event %d of kind %s comes without its message", e.Seq, e.Kind)
		}
	}
	return kinds
}

var factTests = map[string]func(*T){
	"keeps every wording, and refuses a revision that is over": func(t *T) {
		id := t.saved()
		f := t.aFact(id)
		same(t, "as written", got(t.Fact(t.ctx, f.ID))(t), f)
		seen := f
		t.later(time.Hour)
		f.State, f.PublishedAt = consult.FactPublished, t.now
		t.must(t.SaveFact(t.ctx, f, t.change("fact.publish", f.ID)))
		t.wants(consult.Conflict, t.SaveFact(t.ctx, seen, t.change("fact.write", f.ID)))
		f.Rev = 2
		same(t, "published", got(t.Fact(t.ctx, f.ID))(t), f)
		public := t.now
		t.later(time.Hour)
		f.Version, f.Short, f.Changed, f.UpdatedAt = 2, "One tree is felled.", "A second look at the survey.", t.now
		t.must(t.SaveFact(t.ctx, f, t.change("fact.write", f.ID)))
		versions := got(t.FactVersions(t.ctx, f.ID))(t)
		if len(versions) != 2 || versions[0].Short != "One tree is felled." || !versions[0].PublicAt.Equal(t.now) ||
			versions[1].Short != "Two of eleven trees are felled." || !versions[1].PublicAt.Equal(public) || len(versions[1].Sources) != 1 {
			t.Errorf("versions %+v", versions)
		}
		t.wants(consult.NotFound, t.SaveFact(t.ctx, consult.Fact{ID: t.id(), Rev: 1, Version: 1}, t.change("fact.write", 1)))
	},
	"lists a consultation's own and what holds everywhere": func(t *T) {
		id, other := t.saved(), t.saved()
		own, everywhere, draft := t.publicFact(id), t.publicFact(0), t.aFact(id)
		t.publicFact(other)
		ids := func(list []consult.Fact) (found []consult.ID) {
			for _, f := range list {
				found = append(found, f.ID)
			}
			slices.Sort(found)
			return found
		}
		same(t, "public", ids(got(t.Facts(t.ctx, id, true))(t)), slices.Sorted(slices.Values([]consult.ID{own.ID, everywhere.ID})))
		same(t, "officers'", ids(got(t.Facts(t.ctx, id, false))(t)), slices.Sorted(slices.Values([]consult.ID{own.ID, everywhere.ID, draft.ID})))
		same(t, "all", len(got(t.Facts(t.ctx, 0, false))(t)), 4)
	},
	"is pinned once, and pages that are open hear of it": func(t *T) {
		id := t.saved()
		first := t.started(id)
		claimed := t.now
		m := first.Message.ID
		t.later(time.Hour)
		f := t.aFact(id)
		same(t, "a draft is pinned", t.pins(f, m), 1)
		same(t, "not twice", t.pins(f, m), 0)
		same(t, "nobody hears of a draft", t.kindsOf(first.Thread.ID), []consult.EventKind{consult.EventMessage})
		same(t, "nor sees it", len(got(t.PinnedFacts(t.ctx, []consult.ID{m}))(t)), 0)
		f.State, f.PublishedAt = consult.FactPublished, t.now
		t.must(t.SaveFact(t.ctx, f, t.change("fact.publish", f.ID)))
		f.Rev++
		same(t, "published", got(t.PinnedFacts(t.ctx, []consult.ID{m, 1}))(t), map[consult.ID][]consult.Fact{m: {f}})
		second := t.posted(t.question(first.Thread.ID, "All of them?")).Message.ID
		same(t, "a second pin", t.pins(f, second), 1)
		t.must(t.SaveFact(t.ctx, f, t.change("fact.write", f.ID))) // the day of review, say: no word changed
		f.Rev++
		n := got(t.UnpinFact(t.ctx, f.ID, []consult.ID{second, 4711}, t.change("fact.unpin", f.ID)))(t)
		f.State = consult.FactRetired
		t.must(t.SaveFact(t.ctx, f, t.change("fact.retire", f.ID)))
		same(t, "taken away", n, 1)
		same(t, "events", t.kindsOf(first.Thread.ID), []consult.EventKind{consult.EventMessage, consult.EventPinned, consult.EventMessage,
			consult.EventPinned, consult.EventUnpinned, consult.EventUnpinned})
		_, err := t.PinFact(t.ctx, f.ID, []consult.FactPin{{Fact: f.ID, Subject: second}}, t.change("fact.pin", f.ID))
		t.wants(consult.Closed, err)
		same(t, "figure", got(t.FactFigures(t.ctx, []consult.ID{f.ID}))(t)[f.ID], consult.FactFigure{Fact: f.ID, Pins: 1, FirstClaim: claimed})
		pins := got(t.FactPins(t.ctx, f.ID))(t)
		same(t, "pins", []any{len(pins), pins[0].Subject, pins[0].Thread, pins[0].ClaimedAt}, []any{1, m, first.Thread.ID, claimed})
	},
	"reaches an address once per version": func(t *T) {
		id := t.saved()
		a, b := t.published(id), t.published(id) // of one address
		t.commented(id, func(c *consult.Comment) { c.State = consult.CommentReceived })
		reader := t.following(id, "follower@example.org")
		t.mails()
		f := t.publicFact(id)
		told := func() (addresses []string) {
			for _, m := range t.mails() {
				if m.Kind == consult.MailFact {
					addresses = append(addresses, m.To)
				}
			}
			return addresses
		}
		var both sync.WaitGroup
		for _, c := range []consult.Comment{a, b} {
			pin := []consult.FactPin{{Fact: f.ID, Subject: c.ID, Consultation: id, ClaimedAt: c.ReceivedAt, At: t.now}}
			both.Go(func() {
				if _, err := t.PinFact(t.ctx, f.ID, pin, t.tellingAuthors(f)); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		same(t, "the author, once", told(), []string{resident.Email})
		everybody := t.tellingAuthors(f)
		everybody.Mails[0].Audience.Followers = true
		t.must(t.SaveFact(t.ctx, f, everybody))
		same(t, "the follower, and nobody twice", told(), []string{reader.Email})
		f.Rev, f.Version, f.Short = 2, 2, "One."
		everybody.Mails[0].Audience.FactVersion = 2
		t.must(t.SaveFact(t.ctx, f, everybody))
		same(t, "new words", told(), []string{reader.Email, resident.Email})
		same(t, "counted", got(t.FactFigures(t.ctx, []consult.ID{f.ID}))(t)[f.ID].Told, 4)
	},
	"forgets whom it told together with the contacts of a case": func(t *T) {
		id, comment, _ := t.settled(consult.Decided)
		before := func() int {
			t.Helper()
			_, n, err := t.Expired(t.ctx, consult.RetainContact, t.later(time.Hour))
			t.must(err)
			return n
		}
		without := before()
		t.pins(t.publicFact(id), comment.ID)
		same(t, "one reader more", before(), without+1)
		_, _, err := t.Expire(t.ctx, consult.RetainContact, t.now, t.change("retention.apply", 0))
		t.must(err)
		same(t, "forgotten", before(), 0)
	},
	"looks for claims among what everybody can read": func(t *T) {
		id := t.saved()
		first := t.started(id)
		t.later(time.Minute)
		held := t.question(first.Thread.ID, "Call me.")
		held.State = consult.MessageHeld
		t.posted(held)
		c := t.published(id)
		t.answered(id, t.commented(id).ID)
		t.started(t.saved())
		found := got(t.Utterances(t.ctx, id, 10))(t)
		if len(found) != 2 || found[0].Subject != c.ID || found[0].Text != "My kitchen will be dark. [contact]\n\nNo place to park." ||
			found[1].Subject != first.Message.ID || found[1].Thread != first.Thread.ID || found[1].Text != first.Message.Body {
			t.Errorf("found %+v", found)
		}
		same(t, "everywhere", len(got(t.Utterances(t.ctx, 0, 10))(t)), 3)
		same(t, "one", got(t.Utterance(t.ctx, c.ID))(t), found[0])
		_, err := t.Utterance(t.ctx, held.ID)
		t.wants(consult.NotFound, err)
	},
}
