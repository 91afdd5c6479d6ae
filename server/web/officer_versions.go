package web

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// officerVersionsPage is where an officer receives a changed proposal, decides whether people are asked again, and opens the round.
type officerVersionsPage struct {
	Base
	Desk       caseDesk
	State      Tag
	Comparison *comparisonView // with the version before; nil = the first version still stands
	Amendments []amendmentView
	Decide     *decideForm  // nil = nothing waits for a decision
	Open       *reopenForm  // nil = no round is to be opened
	Receive    *receiveForm // nil = no change can be received now
	Neighbours string
}

// decideForm asks whether people are asked again.
type decideForm struct {
	Action, Version           string
	Required, Factors, Topics Choices
	Days                      TextInput
	Why                       TextArea
	Submit                    Button
}

// reopenForm opens the round that was decided on.
type reopenForm struct {
	Action    string
	Publicity Link
	Closes    DateInput
	Question  TextInput
	Why       TextArea
	Submit    Button
}

// receiveForm takes a changed proposal in.
type receiveForm struct {
	Action, After        string
	Lead                 string
	Summary, Description TextArea
	Boundary, Massing    TextArea
	Received             DateInput
	Why                  TextArea
	Papers               []paperFields
	Submit               Button
}

// paperFields is one further document of a change.
type paperFields struct {
	Legend    string
	Name, URL TextInput
	Text      TextArea
	Replaces  Select
}

// papersAtOnce is how many documents come with a change; more are added on the page of the documents.
const papersAtOnce = 4

// OfficerVersions shows it.
func (w *Web) OfficerVersions(c *fiber.Ctx) error {
	p, err := w.officerVersions(c, nil, nil)
	return shown(w, c, "officer-versions", p, err)
}

func (w *Web) officerVersions(c *fiber.Ctx, f *Form, invalid error) (*officerVersionsPage, error) {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return nil, err
	}
	actor := w.actor(c)
	v, err := w.Service.Case(c.UserContext(), actor, id)
	if err != nil {
		return nil, err
	}
	amendments, err := w.Service.Amendments(c.UserContext(), actor, id)
	if err != nil {
		return nil, err
	}
	b := w.StaffBase(c, "officer_versions.title", "title", v.Consultation.Title).WithErrors(invalid)
	return drawOfficerVersions(b, v, amendments, f, w.Service.Calendar(), w.today()), nil
}

func drawOfficerVersions(b Base, v consult.CaseView, amendments []consult.Amendment, f *Form, cal consult.Calendar, today consult.Date) *officerVersionsPage {
	k := v.Consultation
	b = b.about(v.Subjects)
	p := &officerVersionsPage{Base: b, State: b.StateTag(k.State), Desk: b.caseDesk(k.ID, "versions")}
	p.Demo = p.Demo || k.Demo
	p.Back = &Link{Href: "/officer", Text: p.T("inbox.back")}
	p.Path = "/officer/consultations/" + k.ID.String() + "/versions"
	p.Neighbours = "/officer/consultations/" + k.ID.String() + "/consulted"
	p.Amendments = p.amendmentViews(amendments, v.Versions, cal)
	if from, to, ok := chosenVersions(f, v.Versions); ok {
		p.Comparison = p.comparisonView(consult.Compare(from, to, v.Documents), k)
		p.Scripts = append(p.Scripts, "part/before-after/before-after.js")
	}
	asked := func(form string) *Form { // the fields of one form were typed, not those of the others
		if f.Value("form") == form {
			return f
		}
		return nil
	}
	am, waiting := consult.OfVersion(amendments, k.Version)
	switch {
	case k.State == consult.Amended && waiting && !am.Decision.Made():
		p.Decide = p.decideForm(asked("decide"), am)
	case k.State == consult.Amended && waiting && am.Decision.Required:
		p.Open = p.reopenForm(asked("open"), k, len(v.Rounds)+1, today.Add(am.Decision.Days-1))
	}
	if slices.Contains(consult.NextStates(k.Kind, k.State), consult.Amended) {
		p.Receive = p.receiveForm(asked("receive"), v, today)
	}
	return p
}

