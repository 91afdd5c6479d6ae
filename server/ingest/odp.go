package ingest

import (
	"bytes"
	"encoding/json"
	"net/url"
	"path"
	"regexp"
	"slices"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// odpReader turns one application into one record.
type odpReader struct {
	in        odpFile
	out       *record
	authority string // whose it is where the file does not say
	day       func(time.Time) consult.Date
}

// readODP reads one application; one without the members that name it is refused.
func readODP(text []byte, out *record, authority string, day func(time.Time) consult.Date) *refusal {
	o := odpReader{out: out, authority: authority, day: day}
	out.Source = "odp"
	if err := json.Unmarshal(text, &o.in); err != nil {
		return jsonRefusal(text, err)
	}
	out.Addition = o.in.YouSaid.clean()
	if bad := o.identity(); bad != nil {
		return bad
	}
	site := o.in.Data.odpSite
	if o.in.Submission != nil {
		site = o.in.Submission.Data
	}
	o.site(site)
	o.dates()
	o.outcome()
	o.documents()
	out.comments = readSaid(o.in.Comments.Public.Comments, out.within("comments.public.comments"), func(p Problem) {
		out.file.Comments.Skipped++
		p.Severity = Error
		out.file.add(p)
	})
	if n := len(o.in.Comments.Specialist.Comments); n > 0 {
		out.warn("comments.specialist", "not taken: "+counted(n, "specialist response")+"; what consultees answered is asked for here")
	}
	return nil
}

// within is the path of a member of the record.
func (r *record) within(member string) string {
	if r.path == "" {
		return member
	}
	return r.path + "." + member
}

var (
	organisationForm = regexp.MustCompile(`^[A-Za-z0-9-]{2,20}$`)
	authorityCode    = regexp.MustCompile(`^[A-Za-z0-9-]{2,100}$`)
	schemaVersion    = regexp.MustCompile(`/v?([0-9]+\.[0-9]+)[0-9.]*/`)
)

// identity reads whose application it is, under which reference and of which type.
func (o *odpReader) identity() *refusal {
	in, r := &o.in, o.out
	switch {
	case r.Addition != nil && r.Addition.Authority != "":
		r.Authority = r.Addition.Authority
	case organisationForm.MatchString(in.Metadata.Organisation):
		r.Authority = "local-authority:" + in.Metadata.Organisation
	case in.Metadata.Organisation == "" && o.authority != "":
		r.Authority = o.authority
	default:
		return &refusal{path: r.within("metadata.organisation"), reason: "the code of the authority is missing or not a code; give it with --of"}
	}
	r.Reference = line(in.Data.Application.Reference)
	if r.Reference == "" {
		r.Reference = line(in.Metadata.ID)
		r.warn("data.application.reference", "the authority has given no reference yet: kept under the submission's id")
	}
	if r.Reference == "" || consult.Length(r.Reference) > maxReference {
		return &refusal{path: r.within("data.application.reference"), reason: "the reference is missing or too long"}
	}
	r.Type = string(in.ApplicationType)
	if r.Type == "" {
		r.Type = string(in.Data.Application.Type)
	}
	if r.Type == "" && in.Submission != nil {
		r.Type = string(in.Submission.ApplicationType)
	}
	r.Type = line(r.Type)
	r.Scale = scaleOf(r.Type)
	if v := schemaVersion.FindStringSubmatch(in.Metadata.Schema); v != nil && v[1] != "0.7" {
		r.warn("metadata.schema", "written for version "+v[1]+" of the schema; what 0.7 names the same was taken")
	}
	r.asOf, _ = time.Parse(time.RFC3339, in.Metadata.GeneratedAt)
	return nil
}

// site reads what is proposed, and where.
func (o *odpReader) site(s odpSite) {
	r, a := o.out, s.Property.Address
	r.Description = cut(plain(s.Proposal.Description), maxDescription)
	if r.Description == "" {
		r.warn("proposal.description", "no description: the reference stands for the title")
	}
	r.Address = cut(line(orElse(a.SingleLine, a.Title)), maxAddress)
	r.Postcode, _ = consult.NormalPostcode(orElse(a.Postcode, postcodeIn(r.Address)))
	if a.UPRN != "" && !uprnForm.MatchString(a.UPRN) {
		r.warn("property.address.uprn", "not a UPRN: "+quoted(a.UPRN))
	} else {
		r.UPRN = a.UPRN
	}
	switch {
	case a.Latitude != nil && a.Longitude != nil:
		r.setPoint("property.address", *a.Longitude, *a.Latitude)
	case a.X != nil && a.Y != nil:
		r.setGrid("property.address", *a.X, *a.Y)
	}
	for _, site := range []json.RawMessage{s.Property.Boundary.Site, s.Proposal.Boundary.Site} {
		if len(site) > 0 && !bytes.Equal(site, []byte("null")) {
			g, err := siteShape(site)
			r.setBoundary("boundary.site", g, err)
			break
		}
	}
	if raw := bytes.TrimSpace(s.Applicant); len(raw) > 0 && raw[0] == '{' {
		var compact bytes.Buffer
		if json.Compact(&compact, raw) == nil && compact.Len() <= MaxCell {
			r.Applicant = compact.String()
		} else {
			r.warn("applicant", "too long; not kept")
		}
	}
}

// date reads a day or moment; a wrong one is a gap.
func (o *odpReader) date(field, value string) consult.Date {
	if value == "" {
		return ""
	}
	d, gap, ok := isoDate(value, firstDay, o.day)
	switch {
	case !ok:
		o.out.warn(field, "not a date: "+quoted(value))
	case gap != "":
		o.out.warn(field, gap)
	}
	return d
}

// dates reads when it came, was checked, published and consulted about.
func (o *odpReader) dates() {
	r, d := o.out, &o.in.Data
	r.Received = o.date("data.submission.submittedAt", orElse(d.Submission.SubmittedAt, o.in.Metadata.SubmittedAt))
	r.Published = o.date("data.application.publishedAt", d.Application.PublishedAt)
	if v := d.Validation; v != nil {
		if v.ReceivedAt != "" {
			r.Received = o.date("data.validation.receivedAt", v.ReceivedAt)
		}
		// A date of validation says when the check was made, not that it was passed.
		if v.IsValid != nil && !*v.IsValid {
			r.Invalid = true
		} else {
			r.Validated = o.date("data.validation.validatedAt", v.ValidatedAt)
		}
	}
	if d.Application.Status == "returned" {
		r.Invalid = true
	}
	if c := d.Consultation; c != nil && (c.StartDate != "" || c.EndDate != "") {
		p := period{o.date("data.consultation.startDate", c.StartDate), o.date("data.consultation.endDate", c.EndDate)}
		if p.Opens == "" || p.Closes == "" || p.Closes < p.Opens {
			r.warn("data.consultation", "the consultation has no start, no end or ends before it starts; taken without it")
		} else {
			r.Rounds = []period{p}
		}
	}
	if e := r.Addition; e != nil && len(e.Rounds) > 0 {
		r.Rounds = e.periods()
	}
	if e := r.Addition; e != nil && isDay(e.CalledInOn) {
		r.CalledIn = consult.Date(e.CalledInOn)
	}
	if r.Validated != "" && r.Published == "" && len(r.Rounds) == 0 && !r.Addition.published() {
		r.HeldBack = true
		r.warn("data.application.publishedAt", "valid, but not published by the authority: not public here either")
	}
}

// outcome reads decision, appeal and withdrawal.
func (o *odpReader) outcome() {
	r, d := o.out, &o.in.Data
	if a := d.Assessment; a != nil {
		r.Due = o.date("data.assessment.expiryDate", a.ExpiryDate)
		r.Committee = o.date("data.assessment.committeeSentDate", a.CommitteeSentDate)
		switch {
		case a.CommitteeDecision != "":
			r.DecidedBy = "committee"
			o.decision("data.assessment.committeeDecision", a.CommitteeDecision, a.CommitteeDecisionDate)
		case a.OfficerDecision != "":
			r.DecidedBy = "planning-officer"
			o.decision("data.assessment.planningOfficerDecision", a.OfficerDecision, a.OfficerDecisionDate)
		case a.OfficerDecisionDate != "":
			r.Decided = o.date("data.assessment.planningOfficerDecisionDate", a.OfficerDecisionDate)
		}
		if u, ok := webAddress(a.DecisionNotice.URL); ok {
			r.Documents = append(r.Documents, document{Name: "Decision notice", Type: "decisionNotice", URL: u, Status: consult.PublishDocument})
		}
	}
	o.appeal(d.Appeal)
	switch {
	case d.Application.Status == "withdrawn" || d.Application.WithdrawnAt != "":
		r.Status, r.WithdrawnReason = statusWithdrawn, cut(plain(d.Application.WithdrawnReason), maxWhy)
		r.Withdrawn = o.date("data.application.withdrawnAt", d.Application.WithdrawnAt)
	case d.Application.Stage == "highCourtAppeal" && r.AppealDecided == "":
		r.Status = statusAppealed
	case d.Application.Status == "determined" && r.Status == statusNone:
		r.Status = statusDecided
	}
}

func (o *odpReader) appeal(a *odpAppeal) {
	if a == nil {
		return
	}
	r := o.out
	r.Status, r.AppealedReason = statusAppealed, cut(plain(a.Reason), maxWhy)
	r.Appealed = o.date("data.appeal.lodgedDate", a.LodgedDate)
	r.AppealDecided = o.date("data.appeal.decisionDate", a.DecisionDate)
	if a.Decision != "" && !slices.Contains(consult.AppealDecisions(), a.Decision) {
		r.warn("data.appeal.decision", "not a decision on an appeal: "+quoted(a.Decision))
		return
	}
	if r.AppealDecision = a.Decision; a.Decision != "" {
		r.Status = statusAppealDecided
	}
}

// maxWhy is the limit of the reason of a move (consult.Advance).
const maxWhy = 1000

func (o *odpReader) decision(field, value, on string) {
	o.out.Decided = o.date(field+"Date", on)
	if value != "granted" && value != "refused" {
		o.out.warn(field, "not a decision: "+quoted(value))
		return
	}
	o.out.Decision = value
}

// documents reads the application's own files. What belongs to comments and appeals stays out; a file is shown only when the
// authority published it, and then in its redacted form.
func (o *odpReader) documents() {
	withheld := 0
	for _, f := range o.in.Files {
		if f.Association != "" && f.Association != "application" || len(o.out.Documents) == maxDocuments {
			continue
		}
		d := document{Name: cut(fileName(f.Name), maxReference), Status: consult.NotAssessed, Version: max(min(f.Version, maxParts), 0)}
		if len(f.Type) > 0 {
			d.Type = line(string(f.Type[0]))
		}
		address, ok := webAddress(orElse(f.RedactedURL, orElse(f.URL, f.Name)))
		if !ok {
			o.out.warn("files", "a file without a web address is left out")
			continue
		}
		if d.URL = address; f.Metadata.PublishedAt != "" {
			d.Status = consult.PublishDocument
		} else {
			withheld++
		}
		o.out.Documents = append(o.out.Documents, d)
	}
	if withheld > 0 {
		o.out.warn("files", "kept, but not shown, as the authority has not published it: "+counted(withheld, "file"))
	}
}

// fileName is the name of a file where applications write its whole address instead.
func fileName(s string) string {
	if u, err := url.Parse(s); err == nil && u.Host != "" {
		return line(path.Base(u.Path))
	}
	return line(s)
}
