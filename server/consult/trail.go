package consult

import (
	"cmp"
	"slices"
)

// TrailKind names a station of a comment's way.
type TrailKind string

// The stations, in the order of a usual case.
const (
	TrailReceived  TrailKind = "received"
	TrailPublished TrailKind = "published"
	TrailWithheld  TrailKind = "withheld"
	TrailWithdrawn TrailKind = "withdrawn"  // by its author: the way ends
	TrailNewer     TrailKind = "superseded" // its author wrote a newer one, which goes on from here
	TrailGrouped   TrailKind = "grouped"    // with others that ask the same
	TrailAnswered  TrailKind = "answered"
	TrailCited     TrailKind = "cited" // in the officer report
	TrailLed       TrailKind = "led"   // to a version, a condition, or the reason why nothing changed
	TrailDecided   TrailKind = "decided"
	TrailAppeal    TrailKind = "appeal-decided"
)

// TrailStep is one station. Which of its details are set depends on its kind.
type TrailStep struct {
	Kind TrailKind
	On   Date // "" = on no day of its own, or not yet
	Done bool

	Topics    []Topic // of the comment's points that it is about; none = the whole comment
	Round     int     // received: in which round; 0 = outside any
	Version   int     // received: of the proposal the author was shown; led: the version it led to
	Late      bool    // received: after the round; cited: in a late item
	Concern   Concern // grouped: which; answered: with it and others that ask the same, ID 0 = alone
	Thread    ID      // answered alone: where
	Newer     ID      // superseded: the newer comment
	Paragraph int     // cited: its number
	Whole     bool    // cited with everything said on the topics, not by itself
	Effect    Effect  // led: of the outcome
	Reference string  // led: what the outcome refers to, in words
	Condition Condition
	Advised   bool   // led to a condition that is recommended and not yet imposed
	Decision  string // decided, appeal-decided
}

// TrailFacts is what a comment's way is read from.
type TrailFacts struct {
	Comment      Comment
	Topics       []Topic             // of its points
	Covered      []Topic             // of them, those whose summary was written knowing the comment
	Concerns     map[Topic][]Concern // of them, the concerns they stand in; those that are not shown are passed over
	Answers      []PointAnswer       // that reached its points, every version
	Consultation Consultation
	Report       Report // with the links to this comment and to whole topics
	ReportSince  Date   // "" = nobody may read the report yet
	Outcomes     []Outcome
	Calendar     Calendar
}

// TrailOf is a comment's way from its arrival to what became of it. What has happened stands in the order of its days; what is still to come
// stands behind it.
func TrailOf(f TrailFacts) []TrailStep {
	c := f.Comment
	steps := []TrailStep{{Kind: TrailReceived, On: f.Calendar.Day(c.ReceivedAt), Done: true, Round: c.Round, Version: c.Version, Late: c.Late}}
	steps = append(steps, f.published()...)
	switch c.State {
	case CommentWithdrawn:
		return append(steps, TrailStep{Kind: TrailWithdrawn, On: f.Calendar.Day(c.WithdrawnAt), Done: true})
	case CommentSuperseded:
		return append(steps, TrailStep{Kind: TrailNewer, Done: true, Newer: c.ReplacedBy})
	}
	steps = slices.Concat(steps, f.grouped(), f.answered(), f.cited(), f.led(), f.decided())
	slices.SortStableFunc(steps, func(a, b TrailStep) int { return cmp.Compare(a.place(f), b.place(f)) })
	return steps
}

// place is the day a station stands at: one without a day stands where the comment arrived, one still to come at the end.
func (s TrailStep) place(f TrailFacts) Date {
	switch {
	case !s.Done:
		return "9999-12-31"
	case s.On == "":
		return f.Calendar.Day(f.Comment.ReceivedAt)
	}
	return s.On
}

func (f TrailFacts) published() []TrailStep {
	switch c := f.Comment; {
	case c.State == CommentWithheld:
		return []TrailStep{{Kind: TrailWithheld, Done: true}}
	case !c.PublishedAt.IsZero():
		return []TrailStep{{Kind: TrailPublished, Done: true, On: f.Calendar.Day(c.PublishedAt)}}
	case !c.Counts():
		return nil
	}
	return []TrailStep{{Kind: TrailPublished}}
}

// grouped lists the concerns that the comment's points were put into, once everybody may read them.
func (f TrailFacts) grouped() []TrailStep {
	var steps []TrailStep
	for _, topic := range f.Topics {
		for _, c := range f.Concerns[topic] {
			if !c.Shown() {
				continue
			}
			i := slices.IndexFunc(steps, func(s TrailStep) bool { return s.Concern.ID == c.ID })
			if i < 0 {
				i = len(steps)
				steps = append(steps, TrailStep{Kind: TrailGrouped, Done: true, Concern: c})
			}
			steps[i].Topics = append(steps[i].Topics, topic)
			steps[i].On = max(steps[i].On, f.Calendar.Day(c.JoinedAt), f.Calendar.Day(c.ShownAt))
		}
	}
	return steps
}

