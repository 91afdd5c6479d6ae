-- Fact cards: a claim, the answer with its sources, and what they are pinned to.

-- +goose Up
CREATE TABLE fact (
	id           BIGINT NOT NULL PRIMARY KEY,
	consultation BIGINT NOT NULL, -- 0 = it holds everywhere
	kind         TEXT    NOT NULL,
	state        TEXT    NOT NULL,
	rev          BIGINT NOT NULL, -- changes with every save
	version      BIGINT NOT NULL, -- of its words in fact_version
	phrasings    TEXT    NOT NULL, -- one a line
	language     TEXT    NOT NULL,
	service      TEXT    NOT NULL,
	review_on    TEXT    NOT NULL,
	retired_why  TEXT    NOT NULL,
	told         BIGINT NOT NULL, -- mails made for it
	created_at   BIGINT NOT NULL,
	published_at BIGINT NOT NULL, -- for the first time; 0 = never
	retired_at   BIGINT NOT NULL
);

-- A consultation's cards, and with 0 those that hold everywhere, are read whole.
CREATE INDEX fact_consultation ON fact (consultation);

-- Every wording stays; fact.version names the present one.
CREATE TABLE fact_version (
	fact      BIGINT NOT NULL REFERENCES fact (id),
	version   BIGINT NOT NULL,
	claim     TEXT    NOT NULL,
	short     TEXT    NOT NULL,
	answer    TEXT    NOT NULL,
	sources   TEXT    NOT NULL, -- JSON
	changed   TEXT    NOT NULL,
	by_whom   TEXT    NOT NULL, -- service and role
	at        BIGINT NOT NULL,
	public_at BIGINT NOT NULL, -- 0 = a draft
	PRIMARY KEY (fact, version)
);

CREATE TABLE fact_pin (
	fact         BIGINT NOT NULL REFERENCES fact (id),
	subject      BIGINT NOT NULL, -- message or comment
	consultation BIGINT NOT NULL,
	thread       BIGINT NOT NULL, -- the message's; 0 for comments
	claimed_at   BIGINT NOT NULL,
	by_whom      TEXT    NOT NULL,
	at           BIGINT NOT NULL,
	PRIMARY KEY (fact, subject)
);

-- A thread's page asks what is pinned under its messages.
CREATE INDEX fact_pin_subject ON fact_pin (subject);

-- Whom a version of a card has reached by mail, so that it reaches nobody twice. reader is a hash of card, version and address.
CREATE TABLE fact_sent (
	fact         BIGINT NOT NULL,
	version      BIGINT NOT NULL,
	reader       TEXT    NOT NULL,
	consultation BIGINT NOT NULL,
	PRIMARY KEY (fact, version, reader)
);

-- Forgotten with the contacts of a consultation.
CREATE INDEX fact_sent_consultation ON fact_sent (consultation);
