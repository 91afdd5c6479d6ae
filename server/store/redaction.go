package store

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/yousaid/yousaid/server/consult"
)

// redactions reads what is taken out of a comment, in the order of the texts.
func (c *conn) redactions(comment consult.ID) ([]consult.Redaction, error) {
	return list(c, func(r row) (k consult.Redaction, err error) {
		return k, r.Scan(&k.Topic, &k.Begins, &k.Ends, &k.Kind, &k.Reason, &k.By)
	}, `SELECT topic, begins, ends, kind, reason, by_whom FROM redaction WHERE comment = $1 ORDER BY topic, begins`, comment)
}

// replaceRedactions sets what is taken out of a comment.
func (w *change) replaceRedactions(comment consult.ID, redactions []consult.Redaction) error {
	if _, err := w.exec(`DELETE FROM redaction WHERE comment = $1`, comment); err != nil {
		return err
	}
	var rows [][]any
	for _, k := range redactions {
		rows = append(rows, []any{comment, k.Topic, k.Begins, k.Ends, k.Kind, k.Reason, k.By})
	}
	return w.insert(`INSERT INTO redaction (comment, topic, begins, ends, kind, reason, by_whom)`, rows, "")
}

// Unpublished lists files of received comments, oldest first, with three queries.
func (s *Store) Unpublished(ctx context.Context, consultation, after consult.ID, limit int) (files []consult.CommentFile, err error) {
	err = s.snapshot(ctx, "list unpublished comments", false, func(c *conn) error {
		found, err := list(c, scanComment, `SELECT `+commentColumns+` FROM comment c WHERE c.consultation = $1 AND c.state = 'received' AND c.id > $2
			ORDER BY c.id LIMIT $3`, consultation, after, pageSize(limit))
		if err != nil || len(found) == 0 {
			return err
		}
		at := make(map[consult.ID]int, len(found))
		ids := make([]consult.ID, len(found))
		files = make([]consult.CommentFile, len(found))
		for i, k := range found {
			at[k.ID], ids[i], files[i].Comment = i, k.ID, k
		}
		return c.unpublishedWords(files, ids, at)
	})
	return files, err
}

// unpublishedWords reads what the authors of comments wrote and who they are.
func (c *conn) unpublishedWords(files []consult.CommentFile, ids []consult.ID, at map[consult.ID]int) error {
	var q text
	q.add(`SELECT o.comment, o.place_text, o.name_shown, k.name, k.address, k.postcode, k.email, k.phone, k.language
		FROM original o JOIN contact k ON k.comment = o.comment WHERE o.comment IN `)
	in(&q, ids)
	if err := c.each(func(r row) error {
		var comment consult.ID
		var place, name string
		var k consult.Contact
		if err := r.Scan(&comment, &place, &name, &k.Name, &k.Address, &k.Postcode, &k.Email, &k.Phone, &k.Language); err != nil {
			return err
		}
		f := &files[at[comment]]
		f.OriginalPlace, f.OriginalName, f.Contact = place, name, k
		f.Comment.PlaceText, f.Comment.NameShown = place, name
		return nil
	}, q.String(), q.args...); err != nil {
		return err
	}
	var words text
	words.add(`SELECT comment, topic, text FROM original_point WHERE comment IN `)
	in(&words, ids)
	words.add(` ORDER BY comment, position`)
	return c.each(func(r row) error {
		var comment consult.ID
		var p consult.CommentPoint
		err := r.Scan(&comment, &p.Topic, &p.Text)
		if err == nil {
			files[at[comment]].Original = append(files[at[comment]].Original, p)
		}
		return err
	}, words.String(), words.args...)
}

// SecondLookAsked tells whether a consultation wants two officers.
func (s *Store) SecondLookAsked(ctx context.Context, consultation consult.ID) (bool, error) {
	n, err := one(s.reading(ctx), number, `SELECT COUNT(*) FROM second_look_rule WHERE consultation = $1`, consultation)
	return n > 0, failure("read second look", err)
}

