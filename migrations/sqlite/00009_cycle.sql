-- The statutory cycle: by which rules is decided, who moved a case, how people were told of a round, what became of an appeal.

-- +goose Up
ALTER TABLE consultation ADD COLUMN influence_rules TEXT NOT NULL DEFAULT '';
ALTER TABLE consultation ADD COLUMN eia INTEGER NOT NULL DEFAULT 0;
ALTER TABLE consultation ADD COLUMN committee_on TEXT NOT NULL DEFAULT '';
ALTER TABLE consultation ADD COLUMN appeal_lodged_on TEXT NOT NULL DEFAULT '';
ALTER TABLE consultation ADD COLUMN appeal_decision TEXT NOT NULL DEFAULT '';
ALTER TABLE consultation ADD COLUMN appeal_decided_on TEXT NOT NULL DEFAULT '';

ALTER TABLE state_event ADD COLUMN by_whom TEXT NOT NULL DEFAULT ''; -- service and role; '' = the program itself

CREATE TABLE publicity (
	id           INTEGER NOT NULL PRIMARY KEY,
	consultation INTEGER NOT NULL REFERENCES consultation (id),
	round        INTEGER NOT NULL, -- its number, also of one that is still to open
	kind         TEXT NOT NULL,
	on_day       TEXT NOT NULL,
	evidence     TEXT NOT NULL,
	recorded_at  INTEGER NOT NULL
) STRICT;

-- A case's notices are read together, by round.
CREATE INDEX publicity_consultation ON publicity (consultation, round);
