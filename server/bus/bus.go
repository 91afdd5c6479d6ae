// Package bus is the doorbell between nodes: after something was written to a thread, it tells every node that the
// thread moved on, and nothing else. What happened is read from the database, which is the log; a ring that gets lost
// costs time, never a message. So a bus may merge rings, repeat them and lose them, and it never waits.
package bus

import (
	"context"
	"errors"

	"github.com/yousaid/yousaid/server/consult"
)

// Ring says that a thread's log reaches at least to Seq. It carries no content: who may read what is decided by each
// node for each of its readers.
type Ring struct {
	Thread consult.ID
	Seq    int64
	Epoch  string
}

// Bus connects the nodes of one deployment.
type Bus interface {
	// Ring tells every node, this one included. It never waits for the network. The only errors are a context that
	// has ended and a bus that is closed (Unavailable).
	Ring(ctx context.Context, r Ring) error
	// Listen passes on what is rung until ctx ends; then it returns nil. On a closed bus it returns an error. It calls
	// state first with whether the other nodes can be heard now, and again on every change; rings missed while down
	// are not made up for. Rings of one thread that arrive faster than hear returns are merged into the newest. hear
	// and state are never called at the same time, nor after Listen has returned.
	Listen(ctx context.Context, hear func(Ring), state func(up bool)) error
	// Up says whether a listener of this bus can hear the other nodes now.
	Up() bool
	// Close ends the bus and every Listen on it.
	Close() error
}

var errClosed = errors.New("the bus is closed")

func closed(op string) error {
	return &consult.Error{Kind: consult.Unavailable, Op: op, Err: errClosed}
}
