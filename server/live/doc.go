// Package live keeps open pages up to date: sockets that carry the events of threads to everyone who reads them, so
// that nothing is missing and nothing doubles. docs/live-protocol.md is the reference of what goes over the wire.
//
// The log of a thread is the database; this package never holds the truth. A Source reads it, a bus.Bus says when to.
//
//	handshake.go  who may open a socket
//	conn.go       one socket: reads requests, joins and leaves threads
//	writer.go     one socket: its queue and the one goroutine that writes it
//	wire.go       WebSocket frames; protocol.go what stands in them
//	room.go       one thread on this node: who reads it and how far the log is known to reach
//	stream.go     one thread as one audience sees it: read once, rendered once, given to all
//	hub.go        all of them; check.go looks for lost rings and ended sessions
//
// How nothing gets lost: a reader enters the room first and reads the head of the log second, so whatever happens in
// between is heard (subscribe, then read). Until it has caught up with its stream its own writer reads for it; then,
// under the room's lock, it turns live exactly where the stream stands. From there the stream hands it every event in
// order, and a number that would not follow the one before closes the socket instead of skipping (CloseGap).
//
// Locks are taken in the order stream.reading, Hub.mu, room.mu, conn.mu; a Source is never called under the latter
// three.
package live
