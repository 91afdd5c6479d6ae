package web

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// factDeskPage is one card being written, published or taken back.
type factDeskPage struct {
	Base
	Desk      *caseDesk
	Action    string
	Case      string // the consultation of a new card; "" = it holds everywhere
	Rev       int
	State     Tag
	Meanwhile *consult.Fact
	Kind      Choices
	Claim     TextInput
	Short     TextArea
	Answer    TextArea
	Sources   []sourceFields
	Phrasings TextArea
	Spoken    Choices // the language
	Service   TextInput
	Review    DateInput
	Changed   *TextInput // nil = nothing of it is public yet
	Tell      *Choices
	Save      Button
	Publish   *factMove // nil = it is published, or not saved yet
	Retire    *factMove // nil = it is not published
	Pins      string    // address of the page of pins; "" = a new card
	Public    string    // address of the public page; "" = there is none
	Versions  []factVersion
}

// sourceFields are the boxes of one source.
type sourceFields struct {
	Title, Link TextInput
	Document    *Select // nil = the case has none
}

// factMove is the form that changes a card's state.
type factMove struct {
	Action string
	Tell   *Choices
	Why    *TextInput
	Button Button
}

// OfficerFact shows a card, or the form of a new one.
func (w *Web) OfficerFact(c *fiber.Ctx) error { return w.officerFact(c, nil, nil) }

func (w *Web) officerFact(c *fiber.Ctx, f *Form, wrong error) error {
	file, err := w.factFile(c, f)
	if err != nil {
		return err
	}
	title := "officer_fact.title"
	if file.Fact.Rev == 0 {
		title = "officer_fact.new_title"
	}
	b := w.StaffBase(c, title, "claim", file.Fact.Claim).WithErrors(wrong)
	if k := file.Consultation; k.ID != 0 {
		subjects, err := w.Service.Subjects(c.UserContext(), w.actor(c), k.ID)
		if err != nil {
			return err
		}
		b = b.about(subjects)
	}
	p := drawFactDesk(b, file, w.siteLanguages(), f)
	if done := c.Query("done"); done == "saved" || done == "published" || done == "taken_back" {
		p.Notice = p.T("officer_fact." + done)
	}
	if consult.KindOf(wrong) == consult.Conflict {
		p.Meanwhile = &file.Fact
		return w.Pages.Page(c, fiber.StatusConflict, "officer-fact", p)
	}
	return shown(w, c, "officer-fact", p, nil)
}

// siteLanguages are the languages that a card can be written in, code and own name: those of the site, so that its picture can be
// worded in the same.
func (w *Web) siteLanguages() []Choice {
	var list []Choice
	for _, l := range w.Texts.Languages() {
		list = append(list, Choice{Value: l.Code, Label: l.Name})
	}
	return list
}

// factFile opens the card of the address; "new" is an empty one of the consultation that address or form names.
func (w *Web) factFile(c *fiber.Ctx, f *Form) (consult.FactFile, error) {
	if c.Params("id") != newRecord {
		id, err := consult.ParseID(c.Params("id"))
		if err != nil {
			return consult.FactFile{}, err
		}
		return w.Service.FactFile(c.UserContext(), w.actor(c), id)
	}
	var consultation consult.ID
	named := c.Query("consultation")
	if f != nil {
		named = f.Value("consultation")
	}
	if named != "" {
		var err error
		if consultation, err = consult.ParseID(named); err != nil {
			return consult.FactFile{}, err
		}
	}
	return w.Service.NewFact(c.UserContext(), w.actor(c), consultation)
}

