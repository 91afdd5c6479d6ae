package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// officerCommentPage is a comment as officers work on it: the author's own words beside their place, the text to publish, the answer.
type officerCommentPage struct {
	Base
	File     consult.CommentFile
	Subject  Link
	Stance   string
	State    string
	Sketch   *Sketch
	Original []pointView
	Replies  []Message
	Answer   *messageForm
	Due      Tag
	Clock    *promiseDesk // nil = nothing was asked
	Path     string
	OnDesk   *deskItem
	Signals  []signalView
	HideHref string // of a published comment; "" = it can be withheld here

	Publication *publication
}

// OfficerComment shows it.
func (w *Web) OfficerComment(c *fiber.Ctx) error {
	p, err := w.officerComment(c, nil, nil)
	return shown(w, c, "officer-comment", p, err)
}

func (w *Web) officerComment(c *fiber.Ctx, f *Form, invalid error) (*officerCommentPage, error) {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return nil, err
	}
	actor := w.actor(c)
	file, k, err := w.Service.CommentFile(c.UserContext(), actor, id)
	if err != nil {
		return nil, err
	}
	v, err := w.Service.Case(c.UserContext(), actor, k.ID)
	if err != nil {
		return nil, err
	}
	p := drawOfficerComment(w.StaffBase(c, "officer_comment.title", "reference", id.String()).WithErrors(invalid), file, v, f)
	d, err := w.redactionDesk(c, file, k)
	if err != nil {
		return nil, err
	}
	if sent := sentWith(f, "do"); sent != nil {
		d.typed = typedForm(sent, file)
	}
	p.Publication = p.publication(d, f)
	var thread consult.Thread
	if file.Comment.Thread != 0 {
		t, err := w.Service.Thread(c.UserContext(), actor, file.Comment.Thread, 0, 0)
		if err != nil {
			return nil, err
		}
		for _, m := range t.Messages {
			p.Replies = append(p.Replies, p.messageView(m))
		}
		thread = t.Thread
	}
	if err := w.helpReply(c, &p.Base, p.Answer, id, thread, f); err != nil {
		return nil, err
	}
	if p.OnDesk, err = w.onDesk(c, &p.Base, id); err != nil {
		return nil, err
	}
	if p.OnDesk != nil {
		p.Publication.KeysOff = p.OnDesk.KeysOff
	}
	if p.Signals, err = w.signalsAround(c, &p.Base, k.ID, id); err != nil {
		return nil, err
	}
	// The page's own script brings these along: one request for all.
	p.Scripts = slices.DeleteFunc(p.Scripts, func(s string) bool { return s == deskScript || s == replyHelpScript })
	return p, w.drawClock(c, p)
}

func drawOfficerComment(b Base, file consult.CommentFile, v consult.CaseView, f *Form) *officerCommentPage {
	k, comment := v.Consultation, file.Comment
	p := &officerCommentPage{Base: b.about(v.Subjects), File: file, Subject: Link{Href: "/officer/consultations/" + k.ID.String(), Text: k.Title}}
	p.Demo = p.Demo || k.Demo
	p.Back = &Link{Href: "/officer", Text: p.T("inbox.back")}
	p.Path = "/officer/comments/" + comment.ID.String()
	p.Stance, p.State = p.stance(comment.Stance), p.T("comment_state."+string(comment.State))
	p.Sketch = p.sketch(v.Current, comment.Place, comment.HasPlace, p.T("officer_comment.sketch"))
	for _, pt := range file.Original {
		p.Original = append(p.Original, pointView{p.topic(pt.Topic), pt.Text})
	}
	if consult.Can(p.Actor, consult.Reply) {
		p.Answer = p.messageForm(sentWith(f, "body"), p.Path+"/answer")
	}
	return p
}

// sentWith is the form if it has one of the fields: of several on a page, the one that was sent.
func sentWith(f *Form, fields ...string) *Form {
	if f == nil || !slices.ContainsFunc(fields, f.Has) {
		return nil
	}
	return f
}

