package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// flagPage is where a reader tells moderators that something breaks a rule, and later what came of it.
type flagPage struct {
	Base
	Thing thingView
	Told  string // when and under which rule this browser told; "" = it has not
	State string // what became of it
	Rule  Choices
	Words TextArea
	Send  Button
}

// FlagForm shows it.
func (w *Web) FlagForm(c *fiber.Ctx) error {
	p, err := w.flagView(c, nil, nil)
	return shown(w, c, "flag", p, err)
}

func (w *Web) flagView(c *fiber.Ctx, f *Form, invalid error) (*flagPage, error) {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return nil, err
	}
	v, err := w.Service.FlagForm(c.UserContext(), w.actor(c), id)
	if err != nil {
		return nil, err
	}
	title := "flag.title"
	if v.Mine != nil {
		title = "flag.thanks_title"
	}
	b, err := w.aboutThing(c, w.Base(c, title).WithErrors(invalid), v.Thing)
	if err != nil {
		return nil, err
	}
	return drawFlag(b, v, f), nil
}

func drawFlag(b Base, v consult.FlagView, f *Form) *flagPage {
	p := &flagPage{Base: b, Thing: b.thingView(v.Thing, nil)}
	p.Path = "/flag/" + v.Thing.ID.String()
	p.Back = &Link{Href: p.Thing.Href, Text: p.T("flag.back")}
	if m := v.Mine; m != nil {
		p.Told = p.T("flag.told", "at", p.Language.DateTime(m.At), "rule", p.T("rule."+m.Rule))
		p.State = p.T("flag.waiting")
		if !m.DecidedAt.IsZero() {
			p.State = p.T("flag." + string(m.Outcome))
		}
		return p
	}
	p.Rule = Radios(&p.Base, f, "rule", "flag.rule", consult.HideRules(), "rule.")
	p.Words = p.TextArea(f, "words", "flag.words", consult.MaxFlagWords)
	p.Words.Rows = 4
	p.Send = Button{Text: p.T("flag.send")}
	return p
}

// Flag receives it. The same page then says thank you.
func (w *Web) Flag(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	rule, words := Choose(f, "rule", consult.HideRules()), f.Text("words", consult.MaxFlagWords)
	if err = f.Err("flag"); err == nil {
		err = w.Service.Flag(c.UserContext(), w.visitor(c), id, rule, words)
	}
	if consult.KindOf(err) == consult.Invalid {
		p, failed := w.flagView(c, f, err)
		return shown(w, c, "flag", p, failed)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/flag/"+id.String(), fiber.StatusSeeOther)
}
