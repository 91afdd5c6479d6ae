package ingest_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/ingest"
	"github.com/yousaid/yousaid/server/store"
)

// What each fixture says of an application, held field by field.
func TestApplicationsBecomeCases(t *testing.T) {
	s := open(t)
	s.run(paths(t, "testdata/*.json", "testdata/*.geojson", "testdata/*.csv")...)
	for _, want := range []struct {
		authority, reference string
		state                consult.State
		kind, decision, by   string
		decided              consult.Date
		ward                 string
	}{
		{"local-authority:XMP", "2099/90001/PA", consult.AppealDecided, "pp.full.householder", "refused", "planning-officer", "2026-03-05", "E05999901"},
		{"local-authority:XMP", "2099/90002/PA", consult.NotValid, "pp.full.householder", "", "", "", "E05999901"},
		{"local-authority:XMP", "00000000-0000-4000-8000-00000000000a", consult.Received, "pp.full.major", "", "", "", "E05999901"},
		{"local-authority:XMP", "XP/1", consult.Decided, "pp.full.major", "granted", "committee", "2026-01-15", "E05999901"},
		{"local-authority:XMP", "XP/2", consult.Decided, "pp.full", "", "", "2026-01-20", "E05999901"},
		{"local-authority:XMP", "XP/3", consult.Reconsulting, "pp.full.householder", "", "", "", ""},
		{"local-authority:XMP", "XP/4", consult.NotValid, "wtt.consent", "", "", "", ""},
		{"district-council:sampleton", "L/1", consult.Decided, "pp.full.minor", "granted", "planning-officer", "2026-02-27", "E05999901"},
		{"district-council:sampleton", "L/2", consult.Consulting, "amendment.minorMaterial", "", "", "", "E05999901"},
		{"district-council:sampleton", "L/3", consult.Withdrawn, "", "", "", "", ""},
		{"district-council:sampleton", "L/4", consult.Received, "pp.outline", "", "", "", ""},
		{"district-council:sampleton", "L/6", consult.AppealDecided, "pp.full", "refused", "committee", "2025-03-03", "E05999901"},
	} {
		c := s.find(want.authority, want.reference)
		a := c.Application
		if c.State != want.state || a.Type != want.kind || a.Decision != want.decision || a.DecidedBy != want.by ||
			a.DecidedOn != want.decided || c.WardCode != want.ward {
			t.Errorf("%s: state %s, type %s, decision %s by %s on %s, ward %s; want %+v", want.reference, c.State, a.Type, a.Decision,
				a.DecidedBy, a.DecidedOn, c.WardCode, want)
		}
	}
}

// One whole case of each source, read as a visitor reads it.
func TestCaseParts(t *testing.T) {
	s := open(t)
	s.run(paths(t, "testdata/*.json", "testdata/*.geojson", "testdata/*.csv")...)
	v, err := s.svc.Case(t.Context(), consult.Actor{}, s.find("local-authority:XMP", "XP/1").ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Rounds) != 1 || v.Rounds[0].Opens != "2025-11-10" || v.Rounds[0].Closes != "2025-12-31" {
		t.Errorf("rounds %+v: the start is the day it was valid, the end the last day of the month", v.Rounds)
	}
	if !bytes.Contains(v.Current.Boundary, []byte("-1.861")) {
		t.Errorf("the WKT boundary is not kept: %s", v.Current.Boundary)
	}
	var names []string
	for _, d := range v.Documents {
		names = append(names, d.Name)
	}
	if got := strings.Join(names, ", "); len(names) != 3 || !strings.Contains(got, "Application form") || !strings.Contains(got, "Decision notice") ||
		!strings.Contains(got, "Section 106 agreement") {
		t.Errorf("documents: %s", got)
	}
	var moves []string
	for _, e := range v.History {
		moves = append(moves, string(e.To)+" "+string(s.svc.Calendar().Day(e.At)))
	}
	if got, want := strings.Join(moves, ", "), "received 2025-11-01, validated 2025-11-10, consulting 2025-11-10, closed 2026-01-01, decided 2026-01-15"; got != want {
		t.Errorf("history %s, want %s", got, want)
	}
	odp, err := s.svc.Case(t.Context(), consult.Actor{}, s.find("local-authority:XMP", "2099/90001/PA").ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range odp.Documents {
		if strings.Contains(d.URL, "/private/") {
			t.Errorf("an unredacted file is shown: %s", d.URL)
		}
	}
	if a := odp.Consultation.Application; a.ReceivedOn != "2026-02-16" || a.DecisionDue != "2026-04-13" || a.UPRN != "999999999901" {
		t.Errorf("application %+v", a)
	}
}

// secrets are the contact data of the fixtures' applicants and agents.
var secrets = []string{"applicant@example.org", "agent@example.org", "Example Applicant", "Example Agent", "Example Agency", "0121 496 0001",
	"0121 496 0002", "9 Sample Street"}

// Applicant data reaches no public reader, although a description mentions it; case officers' names are not kept at all.
func TestS22ApplicantDataStaysApart(t *testing.T) {
	folder := t.TempDir()
	kept, err := store.Open(t.Context(), store.Config{Folder: folder})
	if err != nil {
		t.Fatal(err)
	}
	s := open(t)
	s.store = kept
	if s.svc, err = consult.New(t.Context(), kept, s.svc.Now, consult.England()); err != nil {
		t.Fatal(err)
	}
	s.run(paths(t, "testdata/*.json", "testdata/*.geojson", "testdata/*.csv")...)
	page, err := s.svc.Search(t.Context(), consult.Filter{Limit: 100})
	if err != nil || len(page.Cards) == 0 {
		t.Fatalf("%d cards, %v", len(page.Cards), err)
	}
	public := mustJSON(t, page)
	for _, card := range page.Cards {
		v, err := s.svc.Case(t.Context(), consult.Actor{}, card.Consultation.ID)
		if err != nil {
			t.Fatal(err)
		}
		public += mustJSON(t, v)
	}
	if err := kept.Close(); err != nil {
		t.Fatal(err)
	}
	stored := folderBytes(t, folder)
	for _, secret := range secrets {
		if strings.Contains(public, secret) {
			t.Errorf("%q can be read by anybody", secret)
		}
		if !bytes.Contains(stored, []byte(secret)) && !strings.HasPrefix(secret, "Example A") { // first and last name are kept separately
			t.Errorf("%q is not kept for the authority", secret)
		}
	}
	if bytes.Contains(stored, []byte("Case Officer")) {
		t.Error("a case officer's name was kept")
	}
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func folderBytes(t *testing.T, folder string) []byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in the store's folder (%v)", err)
	}
	var all []byte
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, raw...)
	}
	return all
}

