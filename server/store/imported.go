package store

import (
	"context"

	"github.com/yousaid/yousaid/server/consult"
)

// importedRow is what is known of an imported comment.
type importedRow struct {
	id            consult.ID
	hash, ownHash string
	state         consult.CommentState
	reasons       string
}

// SaveImportedComments keeps comments that were made elsewhere, all or nothing.
func (s *Store) SaveImportedComments(ctx context.Context, comments []consult.ImportedComment, ch consult.Change) (created, updated, unchanged int, err error) {
	var t tally
	err = s.change(ctx, "import comments", ch, ch.Subject, func(w *change) error {
		t = tally{}
		for _, c := range comments {
			outcome, err := w.saveImported(c)
			if err != nil {
				return err
			}
			switch outcome {
			case consult.Created:
				t.created++
			case consult.Updated:
				t.updated++
			default:
				t.unchanged++
			}
		}
		if t.created+t.updated == 0 {
			return errNothing
		}
		return nil
	})
	return t.created, t.updated, t.unchanged, err
}

func (w *change) saveImported(c consult.ImportedComment) (consult.SaveOutcome, error) {
	known, err := list(&w.conn, func(r row) (i importedRow, err error) {
		return i, r.Scan(&i.id, &i.hash, &i.ownHash, &i.state, &i.reasons)
	}, `SELECT i.comment, i.hash, i.own_hash, c.state, o.reasons FROM imported_comment i JOIN comment c ON c.id = i.comment
		JOIN original o ON o.comment = c.id WHERE i.consultation = $1 AND i.source = $2 AND i.source_id = $3`,
		c.Comment.Consultation, c.Source, c.SourceID)
	if err != nil {
		return "", err
	}
	if len(known) == 0 {
		return consult.Created, w.addImported(c)
	}
	k := known[0]
	decidedHere := k.state == consult.CommentWithheld || k.state == consult.CommentWithdrawn || k.reasons != ""
	if decidedHere || k.hash == c.Hash && (c.OwnHash == "" || c.OwnHash == k.ownHash) {
		return consult.Unchanged, nil
	}
	if c.OwnHash == "" {
		c.OwnHash = k.ownHash
	}
	c.Comment.ID = k.id
	return consult.Updated, w.changeImported(c, c.OwnHash == k.ownHash)
}

func (w *change) addImported(c consult.ImportedComment) error {
	if err := w.insertComment(c.Comment); err != nil {
		return err
	}
	if err := w.insertOriginal(c.Comment, c.Original); err != nil {
		return err
	}
	if err := w.insertContact(c.Comment.ID, c.Contact); err != nil {
		return err
	}
	if c.Comment.State == consult.CommentReceived { // what was published elsewhere wants nothing of the desk
		if err := w.routeComment(c.Comment); err != nil {
			return err
		}
	}
	return w.insert(`INSERT INTO imported_comment (comment, consultation, source, source_id, hash, own_hash)`,
		[][]any{{c.Comment.ID, c.Comment.Consultation, c.Source, c.SourceID, c.Hash, c.OwnHash}}, "")
}

// changeImported writes what the source says now. The author's own words and contact stay where the file does not bring other ones.
func (w *change) changeImported(c consult.ImportedComment, keepOwn bool) error {
	k := c.Comment
	if keepOwn {
		own, err := list(&w.conn, func(r row) (p consult.CommentPoint, err error) { return p, r.Scan(&p.Topic, &p.Text) },
			`SELECT topic, text FROM original_point WHERE comment = $1 ORDER BY position`, k.ID)
		if err != nil {
			return err
		}
		c.Original = own
	} else if err := w.replaceContact(k.ID, c.Contact); err != nil {
		return err
	}
	place, name := k.PlaceText, k.NameShown
	if k.State != consult.CommentPublished {
		place, name = "", ""
	}
	if _, err := w.exec(`UPDATE comment SET stance = $1, place_text = $2, name_shown = $3, state = $4, received_at = $5, published_at = $6,
		redacted = $7, round = $8, late = $9, version = $10, language = $11 WHERE id = $12`, k.Stance, place, name, k.State, k.ReceivedAt,
		k.PublishedAt, k.Redacted, k.Round, k.Late, k.Version, k.Language, k.ID); err != nil {
		return err
	}
	if err := w.dropWords(k.ID); err != nil {
		return err
	}
	if err := w.insertOriginal(k, c.Original); err != nil {
		return err
	}
	_, err := w.exec(`UPDATE imported_comment SET hash = $1, own_hash = $2 WHERE comment = $3`, c.Hash, c.OwnHash, k.ID)
	return err
}

func (w *change) dropWords(id consult.ID) error {
	for _, statement := range []string{`DELETE FROM comment_point WHERE comment = $1`, `DELETE FROM original_point WHERE comment = $1`,
		`DELETE FROM original WHERE comment = $1`, `DELETE FROM redaction WHERE comment = $1`, `DELETE FROM second_look WHERE comment = $1`} {
		if _, err := w.exec(statement, id); err != nil {
			return err
		}
	}
	return nil
}

func (w *change) insertContact(id consult.ID, k consult.Contact) error {
	return w.insert(`INSERT INTO contact (comment, name, address, postcode, email, phone, language, asked)`,
		[][]any{{id, k.Name, k.Address, k.Postcode, k.Email, k.Phone, k.Language, false}}, "")
}

func (w *change) replaceContact(id consult.ID, k consult.Contact) error {
	_, err := w.exec(`UPDATE contact SET name = $1, address = $2, postcode = $3, language = $4 WHERE comment = $5`, k.Name, k.Address,
		k.Postcode, k.Language, id)
	return err
}

// EachCommentFile streams the officers' view of a consultation's comments, oldest first, as they were when it began.
func (s *Store) EachCommentFile(ctx context.Context, consultation consult.ID, each func(consult.CommentFile) error) error {
	return s.snapshot(ctx, "export comments with contact", true, func(c *conn) error {
		ids, err := list(c, id, `SELECT id FROM comment WHERE consultation = $1 AND state NOT IN ('withdrawn', 'superseded')
			ORDER BY received_at, id`, consultation)
		if err != nil {
			return err
		}
		for _, id := range ids {
			file, err := c.commentFile(id)
			if err == nil {
				err = each(file)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}
