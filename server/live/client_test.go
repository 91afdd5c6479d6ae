package live_test

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/fasthttp/websocket"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/live"
)

// got is any frame of the server.
type got struct {
	Type    string
	Thread  string
	Epoch   string
	Seq     int64
	Kind    string
	Data    struct{ Text string }
	HTML    string
	Code    string
	Officer bool
	RetryMS int64 `json:"retry_ms"`
	raw     string
}

// client is a reader. It is written with another WebSocket implementation than the server's.
type client struct {
	t    testing.TB
	ws   *websocket.Conn
	conn net.Conn

	mu     sync.Mutex
	frames []got
	pings  int
	code   int // of the close; 0 = open, -1 = ended without one
	moved  chan struct{}
}

type header map[string]string

// dial opens a socket; headers replace the usual ones, and an empty value leaves one out.
func (s *site) dial(t testing.TB, headers ...header) (*client, *http.Response, error) {
	t.Helper()
	h := http.Header{"Origin": {origin}}
	for _, more := range headers {
		for k, v := range more {
			h.Del(k)
			if v != "" {
				h.Set(k, v)
			}
		}
	}
	c := &client{t: t, moved: make(chan struct{}, 1)}
	d := websocket.Dialer{
		HandshakeTimeout: patience,
		Subprotocols:     []string{live.Subprotocol},
		NetDial: func(network, address string) (net.Conn, error) {
			conn, err := net.Dial(network, address)
			c.conn = conn
			return conn, err
		},
	}
	ws, response, err := d.Dial("ws://"+s.address+"/live", h)
	if err != nil {
		return nil, response, err
	}
	c.ws = ws
	t.Cleanup(func() { ws.Close() })
	return c, response, nil
}

// connect opens a socket and starts reading it.
func (s *site) connect(t testing.TB, headers ...header) *client {
	t.Helper()
	c := s.open(t, headers...)
	go c.read()
	return c
}

// open opens a socket that nobody reads yet.
func (s *site) open(t testing.TB, headers ...header) *client {
	t.Helper()
	c, _, err := s.dial(t, headers...)
	if err != nil {
		t.Fatalf("open a socket: %v", err)
	}
	return c
}

func (c *client) read() {
	answer := c.ws.PingHandler()
	c.ws.SetPingHandler(func(data string) error {
		c.note(func() { c.pings++ })
		return answer(data)
	})
	for {
		_, message, err := c.ws.ReadMessage()
		if err != nil {
			code := -1
			var closed *websocket.CloseError
			if errors.As(err, &closed) {
				code = closed.Code
			}
			c.note(func() { c.code = code })
			c.ws.Close()
			return
		}
		g := got{raw: string(message)}
		if err := json.Unmarshal(message, &g); err != nil {
			c.t.Errorf("not JSON: %s", message)
		}
		c.note(func() { c.frames = append(c.frames, g) })
	}
}

func (c *client) note(what func()) {
	c.mu.Lock()
	what()
	c.mu.Unlock()
	select {
	case c.moved <- struct{}{}:
	default:
	}
}

// await waits for something to hold; holds is called with the client locked.
func (c *client) await(what string, holds func() bool) {
	c.t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for {
		c.mu.Lock()
		ok := holds()
		c.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-c.moved:
		case <-deadline.C:
			c.mu.Lock()
			defer c.mu.Unlock()
			var last []string
			for _, g := range c.frames[max(0, len(c.frames)-5):] {
				last = append(last, g.raw)
			}
			c.t.Fatalf("waited in vain for %s; %d frames, close %d, the last: %s", what, len(c.frames), c.code, last)
		}
	}
}

// next waits for the frame at a place in the order they came.
func (c *client) frame(n int) got {
	c.t.Helper()
	c.await("a frame", func() bool { return len(c.frames) > n })
	return c.all()[n]
}

// first waits for a frame of a type.
func (c *client) first(kind string) got {
	c.t.Helper()
	var found got
	c.await("a frame "+kind, func() bool {
		for _, g := range c.frames {
			if g.Type == kind {
				found = g
				return true
			}
		}
		return false
	})
	return found
}

func (c *client) count(kind string) (n int) {
	for _, g := range c.all() {
		if g.Type == kind {
			n++
		}
	}
	return n
}

func (c *client) all() []got {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]got(nil), c.frames...)
}

func (c *client) awaitClose(code int) {
	c.t.Helper()
	c.await("the close", func() bool { return c.code != 0 })
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.code != code {
		c.t.Errorf("closed with %d, want %d", c.code, code)
	}
}

// awaitText waits until an event with a text has come.
func (c *client) awaitText(text string) {
	c.t.Helper()
	c.await("the event "+text, func() bool {
		for _, g := range c.frames {
			if g.Type == "event" && g.Data.Text == text {
				return true
			}
		}
		return false
	})
}

func (c *client) send(message string) {
	c.t.Helper()
	if err := c.ws.WriteMessage(websocket.TextMessage, []byte(message)); err != nil {
		c.t.Fatalf("send: %v", err)
	}
}

// ask sends a request made of keys and values.
func (c *client) ask(kind string, thread consult.ID, more ...any) {
	c.t.Helper()
	request := map[string]any{"type": kind, "thread": thread}
	for i := 0; i < len(more); i += 2 {
		request[more[i].(string)] = more[i+1]
	}
	text, err := json.Marshal(request)
	if err != nil {
		c.t.Fatal(err)
	}
	c.send(string(text))
}

// join joins and waits for the answer.
func (c *client) join(thread consult.ID, more ...any) got {
	c.t.Helper()
	before := c.count("joined")
	c.ask("join", thread, more...)
	c.await("to have joined", func() bool {
		n := 0
		for _, g := range c.frames {
			if g.Type == "joined" {
				n++
			}
		}
		return n > before
	})
	frames := c.all()
	for i := len(frames) - 1; ; i-- {
		if frames[i].Type == "joined" {
			return frames[i]
		}
	}
}

// events lists the events of a thread in the order they came.
func (c *client) events(thread consult.ID) []got {
	var all []got
	for _, g := range c.all() {
		if g.Type == "event" && g.Thread == thread.String() {
			all = append(all, g)
		}
	}
	return all
}

// audit checks that a reader who joined after since got each event up to last once, in order: missing = 0, doubled = 0,
// out of order = 0.
func (c *client) audit(thread consult.ID, since, last int64) {
	c.t.Helper()
	c.await("the last event", func() bool {
		for i := len(c.frames) - 1; i >= 0; i-- {
			if g := c.frames[i]; g.Type == "event" && g.Thread == thread.String() {
				return g.Seq >= last
			}
		}
		return since == last
	})
	for _, g := range c.events(thread) {
		since++
		if g.Seq != since {
			c.t.Fatalf("event %d where %d must come", g.Seq, since)
		}
	}
	if since != last {
		c.t.Fatalf("the last event is %d, want %d", since, last)
	}
}
