package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/reach"
)

// resultsPage shows everybody what a form's questions were answered, once nobody is asked any more.
type resultsPage struct {
	Base
	Subject  Link
	Withheld string // why there are no figures; "" = there are
	Total    string
	Results  []resultView
	Pages    Pagination
}

// resultView is one question with its figures: chart and table are one, drawn from the same protected rows.
type resultView struct {
	Question string
	Language string // of the question where it is not the page's
	Hidden   bool   // too few answers for any figure
	Figure   *Figure
	Facts    []string // mean, median
	Ranks    []rankRow
	Formula  string
	Words    *Link // published words on this question
	Places   []placeLink
	Map      *dotMap
}

type rankRow struct{ Option, Rank, Borda string }

type placeLink struct {
	Link
	Place string
}

const resultsPerPage = 10

// Results shows the figures.
func (w *Web) Results(c *fiber.Ctx) error {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	ctx, actor := c.UserContext(), w.actor(c)
	found, err := w.Service.Results(ctx, actor, id)
	if err != nil {
		return err
	}
	k := found.Consultation
	b := w.Base(c, "results.title", "title", k.Title).about(found.Subjects)
	b.Demo, b.NoIndex = b.Demo || k.Demo, k.Demo
	var report reach.FormReport
	if !found.Open {
		if report, err = reach.TellForm(ctx, found.Subjects, found.EachResponseRow); err != nil {
			return err
		}
	}
	p := drawResults(b, found, report, PageNumber(ReadQuery(c)))
	if err := w.addWords(c, p, id, report); err != nil {
		return err
	}
	return w.Pages.Page(c, fiber.StatusOK, "results", p)
}

func drawResults(b Base, found consult.Results, r reach.FormReport, number int) *resultsPage {
	p := &resultsPage{Base: b, Subject: Link{Href: "/consultations/" + found.Consultation.ID.String(), Text: found.Consultation.Title}}
	p.Back = &Link{Href: p.Subject.Href, Text: p.T("results.back")}
	switch {
	case found.Open:
		p.Withheld = p.T("results.open")
	case r.Withheld != reach.Shown:
		p.Withheld = p.T("results.few")
	default:
		n, _ := r.Total.Value()
		p.Total = p.T("results.total", "n", n)
		p.Results = p.resultViews(found.Subjects, r)
		p.Pages = Paginate(number, len(p.Results), resultsPerPage, url.Values{})
		from := min((number-1)*resultsPerPage, len(p.Results))
		p.Results = p.Results[from:min(from+resultsPerPage, len(p.Results))]
	}
	return p
}

// resultViews draws every question of a report.
func (b *Base) resultViews(s consult.Subjects, r reach.FormReport) []resultView {
	version, ok := s.Version(0)
	if !ok {
		return nil
	}
	var list []resultView
	for _, f := range r.Questions {
		list = append(list, b.resultView(version.Form, f))
	}
	return list
}

func (b *Base) resultView(form consult.Form, f reach.QuestionFigure) resultView {
	q := f.Question
	v := resultView{Question: q.Text.In(b.Language.Code, form.Language), Language: b.foreign(q.Text, form)}
	if f.Table.Hidden {
		v.Hidden = true
		return v
	}
	figure := &Figure{ID: "question-" + q.ID, Caption: v.Question, Of: b.T("results.answer"), Count: b.T("results.count")}
	if q.Several {
		figure.Note = b.T("results.several")
	}
	if q.Kind == consult.RankingQuestion {
		figure.Count = b.T("results.rank_first")
	}
	for _, row := range f.Table.Rows {
		n, shown := row.Count.Value()
		bar := Bar{Label: b.rowText(form, q, row.Code), Value: n, Suppressed: !shown}
		if !shown {
			bar.Text = b.T("results.withheld")
		}
		figure.Bars = append(figure.Bars, bar)
	}
	v.Figure = figure
	v.Facts = b.facts(f)
	if q.Kind == consult.RankingQuestion {
		v.Formula = b.T("results.rank_formula", "n", q.Ranks())
		for _, r := range f.Ranks {
			v.Ranks = append(v.Ranks, rankRow{b.valueText(form, q, r.Code), b.statistic(r.Rank), b.statistic(r.Borda)})
		}
	}
	return v
}

