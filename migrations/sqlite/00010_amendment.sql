-- Changed proposals: the decision whether people are asked again, and what authors then say about the comments they made before.

-- +goose Up
CREATE TABLE amendment (
	consultation INTEGER NOT NULL REFERENCES consultation (id),
	version      INTEGER NOT NULL, -- the proposal version it brought
	recorded_at  INTEGER NOT NULL,
	recorded_by  TEXT    NOT NULL, -- service and role
	required     INTEGER NOT NULL, -- whether people are asked again; means nothing until decided_at
	why          TEXT    NOT NULL,
	factors      TEXT    NOT NULL, -- with commas
	topics       TEXT    NOT NULL, -- with commas
	days         INTEGER NOT NULL,
	decided_at   INTEGER NOT NULL, -- 0 = not decided yet
	decided_by   TEXT    NOT NULL, -- service and role
	PRIMARY KEY (consultation, version)
) STRICT;

ALTER TABLE comment ADD COLUMN replaces INTEGER NOT NULL DEFAULT 0;     -- the author's earlier comment
ALTER TABLE comment ADD COLUMN replaced_by INTEGER NOT NULL DEFAULT 0;  -- the author's newer comment
ALTER TABLE comment ADD COLUMN withdrawn_at INTEGER NOT NULL DEFAULT 0;

-- In which rounds authors said that a comment made before still stands.
CREATE TABLE comment_stand (
	comment INTEGER NOT NULL REFERENCES comment (id),
	round   INTEGER NOT NULL,
	at      INTEGER NOT NULL,
	PRIMARY KEY (comment, round)
) STRICT;
