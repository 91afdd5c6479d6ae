package live_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/bus"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/live"
)

func TestF14_AReaderThatStopsReadingIsCutAndNobodyElseNotices(t *testing.T) {
	s := alone(t, func(l *live.Limits) { l.QueueBytes = 64 << 10; l.Write = patience })
	thread := s.ledger.open(0)
	slow := s.raw(t, 4<<10)
	slow.write(rawText(fmt.Sprintf(`{"type":"join","thread":"%s"}`, thread)))
	if _, text, err := slow.read(); err != nil || !strings.Contains(string(text), "joined") {
		t.Fatalf("join: %s %v", text, err)
	}
	var others []*client
	for range 5 {
		c := s.connect(t)
		c.join(thread)
		others = append(others, c)
	}
	text := strings.Repeat("z", 2000)
	var last int64
	for s.hub.Stats().Closed[live.CloseSlow] == 0 {
		if last = s.ledger.say(thread, text); last > 450 {
			t.Fatal("the slow reader was never cut")
		}
		for _, c := range others {
			c.audit(thread, 0, last) // each event reaches the others before the next is said
		}
	}
	last = s.ledger.say(thread, "after")
	for _, c := range others {
		c.audit(thread, 0, last)
	}
	// Reading again, it finds its events in order, and then why it was cut: it can resume after the last it got.
	var seen int64
	code := slow.readClose(func(text string) {
		if seen++; !strings.Contains(text, fmt.Sprintf(`"seq":%d,`, seen)) {
			t.Errorf("event %d is %.80s", seen, text)
		}
	})
	if code != live.CloseSlow {
		t.Fatalf("closed with %d after %d events of %d, want 4003", code, seen, last)
	}
	if seen >= last {
		t.Errorf("it was cut after it had got all %d events", seen)
	}
	back := s.connect(t)
	back.join(thread, "since", seen, "epoch", "e1", "render", "html")
	back.audit(thread, seen, last)
}

func TestF14_AReaderThatNeverReadsAgainIsCutByTheWriteDeadline(t *testing.T) {
	s := alone(t, func(l *live.Limits) { l.Write = 100 * time.Millisecond })
	thread := s.ledger.open(0)
	for range 450 { // more than fits between the two
		s.ledger.whisper(thread, strings.Repeat("z", 8000))
	}
	slow := s.raw(t, 4<<10)
	slow.write(rawText(fmt.Sprintf(`{"type":"join","thread":"%s","since":0}`, thread)))
	eventually(t, "the slow reader to be cut", func() bool {
		stats := s.hub.Stats()
		return stats.Closed[live.CloseSlow] == 1 && stats.Connections == 0 && stats.Members == 0
	})
	s.stop()
	eventually(t, "its goroutines to end", func() bool { return goroutines() == 0 })
}

// Closing a connection with unread data makes the system reset it, and a reset may overtake the close frame.
func TestAClientIsToldWhyItIsCutThoughItHasSentMore(t *testing.T) {
	s := alone(t, func(l *live.Limits) { l.CloseWait = patience })
	for name, bad := range map[string][]byte{"out of step": declare(64 << 20), "in step": rawFrame(0x82, []byte("x"))} {
		c := s.raw(t, 0)
		c.write(bad, make([]byte, 2<<20))
		if code := c.readClose(); code != live.CloseTooBig && code != live.CloseBinary {
			t.Errorf("%s: closed with %d", name, code)
		}
		c.write(make([]byte, 1<<20))
		if err := c.conn.(*net.TCPConn).CloseWrite(); err != nil {
			t.Errorf("%s: hang up: %v", name, err)
		}
		if _, _, err := c.read(); !errors.Is(err, io.EOF) {
			t.Errorf("%s: the connection ended with %v", name, err)
		}
	}
}

func TestF15_AConnectionThatAnswersNoPingIsClosedAndOneThatDoesStays(t *testing.T) {
	s := alone(t, func(l *live.Limits) {
		l.Ping = 50 * time.Millisecond
		l.Pong = 3 * time.Second
		l.CloseWait = 50 * time.Millisecond
	})
	thread := s.ledger.open(0)
	healthy := s.connect(t)
	healthy.join(thread)
	dead := s.raw(t, 0)
	dead.write(rawText(fmt.Sprintf(`{"type":"join","thread":"%s"}`, thread)))
	if code := dead.readClose(); code != live.ClosePing { // it reads, but never answers
		t.Errorf("closed with %d, want 4000", code)
	}
	eventually(t, "the dead one to leave the thread", func() bool { return s.hub.Stats().Members == 1 })
	healthy.await("many pings", func() bool { return healthy.pings > 20 })
	if alive := healthy.first("alive"); alive.raw != `{"type":"alive"}` { // what a page's own watchdog hears
		t.Errorf("the sign of life is %s", alive.raw)
	}
	healthy.audit(thread, 0, s.ledger.say(thread, "still here"))
}

