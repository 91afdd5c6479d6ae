package store

import (
	"context"
	"slices"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// SaveComment keeps a comment as three records that no public reader can join: what may be published, the author's own words,
// and the contact. The draft goes in the same transaction. One that arrives published (an import) brings its texts in c.Points.
func (s *Store) SaveComment(ctx context.Context, c consult.Comment, original []consult.CommentPoint, contact consult.Contact,
	draft string, ch consult.Change) error {
	return s.change(ctx, "save comment", ch, c.ID, func(w *change) error {
		if err := w.insertComment(c); err != nil {
			return err
		}
		// Its author's page follows the thread before anybody has written there.
		if _, err := w.insertThread(consult.Thread{ID: consult.NewID(w.At), Consultation: c.Consultation, Anchor: consult.OnComment, AnchorID: c.ID,
			CreatedAt: c.ReceivedAt}); err != nil {
			return err
		}
		if err := w.insertOriginal(c, original); err != nil {
			return err
		}
		if err := w.insert(`INSERT INTO contact (comment, name, address, postcode, email, phone, language, asked)`, [][]any{{
			c.ID, contact.Name, contact.Address, contact.Postcode, contact.Email, contact.Phone, contact.Language, false}}, ""); err != nil {
			return err
		}
		if c.Replaces != 0 {
			if err := w.supersede(c); err != nil {
				return err
			}
		}
		if err := w.insertResponses(c); err != nil {
			return err
		}
		if err := w.askComment(c, original); err != nil {
			return err
		}
		if err := w.routeComment(c); err != nil {
			return err
		}
		return w.dropDraft(draft)
	})
}

// insertComment writes the public record: words only when it is published already.
func (w *change) insertComment(c consult.Comment) error {
	place, name := c.PlaceText, c.NameShown
	if c.State != consult.CommentPublished {
		place, name = "", ""
	}
	return w.insert(`INSERT INTO comment (id, consultation, round, version, stance, place_text, lon, lat, has_place, quadkey, ward_code,
		channel, language, late, state, name_shown, thread, received_at, published_at, answered_at, answer_due, redacted, replaces)`,
		[][]any{{c.ID, c.Consultation, c.Round, c.Version, c.Stance, place, c.Place.Lon, c.Place.Lat, c.HasPlace,
			quadkey(c.Place, c.HasPlace), c.WardCode, c.Channel, c.Language, c.Late, c.State, name, c.Thread, c.ReceivedAt,
			c.PublishedAt, c.AnsweredAt, time.Time{}, c.Redacted, c.Replaces}}, "")
}

// insertOriginal keeps the author's words, and the topics without words beside the public record.
func (w *change) insertOriginal(c consult.Comment, original []consult.CommentPoint) error {
	if err := w.insert(`INSERT INTO original (comment, place_text, name_shown, reasons)`,
		[][]any{{c.ID, c.PlaceText, c.NameShown, ""}}, ""); err != nil {
		return err
	}
	var own, public [][]any
	for i, p := range original {
		own = append(own, []any{c.ID, i, p.Topic, p.Text})
	}
	for i, topic := range topicsOf(c, original) {
		public = append(public, []any{c.ID, i, topic, publishedText(c, topic)})
	}
	if err := w.insert(`INSERT INTO original_point (comment, position, topic, text)`, own, ""); err != nil {
		return err
	}
	return w.insert(`INSERT INTO comment_point (comment, position, topic, text)`, public, "")
}

// topicsOf are the topics a comment speaks on: those it has words on, and every question it answers in another way.
func topicsOf(c consult.Comment, original []consult.CommentPoint) []consult.Topic {
	var topics []consult.Topic
	for _, r := range c.Responses {
		topics = append(topics, consult.Topic(r.Question))
	}
	for _, p := range original {
		if !slices.Contains(topics, p.Topic) {
			topics = append(topics, p.Topic)
		}
	}
	return topics
}

// publishedText is what the comment publishes on a topic, "" for nothing.
func publishedText(c consult.Comment, topic consult.Topic) string {
	i := slices.IndexFunc(c.Points, func(p consult.CommentPoint) bool { return p.Topic == topic })
	if c.State != consult.CommentPublished || i < 0 {
		return ""
	}
	return c.Points[i].Text
}

// CommentFile reads everything about one comment: published and original words, contact, reasons. Until it is published its
// place and name are the author's.
func (s *Store) CommentFile(ctx context.Context, id consult.ID) (file consult.CommentFile, err error) {
	err = s.snapshot(ctx, "open comment", false, func(c *conn) error {
		file, err = c.commentFile(id)
		return err
	})
	return file, err
}

func (c *conn) commentFile(id consult.ID) (file consult.CommentFile, err error) {
	found, err := list(c, scanComment, `SELECT `+commentColumns+` FROM comment c WHERE c.id = $1`, id)
	if err == nil && len(found) == 0 {
		err = fail(consult.NotFound, "", nil)
	}
	if err != nil {
		return file, err
	}
	if err := addPoints(c, found); err != nil {
		return file, err
	}
	file.Comment = found[0]
	k := &file.Contact
	if err := c.each(func(r row) error {
		return r.Scan(&file.OriginalPlace, &file.OriginalName, codes(&file.Reasons), &k.Name, &k.Address, &k.Postcode, &k.Email, &k.Phone, &k.Language)
	}, `SELECT o.place_text, o.name_shown, o.reasons, k.name, k.address, k.postcode, k.email, k.phone, k.language
		FROM original o JOIN contact k ON k.comment = o.comment WHERE o.comment = $1`, id); err != nil {
		return file, err
	}
	if file.Comment.State != consult.CommentPublished {
		file.Comment.PlaceText, file.Comment.NameShown = file.OriginalPlace, file.OriginalName
	}
	if file.Comment.Redactions, err = c.redactions(id); err != nil {
		return file, err
	}
	file.Original, err = list(c, func(r row) (p consult.CommentPoint, err error) { return p, r.Scan(&p.Topic, &p.Text) },
		`SELECT topic, text FROM original_point WHERE comment = $1 ORDER BY position`, id)
	if err != nil {
		return file, err
	}
	return file, readResponses(c, &file.Comment, file.Original)
}

// PublishComment sets what the public reads of a comment: state, points, place in words, name; and keeps what was taken out. One that
// is withheld has nothing to read. Conflict when the author has withdrawn or superseded it.
func (s *Store) PublishComment(ctx context.Context, c consult.Comment, reasons []string, ch consult.Change) error {
	return s.change(ctx, "publish comment", ch, c.ID, func(w *change) error { return w.publish(c, reasons) })
}

func (w *change) publish(c consult.Comment, reasons []string) error {
	place, name := c.PlaceText, c.NameShown
	if c.State != consult.CommentPublished {
		place, name = "", ""
	}
	if err := w.tellComment(c); err != nil {
		return err
	}
	n, err := w.exec(`UPDATE comment SET state = $1, place_text = $2, name_shown = $3, published_at = $4, redacted = $5
		WHERE id = $6 AND state NOT IN ('withdrawn', 'superseded')`, c.State, place, name, c.PublishedAt, c.Redacted, c.ID)
	if err == nil && n == 0 {
		err = w.gone(c.ID)
	}
	if err != nil {
		return err
	}
	if err := w.publishPoints(c); err != nil {
		return err
	}
	if c.State == consult.CommentPublished {
		if err := w.unhide(c.ID); err != nil {
			return err
		}
	}
	if err := w.replaceRedactions(c.ID, c.Redactions); err != nil {
		return err
	}
	if _, err := w.exec(`DELETE FROM second_look WHERE comment = $1`, c.ID); err != nil {
		return err
	}
	_, err = w.exec(`UPDATE original SET reasons = $1 WHERE comment = $2`, joined(reasons), c.ID)
	return err
}

// publishPoints sets every topic's text; those the publication does not name say nothing. At most eight topics.
func (w *change) publishPoints(c consult.Comment) error {
	topics, err := list(&w.conn, func(r row) (t consult.Topic, err error) { return t, r.Scan(&t) },
		`SELECT topic FROM comment_point WHERE comment = $1 ORDER BY position`, c.ID)
	if err != nil {
		return err
	}
	var rows [][]any
	for i, t := range topics {
		rows = append(rows, []any{c.ID, i, t, publishedText(c, t)})
	}
	return w.insert(`INSERT INTO comment_point (comment, position, topic, text)`, rows,
		`ON CONFLICT (comment, position) DO UPDATE SET text = excluded.text`)
}
