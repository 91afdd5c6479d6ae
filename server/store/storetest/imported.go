package storetest

import (
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// anImported is a comment of another system, published there.
func (t *T) anImported(consultation consult.ID, sourceID string) consult.ImportedComment {
	c := t.aComment(consultation, func(c *consult.Comment) {
		c.State, c.PublishedAt, c.Points, c.Channel = consult.CommentPublished, t.now, words[:1], "import"
		c.AnswerDue = time.Time{} // its author never spoke to this site
	})
	return consult.ImportedComment{Source: "odp", SourceID: sourceID, Comment: c, Original: words, Contact: resident, Hash: "public 1", OwnHash: "own 1"}
}

func (t *T) takes(want [3]int, list ...consult.ImportedComment) {
	t.Helper()
	created, updated, unchanged, err := t.SaveImportedComments(t.ctx, list, t.change("comment.import", list[0].Comment.Consultation))
	t.must(err)
	same(t, "created, updated, unchanged", [3]int{created, updated, unchanged}, want)
}

var importedTests = map[string]func(*T){
	"twice is once, by consultation, source and id": func(t *T) {
		first, second := t.saved(), t.saved()
		a, b := t.anImported(first, "1"), t.anImported(first, "2")
		t.takes([3]int{2, 0, 0}, a, b)
		again := t.anImported(first, "1")
		t.takes([3]int{0, 0, 1}, again)
		t.takes([3]int{1, 0, 0}, t.anImported(second, "1"))
		bops := t.anImported(first, "1")
		bops.Source = "bops"
		t.takes([3]int{1, 0, 0}, bops)
		same(t, "public", got(t.Comment(t.ctx, a.Comment.ID))(t), a.Comment)
		same(t, "file", got(t.CommentFile(t.ctx, a.Comment.ID))(t), consult.CommentFile{Comment: a.Comment, Original: words, OriginalPlace: a.Comment.PlaceText,
			OriginalName: a.Comment.NameShown, Contact: resident})
		same(t, "comments", got(t.Tally(t.ctx, first))(t).Comments, 3)
	},
	"what the source says now counts, under the same id": func(t *T) {
		id := t.saved()
		a := t.anImported(id, "1")
		t.takes([3]int{1, 0, 0}, a)
		b := t.anImported(id, "1")
		b.Comment.Points, b.Comment.Stance, b.Hash = []consult.CommentPoint{{Topic: words[0].Topic, Text: "Less"}}, consult.Neutral, "public 2"
		b.Original, b.Contact, b.OwnHash = nil, consult.Contact{}, ""
		t.takes([3]int{0, 1, 0}, b)
		t.takes([3]int{0, 0, 1}, b)
		file := got(t.CommentFile(t.ctx, a.Comment.ID))(t)
		same(t, "published words and stance", []any{file.Comment.Points, file.Comment.Stance}, []any{b.Comment.Points, consult.Neutral})
		same(t, "own words and contact", []any{file.Original, file.Contact}, []any{words, resident})
	},
	"what was decided here stands": func(t *T) {
		id := t.saved()
		a := t.anImported(id, "1")
		t.takes([3]int{1, 0, 0}, a)
		c := a.Comment
		c.State, c.PublishedAt, c.Points = consult.CommentWithheld, time.Time{}, nil
		t.must(t.PublishComment(t.ctx, c, []string{"child"}, t.change("comment.withhold", c.ID)))
		a.Hash = "public 2"
		t.takes([3]int{0, 0, 1}, a)
		same(t, "state", got(t.Comment(t.ctx, c.ID))(t).State, consult.CommentWithheld)
	},
	"all or nothing": func(t *T) {
		id := t.saved()
		a, b := t.anImported(id, "1"), t.anImported(id, "2")
		b.Comment.ID = a.Comment.ID
		_, _, _, err := t.SaveImportedComments(t.ctx, []consult.ImportedComment{a, b}, t.change("comment.import", id))
		t.wants(consult.Conflict, err)
		same(t, "comments", got(t.Tally(t.ctx, id))(t).Comments, 0)
	},
	"the files of a consultation, oldest first, without what was withdrawn": func(t *T) {
		id := t.saved()
		a := t.commented(id)
		t.commented(id, func(c *consult.Comment) { c.State = consult.CommentWithdrawn })
		t.later(time.Minute)
		b := t.commented(id)
		t.commented(t.saved())
		var ids []consult.ID
		t.must(t.EachCommentFile(t.ctx, id, func(f consult.CommentFile) error {
			same(t, "contact", f.Contact, resident)
			ids = append(ids, f.Comment.ID)
			return nil
		}))
		same(t, "ids", ids, []consult.ID{a.ID, b.ID})
	},
	"found by whole reference and by kind": func(t *T) {
		id := t.saved()
		other := t.saved(func(c *consult.Case) { c.Consultation.Kind = consult.OtherMatter })
		k := got(t.Consultation(t.ctx, id))(t)
		for _, want := range []struct {
			f  consult.Filter
			id consult.ID
		}{
			{consult.Filter{Reference: k.Application.Reference}, id},
			{consult.Filter{Kinds: []consult.ConsultationKind{consult.PlanningApplication}}, id},
			{consult.Filter{Kinds: []consult.ConsultationKind{consult.OtherMatter, consult.Research}}, other},
		} {
			page := got(t.Consultations(t.ctx, want.f))(t)
			if page.Total != 1 || page.Cards[0].Consultation.ID != want.id {
				t.Errorf("%+v: %d found", want.f, page.Total)
			}
		}
		same(t, "by half a reference", got(t.Consultations(t.ctx, consult.Filter{Reference: k.Application.Reference[:5]}))(t).Total, 0)
	},
}
