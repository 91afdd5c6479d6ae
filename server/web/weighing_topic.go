package web

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// topicDeskPage is one topic: its summary, the points behind it, and what they can be linked to.
type topicDeskPage struct {
	Base
	Desk      caseDesk
	Subject   Link // the list of topics
	State     Tag
	Counts    []string
	Read      *Link // everything that can be read on the topic; nil = nothing
	Frozen    bool
	Meanwhile *consult.TopicSummary // what somebody else saved while this was written
	NewOnes   bool                  // comments came while this was written
	Action    string
	Version   int
	Mark      string
	Text      TextArea
	Material  Choices
	Reason    TextInput
	Save      Button
	Points    []weighedPointView
	Wrong     string // nothing was chosen
	Pages     Pagination
	PageHere  int
	Judge     Choices
	Why       TextInput
	JudgeGo   Button
	Target    Select
	LinkGo    Button
	Versions  []summaryVersion
}

type weighedPointView struct {
	Value, Href     string // the comment's id, and its officers' page
	Stance, Channel string
	Text, Language  string
	At              consult.Date
	Round           int
	Late, Fresh     bool
	Judged, Reason  string // "" = not judged
}

type summaryVersion struct {
	Number   int
	By       string
	At       consult.Date
	Text     string
	Material string
}

// TopicDesk shows it.
func (w *Web) TopicDesk(c *fiber.Ctx) error { return w.topicDesk(c, nil, nil) }

