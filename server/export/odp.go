package export

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// odpSchema names the schema whose published variant is written.
const odpSchema = "https://theopensystemslab.github.io/digital-planning-data-schemas/v0.7.7/schemas/postSubmissionPublishedApplication.json"

// ODP writes planning applications as Open Digital Planning does. Site is this site's address without a slash at its end; Words the
// catalogue, for the questions behind topics and for authors who do not show their name.
type ODP struct {
	Site     string
	Calendar consult.Calendar
	Words    Words
}

// Application makes the published variant of a case, without its comments.
func (o ODP) Application(c consult.ExchangeCase) (ODPApplication, error) {
	k := c.Consultation
	a := k.Application
	out := ODPApplication{ApplicationType: a.Type, Files: []ODPFile{}, YouSaid: o.addition(c)}
	d := &out.Data
	d.Application.Reference, d.Application.PublishedAt = a.Reference, midday(a.PublishedOn)
	d.Application.Stage, d.Application.Status = stageOf(c)
	d.LocalPlanningAuthority.CommentsUntilDecision = true // late comments are kept and marked until the decision (consult.WindowOf)
	d.Submission.SubmittedAt = midday(a.ReceivedOn)
	if a.ReceivedOn != "" || a.ValidatedOn != "" {
		d.Validation = &ODPValidation{midday(a.ReceivedOn), midday(a.ValidatedOn), true} // what was not found valid is not public
	}
	if r := c.LatestRound(); r.Number > 0 {
		d.Consultation = &ODPConsultation{r.Opens, r.Closes, hasNotice(c.Publicity)}
	}
	if a.WithdrawnOn != "" || k.State == consult.Withdrawn {
		d.Application.WithdrawnAt, d.Application.WithdrawnReason = midday(a.WithdrawnOn), whyOf(c, consult.Withdrawn)
	}
	d.Assessment, d.Appeal = o.assessment(c), appealOf(c)
	d.CaseOfficer.Name = k.Service
	o.files(c, &out)
	out.Submission.ApplicationType = a.Type
	out.Submission.Data.Proposal.Description = a.Description
	property, err := propertyOf(c)
	out.Submission.Data.Property = property
	_, code, _ := strings.Cut(a.Authority, ":")
	out.Metadata = ODPMetadata{Organisation: code, ID: uuidOf(k.ID), SubmittedAt: midday(a.ReceivedOn),
		GeneratedAt: k.UpdatedAt.UTC().Format(odpTime), Schema: odpSchema}
	return out, err
}

const odpTime = "2006-01-02T15:04:05.000Z"

// midday writes a day as a timestamp: noon in UTC is the same day for every reader in Europe. This site keeps days, not moments.
func midday(d consult.Date) string {
	if d == "" {
		return ""
	}
	return d.Time().Add(12 * time.Hour).Format(odpTime)
}

// uuidOf writes an id in the form of a UUID of a kind of its own (RFC 9562, version 8).
func uuidOf(id consult.ID) string {
	n := uint64(id)
	return fmt.Sprintf("%08x-%04x-8%03x-8000-0000%08x", n>>32, n>>16&0xffff, n>>4&0xfff, n&0xffffffff)
}

// stageOf says in ODP's words where a case stands. Archived ones stand where they ended.
func stageOf(c consult.ExchangeCase) (stage, status string) {
	a := c.Consultation.Application
	switch s := c.Consultation.State; {
	case s == consult.Withdrawn || s == consult.Archived && a.WithdrawnOn != "":
		if len(c.Rounds) == 0 {
			return "validation", "withdrawn"
		}
		return "assessment", "withdrawn"
	case s == consult.Appealed || s == consult.AppealDecided || s == consult.Archived && a.Appeal != (consult.Appeal{}):
		return "appeal", "determined"
	case s == consult.Decided || s == consult.Archived:
		return "assessment", "determined"
	case s == consult.Validated:
		return "validation", "undetermined"
	case s == consult.Consulting || s == consult.Reconsulting:
		return "consultation", "undetermined"
	}
	return "assessment", "undetermined"
}

