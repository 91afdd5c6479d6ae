package consult

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestThePaceCountsCardsThatFollowedAClaim: drafts and cards that nobody needed say nothing, and what was there first is no wait.
func TestThePaceCountsCardsThatFollowedAClaim(t *testing.T) {
	out := time.Date(2026, 5, 3, 9, 0, 0, 0, time.UTC)
	facts := []Fact{{ID: 1, PublishedAt: out}, {ID: 2, PublishedAt: out}, {ID: 3, PublishedAt: out}, {ID: 4}, {ID: 5, PublishedAt: out}}
	figures := map[ID]FactFigure{1: {FirstClaim: out.Add(-10 * time.Hour)}, 2: {FirstClaim: out.Add(-40 * time.Hour)}, 3: {FirstClaim: out.Add(time.Hour)},
		4: {FirstClaim: out.Add(-time.Hour)}}
	if got, want := PaceOf(facts, figures), (Pace{Cards: 2, Median: 25 * time.Hour, Ahead: 1}); got != want {
		t.Errorf("pace %+v, want %+v", got, want)
	}
	if got := PaceOf(nil, nil); got != (Pace{}) {
		t.Errorf("of nothing: %+v", got)
	}
}

// TestTheMedianLiesInTheMiddle whatever the waits are.
func TestTheMedianLiesInTheMiddle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		out := time.Date(2026, 5, 3, 9, 0, 0, 0, time.UTC)
		waits := rapid.SliceOfN(rapid.Int64Range(1, 1e15), 1, 30).Draw(t, "waits")
		var facts []Fact
		figures := map[ID]FactFigure{}
		for i, w := range waits {
			facts = append(facts, Fact{ID: ID(i + 1), PublishedAt: out})
			figures[ID(i+1)] = FactFigure{FirstClaim: out.Add(-time.Duration(w))}
		}
		p := PaceOf(facts, figures)
		slices.Sort(waits)
		below, above := waits[(len(waits)-1)/2], waits[len(waits)/2]
		if p.Cards != len(waits) || int64(p.Median) < below || int64(p.Median) > above {
			t.Errorf("median %d of %v", p.Median, waits)
		}
	})
}

func TestACardIsTidiedBeforeItIsKept(t *testing.T) {
	f := Fact{Claim: " All the trees ", Phrasings: []string{"", " every tree", "every tree", "All the trees"}, Sources: []FactSource{{}, {Title: " Survey ", URL: " https://example.org "}}}.tidy()
	if f.Claim != "All the trees" || !slices.Equal(f.Phrasings, []string{"every tree"}) || !slices.Equal(f.Sources, []FactSource{{Title: "Survey", URL: "https://example.org"}}) {
		t.Errorf("tidied: %+v", f)
	}
	if said := f.Said(); !slices.Equal(said, []string{"All the trees", "every tree"}) {
		t.Errorf("said: %v", said)
	}
}

func TestACardIsDueOnItsDay(t *testing.T) {
	f := Fact{State: FactPublished, ReviewOn: "2026-05-03"}
	if f.Due("2026-05-02") || !f.Due("2026-05-03") || (Fact{State: FactDraft, ReviewOn: "2026-05-03"}).Due("2026-06-01") {
		t.Error("a published card is due from its day on, and no other")
	}
}
