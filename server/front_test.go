package server

import (
	"log/slog"
	"testing"
)

// TestS26FiberIsToldToCopy holds the one setting that everything read from a request depends on. The posts of one connection
// (http_test.go) would still pass without it where a handler happens to copy.
func TestS26FiberIsToldToCopy(t *testing.T) {
	app, err := New(t.Context(), Config{Data: t.TempDir(), BaseURL: "http://consult.example.org", Basemap: "none", MailURL: "file:" + t.TempDir(),
		MailFrom: "noreply@example.org"}, Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := app.Close(); err != nil {
			t.Error(err)
		}
	}()
	if cfg := app.fiber.Config(); !cfg.Immutable || !cfg.StrictRouting || !cfg.CaseSensitive {
		t.Errorf("Immutable %v, StrictRouting %v, CaseSensitive %v; all must be on", cfg.Immutable, cfg.StrictRouting, cfg.CaseSensitive)
	}
}

// TestH01TwoLengthsAreFound looks at heads that say twice where their request ends.
func TestH01TwoLengthsAreFound(t *testing.T) {
	for head, want := range map[string]bool{
		"Host: a\r\nContent-Length: 3\r\n":                                 false,
		"Host: a\r\nTransfer-Encoding: chunked\r\n":                        false,
		"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n":              true,
		"transfer-encoding: chunked\r\nHost: a\r\nCONTENT-LENGTH: 3\r\n":   true,
		"X-A: Content-Length: 3\r\nTransfer-Encoding: chunked\r\n":         false,
		"X-Content-Length: 3\r\nTransfer-Encoding: chunked\r\nHost: a\r\n": false,
	} {
		if got := twoLengths([]byte(head)); got != want {
			t.Errorf("%q: %v", head, got)
		}
	}
}