// ODPStages are ODP's stages with the states they mean, for searches.
func ODPStages() map[string][]consult.State {
	return map[string][]consult.State{
		"submission": {consult.Received}, "validation": {consult.Validated}, "consultation": {consult.Consulting, consult.Reconsulting},
		"assessment": {consult.ClosedState, consult.Amended, consult.Assessed, consult.InCommittee, consult.CalledIn, consult.Decided,
			consult.Withdrawn, consult.Archived},
		"appeal": {consult.Appealed, consult.AppealDecided}, "highCourtAppeal": {},
	}
}

func hasNotice(all []consult.Publicity) bool {
	for _, p := range all {
		if p.Kind == consult.SiteNotice {
			return true
		}
	}
	return false
}

// whyOf is the reason of the latest move to a state.
func whyOf(c consult.ExchangeCase, to consult.State) (why string) {
	for _, e := range c.History {
		if e.To == to {
			why = e.Why
		}
	}
	return why
}

// movedOn is the day of the latest move to a state, "" for none.
func movedOn(c consult.ExchangeCase, to consult.State, calendar consult.Calendar) (on consult.Date) {
	for _, e := range c.History {
		if e.To == to {
			on = calendar.Day(e.At)
		}
	}
	return on
}

func (o ODP) assessment(c consult.ExchangeCase) *ODPAssessment {
	a := c.Consultation.Application
	out := ODPAssessment{ExpiryDate: a.DecisionDue, CommitteeSentDate: a.CommitteeOn}
	if out.CommitteeSentDate == "" {
		out.CommitteeSentDate = movedOn(c, consult.InCommittee, o.Calendar)
	}
	if a.DecidedBy == "committee" {
		out.CommitteeDecision, out.CommitteeDecisionDate = a.Decision, a.DecidedOn
	} else {
		out.OfficerDecision, out.OfficerDecisionDate = a.Decision, a.DecidedOn
	}
	for _, d := range c.Documents {
		if d.Type == decisionNotice && out.DecisionNotice == nil {
			out.DecisionNotice = &ODPLink{o.address(d)}
		}
	}
	if out == (ODPAssessment{}) {
		return nil
	}
	return &out
}

func appealOf(c consult.ExchangeCase) *ODPAppeal {
	p := c.Consultation.Application.Appeal
	if s := c.Consultation.State; p == (consult.Appeal{}) && s != consult.Appealed && s != consult.AppealDecided {
		return nil
	}
	return &ODPAppeal{Reason: whyOf(c, consult.Appealed), LodgedDate: p.LodgedOn, DecisionDate: p.DecidedOn, Decision: p.Decision}
}

// The types of documents that only this program's importers give; ODP has members or no word for them.
const (
	decisionNotice  = "decisionNotice"
	section106      = "section106"
	applicationForm = "applicationForm"
)

// address is where a document can be read.
func (o ODP) address(d consult.Document) string {
	if d.URL != "" {
		return d.URL
	}
	return o.Site + "/documents/" + d.ID.String()
}

