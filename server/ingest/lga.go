package ingest

import (
	"strings"

	"github.com/yousaid/yousaid/server/consult"
)

// lgaReader reads the table of the LGA (ESD) planning applications schema: 36 columns from ExtractDate to ResponsesAgainst.
// Numbers of responses, ground area and areas are not kept: what people said is counted here from what they said here.
type lgaReader struct{ src *source }

// readLGA reads every row; rows that cannot be told apart or belong to nobody are skipped.
func readLGA(src *source) []*record {
	l := lgaReader{src}
	var records []*record
	src.table.each(src.FileReport, func(r row) {
		if c := l.record(r); c != nil {
			records = append(records, c)
		}
	})
	return records
}

func (l lgaReader) record(r row) *record {
	t := l.src.table
	c := &record{Source: "lga", file: l.src.FileReport, row: r.n}
	c.Reference = line(t.get(r, "casereference"))
	if c.Reference == "" || consult.Length(c.Reference) > maxReference {
		l.src.skip(c.problem(t.label("casereference"), "missing or too long"))
		return nil
	}
	c.Authority = lgaAuthority(t.get(r, "organisationuri", "publisheruri"), t.get(r, "organisationlabel", "publisherlabel"))
	if c.Authority == "" {
		l.src.skip(c.problem(t.label("organisationuri"), "neither organisation nor publisher: whose application it is cannot be told"))
		return nil
	}
	if day, ok := britishDate(t.get(r, "extractdate")); ok {
		c.asOf = day.Time()
	}
	if c.Description = cut(plain(t.get(r, "casetext")), maxDescription); c.Description == "" {
		c.warn(t.label("casetext"), "no description: the reference stands for the title")
	}
	c.Address = cut(line(t.get(r, "locationtext")), maxAddress)
	c.Postcode = postcodeIn(c.Address)
	l.kind(c, r)
	l.place(c, r)
	l.links(c, r)
	l.dates(c, r)
	l.decision(c, r)
	if agent := line(t.get(r, "agent")); agent != "" {
		c.Applicant = `{"agent":` + jsonText(agent) + `}`
	}
	return c
}

// lgaAuthority makes the last two parts of the publisher's URI ("…/id/county-council/hampshire") into "county-council:hampshire".
func lgaAuthority(uri, label string) string {
	parts := strings.FieldsFunc(uri, func(r rune) bool { return r == '/' })
	if n := len(parts); n >= 2 && strings.HasPrefix(uri, "http") && !strings.Contains(parts[n-2], ".") {
		kind, name := slug(parts[n-2]), slug(parts[n-1])
		if kind != "" && name != "" {
			return kind + ":" + name
		}
	}
	if name := slug(label); name != "" {
		return "organisation:" + name
	}
	return ""
}

func slug(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	return cut(strings.Join(words, "-"), maxReference)
}

// kind reads the type and the scale. ClassificationLabel mixes both and more, separated by bars.
func (l lgaReader) kind(c *record, r row) {
	t := l.src.table
	if v := t.get(r, "servicetypelabel"); v != "" {
		mapped, known := lgaTypes[fold(v)]
		if c.Type = mapped; !known {
			c.warn(t.label("servicetypelabel"), "a type this program does not know: "+quoted(v))
		}
	}
	for _, part := range strings.Split(t.get(r, "classificationlabel"), "|") {
		switch fold(part) {
		case "maj", "major":
			c.Scale = "major"
		case "min", "minor":
			c.Scale = "minor"
		}
	}
	c.Type = withScale(c.Type, c.Scale)
}

// place reads GeoX and GeoY. WGS84 is the schema's default; numbers that cannot be degrees are National Grid metres.
func (l lgaReader) place(c *record, r row) {
	t := l.src.table
	xs, ys := t.get(r, "geox"), t.get(r, "geoy")
	if xs == "" && ys == "" {
		return
	}
	x, okX := number(xs)
	y, okY := number(ys)
	field := t.label("geox") + ", " + t.label("geoy")
	if !okX || !okY {
		c.warn(field, "not two numbers; taken without a place")
		return
	}
	system := t.get(r, "coordinatereferencesystem")
	switch fold(system) {
	case "osgb36", "epsg27700", "bng":
		c.setGrid(field, x, y)
	case "", "wgs84", "epsg4326":
		if x > 180 && y > 90 {
			c.warn(field, "numbers too large for degrees were taken as National Grid metres")
			c.setGrid(field, x, y)
			return
		}
		c.setPoint(field, x, y)
	default:
		c.warn(t.label("coordinatereferencesystem"), "an unknown reference system, "+quoted(system)+"; taken without a place")
	}
}

