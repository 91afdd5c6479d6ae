package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/redact"
)

// liveScript is the island that makes a thread live.
const liveScript = "part/live-thread/live-thread.js"

// threadPage is a dialogue. It is whole without JavaScript; the socket spares a reload.
type threadPage struct {
	Base
	Thread   consult.Thread
	Messages []Message
	Earlier  string // address of the older messages; "" = this is the beginning
	Subject  Link   // the application
	On       *Link  // the document or comment it hangs on
	Post     *messageForm
	Locked   bool
	Answers  []myAnswer // to what the reader asked here
	Lead     string     // with a councillor: what one can ask here; "" = an ordinary thread
	OnDesk   *deskItem
	Posting  *postingBanner
	supporting
	Promises []promiseView
	Clock    *promiseDesk // officers: of the question that waits
}

// messageForm is the box below a thread.
type messageForm struct {
	Name   *TextInput // nil for officers: they speak as their service
	Body   TextArea
	Warn   *personalHint // nil for officers
	Key    string
	Send   Button
	As     string // officers: "You answer as …"
	Action string
	Facts  *factWatch // where fact cards appear; nil = there are none to find
	Help   *replyHelp // officers: what helps them reply
}

// Thread shows a dialogue.
func (w *Web) Thread(c *fiber.Ctx) error {
	p, err := w.threadView(c, nil, nil)
	return shown(w, c, "thread", p, err)
}

func (w *Web) threadView(c *fiber.Ctx, f *Form, invalid error) (*threadPage, error) {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return nil, err
	}
	actor := w.actor(c)
	before, err := strconv.ParseInt(c.Query("before"), 10, 64)
	if err != nil || before < 0 {
		before = 0
	}
	v, err := w.Service.Thread(c.UserContext(), actor, id, before, 0)
	if err != nil {
		return nil, err
	}
	p := drawThread(w.Base(c, "thread.title", "title", v.Thread.Title).WithErrors(invalid), v, f)
	if p.OnDesk, err = w.onDesk(c, &p.Base, id); err != nil {
		return nil, err
	}
	p.drawPromises(v, w.Service.Now())
	p.supporting = p.supports(c, p.mayTakePart(v.Consultation.State, v.Posting))
	if p.Post != nil {
		if p.Post.Facts, err = w.watchFacts(c, &p.Base, v.Consultation.ID, f); err != nil {
			return nil, err
		}
	}
	if err := w.threadAnswers(c, p, v, f); err != nil {
		return nil, err
	}
	return p, w.helpReply(c, &p.Base, p.Post, v.Thread.ID, v.Thread, f)
}

func drawThread(b Base, v consult.ThreadView, f *Form) *threadPage {
	p := &threadPage{Base: b.about(consult.Subjects{Kind: v.Consultation.Kind}), Thread: v.Thread}
	p.Path = "/threads/" + v.Thread.ID.String()
	if v.Thread.Anchor == consult.OnComment {
		p.Title = p.T("thread.on_comment")
		p.On = &Link{Href: "/comments/" + v.Thread.AnchorID.String(), Text: p.T("thread.the_comment")}
	}
	if v.Thread.Anchor == consult.OnDocument {
		p.On = &Link{Href: "/documents/" + v.Thread.AnchorID.String(), Text: p.T("thread.the_document")}
	}
	if v.Thread.Anchor == consult.OnCouncillor {
		p.Title = p.threadTitle(v.Thread)
		p.Lead = p.T("thread.councillor_lead", "name", v.Thread.Title, "service", v.Consultation.Service)
	}
	k := v.Consultation
	p.Demo, p.NoIndex = p.Demo || k.Demo, k.Demo
	p.Subject = Link{Href: "/consultations/" + k.ID.String(), Text: k.Title}
	p.Back = &Link{Href: p.Subject.Href, Text: p.T("document.back")}
	p.Posting = p.postingBanner(v.Posting)
	for _, m := range v.Messages {
		view := p.messageView(m)
		messageChoices(&view, m, p.Language, p.Actor.Kind == consult.Visitor, p.mayTakePart(k.State, v.Posting))
		p.Messages = append(p.Messages, view)
	}
	if v.Earlier > 0 {
		p.Earlier = p.Path + "?before=" + strconv.FormatInt(v.Earlier, 10)
	}
	p.Scripts = append(p.Scripts, liveScript)
	p.Locked = !v.Open
	p.shareThread(v)
	// What somebody has typed while postings were being paused stays in its box.
	if v.Open && (!v.Posting.Paused() || f != nil) || consult.Can(p.Actor, consult.Reply) {
		p.Post = p.messageForm(f, p.Path)
	}
	return p
}

