package web

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// officerQuestionPage edits one question of a draft.
type officerQuestionPage struct {
	Base
	Action            string
	Edits             int
	Section, Question int // -1 = a new one
	ID                TextInput
	Kind              Choices
	Texts             []formField
	Options           []formField
	Flags             Choices
	Min, Max          TextInput
	Steps, Limit      TextInput
	Ends              []formField
	ShownIf           Select
	Save              Button
}

// questionFlags are what a question can be besides its texts and numbers.
var questionFlags = []string{"required", "several", "other", "dont-know"}

// OfficerQuestion shows a question of the draft, or an empty one.
func (w *Web) OfficerQuestion(c *fiber.Ctx) error {
	query := ReadQuery(c)
	p, err := w.officerQuestion(c, query, nil, nil)
	return shown(w, c, "officer-question", p, err)
}

// officerQuestion draws the page; at holds which question it is, f what was typed and could not be kept.
func (w *Web) officerQuestion(c *fiber.Ctx, at, f *Form, invalid error) (*officerQuestionPage, error) {
	desk, section, question, err := w.questionAt(c, at)
	if err != nil {
		return nil, err
	}
	form := desk.Draft.Form
	q := consult.Question{Kind: consult.ChoiceQuestion, ID: freeID(form, "question")}
	if question >= 0 {
		q = form.Sections[section].Questions[question]
	}
	if f != nil {
		q = readQuestion(f, form, w.languageCodes())
	}
	b := w.StaffBase(c, "officer_form.question_title", "id", q.ID).WithErrors(invalid)
	p := drawQuestion(b, form, section, q, w.languageCodes())
	p.Action, p.Edits, p.Section, p.Question = "/officer/consultations/"+c.Params("id")+"/form/question", desk.Draft.Edits, section, question
	p.Back = &Link{Href: "/officer/consultations/" + c.Params("id") + "/form", Text: p.T("site.back")}
	return p, nil
}

// questionAt finds the draft and the place in it that an address or a form names: without a question a new one, without a section
// in the first.
func (w *Web) questionAt(c *fiber.Ctx, at *Form) (desk consult.FormDesk, section, question int, err error) {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return desk, 0, 0, err
	}
	if desk, err = w.Service.FormDesk(c.UserContext(), w.actor(c), id); err != nil {
		return desk, 0, 0, err
	}
	section, errSection := strconv.Atoi(cmp.Or(at.Value("section"), "0"))
	question = -1
	if raw := at.Value("question"); raw != "" && raw != "-1" {
		if question, err = strconv.Atoi(raw); err != nil || question < 0 {
			return desk, 0, 0, &consult.Error{Kind: consult.NotFound, Op: "open question"}
		}
	}
	sections := desk.Draft.Form.Sections
	if errSection != nil || section < 0 || section >= len(sections) || question >= len(sections[section].Questions) {
		return desk, 0, 0, &consult.Error{Kind: consult.NotFound, Op: "open question"}
	}
	return desk, section, question, nil
}

func drawQuestion(b Base, form consult.Form, section int, q consult.Question, site []string) *officerQuestionPage {
	p := &officerQuestionPage{Base: b}
	languages := allLanguages(form, site)
	typed := map[string][]string{"id": {q.ID}, "kind": {string(q.Kind)}}
	for name, n := range map[string]int{"min": q.Min, "max": q.Max, "steps": q.Steps, "limit": q.Limit} {
		if n > 0 {
			typed[name] = []string{strconv.Itoa(n)}
		}
	}
	for flag, set := range map[string]bool{"required": q.Required, "several": q.Several, "other": q.Other, "dont-know": q.DontKnow} {
		if set {
			typed["flags"] = append(typed["flags"], flag)
		}
	}
	f := Filled(typed)
	p.ID = p.TextInput(f, "id", "officer_form.id")
	p.Kind = Radios(&p.Base, f, "kind", "officer_form.kind", consult.QuestionKinds(), "question_kind.")
	p.Texts = append(p.textFields("text", "officer_form.text", q.Text, form.Language, languages, false),
		p.textFields("hint", "officer_form.question_hint", q.Hint, form.Language, languages, false)...)
	options := consult.FormText{}
	for _, code := range languages {
		options[code] = optionLines(q, code)
	}
	p.Options = p.textFields("options", "officer_form.options", options, form.Language, languages, true)
	p.Flags = Checkboxes(&p.Base, f, "flags", "officer_form.flags", questionFlags, "officer_form.flag_")
	p.Min, p.Max = p.TextInput(f, "min", "officer_form.min"), p.TextInput(f, "max", "officer_form.max")
	p.Steps, p.Limit = p.TextInput(f, "steps", "officer_form.steps"), p.TextInput(f, "limit", "officer_form.limit")
	for _, in := range []*TextInput{&p.Min, &p.Max, &p.Steps, &p.Limit} {
		in.Short, in.InputMode = true, "numeric"
	}
	p.Ends = append(p.textFields("low", "officer_form.low", q.Low, form.Language, languages, false),
		p.textFields("high", "officer_form.high", q.High, form.Language, languages, false)...)
	p.ShownIf = p.conditions(form, section, q.ShownIf)
	p.Save = Button{Text: p.T("officer_form.question_save")}
	return p
}

// optionLines writes options as lines "id: text".
func optionLines(q consult.Question, code string) string {
	var lines []string
	for _, o := range q.Options {
		if text := o.Text[code]; text != "" {
			lines = append(lines, o.ID+": "+text)
		}
	}
	return strings.Join(lines, "\n")
}

