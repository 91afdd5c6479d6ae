package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

const answerColumns = `a.id, a.concern, a.consultation, a.version, a.body, a.language, a.changed, a.state, a.service, a.title, a.author, a.reviewer,
	a.rev, a.goes_at, a.published_at, a.created_at, a.updated_at, a.delivered`

func answerFields(x *consult.Answer) []any {
	return []any{&x.ID, &x.Concern, &x.Consultation, &x.Version, &x.Body, &x.Language, &x.Changed, &x.State, &x.Service, &x.Title, &x.Author,
		&x.Reviewer, &x.Rev, moment(&x.GoesAt), moment(&x.PublishedAt), moment(&x.CreatedAt), moment(&x.UpdatedAt), &x.Delivered}
}

func scanAnswer(r row) (x consult.Answer, err error) { return x, r.Scan(answerFields(&x)...) }

// Answers lists every version of a concern's answer, newest first.
func (s *Store) Answers(ctx context.Context, concern consult.ID) (found []consult.Answer, err error) {
	err = s.snapshot(ctx, "list answers", false, func(c *conn) error {
		if found, err = list(c, scanAnswer, `SELECT `+answerColumns+` FROM answer a WHERE a.concern = $1 ORDER BY a.version DESC`, concern); err != nil {
			return err
		}
		return addTranslations(c, found)
	})
	return found, err
}

// Answer finds one version by id.
func (s *Store) Answer(ctx context.Context, id consult.ID) (x consult.Answer, err error) {
	err = s.snapshot(ctx, "read answer", false, func(c *conn) error {
		if x, err = one(c, scanAnswer, `SELECT `+answerColumns+` FROM answer a WHERE a.id = $1`, id); err != nil {
			return err
		}
		found := []consult.Answer{x}
		err = addTranslations(c, found)
		x = found[0]
		return err
	})
	return x, err
}

// addTranslations reads the other languages of answers, all with one query.
func addTranslations(c *conn, answers []consult.Answer) error {
	at := make(map[consult.ID]*consult.Answer, len(answers))
	var ids []consult.ID
	for i := range answers {
		at[answers[i].ID] = &answers[i]
		ids = append(ids, answers[i].ID)
	}
	if len(ids) == 0 {
		return nil
	}
	var q text
	q.add(`SELECT answer, language, body, checked FROM answer_translation WHERE answer IN `)
	in(&q, ids)
	q.add(` ORDER BY answer, language`)
	return c.each(func(r row) error {
		var id consult.ID
		var t consult.Translation
		err := r.Scan(&id, &t.Language, &t.Body, &t.Checked)
		if err == nil {
			at[id].Translations = append(at[id].Translations, t)
		}
		return err
	}, q.String(), q.args...)
}

// LatestAnswersOf finds for each concern its newest version and the newest that everybody can read, without translations.
func (s *Store) LatestAnswersOf(ctx context.Context, concerns []consult.ID) (newest, public map[consult.ID]consult.Answer, err error) {
	newest, public = map[consult.ID]consult.Answer{}, map[consult.ID]consult.Answer{}
	if len(concerns) == 0 {
		return newest, public, nil
	}
	var q text
	q.add(`SELECT ` + answerColumns + ` FROM answer a WHERE a.concern IN `)
	in(&q, concerns)
	q.add(` ORDER BY a.version`)
	err = s.reading(ctx).each(func(r row) error {
		x, err := scanAnswer(r)
		newest[x.Concern] = x
		if x.Public() {
			public[x.Concern] = x
		}
		return err
	}, q.String(), q.args...)
	return newest, public, failure("read answers of concerns", err)
}

var (
	errAnswerSaved  = errors.New("somebody saved the answer meanwhile")
	errAnswerMerged = errors.New("the concern went into another one")
)

// SaveAnswer keeps an open version over the one that was seen, or a new one.
func (s *Store) SaveAnswer(ctx context.Context, x consult.Answer, ch consult.Change) error {
	return s.change(ctx, "save answer", ch, x.ID, func(w *change) error {
		// A merge waits for this, or this sees it.
		n, err := w.exec(`UPDATE concern SET updated_at = updated_at WHERE id = $1 AND merged_into = 0`, x.Concern)
		if err != nil {
			return err
		}
		if n == 0 {
			return fail(consult.Conflict, "", errAnswerMerged)
		}
		if x.Rev == 0 {
			err = w.insertAnswer(x)
		} else {
			err = w.updateAnswer(x)
		}
		if err != nil {
			return err
		}
		return w.replaceTranslations(x)
	})
}

