package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/identity"
)

// setUpPage makes the first administrator of an empty site. Its address was printed to the operator.
type setUpPage struct {
	Base
	Profile profileFields
	Submit  Button
}

// profileFields are what is asked about an officer.
type profileFields struct {
	Name, Email, Service, JobTitle TextInput
}

func (b *Base) profileFields(f *Form) profileFields {
	p := profileFields{Name: b.TextInput(f, "name", "profile.name"), Email: b.TextInput(f, "email", "profile.email"),
		Service: b.TextInput(f, "service", "profile.service"), JobTitle: b.TextInput(f, "job_title", "profile.job_title")}
	p.Email.Type = "email"
	return p
}

// readProfile takes a profile from a form. What stands in the fields alone counts: a hidden role is not asked for here.
func readProfile(f *Form) identity.Profile {
	return identity.Profile{Name: f.Line("name", identity.MaxLine), Email: f.Line("email", consult.MaxEmail),
		Service: f.Line("service", identity.MaxLine), Title: f.Line("job_title", identity.MaxLine)}
}

func drawSetUp(b Base, f *Form) *setUpPage {
	p := &setUpPage{Base: b, Profile: b.profileFields(f)}
	p.NoIndex, p.Languages = true, nil
	p.Profile.Name.Autocomplete, p.Profile.Email.Autocomplete, p.Profile.JobTitle.Autocomplete = "name", "email", "organization-title"
	p.Submit = Button{Text: p.T("set_up.submit")}
	return p
}

// SetUpForm shows the form.
func (w *Web) SetUpForm(c *fiber.Ctx) error {
	NoReferrer(c)
	v, err := w.Identity.Peek(c.UserContext(), c.Params("token"), "")
	if err == nil && v.Purpose != consult.LinkSetUp {
		err = &consult.Error{Kind: consult.Closed, Op: "open a set-up link"}
	}
	if err != nil {
		return w.linkOver(c, err)
	}
	return w.Pages.Page(c, fiber.StatusOK, "set-up", drawSetUp(w.Base(c, "set_up.title"), nil))
}

// SetUp makes the administrator and signs them in.
func (w *Web) SetUp(c *fiber.Ctx) error {
	NoReferrer(c)
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	profile := readProfile(f)
	var entry identity.Entry
	if err = f.Err("set up"); err == nil {
		entry, err = w.Identity.SetUp(c.UserContext(), w.use(c), profile)
	}
	if consult.KindOf(err) == consult.Invalid {
		return w.Pages.Page(c, fiber.StatusUnprocessableEntity, "set-up", drawSetUp(w.Base(c, "set_up.title").WithErrors(err), f))
	}
	if err != nil {
		return w.linkOver(c, err)
	}
	w.setAsked(c, asked{})
	w.setSession(c, entry.Token)
	return c.Redirect("/admin/officers", fiber.StatusSeeOther)
}
