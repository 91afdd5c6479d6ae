-- Changed proposals: the decision whether people are asked again, and what authors then say about the comments they made before.

-- +goose Up
CREATE TABLE amendment (
	consultation BIGINT NOT NULL REFERENCES consultation (id),
	version      BIGINT NOT NULL, -- the proposal version it brought
	recorded_at  BIGINT NOT NULL,
	recorded_by  TEXT   NOT NULL, -- service and role
	required     BOOLEAN NOT NULL, -- whether people are asked again; means nothing until decided_at
	why          TEXT   NOT NULL,
	factors      TEXT   NOT NULL, -- with commas
	topics       TEXT   NOT NULL, -- with commas
	days         BIGINT NOT NULL,
	decided_at   BIGINT NOT NULL, -- 0 = not decided yet
	decided_by   TEXT   NOT NULL, -- service and role
	PRIMARY KEY (consultation, version)
);

ALTER TABLE comment ADD COLUMN replaces BIGINT NOT NULL DEFAULT 0;     -- the author's earlier comment
ALTER TABLE comment ADD COLUMN replaced_by BIGINT NOT NULL DEFAULT 0;  -- the author's newer comment
ALTER TABLE comment ADD COLUMN withdrawn_at BIGINT NOT NULL DEFAULT 0;

-- In which rounds authors said that a comment made before still stands.
CREATE TABLE comment_stand (
	comment BIGINT NOT NULL REFERENCES comment (id),
	round   BIGINT NOT NULL,
	at      BIGINT NOT NULL,
	PRIMARY KEY (comment, round)
);
