package storetest

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

var commentTests = map[string]func(*T){
	"an unpublished comment says nothing in public": func(t *T) {
		c := t.commented(t.saved())
		public := got(t.Comment(t.ctx, c.ID))(t)
		want := c
		want.PlaceText, want.NameShown = "", ""
		same(t, "public", public, want)
		file := got(t.CommentFile(t.ctx, c.ID))(t)
		same(t, "file", file, consult.CommentFile{Comment: c, Original: words, OriginalPlace: c.PlaceText, OriginalName: c.NameShown, Contact: resident})
	},
	"publication shows the redacted text and keeps the original apart": func(t *T) {
		c := t.published(t.saved())
		same(t, "public", got(t.Comment(t.ctx, c.ID))(t), c)
		file := got(t.CommentFile(t.ctx, c.ID))(t)
		same(t, "file", file, consult.CommentFile{Comment: c, Original: words, OriginalPlace: "Behind my house",
			OriginalName: "Resident of Example Street", Contact: resident, Reasons: []string{"contact"}})
	},
	"withholding takes a published text back": func(t *T) {
		id := t.saved()
		c := t.published(id)
		c.State, c.PublishedAt, c.Points = consult.CommentWithheld, time.Time{}, nil
		t.must(t.PublishComment(t.ctx, c, []string{"child", "name"}, t.change("comment.withhold", c.ID)))
		public := got(t.Comment(t.ctx, c.ID))(t)
		same(t, "points, place, name", []any{len(public.Points), public.PlaceText, public.NameShown}, []any{0, "", ""})
		file := got(t.CommentFile(t.ctx, c.ID))(t)
		same(t, "original and reasons", []any{file.Original, file.Reasons}, []any{words, []string{"child", "name"}})
		same(t, "the author's place and name", []string{file.Comment.PlaceText, file.Comment.NameShown},
			[]string{"Behind my house", "Resident of Example Street"})
	},
	"a topic the publication leaves out says nothing": func(t *T) {
		id := t.saved()
		c := t.published(id)
		c.Points = c.Points[1:]
		t.must(t.PublishComment(t.ctx, c, nil, t.change("comment.publish", c.ID)))
		same(t, "points", got(t.Comment(t.ctx, c.ID))(t).Points, c.Points)
		_, total, err := t.Comments(t.ctx, consult.CommentFilter{Consultation: id, Topic: "light"})
		t.must(err)
		same(t, "found by the hidden topic", total, 0)
	},
	"what was withdrawn is not published": func(t *T) {
		c := t.commented(t.saved(), func(c *consult.Comment) { c.State = consult.CommentWithdrawn })
		c.State = consult.CommentPublished
		t.wants(consult.Conflict, t.PublishComment(t.ctx, c, nil, t.change("comment.publish", c.ID)))
	},
	"an import may arrive published": func(t *T) {
		c := t.aComment(t.saved(), func(c *consult.Comment) {
			c.State, c.PublishedAt, c.Points = consult.CommentPublished, t.now, words[:1]
		})
		t.must(t.SaveComment(t.ctx, c, words, consult.Contact{}, "", t.change("comment.import", c.ID)))
		same(t, "public", got(t.Comment(t.ctx, c.ID))(t), c)
	},
	"needs its consultation": func(t *T) {
		c := t.aComment(4711)
		t.wants(consult.NotFound, t.SaveComment(t.ctx, c, words, resident, "", t.change("comment.submit", c.ID)))
	},
	"lists published ones, newest first, filtered, in pages": func(t *T) {
		id := t.saved()
		var all []consult.Comment
		for i := range 5 {
			t.later(time.Minute)
			all = append(all, t.published(id, func(c *consult.Comment) {
				c.Round, c.Stance = 1+i%2, []consult.Stance{consult.Object, consult.Support}[i%2]
			}))
			t.commented(id)
		}
		t.published(t.saved())
		newest := slices.Clone(all)
		slices.Reverse(newest)
		list, total, err := t.Comments(t.ctx, consult.CommentFilter{Consultation: id, Limit: 2, Offset: 1})
		t.must(err)
		same(t, "page", list, newest[1:3])
		same(t, "total", total, 5)
		for name, f := range map[string]consult.CommentFilter{
			"stance": {Stance: consult.Support}, "round": {Round: 2}, "topic": {Topic: "light", Round: 2},
		} {
			f.Consultation = id
			list, total, err := t.Comments(t.ctx, f)
			t.must(err)
			same(t, name, []any{len(list), total}, []any{2, 2})
		}
		var streamed []consult.Comment
		t.must(t.EachComment(t.ctx, consult.CommentFilter{Consultation: id, Limit: 1}, func(c consult.Comment) error {
			streamed = append(streamed, c)
			return nil
		}))
		same(t, "streamed, oldest first", streamed, all)
	},
	"the stream is one moment and ends when the reader ends it": func(t *T) {
		id := t.saved()
		first := t.published(id)
		t.later(time.Minute)
		t.published(id)
		n := 0
		t.must(t.EachComment(t.ctx, consult.CommentFilter{Consultation: id}, func(consult.Comment) error {
			if n++; n == 1 {
				t.later(time.Minute)
				t.published(id)
				first.State, first.Points = consult.CommentWithheld, nil
				t.must(t.PublishComment(t.ctx, first, []string{"name"}, t.change("comment.withhold", first.ID)))
			}
			return nil
		}))
		same(t, "comments seen", n, 2)
		stop := errors.New("enough")
		err := t.EachComment(t.ctx, consult.CommentFilter{Consultation: id}, func(consult.Comment) error { return stop })
		if !errors.Is(err, stop) {
			t.Errorf("got %v, want the reader's own error", err)
		}
	},
}

