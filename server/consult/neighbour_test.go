package consult_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/store"
)

const yard = `{"type":"Polygon","coordinates":[[[-1.8600,52.4720],[-1.8590,52.4720],[-1.8590,52.4726],[-1.8600,52.4726],[-1.8600,52.4720]]]}`

// town is the domain on a new database with a case and a grid of addresses around its site, about 14 metres apart.
func town(t *testing.T) (*consult.Service, consult.ID, []consult.Address) {
	t.Helper()
	db, err := store.Open(t.Context(), store.Config{Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	now := time.Date(2026, 4, 2, 12, 0, 0, 0, time.UTC)
	service, err := consult.New(t.Context(), db, func() time.Time { return now }, consult.England())
	if err != nil {
		t.Fatal(err)
	}
	saved, err := service.Take(t.Context(), consult.System(), consult.Case{
		Consultation: consult.Consultation{Kind: consult.PlanningApplication, Title: "Twelve homes", State: consult.Consulting, Version: 1,
			Application: consult.Application{Authority: "local-authority:EXA", Reference: "2099/00001/PA"}},
		Versions: []consult.ProposalVersion{{Number: 1, Boundary: []byte(yard)}},
		Rounds:   []consult.Round{{Number: 1, Kind: consult.InitialRound, Opens: "2026-03-20", Closes: "2026-04-20", Version: 1}},
	})
	if err != nil {
		t.Fatal(err)
	}
	var list []consult.Address
	for x := range 30 {
		for y := range 30 {
			list = append(list, consult.Address{UPRN: fmt.Sprintf("1%04d", x*100+y), Text: fmt.Sprintf("%d Row %d", x+1, y+1), Postcode: "B9 9CI",
				Place: geo.Point{Lon: -1.8625 + float64(x)*0.0002, Lat: 52.4705 + float64(y)*0.000125}})
		}
	}
	if _, _, _, err := service.TakeAddresses(t.Context(), consult.System(), list); err != nil {
		t.Fatal(err)
	}
	return service, saved.ID, list
}

// Whatever the distance, exactly the addresses within it are found: measured one by one, without ranges.
func TestNeighboursAreThoseWithinTheDistance(t *testing.T) {
	service, id, list := town(t)
	site, err := geo.ParseGeoJSON([]byte(yard), geo.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		metres := math.Round(rapid.Float64Range(0, 200).Draw(rt, "metres")*10) / 10
		found, err := service.FindNeighbours(t.Context(), consult.System(), id, 1, consult.Surroundings{Metres: metres})
		if err != nil {
			rt.Fatal(err)
		}
		inside := map[string]bool{}
		for _, a := range found.Addresses {
			inside[a.UPRN] = true
		}
		for _, a := range list {
			if want := site.DistanceTo(a.Place) <= metres; inside[a.UPRN] != want {
				rt.Fatalf("%s at %.2f m, found within %.1f m: %v", a.Text, site.DistanceTo(a.Place), metres, inside[a.UPRN])
			}
		}
		if found.New != len(found.Addresses) || len(inside) != len(found.Addresses) {
			rt.Fatalf("%d new of %d", found.New, len(found.Addresses))
		}
	})
}

func TestSearchesThatMeanNothingAreRefused(t *testing.T) {
	service, id, _ := town(t)
	for name, c := range map[string]struct {
		round  int
		around consult.Surroundings
		field  string
	}{
		"negative":        {1, consult.Surroundings{Metres: -1}, "metres"},
		"no number":       {1, consult.Surroundings{Metres: math.NaN()}, "metres"},
		"too far":         {1, consult.Surroundings{Metres: consult.MaxMetres + 1}, "metres"},
		"a point":         {1, consult.Surroundings{Area: []byte(`{"type":"Point","coordinates":[-1.86,52.47]}`), Metres: 5}, "area"},
		"crossing itself": {1, consult.Surroundings{Area: []byte(`{"type":"Polygon","coordinates":[[[0,51],[1,52],[1,51],[0,52],[0,51]]]}`)}, "area"},
		"a round too far": {3, consult.Surroundings{Metres: 5}, "round"},
	} {
		_, err := service.FindNeighbours(t.Context(), consult.System(), id, c.round, c.around)
		if fields := consult.FieldsOf(err); len(fields) == 0 || fields[0].Field != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	visitor := consult.Actor{Kind: consult.Visitor}
	for name, err := range map[string]error{
		"find":   second(service.FindNeighbours(t.Context(), visitor, id, 1, consult.Surroundings{Metres: 5})),
		"add":    second(service.AddNeighbours(t.Context(), visitor, id, 1, consult.Surroundings{Metres: 5}, false, 1)),
		"desk":   second(service.NeighbourDesk(t.Context(), visitor, consult.NeighbourFilter{Consultation: id})),
		"letter": second(service.LetterDesk(t.Context(), visitor, id, consult.LetterWaiting, 0, 10)),
		"print":  second(service.PrintLetters(t.Context(), visitor, id, consult.MailNeighbour, 1, "2026-04-02")),
		"ask":    second(service.AskConsultees(t.Context(), visitor, id)),
		"hand":   service.AddNeighbour(t.Context(), visitor, id, 1, "1 Sample Street", "B9 9CI"),
	} {
		if consult.KindOf(err) != consult.SignedOut {
			t.Errorf("%s as a visitor: %v", name, err)
		}
	}
}

func second[V any](_ V, err error) error { return err }
