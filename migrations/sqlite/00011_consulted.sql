-- The groups consulted: who lives around a site, who else is asked for an opinion, and the paper that goes to those without mail.

-- +goose Up
CREATE TABLE address (
	uprn     TEXT    NOT NULL PRIMARY KEY,
	address  TEXT    NOT NULL,
	postcode TEXT    NOT NULL,
	lon      REAL    NOT NULL,
	lat      REAL    NOT NULL,
	quadkey  INTEGER NOT NULL
) STRICT;

-- The addresses of an area are a few runs of quadkeys.
CREATE INDEX address_quadkey ON address (quadkey);

-- Which area was asked for: what a round's list of neighbours rests on.
CREATE TABLE neighbour_search (
	id           INTEGER NOT NULL PRIMARY KEY,
	consultation INTEGER NOT NULL REFERENCES consultation (id),
	round        INTEGER NOT NULL, -- its number, also of one that is still to open
	area         TEXT    NOT NULL, -- GeoJSON; '' = the boundary of the site
	metres       REAL    NOT NULL,
	found        INTEGER NOT NULL,
	at           INTEGER NOT NULL
) STRICT;

-- A round's searches are read together.
CREATE INDEX neighbour_search_consultation ON neighbour_search (consultation, round);

CREATE TABLE neighbour (
	id           INTEGER NOT NULL PRIMARY KEY,
	consultation INTEGER NOT NULL REFERENCES consultation (id),
	round        INTEGER NOT NULL,
	address_key  TEXT    NOT NULL, -- the UPRN, or the typed address in one form
	uprn         TEXT    NOT NULL,
	address      TEXT    NOT NULL, -- as it was when the letter was written, whatever the list says later
	postcode     TEXT    NOT NULL,
	newly        INTEGER NOT NULL, -- whether no earlier round of the case had it
	search       INTEGER NOT NULL, -- 0 = added by hand
	added_at     INTEGER NOT NULL,
	removed_at   INTEGER NOT NULL,
	removed_why  TEXT    NOT NULL
) STRICT;

-- An address is consulted once in a round; also lists a round.
CREATE UNIQUE INDEX neighbour_once ON neighbour (consultation, round, address_key);

CREATE TABLE consultee (
	id           INTEGER NOT NULL PRIMARY KEY,
	consultation INTEGER NOT NULL REFERENCES consultation (id),
	kind         TEXT    NOT NULL,
	name         TEXT    NOT NULL, -- of the organisation or service: public
	why          TEXT    NOT NULL,
	state        TEXT    NOT NULL, -- not-consulted, asked, not-required
	sending      TEXT    NOT NULL, -- '', waiting, sent, failed: what became of the latest mail or letter
	asking       INTEGER NOT NULL, -- how often an opinion was asked for: 2 after consulting again
	link         INTEGER NOT NULL, -- only the latest link opens
	consulted_on TEXT    NOT NULL,
	due_on       TEXT    NOT NULL,
	expires_on   TEXT    NOT NULL,
	reminded_at  INTEGER NOT NULL,
	reason       TEXT    NOT NULL, -- of sending or consulting again, or of not asking at all
	created_at   INTEGER NOT NULL
) STRICT;

-- A case's consultees are listed by name.
CREATE INDEX consultee_consultation ON consultee (consultation, name, id);
-- The officers' overview: whose answer is due, in every case.
CREATE INDEX consultee_due ON consultee (due_on, id) WHERE state = 'asked';

CREATE TABLE consultee_contact (
	consultee INTEGER NOT NULL PRIMARY KEY REFERENCES consultee (id),
	email     TEXT    NOT NULL,
	address   TEXT    NOT NULL,
	postcode  TEXT    NOT NULL
) STRICT;

-- What the public reads of an answer; '' until an officer publishes it.
CREATE TABLE consultee_response (
	id           INTEGER NOT NULL PRIMARY KEY,
	consultee    INTEGER NOT NULL REFERENCES consultee (id),
	asking       INTEGER NOT NULL,
	response     TEXT    NOT NULL,
	text         TEXT    NOT NULL,
	conditions   TEXT    NOT NULL,
	late         INTEGER NOT NULL,
	redacted     INTEGER NOT NULL,
	received_at  INTEGER NOT NULL, -- of the latest wording
	published_at INTEGER NOT NULL
) STRICT;

-- One answer to each asking.
CREATE UNIQUE INDEX consultee_response_once ON consultee_response (consultee, asking);

-- The answers as received, every wording of them.
CREATE TABLE consultee_original (
	response    INTEGER NOT NULL REFERENCES consultee_response (id),
	number      INTEGER NOT NULL,
	opinion     TEXT    NOT NULL,
	text        TEXT    NOT NULL,
	conditions  TEXT    NOT NULL,
	received_at INTEGER NOT NULL,
	reasons     TEXT    NOT NULL, -- why words were redacted, with commas
	PRIMARY KEY (response, number)
) STRICT;

-- Whom officers ask again and again.
CREATE TABLE consultee_directory (
	name_key TEXT NOT NULL PRIMARY KEY, -- lower case, to find the same name
	name     TEXT NOT NULL,
	kind     TEXT NOT NULL,
	email    TEXT NOT NULL,
	address  TEXT NOT NULL,
	postcode TEXT NOT NULL
) STRICT;

CREATE TABLE letter_batch (
	id           INTEGER NOT NULL PRIMARY KEY,
	consultation INTEGER NOT NULL REFERENCES consultation (id),
	kind         TEXT    NOT NULL,
	round        INTEGER NOT NULL, -- of letters to neighbours; 0 = others
	letters      INTEGER NOT NULL,
	printed_at   INTEGER NOT NULL,
	post_on      TEXT    NOT NULL, -- the day planned when it was printed
	closes       TEXT    NOT NULL, -- the last day for comments, as the letters to neighbours say
	posted_on    TEXT    NOT NULL
) STRICT;

-- A case's batches are listed newest first.
CREATE INDEX letter_batch_consultation ON letter_batch (consultation, id);

-- Paper mail. Whom it goes to stands with the neighbour, the comment's contact or the consultee, and nowhere twice.
CREATE TABLE letter (
	id           INTEGER NOT NULL PRIMARY KEY,
	consultation INTEGER NOT NULL REFERENCES consultation (id),
	kind         TEXT    NOT NULL,
	round        INTEGER NOT NULL,
	neighbour    INTEGER NOT NULL,
	comment      INTEGER NOT NULL,
	consultee    INTEGER NOT NULL,
	data         TEXT    NOT NULL, -- JSON, as a mail's
	state        TEXT    NOT NULL,
	batch        INTEGER NOT NULL,
	posted_on    TEXT    NOT NULL,
	resends      INTEGER NOT NULL, -- the letter this one sends again; 0 = none
	why          TEXT    NOT NULL, -- of sending again
	trouble      TEXT    NOT NULL, -- why it came back or could not be posted
	created_at   INTEGER NOT NULL
) STRICT;

-- The letters of a case are listed by state and counted.
CREATE INDEX letter_consultation ON letter (consultation, state, id);
-- A batch is printed whole.
CREATE INDEX letter_of_batch ON letter (batch) WHERE batch > 0;
-- A neighbour's row shows what became of its letter.
CREATE INDEX letter_of_neighbour ON letter (neighbour) WHERE neighbour > 0;

ALTER TABLE delivery ADD COLUMN consultee INTEGER NOT NULL DEFAULT 0;

-- What became of a case's mails is counted for its officers.
CREATE INDEX delivery_consultation ON delivery (consultation);
