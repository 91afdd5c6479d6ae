package consult

import (
	"encoding/json"
	"time"

	"github.com/yousaid/yousaid/geo"
)

// ConsultationKind is what sort of matter the authority asks about.
type ConsultationKind string

// PlanningApplication is the first kind.
const PlanningApplication ConsultationKind = "planning-application"

// Influence says, before anybody comments, what a comment can still change.
type Influence struct {
	Fixed   string `json:"fixed"`   // what is settled and by what
	Open    string `json:"open"`    // what can still change
	Decider string `json:"decider"` // who decides
	When    string `json:"when"`    // when, in words
	Rules   string `json:"rules"`   // by which rules: policies, plans and law that count
}

// The longest texts an officer can give a case, in characters.
const (
	MaxInfluence    = 2_000 // of one part of the statement
	MaxDocumentName = 200
	MaxDocument     = 50_000
)

// Complete tells whether every part is said. Without it a round does not open: nobody is asked what nothing can come of.
func (i Influence) Complete() bool {
	return !Blank(i.Fixed) && !Blank(i.Open) && !Blank(i.Decider) && !Blank(i.When) && !Blank(i.Rules)
}

// Consultation is a matter the authority asks about.
type Consultation struct {
	ID          ID
	Kind        ConsultationKind
	Title       string // what is proposed, in one plain line
	Summary     string // what is proposed, in plain words
	State       State
	Influence   Influence
	Address     string
	Postcode    string // normalised, "B9 5AA"; "" = unknown
	WardCode    string // GSS code; "" = outside every known ward
	Place       geo.Point
	HasPlace    bool
	Service     string // who answers, e.g. "Planning"
	PromiseDays int    // working days within which an answer is promised; 0 = the default of DefaultPromiseDays
	Demo        bool   // invented for the demonstration; pages say so
	Version     int    // number of the current proposal version
	CreatedAt   time.Time
	UpdatedAt   time.Time
	Application Application
}

// DefaultPromiseDays is the promise where a consultation names none.
const DefaultPromiseDays = 5

// Promise is the consultation's promise in working days.
func (c Consultation) Promise() int {
	if c.PromiseDays > 0 {
		return c.PromiseDays
	}
	return DefaultPromiseDays
}

// Application is the planning record behind a consultation; field names follow Open Digital Planning and MHCLG's PADS.
type Application struct {
	Authority   string // "local-authority:BIR"
	Reference   string // unique within the authority
	Type        string // ODP application type, e.g. "pp.full.major"
	Description string // the formal description
	Scale       string // "major", "minor" or ""
	UPRN        string
	ReceivedOn  Date
	ValidatedOn Date
	PublishedOn Date
	DecisionDue Date
	Decision    string // "granted", "refused" or ""
	DecidedOn   Date
	DecidedBy   string // PADS decision-maker: planning-officer, committee, …
	WithdrawnOn Date
	EIA         bool // with an environmental statement: longer periods, holidays counted
	CommitteeOn Date // when a committee looks at it; "" = not sent to one
	Appeal      Appeal
	RegisterURL string // the authority's own register
	Source      string // which import brought it: "demo", "odp", "pads", "lga", …
	SourceHash  string // hash of the imported record, so that importing twice changes nothing
}

// ApplicationKind is a kind of application that a resident can tell apart: its name in the catalogue and the beginning of its ODP types.
type ApplicationKind struct{ Name, Prefix string }

// ApplicationKinds lists them in the order they are offered.
func ApplicationKinds() []ApplicationKind {
	return []ApplicationKind{{"householder", "pp.full.householder"}, {"major", "pp.full.major"}, {"minor", "pp.full.minor"},
		{"outline", "pp.outline"}, {"prior", "pa"}, {"listed", "listed"}, {"trees", "wtt"}, {"advert", "advertConsent"}, {"conditions", "approval"}}
}

// RoundKind says why a round was opened.
type RoundKind string

// The kinds of round.
const (
	InitialRound   RoundKind = "initial"
	AmendmentRound RoundKind = "amendment"
	FurtherRound   RoundKind = "additional-information" // further information to an environmental statement
	ReadvertRound  RoundKind = "readvertisement"        // publicity done again because the first was wrong
)

// RoundKinds lists them in the order they are offered.
func RoundKinds() []RoundKind {
	return []RoundKind{InitialRound, AmendmentRound, FurtherRound, ReadvertRound}
}

// Round is one period of consultation, from the first moment of Opens to the last of Closes in the authority's zone.
type Round struct {
	ID           ID
	Consultation ID
	Number       int
	Kind         RoundKind
	Opens        Date
	Closes       Date
	Question     string // what is asked
	Version      int    // the proposal version people were shown
	Form         int    // the form's version that is asked; 0 = none, as in planning
}

// OpenOn tells whether comments are in time on the day.
func (r Round) OpenOn(day Date) bool { return r.Opens <= day && day <= r.Closes }

// ProposalVersion is what is proposed, numbered from 1.
type ProposalVersion struct {
	Consultation ID
	Number       int
	Summary      string          // plain words; for later versions, what changed
	Description  string          // the formal description
	Boundary     json.RawMessage // GeoJSON geometry of the site, nil = unknown
	Massing      json.RawMessage // GeoJSON FeatureCollection of polygons with base and height in metres, nil = none
	ReceivedOn   Date
}

