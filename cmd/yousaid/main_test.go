package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite"
)

// patience is how long a test waits for what must happen. It is no measure of speed.
const patience = 60 * time.Second

// machine is an operator's machine: a folder and an environment.
type machine struct {
	t   *testing.T
	env map[string]string
}

func newMachine(t *testing.T) *machine {
	t.Helper()
	return &machine{t: t, env: map[string]string{"YOUSAID_DATA": t.TempDir(), "YOUSAID_BASE_URL": "http://consult.example.org", "YOUSAID_BASEMAP": "none"}}
}

func (m *machine) getenv(name string) string { return m.env[name] }

// run runs the program to its end and gives what it printed.
func (m *machine) run(args ...string) (string, error) {
	m.t.Helper()
	var out bytes.Buffer
	err := run(m.t.Context(), args, m.getenv, &out)
	return out.String(), err
}

// must is run for what must succeed.
func (m *machine) must(args ...string) string {
	m.t.Helper()
	out, err := m.run(args...)
	if err != nil {
		m.t.Fatalf("yousaid %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

func TestHelpNamesEveryCommandAndSetting(t *testing.T) {
	m := newMachine(t)
	for _, args := range [][]string{nil, {"help"}, {"--help"}, {"-h"}} {
		out := m.must(args...)
		for _, c := range commands() {
			if !strings.Contains(out, "\n  "+c.name+" ") {
				t.Errorf("yousaid %v does not name %s", args, c.name)
			}
		}
	}
	for _, c := range commands() {
		out := m.must(c.name, "--help")
		for _, setting := range []string{"YOUSAID_LISTEN", "YOUSAID_DATABASE_URL", "--base-url"} {
			if !strings.Contains(out, setting) {
				t.Errorf("yousaid %s --help does not explain %s", c.name, setting)
			}
		}
	}
	if out := m.must("officer", "--help"); !strings.Contains(out, "--email") {
		t.Errorf("yousaid officer --help does not explain its own flags: %s", out)
	}
}

func TestWhatCannotBeUnderstoodIsRefused(t *testing.T) {
	m := newMachine(t)
	for want, args := range map[string][]string{
		`no command "sreve"`:           {"sreve"},
		"not defined":                  {"serve", "--no-such-flag"},
		"import FILE":                  {"import"},
		"export FILE":                  {"export"},
		"audit verify":                 {"audit"},
		"is not http(s)://host[:port]": {"migrate", "--base-url", "consult.example.org"},
		"must begin with postgres://":  {"migrate", "--database-url", "mysql://x"},
		"need database-url":            {"migrate", "--redis-url", "redis://127.0.0.1:1"},
		"believe everybody":            {"migrate", "--trusted-proxies", "0.0.0.0/0"},
		"neither an address":           {"migrate", "--trusted-proxies", "proxy.example"},
		"role=choice":                  {"token", "--role", "emperor"},
		"role=load_forbidden":          {"token", "--role", "load"},
		"email=":                       {"officer", "--email", "nobody", "--name", "Test officer"},
	} {
		out, err := m.run(args...)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("yousaid %s: %v, want %q; it printed %s", strings.Join(args, " "), err, want, out)
		}
	}
}

// live is a program that serves while a test looks at it.
type live struct {
	mu  sync.Mutex
	out bytes.Buffer
}

func (l *live) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.Write(p)
}

func (l *live) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.String()
}

// serving runs a command that serves until it says so, then stops it; it gives what was printed.
func (m *machine) serving(args ...string) string {
	m.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		m.t.Fatal(err)
	}
	m.env["YOUSAID_LISTEN"] = listener.Addr().String()
	listener.Close()
	ctx, stop := context.WithCancel(m.t.Context())
	defer stop()
	out, done := &live{}, make(chan error, 1)
	go func() { done <- run(ctx, args, m.getenv, out) }()
	for end := time.Now().Add(patience); !strings.Contains(out.String(), "serving: "); time.Sleep(10 * time.Millisecond) {
		select {
		case err := <-done:
			m.t.Fatalf("yousaid %v ended: %v\n%s", args, err, out)
		default:
		}
		if time.Now().After(end) {
			m.t.Fatalf("yousaid %v never served\n%s", args, out)
		}
	}
	stop()
	if err := <-done; err != nil {
		m.t.Errorf("yousaid %v: %v", args, err)
	}
	return out.String()
}

