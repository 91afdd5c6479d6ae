package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// invitePage is where an invitation leads: who is meant, and a button.
type invitePage struct {
	Base
	Rows   SummaryList
	Submit Button
}

func drawInvite(b Base, o consult.Officer) *invitePage {
	p := &invitePage{Base: b, Submit: Button{Text: b.T("invite.submit")}}
	p.NoIndex, p.Languages = true, nil
	p.Rows.Rows = []SummaryRow{
		{Key: p.T("profile.name"), Value: o.Name, Typed: true}, {Key: p.T("profile.email"), Value: o.Email, Typed: true},
		{Key: p.T("profile.service"), Value: o.Service, Typed: true}, {Key: p.T("profile.job_title"), Value: o.Title, Typed: true},
		{Key: p.T("profile.roles"), Value: p.roleNames(o.Roles)},
	}
	return p
}

// roleNames words a list of roles.
func (b *Base) roleNames(roles []consult.Role) string {
	names := ""
	for i, r := range roles {
		if i > 0 {
			names += b.T("profile.and")
		}
		names += b.T("role." + string(r))
	}
	return names
}

// InviteLink shows the invitation.
func (w *Web) InviteLink(c *fiber.Ctx) error {
	NoReferrer(c)
	v, err := w.Identity.Peek(c.UserContext(), c.Params("token"), "")
	if err == nil && v.Purpose != consult.LinkInvite {
		err = &consult.Error{Kind: consult.Closed, Op: "open an invitation"}
	}
	if err != nil {
		return w.linkOver(c, err)
	}
	b := w.Base(c, "invite.title", "authority", w.Site.Authority)
	return w.Pages.Page(c, fiber.StatusOK, "invite", drawInvite(b, v.Officer))
}

// AcceptInvite makes the invited person an officer and signs them in.
func (w *Web) AcceptInvite(c *fiber.Ctx) error {
	NoReferrer(c)
	entry, err := w.Identity.AcceptInvite(c.UserContext(), w.use(c))
	if err != nil {
		return w.linkOver(c, err)
	}
	return w.enter(c, entry)
}
