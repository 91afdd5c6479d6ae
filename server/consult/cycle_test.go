package consult

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// moves is the state machine of a planning application written a second time, by hand: from, and every state it may lead to.
var moves = map[State]string{
	Received:      "invalid validated withdrawn",
	NotValid:      "validated withdrawn",
	Validated:     "consulting assessed withdrawn called-in",
	Consulting:    "closed amended withdrawn appealed called-in",
	ClosedState:   "amended assessed withdrawn appealed called-in",
	Amended:       "reconsulting closed withdrawn appealed",
	Reconsulting:  "closed amended withdrawn appealed called-in",
	Assessed:      "in-committee decided amended withdrawn appealed called-in",
	InCommittee:   "decided assessed withdrawn appealed called-in",
	Decided:       "appealed archived",
	Appealed:      "appeal-decided",
	AppealDecided: "archived",
	Withdrawn:     "archived",
	CalledIn:      "decided withdrawn",
	Archived:      "appealed",
}

// ready is a case against which nothing stands but its state: round 1 was open for April, everything due is there.
func ready(state State) Standing {
	s := Standing{
		Consultation: Consultation{ID: 1, Kind: PlanningApplication, State: state, Version: 1,
			Influence:   Influence{Fixed: "a", Open: "b", Decider: "c", When: "d", Rules: "e"},
			Application: Application{Type: "pp.full.major", DecisionDue: "2026-05-31"}},
		Rounds:    []Round{{Number: 1, Kind: InitialRound, Opens: "2026-04-02", Closes: "2026-04-24", Version: 1}},
		Publicity: []Publicity{{Round: 1, Kind: SiteNotice, On: "2026-04-02"}},
		Documents: []Document{{Status: PublishDocument}},
		Today:     "2026-06-01", Calendar: England(),
	}
	if state == Amended { // a further round is planned, its notice announced for tomorrow
		s.Rounds = append(s.Rounds, Round{Number: 2, Kind: AmendmentRound, Opens: "2026-06-01", Closes: "2026-06-15", Version: 1})
		s.Publicity = append(s.Publicity, Publicity{Round: 2, Kind: Website, On: "2026-06-02"})
		s.History = []StateEvent{{From: Validated, To: Consulting}}
	}
	return s
}

// form is a filled form of a move.
func form(to State) Move {
	m := Move{To: to, Why: "why", CommitteeOn: "2026-06-10", Ruling: Ruling{Decision: "granted", By: "committee", On: "2026-06-01"}}
	if to == AppealDecided {
		m.Ruling.Decision = "allowed"
	}
	if to == Consulting {
		m.Round = &Round{Number: 1, Kind: InitialRound, Opens: "2026-06-01", Closes: "2026-06-30", Version: 1}
	}
	if to == Amended {
		m.Version = &ProposalVersion{}
	}
	return m
}

// rules lists what stands against a move as "field=rule", in order.
func rules(fields []FieldError) string {
	var list []string
	for _, f := range fields {
		list = append(list, f.Field+"="+f.Rule)
	}
	return strings.Join(list, " ")
}

func TestEveryMoveIsLegalOrRefused(t *testing.T) {
	if named := slices.Sorted(maps.Keys(moves)); len(named) != len(States()) {
		t.Fatalf("the table names %d states of %d", len(named), len(States()))
	}
	for _, from := range States() {
		for _, to := range States() {
			legal := slices.Contains(strings.Fields(moves[from]), string(to))
			switch got := rules(ready(from).Refuse(form(to))); {
			case from == Validated && to == Assessed:
				if got != "state=must_consult" {
					t.Errorf("%s → %s without consulting: %q", from, to, got)
				}
			case legal && got != "":
				t.Errorf("%s → %s is refused: %s", from, to, got)
			case !legal && got != "state=move":
				t.Errorf("%s → %s is not legal, but: %q", from, to, got)
			}
		}
	}
}

