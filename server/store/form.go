package store

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"

	"github.com/yousaid/yousaid/server/consult"
)

const formColumns = `consultation, number, definition, edits, published_at`

func scanForm(r row) (v consult.FormVersion, err error) {
	var definition string
	if err := r.Scan(&v.Consultation, &v.Number, &definition, &v.Edits, moment(&v.PublishedAt)); err != nil {
		return v, err
	}
	// Not ParseForm: a draft need not be complete yet, and what was published stays readable when a rule becomes stricter.
	return v, json.Unmarshal([]byte(definition), &v.Form)
}

// Forms lists the published versions of a consultation's form, by number.
func (s *Store) Forms(ctx context.Context, consultation consult.ID) ([]consult.FormVersion, error) {
	l, err := list(s.reading(ctx), scanForm, `SELECT `+formColumns+` FROM form WHERE consultation = $1 AND published_at > 0 ORDER BY number`,
		consultation)
	return l, failure("read forms", err)
}

// FormDraft finds the version that is being written; NotFound when there is none.
func (s *Store) FormDraft(ctx context.Context, consultation consult.ID) (consult.FormVersion, error) {
	v, err := one(s.reading(ctx), scanForm, `SELECT `+formColumns+` FROM form WHERE consultation = $1 AND published_at = 0`, consultation)
	return v, failure("read form", err)
}

// SaveFormDraft keeps the draft as the next version; Conflict when somebody else saved it after v was read.
func (s *Store) SaveFormDraft(ctx context.Context, v consult.FormVersion, ch consult.Change) error {
	return s.change(ctx, "save form", ch, v.Consultation, func(w *change) error {
		definition := string(v.Form.Encode())
		if v.Edits == 0 {
			n, err := w.exec(`INSERT INTO form (consultation, number, definition, edits, published_at)
				SELECT $1, COALESCE(MAX(number), 0) + 1, $2, 1, 0 FROM form WHERE consultation = $1
				HAVING COALESCE(MIN(published_at), 1) > 0`, v.Consultation, definition)
			return changed(n, err)
		}
		n, err := w.exec(`UPDATE form SET definition = $1, edits = edits + 1 WHERE consultation = $2 AND published_at = 0 AND edits = $3`,
			definition, v.Consultation, v.Edits)
		return changed(n, err)
	})
}

// changed makes a Conflict of a write that met another one.
func changed(n int64, err error) error {
	if err == nil && n == 0 {
		return fail(consult.Conflict, "", errors.New("somebody else changed the form"))
	}
	return err
}

// PublishForm makes the draft a version that never changes again; Conflict when it was saved since it was read.
func (s *Store) PublishForm(ctx context.Context, v consult.FormVersion, ch consult.Change) error {
	return s.change(ctx, "publish form", ch, v.Consultation, func(w *change) error {
		n, err := w.exec(`UPDATE form SET published_at = $1 WHERE consultation = $2 AND number = $3 AND published_at = 0 AND edits = $4`,
			ch.At, v.Consultation, v.Number, v.Edits)
		return changed(n, err)
	})
}

// DropFormDraft throws the draft away; NotFound when there is none.
func (s *Store) DropFormDraft(ctx context.Context, consultation consult.ID, ch consult.Change) error {
	return s.change(ctx, "drop form", ch, consultation, func(w *change) error {
		n, err := w.exec(`DELETE FROM form WHERE consultation = $1 AND published_at = 0`, consultation)
		if err == nil && n == 0 {
			return fail(consult.NotFound, "", nil)
		}
		return err
	})
}

// bindForm lets the round that opens with a move ask the newest published version of the form. A planning case has none.
func (w *change) bindForm(e consult.StateEvent) error {
	if e.To != consult.Consulting && e.To != consult.Reconsulting {
		return nil
	}
	_, err := w.exec(`UPDATE round SET form = COALESCE((SELECT MAX(number) FROM form WHERE consultation = $1 AND published_at > 0), 0)
		WHERE consultation = $1 AND number = (SELECT MAX(number) FROM round WHERE consultation = $1)`, e.Consultation)
	return err
}

