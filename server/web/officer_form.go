package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// officerFormPage is where an officer builds a form: small forms, one per thing to change, that need no script. What is being written
// is a draft; publishing makes a version that never changes.
type officerFormPage struct {
	Base
	Desk      caseDesk
	Case      consult.Consultation
	Path      string
	Edits     int
	Draft     bool
	Number    int
	Published []formVersionView
	Problems  []string // what keeps the draft from being published
	Settings  []formField
	Name      Choices
	Postcode  Choices
	Sections  []formSectionView
	Added     []formField // the title of a new section
	Import    TextArea
	File      Field
	Button    func(key, do string) Button
}

// formField is a one-line or a longer text in one language.
type formField struct {
	Line *TextInput
	Area *TextArea
}

type formVersionView struct {
	Number      int
	At          consult.Date
	Paper, File string
}

type formSectionView struct {
	Index     int
	Title     string
	Fields    []formField
	Questions []formQuestionView
	Add       Link
}

type formQuestionView struct {
	Index      int
	Text, Kind string
	Condition  string
	Edit       Link
}

// OfficerForm shows the form of a consultation that is no planning application.
func (w *Web) OfficerForm(c *fiber.Ctx) error {
	p, err := w.officerForm(c, nil, nil)
	return shown(w, c, "officer-form", p, err)
}

func (w *Web) officerForm(c *fiber.Ctx, f *Form, invalid error) (*officerFormPage, error) {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return nil, err
	}
	desk, err := w.Service.FormDesk(c.UserContext(), w.actor(c), id)
	if err != nil {
		return nil, err
	}
	b := w.StaffBase(c, "officer_form.title", "title", desk.Consultation.Title).WithErrors(invalid)
	return drawOfficerForm(b, desk, f, w.languageCodes(), w.Service.Calendar()), nil
}

// languageCodes are the site's languages: a form may be in each.
func (w *Web) languageCodes() []string {
	var codes []string
	for _, l := range w.Texts.Languages() {
		codes = append(codes, l.Code)
	}
	return codes
}

func drawOfficerForm(b Base, d consult.FormDesk, f *Form, languages []string, cal consult.Calendar) *officerFormPage {
	k := d.Consultation
	b = b.about(consult.Subjects{Kind: k.Kind})
	p := &officerFormPage{Base: b, Case: k, Path: "/officer/consultations/" + k.ID.String() + "/form", Edits: d.Draft.Edits,
		Draft: d.Draft.Number > 0, Number: d.Draft.Number, Desk: b.caseDesk(k.ID, "form")}
	p.Demo = p.Demo || k.Demo
	p.Back = &Link{Href: "/officer", Text: p.T("inbox.back")}
	p.Button = func(key, do string) Button {
		return Button{Text: p.T("officer_form." + key), Name: "do", Value: do, Secondary: true}
	}
	for _, v := range d.Published {
		n := strconv.Itoa(v.Number)
		p.Published = append(p.Published, formVersionView{Number: v.Number, At: cal.Day(v.PublishedAt),
			Paper: "/consultations/" + k.ID.String() + "/form?version=" + n, File: p.Path + "/file?version=" + n})
	}
	p.Import = p.TextArea(f, "definition", "officer_form.definition", 0)
	p.File = p.field("file", "officer_form.file")
	if !p.Draft {
		return p
	}
	for _, problem := range d.Problems {
		p.Problems = append(p.Problems, p.problem(problem))
	}
	form := d.Draft.Form
	languages = allLanguages(form, languages)
	p.Settings = append(p.textFields("title", "officer_form.form_title", form.Title, form.Language, languages, false),
		append(p.textFields("intro", "officer_form.intro", form.Intro, form.Language, languages, true),
			p.textFields("return", "officer_form.return", form.Return, form.Language, languages, true)...)...)
	typed := Filled(map[string][]string{"name": {string(form.Contact.Name)}, "postcode": {string(form.Contact.Postcode)}})
	p.Name = Radios(&p.Base, typed, "name", "officer_form.name", consult.Demands(), "officer_form.demand_")
	p.Postcode = Radios(&p.Base, typed, "postcode", "officer_form.postcode", consult.Demands(), "officer_form.demand_")
	for i, s := range form.Sections {
		p.Sections = append(p.Sections, p.formSection(form, i, s, languages))
	}
	p.Added = p.textFields("new-title", "officer_form.section_title", nil, form.Language, languages, false)
	return p
}

