package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"

	"github.com/yousaid/yousaid/server/consult"
)

const (
	channel = "yousaid:ring"

	// callTimeout bounds every dial, read and write. Measured with the library's defaults, one call to a dead Redis
	// took 1.7 s and one to a slow Redis ignored its context.
	callTimeout = 500 * time.Millisecond
	// maxBatch is how many rings are published in one round trip.
	maxBatch = 500

	minBackoff = 100 * time.Millisecond
	maxBackoff = 3 * time.Second
)

// RedisBus is the bus of a deployment with several nodes. Redis being away is a mode of it, not an error: this node
// goes on hearing itself, rings for the others are owed and sent when it is back, and Up says false so that nodes
// look into the database instead.
type RedisBus struct {
	client redis.UniversalClient
	board  switchboard
	owed   *mailbox
	heard  atomic.Int32 // listeners that are connected

	once  sync.Once
	over  chan struct{}
	ended chan struct{} // the publisher has ended
}

// Redis makes a bus over the pub/sub of a Redis: redis://[user:password@]host[:port][/db], rediss:// for TLS,
// unix:///path. For Redis Cluster add &addr=host:port for each further node; for Sentinel give the Sentinels this way
// and &master_name=…. The error is about the URL (Invalid, without its text: it holds the password); whether Redis
// answers shows later, in Up.
func Redis(address string) (*RedisBus, error) {
	options, err := parse(address)
	if err != nil {
		return nil, &consult.Error{Kind: consult.Invalid, Op: "read the address of Redis", Err: err}
	}
	logging.Disable() // it logs every failed attempt; a change of state is one line of ours
	b := &RedisBus{
		client: redis.NewUniversalClient(options),
		owed:   newMailbox(),
		over:   make(chan struct{}),
		ended:  make(chan struct{}),
	}
	go b.publish()
	return b, nil
}

func parse(address string) (*redis.UniversalOptions, error) {
	u, err := url.Parse(address)
	if err != nil {
		var wrong *url.Error
		errors.As(err, &wrong)
		return nil, wrong.Err // the outer error repeats the address
	}
	query := u.Query()
	more, master := query["addr"], query.Get("master_name")
	query.Del("addr")
	query.Del("master_name")
	u.RawQuery = query.Encode()
	one, err := redis.ParseURL(u.String())
	if err != nil {
		return nil, err
	}
	return &redis.UniversalOptions{
		Addrs: append([]string{one.Addr}, more...), MasterName: master,
		DB: one.DB, Username: one.Username, Password: one.Password, TLSConfig: one.TLSConfig,
		ContextTimeoutEnabled: true,
		DialTimeout:           callTimeout,
		DialerRetries:         1,
		ReadTimeout:           callTimeout,
		WriteTimeout:          callTimeout,
		MaxRetries:            -1,
		PoolSize:              2, // one publisher; subscriptions have connections of their own
		PipelinePoolSize:      -1,
		MaintNotificationsConfig: &maintnotifications.Config{
			Mode: maintnotifications.ModeDisabled,
		},
	}, nil
}

// Ring implements Bus. Listeners of this process hear it at once and, when it comes back from Redis, once more.
func (b *RedisBus) Ring(ctx context.Context, r Ring) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if b.closed() {
		return closed("ring the bus")
	}
	b.board.put(r)
	b.owed.put(r)
	return nil
}

// Listen implements Bus.
func (b *RedisBus) Listen(ctx context.Context, hear func(Ring), state func(up bool)) error {
	if b.closed() {
		return closed("listen to the bus")
	}
	box := b.board.open()
	defer b.board.shut(box)

	subscribed, cancel := context.WithCancel(ctx)
	states, ended := make(chan bool), make(chan struct{})
	go func() {
		defer close(ended)
		b.subscribe(subscribed, box, states)
	}()
	defer func() { cancel(); <-ended }()
	return attend(ctx, b.over, box, states, hear, state)
}

// Up implements Bus.
func (b *RedisBus) Up() bool { return b.heard.Load() > 0 }

// Close implements Bus. Rings that are still owed are sent first, if that takes no longer than one call.
func (b *RedisBus) Close() error {
	var err error
	b.once.Do(func() {
		close(b.over)
		<-b.ended
		err = b.client.Close()
	})
	return err
}

func (b *RedisBus) closed() bool {
	select {
	case <-b.over:
		return true
	default:
		return false
	}
}

// publish sends what is owed, all that has gathered in one round trip, and tries again until it succeeds.
func (b *RedisBus) publish() {
	defer close(b.ended)
	for failures := 0; ; {
		select {
		case <-b.over:
			_ = b.send(b.owed.take()) // one last try: nobody is left to hear of an error
			return
		case <-b.owed.filled:
		}
		rings := b.owed.take()
		if err := b.send(rings); err == nil {
			failures = 0
			continue
		}
		b.owed.putBack(rings)
		failures++
		select {
		case <-b.over:
		case <-time.After(backoff(failures)):
		}
	}
}

func (b *RedisBus) send(rings []Ring) error {
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	for len(rings) > 0 {
		batch := rings[:min(maxBatch, len(rings))]
		rings = rings[len(batch):]
		_, err := b.client.Pipelined(ctx, func(p redis.Pipeliner) error {
			for _, r := range batch {
				p.Publish(ctx, channel, r.encode())
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("publish rings: %w", err)
		}
	}
	return nil
}

// envelope is the form of a ring on the wire.
type envelope struct {
	Thread consult.ID `json:"thread"`
	Seq    int64      `json:"seq"`
	Epoch  string     `json:"epoch"`
}

func (r Ring) encode() string {
	text, err := json.Marshal(envelope(r))
	if err != nil {
		panic(err) // an id, a number and a text always encode
	}
	return string(text)
}

func decode(text string) (Ring, error) {
	var e envelope
	err := json.Unmarshal([]byte(text), &e)
	return Ring(e), err
}

// backoff is how long to wait after so many failures in a row: doubling, with jitter so that nodes do not return as one.
func backoff(failures int) time.Duration {
	limit := min(minBackoff<<min(failures, 10), maxBackoff)
	return limit/2 + rand.N(limit/2)
}
