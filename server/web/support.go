package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/static/lang"
)

// supportScript sends a support without leaving the page, so that nothing typed in it is lost.
const supportScript = "part/support/support.js"

// SupportLine says how many people agree with a thing and offers to say so too. Its button belongs to the form that the part "supporting"
// draws once for a page; without that form it draws no button. Part "support".
type SupportLine struct {
	Thing string
	Of    string // id of the element that names what is supported
	Count int
	Own   bool // the reader has said so
	Offer bool
}

// supportOf is the line below a thing.
func supportOf(thing consult.ID, of string, s consult.Supported, offer bool) SupportLine {
	return SupportLine{Thing: thing.String(), Of: of, Count: s.Count, Own: s.Own, Offer: offer}
}

// supporting is a page on which things can be supported: where it leads back to.
type supporting struct{ From string }

// supports prepares a page for lines of support. Where nothing can be supported it needs neither form nor script, and stays free of cookies.
func (b *Base) supports(c *fiber.Ctx, open bool) supporting {
	if !open {
		return supporting{}
	}
	b.Scripts = append(b.Scripts, supportScript)
	return supporting{From: c.OriginalURL()}
}

// mayTakePart tells whether this reader can support what stands in an open consultation: residents do, officers do not.
func (b *Base) mayTakePart(state consult.State, p consult.Posting) bool {
	return b.Actor.Kind == consult.Visitor && !state.Settled() && !p.Paused()
}

// messageChoices adds to a message what a reader can do with it: support and flag what can be read, see why what cannot is hidden, and
// object to that where it is one's own.
func messageChoices(v *Message, m consult.Message, l *lang.Language, visitor, open bool) {
	if !v.Visible() {
		key := "moderation.link"
		if v.Own && m.State == consult.MessageHidden {
			key = "moderation.object_link"
		}
		if m.Rule != retentionRule {
			v.Actions = append(v.Actions, Link{Href: "/moderation/" + v.ID, Text: l.T(key)})
		}
		return
	}
	if m.Author == consult.ByResident {
		line := supportOf(m.ID, messageBy(m.Seq), m.Supported, visitor && open && !v.Own)
		v.Support = &line
	}
	if visitor && !v.Own {
		v.Actions = append(v.Actions, Link{Href: "/flag/" + v.ID, Text: l.T("flag.link")})
	}
}

// retentionRule is the rule of stubs whose words were forgotten because their time was over: nobody decided about them.
const retentionRule = "retention"

// LiveMessage is a message as the socket sends it to an audience: like on the page, but for what only one browser would see.
func LiveMessage(m consult.Message, l *lang.Language, officers bool) Message {
	v := MessageOf(m, 0)
	messageChoices(&v, m, l, !officers, true)
	return v
}

// Support says or takes back that this browser agrees. The script asks for the line alone; everybody else comes back to the page.
func (w *Web) Support(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	on := f.Has("add")
	name := "remove"
	if on {
		name = "add"
	}
	id, err := f.ID(name)
	if err != nil {
		return err
	}
	back := localPath(f.Value("back"))
	t, count, err := w.Service.Support(c.UserContext(), w.visitor(c), id, on)
	if f.Has("part") {
		return w.supportLine(c, t, count, err)
	}
	if err != nil && consult.KindOf(err) != consult.Invalid { // one's own, or paused: the page says so
		return err
	}
	if back == "" {
		back = thingHref(t)
	}
	if t.ID != 0 {
		back += "#" + thingAnchor(t)
	}
	return c.Redirect(back, fiber.StatusSeeOther)
}

// supportLine answers the script: the line as it is now, or a sentence that says what is wrong.
func (w *Web) supportLine(c *fiber.Ctx, t consult.Thing, count consult.Supported, err error) error {
	l := w.Language(c)
	if fields := consult.FieldsOf(err); len(fields) > 0 {
		return c.Status(fiber.StatusUnprocessableEntity).SendString(errorText(l, fields[0]))
	}
	if err != nil {
		return err
	}
	of := "comment-" + t.ID.String()
	if t.Message != nil {
		of = messageBy(t.Message.Seq)
	}
	html, err := w.Pages.Fragment(l, "support", supportOf(t.ID, of, count, true))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return c.Send(html)
}
