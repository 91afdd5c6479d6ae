-- What makes replying quick and safe: texts that are used again, drafts, and who else has an item open.

-- +goose Up
CREATE TABLE saved_reply (
	id          BIGINT NOT NULL PRIMARY KEY,
	name        TEXT   NOT NULL,
	service     TEXT   NOT NULL, -- '' = everybody's
	policy      TEXT   NOT NULL,
	texts       TEXT   NOT NULL, -- JSON: a text in each language
	version     BIGINT NOT NULL,
	approved_by TEXT   NOT NULL, -- service and role
	approved_at BIGINT NOT NULL, -- 0 = not since the words changed last
	retired_at  BIGINT NOT NULL,
	uses        BIGINT NOT NULL,
	updated_at  BIGINT NOT NULL
);

-- Who has what open; each row lives for a few seconds.
CREATE TABLE presence (
	item    BIGINT NOT NULL,
	officer BIGINT NOT NULL REFERENCES officer (id),
	writing BOOLEAN NOT NULL,
	at      BIGINT NOT NULL,
	PRIMARY KEY (item, officer)
);

-- Those whose time is over go with every sign of life.
CREATE INDEX presence_at ON presence (at);

-- What an officer is writing to a comment or thread; gone once it is sent.
CREATE TABLE reply_draft (
	item    BIGINT NOT NULL,
	officer BIGINT NOT NULL REFERENCES officer (id),
	body    TEXT   NOT NULL,
	at      BIGINT NOT NULL,
	PRIMARY KEY (item, officer)
);

-- Drafts that nobody went on with are forgotten by age.
CREATE INDEX reply_draft_at ON reply_draft (at);
