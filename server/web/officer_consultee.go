package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// officerConsulteePage is one consultee: how it is reached, what it was asked, what it said, and what the public reads of that.
type officerConsulteePage struct {
	Base
	Desk    caseDesk
	File    consult.ConsulteeFile
	Row     consulteeRow
	Facts   SummaryList
	Do      Choices // remind, send again, ask anew, not needed
	Reason  TextInput
	Due     DateInput // nil value = the law sets it
	HasDue  bool
	Reach   consulteeForm
	Send    Button
	Said    []saidView
	Answer  *answerForm // to record an answer that came another way; nil = nothing was asked
	Reasons []string
	Path    string
}

// saidView is one answer with the form that publishes it.
type saidView struct {
	consult.ResponseFile
	Opinion    string
	Received   string
	Published  bool
	Text       TextArea
	Conditions TextArea
	Reasons    Choices
	Publish    Button
}

// answerForm is what a consultee is asked.
type answerForm struct {
	Action     string
	Opinion    Choices
	Text       TextArea
	Conditions TextArea
	Send       Button
}

// consulteeActions are what an officer can do with one that was asked.
func consulteeActions() []string { return []string{"remind", "resend", "reconsult", "release"} }

// OfficerConsultee shows one.
func (w *Web) OfficerConsultee(c *fiber.Ctx) error {
	p, err := w.officerConsultee(c, nil, nil)
	return shown(w, c, "officer-consultee", p, err)
}

func (w *Web) officerConsultee(c *fiber.Ctx, f *Form, invalid error) (*officerConsulteePage, error) {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return nil, err
	}
	file, k, err := w.Service.ConsulteeFile(c.UserContext(), w.actor(c), id)
	if err != nil {
		return nil, err
	}
	b := w.StaffBase(c, "officer_consultee.title", "name", file.Consultee.Name, "title", k.Title).WithErrors(invalid)
	return drawOfficerConsultee(b, file, k, f, w.Service.Calendar(), w.today()), nil
}

func drawOfficerConsultee(b Base, file consult.ConsulteeFile, k consult.Consultation, f *Form, cal consult.Calendar, today consult.Date) *officerConsulteePage {
	one := file.Consultee
	p := &officerConsulteePage{Base: b, Desk: b.caseDesk(k.ID, "consultees"), File: file, Row: b.consulteeRow(one, today), Path: "/officer/consultees/" + one.ID.String()}
	p.Demo = p.Demo || k.Demo
	p.Back = &Link{Href: "/officer/consultations/" + k.ID.String() + "/consultees", Text: p.T("officer_consultee.back")}
	p.drawFacts(file)
	moving, recording, asking := f, f, 0
	switch {
	case f.Value("asking") != "":
		moving, recording = nil, nil
		asking, _ = strconv.Atoi(f.Value("asking"))
	case f.Value("opinion") != "" || f != nil && f.asked["opinion"]:
		moving = nil
	default:
		recording = nil
	}
	p.Do = Radios(&p.Base, moving, "do", "officer_consultee.do", consulteeActions(), "officer_consultee.do_")
	p.Reason = p.TextInput(moving, "reason", "officer_consultee.reason")
	p.HasDue = one.Kind != consult.StatutoryConsultee
	p.Due = p.DateInput(moving, "due", "officer_consultees.due")
	p.Reach = p.consulteeForm(values(moving, map[string]string{"email": file.Contact.Email, "address": file.Contact.Address, "postcode": file.Contact.Postcode}))
	p.Send = Button{Text: p.T("officer_consultee.send")}
	for _, r := range file.Responses {
		var publishing *Form
		if asking == r.Asking {
			publishing = f
		}
		p.Said = append(p.Said, p.saidView(r, publishing, cal))
	}
	if one.Asking > 0 && one.State != consult.NotRequired && !k.State.Settled() {
		p.Answer = p.answerForm(recording, p.Path+"/answer")
	}
	return p
}

// drawFacts lists what is known of one.
func (p *officerConsulteePage) drawFacts(file consult.ConsulteeFile) {
	one := file.Consultee
	add := func(key, value string, typed bool) {
		if value != "" {
			p.Facts.Rows = append(p.Facts.Rows, SummaryRow{Key: p.T("officer_consultee." + key), Value: value, Typed: typed})
		}
	}
	day := func(d consult.Date) string {
		if d == "" {
			return ""
		}
		return p.Language.Civil(string(d))
	}
	add("kind", p.Row.Kind, false)
	add("why", one.Why, true)
	add("email", file.Contact.Email, true)
	add("address", file.Contact.Address, true)
	add("postcode", file.Contact.Postcode, true)
	add("consulted_on", day(one.ConsultedOn), false)
	add("due_on", day(one.DueOn), false)
	add("expires_on", day(one.ExpiresOn), false)
	if !one.RemindedAt.IsZero() {
		add("reminded", p.Language.DateTime(one.RemindedAt), false)
	}
	add("reason", one.Reason, true)
}

