package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// points writes JSON lines for `yousaid group`.
func (m *machine) points(lines ...string) string {
	m.t.Helper()
	name := filepath.Join(m.t.TempDir(), "points.jsonl")
	if err := os.WriteFile(name, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		m.t.Fatal(err)
	}
	return name
}

// twoMatters are points about parking and about trees, with ids of every kind, one text that is about neither and one that is empty.
var twoMatters = []string{
	`{"id":"a-1","text":"There are far too few parking spaces for the flats."}`,
	`{"id":12345678901234567890,"text":"The mature trees along the canal must not be felled."}`,
	`{"id":"پ","text":"Where will visitors leave a car? Parking spaces are full every evening."}`,
	``,
	`{"id":-7.50,"text":"Felling mature trees is wrong, plant more trees along the canal instead."}`,
	`{"id":"\u0041<b>","text":"Thirty parking spaces for all of those flats is a joke, parking is hard enough."}`,
	`{"id":"t3","text":"I sit under the mature trees along the canal at lunch, do not cut trees.", "other":{"ignored":true}}`,
	`{"id":"p4","text":"Add a basement with parking spaces, the flats need parking."}`,
	`{"id":"t4","text":"Mature trees give shade along the canal; keep all the trees."}`,
	`{"id":"lone","text":"Congratulations on the exhibition."}`,
	`{"id":"empty","text":""}`,
}

func decodeLines[T any](t *testing.T, out string) []T {
	t.Helper()
	var all []T
	for line := range strings.Lines(out) {
		var v T
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		all = append(all, v)
	}
	return all
}

func TestGroupGivesEachPointItsGroupAndThePhrasesThatExplainIt(t *testing.T) {
	m := newMachine(t)
	got := decodeLines[pointGroup](t, m.must("group", "--groups", "2", m.points(twoMatters...)))
	var ids []string
	groups := map[string][]string{}
	for _, g := range got {
		ids = append(ids, string(g.ID))
		name := "loose"
		if g.Group != nil {
			name = fmt.Sprint(*g.Group)
			if len(g.Phrases) == 0 {
				t.Errorf("group %s is not explained", name)
			}
		} else if g.Phrases == nil || len(g.Phrases) > 0 {
			t.Errorf("%s is loose and has phrases %v", g.ID, g.Phrases)
		}
		groups[name] = append(groups[name], string(g.ID))
	}
	want := []string{`"a-1"`, `12345678901234567890`, `"پ"`, `-7.50`, `"\u0041<b>"`, `"t3"`, `"p4"`, `"t4"`, `"lone"`, `"empty"`}
	if !slices.Equal(ids, want) {
		t.Errorf("ids come back as %v, want %v", ids, want)
	}
	parking, trees := []string{`"a-1"`, `"پ"`, `"\u0041<b>"`, `"p4"`}, []string{`12345678901234567890`, `-7.50`, `"t3"`, `"t4"`}
	if first := groups["1"]; !slices.Equal(first, parking) && !slices.Equal(first, trees) || len(groups["2"]) != 4 || !slices.Equal(groups["loose"], []string{`"lone"`, `"empty"`}) {
		t.Errorf("groups %v", groups)
	}
}

func TestGroupDoesNotDependOnTheOrderOfLines(t *testing.T) {
	m := newMachine(t)
	forward := m.must("group", m.points(twoMatters...))
	turned := slices.Clone(twoMatters)
	slices.Reverse(turned)
	a, b := slices.Sorted(strings.Lines(forward)), slices.Sorted(strings.Lines(m.must("group", m.points(turned...))))
	if !slices.Equal(a, b) {
		t.Errorf("in one order\n%s\nin the other\n%s", strings.Join(a, ""), strings.Join(b, ""))
	}
}

func TestGroupReadsStandardInput(t *testing.T) {
	file, err := os.Open(newMachine(t).points(twoMatters...))
	if err != nil {
		t.Fatal(err)
	}
	standard := os.Stdin
	os.Stdin = file
	t.Cleanup(func() {
		os.Stdin = standard
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	})
	if got := decodeLines[pointGroup](t, newMachine(t).must("group")); len(got) != 10 {
		t.Errorf("%d lines for 10 points", len(got))
	}
}

func TestGroupSummaryCountsLettersOnce(t *testing.T) {
	m := newMachine(t)
	lines := slices.Clone(twoMatters)
	for i := range 30 {
		lines = append(lines, fmt.Sprintf(`{"id":%d,"text":"We the undersigned ask that the bus stop outside the depot stays exactly where it is now."}`, i))
	}
	got := decodeLines[groupSummary](t, m.must("group", "--summary", m.points(lines...)))
	if len(got) < 2 || got[0].Group == nil || *got[0].Group != 1 || got[0].Size != 30 || len(got[0].Campaigns) != 1 || got[0].Campaigns[0].Size != 30 || len(got[0].Phrases) == 0 {
		t.Fatalf("%+v", got)
	}
	total := 0
	for _, s := range got {
		total += s.Size
	}
	if total != 40 {
		t.Errorf("the groups hold %d of 40 points", total)
	}
}

