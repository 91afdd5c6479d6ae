package ingest_test

import (
	"encoding/binary"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/ingest"
)

func fixture(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// Broken files are refused whole, with a sentence that says where and what to do.
func TestG08BrokenFilesAreRefusedWhole(t *testing.T) {
	lga, odp, wards := fixture(t, "lga.csv"), fixture(t, "odp-consultation.json"), fixture(t, "wards.geojson")
	const head = "reference,name,address-text,postcode,description,geometry\n"
	s := open(t)
	for name, c := range map[string]struct{ content, reason string }{
		"empty":                  {" \r\n", "the file is empty"},
		"cut off in a row":       {lga[:strings.LastIndex(lga, "25,02/02/2025")-40], "cut off"},
		"quote never closed":     {head + "a,\"b,c,d,e,f\ng,h,i,j,k,l\n", "line 2: a quotation mark is never closed"},
		"bare quote":             {head + "a,b\"x,c,d,e,f\n", "line 2: a quotation mark stands in a cell that is not quoted"},
		"semicolons":             {strings.ReplaceAll(head, ",", ";"), "semicolons"},
		"tabs":                   {strings.ReplaceAll(head, ",", "\t"), "tabs"},
		"NUL":                    {head + "a,b\x00,c,d,e,f\n", "NUL at byte"},
		"UTF-16 without mark":    {string(utf16Bytes(head)[2:]), "UTF-16"},
		"not UTF-8":              {head + "a,caf\xe9,c,d,e,f\n", "line 2 is not UTF-8"},
		"column twice":           {"reference,Reference,address-text,postcode\n", "appears twice"},
		"HTML":                   {"<!doctype html><title>Sign in</title>", "HTML"},
		"zip":                    {"PK\x03\x04rest", "zip or XLSX"},
		"unknown columns":        {"colour,taste\nred,sweet\n", `"colour", "taste"`},
		"script in the header":   {"<script>alert(1)</script>,x\n", "HTML"},
		"JSON cut off":           {odp[:len(odp)/2], "cut off"},
		"JSON with a comma less": {strings.Replace(odp, `"data": {`, `"data" {`, 1), "line"},
		"JSON too deep":          {strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000), "nested deeper than 32"},
		"wrong kind of value":    {strings.Replace(odp, `"reference": "2099/90001/PA"`, `"reference": 7`, 1), "a number where something else belongs"},
		"no authority":           {strings.Replace(odp, `"organisation": "XMP"`, `"organisation": ""`, 1), "authority is missing"},
		"GeoJSON cut off":        {wards[:len(wards)-30], "cut off"},
		"GeoJSON of trees":       {`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"tree":"oak"},"geometry":{"type":"Point","coordinates":[-1.86,52.47]}}]}`, "without wards"},
		"GeoJSON in grid metres": {`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"WD22CD":"E05999901","WD22NM":"x"},"geometry":{"type":"Polygon","coordinates":[[[409600,286000],[409700,286000],[409700,286100],[409600,286000]]]}}]}`, "national-grid"},
		"a commas bomb":          {head + strings.Repeat(",", 30_000), "30000 commas"},
		"a table bomb":           {head + strings.Repeat(",,,,,\n", 400_000), "more than"},
		"linked file alone":      {fixture(t, "pads-timeline.csv"), "give both in one import"},
	} {
		t.Run(name, func(t *testing.T) {
			f := s.run(text(c.content)).Files[0]
			if !f.Refused || f.Created+f.Updated != 0 || len(f.Problems) == 0 {
				t.Fatalf("%+v", f)
			}
			if !slices.ContainsFunc(f.Problems, func(p ingest.Problem) bool { return strings.Contains(p.Reason, c.reason) && p.Severity == ingest.Error }) {
				t.Errorf("problems %+v, want %q", f.Problems, c.reason)
			}
			if page, err := s.svc.Search(t.Context(), consult.Filter{}); err != nil || page.Total != 0 {
				t.Errorf("%d applications were taken, %v", page.Total, err)
			}
		})
	}
}

func utf16Bytes(s string) []byte {
	out := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		out = binary.LittleEndian.AppendUint16(out, u)
	}
	return out
}

