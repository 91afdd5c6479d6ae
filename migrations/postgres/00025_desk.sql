-- The officers' desk: to whom an item belongs, until when it rests, what was done with it, what colleagues wrote about it. An item is a
-- comment or a thread, named by its id. All of it is for staff: no public reader needs any of these tables.

-- +goose Up
CREATE TABLE desk_item (
	item          BIGINT NOT NULL PRIMARY KEY, -- a row comes with the first thing that is done with the item
	what          TEXT NOT NULL,
	consultation  BIGINT NOT NULL,
	officer       BIGINT NOT NULL, -- 0 = nobody
	service       TEXT NOT NULL, -- '' = the consultation's
	snoozed_until BIGINT NOT NULL, -- 0 = awake
	version       BIGINT NOT NULL, -- compare-and-set
	changed_by    BIGINT NOT NULL, -- officer; 0 = the site itself
	changed_at    BIGINT NOT NULL
);
-- "Mine" reads one officer's items.
CREATE INDEX desk_item_officer ON desk_item (officer) WHERE officer > 0;
-- "Snoozed" reads what rests, what comes back first.
CREATE INDEX desk_item_snoozed ON desk_item (snoozed_until) WHERE snoozed_until > 0;

-- One thing that was done, with one item or a thousand.
CREATE TABLE desk_act (
	id         BIGINT NOT NULL PRIMARY KEY,
	kind       TEXT NOT NULL,
	officer    BIGINT NOT NULL, -- who did it; 0 = the site itself
	to_officer BIGINT NOT NULL,
	to_service TEXT NOT NULL,
	until      BIGINT NOT NULL,
	rule       TEXT NOT NULL, -- name of the routing rule that did it, then
	items      BIGINT NOT NULL,
	at         BIGINT NOT NULL,
	undone_at  BIGINT NOT NULL
);
-- "Undo" looks for an officer's latest act.
CREATE INDEX desk_act_officer ON desk_act (officer, id) WHERE undone_at = 0;

-- What an act changed of each item: undo puts back exactly this.
CREATE TABLE desk_act_item (
	act          BIGINT NOT NULL REFERENCES desk_act (id),
	item         BIGINT NOT NULL,
	from_officer BIGINT NOT NULL,
	from_service TEXT NOT NULL,
	from_snoozed BIGINT NOT NULL,
	to_officer   BIGINT NOT NULL,
	to_service   TEXT NOT NULL,
	to_snoozed   BIGINT NOT NULL,
	version      BIGINT NOT NULL, -- the item's, after the act
	PRIMARY KEY (act, item)
);
-- An item's timeline reads its acts.
CREATE INDEX desk_act_item_item ON desk_act_item (item, act);

-- What colleagues tell each other about an item.
CREATE TABLE desk_note (
	id           BIGINT NOT NULL PRIMARY KEY,
	item         BIGINT NOT NULL,
	consultation BIGINT NOT NULL,
	act          BIGINT NOT NULL, -- the hand-over it explains; 0 = a note by itself
	officer      BIGINT NOT NULL, -- who wrote it
	body         TEXT NOT NULL, -- '' = forgotten
	at           BIGINT NOT NULL
);
-- Notes are read by item, in the order they were written.
CREATE INDEX desk_note_item ON desk_note (item, id);
-- Undoing a hand-over takes its notes back.
CREATE INDEX desk_note_act ON desk_note (act) WHERE act > 0;
-- Words about a case's items are forgotten with the case.
CREATE INDEX desk_note_consultation ON desk_note (consultation);

CREATE TABLE desk_mention (
	note     BIGINT NOT NULL REFERENCES desk_note (id),
	officer  BIGINT NOT NULL, -- who is mentioned
	item     BIGINT NOT NULL,
	at       BIGINT NOT NULL,
	done_at  BIGINT NOT NULL, -- 0 = it waits
	done_act BIGINT NOT NULL, -- the act that took it off the desk
	PRIMARY KEY (note, officer)
);
-- "Mentions" reads those of one officer that wait.
CREATE INDEX desk_mention_waiting ON desk_mention (officer, at) WHERE done_at = 0;
-- Undo finds what its act took off the desk.
CREATE INDEX desk_mention_act ON desk_mention (done_act) WHERE done_act > 0;

-- An officer's own desk: whether they are here, how they work, when they last looked.
CREATE TABLE officer_desk (
	officer    BIGINT NOT NULL PRIMARY KEY,
	away_until BIGINT NOT NULL, -- end of the last day away; 0 = here
	keys_off   BOOLEAN NOT NULL, -- single keys do nothing
	left_at    BIGINT NOT NULL, -- when the officer left before the visit that goes on now
	looked_at  BIGINT NOT NULL  -- when the inbox was last opened
);

CREATE TABLE saved_view (
	id         BIGINT NOT NULL PRIMARY KEY,
	officer    BIGINT NOT NULL, -- whose it is
	service    TEXT NOT NULL, -- with whom it is shared; '' = nobody
	name       TEXT NOT NULL,
	query      TEXT NOT NULL, -- of the inbox's address
	created_at BIGINT NOT NULL
);
-- An officer's own views.
CREATE INDEX saved_view_officer ON saved_view (officer);
-- Those that colleagues share.
CREATE INDEX saved_view_service ON saved_view (service) WHERE service <> '';

-- Which service new items go to. The first rule that fits decides.
CREATE TABLE routing_rule (
	id         BIGINT NOT NULL PRIMARY KEY,
	position   BIGINT NOT NULL,
	name       TEXT NOT NULL,
	enabled    BOOLEAN NOT NULL,
	area       TEXT NOT NULL, -- JSON, as of an alert
	topic      TEXT NOT NULL, -- '' = any, as below
	kind       TEXT NOT NULL,
	type       TEXT NOT NULL, -- beginning of the application's type
	language   TEXT NOT NULL,
	service    TEXT NOT NULL,
	officer    BIGINT NOT NULL, -- 0 = whoever of the service is free
	updated_at BIGINT NOT NULL
);
-- One row at most: how often the list was changed, so that two officers never overwrite each other.
CREATE TABLE routing (
	id      BIGINT NOT NULL PRIMARY KEY,
	version BIGINT NOT NULL
);

-- "What changed since I left" counts answers.
CREATE INDEX comment_answered ON comment (answered_at) WHERE answered_at > 0;
