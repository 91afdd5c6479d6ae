package store

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// decide writes a line of the moderators' log and answers what waited for it: flags when the thing was kept or hidden, an objection when
// it was restored or stays hidden.
func (w *change) decide(d consult.Decision) error {
	if d.ID == 0 {
		d.ID = consult.NewID(w.At)
	}
	d.By = w.Actor.Standing()
	if w.Actor.Kind == consult.Signed || w.Actor.Kind == consult.ByBearer {
		d.Officer = w.Actor.ID
	}
	if d.Act == consult.ActHeld { // by the program, whoever wrote it
		d.By, d.Officer = "", 0
	}
	before, err := one(&w.conn, number, `SELECT COUNT(*) FROM moderation WHERE thing = $1`, d.Thing)
	if err != nil {
		return err
	}
	if err := w.insert(`INSERT INTO moderation (id, thing, seq, consultation, act, rule, reason, by_whom, officer, at)`, [][]any{{
		d.ID, d.Thing, before + 1, d.Consultation, d.Act, d.Rule, d.Reason, d.By, d.Officer, w.At}}, ""); err != nil {
		return err
	}
	switch d.Act {
	case consult.ActKept, consult.ActHidden:
		_, err = w.exec(`UPDATE flag SET decided_at = $1, outcome = $2 WHERE thing = $3 AND decided_at = 0`, w.At, d.Act, d.Thing)
	case consult.ActRestored, consult.ActUpheld:
		_, err = w.exec(`UPDATE objection SET decided_at = $1, outcome = $2 WHERE thing = $3 AND decided_at = 0`, w.At, d.Act, d.Thing)
	}
	return err
}

// decideMessage logs that a message came into a state.
func (w *change) decideMessage(m consult.ID, thread consult.ID, state consult.MessageState, rule, reason string) error {
	consultation, err := one(&w.conn, id, `SELECT consultation FROM thread WHERE id = $1`, thread)
	if err != nil {
		return err
	}
	act := map[consult.MessageState]consult.Act{consult.MessageHeld: consult.ActHeld, consult.MessageHidden: consult.ActHidden,
		consult.MessageVisible: consult.ActRestored}[state]
	return w.decide(consult.Decision{Thing: m, Consultation: consultation, Act: act, Rule: rule, Reason: reason})
}

// Decide writes a line of the log alone. Conflict when nothing waited for it: somebody else was faster.
func (s *Store) Decide(ctx context.Context, d consult.Decision, ch consult.Change) error {
	return s.change(ctx, "decide", ch, d.Thing, func(w *change) error {
		waits := `SELECT COUNT(*) FROM flag WHERE thing = $1 AND decided_at = 0`
		if d.Act == consult.ActUpheld {
			waits = `SELECT COUNT(*) FROM objection WHERE thing = $1 AND decided_at = 0`
		}
		n, err := one(&w.conn, number, waits, d.Thing)
		if err == nil && n == 0 {
			err = fail(consult.Conflict, "", errors.New("nothing waits for this decision"))
		}
		if err != nil {
			return err
		}
		return w.decide(d)
	})
}

// hiddenText is what had been published of a comment.
type hiddenText struct {
	Points      []consult.CommentPoint `json:"points"`
	Place       string                 `json:"place"`
	Name        string                 `json:"name"`
	PublishedAt time.Time              `json:"published_at"`
}

