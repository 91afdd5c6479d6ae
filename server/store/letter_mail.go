package store

import (
	"strings"

	"github.com/yousaid/yousaid/server/consult"
)

// writeLetters makes a letter for every author whom a mail to all commenters, or to those on some topics, would miss: those who left a
// postal address and no mailbox. Nobody gets two about one thing; the latest comment counts.
func (w *change) writeLetters(m consult.Mail, written map[string]bool) error {
	to := m.Audience
	if m.To != "" || to.Consultation == 0 || !to.Everyone && len(to.Topics) == 0 {
		return nil
	}
	type author struct {
		comment                 consult.ID
		name, address, postcode string
	}
	var q text
	q.add(`SELECT c.id, k.name, k.address, k.postcode FROM comment c JOIN contact k ON k.comment = c.id WHERE c.consultation = ?
		AND k.email = '' AND k.address <> '' AND c.state NOT IN ('withdrawn', 'superseded')`, to.Consultation)
	if len(to.Topics) > 0 {
		q.add(` AND EXISTS (SELECT 1 FROM comment_point p WHERE p.comment = c.id AND p.topic IN `)
		in(&q, to.Topics)
		q.add(`)`)
	}
	q.add(` ORDER BY c.received_at DESC, c.id DESC`)
	authors, err := list(&w.conn, func(r row) (a author, err error) { return a, r.Scan(&a.comment, &a.name, &a.address, &a.postcode) },
		q.String(), q.args...)
	if err != nil {
		return err
	}
	var letters []consult.Letter
	for _, a := range authors {
		key := strings.ToLower(strings.Join(strings.Fields(a.name+"\n"+a.address+"\n"+a.postcode), " "))
		if written[key] {
			continue
		}
		written[key] = true
		letters = append(letters, consult.Letter{ID: consult.NewID(w.At), Consultation: to.Consultation, Kind: m.Kind, Comment: a.comment,
			Data: m.Data, State: consult.LetterWaiting, CreatedAt: w.At})
	}
	return w.insertLetters(letters)
}
