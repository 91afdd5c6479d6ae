package web

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// consultationPage is one application as a resident reads it.
type consultationPage struct {
	Base
	Case      consult.CaseView
	State     Tag
	Postcode  string  // "" where the address has it already
	Window    Callout // whether one can comment now, in words
	Comment   *Button // nil = nobody can comment now
	Sketch    *Sketch
	Height    string // of the tallest building, in words
	Changed   string // what the current version changed, "" = the first
	Dates     SummaryList
	Report    string // address of the officer report; "" = none yet
	History   []historyRow
	Documents []documentLink
	Promise   promiseTerms
	Kept      string // how the promises were kept, once nobody is asked any more; "" = not yet
	Answers   []answerView
	Facts     caseFacts
	Threads   []threadLink
	Outcomes  []outcomeView
	Spoken    *Figure // by stance; nil = nobody yet
	Topics    *Figure
	AskHref   string
	Follow    TextInput
	FollowGo  Button
	FeedHref  string // the same for feed readers
	DaysHref  string // its days for calendars
	Asked     *Link  // what people asked, in plain words; nil = nothing is shown yet
	Posting   *postingBanner
}

type documentLink struct {
	Href, Name, Kind string
	Outside          bool // leads to the authority's own register
	Superseded       bool
}

// answerView is an official message on the application's page, with the way to its thread.
type answerView struct {
	Message
	Href string
}

type threadLink struct {
	Href, Title string
	Messages    int
	Waiting     bool
}

type outcomeView struct {
	Topic, YouSaid, WeDid, Effect, Reference string
	Links                                    []Link // the version and the condition it led to
}

// Consultation shows one application.
func (w *Web) Consultation(c *fiber.Ctx) error {
	p, err := w.consultationView(c, nil, nil)
	return shown(w, c, "consultation", p, err)
}

// ConsultationOutcomes is the short way to "you said, we did" that mails give. A language asked for stays asked for.
func (w *Web) ConsultationOutcomes(c *fiber.Ctx) error {
	target := url.URL{Path: "/consultations/" + c.Params("id"), RawQuery: string(c.Request().URI().QueryString()), Fragment: "outcomes"}
	return c.Redirect(target.String(), fiber.StatusSeeOther)
}

func (w *Web) consultationView(c *fiber.Ctx, f *Form, invalid error) (*consultationPage, error) {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return nil, err
	}
	v, err := w.Service.Case(c.UserContext(), w.actor(c), id)
	if err != nil {
		return nil, err
	}
	p := drawConsultation(w.Base(c, "consultation.title", "title", v.Consultation.Title).WithErrors(invalid), v, f)
	p.drawCycle(v, w.Service.Calendar())
	_, facts, err := w.Service.PublicFacts(c.UserContext(), w.actor(c), id)
	p.Facts = p.caseFacts(facts)
	if err != nil {
		return nil, err
	}
	if v.Window.Status == consult.WindowLate || v.Window.Status == consult.WindowClosed {
		_, record, err := w.promiseRecord(c)
		if err != nil {
			return nil, err
		}
		p.Kept = p.promiseSummary(record)
	}
	p.Asked, err = w.concernsAsked(c, &p.Base, id)
	return p, err
}

func drawConsultation(b Base, v consult.CaseView, f *Form) *consultationPage {
	k := v.Consultation
	p := &consultationPage{Base: b.about(v.Subjects), Case: v}
	p.Title, p.Description, p.Demo = k.Title, k.Summary, p.Demo || k.Demo
	p.NoIndex = k.Demo
	p.Path = "/consultations/" + k.ID.String()
	p.Back = &Link{Href: "/", Text: p.T("consultation.back")}
	p.State = p.StateTag(k.State)
	if !strings.Contains(k.Address, k.Postcode) {
		p.Postcode = k.Postcode
	}
	p.Window.Text = p.windowText(v.Window)
	p.Promise = p.promiseTerms(v.Terms)
	if takesComments(v) {
		p.Comment = &Button{Text: p.T("consultation.comment"), Href: p.Path + "/comment"}
	}
	p.Sketch = p.sketch(v.Current, geo.Point{}, false, p.T("sketch.alt", "title", k.Title))
	p.Height = p.height(v.Current)
	if v.Current.Number > 1 {
		p.Changed = v.Current.Summary
	}
	p.Dates = p.keyDates(v)
	if consult.ReportSince(v.History, "", consult.Calendar{}) != "" {
		p.Report = reportHref(k.ID, "")
	}
	p.readDialogue(v, p.Actor.ID)
	p.AskHref, p.Posting = p.Path+"/ask", p.postingBanner(v.Posting)
	p.Follow = p.TextInput(f, "email", "follow.email")
	p.Follow.Type, p.Follow.Autocomplete = "email", "email"
	p.FollowGo = Button{Text: p.T("follow.submit"), Secondary: true}
	p.FeedHref, p.DaysHref = p.programHref(p.Path+feedPath, nil), p.programHref(p.Path+calendarPath, nil)
	p.Feeds = []Link{{Href: p.FeedHref, Text: k.Title}}
	p.sharing(p.Path, k.Title, k.Summary, k)
	return p
}

