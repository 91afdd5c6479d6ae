package live

import "time"

// Limits are the bounds and timings of a hub. The zero value lets nobody in; start from Defaults.
type Limits struct {
	// Origins are the exact origins whose pages may open sockets, such as "https://consult.example.org".
	Origins []string
	// Connections is how many sockets this node holds, PerAddress how many from one client address, a whole school
	// or library behind one router included. 0 lifts PerAddress.
	Connections, PerAddress int
	// HandshakesPerSecond admits so many new sockets each second; the rest is told to come back (503).
	HandshakesPerSecond int

	// Threads is how many threads one socket may follow.
	Threads int
	// MessageBytes bounds one message from a client, Fragments the pieces it may come in.
	MessageBytes, Fragments int
	// BadRequests is how many senseless messages a client may send before it is cut.
	BadRequests int
	// FramesPerSecond is how many messages and pings a client may send; at twice that it is cut.
	FramesPerSecond int
	// Resets is how many resets in a row a client may earn by joining with a position that no longer exists.
	Resets int

	// QueueBytes bounds what waits for one slow reader.
	QueueBytes int
	// Replay is how many missed events are sent again; a client farther behind reloads (reset).
	Replay int
	// Window is the pause after events were given out in a thread. The first event of a quiet thread leaves at once;
	// in a busy one those of a window leave in one read and one write.
	Window time.Duration

	// FirstFrame is how long a new client may stay silent.
	FirstFrame time.Duration
	// Ping is the interval of pings, Pong how long an answer may take.
	Ping, Pong time.Duration
	// Write bounds one write to a socket, Read one call to the Source.
	Write, Read time.Duration
	// CloseWait is how long a client may take to answer a close.
	CloseWait time.Duration
	// HeadCheck is how often the heads of all threads are compared with the database, Poll the same while the bus is
	// down, both give or take a fifth.
	HeadCheck, Poll time.Duration
	// SessionCheck is how often it is checked that sessions still live.
	SessionCheck time.Duration
	// Typing is the shortest time between two signals that someone is typing in a thread.
	Typing time.Duration
	// RetrySpread is the time over which clients are asked to come back after a shutdown.
	RetrySpread time.Duration
}

// Defaults are the limits of production, without an origin.
func Defaults() Limits {
	return Limits{
		Connections:         12_000,
		PerAddress:          500,
		HandshakesPerSecond: 2_000,

		Threads:         32,
		MessageBytes:    16 << 10,
		Fragments:       64,
		BadRequests:     5,
		FramesPerSecond: 50,
		Resets:          5,

		QueueBytes: 256 << 10,
		Replay:     500,
		Window:     50 * time.Millisecond,

		FirstFrame:   10 * time.Second,
		Ping:         25 * time.Second,
		Pong:         8 * time.Second,
		Write:        5 * time.Second,
		Read:         5 * time.Second,
		CloseWait:    2 * time.Second,
		HeadCheck:    15 * time.Second,
		Poll:         2 * time.Second,
		SessionCheck: 3 * time.Second,
		Typing:       3 * time.Second,
		RetrySpread:  5 * time.Second,
	}
}
