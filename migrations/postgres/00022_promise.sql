-- The promise of an answer, point by point. promise_event is the truth: what happened, in its order. point_promise keeps what follows from
-- it (consult.PromiseOf) for lists and sums, written in the same transaction; so are answered_at and answer_due of a comment and the
-- waiting mark of a thread.

-- +goose Up
CREATE TABLE promise_event (
	source     BIGINT  NOT NULL, -- a comment, or a resident's message
	topic      TEXT    NOT NULL, -- '' for a message
	seq        BIGINT  NOT NULL,
	kind       TEXT    NOT NULL,
	reason     TEXT    NOT NULL,
	words      TEXT    NOT NULL, -- what the public reads beside the reason of a pause
	by_whom    TEXT    NOT NULL, -- service and role; '' = the resident, or the program itself
	service    TEXT    NOT NULL, -- asked: who answers; handed-over: who does from now on
	at         BIGINT  NOT NULL,
	first_days BIGINT  NOT NULL, -- asked: what was promised, in working days; 0 otherwise
	next_days  BIGINT  NOT NULL,
	close_days BIGINT  NOT NULL,
	opens      BIGINT  NOT NULL, -- asked: office hours, in minutes after midnight
	shuts      BIGINT  NOT NULL,
	PRIMARY KEY (source, topic, seq)
);

CREATE TABLE point_promise (
	source       BIGINT  NOT NULL,
	topic        TEXT    NOT NULL,
	consultation BIGINT  NOT NULL,
	thread       BIGINT  NOT NULL, -- of a message; 0 for a comment
	service      TEXT    NOT NULL,
	state        TEXT    NOT NULL,
	asked_for    TEXT    NOT NULL, -- the asked event's reason
	asked_at     BIGINT  NOT NULL,
	since        BIGINT  NOT NULL, -- somebody waits since then; 0 = nobody does
	due          BIGINT  NOT NULL, -- of the answer that is waited for; 0 = the clock rests, or nothing is promised
	first_days   BIGINT  NOT NULL, -- promised working days to the first answer
	first_due    BIGINT  NOT NULL,
	first_at     BIGINT  NOT NULL,
	next_due     BIGINT  NOT NULL,
	next_at      BIGINT  NOT NULL,
	close_due    BIGINT  NOT NULL,
	ended_at     BIGINT  NOT NULL,
	ended_for    TEXT    NOT NULL,
	paused_at    BIGINT  NOT NULL,
	paused_for   TEXT    NOT NULL,
	rests        BIGINT  NOT NULL, -- how often the clock was paused
	rested       BIGINT  NOT NULL, -- working microseconds that the first answer's clock rested, up to paused_at
	opens        BIGINT  NOT NULL,
	shuts        BIGINT  NOT NULL,
	PRIMARY KEY (source, topic)
);

-- The inbox and the figures of workload read what waits, of all consultations.
CREATE INDEX point_promise_waits ON point_promise (due, source) WHERE since > 0;
-- A thread's waiting question is found by the thread.
CREATE INDEX point_promise_thread ON point_promise (thread) WHERE thread > 0;
-- The public record of one consultation.
CREATE INDEX point_promise_record ON point_promise (consultation, asked_at);
-- What was answered this and last week.
CREATE INDEX promise_event_answered ON promise_event (at) WHERE kind = 'answered';
-- The answers that were written for it.
CREATE INDEX message_written ON message (created_at) WHERE author = 'officer' AND state = 'visible';

-- What an officer promised for a consultation beside its first days and its service, which stand in consultation itself and are then no
-- longer an import's to change.
CREATE TABLE promise_terms (
	consultation BIGINT  NOT NULL PRIMARY KEY REFERENCES consultation (id),
	next_days    BIGINT  NOT NULL,
	close_days   BIGINT  NOT NULL,
	version      BIGINT  NOT NULL,
	by_whom      TEXT    NOT NULL,
	updated_at   BIGINT  NOT NULL
);

-- Topics on which no answer is promised, and why.
CREATE TABLE promise_silence (
	consultation BIGINT  NOT NULL REFERENCES consultation (id),
	topic        TEXT    NOT NULL,
	reason       TEXT    NOT NULL,
	PRIMARY KEY (consultation, topic)
);