// answered lists the concerns that were answered with the comment's points in them, and the answer that it got alone or still waits for, where
// those leave something open.
func (f TrailFacts) answered() []TrailStep {
	var steps []TrailStep
	rest := slices.Clone(f.Topics)
	for _, a := range f.Answers {
		topic := a.Ref.Topic
		i := slices.IndexFunc(steps, func(s TrailStep) bool { return s.Concern.ID == a.Answer.Concern })
		if i < 0 {
			i = len(steps)
			steps = append(steps, TrailStep{Kind: TrailAnswered, Done: true, Concern: Concern{ID: a.Answer.Concern, Title: a.Question}})
		}
		if s := &steps[i]; !slices.Contains(s.Topics, topic) {
			s.Topics = append(s.Topics, topic)
		}
		if on := f.Calendar.Day(a.At); steps[i].On == "" || on < steps[i].On {
			steps[i].On = on
		}
		rest = slices.DeleteFunc(rest, func(t Topic) bool { return t == topic })
	}
	if len(steps) > 0 && len(rest) == 0 {
		return steps
	}
	alone := TrailStep{Kind: TrailAnswered}
	if at := f.Comment.AnsweredAt; !at.IsZero() {
		alone = TrailStep{Kind: TrailAnswered, On: f.Calendar.Day(at), Done: true, Thread: f.Comment.Thread}
	}
	if len(steps) > 0 {
		alone.Topics = rest
	}
	return append(steps, alone)
}

// behind finds the topics of the comment that links name: by the comment itself, or as a whole where the topic's summary knew it.
func (f TrailFacts) behind(cites []Cite) (topics []Topic, whole bool) {
	for _, own := range []bool{true, false} {
		for _, c := range cites {
			named := own && c.Comment == f.Comment.ID || !own && c.whole() && slices.Contains(f.Covered, c.Topic)
			if named && slices.Contains(f.Topics, c.Topic) && !slices.Contains(topics, c.Topic) {
				topics = append(topics, c.Topic)
			}
		}
		if len(topics) > 0 {
			return topics, !own
		}
	}
	return nil, false
}

// cited lists the paragraphs that rest on the comment, once everybody may read them.
func (f TrailFacts) cited() []TrailStep {
	var steps []TrailStep
	for _, p := range f.Report.Paragraphs {
		topics, whole := f.behind(p.Cites)
		if f.ReportSince == "" || len(topics) == 0 {
			continue
		}
		on := f.ReportSince
		if p.Late {
			on = max(on, f.Calendar.Day(p.UpdatedAt))
		}
		steps = append(steps, TrailStep{Kind: TrailCited, On: on, Done: true, Topics: topics, Paragraph: p.Number, Late: p.Late, Whole: whole})
	}
	return steps
}

// led lists what the comment's topics led to: the published outcomes, and conditions that rest on the comment and no outcome names.
func (f TrailFacts) led() []TrailStep {
	var steps []TrailStep
	told := map[ID]bool{}
	for _, o := range f.Outcomes {
		if o.PublishedAt.IsZero() || !slices.Contains(f.Topics, o.Topic) {
			continue
		}
		step := TrailStep{Kind: TrailLed, On: f.Calendar.Day(o.PublishedAt), Done: true, Topics: []Topic{o.Topic}, Effect: o.Effect,
			Version: o.Version, Reference: o.Reference}
		if c, ok := f.Report.Condition(o.Condition); ok {
			step.Condition, told[c.ID] = c, true
		}
		steps = append(steps, step)
	}
	outcomes := len(steps) > 0
	for _, c := range f.Report.Conditions {
		topics, _ := f.behind(c.Cites)
		if f.ReportSince == "" || len(topics) == 0 || told[c.ID] {
			continue
		}
		steps = append(steps, TrailStep{Kind: TrailLed, On: max(f.ReportSince, f.Calendar.Day(c.UpdatedAt)), Done: true, Topics: topics,
			Condition: c, Advised: f.Consultation.Application.DecidedOn == ""})
	}
	if !outcomes {
		steps = append(steps, TrailStep{Kind: TrailLed})
	}
	return steps
}

func (f TrailFacts) decided() []TrailStep {
	a := f.Consultation.Application
	if a.DecidedOn == "" {
		if f.Consultation.State == Withdrawn {
			return nil
		}
		return []TrailStep{{Kind: TrailDecided}}
	}
	steps := []TrailStep{{Kind: TrailDecided, On: a.DecidedOn, Done: true, Decision: a.Decision}}
	if a.Appeal.DecidedOn != "" {
		steps = append(steps, TrailStep{Kind: TrailAppeal, On: a.Appeal.DecidedOn, Done: true, Decision: a.Appeal.Decision})
	}
	return steps
}

// LedTo finds the outcomes that name a version of the proposal, so that a version tells what it answers.
func LedTo(version int, outcomes []Outcome) []Outcome {
	var list []Outcome
	for _, o := range outcomes {
		if o.Version == version && version > 0 {
			list = append(list, o)
		}
	}
	return list
}
