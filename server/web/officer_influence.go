package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// officerInfluencePage is what people are told before they are asked: what can still change, and the documents.
type officerInfluencePage struct {
	Base
	Case      consult.Consultation
	State     Tag
	Desk      caseDesk
	Stands    SummaryList // the statement, where it can no longer be changed
	Parts     []TextArea  // else the form
	EIA       *Choices    // planning applications only
	Save      Button
	Documents []consult.Document
	Name, URL TextInput
	Text      TextArea
	Attach    Button
	Path      string
}

// influenceParts are the parts of the statement by field name, in the order they are asked.
func influenceParts(i *consult.Influence) []struct {
	Name string
	Text *string
} {
	return []struct {
		Name string
		Text *string
	}{{"open", &i.Open}, {"fixed", &i.Fixed}, {"decider", &i.Decider}, {"when", &i.When}, {"rules", &i.Rules}}
}

// OfficerInfluence shows it.
func (w *Web) OfficerInfluence(c *fiber.Ctx) error {
	p, err := w.officerInfluence(c, nil, nil)
	return shown(w, c, "officer-influence", p, err)
}

func (w *Web) officerInfluence(c *fiber.Ctx, f *Form, invalid error) (*officerInfluencePage, error) {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return nil, err
	}
	s, err := w.Service.Standing(c.UserContext(), w.actor(c), id)
	if err != nil {
		return nil, err
	}
	b := w.StaffBase(c, "officer_influence.title", "title", s.Consultation.Title).WithErrors(invalid)
	return drawOfficerInfluence(b, s, f), nil
}

func drawOfficerInfluence(b Base, s consult.Standing, f *Form) *officerInfluencePage {
	b = b.about(s.Subjects)
	k := s.Consultation
	p := &officerInfluencePage{Base: b, Case: k, State: b.StateTag(k.State), Desk: b.caseDesk(k.ID, "influence"), Documents: s.Documents,
		Path: "/officer/consultations/" + k.ID.String()}
	p.Demo = p.Demo || k.Demo
	p.Back = &Link{Href: "/officer", Text: p.T("inbox.back")}
	open := k.State == consult.Consulting || k.State == consult.Reconsulting
	if k.State.Settled() || open && k.Influence.Complete() {
		for _, part := range influenceParts(&k.Influence) {
			p.Stands.Rows = append(p.Stands.Rows, SummaryRow{Key: p.T("influence." + part.Name), Value: *part.Text, Typed: true})
		}
	} else {
		p.drawStatement(f, k)
	}
	p.Name = p.TextInput(f, "name", "officer_influence.name")
	p.URL = p.TextInput(f, "url", "officer_influence.url")
	p.URL.Type, p.URL.InputMode = "url", "url"
	p.Text = p.TextArea(f, "text", "officer_influence.text", consult.MaxDocument)
	p.Attach = Button{Text: p.T("officer_influence.attach"), Secondary: true}
	return p
}

// drawStatement draws the form of the statement: what was typed, else what is kept.
func (p *officerInfluencePage) drawStatement(f *Form, k consult.Consultation) {
	kept := map[string]string{}
	for _, part := range influenceParts(&k.Influence) {
		kept[part.Name] = *part.Text
	}
	if k.Application.EIA {
		kept["eia"] = "yes"
	}
	if f != nil && f.Has("attach") {
		f = nil // the other form of the page was sent
	}
	f = values(f, kept)
	for _, part := range influenceParts(&k.Influence) {
		p.Parts = append(p.Parts, p.TextArea(f, part.Name, "officer_influence."+part.Name, consult.MaxInfluence))
	}
	if k.Kind.Planning() {
		eia := Checkboxes(&p.Base, f, "eia", "officer_influence.eia_group", []string{"yes"}, "officer_influence.eia_")
		p.EIA = &eia
	}
	p.Save = Button{Text: p.T("officer_influence.save")}
}

// OfficerSetInfluence keeps the statement.
func (w *Web) OfficerSetInfluence(c *fiber.Ctx) error {
	f, id, err := readCase(c)
	if err != nil {
		return err
	}
	var i consult.Influence
	for _, part := range influenceParts(&i) {
		*part.Text = f.Text(part.Name, consult.MaxInfluence)
	}
	eia := f.Has("eia")
	err = f.Err("set influence")
	if err == nil {
		err = w.Service.SetInfluence(c.UserContext(), w.actor(c), id, i, eia)
	}
	return w.officerInfluenceDone(c, f, err)
}

// OfficerAttach attaches a document, by its address or as text.
func (w *Web) OfficerAttach(c *fiber.Ctx) error {
	f, id, err := readCase(c)
	if err != nil {
		return err
	}
	f.Has("attach")
	d := consult.Document{Consultation: id, Name: f.Line("name", consult.MaxDocumentName), URL: f.Line("url", 1000), Text: f.Text("text", consult.MaxDocument)}
	err = f.Err("add document")
	if err == nil {
		err = w.Service.AddDocument(c.UserContext(), w.actor(c), d)
	}
	return w.officerInfluenceDone(c, f, err)
}

func (w *Web) officerInfluenceDone(c *fiber.Ctx, f *Form, err error) error {
	if consult.KindOf(err) == consult.Invalid {
		p, failed := w.officerInfluence(c, f, err)
		return shown(w, c, "officer-influence", p, failed)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/officer/consultations/"+c.Params("id")+"/influence", fiber.StatusSeeOther)
}
