-- News is what happened to consultations and everybody may know, in the order of the commits. Alerts (saved searches, sent by
-- e-mail) and webhooks read it, each from where it stopped.

-- +goose Up
CREATE TABLE news (
	seq          INTEGER NOT NULL, -- number of the audit row of the same change: in commit order
	part         INTEGER NOT NULL, -- 0, 1, … of one change
	kind         TEXT    NOT NULL,
	consultation INTEGER NOT NULL,
	subject      INTEGER NOT NULL, -- comment or thread; 0 = the consultation itself
	at           INTEGER NOT NULL,
	facts        TEXT    NOT NULL, -- JSON: what an alert looks at, as it was then
	earlier      TEXT    NOT NULL, -- JSON: the same before the change; '' = no matter
	PRIMARY KEY (seq, part)
) STRICT;

-- How far each reader of the news has come. Its row is locked while it reads on: one node at a time.
CREATE TABLE news_reader (
	name TEXT    NOT NULL PRIMARY KEY,
	seq  INTEGER NOT NULL
) STRICT;

-- A saved search with the address it writes to: a contact, like its cells and hits. No public reader joins them.
CREATE TABLE alert (
	id         INTEGER NOT NULL PRIMARY KEY,
	email      TEXT    NOT NULL,
	email_key  TEXT    NOT NULL, -- lower case, to find the same mailbox
	language   TEXT    NOT NULL,
	confirmed  INTEGER NOT NULL,
	paused     TEXT    NOT NULL, -- '' = runs
	paused_at  INTEGER NOT NULL,
	rhythm     TEXT    NOT NULL,
	area       TEXT    NOT NULL, -- '' = everywhere
	ward       TEXT    NOT NULL,
	search     TEXT    NOT NULL, -- JSON
	search_key TEXT    NOT NULL, -- hash of the search, to find the same one
	terms      TEXT    NOT NULL, -- its words without case and accents
	created_at INTEGER NOT NULL,
	asked_at   INTEGER NOT NULL, -- when the last confirming mail was or will be due
	mailed_at  INTEGER NOT NULL, -- when hits were last handed to a mail
	next_at    INTEGER NOT NULL, -- when the hits that wait are handed to a mail; 0 = none wait
	since      INTEGER NOT NULL  -- number of the last audit row before it was confirmed or resumed: older news is none
) STRICT;

-- One alert per mailbox and search; also finds all of a mailbox.
CREATE UNIQUE INDEX alert_search ON alert (email_key, search_key);
-- News of a ward asks for the ward's alerts, and for those that look everywhere.
CREATE INDEX alert_area ON alert (area, ward) WHERE confirmed;
-- The sender looks for alerts whose mail is due.
CREATE INDEX alert_due ON alert (next_at) WHERE next_at > 0;

-- The map tiles that cover an alert's circle or polygon, so that a place finds the alerts around it by a few equal keys.
CREATE TABLE alert_cell (
	cell  INTEGER NOT NULL, -- first quadkey of the tile × 32 + zoom
	alert INTEGER NOT NULL REFERENCES alert (id),
	PRIMARY KEY (cell, alert)
) STRICT;
-- An alert that ends takes its cells along.
CREATE INDEX alert_cell_alert ON alert_cell (alert);

-- What an alert found. Its delivery says what became of the mail; 0 = waits for the next one.
CREATE TABLE alert_hit (
	alert        INTEGER NOT NULL REFERENCES alert (id),
	seq          INTEGER NOT NULL,
	part         INTEGER NOT NULL,
	kind         TEXT    NOT NULL,
	consultation INTEGER NOT NULL,
	found_at     INTEGER NOT NULL,
	delivery     INTEGER NOT NULL,
	sent_at      INTEGER NOT NULL, -- kept here too: the log outlives the mails
	PRIMARY KEY (alert, seq, part)
) STRICT;
-- A mail lists the hits that were handed to it.
CREATE INDEX alert_hit_delivery ON alert_hit (delivery) WHERE delivery > 0;

ALTER TABLE delivery ADD COLUMN alert INTEGER NOT NULL DEFAULT 0;
ALTER TABLE delivery ADD COLUMN made_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE delivery ADD COLUMN given_up_at INTEGER NOT NULL DEFAULT 0;
-- Officers read the log of mails newest first.
CREATE INDEX delivery_newest ON delivery (made_at DESC, id);
-- An alert that ends takes its mails along.
CREATE INDEX delivery_alert ON delivery (alert) WHERE alert > 0;

CREATE TABLE webhook (
	id         INTEGER NOT NULL PRIMARY KEY,
	label      TEXT    NOT NULL,
	url        TEXT    NOT NULL,
	events     TEXT    NOT NULL, -- kinds of news, with commas
	generation INTEGER NOT NULL, -- of its secret, which is derived from the site's key
	rotated_at INTEGER NOT NULL,
	paused     TEXT    NOT NULL, -- '' = runs
	paused_at  INTEGER NOT NULL,
	created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE webhook_delivery (
	id           INTEGER NOT NULL PRIMARY KEY,
	webhook      INTEGER NOT NULL REFERENCES webhook (id),
	seq          INTEGER NOT NULL, -- 0 = a test
	part         INTEGER NOT NULL,
	kind         TEXT    NOT NULL,
	consultation INTEGER NOT NULL,
	subject      INTEGER NOT NULL,
	state        TEXT    NOT NULL, -- of the consultation, then
	at           INTEGER NOT NULL,
	tries        INTEGER NOT NULL,
	next_try     INTEGER NOT NULL, -- 0 = never again
	sent_at      INTEGER NOT NULL,
	given_up_at  INTEGER NOT NULL,
	code         INTEGER NOT NULL, -- status of the last answer; 0 = none
	failed       TEXT    NOT NULL
) STRICT;
-- A piece of news goes to a webhook once, whichever node hands it over.
CREATE UNIQUE INDEX webhook_delivery_news ON webhook_delivery (webhook, seq, part) WHERE seq > 0;
-- The sender looks for what is due.
CREATE INDEX webhook_delivery_due ON webhook_delivery (next_try, id) WHERE next_try > 0;
-- A webhook's log is read newest first.
CREATE INDEX webhook_delivery_log ON webhook_delivery (webhook, at DESC, id);
