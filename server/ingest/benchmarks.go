package ingest

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"strings"

	"github.com/yousaid/yousaid/server/consult"
)

// populationColumn finds the column of population figures, "" for none.
func populationColumn(t *table) string {
	for i := range t.header {
		if key := fold(t.header[i]); strings.HasPrefix(key, "population") {
			return key
		}
	}
	return ""
}

var midYear = regexp.MustCompile(`mid(\d{4})`)

// takePopulation saves ward populations as the benchmark "population". The vintage is the middle of the year in the column's name.
func (i *importer) takePopulation(ctx context.Context, src *source) error {
	t := src.table
	column := populationColumn(t)
	vintage := ""
	if m := midYear.FindStringSubmatch(column); m != nil {
		vintage = m[1] + "-06-30"
	}
	var rows []consult.Benchmark
	err := i.eachWard(ctx, src, func(r row, b consult.Benchmark) {
		v, ok := number(t.get(r, column))
		if !ok || v < 0 || v != math.Trunc(v) || v > 10_000_000 {
			src.skip(Problem{Row: r.n, Field: t.label(column), Reason: "not a number of people: " + quoted(t.get(r, column))})
			return
		}
		b.Name, b.Population, b.Vintage, b.Source = "population", int(v), vintage, "ONS small-area population estimates"
		rows = append(rows, b)
	})
	return i.takeBenchmarks(ctx, src, rows, err)
}

// qualificationGroups are the columns of Census 2021 table TS067 (highest qualification, people of 16 and over).
var qualificationGroups = []struct{ column, group string }{
	{"pctnone", "none"}, {"pctlevel1", "level-1"}, {"pctlevel2", "level-2"}, {"pctapprenticeship", "apprenticeship"},
	{"pctlevel3", "level-3"}, {"pctlevel4plus", "level-4-plus"}, {"pctother", "other"},
}

// takeQualifications saves shares as the benchmark "qualifications": the file has percentages, so the figure is how many of every
// 1,000 people of 16 and over, not how many people.
func (i *importer) takeQualifications(ctx context.Context, src *source) error {
	t := src.table
	var rows []consult.Benchmark
	err := i.eachWard(ctx, src, func(r row, b consult.Benchmark) {
		b.Name, b.Source, b.Vintage = "qualifications", "Census 2021 TS067, people per 1,000 aged 16 and over", "2021-03-21"
		var ward []consult.Benchmark
		total := 0.0
		for _, g := range qualificationGroups {
			v, ok := number(t.get(r, g.column))
			if !ok || v < 0 || v > 100 {
				src.skip(Problem{Row: r.n, Field: t.label(g.column), Reason: "not a percentage: " + quoted(t.get(r, g.column))})
				return
			}
			total += v
			b.Group, b.Population = g.group, int(math.Round(v*10))
			ward = append(ward, b)
		}
		if math.Abs(total-100) > 1 {
			src.skip(Problem{Row: r.n, Reason: fmt.Sprintf("the percentages add up to %.1f", total)})
			return
		}
		rows = append(rows, ward...)
	})
	return i.takeBenchmarks(ctx, src, rows, err)
}

// eachWard reads code and name of every row and holds the name against the one the code has here. A figure under another ward's
// code is worse than none, so one wrong pair refuses the file: the rows around it may be shifted too.
func (i *importer) eachWard(ctx context.Context, src *source, take func(row, consult.Benchmark)) error {
	known, err := i.svc.Wards(ctx)
	if err != nil {
		return err
	}
	t := src.table
	codeColumn, nameColumn := t.wardColumns()
	seen := map[string]int{}
	t.each(src.FileReport, func(r row) {
		b := consult.Benchmark{AreaCode: t.get(r, codeColumn), AreaName: line(t.get(r, nameColumn))}
		field := t.label(codeColumn)
		if !gssForm.MatchString(b.AreaCode) {
			src.skip(Problem{Row: r.n, Field: field, Reason: "not a GSS code: " + quoted(b.AreaCode)})
			return
		}
		if earlier := seen[b.AreaCode]; earlier > 0 {
			src.skip(Problem{Row: r.n, Field: field, Reason: fmt.Sprintf("%s stands in row %d already", b.AreaCode, earlier)})
			return
		}
		seen[b.AreaCode] = r.n
		name, here := known[b.AreaCode]
		switch {
		case !here:
			src.warn(Problem{Row: r.n, Field: field, Reason: "the ward is not known here, so code and name could not be checked; import its boundary"})
		case b.AreaName == name:
		case bareName(b.AreaName) == bareName(name):
			src.warn(Problem{Row: r.n, Field: t.label(nameColumn), Reason: fmt.Sprintf("%s is called %s here", quoted(b.AreaName), quoted(name))})
			b.AreaName = name
		default:
			src.refuse(Problem{Row: r.n, Field: t.label(nameColumn), Reason: fmt.Sprintf("%s is %s here, not %s: these figures belong to another ward",
				b.AreaCode, quoted(name), quoted(b.AreaName))})
		}
		take(r, b)
	})
	return nil
}

// bareName drops what ONS adds to tell wards of one name apart: "Aston (Birmingham)" is "aston".
func bareName(s string) string {
	if at := strings.Index(s, " ("); at > 0 && strings.HasSuffix(s, ")") {
		s = s[:at]
	}
	return fold(s)
}

func (i *importer) takeBenchmarks(ctx context.Context, src *source, rows []consult.Benchmark, err error) error {
	if err != nil || src.Refused {
		return err
	}
	if len(rows) == 0 {
		src.refuse(Problem{Reason: "no row could be taken"})
		return nil
	}
	src.Created, src.Updated, src.Unchanged, err = i.svc.TakeBenchmarks(ctx, i.actor, rows)
	return src.outcome(err)
}
