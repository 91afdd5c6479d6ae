package consult

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// Material says whether planning may take account of what was said: a material consideration (Town and Country Planning Act 1990,
// section 70(2)). It never hides a comment.
type Material string

// The judgements.
const (
	IsMaterial  Material = "material"
	NotMaterial Material = "not-material" // property value, a private view, competition, …
	MixedMatter Material = "mixed"
	Unassessed  Material = "unassessed"
)

// Materials lists them in the order they are offered.
func Materials() []Material { return []Material{IsMaterial, MixedMatter, NotMaterial, Unassessed} }

// Limits of what officers write about comments, in characters.
const (
	MaxSummary = 4000
	MaxReason  = 500
)

// TopicSummary is what the comments on one topic said, in the officer's words. Every saved text is a version and stays.
type TopicSummary struct {
	Consultation ID
	Topic        Topic
	Version      int // from 1; 0 = there is none yet
	Text         string
	Material     Material
	Reason       string // why it counts or not; needed unless unassessed
	By           string // service and role of who wrote it
	At           time.Time
}

// PointCount is how many comments, neither withdrawn nor superseded, spoke on a topic alike.
type PointCount struct {
	Topic     Topic
	Stance    Stance
	Round     int // 0 = outside any round
	Late      bool
	Published bool
	Covered   bool // the topic's summary was written knowing them
	N         int
	Last      ID // the youngest of them
}

// TopicFigures are the numbers behind a topic.
type TopicFigures struct {
	Topic     Topic
	Comments  int
	Published int
	Late      int
	New       int // came after the summary was written; all of them where there is none
	Stances   map[Stance]int
	Rounds    []RoundFigures // by number
	last      ID
}

// RoundFigures are those of one round.
type RoundFigures struct {
	Round    int // 0 = outside any round
	Comments int
	Late     int
	Stances  map[Stance]int
}

// Mark names exactly these comments, so that a summary written with them in view is not kept over others that came meanwhile.
func (f TopicFigures) Mark() string { return strconv.Itoa(f.Comments) + "-" + f.last.String() }

// Figures adds counts up to the topics that occur, in the given order; any other behind them.
func Figures(topics []Topic, counts []PointCount) []TopicFigures {
	for _, c := range counts {
		if !slices.Contains(topics, c.Topic) {
			topics = append(slices.Clip(topics), c.Topic)
		}
	}
	var all []TopicFigures
	for _, t := range topics {
		f := TopicFigures{Topic: t, Stances: map[Stance]int{}}
		for _, c := range counts {
			if c.Topic == t {
				f.add(c)
			}
		}
		if f.Comments > 0 {
			slices.SortFunc(f.Rounds, func(a, b RoundFigures) int { return cmp.Compare(a.Round, b.Round) })
			all = append(all, f)
		}
	}
	return all
}

func (f *TopicFigures) add(c PointCount) {
	f.Comments += c.N
	f.Stances[c.Stance] += c.N
	f.last = max(f.last, c.Last)
	if c.Published {
		f.Published += c.N
	}
	if !c.Covered {
		f.New += c.N
	}
	i := slices.IndexFunc(f.Rounds, func(r RoundFigures) bool { return r.Round == c.Round })
	if i < 0 {
		i = len(f.Rounds)
		f.Rounds = append(f.Rounds, RoundFigures{Round: c.Round, Stances: map[Stance]int{}})
	}
	r := &f.Rounds[i]
	r.Comments += c.N
	r.Stances[c.Stance] += c.N
	if c.Late {
		f.Late += c.N
		r.Late += c.N
	}
}

// WeighedTopic is a topic that occurs, with what was written about it.
type WeighedTopic struct {
	Figures TopicFigures
	Summary TopicSummary // Version 0 = not yet
}

// Stale tells whether comments came since the summary was written; Figures.New says how many.
func (w WeighedTopic) Stale() bool { return w.Summary.Version > 0 && w.Figures.New > 0 }

// Weigh joins figures and summaries.
func Weigh(topics []Topic, counts []PointCount, summaries []TopicSummary) []WeighedTopic {
	var all []WeighedTopic
	for _, f := range Figures(topics, counts) {
		w := WeighedTopic{Figures: f}
		for _, s := range summaries {
			if s.Topic == f.Topic {
				w.Summary = s
			}
		}
		all = append(all, w)
	}
	return all
}

// refuseUnweighed: the report is complete only when it tells the deciders what people said on every topic that occurs (Mansell v
// Tonbridge and Malling [2017] EWCA Civ 1314: a report must not mislead significantly).
func (s Standing) refuseUnweighed(bad *check) {
	for _, w := range s.Weighed {
		topic := w.Figures.Topic
		field := "summary-" + string(topic)
		switch {
		case w.Summary.Version == 0:
			bad.add(field, "summary_required", "topic", topic)
		case w.Stale():
			bad.add(field, "summary_stale", "topic", topic, "n", w.Figures.New)
		}
	}
}

// WeighedPoint is one comment's point as officers weigh it. Text is the published one: the author's own words stand on the comment's
// page only.
type WeighedPoint struct {
	Comment    ID
	Topic      Topic
	Stance     Stance
	Round      int
	Late       bool
	State      CommentState
	Channel    Channel
	Language   string
	Text       string // "" = not published
	ReceivedAt time.Time
	Covered    bool // the topic's summary was written knowing it
	Judgement  Judgement
}

// Judgement is whether planning may take account of one point, and why.
type Judgement struct {
	Material Material
	Reason   string
	By       string
	At       time.Time
}