// The same table in the encodings spreadsheets write is the same table.
func TestG08EncodingsOfSpreadsheets(t *testing.T) {
	plain := fixture(t, "lga.csv")
	for name, content := range map[string]string{
		"as it is":          plain,
		"byte order mark":   "\ufeff" + plain,
		"Windows line ends": strings.ReplaceAll(plain, "\n", "\r\n"),
		"UTF-16":            string(utf16Bytes(plain)),
		"no last line end":  strings.TrimRight(plain, "\n"),
		"headings shouted":  strings.Replace(plain, "CaseReference", "case reference", 1),
	} {
		if f := open(t).run(text(content)).Files[0]; f.Created != 5 || f.Skipped != 1 || f.Kind != ingest.LGAApplications {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

// endless is a file of one line that never ends.
type endless struct{ read int64 }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	e.read += int64(len(p))
	return len(p), nil
}

func (e *endless) Close() error { return nil }

// A line of any length costs no more than the limit of a file.
func TestS15EndlessLineIsBounded(t *testing.T) {
	e := &endless{}
	f := open(t).run(ingest.File{Name: "big", Open: func() (io.ReadCloser, error) { return e, nil }}).Files[0]
	if !f.Refused || !strings.Contains(f.Problems[0].Reason, "larger than 10 MiB") {
		t.Errorf("%+v", f)
	}
	if e.read > 2*ingest.MaxBytes {
		t.Errorf("%d bytes were read", e.read)
	}
}

// A file that cannot be opened or breaks while it is read takes nothing with it.
func TestUnreadableFile(t *testing.T) {
	broken := ingest.File{Name: "broken", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(io.MultiReader(strings.NewReader("reference,name\n"), failing{})), nil
	}}
	missing := ingest.File{Name: "missing", Open: func() (io.ReadCloser, error) { return nil, os.ErrNotExist }}
	report := open(t).run(broken, missing, paths(t, "testdata/lga.csv")[0])
	if !report.Files[0].Refused || !report.Files[1].Refused || report.Files[2].Created != 5 {
		t.Errorf("%+v", report.Files)
	}
	if report.Errors() != 3 { // two files and one row
		t.Errorf("%d errors", report.Errors())
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("the disk went away") }

// Rows that are wrong are left out one by one; identical repeats are only counted.
func TestG07RepeatedRows(t *testing.T) {
	lga := strings.Split(strings.TrimRight(fixture(t, "lga.csv"), "\n"), "\n")
	row := lga[3] // L/2; the row before it spans two lines
	other := strings.Replace(row, "Later closing time", "Earlier closing time", 1)
	f := open(t).run(text(strings.Join([]string{lga[0], row, row, other}, "\n"))).Files[0]
	if f.Created != 1 || f.Superseded+f.Skipped != 2 || f.Skipped < 1 {
		t.Errorf("%+v", f)
	}
}

// Figures under another ward's code are worse than none: the whole file is refused, and every wrong pair is named.
func TestBenchmarksOfOtherWardsAreRefused(t *testing.T) {
	s := open(t)
	report := s.run(paths(t, "testdata/wards.geojson")[0],
		text("WD22CD,WD22NM,population_mid_2024\nE05999901,Example Ward,1\nE05999902,Sample Ward,2\n"))
	f := report.Files[1]
	if !f.Refused || f.Created != 0 || len(f.Problems) != 2 || !strings.Contains(f.Problems[0].Reason, "belong to another ward") {
		t.Errorf("%+v", f)
	}
	if kept, err := s.store.Benchmarks(t.Context(), "population"); err != nil || len(kept) != 0 {
		t.Errorf("%d figures kept, %v", len(kept), err)
	}
}

// Only those who may import import.
func TestImportNeedsPermission(t *testing.T) {
	s := open(t)
	for kind, a := range map[consult.Kind]consult.Actor{
		consult.SignedOut: {},
		consult.Forbidden: {Kind: consult.Signed, ID: 1, Roles: []consult.Role{consult.RoleOfficer}},
	} {
		report, err := ingest.Files(t.Context(), s.svc, a, paths(t, "testdata/lga.csv"))
		if consult.KindOf(err) != kind || len(report.Files) != 0 {
			t.Errorf("%v, %+v", err, report)
		}
	}
	admin := consult.Actor{Kind: consult.Signed, ID: 1, Roles: []consult.Role{consult.RoleAdmin}}
	if report, err := ingest.Files(t.Context(), s.svc, admin, paths(t, "testdata/lga.csv")); err != nil || report.Files[0].Created != 5 {
		t.Errorf("%v, %+v", err, report)
	}
	if _, err := ingest.Files(t.Context(), s.svc, admin, make([]ingest.File, ingest.MaxFiles+1)); consult.KindOf(err) != consult.TooLarge {
		t.Errorf("%v", err)
	}
}

// What a file says cannot write to the terminal.
func TestG09ReportIsInert(t *testing.T) {
	out := print(t, open(t).run(ingest.File{Name: "\x1b[2J.csv", Open: text("<script>\x1b[31m,=HYPERLINK(1)\nx,y\n").Open},
		text("reference,\x1b[31mred\n")))
	if strings.ContainsRune(out, '\x1b') {
		t.Errorf("%q", out)
	}
}