// DocumentStatus is MHCLG's public-register-status.
type DocumentStatus string

// The publication gate of a document.
const (
	PublishDocument  DocumentStatus = "publish"
	WithholdDocument DocumentStatus = "withhold"
	NotAssessed      DocumentStatus = "not-assessed"
)

// Document is one file or text of a proposal version. It is either a link (URL) or a text kept here (Text).
type Document struct {
	ID           ID
	Consultation ID
	Version      int
	Name         string
	Type         string // ODP file type, e.g. "sitePlan.proposed"
	URL          string
	Text         string // plain text with blank lines between paragraphs
	Replaces     ID     // the superseded document, 0 = none
	Status       DocumentStatus
}

// StateEvent is one move of the state machine: who, when, why.
type StateEvent struct {
	Consultation ID
	From, To     State
	At           time.Time
	On           Date // the day of At in the authority's zone
	Why          string
	By           string // service and role of who moved it, as the public is told; "" = the program itself
	Ruling       Ruling // of a move to decided or appeal-decided; kept with the application
	CommitteeOn  Date   // of a move to in-committee
}

// Ruling is the decision on an application.
type Ruling struct {
	Decision string // one of Decisions, for an appeal of AppealDecisions; "" = the move decides nothing
	By       string // one of DecisionMakers
	On       Date
}

// Decisions are those of an English planning authority (ODP AssessmentDecision).
func Decisions() []string { return []string{"granted", "refused"} }

// Appeal is what became of an appeal against the decision, or against there being none.
type Appeal struct {
	LodgedOn  Date // "" = no appeal
	Decision  string
	DecidedOn Date
}

// AppealDecisions are those of the Planning Inspectorate (ODP AppealDecision).
func AppealDecisions() []string {
	return []string{"allowed", "dismissed", "splitDecision", "withdrawn"}
}

// DecisionMakers are MHCLG's decision-maker codelist.
func DecisionMakers() []string {
	return []string{"planning-officer", "committee", "secretary-of-state", "pins", "mayor"}
}

// Area is a ward or other boundary.
type Area struct {
	Code     string // GSS code, e.g. "E05011127"
	Kind     string // "ward"
	Name     string
	Geometry json.RawMessage // GeoJSON
	Source   string
	Hash     string
}

// Postcode is where a unit postcode lies (Code-Point Open or ONSPD, imported; the demo brings invented ones).
type Postcode struct {
	Code  string // normalised, "B9 5AA"
	Place geo.Point
}

// Tally counts published and received comments of a consultation; what is public about how many have spoken.
type Tally struct {
	Comments  int            // received and not withdrawn
	Published int            // readable
	Stances   map[Stance]int // of the published ones
	Topics    map[Topic]int  // of the published ones
	Messages  int            // visible messages of residents in threads
	Answers   int            // visible official messages
}

// Filter narrows the list of consultations. The zero Filter lists everything public, newest first.
type Filter struct {
	Words    string    // every word must occur in title, description, address or reference
	Postcode string    // normalised or partial
	Ward     string    // GSS code
	States   []State   // any of
	Kind     string    // application type prefix, e.g. "pp.full"
	Near     geo.Point // with Radius > 0: nearest first
	Radius   float64   // metres, at most 20,000
	OpenOn   Date      // only those with a round open on the day
	// Reference is the application's, whole; Kinds are any of.
	Reference string
	Kinds     []ConsultationKind
	Offset    int
	Limit     int // 0 = 20; at most 100
}

// Card is one line of the list.
type Card struct {
	Consultation Consultation
	Round        Round // the latest; zero = none
	Comments     int
	Answers      int
	Metres       float64 // distance from Filter.Near; 0 without
	WardName     string
}

// CardPage is one page of the list.
type CardPage struct {
	Cards  []Card
	Total  int
	Offset int
	Limit  int
}

// Window says whether a comment can be made now.
type Window struct {
	Status   WindowStatus
	Round    Round // the open, next or last round; zero = none planned
	DaysLeft int   // open: days on which one can still comment, today included
}

// WindowStatus is what the door for comments is doing.
type WindowStatus string

// The states of the window.
const (
	WindowNotYet WindowStatus = "not-yet" // no round has opened
	WindowOpen   WindowStatus = "open"
	WindowLate   WindowStatus = "late"   // after the round, before the decision: kept and marked
	WindowClosed WindowStatus = "closed" // nothing can change any more
)

// WindowOf finds the window of a consultation on a day. A change of the proposal does not shorten a round that runs; where two run,
// one speaks in the later. Comments after a round and before the decision are still considered, as English authorities usually do,
// and marked late.
func WindowOf(state State, rounds []Round, today Date) Window {
	var last, open Round
	for _, r := range rounds {
		if r.OpenOn(today) {
			open = r
		}
		if last.Number == 0 || r.Opens <= today {
			last = r
		}
	}
	switch {
	case open.Number > 0 && (state == Consulting || state == Reconsulting || state == Amended):
		return Window{Status: WindowOpen, Round: open, DaysLeft: today.Until(open.Closes) + 1}
	case state.Settled() || !state.Public():
		return Window{Status: WindowClosed, Round: last}
	case last.Number == 0 || last.Opens > today:
		return Window{Status: WindowNotYet, Round: last}
	default:
		return Window{Status: WindowLate, Round: last}
	}
}
