-- What every write carries: who did what, once, in a chain that shows any later change.
-- Times are UTC microseconds since 1970, 0 = never. Ids are 63-bit numbers, 0 = none. Days are text, '' = none.

-- +goose Up
CREATE TABLE setting (
	key   TEXT NOT NULL PRIMARY KEY,
	value TEXT NOT NULL
);

-- The primary key is the promise that one actor's key makes one record, however often the form arrives.
CREATE TABLE idempotency (
	actor_kind TEXT NOT NULL,
	actor      BIGINT NOT NULL,
	key        TEXT NOT NULL,
	digest     TEXT NOT NULL,
	result     BIGINT NOT NULL,
	at         BIGINT NOT NULL,
	PRIMARY KEY (actor_kind, actor, key)
);

CREATE TABLE audit (
	seq        BIGINT NOT NULL PRIMARY KEY,
	at         BIGINT NOT NULL,
	actor_kind TEXT NOT NULL,
	actor      BIGINT NOT NULL,
	action     TEXT NOT NULL,
	subject    BIGINT NOT NULL,
	detail     TEXT NOT NULL,
	previous   TEXT NOT NULL,
	hash       TEXT NOT NULL
);

-- One row: where the chain ends. Writers queue on it, and rows cut off the end of the log show.
CREATE TABLE audit_head (
	id   BIGINT NOT NULL PRIMARY KEY,
	seq  BIGINT NOT NULL,
	hash TEXT NOT NULL
);
INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '');

-- +goose StatementBegin
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'audit rows are never changed or deleted';
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER audit_never_changes BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_never_emptied BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
