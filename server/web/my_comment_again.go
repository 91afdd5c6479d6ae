package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// againView is what an author can say about a comment that was made before: the part "comment-again". Nothing happens by opening a
// page; each thing is a button of its own form.
type againView struct {
	*Base
	Note     string // the comment was withdrawn or superseded: in words
	Newer    *Link
	Open     string // until when one can say what one thinks now; "" = no later round is open
	Changed  Link
	Stood    bool
	Stands   Button
	Update   Button
	Withdraw *Link
	Path     string
}

func (p *myCommentPage) againView(m consult.MyComment, cal consult.Calendar) *againView {
	v := &againView{Base: &p.Base, Path: "/my-comment/" + m.Token, Stood: m.Again.Stood}
	switch m.Comment.State {
	case consult.CommentWithdrawn:
		v.Note = p.T("again.withdrawn", "date", p.Language.Civil(string(cal.Day(m.Comment.WithdrawnAt))))
		return v
	case consult.CommentSuperseded:
		v.Note, v.Newer = p.T("again.superseded"), &Link{Href: "/my-comment/" + m.Again.Newer, Text: p.T("again.newer")}
		return v
	}
	if !m.Again.Withdraw {
		return nil
	}
	v.Withdraw = &Link{Href: v.Path + "/withdraw", Text: p.T("again.withdraw")}
	if r := m.Again.Round; r.Number > 0 {
		v.Open = p.T("again.open", "date", p.Language.Civil(string(r.Closes)))
		v.Changed = Link{Href: p.Subject.Href + "/versions", Text: p.T("versions.link")}
		v.Stands, v.Update = Button{Text: p.T("again.stands")}, Button{Text: p.T("again.update"), Secondary: true}
	}
	return v
}

// StandBy keeps that the comment still stands.
func (w *Web) StandBy(c *fiber.Ctx) error {
	NoReferrer(c)
	token := c.Params("token")
	if err := w.Service.StandBy(c.UserContext(), token); err != nil {
		return err
	}
	return c.Redirect("/my-comment/"+token+"#stands", fiber.StatusSeeOther)
}

// UpdateMyComment opens the comment form with the author's own words in it.
func (w *Web) UpdateMyComment(c *fiber.Ctx) error {
	NoReferrer(c)
	d, err := w.Service.UpdateMyComment(c.UserContext(), c.Params("token"))
	if err != nil {
		return err
	}
	return c.Redirect(stepHref(d.Token, draftSteps[0].name), fiber.StatusSeeOther)
}

// withdrawPage asks once more.
type withdrawPage struct {
	Base
	Subject Link
	Words   []pointView
	Action  string
	Confirm Button
	Keep    Link
}

// WithdrawForm asks whether the comment is really to be withdrawn. One that was withdrawn shows its own page instead.
func (w *Web) WithdrawForm(c *fiber.Ctx) error {
	NoReferrer(c)
	token := c.Params("token")
	mine, err := w.Service.MyComment(c.UserContext(), token)
	if err != nil {
		return err
	}
	if !mine.Again.Withdraw {
		return c.Redirect("/my-comment/"+token, fiber.StatusSeeOther)
	}
	return w.Pages.Page(c, fiber.StatusOK, "withdraw", drawWithdraw(w.Base(c, "withdraw.title", "reference", mine.Comment.ID.String()), mine))
}

func drawWithdraw(b Base, mine consult.MyComment) *withdrawPage {
	k := mine.Consultation
	p := &withdrawPage{Base: b.about(mine.Subjects), Subject: Link{Href: "/consultations/" + k.ID.String(), Text: k.Title}}
	p.NoIndex, p.Demo = true, p.Demo || k.Demo
	own := "/my-comment/" + mine.Token
	p.Back = &Link{Href: own, Text: p.T("site.back")}
	for _, pt := range mine.Words {
		p.Words = append(p.Words, pointView{p.topic(pt.Topic), pt.Text})
	}
	p.Action, p.Confirm = own+"/withdraw", Button{Text: p.T("withdraw.confirm"), Warning: true}
	p.Keep = Link{Href: own, Text: p.T("withdraw.keep")}
	return p
}

// Withdraw takes the comment back.
func (w *Web) Withdraw(c *fiber.Ctx) error {
	NoReferrer(c)
	token := c.Params("token")
	if err := w.Service.WithdrawMyComment(c.UserContext(), token); err != nil {
		return err
	}
	return c.Redirect("/my-comment/"+token, fiber.StatusSeeOther)
}
