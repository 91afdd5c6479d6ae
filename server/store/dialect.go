package store

import (
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	_ "modernc.org/sqlite" // database/sql knows it as "sqlite"

	"github.com/yousaid/yousaid/migrations"
)

// dialect is everything in which the two databases differ, besides their errors (error.go) and their schemas (migrations).
type dialect struct {
	write, read *sql.DB
	wait        time.Duration // see Config.Wait
	goose       goose.Dialect
	snapshot    *sql.TxOptions // a transaction that sees one moment
	skipLocked  string         // ends a SELECT whose rows other nodes may be claiming at the same time
	integrity   string         // asks the database to check itself; "" where it offers nothing
}

// sqliteFile is the embedded database's name in its folder.
const sqliteFile = "yousaid.db"

// openSQLite opens the embedded database: one connection writes, so that writers queue in Go instead of polling for a lock;
// readers have their own and, in WAL mode, never wait for it. FULL: a comment is a legal representation, and an acknowledged
// one survives a power cut.
func openSQLite(folder string, wait time.Duration) (dialect, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return dialect{}, err
	}
	path, err := filepath.Abs(filepath.Join(folder, sqliteFile))
	if err != nil {
		return dialect{}, err
	}
	if err := ownFile(path); err != nil {
		return dialect{}, err
	}
	write, err := sql.Open("sqlite", sqliteURL(path, wait, "journal_mode(WAL)", "synchronous(FULL)", "journal_size_limit(67108864)"))
	if err != nil {
		return dialect{}, err
	}
	read, err := sql.Open("sqlite", sqliteURL(path, wait, "query_only(1)"))
	if err != nil {
		return dialect{}, err
	}
	write.SetMaxOpenConns(1)
	write.SetMaxIdleConns(1)
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	return dialect{
		write: write, read: read, wait: wait, goose: goose.DialectSQLite3, snapshot: &sql.TxOptions{ReadOnly: true},
		integrity: `PRAGMA integrity_check`,
	}, nil
}

// ownFile makes the file readable for its owner only, also in a folder that others can enter; SQLite gives its log the same mode.
func ownFile(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// sqliteURL names the file with the settings of every connection. A writing transaction takes its lock when it begins: one
// that began by reading would fail at once, however long it was willing to wait.
func sqliteURL(path string, wait time.Duration, pragmas ...string) string {
	q := url.Values{"_txlock": {"immediate"}, "_dqs": {"0"}}
	q["_pragma"] = append([]string{"busy_timeout(" + strconv.FormatInt(wait.Milliseconds(), 10) + ")", "foreign_keys(1)"}, pragmas...)
	return (&url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}).String()
}

// openPostgreSQL opens pools on a server. Reading and writing have their own, so that a crowd of readers or a long export
// cannot keep comments out.
func openPostgreSQL(databaseURL string, wait time.Duration) (dialect, error) {
	config, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return dialect{}, err
	}
	config.ConnectTimeout = wait
	milliseconds := strconv.FormatInt(wait.Milliseconds(), 10)
	config.RuntimeParams["application_name"] = "yousaid"
	config.RuntimeParams["lock_timeout"] = milliseconds
	// A node that vanishes in the middle of a transaction must not keep its locks.
	config.RuntimeParams["idle_in_transaction_session_timeout"] = "60000"
	write, read := stdlib.OpenDB(*config), stdlib.OpenDB(*config)
	write.SetMaxOpenConns(writers)
	write.SetMaxIdleConns(writers)
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	return dialect{
		write: write, read: read, wait: wait, goose: goose.DialectPostgres,
		snapshot:   &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true},
		skipLocked: ` FOR UPDATE SKIP LOCKED`,
	}, nil
}

func open(c Config) (dialect, error) {
	if c.DatabaseURL == "" {
		return openSQLite(c.Folder, c.Wait)
	}
	if !strings.HasPrefix(c.DatabaseURL, "postgres://") && !strings.HasPrefix(c.DatabaseURL, "postgresql://") {
		return dialect{}, errScheme
	}
	return openPostgreSQL(c.DatabaseURL, c.Wait)
}

// provider is goose on this database. On PostgreSQL an advisory lock lets one node migrate while others wait; SQLite's
// writing lock does the same, see migrate.
func (d dialect) provider() (*goose.Provider, error) {
	options := []goose.ProviderOption{goose.WithLogger(goose.NopLogger()), goose.WithDisableGlobalRegistry(true)}
	if d.goose == goose.DialectSQLite3 {
		return goose.NewProvider(d.goose, d.write, migrations.SQLite(), options...)
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, uint64(migrateWithin.Seconds())))
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(d.goose, d.write, migrations.PostgreSQL(), append(options, goose.WithSessionLocker(locker))...)
}
