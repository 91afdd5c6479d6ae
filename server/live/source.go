package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// Viewer is who opened a socket, as they were at that moment.
type Viewer struct {
	// Actor is the application's own idea of them; this package only hands it back.
	Actor any
	// Language is the language they read.
	Language string
	// SessionID names the session that must stay alive while the socket is open; "" for those without one.
	SessionID string
	// Address is what sockets are counted by, such as the client's network; "" = the peer's address.
	Address string
	// Unlimited lifts the limits on sockets per address and messages per second: for the load driver alone.
	Unlimited bool
}

// Audience is everything that decides what a reader of a thread gets to see. Two viewers of one audience get the same
// bytes, so whatever makes a difference in a thread must make one here.
type Audience struct {
	Language string
	Officer  bool
}

// Head is how far a thread's log reaches: Seq is the number of its last event (they count from 1 without gaps), Epoch
// changes whenever numbers lose their meaning, as after a restore or a purge.
type Head struct {
	Epoch string
	Seq   int64
}

// Frame is one event as one audience sees it. An event that an audience may not see keeps its number and has an empty
// Kind: readers count it and show nothing.
type Frame struct {
	Seq  int64
	Kind string
	Data []byte // JSON, for programs
	HTML string // the fragment of the page, for those who asked for it
}

// Source is the log and the rules about it. Every call must heed its context. What fails with NotFound or Forbidden
// ends the reading of that thread; SignedOut ends the socket; any other error is taken for passing, and tried again.
type Source interface {
	// Join decides whether a viewer may read a thread and as what audience, and reads its head. The key is what the client brought to
	// show that the thread is theirs; "" = nothing.
	Join(ctx context.Context, v Viewer, thread consult.ID, key string) (Head, Audience, error)
	// Heads reads the heads of many threads in one query. A thread that is left out does not exist any more.
	Heads(ctx context.Context, threads []consult.ID) (map[consult.ID]Head, error)
	// Events reads the events (after, upto] of a thread as they are now, as an audience may see them: one Frame for
	// each number, in order, ending early only where the log ends.
	Events(ctx context.Context, thread consult.ID, after, upto int64, audience Audience) ([]Frame, error)
	// AliveAll says for each viewer whether the session is still valid with the same roles.
	AliveAll(ctx context.Context, viewers []Viewer) ([]bool, error)
}

// guarded is a Source whose panics are errors, whose calls are bounded in time and whose answers keep the contract.
type guarded struct {
	source Source
	within time.Duration
}

func (g guarded) join(ctx context.Context, v Viewer, thread consult.ID, key string) (head Head, audience Audience, err error) {
	defer recovered("join a thread", &err)
	ctx, cancel := context.WithTimeout(ctx, g.within)
	defer cancel()
	return g.source.Join(ctx, v, thread, key)
}

func (g guarded) heads(ctx context.Context, threads []consult.ID) (heads map[consult.ID]Head, err error) {
	defer recovered("read heads", &err)
	ctx, cancel := context.WithTimeout(ctx, g.within)
	defer cancel()
	return g.source.Heads(ctx, threads)
}

func (g guarded) aliveAll(ctx context.Context, viewers []Viewer) (alive []bool, err error) {
	defer recovered("check sessions", &err)
	ctx, cancel := context.WithTimeout(ctx, g.within)
	defer cancel()
	alive, err = g.source.AliveAll(ctx, viewers)
	if err == nil && len(alive) != len(viewers) {
		err = fmt.Errorf("asked about %d sessions, told about %d", len(viewers), len(alive))
	}
	return alive, err
}

func (g guarded) events(ctx context.Context, thread consult.ID, after, upto int64, audience Audience) (events []*event, err error) {
	defer recovered("read events", &err)
	ctx, cancel := context.WithTimeout(ctx, g.within)
	defer cancel()
	frames, err := g.source.Events(ctx, thread, after, upto, audience)
	if err != nil {
		return nil, err
	}
	for i, f := range frames {
		if f.Seq != after+1+int64(i) || f.Seq > upto {
			return nil, fmt.Errorf("%w: asked for %d to %d, got %d at place %d", errGap, after+1, upto, f.Seq, i)
		}
		if f.Data != nil && !json.Valid(f.Data) {
			return nil, fmt.Errorf("event %d: data is not JSON", f.Seq)
		}
		events = append(events, &event{thread: thread, frame: f})
	}
	return events, nil
}

// errGap is a log whose numbers do not follow each other: the one thing a reader must never be given.
var errGap = errors.New("the log has a gap")

// ends says whether an error of a Source means that the thread is closed to the reader, and not that reading it failed.
func ends(err error) bool {
	kind := consult.KindOf(err)
	return kind == consult.NotFound || kind == consult.Forbidden || kind == consult.SignedOut
}

// recovered turns a panic into an error: a template that fails must cost one thread its news, not everyone the server.
func recovered(op string, err *error) {
	if p := recover(); p != nil {
		*err = &consult.Error{Kind: consult.Internal, Op: op, Err: fmt.Errorf("panic: %v\n%s", p, debug.Stack())}
	}
}
