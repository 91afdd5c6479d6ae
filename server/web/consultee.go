package web

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// consulteePage is where an organisation or service answers, behind the link of its mail.
type consulteePage struct {
	Base
	Asked     consult.Asked
	Subject   Link
	Reference string
	Paper     string // what is proposed, in formal words
	Why       string
	Until     string // until when one can answer or correct; "" = no more
	Said      *saidWords
	Answer    *answerForm // nil = nothing can be said any more
	Documents []documentLink
}

// saidWords is what the consultee has said so far.
type saidWords struct{ Opinion, Text, Conditions string }

// Consultee shows the page.
func (w *Web) Consultee(c *fiber.Ctx) error {
	p, err := w.consultee(c, nil, nil)
	if err == nil && c.Query("thanks") != "" {
		p.Notice = p.T("consultee.thanks")
	}
	return shown(w, c, "consultee", p, err)
}

func (w *Web) consultee(c *fiber.Ctx, f *Form, invalid error) (*consulteePage, error) {
	NoReferrer(c)
	token := c.Params("token")
	asked, err := w.Service.Asked(c.UserContext(), token)
	if err != nil {
		return nil, err
	}
	return drawConsultee(w.Base(c, "consultee.title", "name", asked.Consultee.Name).WithErrors(invalid), asked, token, f), nil
}

func drawConsultee(b Base, asked consult.Asked, token string, f *Form) *consulteePage {
	k, one := asked.Case.Consultation, asked.Consultee
	p := &consulteePage{Base: b, Asked: asked, Subject: Link{Href: "/consultations/" + k.ID.String(), Text: k.Title}, Reference: k.Application.Reference,
		Paper: asked.Case.Current.Description, Why: one.Why}
	p.NoIndex, p.Demo = true, p.Demo || k.Demo
	for _, d := range asked.Case.Documents {
		link := documentLink{Href: "/documents/" + d.ID.String(), Name: d.Name}
		if d.Text == "" && d.URL != "" {
			link.Href, link.Outside = d.URL, true
		}
		p.Documents = append(p.Documents, link)
	}
	typed := map[string]string{}
	if a := asked.Answer; a != nil {
		p.Said = &saidWords{p.T("opinion." + string(a.Opinion)), a.Text, a.Conditions}
		typed = map[string]string{"opinion": string(a.Opinion), "text": a.Text, "conditions": a.Conditions}
	}
	if asked.Open {
		p.Until = p.Language.Civil(string(one.DueOn))
		p.Answer = p.answerForm(values(f, typed), "/consultee/"+token)
	}
	return p
}

// ConsulteeAnswer keeps what a consultee says.
func (w *Web) ConsulteeAnswer(c *fiber.Ctx) error {
	NoReferrer(c)
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	in := readAnswer(f)
	if err = f.Err("answer as consultee"); err == nil {
		err = w.Service.AnswerAsConsultee(c.UserContext(), c.Params("token"), in)
	}
	if consult.KindOf(err) == consult.Invalid {
		p, failed := w.consultee(c, f, err)
		return shown(w, c, "consultee", p, failed)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/consultee/"+c.Params("token")+"?thanks=1", fiber.StatusSeeOther)
}

// consulteesPage lists, for everybody, whom a case was shown to and what they said.
type consulteesPage struct {
	Base
	Subject   Link
	Asked     []askedRow
	Responses []responseView
	Total     int
	Pages     Pagination
}

// askedRow is one that was asked.
type askedRow struct {
	Name, Kind, Why string
	State           Tag
}

// responseView is one published answer.
type responseView struct {
	consult.ConsulteeResponse
	Kind, Opinion string
	At            consult.Date
}

const responsesPerPage = 10

// Consultees shows the list.
func (w *Web) Consultees(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	number := PageNumber(ReadQuery(c))
	v, err := w.Service.Consulted(c.UserContext(), w.actor(c), id, (number-1)*responsesPerPage, responsesPerPage)
	if err != nil {
		return err
	}
	p := drawConsultees(w.Base(c, "consultees.title", "title", v.Case.Consultation.Title), v, number, w.Service.Calendar())
	return w.Pages.Page(c, fiber.StatusOK, "consultees", p)
}

func drawConsultees(b Base, v consult.ConsultedView, number int, cal consult.Calendar) *consulteesPage {
	k := v.Case.Consultation
	p := &consulteesPage{Base: b, Subject: Link{Href: "/consultations/" + k.ID.String(), Text: k.Title}, Total: v.Total}
	p.Demo, p.NoIndex = p.Demo || k.Demo, k.Demo
	p.Back = &Link{Href: p.Subject.Href, Text: p.T("document.back")}
	for _, one := range v.Asked {
		p.Asked = append(p.Asked, askedRow{one.Name, p.T("consultee_kind." + string(one.Kind)), one.Why, p.publicTag(one.State)})
	}
	for _, r := range v.Responses {
		p.Responses = append(p.Responses, responseView{r, p.T("consultee_kind." + string(r.Kind)), p.T("opinion." + string(r.Opinion)), cal.Day(r.ReceivedAt)})
	}
	p.Pages = Paginate(number, v.Total, responsesPerPage, url.Values{})
	return p
}

// publicTag says of a consultee only whether it answered; how a mail fared is the officers' concern.
func (b *Base) publicTag(s consult.ConsulteeState) Tag {
	switch s {
	case consult.Responded:
		return b.consulteeTag(s)
	case consult.NotRequired:
		return b.consulteeTag(s)
	default:
		return b.consulteeTag(consult.AwaitingAnswer)
	}
}

// ShortLink leads from the address on a letter to the consultation's page. A language asked for stays asked for.
func (w *Web) ShortLink(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	target := url.URL{Path: "/consultations/" + id.String(), RawQuery: string(c.Request().URI().QueryString())}
	return c.Redirect(target.String(), fiber.StatusSeeOther)
}
