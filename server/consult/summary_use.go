package consult

import (
	"context"
	"slices"
	"strings"
)

// SummaryStore keeps topic summaries and what officers judged about points.
type SummaryStore interface {
	// PointCounts counts comments, those withdrawn or superseded left out, by topic, stance, round and state.
	PointCounts(ctx context.Context, consultation ID) ([]PointCount, error)
	// Summaries lists the latest version of each topic's summary.
	Summaries(ctx context.Context, consultation ID) ([]TopicSummary, error)
	// SummaryVersions lists every version of one topic's summary, newest first.
	SummaryVersions(ctx context.Context, consultation ID, topic Topic) ([]TopicSummary, error)
	// SaveSummary is a compare-and-set: it keeps t as version t.Version+1 and that it covers every comment there is on its topic. Conflict
	// when that version exists already, or when mark is given and no longer that of the topic's figures.
	SaveSummary(ctx context.Context, t TopicSummary, mark string, ch Change) error
	// PointsOn lists the points on a topic, those the summary does not cover first, then newest first, and counts them.
	PointsOn(ctx context.Context, consultation ID, topic Topic, offset, limit int) ([]WeighedPoint, int, error)
	// SaveJudgement keeps what was judged about one point of a comment; NotFound when the comment has none on the topic.
	SaveJudgement(ctx context.Context, consultation, comment ID, topic Topic, j Judgement, ch Change) error
	// CoveredTopics lists the topics whose summary was written knowing the comment.
	CoveredTopics(ctx context.Context, comment ID) ([]Topic, error)
}

// Weighed reads the topics that occur in a case with their figures and summaries.
func (s *Service) Weighed(ctx context.Context, a Actor, consultation ID) ([]WeighedTopic, error) {
	if err := Must(a, RecordOutcome, "read topic summaries"); err != nil {
		return nil, err
	}
	return s.weighed(ctx, consultation)
}

func (s *Service) weighed(ctx context.Context, consultation ID) ([]WeighedTopic, error) {
	topics, err := s.topicsOf(ctx, consultation)
	if err != nil {
		return nil, err
	}
	counts, err := s.store.PointCounts(ctx, consultation)
	if err != nil {
		return nil, err
	}
	summaries, err := s.store.Summaries(ctx, consultation)
	if err != nil {
		return nil, err
	}
	return Weigh(topics, counts, summaries), nil
}

// topicsOf lists what a consultation's comments can speak on, in the order it is asked.
func (s *Service) topicsOf(ctx context.Context, consultation ID) ([]Topic, error) {
	subjects, err := s.subjectsOf(ctx, consultation)
	return TopicsOf(subjects), err
}

// TopicDesk is one topic as officers weigh it.
type TopicDesk struct {
	Consultation Consultation
	Weighed      WeighedTopic
	Versions     []TopicSummary // newest first
	Points       []WeighedPoint // one page
	Total        int
	Report       Report // what the points can be linked to
}

// PointsPerPage is how many points a topic's page shows.
const PointsPerPage = 10

// TopicDesk opens one topic with a page of its points. NotFound for a topic nobody spoke on.
func (s *Service) TopicDesk(ctx context.Context, a Actor, consultation ID, topic Topic, offset int) (TopicDesk, error) {
	const op = "weigh topic"
	all, err := s.Weighed(ctx, a, consultation)
	if err != nil {
		return TopicDesk{}, err
	}
	i := slices.IndexFunc(all, func(w WeighedTopic) bool { return w.Figures.Topic == topic })
	if i < 0 {
		return TopicDesk{}, fail(NotFound, op)
	}
	v := TopicDesk{Weighed: all[i]}
	if v.Consultation, err = s.store.Consultation(ctx, consultation); err != nil {
		return v, err
	}
	if v.Versions, err = s.store.SummaryVersions(ctx, consultation, topic); err != nil {
		return v, err
	}
	limit, offset := ClampPage(PointsPerPage, offset)
	if v.Points, v.Total, err = s.store.PointsOn(ctx, consultation, topic, offset, limit); err != nil {
		return v, err
	}
	v.Report, err = s.report(ctx, consultation, AllCites)
	return v, err
}

// Frozen tells whether what officers wrote about comments stands: the report is before those who decide. Late items may be added to it
// until the decision.
func Frozen(s State) bool { return s == Assessed || s == InCommittee || s == CalledIn || s.Settled() }

// WriteSummary keeps a further version of a topic's summary. t.Version is the one it was written over, mark that of the figures the
// officer had in view; "" takes the comments there are.
func (s *Service) WriteSummary(ctx context.Context, a Actor, t TopicSummary, mark string) error {
	const op = "write topic summary"
	if err := Must(a, RecordOutcome, op); err != nil {
		return err
	}
	topics, err := s.topicsOf(ctx, t.Consultation)
	if err != nil {
		return err
	}
	var bad check
	if !slices.Contains(topics, t.Topic) {
		bad.add("topic", "choice")
	}
	bad.text("summary", t.Text, MaxSummary, true)
	bad.judgement(t.Material, t.Reason)
	if err := s.notFrozen(ctx, &bad, t.Consultation); err != nil {
		return err
	}
	if err := bad.err(op); err != nil {
		return err
	}
	ch := s.change(a, "summary.write", t.Consultation)
	ch.Detail = string(t.Topic) + " " + string(t.Material)
	t.Text, t.Reason, t.By, t.At = strings.TrimSpace(t.Text), strings.TrimSpace(t.Reason), a.Standing(), ch.At
	return s.store.SaveSummary(ctx, t, mark, ch)
}

// judgement wants one of the four, with its reason unless nothing was judged.
func (c *check) judgement(m Material, reason string) {
	if !slices.Contains(Materials(), m) {
		c.add("material", "required")
	}
	c.text("reason", reason, MaxReason, m != Unassessed && m != "")
}

// notFrozen refuses changes of what is before those who decide.
func (s *Service) notFrozen(ctx context.Context, bad *check, consultation ID) error {
	k, err := s.store.Consultation(ctx, consultation)
	if err == nil && Frozen(k.State) {
		bad.add("state", "report_frozen")
	}
	return err
}

// JudgePoint records whether planning may take account of what one comment says on one topic. The comment stays as readable as before.
func (s *Service) JudgePoint(ctx context.Context, a Actor, consultation ID, point Cite, j Judgement) error {
	const op = "judge point"
	if err := Must(a, RecordOutcome, op); err != nil {
		return err
	}
	var bad check
	bad.judgement(j.Material, j.Reason)
	if err := s.notFrozen(ctx, &bad, consultation); err != nil {
		return err
	}
	if err := bad.err(op); err != nil {
		return err
	}
	ch := s.change(a, "point.judge", point.Comment)
	ch.Detail = string(point.Topic) + " " + string(j.Material)
	j.Reason, j.By, j.At = strings.TrimSpace(j.Reason), a.Standing(), ch.At
	return s.store.SaveJudgement(ctx, consultation, point.Comment, point.Topic, j, ch)
}