// HideComment takes a published comment out of everything the public reads.
func (s *Store) HideComment(ctx context.Context, comment consult.ID, rule, reason string, ch consult.Change) error {
	return s.change(ctx, "hide comment", ch, comment, func(w *change) error {
		found, err := list(&w.conn, scanComment, `SELECT `+commentColumns+` FROM comment c WHERE c.id = $1`, comment)
		if err == nil && len(found) == 0 {
			err = fail(consult.NotFound, "", nil)
		}
		if err == nil {
			err = addPoints(&w.conn, found)
		}
		if err != nil {
			return err
		}
		c := found[0]
		n, err := w.exec(`UPDATE comment SET state = 'withheld', place_text = '', name_shown = '', published_at = 0 WHERE id = $1 AND state = 'published'`, comment)
		if err == nil && n == 0 {
			err = fail(consult.Conflict, "", errors.New("the comment is not published"))
		}
		if err != nil {
			return err
		}
		data, err := json.Marshal(hiddenText{c.Points, c.PlaceText, c.NameShown, c.PublishedAt})
		if err != nil {
			return err
		}
		if err := w.insert(`INSERT INTO hidden_text (comment, data)`, [][]any{{comment, data}}, ""); err != nil {
			return err
		}
		if err := w.insert(`INSERT INTO hiding (comment, rule, reason, by_whom, at)`,
			[][]any{{comment, rule, reason, w.Actor.Standing(), w.At}}, ""); err != nil {
			return err
		}
		if _, err := w.exec(`UPDATE comment_point SET text = '' WHERE comment = $1`, comment); err != nil {
			return err
		}
		return w.decide(consult.Decision{Thing: comment, Consultation: c.Consultation, Act: consult.ActHidden, Rule: rule, Reason: reason})
	})
}

// RestoreComment publishes a hidden comment again, as it was.
func (s *Store) RestoreComment(ctx context.Context, comment consult.ID, ch consult.Change) error {
	return s.change(ctx, "restore comment", ch, comment, func(w *change) error {
		c, err := one(&w.conn, scanComment, `SELECT `+commentColumns+` FROM comment c WHERE c.id = $1`, comment)
		if err != nil {
			return err
		}
		kept, err := list(&w.conn, func(r row) (j json.RawMessage, err error) { return j, r.Scan(raw(&j)) },
			`SELECT data FROM hidden_text WHERE comment = $1`, comment)
		if err == nil && (len(kept) == 0 || c.State != consult.CommentWithheld) {
			err = fail(consult.Conflict, "", errors.New("the comment is not hidden"))
		}
		if err != nil {
			return err
		}
		var was hiddenText
		if err := json.Unmarshal(kept[0], &was); err != nil {
			return err
		}
		c.State, c.Points = consult.CommentPublished, was.Points
		if _, err := w.exec(`UPDATE comment SET state = 'published', place_text = $1, name_shown = $2, published_at = $3 WHERE id = $4`,
			was.Place, was.Name, was.PublishedAt, comment); err != nil {
			return err
		}
		if err := w.publishPoints(c); err != nil {
			return err
		}
		return w.unhide(comment)
	})
}

// unhide forgets that a comment was hidden, when it was, and logs that it can be read again.
func (w *change) unhide(comment consult.ID) error {
	n, err := w.exec(`DELETE FROM hiding WHERE comment = $1`, comment)
	if err != nil || n == 0 {
		return err
	}
	if _, err := w.exec(`DELETE FROM hidden_text WHERE comment = $1`, comment); err != nil {
		return err
	}
	consultation, err := one(&w.conn, id, `SELECT consultation FROM comment WHERE id = $1`, comment)
	if err != nil {
		return err
	}
	return w.decide(consult.Decision{Thing: comment, Consultation: consultation, Act: consult.ActRestored})
}

// Hiding finds why a comment is hidden.
func (s *Store) Hiding(ctx context.Context, comment consult.ID) (consult.Hiding, error) {
	h, err := one(s.reading(ctx), func(r row) (h consult.Hiding, err error) {
		return h, r.Scan(&h.Comment, &h.Rule, &h.Reason, &h.By, moment(&h.At))
	}, `SELECT h.comment, h.rule, h.reason, h.by_whom, h.at FROM hiding h JOIN comment c ON c.id = h.comment
		WHERE h.comment = $1 AND c.state = 'withheld'`, comment)
	return h, failure("find hiding", err)
}

// HiddenComments counts a consultation's.
func (s *Store) HiddenComments(ctx context.Context, consultation consult.ID) (int, error) {
	n, err := one(s.reading(ctx), number, `SELECT COUNT(*) FROM hiding h JOIN comment c ON c.id = h.comment
		WHERE c.consultation = $1 AND c.state = 'withheld'`, consultation)
	return int(n), failure("count hidden comments", err)
}

