package consult

import "context"

// Trail reads a comment's way. points are all it makes: the public record keeps them from readers until it is published.
func (s *Service) Trail(ctx context.Context, c Comment, k Consultation, points []CommentPoint) ([]TrailStep, error) {
	f := TrailFacts{Comment: c, Consultation: k, Calendar: s.calendar}
	for _, p := range points {
		f.Topics = append(f.Topics, p.Topic)
	}
	for _, read := range []func() error{
		func() (err error) { f.ReportSince, err = s.reportSince(ctx, k); return },
		func() (err error) { f.Report, err = s.report(ctx, k.ID, c.ID); return },
		func() (err error) { f.Covered, err = s.store.CoveredTopics(ctx, c.ID); return },
		func() (err error) { f.Outcomes, err = s.Outcomes(ctx, k.ID); return },
		func() (err error) { f.Answers, err = s.store.PointAnswers(ctx, []ID{c.ID}); return },
		func() (err error) { f.Concerns, err = s.concernsOf(ctx, c.ID, points); return },
	} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	return TrailOf(f), nil
}