// threadTitle is what a thread is called: as its author called it, or after the councillor who is asked in it.
func (b *Base) threadTitle(t consult.Thread) string {
	if t.Anchor == consult.OnCouncillor {
		return b.T("thread.with_councillor", "name", t.Title)
	}
	return t.Title
}

// messageView is a message with what this reader may do with it.
func (b *Base) messageView(m consult.Message) Message {
	v := MessageOf(m, b.Actor.ID)
	if consult.Can(b.Actor, consult.Moderate) && m.Author == consult.ByResident {
		key := "thread.hide"
		if m.State != consult.MessageVisible {
			key = "thread.restore"
		}
		v.Actions = []Link{{Href: "/officer/messages/" + v.ID, Text: b.T(key)}}
	}
	return v
}

// personalHint is what a browser looks for while a message is being written. Part "personal-hint".
type personalHint struct{ Field, Pattern string }

const personalHintScript = "part/personal-hint/personal-hint.js"

// messageForm draws the box; officers see under which name they speak instead of being asked for one.
func (b *Base) messageForm(f *Form, action string) *messageForm {
	m := &messageForm{Body: b.TextArea(f, "body", "thread.body", consult.MaxMessage), Key: f.Value(keyField), Action: action,
		Send: Button{Text: b.T("thread.send")}}
	m.Body.Rows = 4
	if m.Key == "" {
		m.Key = NewKey()
	}
	if consult.Can(b.Actor, consult.Reply) {
		m.As = b.T("thread.as", "service", b.Actor.Service, "title", b.Actor.Title)
		return m
	}
	name := b.TextInput(f, "name", "thread.name")
	name.Autocomplete = "nickname"
	m.Name = &name
	m.Warn = &personalHint{Field: m.Body.Name, Pattern: redact.Hint}
	b.Scripts = append(b.Scripts, personalHintScript)
	return m
}

// readMessage takes a message from a form.
func (w *Web) readMessage(c *fiber.Ctx, f *Form) consult.MessageInput {
	in := consult.MessageInput{Name: f.Line("name", consult.MaxName), Body: f.Text("body", consult.MaxMessage),
		Language: w.Language(c).Code, Key: f.Key()}
	readSeen(f, &in)
	return in
}

// PostMessage receives a message. The live island asks for JSON; without it the page comes back at the message.
func (w *Web) PostMessage(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	if p, err := w.threadWithReply(c, f, id); p != nil || err != nil {
		return shown(w, c, "thread", p, err)
	}
	in := w.readMessage(c, f)
	in.Thread = id
	posted, err := consult.Posted{}, f.Err("post message")
	if err == nil {
		if p, err := w.factsBeforeMessage(c, f, in); p != nil || err != nil {
			return shown(w, c, "thread", p, err)
		}
		posted, err = w.Service.PostMessage(c.UserContext(), w.visitor(c), in)
	}
	if err = answeredMeanwhile(err, in); len(consult.FieldsOf(err)) > 0 {
		p, failed := w.threadView(c, f, err)
		return shown(w, c, "thread", p, failed)
	}
	if err != nil {
		return err
	}
	return c.Redirect(threadHref(id, posted.Message.Seq), fiber.StatusSeeOther)
}

