package store

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/yousaid/yousaid/server/consult"
)

const savedReplyRows = `SELECT id, name, service, policy, texts, version, approved_by, approved_at, retired_at, uses, updated_at FROM saved_reply `

func scanSavedReply(r row) (s consult.SavedReply, err error) {
	var texts json.RawMessage
	if err := r.Scan(&s.ID, &s.Name, &s.Service, &s.Policy, raw(&texts), &s.Version, &s.ApprovedBy, moment(&s.ApprovedAt), moment(&s.RetiredAt),
		&s.Uses, moment(&s.UpdatedAt)); err != nil {
		return s, err
	}
	return s, json.Unmarshal(texts, &s.Texts)
}

// SavedReplies lists them by name, retired ones last.
func (s *Store) SavedReplies(ctx context.Context) ([]consult.SavedReply, error) {
	l, err := list(s.reading(ctx), scanSavedReply, savedReplyRows+`ORDER BY CASE WHEN retired_at = 0 THEN 0 ELSE 1 END, name, id`)
	return l, failure("list saved replies", err)
}

// SavedReply finds one by id.
func (s *Store) SavedReply(ctx context.Context, id consult.ID) (consult.SavedReply, error) {
	r, err := one(s.reading(ctx), scanSavedReply, savedReplyRows+`WHERE id = $1`, id)
	return r, failure("read saved reply", err)
}

// SaveReply inserts or replaces one; Conflict when its version is not the one kept.
func (s *Store) SaveReply(ctx context.Context, r consult.SavedReply, ch consult.Change) error {
	return s.change(ctx, "save saved reply", ch, r.ID, func(w *change) error {
		texts, err := json.Marshal(r.Texts)
		if err != nil {
			return err
		}
		n, err := w.exec(`INSERT INTO saved_reply (id, name, service, policy, texts, version, approved_by, approved_at, retired_at, uses, updated_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10) ON CONFLICT (id) DO UPDATE SET name = excluded.name, service = excluded.service,
			policy = excluded.policy, texts = excluded.texts, version = excluded.version, approved_by = excluded.approved_by,
			approved_at = excluded.approved_at, retired_at = excluded.retired_at, updated_at = excluded.updated_at
			WHERE saved_reply.version = excluded.version - 1`, r.ID, r.Name, r.Service, r.Policy, texts, r.Version+1, r.ApprovedBy,
			r.ApprovedAt, r.RetiredAt, r.UpdatedAt)
		if err == nil && n == 0 {
			err = fail(consult.Conflict, "", errors.New("the saved reply was changed meanwhile"))
		}
		return err
	})
}

// UseReply counts a use.
func (s *Store) UseReply(ctx context.Context, id consult.ID, ch consult.Change) error {
	return s.change(ctx, "count use of saved reply", ch, id, func(w *change) error {
		_, err := w.exec(`UPDATE saved_reply SET uses = uses + 1 WHERE id = $1`, id)
		return err
	})
}