// windowText says in one sentence whether one can comment now.
func (b *Base) windowText(w consult.Window) string {
	closes, opens := b.Language.Civil(string(w.Round.Closes)), b.Language.Civil(string(w.Round.Opens))
	switch w.Status {
	case consult.WindowOpen:
		return b.T("window.open", "n", w.DaysLeft, "date", closes)
	case consult.WindowLate:
		return b.T("window.late", "date", closes)
	case consult.WindowNotYet:
		if w.Round.Number == 0 {
			return b.T("window.none")
		}
		return b.T("window.not_yet", "date", opens)
	}
	return b.T("window.closed")
}

// keyDates lists the dates that matter, in their order, those that are known.
func (b *Base) keyDates(v consult.CaseView) SummaryList {
	var list SummaryList
	add := func(key string, day consult.Date, args ...any) {
		if day != "" {
			list.Rows = append(list.Rows, SummaryRow{Key: b.T(key, args...), Value: b.Language.Civil(string(day))})
		}
	}
	a := v.Consultation.Application
	add("dates.received", a.ReceivedOn)
	add("dates.validated", a.ValidatedOn)
	for _, r := range v.Rounds {
		add("dates.opens", r.Opens, "n", r.Number)
		add("dates.closes", r.Closes, "n", r.Number)
	}
	add("dates.committee", a.CommitteeOn)
	if a.DecidedOn == "" && !v.Consultation.State.Settled() {
		add("dates.decision_due", a.DecisionDue)
	}
	if a.DecidedOn != "" {
		add("dates.decided", a.DecidedOn)
	}
	if a.Decision != "" && b.Language.Has("decision."+a.Decision) {
		list.Rows = append(list.Rows, SummaryRow{Key: b.T("dates.decision"), Value: b.T("decision." + a.Decision)})
	}
	add("dates.withdrawn", a.WithdrawnOn)
	add("dates.appealed", a.Appeal.LodgedOn)
	add("dates.appeal_decided", a.Appeal.DecidedOn)
	return list
}

// readDialogue fills what people said and were told.
func (p *consultationPage) readDialogue(v consult.CaseView, visitor consult.ID) {
	replaced := map[consult.ID]bool{}
	for _, d := range v.Documents {
		replaced[d.Replaces] = true
	}
	for _, d := range v.Documents {
		link := documentLink{Href: "/documents/" + d.ID.String(), Name: d.Name, Superseded: replaced[d.ID]}
		if d.Text == "" && d.URL != "" {
			link.Href, link.Outside = d.URL, true
		}
		p.Documents = append(p.Documents, link)
	}
	for _, m := range v.Answers {
		p.Answers = append(p.Answers, answerView{MessageOf(m, visitor), threadHref(m.Thread, m.Seq)})
	}
	for _, t := range v.Threads {
		p.Threads = append(p.Threads, threadLink{Href: threadHref(t.ID, 0), Title: p.threadTitle(t), Messages: t.Messages, Waiting: !t.WaitingSince.IsZero()})
	}
	for _, o := range v.Outcomes {
		p.Outcomes = append(p.Outcomes, p.outcomeView(o))
	}
	if v.Tally.Published > 0 {
		p.Topics = p.topicFigure(v.Tally)
		if v.Subjects.Kind.Planning() {
			p.Spoken = p.stanceFigure(v.Tally)
		}
	}
}

func (b *Base) outcomeView(o consult.Outcome) outcomeView {
	return outcomeView{Topic: b.topic(o.Topic), YouSaid: o.YouSaid, WeDid: o.WeDid, Effect: b.T("effect." + string(o.Effect)),
		Reference: o.Reference, Links: b.ledLinks(o.Consultation, o.Version, o.Printed, "")}
}

func (b *Base) stanceFigure(t consult.Tally) *Figure {
	f := &Figure{ID: "spoken", Caption: b.T("spoken.stance"), Of: b.T("spoken.stance_of"), Count: b.T("spoken.count"), Note: b.T("spoken.note")}
	for _, s := range consult.Stances() {
		f.Bars = append(f.Bars, Bar{Label: b.T("stance." + string(s)), Value: t.Stances[s]})
	}
	return f
}

func (b *Base) topicFigure(t consult.Tally) *Figure {
	f := &Figure{ID: "topics", Caption: b.T("spoken.topic"), Of: b.T("spoken.topic_of"), Count: b.T("spoken.count")}
	for _, topic := range consult.TopicsOf(b.subjects) {
		f.Bars = append(f.Bars, Bar{Label: b.topic(topic), Value: t.Topics[topic]})
	}
	return f
}

// documentPage is one text of an application, readable on a phone.
type documentPage struct {
	Base
	Document   consult.Document
	Paragraphs []string
	Consulted  Link
	AskHref    string
}

// Document shows a document whose text is kept here; others lead to the authority's register.
func (w *Web) Document(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	d, k, err := w.Service.PublishedDocument(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	p := &documentPage{Base: w.BaseOf(c, k.Kind, "document.title", "name", d.Name), Document: d, Paragraphs: paragraphs(d.Text)}
	p.Title, p.Demo, p.NoIndex = d.Name, p.Demo || k.Demo, k.Demo
	p.Consulted = Link{Href: "/consultations/" + k.ID.String(), Text: k.Title}
	p.Back = &Link{Href: p.Consulted.Href, Text: p.T("document.back")}
	p.AskHref = p.Consulted.Href + "/ask?document=" + d.ID.String()
	return w.Pages.Page(c, fiber.StatusOK, "document", p)
}
