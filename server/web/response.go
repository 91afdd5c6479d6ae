package web

import (
	"cmp"
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// Answering a form: one page per section, then the details it asks for, then check. The same draft, the same addresses and the same
// promise as the comment on an application: what was typed is kept page by page, and nothing needs JavaScript.

// responsePage is one page of it.
type responsePage struct {
	Base
	Subject   Link
	Window    Callout
	Promise   promiseTerms
	Number    int // this step, from 1
	Steps     int
	Heading   string
	HeadLang  string // of heading, introduction and questions where it is not the page's; "" = the page's
	Intro     []string
	Action    string
	Return    bool // go back to the check page afterwards
	Questions []questionView
	Paper     string // address of the paper form; "" = not on this page
	Next      Button
	Key       string

	Name, Code, Email TextInput // the details
	ShowName          Choices
	Check             SummaryList
	Warned            *publicPreview // what will probably be taken out; nil = nothing
}

// formStep names the page of a section in addresses.
func formStep(section int) string { return "section-" + strconv.Itoa(section+1) }

// sectionOf finds the section an address names.
func sectionOf(f consult.Form, step string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimPrefix(step, "section-"))
	return n - 1, err == nil && strings.HasPrefix(step, "section-") && n >= 1 && n <= len(f.Sections)
}

// responseBase begins a page of the form.
func (w *Web) responseBase(c *fiber.Ctx, v consult.CaseView, form consult.Form, number int, titleKey string, invalid error) *responsePage {
	k, heading := v.Consultation, ""
	if number <= len(form.Sections) {
		heading = form.Sections[number-1].Title.In(w.Language(c).Code, form.Language)
	}
	p := &responsePage{Base: w.BaseOf(c, k.Kind, titleKey, "title", k.Title, "section", heading).WithErrors(invalid), Number: number, Steps: len(form.Sections) + 2}
	p.NoIndex, p.Demo = true, p.Demo || k.Demo
	p.Subject = Link{Href: "/consultations/" + k.ID.String(), Text: k.Title}
	p.Window.Text = p.windowText(v.Window)
	p.Back = &Link{Href: p.Subject.Href, Text: p.T("site.back")}
	p.Next = Button{Text: p.T("site.continue")}
	return p
}

// responseStart shows the first section; sending it begins the draft.
func (w *Web) responseStart(c *fiber.Ctx, v consult.CaseView, f *Form, invalid error) error {
	_, version, err := w.Service.FormAsked(c.UserContext(), w.actor(c), v.Consultation.ID)
	if err != nil {
		return err
	}
	p := w.responseBase(c, v, version.Form, 1, "form.title", invalid)
	p.Action = p.Subject.Href + "/comment"
	p.Paper = p.Subject.Href + "/form"
	p.Promise = p.promiseTerms(v.Terms)
	p.drawSection(w, f, version.Form, 0, consult.Typed{}, v.Consultation)
	return shown(w, c, "form-section", p, nil)
}

// responseBegin receives the first section and begins the draft.
func (w *Web) responseBegin(c *fiber.Ctx, v consult.CaseView, f *Form) error {
	_, version, err := w.Service.FormAsked(c.UserContext(), w.actor(c), v.Consultation.ID)
	if err != nil {
		return err
	}
	data := consult.DraftData{Form: version.Number, Typed: consult.Typed{}, Key: f.Key()}
	if err := w.readSection(c, f, version.Form, 0, data.Typed); err != nil {
		return err
	}
	if err := f.Err("begin comment"); err != nil {
		return w.responseStart(c, v, f, err)
	}
	d, err := w.Service.StartDraft(c.UserContext(), w.actor(c), v.Consultation.ID, data)
	if err != nil {
		return err
	}
	return c.Redirect(stepHref(d.Token, afterSection(version.Form, d.Data.Typed, 0)), fiber.StatusSeeOther)
}

// afterSection is the step after a section: the next one that asks anything.
func afterSection(form consult.Form, typed consult.Typed, section int) string {
	for i := section + 1; i < len(form.Sections); i++ {
		if len(consult.ShownQuestions(form, i, typed)) > 0 {
			return formStep(i)
		}
	}
	return "details"
}

// beforeStep is the step before a section; "" for the first.
func beforeStep(form consult.Form, typed consult.Typed, section int) string {
	for i := section - 1; i >= 0; i-- {
		if len(consult.ShownQuestions(form, i, typed)) > 0 {
			return formStep(i)
		}
	}
	return ""
}

// unanswered is the first section with a broken rule; "" when every one holds.
func unanswered(form consult.Form, typed consult.Typed) string {
	for i := range form.Sections {
		if _, wrong := consult.ReadSection(form, i, typed); len(wrong) > 0 {
			return formStep(i)
		}
	}
	return ""
}

