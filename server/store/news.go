package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// told is news that a change owes before it commits.
type told struct {
	kind                  consult.NewsKind
	consultation, subject consult.ID
	earlier               *consult.Facts
}

// tell keeps a piece of news with the change. Of a consultation that is not public nobody is told.
func (w *change) tell(consultation, subject consult.ID, kinds ...consult.NewsKind) {
	for _, k := range kinds {
		w.news = append(w.news, told{kind: k, consultation: consultation, subject: subject})
	}
}

// tellImport keeps what an import is to everybody; earlier is how the consultation was, nil = it was not here.
func (w *change) tellImport(consultation consult.ID, earlier *consult.Facts) error {
	now, err := w.facts(consultation)
	if err != nil {
		return err
	}
	for _, k := range consult.NewsOfImport(earlier, now) {
		w.news = append(w.news, told{kind: k, consultation: consultation, earlier: earlier})
	}
	return nil
}

// tellComment keeps that a comment can be read, unless it could be before.
func (w *change) tellComment(c consult.Comment) error {
	if c.State != consult.CommentPublished {
		return nil
	}
	hidden, err := list(&w.conn, id, `SELECT consultation FROM comment WHERE id = $1 AND state <> $2`, c.ID, consult.CommentPublished)
	for _, consultation := range hidden {
		w.tell(consultation, c.ID, consult.NewsComment)
	}
	return err
}

// tellAnswer keeps that an official message stands in a thread that everybody can read: the desk is nobody's, and the thread of a
// comment is private until the comment is published.
func (w *change) tellAnswer(t consult.Thread, m consult.Message) error {
	if m.Author != consult.ByOfficer || m.State != consult.MessageVisible || t.Consultation == 0 || m.Answer != 0 {
		return nil
	}
	if t.Anchor == consult.OnComment {
		open, err := list(&w.conn, id, `SELECT id FROM comment WHERE id = $1 AND state = $2`, t.AnchorID, consult.CommentPublished)
		if err != nil || len(open) == 0 {
			return err
		}
	}
	w.tell(t.Consultation, t.ID, consult.NewsAnswer)
	return nil
}

// factsOfKnown is how a consultation that an import updates was before; nil for one it creates.
func (w *change) factsOfKnown(id consult.ID, outcome consult.SaveOutcome) (*consult.Facts, error) {
	if outcome != consult.Updated {
		return nil, nil
	}
	f, err := w.facts(id)
	return &f, err
}

// facts reads what alerts look at.
func (w *change) facts(consultation consult.ID) (consult.Facts, error) {
	return one(&w.conn, func(r row) (f consult.Facts, err error) {
		return f, r.Scan(&f.State, &f.Type, &f.Ward, &f.Place.Lon, &f.Place.Lat, &f.HasPlace, &f.Text, &f.Version)
	}, `SELECT state, type, ward_code, lon, lat, has_place, search_text, version FROM consultation WHERE id = $1`, consultation)
}

// writeNews numbers the news by the change's audit row, whose writers queue: so numbers are committed in their order, and a reader who
// has seen one has seen all before it.
func (w *change) writeNews() error {
	if len(w.news) == 0 {
		return nil
	}
	seq, err := one(&w.conn, number, `SELECT seq FROM audit_head WHERE id = 1`)
	if err != nil {
		return err
	}
	known := map[consult.ID]consult.Facts{}
	var rows [][]any
	for _, n := range w.news {
		f, read := known[n.consultation]
		if !read {
			if f, err = w.facts(n.consultation); err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err
			}
			known[n.consultation] = f // one that is gone is not public
		}
		if !f.State.Public() {
			continue
		}
		facts, err := json.Marshal(f)
		if err != nil {
			return err
		}
		earlier := json.RawMessage("")
		if n.earlier != nil {
			if earlier, err = json.Marshal(n.earlier); err != nil {
				return err
			}
		}
		rows = append(rows, []any{seq, len(rows), n.kind, n.consultation, n.subject, w.At, facts, earlier})
	}
	return w.insert(`INSERT INTO news (seq, part, kind, consultation, subject, at, facts, earlier)`, rows, "")
}

