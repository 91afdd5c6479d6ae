package consult

import "slices"

// State is where a planning consultation stands in the statutory cycle.
type State string

// The states, in the order of a usual case.
const (
	Received      State = "received" // not public
	NotValid      State = "invalid"  // not public
	Validated     State = "validated"
	Consulting    State = "consulting"
	ClosedState   State = "closed" // the round is over; being weighed
	Amended       State = "amended"
	Reconsulting  State = "reconsulting"
	Assessed      State = "assessed"
	InCommittee   State = "in-committee"
	Decided       State = "decided"
	Appealed      State = "appealed"
	AppealDecided State = "appeal-decided"
	Withdrawn     State = "withdrawn"
	CalledIn      State = "called-in"
	Archived      State = "archived" // outcomes published, nothing left to do
)

// States lists every state in the order of a usual case.
func States() []State {
	return []State{Received, NotValid, Validated, Consulting, ClosedState, Amended, Reconsulting, Assessed, InCommittee,
		Decided, Appealed, AppealDecided, Withdrawn, CalledIn, Archived}
}

// Public tells whether residents may know of a consultation in this state.
func (s State) Public() bool { return s != "" && s != Received && s != NotValid }

// Settled tells whether nothing can change any more, so that outcomes are due.
func (s State) Settled() bool {
	return s == Decided || s == Appealed || s == AppealDecided || s == Withdrawn || s == Archived
}

// legalMoves is the state machine of the English planning process (Development Management Procedure Order 2015).
var legalMoves = map[State][]State{
	Received:     {NotValid, Validated, Withdrawn},
	NotValid:     {Validated, Withdrawn},
	Validated:    {Consulting, Assessed, Withdrawn, CalledIn},
	Consulting:   {ClosedState, Amended, Withdrawn, Appealed, CalledIn},
	ClosedState:  {Amended, Assessed, Withdrawn, Appealed, CalledIn},
	Amended:      {Reconsulting, ClosedState, Withdrawn, Appealed},
	Reconsulting: {ClosedState, Amended, Withdrawn, Appealed, CalledIn},
	Assessed:     {InCommittee, Decided, Amended, Withdrawn, Appealed, CalledIn},
	InCommittee:  {Decided, Assessed, Withdrawn, Appealed, CalledIn},
	CalledIn:     {Decided, Withdrawn},
	Decided:      {Appealed, Archived},
	Appealed:     {AppealDecided},
	// An appeal against a case that is put away already is still in time for up to six months (DMPO 2015, article 37).
	AppealDecided: {Archived},
	Withdrawn:     {Archived},
	Archived:      {Appealed},
}

// Standing is a case as the rules of a move look at it.
type Standing struct {
	Consultation Consultation
	Rounds       []Round // by number
	Publicity    []Publicity
	Documents    []Document
	Raised       map[Topic]int // comments that were not withdrawn, by topic
	Outcomes     []Outcome     // drafts too
	Amendment    *Amendment    // that of the current version; nil = none
	Today        Date
	Calendar     Calendar
	Subjects     Subjects // what its comments are about; of a matter with a form, the published versions
}

// round is the latest round, zero for none.
func (s Standing) round() Round {
	if len(s.Rounds) == 0 {
		return Round{}
	}
	return s.Rounds[len(s.Rounds)-1]
}

// roundOf is the round a move opens: the one it brings, or the one that was planned.
func (s Standing) roundOf(m Move) (Round, bool) {
	if m.Round != nil {
		return *m.Round, true
	}
	planned := s.round()
	return planned, planned.Number > 0 && planned.Closes >= s.Today
}

// Refuse names what stands against a move; nothing when it may be made.
func (s Standing) Refuse(m Move) []FieldError {
	var bad check
	from := s.Consultation.State
	if !legal(s.Consultation.Kind, from, m.To) {
		bad.add("state", "move")
		return bad.fields
	}
	s.refuseUndecided(&bad, m.To)
	switch m.To {
	case Consulting, Reconsulting:
		s.refuseOpening(&bad, m)
	case ClosedState:
		s.refuseWhileOpen(&bad, "round_open")
	case Assessed:
		if from == Validated && s.Consultation.MustConsult() {
			bad.add("state", "must_consult")
		}
		s.refuseWhileOpen(&bad, "round_open")
	case Decided:
		s.refuseWhileOpen(&bad, "decide_early")
		s.refuseRuling(&bad, m.Ruling)
	case Appealed:
		s.refuseAppeal(&bad)
	case AppealDecided:
		if !slices.Contains(AppealDecisions(), m.Ruling.Decision) {
			bad.add("appeal-decision", "required")
		}
		if _, err := ParseDate(string(m.Ruling.On)); err != nil || m.Ruling.On > s.Today {
			bad.add("decided-on", "date_past")
		}
	case InCommittee:
		if _, err := ParseDate(string(m.CommitteeOn)); err != nil {
			bad.add("committee-on", "date")
		}
	case Archived:
		s.refuseArchive(&bad)
	}
	return bad.fields
}

