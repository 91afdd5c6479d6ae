package store

import (
	"context"
	"errors"

	"github.com/yousaid/yousaid/server/consult"
)

var errSavedMeanwhile = errors.New("somebody else saved this meanwhile")

// Report reads the officer report with its conditions and links; where nothing was written it is empty.
func (s *Store) Report(ctx context.Context, consultation, comment consult.ID) (report consult.Report, err error) {
	report.Consultation = consultation
	err = s.snapshot(ctx, "read report", false, func(c *conn) error {
		if err := c.each(func(r row) error {
			return r.Scan(&report.Version, &report.Recommendation, &report.By, moment(&report.UpdatedAt))
		}, `SELECT version, recommendation, by_whom, updated_at FROM report WHERE consultation = $1`, consultation); err != nil {
			return err
		}
		if report.Paragraphs, err = list(c, scanParagraph, `SELECT id, consultation, late, version, heading, body, by_whom, updated_at
			FROM report_paragraph WHERE consultation = $1 ORDER BY late, position, id`, consultation); err != nil {
			return err
		}
		if report.Conditions, err = list(c, scanCondition, `SELECT id, consultation, kind, number, version, title, body, reason, by_whom, updated_at
			FROM condition WHERE consultation = $1 ORDER BY kind, number`, consultation); err != nil {
			return err
		}
		return addCites(c, &report, comment)
	})
	return report, err
}

func scanParagraph(r row) (p consult.Paragraph, err error) {
	return p, r.Scan(&p.ID, &p.Consultation, &p.Late, &p.Version, &p.Heading, &p.Text, &p.By, moment(&p.UpdatedAt))
}

func scanCondition(r row) (k consult.Condition, err error) {
	return k, r.Scan(&k.ID, &k.Consultation, &k.Kind, &k.Number, &k.Version, &k.Title, &k.Text, &k.Reason, &k.By, moment(&k.UpdatedAt))
}

// addCites reads the links of everything in a report: whole topics first, then by age of the comment. One comment narrows them.
func addCites(c *conn, report *consult.Report, comment consult.ID) error {
	at := map[consult.ID]*[]consult.Cite{}
	for i := range report.Paragraphs {
		at[report.Paragraphs[i].ID] = &report.Paragraphs[i].Cites
	}
	for i := range report.Conditions {
		at[report.Conditions[i].ID] = &report.Conditions[i].Cites
	}
	if len(at) == 0 {
		return nil
	}
	var q text
	q.add(`SELECT l.source, l.comment, l.topic, COALESCE(c.state, '') = 'published' FROM cite l LEFT JOIN comment c ON c.id = l.comment
		WHERE l.consultation = ? AND COALESCE(c.state, '') NOT IN ('withdrawn', 'superseded')`, report.Consultation)
	if comment != consult.AllCites {
		q.add(` AND l.comment IN (0, ?)`, comment)
	}
	q.add(` ORDER BY l.source, l.comment, l.topic`)
	return c.each(func(r row) error {
		var source consult.ID
		var l consult.Cite
		err := r.Scan(&source, &l.Comment, &l.Topic, &l.Published)
		if links := at[source]; links != nil {
			*links = append(*links, l)
		}
		return err
	}, q.String(), q.args...)
}

// touch counts a change of the report's shape; the first begins it.
func (w *change) touch(consultation consult.ID) error {
	_, err := w.exec(`INSERT INTO report (consultation, version, recommendation, by_whom, updated_at) VALUES ($1, 1, '', '', $2)
		ON CONFLICT (consultation) DO UPDATE SET version = report.version + 1`, consultation, w.At)
	return err
}

// touchAt counts a change of a report that was seen at a version.
func (w *change) touchAt(consultation consult.ID, version int) error {
	n, err := one(&w.conn, number, `SELECT COALESCE(MAX(version), 0) FROM report WHERE consultation = $1`, consultation)
	if err == nil && int(n) != version {
		err = fail(consult.Conflict, "", errSavedMeanwhile)
	}
	if err != nil {
		return err
	}
	if version == 0 {
		return w.touch(consultation)
	}
	// Compared once more in the write itself: on PostgreSQL another change may commit between the two statements.
	touched, err := w.exec(`UPDATE report SET version = version + 1 WHERE consultation = $1 AND version = $2`, consultation, version)
	if err == nil && touched == 0 {
		err = fail(consult.Conflict, "", errSavedMeanwhile)
	}
	return err
}

// SaveRecommendation keeps what the report recommends.
func (s *Store) SaveRecommendation(ctx context.Context, r consult.Report, ch consult.Change) error {
	return s.change(ctx, "save recommendation", ch, r.Consultation, func(w *change) error {
		if err := w.touchAt(r.Consultation, r.Version); err != nil {
			return err
		}
		_, err := w.exec(`UPDATE report SET recommendation = $1, by_whom = $2, updated_at = $3 WHERE consultation = $4`, r.Recommendation, r.By,
			r.UpdatedAt, r.Consultation)
		return err
	})
}

