package reach_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/reach"
)

// asked is a form with one question of each kind that has figures of its own.
func asked() consult.Subjects {
	option := func(ids ...string) (list []consult.Option) {
		for _, id := range ids {
			list = append(list, consult.Option{ID: id})
		}
		return list
	}
	return consult.Subjects{Kind: consult.Research, Forms: []consult.FormVersion{{Number: 1, Form: consult.Form{Sections: []consult.Section{{Questions: []consult.Question{
		{ID: "one", Kind: consult.ChoiceQuestion, Options: option("a", "b", "c")},
		{ID: "many", Kind: consult.ChoiceQuestion, Several: true, Options: option("a", "b")},
		{ID: "scale", Kind: consult.ScaleQuestion, Steps: 5, DontKnow: true},
		{ID: "rank", Kind: consult.RankingQuestion, Options: option("a", "b", "c")},
		{ID: "words", Kind: consult.TextQuestion},
	}}}}}}}
}

// tell protects the figures of some people's answers.
func tell(t testing.TB, people [][]consult.Response) reach.FormReport {
	t.Helper()
	r, err := reach.TellForm(context.Background(), asked(), func(_ context.Context, each func(consult.ResponseRow) error) error {
		for i, responses := range people {
			if err := each(consult.ResponseRow{Comment: consult.ID(i + 1), Form: 1, Responses: responses}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestNoSmallNumberOfAForm: whatever people answer, no count from 1 to 7 and none that is no multiple of 5 is shown, and no row that is
// withheld can be had by taking the shown ones from the whole.
func TestNoSmallNumberOfAForm(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var people [][]consult.Response
		for range rapid.IntRange(0, 60).Draw(rt, "people") {
			people = append(people, []consult.Response{
				{Question: "one", Chosen: []string{rapid.SampledFrom([]string{"a", "b", "c"}).Draw(rt, "one")}},
				{Question: "many", Chosen: rapid.SampledFrom([][]string{{"a"}, {"b"}, {"a", "b"}}).Draw(rt, "many")},
				{Question: "scale", Step: rapid.IntRange(1, 5).Draw(rt, "step")},
				{Question: "rank", Ranked: rapid.Permutation([]string{"a", "b", "c"}).Draw(rt, "rank")[:rapid.IntRange(1, 3).Draw(rt, "ranked")]},
			})
		}
		r := tell(t, people)
		if n := len(people); n > 0 && n < reach.Smallest {
			if r.Withheld != reach.TooFew || len(r.Questions) > 0 {
				rt.Fatalf("%d people: %+v", n, r)
			}
			return
		}
		for _, q := range r.Questions {
			withheld := 0
			for _, row := range q.Table.Rows {
				n, shown := row.Count.Value()
				if shown && (n%reach.Step != 0 || n > 0 && n < reach.Smallest) {
					rt.Fatalf("%s %s: %d is shown", q.Question.ID, row.Code, n)
				}
				if !shown {
					withheld++
				}
			}
			if withheld == 1 && !q.Question.Several && exact(q, people) {
				rt.Fatalf("%s: the one withheld row follows from the others", q.Question.ID)
			}
		}
	})
}

// exact tells whether the shown rows leave only one or two numbers for the withheld one.
func exact(q reach.QuestionFigure, people [][]consult.Response) bool {
	rest := len(people)
	slack := 0
	for _, row := range q.Table.Rows {
		if n, shown := row.Count.Value(); shown && n > 0 {
			rest -= n
			slack += reach.Step / 2
		}
	}
	low, high := max(rest-slack, 1), min(rest+slack, reach.Smallest-1)
	return high-low+1 < 3
}

func TestMeansMedianAndBorda(t *testing.T) {
	var people [][]consult.Response
	for i := range 100 {
		ranked := []string{"a", "b", "c"}
		if i >= 60 {
			ranked = []string{"b", "a"}
		}
		people = append(people, []consult.Response{{Question: "scale", Step: 1 + i/25}, {Question: "rank", Ranked: ranked}})
	}
	r := tell(t, people)
	i := slices.IndexFunc(r.Questions, func(q reach.QuestionFigure) bool { return q.Question.ID == "scale" })
	scale, rank := r.Questions[i], r.Questions[i+1]
	// 25 each of 1, 2, 3 and 4: mean 2.5, unit at least 5 × 4 ÷ 100 = 0.2; the lower median is 2.
	if scale.Mean.Unit != 0.2 || math.Abs(scale.Mean.Value-2.5) > 0.11 || scale.Median.Value != 2 {
		t.Errorf("mean %+v, median %+v", scale.Mean, scale.Median)
	}
	// a: 60 × 3 + 40 × 2 = 260; b: 60 × 2 + 40 × 3 = 240; c: 60 × 1 = 60. Unit at least 5 × 3 ÷ 100 = 0.2.
	want := []struct {
		code  string
		borda float64
	}{{"a", 2.6}, {"b", 2.4}, {"c", 0.6}}
	for i, w := range want {
		if got := rank.Ranks[i]; got.Code != w.code || math.Abs(got.Borda.Value-w.borda) > 0.101 || !got.Borda.Shown {
			t.Errorf("place %d: %+v, want %s with about %.1f points", i+1, got, w.code, w.borda)
		}
	}
	few := tell(t, people[:9])
	if got := few.Questions[i].Mean; got.Unit < 5*4/9.0 {
		t.Errorf("of nine people the mean is shown to %v", got.Unit)
	}
}

// TestAStatisticHidesFivePeople: a mean cannot tell what any five people answered.
func TestAStatisticHidesFivePeople(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(reach.Smallest, 300).Draw(rt, "people")
		var people [][]consult.Response
		for range n {
			people = append(people, []consult.Response{{Question: "scale", Step: rapid.IntRange(1, 5).Draw(rt, "step")}})
		}
		i := slices.IndexFunc(tell(t, people).Questions, func(q reach.QuestionFigure) bool { return q.Question.ID == "scale" })
		before := tell(t, people).Questions[i].Mean
		for j := range reach.Step {
			people[j][0].Step = 6 - people[j][0].Step
		}
		after := tell(t, people).Questions[i].Mean
		if moved := math.Abs(before.Value - after.Value); moved > before.Unit*1.0001 {
			rt.Fatalf("%s", fmt.Sprintf("%d people: five of them move the mean by %v, which is rounded to %v", n, moved, before.Unit))
		}
	})
}
