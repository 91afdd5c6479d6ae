package ingest

import (
	"context"
	"fmt"
	"strings"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// postcodeSet names the columns of a postcode table: Code-Point Open or ONSPD.
type postcodeSet struct{ code, easting, northing, quality string }

func postcodeColumns(t *table) *postcodeSet {
	for _, s := range []postcodeSet{
		{"postcode", "eastings", "northings", "positionalqualityindicator"},
		{"postcode", "easting", "northing", "quality"},
		{"pcds", "oseast1m", "osnrth1m", "osgrdind"},
		{"pcds", "east1m", "north1m", "gridind"},
	} {
		if t.has(s.code, s.easting, s.northing) {
			return &s
		}
	}
	return nil
}

// bareCodePoint recognises Code-Point Open as it is delivered, without a row of headings: postcode, quality, easting, northing, …
func bareCodePoint(t *table) bool {
	if len(t.header) < 4 {
		return false
	}
	_, isCode := consult.NormalPostcode(t.header[0])
	_, isQuality := number(strings.TrimSpace(t.header[1]))
	_, isEasting := number(strings.TrimSpace(t.header[2]))
	_, isNorthing := number(strings.TrimSpace(t.header[3]))
	return isCode && isQuality && isEasting && isNorthing
}

// withHeadings gives a bare Code-Point Open table its headings; what looked like them is the first row.
func withHeadings(t *table) *table {
	header := make([]string, len(t.header))
	copy(header, []string{"Postcode", "Quality", "Easting", "Northing"})
	out, _ := newTable(header)
	out.rows = append([]row{{1, t.header}}, t.rows...)
	return out
}

// noPosition is the quality Code-Point Open (90) and ONSPD (9) give postcodes that lie nowhere.
func noPosition(quality string) bool { return quality == "90" || quality == "9" }

// takePostcodes saves where postcodes lie.
func (i *importer) takePostcodes(ctx context.Context, src *source) error {
	columns := postcodeColumns(src.table)
	if columns == nil {
		src.table = withHeadings(src.table)
		columns = postcodeColumns(src.table)
	}
	t := src.table
	var rows []consult.Postcode
	seen := map[string]int{}
	t.each(src.FileReport, func(r row) {
		p, field, bad := readPostcode(t, r, *columns)
		if earlier := seen[p.Code]; bad == "" && earlier > 0 {
			field, bad = columns.code, fmt.Sprintf("%s stands in row %d already", p.Code, earlier)
		}
		if bad != "" {
			src.skip(Problem{Row: r.n, Field: t.label(field), Reason: bad})
			return
		}
		seen[p.Code] = r.n
		rows = append(rows, p)
	})
	if len(rows) == 0 {
		src.refuse(Problem{Reason: "no row could be taken"})
		return nil
	}
	var err error
	src.Created, src.Updated, src.Unchanged, err = i.svc.TakePostcodes(ctx, i.actor, rows)
	return src.outcome(err)
}

func readPostcode(t *table, r row, columns postcodeSet) (p consult.Postcode, field, bad string) {
	code, ok := consult.NormalPostcode(t.get(r, columns.code))
	if !ok {
		return p, columns.code, "not a postcode: " + quoted(t.get(r, columns.code))
	}
	if noPosition(t.get(r, columns.quality)) {
		return p, columns.quality, "a postcode without a position"
	}
	e, okE := number(t.get(r, columns.easting))
	n, okN := number(t.get(r, columns.northing))
	if !okE || !okN {
		return p, columns.easting, "not National Grid metres"
	}
	place, err := geo.FromNationalGrid(e, n)
	if err != nil {
		return p, columns.easting, "not on the National Grid"
	}
	return consult.Postcode{Code: code, Place: rounded(place)}, "", ""
}
