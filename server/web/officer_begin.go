package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// officerBeginPage begins a consultation that is no planning application.
type officerBeginPage struct {
	Base
	Kind     Choices
	Matter   TextInput
	Summary  TextArea
	Address  TextInput
	Ward     Select
	Lat, Lon TextInput
	Service  TextInput
	Days     TextInput
	Fixed    TextArea
	Open     TextArea
	Decider  TextInput
	When     TextInput
	Rules    TextArea
	Send     Button
}

// OfficerBegin shows the empty form.
func (w *Web) OfficerBegin(c *fiber.Ctx) error {
	p, err := w.officerBegin(c, nil, nil)
	return shown(w, c, "officer-begin", p, err)
}

func (w *Web) officerBegin(c *fiber.Ctx, f *Form, invalid error) (*officerBeginPage, error) {
	wards, err := w.Service.Wards(c.UserContext())
	if err != nil {
		return nil, err
	}
	return drawOfficerBegin(w.StaffBase(c, "officer_begin.title").WithErrors(invalid), f, wards), nil
}

func drawOfficerBegin(b Base, f *Form, wards map[string]string) *officerBeginPage {
	p := &officerBeginPage{Base: b}
	p.Back = &Link{Href: "/officer", Text: p.T("inbox.back")}
	p.Kind = Radios(&p.Base, f, "kind", "officer_begin.kind", consult.OwnKinds(), "consultation_kind.")
	p.Matter = p.TextInput(f, "title", "officer_begin.matter")
	p.Summary = p.TextArea(f, "summary", "officer_begin.summary", 2000)
	p.Address = p.TextInput(f, "address", "officer_begin.address")
	p.Ward = p.wardSelect(f, wards)
	p.Lat, p.Lon = p.TextInput(f, "lat", "comment_new.lat"), p.TextInput(f, "lon", "comment_new.lon")
	p.Service = p.TextInput(f, "service", "officer_begin.service")
	p.Days = p.TextInput(f, "promise-days", "officer_begin.days")
	p.Days.Short, p.Days.InputMode = true, "numeric"
	for _, in := range []*TextInput{&p.Lat, &p.Lon} {
		in.Short, in.InputMode = true, "decimal"
	}
	p.Fixed, p.Open = p.TextArea(f, "fixed", "officer_begin.fixed", 2000), p.TextArea(f, "open", "officer_begin.open", 2000)
	p.Decider, p.When = p.TextInput(f, "decider", "officer_begin.decider"), p.TextInput(f, "when", "officer_begin.when")
	p.Rules = p.TextArea(f, "rules", "officer_begin.rules", 2000)
	p.Send = Button{Text: p.T("officer_begin.send")}
	return p
}

// OfficerBeginSend begins the consultation and leads to its form.
func (w *Web) OfficerBeginSend(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	k := consult.Consultation{Kind: Choose(f, "kind", consult.OwnKinds()), Title: f.Line("title", 200), Summary: f.Text("summary", 2000),
		Address: f.Line("address", consult.MaxAddress), WardCode: f.Line("ward", 20), Service: f.Line("service", 100),
		Influence: consult.Influence{Fixed: f.Text("fixed", 2000), Open: f.Text("open", 2000), Decider: f.Line("decider", 2000),
			When: f.Line("when", 2000), Rules: f.Text("rules", 2000)}}
	k.PromiseDays, _ = f.Int("promise-days", 1, 60)
	lat, hasLat := f.Float("lat", -90, 90)
	lon, hasLon := f.Float("lon", -180, 180)
	if hasLat != hasLon {
		f.Fail("lat", "place_pair")
	} else if hasLat {
		k.Place, k.HasPlace = geo.Point{Lat: lat, Lon: lon}, true
	}
	err = f.Err("begin consultation")
	if err == nil {
		k, err = w.Service.Begin(c.UserContext(), w.actor(c), k)
	}
	if consult.KindOf(err) == consult.Invalid {
		p, failed := w.officerBegin(c, f, err)
		return shown(w, c, "officer-begin", p, failed)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/officer/consultations/"+k.ID.String()+"/form", fiber.StatusSeeOther)
}

// officerResponsePage begins the entry of an answer that came on paper, by phone or at an event. The pages after it are the resident's.
type officerResponsePage struct {
	Base
	Desk     caseDesk
	Action   string
	Channel  Choices
	Received DateInput
	Start    Button
}

// copiedChannels are the ways an officer copies from.
var copiedChannels = []consult.Channel{"letter", "phone", "event", "email"}

// OfficerResponse asks how an answer came.
func (w *Web) OfficerResponse(c *fiber.Ctx) error {
	p, err := w.officerResponse(c, nil, nil)
	return shown(w, c, "officer-response", p, err)
}

func (w *Web) officerResponse(c *fiber.Ctx, f *Form, invalid error) (*officerResponsePage, error) {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return nil, err
	}
	k, _, err := w.Service.FormAsked(c.UserContext(), w.actor(c), id)
	if err != nil {
		return nil, err
	}
	return drawOfficerResponse(w.StaffBase(c, "officer_form.response_title", "title", k.Title).WithErrors(invalid), k, f), nil
}

func drawOfficerResponse(b Base, k consult.Consultation, f *Form) *officerResponsePage {
	b = b.about(consult.Subjects{Kind: k.Kind})
	p := &officerResponsePage{Base: b, Desk: b.caseDesk(k.ID, "response"), Action: "/officer/consultations/" + k.ID.String() + "/response"}
	p.Demo = p.Demo || k.Demo
	p.Back = &Link{Href: "/officer", Text: p.T("inbox.back")}
	p.Channel = Radios(&p.Base, f, "channel", "officer_form.channel", copiedChannels, "channel.")
	p.Received = p.DateInput(f, "came", "officer_form.received")
	p.Start = Button{Text: p.T("officer_form.response_start")}
	return p
}

// OfficerResponseStart begins the draft and leads to the form's first page.
func (w *Web) OfficerResponseStart(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	_, version, err := w.Service.FormAsked(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	data := consult.DraftData{Form: version.Number, Channel: Choose(f, "channel", copiedChannels), Received: f.Date("came"), Key: f.Key()}
	if data.Channel == "" {
		f.Fail("channel", "answer_choose")
	}
	if data.Received > w.today() {
		f.Fail("came", "date_past")
	}
	if err := f.Err("enter a response"); err != nil {
		p, failed := w.officerResponse(c, f, err)
		return shown(w, c, "officer-response", p, failed)
	}
	d, err := w.Service.StartDraft(c.UserContext(), w.actor(c), id, data)
	if err != nil {
		return err
	}
	return c.Redirect(stepHref(d.Token, formStep(0)), fiber.StatusSeeOther)
}
