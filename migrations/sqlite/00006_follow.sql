-- Who wants mail, and the mails that wait. Both are contacts: no public reader joins them.

-- +goose Up
CREATE TABLE follow (
	id           INTEGER NOT NULL PRIMARY KEY,
	consultation INTEGER NOT NULL REFERENCES consultation (id),
	email        TEXT    NOT NULL,
	email_key    TEXT    NOT NULL, -- lower case, to find the same mailbox
	language     TEXT    NOT NULL,
	confirmed    INTEGER NOT NULL,
	created_at   INTEGER NOT NULL,
	asked_at     INTEGER NOT NULL  -- when the last confirming mail was written
) STRICT;

-- One subscription per mailbox; also finds a consultation's followers when a mail goes to all of them.
CREATE UNIQUE INDEX follow_email ON follow (consultation, email_key);

CREATE TABLE delivery (
	id           INTEGER NOT NULL PRIMARY KEY,
	kind         TEXT    NOT NULL,
	address      TEXT    NOT NULL,
	language     TEXT    NOT NULL,
	data         TEXT    NOT NULL, -- JSON; emptied once sent or given up, it may hold a one-time link
	consultation INTEGER NOT NULL,
	comment      INTEGER NOT NULL,
	thread       INTEGER NOT NULL,
	follow       INTEGER NOT NULL,
	tries        INTEGER NOT NULL,
	next_try     INTEGER NOT NULL, -- 0 = never again
	sent_at      INTEGER NOT NULL,
	failed       TEXT    NOT NULL
) STRICT;

-- The sender looks for what is due; sent and given up mails are most, and not in it.
CREATE INDEX delivery_due ON delivery (next_try, id) WHERE next_try > 0;
-- Unsubscribing takes waiting mails of the consultation back.
CREATE INDEX delivery_waiting ON delivery (consultation) WHERE next_try > 0;