func (l lgaReader) links(c *record, r row) {
	t := l.src.table
	if v := t.get(r, "caseurl"); v != "" {
		address, ok := webAddress(v)
		if c.RegisterURL = address; !ok {
			c.warn(t.label("caseurl"), "not a web address: "+quoted(v))
		}
	}
	if v := t.get(r, "uprn"); v != "" {
		if uprnForm.MatchString(v) {
			c.UPRN = v
		} else {
			c.warn(t.label("uprn"), "not a UPRN: "+quoted(v))
		}
	}
}

func (l lgaReader) date(c *record, r row, column string) consult.Date {
	v := l.src.table.get(r, column)
	if v == "" {
		return ""
	}
	d, ok := britishDate(v)
	if !ok {
		c.warn(l.src.table.label(column), "not a date (dd/mm/yyyy): "+quoted(v))
	}
	return d
}

// dates reads when it was valid and consulted about. CaseDate is the day a valid application was received.
func (l lgaReader) dates(c *record, r row) {
	t := l.src.table
	c.Received = l.date(c, r, "casedate")
	c.Validated = c.Received
	c.Due = l.date(c, r, "decisiontargetdate")
	opens, closes := l.date(c, r, "publicconsultationstartdate"), l.date(c, r, "publicconsultationenddate")
	switch {
	case opens == "" && closes == "":
	case closes == "":
		c.warn(t.label("publicconsultationenddate"), "missing: taken without that consultation")
	case opens == "":
		opens = min(orDate(c.Validated, closes), closes)
		c.warn(t.label("publicconsultationstartdate"), "missing: the day the application was valid stands for it")
		c.Rounds = []period{{opens, closes}}
	case closes < opens:
		c.warn(t.label("publicconsultationenddate"), "before the start: taken without that consultation")
	default:
		c.Rounds = []period{{opens, closes}}
	}
	if !c.public() {
		c.warn(t.label("casedate"), "no day from which it was valid: kept, but not public")
	}
}

func orDate(d, otherwise consult.Date) consult.Date {
	if d != "" {
		return d
	}
	return otherwise
}

// decision reads status, decision and appeal. The status leads: a row that is withdrawn keeps no decision.
func (l lgaReader) decision(c *record, r row) {
	t := l.src.table
	c.Status = status(l.meaning(c, r, "status", lgaStatus))
	on := l.date(c, r, "decisiondate")
	word := t.get(r, "decision")
	if fold(word) == "withdrawn" {
		c.Status, word = statusWithdrawn, ""
	}
	if c.Status == statusWithdrawn {
		if word != "" {
			c.warn(t.label("decision"), "the status is withdrawn, so the decision "+quoted(word)+" was not taken")
		}
		c.Withdrawn = on
		return
	}
	if fold(word) == "split" {
		c.warn(t.label("decision"), "a split decision: taken as decided, without granted or refused")
		c.Status = statusDecided
	} else if word != "" {
		c.Decision = l.meaning(c, r, "decision", lgaDecision)
	}
	c.Decided = on
	if on == "" && c.Decision != "" {
		c.Decided = l.date(c, r, "decisionnoticedate")
	}
	c.DecidedBy = l.meaning(c, r, "decisiontype", lgaDecider)
	if c.Status == statusNone && c.Decision != "" {
		c.warn(t.label("status"), "not decided according to it, but there is a decision: taken as decided")
	}
	if v := l.date(c, r, "appealdecisiondate"); v != "" {
		c.AppealDecided = v
	} else if t.get(r, "appealdecision") != "" {
		c.Status = statusAppealDecided
	} else if t.get(r, "appealref") != "" && c.Status != statusAppealed {
		c.warn(t.label("appealref"), "an appeal without the status appealed: taken as appealed")
		c.Status = statusAppealed
	}
}

// meaning reads a cell with one of a list of words; variants are taken with a warning, other words are left out with one.
func (l lgaReader) meaning(c *record, r row, column string, words map[string]meaning) string {
	t := l.src.table
	raw := t.get(r, column)
	if raw == "" {
		return ""
	}
	m, known := words[fold(raw)]
	switch {
	case !known:
		c.warn(t.label(column), "a word outside the schema whose meaning is not plain: "+quoted(raw))
	case !m.plain:
		c.warn(t.label(column), "a word outside the schema, "+quoted(raw)+", was read as "+readAs(column, m.value))
	}
	return m.value
}

// readAs names a meaning for the report; for the status no value means that nothing is decided yet.
func readAs(column, value string) string {
	if column == "status" && value == "" {
		return "pending"
	}
	return value
}
