-- Who can sign in. Sessions, links and API tokens are kept as hashes only.

-- +goose Up
CREATE TABLE officer (
	id         BIGINT NOT NULL PRIMARY KEY,
	email      TEXT NOT NULL,
	name       TEXT NOT NULL,
	service    TEXT NOT NULL,
	title      TEXT NOT NULL,
	roles      TEXT NOT NULL, -- with commas
	disabled   BOOLEAN NOT NULL,
	created_at BIGINT NOT NULL,
	seen_at    BIGINT NOT NULL
);

-- An address is one officer, and signing in starts with it.
CREATE UNIQUE INDEX officer_email ON officer (email);

CREATE TABLE session (
	hash       TEXT NOT NULL PRIMARY KEY,
	officer    BIGINT NOT NULL REFERENCES officer (id),
	created_at BIGINT NOT NULL,
	seen_at    BIGINT NOT NULL,
	agent      TEXT NOT NULL
);

-- Sessions are listed and ended by officer.
CREATE INDEX session_officer ON session (officer);

CREATE TABLE link (
	hash       TEXT NOT NULL PRIMARY KEY,
	code_hash  TEXT NOT NULL,
	purpose    TEXT NOT NULL,
	officer    BIGINT NOT NULL,
	browser    TEXT NOT NULL,
	expires_at BIGINT NOT NULL,
	tries      BIGINT NOT NULL
);

-- A code for another device is looked for among the officer's open links.
CREATE INDEX link_officer ON link (officer, purpose, expires_at);

CREATE TABLE token (
	id         BIGINT NOT NULL PRIMARY KEY,
	hash       TEXT NOT NULL,
	role       TEXT NOT NULL,
	label      TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL
);

-- A token is found by its hash on every request that carries one.
CREATE UNIQUE INDEX token_hash ON token (hash);
