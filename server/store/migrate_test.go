package store_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite"

	"github.com/yousaid/yousaid/migrations"
	"github.com/yousaid/yousaid/server/store"
	"github.com/yousaid/yousaid/server/testservices"
)

// empties are fresh databases of both engines.
func empties(t *testing.T) map[string]store.Config {
	return map[string]store.Config{
		"SQLite":     {Folder: t.TempDir()},
		"PostgreSQL": {DatabaseURL: testservices.PostgreSQL(t)},
	}
}

func TestF18NodesThatStartTogetherMigrateOnce(t *testing.T) {
	for name, c := range empties(t) {
		t.Run(name, func(t *testing.T) {
			var wg sync.WaitGroup
			errs := make([]error, 4)
			for i := range errs {
				wg.Go(func() {
					s, err := store.Open(t.Context(), c)
					if err == nil {
						err = errors.Join(s.Ping(t.Context()), s.Close())
					}
					errs[i] = err
				})
			}
			wg.Wait()
			if err := errors.Join(errs...); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestF18AnOldProgramRefusesANewerSchema(t *testing.T) {
	for name, c := range empties(t) {
		t.Run(name, func(t *testing.T) {
			s := opened(t, c)
			if _, err := s.Writer().ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, TRUE)`); err != nil {
				t.Fatal(err)
			}
			_, err := store.Open(t.Context(), c)
			if err == nil || !strings.Contains(err.Error(), "made by a newer version") || !strings.Contains(err.Error(), "schema 999") {
				t.Errorf("got %v, want a refusal that names both versions", err)
			} else if strings.Contains(err.Error(), "\n") {
				t.Errorf("the refusal is not one line: %q", err)
			}
		})
	}
}

func TestAnUnknownDatabaseURLIsRefused(t *testing.T) {
	for _, url := range []string{"mysql://localhost/x", "postgres//x", "yousaid.db"} {
		if s, err := store.Open(t.Context(), store.Config{DatabaseURL: url}); err == nil {
			t.Errorf("%s: opened %v", url, s)
		}
	}
}

func TestTheDatabaseIsNobodyElsesToRead(t *testing.T) {
	folder := t.TempDir() + "/new/data"
	opened(t, store.Config{Folder: folder})
	for path, want := range map[string]os.FileMode{folder: 0o700, folder + "/" + store.SQLiteFile: 0o600, folder + "/" + store.SQLiteFile + "-wal": 0o600} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s: mode %v, want %v", path, got, want)
		}
	}
}

// TestF18KilledMigrationsAreDoneAgain kills a migrating process with SIGKILL before its first statement, the next before its
// second, and so on, each going on where the last one left the database, and looks that every version is there as a whole or not at all.
func TestF18KilledMigrationsAreDoneAgain(t *testing.T) {
	for name, c := range empties(t) {
		t.Run(name, func(t *testing.T) {
			killed := 0
			for n := 1; ; n++ {
				err := child(t, "migrate", c, "YOUSAID_STORE_KILL="+strconv.Itoa(n)).Run()
				if err == nil {
					break
				}
				killed++
				wholeVersions(t, c)
			}
			if killed < 16 {
				t.Errorf("only %d kills on the way", killed)
			}
			s := opened(t, c)
			if err := s.Ping(t.Context()); err != nil {
				t.Fatal(err)
			}
			fresh := opened(t, store.Config{Folder: t.TempDir()})
			if got, want := columns(t, s), columns(t, fresh); !slices.Equal(got, want) {
				t.Errorf("the recovered schema has %d columns, a fresh one %d", len(got), len(want))
			}
		})
	}
}

var createTable = regexp.MustCompile(`(?m)^CREATE TABLE (\w+)`)

// wholeVersions looks that the tables are exactly those of the versions that goose has recorded.
func wholeVersions(t *testing.T, c store.Config) {
	t.Helper()
	db := rawPool(t, c)
	defer db.Close()
	all := files(t, migrations.SQLite())
	names := slices.Sorted(maps.Keys(all))
	var version int
	if tableExists(t, db, "goose_db_version") {
		if err := db.QueryRowContext(t.Context(), `SELECT MAX(version_id) FROM goose_db_version`).Scan(&version); err != nil {
			t.Fatal(err)
		}
	}
	for i, name := range names {
		for _, m := range createTable.FindAllStringSubmatch(all[name], -1) {
			if got := tableExists(t, db, m[1]); got != (i < version) {
				t.Errorf("version %d is recorded, and the table %s of %s exists: %v", version, m[1], name, got)
			}
		}
	}
}

func tableExists(t *testing.T, db *sql.DB, name string) bool {
	t.Helper()
	_, err := db.ExecContext(t.Context(), `SELECT 1 FROM `+name+` LIMIT 1`)
	return err == nil
}

// rawPool is a pool on the database without a store.
func rawPool(t testing.TB, c store.Config) *sql.DB {
	t.Helper()
	connector, err := connectorOf(c)
	if err != nil {
		t.Fatal(err)
	}
	return sql.OpenDB(connector)
}

func connectorOf(c store.Config) (driver.Connector, error) {
	if c.DatabaseURL == "" {
		return sqlite.NewConnector(store.SQLiteURL(c.Folder+"/"+store.SQLiteFile, 2*time.Second, "journal_mode(WAL)"))
	}
	config, err := pgx.ParseConfig(c.DatabaseURL)
	if err != nil {
		return nil, err
	}
	return stdlib.GetConnector(*config), nil
}

// migrateAndDie is the child: it migrates through a pool that kills the process before its n-th statement.
func migrateAndDie(c store.Config, n int64) error {
	inner, err := connectorOf(c)
	if err != nil {
		return err
	}
	db := sql.OpenDB(&deadly{Connector: inner, left: &atomic.Int64{}, kill: n})
	db.SetMaxOpenConns(1)
	return store.MigrateOn(context.Background(), c, db)
}

// deadly counts statements, begins and commits of all its connections, and ends the process before the chosen one.
type deadly struct {
	driver.Connector
	left *atomic.Int64
	kill int64
}

func (d *deadly) step() {
	if d.left.Add(1) == d.kill {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
}

func (d *deadly) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := d.Connector.Connect(ctx)
	return deadlyConn{c, d}, err
}

type deadlyConn struct {
	driver.Conn
	d *deadly
}

func (c deadlyConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	c.d.step()
	return c.Conn.(driver.ExecerContext).ExecContext(ctx, query, args)
}

func (c deadlyConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.d.step()
	return c.Conn.(driver.QueryerContext).QueryContext(ctx, query, args)
}

func (c deadlyConn) BeginTx(ctx context.Context, options driver.TxOptions) (driver.Tx, error) {
	c.d.step()
	tx, err := c.Conn.(driver.ConnBeginTx).BeginTx(ctx, options)
	return deadlyTx{tx, c.d}, err
}

type deadlyTx struct {
	driver.Tx
	d *deadly
}

func (t deadlyTx) Commit() error {
	t.d.step()
	return t.Tx.Commit()
}
