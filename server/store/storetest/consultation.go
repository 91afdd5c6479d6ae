package storetest

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

var consultationTests = map[string]func(*T){
	"comes back as it was kept": func(t *T) {
		c := t.aConsultation()
		r := got(t.SaveCase(t.ctx, c, t.change("consultation.import", 0)))(t)
		same(t, "result", r, consult.SaveResult{ID: c.Consultation.ID, Outcome: consult.Created})
		same(t, "by id", got(t.Consultation(t.ctx, r.ID))(t), c.Consultation)
		a := c.Consultation.Application
		same(t, "by reference", got(t.ConsultationByReference(t.ctx, a.Authority, a.Reference))(t), c.Consultation)
		v := c.Versions[0]
		v.Consultation = r.ID
		same(t, "versions", got(t.Versions(t.ctx, r.ID))(t), []consult.ProposalVersion{v})
		rounds := got(t.Rounds(t.ctx, r.ID))(t)
		want := c.Rounds[0]
		want.ID, want.Consultation = rounds[0].ID, r.ID
		same(t, "rounds", rounds, []consult.Round{want})
		if want.ID == 0 {
			t.Error("the round has no id")
		}
	},
	"moves on from where it stands, once": func(t *T) {
		id := t.saved()
		e := consult.StateEvent{Consultation: id, From: consult.Consulting, To: consult.Amended, At: t.later(time.Hour), Why: "Lower"}
		v := &consult.ProposalVersion{Number: 2, Summary: "Two storeys less", ReceivedOn: "2026-04-02"}
		r := &consult.Round{Kind: consult.AmendmentRound, Opens: "2026-04-03", Closes: "2026-04-17", Question: "Better?"}
		t.must(t.MoveState(t.ctx, e, v, r, t.change("consultation.move", id)))
		c := got(t.Consultation(t.ctx, id))(t)
		same(t, "state", c.State, consult.Amended)
		same(t, "version", c.Version, 2)
		same(t, "updated", c.UpdatedAt, t.now)
		same(t, "history", got(t.StateEvents(t.ctx, id))(t), []consult.StateEvent{e})
		rounds := got(t.Rounds(t.ctx, id))(t)
		same(t, "number and version of the new round", []int{rounds[1].Number, rounds[1].Version}, []int{2, 2})
		t.wants(consult.Conflict, t.MoveState(t.ctx, e, nil, nil, t.change("consultation.move", id)))
		same(t, "history after a late move", len(got(t.StateEvents(t.ctx, id))(t)), 1)
	},
	"a version's number is given once": func(t *T) {
		id := t.saved()
		e := consult.StateEvent{Consultation: id, From: consult.Consulting, To: consult.Amended, At: t.now}
		err := t.MoveState(t.ctx, e, &consult.ProposalVersion{Number: 1}, nil, t.change("consultation.move", id))
		t.wants(consult.Conflict, err)
		same(t, "state", got(t.Consultation(t.ctx, id))(t).State, consult.Consulting)
	},
	"the map shows public places with their boundary": func(t *T) {
		id := t.saved()
		t.saved(func(c *consult.Case) { c.Consultation.State = consult.Received })
		t.saved(func(c *consult.Case) { c.Consultation.HasPlace = false })
		c := got(t.Consultation(t.ctx, id))(t)
		same(t, "places", got(t.Places(t.ctx))(t), []consult.PlaceRow{{ID: id, Lon: c.Place.Lon, Lat: c.Place.Lat, State: c.State,
			Title: c.Title, Boundary: []byte(`{"type":"Point","coordinates":[-1.8597,52.4723]}`)}})
	},
	"counts what was said and answered": func(t *T) {
		id := t.saved()
		t.commented(id)
		t.published(id, func(c *consult.Comment) { c.Stance = consult.Support })
		t.published(id, func(c *consult.Comment) { c.Stance = consult.Support })
		t.commented(id, func(c *consult.Comment) { c.State = consult.CommentWithdrawn })
		p := t.started(id)
		t.posted(t.answer(p.Thread.ID, "At the gate."))
		held := t.question(p.Thread.ID, "Call me")
		held.State = consult.MessageHeld
		t.posted(held)
		same(t, "tally", got(t.Tally(t.ctx, id))(t), consult.Tally{Comments: 3, Published: 2, Stances: map[consult.Stance]int{consult.Support: 2},
			Topics: map[consult.Topic]int{"light": 2, "traffic": 2}, Messages: 1, Answers: 1})
	},
}