func scanNews(r row) (n consult.News, err error) {
	var facts, earlier json.RawMessage
	if err := r.Scan(&n.Seq, &n.Part, &n.Kind, &n.Consultation, &n.Subject, moment(&n.At), raw(&facts), raw(&earlier)); err != nil {
		return n, err
	}
	if earlier != nil {
		n.Earlier = &consult.Facts{}
		err = json.Unmarshal(earlier, n.Earlier)
	}
	return n, errors.Join(err, json.Unmarshal(facts, &n.Facts))
}

// The readers of the news.
const (
	alertReader   = "alert"
	webhookReader = "webhook"
)

// readNews hands a reader the news after where it stopped, about limit pieces and never half of a change, and notes how far it came, all
// in one transaction with what read writes. It counts the pieces: none while another node reads.
func (s *Store) readNews(ctx context.Context, op, reader string, limit int, read func(*conn, []consult.News) error) (int, error) {
	// Most calls find nothing, and asking costs no writer's turn.
	waits, err := one(s.reading(ctx), number, `SELECT COUNT(*) FROM (SELECT 1 FROM news WHERE seq > COALESCE(
		(SELECT seq FROM news_reader WHERE name = $1), 0) LIMIT 1) n`, reader)
	if err != nil || waits == 0 {
		return 0, failure(op, err)
	}
	count := 0
	err = s.quietly(ctx, op, func(c *conn) error {
		if _, err := c.exec(`INSERT INTO news_reader (name, seq) VALUES ($1, 0) ON CONFLICT DO NOTHING`, reader); err != nil {
			return err
		}
		at, err := list(c, number, `SELECT seq FROM news_reader WHERE name = $1`+s.skipLocked, reader)
		if err != nil || len(at) == 0 {
			return err
		}
		found, err := list(c, scanNews, `SELECT seq, part, kind, consultation, subject, at, facts, earlier FROM news WHERE seq > $1
			AND seq <= (SELECT MAX(seq) FROM (SELECT seq FROM news WHERE seq > $1 ORDER BY seq LIMIT $2) n) ORDER BY seq, part`, at[0], limit)
		if err != nil || len(found) == 0 {
			return err
		}
		if err := read(c, found); err != nil {
			return err
		}
		count = len(found)
		_, err = c.exec(`UPDATE news_reader SET seq = $1 WHERE name = $2`, found[len(found)-1].Seq, reader)
		return err
	})
	return count, err
}

// purgeNews forgets old news that both readers have read, and old messages that wait for nothing.
func (s *Store) purgeNews(ctx context.Context, before time.Time) (int, error) {
	total := 0
	err := s.quietly(ctx, "purge news", func(c *conn) error {
		n, err := c.exec(`DELETE FROM news WHERE at < $1 AND seq <= (SELECT MIN(seq) FROM news_reader)
			AND (SELECT COUNT(*) FROM news_reader WHERE name IN ($2, $3)) = 2`, before, alertReader, webhookReader)
		if err != nil {
			return err
		}
		messages, err := c.exec(`DELETE FROM webhook_delivery WHERE at < $1 AND next_try = 0 AND given_up_at < $1`, before)
		total = int(n + messages)
		return err
	})
	return total, err
}

// placesOf lists the tiles and wards of news, each once.
func placesOf(news []consult.News) (cells []int64, wards []string) {
	seenCell, seenWard := map[int64]bool{}, map[string]bool{}
	at := func(p geo.Point) {
		for _, c := range consult.CellsAt(p) {
			if !seenCell[c] {
				seenCell[c] = true
				cells = append(cells, c)
			}
		}
	}
	for _, n := range news {
		if n.Facts.HasPlace {
			at(n.Facts.Place)
		}
		if n.Facts.Ward != "" && !seenWard[n.Facts.Ward] {
			seenWard[n.Facts.Ward] = true
			wards = append(wards, n.Facts.Ward)
		}
	}
	return cells, wards
}
