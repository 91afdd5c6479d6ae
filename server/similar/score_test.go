package similar

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

// The example of Manning, Raghavan and Schütze 2008, figure 16.4: 17 points, 3 groups, 3 classes; purity 0.71, NMI 0.36 with the
// arithmetic mean of the entropies.
func TestScoresOfAKnownExample(t *testing.T) {
	groups := []int{1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3}
	classes := []string{"x", "x", "x", "x", "x", "o", "x", "o", "o", "o", "o", "d", "x", "x", "d", "d", "d"}
	if p := Purity(groups, classes); !near(p, 12.0/17) {
		t.Errorf("purity %g", p)
	}
	if nmi := NormalisedMutualInformation(groups, classes); math.Abs(nmi-0.3646) > 1e-4 {
		t.Errorf("NMI %g", nmi)
	}
	// Pairs: together in both 10+0+6+3+1 = 20; in groups 15+15+10 = 40; in classes 28+10+6 = 44; of 136.
	if ari, want := AdjustedRand(groups, classes), (20-40.0*44/136)/(42-40.0*44/136); !near(ari, want) {
		t.Errorf("ARI %g, want %g", ari, want)
	}
	// Group 1 for x: 2·5/(6+8); 2 for o: 2·4/(6+5); 3 for d: 2·3/(5+4).
	if f1, want := MacroF1(groups, classes), (10.0/14+8.0/11+6.0/9)/3; !near(f1, want) {
		t.Errorf("macro-F1 %g, want %g", f1, want)
	}
}

func TestScoresAtTheirEnds(t *testing.T) {
	same, apart := []int{1, 1, 2, 2}, []int{1, 2, 3, 4}
	if !near(AdjustedRand(same, []string{"b", "b", "a", "a"}), 1) || !near(MacroF1(same, []string{"b", "b", "a", "a"}), 1) || !near(NormalisedMutualInformation(same, same), 1) {
		t.Error("the same groups under other names are not the same")
	}
	if !near(Purity(apart, same), 1) || AdjustedRand(apart, same) > 1e-9 {
		t.Errorf("everybody alone: purity %g, ARI %g", Purity(apart, same), AdjustedRand(apart, same))
	}
	if !near(MacroF1([]int{1, 1, 1, 1}, same), (2.0*2/6)/2) {
		t.Errorf("one group for two classes: %g", MacroF1([]int{1, 1, 1, 1}, same))
	}
	if !near(LabelF1([]string{"a", "a", ""}, []string{"a", "b", "b"}), (2.0/3+0)/2) {
		t.Errorf("F1 of labels %g", LabelF1([]string{"a", "a", ""}, []string{"a", "b", "b"}))
	}
	if Purity([]int{}, []int{}) != 0 || AdjustedRand([]int{}, []int{}) != 1 || NormalisedMutualInformation([]int{}, []int{}) != 1 || MacroF1([]int{}, []int{}) != 0 || LabelF1([]int{}, []int{}) != 0 {
		t.Error("scores of nothing")
	}
}

// The mapping with the best sum, against trying all of them.
func TestAssignmentIsTheBestOfAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.IntRange(1, 5).Draw(t, "rows")
		cols := rapid.IntRange(rows, 6).Draw(t, "cols")
		gain := make([][]float64, rows)
		for i := range gain {
			gain[i] = rapid.SliceOfN(rapid.Float64Range(0, 1), cols, cols).Draw(t, "gain")
		}
		sum := 0.0
		used := map[int]bool{}
		for r, c := range assignment(gain) {
			if used[c] {
				t.Fatalf("column %d is given twice", c)
			}
			used[c] = true
			sum += gain[r][c]
		}
		if most := tryAll(gain, map[int]bool{}); math.Abs(sum-most) > 1e-9 {
			t.Fatalf("%g, the best is %g", sum, most)
		}
	})
}

func tryAll(gain [][]float64, used map[int]bool) float64 {
	if len(gain) == 0 {
		return 0
	}
	most := math.Inf(-1)
	for c, g := range gain[0] {
		if !used[c] {
			used[c] = true
			most = max(most, g+tryAll(gain[1:], used))
			delete(used, c)
		}
	}
	return most
}
