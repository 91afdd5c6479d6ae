package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// reportDeskPage is where officers write the report: its paragraphs in their order, its conditions, what it recommends.
type reportDeskPage struct {
	Base
	Desk       caseDesk
	Public     Link
	Path       string
	Version    int
	Frozen     bool // only late items can be added
	Settled    bool
	Faster     bool // somebody else changed it meanwhile
	Paragraphs []deskParagraph
	Conditions []deskCondition
	AddText    Link
	AddNumber  Link
	Recommend  Choices
	Save       Button
}

type deskParagraph struct {
	Link
	ID       string
	Text     string
	Links    int // to what was said
	Up, Down *Button
}

type deskCondition struct {
	Link
	Title string
	Links int
}

// OfficerReport shows it.
func (w *Web) OfficerReport(c *fiber.Ctx) error { return w.officerReport(c, nil, nil) }

func (w *Web) officerReport(c *fiber.Ctx, f *Form, wrong error) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	r, k, err := w.Service.ReportDesk(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	p := drawReportDesk(w.StaffBase(c, "officer_report.title", "title", k.Title).WithErrors(wrong), k, r, f)
	if consult.KindOf(wrong) == consult.Conflict {
		p.Faster = true
		return w.Pages.Page(c, fiber.StatusConflict, "officer-report", p)
	}
	return shown(w, c, "officer-report", p, nil)
}

func drawReportDesk(b Base, k consult.Consultation, r consult.Report, f *Form) *reportDeskPage {
	p := &reportDeskPage{Base: b, Desk: b.caseDesk(k.ID, "report"), Path: "/officer/consultations/" + k.ID.String() + "/report", Version: r.Version,
		Frozen: consult.Frozen(k.State), Settled: k.State.Settled()}
	p.Demo = p.Demo || k.Demo
	p.Back = &Link{Href: "/officer", Text: p.T("inbox.back")}
	p.Public = Link{Href: reportHref(k.ID, ""), Text: p.T("officer_report.public")}
	own := 0
	for _, one := range r.Paragraphs {
		if !one.Late {
			own++
		}
	}
	for _, one := range r.Paragraphs {
		p.Paragraphs = append(p.Paragraphs, p.deskParagraph(one, own))
	}
	for _, one := range r.Conditions {
		p.Conditions = append(p.Conditions, deskCondition{Link{p.Path + "/conditions/" + one.ID.String(), p.T("trail."+string(one.Kind), "n", one.Number)},
			one.Title, len(one.Cites)})
	}
	p.AddText = Link{p.Path + "/paragraphs/new", p.T("officer_report.add")}
	if p.Frozen {
		p.AddText.Text = p.T("officer_report.add_late")
	}
	p.AddNumber = Link{p.Path + "/conditions/new", p.T("officer_report.add_condition")}
	p.Recommend = Radios(&p.Base, values(f, map[string]string{"recommendation": r.Recommendation}), "recommendation", "officer_report.recommend",
		consult.Decisions(), "officer_report.recommend_")
	p.Save = Button{Text: p.T("officer_report.save"), Secondary: true}
	return p
}

// deskParagraph draws one line; buttons move it among the report's own paragraphs.
func (p *reportDeskPage) deskParagraph(one consult.Paragraph, own int) deskParagraph {
	v := deskParagraph{Link: p.paragraphLink(0, one.Number, one.Late), ID: one.ID.String(), Text: excerpt(one.Text, 160), Links: len(one.Cites)}
	v.Href = p.Path + "/paragraphs/" + v.ID
	if one.Heading != "" {
		v.Link.Text += ": " + one.Heading
	}
	if p.Frozen || one.Late {
		return v
	}
	if one.Number > 1 {
		v.Up = &Button{Text: p.T("officer_report.up", "n", one.Number), Name: "do", Value: "up", Secondary: true}
	}
	if one.Number < own {
		v.Down = &Button{Text: p.T("officer_report.down", "n", one.Number), Name: "do", Value: "down", Secondary: true}
	}
	return v
}

