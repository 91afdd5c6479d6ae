package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// checkout is the workbench of this very checkout, with its packages installed.
func checkout(t *testing.T) *workbench {
	t.Helper()
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "node_modules", ".bin", "sass")); err != nil {
		t.Fatalf("the front-end packages are not installed: run `make bundle` (%v)", err)
	}
	return &workbench{root: root, out: io.Discard}
}

// project is a workbench on a small front end of its own, with this checkout's packages.
func project(t *testing.T, files map[string]string) *workbench {
	t.Helper()
	real := checkout(t)
	root := t.TempDir()
	for _, name := range []string{"node_modules", "package-lock.json"} {
		if err := os.Symlink(filepath.Join(real.root, name), filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	list, err := os.ReadFile(filepath.Join(real.root, govukSource))
	if err != nil {
		t.Fatal(err)
	}
	writeTree(t, root, map[string]string{govukSource: string(list), "static/dist/.gitkeep": ""})
	writeTree(t, root, files)
	return &workbench{root: root, out: io.Discard}
}

func writeTree(t *testing.T, root string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

var smallSite = map[string]string{
	"static/layout/layout.css": `@import "govuk-frontend"; .seal { background: url("./seal.svg"); inset-inline-start: 0 }`,
	"static/layout/layout.ts":  `import { word } from "../src/word"; document.title = word("layout");`,
	"static/layout/seal.svg":   `<svg xmlns="http://www.w3.org/2000/svg"/>`,
	"static/page/map/map.ts":   `import { word } from "../../src/word"; const later = () => import("./pins"); document.title = word("map"); void later;`,
	"static/page/map/pins.ts":  `export const pins: number[] = [1, 2, 3];`,
	"static/page/map/map.css":  `@import "maplibre-gl/dist/maplibre-gl.css"; .map { block-size: 20rem }`,
	"static/page/map/map.html": `<div class="map"></div>`,
	"static/src/word.ts":       `export function word(of: string): string { return "the shared word of " + of; }`,
}

func TestBundleBuildsEntriesUnderHashedNames(t *testing.T) {
	b, err := project(t, smallSite).build(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"layout/layout.css":      `^layout-[A-Z0-9]{8}\.css$`,
		"layout/layout.js":       `^layout-[A-Z0-9]{8}\.js$`,
		"layout/seal.svg":        `^seal-[A-Z0-9]{8}\.svg$`,
		"maplibre-gl-worker.mjs": `^maplibre-gl-worker-[A-Z0-9]{8}\.js$`,
		"page/map/map.css":       `^map-[A-Z0-9]{8}\.css$`,
		"page/map/map.js":        `^map-[A-Z0-9]{8}\.js$`,
	}
	for logical, pattern := range want {
		name := b.manifest[logical]
		if !regexp.MustCompile(pattern).MatchString(name) || len(b.files[name]) == 0 {
			t.Errorf("%s is %q with %d bytes", logical, name, len(b.files[name]))
		}
	}
	if len(b.manifest) != len(want) {
		t.Errorf("manifest: %v", b.manifest)
	}
}

func TestBundleCountsWhatIsFetchedAtOnceNotWhatMayComeLater(t *testing.T) {
	b, err := project(t, smallSite).build(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	at := func(file string) string { return string(b.files[file]) }
	page := b.manifest["page/map/map.js"]
	if len(b.imports[page]) != 1 || !strings.Contains(at(b.imports[page][0]), "the shared word") {
		t.Fatalf("the page fetches %v at once; want the one shared file", b.imports[page])
	}
	if !slices.Equal(b.imports[page], b.imports[b.manifest["layout/layout.js"]]) {
		t.Error("page and layout do not share one file")
	}
	if strings.Contains(at(page), "[1,2,3]") {
		t.Error("what is imported later is in the page's own file")
	}
	raw, zipped, files := b.weight("page/map/map.js")
	if wantRaw := len(at(page)) + len(at(b.imports[page][0])); raw != wantRaw || files != 2 || zipped <= 0 {
		t.Errorf("weight = %d bytes (%d compressed) in %d files, want %d in 2", raw, zipped, files, wantRaw)
	}
}

func TestBundledStyleKeepsTheBudgetAndNamesNoForeignFile(t *testing.T) {
	b, err := project(t, smallSite).build(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	css := string(b.files[b.manifest["layout/layout.css"]])
	if strings.Contains(css, "/assets/") || strings.Contains(css, "GDS Transport") {
		t.Error("the layout's style names govuk-frontend's fonts or pictures")
	}
	fetched := regexp.MustCompile(`url\("?\./([^")]*)"?\)`).FindStringSubmatch(css)
	if fetched == nil || len(b.files[fetched[1]]) == 0 {
		t.Errorf("the layout's own picture is not built: %v", fetched)
	}
	if err := b.report(io.Discard); err != nil {
		t.Error(err)
	}
}

func TestReportFailsOverTheBudget(t *testing.T) {
	noise := make([]byte, 0, 64<<10)
	for i := range uint32(16 << 10) {
		i = (i + 1) * 2654435761
		noise = append(noise, byte(i>>24), byte(i>>16), byte(i>>8), byte(i))
	}
	b := &bundle{
		manifest: map[string]string{"layout/layout.css": "layout-1.css"},
		files:    map[string][]byte{"layout-1.css": noise},
	}
	if err := b.report(io.Discard); err == nil || !strings.Contains(err.Error(), "layout/layout.css") {
		t.Errorf("report says %v", err)
	}
}

func TestMistakesInSourcesFailTheBundle(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"missing import": {"static/layout/layout.ts": `import "./gone";`},
		"broken style":   {"static/layout/layout.css": `.a { color red }`},
		"foreign file":   {"static/layout/layout.css": `.a { background: url("./gone.png") }`},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := project(t, files).build(t.Context()); err == nil || !strings.Contains(err.Error(), "static/layout/layout.") {
				t.Errorf("the error does not name the source: %v", err)
			}
		})
	}
}

func TestWriteAddsTheBundleAndDropsWhatHasLongBeenOld(t *testing.T) {
	w := project(t, smallSite)
	dist := filepath.Join(w.root, "static", "dist")
	writeTree(t, dist, map[string]string{"just-replaced.js": "a", "long-replaced.js": "b"})
	for _, name := range []string{"long-replaced.js", ".gitkeep"} {
		if err := os.Chtimes(filepath.Join(dist, name), time.Time{}, time.Now().Add(-2*spare)); err != nil {
			t.Fatal(err)
		}
	}
	b, err := w.build(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []string{".gitkeep", "just-replaced.js", "manifest.json"}
	for name := range b.files {
		want = append(want, name)
		if shrinks(name) {
			want = append(want, name+".gz")
		}
	}
	slices.Sort(want)
	for range 2 { // the second time everything is there already
		if err := b.write(dist); err != nil {
			t.Fatal(err)
		}
		if have := list(t, dist); !slices.Equal(have, want) {
			t.Errorf("dist holds\n%v\nwant\n%v", have, want)
		}
	}
}

func list(t *testing.T, dir string) []string {
	t.Helper()
	found, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range found {
		names = append(names, f.Name())
	}
	return names
}

func TestFingerprintSeesSourcesOnly(t *testing.T) {
	root := t.TempDir()
	w := &workbench{root: root, out: &bytes.Buffer{}}
	writeTree(t, root, map[string]string{"static/page/a/a.ts": "1", "static/dist/a-X.css": "1", "static/page/a/a.html": "1"})
	first := w.fingerprint("static", isPageSource)
	writeTree(t, root, map[string]string{"static/dist/b-X.css": "22", "static/page/a/a.html": "22"})
	if w.fingerprint("static", isPageSource) != first {
		t.Error("a built file or a template counts as a source of the bundle")
	}
	writeTree(t, root, map[string]string{"static/page/a/a.ts": "22"})
	changed := w.fingerprint("static", isPageSource)
	if changed == first {
		t.Error("a changed script goes unseen")
	}
	if err := os.Remove(filepath.Join(root, "static/page/a/a.ts")); err != nil {
		t.Fatal(err)
	}
	if w.fingerprint("static", isPageSource) == changed {
		t.Error("a removed script goes unseen")
	}
}
