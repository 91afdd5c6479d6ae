package server_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"github.com/yousaid/yousaid/server"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/servertest"
)

// limitTests holds one test for each field of server.Limits.
var limitTests = map[string]func(*testing.T){
	"Header": func(t *testing.T) {
		app := limited(t, func(l *server.Limits) { l.Header = 2 << 10 })
		if statuses, _ := raw(t, app, "GET /glossary HTTP/1.1\r\nHost: HOST\r\nX-A: "+strings.Repeat("a", 1<<10)+"\r\n\r\n"); !slices.Equal(statuses, []int{200}) {
			t.Errorf("below: %v", statuses)
		}
		if statuses, _ := raw(t, app, "GET /glossary HTTP/1.1\r\nHost: HOST\r\nX-A: "+strings.Repeat("a", 3<<10)+"\r\n\r\n"); !slices.Equal(statuses, []int{431}) {
			t.Errorf("above: %v", statuses)
		}
	},
	"Headers": func(t *testing.T) {
		app := limited(t, func(l *server.Limits) { l.Headers = 10 })
		for n, want := range map[int]int{8: 200, 12: 431} {
			if statuses, _ := raw(t, app, "GET /glossary HTTP/1.1\r\nHost: HOST\r\n"+strings.Repeat("X-A: b\r\n", n)+"\r\n"); !slices.Equal(statuses, []int{want}) {
				t.Errorf("%d fields: %v, want %d", n, statuses, want)
			}
		}
	},
	"Body": func(t *testing.T) {
		app := limited(t, func(l *server.Limits) { l.Body = 1000 })
		for n, want := range map[int]int{900: http.StatusForbidden, 1100: http.StatusRequestEntityTooLarge} {
			head := "POST /sign-in HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " + strconv.Itoa(n) + "\r\n\r\n"
			if statuses, _ := raw(t, app, head+strings.Repeat("a", n)); !slices.Equal(statuses, []int{want}) {
				t.Errorf("%d bytes: %v, want %d", n, statuses, want)
			}
		}
	},
	"ReadHead": func(t *testing.T) {
		app := limited(t, func(l *server.Limits) { l.ReadHead = 300 * time.Millisecond })
		hangsUp(t, app, "GET / HTTP/1.1\r\nHost: HOST\r\n")                                   // a head without end
		hangsUp(t, app, "POST /sign-in HTTP/1.1\r\nHost: HOST\r\nContent-Length: 9\r\n\r\na") // a body without end
	},
	"Idle": func(t *testing.T) {
		app := limited(t, func(l *server.Limits) { l.Idle = 300 * time.Millisecond })
		hangsUp(t, app, "GET /glossary HTTP/1.1\r\nHost: HOST\r\n\r\n")
	},
	"Write":       writeLimit,
	"Handle":      handleLimit,
	"Connections": connectionsLimit,
	"Shutdown":    shutdownLimit,
	"Rates":       ratesLimit,
	"Beat":        beatLimit,
}

// TestEveryLimitHolds has a test for each field, so that a new one cannot be forgotten.
func TestEveryLimitHolds(t *testing.T) {
	fields := reflect.TypeFor[server.Limits]()
	for i := range fields.NumField() {
		name := fields.Field(i).Name
		test, known := limitTests[name]
		if !known {
			t.Errorf("Limits.%s has no test", name)
			continue
		}
		t.Run(name, test)
	}
}

func limited(t *testing.T, change func(*server.Limits)) *servertest.App {
	t.Helper()
	return servertest.New(t, servertest.WithLimits(change))
}

// beatLimit: a silence is noticed at the next sign of life, which comes as often as the limit says.
func beatLimit(t *testing.T) {
	app := limited(t, func(l *server.Limits) { l.Beat = 50 * time.Millisecond })
	noticed := func() bool {
		outages, err := app.App.Store().Outages(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		return len(outages) == 1
	}
	for n := range 100 {
		time.Sleep(50 * time.Millisecond)
		if n == 10 { // it has said by now that it lives; then nobody does for an hour
			app.Clock.Add(time.Hour)
		}
		if noticed() {
			return
		}
	}
	t.Error("no sign of life within a hundred times the time between two")
}

// hangsUp checks that the site ends a connection by itself after a text.
func hangsUp(t *testing.T, app *servertest.App, text string) {
	t.Helper()
	conn := connect(t, app)
	if _, err := io.WriteString(conn, strings.ReplaceAll(text, "HOST", host(app))); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, conn); err != nil {
		if timedOut(err) {
			t.Errorf("the connection stays open after %.40q", text)
		}
	}
}

