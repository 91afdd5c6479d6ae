-- The log is signed: who wrote a row can be told from who could write to the database.

-- +goose Up
ALTER TABLE audit ADD COLUMN signer TEXT NOT NULL DEFAULT ''; -- public key, base64; '' = written before the log was signed
ALTER TABLE audit ADD COLUMN signature TEXT NOT NULL DEFAULT ''; -- Ed25519 of the hash, base64

-- A case's page reads what was done about it and its comments and messages.
CREATE INDEX audit_subject ON audit (subject, seq);
