// Package servertest starts the assembled site on temporary stores: a clock that only tests move, mail that is caught, a real
// listener on loopback. There are no mocks; what fails on purpose is a store around the real one (broken.go).
package servertest

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/identity"
	"github.com/yousaid/yousaid/server/notify"
	"github.com/yousaid/yousaid/server/testservices"
)

// Start is the moment at which every test begins: a Thursday afternoon in spring, before Easter.
var Start = time.Date(2026, 4, 2, 13, 30, 0, 0, time.UTC)

// App is a running site.
type App struct {
	*server.App
	URL     string
	Address string // where it listens, whatever URL says
	Config  server.Config
	Mail    *notify.Memory
	Log     *Log
	Clock   *Clock
	Store   *Broken // the store behind the site; whole until a test breaks it
}

// Option changes how a site is started.
type Option func(*testing.T, *server.Config, *server.Limits)

// OnPostgreSQL runs the site on a fresh PostgreSQL database.
func OnPostgreSQL(t *testing.T, cfg *server.Config, _ *server.Limits) {
	cfg.DatabaseURL = testservices.PostgreSQL(t)
}

// WithConfig changes settings.
func WithConfig(change func(*server.Config)) Option {
	return func(_ *testing.T, cfg *server.Config, _ *server.Limits) { change(cfg) }
}

// WithLimits changes limits.
func WithLimits(change func(*server.Limits)) Option {
	return func(_ *testing.T, _ *server.Config, limits *server.Limits) { change(limits) }
}

// New starts a site; it is stopped when the test ends.
func New(t *testing.T, options ...Option) *App {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	cfg := server.Config{Data: t.TempDir(), BaseURL: "http://" + listener.Addr().String(), MailFrom: "YouSaid <noreply@example.org>",
		Authority: "Test Council", SourceURL: "https://example.org/source", Basemap: "none"}
	limits := server.DefaultLimits()
	limits.Rates = map[string]server.Rate{} // tests of rates set their own
	limits.Shutdown = 20 * time.Second
	for _, o := range options {
		o(t, &cfg, &limits)
	}
	a := &App{URL: cfg.BaseURL, Address: listener.Addr().String(), Config: cfg, Mail: notify.NewMemory(), Log: &Log{}, Clock: &Clock{now: Start}}
	a.App, err = server.New(t.Context(), cfg, server.Options{
		Clock: a.Clock.Now, Mailer: a.Mail, Limits: &limits, Log: slog.New(slog.NewTextHandler(a.Log, nil)),
		Wrap: func(s consult.Store) consult.Store { a.Store = &Broken{Store: s}; return a.Store },
	})
	if err != nil {
		t.Fatal(err)
	}
	a.run(t, listener)
	return a
}

func (a *App) run(t *testing.T, listener net.Listener) {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx, listener) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("the site did not stop well: %v", err)
		}
		if err := a.Close(); err != nil {
			t.Errorf("the store did not close well: %v", err)
		}
	})
}

// Officer makes somebody who can sign in, with the roles.
func (a *App) Officer(t *testing.T, email string, roles ...consult.Role) consult.Officer {
	t.Helper()
	o, err := a.Identity().Add(t.Context(), identity.Profile{Email: email, Name: "Test " + string(roles[0]), Service: "Planning",
		Title: "Planning officer", Roles: roles})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// Token makes an API token.
func (a *App) Token(t *testing.T, role consult.Role) string {
	t.Helper()
	secret, _, err := a.Identity().IssueToken(t.Context(), consult.System(), role, "test", 0)
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// Clock is the site's time; only Add moves it.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is the moment.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Add lets time pass.
func (c *Clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Log catches what the site logs.
type Log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

var _ io.Writer = (*Log)(nil)

// Write implements io.Writer.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String is everything that was logged.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
