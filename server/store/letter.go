package store

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/yousaid/yousaid/server/consult"
)

// lettersWithReaders reads letters with whom they go to, wherever that stands.
const lettersWithReaders = `SELECT l.id, l.consultation, l.kind, l.round, l.neighbour, l.comment, l.consultee, l.data, l.state, l.batch, l.posted_on,
	l.resends, l.why, l.trouble, l.created_at, COALESCE(k.name, e.name, ''), COALESCE(n.address, k.address, x.address, ''),
	COALESCE(n.postcode, k.postcode, x.postcode, ''), COALESCE(NULLIF(k.language, ''), 'en')
	FROM letter l LEFT JOIN neighbour n ON n.id = l.neighbour LEFT JOIN contact k ON k.comment = l.comment
	LEFT JOIN consultee e ON e.id = l.consultee LEFT JOIN consultee_contact x ON x.consultee = l.consultee `

func scanLetter(r row) (l consult.Letter, err error) {
	var data json.RawMessage
	if err := r.Scan(&l.ID, &l.Consultation, &l.Kind, &l.Round, &l.Neighbour, &l.Comment, &l.Consultee, raw(&data), &l.State, &l.Batch, &l.PostedOn,
		&l.Resends, &l.Why, &l.Trouble, moment(&l.CreatedAt), &l.Name, &l.Address, &l.Postcode, &l.Language); err != nil {
		return l, err
	}
	return l, json.Unmarshal(data, &l.Data)
}

func (w *change) insertLetters(letters []consult.Letter) error {
	rows := make([][]any, len(letters))
	for i, l := range letters {
		data, err := json.Marshal(l.Data)
		if err != nil {
			return err
		}
		rows[i] = []any{l.ID, l.Consultation, l.Kind, l.Round, l.Neighbour, l.Comment, l.Consultee, data, l.State, l.Batch, l.PostedOn, l.Resends,
			l.Why, l.Trouble, l.CreatedAt}
	}
	return w.insert(`INSERT INTO letter (id, consultation, kind, round, neighbour, comment, consultee, data, state, batch, posted_on, resends, why,
		trouble, created_at)`, rows, "")
}

// LetterCounts counts a case's letters by kind, round and state.
func (s *Store) LetterCounts(ctx context.Context, consultation consult.ID) ([]consult.LetterCount, error) {
	l, err := list(s.reading(ctx), func(r row) (c consult.LetterCount, err error) { return c, r.Scan(&c.Kind, &c.Round, &c.State, &c.N) },
		`SELECT kind, round, state, COUNT(*) FROM letter WHERE consultation = $1 GROUP BY kind, round, state ORDER BY kind, round, state`, consultation)
	return l, failure("count letters", err)
}

// MailCounts counts a case's mails by kind and state, nobody's address among them.
func (s *Store) MailCounts(ctx context.Context, consultation consult.ID) ([]consult.MailCount, error) {
	l, err := list(s.reading(ctx), func(r row) (c consult.MailCount, err error) { return c, r.Scan(&c.Kind, &c.State, &c.N) },
		`SELECT kind, state, COUNT(*) FROM (SELECT kind, CASE WHEN sent_at > 0 THEN 'sent' WHEN next_try = 0 THEN 'given-up'
		WHEN failed <> '' THEN 'delayed' ELSE 'waiting' END AS state FROM delivery WHERE consultation = $1) d GROUP BY kind, state ORDER BY kind, state`,
		consultation)
	return l, failure("count mails", err)
}

// Unreachable counts the comments of a case whose authors left neither a mailbox nor a postal address.
func (s *Store) Unreachable(ctx context.Context, consultation consult.ID) (int, error) {
	n, err := one(s.reading(ctx), number, `SELECT COUNT(*) FROM comment c JOIN contact k ON k.comment = c.id WHERE c.consultation = $1
		AND k.email = '' AND k.address = '' AND c.state NOT IN ('withdrawn', 'superseded')`, consultation)
	return int(n), failure("count the unreachable", err)
}

// Letters lists a case's letters in a state, newest first.
func (s *Store) Letters(ctx context.Context, consultation consult.ID, state consult.LetterState, offset, limit int) (found []consult.Letter, total int, err error) {
	err = s.snapshot(ctx, "read letters", false, func(c *conn) error {
		n, err := one(c, number, `SELECT COUNT(*) FROM letter WHERE consultation = $1 AND state = $2`, consultation, state)
		if err != nil {
			return err
		}
		total = int(n)
		found, err = list(c, scanLetter, lettersWithReaders+`WHERE l.consultation = $1 AND l.state = $2 ORDER BY l.id DESC LIMIT $3 OFFSET $4`,
			consultation, state, limit, offset)
		return err
	})
	return found, total, err
}

// Letter reads one.
func (s *Store) Letter(ctx context.Context, id consult.ID) (consult.Letter, error) {
	l, err := one(s.reading(ctx), scanLetter, lettersWithReaders+`WHERE l.id = $1`, id)
	return l, failure("read letter", err)
}

const batchColumns = `id, consultation, kind, round, letters, printed_at, post_on, closes, posted_on`

func scanBatch(r row) (b consult.LetterBatch, err error) {
	return b, r.Scan(&b.ID, &b.Consultation, &b.Kind, &b.Round, &b.Letters, moment(&b.PrintedAt), &b.PostOn, &b.Closes, &b.PostedOn)
}

