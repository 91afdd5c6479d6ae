package web

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// These draw and read the questions of a form, from its definition.

// questionView is one question as a page asks it. Exactly one of its fields is set, Other beside Radios or Boxes.
type questionView struct {
	Language string // of the definition's text where it is not the page's; "" = the page's
	Radios   *Choices
	Boxes    *Choices
	Other    *TextArea
	Rank     *rankView
	Text     *TextArea
	Place    *placeView
}

// rankView orders options by a number for each: it works by keyboard and without a script.
type rankView struct {
	Field   // its name is the first select's, which the error summary leads to
	Selects []Select
}

// placeView asks for a place: on the map, by postcode, in words or as numbers.
type placeView struct {
	Field
	Words, Postcode, Lat, Lon TextInput
	MapLat, MapLon            string // where the map begins
	Basemap                   Basemap
	Open                      bool // the numbers are shown
}

// drawSection fills a page with the questions of a section that are asked of this person.
func (p *responsePage) drawSection(w *Web, f *Form, form consult.Form, section int, typed consult.Typed, k consult.Consultation) {
	s := form.Sections[section]
	p.Heading = s.Title.In(p.Language.Code, form.Language)
	p.HeadLang = p.foreign(s.Title, form)
	if section == 0 {
		p.Intro = paragraphs(form.Intro.In(p.Language.Code, form.Language))
	}
	p.Intro = append(p.Intro, paragraphs(s.Intro.In(p.Language.Code, form.Language))...)
	if f == nil {
		f = Filled(typed)
	}
	for _, q := range consult.ShownQuestions(form, section, typed) {
		v := p.question(f, form, q)
		if v.Place != nil {
			v.Place.MapLat, v.Place.MapLon = coordinate(k.Place.Lat), coordinate(k.Place.Lon)
			if w.Map != nil {
				v.Place.Basemap = w.Map.basemap
			}
			if len(p.Scripts) == 0 {
				p.Scripts = append(p.Scripts, "part/place-picker/place-picker.js")
			}
		}
		p.Questions = append(p.Questions, v)
	}
}

// foreign is the language a text is shown in where it is not the page's.
func (b *Base) foreign(t consult.FormText, form consult.Form) string {
	if code := t.LanguageOf(b.Language.Code, form.Language); code != b.Language.Code {
		return code
	}
	return ""
}

// asking makes the field of a question: its text, marked when it may be left out, its hint, its error.
func (b *Base) asking(form consult.Form, q consult.Question, name string) Field {
	f := Field{Name: name, Label: q.Text.In(b.Language.Code, form.Language), Hint: q.Hint.In(b.Language.Code, form.Language), Error: b.ErrorOf(name)}
	if !q.Required {
		f.Label = b.T("form.optional", "question", f.Label)
	}
	return f
}

// question draws one question.
func (b *Base) question(f *Form, form consult.Form, q consult.Question) questionView {
	v := questionView{Language: b.foreign(q.Text, form)}
	field := b.asking(form, q, q.Field())
	switch q.Kind {
	case consult.ChoiceQuestion:
		c := Choices{Field: field, Choices: b.optionChoices(f, form, q)}
		if q.Several {
			c.Hint = strings.TrimSpace(c.Hint + " " + b.howMany(q))
			v.Boxes = &c
		} else {
			v.Radios = &c
		}
		if q.Other {
			v.Other = b.otherBox(f, q)
		}
	case consult.ScaleQuestion:
		v.Radios = &Choices{Field: field, Choices: b.stepChoices(f, form, q)}
	case consult.RankingQuestion:
		v.Rank = b.rankView(f, form, q, field)
	case consult.TextQuestion:
		v.Text = &TextArea{Field: field, Value: f.Value(q.Field()), Max: q.TextLimit()}
	case consult.PlaceQuestion:
		v.Place = b.placeView(f, q, field)
	}
	return v
}

// howMany says how many answers a choice of several takes.
func (b *Base) howMany(q consult.Question) string {
	switch {
	case q.Min > 0 && q.Max > 0:
		return b.T("form.choose_between", "low", q.Min, "n", q.Max)
	case q.Max > 0:
		return b.T("form.choose_most", "n", q.Max)
	case q.Min > 1:
		return b.T("form.choose_least", "n", q.Min)
	}
	return b.T("form.choose_all")
}

func (b *Base) optionChoices(f *Form, form consult.Form, q consult.Question) []Choice {
	var list []Choice
	add := func(value, label string) {
		c := Choice{Value: value, Label: label}
		for _, typed := range f.Values(q.Field()) {
			c.Checked = c.Checked || typed == value
		}
		list = append(list, c)
	}
	for _, o := range q.Options {
		add(o.ID, o.Text.In(b.Language.Code, form.Language))
	}
	if q.Other {
		add(consult.OtherOption, b.T("form.other"))
	}
	return list
}