func (p *officerVersionsPage) decideForm(f *Form, am consult.Amendment) *decideForm {
	d := &decideForm{Action: p.Path + "/decide", Version: strconv.Itoa(am.Version)}
	d.Required = Radios(&p.Base, f, "required", "officer_versions.required", []string{"yes", "no"}, "officer_versions.required_")
	d.Factors = Checkboxes(&p.Base, f, "factors", "officer_versions.factors", consult.Factors(), "factor.")
	d.Topics = p.topicBoxes(f, "topics", "officer_versions.topics")
	d.Days = p.TextInput(f, "days", "officer_versions.days")
	d.Days.Short, d.Days.InputMode = true, "numeric"
	d.Why = p.TextArea(f, "why", "officer_versions.why", 2000)
	d.Submit = Button{Text: p.T("officer_versions.decide_submit")}
	return d
}

func (p *officerVersionsPage) reopenForm(f *Form, k consult.Consultation, round int, closes consult.Date) *reopenForm {
	if f == nil {
		f = filledDate("closes", closes)
	}
	r := &reopenForm{Action: p.Path + "/open"}
	r.Publicity = Link{Href: "/officer/consultations/" + k.ID.String() + "/cycle", Text: p.T("officer_versions.publicity", "n", round)}
	r.Closes = p.DateInput(f, "closes", "officer_versions.closes")
	r.Question = p.TextInput(f, "question", "officer_versions.question")
	r.Why = p.TextArea(f, "why", "officer_versions.start_why", 1000)
	r.Submit = Button{Text: p.T("officer_versions.start_submit")}
	return r
}

// filledDate is a form in which a day was typed.
func filledDate(name string, day consult.Date) *Form {
	typed := map[string][]string{}
	if len(day) == len("2006-01-02") {
		for box, part := range map[string]string{"-year": string(day[:4]), "-month": string(day[5:7]), "-day": string(day[8:])} {
			n, err := strconv.Atoi(part)
			if err == nil {
				typed[name+box] = []string{strconv.Itoa(n)}
			}
		}
	}
	return Filled(typed)
}

func (p *officerVersionsPage) receiveForm(f *Form, v consult.CaseView, today consult.Date) *receiveForm {
	if f == nil {
		f = filledDate("received", today)
	}
	r := &receiveForm{Action: p.Path, After: strconv.Itoa(v.Consultation.Version), Lead: p.T("officer_versions.receive_lead", "n", v.Consultation.Version)}
	r.Summary = p.TextArea(f, "summary", "officer_versions.summary", consult.MaxChangeSummary)
	r.Description = p.TextArea(f, "description", "officer_versions.description", consult.MaxDescription)
	r.Boundary = p.TextArea(f, "boundary", "officer_versions.boundary", 0)
	r.Massing = p.TextArea(f, "massing", "officer_versions.massing", 0)
	r.Received = p.DateInput(f, "received", "officer_versions.received")
	r.Why = p.TextArea(f, "why", "officer_versions.receive_why", 1000)
	for n := 1; n <= papersAtOnce; n++ {
		r.Papers = append(r.Papers, p.paperFields(f, strconv.Itoa(n), v.Documents))
	}
	r.Submit = Button{Text: p.T("officer_versions.receive_submit")}
	return r
}

func (p *officerVersionsPage) paperFields(f *Form, n string, documents []consult.Document) paperFields {
	fields := paperFields{Legend: p.T("officer_versions.document", "n", n)}
	fields.Name, fields.URL = p.TextInput(f, "name-"+n, "officer_versions.name"), p.TextInput(f, "url-"+n, "officer_versions.url")
	fields.URL.Type = "url"
	fields.Text = p.TextArea(f, "text-"+n, "officer_versions.text", 0)
	fields.Replaces = Select{Field: p.field("replaces-"+n, "officer_versions.replaces"), Options: []Choice{{Label: p.T("officer_versions.replaces_none")}}}
	replaced := map[consult.ID]bool{}
	for _, d := range documents {
		replaced[d.Replaces] = true
	}
	for _, d := range documents {
		if !replaced[d.ID] {
			fields.Replaces.Options = append(fields.Replaces.Options, Choice{Value: d.ID.String(), Label: d.Name, Checked: f.Value("replaces-"+n) == d.ID.String()})
		}
	}
	return fields
}

