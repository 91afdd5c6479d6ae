-- Comments are three stores of rows: what everybody may read (comment, comment_point), the author's own words and contact
-- (original, original_point, contact), and, in a later migration, equality answers, which name no comment at all.

-- +goose Up
CREATE TABLE comment (
	id           BIGINT NOT NULL PRIMARY KEY,
	consultation BIGINT NOT NULL REFERENCES consultation (id),
	round        BIGINT NOT NULL,
	version      BIGINT NOT NULL,
	stance       TEXT NOT NULL,
	place_text   TEXT NOT NULL, -- '' until published
	lon          DOUBLE PRECISION NOT NULL,
	lat          DOUBLE PRECISION NOT NULL,
	has_place    BOOLEAN NOT NULL,
	quadkey      BIGINT NOT NULL, -- of the place at zoom 28; -1 without one
	ward_code    TEXT NOT NULL,
	channel      TEXT NOT NULL,
	language     TEXT NOT NULL,
	late         BOOLEAN NOT NULL,
	state        TEXT NOT NULL,
	name_shown   TEXT NOT NULL, -- '' until published
	thread       BIGINT NOT NULL,
	received_at  BIGINT NOT NULL,
	published_at BIGINT NOT NULL,
	answered_at  BIGINT NOT NULL,
	answer_due   BIGINT NOT NULL,
	redacted     BOOLEAN NOT NULL
);

-- Lists, exports and tallies read one consultation's comments by time.
CREATE INDEX comment_consultation ON comment (consultation, received_at, id);
-- The analyst's figures read every comment by time.
CREATE INDEX comment_received ON comment (received_at, id);
-- The inbox: what waits for an answer, oldest promise first. Answered comments are most, and not in it.
CREATE INDEX comment_waiting ON comment (answer_due, id) WHERE answered_at = 0 AND answer_due > 0 AND state <> 'withdrawn';
-- The inbox: what waits to be published, oldest first.
CREATE INDEX comment_unpublished ON comment (received_at, id) WHERE state = 'received';

-- Topics are here from the beginning, texts only once they are published.
CREATE TABLE comment_point (
	comment  BIGINT NOT NULL REFERENCES comment (id),
	position BIGINT NOT NULL,
	topic    TEXT NOT NULL,
	text     TEXT NOT NULL,
	PRIMARY KEY (comment, position)
);

CREATE TABLE original (
	comment    BIGINT NOT NULL PRIMARY KEY REFERENCES comment (id),
	place_text TEXT NOT NULL,
	name_shown TEXT NOT NULL,
	reasons    TEXT NOT NULL -- why words were redacted, with commas
);

CREATE TABLE original_point (
	comment  BIGINT NOT NULL REFERENCES comment (id),
	position BIGINT NOT NULL,
	topic    TEXT NOT NULL,
	text     TEXT NOT NULL,
	PRIMARY KEY (comment, position)
);

CREATE TABLE contact (
	comment  BIGINT NOT NULL PRIMARY KEY REFERENCES comment (id),
	name     TEXT NOT NULL,
	address  TEXT NOT NULL,
	postcode TEXT NOT NULL,
	email    TEXT NOT NULL,
	phone    TEXT NOT NULL,
	language TEXT NOT NULL,
	asked    BOOLEAN NOT NULL -- whether the equality questions were put; not what was answered
);

-- A draft is found by the SHA-256 of its token; the token itself is kept nowhere.
CREATE TABLE draft (
	token_hash   TEXT NOT NULL PRIMARY KEY,
	consultation BIGINT NOT NULL,
	data         TEXT NOT NULL,
	updated_at   BIGINT NOT NULL
);

-- Old drafts are forgotten by age.
CREATE INDEX draft_age ON draft (updated_at);
