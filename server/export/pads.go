package export

import (
	"archive/zip"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// PADS writes planning applications as the files of MHCLG's planning application data specification, which planning.data.gov.uk reads:
// linked tables with its column names. Site is this site's address, for applications whose register has none. Columns of
// planning.data.gov.uk that the specification lacks stand at the end.
type PADS struct {
	Site     string
	Calendar consult.Calendar
	Cases    Cases
	Words    Words
}

// PADSFiles are the tables, in the order they refer to each other.
func PADSFiles() []string {
	return []string{"planning-application.csv", "site.csv", "planning-permission-timeline.csv", "decision-notice.csv", "section-106.csv"}
}

// PADSCodebook and PADSPackage are the other two files: what every column means, and all of them in one.
const (
	PADSCodebook = "codebook.csv"
	PADSPackage  = "pads.zip"
)

// padsTypes maps Open Digital Planning's application types to the specification's: the opposite of what the importer does.
var padsTypes = map[string]string{
	"advertConsent": "advertising", "approval.conditions": "approval-condition", "wtt.consent": "consent-under-tpo",
	"pp.full.demolition": "demolition-con-area", "onshoreExtractionOilAndGas": "extraction-oil-gas", "pp.full": "full",
	"hedgerowRemovalNotice": "hedgerow-removal", "pp.full.householder": "hh", "listed": "lbc", "ldc": "ldc",
	"ldc.existing": "ldc-existing-use", "ldc.listedBuildingWorks": "ldc-proposed-work-lb", "ldc.proposed": "ldc-prospective-use",
	"amendment.nonMaterial": "non-material-amendment", "wtt.notice": "notice-trees-in-con-area", "pp.outline": "outline",
	"pp.outline.all": "outline-all", "pp.outline.some": "outline-some", "pa.part6": "pa-build-agri-forest", "pa.part1.classA": "pa-extension",
	"pa.part1.classAA": "pa-storey", "pp.pip": "pip", "pa": "prior-approval", "approval.reservedMatters": "reserved-matters",
	"amendment.minorMaterial": "s73", "pp.full.minor.technicalDetails": "technical-details-consent",
}

// padsType finds the specification's type; types it does not divide as finely are the nearest above. "" for one it does not have.
func padsType(odp string) string {
	for t := odp; t != ""; {
		if found, ok := padsTypes[t]; ok {
			return found
		}
		at := strings.LastIndexByte(t, '.')
		if at < 0 {
			return ""
		}
		t = t[:at]
	}
	return ""
}

// padsCarries tells whether the tables can show where an application stands. One that is over on a day and in a way nobody told would look
// as if it were open: it is left out.
func padsCarries(c consult.ExchangeCase) bool {
	k := c.Consultation
	a := k.Application
	return k.Kind.Planning() && (!k.State.Settled() || a.WithdrawnOn != "" || k.State != consult.Withdrawn && (a.Decision != "" || a.DecidedOn != ""))
}

// padsCase is an application with what its rows need.
type padsCase struct {
	consult.ExchangeCase
	pads PADS
}

func (c padsCase) key(part string) string { return c.Consultation.ID.String() + "-" + part }

// noticeKey names the decision notice; "" where nothing is decided.
func (c padsCase) noticeKey() string {
	a := c.Consultation.Application
	if a.Decision == "" && a.DecidedOn == "" {
		return ""
	}
	return c.key("decision-notice")
}

func (c padsCase) application() consult.Application { return c.Consultation.Application }

// link is the address of the first document of a type that lies elsewhere.
func (c padsCase) link(kind string) string {
	for _, d := range c.Documents {
		if d.Type == kind && d.URL != "" {
			return d.URL
		}
	}
	return ""
}

func (c padsCase) page() string {
	if u := c.application().RegisterURL; u != "" {
		return u
	}
	return c.pads.Site + "/consultations/" + c.Consultation.ID.String()
}

func padsApplicationColumns() []column[padsCase] {
	return []column[padsCase]{
		{name: "reference", kind: typeText, take: func(c padsCase) string { return c.application().Reference }},
		{name: "name", kind: typeText, take: func(c padsCase) string { return c.Consultation.Title }},
		{name: "description", kind: typeText, take: func(c padsCase) string { return c.application().Description }},
		{name: "application-types", kind: typeCode, missing: "exchange.missing_type", take: func(c padsCase) string { return padsType(c.application().Type) }},
		{name: "site", kind: typeCode, take: func(c padsCase) string { return c.key("site") }},
		{name: "received-date", kind: typeDate, missing: "exchange.missing_day", take: func(c padsCase) string { return string(c.application().ReceivedOn) }},
		{name: "planning-authority", kind: typeCode, take: func(c padsCase) string { return c.application().Authority }},
		{name: "officer-name", kind: typeText, missing: "exchange.missing_person", take: func(padsCase) string { return "" }},
		{name: "development-scale", kind: typeCode, missing: "exchange.missing_scale", take: func(c padsCase) string { return c.application().Scale }},
		{name: "planning-performance-agreement", kind: typeBoolean, missing: "exchange.missing_here", take: func(padsCase) string { return "" }},
		{name: "withdrawn-date", kind: typeDate, missing: "exchange.missing_day", take: func(c padsCase) string { return string(c.application().WithdrawnOn) }},
		{name: "linked-applications", kind: typeCodes, missing: "exchange.missing_here", take: func(padsCase) string { return "" }},
		{name: "document-url", kind: typeText, missing: "exchange.missing_document", take: func(c padsCase) string { return c.link(applicationForm) }},
		{name: "documentation-url", kind: typeText, take: padsCase.page},
		{name: "notes", kind: typeText, missing: "exchange.missing_here", take: func(padsCase) string { return "" }},
	}
}

// padsSite is the place of an application.
type padsSite struct {
	padsCase
	wkt string
}

func padsSiteColumns() []column[padsSite] {
	return []column[padsSite]{
		{name: "reference", kind: typeCode, take: func(s padsSite) string { return s.key("site") }},
		{name: "name", kind: typeText, missing: "exchange.missing_address", take: func(s padsSite) string { return s.Consultation.Address }},
		{name: "address-text", kind: typeText, missing: "exchange.missing_address", take: func(s padsSite) string { return s.Consultation.Address }},
		{name: "postcode", kind: typeText, missing: "exchange.missing_address", take: func(s padsSite) string { return s.Consultation.Postcode }},
		{name: "description", kind: typeText, missing: "exchange.missing_here", take: func(padsSite) string { return "" }},
		{name: "geometry", kind: typeText, missing: "exchange.missing_boundary", take: func(s padsSite) string { return s.wkt }},
		{name: "uprn", kind: typeCode, missing: "exchange.missing_address", take: func(s padsSite) string { return s.application().UPRN }},
		{name: "point", kind: typeText, missing: "exchange.missing_place", take: func(s padsSite) string {
			if !s.Consultation.HasPlace {
				return ""
			}
			return "POINT (" + degrees(s.Consultation.Place.Lon) + " " + degrees(s.Consultation.Place.Lat) + ")"
		}},
	}
}

func (c padsCase) site() (padsSite, error) {
	s := padsSite{padsCase: c}
	boundary := c.Current().Boundary
	if len(boundary) == 0 {
		return s, nil
	}
	shape, err := geo.ParseGeoJSON(boundary, geo.DefaultLimits())
	if err != nil {
		return s, fmt.Errorf("boundary of %s: %w", c.Consultation.ID, err)
	}
	s.wkt = shape.WKT()
	return s, nil
}

// padsEvent is one row of the timeline.
type padsEvent struct {
	padsCase
	number int
	name   string
	on     consult.Date
}

func padsEventColumns() []column[padsEvent] {
	return []column[padsEvent]{
		{name: "reference", kind: typeCode, take: func(e padsEvent) string { return e.key("event-" + strconv.Itoa(e.number)) }},
		{name: "planning-application", kind: typeText, take: func(e padsEvent) string { return e.application().Reference }},
		{name: "permission-process-event", kind: typeCode, take: func(e padsEvent) string { return e.name }},
		{name: "event-date", kind: typeDate, take: func(e padsEvent) string { return string(e.on) }},
		{name: "notes", kind: typeText, missing: "exchange.missing_here", take: func(padsEvent) string { return "" }},
		{name: "organisation", kind: typeCode, take: func(e padsEvent) string { return e.application().Authority }},
	}
}

// events are the steps the national codelist has a word for. Amendments, notices, appeals and outcomes are not among them.
func (c padsCase) events() []padsEvent {
	a := c.application()
	committee := a.CommitteeOn
	if committee == "" {
		committee = movedOn(c.ExchangeCase, consult.InCommittee, c.pads.Calendar)
	}
	steps := []struct {
		name string
		on   consult.Date
	}{
		{"application-submitted", a.ReceivedOn}, {"valid-from", a.ValidatedOn}, {"application-published", a.PublishedOn},
	}
	for _, r := range c.Rounds {
		steps = append(steps, []struct {
			name string
			on   consult.Date
		}{{"consultation-start", r.Opens}, {"consultation-end", r.Closes}}...)
	}
	steps = append(steps, []struct {
		name string
		on   consult.Date
	}{{"call-in-direction-issued", movedOn(c.ExchangeCase, consult.CalledIn, c.pads.Calendar)}, {"committee-date", committee}}...)
	var list []padsEvent
	for _, s := range steps {
		if s.on != "" {
			list = append(list, padsEvent{c, len(list) + 1, s.name, s.on})
		}
	}
	return list
}

func padsNoticeColumns() []column[padsCase] {
	return []column[padsCase]{
		{name: "reference", kind: typeCode, take: padsCase.noticeKey},
		{name: "planning-application", kind: typeText, take: func(c padsCase) string { return c.application().Reference }},
		{name: "decision", kind: typeCode, missing: "exchange.missing_decision", take: func(c padsCase) string { return c.application().Decision }},
		{name: "decision-date", kind: typeDate, missing: "exchange.missing_day", take: func(c padsCase) string { return string(c.application().DecidedOn) }},
		{name: "organisation", kind: typeCode, take: func(c padsCase) string { return c.application().Authority }},
		{name: "decision-maker", kind: typeCode, missing: "exchange.missing_decision", take: func(c padsCase) string { return c.application().DecidedBy }},
		{name: "planning-officer-recommendation", kind: typeCode, missing: "exchange.missing_here", take: func(padsCase) string { return "" }},
		{name: "document-url", kind: typeText, missing: "exchange.missing_document", take: func(c padsCase) string { return c.link(decisionNotice) }},
		{name: "documentation-url", kind: typeText, take: padsCase.page},
		{name: "notes", kind: typeText, missing: "exchange.missing_here", take: func(padsCase) string { return "" }},
		{name: "name", kind: typeText, missing: "exchange.missing_document", take: func(c padsCase) string { return c.named(decisionNotice) }},
	}
}

// named is the name of the document of a type that link leads to.
func (c padsCase) named(kind string) string {
	for _, d := range c.Documents {
		if d.Type == kind && d.URL != "" {
			return d.Name
		}
	}
	return ""
}

// padsAgreement is one section 106 agreement.
type padsAgreement struct {
	padsCase
	document consult.Document
	number   int
}

func padsAgreementColumns() []column[padsAgreement] {
	return []column[padsAgreement]{
		{name: "reference", kind: typeCode, take: func(a padsAgreement) string { return a.key("section-106-" + strconv.Itoa(a.number)) }},
		{name: "name", kind: typeText, take: func(a padsAgreement) string { return a.document.Name }},
		{name: "decision-notice", kind: typeCode, take: func(a padsAgreement) string { return a.noticeKey() }},
		{name: "document-url", kind: typeText, take: func(a padsAgreement) string { return a.document.URL }},
		{name: "documentation-url", kind: typeText, missing: "exchange.missing_here", take: func(padsAgreement) string { return "" }},
	}
}

func (c padsCase) agreements() []padsAgreement {
	var list []padsAgreement
	for _, d := range c.Documents {
		if d.Type == section106 && d.URL != "" && c.noticeKey() != "" {
			list = append(list, padsAgreement{c, d, len(list) + 1})
		}
	}
	return list
}

// padsRows writes a table of what rows finds in each application.
func padsRows[R any](p PADS, w io.Writer, columns []column[R], rows func(padsCase) ([]R, error)) error {
	t, err := newTable(w, columns)
	if err != nil {
		return err
	}
	err = p.Cases(func(c consult.ExchangeCase) error {
		if !padsCarries(c) {
			return nil
		}
		list, err := rows(padsCase{c, p})
		for i := 0; i < len(list) && err == nil; i++ {
			err = t.row(list[i])
		}
		return err
	})
	if err != nil {
		return err
	}
	return t.end()
}

// Write writes one of PADSFiles, the codebook, or all as a package; an unknown name is an error.
func (p PADS) Write(w io.Writer, file string) error {
	switch file {
	case "planning-application.csv":
		return padsRows(p, w, padsApplicationColumns(), func(c padsCase) ([]padsCase, error) { return []padsCase{c}, nil })
	case "site.csv":
		return padsRows(p, w, padsSiteColumns(), func(c padsCase) ([]padsSite, error) {
			s, err := c.site()
			return []padsSite{s}, err
		})
	case "planning-permission-timeline.csv":
		return padsRows(p, w, padsEventColumns(), func(c padsCase) ([]padsEvent, error) { return c.events(), nil })
	case "decision-notice.csv":
		return padsRows(p, w, padsNoticeColumns(), func(c padsCase) ([]padsCase, error) {
			if c.noticeKey() == "" {
				return nil, nil
			}
			return []padsCase{c}, nil
		})
	case "section-106.csv":
		return padsRows(p, w, padsAgreementColumns(), func(c padsCase) ([]padsAgreement, error) { return c.agreements(), nil })
	case PADSCodebook:
		return p.codebook(w)
	case PADSPackage:
		return p.zip(w)
	}
	return fmt.Errorf("no such file: %s", file)
}

func (p PADS) codebook(w io.Writer) error {
	t, err := newTable(w, codebookColumns())
	if err != nil {
		return err
	}
	names := PADSFiles()
	all := entries(names[0], padsLabels(padsApplicationColumns()), p.Words)
	all = append(all, entries(names[1], padsLabels(padsSiteColumns()), p.Words)...)
	all = append(all, entries(names[2], padsLabels(padsEventColumns()), p.Words)...)
	all = append(all, entries(names[3], padsLabels(padsNoticeColumns()), p.Words)...)
	all = append(all, entries(names[4], padsLabels(padsAgreementColumns()), p.Words)...)
	for _, e := range all {
		if err := t.row(e); err != nil {
			return err
		}
	}
	return t.end()
}

// padsLabels words columns by the specification's names: "name" means something else in the table of comments.
func padsLabels[R any](columns []column[R]) []column[R] {
	for i := range columns {
		columns[i].key = "exchange.field_" + strings.ReplaceAll(columns[i].name, "-", "_")
	}
	return columns
}

// zip writes all of it in one file, with the codebook and a README that comes last and carries the others' SHA-256.
func (p PADS) zip(w io.Writer) error {
	out := zip.NewWriter(w)
	pack := packer{zip: out}
	for _, file := range append(PADSFiles(), PADSCodebook) {
		pack.add(file, func(w io.Writer) error { return p.Write(w, file) })
	}
	pack.add(readmeFile, func(w io.Writer) error {
		lines := []string{p.Words("exchange.readme_pads"), "", p.Words("exchange.readme_people"), "", p.Words("export.readme_formulas"), "",
			p.Words("export.readme_licence"), "", p.Words("export.readme_sums")}
		_, err := io.WriteString(w, strings.Join(append(lines, pack.sums...), "\r\n")+"\r\n")
		return err
	})
	if pack.err != nil {
		return pack.err
	}
	return out.Close()
}
