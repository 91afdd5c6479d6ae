-- Live dialogue. The event table is the log that every reader follows by number; the outbox says which threads to ring.

-- +goose Up
CREATE TABLE thread (
	id              INTEGER NOT NULL PRIMARY KEY,
	consultation    INTEGER NOT NULL, -- 0 for the desk
	anchor          TEXT    NOT NULL,
	anchor_id       INTEGER NOT NULL,
	title           TEXT    NOT NULL,
	epoch           TEXT    NOT NULL,
	seq             INTEGER NOT NULL, -- the last event's number; its update orders the writers of a thread
	locked          INTEGER NOT NULL,
	waiting_message INTEGER NOT NULL, -- the oldest unanswered message; 0 = nothing waits
	waiting_since   INTEGER NOT NULL,
	answer_due      INTEGER NOT NULL,
	created_at      INTEGER NOT NULL,
	last_at         INTEGER NOT NULL, -- of the last message
	messages        INTEGER NOT NULL  -- visible ones
) STRICT;

-- A consultation's threads are listed by latest activity.
CREATE INDEX thread_consultation ON thread (consultation, last_at);
-- A comment has at most one thread, also when two officers answer at once.
CREATE UNIQUE INDEX thread_comment ON thread (anchor_id) WHERE anchor = 'comment';
-- The inbox: what waits for an answer, oldest promise first.
CREATE INDEX thread_waiting ON thread (answer_due, id) WHERE waiting_since > 0;
-- An import must know whether a thread hangs on a document it no longer brings.
CREATE INDEX thread_document ON thread (anchor_id) WHERE anchor = 'document';

CREATE TABLE message (
	id         INTEGER NOT NULL PRIMARY KEY,
	thread     INTEGER NOT NULL REFERENCES thread (id),
	seq        INTEGER NOT NULL,
	author     TEXT    NOT NULL,
	visitor    INTEGER NOT NULL,
	name       TEXT    NOT NULL,
	service    TEXT    NOT NULL,
	title      TEXT    NOT NULL,
	body       TEXT    NOT NULL,
	language   TEXT    NOT NULL,
	state      TEXT    NOT NULL,
	rule       TEXT    NOT NULL,
	reason     TEXT    NOT NULL,
	created_at INTEGER NOT NULL,
	answer_due INTEGER NOT NULL -- what was promised for this message, should it come to wait
) STRICT;

-- A thread is read backwards from its end, and no two messages share a number.
CREATE UNIQUE INDEX message_seq ON message (thread, seq);
-- The latest answers, and where the last one of a thread is.
CREATE INDEX message_official ON message (thread, seq) WHERE author = 'officer' AND state = 'visible';
-- The inbox: messages that wait for a moderator, oldest first.
CREATE INDEX message_held ON message (created_at, id) WHERE state = 'held';

CREATE TABLE event (
	thread  INTEGER NOT NULL REFERENCES thread (id),
	seq     INTEGER NOT NULL,
	kind    TEXT    NOT NULL,
	subject INTEGER NOT NULL,
	at      INTEGER NOT NULL,
	PRIMARY KEY (thread, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
	thread INTEGER NOT NULL,
	seq    INTEGER NOT NULL,
	at     INTEGER NOT NULL,
	PRIMARY KEY (thread, seq)
) STRICT, WITHOUT ROWID;

-- Rings are sent oldest first, and those nobody sent are dropped by age.
CREATE INDEX outbox_age ON outbox (at);
