package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// officerConsultationPage is where the loop is closed: outcomes by topic.
type officerConsultationPage struct {
	Base
	Case     consult.CaseView
	State    Tag
	Desk     caseDesk
	Outcomes []outcomeForm
	Publish  *Button // nil = nothing to publish
	Missing  []string
	Path     string
}

// outcomeForm is "you said, we did" of one topic.
type outcomeForm struct {
	Topic     string
	Name      consult.Topic
	Action    string
	Published consult.Date
	Recorded  bool
	YouSaid   TextArea
	WeDid     TextArea
	Effect    Choices
	Reference TextInput
	LedTo     []Select
	outcome   consult.Outcome
	typed     *Form // nil = as it is kept
	Save      Button
}

// OfficerConsultation shows it.
func (w *Web) OfficerConsultation(c *fiber.Ctx) error {
	p, err := w.officerConsultation(c, nil, nil)
	return shown(w, c, "officer-consultation", p, err)
}

func (w *Web) officerConsultation(c *fiber.Ctx, f *Form, invalid error) (*officerConsultationPage, error) {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return nil, err
	}
	actor := w.actor(c)
	v, err := w.Service.Case(c.UserContext(), actor, id)
	if err != nil {
		return nil, err
	}
	outcomes, missing, err := w.Service.OutcomeDesk(c.UserContext(), actor, id)
	if err != nil {
		return nil, err
	}
	b := w.StaffBase(c, "officer_consultation.title", "title", v.Consultation.Title).WithErrors(invalid)
	p := drawOfficerConsultation(b, v, outcomes, missing, f, w.Service.Calendar())
	return p, w.offerLinks(c, p)
}

func drawOfficerConsultation(b Base, v consult.CaseView, outcomes []consult.Outcome, missing []consult.Topic, f *Form, cal consult.Calendar) *officerConsultationPage {
	k := v.Consultation
	b = b.about(v.Subjects)
	p := &officerConsultationPage{Base: b, Case: v, State: b.StateTag(k.State), Path: "/officer/consultations/" + k.ID.String()}
	p.Demo = p.Demo || k.Demo
	p.Back = &Link{Href: "/officer", Text: p.T("inbox.back")}
	p.Desk = p.caseDesk(k.ID, "outcome")
	wrong := consult.Topic("")
	if f != nil {
		wrong = consult.Topic(f.Value("topic"))
	}
	draft := false
	for _, o := range outcomes {
		p.Outcomes = append(p.Outcomes, p.outcomeForm(o, true, wrong, f, cal))
		draft = draft || o.PublishedAt.IsZero()
	}
	for _, t := range missing {
		p.Outcomes = append(p.Outcomes, p.outcomeForm(consult.Outcome{Topic: t}, false, wrong, f, cal))
		p.Missing = append(p.Missing, p.topic(t))
	}
	if draft {
		p.Publish = &Button{Text: p.T("officer_consultation.publish")}
	}
	return p
}

// outcomeForm draws one topic; fields carry the topic in their names, since several forms stand on the page.
func (p *officerConsultationPage) outcomeForm(o consult.Outcome, recorded bool, wrong consult.Topic, f *Form, cal consult.Calendar) outcomeForm {
	topic := string(o.Topic)
	v := outcomeForm{Topic: p.topic(o.Topic), Name: o.Topic, Action: p.Path + "/outcomes", Recorded: recorded, outcome: o}
	if wrong == o.Topic {
		v.typed = f
	}
	if !o.PublishedAt.IsZero() {
		v.Published = cal.Day(o.PublishedAt)
	}
	if wrong != o.Topic {
		f = values(nil, map[string]string{"you-said-" + topic: o.YouSaid, "we-did-" + topic: o.WeDid, "effect-" + topic: string(o.Effect), "reference-" + topic: o.Reference})
	}
	v.YouSaid = p.TextArea(f, "you-said-"+topic, "officer_consultation.you_said", consult.MaxOutcome)
	v.WeDid = p.TextArea(f, "we-did-"+topic, "officer_consultation.we_did", consult.MaxOutcome)
	v.Effect = Radios(&p.Base, f, "effect-"+topic, "officer_consultation.effect", consult.EffectsOf(p.subjects.Kind), "effect.")
	v.Reference = p.TextInput(f, "reference-"+topic, "officer_consultation.reference")
	v.Save = Button{Text: p.T("officer_consultation.save"), Secondary: true}
	return v
}

// OfficerOutcome keeps one topic's outcome.
func (w *Web) OfficerOutcome(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	subjects, err := w.Service.Subjects(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	topic := Choose(f, "topic", consult.TopicsOf(subjects))
	suffix := "-" + string(topic)
	o := consult.Outcome{Consultation: id, Topic: topic, YouSaid: f.Text("you-said"+suffix, consult.MaxOutcome), WeDid: f.Text("we-did"+suffix, consult.MaxOutcome),
		Effect: Choose(f, "effect"+suffix, consult.Effects()), Reference: f.Line("reference"+suffix, consult.MaxPlace)}
	readLinks(f, suffix, &o)
	err = f.Err("record outcome")
	if err == nil {
		err = suffixed(w.Service.RecordOutcome(c.UserContext(), w.actor(c), o), suffix)
	}
	return w.officerConsultationDone(c, f, err)
}

// suffixed names the fields of broken rules as the form with several topics does.
func suffixed(err error, suffix string) error {
	fields := consult.FieldsOf(err)
	if len(fields) == 0 {
		return err
	}
	named := make([]consult.FieldError, len(fields))
	for i, f := range fields {
		named[i] = f
		named[i].Field += suffix
	}
	return &consult.Error{Kind: consult.Invalid, Op: "record outcome", Fields: named}
}

// OfficerPublishOutcomes publishes "we asked, you said, we did".
func (w *Web) OfficerPublishOutcomes(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	_, err = w.Service.PublishOutcomes(c.UserContext(), w.actor(c), id)
	return w.officerConsultationDone(c, nil, err)
}

func (w *Web) officerConsultationDone(c *fiber.Ctx, f *Form, err error) error {
	if consult.KindOf(err) == consult.Invalid {
		p, failed := w.officerConsultation(c, f, err)
		return shown(w, c, "officer-consultation", p, failed)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/officer/consultations/"+c.Params("id"), fiber.StatusSeeOther)
}