// facts are the figures of a scale that are no counts.
func (b *Base) facts(f reach.QuestionFigure) []string {
	var list []string
	if n, shown := f.Answered.Value(); shown {
		list = append(list, b.T("results.of_answers", "n", n))
	}
	if f.Mean.Shown {
		list = append(list, b.T("results.mean", "value", b.decimal(f.Mean.Value), "unit", b.decimal(f.Mean.Unit)))
	}
	if f.Median.Shown {
		list = append(list, b.T("results.median", "value", b.Language.Number(int64(f.Median.Value))))
	}
	return list
}

func (b *Base) statistic(s reach.Statistic) string {
	if !s.Shown {
		return b.T("results.withheld")
	}
	return b.decimal(s.Value)
}

// decimal writes a number with one decimal, or none where it has none.
func (b *Base) decimal(v float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
}

// rowText words a row of a question's table.
func (b *Base) rowText(form consult.Form, q consult.Question, code string) string {
	switch code {
	case reach.NoAnswer:
		return b.T("results.no_answer")
	case reach.YesAnswer:
		return b.T("results.answered")
	case reach.Unknown:
		return b.T("results.older")
	}
	return b.valueText(form, q, code)
}

// addWords links what was written to the questions of a page, and shows the places that were published.
func (w *Web) addWords(c *fiber.Ctx, p *resultsPage, id consult.ID, r reach.FormReport) error {
	if p.Withheld != "" {
		return nil
	}
	v, err := w.Service.Case(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	byText := map[string]consult.Question{}
	for _, f := range r.Questions {
		byText["question-"+f.Question.ID] = f.Question
	}
	for i := range p.Results {
		result := &p.Results[i]
		if result.Figure == nil {
			continue
		}
		q := byText[result.Figure.ID]
		if n := v.Tally.Topics[consult.Topic(q.ID)]; n > 0 {
			result.Words = &Link{Href: p.Subject.Href + "/comments?topic=" + url.QueryEscape(q.ID), Text: p.T("results.read_words", "n", n)}
		}
		if q.Kind != consult.PlaceQuestion {
			continue
		}
		list, _, err := w.Service.Comments(c.UserContext(), w.actor(c), consult.CommentFilter{Consultation: id, Topic: consult.Topic(q.ID), Limit: 100})
		if err != nil {
			return err
		}
		result.Places = placesOf(list, q.ID)
		result.Map = p.dotMap(list, q.ID)
	}
	return nil
}

// placesOf lists the published places of a question, moved to the grid of published places.
func placesOf(list []consult.Comment, question string) []placeLink {
	var places []placeLink
	for _, comment := range list {
		for _, point := range comment.Points {
			if string(point.Topic) == question {
				places = append(places, placeLink{Link{Href: "/comments/" + comment.ID.String()}, point.Text})
			}
		}
	}
	return places
}

// dotMap is a plain plan of places: dots, and a bar for the scale. The list below it says the same in words.
type dotMap struct {
	ViewBox  string
	Dots     []struct{ X, Y float64 }
	Scale    string
	ScaleBar float64
}

// dotMap draws the published places of a question, moved to the grid of published places; nil without any.
func (b *Base) dotMap(list []consult.Comment, question string) *dotMap {
	var places []geo.Point
	for _, comment := range list {
		if comment.HasPlace && slices.ContainsFunc(comment.Points, func(p consult.CommentPoint) bool { return string(p.Topic) == question }) {
			places = append(places, comment.Place.Snap(commentSnap))
		}
	}
	if len(places) == 0 {
		return nil
	}
	box := geo.Box{West: places[0].Lon, East: places[0].Lon, South: places[0].Lat, North: places[0].Lat}
	for _, p := range places {
		box = geo.Box{West: min(box.West, p.Lon), East: max(box.East, p.Lon), South: min(box.South, p.Lat), North: max(box.North, p.Lat)}
	}
	const margin = 0.001 // degrees, about 100 metres: one place alone has a map, too
	view := geo.NewView(geo.Box{West: box.West - margin, East: box.East + margin, South: box.South - margin, North: box.North + margin}, sketchWidth, sketchHeight)
	m := &dotMap{ViewBox: view.ViewBox()}
	for _, p := range places {
		x, y := view.XY(p)
		m.Dots = append(m.Dots, struct{ X, Y float64 }{x, y})
	}
	metres := roundLength(view.MetresPerUnit() * sketchWidth / 4)
	m.Scale, m.ScaleBar = b.T("results.places", "metres", commentSnap)+" "+b.T("sketch.scale", "n", int(metres)), metres/view.MetresPerUnit()
	return m
}
