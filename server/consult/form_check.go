package consult

import (
	"regexp"
	"slices"
	"strconv"
)

var languageCode = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$`)

// CheckForm holds a whole definition to its rules; fields name the place in it. A form that passes can be published.
func CheckForm(f Form) []FieldError {
	var bad check
	if f.Format != FormFormat {
		bad.add("format", "form_format", "format", FormFormat)
	}
	if !languageCode.MatchString(f.Language) {
		bad.add("language", "form_language")
	}
	if len(f.Title) > MaxFormLanguages {
		bad.add("title", "form_many", "max", MaxFormLanguages)
	}
	bad.formText("title", f.Title, f.Language, MaxFormTitle, true)
	bad.formText("intro", f.Intro, f.Language, MaxFormIntro, false)
	bad.formText("return", f.Return, f.Language, MaxFormIntro, false)
	bad.demand("contact.name", f.Contact.Name)
	bad.demand("contact.postcode", f.Contact.Postcode)
	switch n := len(f.Sections); {
	case n == 0:
		bad.add("sections", "form_sections")
	case n > MaxSections:
		bad.add("sections", "form_many", "max", MaxSections)
	}
	if len(f.Questions()) > MaxQuestions {
		bad.add("sections", "form_many", "max", MaxQuestions)
	}
	sections, questions := map[string]bool{}, map[string]bool{}
	earlier := map[string]Question{}
	for i, s := range f.Sections {
		path := "sections[" + strconv.Itoa(i) + "]"
		bad.formID(path+".id", s.ID, sections)
		for _, e := range CheckSection(s, f.Language) {
			bad.fields = append(bad.fields, prefixed(path, e))
		}
		for j, q := range s.Questions {
			at := path + ".questions[" + strconv.Itoa(j) + "]"
			bad.formID(at+".id", q.ID, questions)
			for _, e := range CheckQuestion(q, f.Language) {
				bad.fields = append(bad.fields, prefixed(at, e))
			}
			bad.condition(at+".shown_if", q.ShownIf, earlier)
		}
		for _, q := range s.Questions {
			earlier[q.ID] = q
		}
	}
	return bad.fields
}

func prefixed(path string, e FieldError) FieldError {
	e.Field = path + "." + e.Field
	return e
}

// CheckSection holds what a section says of itself to its rules.
func CheckSection(s Section, language string) []FieldError {
	var bad check
	bad.formText("title", s.Title, language, MaxFormTitle, true)
	bad.formText("intro", s.Intro, language, MaxFormIntro, false)
	switch n := len(s.Questions); {
	case n == 0:
		bad.add("questions", "form_questions")
	case n > MaxSectionSize:
		bad.add("questions", "form_many", "max", MaxSectionSize)
	}
	return bad.fields
}

// CheckQuestion holds one question to the rules of its kind. What depends on other questions is CheckForm's.
func CheckQuestion(q Question, language string) []FieldError {
	var bad check
	bad.formText("text", q.Text, language, MaxQuestionText, true)
	bad.formText("hint", q.Hint, language, MaxQuestionText, false)
	switch q.Kind {
	case ChoiceQuestion:
		bad.options(q, language, 1, MaxOptions)
		bad.bounds(q)
	case RankingQuestion:
		bad.options(q, language, 2, MaxRanked)
		if q.Max == 1 || q.Max > len(q.Options) {
			bad.add("max", "form_number")
		}
	case ScaleQuestion:
		if q.Steps < MinSteps || q.Steps > MaxSteps {
			bad.add("steps", "form_between", "low", MinSteps, "high", MaxSteps)
		}
		bad.formText("low", q.Low, language, MaxOptionText, true)
		bad.formText("high", q.High, language, MaxOptionText, true)
	case TextQuestion:
		if q.Limit > MaxPoint {
			bad.add("limit", "form_between", "low", 1, "high", MaxPoint)
		}
	case PlaceQuestion:
	default:
		bad.add("kind", "form_kind")
		return bad.fields
	}
	bad.foreign(q)
	return bad.fields
}

// foreign refuses what belongs to another kind: it would be dropped without a word.
func (c *check) foreign(q Question) {
	for _, f := range []struct {
		field string
		given bool
		kinds []QuestionKind
	}{
		{"options", len(q.Options) > 0, []QuestionKind{ChoiceQuestion, RankingQuestion}},
		{"several", q.Several, []QuestionKind{ChoiceQuestion}},
		{"other", q.Other, []QuestionKind{ChoiceQuestion}},
		{"min", q.Min != 0, []QuestionKind{ChoiceQuestion}},
		{"max", q.Max != 0, []QuestionKind{ChoiceQuestion, RankingQuestion}},
		{"steps", q.Steps != 0, []QuestionKind{ScaleQuestion}},
		{"low", len(q.Low) > 0, []QuestionKind{ScaleQuestion}},
		{"high", len(q.High) > 0, []QuestionKind{ScaleQuestion}},
		{"dont_know", q.DontKnow, []QuestionKind{ScaleQuestion}},
		{"limit", q.Limit != 0, []QuestionKind{TextQuestion}},
	} {
		if f.given && !slices.Contains(f.kinds, q.Kind) {
			c.add(f.field, "form_foreign", "kind", string(q.Kind))
		}
	}
}

func (c *check) options(q Question, language string, least, most int) {
	if n := len(q.Options); n < least || n > most {
		c.add("options", "form_between", "low", least, "high", most)
	}
	seen := map[string]bool{}
	for i, o := range q.Options {
		at := "options[" + strconv.Itoa(i) + "]"
		c.formID(at+".id", o.ID, seen)
		if o.ID == OtherOption || o.ID == DontKnowValue {
			c.add(at+".id", "form_reserved")
		}
		c.formText(at+".text", o.Text, language, MaxOptionText, true)
	}
}

// bounds holds "choose 2 to 3" to what can be chosen.
func (c *check) bounds(q Question) {
	n := len(q.Values())
	if !q.Several && (q.Min != 0 || q.Max != 0) {
		c.add("several", "form_several")
		return
	}
	if q.Min > n {
		c.add("min", "form_between", "low", 0, "high", n)
	}
	if q.Max > n || q.Max != 0 && q.Max < max(q.Min, 1) {
		c.add("max", "form_between", "low", max(q.Min, 1), "high", n)
	}
}

func (c *check) condition(path string, when *ShowRule, earlier map[string]Question) {
	if when == nil {
		return
	}
	q, ok := earlier[when.Question]
	switch {
	case !ok || q.Kind != ChoiceQuestion:
		c.add(path, "form_condition")
	case !slices.Contains(q.Values(), when.Value):
		c.add(path, "form_condition_value")
	}
}

func (c *check) formID(path, id string, seen map[string]bool) {
	switch {
	case !ValidFormID(id):
		c.add(path, "form_id")
	case seen[id]:
		c.add(path, "form_twice")
	}
	seen[id] = true
}

func (c *check) demand(path string, d Demand) {
	if !slices.Contains(Demands(), d) {
		c.add(path, "form_demand")
	}
}

// formText wants the default language of a text that stands, and every translation to be a text, too.
func (c *check) formText(path string, t FormText, language string, limit int, required bool) {
	if (required || len(t) > 0) && Blank(t[language]) {
		c.add(path, "form_default", "language", language)
		return
	}
	for code, s := range t {
		if !languageCode.MatchString(code) {
			c.add(path, "form_language")
			return
		}
		before := len(c.fields)
		c.text(path+"."+code, s, limit, true)
		if len(c.fields) > before {
			return
		}
	}
}

// changedKinds refuses that a question of an earlier version means something else under the same id: two rounds' figures would be
// added up that have nothing in common.
func changedKinds(f Form, earlier []FormVersion) []FieldError {
	var bad check
	for i, s := range f.Sections {
		for j, q := range s.Questions {
			for _, v := range earlier {
				old, ok := v.Form.Question(q.ID)
				if ok && (old.Kind != q.Kind || old.Steps != q.Steps) {
					bad.add("sections["+strconv.Itoa(i)+"].questions["+strconv.Itoa(j)+"].id", "form_changed", "n", v.Number)
					break
				}
			}
		}
	}
	return bad.fields
}
