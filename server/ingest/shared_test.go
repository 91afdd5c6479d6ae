package ingest_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/ingest"
)

// sharedData is where published files lie beside a checkout. They are not ours and not in the repository.
const sharedData = "../../../shared/data"

// publishedSet is one set of published files with what they are known to hold, and our own fixtures of the same kind with what they hold.
type publishedSet struct {
	kind      ingest.Kind
	published []string
	rows      int
	own       []string
	ownRows   int
}

var publishedSets = []publishedSet{
	{ingest.PADSApplications, []string{"mhclg-spec/*.csv"}, 21, []string{"pads-*.csv"}, 6},
	{ingest.LGAApplications, []string{"esd/*.csv"}, 25, []string{"lga.csv"}, 6},
	{ingest.Wards, []string{"birmingham/birmingham-wards.geojson"}, 69, []string{"wards.geojson"}, 4},
	{ingest.Constituencies, []string{"birmingham/birmingham-constituencies.geojson"}, 9, []string{"constituencies.geojson"}, 1},
	{ingest.WardPopulation, []string{"birmingham/ward-population-mid2024.csv"}, 69, []string{"population.csv"}, 5},
	{ingest.WardQualifications, []string{"birmingham/ward-qualifications-census2021-ts067.csv"}, 69, []string{"qualifications.csv"}, 2},
}

// published tells whether the published files are there.
func published() bool {
	_, err := os.Stat(sharedData)
	return err == nil
}

// Files as they were published, or our own where those are absent: each is recognised, every row is accounted for, and the second
// import changes nothing.
func TestPublishedFiles(t *testing.T) {
	for _, set := range publishedSets {
		t.Run(string(set.kind), func(t *testing.T) {
			folder, patterns, rows := "testdata", set.own, set.ownRows
			if published() {
				folder, patterns, rows = sharedData, set.published, set.rows
			}
			var under []string
			for _, p := range patterns {
				under = append(under, filepath.Join(folder, p))
			}
			s := open(t)
			files := paths(t, under...)
			report := s.run(files...)
			f := report.Files[slices.IndexFunc(report.Files, func(f ingest.FileReport) bool { return f.Kind == set.kind })]
			perRow := 1
			if set.kind == ingest.WardQualifications {
				perRow = 7 // one figure for each group
			}
			if f.Rows != rows || f.Created != (rows-f.Skipped)*perRow {
				t.Errorf("%d rows, want %d: %d created, %d skipped", f.Rows, rows, f.Created, f.Skipped)
			}
			if published() && f.Skipped != 0 {
				t.Errorf("%d rows of the published file were not taken", f.Skipped)
			}
			again := s.run(files...)
			for i, g := range again.Files {
				if g.Created != 0 || g.Updated != 0 || g.Unchanged != report.Files[i].Created {
					t.Errorf("%s again: %d created, %d updated, %d unchanged", g.Name, g.Created, g.Updated, g.Unchanged)
				}
			}
		})
	}
}

// Every stage of an Open Digital Planning application, each file alone in an empty store.
func TestPublishedODPStages(t *testing.T) {
	stages := map[string]consult.State{
		"testdata/odp-application.json": consult.Received, "testdata/odp-returned.json": consult.NotValid,
		"testdata/odp-consultation.json": consult.Consulting, "testdata/odp-appeal.json": consult.AppealDecided,
	}
	if published() {
		stages = map[string]consult.State{
			"application-major.json": consult.Received, "fullHouseholder-01-submission.json": consult.Received,
			"fullHouseholder-02-validation-01-invalid.json": consult.NotValid,
			// Its consultation ended in 2024, whatever its stage says.
			"fullHouseholder-03-consultation.json":                     consult.ClosedState,
			"fullHouseholder-04-assessment-01-council-determined.json": consult.Decided,
			"fullHouseholder-05-appeal-03-appeal-determined.json":      consult.AppealDecided,
			"fullHouseholder-06-assessment-withdrawn.json":             consult.Withdrawn,
			"published-fullHouseholder-04-committee-determined.json":   consult.InCommittee,
		}
	}
	for name, want := range stages {
		if published() {
			name = filepath.Join(sharedData, "odp", name)
		}
		s := open(t)
		f := s.run(paths(t, name)...).Files[0]
		if f.Kind != ingest.ODPApplication || f.Created != 1 || f.Skipped != 0 {
			t.Errorf("%s: %+v", name, f)
			continue
		}
		if got := stateOfOnly(t, s); got != want {
			t.Errorf("%s: state %s, want %s", name, got, want)
		}
	}
}