// topicDesk draws the page again with what was typed and what is wrong with it: a broken rule, or somebody who was faster.
func (w *Web) topicDesk(c *fiber.Ctx, f *Form, wrong error) error {
	id, topic, err := topicOf(c)
	if err != nil {
		return err
	}
	number := PageNumber(ReadQuery(c))
	v, err := w.Service.TopicDesk(c.UserContext(), w.actor(c), id, topic, (number-1)*consult.PointsPerPage)
	if err != nil {
		return err
	}
	subjects, err := w.Service.Subjects(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	b := w.StaffBase(c, "officer_weighing.summary_heading").about(subjects).WithErrors(wrong)
	b.Title = b.T("officer_weighing.topic_title", "topic", b.topic(topic), "title", v.Consultation.Title)
	p := drawTopicDesk(b, v, f, number, w.Service.Calendar())
	if consult.KindOf(wrong) == consult.Conflict {
		return w.Pages.Page(c, fiber.StatusConflict, "officer-topic", p)
	}
	return shown(w, c, "officer-topic", p, nil)
}

func topicOf(c *fiber.Ctx) (consult.ID, consult.Topic, error) {
	id, err := consult.ParseID(c.Params("id"))
	return id, consult.Topic(strings.Clone(c.Params("topic"))), err
}

func drawTopicDesk(b Base, v consult.TopicDesk, f *Form, number int, cal consult.Calendar) *topicDeskPage {
	k, w := v.Consultation, v.Weighed
	p := &topicDeskPage{Base: b, Desk: b.caseDesk(k.ID, "weighing"), State: b.weighedTag(w), Counts: b.figuresInWords(w.Figures),
		Frozen: consult.Frozen(k.State), Action: topicDeskHref(k.ID, w.Figures.Topic), Version: w.Summary.Version, Mark: w.Figures.Mark(), PageHere: number}
	p.Demo = p.Demo || k.Demo
	p.Subject = Link{Href: "/officer/consultations/" + k.ID.String() + "/weighing", Text: p.T("officer_weighing.back")}
	p.Back = &p.Subject
	if w.Figures.Published > 0 {
		link := p.topicLink(k.ID, w.Figures.Topic)
		link.Text = p.T("report.read_comments", "n", w.Figures.Published, "topic", link.Text)
		p.Read = &link
	}
	p.summaryForm(w, f)
	for _, s := range v.Versions {
		p.Versions = append(p.Versions, summaryVersion{s.Version, s.By, cal.Day(s.At), s.Text, p.T("material." + string(s.Material))})
	}
	p.pointsForm(v, f, cal)
	p.Pages = Paginate(number, v.Total, consult.PointsPerPage, url.Values{})
	return p
}

// summaryForm shows what is saved, or what was typed; beside it what came in between.
func (p *topicDeskPage) summaryForm(w consult.WeighedTopic, f *Form) {
	typed := f
	if f.Value("do") != "" { // the other form of this page
		typed = nil
	}
	if typed == nil {
		typed = values(nil, map[string]string{"summary": w.Summary.Text, "material": string(w.Summary.Material), "reason": w.Summary.Reason})
	} else if len(p.Errors) == 0 {
		if typed.Value("version") != strconv.Itoa(w.Summary.Version) {
			p.Meanwhile = &w.Summary
		}
		p.NewOnes = typed.Value("mark") != p.Mark
	}
	p.Text = p.TextArea(typed, "summary", "officer_weighing.summary", consult.MaxSummary)
	p.Material = Radios(&p.Base, typed, "material", "officer_weighing.material", consult.Materials(), "material.")
	p.Reason = p.TextInput(typed, "reason", "officer_weighing.reason")
	p.Save = Button{Text: p.T("officer_weighing.save")}
}

// pointsForm lists the points with a box each, what they can be judged as and linked to.
func (p *topicDeskPage) pointsForm(v consult.TopicDesk, f *Form, cal consult.Calendar) {
	for _, pt := range v.Points {
		view := weighedPointView{Value: pt.Comment.String(), Href: "/officer/comments/" + pt.Comment.String(), Stance: p.T("stance." + string(pt.Stance)),
			Channel: p.T("channel." + string(pt.Channel)), Text: excerpt(pt.Text, 280), Language: pt.Language, At: cal.Day(pt.ReceivedAt), Round: pt.Round,
			Late: pt.Late, Fresh: !pt.Covered && v.Weighed.Summary.Version > 0}
		if pt.Judgement.Material != "" {
			view.Judged, view.Reason = p.T("material."+string(pt.Judgement.Material)), pt.Judgement.Reason
		}
		p.Points = append(p.Points, view)
	}
	p.Wrong = p.ErrorOf("point")
	p.Judge = Radios(&p.Base, f, "judgement", "officer_weighing.judge", consult.Materials(), "material.")
	p.Why = p.TextInput(f, "why", "officer_weighing.reason")
	p.JudgeGo = Button{Text: p.T("officer_weighing.judge_go"), Name: "do", Value: "judge", Secondary: true}
	p.Target = p.targets(v.Report, consult.Frozen(v.Consultation.State))
	p.LinkGo = Button{Text: p.T("officer_weighing.link_go"), Name: "do", Value: "link", Secondary: true}
}

// targets lists what points can be linked to now.
func (b *Base) targets(r consult.Report, frozen bool) Select {
	s := Select{Field: b.field("source", "officer_weighing.target"), Options: []Choice{{Label: b.T("officer_weighing.target_none")}}}
	for _, p := range r.Paragraphs {
		if frozen && !p.Late {
			continue
		}
		key := "trail.paragraph"
		if p.Late {
			key = "trail.late_item"
		}
		s.Options = append(s.Options, Choice{Value: p.ID.String(), Label: b.T(key, "n", p.Number) + " " + p.Heading})
	}
	for _, c := range r.Conditions {
		s.Options = append(s.Options, Choice{Value: c.ID.String(), Label: b.T("trail."+string(c.Kind), "n", c.Number) + ": " + c.Title})
	}
	return s
}

// WriteSummary keeps a topic's summary.
func (w *Web) WriteSummary(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, topic, err := topicOf(c)
	if err != nil {
		return err
	}
	version, _ := f.Int("version", 0, 1_000_000)
	t := consult.TopicSummary{Consultation: id, Topic: topic, Version: version, Text: f.Text("summary", consult.MaxSummary),
		Material: Choose(f, "material", consult.Materials()), Reason: f.Line("reason", consult.MaxReason)}
	mark := f.Line("mark", 60)
	if err = f.Err("write topic summary"); err == nil {
		err = w.Service.WriteSummary(c.UserContext(), w.actor(c), t, mark)
	}
	if kind := consult.KindOf(err); err != nil && (kind == consult.Invalid || kind == consult.Conflict) {
		return w.topicDesk(c, f, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/officer/consultations/"+c.Params("id")+"/weighing", fiber.StatusSeeOther)
}

// WeighPoints judges the chosen points of a topic, or links them to a paragraph or condition.
func (w *Web) WeighPoints(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, topic, err := topicOf(c)
	if err != nil {
		return err
	}
	cites := chosenPoints(f, topic)
	if len(cites) == 0 {
		f.Fail("point", "required")
	}
	if f.Value("do") == "link" {
		err = w.linkPoints(c, f, id, cites)
	} else {
		err = w.judgePoints(c, f, id, cites)
	}
	if consult.KindOf(err) == consult.Invalid {
		return w.topicDesk(c, f, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(topicDeskHref(id, topic)+"?page="+strconv.Itoa(PageNumber(f))+"#points", fiber.StatusSeeOther)
}

func chosenPoints(f *Form, topic consult.Topic) []consult.Cite {
	var cites []consult.Cite
	for _, raw := range f.Values("point") {
		if id, err := consult.ParseID(raw); err == nil {
			cites = append(cites, consult.Cite{Comment: id, Topic: topic})
		} else {
			f.Fail("point", "choice")
		}
	}
	return cites
}

func (w *Web) linkPoints(c *fiber.Ctx, f *Form, consultation consult.ID, cites []consult.Cite) error {
	if f.Value("source") == "" {
		f.Fail("source", "required")
	}
	if err := f.Err("cite"); err != nil {
		return err
	}
	source, err := f.ID("source")
	if err != nil {
		return err
	}
	return w.Service.Cite(c.UserContext(), w.actor(c), consultation, source, cites)
}

func (w *Web) judgePoints(c *fiber.Ctx, f *Form, consultation consult.ID, cites []consult.Cite) error {
	j := consult.Judgement{Material: Choose(f, "judgement", consult.Materials()), Reason: f.Line("why", consult.MaxReason)}
	if err := f.Err("judge points"); err != nil {
		return err
	}
	for _, cite := range cites {
		if err := w.Service.JudgePoint(c.UserContext(), w.actor(c), consultation, cite, j); err != nil {
			return renamed(err, map[string]string{"material": "judgement", "reason": "why"})
		}
	}
	return nil
}

// renamed names the fields of broken rules as a form does that has others of the same name.
func renamed(err error, names map[string]string) error {
	fields := consult.FieldsOf(err)
	if len(fields) == 0 {
		return err
	}
	list := make([]consult.FieldError, len(fields))
	for i, f := range fields {
		list[i] = f
		if name := names[f.Field]; name != "" {
			list[i].Field = name
		}
	}
	return &consult.Error{Kind: consult.KindOf(err), Op: "officer's form", Fields: list}
}

// excerpt is the beginning of a text, cut between words.
func excerpt(text string, limit int) string {
	letters := []rune(text)
	if len(letters) <= limit {
		return text
	}
	cut := string(letters[:limit])
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	return cut + " …"
}
