package consult

import (
	"cmp"
	"slices"
)

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
	History      []StateEvent
	Outages      []Outage      // those across the end of the latest round that was opened
	Raised       map[Topic]int // comments that were not withdrawn, by topic
	Outcomes     []Outcome     // drafts too
	Amendment    *Amendment    // that of the current version; nil = none
	Today        Date
	Weighed      []WeighedTopic
	Calendar     Calendar
	Subjects     Subjects // what its comments are about; of a matter with a form, the published versions
}

// opened counts the rounds that were opened, the first ones. The case's own history tells; where an import brought none, the state and
// the days do.
func (s Standing) opened() int {
	state, openings, skipped := s.Consultation.State, 0, false
	for _, e := range s.History {
		asked := e.To == Consulting || e.To == Reconsulting
		if asked && (e.From == Validated || e.From == Amended) {
			openings++
		}
		skipped = skipped || e.From == Validated && !asked
	}
	switch {
	case state == Received || state == NotValid || state == Validated:
		return 0
	case openings > 0:
		return min(openings, len(s.Rounds))
	case skipped:
		return 0
	case state == Consulting || state == Reconsulting:
		return len(s.Rounds)
	}
	n := 0
	for _, r := range s.Rounds {
		if r.Opens <= s.Today {
			n++
		}
	}
	return n
}

// Round is the latest round that was opened; zero for none.
func (s Standing) Round() Round {
	if n := s.opened(); n > 0 {
		return s.Rounds[n-1]
	}
	return Round{}
}

// NextRound is the round that would open next: the planned one, or a new one that opens today and closes as early as its notices allow.
// Its last day is "" where nothing says when it may be.
func (s Standing) NextRound() Round {
	next := Round{Consultation: s.Consultation.ID, Number: 1, Kind: InitialRound, Version: s.Consultation.Version}
	if n := s.opened(); n < len(s.Rounds) {
		next = s.Rounds[n]
	} else if n > 0 {
		next.Number, next.Kind = s.Rounds[n-1].Number+1, AmendmentRound
	}
	if next.Closes >= s.Today {
		return next
	}
	next.Opens, next.Closes = s.Today, ""
	least, err := s.Calendar.MinimumEnd(next.Kind, s.Consultation.Application.EIA, OfRound(s.Publicity, next.Number))
	if err == nil && least != "" {
		next.Closes = max(least, s.Today)
	}
	return next
}

// roundNumbered is the round with the number, or one of the kind it will have.
func (s Standing) roundNumbered(n int) (r Round, opened bool) {
	for i, r := range s.Rounds {
		if r.Number == n {
			return r, i < s.opened()
		}
	}
	if n > 1 {
		return Round{Number: n, Kind: AmendmentRound}, false
	}
	return Round{Number: n, Kind: InitialRound}, false
}

// roundOf is the round a move opens: the one it brings, or the one that was planned.
func (s Standing) roundOf(m Move) (Round, bool) {
	if m.Round != nil {
		return *m.Round, true
	}
	n := s.opened()
	if n >= len(s.Rounds) || s.Rounds[n].Closes < s.Today {
		return Round{}, false
	}
	return s.Rounds[n], true
}

// Way is a move the state machine knows, with what stands against it today.
type Way struct {
	To      State
	Against []FieldError
}

// Ways lists the moves from here. What a form of the move would ask for, a decision or a day, does not stand against it.
func (s Standing) Ways() []Way {
	var ways []Way
	for _, to := range NextStates(s.Consultation.Kind, s.Consultation.State) {
		m := Move{To: to, CommitteeOn: s.Today, Ruling: Ruling{Decision: Decisions()[0], By: DecisionMakers()[0], On: s.Today}}
		if to == AppealDecided {
			m.Ruling.Decision = AppealDecisions()[0]
		}
		next := s.NextRound()
		next.Closes = cmp.Or(next.Closes, s.Today)
		m.Round = &next
		ways = append(ways, Way{To: to, Against: s.Refuse(m)})
	}
	return ways
}