// BeginConsultation keeps a new consultation with the next reference of its year ("C-2026-0001") and gives it back.
func (s *Store) BeginConsultation(ctx context.Context, k consult.Consultation, year int, ch consult.Change) (consult.Consultation, error) {
	err := s.change(ctx, "begin consultation", ch, k.ID, func(w *change) error {
		last, err := one(&w.conn, func(r row) (s string, err error) { return s, r.Scan(&s) },
			`SELECT COALESCE(MAX(reference), '') FROM consultation WHERE authority = $1 AND reference LIKE $2`,
			k.Application.Authority, consult.OwnReference(year, 0)[:len("C-2026-")]+"____")
		if err != nil {
			return err
		}
		n, _ := strconv.Atoi(last[max(len(last)-4, 0):]) // of none it is 0
		k.Application.Reference = consult.OwnReference(year, n+1)
		if err := w.saveConsultation(k, consult.Created); err != nil {
			return err
		}
		if err := w.saveVersions(k.ID, []consult.ProposalVersion{{Number: 1, Summary: k.Summary}}); err != nil {
			return err
		}
		return w.saveHistory(k.ID, []consult.StateEvent{{To: k.State, At: ch.At, By: ch.Actor.Standing()}})
	})
	return k, err
}

// insertResponses keeps the values of a comment that answers a form. What they say in words are points, and stay there.
func (w *change) insertResponses(c consult.Comment) error {
	if c.Form == 0 {
		return nil
	}
	return w.insert(`INSERT INTO response (comment, form, data)`, [][]any{{c.ID, c.Form, responseData(c.Responses)}},
		`ON CONFLICT (comment) DO UPDATE SET form = excluded.form, data = excluded.data`)
}

func responseData(responses []consult.Response) json.RawMessage {
	kept := make([]consult.Response, len(responses))
	for i, r := range responses {
		kept[i] = r
		kept[i].Words = ""
	}
	data, err := json.Marshal(kept)
	if err != nil {
		panic("a response that JSON cannot carry: " + err.Error()) // strings, numbers that were read as such
	}
	return data
}

// readResponses fills what a comment answered; its words come from the given points.
func readResponses(c *conn, k *consult.Comment, words []consult.CommentPoint) error {
	return c.each(func(r row) error {
		var data string
		if err := r.Scan(&k.Form, &data); err != nil {
			return err
		}
		var err error
		k.Responses, err = responsesOf(data, words)
		return err
	}, `SELECT form, data FROM response WHERE comment = $1`, k.ID)
}

func responsesOf(data string, words []consult.CommentPoint) ([]consult.Response, error) {
	var responses []consult.Response
	if err := json.Unmarshal([]byte(data), &responses); err != nil {
		return nil, err
	}
	for i := range responses {
		for _, p := range words {
			if string(p.Topic) == responses[i].Question {
				responses[i].Words = p.Text
			}
		}
	}
	return responses, nil
}

// EachResponseRow streams what received comments of one consultation answered, oldest first: values only, no words.
func (s *Store) EachResponseRow(ctx context.Context, consultation consult.ID, each func(consult.ResponseRow) error) error {
	return s.snapshot(ctx, "read responses", true, func(c *conn) error {
		return c.each(func(r row) error {
			var v consult.ResponseRow
			var data string
			if err := r.Scan(&v.Comment, &v.Row.Consultation, &v.Row.Round, &v.Row.Stance, &v.Row.WardCode, &v.Row.Channel, moment(&v.Row.ReceivedAt),
				&v.Row.Published, &v.Form, &data); err != nil {
				return err
			}
			var err error
			if v.Responses, err = responsesOf(data, nil); err != nil {
				return err
			}
			for _, a := range v.Responses {
				v.Row.Topics = append(v.Row.Topics, consult.Topic(a.Question))
			}
			return each(v)
		}, `SELECT c.id, c.consultation, c.round, c.stance, c.ward_code, c.channel, c.received_at, c.state = 'published', r.form, r.data
			FROM comment c JOIN response r ON r.comment = c.id
			WHERE c.consultation = $1 AND c.state NOT IN ('withdrawn', 'superseded') ORDER BY c.received_at, c.id`, consultation)
	})
}
