package web

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// reportPage is one page of the officer report as everybody reads and prints it. A long report has several; each holds whole blocks.
type reportPage struct {
	Base
	Subject    Link
	Since      consult.Date // "" = not published yet: a preview for officers
	Sheet      string       // which page this is; "" = the only one
	Contents   []Link
	Pages      Pagination
	Proposal   *reportProposal // nil = on another page
	Consultees *reportConsultees
	Topics     []reportTopic
	Paragraphs []reportParagraph
	LateItems  []reportParagraph
	Conditions []reportCondition
	Refusals   []reportCondition
	Advice     *reportAdvice
}

type reportProposal struct {
	Facts       SummaryList
	Summary     string
	Description string
	Rounds      []reportRound
	Versions    []reportVersion
}

// reportConsultees says how those stand whom the authority asked; their words are on a page of their own.
type reportConsultees struct {
	Rows []reportConsultee
	All  Link
}

type reportConsultee struct {
	Name, Opinion string
	On            consult.Date
}

type reportRound struct {
	Name      string
	Opens     consult.Date
	Closes    consult.Date
	Publicity []reportNotice
}

type reportNotice struct {
	Kind string
	On   consult.Date
}

// reportVersion is a later version with the topics it answers.
type reportVersion struct {
	Link
	Summary string
	Answers []Link
}

// reportTopic is what was said on one topic, with its numbers.
type reportTopic struct {
	Anchor, Name string
	Counts       []string
	Text         string // "" = not summed up
	Material     string
	Reason       string
	By           string
	At           consult.Date
	Comments     *Link // nil = none can be read
}

// reportParagraph is a paragraph or late item with what it rests on.
type reportParagraph struct {
	Anchor, Name, Heading string
	Text                  []string
	By                    string
	At                    consult.Date // of late items
	Cites                 citeList
}

type reportCondition struct {
	Anchor, Name, Title, Text, Reason string
	Cites                             citeList
}

type reportAdvice struct {
	Recommendation string // "" = none yet
	Decision       string // "" = none yet
	DecidedOn      consult.Date
	By             string
	Outcomes       string // where "we did" can be read; "" = not published
}

// citeList are links to what was said. Part "cites".
type citeList struct {
	Links []Link
	More  int // further comments that anybody can read
	Kept  int // comments that are not published; they count as much
}

// maxCites is how many comments a paragraph names by themselves; the rest is counted.
const maxCites = 20

