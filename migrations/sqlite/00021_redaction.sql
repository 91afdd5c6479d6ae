-- Redaction: which words of a comment the public does not read, and why; publications that wait for a second officer; what authors ask
-- about what was taken out. None of it is read by a public reader.

-- +goose Up

-- A place in the author's words. What is published can be made again from the original and these rows, unless an officer typed the text.
CREATE TABLE redaction (
	comment INTEGER NOT NULL REFERENCES comment (id),
	topic   TEXT NOT NULL,    -- of the point; '@place' = the place in words
	begins  INTEGER NOT NULL, -- in characters (code points) of the original
	ends    INTEGER NOT NULL, -- the first character that stays
	kind    TEXT NOT NULL,    -- what was found there; 'words' = an officer marked them
	reason  TEXT NOT NULL,
	by_whom TEXT NOT NULL,    -- service and role
	PRIMARY KEY (comment, topic, begins)
) STRICT;

-- Consultations in which nothing is published, or kept back, by one officer alone.
CREATE TABLE second_look_rule (
	consultation INTEGER NOT NULL PRIMARY KEY REFERENCES consultation (id),
	by_whom      TEXT NOT NULL,
	at           INTEGER NOT NULL
) STRICT;

-- A decision about a comment that waits for another officer.
CREATE TABLE second_look (
	comment      INTEGER NOT NULL PRIMARY KEY REFERENCES comment (id),
	consultation INTEGER NOT NULL REFERENCES consultation (id),
	publication  TEXT NOT NULL, -- JSON
	officer      INTEGER NOT NULL, -- who decided, so that somebody else looks
	by_whom      TEXT NOT NULL,
	at           INTEGER NOT NULL, -- changes with every decision: what was seen is what is passed
	returned     TEXT NOT NULL, -- why it was given back; '' = it waits
	returned_by  TEXT NOT NULL
) STRICT;

-- The list of what waits, oldest first.
CREATE INDEX second_look_waiting ON second_look (at, comment);

-- What an author asks about what was taken out: the last question, with its reply.
CREATE TABLE correction (
	comment    INTEGER NOT NULL PRIMARY KEY REFERENCES comment (id),
	body       TEXT NOT NULL,
	at         INTEGER NOT NULL,
	reply      TEXT NOT NULL,
	by_whom    TEXT NOT NULL,
	replied_at INTEGER NOT NULL -- 0 = it waits
) STRICT;

-- The list of what waits, oldest first.
CREATE INDEX correction_waiting ON correction (at, comment) WHERE replied_at = 0;
