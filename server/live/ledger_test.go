package live_test

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/bus"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/live"
)

// ledger is a log in memory with the rules of a real one: dense numbers, an epoch, threads that some may not read,
// events that some may not see, sessions that end. It is the Source of these tests.
type ledger struct {
	bus bus.Bus // rung after each event, unless nil

	mu      sync.Mutex
	epoch   string
	threads map[consult.ID]*log
	ended   map[string]bool // sessions
	reads   []reading
	broken  func(op string) error // nil = works; called unlocked, and may panic or wait
	joined  func(consult.ID)      // called between the moment Join reads a head and its return
}

type log struct {
	entries []entry
	closed  bool // to all but officers
	desk    bool // officers only, and those without a session are asked to sign in
	own     bool // joined with its key only
}

type entry struct {
	kind, text   string
	officersOnly bool
}

// reading is one read of events.
type reading struct {
	thread      consult.ID
	after, upto int64
	audience    live.Audience
}

// role is the Actor of these tests.
type role string

const officer, resident role = "officer", "resident"

func newLedger(b bus.Bus) *ledger {
	return &ledger{bus: b, epoch: "e1", threads: map[consult.ID]*log{}, ended: map[string]bool{}}
}

// open starts a thread with so many messages in it.
func (l *ledger) open(messages int) consult.ID {
	id := consult.NewID(time.Now())
	l.mu.Lock()
	defer l.mu.Unlock()
	l.threads[id] = &log{}
	for i := range messages {
		l.threads[id].entries = append(l.threads[id].entries, entry{kind: "message", text: fmt.Sprint("old ", i+1)})
	}
	return id
}

func (l *ledger) change(thread consult.ID, how func(*log)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	how(l.threads[thread])
}

// say appends a message and rings.
func (l *ledger) say(thread consult.ID, text string) int64 {
	return l.append(thread, entry{kind: "message", text: text})
}

func (l *ledger) append(thread consult.ID, entries ...entry) int64 {
	l.mu.Lock()
	t := l.threads[thread]
	t.entries = append(t.entries, entries...)
	ring := bus.Ring{Thread: thread, Seq: int64(len(t.entries)), Epoch: l.epoch}
	l.mu.Unlock()
	if l.bus != nil {
		_ = l.bus.Ring(context.Background(), ring) // a lost ring must do no harm
	}
	return ring.Seq
}

// whisper appends a message without ringing.
func (l *ledger) whisper(thread consult.ID, text string) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := l.threads[thread]
	t.entries = append(t.entries, entry{kind: "message", text: text})
	return int64(len(t.entries))
}

// restore cuts all threads back to so many entries, under a new epoch.
func (l *ledger) restore(epoch string, keep int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.epoch = epoch
	for _, t := range l.threads {
		t.entries = t.entries[:min(keep, len(t.entries))]
	}
}

func (l *ledger) end(session string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended[session] = true
}

func (l *ledger) breakWith(how func(op string) error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.broken = how
}

func (l *ledger) onJoin(hook func(consult.ID)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.joined = hook
}

func (l *ledger) readings(thread consult.ID) []reading {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []reading
	for _, r := range l.reads {
		if r.thread == thread {
			all = append(all, r)
		}
	}
	return all
}

func (l *ledger) check(op string) error {
	l.mu.Lock()
	broken := l.broken
	l.mu.Unlock()
	if broken == nil {
		return nil
	}
	return broken(op)
}

func notFound(op string) error { return &consult.Error{Kind: consult.NotFound, Op: op} }

// keyOf opens a thread that is somebody's own.
func keyOf(thread consult.ID) string { return "key of " + thread.String() }

// Join implements live.Source.
func (l *ledger) Join(_ context.Context, v live.Viewer, thread consult.ID, key string) (live.Head, live.Audience, error) {
	if err := l.check("join"); err != nil {
		return live.Head{}, live.Audience{}, err
	}
	l.mu.Lock()
	t, hook := l.threads[thread], l.joined
	audience := live.Audience{Language: v.Language, Officer: v.Actor == officer}
	var err error
	switch {
	case t == nil, t.closed && !audience.Officer, t.own && key != keyOf(thread):
		err = notFound("join")
	case t.desk && v.SessionID == "":
		err = &consult.Error{Kind: consult.SignedOut, Op: "join"}
	case t.desk && !audience.Officer:
		err = &consult.Error{Kind: consult.Forbidden, Op: "join"}
	}
	var head live.Head
	if err == nil {
		head = live.Head{Epoch: l.epoch, Seq: int64(len(t.entries))}
	}
	l.mu.Unlock()
	if err == nil && hook != nil {
		hook(thread)
	}
	return head, audience, err
}

// Heads implements live.Source.
func (l *ledger) Heads(_ context.Context, threads []consult.ID) (map[consult.ID]live.Head, error) {
	if err := l.check("heads"); err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	heads := map[consult.ID]live.Head{}
	for _, id := range threads {
		if t := l.threads[id]; t != nil {
			heads[id] = live.Head{Epoch: l.epoch, Seq: int64(len(t.entries))}
		}
	}
	return heads, nil
}

// Events implements live.Source.
func (l *ledger) Events(_ context.Context, thread consult.ID, after, upto int64, audience live.Audience) ([]live.Frame, error) {
	if err := l.check("events"); err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reads = append(l.reads, reading{thread, after, upto, audience})
	t := l.threads[thread]
	if t == nil || t.closed && !audience.Officer {
		return nil, notFound("read events")
	}
	var frames []live.Frame
	for seq := after + 1; seq <= min(upto, int64(len(t.entries))); seq++ {
		frames = append(frames, draw(seq, t.entries[seq-1], audience))
	}
	return frames, nil
}

// draw renders an entry for an audience. A kind of "lost" leaves out the number: a log with a gap.
func draw(seq int64, e entry, audience live.Audience) live.Frame {
	f := live.Frame{Seq: seq}
	switch {
	case e.kind == "lost":
		f.Seq = -1
	case !e.officersOnly || audience.Officer:
		f.Kind = e.kind
		f.Data, _ = json.Marshal(map[string]string{"text": e.text})
		f.HTML = fmt.Sprintf("<p lang=%q>%s</p>", audience.Language, e.text)
	}
	return f
}

// AliveAll implements live.Source.
func (l *ledger) AliveAll(_ context.Context, viewers []live.Viewer) ([]bool, error) {
	if err := l.check("alive"); err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	alive := make([]bool, len(viewers))
	for i, v := range viewers {
		alive[i] = !l.ended[v.SessionID]
	}
	return alive, nil
}

// texts is what a reader of a whole thread must have seen in the end.
func (l *ledger) texts(t *testing.T, thread consult.ID) []string {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []string
	for _, e := range l.threads[thread].entries {
		all = append(all, e.text)
	}
	return all
}