// ChangeReport records the recommendation, or moves a paragraph.
func (w *Web) ChangeReport(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	version := versionOf(f)
	recommendation, do := Choose(f, "recommendation", consult.Decisions()), Choose(f, "do", []string{"up", "down"})
	err = f.Err("change report")
	switch {
	case err != nil:
	case do == "":
		err = w.Service.Recommend(c.UserContext(), w.actor(c), id, recommendation, version)
	default:
		paragraph, bad := f.ID("paragraph")
		if bad != nil {
			return bad
		}
		err = w.Service.MoveParagraph(c.UserContext(), w.actor(c), id, paragraph, do == "up", version)
	}
	if refused(err) {
		return w.officerReport(c, f, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/officer/consultations/"+id.String()+"/report", fiber.StatusSeeOther)
}

// refused tells whether a form is shown again: a rule is broken, or somebody was faster.
func refused(err error) bool {
	return err != nil && (consult.KindOf(err) == consult.Invalid || consult.KindOf(err) == consult.Conflict)
}

// citeFields are the boxes of a paragraph or condition: which topics it rests on as a whole, and which of its links to comments stay.
type citeFields struct {
	Topics Choices
	Points Choices // nothing linked: no choices
	Lead   string
}

// citeFields draws them from what is linked, or from what was typed. Over a version that somebody has replaced meanwhile every link is
// ticked, so that none goes unseen.
func (b *Base) citeFields(f *Form, version int, cites []consult.Cite, weighed []consult.WeighedTopic) citeFields {
	replaced := f != nil && f.Value("version") != strconv.Itoa(version)
	var topics, whole, points []string
	for _, w := range weighed {
		topics = append(topics, string(w.Figures.Topic))
	}
	labels := map[string]string{}
	for _, l := range cites {
		if l.Comment == 0 {
			whole = append(whole, string(l.Topic))
			continue
		}
		value := l.Comment.String() + " " + string(l.Topic)
		points = append(points, value)
		labels[value] = b.T("report.point", "topic", b.topic(l.Topic), "reference", l.Comment.String())
	}
	if f == nil {
		f = Filled(map[string][]string{"topics": whole, "points": points})
	}
	v := citeFields{Topics: Checkboxes[string](b, f, "topics", "officer_report.topics", nil, ""), Points: Checkboxes[string](b, f, "points", "officer_report.points", nil, ""),
		Lead: b.T("officer_report.link_lead")}
	for _, t := range topics {
		v.Topics.Choices = append(v.Topics.Choices, Choice{Value: t, Label: b.topic(consult.Topic(t)), Checked: slices.Contains(f.Values("topics"), t)})
	}
	for _, value := range points {
		v.Points.Choices = append(v.Points.Choices, Choice{Value: value, Label: labels[value], Checked: replaced || slices.Contains(f.Values("points"), value)})
	}
	return v
}

// readCites reads the boxes back.
func readCites(f *Form) []consult.Cite {
	var cites []consult.Cite
	for _, t := range f.Values("topics") {
		cites = append(cites, consult.Cite{Topic: consult.Topic(t)})
	}
	for _, v := range f.Values("points") {
		reference, topic, _ := strings.Cut(v, " ")
		id, err := consult.ParseID(reference)
		if err != nil {
			f.Fail("points", "choice")
			continue
		}
		cites = append(cites, consult.Cite{Comment: id, Topic: consult.Topic(topic)})
	}
	f.Has("topics")
	f.Has("points")
	return cites
}

// versionOf is the version that a form was filled in over; 0 = it adds something.
func versionOf(f *Form) int {
	n, _ := f.Int("version", 0, 1_000_000)
	return n
}

// writeDesk is what somebody has before them who writes a paragraph or a condition of the report.
type writeDesk struct {
	report   consult.Report
	subject  consult.Consultation
	weighed  []consult.WeighedTopic // what can be cited
	subjects consult.Subjects
}

func (w *Web) writeDesk(c *fiber.Ctx) (d writeDesk, err error) {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return d, err
	}
	if d.report, d.subject, err = w.Service.ReportDesk(c.UserContext(), w.actor(c), id); err != nil {
		return d, err
	}
	if d.weighed, err = w.Service.Weighed(c.UserContext(), w.actor(c), id); err != nil {
		return d, err
	}
	d.subjects, err = w.Service.Subjects(c.UserContext(), w.actor(c), id)
	return d, err
}