// What a form asks for does not stand against a move; everything else does.
func TestWays(t *testing.T) {
	for _, from := range States() {
		var to []string
		for _, w := range ready(from).Ways() {
			to = append(to, string(w.To))
			want := map[bool]string{true: "state=must_consult"}[from == Validated && w.To == Assessed]
			if w.To == Amended { // by receiving what changed, on a page of its own
				want = "state=amendment_first"
			}
			if rules(w.Against) != want {
				t.Errorf("%s → %s: %s, want %q", from, w.To, rules(w.Against), want)
			}
		}
		if got := strings.Join(to, " "); got != moves[from] {
			t.Errorf("ways from %s: %s, want %s", from, got, moves[from])
		}
	}
	bare := ready(Validated)
	bare.Consultation.Influence.Rules, bare.Documents, bare.Publicity, bare.Rounds = "", nil, nil, nil
	if got := rules(bare.Ways()[0].Against); got != "influence=influence_required documents=documents_required publicity=publicity_required" {
		t.Errorf("against opening a bare case: %s", got)
	}
}

func TestRefuseOpening(t *testing.T) {
	round := func(edit func(*Round)) Move {
		m := form(Consulting)
		edit(m.Round)
		return m
	}
	asIs := form(Consulting)
	for _, row := range []struct {
		name string
		edit func(*Standing)
		move Move
		want string
	}{
		{"nothing missing", nil, asIs, ""},
		{"a part of the statement is blank", func(s *Standing) { s.Consultation.Influence.Decider = " \u200b" }, asIs, "influence=influence_required"},
		{"documents, but none published", func(s *Standing) { s.Documents[0].Status = NotAssessed }, asIs, "documents=documents_required"},
		{"no notice", func(s *Standing) { s.Publicity = nil }, asIs, "publicity=publicity_required"},
		{"a notice of another round", func(s *Standing) { s.Publicity[0].Round = 2 }, asIs, "publicity=publicity_required"},
		{"a notice that was taken back", func(s *Standing) { s.Publicity[0].TakenBackAt = time.Unix(1, 0) }, asIs, "publicity=publicity_required"},
		{"closes a day before the notice allows", func(s *Standing) { s.Publicity[0].On = "2026-06-11" }, asIs, "closes=closes_early"},
		{"closes on the day the notice allows", func(s *Standing) { s.Publicity[0].On = "2026-06-10" }, asIs, ""},
		{"the latest notice counts", func(s *Standing) {
			s.Publicity = append(s.Publicity, Publicity{Round: 1, Kind: Newspaper, On: "2026-06-18"})
		}, asIs, "closes=closes_early"},
		{"with an environmental statement thirty days", func(s *Standing) { s.Consultation.Application.EIA, s.Publicity[0].On = true, "2026-06-02" }, asIs, "closes=closes_early"},
		{"thirty days kept", func(s *Standing) { s.Consultation.Application.EIA, s.Publicity[0].On = true, "2026-06-01" }, asIs, ""},
		{"past the table of holidays", func(s *Standing) { s.Publicity[0].On = "2029-01-01" }, asIs, "on=past_holidays"},
		{"no opening day", nil, round(func(r *Round) { r.Opens = "" }), "closes=closes_before_opens"},
		{"no closing day", nil, round(func(r *Round) { r.Closes = "" }), "closes=required"},
		{"closes before it opens", nil, round(func(r *Round) { r.Opens = "2026-07-01" }), "closes=closes_before_opens"},
		{"closed yesterday", nil, round(func(r *Round) { r.Opens, r.Closes = "2026-05-01", "2026-05-31" }), "closes=closes_past"},
		{"another round's number", nil, round(func(r *Round) { r.Number = 2 }), "publicity=publicity_required round=choice"},
		{"the shorter period of a later round", nil, round(func(r *Round) { r.Kind = AmendmentRound }), "round-kind=choice"},
		{"the planned round is over", nil, Move{To: Consulting}, "closes=required"},
		{"the planned round", func(s *Standing) { s.Rounds[0].Closes = "2026-06-01" }, Move{To: Consulting}, ""},
		{"no round at all", func(s *Standing) { s.Rounds = nil }, Move{To: Consulting}, "closes=required"},
		{"no planning application needs no notice", func(s *Standing) {
			s.Consultation.Kind, s.Publicity, s.Subjects.Forms = Policy, nil, []FormVersion{{Number: 1}}
		}, asIs, ""},
		{"but documents and a statement", func(s *Standing) {
			s.Consultation.Kind, s.Documents, s.Consultation.Influence.Open = Policy, nil, ""
		}, asIs, "influence=influence_required documents=documents_required form=form_required"},
	} {
		s := ready(Validated)
		if row.edit != nil {
			row.edit(&s)
		}
		if got := rules(s.Refuse(row.move)); got != row.want {
			t.Errorf("%s: %q, want %q", row.name, got, row.want)
		}
	}
	s := ready(Amended)
	if got := rules(s.Refuse(Move{To: Reconsulting})); got != "" {
		t.Errorf("the planned second round: %s", got)
	}
	s.Rounds, s.Today = s.Rounds[:1], "2026-04-10" // the first round still runs, and none is planned
	if got := rules(s.Refuse(Move{To: Reconsulting})); got != "closes=required" {
		t.Errorf("the first round opened as the second: %q", got)
	}
}

