package store

import (
	"context"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// settledBefore are the cases that were decided, decided on appeal or withdrawn before $1, and are not under appeal now.
const settledBefore = `(SELECT c.id FROM consultation c WHERE c.state IN ('decided', 'appeal-decided', 'withdrawn', 'archived')
	AND COALESCE((SELECT MAX(e.at) FROM state_event e WHERE e.consultation = c.id
		AND e.to_state IN ('decided', 'appeal-decided', 'withdrawn')), c.updated_at) < $1)`

const settledComments = `(SELECT m.id FROM comment m WHERE m.consultation IN ` + settledBefore + `)`

// expiring is one kind of row of a class: the query counts them by consultation, the statements forget them. Both take the
// moment as $1.
type expiring struct {
	count  string
	forget []string
}

const (
	someContact  = `(k.name <> '' OR k.address <> '' OR k.postcode <> '' OR k.email <> '' OR k.phone <> '')`
	sentMail     = `next_try = 0 AND (sent_at > 0 AND sent_at < $1 OR sent_at = 0 AND given_up_at < $1)`
	someOriginal = `(o.place_text <> '' OR o.name_shown <> '' OR EXISTS (SELECT 1 FROM original_point p WHERE p.comment = o.comment AND p.text <> ''))`
	someMessage  = `author = 'resident' AND (body <> '' OR name <> '' OR visitor <> 0)`
	inSettled    = `thread IN (SELECT t.id FROM thread t WHERE t.consultation IN ` + settledBefore + `)`
)

// retained is what each class is made of.
var retained = map[consult.RetentionClass][]expiring{
	consult.RetainMail: {{`SELECT consultation, COUNT(*) FROM delivery WHERE ` + sentMail + ` GROUP BY consultation`, []string{`DELETE FROM delivery WHERE ` + sentMail}}},
	consult.RetainContact: {
		{`SELECT m.consultation, COUNT(*) FROM contact k JOIN comment m ON m.id = k.comment WHERE m.consultation IN ` + settledBefore + ` AND ` +
			someContact + ` GROUP BY m.consultation`,
			[]string{`UPDATE contact SET name = '', address = '', postcode = '', email = '', phone = '' WHERE comment IN ` + settledComments}},
		{`SELECT consultation, COUNT(*) FROM follow WHERE consultation IN ` + settledBefore + ` GROUP BY consultation`, []string{`DELETE FROM follow WHERE consultation IN ` + settledBefore}},
		{`SELECT consultation, COUNT(*) FROM neighbour WHERE address <> '' AND consultation IN ` + settledBefore + ` GROUP BY consultation`,
			[]string{`UPDATE neighbour SET address = '', postcode = '', uprn = '', address_key = CAST(id AS TEXT) WHERE consultation IN ` + settledBefore}},
		{`SELECT e.consultation, COUNT(*) FROM consultee_contact k JOIN consultee e ON e.id = k.consultee WHERE e.consultation IN ` + settledBefore +
			` AND (k.email <> '' OR k.address <> '' OR k.postcode <> '') GROUP BY e.consultation`,
			[]string{`UPDATE consultee_contact SET email = '', address = '', postcode = '' WHERE consultee IN (SELECT e.id FROM consultee e
				WHERE e.consultation IN ` + settledBefore + `)`}},
		{`SELECT consultation, COUNT(*) FROM fact_sent WHERE consultation IN ` + settledBefore + ` GROUP BY consultation`, []string{`DELETE FROM fact_sent WHERE consultation IN ` + settledBefore}},
		{`SELECT consultation, COUNT(*) FROM flag WHERE consultation IN ` + settledBefore + ` GROUP BY consultation`,
			[]string{`DELETE FROM flag WHERE consultation IN ` + settledBefore}},
		{`SELECT consultation, COUNT(*) FROM objection WHERE consultation IN ` + settledBefore + ` GROUP BY consultation`,
			[]string{`DELETE FROM objection WHERE consultation IN ` + settledBefore}},
		{`SELECT m.consultation, COUNT(*) FROM author_mark a JOIN comment m ON m.id = a.comment WHERE m.consultation IN ` + settledBefore + ` GROUP BY m.consultation`,
			[]string{`DELETE FROM author_mark WHERE comment IN ` + settledComments}},
		// What colleagues wrote about people may repeat names and numbers.
		{`SELECT consultation, COUNT(*) FROM desk_note WHERE body <> '' AND consultation IN ` + settledBefore + ` GROUP BY consultation`,
			[]string{`UPDATE desk_note SET body = '' WHERE consultation IN ` + settledBefore}},
		{`SELECT consultation, COUNT(*) FROM applicant WHERE consultation IN ` + settledBefore + ` GROUP BY consultation`, []string{`DELETE FROM applicant WHERE consultation IN ` + settledBefore}},
	},
	consult.RetainEquality: {{`SELECT consultation, COUNT(*) FROM equality WHERE consultation IN ` + settledBefore + ` GROUP BY consultation`,
		[]string{`DELETE FROM equality WHERE consultation IN ` + settledBefore}}},
	// The stubs stay, so that numbers and answers keep their sense; a new epoch makes open pages read them anew.
	consult.RetainThread: {{`SELECT t.consultation, COUNT(*) FROM message m JOIN thread t ON t.id = m.thread WHERE t.consultation IN ` + settledBefore +
		` AND m.author = 'resident' AND (m.body <> '' OR m.name <> '' OR m.visitor <> 0) GROUP BY t.consultation`,
		[]string{
			`UPDATE thread SET locked = TRUE, epoch = 'retention-' || CAST(id AS TEXT),
				messages = (SELECT COUNT(*) FROM message m WHERE m.thread = thread.id AND m.state = 'visible' AND m.author <> 'resident')
				WHERE consultation IN ` + settledBefore + ` AND EXISTS (SELECT 1 FROM message m WHERE m.thread = thread.id AND ` + someMessage + `)`,
			`UPDATE message SET body = '', name = '', visitor = 0, state = 'hidden', rule = 'retention', reason = '' WHERE ` + inSettled + ` AND ` + someMessage,
		}}, {`SELECT consultation, COUNT(*) FROM support WHERE consultation IN ` + settledBefore + ` GROUP BY consultation`,
		[]string{`DELETE FROM support WHERE consultation IN ` + settledBefore}}, {
		`SELECT a.consultation, COUNT(*) FROM verdict_reason r JOIN answer a ON a.id = r.answer WHERE r.reason <> '' AND a.consultation IN ` + settledBefore +
			` GROUP BY a.consultation`,
		[]string{`UPDATE verdict_reason SET reason = '' WHERE answer IN (SELECT a.id FROM answer a WHERE a.consultation IN ` + settledBefore + `)`}}},
	consult.RetainOriginal: {{`SELECT m.consultation, COUNT(*) FROM original o JOIN comment m ON m.id = o.comment WHERE m.consultation IN ` + settledBefore + ` AND ` +
		someOriginal + ` GROUP BY m.consultation`,
		[]string{
			`UPDATE original SET place_text = '', name_shown = '' WHERE comment IN ` + settledComments,
			`UPDATE original_point SET text = '' WHERE comment IN ` + settledComments,
			// What was said about the words goes with them: the places that were taken out, and what their authors asked.
			`DELETE FROM redaction WHERE comment IN ` + settledComments,
			`DELETE FROM second_look WHERE comment IN ` + settledComments,
			`DELETE FROM correction WHERE comment IN ` + settledComments,
		}}, {
		`SELECT e.consultation, COUNT(*) FROM consultee_original o JOIN consultee_response r ON r.id = o.response JOIN consultee e ON e.id = r.consultee
			WHERE e.consultation IN ` + settledBefore + ` AND (o.text <> '' OR o.conditions <> '') GROUP BY e.consultation`,
		[]string{`UPDATE consultee_original SET text = '', conditions = '' WHERE response IN (SELECT r.id FROM consultee_response r
			JOIN consultee e ON e.id = r.consultee WHERE e.consultation IN ` + settledBefore + `)`}}, {
		`SELECT m.consultation, COUNT(*) FROM hidden_text h JOIN comment m ON m.id = h.comment WHERE m.consultation IN ` + settledBefore + ` GROUP BY m.consultation`,
		[]string{`DELETE FROM hidden_text WHERE comment IN ` + settledComments}}},
	consult.RetainPublished: {{`SELECT consultation, COUNT(*) FROM comment WHERE state = 'published' AND consultation IN ` + settledBefore + ` GROUP BY consultation`,
		[]string{
			`UPDATE comment_point SET text = '' WHERE comment IN ` + settledComments,
			`UPDATE comment SET state = 'withheld', place_text = '', name_shown = '' WHERE state = 'published' AND consultation IN ` + settledBefore,
		}}},
}

// Expired counts what a class holds that is over its time.
func (s *Store) Expired(ctx context.Context, class consult.RetentionClass, before time.Time) (cases, rows int, err error) {
	err = s.snapshot(ctx, "count what is over its time", true, func(c *conn) error {
		cases, rows, err = c.expired(class, before)
		return err
	})
	return cases, rows, err
}

// expired counts; a case that holds several kinds of row counts once.
func (c *conn) expired(class consult.RetentionClass, before time.Time) (cases, rows int, err error) {
	seen := map[consult.ID]bool{}
	for _, kind := range retained[class] {
		if err := c.each(func(r row) error {
			var consultation consult.ID
			var n int
			if err := r.Scan(&consultation, &n); err != nil {
				return err
			}
			rows += n
			if consultation != 0 { // mails to officers are about no case
				seen[consultation] = true
			}
			return nil
		}, kind.count, before); err != nil {
			return 0, 0, err
		}
	}
	return len(seen), rows, nil
}

// Expire forgets what a class holds that is over its time.
func (s *Store) Expire(ctx context.Context, class consult.RetentionClass, before time.Time, ch consult.Change) (cases, rows int, err error) {
	err = s.change(ctx, "forget what is over its time", ch, 0, func(w *change) error {
		w.wait = 0 // a year's worth may take longer than a page may
		if cases, rows, err = w.expired(class, before); err != nil {
			return err
		}
		if class == consult.RetainThread {
			if err := w.forgetQuestions(before); err != nil {
				return err
			}
		}
		for _, kind := range retained[class] {
			for _, statement := range kind.forget {
				if _, err := w.exec(statement, before); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return cases, rows, err
}
