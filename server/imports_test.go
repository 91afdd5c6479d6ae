package server

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/yousaid/yousaid/"

// allowed is who may import whom inside the module: imports go one way. A package that is not listed may not exist.
var allowedImports = map[string][]string{
	"geo":                    {},
	"server/consult":         {"geo", "server/redact"},
	"server/redact":          {},
	"server/reach":           {"server/consult", "geo"},
	"server/similar":         {"server/consult"},
	"server/ogc":             {"server/consult", "server/reach", "geo"},
	"server/typed":           {},
	"server/picture":         {},
	"server/hook":            {},
	"migrations":             {},
	"static":                 {},
	"static/lang":            {"static", "server/consult"},
	"server/store":           {"server/consult", "geo", "migrations"},
	"server/bus":             {"server/consult"},
	"server/live":            {"server/consult", "server/bus"},
	"server/identity":        {"server/consult"},
	"server/notify":          {"server/consult", "static", "static/lang"},
	"server/ingest":          {"server/consult", "geo"},
	"server/export":          {"server/consult", "server/reach", "geo"},
	"server/web":             {"server/consult", "server/redact", "server/reach", "server/similar", "server/identity", "server/export", "server/ogc", "server/picture", "server/typed", "static", "static/lang", "geo"},
	"server/api":             {"server/consult", "server/reach", "server/similar", "server/identity", "server/export", "server/ogc", "server/typed", "static", "static/lang", "geo"},
	"server/demo":            {"server/consult", "server/identity", "geo", "static", "static/lang"},
	"server":                 {"server/consult", "server/reach", "server/similar", "server/web", "server/api", "server/live", "server/store", "server/bus", "server/identity", "server/notify", "server/ingest", "server/export", "server/ogc", "server/typed", "server/hook", "static", "static/lang", "geo"},
	"cmd/yousaid":            {"server", "server/consult", "server/demo", "server/export", "server/identity", "server/ingest", "server/reach", "server/similar", "server/store", "static", "static/lang"},
	"cmd/dev":                {"server/testservices"},
	"cmd/load":               {"server/consult"},
	"server/testservices":    {},
	"server/servertest":      {"server", "server/consult", "server/identity", "server/notify", "server/testservices", "geo"},
	"server/bus/bustest":     {"server/bus", "server/consult", "server/testservices"},
	"server/store/storetest": {"server/consult", "server/store", "server/testservices", "geo"},
	"server/notify/smtptest": {},
	"server/e2e/timed":       {"server", "server/demo"},
	"server/e2e/routes":      {"server"},
	"server/faults":          {},
}

// owners are the libraries that only some packages may know, by the beginning of their import paths.
var owners = map[string][]string{
	"github.com/gofiber/":         {"server", "server/web", "server/api", "server/live"},
	"github.com/valyala/fasthttp": {"server", "server/web", "server/api", "server/live"},
	"github.com/paulmach/orb":     {"geo"},
	"github.com/redis/go-redis":   {"server/bus"},
	"github.com/jackc/pgx":        {"server/store", "server/testservices"},
	"modernc.org/sqlite":          {"server/store"},
	"github.com/pressly/goose":    {"server/store"},
	"database/sql":                {"server/store", "server/testservices"},
	"html/template":               {"server/web", "server/notify", "server/export", "static/lang"},
	"text/template":               {"server/notify"},
	"github.com/wneessen/go-mail": {"server/notify"},
	"github.com/evanw/esbuild":    {"cmd/dev"},
	"golang.org/x/image":          {"server/picture"},
	"rsc.io/qr":                   {"server/picture"},
	"github.com/prometheus/":      {"server", "server/live"},
}

// TestImportsGoOneWay reads every file of the program that is no test.
func TestImportsGoOneWay(t *testing.T) {
	seen := map[string]bool{}
	for file, imports := range sources(t) {
		from := path.Dir(file)
		seen[from] = true
		allowed, listed := allowedImports[from]
		if !listed {
			t.Errorf("%s: package %s is not in the list of who may import whom", file, from)
		}
		for _, imported := range imports {
			if inside, ok := strings.CutPrefix(imported, module); ok && !slices.Contains(allowed, inside) {
				t.Errorf("%s imports %s: imports go the other way", file, inside)
			}
			for library, packages := range owners {
				if strings.HasPrefix(imported+"/", library+"/") || strings.HasSuffix(library, "/") && strings.HasPrefix(imported, library) {
					if !slices.Contains(packages, from) {
						t.Errorf("%s imports %s, which is for %v", file, imported, packages)
					}
				}
			}
			if (from == "server/consult" || from == "server/typed") && strings.Contains(strings.Split(imported, "/")[0], ".") && !strings.HasPrefix(imported, module) && !mayUse(from, imported) {
				t.Errorf("%s imports %s: the domain knows the standard library and geo only", file, imported)
			}
		}
	}
	for _, must := range []string{"server", "server/consult", "server/store", "server/live", "server/web", "server/bus", "geo"} {
		if !seen[must] {
			t.Errorf("no file of %s was read", must)
		}
	}
	if len(seen) < 20 {
		t.Errorf("only %d packages were read: %v", len(seen), slices.Sorted(maps.Keys(seen)))
	}
}

// mayUse are exceptions: typed brings text into normal form C, which the standard library cannot.
func mayUse(from, imported string) bool {
	return from == "server/typed" && imported == "golang.org/x/text/unicode/norm"
}

// sources are the imports of every Go file that is no test, by path from the module's root.
func sources(t *testing.T) map[string][]string {
	t.Helper()
	const root = ".."
	found := map[string][]string{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && name != root || d.Name() == "node_modules" || d.Name() == "testdata" || d.Name() == "dist") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(name) // read, so that the go command notices changes
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
		if err != nil {
			return err
		}
		relative := filepath.ToSlash(strings.TrimPrefix(name, root+string(filepath.Separator)))
		found[relative] = nil
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			found[relative] = append(found[relative], imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
