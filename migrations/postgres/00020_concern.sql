-- Concerns: points that ask the same, and every act of sorting so that it can be undone.

-- +goose Up
CREATE TABLE concern (
	id           BIGINT NOT NULL PRIMARY KEY,
	consultation BIGINT NOT NULL REFERENCES consultation (id),
	title        TEXT   NOT NULL,
	service      TEXT   NOT NULL, -- who answers; '' = the consultation's
	merged_into  BIGINT NOT NULL, -- 0 = it stands
	shown_at     BIGINT NOT NULL, -- since when everybody can read it; 0 = officers only
	version      BIGINT NOT NULL,
	created_at   BIGINT NOT NULL,
	updated_at   BIGINT NOT NULL
);

-- A case's concerns are listed whole.
CREATE INDEX concern_consultation ON concern (consultation);

-- source is a comment (with its topic) or a message (topic ''). A point may stand in several concerns.
CREATE TABLE concern_point (
	source   BIGINT NOT NULL,
	topic    TEXT   NOT NULL,
	concern  BIGINT NOT NULL REFERENCES concern (id),
	how      TEXT   NOT NULL,
	by_whom  TEXT   NOT NULL, -- service and role
	added_at BIGINT NOT NULL,
	PRIMARY KEY (source, topic, concern)
);

-- A concern's points are listed and counted.
CREATE INDEX concern_point_concern ON concern_point (concern, added_at);

-- Acts on one consultation's concerns queue at its row.
CREATE TABLE concern_head (
	consultation BIGINT NOT NULL PRIMARY KEY REFERENCES consultation (id),
	seq          BIGINT NOT NULL
);

CREATE TABLE concern_change (
	id           BIGINT NOT NULL PRIMARY KEY,
	consultation BIGINT NOT NULL REFERENCES consultation (id),
	seq          BIGINT NOT NULL,
	act          TEXT   NOT NULL,
	concern      BIGINT NOT NULL,
	other        BIGINT NOT NULL,
	was          TEXT   NOT NULL, -- JSON: what the concern said of itself before
	became       TEXT   NOT NULL, -- JSON: and after
	by_whom      TEXT   NOT NULL, -- service and role
	at           BIGINT NOT NULL,
	undone_at    BIGINT NOT NULL  -- 0 = it stands
);

-- A case's acts are listed newest first.
CREATE UNIQUE INDEX concern_change_seq ON concern_change (consultation, seq);

-- The rows of concern_point an act added, and those it took out.
CREATE TABLE concern_change_point (
	change   BIGINT NOT NULL REFERENCES concern_change (id),
	source   BIGINT NOT NULL,
	topic    TEXT   NOT NULL,
	concern  BIGINT NOT NULL,
	added    BOOLEAN NOT NULL,
	how      TEXT   NOT NULL,
	by_whom  TEXT   NOT NULL,
	added_at BIGINT NOT NULL,
	PRIMARY KEY (change, source, topic, concern)
);