// ReceiveAmendment takes a changed proposal in.
func (w *Web) ReceiveAmendment(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	f.Has("form")
	after, _ := f.Int("after", 0, 10_000)
	in := consult.AmendmentInput{Consultation: id, After: after, Summary: f.Text("summary", consult.MaxChangeSummary), Description: f.Text("description", consult.MaxDescription),
		Boundary: f.Text("boundary", consult.MaxGeoJSON), Massing: f.Text("massing", consult.MaxGeoJSON), ReceivedOn: f.Date("received"), Why: f.Text("why", 1000)}
	in.Documents = readPapers(f)
	err = f.Err("receive amendment")
	if err == nil {
		err = w.Service.ReceiveAmendment(c.UserContext(), w.actor(c), in)
	}
	return w.officerVersionsDone(c, f, err)
}

// readPapers reads the documents that were filled in. Those before a filled one count too, so that fields keep their numbers.
func readPapers(f *Form) []consult.Document {
	var all []consult.Document
	last := 0
	for i := 1; i <= papersAtOnce; i++ {
		n := "-" + strconv.Itoa(i)
		d := consult.Document{Name: f.Line("name"+n, 200), URL: f.Line("url"+n, 1000), Text: f.Text("text"+n, 50_000)}
		if replaces, err := f.ID("replaces" + n); err == nil {
			d.Replaces = replaces
		}
		if d.Name != "" || d.URL != "" || d.Text != "" {
			last = i
		}
		all = append(all, d)
	}
	return all[:last]
}

// DecideAmendment records whether people are asked again.
func (w *Web) DecideAmendment(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	f.Has("form")
	version, _ := f.Int("version", 1, 10_000)
	required := Choose(f, "required", []string{"yes", "no"})
	if required == "" {
		f.Fail("required", "required")
	}
	subjects, err := w.Service.Subjects(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	topics := consult.TopicsOf(subjects)
	r := consult.Reconsultation{Required: required == "yes", Why: f.Text("why", 2000), Factors: ChooseMany(f, "factors", consult.Factors()),
		Topics: ChooseMany(f, "topics", topics)}
	if days, err := strconv.Atoi(westernDigits(f.Line("days", 10))); err == nil {
		r.Days = days
	}
	f.Add(r.Check(topics)) // with what the form itself lacks, all at once
	err = f.Err("decide on reconsultation")
	if err == nil {
		err = w.Service.DecideReconsultation(c.UserContext(), w.actor(c), id, version, r)
	}
	return w.officerVersionsDone(c, f, err)
}

// Reconsult opens the round that was decided on, today.
func (w *Web) Reconsult(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	f.Has("form")
	move := consult.Move{Consultation: id, To: consult.Reconsulting, Why: f.Text("why", 1000)}
	closes, question := f.Date("closes"), f.Line("question", 300)
	if closes == "" {
		f.Fail("closes", "required")
	}
	err = f.Err("open the round")
	if err == nil {
		v, failed := w.Service.Case(c.UserContext(), w.actor(c), id)
		if failed != nil {
			return failed
		}
		move.Round = &consult.Round{Consultation: id, Kind: consult.AmendmentRound, Opens: w.today(), Closes: closes, Question: question, Version: v.Consultation.Version}
		err = w.Service.Advance(c.UserContext(), w.actor(c), move)
	}
	return w.officerVersionsDone(c, f, err)
}

func (w *Web) officerVersionsDone(c *fiber.Ctx, f *Form, err error) error {
	if consult.KindOf(err) == consult.Invalid {
		p, failed := w.officerVersions(c, f, err)
		return shown(w, c, "officer-versions", p, failed)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/officer/consultations/"+c.Params("id")+"/versions", fiber.StatusSeeOther)
}
