package consult

import "slices"

// The kinds of consultation beside planning applications (R29). They have no planning record, but their own questions (Form); the
// cycle is the same without the stations that only planning law knows.
const (
	PublicHealth ConsultationKind = "public-health"
	Policy       ConsultationKind = "policy"
	Research     ConsultationKind = "research"
	OtherMatter  ConsultationKind = "other" // what an import brings and does not say more about
)

// ConsultationKinds lists every kind in the order they are offered.
func ConsultationKinds() []ConsultationKind {
	return []ConsultationKind{PlanningApplication, PublicHealth, Policy, Research, OtherMatter}
}

// OwnKinds lists the kinds that an officer may begin here. Planning applications come from the register, by import.
func OwnKinds() []ConsultationKind { return []ConsultationKind{PublicHealth, Policy, Research} }

// Planning tells whether a planning record stands behind the consultation and planning law holds its cycle.
func (k ConsultationKind) Planning() bool { return k == PlanningApplication || k == "" }

// otherMoves is the cycle of a matter that planning law does not rule: announced, asked, weighed, decided, with no committee, call-in or
// appeal. What makes asking fair (influence, documents, nothing decided while people are asked) holds for it too: Standing.Refuse.
var otherMoves = map[State][]State{
	Received:     {Validated, Withdrawn},
	Validated:    {Consulting, Withdrawn},
	Consulting:   {ClosedState, Amended, Withdrawn},
	ClosedState:  {Amended, Assessed, Withdrawn},
	Amended:      {Reconsulting, ClosedState, Withdrawn},
	Reconsulting: {ClosedState, Amended, Withdrawn},
	Assessed:     {Decided, Amended, Withdrawn},
	Decided:      {Archived},
	Withdrawn:    {Archived},
}

// NextStates lists the states a consultation of a kind may move to from s.
func NextStates(k ConsultationKind, s State) []State {
	if k.Planning() {
		return legalMoves[s]
	}
	return otherMoves[s]
}

// StatesOf lists the states a consultation of a kind can be in, in the order of a usual case.
func StatesOf(k ConsultationKind) []State {
	return slices.DeleteFunc(States(), func(s State) bool {
		return !k.Planning() && (s == NotValid || s == InCommittee || s == Appealed || s == AppealDecided || s == CalledIn)
	})
}

// legal tells whether the kind's state machine knows the move. Whether it may be made now is for Standing.Refuse to say.
func legal(k ConsultationKind, from, to State) bool { return slices.Contains(NextStates(k, from), to) }