-- What was promised before: every point of a comment with a promise, and every question that waits.
INSERT INTO promise_event (source, topic, seq, kind, reason, words, by_whom, service, at, first_days, next_days, close_days, opens, shuts)
SELECT c.id, o.topic, 1, 'asked', '', '', '', k.service, c.received_at, CASE WHEN k.promise_days > 0 THEN k.promise_days ELSE 5 END, 0, 0, 0, 0
FROM comment c JOIN original_point o ON o.comment = c.id JOIN consultation k ON k.id = c.consultation WHERE c.answer_due > 0;
INSERT INTO promise_event (source, topic, seq, kind, reason, words, by_whom, service, at, first_days, next_days, close_days, opens, shuts)
SELECT c.id, o.topic, 2, 'answered', '', '', '', '', c.answered_at, 0, 0, 0, 0, 0
FROM comment c JOIN original_point o ON o.comment = c.id WHERE c.answer_due > 0 AND c.answered_at > 0;
INSERT INTO promise_event (source, topic, seq, kind, reason, words, by_whom, service, at, first_days, next_days, close_days, opens, shuts)
SELECT c.id, o.topic, CASE WHEN c.answered_at > 0 THEN 3 ELSE 2 END, 'closed', 'withdrawn', '', '', '', c.withdrawn_at, 0, 0, 0, 0, 0
FROM comment c JOIN original_point o ON o.comment = c.id WHERE c.answer_due > 0 AND c.state = 'withdrawn';
INSERT INTO promise_event (source, topic, seq, kind, reason, words, by_whom, service, at, first_days, next_days, close_days, opens, shuts)
SELECT t.waiting_message, '', 1, 'asked', CASE WHEN t.answer_due > 0 THEN '' ELSE 'not-promised' END, '', '', COALESCE(k.service, ''), t.waiting_since,
	CASE WHEN k.promise_days > 0 THEN k.promise_days ELSE 5 END, 0, 0, 0, 0
FROM thread t LEFT JOIN consultation k ON k.id = t.consultation WHERE t.waiting_message > 0;

INSERT INTO point_promise (source, topic, consultation, thread, service, state, asked_for, asked_at, since, due, first_days, first_due, first_at,
	next_due, next_at, close_due, ended_at, ended_for, paused_at, paused_for, rests, rested, opens, shuts)
SELECT c.id, o.topic, c.consultation, 0, k.service,
	CASE WHEN c.state = 'withdrawn' THEN 'closed' WHEN c.answered_at > 0 THEN 'answered' ELSE 'open' END, '', c.received_at,
	CASE WHEN c.state = 'withdrawn' OR c.answered_at > 0 THEN 0 ELSE c.received_at END,
	CASE WHEN c.state = 'withdrawn' OR c.answered_at > 0 THEN 0 ELSE c.answer_due END,
	CASE WHEN k.promise_days > 0 THEN k.promise_days ELSE 5 END, c.answer_due, c.answered_at, 0, 0, 0,
	CASE WHEN c.state = 'withdrawn' THEN c.withdrawn_at ELSE c.answered_at END, CASE WHEN c.state = 'withdrawn' THEN 'withdrawn' ELSE '' END,
	0, '', 0, 0, 0, 0
FROM comment c JOIN original_point o ON o.comment = c.id JOIN consultation k ON k.id = c.consultation WHERE c.answer_due > 0;
INSERT INTO point_promise (source, topic, consultation, thread, service, state, asked_for, asked_at, since, due, first_days, first_due, first_at,
	next_due, next_at, close_due, ended_at, ended_for, paused_at, paused_for, rests, rested, opens, shuts)
SELECT t.waiting_message, '', t.consultation, t.id, COALESCE(k.service, ''), 'open', CASE WHEN t.answer_due > 0 THEN '' ELSE 'not-promised' END,
	t.waiting_since, t.waiting_since, t.answer_due, CASE WHEN k.promise_days > 0 THEN k.promise_days ELSE 5 END, t.answer_due, 0, 0, 0, 0, 0, '',
	0, '', 0, 0, 0, 0
FROM thread t LEFT JOIN consultation k ON k.id = t.consultation WHERE t.waiting_message > 0;

-- The inbox reads point_promise, and a message's promise is computed from its events.
DROP INDEX comment_waiting;
ALTER TABLE message DROP COLUMN answer_due;
