package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// An application goes in with its comments, out in three vocabularies, and into another machine: there it is once.
func TestR20FilesGoInAndOutOnTheCommandLine(t *testing.T) {
	const fixtures = "../../server/ingest/testdata/"
	m, other := newMachine(t), newMachine(t)
	folder := t.TempDir()
	m.must("import", fixtures+"bops-show.json")
	if _, err := m.run("import", fixtures+"bops-submissions.json"); err == nil || !strings.Contains(err.Error(), "not taken") {
		t.Errorf("comments about nothing: %v", err)
	}
	if out := m.must("import", "--of", "local-authority:XMP", "--reference", "26-00001-HAPP", fixtures+"bops-submissions.json"); !strings.Contains(out, "2 created") {
		t.Errorf("comments about something: %s", out)
	}
	odp, pads, bops := filepath.Join(folder, "odp.json"), filepath.Join(folder, "pads.zip"), filepath.Join(folder, "bops.json")
	m.must("export", "--format", "odp", odp)
	m.must("export", "--format", "pads", pads)
	m.must("export", "--bops", "26-00001-HAPP", bops)
	for _, name := range []string{odp, pads, bops} {
		info, err := os.Stat(name)
		if err != nil || info.Size() == 0 || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", filepath.Base(name), info, err)
		}
	}
	if out := other.must("import", odp, bops); !strings.Contains(out, "comments in it: 1 created") || !strings.Contains(out, "3 records, 3 created") {
		t.Errorf("into another machine: %s", out)
	}
	for want, args := range map[string][]string{
		"file exists":         {"export", "--format", "odp", odp},
		"there is no format":  {"export", "--format", "xml", filepath.Join(folder, "x")},
		"no application with": {"export", "--bops", "26-99999-HAPP", filepath.Join(folder, "y")},
	} {
		if _, err := m.run(args...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("yousaid %v: %v, want %q", args, err, want)
		}
	}
	if left, err := filepath.Glob(filepath.Join(folder, "[xy]")); err != nil || len(left) != 0 {
		t.Errorf("files of exports that failed: %v, %v", left, err)
	}
}