func drawFactDesk(b Base, file consult.FactFile, languages []Choice, typed *Form) *factDeskPage {
	one := file.Fact
	p := &factDeskPage{Base: b, Rev: one.Rev, State: b.factTag(one.State), Action: allFacts + "/" + newRecord}
	p.Back = &Link{Href: allFacts, Text: p.T("officer_fact.back")}
	if k := file.Consultation; k.ID != 0 {
		desk := b.caseDesk(k.ID, "facts")
		p.Desk, p.Case, p.Demo = &desk, k.ID.String(), p.Demo || k.Demo
		p.Back.Href = "/officer/consultations/" + k.ID.String() + "/facts"
	}
	p.fields(file, languages, typed)
	if one.Rev == 0 {
		return p
	}
	p.Action = factDeskHref(one.ID)
	p.Pins = p.Action + "/pins"
	if !one.PublishedAt.IsZero() {
		p.Public = factHref(one.ID)
	}
	if one.State == consult.FactPublished {
		changed := p.TextInput(typed, "changed", "officer_fact.changed")
		p.Changed, p.Tell = &changed, p.tell(typed)
		p.Save.Text = p.T("officer_fact.save_public")
		why := p.TextInput(typed, "why", "officer_fact.why")
		p.Retire = &factMove{Action: p.Action + "/retire", Why: &why, Button: Button{Text: p.T("officer_fact.retire"), Warning: true}}
	} else {
		p.Publish = &factMove{Action: p.Action + "/publish", Tell: p.tell(typed), Button: Button{Text: p.T("officer_fact.publish")}}
	}
	for _, v := range file.Versions {
		at := p.T("officer_fact.version_draft")
		if !v.PublicAt.IsZero() {
			at = p.T("officer_fact.version_public", "date", p.Language.DateTime(v.PublicAt))
		}
		p.Versions = append(p.Versions, factVersion{At: at, Changed: v.Changed, Quote: p.T("fact.quote", "claim", v.Claim), Short: v.Short})
	}
	return p
}

// tells are the readers that an officer can choose to write to.
var tells = []string{"authors", "followers"}

// tell asks whom to write to; the authors unless somebody chose otherwise.
func (p *factDeskPage) tell(f *Form) *Choices {
	if f == nil {
		f = Filled(map[string][]string{"tell": {"authors"}})
	}
	choices := Checkboxes(&p.Base, f, "tell", "officer_fact.tell", tells, "officer_fact.tell_")
	return &choices
}

// fields draws the boxes of a card.
func (p *factDeskPage) fields(file consult.FactFile, languages []Choice, typed *Form) {
	one := file.Fact
	saved := map[string]string{"kind": string(one.Kind), "claim": one.Claim, "short": one.Short, "answer": one.Answer, "service": one.Service,
		"phrasings": strings.Join(one.Phrasings, "\n"), "language": one.Language}
	if y, m, d, ok := dayParts(one.ReviewOn); ok {
		saved["review-year"], saved["review-month"], saved["review-day"] = y, m, d
	}
	for i, source := range one.Sources {
		name := sourceName(i)
		saved[name], saved[name+"-link"] = source.Title, source.URL
		if source.Document != 0 {
			saved[name+"-document"] = source.Document.String()
		}
	}
	if one.Language == "" {
		saved["language"] = languages[0].Value
	}
	f := values(typed, saved)
	p.Kind = Radios(&p.Base, f, "kind", "officer_fact.kind", consult.FactKinds(), "officer_fact.kind_")
	p.Claim = p.TextInput(f, "claim", "officer_fact.claim")
	p.Short = p.TextArea(f, "short", "officer_fact.short", consult.MaxShort)
	p.Short.Rows = 3
	p.Answer = p.TextArea(f, "answer", "officer_fact.answer", consult.MaxFact)
	p.Phrasings = p.TextArea(f, "phrasings", "officer_fact.phrasings", 0)
	p.Spoken = Choices{Field: p.field("language", "officer_fact.language"), Inline: true}
	for _, l := range languages {
		l.Checked = l.Value == f.Value("language")
		p.Spoken.Choices = append(p.Spoken.Choices, l)
	}
	p.Service = p.TextInput(f, "service", "officer_fact.service")
	p.Review = p.DateInput(f, "review", "officer_fact.review")
	p.Save = Button{Text: p.T("officer_fact.save")}
	shown := min(consult.MaxSources, max(2, len(one.Sources)+1))
	for i := range consult.MaxSources {
		if i < shown || f.Value(sourceName(i)) != "" || p.ErrorOf(sourceName(i)) != "" {
			p.Sources = append(p.Sources, p.source(f, i, file.Documents))
		}
	}
}

func sourceName(i int) string { return "source-" + strconv.Itoa(i+1) }

func (p *factDeskPage) source(f *Form, i int, documents []consult.Document) sourceFields {
	name := sourceName(i)
	s := sourceFields{Title: p.TextInput(f, name, "officer_fact.source_title"), Link: p.TextInput(f, name+"-link", "officer_fact.source_link")}
	s.Title.Label, s.Link.Label = p.T("officer_fact.source_title", "n", i+1), p.T("officer_fact.source_link", "n", i+1)
	s.Link.Type, s.Link.InputMode = "url", "url"
	if len(documents) == 0 {
		return s
	}
	s.Document = &Select{Field: p.field(name+"-document", "officer_fact.source_document"), Options: []Choice{{Label: p.T("officer_fact.no_document")}}}
	s.Document.Label = p.T("officer_fact.source_document", "n", i+1)
	for _, d := range documents {
		s.Document.Options = append(s.Document.Options, Choice{Value: d.ID.String(), Label: d.Name, Checked: d.ID.String() == f.Value(name+"-document")})
	}
	return s
}

