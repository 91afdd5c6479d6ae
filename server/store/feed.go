package store

import (
	"cmp"
	"context"
	"slices"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// matchFeed adds the conditions of a feed on the consultation, which is c. A circle is only roughly held here: see inReach.
func matchFeed(q *text, consultation consult.ID, f consult.Filter) {
	match(q, f)
	if consultation != 0 {
		q.add(` AND c.id = ?`, consultation)
	}
	if f.Radius <= 0 {
		return
	}
	q.add(` AND (1 = 0`)
	for _, r := range geo.RangesAround(f.Near, min(f.Radius, maxRadius), circleBy) {
		q.add(` OR c.quadkey >= ? AND c.quadkey < ?`, r.Low, r.High)
	}
	q.add(`)`)
}

// inReach holds a consultation to the filter's circle.
func inReach(c consult.Consultation, f consult.Filter) bool {
	return f.Radius <= 0 || c.HasPlace && geo.Distance(f.Near, c.Place) <= min(f.Radius, maxRadius)
}

// atMost ends a query. With a circle every row is measured first, so that the database cannot know which are the first.
func atMost(q *text, f consult.Filter, limit int) {
	if f.Radius <= 0 {
		q.add(` LIMIT ?`, limit)
	}
}

// Moves lists recorded moves of public consultations, newest first, and once each consultation that has none.
func (s *Store) Moves(ctx context.Context, consultation consult.ID, f consult.Filter, limit int) (moves []consult.FeedEntry, err error) {
	var q, without text
	q.add(`SELECT e.number, e.from_state, e.to_state, e.at, ` + consultationColumns + ` FROM state_event e
		JOIN consultation c ON c.id = e.consultation WHERE e.to_state IN `)
	in(&q, publicStates())
	q.add(` AND `)
	matchFeed(&q, consultation, f)
	q.add(` ORDER BY e.at DESC, c.id DESC, e.number DESC`)
	atMost(&q, f, limit)
	without.add(`SELECT 0, '', c.state, c.created_at, ` + consultationColumns + ` FROM consultation c WHERE `)
	matchFeed(&without, consultation, f)
	without.add(` AND NOT EXISTS (SELECT 1 FROM state_event e WHERE e.consultation = c.id) ORDER BY c.created_at DESC, c.id DESC`)
	atMost(&without, f, limit)
	err = s.snapshot(ctx, "list moves", false, func(c *conn) error {
		for _, query := range []*text{&q, &without} {
			if err := c.each(func(r row) error {
				e := consult.FeedEntry{Kind: consult.FeedMove}
				var err error
				e.Consultation, err = scanConsultation(prefixed{r, []any{&e.Number, &e.From, &e.To, moment(&e.At)}})
				if inReach(e.Consultation, f) {
					moves = append(moves, e)
				}
				return err
			}, query.String(), query.args...); err != nil {
				return err
			}
		}
		return nil
	})
	slices.SortStableFunc(moves, func(a, b consult.FeedEntry) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.Consultation.ID, a.Consultation.ID), cmp.Compare(b.Number, a.Number))
	})
	return moves[:min(len(moves), limit)], err
}

// Deadlines lists the last days of rounds, committee days and the days by which decisions are due.
func (s *Store) Deadlines(ctx context.Context, consultation consult.ID, f consult.Filter, from consult.Date, limit int) (found []consult.Deadline, err error) {
	err = s.snapshot(ctx, "list deadlines", false, func(c *conn) error {
		if found, err = closings(c, consultation, f, from, limit); err != nil {
			return err
		}
		return caseDays(c, consultation, f, from, limit, &found)
	})
	slices.SortStableFunc(found, func(a, b consult.Deadline) int { return cmp.Compare(a.On, b.On) })
	return found[:min(len(found), limit)], err
}

func closings(c *conn, consultation consult.ID, f consult.Filter, from consult.Date, limit int) (found []consult.Deadline, err error) {
	var q text
	q.add(`SELECT r.id, r.consultation, r.number, r.kind, r.opens, r.closes, r.question, r.version, r.moved, `+consultationColumns+`
		FROM round r JOIN consultation c ON c.id = r.consultation WHERE r.closes >= ? AND `, cmp.Or(from, "0000"))
	matchFeed(&q, consultation, f)
	q.add(` ORDER BY r.closes, r.id`)
	atMost(&q, f, limit)
	return found, c.each(func(row row) error {
		d := consult.Deadline{Kind: consult.RoundCloses}
		r := &d.Round
		var err error
		d.Consultation, err = scanConsultation(prefixed{row, []any{&r.ID, &r.Consultation, &r.Number, &r.Kind, &r.Opens, &r.Closes,
			&r.Question, &r.Version, &d.Moved}})
		d.On = r.Closes
		if inReach(d.Consultation, f) {
			found = append(found, d)
		}
		return err
	}, q.String(), q.args...)
}

// caseDays adds the days that stand with the consultation itself.
func caseDays(c *conn, consultation consult.ID, f consult.Filter, from consult.Date, limit int, found *[]consult.Deadline) error {
	from = cmp.Or(from, "0000")
	var q text
	q.add(`SELECT c.committee_moved, c.due_moved, `+consultationColumns+` FROM consultation c
		WHERE (c.committee_on >= ? OR c.decision_due >= ?) AND `, from, from)
	matchFeed(&q, consultation, f)
	q.add(` ORDER BY c.id DESC`)
	atMost(&q, f, limit)
	return c.each(func(r row) error {
		var committeeMoved, dueMoved int
		k, err := scanConsultation(prefixed{r, []any{&committeeMoved, &dueMoved}})
		if err != nil || !inReach(k, f) {
			return err
		}
		a := k.Application
		if a.CommitteeOn >= from {
			*found = append(*found, consult.Deadline{Kind: consult.CommitteeDay, Consultation: k, On: a.CommitteeOn, Moved: committeeMoved})
		}
		if a.DecisionDue >= from {
			*found = append(*found, consult.Deadline{Kind: consult.DecisionIsDue, Consultation: k, On: a.DecisionDue, Moved: dueMoved})
		}
		return nil
	}, q.String(), q.args...)
}