func TestF17_AHerdComesBackWithoutLossAndThePassedIsReadOnce(t *testing.T) {
	const herd = 500
	b := bus.Memory()
	t.Cleanup(func() { b.Close() })
	shared := newLedger(b)
	thread := shared.open(0)
	before := start(t, shared, b, limits())
	var clients [herd]*client
	each(herd, func(i int) {
		clients[i] = before.connect(t)
		clients[i].join(thread, "since", 0)
	})
	shared.say(thread, "all are here")
	for _, c := range clients {
		c.audit(thread, 0, 1)
	}
	before.stop()
	for _, c := range clients {
		c.awaitClose(live.CloseShutdown)
	}
	for i := range 20 {
		shared.say(thread, fmt.Sprint("nobody is here ", i))
	}
	reads := len(shared.readings(thread))
	after := start(t, shared, b, limits())
	each(herd, func(i int) {
		clients[i] = after.connect(t)
		clients[i].join(thread, "since", 1, "epoch", "e1", "render", "html")
	})
	for _, c := range clients {
		c.audit(thread, 1, 21)
	}
	if n := len(shared.readings(thread)) - reads; n != 1 {
		t.Errorf("what %d clients had missed was read %d times", herd, n)
	}
	last := shared.say(thread, "all are back")
	for _, c := range clients {
		c.audit(thread, 1, last)
	}
	after.stop()
	eventually(t, "all goroutines to end", func() bool { return goroutines() == 0 })
}

// each runs something for each of n at once.
func each(n int, do func(int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { do(i) })
	}
	all.Wait()
}

func TestF23_ShutdownTellsEveryoneWhenToComeBackAndLeavesNothingBehind(t *testing.T) {
	s := alone(t, func(l *live.Limits) { l.RetrySpread = 4 * time.Second })
	thread := s.ledger.open(0)
	var clients []*client
	for range 50 {
		c := s.connect(t)
		c.join(thread)
		clients = append(clients, c)
	}
	idle := s.connect(t) // has asked for nothing yet
	last := s.ledger.say(thread, "the last word")
	for _, c := range clients {
		c.audit(thread, 0, last)
	}
	if err := s.hub.Shutdown(context.Background()); err != nil {
		t.Fatal(err)
	}
	spread := map[int64]bool{}
	for _, c := range append(clients, idle) {
		c.awaitClose(live.CloseShutdown)
		frames := c.all()
		retry := frames[len(frames)-1]
		if retry.Type != "retry" || retry.RetryMS < 0 || retry.RetryMS >= 4000 {
			t.Errorf("the last frame was %s", retry.raw)
		}
		spread[retry.RetryMS] = true
	}
	if len(spread) < 10 {
		t.Errorf("51 clients come back at only %d moments", len(spread))
	}
	if _, response, err := s.dial(t); err == nil || response == nil || response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a newcomer got %v, %v", response, err)
	}
	if err := s.hub.Shutdown(context.Background()); err != nil {
		t.Errorf("again: %v", err)
	}
	stats := s.hub.Stats()
	if stats.Connections != 0 || stats.Threads != 0 || stats.Members != 0 || stats.Closed[live.CloseShutdown] != 51 {
		t.Errorf("left behind: %+v", stats)
	}
	s.stop()
	eventually(t, "all goroutines to end", func() bool { return goroutines() == 0 })
}

func TestF23_ShutdownDoesNotWaitForThoseWhoNeverAnswer(t *testing.T) {
	s := alone(t, func(l *live.Limits) { l.Write = time.Hour; l.CloseWait = time.Hour; l.Read = time.Hour })
	thread, stuck := s.ledger.open(0), s.ledger.open(0)
	for range 450 {
		s.ledger.whisper(thread, strings.Repeat("z", 8000))
	}
	full := s.raw(t, 4<<10) // reads nothing
	full.write(rawText(fmt.Sprintf(`{"type":"join","thread":"%s","since":0}`, thread)))
	s.raw(t, 0) // reads, but never answers a close
	ctx, cancel := context.WithCancel(context.Background())
	release := make(chan struct{})
	s.ledger.onJoin(func(id consult.ID) {
		if id == stuck {
			cancel()
			<-release
		}
	})
	waiting := s.connect(t) // hangs in the database
	waiting.ask("join", stuck)
	<-ctx.Done()
	close(release)
	if err := s.hub.Shutdown(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("shut down: %v", err)
	}
	if n := s.hub.Stats().Connections; n != 0 {
		t.Errorf("%d connections left", n)
	}
	eventually(t, "all goroutines to end", func() bool { return goroutines() == 0 })
}

// The adapter's connection objects are pooled: bytes written by anything that outlives a handler reach whoever got the
// object next. So readers come and go as fast as they can while all threads are being written, each reads a thread of
// its own, and nobody may ever see another's.
func TestBytesForOneReaderNeverReachTheNextOnTheSamePooledConnection(t *testing.T) {
	s := alone(t, func(l *live.Limits) { l.Ping = 20 * time.Millisecond })
	ctx, cancel := context.WithCancel(context.Background())
	var working sync.WaitGroup
	for range 6 {
		working.Go(func() {
			for ctx.Err() == nil {
				visit(t, s)
			}
		})
	}
	eventually(t, "many visits", func() bool { return s.hub.Stats().Opened >= 400 })
	cancel()
	working.Wait()
	eventually(t, "everyone to be gone", func() bool { return s.hub.Stats().Connections == 0 })
	eventually(t, "all goroutines to end", func() bool { return goroutines() == 0 })
}

// visit reads a new thread for a moment and leaves in the middle of things.
func visit(t *testing.T, s *site) {
	thread := s.ledger.open(30)
	c, _, err := s.dial(t)
	if err != nil {
		t.Errorf("open a socket: %v", err)
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 10 {
			s.ledger.say(thread, fmt.Sprint("for ", thread, " ", i))
		}
	}()
	c.ask("join", thread, "since", 0)
	for range 12 {
		_, message, err := c.ws.ReadMessage()
		if err != nil {
			t.Errorf("read: %v", err)
			break
		}
		if text := string(message); !strings.Contains(text, thread.String()) && text != `{"type":"alive"}` {
			t.Errorf("the reader of %s got %s", thread, message)
		}
	}
	c.conn.Close()
	<-done
}