// dayParts takes a day apart for its three boxes.
func dayParts(d consult.Date) (year, month, day string, ok bool) {
	parts := strings.Split(string(d), "-")
	if len(parts) != 3 {
		return "", "", "", false
	}
	return parts[0], strings.TrimPrefix(parts[1], "0"), strings.TrimPrefix(parts[2], "0"), true
}

// WriteFact saves a card.
func (w *Web) WriteFact(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	one, err := w.readFact(c, f)
	if err != nil {
		return err
	}
	tell := readTelling(f)
	id := one.ID
	if err = f.Err("write fact"); err == nil {
		id, err = w.Service.WriteFact(c.UserContext(), w.actor(c), one, tell)
	}
	if refused(err) {
		return w.officerFact(c, f, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(factDeskHref(id)+"?done=saved", fiber.StatusSeeOther)
}

// readFact takes a card from its form.
func (w *Web) readFact(c *fiber.Ctx, f *Form) (consult.Fact, error) {
	one := consult.Fact{Rev: revOf(f), Kind: Choose(f, "kind", consult.FactKinds()), Claim: f.Line("claim", consult.MaxClaim),
		Short: strings.Join(strings.Fields(f.Text("short", consult.MaxShort)), " "), Answer: f.Text("answer", consult.MaxFact),
		Phrasings: strings.Split(f.Text("phrasings", consult.MaxPhrasings*(consult.MaxClaim+1)), "\n"), Service: f.Line("service", consult.MaxName),
		ReviewOn: f.Date("review"), Changed: f.Line("changed", consult.MaxReason), Language: f.Line("language", 35)}
	if !w.Texts.Supports(one.Language) {
		f.Fail("language", "choice")
	}
	for i := range consult.MaxSources {
		name := sourceName(i)
		source := consult.FactSource{Title: f.Line(name, consult.MaxHeading), URL: f.Line(name+"-link", consult.MaxReason)}
		if named := f.Line(name+"-document", 20); named != "" {
			document, err := consult.ParseID(named)
			if err != nil {
				f.Fail(name+"-document", "choice")
			}
			source.Document = document
		}
		one.Sources = append(one.Sources, source)
	}
	var err error
	if named := f.Line("consultation", 20); named != "" {
		if one.Consultation, err = consult.ParseID(named); err != nil {
			return one, err
		}
	}
	if c.Params("id") != newRecord {
		one.ID, err = consult.ParseID(c.Params("id"))
	}
	return one, err
}

func revOf(f *Form) int {
	n, _ := f.Int("rev", 0, 1_000_000)
	return n
}

func readTelling(f *Form) consult.FactTelling {
	var t consult.FactTelling
	for _, who := range ChooseMany(f, "tell", tells) {
		t.Authors, t.Followers = t.Authors || who == "authors", t.Followers || who == "followers"
	}
	return t
}

// PublishFact publishes a card as it was saved.
func (w *Web) PublishFact(c *fiber.Ctx) error {
	return w.moveFact(c, "published", func(f *Form, id consult.ID, rev int) error {
		tell := readTelling(f)
		if err := f.Err("publish fact"); err != nil {
			return err
		}
		return w.Service.PublishFact(c.UserContext(), w.actor(c), id, rev, tell)
	})
}

// RetireFact takes one back.
func (w *Web) RetireFact(c *fiber.Ctx) error {
	return w.moveFact(c, "taken_back", func(f *Form, id consult.ID, rev int) error {
		why := f.Line("why", consult.MaxReason)
		if err := f.Err("retire fact"); err != nil {
			return err
		}
		return w.Service.RetireFact(c.UserContext(), w.actor(c), id, rev, why)
	})
}

// moveFact changes a card's state. What is refused is shown on the card's page, with what was saved.
func (w *Web) moveFact(c *fiber.Ctx, done string, move func(*Form, consult.ID, int) error) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	if err = move(f, id, revOf(f)); refused(err) {
		return w.officerFact(c, nil, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(factDeskHref(id)+"?done="+done, fiber.StatusSeeOther)
}
