package store

import (
	"context"
	"strings"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// writeTrace keeps where a visitor's write came from, with the write.
func (w *change) writeTrace() error {
	t := w.Trace
	if t == nil {
		return nil
	}
	if t.Mark != "" {
		if err := w.insert(`INSERT INTO author_mark (comment, mark)`, [][]any{{t.Subject, t.Mark}}, ""); err != nil {
			return err
		}
	}
	return w.insert(`INSERT INTO trace (id, kind, subject, consultation, browser, network, at)`, [][]any{{
		randomID(), t.Kind, t.Subject, t.Consultation, t.Browser, t.Network, t.At}}, "")
}

// TraceKey returns the key of a day; every node gets the first one's.
func (s *Store) TraceKey(ctx context.Context, day consult.Date, initial string) (string, error) {
	var kept []string
	err := s.quietly(ctx, "read trace key", func(c *conn) error {
		if _, err := c.exec(`INSERT INTO trace_key (day, key) VALUES ($1, $2) ON CONFLICT DO NOTHING`, day, initial); err != nil {
			return err
		}
		var err error
		kept, err = list(c, func(r row) (v string, err error) { return v, r.Scan(&v) }, `SELECT key FROM trace_key WHERE day = $1`, day)
		return err
	})
	return first(kept), err
}

// AuthorMarks are the marks of comments' authors.
func (s *Store) AuthorMarks(ctx context.Context, comments []consult.ID) (map[consult.ID]string, error) {
	marks := map[consult.ID]string{}
	var q text
	q.add(`SELECT comment, mark FROM author_mark WHERE comment IN `)
	in(&q, comments)
	err := s.reading(ctx).each(func(r row) error {
		var comment consult.ID
		var mark string
		err := r.Scan(&comment, &mark)
		marks[comment] = mark
		return err
	}, q.String(), q.args...)
	return marks, failure("read author marks", err)
}

// Traces lists a consultation's since a moment, in order of time.
func (s *Store) Traces(ctx context.Context, consultation consult.ID, since time.Time) ([]consult.Trace, error) {
	l, err := list(s.reading(ctx), func(r row) (t consult.Trace, err error) {
		return t, r.Scan(&t.Kind, &t.Subject, &t.Consultation, &t.Browser, &t.Network, &t.Postcode, moment(&t.At))
	}, `SELECT t.kind, t.subject, t.consultation, t.browser, t.network, COALESCE(k.postcode, ''), t.at FROM trace t
		LEFT JOIN contact k ON k.comment = t.subject AND t.kind = 'comment'
		WHERE t.consultation = $1 AND t.at >= $2 ORDER BY t.at, t.id`, consultation, since)
	return l, failure("read traces", err)
}

// EachText streams what residents wrote in a consultation: comments that count, their points joined by line breaks, then messages.
func (s *Store) EachText(ctx context.Context, consultation consult.ID, each func(consult.Written) error) error {
	return s.snapshot(ctx, "read texts", true, func(c *conn) error {
		var current consult.Written
		var parts []string
		flush := func() error {
			if current.ID == 0 {
				return nil
			}
			current.Text = strings.Join(parts, "\n")
			return each(current)
		}
		err := c.each(func(r row) error {
			var next consult.Written
			var position int
			if err := r.Scan(&next.Kind, &next.ID, moment(&next.At), &next.Text, &position); err != nil {
				return err
			}
			if next.ID != current.ID {
				if err := flush(); err != nil {
					return err
				}
				current, parts = next, nil
			}
			parts = append(parts, next.Text)
			return nil
		}, `SELECT 'comment', c.id, c.received_at, p.text, p.position FROM comment c JOIN original_point p ON p.comment = c.id
			WHERE c.consultation = $1 AND c.state NOT IN ('withdrawn', 'superseded') AND p.text <> ''
			UNION ALL SELECT 'message', m.id, m.created_at, m.body, 0 FROM message m JOIN thread t ON t.id = m.thread
			WHERE t.consultation = $1 AND m.author = 'resident' AND m.body <> '' ORDER BY 3, 2, 5`, consultation)
		if err != nil {
			return err
		}
		return flush()
	})
}

// PurgeTraces forgets traces by age and the keys of days that are over.
func (s *Store) PurgeTraces(ctx context.Context, before time.Time, day consult.Date) (int, error) {
	total := 0
	err := s.quietly(ctx, "purge traces", func(c *conn) error {
		n, err := c.exec(`DELETE FROM trace WHERE at < $1`, before)
		if err != nil {
			return err
		}
		keys, err := c.exec(`DELETE FROM trace_key WHERE day < $1`, day)
		total = int(n + keys)
		return err
	})
	return total, err
}

// SignalLooks lists what officers found in a consultation's signals.
func (s *Store) SignalLooks(ctx context.Context, consultation consult.ID) ([]consult.SignalLook, error) {
	l, err := list(s.reading(ctx), func(r row) (v consult.SignalLook, err error) {
		return v, r.Scan(&v.Signal, &v.Count, &v.Note, &v.By, moment(&v.At))
	}, `SELECT signal, count, note, by_whom, at FROM signal_look WHERE consultation = $1 ORDER BY at DESC`, consultation)
	return l, failure("read signals", err)
}

// SaveSignalLook keeps what an officer found, instead of what was found before.
func (s *Store) SaveSignalLook(ctx context.Context, consultation consult.ID, l consult.SignalLook, ch consult.Change) error {
	return s.change(ctx, "look at signal", ch, consultation, func(w *change) error {
		_, err := w.exec(`INSERT INTO signal_look (consultation, signal, count, note, by_whom, at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (consultation, signal) DO UPDATE SET count = excluded.count, note = excluded.note, by_whom = excluded.by_whom, at = excluded.at`,
			consultation, l.Signal, l.Count, l.Note, l.By, l.At)
		return err
	})
}