func timedOut(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

// writeLimit asks for more than any buffer between holds and reads none of it.
func writeLimit(t *testing.T) {
	app := limited(t, func(l *server.Limits) { l.Write = 300 * time.Millisecond })
	conn := connect(t, app)
	if err := conn.(*net.TCPConn).SetReadBuffer(4 << 10); err != nil {
		t.Fatal(err)
	}
	request := "GET /glossary HTTP/1.1\r\nHost: " + host(app) + "\r\n\r\n"
	for i := 0; ; i++ {
		if _, err := io.WriteString(conn, request); err != nil {
			if timedOut(err) {
				t.Error("the site waits for a reader that does not read")
			}
			return // it hung up
		}
	}
}

// handleLimit makes the database slow and looks that the answer does not wait for it.
func handleLimit(t *testing.T) {
	app := servertest.New(t, servertest.OnPostgreSQL, servertest.WithLimits(func(l *server.Limits) { l.Handle = 300 * time.Millisecond }))
	id := app.Consultation(t, 1, consult.Consulting)
	c := app.Client(t)
	path := "/consultations/" + id.String() + "/ask"
	form := c.Get(t, path)
	unlock := lockConsultations(t, app)
	defer unlock()
	a := c.Send(t, form, path, url.Values{"title": {"t"}, "body": {"b"}})
	if a.Status != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" {
		t.Errorf("%d Retry-After %q, want 503", a.Status, a.Header.Get("Retry-After"))
	}
}

