// Package docs_test holds the documents to the program: what they list exists, and what exists is listed.
package docs_test

import (
	"errors"
	"flag"
	"io/fs"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/yousaid/yousaid/server"
	"github.com/yousaid/yousaid/server/servertest"
)

const root = ".."

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// named lists every match of a pattern's first group in a text, sorted, once each.
func named(text, pattern string) []string {
	found := map[string]bool{}
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		found[m[1]] = true
	}
	return slices.Sorted(maps.Keys(found))
}

// sources calls each with every file of the checkout that has the ending, packages and built files left out.
func sources(t *testing.T, ending string, each func(name, text string)) {
	t.Helper()
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		name := filepath.ToSlash(strings.TrimPrefix(file, root+string(filepath.Separator)))
		switch {
		case err != nil:
			return err
		case d.IsDir() && (slices.Contains([]string{"node_modules", "bin", "data", "static/dist"}, name) || strings.HasPrefix(d.Name(), ".") && file != root):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ending):
			return nil
		}
		each(name, read(t, name))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOperatingHoldsWhatHelpPrints(t *testing.T) {
	var help strings.Builder
	unset := func(string) string { return "" }
	_, _, err := server.ParseConfig(flag.NewFlagSet("serve", flag.ContinueOnError), []string{"--help"}, unset, &help)
	if !errors.Is(err, flag.ErrHelp) {
		t.Fatal(err)
	}
	if !strings.Contains(read(t, "docs/operating.md"), "```\n"+help.String()+"```\n") {
		t.Errorf("docs/operating.md does not hold the settings as `yousaid serve --help` prints them:\n%s", help.String())
	}
}

func TestOperatingListsEveryMetric(t *testing.T) {
	app := servertest.New(t)
	app.Client(t).Get(t, "/healthz") // a histogram without a request shows nothing
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- app.ServeMetrics(t.Context(), listener) }()
	t.Cleanup(func() {
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	served := app.Client(t).Do(t, http.MethodGet, "http://"+listener.Addr().String()+"/metrics", nil, nil)
	want := named(served.Body, `(?m)^# TYPE (yousaid_\w+) `)
	if got := named(read(t, "docs/operating.md"), "(?m)^\\| `(yousaid_\\w+)` \\|"); !slices.Equal(got, want) || len(want) == 0 {
		t.Errorf("docs/operating.md lists the metrics\n%v\nbut there are\n%v", got, want)
	}
}

func TestBenchmarksAreListed(t *testing.T) {
	var code strings.Builder
	sources(t, "_test.go", func(_, text string) { code.WriteString(text) })
	want := named(code.String(), `(?m)^func (Benchmark\w+)\(`)
	if got := named(read(t, "docs/benchmarks.md"), "`(Benchmark\\w+)"); !slices.Equal(got, want) || len(want) == 0 {
		t.Errorf("docs/benchmarks.md lists\n%v\nbut there are\n%v", got, want)
	}
}

// A threat's test that was renamed or removed may not go on being promised.
func TestNamedTestsExist(t *testing.T) {
	var code strings.Builder
	sources(t, "_test.go", func(_, text string) { code.WriteString(text) })
	exist := named(code.String(), `(?m)^func (Test\w+)\(`)
	for _, document := range []string{"docs/threat-model.md", "docs/requirements.md", "docs/accessibility.md", "CONTRIBUTING.md"} {
		for _, name := range named(read(t, document), "`(Test[A-Z]\\w+)`") {
			if !slices.Contains(exist, name) {
				t.Errorf("%s names %s, which does not exist", document, name)
			}
		}
	}
	if len(named(read(t, "docs/threat-model.md"), "`(Test[A-Z]\\w+)`")) < 20 {
		t.Error("docs/threat-model.md names hardly any test")
	}
}

var link = regexp.MustCompile(`\]\(([^)#\s]+)(?:#[^)]*)?\)`)

func TestLinksLeadSomewhere(t *testing.T) {
	links := 0
	sources(t, ".md", func(name, text string) {
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			if strings.Contains(m[1], "://") || strings.HasPrefix(m[1], "mailto:") {
				continue
			}
			links++
			if _, err := os.Stat(filepath.Join(root, filepath.Dir(name), filepath.FromSlash(m[1]))); err != nil {
				t.Errorf("%s links to %s, which is not there", name, m[1])
			}
		}
	})
	if links < 20 {
		t.Errorf("only %d links were looked at", links)
	}
}

// The map of the code names every package, and none that is gone.
func TestTheMapNamesEveryPackage(t *testing.T) {
	packages := map[string]bool{}
	sources(t, ".go", func(name, _ string) {
		if folder, _, in := strings.Cut(strings.TrimPrefix(name, "server/"), "/"); in && strings.HasPrefix(name, "server/") {
			packages[folder] = true
		}
	})
	packages["e2e"] = true // browser journeys: no Go
	want := slices.Sorted(maps.Keys(packages))
	if got := named(read(t, "server/doc.go"), `(?m)^//\t(\w+)/ `); !slices.Equal(got, want) {
		t.Errorf("server/doc.go maps\n%v\nbut there are\n%v", got, want)
	}
}

// Nothing about whoever wrote it, or where, belongs into what everybody reads.
func TestDocumentsNameNoMachine(t *testing.T) {
	path := regexp.MustCompile(`(^|[\s("'` + "`" + `])/(root|home|work|Users)/`)
	sources(t, ".md", func(name, text string) {
		for n, line := range strings.Split(text, "\n") {
			if path.MatchString(line) {
				t.Errorf("%s:%d names a path of one machine: %s", name, n+1, line)
			}
		}
	})
}