// Decisions lists the log of a thing, of a consultation, or all of it, newest first.
func (s *Store) Decisions(ctx context.Context, thing, consultation consult.ID, offset, limit int) (found []consult.Decision, total int, err error) {
	where := func(q *text) {
		q.add(` FROM moderation d WHERE 1 = 1`)
		if thing != 0 {
			q.add(` AND d.thing = ?`, thing)
		}
		if consultation != 0 {
			q.add(` AND d.consultation = ?`, consultation)
		}
	}
	err = s.snapshot(ctx, "list decisions", false, func(c *conn) error {
		var count, q text
		count.add(`SELECT COUNT(*)`)
		where(&count)
		n, err := one(c, number, count.String(), count.args...)
		if err != nil {
			return err
		}
		total = int(n)
		q.add(`SELECT d.id, d.thing, d.consultation, d.act, d.rule, d.reason, d.by_whom, d.officer, d.at`)
		where(&q)
		q.add(` ORDER BY d.at DESC, d.seq DESC, d.id DESC LIMIT ? OFFSET ?`, pageSize(limit), max(offset, 0))
		found, err = list(c, func(r row) (d consult.Decision, err error) {
			return d, r.Scan(&d.ID, &d.Thing, &d.Consultation, &d.Act, &d.Rule, &d.Reason, &d.By, &d.Officer, moment(&d.At))
		}, q.String(), q.args...)
		return err
	})
	return found, total, err
}

// RuleTallies counts the log by month, rule and act. The months are told apart here: the two databases have no function in common for it.
func (s *Store) RuleTallies(ctx context.Context, since time.Time) ([]consult.RuleTally, error) {
	var tallies []consult.RuleTally
	at := map[consult.RuleTally]int{}
	err := s.reading(ctx).each(func(r row) error {
		var t consult.RuleTally
		var day time.Time
		var hours int64
		var n int
		if err := r.Scan(&hours, &t.Rule, &t.Act, &n); err != nil {
			return err
		}
		day = time.Unix(hours*3600, 0).UTC()
		t.Month = day.Format("2006-01")
		i, known := at[t]
		if !known {
			i = len(tallies)
			at[t] = i
			tallies = append(tallies, t)
		}
		tallies[i].Count += n
		return nil
	}, `SELECT d.at / 3600000000 AS hour, d.rule, d.act, COUNT(*) FROM moderation d WHERE d.at >= $1 AND d.rule <> ''
		GROUP BY d.at / 3600000000, d.rule, d.act ORDER BY 1 DESC, d.rule, d.act`, since)
	return tallies, failure("count decisions", err)
}

// Posting reads a consultation's switch.
func (s *Store) Posting(ctx context.Context, consultation consult.ID) (consult.Posting, error) {
	found, err := list(s.reading(ctx), func(r row) (p consult.Posting, err error) {
		return p, r.Scan(&p.Mode, &p.Reason, &p.By, moment(&p.At))
	}, `SELECT mode, reason, by_whom, at FROM posting WHERE consultation = $1`, consultation)
	if err != nil || len(found) == 0 {
		return consult.Posting{}, failure("read posting", err)
	}
	return found[0], nil
}

// SavePosting turns the switch and logs it. Where it stands already nothing is written.
func (s *Store) SavePosting(ctx context.Context, consultation consult.ID, p consult.Posting, ch consult.Change) error {
	return s.change(ctx, "switch postings", ch, consultation, func(w *change) error {
		before, err := list(&w.conn, func(r row) (v [2]string, err error) { return v, r.Scan(&v[0], &v[1]) },
			`SELECT mode, reason FROM posting WHERE consultation = $1`, consultation)
		if err != nil {
			return err
		}
		was := [2]string{string(consult.PostingOpen), ""}
		if len(before) > 0 {
			was = before[0]
		}
		if was == [2]string{string(p.Mode), p.Reason} || was[0] == string(p.Mode) && p.Mode == consult.PostingOpen {
			return errNothing
		}
		if _, err := w.exec(`INSERT INTO posting (consultation, mode, reason, by_whom, at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (consultation) DO UPDATE SET mode = excluded.mode, reason = excluded.reason, by_whom = excluded.by_whom, at = excluded.at`,
			consultation, p.Mode, p.Reason, p.By, p.At); err != nil {
			return err
		}
		return w.decide(consult.Decision{Thing: consultation, Consultation: consultation, Act: p.Mode.Act(), Reason: p.Reason})
	})
}
