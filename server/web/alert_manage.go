package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// alertManagePage is an alert's own page: what it looks for, what it found and what became of each mail, and how to change or end it. A
// mail scanner that opens its address changes nothing: only the buttons do.
type alertManagePage struct {
	Base
	Said      SummaryList
	Confirmed bool
	State     string
	Confirm   Button
	Rhythm    Choices
	Save      Button
	Rest      Button // pause, or go on
	End       Button
	Hits      []alertHit
	Pages     Pagination
	Token     string
}

// alertHit is one line of the log.
type alertHit struct {
	Link  Link
	What  string // what happened
	Found string
	State string // what became of the mail
}

const hitsPerPage = 20

// AlertManage shows it.
func (w *Web) AlertManage(c *fiber.Ctx) error {
	NoReferrer(c)
	token, f := c.Params("token"), ReadQuery(c)
	a, err := w.Service.AlertOf(c.UserContext(), token)
	if err != nil {
		return err
	}
	number := PageNumber(f)
	hits, total, err := w.Service.Hits(c.UserContext(), a.ID, (number-1)*hitsPerPage, hitsPerPage)
	if err != nil {
		return err
	}
	title := "alert.manage_title"
	if !a.Confirmed {
		title = "alert.confirm_title"
	}
	p := drawAlertManage(w.Base(c, title), a, hits, token)
	p.Pages = Paginate(number, total, hitsPerPage, nil)
	if done := f.Value("done"); done == "confirmed" || done == "saved" {
		p.Notice = p.T("alert." + done)
	}
	return w.Pages.Page(c, fiber.StatusOK, "alert-manage", p)
}

func drawAlertManage(b Base, a consult.Alert, hits []consult.Hit, token string) *alertManagePage {
	p := &alertManagePage{Base: b, Confirmed: a.Confirmed, Token: token, Said: b.searchSaid(a.Search)}
	p.NoIndex = true
	p.Confirm, p.Save = Button{Text: p.T("alert.confirm")}, Button{Text: p.T("alert.save_rhythm"), Name: "do", Value: "rhythm", Secondary: true}
	p.End = Button{Text: p.T("alert.end"), Warning: true}
	p.Rhythm = Radios(&p.Base, Filled(map[string][]string{"rhythm": {string(a.Rhythm)}}), "rhythm", "alert.manage_rhythm", consult.Rhythms(), "alert.rhythm.")
	p.State, p.Rest = p.T("alert.runs"), Button{Text: p.T("alert.pause"), Name: "do", Value: "pause", Secondary: true}
	switch {
	case a.Paused != "":
		p.State, p.Rest = p.T("alert.paused."+string(a.Paused)), Button{Text: p.T("alert.resume"), Name: "do", Value: "resume"}
	case !a.NextAt.IsZero():
		p.State += " " + p.T("alert.next", "at", p.Language.DateTime(a.NextAt))
	}
	for _, h := range hits {
		p.Hits = append(p.Hits, p.hit(h))
	}
	return p
}

// hit words one line of the log: nothing that was found goes without saying what became of it.
func (p *alertManagePage) hit(h consult.Hit) alertHit {
	title := h.Title
	if title == "" {
		title = h.Reference
	}
	v := alertHit{Link: Link{Href: "/consultations/" + h.Consultation.String(), Text: title}, What: p.T("mail.alert.said." + string(h.Kind)),
		Found: p.T("alert.log_found", "at", p.Language.DateTime(h.FoundAt))}
	switch h.State {
	case consult.DeliverySent:
		v.State = p.T("alert.log_sent", "at", p.Language.DateTime(h.SentAt))
	case consult.DeliveryGivenUp:
		v.State = p.T("alert.log_given_up", "n", h.Tries, "why", h.Failed)
	case consult.DeliveryFailing:
		v.State = p.T("alert.log_failing", "n", h.Tries, "at", p.Language.DateTime(h.NextTry), "why", h.Failed)
	default:
		v.State = p.T("alert.log_waiting")
		if h.Delivery != 0 {
			v.State = p.T("alert.log_sending")
		}
	}
	return v
}

// AlertConfirm turns mail on.
func (w *Web) AlertConfirm(c *fiber.Ctx) error {
	NoReferrer(c)
	token := c.Params("token")
	err := w.Service.ConfirmAlert(c.UserContext(), token)
	if consult.KindOf(err) == consult.Closed {
		p := w.followView(c, "alert.full_title", "alert.full_text", nil)
		p.Text = p.T("alert.full_text", "n", consult.MaxAlerts)
		return w.Pages.Page(c, fiber.StatusConflict, "follow", p)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/alert/"+token+"?done=confirmed", fiber.StatusSeeOther)
}

// AlertChange pauses, resumes, or keeps another rhythm.
func (w *Web) AlertChange(c *fiber.Ctx) error {
	NoReferrer(c)
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	token, rhythm := c.Params("token"), Choose(f, "rhythm", consult.Rhythms())
	switch Choose(f, "do", []string{"pause", "resume", "rhythm"}) {
	case "pause":
		err = w.Service.PauseAlert(c.UserContext(), token)
	case "resume":
		err = w.Service.ResumeAlert(c.UserContext(), token)
	default:
		err = w.Service.SetAlertRhythm(c.UserContext(), token, rhythm)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/alert/"+token+"?done=saved", fiber.StatusSeeOther)
}

// AlertStop ends it: the button of the page, or a mail program's one click (RFC 8058), which brings no token of ours.
func (w *Web) AlertStop(c *fiber.Ctx) error {
	NoReferrer(c)
	if err := w.Service.RemoveAlert(c.UserContext(), c.Params("token")); err != nil {
		return err
	}
	p := w.followView(c, "alert.ended_title", "alert.ended_text", nil)
	p.Subject = &Link{Href: "/alerts", Text: p.T("alert.like")}
	return w.Pages.Page(c, fiber.StatusOK, "follow", p)
}