// responseStep shows one page of a draft.
func (w *Web) responseStep(c *fiber.Ctx, d consult.Draft, f *Form, invalid error) error {
	v, err := w.Service.Case(c.UserContext(), w.actor(c), d.Consultation)
	if err != nil {
		return err
	}
	_, version, err := w.Service.FormAsked(c.UserContext(), w.actor(c), d.Consultation)
	if err != nil {
		return err
	}
	form, step := version.Form, c.Params("step")
	returning := c.Query("return") == "check" || f.Value("return") == "check"
	if i, ok := sectionOf(form, step); ok {
		p := w.responseBase(c, v, form, i+1, "form.title", invalid)
		p.drawSection(w, f, form, i, d.Data.Typed, v.Consultation)
		return w.showResponse(c, "form-section", p, d, beforeStep(form, d.Data.Typed, i), returning)
	}
	before := beforeStep(form, d.Data.Typed, len(form.Sections))
	switch step {
	case "details":
		p := w.responseBase(c, v, form, len(form.Sections)+1, "form.details_title", invalid)
		p.drawDetails(f, form.Contact, d.Data)
		return w.showResponse(c, "form-details", p, d, before, returning)
	case "check":
		if open := unanswered(form, d.Data.Typed); open != "" {
			return c.Redirect(stepHref(d.Token, open)+"?return=check", fiber.StatusSeeOther)
		}
		p := w.responseBase(c, v, form, len(form.Sections)+2, "form.check_title", invalid)
		p.drawCheck(form, d)
		responses, _ := consult.ReadResponses(form, d.Data.Typed)
		p.Warned = w.publicPreview(&p.Base, consult.CommentInput{Points: consult.WordsOf(responses), Contact: d.Data.Contact, ShowName: d.Data.ShowName}, v.Consultation)
		return w.showResponse(c, "form-check", p, d, "details", false)
	}
	return &consult.Error{Kind: consult.NotFound, Op: "form step"}
}

func (w *Web) showResponse(c *fiber.Ctx, page string, p *responsePage, d consult.Draft, before string, returning bool) error {
	p.Action, p.Key, p.Return = stepHref(d.Token, c.Params("step")), d.Data.Key, returning
	switch {
	case returning:
		p.Back.Href = stepHref(d.Token, "check")
	case before != "":
		p.Back.Href = stepHref(d.Token, before)
	}
	return shown(w, c, page, p, nil)
}

// responseSave keeps one page of a draft and goes on; the check page sends.
func (w *Web) responseSave(c *fiber.Ctx, f *Form, d consult.Draft) error {
	_, version, err := w.Service.FormAsked(c.UserContext(), w.actor(c), d.Consultation)
	if err != nil {
		return err
	}
	form, step := version.Form, c.Params("step")
	if d.Data.Typed == nil {
		d.Data.Typed = consult.Typed{}
	}
	f.Has("return")
	next := "check"
	section, ok := sectionOf(form, step)
	switch {
	case ok:
		if err := w.readSection(c, f, form, section, d.Data.Typed); err != nil {
			return err
		}
		if next = afterSection(form, d.Data.Typed, section); f.Value("return") == "check" {
			next = cmp.Or(unanswered(form, d.Data.Typed), "check")
		}
	case step == "details":
		readFormDetails(f, form.Contact, &d.Data)
	case step == "check":
		return w.responseSend(c, d, form)
	default:
		return &consult.Error{Kind: consult.NotFound, Op: "form step"}
	}
	// What was typed is kept even when a rule is broken: going away from an error page loses nothing either.
	if err := w.Service.SaveDraft(c.UserContext(), d); err != nil {
		return err
	}
	if err := f.Err("save draft"); err != nil {
		return w.responseStep(c, d, f, err)
	}
	href := stepHref(d.Token, next)
	if f.Value("return") == "check" && next != "check" {
		href += "?return=check"
	}
	return c.Redirect(href, fiber.StatusSeeOther)
}

// responseSend sends the checked answers.
func (w *Web) responseSend(c *fiber.Ctx, d consult.Draft, form consult.Form) error {
	responses, _ := consult.ReadResponses(form, d.Data.Typed)
	in := consult.CommentInput{Consultation: d.Consultation, Responses: responses, Contact: d.Data.Contact, ShowName: d.Data.ShowName,
		Channel: cmp.Or(d.Data.Channel, "web"), ReceivedOn: d.Data.Received, Language: w.Language(c).Code, Key: d.Data.Key, Draft: d.Token,
		Replaces: d.Data.Replaces}
	actor := w.author(c)
	if d.Data.Channel != "" { // an officer copies what came on paper
		actor = w.actor(c)
		if err := consult.Must(actor, consult.RecordOutcome, "enter a response"); err != nil {
			return err
		}
	}
	receipt, err := w.Service.SubmitComment(c.UserContext(), actor, in)
	if consult.KindOf(err) == consult.Invalid {
		return w.responseStep(c, d, nil, err)
	}
	if err != nil {
		return err
	}
	if d.Data.Channel != "" {
		return c.Redirect("/officer/comments/"+receipt.Comment.ID.String(), fiber.StatusSeeOther)
	}
	return c.Redirect("/my-comment/"+url.PathEscape(receipt.Token)+"?new=1", fiber.StatusSeeOther)
}
