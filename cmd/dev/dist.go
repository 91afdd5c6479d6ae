package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
	"text/tabwriter"
	"time"
)

// spare is how long a file outlives the last bundle it was in: a `go build` that runs beside us has listed it already.
const spare = time.Hour

// write puts the bundle into the folder: files first, then the manifest that names them, then old files go. A server
// that reads the folder meanwhile never finds a name without its file.
func (b *bundle) write(dist string) error {
	keep := map[string]bool{".gitkeep": true}
	put := func(name string, content []byte) error {
		keep[name] = true
		return replace(filepath.Join(dist, name), content)
	}
	for name, content := range b.files {
		if err := put(name, content); err != nil {
			return err
		}
		if !shrinks(name) {
			continue
		}
		if err := put(name+".gz", compressed(content)); err != nil {
			return err
		}
	}
	manifest, err := json.MarshalIndent(b.manifest, "", "  ")
	if err != nil {
		return err
	}
	if err := put("manifest.json", append(manifest, '\n')); err != nil {
		return err
	}
	return removeOld(dist, keep, time.Now().Add(-spare))
}

// replace writes a file in one step. One that is the same already only gets the time of this bundle.
func replace(name string, content []byte) error {
	if have, err := os.ReadFile(name); err == nil && bytes.Equal(have, content) {
		return os.Chtimes(name, time.Time{}, time.Now())
	}
	// Not beside it: a `go build` that runs now would list the half file and miss it a moment later.
	part, err := os.CreateTemp(filepath.Dir(filepath.Dir(name)), ".part-")
	if err != nil {
		return err
	}
	_, err = part.Write(content)
	err = errors.Join(err, part.Chmod(0o644), part.Close())
	if err == nil {
		err = os.Rename(part.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(part.Name()))
	}
	return nil
}

// removeOld removes what was last written before a time, and is not to be kept.
func removeOld(dir string, keep map[string]bool, before time.Time) error {
	have, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, f := range have {
		info, err := f.Info()
		if err != nil {
			return err
		}
		if keep[f.Name()] || !info.ModTime().Before(before) {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dir, f.Name())); err != nil {
			return err
		}
	}
	return nil
}

// shrinks says whether compressing is worth it: for text, not for pictures that are compressed already.
func shrinks(name string) bool {
	switch path.Ext(name) {
	case ".css", ".js", ".svg":
		return true
	}
	return false
}

// compressed always gives the same bytes for the same content: no time, no name.
func compressed(content []byte) []byte {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		panic(err) // the level is a constant
	}
	if _, err := z.Write(content); err != nil {
		panic(err) // a bytes.Buffer takes everything
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// budgets are the largest gzip sizes, in bytes, of what every page loads (design, section 6). What single pages and
// parts add is weighed where they come together: in the browser journeys.
var budgets = map[string]int{"layout/layout.css": 20 << 10, "layout/layout.js": 15 << 10}

// report prints what each entry makes the browser fetch at once, and fails when the layout is over its budget.
func (b *bundle) report(out io.Writer) error {
	names := make([]string, 0, len(b.manifest))
	for name := range b.manifest {
		names = append(names, name)
	}
	sort.Strings(names)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	var over []string
	fmt.Fprintln(table, "bytes\tgzip\tfiles\t  built")
	for _, name := range names {
		raw, zipped, files := b.weight(name)
		fmt.Fprintf(table, "%d\t%d\t%d\t  %s\n", raw, zipped, files, name)
		if limit, ok := budgets[name]; ok && zipped > limit {
			over = append(over, fmt.Sprintf("%s weighs %d bytes compressed, %d are allowed", name, zipped, limit))
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if len(over) > 0 {
		return fmt.Errorf("over budget: %s", strings.Join(over, "; "))
	}
	return nil
}

// weight sums up the file of a stable name and everything it imports at once, each once.
func (b *bundle) weight(logical string) (raw, zipped, files int) {
	todo := []string{b.manifest[logical]}
	seen := map[string]bool{}
	for len(todo) > 0 {
		name := todo[0]
		todo = todo[1:]
		if seen[name] {
			continue
		}
		seen[name] = true
		raw += len(b.files[name])
		if shrinks(name) {
			zipped += len(compressed(b.files[name]))
		} else {
			zipped += len(b.files[name])
		}
		todo = append(todo, b.imports[name]...)
	}
	return raw, zipped, len(seen)
}
