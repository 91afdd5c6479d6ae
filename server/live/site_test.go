package live_test

import (
	"context"
	"log/slog"
	"net"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/bus"
	"github.com/yousaid/yousaid/server/live"
)

const (
	origin = "https://consult.example.org"
	// patience is how long a test waits for something that must happen. It is no measure of speed.
	patience = 60 * time.Second
)

// site is one node: a hub behind a server on a port of the loopback.
type site struct {
	hub     *live.Hub
	ledger  *ledger
	address string
	log     *logText
	stop    func() // ends the node; more than once is harmless
}

// logText is what a node logs.
type logText struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// limits are production's, but for the origin and what depends on how busy the machine is.
func limits(change ...func(*live.Limits)) live.Limits {
	l := live.Defaults()
	l.Origins = []string{origin}
	l.HandshakesPerSecond = 100_000
	l.PerAddress = 0
	l.Window = time.Millisecond
	for _, c := range change {
		c(&l)
	}
	return l
}

// alone starts a node with a log and a bus of its own.
func alone(t testing.TB, change ...func(*live.Limits)) *site {
	t.Helper()
	b := bus.Memory()
	t.Cleanup(func() { b.Close() })
	return start(t, newLedger(b), b, limits(change...))
}

// start starts a node. Without a bus it polls.
func start(t testing.TB, l *ledger, b bus.Bus, limits live.Limits) *site {
	t.Helper()
	text := &logText{}
	s := &site{ledger: l, log: text, hub: live.New(l, limits, slog.New(slog.NewTextHandler(text, nil)))}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { s.hub.Run(ctx) })
	if b != nil {
		told := make(chan struct{})
		first := sync.OnceFunc(func() { close(told) })
		running.Go(func() {
			err := b.Listen(ctx, s.hub.Ring, func(up bool) { s.hub.BusState(up); first() })
			if err != nil && ctx.Err() == nil {
				t.Errorf("listen: %v", err)
			}
		})
		<-told
	}
	app := fiber.New(fiber.Config{DisableStartupMessage: true, Immutable: true})
	app.Get("/live", s.hub.Handler(identify))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.address = listener.Addr().String()
	running.Go(func() {
		if err := app.Listener(listener); err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	s.stop = sync.OnceFunc(func() {
		shut, done := context.WithTimeout(context.Background(), patience)
		defer done()
		if err := s.hub.Shutdown(shut); err != nil {
			t.Errorf("shut down: %v", err)
		}
		cancel()
		if err := app.Shutdown(); err != nil {
			t.Errorf("stop serving: %v", err)
		}
		running.Wait()
	})
	t.Cleanup(s.stop)
	return s
}

// identify believes what a test says about itself.
func identify(c *fiber.Ctx) (live.Viewer, error) {
	if c.Get("X-Role") == "refused" {
		return live.Viewer{}, fiber.ErrTooManyRequests
	}
	v := live.Viewer{Actor: resident, Language: c.Get("X-Language", "en"), SessionID: c.Get("X-Session")}
	if c.Get("X-Role") == "officer" {
		v.Actor = officer
	}
	v.Unlimited = c.Get("X-Role") == "load"
	return v, nil
}

// eventually waits for something that nobody signals.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// goroutines counts those that run code of the live package for sockets and threads.
func goroutines() int { return goroutinesIn("live.(*conn)", "live.(*stream)", "live.(*Hub).serve") }

// goroutinesIn counts those with one of these in their stack.
func goroutinesIn(names ...string) (n int) {
	buffer := make([]byte, 16<<20)
	for stack := range strings.SplitSeq(string(buffer[:runtime.Stack(buffer, true)]), "\n\n") {
		if slices.ContainsFunc(names, func(name string) bool { return strings.Contains(stack, name) }) {
			n++
		}
	}
	return n
}
