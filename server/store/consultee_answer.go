package store

import (
	"context"
	"errors"

	"github.com/yousaid/yousaid/server/consult"
)

const responseColumns = `r.id, r.consultee, e.name, e.kind, r.asking, r.response, r.text, r.conditions, r.late, r.redacted, r.received_at, r.published_at`

func responseFields(v *consult.ConsulteeResponse) []any {
	return []any{&v.ID, &v.Consultee, &v.Name, &v.Kind, &v.Asking, &v.Opinion, &v.Text, &v.Conditions, &v.Late, &v.Redacted, moment(&v.ReceivedAt),
		moment(&v.PublishedAt)}
}

func scanResponse(r row) (v consult.ConsulteeResponse, err error) {
	return v, r.Scan(responseFields(&v)...)
}

// ConsulteeFile reads everything about one consultee.
func (s *Store) ConsulteeFile(ctx context.Context, id consult.ID) (file consult.ConsulteeFile, err error) {
	err = s.snapshot(ctx, "open consultee", false, func(c *conn) error {
		if file.Consultee, err = one(c, scanConsultee, consulteeRows+`WHERE e.id = $1`, id); err != nil {
			return err
		}
		k := &file.Contact
		if err := c.each(func(r row) error { return r.Scan(&k.Email, &k.Address, &k.Postcode) },
			`SELECT email, address, postcode FROM consultee_contact WHERE consultee = $1`, id); err != nil {
			return err
		}
		found, err := list(c, scanResponse, `SELECT `+responseColumns+` FROM consultee_response r JOIN consultee e ON e.id = r.consultee
			WHERE r.consultee = $1 ORDER BY r.asking DESC`, id)
		for _, r := range found {
			file.Responses = append(file.Responses, consult.ResponseFile{ConsulteeResponse: r})
		}
		if err != nil {
			return err
		}
		return addWordings(c, file.Responses)
	})
	return file, err
}

// addWordings reads every wording of the answers, oldest first.
func addWordings(c *conn, responses []consult.ResponseFile) error {
	for i := range responses {
		r := &responses[i]
		if err := c.each(func(row row) error {
			var a consult.ConsulteeAnswer
			err := row.Scan(&a.Opinion, &a.Text, &a.Conditions, codes(&r.Reasons))
			r.Wordings = append(r.Wordings, a)
			return err
		}, `SELECT opinion, text, conditions, reasons FROM consultee_original WHERE response = $1 ORDER BY number`, r.ID); err != nil {
			return err
		}
	}
	return nil
}

// SaveConsulteeAnswer keeps a wording of the answer to an asking. What the public read of an earlier one is taken back, until an officer
// has read this one.
func (s *Store) SaveConsulteeAnswer(ctx context.Context, v consult.ConsulteeResponse, ch consult.Change) error {
	return s.change(ctx, "save consultee's answer", ch, v.ID, func(w *change) error {
		if _, err := one(&w.conn, id, `SELECT id FROM consultee WHERE id = $1`, v.Consultee); err != nil {
			return err
		}
		found, err := list(&w.conn, id, `INSERT INTO consultee_response (id, consultee, asking, response, text, conditions, late, redacted, received_at,
			published_at) VALUES ($1, $2, $3, '', '', '', $4, $5, $6, 0) ON CONFLICT (consultee, asking) DO UPDATE SET response = consultee_response.response
			RETURNING id`, v.ID, v.Consultee, v.Asking, v.Late, false, v.ReceivedAt)
		if err != nil {
			return err
		}
		response := found[0]
		var latest consult.ConsulteeAnswer
		n := 0
		if err := w.each(func(r row) error { return r.Scan(&n, &latest.Opinion, &latest.Text, &latest.Conditions) },
			`SELECT number, opinion, text, conditions FROM consultee_original WHERE response = $1 ORDER BY number`, response); err != nil {
			return err
		}
		if n > 0 && latest == v.ConsulteeAnswer {
			return errNothing
		}
		w.result = response
		if err := w.insert(`INSERT INTO consultee_original (response, number, opinion, text, conditions, received_at, reasons)`,
			[][]any{{response, n + 1, v.Opinion, v.Text, v.Conditions, v.ReceivedAt, ""}}, ""); err != nil {
			return err
		}
		_, err = w.exec(`UPDATE consultee_response SET response = '', text = '', conditions = '', redacted = $1, received_at = $2, published_at = 0
			WHERE id = $3`, false, v.ReceivedAt, response)
		return err
	})
}