// A decision, or anything that ends a round, on the day before its end, on it, and after it.
func TestRefuseWhileARoundIsOpen(t *testing.T) {
	for name, row := range map[string]struct {
		state State
		to    State
		edit  func(*Standing)
		last  Date
		rule  string
	}{
		"closing": {Consulting, ClosedState, nil, "2026-04-24", "round_open"},
		"closing the second": {Reconsulting, ClosedState, func(s *Standing) {
			s.Rounds = append(s.Rounds, Round{Number: 2, Kind: AmendmentRound, Opens: "2026-05-01", Closes: "2026-05-20"})
		}, "2026-05-20", "round_open"},
		"closing what was opened for later": {Consulting, ClosedState, func(s *Standing) { s.Rounds[0].Opens, s.Rounds[0].Closes = "2026-07-01", "2026-07-21" }, "2026-07-21", "round_open"},
		"assessing":                         {ClosedState, Assessed, nil, "2026-04-24", "round_open"},
		"deciding":                          {Assessed, Decided, nil, "2026-04-24", "decide_early"},
		"deciding in committee":             {InCommittee, Decided, nil, "2026-04-24", "decide_early"},
		"deciding what was called in":       {CalledIn, Decided, nil, "2026-04-24", "decide_early"},
		"a round longer than its notice":    {Assessed, Decided, func(s *Standing) { s.Rounds[0].Closes = "2026-05-02" }, "2026-05-02", "decide_early"},
		"a notice after the round": {Assessed, Decided, func(s *Standing) {
			s.Publicity = append(s.Publicity, Publicity{Round: 1, Kind: Newspaper, On: "2026-04-21"})
		}, "2026-05-05", "decide_early"},
		"a notice without a round":    {Assessed, Decided, func(s *Standing) { s.Rounds = nil }, "2026-04-24", "decide_early"},
		"thirty days":                 {Assessed, Decided, func(s *Standing) { s.Consultation.Application.EIA = true }, "2026-05-01", "decide_early"},
		"an amendment inside a round": {Amended, ClosedState, func(s *Standing) { s.Rounds, s.Publicity = s.Rounds[:1], s.Publicity[:1] }, "2026-04-24", "round_open"},
		"no planning application":     {ClosedState, Assessed, func(s *Standing) { s.Consultation.Kind, s.Publicity[0].On = Policy, "2026-04-20" }, "2026-04-24", "round_open"},
	} {
		s := ready(row.state)
		if row.edit != nil {
			row.edit(&s)
		}
		m := form(row.to)
		for days, want := range map[int]string{-1: "state=" + row.rule, 0: "state=" + row.rule, 1: ""} {
			s.Today = row.last.Add(days)
			m.Ruling.On = s.Today
			bad := s.Refuse(m)
			if rules(bad) != want || want != "" && bad[0].Args["last"] != row.last {
				t.Errorf("%s, %d days from the end: %v, want %q until %s", name, days, bad, want, row.last)
			}
		}
	}
}

