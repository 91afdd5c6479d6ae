package reach

import (
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/yousaid/yousaid/server/consult"
)

// answered is a town whose people also answered the equality questions: 30 women and 20 men, 5 of whom say more.
func answered() *kept {
	k := town()
	k.rows = append(k.rows, comments(40, k.rows[0])...) // 83 comments
	woman := consult.EqualityAnswers{Consultation: 1, WardCode: "E05000001", Sex: "female", AgeBand: "25-34", RecordedOn: "2026-04-08"}
	man := woman
	man.Sex, man.AgeBand = "male", "prefer-not"
	k.answers = append(slices.Repeat([]consult.EqualityAnswers{woman}, 30), slices.Repeat([]consult.EqualityAnswers{man}, 20)...)
	for i := range 5 {
		k.answers[30+i].EthnicGroup = "asian"
	}
	for group, n := range map[string]int{"sex:female": 5000, "sex:male": 5000, "": 10_000} {
		k.benchmarks = append(k.benchmarks, consult.Benchmark{Name: "population", AreaCode: "E05000001", Group: group, Population: n,
			Source: "made up", Vintage: "2024-06-30"})
	}
	return k
}

func TestEqualityAnswersKeepSkippedPreferNotAndNotAskedApart(t *testing.T) {
	r := measure(t, answered(), consult.ReachFilter{Consultation: 1}, "2026-06-01")
	e := r.Equality
	if e.Withheld != Shown || e.To != "2026-04-12" || e.Source != "made up" || e.Vintage != "2024-06-30" {
		t.Fatalf("%+v", e)
	}
	sex := r.table(t, "sex")
	if want := map[string]int{"female": 30, "male": 20, PreferNot: 0, Skipped: 0, NotAsked: 15}; !maps.Equal(sex.cells(), want) {
		t.Errorf("sex: %v, want %v", sex.cells(), want)
	}
	if age := r.table(t, "age").cells(); age[PreferNot] != 20 || age[Skipped] != 0 || age["25-34"] != 30 {
		t.Errorf("age: %v", age)
	}
	if ethnic := r.table(t, "ethnic").cells(); ethnic["asian"] != -1 || ethnic[Skipped] != 45 {
		t.Errorf("ethnic group: %v", ethnic)
	}
}

func TestRepresentationIsAgainstResidentsOfTheSameGroups(t *testing.T) {
	sex := measure(t, answered(), consult.ReachFilter{Consultation: 1, Ward: "E05000001"}, "2026-06-01").table(t, "sex")
	female := sex.Rows[0]
	if female.Share != (Share{Percent: 60, Known: true}) || female.Population != 5000 || female.Ratio.Value != 1.2 {
		t.Errorf("female: %+v", female)
	}
	if female.Ratio.Low >= 1.2 || female.Ratio.High <= 1.2 || female.Ratio.Over() {
		t.Errorf("the interval of 30 of 50: %+v", female.Ratio)
	}
	for _, row := range sex.Rows {
		if row.Missing && (row.Share.Known || row.Ratio.Known || row.Population != 0) {
			t.Errorf("no answer has no share: %+v", row)
		}
	}
	age := measure(t, answered(), consult.ReachFilter{Consultation: 1, Ward: "E05000001"}, "2026-06-01").table(t, "age")
	if age.Rows[2].Ratio.Known {
		t.Errorf("without residents by age there is no ratio: %+v", age.Rows[2])
	}
}

// The figures move in steps of ten and when the week is over; until then they stay as they were, to the last byte.
func TestEqualityFiguresDoNotMoveWithOneAnswer(t *testing.T) {
	before := measure(t, answered(), consult.ReachFilter{Consultation: 1}, "2026-06-01").Equality
	k := answered()
	for i := range 9 {
		k.answers = append(k.answers, consult.EqualityAnswers{Consultation: 1, WardCode: "E05000001", Sex: "male", RecordedOn: "2026-05-20"})
		k.rows = append(k.rows, k.rows[0])
		k.rows[len(k.rows)-1].ReceivedAt = noon("2026-05-20")
		if after := measure(t, k, consult.ReachFilter{Consultation: 1}, "2026-06-01").Equality; !reflect.DeepEqual(before, after) {
			t.Fatalf("%d more answers moved the figures:\n%+v\n%+v", i+1, before, after)
		}
	}
	k.answers = append(k.answers, k.answers[len(k.answers)-1])
	if after := measure(t, k, consult.ReachFilter{Consultation: 1}, "2026-05-23").Equality; !reflect.DeepEqual(before, after) {
		t.Errorf("ten more moved them before the week was over: %+v", after)
	}
	if after := measure(t, k, consult.ReachFilter{Consultation: 1}, "2026-05-25"); after.table(t, "sex").cells()["male"] != 30 {
		t.Errorf("ten more and the week over: %v", after.table(t, "sex").cells())
	}
}

func TestEqualityWaitsForTenAnswers(t *testing.T) {
	k := answered()
	k.answers = k.answers[:9]
	if e := measure(t, k, consult.ReachFilter{Consultation: 1}, "2026-06-01").Equality; e.Withheld != NotYet || e.Tables != nil {
		t.Errorf("9 answers: %+v", e)
	}
}

// Stance, topic, channel and day of a comment change nothing: there is no link from an answer to a comment.
func TestEqualityFollowsConsultationAndWardOnly(t *testing.T) {
	plain := measure(t, answered(), consult.ReachFilter{Consultation: 1}, "2026-06-01").Equality
	f := consult.ReachFilter{Consultation: 1, Stance: consult.Object, Topic: "noise", Channel: "web", From: "2026-04-01", To: "2026-04-09"}
	if other := measure(t, answered(), f, "2026-06-01").Equality; !reflect.DeepEqual(plain, other) {
		t.Errorf("%+v\n%+v", plain, other)
	}
}

// N04 for equality answers: no two of the selections that may be shown differ by 1 to 9 people.
func TestN04EqualitySelectionsThatDifferByAFewPeopleShowNothingNew(t *testing.T) {
	withheld := 0
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 9))
		k := &kept{}
		for range 40 + r.IntN(60) {
			k.answers = append(k.answers, consult.EqualityAnswers{Consultation: consult.ID(1 + r.IntN(9)/8),
				WardCode: []string{"W1", "W1", "W1", "W1", "W1", "W1", "W2", ""}[r.IntN(8)], Sex: "male", RecordedOn: consult.Date("2026-04-01").Add(r.IntN(30))})
		}
		var shown [][]bool
		for _, id := range []consult.ID{0, 1, 2} {
			for _, ward := range []string{"", "W1", "W2"} {
				e := measure(t, k, consult.ReachFilter{Consultation: id, Ward: ward}, "2026-06-01").Equality
				if e.Withheld == TooClose {
					withheld++
				}
				if e.Withheld != Shown {
					continue
				}
				taken := make([]bool, len(k.answers))
				for i, a := range k.answers {
					taken[i] = (id == 0 || id == a.Consultation) && (ward == "" || ward == a.WardCode) && a.RecordedOn <= e.To
				}
				shown = append(shown, taken)
			}
		}
		for i, a := range shown {
			for _, b := range shown[:i] {
				if d := difference(a, b); d > 0 && d < equalityStep {
					t.Errorf("seed %d: two selections differ by %d and are both shown", seed, d)
				}
			}
		}
	}
	if withheld == 0 {
		t.Error("no selection ever came too close: this test tests nothing")
	}
}
