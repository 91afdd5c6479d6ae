package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
	"text/tabwriter"
)

// write brings the folder to exactly the bundle: new files first, then the manifest that names them, then old files
// go. A server that reads the folder meanwhile never finds a name without its file.
func (b *bundle) write(dist string) error {
	keep := map[string]bool{".gitkeep": true, "manifest.json": true}
	for name, content := range b.files {
		keep[name] = true
		if err := replace(filepath.Join(dist, name), content); err != nil {
			return err
		}
		if !shrinks(name) {
			continue
		}
		keep[name+".gz"] = true
		if err := replace(filepath.Join(dist, name+".gz"), compressed(content)); err != nil {
			return err
		}
	}
	manifest, err := json.MarshalIndent(b.manifest, "", "  ")
	if err != nil {
		return err
	}
	if err := replace(filepath.Join(dist, "manifest.json"), append(manifest, '\n')); err != nil {
		return err
	}
	return removeAllBut(dist, keep)
}

// replace writes a file in one step, and not at all when it is the same already.
func replace(name string, content []byte) error {
	if have, err := os.ReadFile(name); err == nil && bytes.Equal(have, content) {
		return nil
	}
	part := name + ".part"
	if err := os.WriteFile(part, content, 0o644); err != nil {
		return err
	}
	return os.Rename(part, name)
}

func removeAllBut(dir string, keep map[string]bool) error {
	have, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, f := range have {
		if keep[f.Name()] {
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
