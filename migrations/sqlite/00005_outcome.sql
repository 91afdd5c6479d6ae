-- "You said, we did": one outcome per topic of a consultation.

-- +goose Up
CREATE TABLE outcome (
	consultation INTEGER NOT NULL REFERENCES consultation (id),
	topic        TEXT    NOT NULL,
	you_said     TEXT    NOT NULL,
	we_did       TEXT    NOT NULL,
	effect       TEXT    NOT NULL,
	reference    TEXT    NOT NULL,
	published_at INTEGER NOT NULL,
	updated_at   INTEGER NOT NULL,
	PRIMARY KEY (consultation, topic)
) STRICT, WITHOUT ROWID;