// problem says what is wrong and where.
func (b *Base) problem(e consult.FieldError) string {
	return b.T("officer_form.problem", "place", e.Field, "problem", errorText(b.Language, consult.FieldError{Field: "", Rule: e.Rule, Args: e.Args}))
}

func (p *officerFormPage) formSection(form consult.Form, i int, s consult.Section, languages []string) formSectionView {
	n := strconv.Itoa(i)
	v := formSectionView{Index: i, Title: s.Title.In(form.Language, form.Language)}
	v.Fields = append(p.textFields("section-"+n+"-title", "officer_form.section_title", s.Title, form.Language, languages, false),
		p.textFields("section-"+n+"-intro", "officer_form.section_intro", s.Intro, form.Language, languages, true)...)
	v.Add = Link{Href: p.Path + "/question?section=" + n, Text: p.T("officer_form.question_add")}
	for j, q := range s.Questions {
		view := formQuestionView{Index: j, Text: q.Text.In(form.Language, form.Language), Kind: p.T("question_kind." + string(q.Kind)),
			Edit: Link{Href: p.Path + "/question?section=" + n + "&question=" + strconv.Itoa(j), Text: p.T("site.change")}}
		if q.ShownIf != nil {
			view.Condition = p.T("officer_form.shown_if", "question", q.ShownIf.Question, "value", q.ShownIf.Value)
		}
		v.Questions = append(v.Questions, view)
	}
	return v
}

// allLanguages are those of the form and those of the site, the form's default one first.
func allLanguages(form consult.Form, site []string) []string {
	list := form.Languages()
	for _, code := range site {
		found := false
		for _, l := range list {
			found = found || l == code
		}
		if !found {
			list = append(list, code)
		}
	}
	return list
}

// textFields asks for a text in every language; only the default one must be given.
func (b *Base) textFields(name, key string, t consult.FormText, fallback string, languages []string, long bool) []formField {
	var fields []formField
	for _, code := range languages {
		field := Field{Name: name + "-" + code, Label: b.T("officer_form.in_language", "text", b.T(key), "language", code), Error: b.ErrorOf(name + "-" + code)}
		if code == fallback && b.Language.Has(key+"_hint") {
			field.Hint = b.T(key + "_hint")
		}
		if long {
			fields = append(fields, formField{Area: &TextArea{Field: field, Value: t[code], Rows: 3}})
		} else {
			fields = append(fields, formField{Line: &TextInput{Field: field, Value: t[code]}})
		}
	}
	return fields
}

// readTexts reads a text in every language.
func readTexts(f *Form, name string, languages []string, limit int, long bool) consult.FormText {
	t := consult.FormText{}
	for _, code := range languages {
		read := f.Line
		if long {
			read = f.Text
		}
		text := read(name+"-"+code, limit)
		if text != "" {
			t[code] = text
		}
	}
	if len(t) == 0 {
		return nil
	}
	return t
}

// OfficerFormSave changes one thing of the draft: "do" says which.
func (w *Web) OfficerFormSave(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	ctx, actor := c.UserContext(), w.actor(c)
	desk, err := w.Service.FormDesk(ctx, actor, id)
	if err != nil {
		return err
	}
	edits, _ := f.Int("edits", 0, 1<<30)
	f.Has("do")
	switch f.Value("do") {
	case "start":
		err = w.Service.SaveForm(ctx, actor, id, startForm(desk), 0)
	case "publish":
		err = w.Service.PublishForm(ctx, actor, id, edits)
	case "drop":
		err = w.Service.DropForm(ctx, actor, id)
	default:
		form := desk.Draft.Form
		w.changeForm(f, &form)
		if err = f.Err("change form"); err == nil {
			err = w.Service.SaveForm(ctx, actor, id, form, edits)
		}
	}
	return w.officerFormDone(c, f, err)
}

