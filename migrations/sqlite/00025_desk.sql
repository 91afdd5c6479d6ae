-- The officers' desk: to whom an item belongs, until when it rests, what was done with it, what colleagues wrote about it. An item is a
-- comment or a thread, named by its id. All of it is for staff: no public reader needs any of these tables.

-- +goose Up
CREATE TABLE desk_item (
	item          INTEGER NOT NULL PRIMARY KEY, -- a row comes with the first thing that is done with the item
	what          TEXT    NOT NULL,
	consultation  INTEGER NOT NULL,
	officer       INTEGER NOT NULL, -- 0 = nobody
	service       TEXT    NOT NULL, -- '' = the consultation's
	snoozed_until INTEGER NOT NULL, -- 0 = awake
	version       INTEGER NOT NULL, -- compare-and-set
	changed_by    INTEGER NOT NULL, -- officer; 0 = the site itself
	changed_at    INTEGER NOT NULL
) STRICT;
-- "Mine" reads one officer's items.
CREATE INDEX desk_item_officer ON desk_item (officer) WHERE officer > 0;
-- "Snoozed" reads what rests, what comes back first.
CREATE INDEX desk_item_snoozed ON desk_item (snoozed_until) WHERE snoozed_until > 0;

-- One thing that was done, with one item or a thousand.
CREATE TABLE desk_act (
	id         INTEGER NOT NULL PRIMARY KEY,
	kind       TEXT    NOT NULL,
	officer    INTEGER NOT NULL, -- who did it; 0 = the site itself
	to_officer INTEGER NOT NULL,
	to_service TEXT    NOT NULL,
	until      INTEGER NOT NULL,
	rule       TEXT    NOT NULL, -- name of the routing rule that did it, then
	items      INTEGER NOT NULL,
	at         INTEGER NOT NULL,
	undone_at  INTEGER NOT NULL
) STRICT;
-- "Undo" looks for an officer's latest act.
CREATE INDEX desk_act_officer ON desk_act (officer, id) WHERE undone_at = 0;

-- What an act changed of each item: undo puts back exactly this.
CREATE TABLE desk_act_item (
	act          INTEGER NOT NULL REFERENCES desk_act (id),
	item         INTEGER NOT NULL,
	from_officer INTEGER NOT NULL,
	from_service TEXT    NOT NULL,
	from_snoozed INTEGER NOT NULL,
	to_officer   INTEGER NOT NULL,
	to_service   TEXT    NOT NULL,
	to_snoozed   INTEGER NOT NULL,
	version      INTEGER NOT NULL, -- the item's, after the act
	PRIMARY KEY (act, item)
) STRICT, WITHOUT ROWID;
-- An item's timeline reads its acts.
CREATE INDEX desk_act_item_item ON desk_act_item (item, act);

-- What colleagues tell each other about an item.
CREATE TABLE desk_note (
	id           INTEGER NOT NULL PRIMARY KEY,
	item         INTEGER NOT NULL,
	consultation INTEGER NOT NULL,
	act          INTEGER NOT NULL, -- the hand-over it explains; 0 = a note by itself
	officer      INTEGER NOT NULL, -- who wrote it
	body         TEXT    NOT NULL, -- '' = forgotten
	at           INTEGER NOT NULL
) STRICT;
-- Notes are read by item, in the order they were written.
CREATE INDEX desk_note_item ON desk_note (item, id);
-- Undoing a hand-over takes its notes back.
CREATE INDEX desk_note_act ON desk_note (act) WHERE act > 0;
-- Words about a case's items are forgotten with the case.
CREATE INDEX desk_note_consultation ON desk_note (consultation);

CREATE TABLE desk_mention (
	note     INTEGER NOT NULL REFERENCES desk_note (id),
	officer  INTEGER NOT NULL, -- who is mentioned
	item     INTEGER NOT NULL,
	at       INTEGER NOT NULL,
	done_at  INTEGER NOT NULL, -- 0 = it waits
	done_act INTEGER NOT NULL, -- the act that took it off the desk
	PRIMARY KEY (note, officer)
) STRICT, WITHOUT ROWID;
-- "Mentions" reads those of one officer that wait.
CREATE INDEX desk_mention_waiting ON desk_mention (officer, at) WHERE done_at = 0;
-- Undo finds what its act took off the desk.
CREATE INDEX desk_mention_act ON desk_mention (done_act) WHERE done_act > 0;

-- An officer's own desk: whether they are here, how they work, when they last looked.
CREATE TABLE officer_desk (
	officer    INTEGER NOT NULL PRIMARY KEY,
	away_until INTEGER NOT NULL, -- end of the last day away; 0 = here
	keys_off   INTEGER NOT NULL, -- single keys do nothing
	left_at    INTEGER NOT NULL, -- when the officer left before the visit that goes on now
	looked_at  INTEGER NOT NULL  -- when the inbox was last opened
) STRICT;

CREATE TABLE saved_view (
	id         INTEGER NOT NULL PRIMARY KEY,
	officer    INTEGER NOT NULL, -- whose it is
	service    TEXT    NOT NULL, -- with whom it is shared; '' = nobody
	name       TEXT    NOT NULL,
	query      TEXT    NOT NULL, -- of the inbox's address
	created_at INTEGER NOT NULL
) STRICT;
-- An officer's own views.
CREATE INDEX saved_view_officer ON saved_view (officer);
-- Those that colleagues share.
CREATE INDEX saved_view_service ON saved_view (service) WHERE service <> '';

-- Which service new items go to. The first rule that fits decides.
CREATE TABLE routing_rule (
	id         INTEGER NOT NULL PRIMARY KEY,
	position   INTEGER NOT NULL,
	name       TEXT    NOT NULL,
	enabled    INTEGER NOT NULL,
	area       TEXT    NOT NULL, -- JSON, as of an alert
	topic      TEXT    NOT NULL, -- '' = any, as below
	kind       TEXT    NOT NULL,
	type       TEXT    NOT NULL, -- beginning of the application's type
	language   TEXT    NOT NULL,
	service    TEXT    NOT NULL,
	officer    INTEGER NOT NULL, -- 0 = whoever of the service is free
	updated_at INTEGER NOT NULL
) STRICT;
-- One row at most: how often the list was changed, so that two officers never overwrite each other.
CREATE TABLE routing (
	id      INTEGER NOT NULL PRIMARY KEY,
	version INTEGER NOT NULL
) STRICT;

-- "What changed since I left" counts answers.
CREATE INDEX comment_answered ON comment (answered_at) WHERE answered_at > 0;