// PublishConsulteeAnswer sets what the public reads. Conflict when the consultee has written anew since the officer read.
func (s *Store) PublishConsulteeAnswer(ctx context.Context, v consult.ConsulteeResponse, reasons []string, ch consult.Change) error {
	return s.change(ctx, "publish consultee's answer", ch, v.ID, func(w *change) error {
		if _, err := one(&w.conn, id, `SELECT id FROM consultee_response WHERE id = $1`, v.ID); err != nil {
			return err
		}
		n, err := w.exec(`UPDATE consultee_response SET response = $1, text = $2, conditions = $3, redacted = $4, published_at = $5
			WHERE id = $6 AND received_at = $7`, v.Opinion, v.Text, v.Conditions, v.Redacted, v.PublishedAt, v.ID, v.ReceivedAt)
		if err != nil {
			return err
		}
		if n == 0 {
			return fail(consult.Conflict, "", errors.New("the consultee has answered anew"))
		}
		_, err = w.exec(`UPDATE consultee_original SET reasons = $1 WHERE response = $2 AND number = (SELECT MAX(number) FROM consultee_original
			WHERE response = $3)`, joined(reasons), v.ID, v.ID)
		return err
	})
}

// ConsulteeResponses lists published answers, newest first.
func (s *Store) ConsulteeResponses(ctx context.Context, consultation consult.ID, offset, limit int) (found []consult.ConsulteeResponse, total int, err error) {
	err = s.snapshot(ctx, "read consultees' answers", false, func(c *conn) error {
		n, err := one(c, number, `SELECT COUNT(*) FROM consultee_response r JOIN consultee e ON e.id = r.consultee
			WHERE e.consultation = $1 AND r.published_at > 0`, consultation)
		if err != nil {
			return err
		}
		total = int(n)
		found, err = list(c, scanResponse, `SELECT `+responseColumns+` FROM consultee_response r JOIN consultee e ON e.id = r.consultee
			WHERE e.consultation = $1 AND r.published_at > 0 ORDER BY r.published_at DESC, r.id DESC LIMIT $2 OFFSET $3`, consultation, limit, offset)
		return err
	})
	return found, total, err
}

// ConsulteeTally counts a case's consultees that were asked, those that answered, and the opinions that are published.
func (s *Store) ConsulteeTally(ctx context.Context, consultation consult.ID) (consult.ConsulteeTally, error) {
	t := consult.ConsulteeTally{Opinions: map[consult.Opinion]int{}}
	err := s.snapshot(ctx, "count consultees", false, func(c *conn) error {
		t.Opinions = map[consult.Opinion]int{}
		if err := c.each(func(r row) error { return r.Scan(&t.Consulted, &t.Responded) },
			`SELECT COUNT(*), COUNT(CASE WHEN EXISTS (SELECT 1 FROM consultee_response r WHERE r.consultee = e.id) THEN 1 END) FROM consultee e
			WHERE e.consultation = $1 AND e.asking > 0`, consultation); err != nil {
			return err
		}
		return c.each(func(r row) error {
			var o consult.Opinion
			n := 0
			err := r.Scan(&o, &n)
			t.Opinions[o] = n
			return err
		}, `SELECT r.response, COUNT(*) FROM consultee_response r JOIN consultee e ON e.id = r.consultee
			WHERE e.consultation = $1 AND r.published_at > 0 GROUP BY r.response`, consultation)
	})
	return t, err
}