// What never opened, or was never given, keeps nobody waiting; what cannot be computed does.
func TestWhatNeverOpenedDoesNotBlock(t *testing.T) {
	future := Round{Number: 2, Kind: AmendmentRound, Opens: "2026-07-01", Closes: "2026-07-21"}
	exempt := func(s *Standing) {
		s.Consultation.Application.Type = "ldc.existing"
		s.Rounds, s.Publicity = []Round{{Number: 1, Kind: InitialRound, Opens: "2026-05-20", Closes: "2026-06-30"}}, nil
	}
	for name, row := range map[string]struct {
		state State
		to    State
		edit  func(*Standing)
		want  string
	}{
		"a certificate's planned round":                              {Validated, Assessed, exempt, ""},
		"it still never opened when decided":                         {Assessed, Decided, func(s *Standing) { exempt(s); s.History = []StateEvent{{From: Validated, To: Assessed}} }, ""},
		"a second round that was only planned, its notice for later": {Amended, ClosedState, func(*Standing) {}, ""},
		"its notice was given today":                                 {Amended, ClosedState, func(s *Standing) { s.Publicity[1].On = "2026-06-01" }, "state=round_open"},
		"that notice was taken back":                                 {Amended, ClosedState, func(s *Standing) { s.Publicity[1].On, s.Publicity[1].TakenBackAt = "2026-06-01", time.Unix(1, 0) }, ""},
		"a future round, without any history":                        {Assessed, Decided, func(s *Standing) { s.Rounds = append(s.Rounds, future) }, ""},
		"a future round while comments are open": {Consulting, ClosedState, func(s *Standing) {
			s.Rounds, s.History = append(s.Rounds, future), []StateEvent{{From: Validated, To: Consulting}}
		}, ""},
		"the same as imported, which may open by itself": {Consulting, ClosedState, func(s *Standing) { s.Rounds = append(s.Rounds, future) }, "state=round_open"},
		"a notice past the table of holidays":            {Assessed, Decided, func(s *Standing) { s.Publicity[0].On = "2028-12-20" }, "on=past_holidays"},
		"an extension opens no further round": {Reconsulting, ClosedState, func(s *Standing) {
			s.Rounds = append(s.Rounds, Round{Number: 2, Kind: AmendmentRound, Opens: "2026-05-10", Closes: "2026-05-24"}, future)
			s.History = []StateEvent{{From: Validated, To: Consulting}, {From: Consulting, To: Consulting}, {From: ClosedState, To: Consulting}, {From: Amended, To: Reconsulting}}
		}, ""},
	} {
		s := ready(row.state)
		row.edit(&s)
		if got := rules(s.Refuse(form(row.to))); got != row.want {
			t.Errorf("%s: %q, want %q", name, got, row.want)
		}
	}
}

