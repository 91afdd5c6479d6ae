package demo_test

import (
	"testing"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/reach"
)

// The consultation of another kind has a question of every kind, an answered response, and results to see.
func TestTheMatterIsAliveToo(t *testing.T) {
	l := load(t, noon)
	c, err := l.svc.ByReference(t.Context(), consult.Actor{}, "demonstration:council", "C-2099-0001")
	if err != nil {
		t.Fatal(err)
	}
	v, err := l.svc.Case(t.Context(), consult.Actor{}, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !c.Demo || c.Kind != consult.PublicHealth || c.State != consult.ClosedState || v.Tally.Comments != 20 || v.Tally.Answers != 1 || l.result.Matters != 1 {
		t.Errorf("demo %v, %s, %s, %d responses, %d answers", c.Demo, c.Kind, c.State, v.Tally.Comments, v.Tally.Answers)
	}
	version, ok := v.Subjects.Version(0)
	if wrong := consult.CheckForm(version.Form); !ok || len(wrong) > 0 {
		t.Fatalf("the form: %+v", wrong)
	}
	kinds := map[consult.QuestionKind]bool{}
	for _, q := range version.Form.Questions() {
		kinds[q.Kind] = true
	}
	if len(kinds) != len(consult.QuestionKinds()) {
		t.Errorf("only the kinds %v", kinds)
	}
	found, err := l.svc.Results(t.Context(), consult.Actor{}, c.ID)
	if err != nil || found.Open {
		t.Fatalf("results: open %v, %v", found.Open, err)
	}
	report, err := reach.TellForm(t.Context(), found.Subjects, found.EachResponseRow)
	if err != nil || report.Withheld != reach.Shown {
		t.Fatalf("%v, withheld %q", err, report.Withheld)
	}
	shown := 0
	for _, q := range report.Questions {
		for _, row := range q.Table.Rows {
			if n, ok := row.Count.Value(); ok && n > 0 {
				shown++
			}
		}
	}
	if shown < 4 {
		t.Errorf("%d rows of all questions can be seen", shown)
	}
}
