package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// myCommentPage is a comment's own page: what happened to it, from arrival to outcome. Its address is the author's key.
type myCommentPage struct {
	Base
	Mine     consult.MyComment
	Panel    *Panel // right after sending
	Subject  Link
	Steps    []trailStep
	Words    []pointView
	Led      map[string][]trailStep // what a topic's words led to, by the topic's name
	Answers  map[string][]myAnswer  // to its points, by the topic's name
	Stands   map[string][]Link      // the concerns they stand in, by the topic's name; without an address: not public yet
	Stance   string
	Replies  []Message
	Outcomes []outcomeView
	Public   string // address of the published comment; "" = not published
	Due      string // until when the first answer is promised; "" = none is waited for
	Promises []promiseView
	AboutYou string // address of the equality questions; "" = asked already
	StopMail string
	StopGo   Button
	Again    *againView // nil = nothing to say about it now

	Redaction *myRedaction // nil = nothing was decided about it yet
}

// MyComment shows the comment's own page.
func (w *Web) MyComment(c *fiber.Ctx) error {
	NoReferrer(c)
	p, err := w.myComment(c, nil, nil)
	return shown(w, c, "my-comment", p, err)
}

func (w *Web) myComment(c *fiber.Ctx, f *Form, invalid error) (*myCommentPage, error) {
	token := c.Params("token")
	mine, err := w.Service.MyComment(c.UserContext(), token)
	if err != nil {
		return nil, err
	}
	b := w.Base(c, "my_comment.title", "reference", mine.Comment.ID.String()).WithErrors(invalid)
	mine.Token = token
	p := drawMyComment(b, mine, w.Service.Calendar(), c.Query("new") != "")
	p.drawPromises(mine, w.Service.Now())
	p.Answers = p.myAnswers(mine.Answers, "/my-comment/"+token+"/verdict", f)
	p.Redaction = p.myRedaction(mine, sentWith(f, "correction"))
	return p, nil
}

func drawMyComment(b Base, mine consult.MyComment, cal consult.Calendar, justSent bool) *myCommentPage {
	k := mine.Consultation
	p := &myCommentPage{Base: b.about(mine.Subjects), Mine: mine}
	p.NoIndex, p.Demo = true, p.Demo || k.Demo
	p.Subject = Link{Href: "/consultations/" + k.ID.String(), Text: k.Title}
	p.Stance = p.stance(mine.Comment.Stance)
	if justSent {
		p.Panel = &Panel{Title: p.T("my_comment.received"), Text: p.T("my_comment.received_text"), Reference: mine.Comment.ID.String()}
	}
	answers := ""
	if len(mine.Replies) > 0 {
		answers = "#replies"
	}
	p.Steps, p.Led = p.trailSteps(mine.Trail, k.ID, answers), p.ledByTopic(mine.Trail, k.ID)
	for _, pt := range mine.Words {
		p.Words = append(p.Words, pointView{p.topic(pt.Topic), pt.Text})
	}
	p.Stands = p.standsIn(mine.Concerns)
	if mine.Live.ID != 0 {
		p.Scripts = append(p.Scripts, liveScript)
	}
	p.Again = p.againView(mine, cal)
	for _, m := range mine.Replies {
		p.Replies = append(p.Replies, MessageOf(m, 0))
	}
	for _, o := range mine.Outcomes {
		p.Outcomes = append(p.Outcomes, p.outcomeView(o))
	}
	if mine.Comment.State == consult.CommentPublished {
		p.Public = "/comments/" + mine.Comment.ID.String()
	}
	if !mine.EqualityAsked {
		p.AboutYou = "/my-comment/" + mine.Token + "/about-you"
	}
	if mine.HasEmail {
		p.StopMail, p.StopGo = "/my-comment/"+mine.Token+"/stop-mail", Button{Text: p.T("my_comment.stop_mail"), Secondary: true}
	}
	return p
}

// StopMyMailForm is where the link in a mail leads: a button, because programs that look into mails open every link.
func (w *Web) StopMyMailForm(c *fiber.Ctx) error {
	NoReferrer(c)
	token := c.Params("token")
	mine, err := w.Service.MyComment(c.UserContext(), token)
	if err != nil {
		return err
	}
	p := w.followView(c, "my_comment.stop_mail", "my_comment.mail", nil)
	p.Subject = &Link{Href: "/my-comment/" + token, Text: p.T("my_comment.title", "reference", mine.Comment.ID.String())}
	p.Actions = []followAction{{"/my-comment/" + token + "/stop-mail", Button{Text: p.T("follow.stop")}}}
	return w.Pages.Page(c, fiber.StatusOK, "follow", p)
}

// StopMyMail removes the author's address.
func (w *Web) StopMyMail(c *fiber.Ctx) error {
	NoReferrer(c)
	token := c.Params("token")
	if err := w.Service.StopMyMail(c.UserContext(), token); err != nil {
		return err
	}
	if c.FormValue("List-Unsubscribe") != "" {
		return c.SendStatus(fiber.StatusNoContent)
	}
	return c.Redirect("/my-comment/"+token, fiber.StatusSeeOther)
}

// aboutYouPage asks the optional equality questions, after the comment is safe.
type aboutYouPage struct {
	Base
	Action    string
	Questions []Choices
	Send      Button
	Skip      Link
}

// AboutYouForm shows the questions.
func (w *Web) AboutYouForm(c *fiber.Ctx) error {
	NoReferrer(c)
	p, err := w.aboutYouView(c, nil, nil)
	return shown(w, c, "about-you", p, err)
}

func (w *Web) aboutYouView(c *fiber.Ctx, f *Form, invalid error) (*aboutYouPage, error) {
	token := c.Params("token")
	mine, err := w.Service.MyComment(c.UserContext(), token)
	if err != nil {
		return nil, err
	}
	if mine.EqualityAsked {
		return nil, &consult.Error{Kind: consult.Closed, Op: "equality questions"}
	}
	p := drawAboutYou(w.Base(c, "about_you.title").WithErrors(invalid), token, f)
	p.Demo = p.Demo || mine.Consultation.Demo
	return p, nil
}

func drawAboutYou(b Base, token string, f *Form) *aboutYouPage {
	p := &aboutYouPage{Base: b, Action: "/my-comment/" + token + "/about-you"}
	p.NoIndex = true
	for _, q := range consult.EqualityQuestions() {
		p.Questions = append(p.Questions, Radios(&p.Base, f, q.Name, "about_you."+q.Name, q.Codes, "about_you."+q.Name+"_"))
	}
	p.Send, p.Skip = Button{Text: p.T("about_you.send")}, Link{Href: "/my-comment/" + token, Text: p.T("about_you.skip")}
	return p
}

// AboutYou keeps the answers apart from the comment.
func (w *Web) AboutYou(c *fiber.Ctx) error {
	NoReferrer(c)
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	given := map[string]string{}
	for _, q := range consult.EqualityQuestions() {
		given[q.Name] = Choose(f, q.Name, q.Codes)
	}
	err = f.Err("equality")
	if err == nil {
		err = w.Service.AnswerEquality(c.UserContext(), c.Params("token"), consult.EqualityAnswers{
			AgeBand: given["age"], Sex: given["sex"], EthnicGroup: given["ethnic"], Disability: given["disability"]})
	}
	if consult.KindOf(err) == consult.Invalid {
		p, failed := w.aboutYouView(c, f, err)
		return shown(w, c, "about-you", p, failed)
	}
	if err != nil && consult.KindOf(err) != consult.Conflict {
		return err
	}
	return c.Redirect("/my-comment/"+c.Params("token")+"?thanks=1", fiber.StatusSeeOther)
}
