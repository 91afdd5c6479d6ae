package storetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// acting is a change by an officer.
func (t *T) acting(action string) consult.Change {
	ch := t.change(action, 0)
	ch.Actor = consult.Actor{Kind: consult.Signed, ID: 7, Service: "Planning", Title: "Planning officer"}
	return ch
}

// aConcern makes a concern of points.
func (t *T) aConcern(consultation consult.ID, title string, refs ...consult.PointRef) consult.Concern {
	t.Helper()
	k := consult.Concern{ID: t.id(), Consultation: consultation, Title: title, CreatedAt: t.now, UpdatedAt: t.now}
	t.must(t.SaveConcern(t.ctx, k, refs, consult.ByHand, t.acting("concern.make")))
	return got(t.Concern(t.ctx, k.ID))(t)
}

// light and traffic are the points of the comments that tests make.
func light(c consult.Comment) consult.PointRef { return consult.PointRef{Source: c.ID, Topic: "light"} }
func traffic(c consult.Comment) consult.PointRef {
	return consult.PointRef{Source: c.ID, Topic: "traffic"}
}

// refsIn lists the points of a concern, sorted.
func (t *T) refsIn(k consult.Concern) []consult.PointRef {
	t.Helper()
	points, _, err := t.ConcernPoints(t.ctx, consult.PointFilter{Consultation: k.Consultation, Concern: k.ID, Limit: 100})
	t.must(err)
	var refs []consult.PointRef
	for _, p := range points {
		refs = append(refs, p.Ref)
	}
	return inOrder(refs...)
}

