package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// paragraphPage is one paragraph of the report being written.
type paragraphPage struct {
	Base
	Desk      caseDesk
	Action    string
	Version   int
	Closed    bool // nothing of it can change any more
	Meanwhile *consult.Paragraph
	Heading   TextInput
	Text      TextArea
	Cites     citeFields
	Save      Button
	Remove    *Button // nil = it is new, or stays
}

// OfficerParagraph shows a paragraph, or the form of a new one.
func (w *Web) OfficerParagraph(c *fiber.Ctx) error { return w.officerParagraph(c, nil, nil) }

func (w *Web) officerParagraph(c *fiber.Ctx, f *Form, wrong error) error {
	d, err := w.writeDesk(c)
	if err != nil {
		return err
	}
	one, err := paragraphOf(c, d.report)
	if err != nil {
		return err
	}
	title := "officer_report.paragraph_title"
	if one.Version == 0 {
		title = "officer_report.new_title"
	}
	b := w.StaffBase(c, title, "n", one.Number, "title", d.subject.Title).about(d.subjects).WithErrors(wrong)
	p := drawParagraph(b, d.subject, one, d.weighed, f)
	if consult.KindOf(wrong) == consult.Conflict {
		p.Meanwhile = &one
		return w.Pages.Page(c, fiber.StatusConflict, "officer-paragraph", p)
	}
	return shown(w, c, "officer-paragraph", p, nil)
}

// paragraphOf finds the paragraph of the address; "new" is one that is not written yet.
func paragraphOf(c *fiber.Ctx, r consult.Report) (consult.Paragraph, error) {
	if c.Params("paragraph") == newRecord {
		return consult.Paragraph{Consultation: r.Consultation}, nil
	}
	id, err := consult.ParseID(c.Params("paragraph"))
	if err != nil {
		return consult.Paragraph{}, err
	}
	one, ok := r.Paragraph(id)
	if !ok {
		return one, &consult.Error{Kind: consult.NotFound, Op: "open paragraph"}
	}
	return one, nil
}

// newRecord stands in an address where the id of what is added will be.
const newRecord = "new"

func drawParagraph(b Base, k consult.Consultation, one consult.Paragraph, weighed []consult.WeighedTopic, f *Form) *paragraphPage {
	base := "/officer/consultations/" + k.ID.String() + "/report"
	p := &paragraphPage{Base: b, Desk: b.caseDesk(k.ID, "report"), Version: one.Version, Action: base + "/paragraphs/" + newRecord}
	p.Demo = p.Demo || k.Demo
	p.Back = &Link{Href: base, Text: p.T("officer_report.back")}
	late := one.Late || one.Version == 0
	p.Closed = k.State.Settled() || consult.Frozen(k.State) && !late
	if one.Version > 0 {
		p.Action = base + "/paragraphs/" + one.ID.String()
		if !consult.Frozen(k.State) {
			p.Remove = &Button{Text: p.T("officer_report.remove"), Name: "do", Value: "remove", Warning: true}
		}
	}
	p.Cites = p.citeFields(f, one.Version, one.Cites, weighed)
	f = values(f, map[string]string{"heading": one.Heading, "text": one.Text})
	p.Heading = p.TextInput(f, "heading", "officer_report.heading")
	p.Text = p.TextArea(f, "text", "officer_report.text", consult.MaxParagraph)
	p.Text.Rows = 10
	p.Save = Button{Text: p.T("officer_report.keep"), Name: "do", Value: "keep"}
	return p
}

// WriteParagraph keeps or removes it.
func (w *Web) WriteParagraph(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	one := consult.Paragraph{Version: versionOf(f), Heading: f.Line("heading", consult.MaxHeading), Text: f.Text("text", consult.MaxParagraph), Cites: readCites(f)}
	if one.Consultation, err = consult.ParseID(c.Params("id")); err != nil {
		return err
	}
	if c.Params("paragraph") != newRecord {
		if one.ID, err = consult.ParseID(c.Params("paragraph")); err != nil {
			return err
		}
	}
	remove := Choose(f, "do", []string{"keep", "remove"}) == "remove"
	if err = f.Err("write paragraph"); err == nil && remove {
		err = w.Service.RemoveParagraph(c.UserContext(), w.actor(c), one)
	} else if err == nil {
		_, err = w.Service.WriteParagraph(c.UserContext(), w.actor(c), one)
	}
	if refused(err) {
		return w.officerParagraph(c, f, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/officer/consultations/"+one.Consultation.String()+"/report", fiber.StatusSeeOther)
}
