package ingest

import (
	"slices"
	"strings"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// padsSet is the files of MHCLG's planning data that were given together. They refer to each other by reference, in any order.
type padsSet struct {
	files map[Kind][]*source
	lists codelists
	day   func(time.Time) consult.Date

	byReference map[string][]*padsCase
	byDecision  map[string]*padsCase
	sites       map[string]siteRow
}

type siteRow struct {
	src *source
	row row
}

// records reads the whole set. Linked files without the applications they speak of are refused.
func (s *padsSet) records() []*record {
	apps := s.files[PADSApplications]
	linked := []Kind{PADSSites, PADSTimeline, PADSDecisions, PADSSection106}
	if len(apps) == 0 {
		for _, k := range linked {
			for _, src := range s.files[k] {
				src.refuse(Problem{Reason: "it belongs to a planning-application file; give both in one import"})
			}
		}
		return nil
	}
	s.byReference, s.byDecision, s.sites = map[string][]*padsCase{}, map[string]*padsCase{}, map[string]siteRow{}
	s.each(PADSSites, func(src *source, r row) {
		ref := src.table.get(r, "reference")
		if _, twice := s.sites[ref]; ref == "" || twice {
			src.skip(Problem{Row: r.n, Field: "reference", Reason: "missing, or the same as of an earlier site: " + quoted(ref)})
			return
		}
		s.sites[ref] = siteRow{src, r}
	})
	var all []*padsCase
	s.each(PADSApplications, func(src *source, r row) {
		if c := s.application(src, r); c != nil {
			all = append(all, c)
			s.byReference[c.Reference] = append(s.byReference[c.Reference], c)
		}
	})
	s.each(PADSTimeline, s.event)
	s.each(PADSDecisions, s.decision)
	s.each(PADSSection106, s.agreement)
	for _, k := range linked {
		for _, src := range s.files[k] {
			src.Note = "read together with the planning-application file"
		}
	}
	records := make([]*record, 0, len(all))
	for _, c := range all {
		c.finish(len(s.files[PADSTimeline]) > 0)
		records = append(records, c.record)
	}
	return slices.DeleteFunc(records, func(r *record) bool { return r.Authority == "" })
}

func (s *padsSet) each(k Kind, take func(*source, row)) {
	for _, src := range s.files[k] {
		src.table.each(src.FileReport, func(r row) { take(src, r) })
	}
}

// application reads one row of planning-application, or of planning.data.gov.uk's flat form with site and geometry in it.
func (s *padsSet) application(src *source, r row) *padsCase {
	t := src.table
	c := &padsCase{record: &record{Source: "pads", file: src.FileReport, row: r.n}}
	c.Reference = line(t.get(r, "reference"))
	if c.Reference == "" || consult.Length(c.Reference) > maxReference {
		src.skip(Problem{Row: r.n, Field: "reference", Reason: "missing or too long"})
		return nil
	}
	c.Authority = s.authority(c.record, t.get(r, "planningauthority", "organisation"), t.label("planningauthority"))
	c.Description = cut(plain(t.get(r, "description")), maxDescription)
	c.Name = cut(line(t.get(r, "name")), maxTitle)
	c.types(t.get(r, "applicationtypes", "planningapplicationtype"))
	if v := t.get(r, "developmentscale", "developmentclassification"); v != "" {
		if c.Scale = v; !s.lists.knows(listScales, v) {
			c.Scale = ""
			c.warn("development-scale", "not a scale: "+quoted(v))
		}
	}
	c.Type = withScale(c.Type, c.Scale)
	c.Received = s.date(c.record, src, r, "receiveddate", firstDay)
	c.Withdrawn = s.date(c.record, src, r, "withdrawndate", firstDay)
	c.urls(t.get(r, "documentationurl"), t.get(r, "documenturl"))
	site, sited := s.sites[t.get(r, "site")]
	if !sited {
		if v := t.get(r, "site"); v != "" && len(s.files[PADSSites]) > 0 {
			c.warn("site", "no site with the reference "+quoted(v))
		}
		site = siteRow{src, r}
	}
	c.site(site)
	if c.Description == "" && c.Name == "" {
		c.warn("description", "no description: the reference stands for the title")
	}
	return c
}

// authority checks a curie such as "local-authority:BIR".
func (s *padsSet) authority(c *record, value, field string) string {
	if value == "" {
		return ""
	}
	prefix, code, ok := strings.Cut(value, ":")
	if !ok || fold(prefix) == "" || !organisationForm.MatchString(code) {
		c.warn(field, "not an authority: "+quoted(value))
		return ""
	}
	if !s.lists.knows(listAuthorities, value) {
		c.warn(field, "not in the given list of authorities: "+quoted(value))
	}
	return value
}

// date reads a cell as a day.
func (s *padsSet) date(c *record, src *source, r row, column string, part partOfDate) consult.Date {
	value := src.table.get(r, column)
	if value == "" {
		return ""
	}
	d, gap, ok := isoDate(value, part, s.day)
	switch {
	case !ok:
		src.warn(Problem{Row: r.n, Field: src.table.label(column), Reason: "not a date: " + quoted(value)})
	case gap != "":
		src.warn(Problem{Row: r.n, Field: src.table.label(column), Reason: gap})
	}
	return d
}

// linked finds the one application a row of another file speaks of.
func (s *padsSet) linked(src *source, r row, authority string) *padsCase {
	ref := line(src.table.get(r, "planningapplication"))
	found := s.byReference[ref]
	if len(found) > 1 && authority != "" {
		found = slices.DeleteFunc(slices.Clone(found), func(c *padsCase) bool { return c.Authority != authority })
	}
	if len(found) == 1 {
		return found[0]
	}
	reason := "no application with the reference " + quoted(ref)
	if len(found) > 1 {
		reason = "several authorities have the reference " + quoted(ref) + "; the row does not say which it means"
	}
	src.skip(Problem{Row: r.n, Field: src.table.label("planningapplication"), Reason: reason})
	return nil
}

// event reads one row of the timeline.
func (s *padsSet) event(src *source, r row) {
	c := s.linked(src, r, src.table.get(r, "organisation", "planningauthority"))
	if c == nil {
		return
	}
	name := src.table.get(r, "permissionprocessevent")
	part := firstDay
	if name == "consultation-end" {
		part = lastDay
	}
	on := s.date(c.record, src, r, "eventdate", part)
	if variant, ok := padsEvents[name]; ok && !s.lists.knows(listEvents, name) {
		src.warn(Problem{Row: r.n, Field: src.table.label("permissionprocessevent"), Reason: "a word outside the codelist, " + quoted(name) + ", was read as " + variant})
		name = variant
	}
	if !s.lists.knows(listEvents, name) {
		src.skip(Problem{Row: r.n, Field: src.table.label("permissionprocessevent"), Reason: "not an event: " + quoted(name)})
		return
	}
	if on == "" {
		src.skip(Problem{Row: r.n, Field: src.table.label("eventdate"), Reason: "an event without its date"})
		return
	}
	c.happened(name, on)
}

// decision reads one row of decision-notice.
func (s *padsSet) decision(src *source, r row) {
	t := src.table
	c := s.linked(src, r, t.get(r, "organisation"))
	if c == nil {
		return
	}
	if c.Authority == "" {
		if c.Authority = s.authority(c.record, t.get(r, "organisation"), "planning-authority"); c.Authority != "" {
			c.warn("planning-authority", "missing: taken from its decision notice, "+c.Authority)
		}
	}
	s.byDecision[t.get(r, "reference")] = c
	on := s.date(c.record, src, r, "decisiondate", firstDay)
	if on < c.Decided {
		return // an older notice of the same application
	}
	c.Decided = on
	if v := t.get(r, "decision"); v == "granted" || v == "refused" {
		c.Decision = v
	} else if v != "" {
		src.warn(Problem{Row: r.n, Field: t.label("decision"), Reason: "not a decision: " + quoted(v)})
	}
	c.DecidedBy = ""
	if v := t.get(r, "decisionmaker"); v != "" && s.lists.knows(listDeciders, v) {
		c.DecidedBy = v
	} else if v != "" {
		src.warn(Problem{Row: r.n, Field: t.label("decisionmaker"), Reason: "not a decision maker: " + quoted(v)})
	}
	c.addDocument(t.get(r, "documenturl"), orElse(t.get(r, "name"), "Decision notice"), "decisionNotice", s.gate(src, r))
}

// agreement reads one row of section-106.
func (s *padsSet) agreement(src *source, r row) {
	t := src.table
	c := s.byDecision[t.get(r, "decisionnotice")]
	if c == nil {
		src.skip(Problem{Row: r.n, Field: t.label("decisionnotice"), Reason: "no decision notice with the reference " + quoted(t.get(r, "decisionnotice"))})
		return
	}
	c.addDocument(orElse(t.get(r, "documenturl"), t.get(r, "documentationurl")), orElse(t.get(r, "name"), "Section 106 agreement"),
		"section106", s.gate(src, r))
}

// gate is what a row says about showing its document; "" where it has no such column.
func (s *padsSet) gate(src *source, r row) consult.DocumentStatus {
	v := src.table.get(r, "publicregisterstatus")
	if v == "" {
		return ""
	}
	if !s.lists.knows(listStatuses, v) {
		src.warn(Problem{Row: r.n, Field: src.table.label("publicregisterstatus"), Reason: "not a status, so it is not shown: " + quoted(v)})
		return consult.NotAssessed
	}
	return consult.DocumentStatus(v)
}
