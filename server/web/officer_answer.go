package web

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// officerAnswerPage is where officers write the answer to a concern, and see what became of it.
type officerAnswerPage struct {
	Base
	Desk      caseDesk
	Concern   Link
	Askers    string
	FourEyes  bool
	Into      *Link // what the concern was merged into; nil = it stands
	State     Tag
	Action    string
	Going     *goingAnswer   // nil = nothing waits to go out
	Write     *writtenAnswer // nil = nothing can be written now
	Meanwhile bool           // somebody moved on while this was written
	Theirs    *answerText    // what they saved; nil = it is published, or taken away
	Given     *givenReport   // nil = nothing is published yet
}

// goingAnswer is an answer that can still be undone.
type goingAnswer struct {
	answerText
	Says  string
	Left  string
	Secs  int
	Until time.Time
	Key   string
	Rev   int
	Undo  Button
}

// writtenAnswer is the version being written.
type writtenAnswer struct {
	Rev          int
	Key          string
	Correction   bool
	Language     Select
	Body         TextArea
	Changed      *TextArea // nil = it is the first version
	Translations []translationFields
	Steps        []Button
	Wrong        string // why the step cannot be taken
}

// translationFields are one other language.
type translationFields struct {
	Text    TextArea
	Checked Choices
}

// givenReport is what became of the published answer.
type givenReport struct {
	Answer    *givenAnswer
	Public    Link
	Delivered string
	Channels  []string
	Verdicts  string // "" = nobody has said
	Reasons   []reasonView
	Pages     Pagination
}

// reasonView is what one asker missed.
type reasonView struct {
	Value string
	Topic string
	Text  string
	At    time.Time
	Open  Link
}

func officerAnswerHref(concern consult.ID) string { return officerConcernHref(concern) + "/answer" }

// ConcernAnswer shows it.
func (w *Web) ConcernAnswer(c *fiber.Ctx) error { return w.concernAnswer(c, nil, nil) }

func (w *Web) concernAnswer(c *fiber.Ctx, f *Form, wrong error) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	ctx, actor := c.UserContext(), w.actor(c)
	d, err := w.Service.AnswerDesk(ctx, actor, id)
	if err != nil {
		return err
	}
	b := w.StaffBase(c, "officer_answer.title", "title", d.Concern.Title).about(consult.Subjects{Kind: d.Consultation.Kind}).WithErrors(wrong)
	p := w.drawOfficerAnswer(b, d, f, w.Now())
	if len(d.Public) > 0 {
		number := PageNumber(ReadQuery(c))
		list, total, err := w.Service.AnswerReasons(ctx, actor, d.Public[0].ID, (number-1)*reasonsPage)
		if err != nil {
			return err
		}
		p.Given = p.givenReport(d, list)
		p.Given.Pages = Paginate(number, total, reasonsPage, nil)
	}
	if f == nil && c.Query("done") != "" {
		p.Notice = p.T("officer_answer.saved")
	}
	if consult.KindOf(wrong) == consult.Conflict {
		p.meanwhile(d)
		return w.Pages.Page(c, fiber.StatusConflict, "officer-answer", p)
	}
	return shown(w, c, "officer-answer", p, nil)
}

const reasonsPage = 20

func (w *Web) drawOfficerAnswer(b Base, d consult.AnswerDesk, f *Form, now time.Time) *officerAnswerPage {
	p := &officerAnswerPage{Base: b, Desk: b.caseDesk(d.Consultation.ID, "concerns"), Action: officerAnswerHref(d.Concern.ID), FourEyes: d.FourEyes,
		Concern: Link{officerConcernHref(d.Concern.ID), b.T("officer_answer.back")}, Askers: b.T("officer_answer.askers", "n", d.Concern.Sources)}
	p.Demo = p.Demo || d.Consultation.Demo
	p.Back = &p.Concern
	p.State = p.answerTag(newestAnswer(d))
	if into := d.Concern.MergedInto; into != 0 {
		p.Into = &Link{officerAnswerHref(into), p.T("officer_answer.write")}
		return p
	}
	if x := d.Open; x.Going() {
		left := max(int(x.GoesAt.Sub(now).Seconds()+0.999), 0)
		p.Going = &goingAnswer{answerText: answerText{x.Body, x.Language}, Says: p.T("officer_answer.going", "time", p.Language.Clock(x.GoesAt)),
			Left: p.T("officer_answer.left", "n", left), Secs: left, Until: x.GoesAt, Key: NewKey(), Rev: x.Rev,
			Undo: Button{Text: p.T("officer_answer.do_undo"), Name: looseDo, Value: string(consult.StepUndo)}}
	}
	if consult.Can(p.Actor, consult.Reply) && (p.Going == nil || f != nil) {
		p.Write = w.writtenAnswer(&p.Base, d, f, now)
	}
	return p
}

