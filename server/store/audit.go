package store

import (
	"context"

	"github.com/yousaid/yousaid/server/consult"
)

// writeAudit adds the change's row to the chain. It is the last statement before the commit: everybody who writes queues here.
func (w *change) writeAudit() error {
	r := consult.AuditRow{At: w.At, ActorKind: w.Actor.Kind, Actor: w.Actor.ID, Action: w.Action, Subject: w.Subject, Detail: w.Detail}
	head, err := one(&w.conn, scanHead, `UPDATE audit_head SET seq = seq + 1 WHERE id = 1 RETURNING seq, hash`)
	if err != nil {
		return err
	}
	r.Seq, r.Previous = head.seq, head.hash
	r.Hash = r.Digest()
	w.seal.Sign(&r)
	if _, err := w.exec(`INSERT INTO audit (`+auditColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, r.Seq, r.At, r.ActorKind,
		r.Actor, r.Action, r.Subject, r.Detail, r.Previous, r.Hash, r.Signer, r.Signature); err != nil {
		return err
	}
	_, err = w.exec(`UPDATE audit_head SET hash = $1 WHERE id = 1`, r.Hash)
	return err
}

type auditHead struct {
	seq  int64
	hash string
}

func scanHead(r row) (h auditHead, err error) { return h, r.Scan(&h.seq, &h.hash) }

const auditColumns = `seq, at, actor_kind, actor, action, subject, detail, previous, hash, signer, signature`

func scanAudit(r row) (a consult.AuditRow, err error) {
	return a, r.Scan(&a.Seq, moment(&a.At), &a.ActorKind, &a.Actor, &a.Action, &a.Subject, &a.Detail, &a.Previous, &a.Hash, &a.Signer,
		&a.Signature)
}

// AuditRows lists rows of the log after a number, oldest first.
func (s *Store) AuditRows(ctx context.Context, after int64, limit int) ([]consult.AuditRow, error) {
	rows, err := list(s.reading(ctx), scanAudit, `SELECT `+auditColumns+` FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2`, after, limit)
	return rows, failure("read the audit log", err)
}

// AuditVerify walks the whole log. With trusted keys, rows that others signed are bad, too.
func (s *Store) AuditVerify(ctx context.Context, trusted ...string) (check consult.AuditCheck, err error) {
	check.Trusted = trusted
	err = s.snapshot(ctx, "verify the audit log", true, func(c *conn) error {
		if err := c.each(func(r row) error {
			a, err := scanAudit(r)
			if err == nil {
				check.Add(a)
			}
			return err
		}, `SELECT `+auditColumns+` FROM audit ORDER BY seq`); err != nil {
			return err
		}
		head, err := one(c, scanHead, `SELECT seq, hash FROM audit_head WHERE id = 1`)
		if err == nil {
			check.End(head.seq, head.hash)
		}
		return err
	})
	return check, err
}

// Note writes an audit row alone: somebody read personal data, or took a file out.
func (s *Store) Note(ctx context.Context, ch consult.Change) error {
	return s.change(ctx, "note", ch, 0, func(*change) error { return nil })
}
