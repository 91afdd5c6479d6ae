-- What the authority asks about: consultations with their planning application, rounds, versions and documents.

-- +goose Up
CREATE TABLE consultation (
	id                BIGINT NOT NULL PRIMARY KEY,
	kind              TEXT NOT NULL,
	title             TEXT NOT NULL,
	summary           TEXT NOT NULL,
	state             TEXT NOT NULL,
	influence_fixed   TEXT NOT NULL,
	influence_open    TEXT NOT NULL,
	influence_decider TEXT NOT NULL,
	influence_when    TEXT NOT NULL,
	address           TEXT NOT NULL,
	postcode          TEXT NOT NULL,
	ward_code         TEXT NOT NULL,
	lon               DOUBLE PRECISION NOT NULL,
	lat               DOUBLE PRECISION NOT NULL,
	has_place         BOOLEAN NOT NULL,
	quadkey           BIGINT NOT NULL, -- of the place at zoom 28; -1 without one
	service           TEXT NOT NULL,
	promise_days      BIGINT NOT NULL,
	demo              BOOLEAN NOT NULL,
	version           BIGINT NOT NULL,
	created_at        BIGINT NOT NULL,
	updated_at        BIGINT NOT NULL,
	authority         TEXT NOT NULL,
	reference         TEXT NOT NULL,
	type              TEXT NOT NULL,
	description       TEXT NOT NULL,
	scale             TEXT NOT NULL,
	uprn              TEXT NOT NULL,
	received_on       TEXT NOT NULL,
	validated_on      TEXT NOT NULL,
	published_on      TEXT NOT NULL,
	decision_due      TEXT NOT NULL,
	decision          TEXT NOT NULL,
	decided_on        TEXT NOT NULL,
	decided_by        TEXT NOT NULL,
	withdrawn_on      TEXT NOT NULL,
	register_url      TEXT NOT NULL,
	source            TEXT NOT NULL,
	source_hash       TEXT NOT NULL,
	listed_on         TEXT NOT NULL, -- the day it became news, for "newest first"
	search_text       TEXT NOT NULL  -- title, description, address and reference without case and accents
);

-- A reference is unique within its authority; imports and links find the case by it.
CREATE UNIQUE INDEX consultation_reference ON consultation (authority, reference);
-- "Near me" and map tiles are a few ranges of quadkeys.
CREATE INDEX consultation_quadkey ON consultation (quadkey);
-- The list is read newest first, a page at a time.
CREATE INDEX consultation_newest ON consultation (listed_on DESC, id DESC);
-- "My ward" is the commonest filter of the list.
CREATE INDEX consultation_ward ON consultation (ward_code);

-- Contact data of applicant and agent as it was imported. No reader of consultations joins it.
CREATE TABLE applicant (
	consultation BIGINT NOT NULL PRIMARY KEY REFERENCES consultation (id),
	data         TEXT NOT NULL
);

CREATE TABLE round (
	id           BIGINT NOT NULL PRIMARY KEY,
	consultation BIGINT NOT NULL REFERENCES consultation (id),
	number       BIGINT NOT NULL,
	kind         TEXT NOT NULL,
	opens        TEXT NOT NULL,
	closes       TEXT NOT NULL,
	question     TEXT NOT NULL,
	version      BIGINT NOT NULL
);

-- Rounds are read by consultation in the order of their numbers, and a number is given once.
CREATE UNIQUE INDEX round_number ON round (consultation, number);

CREATE TABLE proposal_version (
	consultation BIGINT NOT NULL REFERENCES consultation (id),
	number       BIGINT NOT NULL,
	summary      TEXT NOT NULL,
	description  TEXT NOT NULL,
	boundary     TEXT NOT NULL, -- GeoJSON geometry, '' = unknown
	massing      TEXT NOT NULL, -- GeoJSON FeatureCollection, '' = none
	received_on  TEXT NOT NULL,
	PRIMARY KEY (consultation, number)
);

CREATE TABLE document (
	id           BIGINT NOT NULL PRIMARY KEY,
	consultation BIGINT NOT NULL REFERENCES consultation (id),
	position     BIGINT NOT NULL, -- in the order they were brought
	version      BIGINT NOT NULL,
	name         TEXT NOT NULL,
	type         TEXT NOT NULL,
	url          TEXT NOT NULL,
	text         TEXT NOT NULL,
	replaces     BIGINT NOT NULL,
	status       TEXT NOT NULL
);

-- Documents are listed by consultation, newest version first, in the order they were brought.
CREATE INDEX document_consultation ON document (consultation, version, position);

CREATE TABLE state_event (
	consultation BIGINT NOT NULL REFERENCES consultation (id),
	number       BIGINT NOT NULL, -- 1, 2, … in the order they were recorded
	from_state   TEXT NOT NULL,
	to_state     TEXT NOT NULL,
	at           BIGINT NOT NULL,
	why          TEXT NOT NULL,
	PRIMARY KEY (consultation, number)
);

CREATE TABLE area (
	code     TEXT COLLATE "C" NOT NULL PRIMARY KEY,
	kind     TEXT NOT NULL,
	name     TEXT NOT NULL,
	geometry TEXT NOT NULL,
	source   TEXT NOT NULL,
	hash     TEXT NOT NULL
);

CREATE TABLE postcode (
	code TEXT COLLATE "C" NOT NULL PRIMARY KEY,
	lon  DOUBLE PRECISION NOT NULL,
	lat  DOUBLE PRECISION NOT NULL
);
