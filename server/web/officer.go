package web

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/identity"
)

// officerPage changes one officer.
type officerPage struct {
	Base
	Email   string
	Seen    time.Time // zero = never
	Status  Tag
	Profile profileFields
	Roles   Choices
	Save    Button
	Actions []officerAction
	Problem string // why disabling was refused
}

// officerAction is a button of its own below the form.
type officerAction struct {
	Href, Text string
	Button     Button
}

func drawOfficer(b Base, row identity.Listed, f *Form) *officerPage {
	o := row.Officer
	if f == nil {
		roles := make([]string, len(o.Roles))
		for i, r := range o.Roles {
			roles[i] = string(r)
		}
		f = Filled(map[string][]string{"name": {o.Name}, "service": {o.Service}, "job_title": {o.Title}, "roles": roles})
	}
	p := &officerPage{Base: b, Email: o.Email, Seen: o.SeenAt, Profile: b.profileFields(f), Save: Button{Text: b.T("site.save")}}
	p.Roles = Checkboxes(&p.Base, f, "roles", "profile.roles", consult.Roles(), "role.")
	p.Back = &Link{Href: officersPath, Text: p.T("officers.title")}
	p.Problem = p.ErrorOf("disable")
	path := officersPath + "/" + o.ID.String()
	offer := func(name string, button Button) {
		button.Text = p.T("officers." + name)
		p.Actions = append(p.Actions, officerAction{Href: path + "/" + name, Text: p.T("officers." + name + "_text"), Button: button})
	}
	p.Status = p.statusTag(row.Status)
	switch row.Status {
	case identity.StatusInvited:
		offer("invite", Button{Secondary: true})
		offer("withdraw", Button{Warning: true})
	case identity.StatusLapsed:
		offer("invite", Button{Secondary: true})
	case identity.StatusDisabled:
		offer("enable", Button{Secondary: true})
	default:
		offer("disable", Button{Warning: true})
	}
	return p
}

// Officer shows one officer.
func (w *Web) Officer(c *fiber.Ctx) error { return w.officerPage(c, fiber.StatusOK, nil, nil) }

func (w *Web) officerPage(c *fiber.Ctx, status int, f *Form, invalid error) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	row, err := w.Identity.Officer(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	b := w.StaffBase(c, "officers.one_title", "name", row.Officer.Name).WithErrors(invalid)
	return w.Pages.Page(c, status, "officer", drawOfficer(b, row, f))
}

// ChangeOfficer saves name, service, title and roles.
func (w *Web) ChangeOfficer(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	profile := readProfile(f)
	profile.Roles = ChooseMany(f, "roles", consult.Roles())
	return w.changeOfficer(c, f, f.Err("change officer"), func(id consult.ID) error {
		return w.Identity.Change(c.UserContext(), w.actor(c), id, profile)
	})
}

// DisableOfficer ends somebody's access, or takes an invitation back.
func (w *Web) DisableOfficer(c *fiber.Ctx) error {
	return w.changeOfficer(c, nil, nil, func(id consult.ID) error { return w.Identity.Disable(c.UserContext(), w.actor(c), id) })
}

// EnableOfficer gives it back.
func (w *Web) EnableOfficer(c *fiber.Ctx) error {
	return w.changeOfficer(c, nil, nil, func(id consult.ID) error { return w.Identity.Enable(c.UserContext(), w.actor(c), id) })
}

// InviteOfficerAgain sends a new link in place of the former one.
func (w *Web) InviteOfficerAgain(c *fiber.Ctx) error {
	return w.changeOfficer(c, nil, nil, func(id consult.ID) error {
		return w.Identity.InviteAgain(c.UserContext(), w.actor(c), id, w.Language(c).Code)
	})
}

// changeOfficer runs a change and shows the list, or the page again with what is wrong.
func (w *Web) changeOfficer(c *fiber.Ctx, f *Form, invalid error, change func(consult.ID) error) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	if err = invalid; err == nil {
		err = change(id)
	}
	if consult.KindOf(err) == consult.Invalid {
		return w.officerPage(c, fiber.StatusUnprocessableEntity, f, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(officersPath, fiber.StatusSeeOther)
}
