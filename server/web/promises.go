package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/export"
	"github.com/yousaid/yousaid/server/reach"
)

// Grid is a table of several numbers a row. Part "grid": on a small screen it is moved within its own box.
type Grid struct {
	ID      string // unique on the page
	Caption string
	Of      string // heading of the labels' column
	Columns []string
	Rows    []GridRow
}

// GridRow is one line of a Grid.
type GridRow struct {
	Label string
	Cells []string
}

// promisesPage is the public record of a consultation's promises: kept, broken, paused, open.
type promisesPage struct {
	Base
	Subject Link
	Terms   promiseTerms
	Summary string
	Figure  *Figure
	Facts   []SummaryRow
	Pauses  *Figure
	Splits  []Grid
	Least   int
	CSV     Link
}

// Promises shows the record.
func (w *Web) Promises(c *fiber.Ctx) error {
	v, record, err := w.promiseRecord(c)
	if err != nil {
		return err
	}
	k := v.Consultation
	b := w.Base(c, "promises.title", "title", k.Title).about(v.Subjects)
	b.Demo, b.NoIndex = b.Demo || k.Demo, k.Demo
	return w.Pages.Page(c, fiber.StatusOK, "promises", drawPromiseRecord(b, v, record))
}

func (w *Web) promiseRecord(c *fiber.Ctx) (consult.CaseView, reach.PromiseRecord, error) {
	id, err := consult.ParseID(c.Params("id"))
	if err != nil {
		return consult.CaseView{}, reach.PromiseRecord{}, err
	}
	ctx, actor := c.UserContext(), w.actor(c)
	v := consult.CaseView{}
	if v.Terms, err = w.Service.PromiseTerms(ctx, actor, id); err != nil {
		return v, reach.PromiseRecord{}, err
	}
	if v.Subjects, err = w.Service.Subjects(ctx, actor, id); err != nil {
		return v, reach.PromiseRecord{}, err
	}
	tally := reach.NewPromiseTally(w.Service.Calendar(), w.Service.Now())
	if v.Consultation, err = w.Service.EachPromise(ctx, actor, id, tally.Add); err != nil {
		return v, reach.PromiseRecord{}, err
	}
	return v, tally.Record(), nil
}

func drawPromiseRecord(b Base, v consult.CaseView, r reach.PromiseRecord) *promisesPage {
	p := &promisesPage{Base: b, Subject: Link{Href: "/consultations/" + v.Consultation.ID.String(), Text: v.Consultation.Title},
		Terms: b.promiseTerms(v.Terms), Summary: b.promiseSummary(r), Least: reach.SmallestSplit}
	p.Back = &Link{Href: p.Subject.Href, Text: p.T("results.back")}
	p.CSV = Link{Href: p.Subject.Href + "/promises.csv", Text: p.T("promises.csv")}
	if r.Total.Points == 0 {
		return p
	}
	p.Figure = &Figure{ID: "kept", Caption: p.T("promises.what"), Of: p.T("promises.how_it_stands"), Count: p.T("promises.points"), Note: p.T("promises.counted")}
	for i, n := range r.Total.Standing() {
		p.Figure.Bars = append(p.Figure.Bars, Bar{Label: p.T("promises." + reach.PromiseStandings()[i]), Value: n})
	}
	p.Facts = []SummaryRow{{Key: p.T("promises.median"), Value: p.waitText(r.Total.Median)}, {Key: p.T("promises.ninety"), Value: p.waitText(r.Total.NinetyPercent)}}
	if len(r.Pauses) > 0 {
		p.Pauses = &Figure{ID: "pauses", Caption: p.T("promises.pauses"), Of: p.T("promises.why"), Count: p.T("promises.points")}
		for _, f := range r.Pauses {
			p.Pauses.Bars = append(p.Pauses.Bars, Bar{Label: p.T("pause_reason." + f.Reason), Value: f.Points})
		}
	}
	p.Splits = []Grid{p.promiseGrid("topics", r.Topics, p.partTopic), p.promiseGrid("services", r.Services, p.partService)}
	return p
}

func (b *Base) promiseGrid(id string, parts []reach.PromiseFigures, name func(string) string) Grid {
	g := Grid{ID: "by-" + id, Caption: b.T("promises.by_" + id), Of: b.T("promises.of_" + id), Columns: []string{b.T("promises.points")}}
	for _, key := range append(reach.PromiseStandings(), "median", "ninety") {
		g.Columns = append(g.Columns, b.T("promises."+key))
	}
	for _, f := range parts {
		row := GridRow{Label: name(f.Code), Cells: []string{b.Language.Number(int64(f.Points))}}
		for _, n := range f.Standing() {
			row.Cells = append(row.Cells, b.Language.Number(int64(n)))
		}
		row.Cells = append(row.Cells, b.waitText(f.Median), b.waitText(f.NinetyPercent))
		g.Rows = append(g.Rows, row)
	}
	return g
}

func (b *Base) partTopic(code string) string {
	switch code {
	case reach.OtherPart:
		return b.T("promises.other_topics")
	case "":
		return b.T("promises.questions")
	}
	return b.topic(consult.Topic(code))
}

func (b *Base) partService(code string) string {
	switch code {
	case reach.OtherPart:
		return b.T("promises.other_services")
	case "":
		return b.T("promises.no_service")
	}
	return code
}

// waitText words a median or percentile.
func (b *Base) waitText(w reach.Wait) string {
	switch {
	case !w.Shown:
		return b.T("promises.withheld")
	case !w.Reached:
		return b.T("promises.not_reached")
	}
	return b.T("promises.days", "n", w.Days)
}

// promiseSummary is the record in one sentence.
func (b *Base) promiseSummary(r reach.PromiseRecord) string {
	promised := r.Total.Points - r.Total.Unpromised
	if promised == 0 {
		return b.T("promises.none")
	}
	waiting := r.Total.Overdue + r.Total.Open + r.Total.Paused
	return b.T("promises.summary", "n", promised, "kept", r.Total.Kept, "late", r.Total.Late, "waiting", waiting)
}

// PromisesCSV is the record as a file: the same rows, with the same parts taken together.
func (w *Web) PromisesCSV(c *fiber.Ctx) error {
	v, record, err := w.promiseRecord(c)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8; header=present")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="promises-`+v.Consultation.ID.String()+`.csv"`)
	return export.PromisesCSV(c, record)
}