// SetSecondLook changes it.
func (s *Store) SetSecondLook(ctx context.Context, consultation consult.ID, asked bool, ch consult.Change) error {
	return s.change(ctx, "set second look", ch, consultation, func(w *change) error {
		if !asked {
			_, err := w.exec(`DELETE FROM second_look_rule WHERE consultation = $1`, consultation)
			return err
		}
		_, err := w.exec(`INSERT INTO second_look_rule (consultation, by_whom, at) VALUES ($1, $2, $3) ON CONFLICT (consultation) DO NOTHING`,
			consultation, ch.Actor.Standing(), ch.At)
		return err
	})
}

const lookColumns = `l.comment, l.consultation, k.title, l.publication, l.officer, l.by_whom, l.at, l.returned, l.returned_by`

// lookFrom: a comment that was withdrawn or superseded waits for nobody.
const lookFrom = ` FROM second_look l JOIN comment c ON c.id = l.comment JOIN consultation k ON k.id = l.consultation
	WHERE c.state NOT IN ('withdrawn', 'superseded')`

func scanLook(r row) (l consult.SecondLook, err error) {
	var publication json.RawMessage
	if err := r.Scan(&l.Comment, &l.Consultation, &l.Heading, raw(&publication), &l.Officer, &l.By, moment(&l.At), &l.Returned, &l.ReturnedBy); err != nil {
		return l, err
	}
	return l, json.Unmarshal(publication, &l.Publication)
}

// SaveSecondLook keeps a decision that waits, in place of an earlier one.
func (s *Store) SaveSecondLook(ctx context.Context, l consult.SecondLook, ch consult.Change) error {
	const op = "save second look"
	publication, err := json.Marshal(l.Publication)
	if err != nil {
		return failure(op, err)
	}
	return s.change(ctx, op, ch, l.Comment, func(w *change) error {
		n, err := w.exec(`UPDATE comment SET redacted = redacted WHERE id = $1 AND state NOT IN ('withdrawn', 'superseded')`, l.Comment)
		if err == nil && n == 0 {
			err = w.gone(l.Comment)
		}
		if err != nil {
			return err
		}
		_, err = w.exec(`INSERT INTO second_look (comment, consultation, publication, officer, by_whom, at, returned, returned_by)
			VALUES ($1, $2, $3, $4, $5, $6, '', '') ON CONFLICT (comment) DO UPDATE SET publication = excluded.publication,
			officer = excluded.officer, by_whom = excluded.by_whom, at = excluded.at, returned = '', returned_by = ''`,
			l.Comment, l.Consultation, publication, l.Officer, l.By, l.At)
		return err
	})
}

// gone tells a comment that is not there from one that no longer counts.
func (w *change) gone(comment consult.ID) error {
	if _, err := one(&w.conn, id, `SELECT id FROM comment WHERE id = $1`, comment); err != nil {
		return err
	}
	return fail(consult.Conflict, "", errors.New("the comment was withdrawn or superseded"))
}

// SecondLook reads what waits about a comment.
func (s *Store) SecondLook(ctx context.Context, comment consult.ID) (consult.SecondLook, error) {
	l, err := one(s.reading(ctx), scanLook, `SELECT `+lookColumns+lookFrom+` AND l.comment = $1`, comment)
	return l, failure("read second look", err)
}

// SecondLooks lists what waits, oldest first, and counts all.
func (s *Store) SecondLooks(ctx context.Context, offset, limit int) (found []consult.SecondLook, total int, err error) {
	err = s.snapshot(ctx, "list second looks", false, func(c *conn) error {
		n, err := one(c, number, `SELECT COUNT(*)`+lookFrom)
		if err != nil {
			return err
		}
		total = int(n)
		found, err = list(c, scanLook, `SELECT `+lookColumns+lookFrom+` ORDER BY l.at, l.comment LIMIT $1 OFFSET $2`, pageSize(limit), max(offset, 0))
		return err
	})
	return found, total, err
}

