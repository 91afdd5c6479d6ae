package ingest

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// bopsApplication is what we read of an application in BOPS' API v2 (search, show) and in the flat shape of the Digital Planning Register,
// which follows it. The officer is not named on purpose.
type bopsApplication struct {
	odpSite
	ApplicationType coded `json:"applicationType"` // the register's
	Application     struct {
		Type              coded  `json:"type"`
		Reference         string `json:"reference"`
		FullReference     string `json:"fullReference"`
		TargetDate        string `json:"targetDate"`
		ExpiryDate        string `json:"expiryDate"`
		ReceivedAt        string `json:"receivedAt"`
		ReceivedDate      string `json:"receivedDate"`
		ValidAt           string `json:"validAt"`
		ValidDate         string `json:"validDate"`
		PublishedAt       string `json:"publishedAt"`
		PublishedAtToo    string `json:"published_at"`
		PublishedDate     string `json:"publishedDate"`
		DeterminedAt      string `json:"determinedAt"`
		DeterminedDate    string `json:"determinedDate"`
		DeterminationDate string `json:"determinationDate"`
		Decision          string `json:"decision"`
		Status            string `json:"status"`
		Consultation      *struct {
			StartDate         string            `json:"startDate"`
			EndDate           string            `json:"endDate"`
			PublicURL         string            `json:"publicUrl"`
			PublishedComments []saidComment     `json:"publishedComments"`
			ConsulteeComments []json.RawMessage `json:"consulteeComments"`
		} `json:"consultation"`
	} `json:"application"`
	Data struct {
		Appeal *odpAppeal `json:"appeal"`
	} `json:"data"`
}

// prefixed finds the authority's code in a full reference: "SWK-25-00240-PA1A" is 25-00240-PA1A of local-authority:SWK.
var prefixed = regexp.MustCompile(`^([A-Z]{3})-(.+)$`)

// readBOPS reads one application. BOPS does not say whose it is but in the full reference, where the operator has not said it.
func readBOPS(text []byte, out *record, authority string, day func(time.Time) consult.Date) *refusal {
	out.Source = "bops"
	var in bopsApplication
	if err := json.Unmarshal(text, &in); err != nil {
		return jsonRefusal(text, err)
	}
	a := &in.Application
	out.Reference = line(a.Reference)
	if out.Reference == "" || consult.Length(out.Reference) > maxReference {
		return &refusal{path: out.within("application.reference"), reason: "the reference is missing or too long"}
	}
	out.Authority = authority
	if m := prefixed.FindStringSubmatch(a.FullReference); authority == "" && m != nil && m[2] == out.Reference {
		out.Authority = "local-authority:" + m[1]
	}
	if out.Authority == "" {
		return &refusal{path: out.within("application.fullReference"), reason: "it does not say whose application it is; give --of"}
	}
	b := bopsReader{&in, odpReader{out: out, day: day}}
	b.site(in.odpSite)
	b.dates()
	b.status()
	b.comments()
	return nil
}

// bopsReader turns one application into one record, with what it has in common with Open Digital Planning.
type bopsReader struct {
	from *bopsApplication
	odpReader
}

func (b *bopsReader) dates() {
	r, a := b.out, &b.from.Application
	r.Type = line(orElse(string(a.Type), string(b.from.ApplicationType)))
	r.Scale = scaleOf(r.Type)
	r.Received = b.date("application.receivedAt", orElse(a.ReceivedAt, a.ReceivedDate))
	r.Validated = b.date("application.validAt", orElse(a.ValidAt, a.ValidDate))
	r.Published = b.date("application.publishedAt", orElse(a.PublishedAt, orElse(a.PublishedAtToo, a.PublishedDate)))
	r.Due = b.date("application.expiryDate", orElse(a.ExpiryDate, a.TargetDate))
	r.Decided = b.date("application.determinedAt", orElse(a.DeterminedAt, a.DeterminedDate))
	if r.Decided == "" && a.Decision != "" { // without a decision it is the day on which one is hoped for
		r.Decided = b.date("application.determinationDate", a.DeterminationDate)
	}
	if c := a.Consultation; c != nil {
		if address, ok := webAddress(c.PublicURL); ok {
			r.RegisterURL = address
		}
		p := period{b.date("application.consultation.startDate", c.StartDate), b.date("application.consultation.endDate", c.EndDate)}
		switch {
		case p.Opens == "" && p.Closes == "":
		case p.Opens == "" || p.Closes == "" || p.Closes < p.Opens:
			r.warn("application.consultation", "the consultation has no start, no end or ends before it starts; taken without it")
		default:
			r.Rounds = []period{p}
		}
	}
	if r.Validated != "" && r.Published == "" && len(r.Rounds) == 0 {
		r.HeldBack = true
		r.warn("application.publishedAt", "valid, but not published by the authority: not public here either")
	}
}

