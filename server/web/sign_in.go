package web

import (
	"encoding/base64"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/identity"
)

// signInPage asks an officer for the address that the link goes to.
type signInPage struct {
	Base
	Email  TextInput
	Next   string
	Submit Button
}

func (w *Web) signInView(c *fiber.Ctx, f *Form, next string, err error) *signInPage {
	p := &signInPage{Base: w.Base(c, "sign_in.title").WithErrors(err), Next: next}
	p.NoIndex = true
	p.Email = p.TextInput(f, "email", "sign_in.email")
	p.Email.Type, p.Email.Autocomplete = "email", "email"
	p.Submit = Button{Text: p.T("sign_in.submit")}
	return p
}

// SignInForm shows the form; whoever is signed in already goes on to their work.
func (w *Web) SignInForm(c *fiber.Ctx) error {
	next := localPath(c.Query("next"))
	if a := w.actor(c); a.Kind == consult.Signed {
		return c.Redirect(nextOr(next, a), fiber.StatusSeeOther)
	}
	return w.Pages.Page(c, fiber.StatusOK, "sign-in", w.signInView(c, nil, next, nil))
}

// SignInAsk sends the link. The answer is the same whether or not anybody has the address (S18).
func (w *Web) SignInAsk(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	email, next := f.Line("email", consult.MaxEmail), localPath(f.Value("next"))
	f.Require("email")
	err = f.Err("ask for a sign-in link")
	k := w.asked(c)
	if k.Browser == "" {
		k.Browser = identity.NewSecret()
	}
	if err == nil {
		k.Code, err = w.Identity.AskLink(c.UserContext(), identity.Ask{Email: email, Browser: k.Browser, Language: w.Language(c).Code})
	}
	if consult.KindOf(err) == consult.Invalid {
		return w.Pages.Page(c, fiber.StatusUnprocessableEntity, "sign-in", w.signInView(c, f, next, err))
	}
	if err != nil {
		return err
	}
	k.Next = next
	w.setAsked(c, k)
	return c.Redirect(SignInPath+"/sent", fiber.StatusSeeOther)
}

// signInSentPage tells to look for the mail and shows the code for another device.
type signInSentPage struct {
	Base
	Code  string
	Again Link
}

// SignInSent shows the code to the browser that asked, however often the page is loaded.
func (w *Web) SignInSent(c *fiber.Ctx) error {
	NoReferrer(c)
	k := w.asked(c)
	if k.Code == "" {
		return c.Redirect(SignInPath, fiber.StatusSeeOther)
	}
	return w.Pages.Page(c, fiber.StatusOK, "sign-in-sent", drawSignInSent(w.Base(c, "sign_in.sent_title"), k.Code))
}

func drawSignInSent(b Base, code string) *signInSentPage {
	p := &signInSentPage{Base: b, Code: code}
	p.NoIndex = true
	p.Again = Link{Href: SignInPath, Text: p.T("sign_in.again")}
	return p
}

// SignOut ends the session here; pages that other tabs still show can do nothing any more.
func (w *Web) SignOut(c *fiber.Ctx) error {
	if err := w.Identity.SignOut(c.UserContext(), w.SessionToken(c)); err != nil {
		return err
	}
	w.setSession(c, "")
	return c.Redirect("/", fiber.StatusSeeOther)
}

// askedLife is how long a browser remembers that it asked: as long as the link works.
const askedLife = 10 * time.Minute

// asked is what the browser that asked for a link remembers until it signs in. The server alone reads it.
type asked struct {
	Browser string // the secret that the link is bound to
	Code    string // to be shown on its page
	Next    string // where it wanted to go
}

func (w *Web) askedCookie() string {
	if w.Guard.secure() {
		return "__Host-yousaid_asked"
	}
	return "yousaid_asked"
}

var askedForm = regexp.MustCompile(`^([0-9a-hjkmnp-tv-z]{26})\.([0-9]{6})\.([0-9A-Za-z_-]*)$`)

// asked reads the cookie; anything but what setAsked wrote is nothing.
func (w *Web) asked(c *fiber.Ctx) asked {
	m := askedForm.FindStringSubmatch(c.Cookies(w.askedCookie()))
	if m == nil {
		return asked{}
	}
	next, err := base64.RawURLEncoding.DecodeString(m[3])
	if err != nil {
		return asked{}
	}
	return asked{Browser: m[1], Code: m[2], Next: localPath(string(next))}
}

// setAsked writes the cookie; the zero value takes it away.
func (w *Web) setAsked(c *fiber.Ctx, k asked) {
	cookie := &fiber.Cookie{Name: w.askedCookie(), Path: "/", Secure: w.Guard.secure(), HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode}
	if k == (asked{}) {
		cookie.Expires = time.Unix(1, 0)
	} else {
		cookie.Value = k.Browser + "." + k.Code + "." + base64.RawURLEncoding.EncodeToString([]byte(k.Next))
		cookie.MaxAge = int(askedLife.Seconds())
	}
	c.Cookie(cookie)
}

// maxNext keeps the place to go on to within a cookie.
const maxNext = 500

// localPath is next when it leads to a page of this site, else "" (H11). A browser reads "//x" and "/\x" as another site, and takes
// tabs and line ends out before it looks.
func localPath(next string) string {
	if len(next) > maxNext || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.Contains(next, `\`) ||
		strings.ContainsFunc(next, unicode.IsControl) {
		return ""
	}
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || strings.HasPrefix(u.Path, "//") {
		return ""
	}
	return next
}

// nextOr is where somebody goes who has signed in: where they wanted to, else to their work.
func nextOr(next string, a consult.Actor) string {
	switch {
	case next != "":
		return next
	case consult.Can(a, consult.WorkInbox):
		return "/officer"
	case consult.Can(a, consult.ReadReach):
		return "/analyst"
	default:
		return "/admin/officers"
	}
}
