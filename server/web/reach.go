package web

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/export"
	"github.com/yousaid/yousaid/server/reach"
)

// reachPage is the analyst's page: who took part. Every filter is in its address (N01).
type reachPage struct {
	Base
	Consultation, Ward, Channel, Stance, Topic Select
	From, To                                   TextInput
	Show                                       Button
	Clear                                      string // where everything is chosen again; "" = everything is
	Ignored                                    string // conditions that were left out, in words
	Days                                       string // which days are counted, where days were asked for
	Withheld                                   string // why there is no figure; "" = there are
	Overview                                   SummaryList
	Steps                                      *stepChart
	Figures                                    []reachFigure
	Equality                                   reachEquality
	Files                                      []Link
	Form                                       *reachForm // of a consultation with a form; nil = none
}

// reachFigure is one table with its chart, or what stands in its place.
type reachFigure struct {
	Figure
	Empty    string   // why there are no rows; "" = there are
	Findings []string // what the rows say against the residents
}

// reachEquality is the part from the optional questions.
type reachEquality struct {
	Withheld string
	Notes    []string
	Figures  []reachFigure
}

// Reach shows who took part.
func (w *Web) Reach(c *fiber.Ctx) error {
	choice, err := w.reachChoice(c)
	if err != nil {
		return err
	}
	report, err := w.measure(c, choice.Filter)
	if err != nil {
		return err
	}
	p := drawReach(w.StaffBase(c, "reach.title"), choice, report)
	if err := w.addForm(c, p, choice.Filter); err != nil {
		return err
	}
	return w.Pages.Page(c, fiber.StatusOK, "reach", p)
}

func (w *Web) measure(c *fiber.Ctx, f consult.ReachFilter) (reach.Report, error) {
	source, err := w.Service.ReachSource(w.actor(c))
	if err != nil {
		return reach.Report{}, err
	}
	return reach.Measure(c.UserContext(), source, f, w.Service.Now(), w.Service.Calendar())
}

// drawReach makes the page of a report.
func drawReach(b Base, choice reachChoice, r reach.Report) *reachPage {
	p := &reachPage{Base: b}
	f := choice.Filter
	p.drawFilter(choice)
	if f != (consult.ReachFilter{}) {
		p.Clear = "/analyst"
	}
	names := make([]string, len(choice.Ignored))
	for i, key := range choice.Ignored {
		names[i] = p.T(key)
	}
	p.Ignored = strings.Join(names, ", ")
	if r.From != "" && r.To != "" && (f.From != "" || f.To != "") {
		p.Days = p.T("reach.days", "from", p.Language.Civil(string(r.From)), "to", p.Language.Civil(string(r.To)))
	}
	if r.Withheld != reach.Shown {
		p.Withheld = p.T("reach." + string(r.Withheld))
	} else {
		p.drawFigures(f, r)
	}
	p.drawEquality(f, r.Equality)
	if p.Can(string(consult.ExportData)) {
		p.Files = p.files(f)
	}
	return p
}

func (p *reachPage) drawFilter(choice reachChoice) {
	f := choice.Filter
	p.Consultation = Select{Field: p.field("consultation", "reach.consultation"), Options: []Choice{{Label: p.T("reach.consultation_any")}}}
	for _, c := range choice.Consultations {
		label := strings.TrimSpace(c.Application.Reference + " " + c.Title)
		p.Consultation.Options = append(p.Consultation.Options, Choice{Value: c.ID.String(), Label: label, Checked: c.ID == f.Consultation})
	}
	p.Ward = Select{Field: p.field("ward", "reach.ward"), Options: []Choice{{Label: p.T("reach.ward_any")}}}
	codes := slices.SortedFunc(maps.Keys(choice.Wards), func(a, b string) int {
		return cmp.Or(cmp.Compare(choice.Wards[a], choice.Wards[b]), cmp.Compare(a, b))
	})
	for _, code := range codes {
		p.Ward.Options = append(p.Ward.Options, Choice{Value: code, Label: choice.Wards[code], Checked: code == f.Ward})
	}
	p.Channel = chosen(&p.Base, f.Channel, "channel", "reach.channel", "reach.channel_any", consult.Channels(), "channel.")
	p.Stance = chosen(&p.Base, f.Stance, "stance", "reach.stance", "reach.stance_any", consult.Stances(), "stance.")
	p.Topic = chosen(&p.Base, f.Topic, "topic", "reach.topic", "reach.topic_any", consult.Topics(), "topic.")
	p.From = TextInput{Field: p.field("from", "reach.from"), Value: string(f.From), Type: "date", Short: true}
	p.To = TextInput{Field: p.field("to", "reach.to"), Value: string(f.To), Type: "date", Short: true}
	p.Show = Button{Text: p.T("reach.show")}
}

