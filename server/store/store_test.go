package store_test

import (
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/store"
	"github.com/yousaid/yousaid/server/store/storetest"
	"github.com/yousaid/yousaid/server/testservices"
)

// unhurried is for tests of what is kept, which a busy machine must not fail. How long the store waits has tests of its own.
const unhurried = time.Minute

// TestSQLite runs beside TestPostgreSQL: each has its own database, and one processor.
func TestSQLite(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t testing.TB) storetest.Store {
		return opened(t, store.Config{Folder: t.TempDir(), Wait: unhurried})
	})
}

// TestPostgreSQL empties one database for every test: making and migrating one takes ten times as long.
func TestPostgreSQL(t *testing.T) {
	t.Parallel()
	c := store.Config{DatabaseURL: testservices.PostgreSQL(t), Wait: unhurried}
	s, err := store.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	storetest.Run(t, func(t testing.TB) storetest.Store {
		emptied(t, c)
		return opened(t, c)
	})
}

// emptied makes a database as good as new.
func emptied(t testing.TB, c store.Config) {
	t.Helper()
	db := rawPool(t, c)
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, statement := range []string{
		`SET session_replication_role = replica`, // the audit log's triggers forbid what follows
		`DO $$ BEGIN EXECUTE (SELECT 'TRUNCATE ' || string_agg(quote_ident(table_name), ', ') FROM information_schema.tables
			WHERE table_schema = 'public' AND table_name NOT LIKE 'goose%'); END $$`,
		`INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '')`,
	} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}

func onSQLite(t testing.TB) *store.Store { return opened(t, store.Config{Folder: t.TempDir()}) }

func onPostgreSQL(t testing.TB) *store.Store {
	return opened(t, store.Config{DatabaseURL: testservices.PostgreSQL(t)})
}

// bothEngines runs a test that needs more than the contract on each engine.
func bothEngines(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) { test(t, onSQLite(t)) })
	t.Run("PostgreSQL", func(t *testing.T) { test(t, onPostgreSQL(t)) })
}

func opened(t testing.TB, c store.Config) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}
