package store

import (
	"context"
	"errors"

	"github.com/yousaid/yousaid/server/consult"
)

// pointCounts groups the points of comments, those withdrawn or superseded left out.
const pointCounts = `SELECT p.topic, c.stance, c.round, c.late, c.state = 'published', s.comment IS NOT NULL, COUNT(*), MAX(c.id)
	FROM comment c JOIN comment_point p ON p.comment = c.id LEFT JOIN summary_comment s ON s.comment = c.id AND s.topic = p.topic
	WHERE c.consultation = $1 AND c.state NOT IN ('withdrawn', 'superseded')
	GROUP BY p.topic, c.stance, c.round, c.late, c.state = 'published', s.comment IS NOT NULL
	ORDER BY p.topic, c.round, c.stance, c.late, 5, 6`

func scanPointCount(r row) (n consult.PointCount, err error) {
	return n, r.Scan(&n.Topic, &n.Stance, &n.Round, &n.Late, &n.Published, &n.Covered, &n.N, &n.Last)
}

// PointCounts counts what was said by topic, stance, round and state.
func (s *Store) PointCounts(ctx context.Context, consultation consult.ID) ([]consult.PointCount, error) {
	l, err := list(s.reading(ctx), scanPointCount, pointCounts, consultation)
	return l, failure("count points", err)
}

const summaryColumns = `t.consultation, t.topic, t.version, t.body, t.material, t.reason, t.by_whom, t.at`

func scanSummary(r row) (t consult.TopicSummary, err error) {
	return t, r.Scan(&t.Consultation, &t.Topic, &t.Version, &t.Text, &t.Material, &t.Reason, &t.By, moment(&t.At))
}

// Summaries lists the latest version of each topic's summary.
func (s *Store) Summaries(ctx context.Context, consultation consult.ID) ([]consult.TopicSummary, error) {
	l, err := list(s.reading(ctx), scanSummary, `SELECT `+summaryColumns+` FROM topic_summary t WHERE t.consultation = $1
		AND t.version = (SELECT MAX(version) FROM topic_summary WHERE consultation = t.consultation AND topic = t.topic) ORDER BY t.topic`,
		consultation)
	return l, failure("read topic summaries", err)
}

// SummaryVersions lists every version of one topic's summary, newest first.
func (s *Store) SummaryVersions(ctx context.Context, consultation consult.ID, topic consult.Topic) ([]consult.TopicSummary, error) {
	l, err := list(s.reading(ctx), scanSummary, `SELECT `+summaryColumns+` FROM topic_summary t WHERE t.consultation = $1 AND t.topic = $2
		ORDER BY t.version DESC`, consultation, topic)
	return l, failure("read versions of a topic summary", err)
}

// SaveSummary keeps the version after t.Version. The comments it covers are read in the same transaction that compares them with those
// the officer saw, so that none can slip in between.
func (s *Store) SaveSummary(ctx context.Context, t consult.TopicSummary, mark string, ch consult.Change) error {
	return s.change(ctx, "save topic summary", ch, t.Consultation, func(w *change) error {
		if err := w.unchanged(t, mark); err != nil {
			return err
		}
		n, err := w.exec(`INSERT INTO topic_summary (consultation, topic, version, body, material, reason, by_whom, at)
			SELECT $1, $2, $3, $4, $5, $6, $7, $8 WHERE $9 = (SELECT COALESCE(MAX(version), 0) FROM topic_summary
			WHERE consultation = $10 AND topic = $11) ON CONFLICT DO NOTHING`, t.Consultation, t.Topic, t.Version+1, t.Text, t.Material, t.Reason,
			t.By, t.At, t.Version, t.Consultation, t.Topic)
		if err == nil && n == 0 {
			err = fail(consult.Conflict, "", errors.New("somebody else wrote this summary meanwhile"))
		}
		if err != nil {
			return err
		}
		_, err = w.exec(`INSERT INTO summary_comment (comment, topic) SELECT c.id, p.topic FROM comment c JOIN comment_point p ON p.comment = c.id
			WHERE c.consultation = $1 AND p.topic = $2 AND c.state NOT IN ('withdrawn', 'superseded') ON CONFLICT DO NOTHING`, t.Consultation, t.Topic)
		return err
	})
}

