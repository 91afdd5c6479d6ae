package web

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// officerConsulteesPage lists whom a case is shown to for an opinion, and adds to them.
type officerConsulteesPage struct {
	Base
	Desk  caseDesk
	List  []consulteeRow
	Pages Pagination
	Ask   *Button // nil = everybody was asked
	AskID Field   // where "nobody to ask" is said
	Pick  Select  // from the directory
	Form  consulteeForm
	Why   TextArea
	Due   DateInput
	Keep  Choices
	Add   Button
	Path  string
}

// consulteeForm is who a consultee is and how it is reached.
type consulteeForm struct {
	Name, Email, Address, Postcode TextInput
	Kind                           Choices
}

// consulteeRow is one consultee in a list.
type consulteeRow struct {
	consult.Consultee
	Href    string
	Kind    string
	Tag     Tag
	Overdue bool
	Case    *Link // in lists of several cases
}

const consulteesPerPage = 25

// OfficerConsultees shows a case's consultees.
func (w *Web) OfficerConsultees(c *fiber.Ctx) error {
	p, err := w.officerConsultees(c, nil, nil)
	return shown(w, c, "officer-consultees", p, err)
}

func (w *Web) officerConsultees(c *fiber.Ctx, f *Form, invalid error) (*officerConsulteesPage, error) {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return nil, err
	}
	v, list, directory, err := w.Service.Consultees(c.UserContext(), w.actor(c), id)
	if err != nil {
		return nil, err
	}
	b := w.StaffBase(c, "officer_consultees.title", "title", v.Consultation.Title).WithErrors(invalid)
	return drawOfficerConsultees(b, v, list, directory, f, PageNumber(ReadQuery(c)), w.today()), nil
}

func drawOfficerConsultees(b Base, v consult.CaseView, list []consult.Consultee, directory []consult.DirectoryEntry, f *Form, number int,
	today consult.Date) *officerConsulteesPage {
	k := v.Consultation
	p := &officerConsulteesPage{Base: b, Desk: b.caseDesk(k.ID, "consultees"), Path: "/officer/consultations/" + k.ID.String() + "/consultees"}
	p.Demo = p.Demo || k.Demo
	p.Back = &Link{Href: "/officer", Text: p.T("inbox.back")}
	waiting := 0
	for i, one := range list {
		if one.State == consult.NotConsulted {
			waiting++
		}
		if i/consulteesPerPage == number-1 {
			p.List = append(p.List, p.consulteeRow(one, today))
		}
	}
	p.Pages = Paginate(number, len(list), consulteesPerPage, url.Values{})
	if waiting > 0 {
		p.Ask = &Button{Text: p.T("officer_consultees.ask", "n", waiting), Name: "ask", Value: "yes"}
	}
	p.Pick = Select{Field: p.field("pick", "officer_consultees.pick"), Options: []Choice{{Label: p.T("officer_consultees.pick_none")}}}
	for _, e := range directory {
		p.Pick.Options = append(p.Pick.Options, Choice{Value: e.Name, Label: e.Name, Checked: f.Value("pick") == e.Name})
	}
	p.Form = p.consulteeForm(f)
	p.Why = p.TextArea(f, "why", "officer_consultees.why", 1000)
	p.Due = p.DateInput(f, "due", "officer_consultees.due")
	p.Keep = Checkboxes(&p.Base, f, "keep", "officer_consultees.keep", []string{"yes"}, "officer_consultees.keep_")
	p.Add = Button{Text: p.T("officer_consultees.add")}
	return p
}

func (b *Base) consulteeForm(f *Form) consulteeForm {
	v := consulteeForm{Name: b.TextInput(f, "name", "officer_consultees.name"), Email: b.TextInput(f, "email", "officer_consultees.email"),
		Address: b.TextInput(f, "address", "officer_consultees.address"), Postcode: b.TextInput(f, "postcode", "officer_consultees.postcode"),
		Kind: Radios(b, f, "kind", "officer_consultees.kind", consult.ConsulteeKinds(), "consultee_kind.")}
	v.Email.Type, v.Postcode.Short = "email", true
	return v
}

