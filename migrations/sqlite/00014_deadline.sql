-- Calendars that follow a deadline must see that it moved: how often, the database counts by itself, whoever moves it.

-- +goose Up
ALTER TABLE round ADD COLUMN moved INTEGER NOT NULL DEFAULT 0;                  -- how often closes changed
ALTER TABLE consultation ADD COLUMN committee_moved INTEGER NOT NULL DEFAULT 0; -- how often committee_on changed
ALTER TABLE consultation ADD COLUMN due_moved INTEGER NOT NULL DEFAULT 0;       -- how often decision_due changed

-- +goose StatementBegin
CREATE TRIGGER round_moved AFTER UPDATE OF closes ON round WHEN NEW.closes <> OLD.closes AND OLD.closes <> ''
BEGIN
	UPDATE round SET moved = OLD.moved + 1 WHERE id = NEW.id;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER committee_moved AFTER UPDATE OF committee_on ON consultation WHEN NEW.committee_on <> OLD.committee_on AND OLD.committee_on <> ''
BEGIN
	UPDATE consultation SET committee_moved = OLD.committee_moved + 1 WHERE id = NEW.id;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER due_moved AFTER UPDATE OF decision_due ON consultation WHEN NEW.decision_due <> OLD.decision_due AND OLD.decision_due <> ''
BEGIN
	UPDATE consultation SET due_moved = OLD.due_moved + 1 WHERE id = NEW.id;
END;
-- +goose StatementEnd

-- The feed of everything reads the latest moves of all consultations.
CREATE INDEX state_event_at ON state_event (at);
