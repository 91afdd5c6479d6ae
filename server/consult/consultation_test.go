package consult

import (
	"slices"
	"testing"
)

func TestWindow(t *testing.T) {
	first := Round{Number: 1, Opens: "2026-03-01", Closes: "2026-03-21"}
	second := Round{Number: 2, Opens: "2026-05-01", Closes: "2026-05-14"}
	for _, row := range []struct {
		name   string
		state  State
		rounds []Round
		today  Date
		status WindowStatus
		round  int
		left   int
	}{
		{"no round planned", Validated, nil, "2026-03-01", WindowNotYet, 0, 0},
		{"before it opens", Validated, []Round{first}, "2026-02-28", WindowNotYet, 1, 0},
		{"first day", Consulting, []Round{first}, "2026-03-01", WindowOpen, 1, 21},
		{"last day", Consulting, []Round{first}, "2026-03-21", WindowOpen, 1, 1},
		{"the day after, not moved on yet", Consulting, []Round{first}, "2026-03-22", WindowLate, 1, 0},
		{"being weighed", ClosedState, []Round{first}, "2026-04-01", WindowLate, 1, 0},
		{"between rounds", Amended, []Round{first, second}, "2026-04-20", WindowLate, 1, 0},
		{"second round", Reconsulting, []Round{first, second}, "2026-05-14", WindowOpen, 2, 1},
		{"closed by an officer inside its dates", ClosedState, []Round{first}, "2026-03-10", WindowLate, 1, 0},
		{"the first round still runs when the second opens", Reconsulting, []Round{{Number: 1, Opens: "2026-05-01", Closes: "2026-05-30"}, second},
			"2026-05-10", WindowOpen, 2, 5},
		{"the first round outlasts the second", Reconsulting, []Round{{Number: 1, Opens: "2026-05-01", Closes: "2026-05-30"}, second},
			"2026-05-20", WindowOpen, 1, 11},
		{"decided", Decided, []Round{first}, "2026-03-10", WindowClosed, 1, 0},
		{"withdrawn", Withdrawn, []Round{first}, "2026-03-10", WindowClosed, 1, 0},
		{"not public", Received, []Round{first}, "2026-03-10", WindowClosed, 1, 0},
	} {
		got := WindowOf(row.state, row.rounds, row.today)
		if got.Status != row.status || got.Round.Number != row.round || got.DaysLeft != row.left {
			t.Errorf("%s: %+v; want %s of round %d with %d days left", row.name, got, row.status, row.round, row.left)
		}
	}
}

func TestStateMachineReachesEveryStateAndStaysInTheVocabulary(t *testing.T) {
	reached := map[State]bool{Received: true}
	queue := []State{Received}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		for _, next := range NextStates(PlanningApplication, s) {
			if !slices.Contains(States(), next) {
				t.Errorf("%s leads to %q, which is no state", s, next)
			}
			if !reached[next] {
				reached[next] = true
				queue = append(queue, next)
			}
		}
	}
	for _, s := range States() {
		if !reached[s] {
			t.Errorf("no way leads to %s", s)
		}
	}
	for _, pair := range [][2]State{{Received, Decided}, {Decided, Consulting}, {Withdrawn, Consulting}, {Consulting, Decided}} {
		if legal(PlanningApplication, pair[0], pair[1]) {
			t.Errorf("%s → %s is allowed", pair[0], pair[1])
		}
	}
}

func TestApplicationKindsBeginAtWholeParts(t *testing.T) {
	for _, k := range ApplicationKinds() {
		if k.Prefix == "" || k.Prefix[len(k.Prefix)-1] == '.' || !ofKind(k.Prefix, k.Prefix) || !ofKind(k.Prefix+".x", k.Prefix) || ofKind(k.Prefix+"x", k.Prefix) {
			t.Errorf("%+v finds not what is below it", k)
		}
	}
}