func (b *Base) consulteeRow(c consult.Consultee, today consult.Date) consulteeRow {
	return consulteeRow{Consultee: c, Href: "/officer/consultees/" + c.ID.String(), Kind: b.T("consultee_kind." + string(c.Kind)),
		Tag: b.consulteeTag(c.State), Overdue: c.Overdue(today)}
}

// consulteeTag words where a consultee stands.
func (b *Base) consulteeTag(s consult.ConsulteeState) Tag {
	kinds := map[consult.ConsulteeState]string{consult.NotConsulted: "wait", consult.AwaitingAnswer: "open", consult.ConsulteeAsked: "wait",
		consult.ConsulteeFailed: "held", consult.Responded: "done"}
	return Tag{Text: b.T("consultee_state." + string(s)), Kind: kinds[s]}
}

// OfficerAddConsultee adds one to a case, or asks everybody who was not asked yet.
func (w *Web) OfficerAddConsultee(c *fiber.Ctx) error {
	f, id, err := readCaseForm(c)
	if err != nil {
		return err
	}
	if f.Has("ask") {
		_, err = w.Service.AskConsultees(c.UserContext(), w.actor(c), id)
		return w.officerConsulteesDone(c, f, err)
	}
	one := consult.Consultee{Consultation: id, Name: f.Line("name", consult.MaxName), Kind: Choose(f, "kind", consult.ConsulteeKinds()),
		Why: f.Text("why", 1000), DueOn: f.Date("due")}
	contact := readReach(f)
	keep := len(ChooseMany(f, "keep", []string{"yes"})) > 0
	if pick := f.Line("pick", consult.MaxName); pick != "" {
		if one, contact, err = w.picked(c, pick, one); err != nil {
			return err
		}
		keep = false
	}
	if err = f.Err("add consultee"); err == nil {
		_, err = w.Service.AddConsultee(c.UserContext(), w.actor(c), one, contact, keep)
	}
	return w.officerConsulteesDone(c, f, err)
}

func readReach(f *Form) consult.ConsulteeContact {
	return consult.ConsulteeContact{Email: f.Line("email", consult.MaxEmail), Address: f.Line("address", consult.MaxAddress), Postcode: f.Line("postcode", 10)}
}

// picked fills a consultee from the directory.
func (w *Web) picked(c *fiber.Ctx, name string, one consult.Consultee) (consult.Consultee, consult.ConsulteeContact, error) {
	_, _, directory, err := w.Service.Consultees(c.UserContext(), w.actor(c), one.Consultation)
	for _, e := range directory {
		if e.Name == name {
			one.Name, one.Kind = e.Name, e.Kind
			return one, e.ConsulteeContact, err
		}
	}
	return one, consult.ConsulteeContact{}, err
}

func (w *Web) officerConsulteesDone(c *fiber.Ctx, f *Form, err error) error {
	if consult.KindOf(err) == consult.Invalid {
		p, failed := w.officerConsultees(c, f, err)
		return shown(w, c, "officer-consultees", p, failed)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/officer/consultations/"+c.Params("id")+"/consultees", fiber.StatusSeeOther)
}

// officerConsulteesDuePage lists, for every case, whose answer is late.
type officerConsulteesDuePage struct {
	Base
	List []consulteeRow
}

// OfficerConsulteesDue shows it.
func (w *Web) OfficerConsulteesDue(c *fiber.Ctx) error {
	list, cases, err := w.Service.OverdueConsultees(c.UserContext(), w.actor(c))
	if err != nil {
		return err
	}
	return w.Pages.Page(c, fiber.StatusOK, "officer-consultees-due", drawConsulteesDue(w.StaffBase(c, "officer_consultees.due_title"), list, cases, w.today()))
}

func drawConsulteesDue(b Base, list []consult.Consultee, cases map[consult.ID]consult.Consultation, today consult.Date) *officerConsulteesDuePage {
	p := &officerConsulteesDuePage{Base: b}
	p.Back = &Link{Href: "/officer", Text: p.T("inbox.back")}
	for _, one := range list {
		row := p.consulteeRow(one, today)
		row.Case = &Link{Href: "/officer/consultations/" + one.Consultation.String() + "/consultees", Text: cases[one.Consultation].Title}
		p.List = append(p.List, row)
	}
	return p
}
