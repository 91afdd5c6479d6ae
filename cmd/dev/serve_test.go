package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// standIn is a server as far as watch can tell: it notes in a file how it was started and ends on SIGTERM.
const standIn = `package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	note("started VERSION", os.Args[1:], os.Getenv("YOUSAID_LISTEN"), os.Getenv("YOUSAID_STATIC"))
	<-stop
	note("stopped VERSION")
}

func note(words ...any) {
	f, err := os.OpenFile(os.Getenv("YOUSAID_DATA")+".notes", os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		panic(err)
	}
	fmt.Fprintln(f, words...)
}
`

func serverVersion(v string) map[string]string {
	return map[string]string{"cmd/yousaid/main.go": strings.ReplaceAll(standIn, "VERSION", v)}
}

func TestWatchBuildsAgainAndRestarts(t *testing.T) {
	w := project(t, smallSite)
	writeTree(t, w.root, map[string]string{"go.mod": "module example.org/m\n\ngo 1.26\n"})
	writeTree(t, w.root, serverVersion("one"))
	packages(t, w)
	t.Setenv("YOUSAID_LISTEN", "127.0.0.1:0")

	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- w.watchCommand(ctx, []string{"-flag"}) }()
	t.Cleanup(cancel)

	notes := filepath.Join(w.root, "data.notes")
	awaitText(t, notes, "started one [demo -flag] 127.0.0.1:0 "+filepath.Join(w.root, "static")+"\n")

	manifest := filepath.Join(w.root, "static", "dist", "manifest.json")
	awaitText(t, manifest, "page/map/map.js")
	writeTree(t, w.root, map[string]string{"static/part/card/card.ts": "broken("})
	writeTree(t, w.root, map[string]string{"static/part/card/card.ts": "export const card = 1;"})
	awaitText(t, manifest, "part/card/card.js")

	writeTree(t, w.root, serverVersion("two"))
	awaitText(t, notes, "stopped one\nstarted two ")

	cancel()
	if err := <-ended; err != nil {
		t.Errorf("watch ended with %v", err)
	}
	text, err := os.ReadFile(notes)
	if err != nil || !strings.HasSuffix(string(text), "stopped two\n") {
		t.Errorf("the server did not end with watch: %s, %v", text, err)
	}
}

// packages marks the packages, which project links to, as installed for this copy of the lock file.
func packages(t *testing.T, w *workbench) {
	t.Helper()
	real := checkout(t)
	for _, name := range []string{"package.json", ".npmrc"} {
		if err := os.Symlink(filepath.Join(real.root, name), filepath.Join(w.root, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := real.installPackages(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// awaitText waits until a file holds some words.
func awaitText(t *testing.T, file, words string) {
	t.Helper()
	deadline := time.Now().Add(2 * time.Minute)
	for {
		text, err := os.ReadFile(file)
		if err == nil && strings.Contains(string(text), words) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s holds %q, %v; waited for %q", file, text, err, words)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
