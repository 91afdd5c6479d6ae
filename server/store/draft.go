package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/yousaid/yousaid/server/consult"
)

// draftHash is how a draft is found: whoever reads the database cannot open one.
func draftHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// SaveDraft keeps what was typed so far, replacing what was there.
func (s *Store) SaveDraft(ctx context.Context, d consult.Draft) error {
	const op = "save draft"
	data, err := json.Marshal(d.Data)
	if err != nil {
		return failure(op, err)
	}
	return s.quietly(ctx, op, func(c *conn) error {
		_, err := c.exec(`INSERT INTO draft (token_hash, consultation, data, updated_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (token_hash) DO UPDATE SET consultation = excluded.consultation, data = excluded.data,
			updated_at = excluded.updated_at`, draftHash(d.Token), d.Consultation, data, d.UpdatedAt)
		return err
	})
}

// Draft finds a draft by its token.
func (s *Store) Draft(ctx context.Context, token string) (consult.Draft, error) {
	const op = "read draft"
	d := consult.Draft{Token: token}
	var data json.RawMessage
	_, err := one(s.reading(ctx), func(r row) (any, error) {
		return nil, r.Scan(&d.Consultation, raw(&data), moment(&d.UpdatedAt))
	}, `SELECT consultation, data, updated_at FROM draft WHERE token_hash = $1`, draftHash(token))
	if err != nil {
		return consult.Draft{}, failure(op, err)
	}
	return d, failure(op, json.Unmarshal(data, &d.Data))
}

func (w *change) dropDraft(token string) error {
	if token == "" {
		return nil
	}
	_, err := w.exec(`DELETE FROM draft WHERE token_hash = $1`, draftHash(token))
	return err
}
