-- Fact cards: a claim, the answer with its sources, and what they are pinned to.

-- +goose Up
CREATE TABLE fact (
	id           INTEGER NOT NULL PRIMARY KEY,
	consultation INTEGER NOT NULL, -- 0 = it holds everywhere
	kind         TEXT    NOT NULL,
	state        TEXT    NOT NULL,
	rev          INTEGER NOT NULL, -- changes with every save
	version      INTEGER NOT NULL, -- of its words in fact_version
	phrasings    TEXT    NOT NULL, -- one a line
	language     TEXT    NOT NULL,
	service      TEXT    NOT NULL,
	review_on    TEXT    NOT NULL,
	retired_why  TEXT    NOT NULL,
	told         INTEGER NOT NULL, -- mails made for it
	created_at   INTEGER NOT NULL,
	published_at INTEGER NOT NULL, -- for the first time; 0 = never
	retired_at   INTEGER NOT NULL
) STRICT;

-- A consultation's cards, and with 0 those that hold everywhere, are read whole.
CREATE INDEX fact_consultation ON fact (consultation);

-- Every wording stays; fact.version names the present one.
CREATE TABLE fact_version (
	fact      INTEGER NOT NULL REFERENCES fact (id),
	version   INTEGER NOT NULL,
	claim     TEXT    NOT NULL,
	short     TEXT    NOT NULL,
	answer    TEXT    NOT NULL,
	sources   TEXT    NOT NULL, -- JSON
	changed   TEXT    NOT NULL,
	by_whom   TEXT    NOT NULL, -- service and role
	at        INTEGER NOT NULL,
	public_at INTEGER NOT NULL, -- 0 = a draft
	PRIMARY KEY (fact, version)
) STRICT;

CREATE TABLE fact_pin (
	fact         INTEGER NOT NULL REFERENCES fact (id),
	subject      INTEGER NOT NULL, -- message or comment
	consultation INTEGER NOT NULL,
	thread       INTEGER NOT NULL, -- the message's; 0 for comments
	claimed_at   INTEGER NOT NULL,
	by_whom      TEXT    NOT NULL,
	at           INTEGER NOT NULL,
	PRIMARY KEY (fact, subject)
) STRICT;

-- A thread's page asks what is pinned under its messages.
CREATE INDEX fact_pin_subject ON fact_pin (subject);

-- Whom a version of a card has reached by mail, so that it reaches nobody twice. reader is a hash of card, version and address.
CREATE TABLE fact_sent (
	fact         INTEGER NOT NULL,
	version      INTEGER NOT NULL,
	reader       TEXT    NOT NULL,
	consultation INTEGER NOT NULL,
	PRIMARY KEY (fact, version, reader)
) STRICT;

-- Forgotten with the contacts of a consultation.
CREATE INDEX fact_sent_consultation ON fact_sent (consultation);
