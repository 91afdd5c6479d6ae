package live

import (
	"bufio"
	"errors"
	"io"
	"net"
	"runtime/debug"
	"sync"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// readBuffer is small because thousands of sockets hold one while nothing comes in.
const readBuffer = 256

// conn is one socket. It is our own and never pooled: timers and the hub may hold it after its end, its raw connection
// only until release.
type conn struct {
	hub     *Hub
	raw     net.Conn
	viewer  Viewer
	address string
	opened  time.Time

	// used by the reading goroutine alone
	in      frameReader
	greeted bool // a sensible message has come
	bad     int  // senseless ones
	resets  int  // resets in a row
	budget  bucket
	silent  bool // nothing more will come
	lost    bool // it is not known where the next frame starts

	mu       sync.Mutex
	members  map[consult.ID]*member
	behind   []*member // those the writer has to read for
	queue    []frame
	queued   int  // bytes in the queue and in the write under way
	writing  bool // a writer is running
	code     int  // why the socket closes; 0 = it does not
	farewell frame
	said     bool // the farewell was written
	ended    bool // the last byte was written, or cannot be
	aborted  bool // there is no time left for anything
	released bool // raw belongs to the server again
	pinger   *time.Timer
	written  chan struct{} // closed when ended
}

func newConn(h *Hub, raw net.Conn, v Viewer, address string) *conn {
	return &conn{
		hub: h, raw: raw, viewer: v, address: address, opened: time.Now(),
		in: frameReader{
			in:         bufio.NewReaderSize(raw, readBuffer),
			maxMessage: h.limits.MessageBytes, maxFragment: h.limits.Fragments,
		},
		budget:  bucket{rate: float64(h.limits.FramesPerSecond)},
		members: map[consult.ID]*member{},
		written: make(chan struct{}),
	}
}

// run serves the socket until it has ended. When it returns, nothing holds the raw connection any more: it came from a
// pool and goes back to it, to be another citizen's.
func (c *conn) run() {
	c.read()
	c.leaveAll()
	<-c.written
	c.drain()
	c.release()
}

// read serves what the client sends until the socket closes, for whatever reason; close has been called then.
func (c *conn) read() {
	defer func() {
		if p := recover(); p != nil {
			c.hub.log.Error("live: panic", "err", p, "stack", string(debug.Stack()))
			c.close(CloseInternal, "internal error")
		}
	}()
	for {
		if !c.readUntil(c.readBy()) {
			return
		}
		p, err := c.in.next()
		if err != nil {
			c.readFailed(err)
			return
		}
		if p.op == opClose {
			c.silent = true
			c.answerClose(p.payload)
			return
		}
		c.handle(p)
	}
}

// readBy is when the next frame must have come in whole.
func (c *conn) readBy() time.Time {
	if !c.greeted {
		return c.opened.Add(c.hub.limits.FirstFrame)
	}
	return time.Now().Add(c.hub.limits.Ping + c.hub.limits.Pong)
}

func (c *conn) readFailed(err error) {
	var v *violation
	var timeout net.Error
	switch {
	case c.closing():
	case errors.As(err, &v):
		c.close(v.code, v.reason)
	case errors.As(err, &timeout) && timeout.Timeout() && !c.greeted:
		c.close(ClosePolicy, "nothing was asked for")
	case errors.As(err, &timeout) && timeout.Timeout():
		c.close(ClosePing, "no sign of life")
	default:
		c.silent = true
		c.close(closeGone, "")
	}
	c.lost = true
}

// handle deals with one ping, pong or message. What is over the limit is not looked at.
func (c *conn) handle(p packet) {
	if !c.viewer.Unlimited {
		switch over := c.budget.take(time.Now()); {
		case over >= c.hub.limits.FramesPerSecond:
			c.close(CloseRate, "too many messages")
			return
		case over == 1:
			c.send(errorFrame(codeRate, 0))
			return
		case over > 0:
			return
		}
	}
	switch p.op {
	case opPing:
		c.send(encode(opPong, p.payload))
	case opText:
		c.serve(p.payload)
	}
}

// serve answers one message.
func (c *conn) serve(message []byte) {
	req, ok := decodeRequest(message)
	if !ok {
		c.bad++
		c.send(errorFrame(codeBadRequest, 0))
		if c.bad >= c.hub.limits.BadRequests {
			c.close(ClosePolicy, "too many bad requests")
		}
		return
	}
	c.greeted = true
	thread, err := consult.ParseID(req.Thread)
	if err != nil {
		c.send(errorFrame(codeNotFound, 0))
		return
	}
	switch req.Type {
	case "join":
		c.join(thread, req)
	case "leave":
		c.leave(thread)
	case "typing":
		if m := c.member(thread); m != nil {
			m.stream.room.typing(m)
		}
	}
}

// join enters the room first and reads the head second, so that nothing can happen unheard in between (L4).
func (c *conn) join(thread consult.ID, req request) {
	c.leave(thread)
	if c.following() >= c.hub.limits.Threads {
		c.send(errorFrame(codeLimit, thread))
		return
	}
	r := c.hub.open(thread)
	head, audience, err := c.hub.source.join(c.hub.ctx, c.viewer, thread, req.Key)
	if err != nil {
		c.hub.release(r, 1)
		c.refuse(thread, err)
		return
	}
	since, ok := req.start(head, c.hub.limits.Replay)
	if !ok {
		c.hub.release(r, 1)
		c.send(resetFrame(thread))
		if c.resets++; c.resets >= c.hub.limits.Resets {
			c.close(CloseReset, "resets go unheeded")
		}
		return
	}
	c.resets = 0
	r.attach(c, head, audience, since, req.Render == "html")
}

// refuse says why a thread cannot be joined, in a way that tells no one what exists.
func (c *conn) refuse(thread consult.ID, err error) {
	switch consult.KindOf(err) {
	case consult.NotFound, consult.Forbidden:
		c.send(errorFrame(codeNotFound, thread))
	case consult.SignedOut:
		c.close(CloseSession, "sign in first")
	case consult.TooMany:
		c.send(errorFrame(codeRate, thread))
	default:
		if c.hub.ctx.Err() == nil {
			c.hub.stats.sourceErrors.Add(1)
			c.hub.log.Error("live: cannot join a thread", "thread", thread, "err", err)
		}
		c.send(errorFrame(codeUnavailable, thread))
	}
}

func (c *conn) leave(thread consult.ID) {
	if m := c.member(thread); m != nil {
		m.stream.room.detach(m)
	}
}

func (c *conn) leaveAll() {
	c.mu.Lock()
	members := make([]*member, 0, len(c.members))
	for _, m := range c.members {
		members = append(members, m)
	}
	c.mu.Unlock()
	for _, m := range members {
		m.stream.room.detach(m)
	}
}

// follow and unfollow are called with the room locked.
func (c *conn) follow(m *member) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.members[m.stream.room.thread] = m
	c.catchUpLocked(m)
}

func (c *conn) unfollow(thread consult.ID, m *member) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.members[thread] == m {
		delete(c.members, thread)
	}
}

func (c *conn) member(thread consult.ID) *member {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.members[thread]
}

func (c *conn) following() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.members)
}

// drain reads on after our close until the client has answered it, hung up or taken too long. Without it the system
// would answer unread data with a reset, and the client might never see why it was cut.
func (c *conn) drain() {
	if c.silent || !c.saidFarewell() {
		return
	}
	for !c.lost {
		p, err := c.in.next()
		if err == nil && p.op == opClose {
			return
		}
		c.lost = err != nil
	}
	_, _ = io.Copy(io.Discard, c.in.in) // ends with the connection or the deadline that the writer set at its end
}

// readUntil gives the next read its time. It is false when the socket is closing: then the writer sets the time.
func (c *conn) readUntil(t time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.code == 0 {
		_ = c.raw.SetReadDeadline(t) // a connection that cannot be told fails in the read
	}
	return c.code == 0
}
