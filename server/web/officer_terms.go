package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// officerTermsPage is where an officer says what a consultation promises.
type officerTermsPage struct {
	Base
	Desk      caseDesk
	Path      string
	Version   int
	Meanwhile *promiseTerms // what somebody else has set since the form was opened
	Service   TextInput
	First     TextInput
	Next      TextInput
	Close     TextInput
	Silent    []TextInput // one for each topic: why no answer is promised
	Save      Button
	Hours     string
	Record    Link
}

// OfficerTerms shows the form.
func (w *Web) OfficerTerms(c *fiber.Ctx) error { return w.officerTerms(c, nil, nil) }

func (w *Web) officerTerms(c *fiber.Ctx, f *Form, wrong error) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	s, err := w.Service.Standing(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	t, err := w.Service.PromiseTermsDesk(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	b := w.StaffBase(c, "officer_terms.title", "title", s.Consultation.Title).about(s.Subjects).WithErrors(wrong)
	p := drawOfficerTerms(b, s.Consultation, t, f)
	if consult.KindOf(wrong) == consult.Conflict {
		meanwhile := p.promiseTerms(t)
		p.Meanwhile = &meanwhile
		return w.Pages.Page(c, fiber.StatusConflict, "officer-terms", p)
	}
	return shown(w, c, "officer-terms", p, nil)
}

func drawOfficerTerms(b Base, k consult.Consultation, t consult.CaseTerms, f *Form) *officerTermsPage {
	p := &officerTermsPage{Base: b, Desk: b.caseDesk(k.ID, "promise"), Path: "/officer/consultations/" + k.ID.String() + "/promise", Version: t.Version}
	p.Demo = p.Demo || k.Demo
	p.Back = &Link{Href: "/officer", Text: p.T("inbox.back")}
	p.Record = Link{Href: "/consultations/" + k.ID.String() + "/promises", Text: p.T("officer_terms.record")}
	p.Hours = p.T("officer_terms.no_hours")
	if t.Shuts > 0 {
		p.Hours = p.T("officer_terms.hours", "opens", p.minutes(t.Opens), "shuts", p.minutes(t.Shuts))
	}
	kept := map[string]string{"service": t.Service, "first": strconv.Itoa(t.First), "next": strconv.Itoa(t.Next)}
	if t.Close > 0 {
		kept["close"] = strconv.Itoa(t.Close)
	}
	for _, s := range t.Silent {
		kept["silent-"+string(s.Topic)] = s.Reason
	}
	f = values(f, kept)
	p.Service = p.TextInput(f, "service", "officer_terms.service")
	for name, field := range map[string]*TextInput{"first": &p.First, "next": &p.Next, "close": &p.Close} {
		*field = p.TextInput(f, name, "officer_terms."+name)
		field.Short, field.InputMode = true, "numeric"
	}
	for _, topic := range consult.TopicsOf(p.subjects) {
		name := "silent-" + string(topic)
		p.Silent = append(p.Silent, TextInput{Field: Field{Name: name, Label: p.topic(topic), Error: p.ErrorOf(name)}, Value: f.Value(name)})
	}
	p.Save = Button{Text: p.T("officer_terms.save")}
	return p
}

// OfficerSetTerms keeps them.
func (w *Web) OfficerSetTerms(c *fiber.Ctx) error {
	f, id, err := readCase(c)
	if err != nil {
		return err
	}
	subjects, err := w.Service.Subjects(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	t := consult.CaseTerms{Consultation: id, Version: versionOf(f), Service: f.Line("service", consult.MaxName)}
	t.First, _ = f.Int("first", 1, consult.MaxPromiseDays)
	t.Next, _ = f.Int("next", 1, consult.MaxPromiseDays)
	if f.Value("close") != "" {
		t.Close, _ = f.Int("close", 1, consult.MaxCloseDays)
	}
	f.Has("close")
	for _, topic := range consult.TopicsOf(subjects) {
		if reason := f.Line("silent-"+string(topic), consult.MaxSilence); !consult.Blank(reason) {
			t.Silent = append(t.Silent, consult.Silence{Topic: topic, Reason: reason})
		}
	}
	if err = f.Err("set promise"); err == nil {
		err = w.Service.SetPromiseTerms(c.UserContext(), w.actor(c), t)
	}
	if refused(err) {
		return w.officerTerms(c, f, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/officer/consultations/"+id.String()+"/promise", fiber.StatusSeeOther)
}
