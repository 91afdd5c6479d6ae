package store

import (
	"context"
	"encoding/json"
	"math"
	"strconv"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// Points of concerns that count: of comments neither withdrawn nor superseded, and of messages that can be seen. readable is whether
// everybody can read their words; a comment's thread is between its author and the authority until the comment is published.
const (
	commentPoints = ` FROM concern_point p JOIN comment c ON c.id = p.source WHERE c.state NOT IN ('withdrawn', 'superseded')`
	messagePoints = ` FROM concern_point p JOIN message m ON m.id = p.source JOIN thread t ON t.id = m.thread
		WHERE m.author = 'resident' AND m.state = 'visible'`
	commentReadable = `CASE WHEN c.state = 'published' THEN 1 ELSE 0 END`
	messageReadable = `CASE WHEN t.anchor <> 'comment' OR EXISTS (SELECT 1 FROM comment a WHERE a.id = t.anchor_id AND a.state = 'published')
		THEN 1 ELSE 0 END`
)

const concernColumns = `k.id, k.consultation, k.title, k.service, k.merged_into, k.shown_at, k.version, k.created_at, k.updated_at`

func scanConcern(r row) (k consult.Concern, err error) {
	return k, r.Scan(&k.ID, &k.Consultation, &k.Title, &k.Service, &k.MergedInto, moment(&k.ShownAt), &k.Version, moment(&k.CreatedAt),
		moment(&k.UpdatedAt))
}

const concernByID = `SELECT ` + concernColumns + ` FROM concern k WHERE k.id = $1`

// Concern finds one by id, with its numbers, merged ones too.
func (s *Store) Concern(ctx context.Context, id consult.ID) (k consult.Concern, err error) {
	err = s.snapshot(ctx, "read concern", false, func(c *conn) error {
		if k, err = one(c, scanConcern, concernByID, id); err != nil {
			return err
		}
		found := []consult.Concern{k}
		err = countConcerns(c, found, `p.concern = ?`, id, time.Time{})
		k = found[0]
		return err
	})
	return k, err
}

// Concerns lists those of a consultation that stand with their numbers, those with most authors first.
func (s *Store) Concerns(ctx context.Context, consultation consult.ID, since time.Time) (found []consult.Concern, err error) {
	err = s.snapshot(ctx, "list concerns", false, func(c *conn) error {
		if found, err = list(c, scanConcern, `SELECT `+concernColumns+` FROM concern k WHERE k.consultation = $1 AND k.merged_into = 0
			ORDER BY k.created_at, k.id`, consultation); err != nil {
			return err
		}
		return countConcerns(c, found, `p.concern IN (SELECT id FROM concern WHERE consultation = ?)`, consultation, since)
	})
	consult.SortConcerns(found)
	return found, err
}

// countConcerns fills in the numbers of concerns: which is the condition that finds their points, with its argument.
func countConcerns(c *conn, concerns []consult.Concern, which string, of consult.ID, since time.Time) error {
	at := map[consult.ID]*consult.Concern{}
	for i := range concerns {
		at[concerns[i].ID] = &concerns[i]
	}
	from := int64(math.MaxInt64)
	if !since.IsZero() {
		from = micros(since)
	}
	var q text
	q.add(`SELECT concern, topic, SUM(n), SUM(fresh) FROM (SELECT p.concern, p.topic, 1 AS n, CASE WHEN c.received_at >= ? THEN 1 ELSE 0 END AS fresh`+
		commentPoints+` AND `, from)
	q.add(which, of)
	q.add(` UNION ALL SELECT p.concern, p.topic, 1, CASE WHEN m.created_at >= ? THEN 1 ELSE 0 END`+messagePoints+` AND `, from)
	q.add(which, of)
	q.add(`) x GROUP BY concern, topic ORDER BY concern, SUM(n) DESC, topic`)
	best := map[consult.ID]int{}
	if err := c.each(func(r row) error {
		var id consult.ID
		var topic consult.Topic
		var n, fresh int
		if err := r.Scan(&id, &topic, &n, &fresh); err != nil || at[id] == nil {
			return err
		}
		k := at[id]
		k.Points, k.Fresh = k.Points+n, k.Fresh+fresh
		if topic != "" && n > best[id] {
			k.Topic, best[id] = topic, n
		}
		return nil
	}, q.String(), q.args...); err != nil {
		return err
	}
	q = text{}
	q.add(`SELECT concern, COUNT(*), SUM(letter), SUM(readable) FROM (
		SELECT p.concern AS concern, p.source, MAX(CASE WHEN p.how = 'campaign' THEN 1 ELSE 0 END) AS letter, MAX(` + commentReadable + `) AS readable` + commentPoints + ` AND `)
	q.add(which, of)
	q.add(` GROUP BY p.concern, p.source UNION ALL SELECT p.concern, p.source, 0, ` + messageReadable + messagePoints + ` AND `)
	q.add(which, of)
	q.add(`) x GROUP BY concern`)
	return c.each(func(r row) error {
		var id consult.ID
		var sources, letters, published int
		if err := r.Scan(&id, &sources, &letters, &published); err != nil || at[id] == nil {
			return err
		}
		at[id].Sources, at[id].Letters, at[id].Published = sources, letters, published
		return nil
	}, q.String(), q.args...)
}

// readablePoints are the points of the concern $1 that everybody can read, with their published texts.
const readablePoints = `SELECT p.source, p.topic, w.text, c.stance, c.language, p.how, p.added_at, c.received_at, 0 AS thread, 0 AS seq
		FROM concern_point p JOIN comment c ON c.id = p.source JOIN comment_point w ON w.comment = c.id AND w.topic = p.topic
		WHERE c.state = 'published' AND w.text <> '' AND p.concern = $1
	UNION ALL SELECT p.source, p.topic, m.body, '', m.language, p.how, p.added_at, m.created_at, m.thread, m.seq` + messagePoints +
	` AND ` + messageReadable + ` = 1 AND m.body <> '' AND p.concern = $1`

// PublishedConcernPoints lists what everybody can read of a concern's points, oldest first.
func (s *Store) PublishedConcernPoints(ctx context.Context, concern consult.ID, offset, limit int) (found []consult.ConcernPoint, total int, err error) {
	err = s.snapshot(ctx, "list published points", false, func(c *conn) error {
		n, err := one(c, number, `SELECT COUNT(*) FROM (`+readablePoints+`) x`, concern)
		if err != nil {
			return err
		}
		total = int(n)
		found, err = list(c, func(r row) (p consult.ConcernPoint, err error) {
			p.Concern, p.Public = concern, true
			return p, r.Scan(&p.Ref.Source, &p.Ref.Topic, &p.Text, &p.Stance, &p.Language, &p.By, moment(&p.AddedAt), moment(&p.SaidAt), &p.Thread, &p.Seq)
		}, `SELECT * FROM (`+readablePoints+`) x ORDER BY received_at, source, topic LIMIT $2 OFFSET $3`, concern, pageSize(limit), max(offset, 0))
		return err
	})
	return found, total, err
}

// ConcernsOf lists the concerns that points stand in, without their numbers.
func (s *Store) ConcernsOf(ctx context.Context, refs ...consult.PointRef) (map[consult.PointRef][]consult.Concern, error) {
	found := map[consult.PointRef][]consult.Concern{}
	wanted := map[consult.PointRef]bool{}
	for _, r := range refs {
		wanted[r] = true
	}
	c := s.reading(ctx)
	err := eachSource(refs, func(sources []consult.ID) error {
		var q text
		q.add(`SELECT p.source, p.topic, p.added_at, ` + concernColumns + ` FROM concern_point p JOIN concern k ON k.id = p.concern WHERE p.source IN `)
		in(&q, sources)
		q.add(` ORDER BY p.source, p.topic, k.created_at, k.id`)
		return c.each(func(r row) error {
			var ref consult.PointRef
			var k consult.Concern
			err := r.Scan(&ref.Source, &ref.Topic, moment(&k.JoinedAt), &k.ID, &k.Consultation, &k.Title, &k.Service, &k.MergedInto, moment(&k.ShownAt), &k.Version,
				moment(&k.CreatedAt), moment(&k.UpdatedAt))
			if wanted[ref] {
				found[ref] = append(found[ref], k)
			}
			return err
		}, q.String(), q.args...)
	})
	return found, failure("read concerns of points", err)
}

// ConcernsShown counts the concerns that everybody can read.
func (s *Store) ConcernsShown(ctx context.Context, consultation consult.ID) (int, error) {
	n, err := one(s.reading(ctx), number, `SELECT COUNT(*) FROM concern WHERE consultation = $1 AND shown_at > 0 AND merged_into = 0`, consultation)
	return int(n), failure("count shown concerns", err)
}

// ConcernMark puts together what changes with every act and with every point that comes, goes or becomes readable.
func (s *Store) ConcernMark(ctx context.Context, consultation consult.ID) (string, error) {
	mark := ""
	err := s.reading(ctx).each(func(r row) error {
		var acts, comments, newest, published, gone, messages, latest int64
		err := r.Scan(&acts, &comments, &newest, &published, &gone, &messages, &latest)
		for _, n := range []int64{acts, comments, newest, published, gone, messages, latest} {
			mark += strconv.FormatInt(n, 36) + "."
		}
		return err
	}, `SELECT COALESCE((SELECT seq FROM concern_head WHERE consultation = $1), 0),
			(SELECT COUNT(*) FROM comment WHERE consultation = $1),
			COALESCE((SELECT MAX(id) FROM comment WHERE consultation = $1), 0),
			(SELECT COUNT(*) FROM comment WHERE consultation = $1 AND state = 'published'),
			(SELECT COUNT(*) FROM comment WHERE consultation = $1 AND state IN ('withdrawn', 'superseded')),
			COALESCE((SELECT SUM(messages) FROM thread WHERE consultation = $1), 0),
			COALESCE((SELECT SUM(seq) FROM thread WHERE consultation = $1), 0)`, consultation)
	return mark, failure("read the mark of concerns", err)
}

// ConcernChanges lists acts, newest first.
func (s *Store) ConcernChanges(ctx context.Context, consultation, concern consult.ID, limit int) ([]consult.ConcernChange, error) {
	var q text
	q.add(`SELECT h.id, h.consultation, h.act, h.concern, h.other, COALESCE(k.title, ''), COALESCE(o.title, ''),
		(SELECT COUNT(*) FROM (SELECT 1 FROM concern_change_point x WHERE x.change = h.id GROUP BY x.source, x.topic) n), h.was, h.became,
		h.by_whom, h.at, h.undone_at FROM concern_change h LEFT JOIN concern k ON k.id = h.concern LEFT JOIN concern o ON o.id = h.other
		WHERE h.consultation = ?`, consultation)
	if concern != 0 {
		q.add(` AND (h.concern = ? OR h.other = ?)`, concern, concern)
	}
	q.add(` ORDER BY h.seq DESC LIMIT ?`, pageSize(limit))
	l, err := list(s.reading(ctx), scanConcernChange, q.String(), q.args...)
	return l, failure("list acts on concerns", err)
}

func scanConcernChange(r row) (h consult.ConcernChange, err error) {
	var was, became json.RawMessage
	if err := r.Scan(&h.ID, &h.Consultation, &h.Act, &h.Concern, &h.Other, &h.Title, &h.OtherTitle, &h.Points, raw(&was), raw(&became), &h.By,
		moment(&h.At), moment(&h.UndoneAt)); err != nil {
		return h, err
	}
	if err := json.Unmarshal(was, &h.Was); err != nil {
		return h, err
	}
	return h, json.Unmarshal(became, &h.Became)
}

// eachSource hands over the sources of references, each once, in pieces a statement can take.
func eachSource(refs []consult.PointRef, each func([]consult.ID) error) error {
	seen := map[consult.ID]bool{}
	var sources []consult.ID
	for _, r := range refs {
		if !seen[r.Source] {
			seen[r.Source] = true
			sources = append(sources, r.Source)
		}
	}
	for len(sources) > 0 {
		n := min(len(sources), maxArguments)
		if err := each(sources[:n]); err != nil {
			return err
		}
		sources = sources[n:]
	}
	return nil
}