// newestAnswer is the version that an officer would look for first.
func newestAnswer(d consult.AnswerDesk) consult.Answer {
	if d.Open.ID == 0 && len(d.Public) > 0 {
		return d.Public[0]
	}
	return d.Open
}

// answerTag is how far an answer has come.
func (b *Base) answerTag(x consult.Answer) Tag {
	switch {
	case x.ID == 0:
		return Tag{Text: b.T("officer_answer.state_none"), Kind: "wait"}
	case x.Going():
		return Tag{Text: b.T("officer_answer.state_going"), Kind: "closing"}
	}
	kind := map[consult.AnswerState]string{consult.AnswerPublished: "done", consult.AnswerApproved: "open", consult.AnswerReview: "wait"}[x.State]
	return Tag{Text: b.T("officer_answer.state_" + string(x.State)), Kind: kind}
}

// answerTags adds to rows of concerns how far their answers have come.
func (w *Web) answerTags(c *fiber.Ctx, b *Base, lists ...[]concernRow) error {
	var concerns []consult.Concern
	for _, rows := range lists {
		for _, r := range rows {
			concerns = append(concerns, consult.Concern{ID: r.ID})
		}
	}
	newest, public, err := w.Service.AnswerStates(c.UserContext(), w.actor(c), concerns)
	for _, rows := range lists {
		for i, r := range rows {
			x := newest[r.ID]
			if x.State == consult.AnswerTakenBack || x.ID == 0 {
				x = public[r.ID]
			}
			rows[i].Answer = b.answerTag(x)
		}
	}
	return err
}

// writtenAnswer is the open version, or a new one that begins with the published words.
func (w *Web) writtenAnswer(b *Base, d consult.AnswerDesk, f *Form, now time.Time) *writtenAnswer {
	x := d.Open
	if x.ID == 0 {
		x = consult.Answer{State: consult.AnswerDraft, Language: w.Texts.Default().Code}
		if len(d.Public) > 0 {
			x.Body, x.Language, x.Translations = d.Public[0].Body, d.Public[0].Language, d.Public[0].Translations
			for i := range x.Translations {
				x.Translations[i].Checked = false // it has to be checked against the new words
			}
		}
	}
	fields := map[string]string{"body": x.Body, "language": x.Language, "changed": x.Changed}
	for _, t := range x.Translations {
		fields["text-"+t.Language] = t.Body
		if t.Checked {
			fields["checked-"+t.Language] = "yes"
		}
	}
	f = values(f, fields)
	form := &writtenAnswer{Rev: x.Rev, Key: NewKey(), Correction: len(d.Public) > 0, Body: b.TextArea(f, "body", "officer_answer.body", consult.MaxAnswer),
		Wrong: b.ErrorOf("step")}
	form.Body.Rows = 10
	form.Language = Select{Field: b.field("language", "officer_answer.language")}
	for _, l := range w.Texts.Languages() {
		form.Language.Options = append(form.Language.Options, Choice{Value: l.Code, Label: l.T("language.name"), Checked: f.Value("language") == l.Code})
		text := b.TextArea(f, "text-"+l.Code, "officer_answer.translation", consult.MaxAnswer)
		text.Label = b.T("officer_answer.translation", "language", l.T("language.name"))
		checked := Checkboxes(b, f, "checked-"+l.Code, "officer_answer.checked", []string{"yes"}, "officer_answer.checked_")
		form.Translations = append(form.Translations, translationFields{text, checked})
	}
	if form.Correction {
		changed := b.TextArea(f, "changed", "officer_answer.changed", consult.MaxAnswerChanged)
		changed.Rows = 2
		form.Changed = &changed
	}
	for _, step := range []consult.AnswerStep{consult.StepPublish, consult.StepApprove, consult.StepReview, consult.StepSave, consult.StepReturn, consult.StepTakeBack} {
		if _, rule := x.Step(step, b.Actor, now, d.FourEyes); rule != "" || step == consult.StepTakeBack && x.ID == 0 || (step == consult.StepReview || step == consult.StepApprove) && !d.FourEyes {
			continue
		}
		form.Steps = append(form.Steps, Button{Text: b.T("officer_answer.do_" + string(step)), Name: looseDo, Value: string(step), Secondary: len(form.Steps) > 0,
			Warning: step == consult.StepTakeBack})
	}
	return form
}