var searchTests = map[string]func(*T){
	"every word must occur, whatever its case, accents and script": func(t *T) {
		id := t.saved(func(c *consult.Case) { c.Consultation.Title = "Café at 100% Crèche_House, گرین اسٹریٹ" })
		t.saved(func(c *consult.Case) { c.Consultation.Title = "A shop" })
		for query, want := range map[string]int{
			"cafe": 1, "CAFÉ creche": 1, "café shop": 0, "100%": 1, "10%%": 0, "creche_house": 1, "crecheXhouse": 0, "گرین": 1,
			"ｃａｆｅ": 1, "Ö": 2, "ß": 0, `\`: 0, "example street": 2, "2099/00001/pa": 1, "dwellings": 2, "": 2, "'; DROP TABLE comment; --": 0,
		} {
			page := got(t.Consultations(t.ctx, consult.Filter{Words: query}))(t)
			if page.Total != want || len(page.Cards) != want {
				t.Errorf("%q: found %d (%d cards), want %d", query, page.Total, len(page.Cards), want)
			}
		}
		same(t, "found", got(t.Consultations(t.ctx, consult.Filter{Words: "cafe"}))(t).Cards[0].Consultation.ID, id)
	},
	"filters by postcode, ward, state, kind and open round": func(t *T) {
		a := t.saved()
		b := t.saved(func(c *consult.Case) {
			c.Consultation.Postcode, c.Consultation.WardCode, c.Consultation.State = "B90 1AA", "E05000001", consult.Decided
			c.Consultation.Application.Type, c.Rounds = "pp.fullish", nil
		})
		t.saved(func(c *consult.Case) { c.Consultation.State = consult.Received })
		type wanted struct {
			consult.Filter
			want []consult.ID
		}
		for name, f := range map[string]wanted{
			"district":          {consult.Filter{Postcode: "b9"}, []consult.ID{a}},
			"sector":            {consult.Filter{Postcode: "B9 5"}, []consult.ID{a}},
			"unit":              {consult.Filter{Postcode: "b905aa"}, nil},
			"other unit":        {consult.Filter{Postcode: "B90 1AA"}, []consult.ID{b}},
			"no postcode":       {consult.Filter{Postcode: "%"}, nil},
			"ward":              {consult.Filter{Ward: "E05000001"}, []consult.ID{b}},
			"states":            {consult.Filter{States: []consult.State{consult.Decided, consult.Appealed}}, []consult.ID{b}},
			"never the private": {consult.Filter{States: []consult.State{consult.Received}}, nil},
			"kind":              {consult.Filter{Kind: "pp.full"}, []consult.ID{a}},
			"whole kind":        {consult.Filter{Kind: "pp.fullish"}, []consult.ID{b}},
			"open":              {consult.Filter{OpenOn: "2026-04-10"}, []consult.ID{a}},
			"over":              {consult.Filter{OpenOn: "2026-04-11"}, nil},
		} {
			page := got(t.Consultations(t.ctx, f.Filter))(t)
			same(t, name, ids(page), f.want)
			same(t, name+" total", page.Total, len(f.want))
		}
	},
	"newest first, in pages": func(t *T) {
		var all []consult.ID
		for day := 1; day <= 5; day++ {
			t.later(time.Second)
			all = append(all, t.saved(func(c *consult.Case) {
				c.Consultation.Application.ValidatedOn = consult.Date("2026-03-01").Add(day)
			}))
		}
		slices.Reverse(all)
		page := got(t.Consultations(t.ctx, consult.Filter{Limit: 2, Offset: 2}))(t)
		same(t, "page", ids(page), all[2:4])
		same(t, "total, offset and limit", []int{page.Total, page.Offset, page.Limit}, []int{5, 2, 2})
		same(t, "beyond the end", ids(got(t.Consultations(t.ctx, consult.Filter{Offset: 9}))(t)), nil)
		same(t, "limits", got(t.Consultations(t.ctx, consult.Filter{Limit: 1000}))(t).Limit, 100)
		same(t, "default", got(t.Consultations(t.ctx, consult.Filter{Offset: -5}))(t).Limit, 20)
	},
	"nearest first within the circle": func(t *T) {
		here := geo.Point{Lon: -1.8597, Lat: 52.4723}
		at := func(lon, lat float64) consult.ID {
			return t.saved(func(c *consult.Case) { c.Consultation.Place = geo.Point{Lon: lon, Lat: lat} })
		}
		far, near, _ := at(-1.8697, 52.4723), at(-1.8607, 52.4723), at(-1.9597, 52.4723)
		t.saved(func(c *consult.Case) { c.Consultation.HasPlace, c.Consultation.Place = false, geo.Point{} })
		page := got(t.Consultations(t.ctx, consult.Filter{Near: here, Radius: 1000}))(t)
		same(t, "order", ids(page), []consult.ID{near, far})
		for _, card := range page.Cards {
			same(t, "metres", card.Metres, geo.Distance(here, card.Consultation.Place))
		}
		second := got(t.Consultations(t.ctx, consult.Filter{Near: here, Radius: 1000, Offset: 1, Limit: 1}))(t)
		same(t, "second page", ids(second), []consult.ID{far})
		same(t, "total", second.Total, 2)
		same(t, "with words", ids(got(t.Consultations(t.ctx, consult.Filter{Near: here, Radius: 1000, Words: "nothing"}))(t)), nil)
		same(t, "radius is bounded", got(t.Consultations(t.ctx, consult.Filter{Near: geo.Point{Lon: -3, Lat: 52.5}, Radius: 1e9}))(t).Total, 0)
	},
	"a place that is none finds nothing": func(t *T) {
		t.saved()
		for _, p := range []geo.Point{{Lon: math.NaN(), Lat: 52}, {Lon: 400, Lat: 52}, {Lon: -1.8, Lat: math.Inf(1)}, {Lon: 0, Lat: 90}} {
			same(t, "found", got(t.Consultations(t.ctx, consult.Filter{Near: p, Radius: 1000}))(t).Total, 0)
		}
	},
	"cards carry the latest round and the counts": func(t *T) {
		id := t.saved(func(c *consult.Case) {
			c.Rounds = append(c.Rounds, consult.Round{Number: 2, Kind: consult.AmendmentRound, Opens: "2026-05-01", Closes: "2026-05-15", Version: 1})
		})
		t.commented(id)
		t.commented(id, func(c *consult.Comment) { c.State = consult.CommentWithdrawn })
		t.posted(t.answer(t.started(id).Thread.ID, "At the gate."))
		t.saved()
		for _, card := range got(t.Consultations(t.ctx, consult.Filter{}))(t).Cards {
			if card.Consultation.ID == id {
				same(t, "round, comments, answers", []int{card.Round.Number, card.Comments, card.Answers}, []int{2, 1, 1})
			} else {
				same(t, "round, comments, answers of the other", []int{card.Round.Number, card.Comments, card.Answers}, []int{1, 0, 0})
			}
		}
	},
}

func ids(page consult.CardPage) []consult.ID {
	var l []consult.ID
	for _, c := range page.Cards {
		l = append(l, c.Consultation.ID)
	}
	return l
}

var caseTests = map[string]func(*T){
	"twice is once": func(t *T) {
		c := t.aConsultation()
		first := got(t.SaveCase(t.ctx, c, t.change("consultation.import", 0)))(t)
		rows := len(got(t.AuditRows(t.ctx, 0, 100))(t))
		c.Consultation.ID, c.Consultation.Title = 0, "ignored, since the hash is the same"
		again := got(t.SaveCase(t.ctx, c, t.change("consultation.import", 0)))(t)
		same(t, "result", again, consult.SaveResult{ID: first.ID, Outcome: consult.Unchanged})
		same(t, "title", got(t.Consultation(t.ctx, first.ID))(t).Title, "Twelve homes and a café")
		same(t, "audit rows", len(got(t.AuditRows(t.ctx, 0, 100))(t)), rows)
	},
	"a changed case keeps its id, its history and its talked-about documents": func(t *T) {
		c := t.aConsultation(func(c *consult.Case) {
			c.Documents = []consult.Document{{Name: "Plan", Version: 1, URL: "https://example.org/plan", Status: consult.PublishDocument},
				{Name: "Notice", Version: 1, Text: "words", Status: consult.PublishDocument}, {Name: "Old", Version: 1, Status: consult.PublishDocument}}
			c.History = []consult.StateEvent{{From: consult.Validated, To: consult.Consulting, At: t.now, Why: "opened"}}
			c.Applicant = `{"name":"An agent"}`
		})
		id := got(t.SaveCase(t.ctx, c, t.change("consultation.import", 0)))(t).ID
		before := got(t.Documents(t.ctx, id))(t)
		th := t.aThread(id)
		th.Anchor, th.AnchorID = consult.OnDocument, before[1].ID
		_, err := t.StartThread(t.ctx, th, t.question(th.ID, "What does this say?"), t.change("thread.start", th.ID))
		t.must(err)

		c.Consultation.ID, c.Consultation.Title, c.Consultation.Application.SourceHash = 0, "Ten homes", "another"
		c.Consultation.CreatedAt = t.later(time.Hour)
		c.Documents = []consult.Document{{ID: 99, Name: "Plan", Version: 1, URL: "https://example.org/plan", Type: "sitePlan", Status: consult.PublishDocument},
			{Name: "Report", Version: 1, Replaces: 99, Status: consult.NotAssessed}}
		c.Rounds, c.History = nil, append(c.History, consult.StateEvent{From: consult.Consulting, To: consult.ClosedState, At: t.now})
		r := got(t.SaveCase(t.ctx, c, t.change("consultation.import", 0)))(t)
		same(t, "result", r, consult.SaveResult{ID: id, Outcome: consult.Updated})
		k := got(t.Consultation(t.ctx, id))(t)
		same(t, "title and beginning", []any{k.Title, k.CreatedAt}, []any{"Ten homes", start})
		same(t, "rounds", len(got(t.Rounds(t.ctx, id))(t)), 1)
		same(t, "history", len(got(t.StateEvents(t.ctx, id))(t)), 2)
		after := map[string]consult.Document{}
		for _, d := range got(t.Documents(t.ctx, id))(t) {
			after[d.Name] = d
		}
		same(t, "documents", len(after), 3)
		same(t, "plan keeps its id", []any{after["Plan"].ID, after["Plan"].Type}, []any{before[0].ID, "sitePlan"})
		same(t, "report replaces the plan by the id it has here", after["Report"].Replaces, before[0].ID)
		same(t, "talked about, so withheld and not gone", after["Notice"].Status, consult.WithholdDocument)
		same(t, "by id", got(t.Document(t.ctx, after["Report"].ID))(t), after["Report"])
	},
	"an import behind an amendment does not turn it back": func(t *T) {
		c := t.aConsultation()
		id := got(t.SaveCase(t.ctx, c, t.change("consultation.import", 0)))(t).ID
		e := consult.StateEvent{Consultation: id, From: consult.Consulting, To: consult.Amended, At: t.now}
		t.must(t.MoveState(t.ctx, e, &consult.ProposalVersion{Summary: "Lower"}, nil, t.change("consultation.move", id)))
		c.Consultation.Application.SourceHash = "another"
		got(t.SaveCase(t.ctx, c, t.change("consultation.import", 0)))(t)
		same(t, "version", got(t.Consultation(t.ctx, id))(t).Version, 2)
		same(t, "versions", len(got(t.Versions(t.ctx, id))(t)), 2)
	},
	"documents alike are as many as were brought": func(t *T) {
		c := t.aConsultation(func(c *consult.Case) {
			c.Documents = []consult.Document{{Name: "Plan", Version: 1, Text: "a"}, {Name: "Plan", Version: 1, Text: "b"}}
		})
		id := got(t.SaveCase(t.ctx, c, t.change("consultation.import", 0)))(t).ID
		before := got(t.Documents(t.ctx, id))(t)
		c.Consultation.Application.SourceHash = "another"
		got(t.SaveCase(t.ctx, c, t.change("consultation.import", 0)))(t)
		same(t, "documents", got(t.Documents(t.ctx, id))(t), before)
		same(t, "in their order", []string{before[0].Text, before[1].Text}, []string{"a", "b"})
	},
	"a document's id belongs to one consultation": func(t *T) {
		plan := []consult.Document{{ID: 4711, Name: "Plan", Version: 1, Text: "mine"}}
		id := t.saved(func(c *consult.Case) { c.Documents = plan })
		c := t.aConsultation(func(c *consult.Case) { c.Documents = []consult.Document{{ID: 4711, Name: "Theirs", Version: 1}} })
		_, err := t.SaveCase(t.ctx, c, t.change("consultation.import", 0))
		t.wants(consult.Conflict, err)
		same(t, "document", got(t.Document(t.ctx, 4711))(t).Consultation, id)
	},
	"all or nothing": func(t *T) {
		c := t.aConsultation(func(c *consult.Case) {
			c.Documents = []consult.Document{{Name: "Plan", Version: 1}, {Name: "A NUL: \x00", Version: 1}}
		})
		_, err := t.SaveCase(t.ctx, c, t.change("consultation.import", 0))
		t.wants(consult.Invalid, err)
		_, err = t.Consultation(t.ctx, c.Consultation.ID)
		t.wants(consult.NotFound, err)
	},
}

var _ testing.TB = (*T)(nil)