// OfficerAnswer replies to a comment.
func (w *Web) OfficerAnswer(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	if f.Has(insertField) {
		return w.commentWithReply(c, f, id)
	}
	in := w.readMessage(c, f)
	err = f.Err("answer comment")
	if err == nil {
		_, err = w.Service.AnswerComment(c.UserContext(), w.actor(c), id, in)
	}
	return w.officerCommentDone(c, f, answeredMeanwhile(err, in))
}

// commentWithReply shows the page with a saved reply put into the answer, in the author's language where it is written in it.
func (w *Web) commentWithReply(c *fiber.Ctx, f *Form, id consult.ID) error {
	file, k, err := w.Service.CommentFile(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	_, warn, err := w.insertReply(c, f, k.ID, file.Comment.Language)
	if err != nil {
		return err
	}
	p, err := w.officerComment(c, f, nil)
	if err == nil && p.Answer != nil && p.Answer.Help != nil {
		p.Answer.Help.Warn = warn
	}
	return shown(w, c, "officer-comment", p, err)
}

// officerCommentDone shows the page again: with what is wrong, or as it is now.
func (w *Web) officerCommentDone(c *fiber.Ctx, f *Form, err error) error {
	if len(consult.FieldsOf(err)) > 0 {
		p, failed := w.officerComment(c, f, err)
		return shown(w, c, "officer-comment", p, failed)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/officer/comments/"+c.Params("id"), fiber.StatusSeeOther)
}

// officerMessagePage is where a moderator hides or restores a message.
type officerMessagePage struct {
	Base
	Message Message
	Thread  Link
	Rule    Choices
	Reason  TextArea
	Hide    Button
	Restore *Button
	Path    string
}

// OfficerMessage shows the message with its rules.
func (w *Web) OfficerMessage(c *fiber.Ctx) error {
	p, err := w.officerMessage(c, nil, nil)
	return shown(w, c, "officer-message", p, err)
}

func (w *Web) officerMessage(c *fiber.Ctx, f *Form, invalid error) (*officerMessagePage, error) {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return nil, err
	}
	m, t, k, err := w.Service.MessageFile(c.UserContext(), w.actor(c), id)
	if err != nil {
		return nil, err
	}
	p := drawOfficerMessage(w.StaffBase(c, "officer_message.title").WithErrors(invalid), m, t, f)
	p.Demo = p.Demo || k.Demo
	return p, nil
}

func drawOfficerMessage(b Base, m consult.Message, t consult.Thread, f *Form) *officerMessagePage {
	shown := MessageOf(m, 0)
	shown.State = consult.MessageVisible // a moderator reads what others do not
	p := &officerMessagePage{Base: b, Message: shown, Thread: Link{Href: threadHref(t.ID, m.Seq), Text: t.Title}, Path: "/officer/messages/" + m.ID.String()}
	if p.Thread.Text == "" {
		p.Thread.Text = p.T("thread.on_comment")
	}
	p.Back = &Link{Href: p.Thread.Href, Text: p.T("site.back")}
	f = values(f, map[string]string{"rule": m.Rule, "reason": m.Reason})
	p.Rule = Radios(&p.Base, f, "rule", "officer_message.rule", consult.HideRules(), "rule.")
	p.Reason = p.TextArea(f, "reason", "officer_message.reason", 500)
	p.Hide = Button{Text: p.T("officer_message.hide"), Name: "do", Value: "hide", Warning: true}
	if m.State != consult.MessageVisible {
		p.Restore = &Button{Text: p.T("officer_message.restore"), Name: "do", Value: "restore", Secondary: true}
	}
	return p
}

// OfficerModerate hides or restores.
func (w *Web) OfficerModerate(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	state := consult.MessageHidden
	if f.Has("do") && f.Value("do") == "restore" {
		state = consult.MessageVisible
	}
	rule, reason := Choose(f, "rule", consult.HideRules()), f.Text("reason", 500)
	m, err := consult.Message{}, f.Err("moderate")
	if err == nil {
		m, err = w.Service.SetMessageState(c.UserContext(), w.actor(c), id, state, rule, reason)
	}
	if consult.KindOf(err) == consult.Invalid {
		p, failed := w.officerMessage(c, f, err)
		return shown(w, c, "officer-message", p, failed)
	}
	if err != nil {
		return err
	}
	return c.Redirect(threadHref(m.Thread, m.Seq), fiber.StatusSeeOther)
}