// LetterBatches lists a case's batches, newest first.
func (s *Store) LetterBatches(ctx context.Context, consultation consult.ID) ([]consult.LetterBatch, error) {
	l, err := list(s.reading(ctx), scanBatch, `SELECT `+batchColumns+` FROM letter_batch WHERE consultation = $1 ORDER BY id DESC LIMIT 100`, consultation)
	return l, failure("read batches", err)
}

// LetterBatch reads a batch with its letters, as a postman walks.
func (s *Store) LetterBatch(ctx context.Context, batch consult.ID) (b consult.LetterBatch, letters []consult.Letter, err error) {
	err = s.snapshot(ctx, "read batch", false, func(c *conn) error {
		if b, err = one(c, scanBatch, `SELECT `+batchColumns+` FROM letter_batch WHERE id = $1`, batch); err != nil {
			return err
		}
		letters, err = list(c, scanLetter, lettersWithReaders+`WHERE l.batch = $1 ORDER BY COALESCE(n.postcode, k.postcode, x.postcode, ''),
			COALESCE(n.address, k.address, x.address, ''), l.id`, batch)
		return err
	})
	return b, letters, err
}

// PrintLetters moves waiting letters of a kind and round into a batch and counts them.
func (s *Store) PrintLetters(ctx context.Context, b consult.LetterBatch, ch consult.Change) (int, error) {
	printed := 0
	err := s.change(ctx, "print letters", ch, b.ID, func(w *change) error {
		n, err := w.exec(`UPDATE letter SET state = 'printed', batch = $1 WHERE state = 'waiting' AND id IN (SELECT id FROM letter
			WHERE consultation = $2 AND kind = $3 AND round = $4 AND state = 'waiting' ORDER BY id LIMIT $5)`, b.ID, b.Consultation, b.Kind,
			b.Round, consult.MaxBatch)
		if err != nil {
			return err
		}
		if printed = int(n); n == 0 {
			return errNothing
		}
		return w.insert(`INSERT INTO letter_batch (`+batchColumns+`)`, [][]any{{b.ID, b.Consultation, b.Kind, b.Round, printed, b.PrintedAt, b.PostOn,
			b.Closes, ""}}, "")
	})
	return printed, err
}

// PostLetters marks a batch as posted, once, and keeps the publicity it is.
func (s *Store) PostLetters(ctx context.Context, batch consult.ID, on consult.Date, n *consult.Notice, ch consult.Change) error {
	return s.change(ctx, "post letters", ch, batch, func(w *change) error {
		if _, err := one(&w.conn, id, `SELECT id FROM letter_batch WHERE id = $1`, batch); err != nil {
			return err
		}
		posted, err := w.exec(`UPDATE letter_batch SET posted_on = $1 WHERE id = $2 AND posted_on = ''`, on, batch)
		if err != nil {
			return err
		}
		if posted == 0 {
			return fail(consult.Conflict, "", errors.New("the batch was posted before"))
		}
		if _, err := w.exec(`UPDATE letter SET state = 'posted', posted_on = $1 WHERE batch = $2 AND state = 'printed'`, on, batch); err != nil {
			return err
		}
		if _, err := w.exec(`UPDATE consultee SET sending = 'sent' WHERE id IN (SELECT consultee FROM letter WHERE batch = $1 AND consultee > 0)`,
			batch); err != nil || n == nil {
			return err
		}
		return w.keepNotice(*n)
	})
}

// MarkLetter notes that a posted letter came back, or that a printed one was not posted.
func (s *Store) MarkLetter(ctx context.Context, letter consult.ID, to consult.LetterState, trouble string, ch consult.Change) error {
	return s.change(ctx, "mark letter", ch, letter, func(w *change) error {
		if _, err := one(&w.conn, id, `SELECT id FROM letter WHERE id = $1`, letter); err != nil {
			return err
		}
		from := consult.LetterPosted
		if to == consult.LetterFailed {
			from = consult.LetterPrinted
		}
		n, err := w.exec(`UPDATE letter SET state = $1, trouble = $2 WHERE id = $3 AND state = $4`, to, trouble, letter, from)
		if err != nil {
			return err
		}
		if n == 0 {
			return fail(consult.Conflict, "", errors.New("the letter is in another state"))
		}
		_, err = w.exec(`UPDATE consultee SET sending = 'failed' WHERE id = (SELECT consultee FROM letter WHERE id = $1)`, letter)
		return err
	})
}

// SaveLetter adds a letter that waits. A letter is sent again once; what came of that is the new letter's story.
func (s *Store) SaveLetter(ctx context.Context, l consult.Letter, ch consult.Change) error {
	return s.change(ctx, "save letter", ch, l.ID, func(w *change) error {
		again, err := one(&w.conn, number, `SELECT COUNT(*) FROM letter WHERE consultation = $1 AND resends = $2 AND resends > 0`, l.Consultation, l.Resends)
		if err != nil {
			return err
		}
		if again > 0 {
			return fail(consult.Conflict, "", errors.New("the letter was sent again before"))
		}
		if l.Consultee != 0 {
			if _, err := w.exec(`UPDATE consultee SET sending = 'waiting' WHERE id = $1`, l.Consultee); err != nil {
				return err
			}
		}
		return w.insertLetters([]consult.Letter{l})
	})
}