func (p *reachPage) drawFigures(f consult.ReachFilter, r reach.Report) {
	p.Overview = p.overview(r)
	for _, t := range r.Tables {
		key := "reach.note"
		if t.Name == "topic" {
			key = "reach.note_topics"
		}
		figure := p.figure(f, t, p.T(key, "n", p.count(t.Whole)))
		if t.Name == "time" {
			p.Steps = steps(t)
		}
		p.Figures = append(p.Figures, figure)
	}
}

// overview is the report in five numbers.
func (p *reachPage) overview(r reach.Report) SummaryList {
	row := func(key, value string) SummaryRow { return SummaryRow{Key: p.T(key), Value: value} }
	median := p.T("reach.withheld")
	switch {
	case r.Wait.Reached && r.Wait.Shown:
		median = p.T("reach.median_days", "n", r.Wait.Days)
	case r.Wait.Shown:
		median = p.T("reach.median_open")
	}
	return SummaryList{Rows: []SummaryRow{
		row("reach.responses", p.count(r.Total)),
		row("reach.share_answered", p.shareOf(r, "answered")),
		row("reach.median", median),
		row("reach.share_kept", p.percent(r.Kept)),
		row("reach.share_outcome", p.shareOf(r, "outcome")),
	}}
}

// shareOf words the share of "yes" in a table of two rows.
func (p *reachPage) shareOf(r reach.Report, table string) string {
	for _, t := range r.Tables {
		if t.Name == table && !t.Hidden && t.Rows[0].Share.Known {
			return p.T("reach.percent_of", "share", p.percent(t.Rows[0].Share), "n", p.count(t.Whole))
		}
	}
	return p.T("reach.withheld")
}

func (p *reachPage) percent(s reach.Share) string {
	if !s.Known {
		return p.T("reach.withheld")
	}
	return p.Language.Percent(float64(s.Percent) / 100)
}

func (p *reachPage) count(c reach.Count) string {
	n, shown := c.Value()
	if !shown {
		return p.T("reach.withheld")
	}
	return p.Language.Number(int64(n))
}

// figure draws a table; chart and table are one (part "figure"), so they cannot disagree (N03).
func (p *reachPage) figure(f consult.ReachFilter, t reach.Table, note string) reachFigure {
	figure := reachFigure{Figure: Figure{ID: "figure-" + t.Name, Caption: p.T("reach.table_" + t.Name), Of: p.T(headingOf(t)), Count: p.T("reach.number"), Note: note}}
	if p.Can(string(consult.ExportData)) {
		figure.Download = &Link{Href: reachHref("/analyst/export/figures.csv", f, "table", t.Name), Text: p.T("reach.download")}
	}
	switch {
	case t.Hidden:
		figure.Empty = p.T("reach.all_withheld")
	case len(t.Rows) == 0:
		figure.Empty = p.T("reach.nothing")
	}
	for _, row := range t.Rows {
		figure.Bars = append(figure.Bars, p.bar(t, row))
	}
	return figure
}

// headingOf is the key of what a table's labels are.
func headingOf(t reach.Table) string {
	switch {
	case t.Name == "time" && t.Unit != "day":
		return "reach.of_time_" + t.Unit
	case slices.ContainsFunc(consult.EqualityQuestions(), func(q consult.EqualityQuestion) bool { return q.Name == t.Name }):
		return "reach.of_answer"
	}
	return "reach.of_" + t.Name
}

