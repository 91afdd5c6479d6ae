package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

const councillorsPath = "/officer/councillors"

// councillorsPage lists the councillors who have a personal link, and adds one.
type councillorsPage struct {
	Base
	List   []councillorEntry
	Name   TextInput
	Email  TextInput
	Ward   Select
	Submit Button
}

// councillorEntry is one of them.
type councillorEntry struct {
	ID, Name, Ward, Email string
	Left                  string // since when; "" = in office
	Renew, Leave          Button
}

// Councillors shows the list.
func (w *Web) Councillors(c *fiber.Ctx) error {
	p, err := w.councillors(c, nil, nil)
	if err == nil {
		for _, done := range []string{"added", "renewed", "ended"} {
			if c.Query("done") == done {
				p.Notice = p.T("officer_councillors." + done)
			}
		}
	}
	return shown(w, c, "officer-councillors", p, err)
}

func (w *Web) councillors(c *fiber.Ctx, f *Form, invalid error) (*councillorsPage, error) {
	list, err := w.Service.Councillors(c.UserContext(), w.actor(c))
	if err != nil {
		return nil, err
	}
	wards, err := w.Service.Wards(c.UserContext())
	if err != nil {
		return nil, err
	}
	return drawCouncillors(w.StaffBase(c, "officer_councillors.title").WithErrors(invalid), list, wards, f), nil
}

func drawCouncillors(b Base, list []consult.CouncillorFile, wards map[string]string, f *Form) *councillorsPage {
	p := &councillorsPage{Base: b, Submit: Button{Text: b.T("officer_councillors.submit")}}
	for _, one := range list {
		k := one.Councillor
		e := councillorEntry{ID: k.ID.String(), Name: k.Name, Ward: wards[k.WardCode], Email: one.Contact.Email}
		if e.Ward == "" {
			e.Ward = p.T("officer_councillors.whole")
		}
		if !k.LeftAt.IsZero() {
			e.Left = p.T("officer_councillors.left", "date", p.Language.Date(k.LeftAt))
		} else {
			e.Renew = Button{Text: p.T("officer_councillors.renew_for", "name", k.Name), Name: "do", Value: "renew", Secondary: true}
			e.Leave = Button{Text: p.T("officer_councillors.leave_for", "name", k.Name), Name: "do", Value: "leave", Warning: true}
		}
		p.List = append(p.List, e)
	}
	p.Name, p.Email = p.TextInput(f, "name", "officer_councillors.name"), p.TextInput(f, "email", "officer_councillors.email")
	p.Email.Type = "email"
	p.Ward = p.wardSelect(f, wards)
	return p
}

// AddCouncillor keeps one and sends the personal link.
func (w *Web) AddCouncillor(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	one := consult.Councillor{Name: f.Line("name", consult.MaxName), WardCode: f.Line("ward", 20)}
	contact := consult.CouncillorContact{Email: f.Line("email", consult.MaxEmail), Language: w.Language(c).Code}
	if err = f.Err("add councillor"); err == nil {
		_, err = w.Service.AddCouncillor(c.UserContext(), w.actor(c), one, contact)
	}
	if consult.KindOf(err) == consult.Invalid {
		p, failed := w.councillors(c, f, err)
		return shown(w, c, "officer-councillors", p, failed)
	}
	if err != nil {
		return err
	}
	return c.Redirect(councillorsPath+"?done=added", fiber.StatusSeeOther)
}

// ChangeCouncillor sends a new link or ends the old one for good.
func (w *Web) ChangeCouncillor(c *fiber.Ctx) error {
	f, id, err := readCaseForm(c)
	if err != nil {
		return err
	}
	do := Choose(f, "do", []string{"renew", "leave"})
	if err := f.Err("change councillor"); err != nil {
		return err
	}
	done := "renewed"
	if do == "leave" {
		done, err = "ended", w.Service.CouncillorLeft(c.UserContext(), w.actor(c), id)
	} else {
		err = w.Service.RenewCouncillorLink(c.UserContext(), w.actor(c), id)
	}
	if err != nil {
		return err
	}
	return c.Redirect(councillorsPath+"?done="+done, fiber.StatusSeeOther)
}
