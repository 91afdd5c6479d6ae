package consult

import (
	"encoding/json"
	"regexp"
	"slices"
	"time"
)

// Form is the questions of a consultation that is no planning application. It is data: the same definition draws the pages, the paper
// form, the officer's entry, the codebook and the results. Every text stands in several languages, the default one always.
type Form struct {
	Format   int         `json:"format"`   // FormFormat
	Language string      `json:"language"` // the default: every text has it
	Title    FormText    `json:"title"`
	Intro    FormText    `json:"intro,omitempty"`
	Return   FormText    `json:"return,omitempty"` // where a paper form is sent or handed in
	Contact  ContactRule `json:"contact"`
	Sections []Section   `json:"sections"`
}

// FormFormat is the version of the definition's own format.
const FormFormat = 1

// Limits of a form. Sections are pages, so a page stays short; texts are counted in characters.
const (
	MaxFormSize        = 256 << 10 // bytes of a definition
	MaxSections        = 20
	MaxQuestions       = 60 // of a form
	MaxSectionSize     = 15 // questions of a section
	MaxOptions         = 20
	MaxRanked          = 10 // options of a ranking
	MinSteps, MaxSteps = 3, 11
	MaxFormTitle       = 200
	MaxFormIntro       = 4000
	MaxQuestionText    = 500
	MaxOptionText      = 200
	MaxFormLanguages   = 12
)

// FormText is one text in several languages: code (BCP 47) → text.
type FormText map[string]string

// In is the text in a language, else in the default one.
func (t FormText) In(code, fallback string) string {
	if s := t[code]; s != "" {
		return s
	}
	return t[fallback]
}

// LanguageOf is the language In answers in.
func (t FormText) LanguageOf(code, fallback string) string {
	if t[code] != "" {
		return code
	}
	return fallback
}

// Demand is whether a detail is asked, and must be given.
type Demand string

// The demands, from most to least.
const (
	Required Demand = "required"
	Optional Demand = "optional"
	NotAsked Demand = "none"
)

// Demands lists them in the order they are offered.
func Demands() []Demand { return []Demand{Required, Optional, NotAsked} }

// ContactRule says which details the form asks of who answers. An e-mail address is always the person's own choice.
type ContactRule struct {
	Name     Demand `json:"name"`
	Postcode Demand `json:"postcode"`
}

// Section is one page of the form.
type Section struct {
	ID        string     `json:"id"`
	Title     FormText   `json:"title"`
	Intro     FormText   `json:"intro,omitempty"`
	Questions []Question `json:"questions"`
}

// QuestionKind is how a question is answered.
type QuestionKind string

// The kinds of question.
const (
	ChoiceQuestion  QuestionKind = "choice"  // one option, or several
	ScaleQuestion   QuestionKind = "scale"   // a step between two named ends
	RankingQuestion QuestionKind = "ranking" // options put in order
	TextQuestion    QuestionKind = "text"    // own words
	PlaceQuestion   QuestionKind = "place"   // a place: on the map, by postcode or in words
)

// QuestionKinds lists them in the order they are offered.
func QuestionKinds() []QuestionKind {
	return []QuestionKind{ChoiceQuestion, ScaleQuestion, RankingQuestion, TextQuestion, PlaceQuestion}
}

// Question is one question. Its id is stable through every version of a form, so that figures of two rounds can be set side by side;
// it is also the topic of the words people write to it. Fields of other kinds than its own are zero.
type Question struct {
	ID       string       `json:"id"`
	Kind     QuestionKind `json:"kind"`
	Text     FormText     `json:"text"`
	Hint     FormText     `json:"hint,omitempty"`
	Required bool         `json:"required,omitempty"`
	ShownIf  *ShowRule    `json:"shown_if,omitempty"`

	Options []Option `json:"options,omitempty"` // choice, ranking
	Several bool     `json:"several,omitempty"` // choice: any number from Min to Max
	Other   bool     `json:"other,omitempty"`   // choice: "other, please say"
	Min     int      `json:"min,omitempty"`     // choice of several: at least so many, 0 = free
	Max     int      `json:"max,omitempty"`     // choice of several: at most so many, 0 = free; ranking: how many are put in order, 0 = all

	Steps    int      `json:"steps,omitempty"`     // scale: 1 to Steps
	Low      FormText `json:"low,omitempty"`       // scale: what step 1 means
	High     FormText `json:"high,omitempty"`      // scale: what the last step means
	DontKnow bool     `json:"dont_know,omitempty"` // scale: "I do not know" is offered

	Limit int `json:"limit,omitempty"` // text: at most so many characters, 0 = MaxPoint
}

