-- Weighing: what officers wrote about topics and points, the officer report with its conditions, and what both link to.

-- +goose Up
ALTER TABLE outcome ADD COLUMN version INTEGER NOT NULL DEFAULT 0;   -- the proposal version it led to; 0 = none
ALTER TABLE outcome ADD COLUMN condition INTEGER NOT NULL DEFAULT 0; -- the condition it led to; 0 = none

-- Every saved text stays; the highest version counts.
CREATE TABLE topic_summary (
	consultation INTEGER NOT NULL REFERENCES consultation (id),
	topic        TEXT NOT NULL,
	version      INTEGER NOT NULL,
	body         TEXT NOT NULL,
	material     TEXT NOT NULL,
	reason       TEXT NOT NULL,
	by_whom      TEXT NOT NULL, -- service and role
	at           INTEGER NOT NULL,
	PRIMARY KEY (consultation, topic, version)
) STRICT;

-- The comments the latest summary of a topic was written knowing; those that are not here make it stale.
CREATE TABLE summary_comment (
	comment INTEGER NOT NULL REFERENCES comment (id),
	topic   TEXT NOT NULL,
	PRIMARY KEY (comment, topic)
) STRICT;

CREATE TABLE point_judgement (
	comment  INTEGER NOT NULL REFERENCES comment (id),
	topic    TEXT NOT NULL,
	material TEXT NOT NULL,
	reason   TEXT NOT NULL,
	by_whom  TEXT NOT NULL,
	at       INTEGER NOT NULL,
	PRIMARY KEY (comment, topic)
) STRICT;

CREATE TABLE report (
	consultation   INTEGER NOT NULL PRIMARY KEY REFERENCES consultation (id),
	version        INTEGER NOT NULL,
	recommendation TEXT NOT NULL,
	by_whom        TEXT NOT NULL,
	updated_at     INTEGER NOT NULL
) STRICT;

CREATE TABLE report_paragraph (
	id           INTEGER NOT NULL PRIMARY KEY,
	consultation INTEGER NOT NULL REFERENCES consultation (id),
	position     INTEGER NOT NULL,
	late         INTEGER NOT NULL, -- a late item, added once the report was finished
	version      INTEGER NOT NULL,
	heading      TEXT NOT NULL,
	body         TEXT NOT NULL,
	by_whom      TEXT NOT NULL,
	updated_at   INTEGER NOT NULL
) STRICT;

-- A report is read whole, in its order.
CREATE INDEX report_paragraph_consultation ON report_paragraph (consultation, late, position);

CREATE TABLE condition (
	id           INTEGER NOT NULL PRIMARY KEY,
	consultation INTEGER NOT NULL REFERENCES consultation (id),
	kind         TEXT NOT NULL,
	number       INTEGER NOT NULL,
	version      INTEGER NOT NULL,
	title        TEXT NOT NULL,
	body         TEXT NOT NULL,
	reason       TEXT NOT NULL,
	by_whom      TEXT NOT NULL,
	updated_at   INTEGER NOT NULL,
	UNIQUE (consultation, kind, number)
) STRICT;

-- From a paragraph or a condition to what was said: a comment's point, or with comment 0 a whole topic.
CREATE TABLE cite (
	source       INTEGER NOT NULL,
	comment      INTEGER NOT NULL,
	topic        TEXT NOT NULL,
	consultation INTEGER NOT NULL REFERENCES consultation (id),
	PRIMARY KEY (source, comment, topic)
) STRICT;

-- A report is read with all its links, a comment's way with those to it.
CREATE INDEX cite_consultation ON cite (consultation, comment);
