package consult

import (
	"fmt"
	"testing"
)

// A case moves to assessed only when every topic that occurs is summed up with all its comments.
func TestNothingIsAssessedUnweighed(t *testing.T) {
	counts := []PointCount{
		{Topic: "noise", Stance: Object, Round: 1, Covered: true, Published: true, N: 3, Last: 30}, {Topic: "noise", Stance: Support, Round: 2, Late: true, N: 2, Last: 40},
		{Topic: "light", Stance: Neutral, N: 1, Covered: true, Last: 10},
		{Topic: "use", Stance: Support, N: 4, Last: 20},
	}
	summaries := []TopicSummary{{Topic: "light", Version: 1}, {Topic: "noise", Version: 3}, {Topic: "traffic", Version: 1}}
	s := Standing{Weighed: Weigh(Topics(), counts, summaries), Consultation: Consultation{State: ClosedState}, Today: "2026-05-01"}
	want := "[{summary-use summary_required map[topic:use]} {summary-noise summary_stale map[n:2 topic:noise]}]"
	if got := fmt.Sprint(s.Refuse(Move{To: Assessed})); got != want {
		t.Errorf("refused for %s, want %s", got, want)
	}
	s.Consultation.State = InCommittee
	if got := s.Refuse(Move{To: Assessed}); len(got) != 0 {
		t.Errorf("a committee cannot send a report back: %v", got)
	}
	s.Consultation.State, s.Weighed = ClosedState, s.Weighed[1:2]
	if got := s.Refuse(Move{To: Assessed}); len(got) != 0 || s.Weighed[0].Figures.Topic != "light" {
		t.Errorf("a topic that is summed up is refused: %v", got)
	}
}

func TestFiguresAndTheirMark(t *testing.T) {
	one := []PointCount{{Topic: "noise", Stance: Object, Round: 2, Late: true, N: 2, Last: 9}, {Topic: "noise", Stance: Support, Round: 1, Published: true, N: 1, Last: 5}}
	f := Figures(nil, one)[0]
	if f.Comments != 3 || f.Published != 1 || f.Late != 2 || f.New != 3 || f.Stances[Object] != 2 || f.Rounds[0].Round != 1 || f.Rounds[1].Late != 2 {
		t.Errorf("figures %+v", f)
	}
	marks := map[string]bool{f.Mark(): true}
	for _, other := range [][]PointCount{
		{{Topic: "noise", N: 3, Last: 8}}, {{Topic: "noise", N: 2, Last: 9}}, {{Topic: "noise", N: 4, Last: 10}},
	} {
		marks[Figures(nil, other)[0].Mark()] = true
	}
	if len(marks) != 4 {
		t.Errorf("other comments, the same mark: %v", marks)
	}
	if same := Figures(nil, []PointCount{{Topic: "noise", Covered: true, N: 3, Last: 9}})[0].Mark(); !marks[same] {
		t.Error("the same comments have another mark once they are covered")
	}
}
