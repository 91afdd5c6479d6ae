package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

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
	r.Hash = auditHash(r)
	if _, err := w.exec(`INSERT INTO audit (seq, at, actor_kind, actor, action, subject, detail, previous, hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		r.Seq, r.At, r.ActorKind, r.Actor, r.Action, r.Subject, r.Detail, r.Previous, r.Hash); err != nil {
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

// auditHash is the hex SHA-256 of the row's fields in the order of its columns, each written as its length in bytes, a colon and
// itself, so that no two rows read the same; the last field is the previous row's hash.
func auditHash(r consult.AuditRow) string {
	var b strings.Builder
	decimal := func(n int64) string { return strconv.FormatInt(n, 10) }
	for _, field := range []string{
		decimal(r.Seq), decimal(micros(r.At)), string(r.ActorKind), decimal(int64(r.Actor)), r.Action,
		decimal(int64(r.Subject)), r.Detail, r.Previous,
	} {
		b.WriteString(decimal(int64(len(field))) + ":" + field)
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:])
}

const auditColumns = `seq, at, actor_kind, actor, action, subject, detail, previous, hash`

func scanAudit(r row) (a consult.AuditRow, err error) {
	return a, r.Scan(&a.Seq, moment(&a.At), &a.ActorKind, &a.Actor, &a.Action, &a.Subject, &a.Detail, &a.Previous, &a.Hash)
}

// AuditRows lists rows of the log after a number, oldest first.
func (s *Store) AuditRows(ctx context.Context, after int64, limit int) ([]consult.AuditRow, error) {
	rows, err := list(s.reading(ctx), scanAudit, `SELECT `+auditColumns+` FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2`, after, limit)
	return rows, failure("read the audit log", err)
}

// AuditVerify walks the whole log and counts its rows. firstBad is the number of the first row that is missing, was changed
// or does not follow from the one before; 0 when the chain holds to its end.
func (s *Store) AuditVerify(ctx context.Context) (n int64, firstBad int64, err error) {
	err = s.snapshot(ctx, "verify the audit log", true, func(c *conn) error {
		previous := ""
		if err := c.each(func(r row) error {
			a, err := scanAudit(r)
			if err != nil {
				return err
			}
			n++
			if firstBad == 0 && (a.Seq != n || a.Previous != previous || a.Hash != auditHash(a)) {
				firstBad = n
			}
			previous = a.Hash
			return nil
		}, `SELECT `+auditColumns+` FROM audit ORDER BY seq`); err != nil {
			return err
		}
		head, err := one(c, scanHead, `SELECT seq, hash FROM audit_head WHERE id = 1`)
		if err == nil && firstBad == 0 && (head.seq != n || head.hash != previous) {
			firstBad = n + 1
		}
		return err
	})
	return n, firstBad, err
}

// Note writes an audit row alone: somebody read personal data, or took a file out.
func (s *Store) Note(ctx context.Context, ch consult.Change) error {
	return s.change(ctx, "note", ch, 0, func(*change) error { return nil })
}