func TestGroupScoreComparesWithConcerns(t *testing.T) {
	m := newMachine(t)
	var lines []string
	for _, line := range twoMatters {
		for _, concern := range []string{"parking", "trees"} {
			if strings.Contains(strings.ToLower(line), concern) {
				lines = append(lines, strings.Replace(line, `"text"`, `"concern":"`+concern+`","text"`, 1))
			}
		}
	}
	got := decodeLines[groupScore](t, m.must("group", "--groups", "2", "--score", m.points(lines...)))
	if len(got) != 1 || got[0].Purity != 1 || got[0].ARI != 1 || got[0].MacroF1 != 1 || got[0].Groups != 2 || got[0].Concerns != 2 || got[0].Grouped != got[0].Points {
		t.Errorf("%+v", got)
	}
	if _, err := m.run("group", "--score", m.points(twoMatters...)); err == nil || !strings.Contains(err.Error(), `"concern"`) {
		t.Errorf("without concerns: %v", err)
	}
}

func TestGroupSaysWhichLineIsWrong(t *testing.T) {
	m := newMachine(t)
	good := `{"id":1,"text":"ok"}`
	for want, lines := range map[string][]string{
		"line 2: not":                         {good, `nonsense`},
		"line 3: not":                         {good, ``, `{"id":1,"text":"ok"} {"id":2}`},
		`line 1: "id" must be`:                {`{"text":"ok"}`},
		`line 2: "id" must be`:                {good, `{"id":null,"text":"ok"}`},
		`line 2: "id" must be a`:              {good, `{"id":[1],"text":"ok"}`},
		`line 2: "text" must be`:              {good, `{"id":2}`},
		`line 2: not {"id":…,"text":…}`:       {good, `{"id":2,"text":3}`},
		"line 2 is longer than 1048576 bytes": {good, `{"id":2,"text":"` + strings.Repeat("a", maxPointLine) + `"}`},
		"line 4: not":                         {good, good, good, `{"id":2,"text":"cut`},
	} {
		out, err := m.run("group", m.points(lines...))
		if err == nil || out != "" || !strings.Contains(err.Error(), want) {
			t.Errorf("%v and %q, want %q and nothing printed", err, out, want)
		}
	}
	for _, args := range [][]string{{"group", "a", "b"}, {"group", "--groups", "-1", "a"}, {"group", "--summary", "--score", "a"}, {"group", "/no/such/file"}} {
		if _, err := m.run(args...); err == nil {
			t.Errorf("%v is understood", args)
		}
	}
}

func TestGroupOfNothing(t *testing.T) {
	m := newMachine(t)
	for _, lines := range [][]string{{}, {"", "  ", ""}, {"\ufeff"}} {
		if out := m.must("group", m.points(lines...)); out != "" {
			t.Errorf("%q of nothing", out)
		}
	}
	if out := m.must("group", m.points("\ufeff"+`{"id":1,"text":"alone"}`+"\r")); out != `{"id":1,"group":null,"phrases":[]}`+"\n" {
		t.Errorf("one point: %q", out)
	}
	long := `{"id":1,"text":"` + strings.Repeat("long ", 200_000) + `"}`
	if out := m.must("group", m.points(long)); !strings.HasPrefix(out, `{"id":1,`) {
		t.Errorf("a long line: %q", out)
	}
}

func FuzzReadPoints(f *testing.F) {
	for _, line := range twoMatters {
		f.Add([]byte(line))
	}
	f.Add([]byte("{\"id\":1,\"text\":\"a\"}\r\n\r\n{\"id\":\"\",\"text\":\"\xff\"}"))
	f.Add([]byte(`{"id":1,"id":"2","text":"a","Text":"b"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		points, err := readPoints(bytes.NewReader(raw))
		if err != nil {
			if len(points) > 0 || !strings.HasPrefix(err.Error(), "line ") {
				t.Errorf("%d points and %v", len(points), err)
			}
			return
		}
		for _, p := range points {
			if p.Text == nil || !json.Valid(p.ID) || p.ID[0] == '{' || p.ID[0] == '[' {
				t.Errorf("%q was taken from %q", p.ID, raw)
			}
			if _, err := json.Marshal(pointGroup{ID: p.ID}); err != nil {
				t.Errorf("%q cannot be given back: %v", p.ID, err)
			}
		}
	})
}
