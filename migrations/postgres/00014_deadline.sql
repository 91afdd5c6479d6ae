-- Calendars that follow a deadline must see that it moved: how often, the database counts by itself, whoever moves it.

-- +goose Up
ALTER TABLE round ADD COLUMN moved bigint NOT NULL DEFAULT 0;                  -- how often closes changed
ALTER TABLE consultation ADD COLUMN committee_moved bigint NOT NULL DEFAULT 0; -- how often committee_on changed
ALTER TABLE consultation ADD COLUMN due_moved bigint NOT NULL DEFAULT 0;       -- how often decision_due changed

-- +goose StatementBegin
CREATE FUNCTION count_round_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.closes <> OLD.closes AND OLD.closes <> '' THEN
		NEW.moved := OLD.moved + 1;
	END IF;
	RETURN NEW;
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER round_moved BEFORE UPDATE ON round FOR EACH ROW EXECUTE FUNCTION count_round_moved();

-- +goose StatementBegin
CREATE FUNCTION count_consultation_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.committee_on <> OLD.committee_on AND OLD.committee_on <> '' THEN
		NEW.committee_moved := OLD.committee_moved + 1;
	END IF;
	IF NEW.decision_due <> OLD.decision_due AND OLD.decision_due <> '' THEN
		NEW.due_moved := OLD.due_moved + 1;
	END IF;
	RETURN NEW;
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER consultation_moved BEFORE UPDATE ON consultation FOR EACH ROW EXECUTE FUNCTION count_consultation_moved();

-- The feed of everything reads the latest moves of all consultations.
CREATE INDEX state_event_at ON state_event (at);
