-- Who took part against who lives there. An equality row names no comment, has no moment, only a day, and a random id,
-- so that neither its columns nor its order lead back to an author.

-- +goose Up
CREATE TABLE equality (
	id           BIGINT NOT NULL PRIMARY KEY,
	consultation BIGINT NOT NULL,
	ward_code    TEXT NOT NULL,
	age_band     TEXT NOT NULL,
	sex          TEXT NOT NULL,
	ethnic_group TEXT NOT NULL,
	disability   TEXT NOT NULL,
	recorded_on  TEXT NOT NULL
);

-- The analyst's page reads one consultation's answers.
CREATE INDEX equality_consultation ON equality (consultation);

CREATE TABLE benchmark (
	name         TEXT NOT NULL,
	area_code    TEXT NOT NULL,
	area_name    TEXT NOT NULL,
	people_group TEXT NOT NULL, -- '' = everybody
	population   BIGINT NOT NULL,
	source       TEXT NOT NULL,
	vintage      TEXT NOT NULL,
	PRIMARY KEY (name, area_code, people_group)
);
