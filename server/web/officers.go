package web

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/identity"
)

const officersPath = "/admin/officers"

// officersPage lists who can sign in, and invites.
type officersPage struct {
	Base
	Officers []officerView
	Profile  profileFields
	Roles    Choices
	Submit   Button
}

type officerView struct {
	Link   Link
	Email  string
	As     string // service and title, as residents see them
	Roles  string
	Status Tag
	Seen   time.Time // zero = never
}

func drawOfficers(b Base, list []identity.Listed, f *Form) *officersPage {
	p := &officersPage{Base: b, Profile: b.profileFields(f), Submit: Button{Text: b.T("officers.invite_submit")}}
	p.Roles = Checkboxes(&p.Base, f, "roles", "profile.roles", consult.Roles(), "role.")
	for _, row := range list {
		o := row.Officer
		p.Officers = append(p.Officers, officerView{
			Link: Link{Href: officersPath + "/" + o.ID.String(), Text: o.Name}, Email: o.Email, Seen: o.SeenAt,
			As: p.T("officers.as", "service", o.Service, "title", o.Title), Roles: p.roleNames(o.Roles), Status: p.statusTag(row.Status),
		})
	}
	return p
}

func (b *Base) statusTag(s identity.Status) Tag {
	kinds := map[identity.Status]string{identity.StatusActive: "open", identity.StatusInvited: "wait", identity.StatusLapsed: "held"}
	return Tag{Text: b.T("officers.status_" + string(s)), Kind: kinds[s]}
}

// Officers shows the list.
func (w *Web) Officers(c *fiber.Ctx) error { return w.officersPage(c, fiber.StatusOK, nil, nil) }

func (w *Web) officersPage(c *fiber.Ctx, status int, f *Form, invalid error) error {
	list, err := w.Identity.Officers(c.UserContext(), w.actor(c))
	if err != nil {
		return err
	}
	return w.Pages.Page(c, status, "officers", drawOfficers(w.StaffBase(c, "officers.title").WithErrors(invalid), list, f))
}

// InviteOfficer sends an invitation.
func (w *Web) InviteOfficer(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	profile := readProfile(f)
	profile.Roles = ChooseMany(f, "roles", consult.Roles())
	if err = f.Err("invite officer"); err == nil {
		_, err = w.Identity.Invite(c.UserContext(), w.actor(c), profile, w.Language(c).Code)
	}
	if consult.KindOf(err) == consult.Invalid {
		return w.officersPage(c, fiber.StatusUnprocessableEntity, f, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(officersPath, fiber.StatusSeeOther)
}