// stateOfOnly is the state of the one application in the store, read from the audit of its import.
func stateOfOnly(t *testing.T, s site) consult.State {
	t.Helper()
	rows, err := s.store.AuditRows(t.Context(), 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if r.Action == "consultation.import" {
			c, err := s.store.Consultation(t.Context(), r.Subject)
			if err != nil {
				t.Fatal(err)
			}
			return c.State
		}
	}
	t.Fatal("no application was imported")
	return ""
}

// All stages one by one, then all again: the second round changes nothing, and all at once give the same end.
func TestPublishedODPStagesOneByOneTwice(t *testing.T) {
	pattern, authority, reference := "testdata/odp-*.json", "local-authority:XMP", "2099/90001/PA"
	if published() {
		pattern, authority, reference = filepath.Join(sharedData, "odp/*.json"), "local-authority:LBH", "ABC-123-XYZ"
	}
	s := open(t)
	files := paths(t, pattern)
	for _, f := range files {
		s.run(f)
	}
	for _, f := range files {
		if r := s.run(f).Files[0]; r.Created+r.Updated != 0 {
			t.Errorf("%s again: %+v", f.Name, r)
		}
	}
	together := open(t)
	together.run(files...)
	for _, x := range []site{s, together} {
		if c := x.find(authority, reference); c.State != consult.AppealDecided {
			t.Errorf("state %s", c.State)
		}
	}
}

// Formats that are known but not taken say so instead of "broken".
func TestPublishedFilesThatAreNotTaken(t *testing.T) {
	patterns := map[string]ingest.Kind{"testdata/bops-comments-specialist.json": ingest.SpecialistComments, "testdata/schema.json": ingest.JSONSchema}
	if published() {
		patterns = map[string]ingest.Kind{
			filepath.Join(sharedData, "bops/comments_specialist.json"): ingest.SpecialistComments,
			filepath.Join(sharedData, "bops/schema-*.json"):            ingest.JSONSchema,
			filepath.Join(sharedData, "citizen-space/*.schema.json"):   ingest.JSONSchema,
		}
	}
	for pattern, kind := range patterns {
		for _, f := range open(t).run(paths(t, pattern)...).Files {
			if f.Kind != kind || !f.Refused || f.Problems[0].Reason[:len("recognised")] != "recognised" {
				t.Errorf("%s: %+v", f.Name, f)
			}
		}
	}
}

// Files of other systems as they were published, or our own where those are absent: recognised, taken, and taken once.
func TestPublishedFilesOfOtherSystems(t *testing.T) {
	type file struct {
		path string
		kind ingest.Kind
		rows int
	}
	files := []file{{"testdata/bops-search.json", ingest.BOPSApplications, 7}, {"testdata/bops-show.json", ingest.BOPSApplications, 1},
		{"testdata/bops-comments-public.json", ingest.PublicComments, 3}, {"testdata/bops-neighbour-responses.json", ingest.NeighbourResponses, 3},
		{"testdata/bops-requests.json", ingest.BOPSRequests, 6}, {"testdata/citizen-details.json", ingest.CitizenSpace, 1}}
	reference := "26-00001-HAPP"
	if published() {
		reference = "24-00107-HAPP"
		files = []file{{"bops/search.json", ingest.BOPSApplications, 3}, {"bops/show.json", ingest.BOPSApplications, 1},
			{"bops/comments_public.json", ingest.PublicComments, 4}, {"bops/neighbourResponses.json", ingest.NeighbourResponses, 1},
			{"bops/allValidationRequests.json", ingest.BOPSRequests, 5}, {"citizen-space/json_consultation_details-fields-all.json", ingest.CitizenSpace, 1}}
	}
	s := open(t)
	var given []ingest.File
	for _, f := range files {
		if published() {
			f.path = filepath.Join(sharedData, f.path)
		}
		given = append(given, about(paths(t, f.path), "local-authority:XMP", reference)...)
	}
	first := s.run(given...)
	taken := 0
	for i, f := range first.Files {
		if f.Kind != files[i].kind || f.Rows != files[i].rows || f.Refused {
			t.Errorf("%s: %+v", files[i].path, f)
		}
		taken += f.Created
	}
	if taken < 6 {
		t.Errorf("only %d records were taken: %s", taken, print(t, first))
	}
	for i, f := range s.run(given...).Files {
		if f.Created+f.Updated+f.Comments.Created+f.Comments.Updated != 0 || f.Unchanged != first.Files[i].Created {
			t.Errorf("%s again: %+v", f.Name, f)
		}
	}
}