// unchanged compares a topic's comments with those that mark names.
func (w *change) unchanged(t consult.TopicSummary, mark string) error {
	if mark == "" {
		return nil
	}
	counts, err := list(&w.conn, scanPointCount, pointCounts, t.Consultation)
	if err != nil {
		return err
	}
	for _, f := range consult.Figures(nil, counts) {
		if f.Topic == t.Topic && f.Mark() == mark {
			return nil
		}
	}
	return fail(consult.Conflict, "", errors.New("comments came or were withdrawn meanwhile"))
}

// CoveredTopics lists the topics whose summary was written knowing the comment.
func (s *Store) CoveredTopics(ctx context.Context, comment consult.ID) ([]consult.Topic, error) {
	l, err := list(s.reading(ctx), func(r row) (t consult.Topic, err error) { return t, r.Scan(&t) },
		`SELECT topic FROM summary_comment WHERE comment = $1 ORDER BY topic`, comment)
	return l, failure("read covered topics", err)
}

// PointsOn lists the points on a topic, those its summary does not cover first, then the newest first.
func (s *Store) PointsOn(ctx context.Context, consultation consult.ID, topic consult.Topic, offset, limit int) (found []consult.WeighedPoint, total int, err error) {
	err = s.snapshot(ctx, "list points", false, func(c *conn) error {
		n, err := one(c, number, `SELECT COUNT(*) FROM comment c JOIN comment_point p ON p.comment = c.id
			WHERE c.consultation = $1 AND p.topic = $2 AND c.state NOT IN ('withdrawn', 'superseded')`, consultation, topic)
		if err != nil {
			return err
		}
		total = int(n)
		found, err = list(c, scanWeighedPoint, `SELECT c.id, p.topic, c.stance, c.round, c.late, c.state, c.channel, c.language, p.text, c.received_at,
			s.comment IS NOT NULL, COALESCE(j.material, ''), COALESCE(j.reason, ''), COALESCE(j.by_whom, ''), COALESCE(j.at, 0)
			FROM comment c JOIN comment_point p ON p.comment = c.id
			LEFT JOIN summary_comment s ON s.comment = c.id AND s.topic = p.topic
			LEFT JOIN point_judgement j ON j.comment = c.id AND j.topic = p.topic
			WHERE c.consultation = $1 AND p.topic = $2 AND c.state NOT IN ('withdrawn', 'superseded')
			ORDER BY s.comment IS NOT NULL, c.received_at DESC, c.id DESC LIMIT $3 OFFSET $4`, consultation, topic, limit, offset)
		return err
	})
	return found, total, err
}

func scanWeighedPoint(r row) (p consult.WeighedPoint, err error) {
	return p, r.Scan(&p.Comment, &p.Topic, &p.Stance, &p.Round, &p.Late, &p.State, &p.Channel, &p.Language, &p.Text, moment(&p.ReceivedAt),
		&p.Covered, &p.Judgement.Material, &p.Judgement.Reason, &p.Judgement.By, moment(&p.Judgement.At))
}

// SaveJudgement keeps what was judged about one point, the last time counts.
func (s *Store) SaveJudgement(ctx context.Context, consultation, comment consult.ID, topic consult.Topic, j consult.Judgement, ch consult.Change) error {
	return s.change(ctx, "judge point", ch, comment, func(w *change) error {
		n, err := w.exec(`INSERT INTO point_judgement (comment, topic, material, reason, by_whom, at)
			SELECT c.id, p.topic, $1, $2, $3, $4 FROM comment c JOIN comment_point p ON p.comment = c.id
			WHERE c.consultation = $5 AND c.id = $6 AND p.topic = $7 AND c.state NOT IN ('withdrawn', 'superseded')
			ON CONFLICT (comment, topic) DO UPDATE SET material = excluded.material, reason = excluded.reason, by_whom = excluded.by_whom,
			at = excluded.at`, j.Material, j.Reason, j.By, j.At, consultation, comment, topic)
		if err == nil && n == 0 {
			return fail(consult.NotFound, "", nil)
		}
		return err
	})
}
