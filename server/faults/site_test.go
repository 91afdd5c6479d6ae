package faults

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "github.com/yousaid/yousaid/server" // so that a kept test result is not believed after the program changed
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/identity"
	"github.com/yousaid/yousaid/server/servertest"
	"github.com/yousaid/yousaid/server/store"
	"github.com/yousaid/yousaid/server/testservices"
)

// patience is how long a test waits for what must happen. It is no measure of speed.
const patience = 90 * time.Second

// program is the yousaid under test: YOUSAID_TEST_BINARY, else built once for this run.
var program string

func TestMain(m *testing.M) {
	code, err := withProgram(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func withProgram(m *testing.M) (int, error) {
	if program = os.Getenv("YOUSAID_TEST_BINARY"); program != "" {
		return m.Run(), nil
	}
	folder, err := os.MkdirTemp("", "yousaid-faults-")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(folder)
	if err := look("../../cmd/yousaid/*.go"); err != nil {
		return 1, err
	}
	program = filepath.Join(folder, "yousaid")
	if out, err := exec.Command("go", "build", "-o", program, "../../cmd/yousaid").CombinedOutput(); err != nil {
		return 1, fmt.Errorf("build yousaid: %w\n%s", err, out)
	}
	return m.Run(), nil
}

// look opens files, so that the go command knows that a test result depends on them.
func look(pattern string) error {
	names, err := filepath.Glob(pattern)
	if err != nil {
		return err
	}
	for _, name := range names {
		if _, err := os.ReadFile(name); err != nil {
			return err
		}
	}
	return nil
}

// site is one database with any number of programs on it.
type site struct {
	t        testing.TB
	database store.Config
	redis    *testservices.Server // nil = none
	token    string               // lifts the rate limits
	subject  consult.ID           // the consultation
	thread   consult.ID

	nodes []*node
}

// onPostgreSQL makes a site of n nodes with a Redis between them.
func onPostgreSQL(t testing.TB, n int) *site {
	t.Helper()
	redis, err := testservices.StartRedis(t.Context())
	if err != nil {
		t.Fatalf("%v\nRun `make test`: it installs or names what is missing.", err)
	}
	t.Cleanup(func() {
		if err := redis.Close(); err != nil {
			t.Errorf("close Redis: %v", err)
		}
	})
	return newSite(t, store.Config{DatabaseURL: testservices.PostgreSQL(t)}, redis, n)
}

// onSQLite makes a site of the one node that SQLite is for.
func onSQLite(t testing.TB) *site {
	t.Helper()
	return newSite(t, store.Config{Folder: t.TempDir()}, nil, 1)
}

func newSite(t testing.TB, database store.Config, redis *testservices.Server, n int) *site {
	t.Helper()
	s := &site{t: t, database: database, redis: redis}
	s.open(s.seed)
	for range n {
		s.nodes = append(s.nodes, s.node())
	}
	return s
}

// open looks into the database from outside, as an operator would.
func (s *site) open(what func(*store.Store)) {
	s.t.Helper()
	kept, err := store.Open(context.Background(), s.database)
	if err != nil {
		s.t.Fatal(err)
	}
	what(kept)
	if err := kept.Close(); err != nil {
		s.t.Error(err)
	}
}

// seed makes what residents write about: a consultation that takes comments, and a thread.
func (s *site) seed(kept *store.Store) {
	ctx := s.t.Context()
	service, err := consult.New(ctx, kept, time.Now, consult.England())
	if err != nil {
		s.t.Fatal(err)
	}
	saved, err := service.Take(ctx, consult.System(), servertest.Case(service, 1, consult.Consulting))
	if err != nil {
		s.t.Fatal(err)
	}
	s.subject = saved.ID
	posted, err := service.StartThread(ctx, consult.Actor{Kind: consult.Visitor}, consult.ThreadInput{Consultation: saved.ID,
		Title: "The bend", First: consult.MessageInput{Body: "Is the bend part of it?", Key: consult.NewKey()}})
	if err != nil {
		s.t.Fatal(err)
	}
	s.thread = posted.Thread.ID
	limits := identity.DefaultLimits()
	limits.AllowLoad = true
	s.token, _, err = identity.New(kept, time.Now, limits).IssueToken(ctx, consult.System(), consult.RoleLoad, "faults", time.Hour)
	if err != nil {
		s.t.Fatal(err)
	}
}

// node is one running program.
type node struct {
	site *site
	url  string
	env  []string
	log  string // file of what it printed

	cmd   *exec.Cmd
	ended chan struct{} // closed when the process is gone
	err   error         // how it ended
}

// node starts another program of the site on a port of its own and waits until it is ready.
func (s *site) node() *node {
	s.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	folder := s.t.TempDir()
	n := &node{site: s, url: "http://" + address, log: filepath.Join(folder, "log")}
	data := s.database.Folder
	if data == "" {
		data = folder
	}
	n.env = append(os.Environ(), "YOUSAID_LISTEN="+address, "YOUSAID_BASE_URL="+n.url, "YOUSAID_DATA="+data,
		"YOUSAID_DATABASE_URL="+s.database.DatabaseURL, "YOUSAID_BASEMAP=none", "YOUSAID_ALLOW_LOAD=1", "YOUSAID_MAIL_URL=file:"+folder)
	if s.redis != nil {
		n.env = append(n.env, "YOUSAID_REDIS_URL="+s.redis.URL)
	}
	s.t.Cleanup(n.end)
	n.start()
	return n
}

// start starts the program, the first time or after it was killed, and waits until it is ready.
func (n *node) start() {
	n.site.t.Helper()
	log, err := os.OpenFile(n.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		n.site.t.Fatal(err)
	}
	defer log.Close()
	cmd := exec.Command(program, "serve")
	cmd.Env, cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = n.env, log, log, leash()
	if err := cmd.Start(); err != nil {
		n.site.t.Fatal(err)
	}
	ended := make(chan struct{})
	n.cmd, n.ended = cmd, ended
	go func() { n.err = cmd.Wait(); close(ended) }()
	n.await()
}

// await waits until the program says that it is ready, which it must reach without an operator.
func (n *node) await() {
	n.site.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		select {
		case <-n.ended:
			n.site.t.Fatalf("the program ended while starting: %v\n%s", n.err, n.tail())
		default:
		}
		if status, _ := n.ready(); status == http.StatusOK {
			return
		}
	}
	n.site.t.Fatalf("the program was never ready\n%s", n.tail())
}

// ready asks the program whether it can work; 0 = it does not answer.
func (n *node) ready() (status int, body string) {
	client := http.Client{Timeout: 5 * time.Second}
	resp, err := client.Get(n.url + "/readyz")
	if err != nil {
		return 0, ""
	}
	defer resp.Body.Close()
	return resp.StatusCode, text(resp.Body)
}

// kill ends the program as a power cut would.
func (n *node) kill() {
	n.site.t.Helper()
	if err := n.cmd.Process.Kill(); err != nil {
		n.site.t.Fatalf("kill: %v\n%s", err, n.tail())
	}
	<-n.ended
}

// terminate asks the program to stop and gives what it ended with.
func (n *node) terminate() error {
	n.site.t.Helper()
	if err := n.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		n.site.t.Fatal(err)
	}
	select {
	case <-n.ended:
	case <-time.After(patience):
		n.site.t.Fatalf("the program did not stop\n%s", n.tail())
	}
	return n.err
}

// end is the cleanup.
func (n *node) end() {
	if n.cmd == nil {
		return
	}
	select {
	case <-n.ended:
	default:
		_ = n.cmd.Process.Kill() // it may be ending by itself
		<-n.ended
	}
	if n.site.t.Failed() {
		n.site.t.Logf("%s printed:\n%s", n.url, n.tail())
	}
}

func (n *node) printed() string {
	raw, err := os.ReadFile(n.log)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

// tail is the end of what the program printed.
func (n *node) tail() string {
	lines := strings.Split(strings.TrimSpace(n.printed()), "\n")
	return strings.Join(lines[max(0, len(lines)-15):], "\n")
}
