package store

import (
	"context"

	"github.com/yousaid/yousaid/server/consult"
)

// Applicant is the contact data of applicant and agent as it was imported; "" for none.
func (s *Store) Applicant(ctx context.Context, consultation consult.ID) (string, error) {
	found, err := list(s.reading(ctx), func(r row) (data string, err error) { return data, r.Scan(&data) },
		`SELECT data FROM applicant WHERE consultation = $1`, consultation)
	if err != nil || len(found) == 0 {
		return "", failure("read applicant", err)
	}
	return found[0], nil
}

// EachThread streams every thread of a consultation with all its messages, oldest first, as they were when it began.
func (s *Store) EachThread(ctx context.Context, consultation consult.ID, each func(consult.Thread, []consult.Message) error) error {
	return s.snapshot(ctx, "export threads", true, func(c *conn) error {
		threads, err := list(c, scanThread, `SELECT `+threadColumns+` FROM thread t WHERE t.consultation = $1 ORDER BY t.created_at, t.id`, consultation)
		if err != nil {
			return err
		}
		for _, t := range threads {
			messages, err := list(c, scanMessage, `SELECT `+messageColumns+` FROM message m WHERE m.thread = $1 ORDER BY m.seq`, t.ID)
			if err != nil {
				return err
			}
			if err := each(t, messages); err != nil {
				return err
			}
		}
		return nil
	})
}

// aboutCase is what a row of the log may be about to belong to the consultation $1.
const aboutCase = `subject IN (SELECT id FROM consultation WHERE id = $1 UNION ALL SELECT id FROM comment WHERE consultation = $1
	UNION ALL SELECT id FROM thread WHERE consultation = $1
	UNION ALL SELECT id FROM fact WHERE consultation = $1
	UNION ALL SELECT m.id FROM message m JOIN thread t ON t.id = m.thread WHERE t.consultation = $1)`

// CaseLog lists the log's rows about a case, newest first.
func (s *Store) CaseLog(ctx context.Context, consultation consult.ID, limit int) (rows []consult.AuditRow, total int, err error) {
	err = s.snapshot(ctx, "read the case's log", false, func(c *conn) error {
		n, err := one(c, number, `SELECT COUNT(*) FROM audit WHERE `+aboutCase, consultation)
		if err != nil {
			return err
		}
		total = int(n)
		rows, err = list(c, scanAudit, `SELECT `+auditColumns+` FROM audit WHERE `+aboutCase+` ORDER BY seq DESC LIMIT $2`, consultation, limit)
		return err
	})
	return rows, total, err
}
