-- Councillors: elected members whom residents ask about applications, and the questions they pass to the service.

-- +goose Up
CREATE TABLE councillor (
	id         BIGINT NOT NULL PRIMARY KEY,
	name       TEXT   NOT NULL, -- as residents read it: public
	ward_code  TEXT   NOT NULL,
	link       BIGINT NOT NULL, -- only the latest personal link opens
	left_at    BIGINT NOT NULL,
	created_at BIGINT NOT NULL
);

CREATE TABLE councillor_contact (
	councillor BIGINT NOT NULL PRIMARY KEY REFERENCES councillor (id),
	email      TEXT   NOT NULL,
	language   TEXT   NOT NULL
);

-- A councillor has one thread about a consultation, also when the link is asked for twice at once; also lists a councillor's threads.
CREATE UNIQUE INDEX thread_councillor ON thread (anchor_id, consultation) WHERE anchor = 'councillor';

CREATE TABLE passed (
	message      BIGINT NOT NULL PRIMARY KEY REFERENCES message (id),
	thread       BIGINT NOT NULL REFERENCES thread (id),
	consultation BIGINT NOT NULL REFERENCES consultation (id),
	councillor   BIGINT NOT NULL REFERENCES councillor (id),
	service      TEXT   NOT NULL,
	say          BIGINT NOT NULL, -- the councillor's message that passed it on
	at           BIGINT NOT NULL,
	answered_at  BIGINT NOT NULL
);

-- A thread knows what it passed on, and what of it still waits.
CREATE INDEX passed_thread ON passed (thread, answered_at);
