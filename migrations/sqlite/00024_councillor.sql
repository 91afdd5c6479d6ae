-- Councillors: elected members whom residents ask about applications, and the questions they pass to the service.

-- +goose Up
CREATE TABLE councillor (
	id         INTEGER NOT NULL PRIMARY KEY,
	name       TEXT    NOT NULL, -- as residents read it: public
	ward_code  TEXT    NOT NULL,
	link       INTEGER NOT NULL, -- only the latest personal link opens
	left_at    INTEGER NOT NULL,
	created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE councillor_contact (
	councillor INTEGER NOT NULL PRIMARY KEY REFERENCES councillor (id),
	email      TEXT    NOT NULL,
	language   TEXT    NOT NULL
) STRICT;

-- A councillor has one thread about a consultation, also when the link is asked for twice at once; also lists a councillor's threads.
CREATE UNIQUE INDEX thread_councillor ON thread (anchor_id, consultation) WHERE anchor = 'councillor';

CREATE TABLE passed (
	message      INTEGER NOT NULL PRIMARY KEY REFERENCES message (id),
	thread       INTEGER NOT NULL REFERENCES thread (id),
	consultation INTEGER NOT NULL REFERENCES consultation (id),
	councillor   INTEGER NOT NULL REFERENCES councillor (id),
	service      TEXT    NOT NULL,
	say          INTEGER NOT NULL, -- the councillor's message that passed it on
	at           INTEGER NOT NULL,
	answered_at  INTEGER NOT NULL
) STRICT;

-- A thread knows what it passed on, and what of it still waits.
CREATE INDEX passed_thread ON passed (thread, answered_at);
