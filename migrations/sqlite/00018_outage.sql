-- When the site was there: the latest sign of life of any node, and the times in which nobody could comment. A notice that was never given
-- is taken back, with the reason.

-- +goose Up
CREATE TABLE beat (
	id INTEGER NOT NULL PRIMARY KEY, -- always 1: the nodes share it
	at INTEGER NOT NULL
) STRICT;

CREATE TABLE outage (
	id          INTEGER NOT NULL PRIMARY KEY,
	from_at     INTEGER NOT NULL,
	to_at       INTEGER NOT NULL,
	why         TEXT NOT NULL, -- '' = noticed by the program itself
	by_whom     TEXT NOT NULL, -- service and role
	recorded_at INTEGER NOT NULL
) STRICT;

-- A round's last minute is looked up among all outages.
CREATE INDEX outage_to ON outage (to_at);

ALTER TABLE publicity ADD COLUMN taken_back_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE publicity ADD COLUMN taken_back_why TEXT NOT NULL DEFAULT '';

-- Every half minute each node looks for rounds that are over.
CREATE INDEX consultation_asking ON consultation (id) WHERE state IN ('consulting', 'reconsulting');
