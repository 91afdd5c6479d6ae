package ingest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// padsCase is one application with what the linked files said about it so far.
type padsCase struct {
	*record
	starts, ends []consult.Date // of consultations
	publicity    consult.Date
	refused      consult.Date // invalid-from
}

func (c *padsCase) types(value string) {
	first, rest, _ := strings.Cut(value, ";")
	first = strings.TrimSpace(first)
	mapped, known := padsTypes[first]
	switch {
	case value == "":
		return
	case !known:
		c.warn("application-types", "not a type: "+quoted(first))
	case rest != "":
		c.warn("application-types", "several types: the first stands for all of "+quoted(value))
	}
	c.Type = mapped
}

// urls takes the register's page, and the application's own document where it is another address.
func (c *padsCase) urls(register, document string) {
	for _, v := range []struct{ field, value string }{{"documentation-url", register}, {"document-url", document}} {
		if _, ok := webAddress(v.value); v.value != "" && !ok {
			c.warn(v.field, "not a web address: "+quoted(v.value))
		}
	}
	page, hasPage := webAddress(register)
	file, hasFile := webAddress(document)
	switch {
	case hasPage:
		c.RegisterURL = page
		c.addDocument(document, "Application form", "applicationForm", "")
	case hasFile:
		c.RegisterURL = file
	}
}

func (c *padsCase) addDocument(address, name, kind string, st consult.DocumentStatus) {
	u, ok := webAddress(address)
	if !ok || u == c.RegisterURL || len(c.Documents) == maxDocuments {
		return
	}
	if st == "" {
		st = consult.PublishDocument
	}
	c.Documents = append(c.Documents, document{Name: cut(line(name), maxReference), Type: kind, URL: u, Status: st})
}

// site reads where it is: from the site file, or from the application's own row. Problems belong to the file they are in.
func (c *padsCase) site(s siteRow) {
	file, n := c.file, c.row
	defer func() { c.file, c.row = file, n }()
	c.file, c.row = s.src.FileReport, s.row.n
	t, r := s.src.table, s.row
	c.Address = cut(line(t.get(r, "addresstext", "name")), maxAddress)
	code := t.get(r, "postcode")
	normal, ok := consult.NormalPostcode(code)
	if c.Postcode = normal; !ok {
		c.Postcode = postcodeIn(c.Address)
		if code != "" {
			c.warn("postcode", "not a whole postcode: "+quoted(code))
		}
	}
	if v := t.get(r, "uprn"); uprnForm.MatchString(v) {
		c.UPRN = v
	}
	if v := t.get(r, "point"); v != "" {
		if g, err := geo.ParseWKT(v, geo.DefaultLimits()); err == nil {
			c.setBoundary("point", g, nil)
		} else {
			c.warn("point", "taken without it: "+geoReason(err))
		}
	}
	if v := t.get(r, "geometry"); v != "" {
		g, err := geo.ParseWKT(v, geo.DefaultLimits())
		c.setBoundary("geometry", g, err)
	}
}

func (c *padsCase) happened(name string, on consult.Date) {
	switch name {
	case "application-submitted":
		c.Received = cmp.Or(c.Received, on)
	case "valid-from":
		c.Validated = on
	case "validation-completed":
		c.Validated = cmp.Or(c.Validated, on)
	case "invalid-from":
		c.refused = max(c.refused, on)
	case "application-published":
		c.Published = on
	case "publicity-start":
		c.publicity = on
	case "consultation-start":
		c.starts = append(c.starts, on)
	case "consultation-end":
		c.ends = append(c.ends, on)
	case "committee-date":
		c.Committee = max(c.Committee, on)
	case "call-in-direction-issued":
		c.CalledIn = on
	}
	// The others (requests for information, resolutions, extensions, consultees) change nothing a reader here is told.
}

// finish draws the conclusions that need the whole set.
func (c *padsCase) finish(withTimeline bool) {
	if c.Authority == "" {
		c.file.skip(c.problem("planning-authority", "missing: whose application it is cannot be told"))
		return
	}
	c.Invalid = c.refused != "" && c.refused >= c.Validated
	slices.Sort(c.starts)
	slices.Sort(c.ends)
	c.rounds()
	if !c.public() && !c.Invalid {
		reason := "no day from which it was valid in the timeline: kept, but not public"
		if !withTimeline {
			reason = "no timeline was given with it: kept, but not public"
		}
		c.warn("", reason)
	}
}

// rounds pairs starts and ends of consultations. A register that notes only the end of a single one is common: publicity, or the
// day the application was valid, stands for its start.
func (c *padsCase) rounds() {
	if len(c.starts) == 0 && len(c.ends) > 0 {
		last := c.ends[len(c.ends)-1]
		start := cmp.Or(c.publicity, c.Published, c.Validated, c.Received, last)
		c.warn("consultation-start", "missing: "+string(min(start, last))+" stands for it")
		c.Rounds = []period{{min(start, last), last}}
		return
	}
	for i, start := range c.starts {
		var end consult.Date
		for _, e := range c.ends {
			if e >= start && (i+1 == len(c.starts) || e < c.starts[i+1]) {
				end = e
			}
		}
		if end == "" {
			c.warn("consultation-end", "missing for the consultation that started on "+string(start)+": taken without that consultation")
			continue
		}
		c.Rounds = append(c.Rounds, period{start, end})
	}
}
