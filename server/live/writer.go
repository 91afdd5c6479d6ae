package live

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"net"
	"sync"
	"time"
)

// A socket has at most one writer, which runs only while there is something to write: ten thousand quiet sockets then
// cost no goroutine for writing. Whoever has something to write leaves it under conn.mu and starts the writer if none
// is running; the handler waits for the last one before it returns.

// mergeBytes is how much a writer puts into one write.
const mergeBytes = 32 << 10

var mergeBuffers = sync.Pool{New: func() any { b := make([]byte, 0, mergeBytes); return &b }}

// send queues a frame. A client that would make the queue too long reads too slowly and is cut. It is false when the
// socket is closing.
func (c *conn) send(f frame) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.code != 0 {
		return false
	}
	if c.queued+len(f) > c.hub.limits.QueueBytes {
		c.closeLocked(CloseSlow, closeFrame(CloseSlow, "reads too slowly"))
		return false
	}
	c.queueLocked(f)
	return true
}

// offer queues a frame that is worth nothing later, if the socket is not busy.
func (c *conn) offer(f frame) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.code == 0 && c.queued < c.hub.share() {
		c.queueLocked(f)
	}
}

func (c *conn) queueLocked(f frame) {
	c.queue = append(c.queue, f)
	c.queued += len(f)
	c.wakeLocked()
}

// catchUp has the writer read for a member.
func (c *conn) catchUp(m *member) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.catchUpLocked(m)
}

func (c *conn) catchUpLocked(m *member) {
	if c.ended {
		return
	}
	c.behind = append(c.behind, m)
	c.wakeLocked()
}

// catchUpIn is catchUp after a while.
func (c *conn) catchUpIn(m *member, d time.Duration) {
	time.AfterFunc(d, func() { c.catchUp(m) })
}

// close closes the socket with a code, unless it is closing already.
func (c *conn) close(code int, reason string) {
	var farewell frame
	if code != closeGone {
		farewell = closeFrame(code, reason)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closeLocked(code, farewell)
}

// answerClose answers a client's close with the code it gave.
func (c *conn) answerClose(payload []byte) {
	farewell := encode(opClose, nil)
	if len(payload) >= 2 {
		farewell = closeFrame(int(binary.BigEndian.Uint16(payload)), "")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closeLocked(CloseNormal, farewell)
}

func (c *conn) closeLocked(code int, farewell frame) {
	if c.code != 0 {
		return
	}
	c.code, c.farewell = code, farewell
	c.hub.stats.close(code)
	switch code {
	case CloseNormal, CloseSlow, closeGone: // nobody reads what is left
		for _, f := range c.queue {
			c.queued -= len(f)
		}
		c.queue = nil
	}
	c.wakeLocked()
}

func (c *conn) closing() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.code != 0
}

func (c *conn) wakeLocked() {
	if c.writing || c.ended {
		return
	}
	c.writing = true
	go c.write()
}

// write is the writer. It ends when there is nothing to write.
func (c *conn) write() {
	for {
		frames, m, farewell := c.work()
		switch {
		case len(frames) > 0:
			if !c.put(frames) {
				return
			}
		case farewell:
			c.sayFarewell()
			return
		case m != nil:
			f := m.next()
			if f == nil {
				continue
			}
			c.count(f)
			if !c.put([]frame{f}) {
				return
			}
			c.catchUp(m)
		default:
			return
		}
	}
}

// work takes what is to be done next: the queue, then the farewell, then one member that is behind. When it is nothing,
// the writer has ended.
func (c *conn) work() (frames []frame, m *member, farewell bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case len(c.queue) > 0:
		frames, c.queue = c.queue, nil
	case c.code != 0:
		farewell = true
	case len(c.behind) > 0:
		m, c.behind = c.behind[0], c.behind[1:]
	default:
		c.writing = false
	}
	return frames, m, farewell
}

// count adds a frame that never was in the queue to what is under way.
func (c *conn) count(f frame) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.queued += len(f)
}

// put writes frames, several in one write where they fit. It is false when the writer has to end.
func (c *conn) put(frames []frame) bool {
	err := c.putMerged(frames)
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, f := range frames {
		c.queued -= len(f)
	}
	if err == nil {
		return true
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		c.closeLocked(CloseSlow, nil)
	} else {
		c.closeLocked(closeGone, nil)
	}
	c.endLocked(0)
	return false
}

func (c *conn) putMerged(frames []frame) error {
	if len(frames) == 1 {
		return c.putBytes(frames[0])
	}
	pooled := mergeBuffers.Get().(*[]byte)
	defer mergeBuffers.Put(pooled)
	merged := (*pooled)[:0]
	for _, f := range frames {
		if len(merged)+len(f) > mergeBytes && len(merged) > 0 {
			if err := c.putBytes(merged); err != nil {
				return err
			}
			merged = merged[:0]
		}
		if len(f) > mergeBytes {
			if err := c.putBytes(f); err != nil {
				return err
			}
			continue
		}
		merged = append(merged, f...)
	}
	if len(merged) == 0 {
		return nil
	}
	return c.putBytes(merged)
}

func (c *conn) putBytes(b []byte) error {
	c.mu.Lock()
	until := time.Now()
	if !c.aborted {
		until = until.Add(c.hub.limits.Write)
	}
	err := c.raw.SetWriteDeadline(until)
	c.mu.Unlock()
	if err == nil {
		_, err = c.raw.Write(b)
	}
	return err
}

// sayFarewell writes the close, if there is one to write, and ends the socket.
func (c *conn) sayFarewell() {
	c.mu.Lock()
	farewell := c.farewell
	c.mu.Unlock()
	said := farewell != nil && c.putBytes(farewell) == nil
	c.mu.Lock()
	defer c.mu.Unlock()
	c.said = said
	var wait time.Duration
	if said {
		wait = c.hub.limits.CloseWait
	}
	c.endLocked(wait)
}

func (c *conn) saidFarewell() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.said
}

// endLocked ends writing for good and gives the reader so long to see the client's answer.
func (c *conn) endLocked(wait time.Duration) {
	c.ended, c.writing = true, false
	c.queue, c.behind = nil, nil
	c.pinger.Stop()
	if c.aborted {
		wait = 0
	}
	_ = c.raw.SetReadDeadline(time.Now().Add(wait)) // a connection that cannot be told fails in the read
	close(c.written)
}

// startPinging pings at the interval, from a random point on: sockets that came together do not stay together.
func (c *conn) startPinging() {
	c.mu.Lock()
	defer c.mu.Unlock()
	every := c.hub.limits.Ping
	c.pinger = time.AfterFunc(every/2+rand.N(every/2), func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.code != 0 {
			return
		}
		c.queueLocked(pingFrame)
		c.pinger.Reset(every)
	})
}

// pingFrame is a ping for those that can be cut off, and a sign of life for those that must notice that they are: a page
// never sees a ping, its browser answers it.
var pingFrame = append(encode(opPing, nil), reply{Type: "alive"}.frame()...)

// release hands the raw connection back to the server.
func (c *conn) release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.released = true
}

// abort ends all reading and writing at once, when there is no more time for manners.
func (c *conn) abort() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.aborted = true
	if !c.released {
		_ = c.raw.SetDeadline(time.Now())
	}
}
