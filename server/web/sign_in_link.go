package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/identity"
)

// signInLinkPage is where the link in the mail leads: a button, because mail scanners open links but press nothing; and a box for the
// code where another browser had asked.
type signInLinkPage struct {
	Base
	Text   string
	Code   *TextInput
	Submit Button
}

func drawSignInLink(b Base, f *Form, needsCode bool) *signInLinkPage {
	p := &signInLinkPage{Base: b}
	p.NoIndex, p.Languages = true, nil
	p.Text = p.T("sign_in.link_text")
	p.Submit = Button{Text: p.T("sign_in.link_submit")}
	if needsCode {
		p.Text = p.T("sign_in.code_text")
		in := p.TextInput(f, "code", "sign_in.code")
		in.Autocomplete, in.InputMode, in.Short = "one-time-code", "numeric", true
		p.Code = &in
	}
	return p
}

// SignInLink shows the button. It changes nothing, however often it is opened (H14).
func (w *Web) SignInLink(c *fiber.Ctx) error {
	NoReferrer(c)
	v, err := w.Identity.Peek(c.UserContext(), c.Params("token"), w.asked(c).Browser)
	if err == nil && v.Purpose != consult.LinkSignIn {
		err = &consult.Error{Kind: consult.Closed, Op: "open a sign-in link"}
	}
	if err != nil {
		return w.linkOver(c, err)
	}
	return w.Pages.Page(c, fiber.StatusOK, "sign-in-link", drawSignInLink(w.Base(c, "sign_in.link_title"), nil, v.NeedsCode))
}

// SignIn uses the link and leads on to where the browser wanted to go when it asked.
func (w *Web) SignIn(c *fiber.Ctx) error {
	NoReferrer(c)
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	in := w.use(c)
	in.Code = westernDigits(f.Line("code", 20))
	var entry identity.Entry
	if err = f.Err("sign in"); err == nil {
		entry, err = w.Identity.SignIn(c.UserContext(), in)
	}
	if consult.KindOf(err) == consult.Invalid {
		b := w.Base(c, "sign_in.link_title").WithErrors(err)
		return w.Pages.Page(c, fiber.StatusUnprocessableEntity, "sign-in-link", drawSignInLink(b, f, true))
	}
	if err != nil {
		return w.linkOver(c, err)
	}
	return w.enter(c, entry)
}

// use is what a browser brings to a link.
func (w *Web) use(c *fiber.Ctx) identity.Use {
	return identity.Use{Token: c.Params("token"), Browser: w.asked(c).Browser, Session: w.SessionToken(c), Agent: c.Get(fiber.HeaderUserAgent)}
}

// enter gives the browser its new session and leads it on.
func (w *Web) enter(c *fiber.Ctx, e identity.Entry) error {
	next := nextOr(w.asked(c).Next, e.Session.Officer.Actor())
	w.setAsked(c, asked{})
	w.setSession(c, e.Token)
	return c.Redirect(next, fiber.StatusSeeOther)
}

// linkOverPage is the end of every one-time link.
type linkOverPage struct {
	Base
	Again Link
}

// linkOver answers for a link that is over, used or unknown; any other error stays one.
func (w *Web) linkOver(c *fiber.Ctx, err error) error {
	if consult.KindOf(err) != consult.Closed {
		return err
	}
	return w.Pages.Page(c, Status(consult.Closed, c.Method()), "link-over", drawLinkOver(w.Base(c, "link_over.title")))
}

func drawLinkOver(b Base) *linkOverPage {
	p := &linkOverPage{Base: b}
	p.NoIndex, p.Languages = true, nil
	p.Again = Link{Href: SignInPath, Text: p.T("link_over.again")}
	return p
}
