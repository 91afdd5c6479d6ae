package store

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"

	"github.com/yousaid/yousaid/server/consult"
)

// factReaders lists whom a version of a card has not reached: the authors of the published comments it is pinned to, and the
// consultation's followers, as the officer chose. It keeps who they were, so that nobody hears of one version twice; a draft's pins tell
// nobody. Who supported a comment belongs here, too, once support is known.
func (w *change) factReaders(a consult.Audience) ([]reader, error) {
	var found []reader
	if a.Followers {
		followers, err := list(&w.conn, scanReader, `SELECT email, language, 0, id FROM follow WHERE consultation = $1 AND confirmed ORDER BY id`, a.Consultation)
		if err != nil {
			return nil, err
		}
		found = followers
	}
	if a.Authors {
		authors, err := list(&w.conn, scanReader, `SELECT k.email, k.language, c.id, 0 FROM fact_pin p JOIN comment c ON c.id = p.subject
			JOIN contact k ON k.comment = c.id WHERE p.fact = $1 AND c.consultation = $2 AND k.email <> '' AND c.state = 'published'
			ORDER BY c.received_at DESC, c.id DESC`, a.Fact, a.Consultation)
		if err != nil {
			return nil, err
		}
		found = append(authors, found...) // their own comment is the nearer reason
	}
	return w.unreached(a, found)
}

// unreached keeps of readers those whom the version has not been sent to, and enters them.
func (w *change) unreached(a consult.Audience, found []reader) ([]reader, error) {
	anew := map[string]bool{}
	for chunk := range slices.Chunk(found, maxArguments/4) {
		var q text
		q.add(`INSERT INTO fact_sent (fact, version, reader, consultation) VALUES `)
		for i, r := range chunk {
			if i > 0 {
				q.add(`, `)
			}
			q.add(`(?, ?, ?, ?)`, a.Fact, a.FactVersion, readerKey(a, r), a.Consultation)
		}
		q.add(` ON CONFLICT DO NOTHING RETURNING reader`)
		if err := w.each(func(r row) error {
			var key string
			err := r.Scan(&key)
			anew[key] = true
			return err
		}, q.String(), q.args...); err != nil {
			return nil, err
		}
	}
	kept := slices.DeleteFunc(found, func(r reader) bool {
		key := readerKey(a, r)
		first := anew[key]
		anew[key] = false // of two comments of one address, one is written about
		return !first
	})
	_, err := w.exec(`UPDATE fact SET told = told + $1 WHERE id = $2`, len(kept), a.Fact)
	return kept, err
}

// readerKey tells whether an address got a version of a card, and nothing else about the address: it differs from card to card.
func readerKey(a consult.Audience, r reader) string {
	sum := sha256.Sum256([]byte(a.Fact.String() + "\x00" + strconv.Itoa(a.FactVersion) + "\x00" + addressKey(r.address)))
	return hex.EncodeToString(sum[:])
}
