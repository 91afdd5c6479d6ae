package web

import (
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// councillorPage is a councillor's own page, behind the personal link: conversations, and applications to take a link for.
type councillorPage struct {
	Base
	Ward    string
	Threads []councillorRow
	Cards   []councillorCard
	Pages   Pagination
	Path    string
}

// councillorRow is one conversation.
type councillorRow struct {
	Link
	Tags []Tag // what waits, for whom
}

// councillorCard is an application without a conversation.
type councillorCard struct {
	Link
	ID    string
	State Tag
	Take  string // what the button says to those who hear it
}

const councillorPerPage = 20

// Councillor shows the page.
func (w *Web) Councillor(c *fiber.Ctx) error {
	NoReferrer(c)
	number := PageNumber(ReadQuery(c))
	token := c.Params("token")
	d, err := w.Service.CouncillorDesk(c.UserContext(), token, (number-1)*councillorPerPage)
	if err != nil {
		return err
	}
	return w.Pages.Page(c, fiber.StatusOK, "councillor", drawCouncillor(w.Base(c, "councillor.title", "name", d.Councillor.Name), d, token, number))
}

func drawCouncillor(b Base, d consult.CouncillorDesk, token string, number int) *councillorPage {
	p := &councillorPage{Base: b, Ward: d.Ward, Path: "/councillor/" + token}
	p.NoIndex = true
	for _, t := range d.Threads {
		row := councillorRow{Link: Link{Href: p.Path + "/threads/" + t.Thread.ID.String(), Text: t.Consultation.Title}}
		if t.Unanswered > 0 {
			row.Tags = append(row.Tags, Tag{Text: p.T("councillor.unanswered", "n", t.Unanswered), Kind: "closing"})
		}
		if t.Open > 0 {
			row.Tags = append(row.Tags, Tag{Text: p.T("councillor.open", "n", t.Open), Kind: "wait"})
		}
		if len(row.Tags) == 0 {
			row.Tags = []Tag{{Text: p.T("councillor.settled"), Kind: "done"}}
		}
		p.Threads = append(p.Threads, row)
		p.Demo = p.Demo || t.Consultation.Demo
	}
	for _, card := range d.Cards {
		k := card.Consultation
		p.Cards = append(p.Cards, councillorCard{Link: Link{Href: "/consultations/" + k.ID.String(), Text: k.Title}, ID: k.ID.String(),
			State: p.StateTag(k.State), Take: p.T("councillor.take_link_for", "title", k.Title)})
		p.Demo = p.Demo || k.Demo
	}
	p.Pages = Paginate(number, d.Total, councillorPerPage, url.Values{})
	return p
}

// CouncillorTake opens the conversation about an application, whose address is the link to paste anywhere.
func (w *Web) CouncillorTake(c *fiber.Ctx) error {
	NoReferrer(c)
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := f.ID("consultation")
	if err != nil {
		return err
	}
	t, err := w.Service.OpenCouncillorThread(c.UserContext(), c.Params("token"), id)
	if err != nil {
		return err
	}
	return c.Redirect("/councillor/"+c.Params("token")+"/threads/"+t.ID.String(), fiber.StatusSeeOther)
}

// councillorThreadPage is one of a councillor's conversations: the link to paste, what was asked, what can be passed on.
type councillorThreadPage struct {
	Base
	Thread  consult.Thread
	Subject Link
	Public  Link // the address to paste
	Lines   []councillorLine
	Earlier string // address of the older messages; "" = this is the beginning
	As      string
	Write   *councillorForm // nil = closed
	Path    string
	Share   string // words to paste with the link
}

// councillorLine is a message, and what became of it or can be done with it.
type councillorLine struct {
	Message
	Note string
	Pass *Button // nil = not a question that can be passed on
	Key  string
}

// councillorForm is where a councillor writes.
type councillorForm struct {
	Body     TextArea
	Key      string
	Say, Ask Button
}

// CouncillorThread shows the conversation.
func (w *Web) CouncillorThread(c *fiber.Ctx) error {
	p, err := w.councillorThread(c, nil, nil)
	return shown(w, c, "councillor-thread", p, err)
}

func (w *Web) councillorThread(c *fiber.Ctx, f *Form, invalid error) (*councillorThreadPage, error) {
	NoReferrer(c)
	id, err := consult.ParseID(c.Params("thread"))
	if err != nil {
		return nil, err
	}
	before, err := strconv.ParseInt(c.Query("before"), 10, 64)
	if err != nil || before < 0 {
		before = 0
	}
	v, err := w.Service.CouncillorThreadOf(c.UserContext(), c.Params("token"), id, before)
	if err != nil {
		return nil, err
	}
	return drawCouncillorThread(w.Base(c, "councillor.thread_title", "title", v.View.Consultation.Title).WithErrors(invalid), v, c.Params("token"), w.Site.BaseURL, f), nil
}

func drawCouncillorThread(b Base, v consult.CouncillorThreadView, token, site string, f *Form) *councillorThreadPage {
	k, t := v.View.Consultation, v.View.Thread
	p := &councillorThreadPage{Base: b.about(consult.Subjects{Kind: k.Kind}), Thread: t, Path: "/councillor/" + token + "/threads/" + t.ID.String()}
	p.NoIndex, p.Demo = true, p.Demo || k.Demo
	p.Back = &Link{Href: "/councillor/" + token, Text: p.T("councillor.back")}
	p.Subject = Link{Href: "/consultations/" + k.ID.String(), Text: k.Title}
	p.Public = Link{Href: threadHref(t.ID, 0), Text: site + threadHref(t.ID, 0)}
	p.Share = p.T("councillor.share_text", "title", k.Title, "service", k.Service)
	for _, m := range v.View.Messages {
		p.Lines = append(p.Lines, p.councillorLine(m, v))
	}
	if v.View.Earlier > 0 {
		p.Earlier = p.Path + "?before=" + strconv.FormatInt(v.View.Earlier, 10)
	}
	p.Scripts = append(p.Scripts, liveScript)
	if !v.View.Open {
		return p
	}
	p.As = p.T("councillor.write_as", "name", v.Councillor.Name)
	p.Write = &councillorForm{Body: p.TextArea(f, "body", "thread.body", consult.MaxMessage), Key: f.Value(keyField),
		Say: Button{Text: p.T("councillor.say"), Name: "do", Value: "say"},
		Ask: Button{Text: p.T("councillor.ask", "service", k.Service), Name: "do", Value: "ask", Secondary: true}}
	p.Write.Body.Rows, p.Write.Body.Hint = 4, p.T("councillor.ask_hint")
	if p.Write.Key == "" {
		p.Write.Key = NewKey()
	}
	return p
}

// councillorLine is a message with what became of it.
func (p *councillorThreadPage) councillorLine(m consult.Message, v consult.CouncillorThreadView) councillorLine {
	line := councillorLine{Message: MessageOf(m, 0)}
	passed, was := v.Passed[m.ID]
	switch {
	case was && passed.AnsweredAt.IsZero() && v.View.Thread.AnswerDue.IsZero():
		line.Note = p.T("councillor.passed", "service", passed.Service)
	case was && passed.AnsweredAt.IsZero():
		line.Note = p.T("councillor.waits", "service", passed.Service, "date", p.Language.Date(v.View.Thread.AnswerDue.Add(-1)))
	case was:
		line.Note = p.T("councillor.answered")
	case m.Author == consult.ByResident && line.Visible() && v.View.Open:
		line.Pass = &Button{Text: p.T("councillor.pass", "service", v.View.Consultation.Service), Name: "message", Value: line.ID, Secondary: true}
		line.Key = NewKey()
	}
	return line
}

// CouncillorSay posts what the councillor writes, or passes a question on.
func (w *Web) CouncillorSay(c *fiber.Ctx) error {
	NoReferrer(c)
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	thread, err := consult.ParseID(c.Params("thread"))
	if err != nil {
		return err
	}
	token := c.Params("token")
	in := consult.MessageInput{Thread: thread, Language: w.Language(c).Code, Key: f.Key()}
	if f.Has("message") {
		err = w.passQuestion(c, f, token, in)
	} else {
		in.Body = f.Text("body", consult.MaxMessage)
		ask := Choose(f, "do", []string{"say", "ask"}) == "ask"
		if err = f.Err("write as councillor"); err == nil {
			_, err = w.Service.SayAsCouncillor(c.UserContext(), token, in, ask)
		}
	}
	if consult.KindOf(err) == consult.Invalid {
		p, failed := w.councillorThread(c, f, err)
		return shown(w, c, "councillor-thread", p, failed)
	}
	// Passed on before, from another page: that is what was wanted.
	if err != nil && consult.KindOf(err) != consult.Conflict {
		return err
	}
	return c.Redirect("/councillor/"+token+"/threads/"+thread.String(), fiber.StatusSeeOther)
}

// passQuestion hands a message to the service, with one tap: the words that the conversation reads are ours.
func (w *Web) passQuestion(c *fiber.Ctx, f *Form, token string, in consult.MessageInput) error {
	message, err := f.ID("message")
	if err != nil {
		return err
	}
	if err := f.Err("pass question"); err != nil {
		return err
	}
	v, err := w.Service.CouncillorThreadOf(c.UserContext(), token, in.Thread, 0)
	if err != nil {
		return err
	}
	b := w.Base(c, "councillor.title", "name", "")
	in.Body = b.T("councillor.pass_words", "service", v.View.Consultation.Service)
	_, err = w.Service.PassQuestion(c.UserContext(), token, message, in)
	return err
}
