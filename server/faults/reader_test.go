package faults

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/fasthttp/websocket"
)

// reader follows the thread as an open page does: after every loss it comes back, to the next node, with the number it saw last.
// Whatever does not follow the number before is a fault in the books.
type reader struct {
	site *site
	name string
	at   int

	mu     sync.Mutex
	last   int64
	epoch  string
	texts  map[int64]string
	faults []string
	codes  map[int]int // how sockets ended; -1 = without a close
	retry  int         // frames that said when to come back
	ws     *websocket.Conn
	over   bool
	moved  chan struct{}
	done   chan struct{}
}

func (s *site) reader(name string, at int) *reader {
	r := &reader{site: s, name: name, at: at, texts: map[int64]string{}, codes: map[int]int{}, moved: make(chan struct{}, 1), done: make(chan struct{})}
	go r.run()
	s.t.Cleanup(r.stop)
	return r
}

func (r *reader) run() {
	defer close(r.done)
	for !r.ended() {
		if ws := r.dial(); ws != nil {
			r.follow(ws)
		}
		r.at++
		time.Sleep(time.Duration(20+rand.IntN(200)) * time.Millisecond)
	}
}

func (r *reader) dial() *websocket.Conn {
	node := r.site.nodes[r.at%len(r.site.nodes)]
	d := websocket.Dialer{HandshakeTimeout: 10 * time.Second, Subprotocols: []string{"yousaid.v1"}}
	ws, _, err := d.Dial("ws"+strings.TrimPrefix(node.url, "http")+"/live",
		http.Header{"Origin": {node.url}, "Authorization": {"Bearer " + r.site.token}})
	if err != nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ws = ws; r.over {
		ws.Close()
	}
	return ws
}

// wireFrame is any frame of the server.
type wireFrame struct {
	Type  string
	Epoch string
	Seq   int64
	Data  struct{ Body string }
}

func (r *reader) follow(ws *websocket.Conn) {
	defer ws.Close()
	join := map[string]any{"type": "join", "thread": r.site.thread, "since": r.last, "epoch": r.epoch}
	if err := ws.WriteJSON(join); err != nil {
		r.note(func() { r.lost(-1) })
		return
	}
	for {
		_, message, err := ws.ReadMessage()
		if err != nil {
			code := -1
			var closed *websocket.CloseError
			if errors.As(err, &closed) {
				code = closed.Code
			}
			r.note(func() { r.lost(code) })
			return
		}
		var f wireFrame
		if err := json.Unmarshal(message, &f); err != nil {
			r.note(func() { r.faults = append(r.faults, fmt.Sprintf("not JSON: %.100s", message)) })
			continue
		}
		r.note(func() { r.take(f, message) })
	}
}

// lost notes how a socket ended, unless the reader ended it.
func (r *reader) lost(code int) {
	if !r.over {
		r.codes[code]++
	}
}

// take enters a frame into the books.
func (r *reader) take(f wireFrame, message []byte) {
	switch f.Type {
	case "joined":
		r.epoch = f.Epoch
	case "retry":
		r.retry++
	case "event":
		if f.Seq != r.last+1 {
			r.faults = append(r.faults, fmt.Sprintf("%d after %d", f.Seq, r.last))
		}
		r.last = f.Seq
		r.texts[f.Seq] = f.Data.Body
	case "reset", "error":
		r.faults = append(r.faults, string(message))
	}
}

func (r *reader) note(what func()) {
	r.mu.Lock()
	what()
	r.mu.Unlock()
	select {
	case r.moved <- struct{}{}:
	default:
	}
}

// await waits until something holds; holds is called with the reader locked.
func (r *reader) await(what string, holds func() bool) {
	r.site.t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for {
		r.mu.Lock()
		ok, last := holds(), r.last
		r.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-r.moved:
		case <-deadline.C:
			r.site.t.Fatalf("%s waited in vain for %s; its last event is %d", r.name, what, last)
		}
	}
}

// reach waits for an event's number.
func (r *reader) reach(seq int64) {
	r.site.t.Helper()
	r.await(fmt.Sprintf("event %d", seq), func() bool { return r.last >= seq })
}

func (r *reader) ended() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.over
}

// stop ends the reader; more than once is harmless.
func (r *reader) stop() {
	r.mu.Lock()
	r.over = true
	if r.ws != nil {
		r.ws.Close()
	}
	r.mu.Unlock()
	<-r.done
}