// bopsStates are the words for an application's status that tell something its dates do not; case, blanks and underscores are free.
var bopsStates = map[string]struct {
	status status
	appeal string
	hidden bool // not public in BOPS either
}{
	"withdrawn": {status: statusWithdrawn}, "determined": {status: statusDecided},
	"pending": {hidden: true}, "notstarted": {hidden: true}, "closed": {hidden: true},
	"appeallodged": {status: statusAppealed}, "appealvalid": {status: statusAppealed}, "appealvalidated": {status: statusAppealed},
	"appealstarted": {status: statusAppealed}, "appealdetermined": {status: statusAppealDecided},
	"appealallowed": {statusAppealDecided, "allowed", false}, "appealdismissed": {statusAppealDecided, "dismissed", false},
	"appealsplitdecision": {statusAppealDecided, "splitDecision", false}, "appealwithdrawn": {statusAppealDecided, "withdrawn", false},
}

// status reads decision, appeal and where it stands.
func (b *bopsReader) status() {
	r, a := b.out, &b.from.Application
	if a.Decision != "" {
		if a.Decision == "granted" || a.Decision == "refused" {
			r.Decision = a.Decision
		} else {
			r.warn("application.decision", "not a decision: "+quoted(a.Decision))
		}
	}
	b.appeal(b.from.Data.Appeal)
	key := fold(a.Status)
	if slices.Contains([]string{"returned", "invalid", "invalidated"}, key) {
		r.Invalid = true
	}
	s := bopsStates[key]
	if s.hidden {
		r.HeldBack = true
	}
	if s.status != statusNone {
		r.Status = s.status
	}
	r.AppealDecision = orElse(r.AppealDecision, s.appeal)
}

// comments takes the published ones that show brings along.
func (b *bopsReader) comments() {
	r, c := b.out, b.from.Application.Consultation
	if c == nil {
		return
	}
	for i := range c.PublishedComments { // a register leaves the id out
		if p := &c.PublishedComments[i]; p.ID == "" && len(p.Comment) > 0 {
			p.ID = loose(saidOnce(orElse(p.ReceivedAt, p.ReceivedDate), p.Sentiment, p.Comment[0].Text))
		}
	}
	r.comments = readSaid(c.PublishedComments, r.within("application.consultation.publishedComments"), func(p Problem) {
		r.file.Comments.Skipped++
		p.Severity = Error
		r.file.add(p)
	})
	if n := len(c.ConsulteeComments); n > 0 {
		r.warn("application.consultation.consulteeComments", "not taken: "+counted(n, "specialist response")+"; what consultees answered is asked for here")
	}
}

// bopsRequest is one row of BOPS' validation_requests: the authority asked the applicant to change something.
type bopsRequest struct {
	PlanningApplication struct {
		Reference string `json:"reference"`
	} `json:"planning_application"`
	Type           string `json:"type"`
	State          string `json:"state"`
	PostValidation bool   `json:"post_validation"`
	CreatedAt      string `json:"created_at"`
	ClosedAt       string `json:"closed_at"`
	Approved       *bool  `json:"approved"`
	Reason         string `json:"reason"`
	Specific       struct {
		PreviousDescription string          `json:"previous_description"`
		ProposedDescription string          `json:"proposed_description"`
		OriginalGeoJSON     json.RawMessage `json:"original_geojson"`
		NewGeoJSON          json.RawMessage `json:"new_geojson"`
	} `json:"specific_attributes"`
}

// amendment makes a change of the proposal of a request; why says what keeps it from being one.
func (q *bopsRequest) amendment(day func(time.Time) consult.Date) (a amendment, why string) {
	if !q.PostValidation {
		return a, "made before the application was valid: it is in the application already"
	}
	if q.Approved == nil || !*q.Approved {
		return a, "not approved by the applicant"
	}
	a = amendment{Why: cut(plain(q.Reason), maxWhy)}
	a.On, _, _ = isoDate(orElse(q.ClosedAt, q.CreatedAt), firstDay, day)
	switch q.Type {
	case "DescriptionChangeValidationRequest":
		a.Previous, a.Proposed = cut(plain(q.Specific.PreviousDescription), maxDescription), cut(plain(q.Specific.ProposedDescription), maxDescription)
		if a.Proposed == "" {
			return a, "a change of the description without the new one"
		}
		a.Why = orElse(a.Why, a.Proposed)
	case "RedLineBoundaryChangeValidationRequest":
		g, err := siteShape(q.Specific.NewGeoJSON)
		if err != nil {
			return a, "a boundary that cannot be read: " + geoReason(err)
		}
		a.Boundary = g.GeoJSON()
		if g, err := siteShape(q.Specific.OriginalGeoJSON); err == nil {
			a.Original = g.GeoJSON()
		}
	default:
		return a, "a change that the application's own file shows: " + quoted(strings.TrimSuffix(q.Type, "ValidationRequest"))
	}
	return a, ""
}
