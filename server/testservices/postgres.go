package testservices

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sort"
	"strconv"
	"syscall"

	"github.com/jackc/pgx/v5"
)

// Durability says what a PostgreSQL server promises about power cuts.
type Durability bool

const (
	// Fast gives up every promise about crashes (fsync=off): right for everything but crash tests.
	Fast Durability = false
	// Durable keeps PostgreSQL's own defaults: an acknowledged commit survives a crash.
	Durable Durability = true
)

// PostgreSQLBin returns the folder of initdb and postgres: the newest under Debian's /usr/lib/postgresql (where they
// are not on the PATH), else the one on the PATH.
func PostgreSQLBin() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres") // the pattern is well-formed
	sort.Slice(found, func(i, j int) bool { return debianVersion(found[i]) > debianVersion(found[j]) })
	if path, err := exec.LookPath("postgres"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			path = real
		}
		found = append(found, path)
	}
	for _, path := range found {
		dir := filepath.Dir(path)
		if _, err := os.Stat(filepath.Join(dir, "initdb")); err == nil {
			return dir, nil
		}
	}
	return "", errors.New("PostgreSQL's server programs (postgres, initdb) are not installed")
}

// debianVersion reads 15 out of /usr/lib/postgresql/15/bin/postgres.
func debianVersion(path string) float64 {
	v, err := strconv.ParseFloat(filepath.Base(filepath.Dir(filepath.Dir(path))), 64)
	if err != nil {
		return 0
	}
	return v
}

// StartPostgreSQL makes an empty cluster in a temporary folder and starts it. It runs as an unprivileged account when
// we are root. It ends with the process that started it, or earlier with Close.
func StartPostgreSQL(ctx context.Context, d Durability) (*Server, error) {
	bin, err := PostgreSQLBin()
	if err != nil {
		return nil, err
	}
	account, err := unprivileged()
	if err != nil {
		return nil, err
	}
	return startOnFreePort(ctx, func(port int) (*Server, error) {
		dir, err := temporaryDir("pg", account)
		if err != nil {
			return nil, err
		}
		password := randomWord()
		if err := initCluster(ctx, bin, dir, password, account); err != nil {
			return nil, errors.Join(err, os.RemoveAll(dir))
		}
		s := &Server{
			URL:     fmt.Sprintf("postgres://yousaid:%s@127.0.0.1:%d/postgres?sslmode=disable", password, port),
			Dir:     dir,
			name:    "PostgreSQL",
			argv:    postgresArguments(bin, dir, port, d),
			stop:    "INT", // PostgreSQL's "fast" shutdown: does not wait for its clients
			crash:   syscall.SIGQUIT,
			account: account,
		}
		s.ready = func(ctx context.Context) error { return pingPostgreSQL(ctx, s.URL) }
		return s, nil
	})
}

func initCluster(ctx context.Context, bin, dir, password string, account *syscall.Credential) error {
	secret := filepath.Join(dir, "password")
	if err := writeOwned(secret, password+"\n", account); err != nil {
		return err
	}
	locale := "C.UTF-8" // the same order as SQLite's, and yet lower() knows É
	if runtime.GOOS == "darwin" {
		locale = "en_US.UTF-8"
	}
	initdb := exec.CommandContext(ctx, filepath.Join(bin, "initdb"),
		"--pgdata", filepath.Join(dir, "data"), "--username", "yousaid", "--pwfile", secret,
		"--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", locale, "--no-sync")
	initdb.Dir = dir
	initdb.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: account}
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return os.Remove(secret)
}

func postgresArguments(bin, dir string, port int, d Durability) []string {
	settings := []string{
		"listen_addresses=127.0.0.1",
		"unix_socket_directories=" + dir,
		"max_connections=200",
		"shared_buffers=64MB",
		"dynamic_shared_memory_type=mmap", // containers often have a tiny /dev/shm
		"timezone=UTC",
	}
	if d == Fast {
		settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off")
	}
	argv := []string{filepath.Join(bin, "postgres"), "-D", filepath.Join(dir, "data"), "-p", strconv.Itoa(port)}
	for _, s := range settings {
		argv = append(argv, "-c", s)
	}
	return argv
}

func pingPostgreSQL(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	return errors.Join(conn.Ping(ctx), conn.Close(ctx))
}

// createDatabase makes an empty database on the server and returns its URL.
func createDatabase(ctx context.Context, server, name string) (string, error) {
	if err := execute(ctx, server, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize()); err != nil {
		return "", err
	}
	u, err := url.Parse(server)
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), nil
}

// dropDatabase removes a database and throws out whoever is still connected.
func dropDatabase(ctx context.Context, server, name string) error {
	return execute(ctx, server, "DROP DATABASE IF EXISTS "+pgx.Identifier{name}.Sanitize()+" WITH (FORCE)")
}

func execute(ctx context.Context, server, statement string) error {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(ctx))
}
