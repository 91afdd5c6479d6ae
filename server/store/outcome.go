package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// Outcomes lists a consultation's outcomes, drafts too, in the order topics are asked.
func (s *Store) Outcomes(ctx context.Context, consultation consult.ID) ([]consult.Outcome, error) {
	l, err := list(s.reading(ctx), func(r row) (o consult.Outcome, err error) {
		return o, r.Scan(&o.Consultation, &o.Topic, &o.YouSaid, &o.WeDid, &o.Effect, &o.Version, &o.Condition, &o.Reference,
			moment(&o.PublishedAt), moment(&o.UpdatedAt), &o.Printed.Kind, &o.Printed.Number)
	}, `SELECT o.consultation, o.topic, o.you_said, o.we_did, o.effect, o.version, o.condition, o.reference, o.published_at, o.updated_at,
		COALESCE(k.kind, ''), COALESCE(k.number, 0) FROM outcome o LEFT JOIN condition k ON k.id = o.condition WHERE o.consultation = $1`,
		consultation)
	order := consult.Topics()
	slices.SortFunc(l, func(a, b consult.Outcome) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Topic), slices.Index(order, b.Topic)), cmp.Compare(a.Topic, b.Topic))
	})
	return l, failure("read outcomes", err)
}

// TopicsRaised counts the comments that spoke on each topic, published or not, those withdrawn left out.
func (s *Store) TopicsRaised(ctx context.Context, consultation consult.ID) (map[consult.Topic]int, error) {
	raised := map[consult.Topic]int{}
	err := s.reading(ctx).each(counting(raised), `SELECT p.topic, COUNT(*) FROM comment c JOIN comment_point p ON p.comment = c.id
		WHERE c.consultation = $1 AND c.state NOT IN ('withdrawn', 'superseded') GROUP BY p.topic`, consultation)
	return raised, failure("count topics", err)
}

// SaveOutcome keeps an outcome by consultation and topic; whether it is published stays as it was.
func (s *Store) SaveOutcome(ctx context.Context, o consult.Outcome, ch consult.Change) error {
	return s.change(ctx, "save outcome", ch, o.Consultation, func(w *change) error {
		_, err := w.exec(`INSERT INTO outcome (consultation, topic, you_said, we_did, effect, version, condition, reference, published_at,
			updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
			ON CONFLICT (consultation, topic) DO UPDATE SET you_said = excluded.you_said, we_did = excluded.we_did,
			effect = excluded.effect, version = excluded.version, condition = excluded.condition, reference = excluded.reference,
			updated_at = excluded.updated_at`, o.Consultation, o.Topic, o.YouSaid, o.WeDid, o.Effect, o.Version, o.Condition, o.Reference,
			o.PublishedAt, o.UpdatedAt)
		return err
	})
}

// PublishOutcomes publishes a consultation's drafts and counts them; with none it writes and mails nothing.
func (s *Store) PublishOutcomes(ctx context.Context, consultation consult.ID, at time.Time, ch consult.Change) (int, error) {
	var published int64
	err := s.change(ctx, "publish outcomes", ch, consultation, func(w *change) (err error) {
		published, err = w.exec(`UPDATE outcome SET published_at = $1 WHERE consultation = $2 AND published_at = 0`, at, consultation)
		if err == nil && published == 0 {
			err = errNothing
		}
		w.tell(consultation, 0, consult.NewsOutcome)
		return err
	})
	return int(published), err
}
