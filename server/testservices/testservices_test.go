package testservices

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// ownerMark in the environment makes this test binary the owner that TestServerEndsWithAKilledOwner starts and kills.
const ownerMark = "YOUSAID_TEST_OWNER"

func TestMain(m *testing.M) {
	if os.Getenv(ownerMark) == "" {
		os.Exit(m.Run())
	}
	s, err := StartRedis(context.Background())
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(s.URL, s.Dir)
	select {}
}

// asked runs one query that returns one text.
func asked(t *testing.T, url, query string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	var answer string
	if err := conn.QueryRow(t.Context(), query).Scan(&answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

func TestPostgreSQLGivesEachTestItsOwnEmptyDatabase(t *testing.T) {
	var first string
	t.Run("first", func(t *testing.T) {
		first = PostgreSQL(t)
		if err := execute(t.Context(), first, "CREATE TABLE mark (n int)"); err != nil {
			t.Fatal(err)
		}
	})
	second := PostgreSQL(t)
	if n := asked(t, second, "SELECT count(*)::text FROM information_schema.tables WHERE table_schema = 'public'"); n != "0" {
		t.Errorf("a fresh database holds %s tables", n)
	}
	if _, err := pgx.Connect(t.Context(), first); err == nil || !strings.Contains(err.Error(), "3D000") {
		t.Errorf("the first test's database outlived it: connecting says %v", err)
	}
}

func TestPostgreSQLFoldsLettersAndOrdersByCodePoint(t *testing.T) {
	db := PostgreSQL(t)
	if got := asked(t, db, "SELECT lower('ÉCOLE')"); got != "école" {
		t.Errorf("lower('ÉCOLE') = %q", got)
	}
	if got := asked(t, db, "SELECT string_agg(w, '' ORDER BY w) FROM (VALUES ('a'), ('B'), ('é'), ('Z')) AS v(w)"); got != "BZaé" {
		t.Errorf("order is %q, SQLite's would be BZaé", got)
	}
}

func TestPostgreSQLAsksForItsPassword(t *testing.T) {
	u, err := url.Parse(PostgreSQL(t))
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(u.User.Username(), "wrong")
	if _, err := pgx.Connect(t.Context(), u.String()); err == nil || !strings.Contains(err.Error(), "28P01") {
		t.Errorf("connecting with a wrong password says %v", err)
	}
}

func TestDurablePostgreSQLKeepsWhatItCommittedWhenKilled(t *testing.T) {
	s, err := StartPostgreSQL(t.Context(), Durable)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if got := asked(t, s.URL, "SHOW fsync"); got != "on" {
		t.Errorf("fsync is %s", got)
	}
	if err := execute(t.Context(), s.URL, "CREATE TABLE kept AS SELECT 'still here' AS word"); err != nil {
		t.Fatal(err)
	}
	if err := s.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := asked(t, s.URL, "SELECT word FROM kept"); got != "still here" {
		t.Errorf("after the crash the row says %q", got)
	}
}

func TestRedisServersShareNothing(t *testing.T) {
	if a, b := Redis(t), Redis(t); a == b {
		t.Errorf("two tests got the same Redis, %s", a)
	}
}

func TestRedisServerStopsAndComesBackAtItsAddress(t *testing.T) {
	address, stop, start := RedisServer(t)
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	password, _ := u.User.Password()
	stop()
	if err := pingRedis(t.Context(), u.Host, password); err == nil {
		t.Error("a stopped Redis still answers")
	}
	stop() // stopping twice is stopping once
	start()
	if err := pingRedis(t.Context(), u.Host, password); err != nil {
		t.Errorf("a restarted Redis: %v", err)
	}
	if err := pingRedis(t.Context(), u.Host, "wrong"); err == nil {
		t.Error("Redis answers to a wrong password")
	}
}

func TestPausedServerWakesAndCanBeClosedWhilePaused(t *testing.T) {
	s, err := StartRedis(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Pause(); err != nil {
		t.Fatal(err)
	}
	if err := s.ready(t.Context()); err == nil {
		t.Error("a paused Redis answers")
	}
	if err := s.Resume(); err != nil {
		t.Fatal(err)
	}
	if err := s.await(t.Context()); err != nil {
		t.Errorf("a resumed Redis: %v", err)
	}
	if err := s.Pause(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestCloseLeavesNothingBehind(t *testing.T) {
	s, err := StartRedis(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.Dir); !os.IsNotExist(err) {
		t.Errorf("the folder is still there: %v", err)
	}
	if err := s.Kill(); err == nil {
		t.Error("killing a closed server reports no error")
	}
}

func TestServerThatCannotStartSaysWhy(t *testing.T) {
	account, err := unprivileged()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := temporaryDir("broken", account)
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{
		Dir: dir, name: "Broken", stop: "TERM", account: account,
		argv:  []string{"/bin/sh", "-c", "echo no such luck; exit 3"},
		ready: func(context.Context) error { return os.ErrNotExist },
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Start(t.Context()); err == nil || !strings.Contains(err.Error(), "no such luck") {
		t.Errorf("the error does not show the service's own words: %v", err)
	}
}

func TestServerEndsWithAKilledOwner(t *testing.T) {
	owner := exec.Command(os.Args[0])
	owner.Env = append(os.Environ(), ownerMark+"=1")
	out, err := owner.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := owner.Start(); err != nil {
		t.Fatal(err)
	}
	said := make([]byte, 400)
	n, err := out.Read(said)
	if err != nil {
		t.Fatal(err)
	}
	address, dir, found := strings.Cut(strings.TrimSpace(string(said[:n])), " ")
	if !found {
		t.Fatalf("the owner said %q", said[:n])
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	password, _ := u.User.Password()
	if err := pingRedis(t.Context(), u.Host, password); err != nil {
		t.Fatalf("before: %v", err)
	}
	if err := owner.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = owner.Wait() // reports the kill
	for deadline := time.Now().Add(startWithin); ; time.Sleep(20 * time.Millisecond) {
		_, err := os.Stat(dir)
		if os.IsNotExist(err) && pingRedis(t.Context(), u.Host, password) != nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("Redis or its folder %s outlived its owner", dir)
		}
	}
}
