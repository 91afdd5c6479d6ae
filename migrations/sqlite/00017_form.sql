-- Matters that are no planning applications: their questions as data, which version a round asked, what people answered.

-- +goose Up
CREATE TABLE form (
	consultation INTEGER NOT NULL REFERENCES consultation (id),
	number       INTEGER NOT NULL,
	definition   TEXT    NOT NULL, -- JSON, as consult.ParseForm reads it; never changed once it is published
	edits        INTEGER NOT NULL, -- how often the draft was saved
	published_at INTEGER NOT NULL, -- 0 = a draft
	PRIMARY KEY (consultation, number)
) STRICT;

ALTER TABLE round ADD COLUMN form INTEGER NOT NULL DEFAULT 0; -- the version it asks; 0 = none, as in planning

-- One row per comment: values that are counted, without any words. Words are points, like those of every comment.
CREATE TABLE response (
	comment INTEGER NOT NULL PRIMARY KEY REFERENCES comment (id),
	form    INTEGER NOT NULL, -- the version that was answered
	data    TEXT    NOT NULL  -- JSON list of consult.Response
) STRICT;
