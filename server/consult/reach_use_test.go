package consult_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/store"
)

var exportNow = time.Date(2026, 4, 2, 14, 30, 0, 0, time.UTC)

// square is a ward of about 3 km around a place.
func square(code, name string, lon, lat float64) consult.Area {
	return consult.Area{Code: code, Kind: "ward", Name: name, Source: "test", Hash: code, Geometry: fmt.Appendf(nil,
		`{"type":"Polygon","coordinates":[[[%[1]f,%[2]f],[%[3]f,%[2]f],[%[3]f,%[4]f],[%[1]f,%[4]f],[%[1]f,%[2]f]]]}`, lon-0.02, lat-0.01, lon+0.02, lat+0.01)}
}

// exporter is the domain on a new database with two wards: the author of the one published comment lives in Home Ward and wrote
// about a place in Place Ward.
func exporter(t *testing.T) (*consult.Service, *store.Store, consult.ID) {
	t.Helper()
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	db, err := store.Open(ctx, store.Config{Folder: t.TempDir()})
	must(err)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	service, err := consult.New(ctx, db, func() time.Time { return exportNow }, consult.England())
	must(err)
	_, _, _, err = service.TakeAreas(ctx, consult.System(), []consult.Area{square("E1", "Home Ward", -1.90, 52.47), square("E2", "Place Ward", -1.80, 52.47)})
	must(err)
	_, _, _, err = service.TakePostcodes(ctx, consult.System(), []consult.Postcode{{Code: "B9 5AA", Place: geo.Point{Lon: -1.90, Lat: 52.47}}})
	must(err)
	saved, err := service.Take(ctx, consult.System(), consult.Case{
		Consultation: consult.Consultation{Kind: consult.PlanningApplication, Title: "Twelve homes", State: consult.Consulting, Version: 1, PromiseDays: 3,
			Application: consult.Application{Authority: "local-authority:EXA", Reference: "2099/00001/PA"}},
		Versions: []consult.ProposalVersion{{Number: 1}},
		Rounds:   []consult.Round{{Number: 1, Kind: consult.InitialRound, Opens: "2026-03-20", Closes: "2026-04-20", Version: 1}},
	})
	must(err)
	points := []consult.CommentPoint{{Topic: "light", Text: "It takes our light."}}
	receipt, err := service.SubmitComment(ctx, consult.Actor{}, consult.CommentInput{Consultation: saved.ID, Stance: consult.Object, Points: points,
		Place: geo.Point{Lon: -1.80, Lat: 52.47}, HasPlace: true, Channel: "web", Language: "en", Key: "00000000-0000-4000-8000-000000000001",
		Contact: consult.Contact{Name: "Resident of Example Street", Postcode: "B9 5AA"}})
	must(err)
	must(service.PublishComment(ctx, consult.System(), consult.Publication{Comment: receipt.Comment.ID, Points: points}))
	return service, db, saved.ID
}

var analyst = consult.Actor{Kind: consult.Signed, ID: 5, Roles: []consult.Role{consult.RoleAnalyst}}

func TestFiguresAndFilesAskThePolicy(t *testing.T) {
	service, _, id := exporter(t)
	ctx := context.Background()
	for _, c := range []struct {
		role         consult.Role
		reads, takes bool
	}{
		{consult.RoleAnalyst, true, true}, {consult.RoleAdmin, true, true}, {consult.RoleOfficer, true, false}, {consult.RoleModerator, false, false},
		{consult.RoleLoad, false, false},
	} {
		a := consult.Actor{Kind: consult.Signed, ID: 6, Roles: []consult.Role{c.role}}
		_, source := service.ReachSource(a)
		_, list := service.ReachConsultations(ctx, a)
		_, one := service.ReachConsultation(ctx, a, id)
		for what, err := range map[string]error{"source": source, "list": list, "one": one} {
			if (err == nil) != c.reads || err != nil && consult.KindOf(err) != consult.Forbidden {
				t.Errorf("%s, %s: %v", c.role, what, err)
			}
		}
		each := service.EachExportedComment(ctx, a, consult.ReachFilter{}, exportNow, func(consult.ExportedComment) error { return nil })
		note := service.NoteExport(ctx, a, "comments.csv", consult.ReachFilter{})
		for what, err := range map[string]error{"each": each, "note": note} {
			if (err == nil) != c.takes || err != nil && consult.KindOf(err) != consult.Forbidden {
				t.Errorf("%s, %s: %v", c.role, what, err)
			}
		}
	}
	if _, err := service.ReachSource(consult.Actor{}); consult.KindOf(err) != consult.SignedOut {
		t.Errorf("a visitor: %v", err)
	}
}

// Where an author lives was never published; a file must not tell it, not even through its filter.
func TestAnExportedCommentStandsWhereItsPlaceIs(t *testing.T) {
	service, db, id := exporter(t)
	ctx := context.Background()
	err := db.EachReachRow(ctx, consult.ReachFilter{}, func(r consult.ReachRow) error {
		if r.WardCode != "E1" {
			t.Errorf("the author's ward is %q, want E1: this test tests nothing", r.WardCode)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for ward, want := range map[string]int{"": 1, "E2": 1, "E1": 0} {
		n := 0
		err := service.EachExportedComment(ctx, analyst, consult.ReachFilter{Consultation: id, Ward: ward}, exportNow, func(c consult.ExportedComment) error {
			n++
			if c.Comment.WardCode != "E2" || c.WardName != "Place Ward" || c.Reference != "2099/00001/PA" || c.Received != "2026-04-02" || c.Answered != "" {
				t.Errorf("%+v", c)
			}
			return nil
		})
		if err != nil || n != want {
			t.Errorf("ward %q: %d comments, %v; want %d", ward, n, err, want)
		}
	}
}

func TestAnExportEndsWhereItBegan(t *testing.T) {
	service, _, _ := exporter(t)
	err := service.EachExportedComment(context.Background(), analyst, consult.ReachFilter{}, exportNow.Add(-time.Minute), func(c consult.ExportedComment) error {
		t.Errorf("a comment published at %v in an export of a minute before", c.Comment.PublishedAt)
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestReachSourceTellsThePromiseAndTheWards(t *testing.T) {
	service, _, id := exporter(t)
	source, err := service.ReachSource(analyst)
	if err != nil {
		t.Fatal(err)
	}
	if days, err := source.PromiseDays(context.Background(), id); days != 3 || err != nil {
		t.Errorf("promise of %d days, %v", days, err)
	}
	if wards, err := source.Wards(context.Background()); len(wards) != 2 || wards["E1"] != "Home Ward" || err != nil {
		t.Errorf("wards %v, %v", wards, err)
	}
	if _, err := service.ReachConsultation(context.Background(), analyst, 12345); consult.KindOf(err) != consult.NotFound {
		t.Errorf("a consultation that does not exist: %v", err)
	}
}