func (b *Base) otherBox(f *Form, q consult.Question) *TextArea {
	name := q.OtherField()
	return &TextArea{Field: Field{Name: name, Label: b.T("form.other_say"), Error: b.ErrorOf(name)}, Value: f.Value(name), Rows: 2, Max: consult.MaxPoint}
}

func (b *Base) stepChoices(f *Form, form consult.Form, q consult.Question) []Choice {
	var list []Choice
	typed := f.Value(q.Field())
	for n := 1; n <= q.Steps; n++ {
		value := strconv.Itoa(n)
		list = append(list, Choice{Value: value, Label: b.stepText(form, q, n), Checked: typed == value})
	}
	if q.DontKnow {
		list = append(list, Choice{Value: consult.DontKnowValue, Label: b.T("form.dont_know"), Checked: typed == consult.DontKnowValue})
	}
	return list
}

// stepText is a step of a scale: its number, and at the ends what it means.
func (b *Base) stepText(form consult.Form, q consult.Question, n int) string {
	number := b.Language.Number(int64(n))
	switch n {
	case 1:
		return b.T("form.step", "step", number, "meaning", q.Low.In(b.Language.Code, form.Language))
	case q.Steps:
		return b.T("form.step", "step", number, "meaning", q.High.In(b.Language.Code, form.Language))
	}
	return number
}

func (b *Base) rankView(f *Form, form consult.Form, q consult.Question, field Field) *rankView {
	v := &rankView{Field: field}
	v.Name = "q-" + q.ID // of the group; the selects have names of their own
	v.Hint = strings.TrimSpace(v.Hint + " " + b.T("form.rank_hint", "n", q.Ranks()))
	for _, o := range q.Options {
		name := q.RankField(o.ID)
		s := Select{Field: Field{Name: name, Label: o.Text.In(b.Language.Code, form.Language), Error: b.ErrorOf(name)},
			Options: []Choice{{Label: b.T("form.not_ranked")}}}
		for n := 1; n <= q.Ranks(); n++ {
			value := strconv.Itoa(n)
			s.Options = append(s.Options, Choice{Value: value, Label: b.Language.Number(int64(n)), Checked: f.Value(name) == value})
		}
		v.Selects = append(v.Selects, s)
	}
	return v
}

func (b *Base) placeView(f *Form, q consult.Question, field Field) *placeView {
	input := func(name, key string) TextInput { return b.TextInput(f, name, key) }
	v := &placeView{Field: field, Words: input(q.Field(), "comment_new.place"), Postcode: input(q.PostcodeField(), "comment_new.place_postcode"),
		Lat: input(q.LatField(), "comment_new.lat"), Lon: input(q.LonField(), "comment_new.lon")}
	v.Name = q.Field() + "--place"
	v.Postcode.Short = true
	for _, in := range []*TextInput{&v.Lat, &v.Lon} {
		in.Short, in.InputMode = true, "decimal"
		v.Open = v.Open || in.Value != "" || in.Error != ""
	}
	return v
}

// readSection takes what was typed into a section's fields into typed, and reports what breaks its rules.
func (w *Web) readSection(c *fiber.Ctx, f *Form, form consult.Form, section int, typed consult.Typed) error {
	for _, q := range consult.ShownQuestions(form, section, typed) {
		for _, name := range q.Fields() {
			delete(typed, name)
			f.Has(name)
			if values := f.Values(name); len(values) > 0 && values[0] != "" {
				typed[name] = values
			}
		}
		if q.Kind != consult.PlaceQuestion {
			continue
		}
		delete(typed, q.PostcodeField())
		for _, name := range []string{q.LatField(), q.LonField()} {
			if v := westernDigits(f.Line(name, 40)); v != "" {
				typed[name] = []string{v}
			}
		}
		if err := w.findPlace(c, f, q, typed); err != nil {
			return err
		}
	}
	_, wrong := consult.ReadSection(form, section, typed)
	f.Add(wrong)
	return nil
}

// findPlace puts the mark where a postcode lies, when one was typed.
func (w *Web) findPlace(c *fiber.Ctx, f *Form, q consult.Question, typed consult.Typed) error {
	postcode := f.Line(q.PostcodeField(), 12)
	if postcode == "" {
		return nil
	}
	place, err := w.Service.Locate(c.UserContext(), postcode)
	switch consult.KindOf(err) {
	case consult.Invalid:
		f.Fail(q.PostcodeField(), "postcode")
	case consult.NotFound:
		f.Fail(q.PostcodeField(), "postcode_unknown")
	default:
		if err != nil {
			return err
		}
		typed[q.LatField()], typed[q.LonField()] = []string{coordinate(place.Lat)}, []string{coordinate(place.Lon)}
	}
	return nil
}