// saidView draws one answer: as received, and what of it the public reads.
func (p *officerConsulteePage) saidView(r consult.ResponseFile, f *Form, cal consult.Calendar) saidView {
	latest := r.Latest()
	suffix := "-" + strconv.Itoa(r.Asking)
	typed := map[string]string{"text" + suffix: latest.Text, "conditions" + suffix: latest.Conditions}
	if !r.PublishedAt.IsZero() {
		typed["text"+suffix], typed["conditions"+suffix] = r.Text, r.Conditions
	}
	f = values(f, typed)
	v := saidView{ResponseFile: r, Opinion: p.T("opinion." + string(latest.Opinion)), Received: p.Language.Civil(string(cal.Day(r.ReceivedAt))),
		Published: !r.PublishedAt.IsZero()}
	v.Text = p.TextArea(f, "text"+suffix, "officer_consultee.public_text", consult.MaxResponse)
	v.Conditions = p.TextArea(f, "conditions"+suffix, "officer_consultee.public_conditions", consult.MaxResponse)
	v.Reasons = Checkboxes(&p.Base, f, "reasons"+suffix, "officer_comment.reasons", consult.RedactionReasons(), "redaction.")
	v.Publish = Button{Text: p.T("officer_consultee.publish")}
	return v
}

func (b *Base) answerForm(f *Form, action string) *answerForm {
	v := &answerForm{Action: action, Opinion: Radios(b, f, "opinion", "consultee.opinion", consult.Opinions(), "opinion."),
		Text: b.TextArea(f, "text", "consultee.text", consult.MaxResponse), Conditions: b.TextArea(f, "conditions", "consultee.conditions", consult.MaxResponse),
		Send: Button{Text: b.T("consultee.send")}}
	v.Text.Rows = 12
	return v
}

func readAnswer(f *Form) consult.ConsulteeAnswer {
	return consult.ConsulteeAnswer{Opinion: Choose(f, "opinion", consult.Opinions()), Text: f.Text("text", consult.MaxResponse),
		Conditions: f.Text("conditions", consult.MaxResponse)}
}

// OfficerMoveConsultee reminds, sends again, asks anew, or notes that an opinion is not needed.
func (w *Web) OfficerMoveConsultee(c *fiber.Ctx) error {
	f, id, err := readCaseForm(c)
	if err != nil {
		return err
	}
	do := Choose(f, "do", consulteeActions())
	if do == "" {
		f.Fail("do", "required")
	}
	contact := readReach(f)
	how := consult.Approach{Due: f.Date("due"), Reason: f.Line("reason", 300), Contact: &contact}
	if err = f.Err("move consultee"); err == nil {
		err = w.moveConsultee(c, id, do, how)
	}
	return w.officerConsulteeDone(c, f, err)
}

func (w *Web) moveConsultee(c *fiber.Ctx, id consult.ID, do string, how consult.Approach) error {
	ctx, actor := c.UserContext(), w.actor(c)
	switch do {
	case "remind":
		return w.Service.RemindConsultee(ctx, actor, id)
	case "resend":
		return w.Service.ResendConsultee(ctx, actor, id, how)
	case "reconsult":
		return w.Service.Reconsult(ctx, actor, id, how)
	default:
		return w.Service.ReleaseConsultee(ctx, actor, id, how.Reason)
	}
}

// OfficerRecordAnswer keeps an answer that came another way than through the link.
func (w *Web) OfficerRecordAnswer(c *fiber.Ctx) error {
	f, id, err := readCaseForm(c)
	if err != nil {
		return err
	}
	in := readAnswer(f)
	if err = f.Err("record answer"); err == nil {
		err = w.Service.RecordConsulteeAnswer(c.UserContext(), w.actor(c), id, in)
	}
	return w.officerConsulteeDone(c, f, err)
}

// OfficerPublishAnswer shows the public what a consultee said.
func (w *Web) OfficerPublishAnswer(c *fiber.Ctx) error {
	f, id, err := readCaseForm(c)
	if err != nil {
		return err
	}
	asking, _ := f.Int("asking", 1, 1<<20)
	suffix := "-" + strconv.Itoa(asking)
	p := consult.ConsulteePublication{Consultee: id, Asking: asking, Text: f.Text("text"+suffix, consult.MaxResponse),
		Condition: f.Text("conditions"+suffix, consult.MaxResponse), Reasons: ChooseMany(f, "reasons"+suffix, consult.RedactionReasons())}
	if err = f.Err("publish answer"); err == nil {
		err = suffixed(w.Service.PublishConsulteeAnswer(c.UserContext(), w.actor(c), p), suffix)
	}
	return w.officerConsulteeDone(c, f, err)
}

func (w *Web) officerConsulteeDone(c *fiber.Ctx, f *Form, err error) error {
	if consult.KindOf(err) == consult.Invalid {
		p, failed := w.officerConsultee(c, f, err)
		return shown(w, c, "officer-consultee", p, failed)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/officer/consultees/"+c.Params("id"), fiber.StatusSeeOther)
}