// mediaTypes are those of documents in planning registers, by the ending of their names.
var mediaTypes = map[string]string{".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".txt": "text/plain",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".html": "text/html", ".htm": "text/html"}

func (o ODP) files(c consult.ExchangeCase, out *ODPApplication) {
	a, noticed := c.Consultation.Application, false
	for i, d := range c.Documents {
		if d.Type == decisionNotice && !noticed {
			noticed = true
			continue // it stands in the assessment
		}
		f := ODPFile{ID: i + 1, Name: d.Name, Association: "application", Version: d.Version, Type: []string{d.Type}, RedactedURL: o.address(d)}
		if d.Type == "" || d.Type == section106 || d.Type == applicationForm || d.Type == decisionNotice {
			f.Type = []string{"otherDocument"}
		}
		m := &f.Metadata
		if m.MimeType = mediaTypes[strings.ToLower(path.Ext(d.URL))]; m.MimeType == "" {
			m.MimeType = "application/octet-stream"
		}
		if d.URL == "" {
			m.MimeType, m.Size.Bytes = "text/plain", len(d.Text)
		}
		on := a.ReceivedOn
		for _, v := range c.Versions {
			if v.Number == d.Version && v.ReceivedOn != "" {
				on = v.ReceivedOn
			}
		}
		m.CreatedAt, m.SubmittedAt = midday(on), midday(on)
		m.PublishedAt = midday(max(on, a.PublishedOn, a.ValidatedOn))
		if m.PublishedAt == "" { // published on a day nobody told
			m.PublishedAt = c.Consultation.CreatedAt.UTC().Format(odpTime)
		}
		out.Files = append(out.Files, f)
	}
}

func propertyOf(c consult.ExchangeCase) (p ODPProperty, err error) {
	k := c.Consultation
	at := &p.Address
	at.SingleLine, at.UPRN, at.Postcode = k.Address, k.Application.UPRN, k.Postcode
	at.Title, _, _ = strings.Cut(k.Address, ",")
	p.Ward = c.WardName
	if k.HasPlace {
		at.Latitude, at.Longitude = &k.Place.Lat, &k.Place.Lon
		if x, y, err := geo.ToNationalGrid(k.Place); err == nil {
			x, y = metres(x), metres(y)
			at.X, at.Y = &x, &y
		}
	}
	boundary := c.Current().Boundary
	if len(boundary) == 0 {
		return p, nil
	}
	shape, err := geo.ParseGeoJSON(boundary, geo.DefaultLimits())
	if err != nil {
		return p, fmt.Errorf("boundary of %s: %w", k.ID, err)
	}
	p.Boundary = new(struct {
		Site ODPFeature `json:"site"`
		Area struct {
			Hectares     float64 `json:"hectares"`
			SquareMetres float64 `json:"squareMetres"`
		} `json:"area"`
	})
	p.Boundary.Site = ODPFeature{Type: "Feature", Geometry: boundary}
	area := metres(shape.AreaSquareMetres())
	p.Boundary.Area.SquareMetres, p.Boundary.Area.Hectares = area, area/10_000
	return p, nil
}

func metres(v float64) float64 { return float64(int64(v*100+0.5)) / 100 }

// Cases streams public consultations, as consult.Service.EachExchange does. It can be asked again.
type Cases func(each func(consult.ExchangeCase) error) error

// CommentsOf streams the published comments of one consultation, oldest first.
type CommentsOf func(id consult.ID, each func(consult.Comment) error) error

// WriteAll writes every planning application with its published comments as one answer of a register's API, an application a line.
func (o ODP) WriteAll(w io.Writer, cases Cases, comments CommentsOf) error {
	out := bufio.NewWriter(w)
	between, n := `{"data":[`+"\n", 0
	err := cases(func(c consult.ExchangeCase) error {
		if !c.Consultation.Kind.Planning() {
			return nil
		}
		a, err := o.Application(c)
		if err != nil {
			return err
		}
		if a.Comments, err = o.commentsOf(c, comments); err != nil {
			return err
		}
		line, err := json.Marshal(a)
		if err != nil {
			return err
		}
		_, err = out.WriteString(between + string(line))
		between = ",\n"
		n++
		return err
	})
	if err != nil {
		return err
	}
	if n == 0 {
		between = `{"data":[`
	} else {
		between = ""
	}
	tail, err := json.Marshal(ODPFound(nil, &ODPPagination{ResultsPerPage: n, CurrentPage: 1, TotalPages: 1, TotalResults: n, TotalAvailable: n}))
	if err != nil {
		return err
	}
	if _, err := out.WriteString(between + "\n]," + strings.TrimPrefix(string(tail), `{"data":null,`) + "\n"); err != nil {
		return err
	}
	return out.Flush()
}

func (o ODP) commentsOf(c consult.ExchangeCase, comments CommentsOf) (*ODPComments, error) {
	out := ODPComments{Public: &ODPPublicComments{Summary: SummaryOf(c.Tally), Comments: []ODPComment{}}}
	err := comments(c.Consultation.ID, func(k consult.Comment) error {
		out.Public.Comments = append(out.Public.Comments, o.Comment(k))
		return nil
	})
	return &out, err
}