// startForm is what a new draft begins with: the newest version, or an empty form.
func startForm(d consult.FormDesk) consult.Form {
	if n := len(d.Published); n > 0 {
		return d.Published[n-1].Form
	}
	return consult.Form{Format: consult.FormFormat, Language: "en", Title: consult.FormText{"en": d.Consultation.Title},
		Contact: consult.ContactRule{Name: consult.Optional, Postcode: consult.Required}}
}

func (w *Web) officerFormDone(c *fiber.Ctx, f *Form, err error) error {
	if consult.KindOf(err) == consult.Invalid {
		p, failed := w.officerForm(c, f, err)
		return shown(w, c, "officer-form", p, failed)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/officer/consultations/"+c.Params("id")+"/form", fiber.StatusSeeOther)
}

// changeForm makes the change that "do" names in a form.
func (w *Web) changeForm(f *Form, form *consult.Form) {
	languages := allLanguages(*form, w.languageCodes())
	form.Sections = append([]consult.Section(nil), form.Sections...)
	section, hasSection := f.Int("section", 0, len(form.Sections)-1)
	do := f.Value("do")
	switch {
	case do == "settings":
		form.Title = readTexts(f, "title", languages, consult.MaxFormTitle, false)
		form.Intro = readTexts(f, "intro", languages, consult.MaxFormIntro, true)
		form.Return = readTexts(f, "return", languages, consult.MaxFormIntro, true)
		form.Contact = consult.ContactRule{Name: Choose(f, "name", consult.Demands()), Postcode: Choose(f, "postcode", consult.Demands())}
	case do == "section-add":
		title := readTexts(f, "new-title", languages, consult.MaxFormTitle, false)
		if title[form.Language] == "" {
			f.Fail("new-title-"+form.Language, "required")
		}
		form.Sections = append(form.Sections, consult.Section{ID: freeID(*form, "section"), Title: title})
	case !hasSection:
		f.Fail("section", "choice")
	case do == "section-save":
		s := &form.Sections[section]
		n := strconv.Itoa(section)
		s.Title = readTexts(f, "section-"+n+"-title", languages, consult.MaxFormTitle, false)
		s.Intro = readTexts(f, "section-"+n+"-intro", languages, consult.MaxFormIntro, true)
	case do == "section-remove":
		form.Sections = append(form.Sections[:section], form.Sections[section+1:]...)
	case do == "section-up" && section > 0:
		form.Sections[section-1], form.Sections[section] = form.Sections[section], form.Sections[section-1]
	case do == "section-down" && section < len(form.Sections)-1:
		form.Sections[section+1], form.Sections[section] = form.Sections[section], form.Sections[section+1]
	default:
		changeQuestions(f, form, section, do)
	}
}

// changeQuestions moves or removes a question. At the edge of a section it goes over into the next one.
func changeQuestions(f *Form, form *consult.Form, section int, do string) {
	s := &form.Sections[section]
	at, ok := f.Int("question", 0, len(s.Questions)-1)
	if !ok {
		f.Fail("question", "choice")
		return
	}
	s.Questions = append([]consult.Question(nil), s.Questions...)
	q := s.Questions[at]
	switch {
	case do == "question-up" && at > 0:
		s.Questions[at-1], s.Questions[at] = q, s.Questions[at-1]
		return
	case do == "question-down" && at < len(s.Questions)-1:
		s.Questions[at+1], s.Questions[at] = q, s.Questions[at+1]
		return
	case do == "question-up" && section > 0:
		before := &form.Sections[section-1]
		before.Questions = append(append([]consult.Question(nil), before.Questions...), q)
	case do == "question-down" && section < len(form.Sections)-1:
		after := &form.Sections[section+1]
		after.Questions = append([]consult.Question{q}, after.Questions...)
	case do != "question-remove":
		f.Fail("do", "choice")
		return
	}
	s.Questions = append(s.Questions[:at], s.Questions[at+1:]...)
}

// freeID makes an id nothing in the form has.
func freeID(form consult.Form, prefix string) string {
	taken := map[string]bool{}
	for _, s := range form.Sections {
		taken[s.ID] = true
		for _, q := range s.Questions {
			taken[q.ID] = true
		}
	}
	for n := 1; ; n++ {
		if id := prefix + "-" + strconv.Itoa(n); !taken[id] {
			return id
		}
	}
}
