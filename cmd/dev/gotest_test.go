package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// count runs `go test -json` on a small module and reads its report.
func count(t *testing.T, files map[string]string, flags ...string) (tally, string) {
	t.Helper()
	root := t.TempDir()
	writeTree(t, root, map[string]string{"go.mod": "module example.org/m\n\ngo 1.26\n"})
	writeTree(t, root, files)
	c := exec.Command("go", append([]string{"test", "-json"}, append(flags, "./...")...)...)
	c.Dir = root
	c.Env = append(os.Environ(), "GOWORK=off")
	events, err := c.Output()
	if failed := new(exec.ExitError); err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	var said bytes.Buffer
	r := newGoReport(&said)
	if err := r.read(bytes.NewReader(events)); err != nil {
		t.Fatal(err)
	}
	return r.tally, said.String()
}

func testFile(body string) string {
	return "package p\n\nimport \"testing\"\n\n" + body
}

func TestGoReportCountsTheInnermostTests(t *testing.T) {
	got, said := count(t, map[string]string{
		"a/a_test.go": testFile(`
func TestPlain(t *testing.T) {}
func TestTable(t *testing.T) {
	t.Run("one", func(t *testing.T) {})
	t.Run("two", func(t *testing.T) { t.Run("inner", func(t *testing.T) { t.Error("inner words") }) })
}
func TestOwnFault(t *testing.T) {
	t.Run("fine", func(t *testing.T) {})
	t.Error("own words")
}
func FuzzSeeds(f *testing.F) { f.Add(1); f.Add(2); f.Fuzz(func(t *testing.T, n int) {}) }
`),
		"b/b_test.go":  testFile("func TestElsewhere(t *testing.T) {}\n"),
		"none/none.go": "package none\n",
	})
	// Passed: plain, table/one, ownfault/fine, two seeds, elsewhere. Failed: inner, and ownfault for itself.
	if want := (tally{passed: 6, failed: 2}); got != want {
		t.Errorf("counted %+v, want %+v\n%s", got, want, said)
	}
	for _, words := range []string{"inner words", "own words", "example.org/m/b"} {
		if !strings.Contains(said, words) {
			t.Errorf("%q is not printed:\n%s", words, said)
		}
	}
}

func TestGoReportCountsWhatNeverReports(t *testing.T) {
	tests := []struct {
		name, body, words string
		want              tally
	}{
		{"does not compile", "func TestX(t *testing.T) { undefinedThing() }", "undefinedThing", tally{failed: 1}},
		{"panics", "func TestA(t *testing.T) {}\nfunc TestX(t *testing.T) { panic(\"panic words\") }", "panic words", tally{1, 1}},
		{"exits", "import_os", "exit status 3", tally{0, 1}},
		{"hangs", "func TestX(t *testing.T) { select {} }", "TestX", tally{failed: 1}},
		{"skips", "func TestA(t *testing.T) {}\nfunc TestX(t *testing.T) { t.Skip(\"skip words\") }", "skip words", tally{1, 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file := testFile(tt.body + "\n")
			if tt.body == "import_os" {
				file = "package p\n\nimport (\n\"os\"\n\"testing\"\n)\n\nfunc TestMain(m *testing.M) { os.Exit(3) }\n"
			}
			got, said := count(t, map[string]string{filepath.Join("p", "p_test.go"): file}, "-timeout", "2s")
			if got != tt.want {
				t.Errorf("counted %+v, want %+v", got, tt.want)
			}
			if !strings.Contains(said, tt.words) {
				t.Errorf("%q is not printed:\n%s", tt.words, said)
			}
		})
	}
}
