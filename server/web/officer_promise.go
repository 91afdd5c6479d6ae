package web

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// promiseDesk is where an officer pauses and resumes clocks and closes what needs no answer: part "promise-desk".
type promiseDesk struct {
	*Base
	Action      string
	Points      []promiseView // all of them, for the comment's page
	Pausing     bool          // something can be paused
	PauseWhich  *Choices      // nil = there is one point only
	PauseReason Choices
	PauseWords  TextInput
	Pause       Button
	Resume      *Button // nil = nothing rests
	CloseWhich  *Choices
	CloseReason Choices
	Close       *Button // nil = nothing waits
}

// promiseDesk draws it for the points of a comment, or a message.
func (b *Base) promiseDesk(f *Form, source consult.ID, list []consult.PointPromise, now time.Time) *promiseDesk {
	d := &promiseDesk{Base: b, Action: "/officer/promises/" + source.String(), Points: b.promiseViews(list, now)}
	var open, waits []consult.Topic
	rests := false
	for _, p := range list {
		if p.State == consult.PointOpen {
			open = append(open, p.Ref.Topic)
		}
		if p.Waits() {
			waits = append(waits, p.Ref.Topic)
		}
		rests = rests || p.State == consult.PointPaused
	}
	d.Pausing = len(open) > 0
	d.PauseWhich, d.CloseWhich = b.which(f, "pause-points", open), b.which(f, "close-points", waits)
	d.PauseReason = Radios(b, f, "pause-reason", "officer_promise.pause_reason", consult.PauseReasons(), "pause_reason.")
	d.PauseWords = b.TextInput(f, "pause-words", "officer_promise.pause_words")
	d.Pause = Button{Text: b.T("officer_promise.pause"), Name: "do", Value: string(consult.PromisePaused), Secondary: true}
	if rests {
		d.Resume = &Button{Text: b.T("officer_promise.resume"), Name: "do", Value: string(consult.PromiseResumed), Secondary: true}
	}
	d.CloseReason = Radios(b, f, "close-reason", "officer_promise.close_reason", consult.CloseReasons(), "close_reason.")
	if len(waits) > 0 {
		d.Close = &Button{Text: b.T("officer_promise.close"), Name: "do", Value: string(consult.PromiseClosed), Warning: true}
	}
	return d
}

// drawClock adds to a comment's page how the promises of its points stand, and what can be done about them.
func (w *Web) drawClock(c *fiber.Ctx, p *officerCommentPage) error {
	list, err := w.Service.CommentPromises(c.UserContext(), p.Actor, p.File.Comment.ID)
	if err != nil || len(list) == 0 {
		return err
	}
	var due time.Time
	for _, point := range list {
		if d := point.Due(); point.State == consult.PointOpen && !d.IsZero() && (due.IsZero() || d.Before(due)) {
			due = d
		}
	}
	if days, known := w.Service.DueIn(consult.InboxItem{Due: due}); known {
		p.Due = p.dueTag(days)
	}
	p.Clock = p.promiseDesk(nil, p.File.Comment.ID, list, w.Service.Now())
	if !p.Can(string(consult.Reply)) {
		p.Clock.Pausing, p.Clock.Resume, p.Clock.Close = false, nil, nil
	}
	return nil
}

// which lets choose among several points; nothing chosen means all.
func (b *Base) which(f *Form, name string, topics []consult.Topic) *Choices {
	if len(topics) < 2 {
		return nil
	}
	if f == nil {
		f = Filled(nil)
	}
	c := Choices{Field: Field{Name: name, Label: b.T("officer_promise.which"), Hint: b.T("officer_promise.which_hint"), Error: b.ErrorOf(name)}}
	chosen := ChooseMany(f, name, topics)
	for _, t := range topics {
		checked := false
		for _, k := range chosen {
			checked = checked || k == t
		}
		c.Choices = append(c.Choices, Choice{Value: string(t), Label: b.topic(t), Checked: checked})
	}
	return &c
}

// officerPromisePage is the same on a page of its own: where a form was wrong.
type officerPromisePage struct {
	Base
	Clock *promiseDesk
	About Link
}

// OfficerPromise shows the clocks of a comment's points, or of a message.
func (w *Web) OfficerPromise(c *fiber.Ctx) error {
	p, err := w.officerPromise(c, nil, nil)
	return shown(w, c, "officer-promise", p, err)
}

func (w *Web) officerPromise(c *fiber.Ctx, f *Form, invalid error) (*officerPromisePage, error) {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return nil, err
	}
	file, err := w.Service.PromiseFile(c.UserContext(), w.actor(c), id)
	if err != nil {
		return nil, err
	}
	b := w.StaffBase(c, "officer_promise.title").about(file.Subjects).WithErrors(invalid)
	return drawOfficerPromise(b, file, f, w.Service.Now()), nil
}

func drawOfficerPromise(b Base, file consult.PromiseFile, f *Form, now time.Time) *officerPromisePage {
	p := &officerPromisePage{Base: b, About: Link{Href: promiseHref(file), Text: b.T("officer_promise.about")}}
	p.Demo = p.Demo || file.Consultation.Demo
	p.Back = &Link{Href: p.About.Href, Text: p.T("site.back")}
	p.Clock = p.promiseDesk(f, file.Source, file.Points, now)
	return p
}

// promiseHref is the page that a point stands on for officers.
func promiseHref(file consult.PromiseFile) string {
	if file.Thread.ID != 0 {
		return threadHref(file.Thread.ID, file.Seq)
	}
	return "/officer/comments/" + file.Source.String()
}

// OfficerActOnPromise pauses, resumes or closes.
func (w *Web) OfficerActOnPromise(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	file, err := w.Service.PromiseFile(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	var topics []consult.Topic
	for _, p := range file.Points {
		topics = append(topics, p.Ref.Topic)
	}
	act := consult.PromiseAct{Source: id, Do: Choose(f, "do", []consult.PromiseEventKind{consult.PromisePaused, consult.PromiseResumed, consult.PromiseClosed})}
	pause, words := Choose(f, "pause-reason", consult.PauseReasons()), f.Line("pause-words", consult.MaxPauseWords)
	closing := Choose(f, "close-reason", consult.CloseReasons())
	pauseTopics, closeTopics := ChooseMany(f, "pause-points", topics), ChooseMany(f, "close-points", topics)
	switch act.Do {
	case consult.PromisePaused:
		act.Topics, act.Reason, act.Words = pauseTopics, pause, words
	case consult.PromiseClosed:
		act.Topics, act.Reason = closeTopics, closing
	}
	if err = f.Err("act on promise"); err == nil {
		err = w.Service.ActOnPromise(c.UserContext(), w.actor(c), act)
	}
	if consult.KindOf(err) == consult.Invalid {
		p, failed := w.officerPromise(c, f, err)
		return shown(w, c, "officer-promise", p, failed)
	}
	if err != nil {
		return err
	}
	return c.Redirect(promiseHref(file), fiber.StatusSeeOther)
}
