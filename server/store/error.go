package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/yousaid/yousaid/server/consult"
)

// retryAfter is how many seconds callers are asked to wait when the database did not answer in time.
const retryAfter = 2

// errText refuses what PostgreSQL cannot keep and SQLite would keep silently.
var errText = errors.New("text is not valid UTF-8 or contains NUL")

func fail(kind consult.Kind, op string, cause error) error {
	e := &consult.Error{Kind: kind, Op: op, Err: cause}
	if kind == consult.Unavailable {
		e.RetryAfter = retryAfter
	}
	return e
}

// failure makes a consult.Error of whatever went wrong: the one place that knows the drivers' errors. What already is one,
// or a *consult.Repeat, stays.
func failure(op string, err error) error {
	if err == nil {
		return nil
	}
	var repeat *consult.Repeat
	if errors.As(err, &repeat) {
		return err
	}
	var known *consult.Error
	if errors.As(err, &known) {
		if known.Op == "" {
			known.Op = op
		}
		return err
	}
	return fail(kindOf(err), op, err)
}

func kindOf(err error) consult.Kind {
	var lite *sqlite.Error
	var pg *pgconn.PgError
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return consult.NotFound
	case errors.Is(err, errText):
		return consult.Invalid
	case errors.As(err, &lite):
		return sqliteKind(lite.Code())
	case errors.As(err, &pg):
		return postgresKind(pg.Code)
	case unreachable(err):
		return consult.Unavailable
	}
	return consult.Internal
}

// unreachable tells whether the database could not be asked, or did not answer in time.
func unreachable(err error) bool {
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, sql.ErrTxDone) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.As(err, &connect) || errors.As(err, &network) || pgconn.Timeout(err) ||
		strings.Contains(err.Error(), connClosed) ||
		strings.Contains(err.Error(), "database is closed") // database/sql has no value for it
}

// lost tells whether a connection was found dead: it had died while nobody used it. A server that cannot be reached is not lost.
func lost(err error) bool {
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		return false
	}
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || sqlState(err) == "57P01" || // admin_shutdown
		err != nil && strings.Contains(err.Error(), connClosed)
}

// connClosed is what pgx says of a connection it has closed; it has no value for it.
const connClosed = "conn closed"

// sqliteKind reads SQLite's result codes (sqlite.org/rescode.html).
func sqliteKind(code int) consult.Kind {
	switch code {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return consult.Conflict
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return consult.NotFound
	}
	switch code & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN,
		sqlite3.SQLITE_READONLY, sqlite3.SQLITE_INTERRUPT:
		return consult.Unavailable
	case sqlite3.SQLITE_TOOBIG:
		return consult.TooLarge
	}
	return consult.Internal
}

// postgresKind reads PostgreSQL's SQLSTATE codes (appendix A of its manual).
func postgresKind(code string) consult.Kind {
	switch code {
	case "23505": // unique_violation
		return consult.Conflict
	case "23503": // foreign_key_violation
		return consult.NotFound
	case "22021", "22P05": // character_not_in_repertoire, untranslatable_character
		return consult.Invalid
	case "55P03", "57014", "40001", "40P01", readOnly: // lock wait over, cancelled, serialization, deadlock
		return consult.Unavailable
	}
	switch code[:min(2, len(code))] {
	case "08", "53", "57", "58": // connection, resources (a full disk too), operator intervention, system
		return consult.Unavailable
	}
	return consult.Internal
}

// readOnly is PostgreSQL's code for writing to a standby (read_only_sql_transaction).
const readOnly = "25006"

// sqlState is PostgreSQL's code for the error, "" where it is not PostgreSQL's.
func sqlState(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code
	}
	return ""
}

// rolledBack tells whether the database undid the transaction only because of others running beside it: doing it again can
// work, and nothing can happen twice.
func rolledBack(err error) bool {
	state := sqlState(err)
	return state == "40001" || state == "40P01"
}