// threadWithReply is the page with a saved reply put in, where its button was pressed; nil where it was not.
func (w *Web) threadWithReply(c *fiber.Ctx, f *Form, id consult.ID) (*threadPage, error) {
	if !f.Has(insertField) || !consult.Can(w.actor(c), consult.Reply) {
		return nil, nil
	}
	v, err := w.Service.Thread(c.UserContext(), w.actor(c), id, 0, 1)
	if err != nil {
		return nil, err
	}
	_, warn, err := w.insertReply(c, f, v.Consultation.ID, "")
	if err != nil {
		return nil, err
	}
	p, err := w.threadView(c, f, nil)
	if err == nil && p.Post != nil && p.Post.Help != nil {
		p.Post.Help.Warn = warn
	}
	return p, err
}

// askPage opens a thread with a question.
type askPage struct {
	Base
	Subject  Link
	Promise  promiseTerms
	Document *Link // the document asked about
	Form     *messageForm
	About    TextInput
	DocID    string
	Posting  *postingBanner
}

// AskForm shows the form of a new question.
func (w *Web) AskForm(c *fiber.Ctx) error {
	p, err := w.askView(c, ReadQuery(c), nil)
	return shown(w, c, "ask", p, err)
}

func (w *Web) askView(c *fiber.Ctx, f *Form, invalid error) (*askPage, error) {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return nil, err
	}
	actor := w.actor(c)
	v, err := w.Service.Case(c.UserContext(), actor, id)
	if err != nil {
		return nil, err
	}
	k := v.Consultation
	if k.State.Settled() && !consult.Can(actor, consult.Reply) && invalid == nil {
		return nil, &consult.Error{Kind: consult.Closed, Op: "ask"}
	}
	p := &askPage{Base: w.BaseOf(c, k.Kind, "ask.title").WithErrors(invalid), Subject: Link{Href: "/consultations/" + k.ID.String(), Text: k.Title}}
	p.Demo, p.NoIndex = p.Demo || k.Demo, true
	p.Back = &Link{Href: p.Subject.Href, Text: p.T("document.back")}
	p.Posting = p.postingBanner(v.Posting)
	p.Promise = p.promiseTerms(v.Terms)
	p.Promise.Not = nil // a question has no topic
	p.About = p.TextInput(f, "title", "ask.about")
	p.Form = p.messageForm(f, p.Subject.Href+"/ask")
	p.Form.Send.Text = p.T("ask.send")
	if p.Form.Facts, err = w.watchFacts(c, &p.Base, k.ID, f); err != nil {
		return nil, err
	}
	if doc, err := consult.ParseID(f.Value("document")); err == nil {
		if d, _, err := w.Service.PublishedDocument(c.UserContext(), actor, doc); err == nil && d.Consultation == k.ID {
			p.DocID, p.Document = d.ID.String(), &Link{Href: "/documents/" + d.ID.String(), Text: d.Name}
		}
	}
	return p, nil
}

// Ask opens the thread.
func (w *Web) Ask(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	in := consult.ThreadInput{Consultation: id, Title: f.Line("title", consult.MaxTitle), First: w.readMessage(c, f)}
	if doc, err := f.ID("document"); err == nil {
		in.Anchor, in.AnchorID = consult.OnDocument, doc
	}
	posted, err := consult.Posted{}, f.Err("ask")
	if err == nil {
		if p, err := w.factsBeforeAsking(c, f, in); p != nil || err != nil {
			return shown(w, c, "ask", p, err)
		}
		posted, err = w.Service.StartThread(c.UserContext(), w.visitor(c), in)
	}
	if consult.KindOf(err) == consult.Invalid {
		p, failed := w.askView(c, f, err)
		return shown(w, c, "ask", p, failed)
	}
	if err != nil {
		return err
	}
	return c.Redirect(threadHref(posted.Thread.ID, 0), fiber.StatusSeeOther)
}