// drawDetails asks who answers, as far as the form wants to know.
func (p *responsePage) drawDetails(f *Form, rule consult.ContactRule, d consult.DraftData) {
	shown := ""
	if d.ShowName {
		shown = "yes"
	}
	f = values(f, map[string]string{"name": d.Contact.Name, "postcode": d.Contact.Postcode, "email": d.Contact.Email, "show-name": shown})
	p.Heading = p.Title
	demanded := func(in TextInput, demand consult.Demand) TextInput {
		if demand == consult.Optional {
			in.Label = p.T("form.optional", "question", in.Label)
		}
		return in
	}
	if rule.Name != consult.NotAsked {
		p.Name = demanded(p.TextInput(f, "name", "comment_new.name"), rule.Name)
		p.Name.Autocomplete = "name"
		p.ShowName = Checkboxes(&p.Base, f, "show-name", "comment_new.show_name", []string{"yes"}, "comment_new.show_name_")
	}
	if rule.Postcode != consult.NotAsked {
		p.Code = demanded(p.TextInput(f, "postcode", "comment_new.postcode"), rule.Postcode)
		p.Code.Short, p.Code.Autocomplete = true, "postal-code"
	}
	p.Email = p.TextInput(f, "email", "comment_new.email")
	p.Email.Type, p.Email.Autocomplete = "email", "email"
}

func readFormDetails(f *Form, rule consult.ContactRule, d *consult.DraftData) {
	d.Contact = consult.Contact{Email: f.Line("email", consult.MaxEmail)}
	d.ShowName = false
	if rule.Name != consult.NotAsked {
		d.Contact.Name = f.Line("name", consult.MaxName)
		d.ShowName = len(ChooseMany(f, "show-name", []string{"yes"})) > 0 && d.Contact.Name != ""
	}
	if rule.Postcode != consult.NotAsked {
		d.Contact.Postcode = f.Line("postcode", 12)
	}
	if f.Err("") == nil {
		f.Add(consult.CheckContactOf(rule, d.Contact))
	}
}

// drawCheck lists every answer with the way back to it.
func (p *responsePage) drawCheck(form consult.Form, d consult.Draft) {
	p.Heading = p.Title
	row := func(key, value, step string, typed bool) {
		if value == "" {
			value, typed = p.T("site.none"), false
		}
		p.Check.Rows = append(p.Check.Rows, SummaryRow{Key: key, Value: value, Typed: typed, Change: stepHref(d.Token, step) + "?return=check"})
	}
	responses, _ := consult.ReadResponses(form, d.Data.Typed)
	for i := range form.Sections {
		for _, q := range consult.ShownQuestions(form, i, d.Data.Typed) {
			row(q.Text.In(p.Language.Code, form.Language), p.responseText(form, q, responses), formStep(i), true)
		}
	}
	if form.Contact.Name != consult.NotAsked {
		row(p.T("comment_new.name"), d.Data.Contact.Name, "details", true)
		shown := "comment_new.name_hidden"
		if d.Data.ShowName {
			shown = "comment_new.name_shown"
		}
		row(p.T("comment_new.show_name"), p.T(shown), "details", false)
	}
	if form.Contact.Postcode != consult.NotAsked {
		row(p.T("comment_new.postcode"), d.Data.Contact.Postcode, "details", true)
	}
	row(p.T("comment_new.email"), d.Data.Contact.Email, "details", true)
	p.Next = Button{Text: p.T("form.send")}
}

// responseText words what somebody answered to a question; "" for nothing.
func (b *Base) responseText(form consult.Form, q consult.Question, responses []consult.Response) string {
	for _, r := range responses {
		if r.Question == q.ID {
			return b.answerText(form, q, r)
		}
	}
	return ""
}

func (b *Base) answerText(form consult.Form, q consult.Question, r consult.Response) string {
	switch q.Kind {
	case consult.ChoiceQuestion:
		var parts []string
		for _, id := range r.Chosen {
			parts = append(parts, b.valueText(form, q, id))
		}
		if r.Words != "" {
			parts = append(parts, r.Words)
		}
		return strings.Join(parts, "; ")
	case consult.ScaleQuestion:
		if r.DontKnow {
			return b.T("form.dont_know")
		}
		return b.T("form.step_of", "step", r.Step, "of", q.Steps)
	case consult.RankingQuestion:
		var parts []string
		for i, id := range r.Ranked {
			parts = append(parts, b.Language.Number(int64(i+1))+". "+b.valueText(form, q, id))
		}
		return strings.Join(parts, "; ")
	case consult.PlaceQuestion:
		if r.HasPlace {
			return strings.TrimSpace(b.T("comment_new.place_both", "place", r.Words, "lat", coordinate(r.Lat), "lon", coordinate(r.Lon)))
		}
	}
	return r.Words
}

// valueText words a value that can be chosen.
func (b *Base) valueText(form consult.Form, q consult.Question, id string) string {
	if o, ok := q.Option(id); ok {
		return o.Text.In(b.Language.Code, form.Language)
	}
	switch id {
	case consult.OtherOption:
		return b.T("form.other")
	case consult.DontKnowValue:
		return b.T("form.dont_know")
	}
	if n, err := strconv.Atoi(id); err == nil && q.Kind == consult.ScaleQuestion {
		return b.stepText(form, q, n)
	}
	return id
}