// meanwhile shows what somebody saved while this was written. What was typed stands in the form.
func (p *officerAnswerPage) meanwhile(d consult.AnswerDesk) {
	p.Meanwhile = true
	if x := d.Open; x.ID != 0 {
		p.Theirs = &answerText{x.Body, x.Language}
	}
}

// givenReport is what became of the published answer.
func (b *Base) givenReport(d consult.AnswerDesk, reasons []consult.Verdict) *givenReport {
	public := consult.PublicAnswer{Answer: d.Public[0], Earlier: d.Public[1:]}
	f := d.Figures
	r := &givenReport{Answer: b.publicAnswer(public), Public: Link{concernHref(d.Concern.ID), b.T("officer_answer.see_public")},
		Delivered: b.T("officer_answer.delivered", "n", b.Language.Number(int64(f.Delivered)), "m", b.Language.Number(int64(f.Askers)))}
	for _, channel := range consult.AnswerChannels() {
		if n := f.Channels[channel]; n > 0 {
			r.Channels = append(r.Channels, b.T("officer_answer.channel_"+string(channel), "n", n))
		}
	}
	if f.Said() > 0 {
		r.Verdicts = b.verdictFigures(f)
	}
	for _, v := range reasons {
		view := reasonView{Value: b.T("answer." + string(v.Value)), Text: v.Reason, At: v.At,
			Open: Link{"/officer/comments/" + v.Ref.Source.String(), b.T("officer_answer.open_comment")}}
		if v.Ref.Topic == "" {
			view.Open = Link{"/officer/messages/" + v.Ref.Source.String(), b.T("officer_answer.open_message")}
		} else {
			view.Topic = b.topic(v.Ref.Topic)
		}
		r.Reasons = append(r.Reasons, view)
	}
	return r
}

// WriteAnswer takes a step on the answer with what was typed.
func (w *Web) WriteAnswer(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	in := consult.AnswerInput{Step: Choose(f, looseDo, consult.AnswerSteps()), Key: f.Key()}
	if in.Concern, err = consult.ParseID(c.Params("id")); err != nil {
		return err
	}
	in.Rev, _ = strconv.Atoi(f.Line("rev", 9))
	if in.Step != consult.StepUndo {
		in.Text = w.readAnswer(f)
	}
	if err = f.Err("write answer"); err == nil {
		_, err = w.Service.WriteAnswer(c.UserContext(), w.actor(c), in)
	}
	if refused(err) {
		return w.concernAnswer(c, f, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(officerAnswerHref(in.Concern)+"?done=1", fiber.StatusSeeOther)
}

// readAnswer takes an answer's words from a form. The text box of the main language is not shown and says nothing.
func (w *Web) readAnswer(f *Form) consult.AnswerText {
	t := consult.AnswerText{Body: f.Text("body", consult.MaxAnswer), Changed: f.Text("changed", consult.MaxAnswerChanged), Language: f.Line("language", 20)}
	for _, l := range w.Texts.Languages() {
		body := f.Text("text-"+l.Code, consult.MaxAnswer)
		checked := len(ChooseMany(f, "checked-"+l.Code, []string{"yes"})) > 0
		if body != "" && l.Code != t.Language {
			t.Translations = append(t.Translations, consult.Translation{Language: l.Code, Body: body, Checked: checked})
		}
	}
	return t
}
