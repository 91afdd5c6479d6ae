-- What residents think of each other's words, what readers tell moderators, what moderators decide, and what stands out.

-- +goose Up
-- One person, one support of one thing. Counts are counted from these rows.
CREATE TABLE support (
	thing        INTEGER NOT NULL, -- a comment or a message
	browser      INTEGER NOT NULL,
	consultation INTEGER NOT NULL,
	at           INTEGER NOT NULL,
	PRIMARY KEY (thing, browser)
) STRICT, WITHOUT ROWID;

-- A settled case's supports are forgotten together.
CREATE INDEX support_consultation ON support (consultation);

-- What one reader tells moderators of one thing.
CREATE TABLE flag (
	thing        INTEGER NOT NULL,
	visitor      INTEGER NOT NULL,
	consultation INTEGER NOT NULL,
	rule         TEXT    NOT NULL,
	words        TEXT    NOT NULL,
	at           INTEGER NOT NULL,
	decided_at   INTEGER NOT NULL, -- 0 = waits
	outcome      TEXT    NOT NULL,
	PRIMARY KEY (thing, visitor)
) STRICT;

-- The moderators' list: what waits.
CREATE INDEX flag_waiting ON flag (thing, at) WHERE decided_at = 0;
-- A settled case's flags are forgotten together.
CREATE INDEX flag_consultation ON flag (consultation);

-- Every decision of moderators, without a word of what it is about.
CREATE TABLE moderation (
	id           INTEGER NOT NULL PRIMARY KEY,
	thing        INTEGER NOT NULL, -- the comment or message; the consultation itself for its postings
	seq          INTEGER NOT NULL, -- 1, 2, … of the thing
	consultation INTEGER NOT NULL,
	act          TEXT    NOT NULL,
	rule         TEXT    NOT NULL,
	reason       TEXT    NOT NULL,
	by_whom      TEXT    NOT NULL, -- service and role; '' = the program
	officer      INTEGER NOT NULL, -- 0 = the program
	at           INTEGER NOT NULL
) STRICT;

-- The history of one thing, newest first.
CREATE INDEX moderation_thing ON moderation (thing, at);
-- The log of a consultation, newest first.
CREATE INDEX moderation_consultation ON moderation (consultation, at);

-- Comments that had been published and cannot be read now.
CREATE TABLE hiding (
	comment INTEGER NOT NULL PRIMARY KEY REFERENCES comment (id),
	rule    TEXT    NOT NULL,
	reason  TEXT    NOT NULL,
	by_whom TEXT    NOT NULL,
	at      INTEGER NOT NULL
) STRICT;

-- What had been published, to be shown again should the decision fall.
CREATE TABLE hidden_text (
	comment INTEGER NOT NULL PRIMARY KEY REFERENCES comment (id),
	data    TEXT    NOT NULL -- JSON
) STRICT;

CREATE TABLE objection (
	id           INTEGER NOT NULL PRIMARY KEY,
	thing        INTEGER NOT NULL,
	consultation INTEGER NOT NULL,
	decision     INTEGER NOT NULL UNIQUE, -- once against each
	officer      INTEGER NOT NULL, -- who made the decision
	words        TEXT    NOT NULL,
	at           INTEGER NOT NULL,
	decided_at   INTEGER NOT NULL, -- 0 = waits
	outcome      TEXT    NOT NULL
) STRICT;

-- The moderators' list: what waits.
CREATE INDEX objection_waiting ON objection (thing, at) WHERE decided_at = 0;
-- The objections to one thing.
CREATE INDEX objection_thing ON objection (thing, id);

-- Whether residents can post messages in a consultation; none = as usual.
CREATE TABLE posting (
	consultation INTEGER NOT NULL PRIMARY KEY REFERENCES consultation (id),
	mode         TEXT    NOT NULL,
	reason       TEXT    NOT NULL,
	by_whom      TEXT    NOT NULL,
	at           INTEGER NOT NULL
) STRICT;

-- Recognises the browser that wrote a comment: a keyed hash of both, so that no two of one browser have anything in common.
CREATE TABLE author_mark (
	comment INTEGER NOT NULL PRIMARY KEY REFERENCES comment (id),
	mark    TEXT    NOT NULL
) STRICT;

-- Where writes came from, as hashes under a key of the day; for a fortnight.
CREATE TABLE trace (
	id           INTEGER NOT NULL PRIMARY KEY,
	kind         TEXT    NOT NULL,
	subject      INTEGER NOT NULL,
	consultation INTEGER NOT NULL,
	browser      TEXT    NOT NULL, -- '' = unknown
	network      TEXT    NOT NULL, -- '' = unknown
	at           INTEGER NOT NULL
) STRICT;

-- A consultation's signals are read by time.
CREATE INDEX trace_consultation ON trace (consultation, at);
-- Old traces are forgotten by age.
CREATE INDEX trace_age ON trace (at);

-- The keys of days that are not over.
CREATE TABLE trace_key (
	day TEXT NOT NULL PRIMARY KEY,
	key TEXT NOT NULL
) STRICT;

-- What officers found when they looked at a signal.
CREATE TABLE signal_look (
	consultation INTEGER NOT NULL,
	signal       TEXT    NOT NULL,
	count        INTEGER NOT NULL, -- how much there was then
	note         TEXT    NOT NULL,
	by_whom      TEXT    NOT NULL,
	at           INTEGER NOT NULL,
	PRIMARY KEY (consultation, signal)
) STRICT;