var draftTests = map[string]func(*T){
	"is found by its token only, and replaced": func(t *T) {
		d := consult.Draft{Token: "secret", Consultation: 5, UpdatedAt: t.now, Data: consult.DraftData{Stance: consult.Object,
			Topics: []consult.Topic{"light"}, Texts: map[consult.Topic]string{"light": "dark"}, Contact: resident, Key: "k"}}
		t.must(t.SaveDraft(t.ctx, d))
		same(t, "draft", got(t.Draft(t.ctx, "secret"))(t), d)
		d.Data.Texts["light"], d.UpdatedAt = "darker", t.later(time.Minute)
		t.must(t.SaveDraft(t.ctx, d))
		same(t, "later", got(t.Draft(t.ctx, "secret"))(t), d)
		_, err := t.Draft(t.ctx, "Secret")
		t.wants(consult.NotFound, err)
	},
	"goes with the sending, or not at all": func(t *T) {
		id := t.saved()
		t.must(t.SaveDraft(t.ctx, consult.Draft{Token: "secret", Consultation: id, UpdatedAt: t.now}))
		bad := t.aComment(4711)
		t.wants(consult.NotFound, t.SaveComment(t.ctx, bad, words, resident, "secret", t.change("comment.submit", bad.ID)))
		got(t.Draft(t.ctx, "secret"))(t)
		c := t.aComment(id)
		t.must(t.SaveComment(t.ctx, c, words, resident, "secret", t.change("comment.submit", c.ID)))
		_, err := t.Draft(t.ctx, "secret")
		t.wants(consult.NotFound, err)
	},
	"is forgotten by age": func(t *T) {
		t.must(t.SaveDraft(t.ctx, consult.Draft{Token: "old", UpdatedAt: t.now}))
		t.must(t.SaveDraft(t.ctx, consult.Draft{Token: "new", UpdatedAt: t.later(time.Hour)}))
		same(t, "purged", got(t.Purge(t.ctx, t.now, time.Time{}))(t), 1)
		got(t.Draft(t.ctx, "new"))(t)
		_, err := t.Draft(t.ctx, "old")
		t.wants(consult.NotFound, err)
	},
}

var textTests = map[string]func(*T){
	"keeps every character of every script": func(t *T) {
		id := t.saved()
		for name, s := range map[string]string{
			"urdu":       "یہاں روشنی نہیں آتی۔ \u200fگرین\u200e",
			"emoji":      "🏘️👩🏽‍🦽 🇵🇰",
			"composed":   "caf\u00e9",
			"decomposed": "cafe\u0301",
			"combining":  "Z" + strings.Repeat("\u0301", 50),
			"quotes":     `'"\;--%_$1 ?`,
			"lines":      "one\r\ntwo\n\n\tthree ",
			"astral":     "\U0010fffd\U00020000",
		} {
			c := t.aComment(id, func(c *consult.Comment) { c.PlaceText = s })
			t.must(t.SaveComment(t.ctx, c, []consult.CommentPoint{{Topic: "other", Text: s}}, consult.Contact{Name: s}, "", t.change("comment.submit", c.ID)))
			file := got(t.CommentFile(t.ctx, c.ID))(t)
			same(t, name, []string{file.Comment.PlaceText, file.Original[0].Text, file.Contact.Name}, []string{s, s, s})
		}
	},
	"keeps eight times 6,000 characters": func(t *T) {
		long := strings.Repeat("🏠", consult.MaxPoint)
		var points []consult.CommentPoint
		for _, topic := range consult.Topics() {
			points = append(points, consult.CommentPoint{Topic: topic, Text: long})
		}
		c := t.aComment(t.saved())
		t.must(t.SaveComment(t.ctx, c, points, resident, "", t.change("comment.submit", c.ID)))
		same(t, "original", got(t.CommentFile(t.ctx, c.ID))(t).Original, points)
		item := got(t.Inbox(t.ctx, t.asks(consult.InboxPublish, 0, 10)))(t).Items[0]
		same(t, "excerpt", item.Excerpt, strings.Repeat("🏠", 200))
	},
	"refuses NUL and broken UTF-8 on either database, and writes nothing": func(t *T) {
		id := t.saved()
		for _, bad := range []string{"a\x00b", "a\xffb", "\xed\xa0\x80"} {
			c := t.aComment(id)
			err := t.SaveComment(t.ctx, c, []consult.CommentPoint{{Topic: "other", Text: bad}}, resident, "", t.change("comment.submit", c.ID))
			t.wants(consult.Invalid, err)
			_, err = t.Comment(t.ctx, c.ID)
			t.wants(consult.NotFound, err)
			page, err := t.Consultations(t.ctx, consult.Filter{Words: bad, Ward: "x"})
			if err != nil && consult.KindOf(err) != consult.Invalid || page.Total != 0 {
				t.Errorf("a search for it: %v, %d found", err, page.Total)
			}
		}
	},
}
