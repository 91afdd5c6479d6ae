package export

import (
	"io"
	"slices"
	"strconv"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/reach"
)

// Marks beside numbers that are not there, from the Government Analysis Function's list of symbols for tables.
const (
	markWithheld = "c" // confidential: withheld so that nobody can be recognised
	markNone     = "x" // not available
)

// figure is one line of the file of figures.
type figure struct {
	table, period, code, label string
	value, unit, status        string
	share, population, rate    string
	ratio, low, high           string
	finding                    string
}

// The units of figures.
const (
	unitResponses = "responses"
	unitPeople    = "people"
	unitDays      = "working-days"
	unitPercent   = "percent"
)

func figureColumns() []column[figure] {
	tables := []string{"total", "time", "stance", "topic", "ward", "channel", "answered", "promise", "wait", "outcome", "age", "sex", "ethnic", "disability"}
	return []column[figure]{
		{name: "table", kind: typeCode, values: coded(tables, "reach.table_"), take: func(f figure) string { return f.table }},
		{name: "period", kind: typeCode, values: coded([]string{"day", "week", "month"}, "reach.period_"), missing: "export.missing_not_time",
			take: func(f figure) string { return f.period }},
		{name: "code", kind: typeCode, take: func(f figure) string { return f.code }},
		{name: "label", kind: typeText, take: func(f figure) string { return f.label }},
		{name: "value", kind: typeInteger, missing: "export.missing_value", take: func(f figure) string { return f.value }},
		{name: "unit", kind: typeCode, values: coded([]string{unitResponses, unitPeople, unitDays, unitPercent}, "export.unit_"),
			take: func(f figure) string { return f.unit }},
		{name: "status", kind: typeCode, values: coded([]string{markWithheld, markNone}, "export.status_"), missing: "export.missing_status",
			take: func(f figure) string { return f.status }},
		{name: "share_percent", kind: typeInteger, missing: "export.missing_share", take: func(f figure) string { return f.share }},
		{name: "population", kind: typeInteger, missing: "export.missing_population", take: func(f figure) string { return f.population }},
		{name: "per_10000", kind: typeDecimal, missing: "export.missing_population", take: func(f figure) string { return f.rate }},
		{name: "ratio", kind: typeDecimal, missing: "export.missing_ratio", take: func(f figure) string { return f.ratio }},
		{name: "ratio_low", kind: typeDecimal, missing: "export.missing_ratio", take: func(f figure) string { return f.low }},
		{name: "ratio_high", kind: typeDecimal, missing: "export.missing_ratio", take: func(f figure) string { return f.high }},
		{name: "finding", kind: typeCode, values: coded([]string{"under", "over"}, "reach.finding_"), missing: "export.missing_finding",
			take: func(f figure) string { return f.finding }},
	}
}

// FiguresCSV writes a report as CSV, one row per figure; only those of one table when it is named. The numbers are those of the
// page: both are made from the same report.
func FiguresCSV(w io.Writer, r reach.Report, only string, words Words, withMark bool) error {
	if withMark {
		if _, err := io.WriteString(w, byteOrderMark); err != nil {
			return err
		}
	}
	t, err := newTable(w, figureColumns())
	if err != nil {
		return err
	}
	for _, f := range figures(r, words) {
		if only != "" && only != f.table {
			continue
		}
		if err := t.row(f); err != nil {
			return err
		}
	}
	return t.end()
}

func figures(r reach.Report, words Words) []figure {
	list := []figure{counted(figure{table: "total", code: "responses", label: words("reach.table_total"), unit: unitResponses}, r.Total)}
	for _, t := range r.Tables {
		list = append(list, tableFigures(t, unitResponses, words)...)
		if t.Name == "promise" {
			list = append(list, waitFigures(r, words)...)
		}
	}
	for _, t := range r.Equality.Tables {
		list = append(list, tableFigures(t, unitPeople, words)...)
	}
	return list
}

func counted(f figure, c reach.Count) figure {
	if n, shown := c.Value(); shown {
		f.value = strconv.Itoa(n)
	} else {
		f.status = markWithheld
	}
	return f
}

func tableFigures(t reach.Table, unit string, words Words) []figure {
	if t.Hidden {
		return []figure{{table: t.Name, code: "all", label: words("reach.all_withheld"), unit: unit, status: markWithheld}}
	}
	list := make([]figure, len(t.Rows))
	for i, row := range t.Rows {
		f := counted(figure{table: t.Name, period: t.Unit, code: row.Code, label: Label(t, row, words), unit: unit}, row.Count)
		if row.Share.Known {
			f.share = strconv.Itoa(row.Share.Percent)
		}
		f.population = whole(row.Population)
		if row.Rate.Known {
			f.rate = decimal(row.Rate.Value)
		}
		if row.Ratio.Known {
			f.ratio, f.low, f.high = decimal(row.Ratio.Value), decimal(row.Ratio.Low), decimal(row.Ratio.High)
		}
		f.finding = Finding(row)
		list[i] = f
	}
	return list
}

// waitFigures are the figures that count no responses: the median wait, and the share of kept promises.
func waitFigures(r reach.Report, words Words) []figure {
	median := figure{table: "wait", code: "median", label: words("reach.wait_median"), unit: unitDays, status: markWithheld}
	if r.Wait.Shown {
		median.status = markNone
		if r.Wait.Reached {
			median.status, median.value = "", strconv.Itoa(r.Wait.Days)
		}
	}
	kept := figure{table: "wait", code: "kept", label: words("reach.wait_kept"), unit: unitPercent, status: markWithheld}
	if r.Kept.Known {
		kept.status, kept.value = "", strconv.Itoa(r.Kept.Percent)
	}
	return []figure{median, kept}
}

// Finding is "under" or "over" where a group took clearly less or more part than its share of the residents, else "".
func Finding(row reach.Row) string {
	switch {
	case row.Ratio.Under():
		return "under"
	case row.Ratio.Over():
		return "over"
	}
	return ""
}

// Label words a row of a table; page and file use the same.
func Label(t reach.Table, row reach.Row, words Words) string {
	switch {
	case row.Name != "":
		return row.Name
	case t.Name == "time":
		return row.Code
	case row.Code == reach.Unknown:
		return words("reach.unknown")
	case row.Code == reach.Skipped, row.Code == reach.NotAsked:
		return words("reach." + row.Code)
	case slices.ContainsFunc(consult.EqualityQuestions(), func(q consult.EqualityQuestion) bool { return q.Name == t.Name }):
		return words("about_you." + t.Name + "_" + row.Code)
	case t.Name == "stance", t.Name == "topic", t.Name == "channel":
		return words(t.Name + "." + row.Code)
	}
	return words("reach." + t.Name + "_" + row.Code)
}
