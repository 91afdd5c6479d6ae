package store

import (
	"context"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// mailsAtOnce bounds how many alerts one transaction hands to mails.
const mailsAtOnce = 100

// MatchNews reads on in the news: what alerts find, the mails that are due at once, and how far it came are one transaction. A node that
// dies leaves all of it or nothing.
//
// An alert with an area is looked at only when a place of the batch lies in one of its tiles, or its ward; so a batch costs a few equal
// keys for each place, the alerts around them, and those that look everywhere.
func (s *Store) MatchNews(ctx context.Context, calendar consult.Calendar, now time.Time, limit int) (consult.Matched, error) {
	var m consult.Matched
	n, err := s.readNews(ctx, "match news", alertReader, limit, func(c *conn, news []consult.News) (err error) {
		m = consult.Matched{}
		if m.Hits, err = matchAll(c, calendar, now, news); err != nil || m.Hits == 0 {
			return err
		}
		m.Mails, err = s.mailDue(c, now, mailsAtOnce)
		return err
	})
	m.News = n
	return m, err
}

// matchAll keeps a hit for every alert and piece of news that fit, and sets when the alerts' mails are due.
func matchAll(c *conn, calendar consult.Calendar, now time.Time, news []consult.News) (int, error) {
	found, err := candidates(c, news)
	if err != nil {
		return 0, err
	}
	var rows [][]any
	for _, a := range found {
		fits := false
		for _, n := range news {
			if n.Seq > a.since && a.Wants(n) {
				fits = true
				rows = append(rows, []any{a.ID, n.Seq, n.Part, n.Kind, n.Consultation, now, 0, 0})
			}
		}
		if !fits {
			continue
		}
		if _, err := c.exec(`UPDATE alert SET next_at = $1 WHERE id = $2 AND next_at = 0`, a.Rhythm.Next(calendar, now, a.mailed), a.ID); err != nil {
			return 0, err
		}
	}
	return len(rows), c.insert(`INSERT INTO alert_hit (alert, seq, part, kind, consultation, found_at, delivery, sent_at)`, rows, "")
}

// candidate is an alert that may want some of the news.
type candidate struct {
	consult.Matcher
	mailed time.Time // when it last wrote
	since  int64     // news up to this number is from before it looked
}

// candidates reads the alerts that look everywhere, in one of the news' wards, or around one of their places.
func candidates(c *conn, news []consult.News) ([]candidate, error) {
	cells, wards := placesOf(news)
	var q text
	q.add(`SELECT ` + alertColumns + `, mailed_at, since FROM alert WHERE confirmed AND paused <> 'asked' AND (area = '' OR area = 'ward' AND ward IN `)
	in(&q, wards)
	q.add(`)`)
	found, err := list(c, scanCandidate, q.String(), q.args...)
	if err != nil {
		return nil, err
	}
	seen := map[consult.ID]bool{}
	for len(cells) > 0 {
		n := min(len(cells), maxArguments)
		var q text
		q.add(`SELECT ` + alertColumns + `, mailed_at, since FROM alert WHERE confirmed AND paused <> 'asked' AND id IN (SELECT alert FROM alert_cell WHERE cell IN `)
		in(&q, cells[:n])
		q.add(`)`)
		near, err := list(c, scanCandidate, q.String(), q.args...)
		if err != nil {
			return nil, err
		}
		for _, a := range near {
			if !seen[a.ID] {
				seen[a.ID] = true
				found = append(found, a)
			}
		}
		cells = cells[n:]
	}
	return found, nil
}

func scanCandidate(r row) (k candidate, err error) {
	a, err := scanAlert(also{r, []any{moment(&k.mailed), &k.since}})
	k.Matcher = a.Matcher()
	return k, err
}

// also reads further columns behind those that a scan knows of.
type also struct {
	row
	more []any
}

// Scan implements row.
func (a also) Scan(dest ...any) error { return a.row.Scan(append(dest, a.more...)...) }

// MailAlerts hands waiting hits of alerts that are due to mails.
func (s *Store) MailAlerts(ctx context.Context, now time.Time, limit int) (int, error) {
	const op = "mail alerts"
	due, err := one(s.reading(ctx), number, `SELECT COUNT(*) FROM (SELECT 1 FROM alert WHERE next_at > 0 AND next_at <= $1 AND confirmed AND paused = '' LIMIT 1) d`, now)
	if err != nil || due == 0 {
		return 0, failure(op, err)
	}
	n := 0
	err = s.quietly(ctx, op, func(c *conn) (err error) {
		n, err = s.mailDue(c, now, limit)
		return err
	})
	return n, err
}

// mailDue makes one mail for each alert that is due. Its hits belong to it from now on, whatever becomes of it.
func (s *Store) mailDue(c *conn, now time.Time, limit int) (int, error) {
	due, err := list(c, id, `SELECT id FROM alert WHERE next_at > 0 AND next_at <= $1 AND confirmed AND paused = '' ORDER BY next_at, id LIMIT $2`+s.skipLocked,
		now, limit)
	if err != nil {
		return 0, err
	}
	for _, alert := range due {
		mail, err := alertMail(c, consult.MailAlert, alert, now, now)
		if err != nil {
			return 0, err
		}
		if _, err := c.exec(`UPDATE alert_hit SET delivery = $1 WHERE alert = $2 AND delivery = 0`, mail, alert); err != nil {
			return 0, err
		}
		if _, err := c.exec(`UPDATE alert SET next_at = 0, mailed_at = $1 WHERE id = $2`, now, alert); err != nil {
			return 0, err
		}
	}
	return len(due), nil
}