// Report shows a page of the report: the one asked for, or the one where a paragraph or condition stands.
func (w *Web) Report(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	v, err := w.Service.ReportView(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	f := ReadQuery(c)
	subjects, err := w.Service.Subjects(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	b := w.Base(c, "report.title", "title", v.Consultation.Title).about(subjects)
	return w.Pages.Page(c, fiber.StatusOK, "report", drawReport(b, v, PageNumber(f), f.Value("at"), w.Service.Calendar()))
}

func drawReport(b Base, v consult.ReportView, number int, at string, cal consult.Calendar) *reportPage {
	k := v.Consultation
	p := &reportPage{Base: b, Since: v.Since, Subject: Link{Href: "/consultations/" + k.ID.String(), Text: k.Title}}
	p.Demo, p.NoIndex = p.Demo || k.Demo, p.NoIndex || k.Demo || v.Since == ""
	p.Path = reportHref(k.ID, "")
	p.Back = &Link{Href: p.Subject.Href, Text: p.T("document.back")}
	sheets := cutReport(p.reportBlocks(v, cal), reportSheet)
	number = min(number, len(sheets))
	for i, sheet := range sheets {
		if at != "" && slices.ContainsFunc(sheet, func(r reportBlock) bool { return r.anchor == at }) {
			number = i + 1
		}
	}
	for _, block := range sheets[number-1] {
		block.put(p)
	}
	if len(sheets) > 1 {
		p.Sheet = p.T("report.sheet", "n", number, "of", len(sheets))
	}
	p.Contents = p.reportContents(sheets, number)
	p.Pages = Paginate(number, len(sheets), 1, nil)
	return p
}

// reportBlock is what is never cut: a section's beginning, one topic, one paragraph, one condition.
type reportBlock struct {
	anchor  string
	section string // message key of the section it belongs to
	weight  int    // about its bytes
	put     func(*reportPage)
}

// reportSheet is how many bytes of text stand on one page: well inside the budget of a page once packed.
const reportSheet = 18_000

// cutReport fills pages with whole blocks; there is at least one page.
func cutReport(blocks []reportBlock, limit int) [][]reportBlock {
	sheets, weight := [][]reportBlock{nil}, 0
	for _, block := range blocks {
		last := len(sheets) - 1
		if len(sheets[last]) > 0 && weight+block.weight > limit {
			sheets, weight, last = append(sheets, nil), 0, last+1
		}
		sheets[last] = append(sheets[last], block)
		weight += block.weight
	}
	return sheets
}

// reportContents lists the sections, each on the page where it begins.
func (p *reportPage) reportContents(sheets [][]reportBlock, current int) []Link {
	var links []Link
	seen := map[string]bool{}
	for i, sheet := range sheets {
		for _, block := range sheet {
			if seen[block.section] {
				continue
			}
			seen[block.section] = true
			href := "#" + block.anchor
			if i+1 != current {
				href = "?page=" + strconv.Itoa(i+1) + href
			}
			links = append(links, Link{Href: href, Text: p.T("report." + block.section)})
		}
	}
	return links
}

// reportBlocks are the whole report in its order.
func (p *reportPage) reportBlocks(v consult.ReportView, cal consult.Calendar) []reportBlock {
	proposal := p.reportProposal(v)
	blocks := []reportBlock{{"proposal", "proposal", 1000 + len(proposal.Summary) + len(proposal.Description) + 200*len(proposal.Versions),
		func(p *reportPage) { p.Proposal = proposal }}}
	if len(v.Answers) > 0 {
		consultees := p.reportConsultees(v, cal)
		blocks = append(blocks, reportBlock{"consultees", "consultees", 60 * len(v.Answers), func(p *reportPage) { p.Consultees = consultees }})
	}
	for _, w := range v.Weighed {
		t := p.reportTopic(w, v.Consultation.ID, cal)
		blocks = append(blocks, reportBlock{t.Anchor, "said", 200 + len(t.Text) + len(t.Reason), func(p *reportPage) { p.Topics = append(p.Topics, t) }})
	}
	for _, one := range v.Report.Paragraphs {
		r := p.reportParagraph(one, v.Consultation.ID, cal)
		block := reportBlock{r.Anchor, "assessment", 120 + len(one.Text) + 70*len(r.Cites.Links), func(p *reportPage) { p.Paragraphs = append(p.Paragraphs, r) }}
		if one.Late {
			block.section, block.put = "late_items", func(p *reportPage) { p.LateItems = append(p.LateItems, r) }
		}
		blocks = append(blocks, block)
	}
	for _, one := range v.Report.Conditions {
		r := p.reportCondition(one, v.Consultation.ID)
		block := reportBlock{r.Anchor, "conditions", 120 + len(one.Text) + len(one.Reason) + 70*len(r.Cites.Links),
			func(p *reportPage) { p.Conditions = append(p.Conditions, r) }}
		if one.Kind == consult.RefusalReason {
			block.section, block.put = "refusals", func(p *reportPage) { p.Refusals = append(p.Refusals, r) }
		}
		blocks = append(blocks, block)
	}
	advice := p.reportAdvice(v)
	return append(blocks, reportBlock{"advice", "advice", 200, func(p *reportPage) { p.Advice = advice }})
}

func (p *reportPage) reportAdvice(v consult.ReportView) *reportAdvice {
	a := v.Consultation.Application
	advice := &reportAdvice{By: v.Report.By, DecidedOn: a.DecidedOn}
	if v.Report.Recommendation != "" {
		advice.Recommendation = p.T("report.recommend_" + v.Report.Recommendation)
	}
	if a.Decision != "" && p.Language.Has("decision."+a.Decision) {
		advice.Decision = p.T("decision." + a.Decision)
	}
	if len(v.Outcomes) > 0 {
		advice.Outcomes = p.Subject.Href + "#outcomes"
	}
	return advice
}
