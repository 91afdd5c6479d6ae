package static

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
)

func built() fstest.MapFS {
	return fstest.MapFS{
		"dist/manifest.json":  {Data: []byte(`{"page/map/map.js":"map-K3JX.js"}`)},
		"dist/map-K3JX.js":    {Data: []byte("export{};")},
		"dist/map-K3JX.js.gz": {Data: []byte("compressed")},
		"dist/seal-A1.png":    {Data: []byte("picture")},
		"page/map/map.html":   {Data: []byte("<p>")},
	}
}

func TestManifestLeadsFromTheStableNameToTheBuiltOne(t *testing.T) {
	m, err := ReadManifest(built())
	if err != nil {
		t.Fatal(err)
	}
	if got := m.url("page/map/map.js"); got != "/static/map-K3JX.js" {
		t.Errorf("URL = %q", got)
	}
	if got := m.url("page/map/map.css"); got != "" {
		t.Errorf("URL of a file that was not built = %q", got)
	}
}

func TestMissingManifestIsEmptyAndABrokenOneAnError(t *testing.T) {
	if m, err := ReadManifest(fstest.MapFS{}); err != nil || len(m) != 0 {
		t.Errorf("missing: %v, %v", m, err)
	}
	if _, err := ReadManifest(fstest.MapFS{"dist/manifest.json": {Data: []byte(`{"half`)}}); err == nil {
		t.Error("broken: no error")
	}
}

func TestOpenGivesBodyCompressedTwinAndType(t *testing.T) {
	f, err := open(built(), "map-K3JX.js")
	if err != nil {
		t.Fatal(err)
	}
	if string(f.Body) != "export{};" || string(f.Gzip) != "compressed" || f.Type != "text/javascript; charset=utf-8" {
		t.Errorf("got %q, %q, %q", f.Body, f.Gzip, f.Type)
	}
	f, err = open(built(), "seal-A1.png")
	if err != nil || f.Gzip != nil || f.Type != "image/png" {
		t.Errorf("picture: %q, %q, %v", f.Gzip, f.Type, err)
	}
}

func TestOpenServesOnlyBuiltFiles(t *testing.T) {
	for _, name := range []string{
		"manifest.json", "map-K3JX.js.gz", "../page/map/map.html", "x/../map-K3JX.js", "/etc/passwd", ".gitkeep", "", "gone.js", `..\page\map\map.html`,
	} {
		if _, err := open(built(), name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("open(%q) says %v", name, err)
		}
	}
}

func TestFolderIsReadAnewEachTime(t *testing.T) {
	dir := t.TempDir()
	fsys, manifest := choose(dir)
	if got := manifest().url("layout/layout.css"); got != "" {
		t.Errorf("before the build: %q", got)
	}
	if err := os.Mkdir(filepath.Join(dir, "dist"), 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, "dist", name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("layout-1.css", "a{}")
	write("manifest.json", `{"layout/layout.css":"layout-1.css"}`)
	if got := manifest().url("layout/layout.css"); got != "/static/layout-1.css" {
		t.Errorf("after the build: %q", got)
	}
	if f, err := open(fsys, "layout-1.css"); err != nil || string(f.Body) != "a{}" {
		t.Errorf("open: %q, %v", f.Body, err)
	}
}

func TestBinaryHoldsItsFolders(t *testing.T) {
	for _, dir := range []string{"dist", "layout", "page", "part"} {
		if _, err := fs.ReadDir(embedded, dir); err != nil {
			t.Error(err)
		}
	}
}
