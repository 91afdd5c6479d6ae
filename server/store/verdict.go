package store

import (
	"context"
	"slices"

	"github.com/yousaid/yousaid/server/consult"
)

// PointAnswers lists the answers that reached sources, by source, topic and concern, newest version first.
func (s *Store) PointAnswers(ctx context.Context, sources []consult.ID) (found []consult.PointAnswer, err error) {
	if len(sources) == 0 {
		return nil, nil
	}
	err = s.snapshot(ctx, "list answers to points", false, func(c *conn) error {
		var q text
		q.add(`SELECT ` + answerColumns + `, k.title, p.source, p.topic, d.message, p.at, COALESCE(v.value, '') = 'no' AND COALESCE(w.since, 0) > 0, COALESCE(v.value, ''),
			COALESCE(r.reason, ''), COALESCE(v.at, 0)
			FROM answer_point p JOIN answer a ON a.id = p.answer JOIN concern k ON k.id = a.concern
			JOIN answer_delivery d ON d.answer = p.answer AND d.source = p.source
			LEFT JOIN verdict v ON v.answer = p.answer AND v.source = p.source AND v.topic = p.topic
			LEFT JOIN verdict_reason r ON r.answer = p.answer AND r.source = p.source AND r.topic = p.topic
			LEFT JOIN point_promise w ON w.source = p.source AND w.topic = p.topic WHERE p.source IN `)
		in(&q, sources)
		q.add(` ORDER BY p.source, p.topic, a.concern, a.version DESC`)
		if err := c.each(func(r row) error {
			var p consult.PointAnswer
			v := &p.Verdict
			if err := r.Scan(append(answerFields(&p.Answer), &p.Question, &p.Ref.Source, &p.Ref.Topic, &p.Message, moment(&p.At), &p.Open, &v.Value,
				&v.Reason, moment(&v.At))...); err != nil {
				return err
			}
			v.Answer, v.Concern, v.Ref = p.Answer.ID, p.Answer.Concern, p.Ref
			p.Latest = len(found) == 0 || found[len(found)-1].Ref != p.Ref || found[len(found)-1].Answer.Concern != p.Answer.Concern
			found = append(found, p)
			return nil
		}, q.String(), q.args...); err != nil {
			return err
		}
		return translate(c, found)
	})
	return found, err
}

// translate adds the other languages of the answers that reached points.
func translate(c *conn, points []consult.PointAnswer) error {
	known := map[consult.ID]int{}
	var answers []consult.Answer
	for _, p := range points {
		if _, seen := known[p.Answer.ID]; !seen {
			known[p.Answer.ID] = len(answers)
			answers = append(answers, p.Answer)
		}
	}
	err := addTranslations(c, answers)
	for i := range points {
		points[i].Answer = answers[known[points[i].Answer.ID]]
	}
	return err
}

// Verdicts lists verdicts on an answer that are not yes, with their reasons, latest first.
func (s *Store) Verdicts(ctx context.Context, answer consult.ID, offset, limit int) (found []consult.Verdict, total int, err error) {
	err = s.snapshot(ctx, "list verdicts", false, func(c *conn) error {
		n, err := one(c, number, `SELECT COUNT(*) FROM verdict v WHERE v.answer = $1 AND v.value <> 'yes'`, answer)
		if err != nil {
			return err
		}
		total = int(n)
		found, err = list(c, func(r row) (v consult.Verdict, err error) {
			v.Answer = answer
			return v, r.Scan(&v.Concern, &v.Ref.Source, &v.Ref.Topic, &v.Value, &v.Reason, moment(&v.At))
		}, `SELECT a.concern, v.source, v.topic, v.value, COALESCE(r.reason, ''), v.at FROM verdict v JOIN answer a ON a.id = v.answer
			LEFT JOIN verdict_reason r ON r.answer = v.answer AND r.source = v.source AND r.topic = v.topic
			WHERE v.answer = $1 AND v.value <> 'yes' ORDER BY v.at DESC, v.source, v.topic LIMIT $2 OFFSET $3`, answer, pageSize(limit), max(offset, 0))
		return err
	})
	return found, total, err
}

// SaveVerdict keeps or changes a verdict; "no" opens the point again.
func (s *Store) SaveVerdict(ctx context.Context, v consult.Verdict, ch consult.Change) error {
	return s.change(ctx, "save verdict", ch, v.Ref.Source, func(w *change) error {
		before, err := w.mayJudge(v)
		if err != nil {
			return err
		}
		if _, err := w.exec(`INSERT INTO verdict (answer, source, topic, value, at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (answer, source, topic) DO UPDATE SET value = excluded.value, at = excluded.at`, v.Answer, v.Ref.Source, v.Ref.Topic, v.Value,
			v.At); err != nil {
			return err
		}
		if _, err := w.exec(`INSERT INTO verdict_reason (answer, source, topic, reason) VALUES ($1, $2, $3, $4)
			ON CONFLICT (answer, source, topic) DO UPDATE SET reason = excluded.reason`, v.Answer, v.Ref.Source, v.Ref.Topic, v.Reason); err != nil {
			return err
		}
		return w.reopen(v, before)
	})
}

// reopen lets a point wait again whose author says that the answer is none, and no longer when they say otherwise.
func (w *change) reopen(v consult.Verdict, before consult.VerdictValue) error {
	points, err := w.standings(v.Ref.Source)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(points, func(p standing) bool { return p.topic == v.Ref.Topic })
	waits := i >= 0 && !points[i].since.IsZero()
	switch {
	case v.Value == consult.VerdictNo && !waits:
		return w.promise(v.Ref, consult.PromiseEvent{Kind: consult.PromiseReopened, At: w.At})
	case v.Value != consult.VerdictNo && before == consult.VerdictNo && waits:
		return w.promise(v.Ref, consult.PromiseEvent{Kind: consult.PromiseAnswered, At: w.At})
	}
	return nil
}

// mayJudge refuses a verdict on what did not reach the point, or is not the newest there, and gives the one before.
func (w *change) mayJudge(v consult.Verdict) (before consult.VerdictValue, err error) {
	type reached struct {
		newer  bool
		before consult.VerdictValue
	}
	found, err := list(&w.conn, func(r row) (x reached, err error) { return x, r.Scan(&x.newer, &x.before) },
		`SELECT EXISTS (SELECT 1 FROM answer_point q JOIN answer b ON b.id = q.answer WHERE q.source = p.source AND q.topic = p.topic
			AND b.concern = a.concern AND b.version > a.version), COALESCE(v.value, '')
		FROM answer_point p JOIN answer a ON a.id = p.answer LEFT JOIN verdict v ON v.answer = p.answer AND v.source = p.source AND v.topic = p.topic
		WHERE p.answer = $1 AND p.source = $2 AND p.topic = $3`, v.Answer, v.Ref.Source, v.Ref.Topic)
	switch {
	case err != nil:
		return "", err
	case len(found) == 0:
		return "", fail(consult.NotFound, "", nil)
	case found[0].newer:
		return "", fail(consult.Closed, "", nil)
	}
	return found[0].before, nil
}