// Received, invalid and returned applications are there for officers and for nobody else.
func TestUnpublishedStatesAreNotPublic(t *testing.T) {
	s := open(t)
	s.run(paths(t, "testdata/*.json", "testdata/*.csv")...)
	hidden := 0
	for _, ref := range []string{"2099/90002/PA", "00000000-0000-4000-8000-00000000000a", "XP/4"} {
		c := s.find("local-authority:XMP", ref)
		if _, err := s.svc.Case(t.Context(), consult.Actor{}, c.ID); consult.KindOf(err) != consult.NotFound {
			t.Errorf("%s (%s) can be read: %v", ref, c.State, err)
		}
		if _, err := s.svc.Case(t.Context(), consult.System(), c.ID); err != nil {
			t.Errorf("%s cannot be read by the authority: %v", ref, err)
		}
		hidden++
	}
	page, err := s.svc.Search(t.Context(), consult.Filter{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, card := range page.Cards {
		if !card.Consultation.State.Public() {
			t.Errorf("%s is listed", card.Consultation.Application.Reference)
		}
	}
	if hidden == 0 || page.Total == 0 {
		t.Errorf("%d hidden, %d listed", hidden, page.Total)
	}
}

// The stages of one application, one file after the other, end at the same place whatever is repeated: an old file takes nothing back.
func TestOldFileTakesNothingBack(t *testing.T) {
	s := open(t)
	early, late := paths(t, "testdata/odp-consultation.json"), paths(t, "testdata/odp-appeal.json")
	for _, step := range []struct {
		files []ingest.File
		state consult.State
		count func(ingest.FileReport) int
	}{
		{early, consult.Consulting, func(f ingest.FileReport) int { return f.Created }},
		{late, consult.AppealDecided, func(f ingest.FileReport) int { return f.Updated }},
		{early, consult.AppealDecided, func(f ingest.FileReport) int { return f.Superseded }},
		{late, consult.AppealDecided, func(f ingest.FileReport) int { return f.Unchanged }},
	} {
		report := s.run(step.files...)
		if n := step.count(report.Files[0]); n != 1 {
			t.Errorf("%+v", report.Files[0])
		}
		if c := s.find("local-authority:XMP", "2099/90001/PA"); c.State != step.state {
			t.Errorf("state %s, want %s", c.State, step.state)
		}
	}
}

// A correction is taken: same state, other words.
func TestCorrectionIsTaken(t *testing.T) {
	s := open(t)
	raw, err := os.ReadFile("testdata/odp-appeal.json")
	if err != nil {
		t.Fatal(err)
	}
	s.run(text(string(raw)))
	report := s.run(text(strings.ReplaceAll(string(raw), "Single storey rear extension", "Two storey rear extension")))
	if report.Files[0].Updated != 1 {
		t.Errorf("%+v", report.Files[0])
	}
	if c := s.find("local-authority:XMP", "2099/90001/PA"); !strings.HasPrefix(c.Title, "Two storey") {
		t.Errorf("title %q", c.Title)
	}
}

// Applications that came before the boundaries get their ward when they are imported again.
func TestWardsMayComeLater(t *testing.T) {
	s := open(t)
	apps := paths(t, "testdata/odp-consultation.json")
	s.run(apps...)
	s.run(paths(t, "testdata/wards.geojson")...)
	if report := s.run(apps...); report.Files[0].Updated != 1 {
		t.Errorf("%+v", report.Files[0])
	}
	if c := s.find("local-authority:XMP", "2099/90001/PA"); c.WardCode != "E05999901" {
		t.Errorf("ward %q", c.WardCode)
	}
}

// A postcode stands for missing coordinates.
func TestPostcodeStandsForPlace(t *testing.T) {
	s := open(t)
	s.run(paths(t, "testdata/postcodes.csv", "testdata/pads-*.csv")...)
	c := s.find("local-authority:XMP", "XP/2")
	if !c.HasPlace || c.Postcode != "B9 9CK" {
		t.Errorf("place %v %v, postcode %q", c.HasPlace, c.Place, c.Postcode)
	}
}
