package store

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/yousaid/yousaid/server/consult"
)

// PinFact pins a card to what it is not pinned to yet. The card's row is locked first: who publishes it meanwhile sees these pins, or is
// seen by them.
func (s *Store) PinFact(ctx context.Context, fact consult.ID, pins []consult.FactPin, ch consult.Change) (int, error) {
	pinned := 0
	err := s.change(ctx, "pin fact", ch, fact, func(w *change) error {
		pinned = 0
		f, err := w.lockFact(fact)
		if err == nil && f.State == consult.FactRetired {
			err = fail(consult.Closed, "", nil)
		}
		if err != nil {
			return err
		}
		for _, p := range pins {
			n, err := w.exec(`INSERT INTO fact_pin (fact, subject, consultation, thread, claimed_at, by_whom, at)
				VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`, fact, p.Subject, p.Consultation, p.Thread, p.ClaimedAt, p.By, p.At)
			if err != nil {
				return err
			}
			pinned += int(n)
			if n > 0 && p.Thread != 0 && f.State == consult.FactPublished {
				w.Events = append(w.Events, consult.Event{Thread: p.Thread, Kind: consult.EventPinned, Subject: p.Subject, At: w.At})
			}
		}
		if pinned == 0 {
			return errNothing
		}
		return nil
	})
	return pinned, err
}

// lockFact holds a card's row until the change ends.
func (w *change) lockFact(id consult.ID) (consult.Fact, error) {
	if _, err := w.exec(`UPDATE fact SET told = told WHERE id = $1`, id); err != nil {
		return consult.Fact{}, err
	}
	return one(&w.conn, scanFact, factByID, id)
}

// UnpinFact takes a card away from messages and comments.
func (s *Store) UnpinFact(ctx context.Context, fact consult.ID, subjects []consult.ID, ch consult.Change) (int, error) {
	taken := 0
	err := s.change(ctx, "unpin fact", ch, fact, func(w *change) error {
		taken = 0
		f, err := w.lockFact(fact)
		if err != nil {
			return err
		}
		for _, subject := range subjects {
			threads, err := list(&w.conn, id, `DELETE FROM fact_pin WHERE fact = $1 AND subject = $2 RETURNING thread`, fact, subject)
			if err != nil {
				return err
			}
			taken += len(threads)
			if len(threads) > 0 && threads[0] != 0 && f.State == consult.FactPublished {
				w.Events = append(w.Events, consult.Event{Thread: threads[0], Kind: consult.EventUnpinned, Subject: subject, At: w.At})
			}
		}
		if taken == 0 {
			return errNothing
		}
		return nil
	})
	return taken, err
}

// FactPins lists what a card is pinned to, by the moment of the claim.
func (s *Store) FactPins(ctx context.Context, fact consult.ID) ([]consult.FactPin, error) {
	l, err := list(s.reading(ctx), func(r row) (p consult.FactPin, err error) {
		return p, r.Scan(&p.Fact, &p.Subject, &p.Consultation, &p.Thread, moment(&p.ClaimedAt), &p.By, moment(&p.At))
	}, `SELECT fact, subject, consultation, thread, claimed_at, by_whom, at FROM fact_pin WHERE fact = $1 ORDER BY claimed_at, subject`, fact)
	return l, failure("list pins", err)
}

// PinnedFacts finds the published cards under messages and comments.
func (s *Store) PinnedFacts(ctx context.Context, subjects []consult.ID) (map[consult.ID][]consult.Fact, error) {
	found := map[consult.ID][]consult.Fact{}
	c := s.reading(ctx)
	for chunk := range slices.Chunk(subjects, maxArguments) {
		var q text
		q.add(`SELECT ` + factColumns + `, p.subject FROM fact_pin p JOIN fact f ON f.id = p.fact
			JOIN fact_version v ON v.fact = f.id AND v.version = f.version WHERE f.state = 'published' AND p.subject IN `)
		in(&q, chunk)
		q.add(` ORDER BY f.published_at, f.id`)
		if err := c.each(func(r row) error {
			var f consult.Fact
			var subject consult.ID
			err := scanFactAnd(r, &f, &subject)
			found[subject] = append(found[subject], f)
			return err
		}, q.String(), q.args...); err != nil {
			return nil, failure("read pinned facts", err)
		}
	}
	return found, nil
}

