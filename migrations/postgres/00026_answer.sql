-- Answers to concerns: their versions, who got them, and what they said of them.

-- +goose Up
CREATE TABLE answer (
	id           BIGINT NOT NULL PRIMARY KEY,
	concern      BIGINT NOT NULL REFERENCES concern (id),
	consultation BIGINT NOT NULL REFERENCES consultation (id),
	version      BIGINT NOT NULL, -- of the concern's answer, from 1
	body         TEXT NOT NULL,
	language     TEXT NOT NULL,
	changed      TEXT NOT NULL, -- what is different from the version before
	state        TEXT NOT NULL,
	service      TEXT NOT NULL,
	title        TEXT NOT NULL,
	author       BIGINT NOT NULL, -- the officer who changed its words last; never public
	reviewer     BIGINT NOT NULL, -- the officer who approved it; never public
	rev          BIGINT NOT NULL, -- compare-and-set of every save
	goes_at      BIGINT NOT NULL, -- when it goes out; 0 = nobody said so, or it was undone
	published_at BIGINT NOT NULL,
	work_at      BIGINT NOT NULL, -- when there is something to do for it; 0 = it is at rest
	delivered    BIGINT NOT NULL, -- comments and messages that have it; batches of deliveries are compared with it
	created_at   BIGINT NOT NULL,
	updated_at   BIGINT NOT NULL,
	UNIQUE (concern, version)
);

-- Two officers who begin an answer at once write one.
CREATE UNIQUE INDEX answer_open ON answer (concern) WHERE state IN ('draft', 'review', 'approved', 'taken-back');
-- Every node asks again and again what there is to do.
CREATE INDEX answer_work ON answer (work_at) WHERE work_at > 0;

CREATE TABLE answer_translation (
	answer   BIGINT NOT NULL REFERENCES answer (id),
	language TEXT NOT NULL,
	body     TEXT NOT NULL,
	checked  BOOLEAN NOT NULL, -- by a person
	PRIMARY KEY (answer, language)
);

-- Exactly once: this row, the official message, its event and its mail are one transaction.
CREATE TABLE answer_delivery (
	answer  BIGINT NOT NULL REFERENCES answer (id),
	source  BIGINT NOT NULL, -- a comment or a message
	message BIGINT NOT NULL, -- the official message that carries it
	channel TEXT NOT NULL,
	at      BIGINT NOT NULL,
	PRIMARY KEY (answer, source)
);

-- What of the source it answers.
CREATE TABLE answer_point (
	answer BIGINT NOT NULL,
	source BIGINT NOT NULL,
	topic  TEXT NOT NULL, -- '' = a message
	at     BIGINT NOT NULL,
	PRIMARY KEY (answer, source, topic)
);

-- A comment's own page, and whether all its points are answered.
CREATE INDEX answer_point_source ON answer_point (source, topic);

CREATE TABLE verdict (
	answer BIGINT NOT NULL,
	source BIGINT NOT NULL,
	topic  TEXT NOT NULL,
	value  TEXT NOT NULL,
	at     BIGINT NOT NULL,
	PRIMARY KEY (answer, source, topic)
);

-- People's words, for officers alone.
CREATE TABLE verdict_reason (
	answer BIGINT NOT NULL,
	source BIGINT NOT NULL,
	topic  TEXT NOT NULL,
	reason TEXT NOT NULL,
	PRIMARY KEY (answer, source, topic)
);

ALTER TABLE message ADD COLUMN answer BIGINT NOT NULL DEFAULT 0; -- the answer it carries; 0 = it was written for this thread alone

-- From now on a comment's thread is there when the comment arrives, so that its author's page can follow it before anybody has answered.
-- Those of earlier comments get theirs here; an id one above the comment's is nobody's.
INSERT INTO thread (id, consultation, anchor, anchor_id, title, epoch, seq, locked, waiting_message, waiting_since, answer_due, created_at,
	last_at, messages)
SELECT c.id + 1, c.consultation, 'comment', c.id, '', 'comment-' || CAST(c.id AS TEXT), 0, FALSE, 0, 0, 0, c.received_at, c.received_at, 0
FROM comment c WHERE NOT EXISTS (SELECT 1 FROM thread t WHERE t.anchor = 'comment' AND t.anchor_id = c.id)
	AND NOT EXISTS (SELECT 1 FROM thread t WHERE t.id = c.id + 1);