// connectionsLimit opens more connections than one client may; a proxy that is trusted brings everybody's and may.
func connectionsLimit(t *testing.T) {
	three := servertest.WithLimits(func(l *server.Limits) { l.Connections = 3 })
	loopback := servertest.WithConfig(func(c *server.Config) { c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")} })
	client, proxy := servertest.New(t, three), servertest.New(t, three, loopback)
	for i := range 5 {
		if got, want := served(t, client), i < 3; got != want {
			t.Errorf("connection %d: served %v, want %v", i+1, got, want)
		}
		if !served(t, proxy) {
			t.Errorf("connection %d of a trusted proxy is not served", i+1)
		}
	}
}

// served opens a connection, leaves it open, and tells whether it is served.
func served(t *testing.T, app *servertest.App) bool {
	t.Helper()
	conn := connect(t, app)
	if _, err := io.WriteString(conn, "GET /glossary HTTP/1.1\r\nHost: "+host(app)+"\r\n\r\n"); err != nil {
		return false
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	return err == nil && resp.StatusCode == http.StatusOK
}

// shutdownLimit stops a node while somebody sends a head without end: it waits for them as long as the limit says, and not longer.
func shutdownLimit(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	limits := server.DefaultLimits()
	limits.Shutdown, limits.ReadHead = 200*time.Millisecond, time.Hour
	app, err := server.New(t.Context(), server.Config{Data: t.TempDir(), BaseURL: "http://" + listener.Addr().String(), Basemap: "none",
		MailURL: "file:" + t.TempDir(), MailFrom: "noreply@example.org"}, server.Options{Limits: &limits, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- app.Run(ctx, listener) }()
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	// An answered request shows that the connection is served; the head after it never ends.
	if _, err := fmt.Fprintf(conn, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := http.ReadResponse(bufio.NewReader(conn), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\n"); err != nil {
		t.Fatal(err)
	}
	stop()
	select {
	case err := <-ended:
		_ = err // it may complain about the one who was cut off
	case <-time.After(patience):
		t.Error("the node waits for a head that never ends")
	}
	if err := app.Close(); err != nil {
		t.Error(err)
	}
}

// ratesLimit asks at each rate once more than it lets through.
func ratesLimit(t *testing.T) {
	places := map[string]struct{ method, path string }{
		"page": {"GET", "/glossary"}, "tile": {"GET", "/tiles/sites/0/0/0"}, "write": {"POST", "/sign-out"}, "mail": {"POST", "/sign-in"},
		"match": {"POST", "/consultations/nothing/facts/match"}, "sign-in": {"GET", "/sign-in/nothing"}, "api": {"GET", "/healthz"},
		"support": {"POST", "/support"}, "flag": {"POST", "/flag/0000000000zzz"},
	}
	if got, want := slices.Sorted(maps.Keys(places)), slices.Sorted(maps.Keys(server.DefaultLimits().Rates)); !slices.Equal(got, want) {
		t.Fatalf("rates are tested for %v, there are %v", got, want)
	}
	for name, at := range places {
		app := limited(t, func(l *server.Limits) { l.Rates = map[string]server.Rate{name: {Burst: 2, Every: 90 * time.Second}} })
		c := app.Client(t)
		for i := range 3 {
			a := c.Do(t, at.method, at.path, nil, nil)
			if (a.Status == http.StatusTooManyRequests) != (i == 2) {
				t.Errorf("rate %s, request %d: %d", name, i+1, a.Status)
			}
			if i == 2 && a.Header.Get("Retry-After") != "91" {
				t.Errorf("rate %s: Retry-After %q, want 91", name, a.Header.Get("Retry-After"))
			}
		}
		app.Clock.Add(90 * time.Second)
		if a := c.Do(t, at.method, at.path, nil, nil); a.Status == http.StatusTooManyRequests {
			t.Errorf("rate %s does not come back", name)
		}
	}
}

// TestS17LoadTestsAreLetThrough shows the token that lifts the rates, and that it is refused where the operator does not allow it.
func TestS17LoadTestsAreLetThrough(t *testing.T) {
	tight := servertest.WithLimits(func(l *server.Limits) { l.Rates = map[string]server.Rate{"api": {Burst: 1, Every: time.Hour}} })
	app := servertest.New(t, tight, servertest.WithConfig(func(c *server.Config) { c.AllowLoad = true }))
	token, analyst := app.Token(t, consult.RoleLoad), app.Token(t, consult.RoleAnalyst)
	c := app.Client(t)
	for range 5 {
		if a := c.Do(t, http.MethodGet, "/api/v1/consultations", nil, map[string]string{"Authorization": "Bearer " + token}); a.Status != http.StatusOK {
			t.Errorf("a load test: %d", a.Status)
		}
	}
	if a := c.Do(t, http.MethodGet, "/api/v1/consultations", nil, map[string]string{"Authorization": "Bearer " + analyst}); a.Status != http.StatusTooManyRequests {
		t.Errorf("another token: %d, want 429", a.Status)
	}
	strict := servertest.New(t)
	if _, _, err := strict.Identity().IssueToken(t.Context(), consult.System(), consult.RoleLoad, "test", 0); consult.KindOf(err) != consult.Invalid {
		t.Errorf("a load token where none may be: %v", err)
	}
}

// TestS24OnlyATrustedProxyNamesTheClient sends X-Forwarded-For directly and through a proxy.
func TestS24OnlyATrustedProxyNamesTheClient(t *testing.T) {
	tight := servertest.WithLimits(func(l *server.Limits) { l.Rates = map[string]server.Rate{"page": {Burst: 1, Every: time.Hour}} })
	loopback := servertest.WithConfig(func(c *server.Config) { c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")} })
	ask := func(app *servertest.App, forwarded string) int {
		return app.Client(t).Do(t, http.MethodGet, "/glossary", nil, map[string]string{"X-Forwarded-For": forwarded}).Status
	}
	direct := servertest.New(t, tight)
	for i, want := range []int{http.StatusOK, http.StatusTooManyRequests, http.StatusTooManyRequests} {
		if got := ask(direct, fmt.Sprintf("203.0.113.%d", i)); got != want {
			t.Errorf("direct request %d: %d, want %d", i+1, got, want)
		}
	}
	behind := servertest.New(t, tight, loopback)
	for i, row := range []struct {
		forwarded string
		want      int
	}{{"203.0.113.1", 200}, {"203.0.113.2", 200}, {"203.0.113.1", 429}, {"198.51.100.9, 203.0.113.1", 429}, {"198.51.100.9, 203.0.113.3", 200}} {
		if got := ask(behind, row.forwarded); got != row.want {
			t.Errorf("through a proxy, request %d (%s): %d, want %d", i+1, row.forwarded, got, row.want)
		}
	}
}

// lockConsultations holds the site's tables so that nobody can read or write them, as a long maintenance does.
func lockConsultations(t *testing.T, app *servertest.App) (unlock func()) {
	t.Helper()
	db, err := sql.Open("pgx", app.Config.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(t.Context(), `LOCK TABLE consultation, thread, message, idempotency IN ACCESS EXCLUSIVE MODE`); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := tx.Rollback(); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}