// SaveParagraph adds a paragraph behind the others or replaces the version that was seen.
func (s *Store) SaveParagraph(ctx context.Context, p consult.Paragraph, ch consult.Change) error {
	return s.change(ctx, "save paragraph", ch, p.ID, func(w *change) error {
		if p.Version > 0 {
			n, err := w.exec(`UPDATE report_paragraph SET version = version + 1, heading = $1, body = $2, by_whom = $3, updated_at = $4
				WHERE id = $5 AND consultation = $6 AND version = $7`, p.Heading, p.Text, p.By, p.UpdatedAt, p.ID, p.Consultation, p.Version)
			if err == nil && n == 0 {
				err = w.missed(`SELECT id FROM report_paragraph WHERE id = $1`, p.ID)
			}
			if err != nil {
				return err
			}
			return w.replaceCites(p.Consultation, p.ID, p.Cites)
		}
		if err := w.touch(p.Consultation); err != nil {
			return err
		}
		last, err := one(&w.conn, number, `SELECT COALESCE(MAX(position), -1) FROM report_paragraph WHERE consultation = $1`, p.Consultation)
		if err != nil {
			return err
		}
		if err := w.insert(`INSERT INTO report_paragraph (id, consultation, position, late, version, heading, body, by_whom, updated_at)`,
			[][]any{{p.ID, p.Consultation, last + 1, p.Late, 1, p.Heading, p.Text, p.By, p.UpdatedAt}}, ""); err != nil {
			return err
		}
		return w.replaceCites(p.Consultation, p.ID, p.Cites)
	})
}

// missed tells a record that is not there from one that was changed.
func (w *change) missed(query string, what consult.ID) error {
	if _, err := one(&w.conn, id, query, what); err != nil {
		return err
	}
	return fail(consult.Conflict, "", errSavedMeanwhile)
}

// replaceCites sets what a paragraph or condition links to.
func (w *change) replaceCites(consultation, source consult.ID, cites []consult.Cite) error {
	if _, err := w.exec(`DELETE FROM cite WHERE source = $1`, source); err != nil {
		return err
	}
	return w.addCites(consultation, source, cites)
}

// addCites links points that exist; a link that is there already stays.
func (w *change) addCites(consultation, source consult.ID, cites []consult.Cite) error {
	for _, l := range cites {
		if l.Comment != 0 {
			n, err := one(&w.conn, number, `SELECT COUNT(*) FROM comment c JOIN comment_point p ON p.comment = c.id
				WHERE c.id = $1 AND c.consultation = $2 AND p.topic = $3 AND c.state NOT IN ('withdrawn', 'superseded')`, l.Comment, consultation, l.Topic)
			if err != nil {
				return err
			}
			if n == 0 {
				return &consult.Error{Kind: consult.Invalid, Fields: []consult.FieldError{{Field: "cites", Rule: "cite",
					Args: map[string]any{"reference": l.Comment.String()}}}}
			}
		}
		if _, err := w.exec(`INSERT INTO cite (source, comment, topic, consultation) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, source,
			l.Comment, l.Topic, consultation); err != nil {
			return err
		}
	}
	return nil
}

// RemoveParagraph takes out the version that was seen, with its links.
func (s *Store) RemoveParagraph(ctx context.Context, p consult.Paragraph, ch consult.Change) error {
	return s.change(ctx, "remove paragraph", ch, p.ID, func(w *change) error {
		n, err := w.exec(`DELETE FROM report_paragraph WHERE id = $1 AND consultation = $2 AND version = $3`, p.ID, p.Consultation, p.Version)
		if err == nil && n == 0 {
			err = w.missed(`SELECT id FROM report_paragraph WHERE id = $1`, p.ID)
		}
		if err != nil {
			return err
		}
		if err := w.touch(p.Consultation); err != nil {
			return err
		}
		return w.replaceCites(p.Consultation, p.ID, nil)
	})
}

// MoveParagraph changes places with the neighbour above or below.
func (s *Store) MoveParagraph(ctx context.Context, r consult.Report, paragraph consult.ID, up bool, ch consult.Change) error {
	return s.change(ctx, "move paragraph", ch, paragraph, func(w *change) error {
		if err := w.touchAt(r.Consultation, r.Version); err != nil {
			return err
		}
		order, err := list(&w.conn, id, `SELECT id FROM report_paragraph WHERE consultation = $1 AND NOT late ORDER BY position, id`, r.Consultation)
		if err != nil {
			return err
		}
		return w.reorder(order, paragraph, up)
	})
}

func (w *change) reorder(order []consult.ID, paragraph consult.ID, up bool) error {
	step := 1
	if up {
		step = -1
	}
	for i, p := range order {
		if p != paragraph {
			continue
		}
		if i+step < 0 || i+step >= len(order) {
			return nil
		}
		order[i], order[i+step] = order[i+step], order[i]
		for position, one := range order {
			if _, err := w.exec(`UPDATE report_paragraph SET position = $1 WHERE id = $2`, position, one); err != nil {
				return err
			}
		}
		return nil
	}
	return fail(consult.NotFound, "", nil)
}
