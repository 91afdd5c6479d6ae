-- Weighing: what officers wrote about topics and points, the officer report with its conditions, and what both link to.

-- +goose Up
ALTER TABLE outcome ADD COLUMN version BIGINT NOT NULL DEFAULT 0;   -- the proposal version it led to; 0 = none
ALTER TABLE outcome ADD COLUMN condition BIGINT NOT NULL DEFAULT 0; -- the condition it led to; 0 = none

-- Every saved text stays; the highest version counts.
CREATE TABLE topic_summary (
	consultation BIGINT NOT NULL REFERENCES consultation (id),
	topic        TEXT NOT NULL,
	version      BIGINT NOT NULL,
	body         TEXT NOT NULL,
	material     TEXT NOT NULL,
	reason       TEXT NOT NULL,
	by_whom      TEXT NOT NULL, -- service and role
	at           BIGINT NOT NULL,
	PRIMARY KEY (consultation, topic, version)
);

-- The comments the latest summary of a topic was written knowing; those that are not here make it stale.
CREATE TABLE summary_comment (
	comment BIGINT NOT NULL REFERENCES comment (id),
	topic   TEXT NOT NULL,
	PRIMARY KEY (comment, topic)
);

CREATE TABLE point_judgement (
	comment  BIGINT NOT NULL REFERENCES comment (id),
	topic    TEXT NOT NULL,
	material TEXT NOT NULL,
	reason   TEXT NOT NULL,
	by_whom  TEXT NOT NULL,
	at       BIGINT NOT NULL,
	PRIMARY KEY (comment, topic)
);

CREATE TABLE report (
	consultation   BIGINT NOT NULL PRIMARY KEY REFERENCES consultation (id),
	version        BIGINT NOT NULL,
	recommendation TEXT NOT NULL,
	by_whom        TEXT NOT NULL,
	updated_at     BIGINT NOT NULL
);

CREATE TABLE report_paragraph (
	id           BIGINT NOT NULL PRIMARY KEY,
	consultation BIGINT NOT NULL REFERENCES consultation (id),
	position     BIGINT NOT NULL,
	late         BOOLEAN NOT NULL, -- a late item, added once the report was finished
	version      BIGINT NOT NULL,
	heading      TEXT NOT NULL,
	body         TEXT NOT NULL,
	by_whom      TEXT NOT NULL,
	updated_at   BIGINT NOT NULL
);

-- A report is read whole, in its order.
CREATE INDEX report_paragraph_consultation ON report_paragraph (consultation, late, position);

CREATE TABLE condition (
	id           BIGINT NOT NULL PRIMARY KEY,
	consultation BIGINT NOT NULL REFERENCES consultation (id),
	kind         TEXT NOT NULL,
	number       BIGINT NOT NULL,
	version      BIGINT NOT NULL,
	title        TEXT NOT NULL,
	body         TEXT NOT NULL,
	reason       TEXT NOT NULL,
	by_whom      TEXT NOT NULL,
	updated_at   BIGINT NOT NULL,
	UNIQUE (consultation, kind, number)
);

-- From a paragraph or a condition to what was said: a comment's point, or with comment 0 a whole topic.
CREATE TABLE cite (
	source       BIGINT NOT NULL,
	comment      BIGINT NOT NULL,
	topic        TEXT NOT NULL,
	consultation BIGINT NOT NULL REFERENCES consultation (id),
	PRIMARY KEY (source, comment, topic)
);

-- A report is read with all its links, a comment's way with those to it.
CREATE INDEX cite_consultation ON cite (consultation, comment);
