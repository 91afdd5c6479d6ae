package web

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// moderatorsPage is the log of every decision, with what was done under each rule in each month.
type moderatorsPage struct {
	Base
	Tallies   []tallyRow
	Decisions []decisionView
	Pages     Pagination
}

type tallyRow struct {
	Month, Rule, Act string
	Count            int
}

// OfficerModeration shows it.
func (w *Web) OfficerModeration(c *fiber.Ctx) error {
	number := PageNumber(ReadQuery(c))
	list, total, tallies, err := w.Service.ModerationLog(c.UserContext(), w.actor(c), (number-1)*decisionsPerPage)
	if err != nil {
		return err
	}
	return w.Pages.Page(c, fiber.StatusOK, "officer-moderation", drawModerators(w.StaffBase(c, "officer_moderation.title"), list, total, tallies, number))
}

func drawModerators(b Base, list []consult.Decision, total int, tallies []consult.RuleTally, number int) *moderatorsPage {
	p := &moderatorsPage{Base: b, Decisions: b.decisionViews(list, flagsPath+"/"), Pages: Paginate(number, total, decisionsPerPage, url.Values{})}
	p.Back = &Link{Href: flagsPath, Text: p.T("officer_flag.back")}
	for _, t := range tallies {
		p.Tallies = append(p.Tallies, tallyRow{Month: t.Month, Rule: p.T("rule." + t.Rule), Act: p.T("moderation.act." + string(t.Act)), Count: t.Count})
	}
	return p
}

// postingPage is the switch of one consultation.
type postingPage struct {
	Base
	Desk   caseDesk
	Action string
	Since  string // "" = never switched
	Mode   Choices
	Reason TextArea
	Save   Button
}

// OfficerPosting shows it.
func (w *Web) OfficerPosting(c *fiber.Ctx) error {
	p, err := w.postingView(c, nil, nil)
	return shown(w, c, "officer-posting", p, err)
}

func (w *Web) postingView(c *fiber.Ctx, f *Form, invalid error) (*postingPage, error) {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return nil, err
	}
	posting, k, err := w.Service.Posting(c.UserContext(), w.actor(c), id)
	if err != nil {
		return nil, err
	}
	subjects, err := w.Service.Subjects(c.UserContext(), w.actor(c), id)
	if err != nil {
		return nil, err
	}
	return drawPosting(w.StaffBase(c, "officer_posting.title", "title", k.Title).about(subjects).WithErrors(invalid), k, posting, f), nil
}

func drawPosting(b Base, k consult.Consultation, posting consult.Posting, f *Form) *postingPage {
	p := &postingPage{Base: b, Desk: b.caseDesk(k.ID, "posting"), Action: "/officer/consultations/" + k.ID.String() + "/posting"}
	p.Demo = p.Demo || k.Demo
	p.Back = &Link{Href: "/officer", Text: p.T("inbox.back")}
	if !posting.At.IsZero() {
		p.Since = p.T("officer_posting.since", "at", p.Language.DateTime(posting.At), "by", posting.By)
	}
	f = values(f, map[string]string{"mode": string(posting.Mode), "reason": posting.Reason})
	p.Mode = Radios(&p.Base, f, "mode", "officer_posting.mode", consult.PostingModes(), "officer_posting.mode_")
	p.Reason = p.TextArea(f, "reason", "officer_posting.reason", consult.MaxRuling)
	p.Reason.Rows = 4
	p.Save = Button{Text: p.T("officer_posting.save")}
	return p
}

// OfficerSetPosting turns it.
func (w *Web) OfficerSetPosting(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	mode, reason := Choose(f, "mode", consult.PostingModes()), f.Text("reason", consult.MaxRuling)
	if err = f.Err("switch postings"); err == nil {
		err = w.Service.SetPosting(c.UserContext(), w.actor(c), id, mode, reason)
	}
	if consult.KindOf(err) == consult.Invalid {
		p, failed := w.postingView(c, f, err)
		return shown(w, c, "officer-posting", p, failed)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/officer/consultations/"+id.String()+"/posting", fiber.StatusSeeOther)
}
