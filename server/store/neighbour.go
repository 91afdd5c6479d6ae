package store

import (
	"context"
	"errors"

	"github.com/yousaid/yousaid/server/consult"
)

const neighbourColumns = `n.id, n.consultation, n.round, n.address_key, n.uprn, n.address, n.postcode, n.newly, n.search, n.added_at,
	n.removed_at, n.removed_why`

func neighbourFields(n *consult.Neighbour) []any {
	return []any{&n.ID, &n.Consultation, &n.Round, &n.Key, &n.UPRN, &n.Address, &n.Postcode, &n.New, &n.Search, moment(&n.AddedAt),
		moment(&n.RemovedAt), &n.RemovedWhy}
}

// Neighbours lists a round's addresses by postcode and address, each with the state of its latest letter.
func (s *Store) Neighbours(ctx context.Context, f consult.NeighbourFilter) (found []consult.Neighbour, total int, err error) {
	err = s.snapshot(ctx, "read neighbours", false, func(c *conn) error {
		n, err := one(c, number, `SELECT COUNT(*) FROM neighbour WHERE consultation = $1 AND round = $2 AND (removed_at > 0) = $3`,
			f.Consultation, f.Round, f.Removed)
		if err != nil {
			return err
		}
		total = int(n)
		found, err = list(c, func(r row) (n consult.Neighbour, err error) {
			return n, r.Scan(append(neighbourFields(&n), &n.Letter)...)
		},
			`SELECT `+neighbourColumns+`, COALESCE((SELECT l.state FROM letter l WHERE l.neighbour = n.id ORDER BY l.id DESC LIMIT 1), '')
			FROM neighbour n WHERE n.consultation = $1 AND n.round = $2 AND (n.removed_at > 0) = $3
			ORDER BY n.postcode, n.address, n.id LIMIT $4 OFFSET $5`, f.Consultation, f.Round, f.Removed, f.Limit, f.Offset)
		return err
	})
	return found, total, err
}

// NeighbourRounds tells of every round of a case which addresses it had, by key.
func (s *Store) NeighbourRounds(ctx context.Context, consultation consult.ID) (map[int]map[string]consult.Neighbour, error) {
	found := map[int]map[string]consult.Neighbour{}
	err := s.reading(ctx).each(func(r row) error {
		var n consult.Neighbour
		if err := r.Scan(neighbourFields(&n)...); err != nil {
			return err
		}
		if found[n.Round] == nil {
			found[n.Round] = map[string]consult.Neighbour{}
		}
		found[n.Round][n.Key] = n
		return nil
	}, `SELECT `+neighbourColumns+` FROM neighbour n WHERE n.consultation = $1`, consultation)
	return found, failure("read neighbours", err)
}

// NeighbourTally counts a round's neighbours.
func (s *Store) NeighbourTally(ctx context.Context, consultation consult.ID, round int) (consult.NeighbourTally, error) {
	t, err := one(s.reading(ctx), func(r row) (t consult.NeighbourTally, err error) { return t, r.Scan(&t.Consulted, &t.New, &t.Removed) },
		`SELECT COUNT(CASE WHEN removed_at = 0 THEN 1 END), COUNT(CASE WHEN removed_at = 0 AND newly THEN 1 END),
		COUNT(CASE WHEN removed_at > 0 THEN 1 END) FROM neighbour WHERE consultation = $1 AND round = $2`, consultation, round)
	return t, failure("count neighbours", err)
}

// NeighbourSearches lists the searches whose addresses a round took, oldest first.
func (s *Store) NeighbourSearches(ctx context.Context, consultation consult.ID, round int) ([]consult.NeighbourSearch, error) {
	l, err := list(s.reading(ctx), func(r row) (n consult.NeighbourSearch, err error) {
		return n, r.Scan(&n.ID, &n.Consultation, &n.Round, raw(&n.Area), &n.Metres, &n.Found, moment(&n.At))
	}, `SELECT id, consultation, round, area, metres, found, at FROM neighbour_search WHERE consultation = $1 AND round = $2 ORDER BY id`,
		consultation, round)
	return l, failure("read searches", err)
}

// SaveNeighbours adds those that the round does not have, brings those back that were taken off it, and gives each a letter that waits.
func (s *Store) SaveNeighbours(ctx context.Context, wanted []consult.Neighbour, search *consult.NeighbourSearch, ch consult.Change) (int, error) {
	added := 0
	err := s.change(ctx, "add neighbours", ch, 0, func(w *change) error {
		added = 0
		for _, n := range wanted {
			id, err := list(&w.conn, id, `INSERT INTO neighbour (id, consultation, round, address_key, uprn, address, postcode, newly, search, added_at,
				removed_at, removed_why) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, '')
				ON CONFLICT (consultation, round, address_key) DO UPDATE SET removed_at = 0, removed_why = '', added_at = excluded.added_at
				WHERE neighbour.removed_at > 0 RETURNING id`,
				n.ID, n.Consultation, n.Round, n.Key, n.UPRN, n.Address, n.Postcode, true, n.Search, n.AddedAt)
			if err != nil {
				return err
			}
			if len(id) == 0 {
				continue
			}
			added++
			l := consult.Letter{ID: consult.NewID(w.At), Consultation: n.Consultation, Kind: consult.MailNeighbour, Round: n.Round, Neighbour: id[0],
				State: consult.LetterWaiting, CreatedAt: w.At}
			if err := w.insertLetters([]consult.Letter{l}); err != nil {
				return err
			}
		}
		if added == 0 {
			return errNothing
		}
		return w.settleNeighbours(wanted[0], search)
	})
	return added, err
}

// settleNeighbours marks which of a round's addresses no earlier round had, and keeps the search.
func (w *change) settleNeighbours(of consult.Neighbour, search *consult.NeighbourSearch) error {
	if _, err := w.exec(`UPDATE neighbour SET newly = NOT EXISTS (SELECT 1 FROM neighbour e WHERE e.consultation = neighbour.consultation
		AND e.address_key = neighbour.address_key AND e.round < neighbour.round AND e.removed_at = 0)
		WHERE consultation = $1 AND round = $2`, of.Consultation, of.Round); err != nil || search == nil {
		return err
	}
	return w.insert(`INSERT INTO neighbour_search (id, consultation, round, area, metres, found, at)`, [][]any{{search.ID, search.Consultation,
		search.Round, search.Area, search.Metres, search.Found, search.At}}, "")
}

// RemoveNeighbour takes one off the list; its letter is not printed any more.
func (s *Store) RemoveNeighbour(ctx context.Context, consultation, neighbour consult.ID, why string, ch consult.Change) error {
	return s.change(ctx, "remove neighbour", ch, neighbour, func(w *change) error {
		if _, err := one(&w.conn, id, `SELECT id FROM neighbour WHERE id = $1 AND consultation = $2`, neighbour, consultation); err != nil {
			return err
		}
		n, err := w.exec(`UPDATE neighbour SET removed_at = $1, removed_why = $2 WHERE id = $3 AND removed_at = 0`, w.At, why, neighbour)
		if err != nil {
			return err
		}
		if n == 0 {
			return fail(consult.Conflict, "", errors.New("the neighbour was removed before"))
		}
		_, err = w.exec(`DELETE FROM letter WHERE neighbour = $1 AND state = 'waiting'`, neighbour)
		return err
	})
}
