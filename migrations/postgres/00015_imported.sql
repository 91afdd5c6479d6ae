-- Where comments came from that were made elsewhere, so that importing them twice makes them once.

-- +goose Up
CREATE TABLE imported_comment (
	comment      BIGINT NOT NULL PRIMARY KEY REFERENCES comment (id),
	consultation BIGINT NOT NULL REFERENCES consultation (id),
	source       TEXT NOT NULL, -- 'odp', 'bops'
	source_id    TEXT NOT NULL, -- the other system's own id, or a hash of the words where it gives none
	hash         TEXT NOT NULL, -- of what the file publishes
	own_hash     TEXT NOT NULL  -- of the author's own words and contact; '' where the file had none
);

-- A comment of another system is one comment of a consultation.
CREATE UNIQUE INDEX imported_comment_source ON imported_comment (consultation, source, source_id);
