package store

import (
	"encoding/json"
	"strings"

	"github.com/yousaid/yousaid/server/consult"
)

// addressKey is how the same mailbox is recognised.
func addressKey(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// about is what a mail is about, for the links in it.
type about struct {
	consultation, comment, thread, follow, consultee consult.ID
}

// reader is one address a mail goes to.
type reader struct {
	address, language string
	comment, follow   consult.ID
}

// writeMails makes one delivery for each address of each mail. A mail to an audience passes over addresses that an earlier mail
// of the same change goes to already: nobody hears of one thing twice. One to a comment's author is about that comment alone.
func (w *change) writeMails() error {
	seen, written := map[string]bool{}, map[string]bool{}
	var rows [][]any
	for _, m := range w.Mails {
		data, err := json.Marshal(m.Data)
		if err != nil {
			return err
		}
		a, err := w.about(m.Subject)
		if err != nil {
			return err
		}
		readers, err := w.readers(m, a)
		if err != nil {
			return err
		}
		for _, r := range readers {
			if key := addressKey(r.address); m.To != "" || m.Audience.Comment != 0 || !seen[key] {
				seen[key] = true
				rows = append(rows, []any{randomID(), m.Kind, r.address, r.language, data, a.consultation, r.comment, a.thread,
					r.follow, 0, w.At, 0, "", a.consultee, w.At})
			}
		}
		if err := w.writeLetters(m, written); err != nil {
			return err
		}
	}
	return w.insert(`INSERT INTO delivery (id, kind, address, language, data, consultation, comment, thread, follow, tries, next_try,
		sent_at, failed, consultee, made_at)`, rows, "")
}

// about finds what a mail's subject is. An officer, or nothing, is about nothing.
func (w *change) about(subject consult.ID) (a about, err error) {
	return a, w.each(func(r row) error { return r.Scan(&a.consultation, &a.comment, &a.thread, &a.follow, &a.consultee) },
		`SELECT consultation, id, thread, 0, 0 FROM comment WHERE id = $1
		UNION ALL SELECT consultation, CASE WHEN anchor = 'comment' THEN anchor_id ELSE 0 END, id, 0, 0 FROM thread WHERE id = $1
		UNION ALL SELECT consultation, 0, 0, id, 0 FROM follow WHERE id = $1
		UNION ALL SELECT consultation, 0, 0, 0, id FROM consultee WHERE id = $1
		UNION ALL SELECT id, 0, 0, 0, 0 FROM consultation WHERE id = $1`, subject)
}

func scanReader(r row) (v reader, err error) {
	return v, r.Scan(&v.address, &v.language, &v.comment, &v.follow)
}

// readers lists a mail's addresses: followers before commenters, of whom the latest comment counts.
func (w *change) readers(m consult.Mail, a about) ([]reader, error) {
	switch {
	case m.To != "":
		return []reader{{m.To, m.Language, a.comment, a.follow}}, nil
	case m.Audience.Comment != 0:
		return list(&w.conn, scanReader, `SELECT email, language, comment, 0 FROM contact WHERE comment = $1 AND email <> ''`,
			m.Audience.Comment)
	case m.Audience.Consultation == 0:
		return nil, nil
	case m.Audience.Fact != 0:
		return w.factReaders(m.Audience)
	case len(m.Audience.Topics) > 0:
		var q text
		q.add(`SELECT k.email, k.language, c.id, 0 FROM comment c JOIN contact k ON k.comment = c.id WHERE c.consultation = ?
			AND k.email <> '' AND c.state NOT IN ('withdrawn', 'superseded') AND EXISTS (SELECT 1 FROM comment_point p WHERE p.comment = c.id
			AND p.topic IN `, m.Audience.Consultation)
		in(&q, m.Audience.Topics)
		q.add(`) ORDER BY c.received_at DESC, c.id DESC`)
		return list(&w.conn, scanReader, q.String(), q.args...)
	}
	found, err := list(&w.conn, scanReader, `SELECT email, language, 0, id FROM follow WHERE consultation = $1 AND confirmed ORDER BY id`,
		m.Audience.Consultation)
	if err != nil || !m.Audience.Everyone {
		return found, err
	}
	commenters, err := list(&w.conn, scanReader, `SELECT k.email, k.language, c.id, 0 FROM comment c JOIN contact k ON k.comment = c.id
		WHERE c.consultation = $1 AND k.email <> '' AND c.state NOT IN ('withdrawn', 'superseded') ORDER BY c.received_at DESC, c.id DESC`,
		m.Audience.Consultation)
	return append(found, commenters...), err
}
