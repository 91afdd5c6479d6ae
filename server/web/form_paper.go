package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// paperPage is a form to print and answer with a pen. It is drawn from the same definition as the pages; the officer who copies it
// walks through those.
type paperPage struct {
	Base
	Subject   Link
	Heading   string
	Language  string
	HeadLang  string
	Intro     []string
	Reference string
	Closes    string // by when; "" = no round
	Online    string
	Sections  []paperSection
	Name      string // asked on paper, in words; "" = not asked
	Postcode  string
	Return    []string
	Draft     bool
}

type paperSection struct {
	Title, Language string
	Intro           []string
	Questions       []paperQuestion
}

// paperQuestion is one question on paper: boxes to tick, numbers to ring, boxes for numbers, lines to write on.
type paperQuestion struct {
	Number   int
	Text     string
	Language string
	Hint     string
	If       string // when it is to be answered; "" = always
	How      string // how it is answered
	Options  []string
	Rank     bool // a box for a number before each option
	Steps    []string
	Low      string
	High     string
	Lines    []int // lines to write on
}

// lineOf is how many characters a written line is taken to hold.
const lineOf = 80

// FormPaper shows the paper form: of the version that is asked, of another published one (?version=2), or of the draft for who builds
// it (?version=draft).
func (w *Web) FormPaper(c *fiber.Ctx) error {
	v, err := w.matter(c)
	if err == nil && v == nil {
		err = &consult.Error{Kind: consult.NotFound, Op: "paper form"}
	}
	if err != nil {
		return err
	}
	version, err := w.paperVersion(c, *v)
	if err != nil {
		return err
	}
	b := w.BaseOf(c, v.Consultation.Kind, "form.paper_title", "title", v.Consultation.Title)
	return w.Pages.Page(c, fiber.StatusOK, "form-paper", drawPaper(b, *v, version, w.Site.BaseURL))
}

func (w *Web) paperVersion(c *fiber.Ctx, v consult.CaseView) (consult.FormVersion, error) {
	number := v.Window.Round.Form
	switch wanted := c.Query("version"); wanted {
	case "":
	case "draft":
		desk, err := w.Service.FormDesk(c.UserContext(), w.actor(c), v.Consultation.ID)
		if err == nil && desk.Draft.Number == 0 {
			err = &consult.Error{Kind: consult.NotFound, Op: "paper form"}
		}
		return desk.Draft, err
	default:
		n, err := strconv.Atoi(wanted)
		if err != nil || n < 1 {
			return consult.FormVersion{}, &consult.Error{Kind: consult.NotFound, Op: "paper form"}
		}
		number = n
	}
	version, ok := v.Subjects.Version(number)
	if !ok {
		return version, &consult.Error{Kind: consult.NotFound, Op: "paper form"}
	}
	return version, nil
}

func drawPaper(b Base, v consult.CaseView, version consult.FormVersion, site string) *paperPage {
	k, form := v.Consultation, version.Form
	p := &paperPage{Base: b, Subject: Link{Href: "/consultations/" + k.ID.String(), Text: k.Title}, Draft: !version.Published()}
	p.Demo, p.NoIndex = p.Demo || k.Demo, true
	p.Back = &Link{Href: p.Subject.Href, Text: p.T("results.back")}
	text := func(t consult.FormText) string { return t.In(p.Base.Language.Code, form.Language) }
	p.Heading, p.HeadLang = text(form.Title), p.foreign(form.Title, form)
	p.Intro, p.Return = paragraphs(text(form.Intro)), paragraphs(text(form.Return))
	p.Reference = p.T("form.paper_reference", "reference", k.Application.Reference, "n", version.Number)
	if closes := v.Window.Round.Closes; closes != "" {
		p.Closes = p.T("form.paper_closes", "date", p.Base.Language.Civil(string(closes)))
	}
	p.Online = p.T("form.paper_online", "address", site+p.Subject.Href)
	number := 0
	for _, s := range form.Sections {
		section := paperSection{Title: text(s.Title), Language: p.foreign(s.Title, form), Intro: paragraphs(text(s.Intro))}
		for _, q := range s.Questions {
			number++
			section.Questions = append(section.Questions, p.paperQuestion(form, q, number))
		}
		p.Sections = append(p.Sections, section)
	}
	p.Name, p.Postcode = p.paperDetail("form.paper_name", form.Contact.Name), p.paperDetail("form.paper_postcode", form.Contact.Postcode)
	return p
}

func (b *Base) paperDetail(key string, demand consult.Demand) string {
	switch demand {
	case consult.NotAsked:
		return ""
	case consult.Optional:
		return b.T("form.optional", "question", b.T(key))
	}
	return b.T(key)
}

// paperQuestion draws one question.
func (b *Base) paperQuestion(form consult.Form, q consult.Question, number int) paperQuestion {
	text := func(t consult.FormText) string { return t.In(b.Language.Code, form.Language) }
	p := paperQuestion{Number: number, Text: b.asking(form, q, "").Label, Language: b.foreign(q.Text, form), Hint: text(q.Hint)}
	if q.ShownIf != nil {
		if before, ok := form.Question(q.ShownIf.Question); ok {
			p.If = b.T("form.paper_if", "value", b.valueText(form, before, q.ShownIf.Value), "question", text(before.Text))
		}
	}
	switch q.Kind {
	case consult.ChoiceQuestion:
		p.How = b.T("form.paper_choose")
		if q.Several {
			p.How = b.howMany(q)
		}
		for _, value := range q.Values() {
			p.Options = append(p.Options, b.valueText(form, q, value))
		}
		if q.Other {
			p.Lines = lines(1)
		}
	case consult.ScaleQuestion:
		p.How, p.Low, p.High = b.T("form.paper_scale"), text(q.Low), text(q.High)
		for n := 1; n <= q.Steps; n++ {
			p.Steps = append(p.Steps, b.Language.Number(int64(n)))
		}
		if q.DontKnow {
			p.Options = []string{b.T("form.dont_know")}
		}
	case consult.RankingQuestion:
		p.How, p.Rank = b.T("form.paper_rank")+" "+b.T("form.rank_hint", "n", q.Ranks()), true
		for _, value := range q.Values() {
			p.Options = append(p.Options, b.valueText(form, q, value))
		}
	case consult.TextQuestion:
		p.Lines = lines(min(max(q.TextLimit()/lineOf, 3), 12))
	case consult.PlaceQuestion:
		p.How, p.Lines = b.T("form.paper_place"), lines(2)
	}
	return p
}

func lines(n int) []int { return make([]int, n) }
