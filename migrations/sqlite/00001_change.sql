-- What every write carries: who did what, once, in a chain that shows any later change.
-- Times are UTC microseconds since 1970, 0 = never. Ids are 63-bit numbers, 0 = none. Days are text, '' = none.

-- +goose Up
CREATE TABLE setting (
	key   TEXT NOT NULL PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The primary key is the promise that one actor's key makes one record, however often the form arrives.
CREATE TABLE idempotency (
	actor_kind TEXT    NOT NULL,
	actor      INTEGER NOT NULL,
	key        TEXT    NOT NULL,
	digest     TEXT    NOT NULL,
	result     INTEGER NOT NULL,
	at         INTEGER NOT NULL,
	PRIMARY KEY (actor_kind, actor, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
	seq        INTEGER NOT NULL PRIMARY KEY,
	at         INTEGER NOT NULL,
	actor_kind TEXT    NOT NULL,
	actor      INTEGER NOT NULL,
	action     TEXT    NOT NULL,
	subject    INTEGER NOT NULL,
	detail     TEXT    NOT NULL,
	previous   TEXT    NOT NULL,
	hash       TEXT    NOT NULL
) STRICT;

-- One row: where the chain ends. Writers queue on it, and rows cut off the end of the log show.
CREATE TABLE audit_head (
	id   INTEGER NOT NULL PRIMARY KEY,
	seq  INTEGER NOT NULL,
	hash TEXT    NOT NULL
) STRICT;
INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '');

-- +goose StatementBegin
CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
BEGIN
	SELECT RAISE(ABORT, 'audit rows are never changed');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER audit_never_shrinks BEFORE DELETE ON audit
BEGIN
	SELECT RAISE(ABORT, 'audit rows are never deleted');
END;
-- +goose StatementEnd
