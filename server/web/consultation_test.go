package web

import (
	"encoding/json"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

const (
	sampleBoundary = `{"type":"Polygon","coordinates":[[[-1.8600,52.4720],[-1.8590,52.4720],[-1.8590,52.4726],[-1.8600,52.4726],[-1.8600,52.4720]]]}`
	sampleMassing  = `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"Block A","base":0,"height":12.5,"storeys":4},"geometry":` + sampleBoundary + `}]}`
)

// sampleCase is a consultation in its second round with everything a page can show.
func sampleCase() consult.CaseView {
	k := consult.Consultation{
		ID: consult.NewID(testNow), Kind: consult.PlanningApplication, Title: "Twelve homes on a workshop yard", State: consult.Reconsulting,
		Summary: "A yard becomes twelve homes around a court.", Address: "Sample Street", Postcode: "B9 9AA", WardCode: "E05011127",
		Place: geo.Point{Lon: -1.8595, Lat: 52.4723}, HasPlace: true, Service: "Planning", Version: 2, Demo: true,
		Influence:   consult.Influence{Fixed: "The number of homes.", Open: "Height and windows.", Decider: "The committee.", When: "In June."},
		Application: consult.Application{Reference: "2099/00001/PA", Type: "pp.full.major", ReceivedOn: "2026-01-05", ValidatedOn: "2026-01-12", DecisionDue: "2026-06-01", RegisterURL: "https://example.org/register"},
	}
	version := consult.ProposalVersion{Consultation: k.ID, Number: 2, Summary: "One storey less.", Description: "Erection of 12 dwellings.",
		Boundary: json.RawMessage(sampleBoundary), Massing: json.RawMessage(sampleMassing)}
	round := consult.Round{Number: 2, Kind: consult.AmendmentRound, Opens: "2026-03-20", Closes: "2026-04-10", Version: 2}
	old := consult.Document{ID: 11, Consultation: k.ID, Version: 1, Name: "Plan, first version", Text: "A text.", Status: consult.PublishDocument}
	return consult.CaseView{
		Consultation: k, Current: version, Versions: []consult.ProposalVersion{version}, Rounds: []consult.Round{round},
		Window:    consult.WindowOf(k.State, []consult.Round{round}, "2026-04-02"),
		Documents: []consult.Document{old, {ID: 12, Version: 2, Name: "Plan", URL: "https://example.org/plan", Replaces: 11, Status: consult.PublishDocument}},
		Tally: consult.Tally{Comments: 9, Published: 4, Stances: map[consult.Stance]int{consult.Support: 1, consult.Object: 3},
			Topics: map[consult.Topic]int{"light": 3}},
		Answers:  []consult.Message{sampleMessages()[1]},
		Threads:  []consult.Thread{{ID: 21, Title: "Will the wall stay?", Messages: 2, WaitingSince: testNow}},
		Outcomes: []consult.Outcome{{Topic: "light", YouSaid: "It takes our light.", WeDid: "One storey less.", Effect: consult.Changed, Reference: "Version 2", PublishedAt: testNow}},
		WardName: "Bordesley Green",
	}
}

func sampleMessages() []consult.Message {
	return []consult.Message{
		{ID: 31, Thread: 21, Seq: 1, Author: consult.ByResident, Name: "Resident of Sample Street", Body: "Will the wall stay?", State: consult.MessageVisible, CreatedAt: testNow, Visitor: 5},
		{ID: 32, Thread: 21, Seq: 2, Author: consult.ByOfficer, Service: "Planning", Title: "Planning officer", Body: "It will.", State: consult.MessageVisible, CreatedAt: testNow.Add(time.Hour)},
		{ID: 33, Thread: 21, Seq: 3, Author: consult.ByResident, State: consult.MessageHidden, Rule: "abuse", Reason: "An insult.", CreatedAt: testNow},
		{ID: 34, Thread: 21, Seq: 4, Author: consult.ByResident, State: consult.MessageHeld, Rule: "links", CreatedAt: testNow},
	}
}

func sampleComment() consult.Comment {
	return consult.Comment{ID: 41, Stance: consult.Object, Points: []consult.CommentPoint{{Topic: "light", Text: "ہمارے کچن میں روشنی نہیں آئے گی"}},
		PlaceText: "the back windows", Place: geo.Point{Lon: -1.8594, Lat: 52.4722}, HasPlace: true, Channel: "web", Language: "ur", Late: true,
		State: consult.CommentPublished, NameShown: "Resident of Sample Street", Thread: 21, ReceivedAt: testNow, PublishedAt: testNow,
		AnsweredAt: testNow, Redacted: true}
}

func init() {
	sample("consultation", func(w *Web, c *fiber.Ctx) View {
		return drawConsultation(w.Base(c, "consultation.title", "title", "x"), sampleCase(), nil)
	})
	for _, state := range []consult.State{consult.Validated, consult.ClosedState, consult.Decided, consult.Withdrawn} {
		sample("consultation", func(w *Web, c *fiber.Ctx) View {
			v := consult.CaseView{Consultation: consult.Consultation{ID: 3, Title: "A porch", State: state,
				Application: consult.Application{Decision: "refused", DecidedOn: "2026-03-01", WithdrawnOn: "2026-03-02"}}}
			v.Window = consult.WindowOf(state, nil, "2026-04-02")
			invalid := &consult.Error{Kind: consult.Invalid, Fields: []consult.FieldError{{Field: "email", Rule: "email"}}}
			return drawConsultation(w.Base(c, "consultation.title", "title", "x").WithErrors(invalid), v, nil)
		})
	}
	sample("document", func(w *Web, c *fiber.Ctx) View {
		p := &documentPage{Base: w.Base(c, "document.title", "name", "Plan of the yard"), Paragraphs: paragraphs("One.\n\nTwo."), AskHref: "/ask",
			Document: consult.Document{URL: "https://example.org/plan"}, Consulted: Link{"/consultations/x", "Twelve homes"}}
		return p
	})
}

func init() {
	sample("glossary", func(w *Web, c *fiber.Ctx) View { return drawGlossary(w.Base(c, "glossary_page.title")) })
	sample("accessibility", func(w *Web, c *fiber.Ctx) View {
		return drawText(w.Base(c, "accessibility.title"), "accessibility", accessibilitySections)
	})
	sample("privacy", func(w *Web, c *fiber.Ctx) View {
		return drawText(w.Base(c, "privacy.title"), "privacy", privacySections)
	})
	sample("map", func(w *Web, c *fiber.Ctx) View {
		p := &mapPage{Base: w.Base(c, "map.title"), Total: 1, Basemap: Basemap{Kind: "osm", URL: osmTiles}}
		p.drawPins(consult.CardPage{Cards: []consult.Card{{Consultation: sampleCase().Consultation}}}, "2026-04-02", "")
		return p
	})
	sample("map", func(w *Web, c *fiber.Ctx) View { return &mapPage{Base: w.Base(c, "map.title")} })
}
