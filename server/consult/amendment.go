package consult

import (
	"context"
	"slices"
	"time"
)

// Factor is something that weighed when it was decided whether to consult again.
type Factor string

// The factors of the Planning Practice Guidance on consultation after an application was amended.
const (
	ObjectionsSubstantial Factor = "objections-substantial" // earlier objections are enough to justify further publicity
	ChangeSignificant     Factor = "change-significant"
	ChangeMinor           Factor = "change-minor"
	NewlyAffected         Factor = "newly-affected"  // of concern to people who were not told before
	AlreadyCovered        Factor = "already-covered" // earlier comments speak of what changed
)

// Factors lists them in the order they are offered.
func Factors() []Factor {
	return []Factor{ObjectionsSubstantial, ChangeSignificant, ChangeMinor, NewlyAffected, AlreadyCovered}
}

// Reconsultation is the decision whether people are asked again about an amendment. Everybody may read it.
type Reconsultation struct {
	Required bool
	Why      string
	Factors  []Factor
	Topics   []Topic // those the change touches: who spoke on them is asked again
	Days     int     // for how many days, with Required
	At       time.Time
	By       string // service and role of who decided, as the public is told
}

// Made tells whether it has been decided.
func (r Reconsultation) Made() bool { return !r.At.IsZero() }

// Amendment is a new version of a proposal with the decision whether to consult again. What it changed stands in the version and its
// documents.
type Amendment struct {
	Consultation ID
	Version      int
	RecordedAt   time.Time
	By           string // service and role of who received it
	Decision     Reconsultation
}

// Limits of an amendment's texts, in characters, and of the days people are asked for.
const (
	MaxChangeSummary = 2000
	MaxDescription   = 8000
	MaxGeoJSON       = 100_000
	MaxAgainDays     = 90
)

// AmendmentInput is a finished form with which an officer receives an amendment. What is left empty is carried over from the version
// before.
type AmendmentInput struct {
	Consultation ID
	After        int    // the version it changes: two officers cannot both receive the next one
	Summary      string // what changed, in plain words
	Description  string
	Boundary     string // GeoJSON
	Massing      string // GeoJSON
	ReceivedOn   Date
	Why          string // why it was accepted, for the public history
	Documents    []Document
}

// AmendmentStore keeps amendments and what authors said about their comments afterwards.
type AmendmentStore interface {
	// Amendments lists a consultation's amendments by version.
	Amendments(ctx context.Context, consultation ID) ([]Amendment, error)
	// ReceiveAmendment is MoveState with the version after v.Number-1, its documents and the amendment's row, all or nothing: Conflict when
	// the state is no longer e.From, or the current version is another one.
	ReceiveAmendment(ctx context.Context, e StateEvent, v ProposalVersion, documents []Document, am Amendment, ch Change) error
	// DecideAmendment keeps the decision, and moves the consultation when e is not nil. Conflict when it was decided before, or the state
	// is no longer e.From.
	DecideAmendment(ctx context.Context, am Amendment, e *StateEvent, ch Change) error
	// Stand keeps that a comment still stands in a round. Again changes nothing. Conflict when it was withdrawn or superseded.
	Stand(ctx context.Context, comment ID, round int, ch Change) error
	// WithdrawComment takes a comment out of lists, counts and publication; it is kept. Again changes nothing; Conflict when it was
	// superseded.
	WithdrawComment(ctx context.Context, comment ID, ch Change) error
}

// OfVersion finds the amendment that brought a version.
func OfVersion(all []Amendment, version int) (Amendment, bool) {
	i := slices.IndexFunc(all, func(a Amendment) bool { return a.Version == version })
	if i < 0 {
		return Amendment{}, false
	}
	return all[i], true
}

// Check names what is wrong with a decision; topics are those of the consultation (TopicsOf).
func (r Reconsultation) Check(topics []Topic) []FieldError {
	var bad check
	bad.text("why", r.Why, 2000, true)
	known := func(f Factor) bool { return slices.Contains(Factors(), f) }
	switch {
	case len(r.Factors) == 0:
		bad.add("factors", "factors_required")
	case slices.ContainsFunc(r.Factors, func(f Factor) bool { return !known(f) }):
		bad.add("factors", "choice")
	case slices.Contains(r.Factors, ChangeSignificant) && slices.Contains(r.Factors, ChangeMinor):
		bad.add("factors", "factors_contradict")
	}
	if slices.ContainsFunc(r.Topics, func(t Topic) bool { return !slices.Contains(topics, t) }) {
		bad.add("topics", "choice")
	}
	if r.Required {
		if len(r.Topics) == 0 {
			bad.add("topics", "topics_touched")
		}
		if r.Days < amendedDays || r.Days > MaxAgainDays {
			bad.add("days", "number", "low", amendedDays, "high", MaxAgainDays)
		}
	}
	return bad.fields
}

// refuseAmendment lets a case be amended by a new version only, and keeps it there until it was decided whether people are asked again.
func (s Standing) refuseAmendment(bad *check, m Move) {
	am, to := s.Amendment, m.To
	if to == Amended && m.Version == nil {
		bad.add("state", "amendment_first")
	}
	if s.Consultation.State != Amended || am == nil {
		return
	}
	switch {
	case to != Reconsulting && to != ClosedState:
	case !am.Decision.Made():
		bad.add("state", "reconsult_undecided")
	case to == ClosedState && am.Decision.Required:
		bad.add("state", "reconsult_required")
	}
}
