package bus_test

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/yousaid/yousaid/server/bus"
	"github.com/yousaid/yousaid/server/bus/bustest"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/testservices"
)

func open(t *testing.T, address string) *bus.RedisBus {
	t.Helper()
	b, err := bus.Redis(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return b
}

func TestRedis(t *testing.T) {
	address := testservices.Redis(t)
	bustest.Run(t, func(t *testing.T) bus.Bus { return open(t, address) })
}

// logLines collects the log of one test, line by line.
type logLines struct {
	mu    sync.Mutex
	lines []string
}

func (l *logLines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, string(p))
	return len(p), nil
}

func (l *logLines) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.lines...)
}

func captureLog(t *testing.T) *logLines {
	t.Helper()
	lines, before := &logLines{}, slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(lines, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	return lines
}

func TestF04_RedisAbsentAtStartAndAtRunTimeIsAMode(t *testing.T) {
	address, stop, start := testservices.RedisServer(t)
	stop()
	log := captureLog(t)
	a, b := open(t, address), open(t, address)
	earA, earB := bustest.Listen(t, a), bustest.Listen(t, b)
	earA.AwaitState(t, false)
	earB.AwaitState(t, false)
	if a.Up() {
		t.Error("up without Redis")
	}
	// This node still hears itself, and rings for the other are owed.
	first := bus.Ring{Thread: bustest.Thread(), Seq: 1, Epoch: "e"}
	bustest.Ring(t, a, first)
	earA.AwaitRing(t, first)
	start()
	earA.AwaitState(t, true)
	earB.AwaitState(t, true)

	second := bus.Ring{Thread: bustest.Thread(), Seq: 1, Epoch: "e"}
	bustest.Ring(t, a, second)
	earB.AwaitRing(t, second)

	stop()
	earA.AwaitState(t, false)
	earB.AwaitState(t, false)
	for range 100 {
		bustest.Ring(t, a, bus.Ring{Thread: bustest.Thread(), Seq: 1, Epoch: "e"})
	}
	start()
	earA.AwaitState(t, true)
	earB.AwaitState(t, true)
	earA.Stop()
	earB.Stop()

	// One line for each state of each of the two: away, connected, away, connected.
	if lines := log.all(); len(lines) != 8 {
		t.Errorf("%d log lines for 8 changes of state:\n%s", len(lines), strings.Join(lines, ""))
	}
	if want := []bool{false, true, false, true}; fmt.Sprint(earB.States()) != fmt.Sprint(want) {
		t.Errorf("states %v, want %v", earB.States(), want)
	}
}

func TestF05_RingsGoOnAfterSubscribersAreKilledAgainAndAgain(t *testing.T) {
	address := testservices.Redis(t)
	a, b := open(t, address), open(t, address)
	ear := bustest.Listen(t, b)
	for range 5 {
		ear.AwaitState(t, true)
		changes := len(ear.States())
		command(t, address, "CLIENT KILL TYPE pubsub")
		// Away and back: each is told, so that the node reads again what it may have missed.
		ear.AwaitChanges(t, changes+2)
	}
	ring := bus.Ring{Thread: bustest.Thread(), Seq: 1, Epoch: "e"}
	bustest.Ring(t, a, ring)
	ear.AwaitRing(t, ring)
}

func TestF06_ASilentRedisIsNoticedAndNobodyWaitsForIt(t *testing.T) {
	server, err := testservices.StartRedis(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	a, b := open(t, server.URL), open(t, server.URL)
	ear := bustest.Listen(t, b)
	ear.AwaitState(t, true)

	// Frozen: connections stay open and swallow what is written, as behind a dead middlebox.
	if err := server.Pause(); err != nil {
		t.Fatal(err)
	}
	ear.AwaitState(t, false)
	ring := bus.Ring{Thread: bustest.Thread(), Seq: 1, Epoch: "e"}
	for range 1000 { // F07: all of these return although Redis answers nothing
		bustest.Ring(t, a, bus.Ring{Thread: bustest.Thread(), Seq: 1, Epoch: "e"})
	}
	if err := server.Resume(); err != nil {
		t.Fatal(err)
	}
	ear.AwaitState(t, true)
	bustest.Ring(t, a, ring)
	ear.AwaitRing(t, ring)
}

func TestANodeThatWasCutOffSendsTheRingsItOwes(t *testing.T) {
	address := testservices.Redis(t)
	way := newProxy(t, address)
	a, b := open(t, way.address), open(t, address)
	ear := bustest.Listen(t, b)
	ear.AwaitState(t, true)

	way.cut()
	owed := bus.Ring{Thread: bustest.Thread(), Seq: 7, Epoch: "e"}
	bustest.Ring(t, a, bus.Ring{Thread: owed.Thread, Seq: 6, Epoch: "e"})
	bustest.Ring(t, a, owed)
	way.mend()
	ear.AwaitRing(t, owed)
	if !b.Up() {
		t.Error("the other node was never cut off, but is down")
	}
}

func TestL3_OnlyThreadNumberAndEpochCrossRedis(t *testing.T) {
	address := testservices.Redis(t)
	monitor := monitorOf(t, address)
	b := open(t, address)
	ear := bustest.Listen(t, b)
	ear.AwaitState(t, true)
	ring := bus.Ring{Thread: bustest.Thread(), Seq: 12, Epoch: "abc"}
	bustest.Ring(t, b, ring)

	want := fmt.Sprintf(`"publish" "yousaid:ring" "{\"thread\":\"%s\",\"seq\":12,\"epoch\":\"abc\"}"`, ring.Thread)
	for {
		line, err := monitor.ReadString('\n')
		if err != nil {
			t.Fatalf("read what Redis was told: %v", err)
		}
		if strings.Contains(line, want) {
			return
		}
		if strings.Contains(line, "yousaid:ring") && strings.Contains(line, "publish") {
			t.Fatalf("published %s\nwant %s", line, want)
		}
	}
}

func TestMessagesThatAreNoRingsAreIgnored(t *testing.T) {
	address := testservices.Redis(t)
	b := open(t, address)
	ear := bustest.Listen(t, b)
	ear.AwaitState(t, true)
	for _, text := range []string{"x", "{}", `{"thread":"0000000000000","seq":1}`, `[1]`, `{"thread":5}`} {
		command(t, address, fmt.Sprintf("PUBLISH yousaid:ring %q", text))
	}
	ring := bus.Ring{Thread: bustest.Thread(), Seq: 1, Epoch: "e"}
	bustest.Ring(t, b, ring)
	ear.AwaitRing(t, ring)
	if all := ear.Heard(0); len(all) != 0 {
		t.Errorf("took %v for rings", all)
	}
}

func TestARedisAddressThatIsNoneIsRefusedWithoutRepeatingIt(t *testing.T) {
	for _, address := range []string{"", "http://h:1", "redis://:hunter2@h:port/0", "redis://:hunter2@h:1/x y", "redis://:hunter2@h/0?nonsense=1", "redis://:hunter2@%zz"} {
		_, err := bus.Redis(address)
		if consult.KindOf(err) != consult.Invalid {
			t.Errorf("%q: %v", address, err)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the error repeats the password: %v", err)
		}
	}
}

// monitorOf opens a connection on which Redis repeats every command it is given.
func monitorOf(t *testing.T, address string) *bufio.Reader {
	t.Helper()
	answers := dial(t, address, "MONITOR")
	if line, err := answers.ReadString('\n'); err != nil || line != "+OK\r\n" {
		t.Fatalf("monitor: %q %v", line, err)
	}
	return answers
}

func command(t *testing.T, address, text string) {
	t.Helper()
	line, err := dial(t, address, text).ReadString('\n')
	if err != nil || strings.HasPrefix(line, "-") {
		t.Fatalf("%s: %q %v", text, line, err)
	}
}

// dial speaks Redis' inline commands, so that a test does not check the client library with itself.
func dial(t *testing.T, address, text string) *bufio.Reader {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := new(net.Dialer).DialContext(context.Background(), "tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	password, _ := u.User.Password()
	answers := bufio.NewReader(conn)
	fmt.Fprintf(conn, "AUTH %s\r\n", password)
	if line, err := answers.ReadString('\n'); err != nil || line != "+OK\r\n" {
		t.Fatalf("sign in to Redis: %q %v", line, err)
	}
	fmt.Fprintf(conn, "%s\r\n", text)
	return answers
}
