package store

import (
	"context"

	"github.com/yousaid/yousaid/server/consult"
)

const commentColumns = `c.id, c.consultation, c.round, c.version, c.stance, c.place_text, c.lon, c.lat, c.has_place, c.ward_code, c.channel,
	c.language, c.late, c.state, c.name_shown, c.thread, c.received_at, c.published_at, c.answered_at, c.answer_due, c.redacted,
	c.replaces, c.replaced_by, c.withdrawn_at, (SELECT COALESCE(MAX(s.round), 0) FROM comment_stand s WHERE s.comment = c.id)`

// commentFields are where the columns go.
func commentFields(c *consult.Comment) []any {
	return []any{&c.ID, &c.Consultation, &c.Round, &c.Version, &c.Stance, &c.PlaceText, &c.Place.Lon, &c.Place.Lat, &c.HasPlace,
		&c.WardCode, &c.Channel, &c.Language, &c.Late, &c.State, &c.NameShown, &c.Thread, moment(&c.ReceivedAt), moment(&c.PublishedAt),
		moment(&c.AnsweredAt), moment(&c.AnswerDue), &c.Redacted, &c.Replaces, &c.ReplacedBy, moment(&c.WithdrawnAt), &c.Stands}
}

func scanComment(r row) (c consult.Comment, err error) { return c, r.Scan(commentFields(&c)...) }

// Comment finds one in any state. Its points, its place in words and its name are there only when it is published.
func (s *Store) Comment(ctx context.Context, id consult.ID) (consult.Comment, error) {
	const op = "read comment"
	q := s.reading(ctx)
	found, err := list(q, scanComment, `SELECT `+commentColumns+` FROM comment c WHERE c.id = $1`, id)
	if err == nil && len(found) == 0 {
		err = fail(consult.NotFound, op, nil)
	}
	if err != nil {
		return consult.Comment{}, failure(op, err)
	}
	return found[0], failure(op, addPoints(q, found))
}

// addPoints reads the published points of comments, all with one query.
func addPoints(c *conn, comments []consult.Comment) error {
	at := make(map[consult.ID]*consult.Comment, len(comments))
	var ids []consult.ID
	for i := range comments {
		if comments[i].State == consult.CommentPublished {
			at[comments[i].ID] = &comments[i]
			ids = append(ids, comments[i].ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	var q text
	q.add(`SELECT comment, topic, text FROM comment_point WHERE text <> '' AND comment IN `)
	in(&q, ids)
	q.add(` ORDER BY comment, position`)
	return c.each(func(r row) error {
		var id consult.ID
		var p consult.CommentPoint
		err := r.Scan(&id, &p.Topic, &p.Text)
		if err == nil {
			at[id].Points = append(at[id].Points, p)
		}
		return err
	}, q.String(), q.args...)
}

// matchComments adds the conditions of a filter of published comments.
func matchComments(q *text, f consult.CommentFilter) {
	q.add(`c.consultation = ? AND c.state = 'published'`, f.Consultation)
	if f.Stance != "" {
		q.add(` AND c.stance = ?`, f.Stance)
	}
	if f.Topic != "" {
		q.add(` AND EXISTS (SELECT 1 FROM comment_point t WHERE t.comment = c.id AND t.topic = ? AND t.text <> '')`, f.Topic)
	}
	if f.Round != 0 {
		q.add(` AND c.round = ?`, f.Round)
	}
}

// Comments lists published comments, newest first, and counts all that match.
func (s *Store) Comments(ctx context.Context, f consult.CommentFilter) (found []consult.Comment, total int, err error) {
	err = s.snapshot(ctx, "list comments", false, func(c *conn) error {
		var count text
		count.add(`SELECT COUNT(*) FROM comment c WHERE `)
		matchComments(&count, f)
		n, err := one(c, number, count.String(), count.args...)
		if err != nil {
			return err
		}
		total = int(n)
		var q text
		q.add(`SELECT ` + commentColumns + ` FROM comment c WHERE `)
		matchComments(&q, f)
		q.add(` ORDER BY c.received_at DESC, c.id DESC LIMIT ? OFFSET ?`, pageSize(f.Limit), max(f.Offset, 0))
		if found, err = list(c, scanComment, q.String(), q.args...); err != nil {
			return err
		}
		return addPoints(c, found)
	})
	return found, total, err
}

// EachComment streams published comments with their points, oldest first, as they were when it began: one query, one row per
// point, never more than one comment in memory.
func (s *Store) EachComment(ctx context.Context, f consult.CommentFilter, each func(consult.Comment) error) error {
	var q text
	q.add(`SELECT ` + commentColumns + `, p.topic, p.text FROM comment c
		LEFT JOIN comment_point p ON p.comment = c.id AND p.text <> '' WHERE `)
	matchComments(&q, f)
	q.add(` ORDER BY c.received_at, c.id, p.position`)
	return s.snapshot(ctx, "export comments", true, func(c *conn) error {
		var current consult.Comment
		err := c.each(func(r row) error {
			var next consult.Comment
			var topic, words *string
			if err := r.Scan(append(commentFields(&next), &topic, &words)...); err != nil {
				return err
			}
			if next.ID != current.ID {
				if current.ID != 0 {
					if err := each(current); err != nil {
						return err
					}
				}
				current = next
			}
			if topic != nil {
				current.Points = append(current.Points, consult.CommentPoint{Topic: consult.Topic(*topic), Text: *words})
			}
			return nil
		}, q.String(), q.args...)
		if err != nil || current.ID == 0 {
			return err
		}
		return each(current)
	})
}
