package store_test

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/store"
	"github.com/yousaid/yousaid/server/testservices"
)

// patience is far more than the store may take before it says that the database does not answer. A call that used it up waited
// for the caller and not for its own limit.
const patience = 20 * time.Second

// unavailable holds a call to answering Unavailable, with a time to come back, by its own limit.
func unavailable(t *testing.T, what string, call func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	err := call(ctx)
	if ctx.Err() != nil {
		t.Fatalf("%s: still waiting when the caller gave up", what)
	}
	var e *consult.Error
	if !errors.As(err, &e) || e.Kind != consult.Unavailable || e.RetryAfter <= 0 {
		t.Fatalf("%s: got %v, want Unavailable with a time to come back", what, err)
	}
}

// again holds a call to working once the database is back: connections that broke meanwhile may each show once.
func again(t *testing.T, what string, call func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for err := call(ctx); !safe(err); err = call(ctx) {
		if consult.KindOf(err) != consult.Unavailable || ctx.Err() != nil {
			t.Fatalf("%s after the return: %v", what, err)
		}
	}
}

func TestF12ALongWriterElsewhereIsWaitedForAndThenReported(t *testing.T) {
	c := store.Config{Folder: t.TempDir()}
	s := opened(t, c)
	consultation := aConsultation(t, s)
	other := rawPool(t, c)
	defer other.Close()
	tx, err := other.BeginTx(t.Context(), nil) // BEGIN IMMEDIATE
	if err != nil {
		t.Fatal(err)
	}
	unavailable(t, "write", func(ctx context.Context) error { return submit(ctx, s, consultation, 1<<40) })
	unavailable(t, "draft", func(ctx context.Context) error { return s.SaveDraft(ctx, consult.Draft{Token: "t"}) })
	if _, err := s.Consultation(t.Context(), consultation); err != nil {
		t.Errorf("reading meanwhile: %v", err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := submit(t.Context(), s, consultation, 1<<40); err != nil {
		t.Errorf("after it ended: %v", err)
	}
}

// Readers that turn into writers fail at once in SQLite (517) whatever they are willing to wait: none of ours do.
func TestF12NoReaderTurnsIntoAWriter(t *testing.T) {
	s := onSQLite(t)
	consultation := aConsultation(t, s)
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() {
			for n := range 20 {
				id := consult.ID(1<<40 + i*100 + n)
				errs[i] = errors.Join(errs[i], submit(t.Context(), s, consultation, id),
					s.PublishComment(t.Context(), consult.Comment{ID: id, State: consult.CommentPublished}, nil, consult.Change{At: now}))
			}
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
}

func TestF12ALockedRowIsWaitedForAndThenReported(t *testing.T) {
	s := onPostgreSQL(t)
	consultation := aConsultation(t, s)
	tx, err := s.Writer().BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(t.Context(), `SELECT * FROM thread FOR UPDATE`); err != nil {
		t.Fatal(err)
	}
	unavailable(t, "write", func(ctx context.Context) error { return submit(ctx, s, consultation, 1<<40) })
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := submit(t.Context(), s, consultation, 1<<40); err != nil {
		t.Errorf("after it ended: %v", err)
	}
}

func TestF12AnEmptyPoolIsWaitedForAndThenReported(t *testing.T) {
	bothEngines(t, func(t *testing.T, s *store.Store) {
		consultation := aConsultation(t, s)
		for range s.Writer().Stats().MaxOpenConnections {
			c, err := s.Writer().Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
		}
		unavailable(t, "write", func(ctx context.Context) error { return submit(ctx, s, consultation, 1<<40) })
	})
}

func TestF11AFullDiskStopsWritingOnly(t *testing.T) {
	s := onSQLite(t)
	consultation := aConsultation(t, s)
	limit := func(pages string) {
		t.Helper()
		if _, err := s.Writer().ExecContext(t.Context(), `PRAGMA max_page_count = `+pages); err != nil {
			t.Fatal(err)
		}
	}
	limit("1") // SQLite makes it what the file has now
	var err error
	id := consult.ID(1 << 40)
	for err == nil {
		id++
		err = submit(t.Context(), s, consultation, id)
	}
	unavailable(t, "write", func(context.Context) error { return err })
	if _, err := s.Comment(t.Context(), id); consult.KindOf(err) != consult.NotFound {
		t.Errorf("the refused comment: %v", err)
	}
	if _, err := s.Tally(t.Context(), consultation); err != nil {
		t.Errorf("reading meanwhile: %v", err)
	}
	limit("1000000")
	if err := submit(t.Context(), s, consultation, id); err != nil {
		t.Errorf("once there is space: %v", err)
	}
	everythingThere(t, s, []consult.ID{id})
}

// TestF10ServersThatOnlyReadAreLeft: after a failover connections still lead to the old primary, which takes no writes any more.
func TestF10ServersThatOnlyReadAreLeft(t *testing.T) {
	s := onPostgreSQL(t)
	consultation := aConsultation(t, s)
	var held []*sql.Conn
	for range s.Writer().Stats().MaxOpenConnections {
		c, err := s.Writer().Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.ExecContext(t.Context(), `SET default_transaction_read_only = on`); err != nil {
			t.Fatal(err)
		}
		held = append(held, c)
	}
	for _, c := range held {
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	unavailable(t, "write", func(ctx context.Context) error { return submit(ctx, s, consultation, 1<<40) })
	unavailable(t, "draft", func(ctx context.Context) error { return s.SaveDraft(ctx, consult.Draft{Token: "t"}) })
	again(t, "write", func(ctx context.Context) error { return submit(ctx, s, consultation, 1<<40) })
}

func TestF09AServerThatIsGoneIsReportedAndFoundAgain(t *testing.T) {
	server, err := testservices.StartPostgreSQL(t.Context(), testservices.Durable)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Errorf("close PostgreSQL: %v", err)
		}
	})
	s := opened(t, store.Config{DatabaseURL: server.URL})
	consultation := aConsultation(t, s)
	id := consult.ID(1 << 40)
	if err := submit(t.Context(), s, consultation, id); err != nil {
		t.Fatal(err)
	}
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	unavailable(t, "write", func(ctx context.Context) error { return submit(ctx, s, consultation, id+1) })
	unavailable(t, "read", func(ctx context.Context) error { _, err := s.Comment(ctx, id); return err })
	unavailable(t, "ping", s.Ping)
	if err := server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	again(t, "ping", s.Ping)
	again(t, "write", func(ctx context.Context) error { return submit(ctx, s, consultation, id+1) })
	everythingThere(t, s, []consult.ID{id, id + 1})
}

// TestF09ASilentServerIsReported: the network swallows everything and no connection breaks, as behind a dead router.
func TestF09ASilentServerIsReported(t *testing.T) {
	hole := newHole(t, testservices.PostgreSQL(t))
	s := opened(t, store.Config{DatabaseURL: hole.url})
	consultation := aConsultation(t, s)
	hole.silent.Store(true)
	unavailable(t, "write", func(ctx context.Context) error { return submit(ctx, s, consultation, 1<<40) })
	unavailable(t, "read", func(ctx context.Context) error { _, err := s.Consultation(ctx, consultation); return err })
	unavailable(t, "list", func(ctx context.Context) error { _, err := s.Consultations(ctx, consult.Filter{}); return err })
	unavailable(t, "export", func(ctx context.Context) error {
		return s.EachComment(ctx, consult.CommentFilter{Consultation: consultation}, func(consult.Comment) error { return nil })
	})
	hole.silent.Store(false)
	again(t, "write", func(ctx context.Context) error { return submit(ctx, s, consultation, 1<<40) })
}

// hole passes connections on to PostgreSQL until it is silent: then it swallows what is sent, and keeps connections open.
type hole struct {
	url    string
	silent atomic.Bool
}

func newHole(t *testing.T, target string) *hole {
	t.Helper()
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	h, server := &hole{}, u.Host
	u.Host = listener.Addr().String()
	h.url = u.String()
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			upstream, err := net.Dial("tcp", server)
			if err != nil {
				client.Close()
				return
			}
			go h.pass(upstream, client)
			go h.pass(client, upstream)
		}
	}()
	return h
}

func (h *hole) pass(to, from net.Conn) {
	defer to.Close()
	defer from.Close()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		if h.silent.Load() {
			continue
		}
		if _, err := to.Write(buffer[:n]); err != nil && !errors.Is(err, io.EOF) {
			return
		}
	}
}