// Option is one answer to choose or to rank.
type Option struct {
	ID   string   `json:"id"`
	Text FormText `json:"text"`
}

// ShowRule shows a question only when an earlier section's choice has a value.
type ShowRule struct {
	Question string `json:"question"` // a choice of an earlier section
	Value    string `json:"value"`    // the id of one of its options, or OtherOption
}

// OtherOption is the value of "other, please say"; DontKnowValue that of "I do not know". No option may have such an id.
const (
	OtherOption   = "other"
	DontKnowValue = "dont-know"
)

var formID = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// ValidFormID tells whether s can be the id of a section, question or option: small letters, digits and single hyphens, at most 40.
func ValidFormID(s string) bool { return len(s) <= 40 && formID.MatchString(s) }

// TextLimit is how many characters an answer in own words may have.
func (q Question) TextLimit() int {
	if q.Limit > 0 {
		return q.Limit
	}
	return MaxPoint
}

// Ranks is how many options can be put in order.
func (q Question) Ranks() int {
	if q.Max > 0 {
		return min(q.Max, len(q.Options))
	}
	return len(q.Options)
}

// Values lists what can be chosen: the options' ids and, where it is offered, OtherOption.
func (q Question) Values() []string {
	var values []string
	for _, o := range q.Options {
		values = append(values, o.ID)
	}
	if q.Other {
		values = append(values, OtherOption)
	}
	return values
}

// Option finds an option by its id.
func (q Question) Option(id string) (Option, bool) {
	i := slices.IndexFunc(q.Options, func(o Option) bool { return o.ID == id })
	if i < 0 {
		return Option{}, false
	}
	return q.Options[i], true
}

// Questions lists all questions in their order.
func (f Form) Questions() []Question {
	var all []Question
	for _, s := range f.Sections {
		all = append(all, s.Questions...)
	}
	return all
}

// Question finds one by its id.
func (f Form) Question(id string) (Question, bool) {
	for _, s := range f.Sections {
		for _, q := range s.Questions {
			if q.ID == id {
				return q, true
			}
		}
	}
	return Question{}, false
}

// Languages lists the languages the form's title is in, the default one first.
func (f Form) Languages() []string {
	list := []string{f.Language}
	var others []string
	for code := range f.Title {
		if code != f.Language {
			others = append(others, code)
		}
	}
	slices.Sort(others)
	return append(list, others...)
}

// Encode writes the definition as ParseForm reads it.
func (f Form) Encode() []byte {
	raw, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		panic("a form that JSON cannot carry: " + err.Error()) // strings, numbers and maps of strings only
	}
	return append(raw, '\n')
}

// FormVersion is one numbered version of a consultation's form. A published one never changes: editing makes the next.
type FormVersion struct {
	Consultation ID
	Number       int
	Form         Form
	Edits        int       // how often the draft was saved: two who edit at the same time collide
	PublishedAt  time.Time // zero = a draft
}

// Published tells whether the version can no longer change.
func (v FormVersion) Published() bool { return !v.PublishedAt.IsZero() }

// Subjects is what the words of one consultation's comments are about: the eight topics of the planning vocabulary, or the questions
// of its form. The zero value is planning.
type Subjects struct {
	Kind  ConsultationKind
	Forms []FormVersion // published versions, by number
}

// TopicsOf lists the topics of a consultation in the order they are asked; of a form's versions, the newest first and then what only
// older ones asked. It is the one place that says which topics a consultation has.
func TopicsOf(s Subjects) []Topic {
	if s.Kind.Planning() {
		return Topics()
	}
	var topics []Topic
	for i := range s.Forms {
		for _, q := range s.Forms[len(s.Forms)-1-i].Form.Questions() {
			if !slices.Contains(topics, Topic(q.ID)) {
				topics = append(topics, Topic(q.ID))
			}
		}
	}
	return topics
}

// Version finds a published version of the form; the newest one for 0.
func (s Subjects) Version(number int) (FormVersion, bool) {
	if len(s.Forms) > 0 && number == 0 {
		return s.Forms[len(s.Forms)-1], true
	}
	for _, v := range s.Forms {
		if v.Number == number {
			return v, true
		}
	}
	return FormVersion{}, false
}

// Question finds the question of a topic in the newest version that asks it, and the form it stands in.
func (s Subjects) Question(t Topic) (Question, Form, bool) {
	for i := range s.Forms {
		f := s.Forms[len(s.Forms)-1-i].Form
		if q, ok := f.Question(string(t)); ok {
			return q, f, true
		}
	}
	return Question{}, Form{}, false
}
