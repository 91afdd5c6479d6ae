package store

import (
	"context"

	"github.com/yousaid/yousaid/server/consult"
)

// Setting returns the value kept under the key. The first caller's value is kept, so that every node gets the same.
func (s *Store) Setting(ctx context.Context, key, initial string) (string, error) {
	const op = "read setting"
	value := func(r row) (v string, err error) { return v, r.Scan(&v) }
	const query = `SELECT value FROM setting WHERE key = $1`
	kept, err := list(s.reading(ctx), value, query, key)
	if err != nil || len(kept) > 0 {
		return first(kept), failure(op, err)
	}
	err = s.quietly(ctx, op, func(c *conn) error {
		if _, err := c.exec(`INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT DO NOTHING`, key, initial); err != nil {
			return err
		}
		kept, err = list(c, value, query, key)
		return err
	})
	return first(kept), err
}

func first(l []string) string {
	if len(l) == 0 {
		return ""
	}
	return l[0]
}

// Empty tells whether there is neither an officer nor a consultation.
func (s *Store) Empty(ctx context.Context) (bool, error) {
	n, err := one(s.reading(ctx), number, `SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM officer LIMIT 1) o)
		+ (SELECT COUNT(*) FROM (SELECT 1 FROM consultation LIMIT 1) c)`)
	return n == 0, failure("look for a beginning", err)
}

// Ping reads a row; Unavailable when the database does not answer in time.
func (s *Store) Ping(ctx context.Context) error {
	_, err := one(s.reading(ctx), number, `SELECT seq FROM thread WHERE id = $1`, consult.DeskThread)
	return failure("ping", err)
}

// Repeated finds the record an earlier change of the actor with this key made.
func (s *Store) Repeated(ctx context.Context, a consult.Actor, key string) (consult.ID, error) {
	k, err := one(s.reading(ctx), scanKey, keyQuery, a.Kind, a.ID, key)
	return k.result, failure("find repeated request", err)
}
