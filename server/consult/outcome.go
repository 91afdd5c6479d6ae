package consult

import "time"

// Effect is what a topic's comments did to the proposal.
type Effect string

// Effects lists them in the order they are offered.
func Effects() []Effect {
	return []Effect{Changed, Conditioned, NotChanged, OutsidePlanning}
}

// EffectsOf lists those that a kind of consultation knows: conditions and what planning may not decide are planning's.
func EffectsOf(k ConsultationKind) []Effect {
	if k.Planning() {
		return Effects()
	}
	return []Effect{Changed, NotChanged}
}

// The effects.
const (
	Changed         Effect = "changed"          // the drawing changed
	Conditioned     Effect = "conditioned"      // a condition of the permission
	NotChanged      Effect = "not-changed"      // needs its reason
	OutsidePlanning Effect = "outside-planning" // planning cannot decide about it; needs its reason
)

// MaxOutcome is the limit of each of an outcome's texts, in characters.
const MaxOutcome = 2000

// Outcome is "we asked, you said, we did" for one topic.
type Outcome struct {
	Consultation ID
	Topic        Topic
	YouSaid      string
	WeDid        string // for not-changed and outside-planning: the reason
	Effect       Effect
	Version      int       // the proposal version it led to; 0 = none
	Condition    ID        // the condition or reason for refusal it led to; 0 = none
	Printed      Printed   // filled by readers: how that condition is printed
	Reference    string    // what else it refers to, in words, e.g. "Drawing 14 B"
	PublishedAt  time.Time // zero = a draft
	UpdatedAt    time.Time
}
