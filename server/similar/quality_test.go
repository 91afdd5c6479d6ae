package similar

import "testing"

// The margins are about two thirds of what was measured on the labelled set (docs/benchmarks.md), so that a change that costs quality
// is noticed and one that costs nothing is not.
func TestGroupingBeatsPlainKMeans(t *testing.T) {
	for language, margin := range map[string]struct{ ari, f1 float64 }{
		"all": {0.18, 0.18}, "en": {0.20, 0.22}, "pl": {0.12, 0.10}, "ur": {0.06, 0.08}, "pa": {0.19, 0.14},
	} {
		all, classes := chosen(t, language)
		ours, plain := told(all, classes, 2), baseline(all, classes, 2)
		if ours.ari < plain.ari+margin.ari || ours.f1 < plain.f1+margin.f1 || ours.purity < plain.purity {
			t.Errorf("%s: ARI %.3f, F1 %.3f, purity %.3f; plain k-means has %.3f, %.3f, %.3f", language, ours.ari, ours.f1, ours.purity, plain.ari, plain.f1, plain.purity)
		}
	}
}

func TestGroupsAreBetterForLeavingUnsurePointsOut(t *testing.T) {
	all, classes := chosen(t, "en")
	q, _, kept := alone(all, classes, GroupOptions{Groups: 20})
	if want := told(all, classes, 2); q.purity < want.purity+0.005 || q.ari < want.ari+0.02 || kept < 0.75 {
		t.Errorf("purity %.3f, ARI %.3f of the %.2f that was kept; %.3f and %.3f with every point put somewhere", q.purity, q.ari, kept, want.purity, want.ari)
	}
}

func TestTheNumberOfGroupsThatIsChosenIsNearTheTruth(t *testing.T) {
	for language, concerns := range map[string]int{"en": 20, "pl": 12, "ur": 12, "pa": 10} {
		all, classes := chosen(t, language)
		if q, groups, kept := alone(all, classes, GroupOptions{}); groups < concerns/2 || groups > concerns*3/2 || kept < 0.75 || q.ari < 0.12 {
			t.Errorf("%s: %d groups for %d concerns, %.2f kept, ARI %.3f", language, groups, concerns, kept, q.ari)
		}
	}
}

func TestSuggestionsBeatPlainCentroids(t *testing.T) {
	for _, language := range languages {
		all, _ := chosen(t, language)
		last := 0.0
		for _, n := range []int{1, 3} {
			s := suggestions(all, n, 3)
			if s.f1 < s.plain+0.05 || s.f1 <= last {
				t.Errorf("%s, %d examples: F1 %.3f, plain centroids %.3f, fewer examples %.3f", language, n, s.f1, s.plain, last)
			}
			last = s.f1
		}
	}
	all, _ := chosen(t, "en")
	if s := suggestions(all, 5, 2); s.f1 < 0.6 || s.right < 0.85 || s.sure < 0.4 {
		t.Errorf("5 examples: F1 %.3f, sure of %.2f and right in %.2f of those", s.f1, s.sure, s.right)
	}
}

func TestTheLabelledSetIsWhatItSays(t *testing.T) {
	all := set(t, "")
	concerns, ids, texts := map[string]bool{}, map[int64]bool{}, map[string]bool{}
	byLanguage := map[string]int{}
	for _, l := range all {
		if ids[l.ID] || texts[l.Text] || l.Text == "" {
			t.Errorf("%d is there twice or empty: %q", l.ID, l.Text)
		}
		ids[l.ID], texts[l.Text], concerns[l.Concern] = true, true, true
		byLanguage[l.Language]++
	}
	if len(all) < 300 || len(concerns) != 20 || len(byLanguage) != 4 {
		t.Errorf("%d texts, %d concerns, languages %v", len(all), len(concerns), byLanguage)
	}
	if found := Duplicates(textsOf(all)); len(found) > 0 {
		t.Errorf("texts of a template: %v", found)
	}
}