func (p *reachPage) bar(t reach.Table, row reach.Row) Bar {
	n, shown := row.Count.Value()
	bar := Bar{Label: p.rowLabel(t, row), Value: n, Suppressed: !shown}
	switch {
	case !shown:
		bar.Text = p.T("reach.withheld")
	case row.Share.Known:
		bar.Text = p.T("reach.value_share", "n", n, "share", p.percent(row.Share))
	default:
		bar.Text = p.Language.Number(int64(n))
	}
	if row.Rate.Known {
		bar.Text = p.T("reach.value_rate", "value", bar.Text, "rate", p.Language.Decimal(row.Rate.Value, 1))
	}
	return bar
}

func (p *reachPage) rowLabel(t reach.Table, row reach.Row) string {
	if t.Name == "time" {
		return p.Language.Civil(row.Code)
	}
	return export.Label(t, row, p.Language.T)
}

func (p *reachPage) drawEquality(f consult.ReachFilter, e reach.Equality) {
	q := &p.Equality
	switch e.Withheld {
	case reach.NotYet:
		q.Withheld = p.T("reach.equality_later")
	case reach.TooClose, reach.TooFew:
		q.Withheld = p.T("reach.equality_close")
	}
	if q.Withheld != "" {
		return
	}
	q.Notes = append(q.Notes, p.T("reach.equality_to", "date", p.Language.Civil(string(e.To))))
	if e.Source != "" {
		q.Notes = append(q.Notes, p.T("reach.equality_source", "source", e.Source, "vintage", p.Language.Civil(e.Vintage)))
	}
	only := consult.ReachFilter{Consultation: f.Consultation, Ward: f.Ward}
	for _, t := range e.Tables {
		note := p.T("reach.note_equality_partly")
		if n, shown := t.Whole.Value(); shown {
			note = p.T("reach.note_equality", "n", n)
		}
		figure := p.figure(only, t, note)
		figure.Count = p.T("reach.people")
		for _, row := range t.Rows {
			if row.Ratio.Known {
				figure.Findings = append(figure.Findings, p.ratio(t, row))
			}
		}
		q.Figures = append(q.Figures, figure)
	}
}

// ratio words a group's share against the residents'.
func (p *reachPage) ratio(t reach.Table, row reach.Row) string {
	args := []any{"group", p.rowLabel(t, row), "share", p.percent(row.Share), "times", p.Language.Decimal(row.Ratio.Value, 1),
		"low", p.Language.Decimal(row.Ratio.Low, 1), "high", p.Language.Decimal(row.Ratio.High, 1)}
	if finding := export.Finding(row); finding != "" {
		return p.T("reach.ratio_finding", append(args, "finding", p.T("reach.finding_"+finding))...)
	}
	return p.T("reach.ratio", args...)
}

// stepChart is responses over time as steps, in units of its own: 1000 wide, 200 high.
type stepChart struct {
	Steps []step
	Line  string // the path along the tops; it breaks where a number is withheld
}

// step is one period. A withheld one has no height: its mark is as high for 1 as for 7.
type step struct {
	Code             string
	X, Y, Wide, High int
	Value            int
	Withheld         bool
}

// steps draws a table over time; nil when there is nothing to draw.
func steps(t reach.Table) *stepChart {
	highest := 0
	for _, row := range t.Rows {
		n, _ := row.Count.Value()
		highest = max(highest, n)
	}
	if highest == 0 {
		return nil
	}
	var chart stepChart
	var line strings.Builder
	drawing := false
	for i, row := range t.Rows {
		n, shown := row.Count.Value()
		left, right := i*1000/len(t.Rows), (i+1)*1000/len(t.Rows)
		s := step{Code: row.Code, X: left, Wide: right - left, Value: n, Withheld: !shown, High: n * 200 / highest}
		s.Y = 200 - s.High
		chart.Steps = append(chart.Steps, s)
		switch {
		case shown && drawing:
			line.WriteString("V" + strconv.Itoa(s.Y) + "H" + strconv.Itoa(right))
		case shown:
			line.WriteString("M" + strconv.Itoa(left) + " " + strconv.Itoa(s.Y) + "H" + strconv.Itoa(right))
		}
		drawing = shown
	}
	chart.Line = line.String()
	return &chart
}
