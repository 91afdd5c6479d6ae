package ingest

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// record is one application as a file tells it, in our words and not yet a case. Everything in it that came from the file takes
// part in its hash; nothing that depends on the day of the import does.
type record struct {
	Source      string // "odp", "pads", "lga", "bops" or "citizen-space"
	Authority   string // "local-authority:LBH"
	Reference   string
	Type        string // ODP application type
	Description string
	Name        string // what the file calls it, where it gives no description
	Scale       string
	Address     string
	Postcode    string
	UPRN        string
	RegisterURL string
	Place       geo.Point
	HasPlace    bool
	Ward        string
	Boundary    json.RawMessage

	Received, Validated, Published  consult.Date
	Invalid                         bool // the check failed, or it was returned
	HeldBack                        bool // valid, but the authority has not published it
	Rounds                          []period
	Due                             consult.Date
	Committee                       consult.Date
	CalledIn                        consult.Date
	Decided                         consult.Date
	Decision, DecidedBy             string
	Appealed, AppealDecided         consult.Date
	Withdrawn                       consult.Date
	Status                          status // the file's own word where dates are missing
	WithdrawnReason, AppealedReason string

	Documents []document
	Applicant string // contact data as JSON, kept apart

	// What only some vocabularies have; left out of the hash where there is none, so that records of the others keep theirs.
	Kind           consult.ConsultationKind `json:",omitempty"` // "" = a planning application
	Title          string                   `json:",omitempty"` // where the file gives one
	Question       string                   `json:",omitempty"` // what is asked in the rounds
	Service        string                   `json:",omitempty"` // who answers
	AppealDecision string                   `json:",omitempty"`
	Amendments     []amendment              `json:",omitempty"`
	Addition       *addition                `json:",omitempty"` // what an export of this program adds to the vocabulary

	comments []importedComment // have fingerprints of their own

	file  *FileReport
	row   int
	path  string    // where the record stands in a JSON file of several
	asOf  time.Time // when the file says it was made; zero = unknown
	today consult.Date
}

// status is what a file says of an application without saying when.
type status string

const (
	statusNone          status = ""
	statusDecided       status = "decided"
	statusWithdrawn     status = "withdrawn"
	statusAppealed      status = "appealed"
	statusAppealDecided status = "appeal-decided"
)

// period is one round of consultation.
type period struct{ Opens, Closes consult.Date }

// document is a document as a file names it.
type document struct {
	Name, Type, URL string
	Status          consult.DocumentStatus
	Version         int `json:",omitempty"` // of the proposal; 0 = the first
}

// problem begins a line of the report about this record.
func (r *record) problem(field, reason string) Problem {
	return Problem{Row: r.row, Path: r.path, Field: field, Reason: reason}
}

func (r *record) warn(field, reason string) { r.file.warn(r.problem(field, reason)) }

