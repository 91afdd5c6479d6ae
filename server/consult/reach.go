package consult

import "time"

// ReachFilter narrows the analyst's figures; the zero filter takes everything.
type ReachFilter struct {
	Consultation ID // 0 = all
	From, To     Date
	Ward         string
	Channel      Channel
	Stance       Stance
	Topic        Topic
}

// ReachRow is one received comment as the analyst's figures count it: no words, no contact, nothing that names the author.
type ReachRow struct {
	Consultation ID
	Round        int
	Stance       Stance
	Topics       []Topic
	WardCode     string
	Channel      Channel
	ReceivedAt   time.Time
	AnsweredAt   time.Time // zero = unanswered
	Published    bool
	Outcomes     int // topics of this comment with a published outcome
}

// EqualityAnswers is what one person told us about themselves, all optional, kept without any link to their comment.
// Values are codes of EqualityQuestions; "" = skipped, "prefer-not" = prefer not to say.
type EqualityAnswers struct {
	Consultation ID
	WardCode     string
	AgeBand      string
	Sex          string
	EthnicGroup  string
	Disability   string
	RecordedOn   Date
}

// EqualityQuestion is one optional question with its answer codes, in the order they are shown.
type EqualityQuestion struct {
	Name  string
	Codes []string
}

// EqualityQuestions follow the wording groups of the Government Statistical Service's harmonised standards and Census 2021.
func EqualityQuestions() []EqualityQuestion {
	return []EqualityQuestion{
		{"age", []string{"under-16", "16-24", "25-34", "35-49", "50-64", "65-plus", "prefer-not"}},
		{"sex", []string{"female", "male", "prefer-not"}},
		{"ethnic", []string{"asian", "black", "mixed", "white", "other", "prefer-not"}},
		{"disability", []string{"a-lot", "a-little", "no", "prefer-not"}},
	}
}

// Benchmark is how many people of a group live in an area, to hold respondents against.
type Benchmark struct {
	Name       string // "population"
	AreaCode   string
	AreaName   string // checked against the area's name: a code that carries another ward's figures is refused
	Group      string // "" = everybody
	Population int
	Source     string
	Vintage    string // "2024-06-30"
}