// TestS32AnEmptyStoreGetsASetUpLinkAndNoAccount serves an empty store, then one with somebody in it.
func TestS32AnEmptyStoreGetsASetUpLinkAndNoAccount(t *testing.T) {
	m := newMachine(t)
	link := regexp.MustCompile(`(?m)^set-up: http://consult\.example\.org/set-up/[0-9a-z]{26}$`)
	if out := m.serving("serve"); !link.MatchString(out) {
		t.Errorf("an empty store: %s", out)
	}
	if out := m.must("officer", "--role", "admin", "--email", "admin@example.org", "--name", "Test admin"); !regexp.MustCompile(
		`^admin: http://consult\.example\.org/sign-in/[0-9a-z]{26}\n$`).MatchString(out) {
		t.Errorf("officer printed %q", out)
	}
	if out := m.serving("serve"); strings.Contains(out, "set-up:") {
		t.Errorf("a store with an administrator: %s", out)
	}
}

func TestTokensArePrintedOnceAndKeptAsHashes(t *testing.T) {
	m := newMachine(t)
	m.env["YOUSAID_ALLOW_LOAD"] = "1"
	for _, role := range []string{"analyst", "load"} {
		secret := strings.TrimSpace(m.must("token", "--role", role))
		if !regexp.MustCompile(`^yousaid_[0-9a-z]{26}$`).MatchString(secret) {
			t.Errorf("a token of role %s: %q", role, secret)
		}
		files, err := filepath.Glob(filepath.Join(m.env["YOUSAID_DATA"], "*"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no files of the store: %v", err)
		}
		for _, name := range files {
			raw, err := os.ReadFile(name)
			if err == nil && bytes.Contains(raw, []byte(secret)) {
				t.Errorf("%s holds the token itself", filepath.Base(name))
			}
		}
	}
}

func TestS23AuditVerifyFindsAChangedRow(t *testing.T) {
	m := newMachine(t)
	m.must("officer", "--email", "officer@example.org", "--name", "Test officer")
	key := strings.TrimSpace(m.must("audit", "key"))
	whole := regexp.MustCompile(`^[1-9]\d* rows, chain unbroken\n[1-9]\d* rows \(1 to \d+\) signed by ` + regexp.QuoteMeta(key) + `\n$`)
	if out := m.must("audit", "verify", "--trust", key); !whole.MatchString(out) {
		t.Errorf("a whole chain: %q", out)
	}
	log := filepath.Join(t.TempDir(), "log.jsonl")
	m.must("audit", "export", log)
	if out := m.must("audit", "verify", "--file", log, "--trust", key); !whole.MatchString(out) {
		t.Errorf("a whole chain in a file: %q", out)
	}
	exported, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"cut off":       exported[:bytes.LastIndexByte(bytes.TrimSpace(exported), '\n')+1],
		"another actor": bytes.Replace(exported, []byte(`"action":"officer`), []byte(`"action":"Officer`), 1),
		"no log":        []byte("{}\n"),
	} {
		if err := os.WriteFile(log, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := m.run("audit", "verify", "--file", log); err == nil {
			t.Errorf("%s: verified: %q", name, out)
		}
	}
	if out, err := m.run("audit", "verify", "--trust", "somebody-else"); err == nil {
		t.Errorf("signed by somebody else, and verified: %q", out)
	}
	files, err := filepath.Glob(filepath.Join(m.env["YOUSAID_DATA"], "*.db"))
	if err != nil || len(files) != 1 {
		t.Fatalf("the store's file: %v %v", files, err)
	}
	db, err := sql.Open("sqlite", files[0])
	if err != nil {
		t.Fatal(err)
	}
	// Whoever has the file can take the guard away, too; that is what the chain is for.
	var guards []string
	rows, err := db.QueryContext(t.Context(), `SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		guards = append(guards, name)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		t.Fatal(err)
	}
	for _, name := range guards {
		if _, err := db.ExecContext(t.Context(), `DROP TRIGGER "`+name+`"`); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.ExecContext(t.Context(), `UPDATE audit SET detail = 'nothing happened' WHERE seq = 1`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if out, err := m.run("audit", "verify"); err == nil || !strings.Contains(err.Error(), "row 1 ") {
		t.Errorf("a changed row: %v %q", err, out)
	}
}

// table is a file of n applications as councils publish them.
func table(t *testing.T, n int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("Reference,Name,Description,Application_Types,Site,Received Date,Planning-Authority\n")
	for i := range n {
		fmt.Fprintf(&b, "XP/%d,Sample homes %d,Erection of %d homes,full,XP_%d-site,2025-12-01,local-authority:XMP\n", i, i, i+1, i)
	}
	name := filepath.Join(t.TempDir(), "applications.csv")
	if err := os.WriteFile(name, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// kept lists what the store holds of every application, in the order of their references.
func (m *machine) kept() []string {
	m.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(m.env["YOUSAID_DATA"], "yousaid.db")+"?mode=ro&_pragma=busy_timeout(10000)")
	if err != nil {
		m.t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(m.t.Context(), `SELECT c.reference || ' ' || c.title || ' ' || c.state || ' ' || c.source_hash || ' ' ||
		(SELECT COUNT(*) FROM proposal_version v WHERE v.consultation = c.id) FROM consultation c ORDER BY c.reference`)
	if err != nil {
		return nil // the store is being made
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			m.t.Fatal(err)
		}
		all = append(all, line)
	}
	if err := rows.Err(); err != nil {
		m.t.Fatal(err)
	}
	return all
}

func TestG12ImportingTwiceIsOnce(t *testing.T) {
	m := newMachine(t)
	file := table(t, 40)
	if out := m.must("import", file); !strings.Contains(out, "1 file: 40 created, 0 updated, 0 unchanged, 0 not taken") {
		t.Errorf("the first time:\n%s", out)
	}
	first := m.kept()
	if out := m.must("import", file); !strings.Contains(out, "1 file: 0 created, 0 updated, 40 unchanged, 0 not taken") {
		t.Errorf("the second time:\n%s", out)
	}
	if second := m.kept(); len(first) != 40 || !slices.Equal(first, second) {
		t.Errorf("%d applications, then %d, or others", len(first), len(second))
	}
	broken := filepath.Join(t.TempDir(), "broken.csv")
	if err := os.WriteFile(broken, []byte("Reference,Description\n\"XP/99,never closed\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := m.run("import", broken); err == nil {
		t.Errorf("a broken file was taken without complaint:\n%s", out)
	}
}

// TestMain is also the child that TestG12AKilledImportIsFinishedByTheNext kills.
func TestMain(m *testing.M) {
	if file := os.Getenv("YOUSAID_CLI_IMPORT"); file != "" {
		if err := run(context.Background(), []string{"import", file}, os.Getenv, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// TestG12AKilledImportIsFinishedByTheNext kills an import in the middle. What was saved is whole, and importing again gives what an
// import that nobody disturbed would have given.
func TestG12AKilledImportIsFinishedByTheNext(t *testing.T) {
	const n = 500
	file := table(t, n)
	whole, broken := newMachine(t), newMachine(t)
	whole.must("import", file)
	broken.must("migrate")
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), "YOUSAID_CLI_IMPORT="+file, "YOUSAID_DATA="+broken.env["YOUSAID_DATA"])
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(patience); len(broken.kept()) == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the import never began")
		}
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := child.Wait(); err == nil {
		t.Fatal("the import ended before it was killed: nothing was shown")
	}
	want, half := whole.kept(), broken.kept()
	if len(want) != n || len(half) == 0 || len(half) >= n {
		t.Fatalf("%d of %d applications when it was killed", len(half), len(want))
	}
	for _, line := range half {
		if !slices.Contains(want, line) {
			t.Errorf("half an application: %s", line)
		}
	}
	out := broken.must("import", file)
	if sum := fmt.Sprintf("1 file: %d created, 0 updated, %d unchanged, 0 not taken", n-len(half), len(half)); !strings.Contains(out, sum) {
		t.Errorf("importing again, want %q:\n%s", sum, out)
	}
	if !slices.Equal(broken.kept(), want) {
		t.Error("importing again gave something else than an import that nobody disturbed")
	}
}

func TestG10G11ArchivesAndAddressesAreNotTakenIn(t *testing.T) {
	m := newMachine(t)
	archive := filepath.Join(t.TempDir(), "cases.zip")
	if err := os.WriteFile(archive, []byte("PK\x03\x04\x14\x00\x00\x00\x08\x00"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, source := range []string{archive, "http://127.0.0.1:1/cases.csv", "http://[::ffff:169.254.169.254]/", "file:///etc/passwd"} {
		out, err := m.run("import", source)
		if err == nil || !strings.Contains(out, "nothing taken") || strings.Contains(out, "root:") {
			t.Errorf("%s: %v\n%s", source, err, out)
		}
	}
	if kept := m.kept(); len(kept) != 0 {
		t.Errorf("taken in: %v", kept)
	}
}