// hash is the fingerprint of the record.
func (r *record) hash() string {
	raw, err := json.Marshal(r)
	if err != nil {
		panic("a record that JSON cannot carry: " + err.Error())
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// public tells whether the application ever reached the public register, as far as the file says.
func (r *record) public() bool {
	return !r.HeldBack && (r.Validated != "" || r.Published != "" || len(r.Rounds) > 0) || r.Decided != "" || r.Decision != "" || r.Committee != ""
}

// state is where the application stands on the day, read from its dates: a register's own word for the stage does not say whether
// a consultation is open. What was withdrawn or returned before it was ever public stays out of sight.
func (r *record) state() consult.State {
	read := r.stateOfDates()
	if e := r.Addition; e != nil && e.later(read) {
		return consult.State(e.State)
	}
	return read
}

func (r *record) stateOfDates() consult.State {
	switch {
	case (r.Withdrawn != "" || r.Status == statusWithdrawn) && r.public():
		return consult.Withdrawn
	case r.Withdrawn != "" || r.Status == statusWithdrawn, r.Invalid:
		return consult.NotValid
	case r.AppealDecided != "" || r.Status == statusAppealDecided:
		return consult.AppealDecided
	case r.Appealed != "" || r.Status == statusAppealed:
		return consult.Appealed
	case r.Decision != "" || r.Decided != "" || r.Status == statusDecided:
		return consult.Decided
	case r.CalledIn != "":
		return consult.CalledIn
	case r.Committee != "":
		return consult.InCommittee
	case !r.public():
		return consult.Received
	}
	return r.stateOfRounds()
}

func (r *record) stateOfRounds() consult.State {
	s := consult.Validated
	for i, p := range r.Rounds {
		switch {
		case p.Opens <= r.today && r.today <= p.Closes && i > 0:
			return consult.Reconsulting
		case p.Opens <= r.today && r.today <= p.Closes:
			return consult.Consulting
		case p.Closes < r.today:
			s = consult.ClosedState
		}
	}
	return s
}

// latest is the last day on which something is known to have begun or happened. Ends of consultations are left out: they are known
// in advance.
func (r *record) latest() consult.Date {
	days := []consult.Date{r.Received, r.Validated, r.Published, r.Committee, r.CalledIn, r.Decided, r.Appealed, r.AppealDecided, r.Withdrawn}
	for _, p := range r.Rounds {
		days = append(days, p.Opens)
	}
	return slices.Max(days)
}

// newer tells whether r knows more recently of its application than o. It depends on what the files say alone, so that the same
// files in another order give the same case.
func (r *record) newer(o *record) bool {
	if !r.asOf.Equal(o.asOf) {
		return r.asOf.After(o.asOf)
	}
	if a, b := r.latest(), o.latest(); a != b {
		return a > b
	}
	return r.hash() > o.hash()
}

// olderThan tells whether the site is further on than the record.
func (r *record) olderThan(v consult.CaseView) bool {
	a, mine := v.Consultation.Application, r.state()
	if mine == v.Consultation.State {
		return false
	}
	known := max(a.ReceivedOn, a.ValidatedOn, a.PublishedOn, a.DecidedOn, a.WithdrawnOn)
	for _, round := range v.Rounds {
		known = max(known, round.Opens)
	}
	order := consult.States()
	earlier := slices.Index(order, mine) < slices.Index(order, v.Consultation.State)
	return v.Consultation.State.Settled() && !mine.Settled() || r.latest() < known || earlier && r.latest() <= known
}

// toCase makes the case that consult.Take saves.
func (r *record) toCase(zone *time.Location) consult.Case {
	state := r.state()
	k := consult.Consultation{
		Kind: cmp.Or(r.Kind, consult.PlanningApplication), Title: cmp.Or(r.Title, titleOf(r.Description, orElse(r.Name, r.Reference))),
		Summary: r.Description, State: state, Address: r.Address, Postcode: r.Postcode, WardCode: r.Ward, Place: r.Place,
		HasPlace: r.HasPlace, Service: r.Service, Version: 1,
		Application: consult.Application{
			Authority: r.Authority, Reference: r.Reference, Type: r.Type, Description: r.Description, Scale: r.Scale, UPRN: r.UPRN,
			ReceivedOn: r.Received, ValidatedOn: r.Validated, PublishedOn: r.Published, DecisionDue: r.Due,
			Decision: r.Decision, DecidedOn: r.Decided, DecidedBy: r.DecidedBy, WithdrawnOn: r.Withdrawn, CommitteeOn: r.Committee,
			Appeal:      consult.Appeal{LodgedOn: r.Appealed, Decision: r.AppealDecision, DecidedOn: r.AppealDecided},
			RegisterURL: r.RegisterURL, Source: r.Source, SourceHash: r.hash(),
		},
	}
	if k.Service == "" && k.Kind.Planning() {
		k.Service = "Planning"
	}
	c := consult.Case{Consultation: k, Applicant: r.Applicant, History: r.history(state, zone)}
	c.Versions = r.versions()
	c.Consultation.Version = len(c.Versions)
	for i, p := range r.Rounds {
		kind := consult.InitialRound
		if i > 0 {
			kind = consult.AmendmentRound
		}
		c.Rounds = append(c.Rounds, consult.Round{Number: i + 1, Kind: kind, Opens: p.Opens, Closes: p.Closes, Question: r.Question, Version: 1})
	}
	for _, d := range r.Documents {
		c.Documents = append(c.Documents, consult.Document{Version: max(d.Version, 1), Name: d.Name, Type: d.Type, URL: d.URL, Status: d.Status})
	}
	if r.Addition != nil {
		r.Addition.extend(&c, zone)
	}
	return c
}

// history lists the dated moves that led to the state, none of them in the future.
func (r *record) history(state consult.State, zone *time.Location) []consult.StateEvent {
	type step struct {
		on  consult.Date
		to  consult.State
		why string
	}
	steps := []step{{r.Received, consult.Received, ""}, {r.Validated, consult.Validated, ""}}
	for i, p := range r.Rounds {
		to := consult.Consulting
		if i > 0 {
			to = consult.Reconsulting
		}
		steps = append(steps, step{p.Opens, to, ""}, step{p.Closes.Add(1), consult.ClosedState, ""})
	}
	steps = append(steps, step{r.Committee, consult.InCommittee, ""}, step{r.CalledIn, consult.CalledIn, ""},
		step{r.Decided, consult.Decided, ""}, step{r.Appealed, consult.Appealed, r.AppealedReason},
		step{r.AppealDecided, consult.AppealDecided, ""}, step{r.Withdrawn, consult.Withdrawn, r.WithdrawnReason})
	steps = slices.DeleteFunc(steps, func(s step) bool { return s.on == "" || s.on > r.today })
	slices.SortStableFunc(steps, func(a, b step) int { return strings.Compare(string(a.on), string(b.on)) })
	var events []consult.StateEvent
	from := consult.State("")
	for _, s := range steps {
		if s.to == from {
			continue
		}
		t := s.on.Time()
		at := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone)
		events = append(events, consult.StateEvent{From: from, To: s.to, At: at, Why: s.why})
		if from = s.to; from == state && state.Settled() {
			break // registers also note days after it, such as the end of a consultation that had become pointless
		}
	}
	return events
}

func orElse(s, otherwise string) string {
	if s != "" {
		return s
	}
	return otherwise
}
