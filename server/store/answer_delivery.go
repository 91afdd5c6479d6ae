package store

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// waitsFor are the points that wait for answer $2 of concern $1: those that stand in the concern, and those that got an earlier version. What
// came into the concern after the answer went out waits until it can no longer be undone, $3.
const (
	waitsFor = ` FROM (SELECT k.source, k.topic, k.added_at FROM concern_point k WHERE k.concern = $1
			UNION ALL SELECT d.source, d.topic, 0 FROM answer_point d JOIN answer x ON x.id = d.answer WHERE x.concern = $1 AND x.id <> $2) p
		LEFT JOIN comment c ON c.id = p.source LEFT JOIN message m ON m.id = p.source
		WHERE NOT EXISTS (SELECT 1 FROM answer_point d WHERE d.answer = $2 AND d.source = p.source AND d.topic = p.topic)
		AND (c.state IN ('received', 'published', 'withheld') OR m.author = 'resident' AND m.state = 'visible')`
	waitsNow = waitsFor + ` AND (p.added_at <= $3 OR p.added_at <= (SELECT a.published_at FROM answer a WHERE a.id = $2))`
)

// Askers lists, by id, who waits for a published answer.
func (s *Store) Askers(ctx context.Context, answer consult.ID, before time.Time, limit int) (askers []consult.Asker, err error) {
	err = s.snapshot(ctx, "list askers", false, func(c *conn) error {
		x, err := one(c, scanAnswer, `SELECT `+answerColumns+` FROM answer a WHERE a.id = $1`, answer)
		if err != nil {
			return err
		}
		at := map[consult.ID]int{}
		return c.each(func(r row) error {
			var k consult.Asker
			var topic consult.Topic
			if err := r.Scan(&k.Source, &topic, &k.Comment, &k.Consultation, &k.Thread, &k.Language, &k.Has, &k.Delivered, &k.Before); err != nil {
				return err
			}
			i, known := at[k.Source]
			if !known {
				i = len(askers)
				at[k.Source], askers = i, append(askers, k)
			}
			if !slices.Contains(askers[i].Topics, topic) {
				askers[i].Topics = append(askers[i].Topics, topic)
			}
			return nil
		}, `SELECT w.source, w.topic, w.comment, COALESCE(t.consultation, c.consultation, 0), COALESCE(t.id, 0), COALESCE(c.language, m.language, ''),
			COALESCE((SELECT MIN(o.id) FROM message o WHERE o.thread = t.id AND o.answer = $2), 0),
			EXISTS (SELECT 1 FROM answer_delivery d WHERE d.answer = $2 AND d.source = w.source),
			EXISTS (SELECT 1 FROM answer_delivery d JOIN answer x ON x.id = d.answer WHERE d.source = w.source AND x.concern = $1 AND x.id <> $2)
			FROM (SELECT p.source, p.topic, c.id IS NOT NULL AS comment`+waitsNow+`) w
			LEFT JOIN comment c ON c.id = w.source LEFT JOIN message m ON m.id = w.source
			LEFT JOIN thread t ON t.anchor = 'comment' AND t.anchor_id = c.id OR t.id = m.thread
			WHERE w.source IN (SELECT p.source`+waitsNow+` GROUP BY p.source ORDER BY p.source LIMIT $4)
			ORDER BY w.source, w.topic`, x.Concern, answer, before, limit)
	})
	return askers, err
}

// DeliverAnswer keeps a batch of deliveries with all that comes with them.
func (s *Store) DeliverAnswer(ctx context.Context, b consult.AnswerBatch, ch consult.Change) (int, error) {
	delivered := 0
	err := s.change(ctx, "deliver answer", ch, b.Answer, func(w *change) error {
		delivered = 0
		// One node at a time works on an answer; who read the same askers as another that was faster writes nothing.
		seen, err := list(&w.conn, scanAnswer, `SELECT `+answerColumns+` FROM answer a WHERE a.id = $1 AND a.state = 'published' AND a.work_at > 0`+
			s.skipLocked, b.Answer)
		if err != nil || len(seen) == 0 || seen[0].Delivered != b.Seen {
			return firstOf(err, errNothing)
		}
		posts := slices.Clone(b.Posts)
		slices.SortStableFunc(posts, func(x, y consult.AnswerPost) int { return cmp.Compare(y.Message.Thread, x.Message.Thread) })
		for _, p := range posts {
			fresh, err := w.deliver(p)
			if err != nil {
				return err
			}
			if fresh {
				delivered++
			}
		}
		if delivered == 0 {
			w.Events = nil
		}
		w.Detail = strconv.Itoa(delivered)
		return w.rest(seen[0], b.Before, delivered)
	})
	return delivered, err
}

// rest notes how many have the answer, and when to look at it again.
func (w *change) rest(x consult.Answer, before time.Time, delivered int) error {
	ready, err := one(&w.conn, number, `SELECT COUNT(*) FROM (SELECT 1`+waitsNow+` LIMIT 1) n`, x.Concern, x.ID, before)
	if err != nil {
		return err
	}
	next := w.At
	if ready == 0 {
		young, err := one(&w.conn, number, `SELECT COALESCE(MIN(p.added_at), 0)`+waitsFor, x.Concern, x.ID)
		if err != nil {
			return err
		}
		if next = (time.Time{}); young > 0 {
			next = time.UnixMicro(young).Add(consult.AnswerUndo)
		}
	}
	_, err = w.exec(`UPDATE answer SET delivered = delivered + $1, work_at = $2 WHERE id = $3`, delivered, next, x.ID)
	return err
}