// refuseOpening holds a round to what makes consulting fair: people are told what can change and shown the documents (Gunning, second
// and third requirement), the publicity was done, and its period is kept (DMPO 2015, articles 15 and 33).
func (s Standing) refuseOpening(bad *check, m Move) {
	k := s.Consultation
	if !k.Influence.Complete() {
		bad.add("influence", "influence_required")
	}
	if !slices.ContainsFunc(s.Documents, func(d Document) bool { return d.Status == PublishDocument }) {
		bad.add("documents", "documents_required")
	}
	if !k.Kind.Planning() && len(s.Subjects.Forms) == 0 {
		bad.add("form", "form_required")
	}
	r, ok := s.roundOf(m)
	switch {
	case !ok:
		bad.add("closes", "required")
		return
	case r.Opens == "" || r.Closes < r.Opens:
		bad.add("closes", "closes_before_opens")
		return
	case r.Closes < s.Today:
		bad.add("closes", "closes_past")
		return
	}
	if !k.Kind.Planning() {
		return
	}
	least, err := s.Calendar.MinimumEnd(r.Kind, k.Application.EIA, OfRound(s.Publicity, r.Number))
	switch {
	case err != nil:
		bad.fields = append(bad.fields, FieldsOf(err)...)
	case least == "":
		bad.add("publicity", "publicity_required")
	case r.Closes < least:
		bad.add("closes", "closes_early", "earliest", string(least))
	}
}

// refuseWhileOpen keeps a case from moving on before the last day of every round, and of every notice given, is over (DMPO 2015,
// article 34(4): no decision before the periods end).
func (s Standing) refuseWhileOpen(bad *check, rule string) {
	last := s.LastDay()
	if last >= s.Today && last != "" {
		bad.add("state", rule, "last", string(last))
	}
}

// LastDay is the last day any round that has begun or any notice given so far leaves for comments; "" = there was none.
func (s Standing) LastDay() Date {
	var last Date
	for _, r := range s.Rounds {
		last = max(last, r.Closes)
		if !s.Consultation.Kind.Planning() {
			continue
		}
		least, err := s.Calendar.MinimumEnd(r.Kind, s.Consultation.Application.EIA, OfRound(s.Publicity, r.Number))
		if err == nil {
			last = max(last, least)
		}
	}
	return last
}

// refuseAppeal: before a decision only the silence of the authority can be appealed, once the day has passed on which it had to
// decide (Town and Country Planning Act 1990, section 78(2)).
func (s Standing) refuseAppeal(bad *check) {
	from, due := s.Consultation.State, s.Consultation.Application.DecisionDue
	if from != Decided && from != Archived && (due == "" || due >= s.Today) {
		bad.add("state", "appeal_early", "due", string(due))
	}
}

// refuseArchive: nothing is put away while a topic people raised has no published outcome.
func (s Standing) refuseArchive(bad *check) {
	for _, t := range TopicsOf(s.Subjects) {
		told := slices.ContainsFunc(s.Outcomes, func(o Outcome) bool { return o.Topic == t && !o.PublishedAt.IsZero() })
		if s.Raised[t] > 0 && !told {
			bad.add("outcome-"+string(t), "outcome_required", "topic", string(t))
		}
	}
}

// refuseRuling wants of a planning decision what the register asks for; what became of any other matter is said in the move's own words,
// so that only its day is asked.
func (s Standing) refuseRuling(bad *check, r Ruling) {
	if s.Consultation.Kind.Planning() {
		checkRuling(bad, r, s.Today)
		return
	}
	if _, err := ParseDate(string(r.On)); err != nil || r.On > s.Today {
		bad.add("decided-on", "date_past")
	}
}

// checkRuling wants a decision of the vocabulary, by somebody of the vocabulary, not in the future.
func checkRuling(bad *check, r Ruling, today Date) {
	if !slices.Contains(Decisions(), r.Decision) {
		bad.add("decision", "required")
	}
	if !slices.Contains(DecisionMakers(), r.By) {
		bad.add("decided-by", "required")
	}
	if _, err := ParseDate(string(r.On)); err != nil || r.On > today {
		bad.add("decided-on", "date_past")
	}
}
