package store

import (
	"context"
	"time"
)

// Purge forgets what has done its work: sessions not used and links and idempotency keys older than the given moment, and drafts last
// touched before theirs. It counts the rows.
func (s *Store) Purge(ctx context.Context, drafts, others time.Time) (int, error) {
	total := 0
	for _, step := range []struct {
		statement string
		before    time.Time
	}{
		{`DELETE FROM draft WHERE updated_at < $1`, drafts},
		{`DELETE FROM reply_draft WHERE at < $1`, drafts},
		{`DELETE FROM session WHERE seen_at < $1`, others},
		{`DELETE FROM link WHERE expires_at < $1`, others},
		{`DELETE FROM idempotency WHERE at < $1`, others},
	} {
		err := s.quietly(ctx, "purge", func(c *conn) error {
			n, err := c.exec(step.statement, step.before)
			total += int(n)
			return err
		})
		if err != nil {
			return total, err
		}
	}
	return total, nil
}
