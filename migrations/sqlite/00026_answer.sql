-- Answers to concerns: their versions, who got them, and what they said of them.

-- +goose Up
CREATE TABLE answer (
	id           INTEGER NOT NULL PRIMARY KEY,
	concern      INTEGER NOT NULL REFERENCES concern (id),
	consultation INTEGER NOT NULL REFERENCES consultation (id),
	version      INTEGER NOT NULL, -- of the concern's answer, from 1
	body         TEXT NOT NULL,
	language     TEXT NOT NULL,
	changed      TEXT NOT NULL, -- what is different from the version before
	state        TEXT NOT NULL,
	service      TEXT NOT NULL,
	title        TEXT NOT NULL,
	author       INTEGER NOT NULL, -- the officer who changed its words last; never public
	reviewer     INTEGER NOT NULL, -- the officer who approved it; never public
	rev          INTEGER NOT NULL, -- compare-and-set of every save
	goes_at      INTEGER NOT NULL, -- when it goes out; 0 = nobody said so, or it was undone
	published_at INTEGER NOT NULL,
	work_at      INTEGER NOT NULL, -- when there is something to do for it; 0 = it is at rest
	delivered    INTEGER NOT NULL, -- comments and messages that have it; batches of deliveries are compared with it
	created_at   INTEGER NOT NULL,
	updated_at   INTEGER NOT NULL,
	UNIQUE (concern, version)
) STRICT;

-- Two officers who begin an answer at once write one.
CREATE UNIQUE INDEX answer_open ON answer (concern) WHERE state IN ('draft', 'review', 'approved', 'taken-back');
-- Every node asks again and again what there is to do.
CREATE INDEX answer_work ON answer (work_at) WHERE work_at > 0;

CREATE TABLE answer_translation (
	answer   INTEGER NOT NULL REFERENCES answer (id),
	language TEXT NOT NULL,
	body     TEXT NOT NULL,
	checked  INTEGER NOT NULL, -- by a person
	PRIMARY KEY (answer, language)
) STRICT;

-- Exactly once: this row, the official message, its event and its mail are one transaction.
CREATE TABLE answer_delivery (
	answer  INTEGER NOT NULL REFERENCES answer (id),
	source  INTEGER NOT NULL, -- a comment or a message
	message INTEGER NOT NULL, -- the official message that carries it
	channel TEXT NOT NULL,
	at      INTEGER NOT NULL,
	PRIMARY KEY (answer, source)
) STRICT;

-- What of the source it answers.
CREATE TABLE answer_point (
	answer INTEGER NOT NULL,
	source INTEGER NOT NULL,
	topic  TEXT NOT NULL, -- '' = a message
	at     INTEGER NOT NULL,
	PRIMARY KEY (answer, source, topic)
) STRICT;

-- A comment's own page, and whether all its points are answered.
CREATE INDEX answer_point_source ON answer_point (source, topic);

CREATE TABLE verdict (
	answer INTEGER NOT NULL,
	source INTEGER NOT NULL,
	topic  TEXT NOT NULL,
	value  TEXT NOT NULL,
	at     INTEGER NOT NULL,
	PRIMARY KEY (answer, source, topic)
) STRICT;

-- People's words, for officers alone.
CREATE TABLE verdict_reason (
	answer INTEGER NOT NULL,
	source INTEGER NOT NULL,
	topic  TEXT NOT NULL,
	reason TEXT NOT NULL,
	PRIMARY KEY (answer, source, topic)
) STRICT;

ALTER TABLE message ADD COLUMN answer INTEGER NOT NULL DEFAULT 0; -- the answer it carries; 0 = it was written for this thread alone

-- From now on a comment's thread is there when the comment arrives, so that its author's page can follow it before anybody has answered.
-- Those of earlier comments get theirs here; an id one above the comment's is nobody's.
INSERT INTO thread (id, consultation, anchor, anchor_id, title, epoch, seq, locked, waiting_message, waiting_since, answer_due, created_at,
	last_at, messages)
SELECT c.id + 1, c.consultation, 'comment', c.id, '', 'comment-' || CAST(c.id AS TEXT), 0, 0, 0, 0, 0, c.received_at, c.received_at, 0
FROM comment c WHERE NOT EXISTS (SELECT 1 FROM thread t WHERE t.anchor = 'comment' AND t.anchor_id = c.id)
	AND NOT EXISTS (SELECT 1 FROM thread t WHERE t.id = c.id + 1);