func (w *change) insertAnswer(x consult.Answer) error {
	open, err := one(&w.conn, number, `SELECT COUNT(*) FROM answer WHERE concern = $1 AND (state IN ('draft', 'review', 'approved', 'taken-back')
		OR version >= $2)`, x.Concern, x.Version)
	if err != nil {
		return err
	}
	if open > 0 {
		return fail(consult.Conflict, "", errAnswerSaved)
	}
	return w.insert(`INSERT INTO answer (id, concern, consultation, version, body, language, changed, state, service, title, author, reviewer, rev,
		goes_at, published_at, work_at, delivered, created_at, updated_at)`, [][]any{{x.ID, x.Concern, x.Consultation, x.Version, x.Body, x.Language,
		x.Changed, x.State, x.Service, x.Title, x.Author, x.Reviewer, 1, x.GoesAt, 0, x.GoesAt, 0, x.CreatedAt, x.UpdatedAt}}, "")
}

func (w *change) updateAnswer(x consult.Answer) error {
	n, err := w.exec(`UPDATE answer SET body = $1, language = $2, changed = $3, state = $4, service = $5, title = $6, author = $7, reviewer = $8,
		rev = rev + 1, goes_at = $9, work_at = $9, updated_at = $10 WHERE id = $11 AND rev = $12 AND state NOT IN ('published', 'replaced')`, x.Body,
		x.Language, x.Changed, x.State, x.Service, x.Title, x.Author, x.Reviewer, x.GoesAt, x.UpdatedAt, x.ID, x.Rev)
	if err == nil && n == 0 {
		if _, err = one(&w.conn, id, `SELECT id FROM answer WHERE id = $1`, x.ID); err == nil {
			err = fail(consult.Conflict, "", errAnswerSaved)
		}
	}
	return err
}

func (w *change) replaceTranslations(x consult.Answer) error {
	if _, err := w.exec(`DELETE FROM answer_translation WHERE answer = $1`, x.ID); err != nil {
		return err
	}
	var rows [][]any
	for _, t := range x.Translations {
		rows = append(rows, []any{x.ID, t.Language, t.Body, t.Checked})
	}
	return w.insert(`INSERT INTO answer_translation (answer, language, body, checked)`, rows, "")
}

// AnswersDue lists answers for which there is something to do now, those that wait longest first.
func (s *Store) AnswersDue(ctx context.Context, now time.Time, limit int) ([]consult.AnswerWork, error) {
	found, err := list(s.reading(ctx), scanAnswer, `SELECT `+answerColumns+` FROM answer a WHERE a.work_at > 0 AND a.work_at <= $1
		ORDER BY a.work_at, a.id LIMIT $2`, now, limit)
	if err == nil {
		err = addTranslations(s.reading(ctx), found)
	}
	work := make([]consult.AnswerWork, len(found))
	for i, x := range found {
		work[i] = consult.AnswerWork{Answer: x, Due: x.State == consult.AnswerApproved}
	}
	return work, failure("list due answers", err)
}

// PublishAnswer lets an answer out whose moment has come.
func (s *Store) PublishAnswer(ctx context.Context, id consult.ID, ch consult.Change) error {
	return s.change(ctx, "publish answer", ch, id, func(w *change) error {
		x, err := one(&w.conn, scanAnswer, `SELECT `+answerColumns+` FROM answer a WHERE a.id = $1`, id)
		if err != nil {
			return err
		}
		// The concern first, as everywhere: one that went into another has nobody left to answer.
		shown, err := w.exec(`UPDATE concern SET shown_at = CASE WHEN shown_at = 0 THEN $1 ELSE shown_at END WHERE id = $2 AND merged_into = 0`, w.At,
			x.Concern)
		if err != nil {
			return err
		}
		if shown == 0 {
			n, err := w.exec(`UPDATE answer SET goes_at = 0, work_at = 0, rev = rev + 1 WHERE id = $1 AND state = 'approved' AND work_at > 0`, id)
			if err == nil && n == 0 {
				err = errNothing
			}
			return err
		}
		n, err := w.exec(`UPDATE answer SET state = 'published', published_at = $1, work_at = $1, rev = rev + 1 WHERE id = $2 AND state = 'approved'
			AND goes_at > 0 AND goes_at <= $1`, w.At, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return errNothing // undone, or another node was faster
		}
		if _, err := w.exec(`UPDATE answer SET state = 'replaced', work_at = 0 WHERE concern = $1 AND state = 'published' AND id <> $2`, x.Concern,
			id); err != nil {
			return err
		}
		w.left = true // there are askers to reach
		w.tell(x.Consultation, x.Concern, consult.NewsConcern)
		return nil
	})
}

// answerPoints wakes the answers to concerns that points went into: they get them, too.
func (w *change) answerPoints(rows []placed) error {
	var concerns []consult.ID
	for _, p := range rows {
		if !slices.Contains(concerns, p.concern) {
			concerns = append(concerns, p.concern)
		}
	}
	for _, concern := range concerns {
		n, err := w.exec(`UPDATE answer SET work_at = $1 WHERE concern = $2 AND state = 'published' AND work_at = 0`, w.At.Add(consult.AnswerUndo), concern)
		if err != nil {
			return err
		}
		w.left = w.left || n > 0
	}
	return nil
}