// ReturnSecondLook keeps why a decision was given back, if it is still the one that was seen.
func (s *Store) ReturnSecondLook(ctx context.Context, l consult.SecondLook, ch consult.Change) error {
	return s.change(ctx, "return second look", ch, l.Comment, func(w *change) error {
		n, err := w.exec(`UPDATE second_look SET returned = $1, returned_by = $2 WHERE comment = $3 AND at = $4 AND returned = ''`,
			l.Returned, l.ReturnedBy, l.Comment, l.At)
		if err == nil && n == 0 {
			err = w.missed(`SELECT comment FROM second_look WHERE comment = $1`, l.Comment)
		}
		return err
	})
}

// PassSecondLook publishes, or keeps back, as a decision says that is still the one that was seen.
func (s *Store) PassSecondLook(ctx context.Context, c consult.Comment, l consult.SecondLook, ch consult.Change) error {
	return s.change(ctx, "pass second look", ch, c.ID, func(w *change) error {
		n, err := w.exec(`DELETE FROM second_look WHERE comment = $1 AND at = $2 AND returned = ''`, c.ID, l.At)
		if err == nil && n == 0 {
			err = w.missed(`SELECT comment FROM second_look WHERE comment = $1`, c.ID)
		}
		if err != nil {
			return err
		}
		return w.publish(c, l.Publication.Reasons)
	})
}

const correctionColumns = `q.comment, c.consultation, k.title, q.body, q.at, q.reply, q.by_whom, q.replied_at`
const correctionFrom = ` FROM correction q JOIN comment c ON c.id = q.comment JOIN consultation k ON k.id = c.consultation`

func scanCorrection(r row) (q consult.Correction, err error) {
	return q, r.Scan(&q.Comment, &q.Consultation, &q.Heading, &q.Body, moment(&q.At), &q.Reply, &q.By, moment(&q.RepliedAt))
}

// SaveCorrection keeps an author's question in place of one that was replied to.
func (s *Store) SaveCorrection(ctx context.Context, q consult.Correction, ch consult.Change) error {
	return s.change(ctx, "save correction", ch, q.Comment, func(w *change) error {
		n, err := w.exec(`INSERT INTO correction (comment, body, at, reply, by_whom, replied_at) VALUES ($1, $2, $3, '', '', 0)
			ON CONFLICT (comment) DO UPDATE SET body = excluded.body, at = excluded.at, reply = '', by_whom = '', replied_at = 0
			WHERE correction.replied_at > 0`, q.Comment, q.Body, q.At)
		if err == nil && n == 0 {
			err = fail(consult.Conflict, "", errors.New("a question about this comment waits already"))
		}
		return err
	})
}

// Correction reads an author's last question.
func (s *Store) Correction(ctx context.Context, comment consult.ID) (consult.Correction, error) {
	q, err := one(s.reading(ctx), scanCorrection, `SELECT `+correctionColumns+correctionFrom+` WHERE q.comment = $1`, comment)
	return q, failure("read correction", err)
}

// Corrections lists those that wait, oldest first, and counts them.
func (s *Store) Corrections(ctx context.Context, offset, limit int) (found []consult.Correction, total int, err error) {
	err = s.snapshot(ctx, "list corrections", false, func(c *conn) error {
		n, err := one(c, number, `SELECT COUNT(*) FROM correction WHERE replied_at = 0`)
		if err != nil {
			return err
		}
		total = int(n)
		found, err = list(c, scanCorrection, `SELECT `+correctionColumns+correctionFrom+` WHERE q.replied_at = 0 ORDER BY q.at, q.comment
			LIMIT $1 OFFSET $2`, pageSize(limit), max(offset, 0))
		return err
	})
	return found, total, err
}

// ReplyCorrection keeps the reply to a question that waits.
func (s *Store) ReplyCorrection(ctx context.Context, q consult.Correction, ch consult.Change) error {
	return s.change(ctx, "reply to correction", ch, q.Comment, func(w *change) error {
		n, err := w.exec(`UPDATE correction SET reply = $1, by_whom = $2, replied_at = $3 WHERE comment = $4 AND replied_at = 0`,
			q.Reply, q.By, q.RepliedAt, q.Comment)
		if err == nil && n == 0 {
			err = w.missed(`SELECT comment FROM correction WHERE comment = $1`, q.Comment)
		}
		return err
	})
}