// deliver brings an answer to one asker, unless they have it: fresh tells whether they got it now. Who has it for some points gets it for others
// without being told again.
func (w *change) deliver(p consult.AnswerPost) (fresh bool, err error) {
	d := p.Delivery
	if d.Channel, err = w.channel(p); err != nil || d.Channel == "" {
		return false, err
	}
	n, err := w.exec(`INSERT INTO answer_delivery (answer, source, message, channel, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`, d.Answer,
		d.Source, d.Message, d.Channel, d.At)
	if err != nil {
		return false, err
	}
	fresh = n == 1
	for _, topic := range d.Topics {
		if _, err := w.exec(`INSERT INTO answer_point (answer, source, topic, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
			d.Answer, d.Source, topic, d.At); err != nil {
			return false, err
		}
	}
	if err := w.bring(p, fresh); err != nil {
		return false, err
	}
	if fresh && p.Mail.Kind != "" {
		w.Mails = append(w.Mails, p.Mail)
		if d.Channel == consult.ByLetter {
			if err := w.insertLetters([]consult.Letter{{ID: consult.NewID(w.At), Consultation: p.Consultation, Kind: p.Mail.Kind, Comment: d.Source,
				Data: p.Mail.Data, State: consult.LetterWaiting, CreatedAt: w.At}}); err != nil {
				return false, err
			}
		}
	}
	return fresh, nil
}

// channel is how an answer reaches an asker; "" = not at all, because their comment has ended meanwhile.
func (w *change) channel(p consult.AnswerPost) (consult.AnswerChannel, error) {
	if !p.Comment {
		return consult.ByThread, nil
	}
	type means struct{ mail, letter bool }
	found, err := list(&w.conn, func(r row) (m means, err error) { return m, r.Scan(&m.mail, &m.letter) },
		`SELECT COALESCE(k.email, '') <> '', COALESCE(k.address, '') <> '' FROM comment c LEFT JOIN contact k ON k.comment = c.id
		WHERE c.id = $1 AND c.state NOT IN ('withdrawn', 'superseded')`, p.Delivery.Source)
	switch {
	case err != nil || len(found) == 0:
		return "", err
	case found[0].mail:
		return consult.ByMail, nil
	case found[0].letter:
		return consult.ByLetter, nil
	}
	return consult.ByPage, nil
}

// bring posts the official message, opening the comment's thread for it where there is none, and keeps the promise. Threads are locked before
// the comments they belong to.
func (w *change) bring(p consult.AnswerPost, fresh bool) error {
	d, m := p.Delivery, p.Message
	if !p.Comment {
		if err := w.keepPromise(d.Source, d.Topics, p.By); err != nil {
			return err
		}
	}
	if fresh && m.ID != 0 {
		if p.Open.ID != 0 {
			thread, err := w.insertThread(p.Open)
			if err != nil {
				return err
			}
			m.Thread = thread
		}
		if _, err := w.post(m); err != nil {
			return err
		}
		if p.Comment {
			if _, err := w.exec(`UPDATE comment SET thread = $1 WHERE id = $2`, m.Thread, d.Source); err != nil {
				return err
			}
		}
	}
	if p.Comment {
		return w.keepPromise(d.Source, d.Topics, p.By)
	}
	thread, err := one(&w.conn, id, `SELECT thread FROM message WHERE id = $1`, d.Source)
	if err != nil {
		return err
	}
	return w.mark(thread, 0) // it may have shared its message with another asker of its thread
}

// keepPromise notes that points were answered, those that wait and those nothing was promised for.
func (w *change) keepPromise(source consult.ID, topics []consult.Topic, by string) error {
	points, err := w.standings(source)
	if err != nil {
		return err
	}
	var events []consult.PromiseEvent
	for _, topic := range topics {
		i := slices.IndexFunc(points, func(p standing) bool { return p.topic == topic })
		if i < 0 || !points[i].since.IsZero() {
			events = append(events, consult.PromiseEvent{Ref: consult.PointRef{Source: source, Topic: topic}, Kind: consult.PromiseAnswered, By: by, At: w.At})
		}
	}
	return w.promises(source, events)
}

// AnswerFigures counts what became of an answer.
func (s *Store) AnswerFigures(ctx context.Context, answer consult.ID) (consult.AnswerFigures, error) {
	f := consult.AnswerFigures{Channels: map[consult.AnswerChannel]int{}, Verdicts: map[consult.VerdictValue]int{}}
	err := s.snapshot(ctx, "count deliveries", false, func(c *conn) error {
		x, err := one(c, scanAnswer, `SELECT `+answerColumns+` FROM answer a WHERE a.id = $1`, answer)
		if err != nil {
			return err
		}
		waits, err := one(c, number, `SELECT COUNT(*) FROM (SELECT p.source`+waitsFor+` AND NOT EXISTS (SELECT 1 FROM answer_delivery d
			WHERE d.answer = $2 AND d.source = p.source) GROUP BY p.source) n`, x.Concern, answer)
		if err != nil {
			return err
		}
		if err := c.each(counting(f.Channels), `SELECT channel, COUNT(*) FROM answer_delivery WHERE answer = $1 GROUP BY channel`, answer); err != nil {
			return err
		}
		for _, n := range f.Channels {
			f.Delivered += n
		}
		f.Askers = f.Delivered + int(waits)
		return c.each(counting(f.Verdicts), `SELECT v.value, COUNT(*) FROM verdict v WHERE v.answer = $1 AND NOT EXISTS (SELECT 1 FROM comment c
			WHERE c.id = v.source AND c.state IN ('withdrawn', 'superseded')) GROUP BY v.value`, answer)
	})
	return f, err
}
