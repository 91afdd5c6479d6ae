package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// weighingPage lists the topics that occur in a case with what was written about each.
type weighingPage struct {
	Base
	Desk   caseDesk
	Case   consult.Consultation
	Topics []weighedRow
	Frozen bool
}

type weighedRow struct {
	Href, Name string
	State      Tag
	Counts     []string
	Text       string
	By         string
	At         consult.Date
}

// Weighing shows it.
func (w *Web) Weighing(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	weighed, err := w.Service.Weighed(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	_, k, err := w.Service.ReportDesk(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	subjects, err := w.Service.Subjects(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	b := w.StaffBase(c, "officer_weighing.title", "title", k.Title).about(subjects)
	return w.Pages.Page(c, fiber.StatusOK, "officer-weighing", drawWeighing(b, k, weighed, w.Service.Calendar()))
}

func drawWeighing(b Base, k consult.Consultation, weighed []consult.WeighedTopic, cal consult.Calendar) *weighingPage {
	p := &weighingPage{Base: b, Case: k, Desk: b.caseDesk(k.ID, "weighing"), Frozen: consult.Frozen(k.State)}
	p.Demo = p.Demo || k.Demo
	p.Back = &Link{Href: "/officer", Text: p.T("inbox.back")}
	for _, w := range weighed {
		p.Topics = append(p.Topics, weighedRow{Href: topicDeskHref(k.ID, w.Figures.Topic), Name: p.topic(w.Figures.Topic), State: p.weighedTag(w),
			Counts: p.figuresInWords(w.Figures), Text: w.Summary.Text, By: w.Summary.By, At: cal.Day(w.Summary.At)})
	}
	return p
}

func topicDeskHref(consultation consult.ID, t consult.Topic) string {
	return "/officer/consultations/" + consultation.String() + "/weighing/" + string(t)
}

// weighedTag says whether a topic is summed up.
func (b *Base) weighedTag(w consult.WeighedTopic) Tag {
	switch {
	case w.Summary.Version == 0:
		return Tag{Text: b.T("officer_weighing.missing"), Kind: "held"}
	case w.Stale():
		return Tag{Text: b.T("officer_weighing.stale", "n", w.Figures.New), Kind: "closing"}
	}
	return Tag{Text: b.T("officer_weighing.done"), Kind: "open"}
}
