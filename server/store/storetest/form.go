package storetest

import (
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// aForm asks one choice, one scale and one question in own words.
func aForm() consult.Form {
	text := func(s string) consult.FormText { return consult.FormText{"en": s, "ur": "سوال"} }
	return consult.Form{Format: consult.FormFormat, Language: "en", Title: text("Walking"), Contact: consult.ContactRule{Name: consult.NotAsked, Postcode: consult.Optional},
		Sections: []consult.Section{{ID: "one", Title: text("One"), Questions: []consult.Question{
			{ID: "how", Kind: consult.ChoiceQuestion, Text: text("How?"), Other: true, Options: []consult.Option{{ID: "foot", Text: text("On foot")}}},
			{ID: "safe", Kind: consult.ScaleQuestion, Text: text("Safe?"), Steps: 5, Low: text("no"), High: text("yes")},
			{ID: "why", Kind: consult.TextQuestion, Text: text("Why?")},
		}}}}
}

// aMatter begins a consultation that is no planning application, with a published form.
func (t *T) aMatter() consult.Consultation {
	t.Helper()
	k := consult.Consultation{ID: t.id(), Kind: consult.PublicHealth, Title: "Walking", Summary: "About walking.", State: consult.Received, Version: 1,
		Service: "Public Health", CreatedAt: t.now, UpdatedAt: t.now, Application: consult.Application{Authority: consult.OwnAuthority, Source: "own"}}
	k = got(t.BeginConsultation(t.ctx, k, 2026, t.change("consultation.begin", k.ID)))(t)
	t.must(t.SaveFormDraft(t.ctx, consult.FormVersion{Consultation: k.ID, Form: aForm()}, t.change("form.save", k.ID)))
	t.must(t.PublishForm(t.ctx, got(t.FormDraft(t.ctx, k.ID))(t), t.change("form.publish", k.ID)))
	return k
}

var formTests = map[string]func(*T){
	"OwnReferencesCountUp": func(t *T) {
		first, second := t.aMatter(), t.aMatter()
		same(t, "references", []string{first.Application.Reference, second.Application.Reference}, []string{"C-2026-0001", "C-2026-0002"})
		same(t, "kept", got(t.Consultation(t.ctx, second.ID))(t).Application.Reference, "C-2026-0002")
		same(t, "its versions", len(got(t.Versions(t.ctx, second.ID))(t)), 1)
		found := got(t.ConsultationByReference(t.ctx, consult.OwnAuthority, "C-2026-0001"))(t)
		same(t, "found by reference", found.ID, first.ID)
		other := consult.Consultation{ID: t.id(), Kind: consult.Policy, State: consult.Received, Application: consult.Application{Authority: consult.OwnAuthority}}
		same(t, "another year", got(t.BeginConsultation(t.ctx, other, 2027, t.change("consultation.begin", other.ID)))(t).Application.Reference, "C-2027-0001")
	},
	"AFormIsEditedByOneAtATimeAndPublishedForGood": func(t *T) {
		k := t.aMatter()
		t.wants(consult.NotFound, second(t.FormDraft(t.ctx, k.ID)))
		same(t, "published", got(t.Forms(t.ctx, k.ID))(t), []consult.FormVersion{{Consultation: k.ID, Number: 1, Form: aForm(), Edits: 1, PublishedAt: t.now}})

		t.must(t.SaveFormDraft(t.ctx, consult.FormVersion{Consultation: k.ID, Form: aForm()}, t.change("form.save", k.ID)))
		t.wants(consult.Conflict, t.SaveFormDraft(t.ctx, consult.FormVersion{Consultation: k.ID, Form: aForm()}, t.change("form.save", k.ID)))
		draft := got(t.FormDraft(t.ctx, k.ID))(t)
		same(t, "the draft's number", draft.Number, 2)
		mine, theirs := draft, draft
		mine.Form.Title = consult.FormText{"en": "Mine"}
		theirs.Form.Title = consult.FormText{"en": "Theirs"}
		t.must(t.SaveFormDraft(t.ctx, mine, t.change("form.save", k.ID)))
		t.wants(consult.Conflict, t.SaveFormDraft(t.ctx, theirs, t.change("form.save", k.ID)))
		t.wants(consult.Conflict, t.PublishForm(t.ctx, draft, t.change("form.publish", k.ID)))
		draft = got(t.FormDraft(t.ctx, k.ID))(t)
		same(t, "the first to save", draft.Form.Title["en"], "Mine")
		t.must(t.PublishForm(t.ctx, draft, t.change("form.publish", k.ID)))
		t.wants(consult.Conflict, t.SaveFormDraft(t.ctx, draft, t.change("form.save", k.ID)))
		same(t, "the first version stays", got(t.Forms(t.ctx, k.ID))(t)[0].Form, aForm())

		t.must(t.SaveFormDraft(t.ctx, consult.FormVersion{Consultation: k.ID, Form: aForm()}, t.change("form.save", k.ID)))
		t.must(t.DropFormDraft(t.ctx, k.ID, t.change("form.drop", k.ID)))
		t.wants(consult.NotFound, t.DropFormDraft(t.ctx, k.ID, t.change("form.drop", k.ID)))
		same(t, "versions", len(got(t.Forms(t.ctx, k.ID))(t)), 2)
	},
	"ARoundAsksTheVersionThatWasNewestWhenItOpened": func(t *T) {
		k := t.aMatter()
		move := func(from, to consult.State, r *consult.Round) {
			t.must(t.MoveState(t.ctx, consult.StateEvent{Consultation: k.ID, From: from, To: to, At: t.now}, nil, r, t.change("consultation.move", k.ID)))
		}
		move(consult.Received, consult.Validated, nil)
		move(consult.Validated, consult.Consulting, &consult.Round{Kind: consult.InitialRound, Opens: "2026-04-01", Closes: "2026-04-30"})
		same(t, "asked", got(t.Rounds(t.ctx, k.ID))(t)[0].Form, 1)
		t.must(t.SaveFormDraft(t.ctx, consult.FormVersion{Consultation: k.ID, Form: aForm()}, t.change("form.save", k.ID)))
		t.must(t.PublishForm(t.ctx, got(t.FormDraft(t.ctx, k.ID))(t), t.change("form.publish", k.ID)))
		same(t, "still asked", got(t.Rounds(t.ctx, k.ID))(t)[0].Form, 1)
		move(consult.Consulting, consult.Amended, nil)
		move(consult.Amended, consult.Reconsulting, &consult.Round{Kind: consult.AmendmentRound, Opens: "2026-05-01", Closes: "2026-05-30"})
		rounds := got(t.Rounds(t.ctx, k.ID))(t)
		same(t, "first and second round", []int{rounds[0].Form, rounds[1].Form}, []int{1, 2})
	},
	"ResponsesAreKeptBesideTheirWords": func(t *T) {
		k := t.aMatter()
		responses := []consult.Response{{Question: "how", Chosen: []string{"foot", "other"}, Words: "By tram"}, {Question: "safe", Step: 2},
			{Question: "why", Words: "It is near."}}
		c := consult.Comment{ID: t.id(), Consultation: k.ID, Round: 1, Version: 1, Channel: "web", State: consult.CommentReceived, ReceivedAt: t.now, Form: 1,
			Responses: responses, WardCode: "E05011127"}
		t.must(t.SaveComment(t.ctx, c, consult.WordsOf(responses), consult.Contact{Postcode: "B9 5AA"}, "", t.change("comment.submit", c.ID)))
		file := got(t.CommentFile(t.ctx, c.ID))(t)
		same(t, "the officers' view", file.Comment.Responses, responses)
		same(t, "the version", file.Comment.Form, 1)
		same(t, "the words", file.Original, consult.WordsOf(responses))
		same(t, "raised, values too", got(t.TopicsRaised(t.ctx, k.ID))(t), map[consult.Topic]int{"how": 1, "safe": 1, "why": 1})

		var rows []consult.ResponseRow
		t.must(t.EachResponseRow(t.ctx, k.ID, func(r consult.ResponseRow) error { rows = append(rows, r); return nil }))
		if len(rows) != 1 || rows[0].Comment != c.ID || rows[0].Responses[0].Words != "" || rows[0].Responses[1].Step != 2 || rows[0].Row.WardCode != "E05011127" {
			t.Errorf("what is counted: %+v", rows)
		}
		published := c
		published.State, published.PublishedAt = consult.CommentPublished, t.later(time.Hour)
		published.Points = []consult.CommentPoint{{Topic: "how", Text: "By tram"}, {Topic: "why", Text: "It is [near]."}}
		t.must(t.PublishComment(t.ctx, published, []string{"name"}, t.change("comment.publish", c.ID)))
		public := got(t.Comment(t.ctx, c.ID))(t)
		same(t, "what is published", public.Points, published.Points)
		same(t, "no values beside it", public.Responses, nil)
		same(t, "the tally", got(t.Tally(t.ctx, k.ID))(t).Topics, map[consult.Topic]int{"how": 1, "why": 1})
	},
}
