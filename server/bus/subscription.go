package bus

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"time"

	"github.com/redis/go-redis/v9"
)

// A quiet connection is asked for a sign of life, because one that a middlebox has dropped looks just the same: a
// subscriber never writes, so it would never find out.
const (
	pingAfter = 2 * time.Second
	pongWait  = 2 * time.Second
)

var errSilent = errors.New("no answer to a ping")

// subscribe keeps a subscription alive until ctx ends, and reports and logs each change of its state, once.
func (b *RedisBus) subscribe(ctx context.Context, box *mailbox, states chan<- bool) {
	l := link{bus: b, states: states}
	defer l.forget()
	for failures := 1; ctx.Err() == nil; failures++ {
		err := b.receive(ctx, box, func() {
			failures = 0
			l.tell(ctx, true, nil)
		})
		if ctx.Err() != nil {
			return
		}
		l.tell(ctx, false, err)
		select {
		case <-ctx.Done():
		case <-time.After(backoff(failures)):
		}
	}
}

// link is the state of one subscription as it was last told.
type link struct {
	bus      *RedisBus
	states   chan<- bool
	up, told bool
}

func (l *link) tell(ctx context.Context, up bool, err error) {
	if l.told && l.up == up {
		return
	}
	l.forget()
	l.up, l.told = up, true
	if up {
		l.bus.heard.Add(1)
		slog.Info("bus: connected to Redis")
	} else {
		slog.Warn("bus: Redis is away, nodes look into the database", "err", err)
	}
	select {
	case l.states <- up:
	case <-ctx.Done():
	}
}

// forget takes the subscription out of what Up counts.
func (l *link) forget() {
	if l.up {
		l.bus.heard.Add(-1)
		l.up = false
	}
}

// receive holds one connection until it fails. It never lets the library reconnect in secret: a change of connection
// is a moment in which rings were lost, and those who listen must know.
func (b *RedisBus) receive(ctx context.Context, box *mailbox, connected func()) error {
	sub := b.client.Subscribe(ctx, channel)
	defer sub.Close()
	defer context.AfterFunc(ctx, func() { sub.Close() })() // a pending read does not heed ctx

	if _, err := sub.ReceiveTimeout(ctx, callTimeout); err != nil {
		return err
	}
	connected()
	for asked := false; ; {
		wait := pingAfter
		if asked {
			wait = pongWait
		}
		message, err := sub.ReceiveTimeout(ctx, wait)
		switch {
		case err == nil:
			asked = false
			accept(box, message)
		case !isTimeout(err):
			return err
		case asked:
			return errSilent
		default:
			if err := sub.Ping(ctx); err != nil {
				return err
			}
			asked = true
		}
	}
}

// accept takes a ring out of what came in. Anything else on the channel is not ours and means nothing.
func accept(box *mailbox, message any) {
	m, ok := message.(*redis.Message)
	if !ok {
		return
	}
	if r, err := decode(m.Payload); err == nil && r.Thread > 0 && r.Seq >= 0 {
		box.put(r)
	}
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}
