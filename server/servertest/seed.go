package servertest

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// A site of two houses' width, and a block on it.
const (
	Boundary = `{"type":"Polygon","coordinates":[[[-1.8600,52.4720],[-1.8590,52.4720],[-1.8590,52.4726],[-1.8600,52.4726],[-1.8600,52.4720]]]}`
	Massing  = `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"Block A","base":0,"height":12.5,"storeys":4},"geometry":` + Boundary + `}]}`
)

// Case is an invented case in a state, with a round that closes in ten days.
func Case(service *consult.Service, number int, state consult.State) consult.Case {
	now := service.Now()
	today := service.Calendar().Day(now)
	round := consult.Round{ID: consult.NewID(now), Number: 1, Kind: consult.InitialRound, Opens: today.Add(-11), Closes: today.Add(10), Version: 1}
	return consult.Case{
		Consultation: consult.Consultation{Kind: consult.PlanningApplication, Title: fmt.Sprintf("Twelve homes on workshop yard %d", number),
			Summary: "A yard becomes twelve homes.", State: state, Address: "Sample Street", Postcode: "B9 9AA", Place: geo.Point{Lon: -1.8595, Lat: 52.4723},
			HasPlace: true, Service: "Planning", Version: 1, PromiseDays: 3,
			Influence:   consult.Influence{Fixed: "The number of homes.", Open: "Height.", Decider: "The committee.", When: "In June.", Rules: "The city's plan."},
			Application: consult.Application{Authority: "local-authority:TST", Reference: fmt.Sprintf("2099/9%04d/PA", number), Type: "pp.full.major", Source: "test", SourceHash: fmt.Sprint(number, state)}},
		Versions:  []consult.ProposalVersion{{Number: 1, Description: "Erection of 12 dwellings.", Boundary: json.RawMessage(Boundary), Massing: json.RawMessage(Massing)}},
		Rounds:    []consult.Round{round},
		Documents: []consult.Document{{ID: consult.NewID(now), Version: 1, Name: "Design statement", Text: "One.\n\nTwo.", Status: consult.PublishDocument}},
		Applicant: `{"name":"CANARY applicant","email":"canary-applicant@example.org"}`,
	}
}

// Consultation keeps an invented case and gives its id.
func (a *App) Consultation(t *testing.T, number int, state consult.State) consult.ID {
	t.Helper()
	saved, err := a.Service.Take(t.Context(), consult.System(), Case(a.Service, number, state))
	if err != nil {
		t.Fatal(err)
	}
	return saved.ID
}

// Comment is a finished comment form of a resident; change it before sending.
func Comment(consultation consult.ID) consult.CommentInput {
	return consult.CommentInput{Consultation: consultation, Stance: consult.Object, Channel: "web", Language: "en", Key: consult.NewKey(),
		Points:    []consult.CommentPoint{{Topic: "light", Text: "It takes the light of our kitchen."}, {Topic: "traffic", Text: "The bend is blind."}},
		PlaceText: "the back windows", Contact: consult.Contact{Name: "Resident of Sample Street", Postcode: "B9 9AA", Email: "resident@example.org"}}
}
