package ingest_test

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/ingest"
	"github.com/yousaid/yousaid/server/store"
)

var update = flag.Bool("update", false, "write the golden report anew")

// site is the domain on a temporary SQLite store, at noon of 16 March 2026.
type site struct {
	t     *testing.T
	store *store.Store
	svc   *consult.Service
}

func open(t *testing.T) site {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	now := time.Date(2026, 3, 16, 12, 0, 0, 0, time.UTC)
	svc, err := consult.New(t.Context(), s, func() time.Time { return now }, consult.England())
	if err != nil {
		t.Fatal(err)
	}
	return site{t, s, svc}
}

// run imports files and fails the test when the import stops.
func (s site) run(files ...ingest.File) ingest.Report {
	s.t.Helper()
	report, err := ingest.Files(s.t.Context(), s.svc, consult.System(), files)
	if err != nil {
		s.t.Fatal(err)
	}
	return report
}

func (s site) find(authority, reference string) consult.Consultation {
	s.t.Helper()
	c, err := s.store.ConsultationByReference(s.t.Context(), authority, reference)
	if err != nil {
		s.t.Fatalf("%s %s: %v", authority, reference, err)
	}
	return c
}

// paths opens files by path, named by their last part.
func paths(t *testing.T, pattern ...string) []ingest.File {
	t.Helper()
	var files []ingest.File
	for _, p := range pattern {
		found, err := filepath.Glob(p)
		if err != nil || len(found) == 0 {
			t.Fatalf("no file matches %s (%v)", p, err)
		}
		for _, f := range found {
			files = append(files, ingest.File{Name: filepath.Base(f), Open: func() (io.ReadCloser, error) { return os.Open(f) }})
		}
	}
	return files
}

// text is a file made of a string, under a name that says nothing.
func text(content string) ingest.File {
	return ingest.File{Name: "upload", Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil }}
}

func print(t *testing.T, r ingest.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := r.Print(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Everything at once, in the order of the names: the report is golden, so that every sentence of it was read by somebody.
func TestG08ReportNamesFileRowAndReason(t *testing.T) {
	golden(t, "testdata/report.golden", print(t, open(t).run(paths(t, "testdata/*.json", "testdata/*.geojson", "testdata/*.csv")...)))
}

// golden compares with a file that somebody has read.
func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the report changed; read it, then run with -update\ngot:\n%s\nwant:\n%s", got, want)
	}
}

// Twice is once, and the order of the files changes nothing.
func TestG12ImportingTwiceChangesNothing(t *testing.T) {
	s := open(t)
	files := paths(t, "testdata/*.json", "testdata/*.geojson", "testdata/*.csv")
	first := s.run(files...)
	slices.Reverse(files)
	second := s.run(files...)
	slices.Reverse(second.Files)
	taken := 0
	for i, f := range second.Files {
		before := first.Files[i]
		if f.Created != 0 || f.Updated != 0 || f.Unchanged != before.Created {
			t.Errorf("%s: first %d created, then %d created, %d updated, %d unchanged", f.Name, before.Created, f.Created, f.Updated, f.Unchanged)
		}
		taken += before.Created
	}
	if taken == 0 {
		t.Error("nothing was taken at all")
	}
	if rows, err := s.store.AuditRows(t.Context(), 0, 1000); err != nil || len(rows) == 0 {
		t.Errorf("imports are not in the audit log: %v", err)
	}
}
