// Package static holds what pages are made of: templates, and the built scripts and styles. Their sentences lie in
// static/lang, a package of its own. It knows no HTTP library; web serves what it finds here.
//
// The sources of scripts and styles lie beside the templates they belong to; `go run ./cmd/dev bundle` builds them
// into dist/, under names that change with their content, and writes dist/manifest.json, which leads from the stable
// name ("page/map/map.js") to the built one ("map-K3JXQ2AB.js"). Without a bundle pages are whole, only plainer.
package static

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"sync"
)

//go:embed all:dist all:layout all:page all:part
var embedded embed.FS

// Prefix is the path below which web serves the built files: Prefix + name is what URL returns and name is what Open
// takes.
const Prefix = "/static/"

// FS holds the folders layout, page, part and dist: those in the binary or, while YOUSAID_STATIC names a folder
// (as it does under `make run`), that folder as it is at the moment of each read.
var FS, current = choose(os.Getenv("YOUSAID_STATIC"))

// choose returns the files to use and their manifest, read once from the binary and anew each time from a folder.
func choose(folder string) (fs.FS, func() Manifest) {
	if folder != "" {
		fsys := os.DirFS(folder)
		return fsys, func() Manifest { return mustReadManifest(fsys) }
	}
	return embedded, sync.OnceValue(func() Manifest { return mustReadManifest(embedded) })
}

// Manifest leads from the stable name of a built file to its name in dist.
type Manifest map[string]string

// ReadManifest reads dist/manifest.json. Where nothing has been built it is empty, which is no error.
func ReadManifest(fsys fs.FS) (Manifest, error) {
	text, err := fs.ReadFile(fsys, "dist/manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return Manifest{}, nil
	}
	if err != nil {
		return nil, err
	}
	var m Manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, fmt.Errorf("static: dist/manifest.json: %w", err)
	}
	return m, nil
}

// mustReadManifest panics over a manifest that is there and unreadable: then the build is broken, not the visit.
func mustReadManifest(fsys fs.FS) Manifest {
	m, err := ReadManifest(fsys)
	if err != nil {
		panic(err)
	}
	return m
}

// URL returns the path under which the browser gets the built file of this stable name, such as "layout/layout.css",
// "part/live-thread/live-thread.js" or "maplibre-gl-worker.mjs". It is empty where that file was not built; the page
// then leaves its element out.
func URL(logical string) string {
	return current().url(logical)
}

func (m Manifest) url(logical string) string {
	name, ok := m[logical]
	if !ok {
		return ""
	}
	return Prefix + name
}

// Built says whether there is a bundle. A server without one starts with a warning.
func Built() bool {
	return len(current()) > 0
}

// File is a built file, ready to be sent.
type File struct {
	Body []byte
	Gzip []byte // Body compressed when it was built, nil for kinds that do not shrink
	Type string // Content-Type
}

// CacheControl is right for every File: its name changes whenever its content does.
const CacheControl = "public, max-age=31536000, immutable"

// Open returns the built file of this name in dist. Whatever is not one (another folder's, the manifest, the
// compressed twin of a file) does not exist: fs.ErrNotExist.
func Open(name string) (File, error) {
	return open(FS, name)
}

func open(fsys fs.FS, name string) (File, error) {
	kind, ok := types[path.Ext(name)]
	if !ok || strings.Contains(name, "/") || name == "manifest.json" {
		return File{}, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	body, err := fs.ReadFile(fsys, "dist/"+name)
	if err != nil {
		return File{}, err
	}
	gzip, err := fs.ReadFile(fsys, "dist/"+name+".gz")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return File{}, err
	}
	return File{Body: body, Gzip: gzip, Type: kind}, nil
}

// types are the kinds of files a bundle holds. The operating system's own list is not asked: it differs between
// machines, and a wrong type stops a script under X-Content-Type-Options: nosniff.
var types = map[string]string{
	".css":         "text/css; charset=utf-8",
	".ico":         "image/vnd.microsoft.icon",
	".jpg":         "image/jpeg",
	".js":          "text/javascript; charset=utf-8",
	".mjs":         "text/javascript; charset=utf-8",
	".json":        "application/json",
	".map":         "application/json",
	".png":         "image/png",
	".svg":         "image/svg+xml",
	".txt":         "text/plain; charset=utf-8",
	".webmanifest": "application/manifest+json",
	".webp":        "image/webp",
}
