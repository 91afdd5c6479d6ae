package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

const retentionPath = "/admin/retention"

// retentionPage says how long each class of personal data is kept and what is over its time: the dry run.
type retentionPage struct {
	Base
	Lines []retentionLine
	Sure  Choices
	Apply *Button // nil = nothing is over its time
}

type retentionLine struct {
	consult.RetentionLine
	Name string
	Kept string
}

func drawRetention(b Base, lines []consult.RetentionLine, f *Form) *retentionPage {
	p := &retentionPage{Base: b}
	due := 0
	for _, l := range lines {
		row := retentionLine{RetentionLine: l, Name: p.T("retention_class." + string(l.Class)), Kept: p.T("retention.days", "n", l.Days)}
		if l.Days == 0 {
			row.Kept = p.T("retention.forever")
		}
		due += l.Rows
		p.Lines = append(p.Lines, row)
	}
	if due > 0 {
		p.Sure = Checkboxes(&p.Base, f, "sure", "retention.sure", []string{"yes"}, "retention.sure_")
		p.Apply = &Button{Text: p.T("retention.apply"), Warning: true}
	}
	return p
}

// Retention shows the dry run.
func (w *Web) Retention(c *fiber.Ctx) error {
	p, err := w.retentionPage(c, nil, nil)
	return shown(w, c, "retention", p, err)
}

func (w *Web) retentionPage(c *fiber.Ctx, f *Form, invalid error) (*retentionPage, error) {
	lines, err := w.Service.RetentionDue(c.UserContext(), w.actor(c), w.Site.Retention)
	if err != nil {
		return nil, err
	}
	return drawRetention(w.StaffBase(c, "retention.title").WithErrors(invalid), lines, f), nil
}

// ApplyRetention forgets what is over its time.
func (w *Web) ApplyRetention(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	if len(ChooseMany(f, "sure", []string{"yes"})) == 0 {
		f.Fail("sure", "required")
	}
	if err = f.Err("apply retention"); err == nil {
		_, err = w.Service.ApplyRetention(c.UserContext(), w.actor(c), w.Site.Retention)
	}
	if consult.KindOf(err) == consult.Invalid {
		p, failed := w.retentionPage(c, f, err)
		return shown(w, c, "retention", p, failed)
	}
	if err != nil {
		return err
	}
	return c.Redirect(retentionPath, fiber.StatusSeeOther)
}
