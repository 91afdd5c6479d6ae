-- When the site was there: the latest sign of life of any node, and the times in which nobody could comment. A notice that was never given
-- is taken back, with the reason.

-- +goose Up
CREATE TABLE beat (
	id BIGINT NOT NULL PRIMARY KEY, -- always 1: the nodes share it
	at BIGINT NOT NULL
);

CREATE TABLE outage (
	id          BIGINT NOT NULL PRIMARY KEY,
	from_at     BIGINT NOT NULL,
	to_at       BIGINT NOT NULL,
	why         TEXT NOT NULL, -- '' = noticed by the program itself
	by_whom     TEXT NOT NULL, -- service and role
	recorded_at BIGINT NOT NULL
);

-- A round's last minute is looked up among all outages.
CREATE INDEX outage_to ON outage (to_at);

ALTER TABLE publicity ADD COLUMN taken_back_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE publicity ADD COLUMN taken_back_why TEXT NOT NULL DEFAULT '';

-- Every half minute each node looks for rounds that are over.
CREATE INDEX consultation_asking ON consultation (id) WHERE state IN ('consulting', 'reconsulting');