// Refuse names what stands against a move; nothing when it may be made.
func (s Standing) Refuse(m Move) []FieldError {
	var bad check
	from := s.Consultation.State
	if !legal(s.Consultation.Kind, from, m.To) {
		bad.add("state", "move")
		return bad.fields
	}
	s.refuseAmendment(&bad, m)
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
		if from != InCommittee { // which sends a finished report back
			s.refuseUnweighed(&bad)
		}
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
	if !ok {
		r = s.NextRound()
		r.Closes = ""
	}
	least := s.refuseUnnoticed(bad, r)
	switch {
	case r.Closes == "":
		bad.add("closes", "required")
	case r.Opens == "" || r.Closes < r.Opens:
		bad.add("closes", "closes_before_opens")
	case r.Closes < s.Today:
		bad.add("closes", "closes_past")
	case m.Round != nil && r.Number != s.NextRound().Number:
		bad.add("round", "choice")
	case m.To == Consulting && r.Kind == AmendmentRound:
		bad.add("round-kind", "choice") // else the first round could have the shorter period of a later one
	case r.Closes < least:
		bad.add("closes", "closes_early", "earliest", least)
	}
}

// refuseUnnoticed wants people to be told of a round, as planning law does, and finds how early it may close; "" = whenever.
func (s Standing) refuseUnnoticed(bad *check, r Round) Date {
	if !s.Consultation.Kind.Planning() {
		return ""
	}
	least, err := s.Calendar.MinimumEnd(r.Kind, s.Consultation.Application.EIA, OfRound(s.Publicity, r.Number))
	if err != nil {
		bad.fields = append(bad.fields, FieldsOf(err)...)
	} else if least == "" {
		bad.add("publicity", "publicity_required")
	}
	return least
}

// refuseWhileOpen keeps a case from moving on before the last day of every round, and of every notice given, is over (DMPO 2015,
// article 34(4): no decision before the periods end). A period that cannot be computed is not over.
func (s Standing) refuseWhileOpen(bad *check, rule string) {
	last, err := s.LastDay()
	if err != nil {
		bad.fields = append(bad.fields, FieldsOf(err)...)
	} else if last >= s.Today && last != "" {
		bad.add("state", rule, "last", last)
	}
}

// LastDay is the last day that any round that was opened, or any notice that was given, leaves for comments; "" = there was none.
func (s Standing) LastDay() (Date, error) {
	var last Date
	for _, r := range s.Rounds[:s.opened()] {
		last = max(last, r.Closes)
	}
	if !s.Consultation.Kind.Planning() {
		return last, nil
	}
	for _, p := range s.Publicity {
		r, opened := s.roundNumbered(p.Round)
		if p.TakenBack() || !opened && p.On > s.Today {
			continue // not given, or not yet
		}
		end, err := s.Calendar.LastDay(p.Kind, p.On, r.Kind, s.Consultation.Application.EIA)
		if err != nil {
			return "", err
		}
		last = max(last, end)
	}
	return last, nil
}

// refuseAppeal: before a decision only the silence of the authority can be appealed, once the day has passed on which it had to
// decide (Town and Country Planning Act 1990, section 78(2)).
func (s Standing) refuseAppeal(bad *check) {
	from, due := s.Consultation.State, s.Consultation.Application.DecisionDue
	switch {
	case from == Decided || from == Archived:
	case due == "":
		bad.add("state", "appeal_undated")
	case due >= s.Today:
		bad.add("state", "appeal_early", "due", due)
	}
}

// refuseArchive: nothing is put away while a topic people raised has no published outcome.
func (s Standing) refuseArchive(bad *check) {
	for _, t := range TopicsOf(s.Subjects) {
		told := slices.ContainsFunc(s.Outcomes, func(o Outcome) bool { return o.Topic == t && !o.PublishedAt.IsZero() })
		if s.Raised[t] > 0 && !told {
			bad.add("outcome-"+string(t), "outcome_required", "topic", t)
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
