package store_test

import (
	"testing"

	"github.com/yousaid/yousaid/server/store"
	"github.com/yousaid/yousaid/server/store/storetest"
	"github.com/yousaid/yousaid/server/testservices"
)

func TestSQLite(t *testing.T) {
	storetest.Run(t, func(t testing.TB) storetest.Store { return onSQLite(t) })
}

func TestPostgreSQL(t *testing.T) {
	storetest.Run(t, func(t testing.TB) storetest.Store { return onPostgreSQL(t) })
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
