package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"sync/atomic"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

const (
	defaultWait = 2 * time.Second
	writers     = 8  // writing connections to PostgreSQL; SQLite has one
	readers     = 12 // reading connections
)

// Config says where the data is.
type Config struct {
	DatabaseURL string // "postgres://…"; "" = the embedded SQLite
	Folder      string // of the embedded database; made when missing
	// Wait is how long a call waits for a connection, for a lock and for each statement before it is Unavailable; 0 = 2 s.
	Wait time.Duration
	Seal consult.Seal // signs the audit log; the zero Seal leaves it unsigned
	// Calendar is the authority's, by which promises are reckoned; nil = consult.England().
	Calendar *consult.Calendar
}

// Store is a consult.Store on SQL. It is safe for concurrent use.
type Store struct {
	dialect
	seal     consult.Seal
	calendar consult.Calendar
	doorbell atomic.Pointer[func()]
}

var _ consult.Store = (*Store)(nil)

// Open connects, brings the schema up to date and makes sure of the officers' stream. It waits for another process that is
// migrating; a schema newer than this program is an error of one line.
func Open(ctx context.Context, c Config) (*Store, error) {
	const op = "open the database"
	c.Wait = cmp.Or(c.Wait, defaultWait)
	d, err := open(c)
	if err != nil {
		return nil, failure(op, err)
	}
	s := &Store{dialect: d, seal: c.Seal, calendar: consult.England()}
	if c.Calendar != nil {
		s.calendar = *c.Calendar
	}
	if err := migrate(ctx, d); err != nil {
		return nil, failure(op, errors.Join(err, s.Close()))
	}
	if err := s.openDesk(ctx); err != nil {
		return nil, failure(op, errors.Join(err, s.Close()))
	}
	return s, nil
}

// Close ends every connection. Calls that still run fail with Unavailable.
func (s *Store) Close() error {
	return errors.Join(s.dialect.read.Close(), s.dialect.write.Close())
}

// After registers what is called after each committed change that appended events or left mails, on the goroutine of the
// change: it must not block. The zero value is nobody.
func (s *Store) After(ring func()) { s.doorbell.Store(&ring) }

func (s *Store) ring() {
	if f := s.doorbell.Load(); f != nil {
		(*f)()
	}
}

// openDesk makes the officers' own stream in a new database.
func (s *Store) openDesk(ctx context.Context) error {
	c := conn{run: s.dialect.write, ctx: ctx, wait: s.wait}
	_, err := c.exec(`INSERT INTO thread (id, consultation, anchor, anchor_id, title, epoch, seq, locked, waiting_message,
		waiting_since, answer_due, created_at, last_at, messages)
		VALUES ($1, 0, $2, 0, '', $3, 0, FALSE, 0, 0, 0, 0, 0, 0) ON CONFLICT DO NOTHING`,
		consult.DeskThread, consult.OnDesk, newEpoch())
	return err
}

// newEpoch names one life of a log.
func newEpoch() string {
	var b [8]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err) // crypto/rand never fails on a supported system
	}
	return hex.EncodeToString(b[:])
}

// randomID is 63 random bits: for rows whose order must tell nothing, and for those that are made by the thousand at one moment.
func randomID() int64 {
	var b [8]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err) // crypto/rand never fails on a supported system
	}
	return int64(binary.BigEndian.Uint64(b[:]) >> 1)
}

// reading is for queries that need not see the same moment.
func (s *Store) reading(ctx context.Context) *conn {
	return &conn{run: s.dialect.read, ctx: ctx, wait: s.wait}
}

// snapshot runs queries that see one moment. An export may take its time between beginning and end.
func (s *Store) snapshot(ctx context.Context, op string, export bool, read func(*conn) error) error {
	t, err := begin(ctx, s.dialect.read, s.dialect.snapshot, s.wait)
	if err != nil {
		return failure(op, err)
	}
	defer t.release()
	if export {
		t.wait = 0
	}
	return failure(op, read(&t.conn))
}

// transaction is a conn on a transaction of its own connection.
type transaction struct {
	conn
	patience time.Duration // for beginning and for committing
	cancel   context.CancelFunc
	c        *sql.Conn
	tx       *sql.Tx
}

// begin opens a transaction, trying further connections when one has died since it was last used.
func begin(ctx context.Context, pool *sql.DB, options *sql.TxOptions, wait time.Duration) (*transaction, error) {
	for n := 0; ; n++ {
		t, err := beginOn(ctx, pool, options, wait)
		if !lost(err) || n == max(readers, writers) {
			return t, err
		}
	}
}

// beginOn opens a transaction on one connection. Waiting for a connection, for SQLite's writing lock and for the server is
// bounded; the transaction itself is not, its statements are.
func beginOn(ctx context.Context, pool *sql.DB, options *sql.TxOptions, wait time.Duration) (*transaction, error) {
	t := &transaction{conn: conn{wait: wait}, patience: wait}
	t.ctx, t.cancel = context.WithCancel(ctx)
	err := t.within(func() (err error) {
		if t.c, err = pool.Conn(t.ctx); err != nil {
			return err
		}
		t.tx, err = t.c.BeginTx(t.ctx, options)
		return err
	})
	if err != nil {
		t.release()
		return nil, err
	}
	t.run = t.tx
	return t, nil
}

// within gives a step its time and no more. A step that still succeeds has succeeded; statements after it will fail.
func (t *transaction) within(step func() error) error {
	slow := time.AfterFunc(t.patience, t.cancel)
	defer slow.Stop()
	return step()
}

func (t *transaction) commit() error { return t.within(t.tx.Commit) }

// dropReadOnly throws a connection away whose server became a standby: the next one may reach the new primary.
func (t *transaction) dropReadOnly(err error) {
	if sqlState(err) == readOnly {
		_ = t.tx.Rollback()
		_ = t.c.Raw(func(any) error { return driver.ErrBadConn })
	}
}

// release rolls back what was not committed and gives the connection back.
func (t *transaction) release() {
	if t.tx != nil {
		_ = t.tx.Rollback() // ErrTxDone after a commit; otherwise the connection is found broken when it is next used
	}
	if t.c != nil {
		_ = t.c.Close()
	}
	t.cancel()
}