// FactFigures counts cards' pins and mails.
func (s *Store) FactFigures(ctx context.Context, facts []consult.ID) (map[consult.ID]consult.FactFigure, error) {
	found := map[consult.ID]consult.FactFigure{}
	c := s.reading(ctx)
	for chunk := range slices.Chunk(facts, maxArguments) {
		var q text
		q.add(`SELECT f.id, f.told, COUNT(p.subject), COALESCE(MIN(p.claimed_at), 0) FROM fact f LEFT JOIN fact_pin p ON p.fact = f.id WHERE f.id IN `)
		in(&q, chunk)
		q.add(` GROUP BY f.id, f.told`)
		if err := c.each(func(r row) error {
			var g consult.FactFigure
			err := r.Scan(&g.Fact, &g.Told, &g.Pins, moment(&g.FirstClaim))
			found[g.Fact] = g
			return err
		}, q.String(), q.args...); err != nil {
			return nil, failure("count pins", err)
		}
	}
	return found, nil
}

// publicMessages are the messages that everybody can read: visible, and not about a comment that is not published.
const publicMessages = `SELECT m.id, m.thread, m.seq, t.consultation, m.author, m.body, m.language, m.created_at FROM message m
	JOIN thread t ON t.id = m.thread WHERE m.state = 'visible' AND t.consultation > 0 AND (t.anchor <> 'comment'
		OR EXISTS (SELECT 1 FROM comment c WHERE c.id = t.anchor_id AND c.state = 'published'))`

func scanUtterance(r row) (u consult.Utterance, err error) {
	return u, r.Scan(&u.Subject, &u.Thread, &u.Seq, &u.Consultation, &u.Author, &u.Text, &u.Language, moment(&u.At))
}

// Utterances lists visible messages and published comments, newest first, at most limit of each.
func (s *Store) Utterances(ctx context.Context, consultation consult.ID, limit int) ([]consult.Utterance, error) {
	const op = "list what was said"
	c := s.reading(ctx)
	var q, p text
	q.add(publicMessages)
	p.add(`SELECT k.id, k.consultation, k.language, k.received_at, p.text FROM (SELECT id, consultation, language, received_at FROM comment
		WHERE state = 'published'`)
	if consultation != 0 {
		q.add(` AND t.consultation = ?`, consultation)
		p.add(` AND consultation = ?`, consultation)
	}
	q.add(` ORDER BY m.created_at DESC, m.id DESC LIMIT ?`, limit)
	p.add(` ORDER BY received_at DESC, id DESC LIMIT ?) k JOIN comment_point p ON p.comment = k.id ORDER BY k.id, p.topic`, limit)
	found, err := list(c, scanUtterance, q.String(), q.args...)
	if err != nil {
		return nil, failure(op, err)
	}
	comments, err := publishedWords(c, p.String(), p.args...)
	if err != nil {
		return nil, failure(op, err)
	}
	found = append(found, comments...)
	slices.SortFunc(found, func(a, b consult.Utterance) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.Subject, a.Subject))
	})
	return found, nil
}

// publishedWords puts the points of each comment together.
func publishedWords(c *conn, query string, args ...any) ([]consult.Utterance, error) {
	byID := map[consult.ID]consult.Utterance{}
	err := c.each(func(r row) error {
		u := consult.Utterance{Author: consult.ByResident}
		var words string
		if err := r.Scan(&u.Subject, &u.Consultation, &u.Language, moment(&u.At), &words); err != nil {
			return err
		}
		u.Text = strings.TrimSpace(byID[u.Subject].Text + "\n\n" + words)
		byID[u.Subject] = u
		return nil
	}, query, args...)
	return slices.Collect(maps.Values(byID)), err
}

// Utterance finds a visible message or a published comment.
func (s *Store) Utterance(ctx context.Context, subject consult.ID) (consult.Utterance, error) {
	const op = "read what was said"
	c := s.reading(ctx)
	found, err := list(c, scanUtterance, publicMessages+` AND m.id = $1`, subject)
	if err == nil && len(found) == 0 {
		found, err = publishedWords(c, `SELECT k.id, k.consultation, k.language, k.received_at, p.text FROM comment k
			JOIN comment_point p ON p.comment = k.id WHERE k.id = $1 AND k.state = 'published' ORDER BY p.topic`, subject)
	}
	if err == nil && len(found) == 0 {
		err = fail(consult.NotFound, "", nil)
	}
	if err != nil {
		return consult.Utterance{}, failure(op, err)
	}
	return found[0], nil
}
