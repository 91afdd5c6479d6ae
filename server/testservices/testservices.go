// Package testservices gives tests a real PostgreSQL and a real Redis.
//
// `make test` starts one PostgreSQL for all packages and names it in YOUSAID_TEST_DATABASE_URL. Without that
// variable (a plain `go test ./...`) a test binary that needs PostgreSQL starts its own, once, in a temporary folder.
// Either way each test has a database of its own, and nothing outlives the test binary, however it ends.
package testservices

import (
	"context"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// cleanUpWithin bounds a cleanup, which runs after the test's own context has ended.
const cleanUpWithin = 30 * time.Second

// own is the PostgreSQL of this test binary, started by the first test that needs it. Nobody closes it: its watchdog
// ends it together with the binary, which no test function can know the end of.
var own = sync.OnceValues(func() (*Server, error) {
	return StartPostgreSQL(context.Background(), Fast)
})

// PostgreSQL returns the URL of a fresh, empty database that is dropped when the test ends.
func PostgreSQL(t testing.TB) string {
	t.Helper()
	server := os.Getenv("YOUSAID_TEST_DATABASE_URL")
	if server == "" {
		s, err := own()
		if err != nil {
			t.Fatalf("%v\nRun `make test`: it installs or names what is missing.", err)
		}
		server = s.URL
	}
	name := "test_" + strings.ToLower(randomWord())
	url, err := createDatabase(t.Context(), server, name)
	if err != nil {
		t.Fatalf("create a test database: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), cleanUpWithin)
		defer cancel()
		if err := dropDatabase(ctx, server, name); err != nil {
			t.Errorf("drop the test database: %v", err)
		}
	})
	return url
}

// Redis returns the URL of a Redis that only this test uses. It is a process of its own (a few milliseconds), not a
// numbered database on a shared one: those share their pub/sub channels, so tests would hear each other.
func Redis(t testing.TB) string {
	t.Helper()
	url, _, _ := RedisServer(t)
	return url
}

// RedisServer is Redis with the means to take it away: stop ends it, dropping every connection and everything it
// held, and start brings it back, empty, at the same URL. Call both from the test's own goroutine.
func RedisServer(t testing.TB) (url string, stop, start func()) {
	t.Helper()
	s, err := StartRedis(t.Context())
	if err != nil {
		t.Fatalf("%v\nRun `make test`: it installs or names what is missing.", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close Redis: %v", err)
		}
	})
	start = func() {
		t.Helper()
		if err := s.Start(t.Context()); err != nil {
			t.Fatalf("start Redis again: %v", err)
		}
	}
	return s.URL, s.Stop, start
}