func TestRefuseAppealArchiveAndForms(t *testing.T) {
	raised := func(outcomes ...Outcome) func(*Standing) {
		return func(s *Standing) { s.Raised, s.Outcomes = map[Topic]int{"light": 2, "traffic": 0}, outcomes }
	}
	ruling := func(r Ruling) Move { return Move{To: Decided, Ruling: r} }
	for _, row := range []struct {
		name  string
		state State
		edit  func(*Standing)
		move  Move
		want  string
	}{
		{"silence on the day it is due", ClosedState, func(s *Standing) { s.Consultation.Application.DecisionDue = "2026-06-01" }, form(Appealed), "state=appeal_early"},
		{"silence a day later", ClosedState, nil, form(Appealed), ""},
		{"silence while comments are open", Consulting, nil, form(Appealed), ""},
		{"silence without a due day", ClosedState, func(s *Standing) { s.Consultation.Application.DecisionDue = "" }, form(Appealed), "state=appeal_undated"},
		{"against a decision at once", Decided, func(s *Standing) { s.Consultation.Application.DecisionDue = "" }, form(Appealed), ""},
		{"against one that was put away", Archived, func(s *Standing) { s.Consultation.Application.DecisionDue = "" }, form(Appealed), ""},
		{"a topic without an outcome", Decided, raised(), form(Archived), "outcome-light=outcome_required"},
		{"with a draft", Decided, raised(Outcome{Topic: "light"}), form(Archived), "outcome-light=outcome_required"},
		{"with a published one", Decided, raised(Outcome{Topic: "light", PublishedAt: time.Unix(1, 0)}), form(Archived), ""},
		{"another topic's", AppealDecided, raised(Outcome{Topic: "traffic", PublishedAt: time.Unix(1, 0)}), form(Archived), "outcome-light=outcome_required"},
		{"no committee day", Assessed, nil, Move{To: InCommittee}, "committee-on=date"},
		{"no decision", Assessed, nil, ruling(Ruling{}), "decision=required decided-by=required decided-on=date_past"},
		{"decided tomorrow", Assessed, nil, ruling(Ruling{Decision: "refused", By: "committee", On: "2026-06-02"}), "decided-on=date_past"},
		{"decided today", Assessed, nil, ruling(Ruling{Decision: "refused", By: "committee", On: "2026-06-01"}), ""},
		{"an appeal decided as an application is", Appealed, nil, Move{To: AppealDecided, Ruling: Ruling{Decision: "granted", On: "2026-06-01"}}, "appeal-decision=required"},
		{"an appeal decided tomorrow", Appealed, nil, Move{To: AppealDecided, Ruling: Ruling{Decision: "dismissed", On: "2026-06-02"}}, "decided-on=date_past"},
	} {
		s := ready(row.state)
		if row.edit != nil {
			row.edit(&s)
		}
		if got := rules(s.Refuse(row.move)); got != row.want {
			t.Errorf("%s: %q, want %q", row.name, got, row.want)
		}
	}
}

func TestNextRound(t *testing.T) {
	for name, row := range map[string]struct {
		state State
		edit  func(*Standing)
		want  Round
	}{
		"the planned one":       {Amended, nil, Round{Number: 2, Kind: AmendmentRound, Opens: "2026-06-01", Closes: "2026-06-15", Version: 1}},
		"one whose time passed": {Validated, nil, Round{Number: 1, Kind: InitialRound, Opens: "2026-06-01", Closes: "2026-06-01", Version: 1}},
		"the first, noticed":    {Validated, func(s *Standing) { s.Rounds, s.Publicity[0].On = nil, "2026-05-28" }, Round{Consultation: 1, Number: 1, Kind: InitialRound, Opens: "2026-06-01", Closes: "2026-06-17", Version: 1}},
		"the first, unnoticed":  {Validated, func(s *Standing) { s.Rounds, s.Publicity = nil, nil }, Round{Consultation: 1, Number: 1, Kind: InitialRound, Opens: "2026-06-01", Version: 1}},
		"a further one":         {ClosedState, nil, Round{Consultation: 1, Number: 2, Kind: AmendmentRound, Opens: "2026-06-01", Version: 1}},
	} {
		s := ready(row.state)
		if row.edit != nil {
			row.edit(&s)
		}
		if got := s.NextRound(); got != row.want {
			t.Errorf("%s: %+v, want %+v", name, got, row.want)
		}
	}
}
