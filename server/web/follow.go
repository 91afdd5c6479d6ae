package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// followPage is every step of following: asked, confirm, stop, stopped. A mail scanner that opens a link changes nothing: only the
// buttons do.
type followPage struct {
	Base
	Text    string
	Subject *Link
	Actions []followAction
	Email   *TextInput // after a wrong address
	Action  string
	Submit  Button
}

type followAction struct {
	Href   string
	Button Button
}

// Follow takes an address. The answer never tells whether it followed already (S18).
func (w *Web) Follow(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	email := f.Line("email", consult.MaxEmail)
	err = f.Err("follow")
	if err == nil {
		err = w.Service.Follow(c.UserContext(), consult.Actor{Kind: consult.Visitor}, id, email, w.Language(c).Code)
	}
	subject := "/consultations/" + id.String()
	if consult.KindOf(err) == consult.Invalid {
		p := w.followView(c, "follow.heading", "follow.lead", err)
		in := p.TextInput(f, "email", "follow.email")
		in.Type, in.Autocomplete = "email", "email"
		p.Email, p.Action, p.Submit = &in, subject+"/follow", Button{Text: p.T("follow.submit")}
		p.Back = &Link{Href: subject, Text: p.T("document.back")}
		return w.Pages.Page(c, fiber.StatusUnprocessableEntity, "follow", p)
	}
	if err != nil {
		return err
	}
	return c.Redirect(subject+"/follow", fiber.StatusSeeOther)
}

func (w *Web) followView(c *fiber.Ctx, titleKey, textKey string, invalid error) *followPage {
	p := &followPage{Base: w.Base(c, titleKey).WithErrors(invalid)}
	p.NoIndex = true
	p.Text = p.T(textKey)
	return p
}

// FollowAsked tells to look for the mail.
func (w *Web) FollowAsked(c *fiber.Ctx) error {
	p := w.followView(c, "follow.asked_title", "follow.asked_text", nil)
	p.Back = &Link{Href: "/consultations/" + c.Params("id"), Text: p.T("document.back")}
	return w.Pages.Page(c, fiber.StatusOK, "follow", p)
}

// FollowManage is where the links in mails lead: confirm, or stop.
func (w *Web) FollowManage(c *fiber.Ctx) error {
	NoReferrer(c)
	token := c.Params("token")
	f, k, err := w.Service.FollowOf(c.UserContext(), token)
	if err != nil {
		return err
	}
	title, text := "follow.stop_title", "follow.stop_text"
	if !f.Confirmed {
		title, text = "follow.confirm_title", "follow.confirm_text"
	}
	p := w.followView(c, title, text, nil)
	p.Demo = p.Demo || k.Demo
	p.Subject = &Link{Href: "/consultations/" + k.ID.String(), Text: k.Title}
	if !f.Confirmed {
		p.Actions = append(p.Actions, followAction{"/follow/" + token + "/confirm", Button{Text: p.T("follow.confirm")}})
	}
	p.Actions = append(p.Actions, followAction{"/follow/" + token + "/stop", Button{Text: p.T("follow.stop"), Secondary: !f.Confirmed}})
	return w.Pages.Page(c, fiber.StatusOK, "follow", p)
}

// FollowConfirm turns mail on.
func (w *Web) FollowConfirm(c *fiber.Ctx) error {
	NoReferrer(c)
	token := c.Params("token")
	if err := w.Service.ConfirmFollow(c.UserContext(), token); err != nil {
		return err
	}
	_, k, err := w.Service.FollowOf(c.UserContext(), token)
	if err != nil {
		return err
	}
	p := w.followView(c, "follow.confirmed_title", "follow.confirmed_text", nil)
	p.Subject = &Link{Href: "/consultations/" + k.ID.String(), Text: k.Title}
	return w.Pages.Page(c, fiber.StatusOK, "follow", p)
}

// FollowStop turns mail off: the button of the page, or a mail program's one click (RFC 8058), which brings no token of ours.
func (w *Web) FollowStop(c *fiber.Ctx) error {
	NoReferrer(c)
	if err := w.Service.Unfollow(c.UserContext(), c.Params("token")); err != nil {
		return err
	}
	return w.Pages.Page(c, fiber.StatusOK, "follow", w.followView(c, "follow.stopped_title", "follow.stopped_text", nil))
}