// conditions offers every value of a choice of an earlier section.
func (b *Base) conditions(form consult.Form, section int, chosen *consult.ShowRule) Select {
	s := Select{Field: b.field("shown-if", "officer_form.condition"), Options: []Choice{{Label: b.T("officer_form.always")}}}
	for _, earlier := range form.Sections[:section] {
		for _, q := range earlier.Questions {
			if q.Kind != consult.ChoiceQuestion {
				continue
			}
			for _, value := range q.Values() {
				s.Options = append(s.Options, Choice{Value: q.ID + " " + value, Label: b.T("officer_form.shown_if", "question", q.Text.In(form.Language, form.Language),
					"value", b.valueText(form, q, value)), Checked: chosen != nil && chosen.Question == q.ID && chosen.Value == value})
			}
		}
	}
	return s
}

// readQuestion reads the page's fields. What belongs to another kind of question is left away.
func readQuestion(f *Form, form consult.Form, site []string) consult.Question {
	languages := allLanguages(form, site)
	flags := ChooseMany(f, "flags", questionFlags)
	has := func(flag string) bool {
		for _, v := range flags {
			if v == flag {
				return true
			}
		}
		return false
	}
	number := func(name string) int { n, _ := f.Int(name, 1, consult.MaxPoint); return n }
	q := consult.Question{ID: f.Line("id", 40), Kind: Choose(f, "kind", consult.QuestionKinds()), Text: readTexts(f, "text", languages, consult.MaxQuestionText, false),
		Hint: readTexts(f, "hint", languages, consult.MaxQuestionText, false), Required: has("required")}
	lowest, highest, steps, limit := number("min"), number("max"), number("steps"), number("limit")
	low, high := readTexts(f, "low", languages, consult.MaxOptionText, false), readTexts(f, "high", languages, consult.MaxOptionText, false)
	options := readOptions(f, languages)
	switch q.Kind {
	case consult.ChoiceQuestion:
		q.Options, q.Several, q.Other = options, has("several"), has("other")
		if q.Several {
			q.Min, q.Max = lowest, highest
		}
	case consult.RankingQuestion:
		q.Options, q.Max = options, highest
	case consult.ScaleQuestion:
		q.Steps, q.Low, q.High, q.DontKnow = steps, low, high, has("dont-know")
	case consult.TextQuestion:
		q.Limit = limit
	}
	if question, value, ok := strings.Cut(f.Line("shown-if", 100), " "); ok {
		q.ShownIf = &consult.ShowRule{Question: question, Value: value}
	}
	return q
}

// readOptions reads the lines "id: text" of every language into options, in the order of the first one.
func readOptions(f *Form, languages []string) []consult.Option {
	var options []consult.Option
	at := map[string]int{}
	for _, code := range languages {
		for _, line := range strings.Split(f.Text("options-"+code, consult.MaxOptions*(consult.MaxOptionText+50)), "\n") {
			id, text, ok := strings.Cut(line, ":")
			id, text = strings.TrimSpace(id), strings.TrimSpace(text)
			if !ok || id == "" {
				if strings.TrimSpace(line) != "" {
					f.Fail("options-"+code, "form_option_line")
				}
				continue
			}
			if _, known := at[id]; !known {
				at[id] = len(options)
				options = append(options, consult.Option{ID: id, Text: consult.FormText{}})
			}
			if text != "" {
				options[at[id]].Text[code] = text
			}
		}
	}
	return options
}

// OfficerQuestionSave keeps the question in the draft.
func (w *Web) OfficerQuestionSave(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	desk, section, question, err := w.questionAt(c, f)
	if err != nil {
		return err
	}
	for _, name := range []string{"section", "question"} {
		f.Has(name)
	}
	edits, _ := f.Int("edits", 0, 1<<30)
	form := desk.Draft.Form
	q := readQuestion(f, form, w.languageCodes())
	if !consult.ValidFormID(q.ID) {
		f.Fail("id", "form_id")
	}
	for i, s := range form.Sections {
		for j, other := range s.Questions {
			if other.ID == q.ID && (i != section || j != question) {
				f.Fail("id", "form_twice")
			}
		}
	}
	if f.Err("") == nil {
		for _, e := range consult.CheckQuestion(q, form.Language) {
			e.Field = questionField(e.Field, form.Language)
			f.Add([]consult.FieldError{e})
		}
	}
	if err = f.Err("save question"); err == nil {
		questions := append([]consult.Question(nil), form.Sections[section].Questions...)
		if question < 0 {
			questions = append(questions, q)
		} else {
			questions[question] = q
		}
		form.Sections = append([]consult.Section(nil), form.Sections...)
		form.Sections[section].Questions = questions
		err = w.Service.SaveForm(c.UserContext(), w.actor(c), desk.Consultation.ID, form, edits)
	}
	if consult.KindOf(err) == consult.Invalid {
		p, failed := w.officerQuestion(c, f, f, err)
		return shown(w, c, "officer-question", p, failed)
	}
	return w.officerFormDone(c, f, err)
}

// questionField is the page's field for a place in a question's definition.
func questionField(path, language string) string {
	name, _, _ := strings.Cut(path, ".")
	name, _, _ = strings.Cut(name, "[")
	switch name {
	case "text", "hint", "options", "low", "high":
		return name + "-" + language
	case "several", "other", "dont_know":
		return "flags"
	}
	return name
}