func inOrder(refs ...consult.PointRef) []consult.PointRef {
	slices.SortFunc(refs, func(a, b consult.PointRef) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return refs
}

// looseTotal counts the points in no concern.
func (t *T) looseTotal(consultation consult.ID) int {
	t.Helper()
	_, n, err := t.LoosePoints(t.ctx, consult.PointFilter{Consultation: consultation})
	t.must(err)
	return n
}

// sortedState is everything that an undo must restore: who stands where, since when and by whom, and what concerns say of themselves.
func (t *T) sortedState(consultation consult.ID) string {
	t.Helper()
	var b strings.Builder
	for _, p := range got(t.AllPoints(t.ctx, consultation, 1000))(t) {
		fmt.Fprintln(&b, p.Concern, p.Ref, p.By, p.AddedAt)
	}
	for _, k := range got(t.Concerns(t.ctx, consultation, time.Time{}))(t) {
		fmt.Fprintln(&b, k.ID, k.Face(), k.CreatedAt, k.Points, k.Sources, k.Letters, k.Topic)
	}
	return b.String()
}

// lastAct is the newest act that can be undone.
func (t *T) lastAct(consultation consult.ID) consult.ConcernChange {
	t.Helper()
	for _, h := range got(t.ConcernChanges(t.ctx, consultation, 0, 100))(t) {
		if h.CanUndo() {
			return h
		}
	}
	t.Fatal("no act to undo")
	return consult.ConcernChange{}
}

func (t *T) undo(h consult.ConcernChange) error {
	return t.UndoConcernChange(t.ctx, h.ID, t.acting("concern.undo"))
}

var concernTests = map[string]func(*T){
	"PointsAreLooseUntilTheyAreSorted": func(t *T) {
		id := t.saved()
		a := t.commented(id)
		t.later(time.Second)
		b := t.published(id)
		t.commented(t.saved())
		gone := t.commented(id)
		t.must(t.WithdrawComment(t.ctx, gone.ID, t.change("comment.withdraw", gone.ID)))
		t.later(time.Second)
		asked := t.started(id)
		t.later(time.Second)
		t.posted(t.question(asked.Thread.ID, "I agree with that."))
		t.posted(t.question(asked.Thread.ID, "اور بچوں کا کیا؟"))
		points, total, err := t.LoosePoints(t.ctx, consult.PointFilter{Consultation: id})
		t.must(err)
		if total != 6 || len(points) != 6 || points[0].Ref.Source != a.ID || points[5].Ref.Topic != "" {
			t.Fatalf("%d loose points: %+v", total, points)
		}
		same(t, "an author's words", points[0], consult.ConcernPoint{Ref: light(a), Text: words[0].Text, Stance: consult.Object, Language: "en", SaidAt: a.ReceivedAt})
		k := t.aConcern(id, "Will it be dark?", light(a), light(b), points[4].Ref)
		if k.Points != 3 || k.Sources != 3 || k.Published != 2 || k.Topic != "light" || k.Version != 1 || k.Shown() {
			t.Errorf("concern %+v", k)
		}
		same(t, "loose points", t.looseTotal(id), 3)
		same(t, "in the concern", t.refsIn(k), inOrder(light(a), light(b), points[4].Ref))
		same(t, "concerns of points", got(t.ConcernsOf(t.ctx, light(a), traffic(a)))(t)[light(a)][0].Title, "Will it be dark?")
		public, n, err := t.PublishedConcernPoints(t.ctx, k.ID, 0, 10)
		t.must(err)
		if n != 2 || public[0].Text != "My kitchen will be dark. [contact]" || public[1].Ref.Topic != "" || public[1].Thread != asked.Thread.ID {
			t.Errorf("published points %+v", public)
		}
		fresh := got(t.Concerns(t.ctx, id, b.ReceivedAt))(t)
		same(t, "new since", fresh[0].Fresh, 2)
	},
	"APointMayStandInSeveralConcerns": func(t *T) {
		id := t.saved()
		a := t.commented(id)
		dark, tall := t.aConcern(id, "Dark?", light(a)), t.aConcern(id, "Tall?")
		t.must(t.AddPoints(t.ctx, consult.Sorting{Concern: tall.ID, Refs: []consult.PointRef{light(a), light(a)}, By: consult.BySuggestion}, t.acting("concern.add")))
		same(t, "first", t.refsIn(dark), t.refsIn(tall))
		acts := len(got(t.ConcernChanges(t.ctx, id, 0, 100))(t))
		t.must(t.AddPoints(t.ctx, consult.Sorting{Concern: tall.ID, Refs: []consult.PointRef{light(a)}, By: consult.ByHand}, t.acting("concern.add")))
		same(t, "acts after adding what is there", len(got(t.ConcernChanges(t.ctx, id, 0, 100))(t)), acts)
		loose := consult.Sorting{Concern: tall.ID, Refs: []consult.PointRef{traffic(a), light(a)}, By: consult.ByHand, Loose: true}
		t.wants(consult.Conflict, t.AddPoints(t.ctx, loose, t.acting("concern.add")))
		same(t, "after a refusal", t.refsIn(tall), []consult.PointRef{light(a)})
		// Merging into a concern that has the point already keeps it once, and undoing leaves it where it was.
		before := t.sortedState(id)
		t.must(t.MergeConcerns(t.ctx, dark, tall.ID, t.acting("concern.merge")))
		same(t, "merged", t.refsIn(tall), []consult.PointRef{light(a)})
		t.must(t.undo(t.lastAct(id)))
		same(t, "undone", t.sortedState(id), before)
	},
	"WhatDoesNotCountIsNotSorted": func(t *T) {
		id, other := t.saved(), t.saved()
		a, stranger := t.commented(id), t.commented(other)
		k := t.aConcern(id, "Dark?", light(a))
		for name, ref := range map[string]consult.PointRef{"another case's": light(stranger), "no topic of it": {Source: a.ID, Topic: "noise"},
			"nothing": {Source: 4711, Topic: "light"}} {
			err := t.AddPoints(t.ctx, consult.Sorting{Concern: k.ID, Refs: []consult.PointRef{ref}}, t.acting("concern.add"))
			if consult.KindOf(err) != consult.Conflict {
				t.Errorf("%s point: %v", name, err)
			}
		}
		elsewhere := t.aConcern(other, "Elsewhere?")
		t.wants(consult.NotFound, t.MovePoints(t.ctx, k.ID, elsewhere.ID, []consult.PointRef{light(a)}, t.acting("concern.move")))
		t.wants(consult.NotFound, t.MergeConcerns(t.ctx, k, elsewhere.ID, t.acting("concern.merge")))
		t.wants(consult.NotFound, t.AddPoints(t.ctx, consult.Sorting{Concern: 4711, Refs: []consult.PointRef{light(a)}}, t.acting("concern.add")))
		t.wants(consult.NotFound, t.UndoConcernChange(t.ctx, 4711, t.acting("concern.undo")))
		t.wants(consult.Conflict, t.MovePoints(t.ctx, k.ID, k.ID, []consult.PointRef{light(a)}, t.acting("concern.move")))
		// One that is withdrawn later counts no more, and comes back to nothing; one that is hidden comes back when it is restored.
		asked := t.started(id)
		m := consult.PointRef{Source: asked.Message.ID}
		t.must(t.AddPoints(t.ctx, consult.Sorting{Concern: k.ID, Refs: []consult.PointRef{m}}, t.acting("concern.add")))
		t.must(t.WithdrawComment(t.ctx, a.ID, t.change("comment.withdraw", a.ID)))
		t.must(t.SetMessageState(t.ctx, m.Source, consult.MessageHidden, "abuse", "", t.change("message.hide", m.Source)))
		same(t, "numbers of nothing", got(t.Concern(t.ctx, k.ID))(t).Points, 0)
		same(t, "points of nothing", t.refsIn(k), nil)
		t.must(t.SetMessageState(t.ctx, m.Source, consult.MessageVisible, "", "", t.change("message.restore", m.Source)))
		same(t, "restored", t.refsIn(k), []consult.PointRef{m})
		before := t.sortedState(id)
		t.must(t.MovePoints(t.ctx, k.ID, 0, []consult.PointRef{m, light(a)}, t.acting("concern.remove")))
		t.must(t.undo(t.lastAct(id)))
		same(t, "undone around a withdrawn comment", t.sortedState(id), before)
	},
	"WhatAConcernSaysIsComparedAndSet": func(t *T) {
		id := t.saved()
		k := t.aConcern(id, "Dark?", light(t.published(id)))
		mark := got(t.ConcernMark(t.ctx, id))(t)
		mine, theirs := k, k
		mine.Title, theirs.Title, theirs.ShownAt = "Will it be dark?", "How dark?", t.later(time.Minute)
		t.must(t.SaveConcern(t.ctx, theirs, nil, "", t.acting("concern.rename")))
		t.wants(consult.Conflict, t.SaveConcern(t.ctx, mine, nil, "", t.acting("concern.rename")))
		t.wants(consult.Conflict, t.MergeConcerns(t.ctx, k, t.aConcern(id, "Tall?").ID, t.acting("concern.merge")))
		now := got(t.Concern(t.ctx, k.ID))(t)
		if now.Title != "How dark?" || !now.Shown() || now.Version != 2 || !now.ShownAt.Equal(theirs.ShownAt) {
			t.Errorf("concern %+v", now)
		}
		if got(t.ConcernMark(t.ctx, id))(t) == mark {
			t.Error("the mark is as it was")
		}
		h := got(t.ConcernChanges(t.ctx, id, k.ID, 1))(t)[0]
		if h.Act != consult.ConcernRenamed || h.Was.Title != "Dark?" || h.Became.Title != "How dark?" || h.By != "Planning, Planning officer" || h.Title != "How dark?" {
			t.Errorf("act %+v", h)
		}
		t.later(time.Minute)
		hidden := now
		hidden.ShownAt = time.Time{}
		t.must(t.SaveConcern(t.ctx, hidden, nil, "", t.acting("concern.rename")))
		t.wants(consult.Conflict, t.undo(h))
		t.must(t.undo(t.lastAct(id)))
		same(t, "shown again, since when it was", got(t.Concern(t.ctx, k.ID))(t).ShownAt, now.ShownAt)
		t.must(t.undo(h))
		t.wants(consult.Conflict, t.undo(h))
		same(t, "as it was made", got(t.Concern(t.ctx, k.ID))(t).Face(), k.Face())
	},
	"AMergedConcernTakesNothing": func(t *T) {
		id := t.saved()
		a, b := t.commented(id), t.commented(id)
		dark, tall := t.aConcern(id, "Dark?", light(a)), t.aConcern(id, "Tall?", light(b))
		t.must(t.MergeConcerns(t.ctx, dark, tall.ID, t.acting("concern.merge")))
		same(t, "where it went", got(t.Concern(t.ctx, dark.ID))(t).MergedInto, tall.ID)
		same(t, "listed", len(got(t.Concerns(t.ctx, id, time.Time{}))(t)), 1)
		t.wants(consult.Conflict, t.AddPoints(t.ctx, consult.Sorting{Concern: dark.ID, Refs: []consult.PointRef{traffic(a)}}, t.acting("concern.add")))
		t.wants(consult.Conflict, t.MovePoints(t.ctx, tall.ID, dark.ID, []consult.PointRef{light(a)}, t.acting("concern.move")))
		merged := t.lastAct(id)
		t.must(t.MovePoints(t.ctx, tall.ID, 0, []consult.PointRef{light(a)}, t.acting("concern.remove")))
		t.wants(consult.Conflict, t.undo(merged))
		same(t, "after a refusal", got(t.Concern(t.ctx, dark.ID))(t).MergedInto, tall.ID)
		t.must(t.undo(t.lastAct(id)))
		t.must(t.undo(merged))
		same(t, "apart again", [][]consult.PointRef{t.refsIn(dark), t.refsIn(tall)}, [][]consult.PointRef{{light(a)}, {light(b)}})
	},
	"WhatWasAnsweredStaysInSight": func(t *T) {
		id := t.saved()
		k, other := t.aConcern(id, "Dark?", light(t.commented(id))), t.aConcern(id, "Tall?", light(t.commented(id)))
		made := t.lastAct(id)
		t.wrote(other, consult.StepSave, "A draft", "")
		t.must(t.MovePoints(t.ctx, other.ID, 0, t.refsIn(other), t.acting("concern.remove")))
		t.must(t.undo(t.lastAct(id)))
		t.wants(consult.Conflict, t.undo(made)) // somebody has begun to answer it
		k.ShownAt = t.now
		t.must(t.SaveConcern(t.ctx, k, nil, "", t.acting("concern.save")))
		shown := t.lastAct(id)
		t.gave(k, "The shadow ends before your wall.", "")
		k = got(t.Concern(t.ctx, k.ID))(t)
		t.wants(consult.Conflict, t.undo(shown))
		t.wants(consult.Invalid, t.MergeConcerns(t.ctx, k, other.ID, t.acting("concern.merge")))
		hidden := k
		hidden.ShownAt = time.Time{}
		t.wants(consult.Invalid, t.SaveConcern(t.ctx, hidden, nil, "", t.acting("concern.save")))
		same(t, "after refusals", got(t.Concern(t.ctx, k.ID))(t), k)
		t.must(t.MergeConcerns(t.ctx, other, k.ID, t.acting("concern.merge")))
		same(t, "points", got(t.Concern(t.ctx, k.ID))(t).Points, 2)
	},
	"ACampaignIsCountedByItsLetters": func(t *T) {
		id := t.saved()
		var letters []consult.PointRef
		for range 120 {
			letters = append(letters, light(t.commented(id)))
		}
		k := t.aConcern(id, "Dark?", traffic(t.commented(id)))
		t.must(t.AddPoints(t.ctx, consult.Sorting{Concern: k.ID, Refs: letters, By: consult.ByCampaign, Loose: true}, t.acting("concern.add")))
		k = got(t.Concern(t.ctx, k.ID))(t)
		if k.Points != 121 || k.Sources != 121 || k.Letters != 120 || k.Topic != "light" {
			t.Errorf("concern %+v", k)
		}
		same(t, "points of the act", got(t.ConcernChanges(t.ctx, id, 0, 1))(t)[0].Points, 120)
		page, total, err := t.ConcernPoints(t.ctx, consult.PointFilter{Consultation: id, Concern: k.ID, Topic: "light", Limit: 25, Offset: 100})
		t.must(err)
		same(t, "a page's end", []int{len(page), total}, []int{20, 120})
		t.must(t.undo(t.lastAct(id)))
		same(t, "loose again", t.looseTotal(id), 241)
	},
	// Twenty acts at random, then back, one by one: after each undo everything is as it was before its act.
	"UndoRestoresExactlyWhatWas": func(t *T) {
		id := t.saved()
		var refs []consult.PointRef
		for range 4 {
			c := t.commented(id)
			refs = append(refs, light(c), traffic(c))
		}
		for seed := range uint64(3) {
			t.walk(id, refs, rand.New(rand.NewPCG(seed, 42)))
		}
	},
}

// walk does acts and undoes them all. What an act refuses leaves everything as it was.
func (t *T) walk(id consult.ID, refs []consult.PointRef, r *rand.Rand) {
	t.Helper()
	states := []string{t.sortedState(id)}
	pick := func(all []consult.Concern) consult.Concern { return all[r.IntN(len(all))] }
	for range 20 {
		t.later(time.Second)
		standing := got(t.Concerns(t.ctx, id, time.Time{}))(t)
		fresh := consult.Concern{ID: t.id(), Consultation: id, Title: fmt.Sprint("Concern ", r.IntN(99)), CreatedAt: t.now, UpdatedAt: t.now}
		some := []consult.PointRef{refs[r.IntN(len(refs))], refs[r.IntN(len(refs))]}
		var err error
		switch act := r.IntN(7); {
		case len(standing) == 0 || act == 0:
			err = t.SaveConcern(t.ctx, fresh, some, consult.ByHand, t.acting("concern.make"))
		case act == 1:
			k := pick(standing)
			k.Title, k.ShownAt = fresh.Title, t.now
			err = t.SaveConcern(t.ctx, k, nil, "", t.acting("concern.rename"))
		case act == 2:
			err = t.AddPoints(t.ctx, consult.Sorting{Concern: pick(standing).ID, Refs: some, By: consult.BySuggestion}, t.acting("concern.add"))
		case act == 3:
			err = t.MovePoints(t.ctx, pick(standing).ID, pick(standing).ID, some[:1], t.acting("concern.move"))
		case act == 4:
			err = t.MovePoints(t.ctx, pick(standing).ID, 0, some[:1], t.acting("concern.remove"))
		case act == 5:
			err = t.SplitConcern(t.ctx, pick(standing).ID, fresh, some[:1], t.acting("concern.split"))
		default:
			err = t.MergeConcerns(t.ctx, pick(standing), pick(standing).ID, t.acting("concern.merge"))
		}
		now := t.sortedState(id)
		if err != nil {
			t.wants(consult.Conflict, err)
			same(t, "after a refusal", now, states[len(states)-1])
		} else if now != states[len(states)-1] {
			states = append(states, now)
		}
	}
	if len(states) < 8 {
		t.Fatalf("only %d acts changed something: the walk proves little", len(states)-1)
	}
	for i := len(states) - 2; i >= 0; i-- {
		t.later(time.Second)
		t.must(t.undo(t.lastAct(id)))
		if now := t.sortedState(id); now != states[i] {
			t.Fatalf("after undoing act %d:\n%s\nwant\n%s", i+1, now, states[i])
		}
	}
}
