package demo_test

import (
	"testing"

	"github.com/yousaid/yousaid/server/consult"
)

func TestConcernsAreThereToReadAndToSort(t *testing.T) {
	l := load(t, noon)
	with := 0
	for _, v := range l.cases() {
		list, k, err := l.svc.PublicConcerns(t.Context(), consult.Actor{}, v.Consultation.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range list {
			if c.Published == 0 {
				t.Errorf("%s: nobody can read a word behind %q", k.Application.Reference, c.Title)
			}
		}
		if len(list) > 0 {
			with++
		}
		if k.Application.Reference != "2099/00002/PA" {
			continue
		}
		desk, err := l.svc.ConcernDesk(t.Context(), l.result.Planning.Actor(), consult.PointFilter{Consultation: k.ID}, false)
		if err != nil {
			t.Fatal(err)
		}
		if len(desk.Concerns) != 6 || len(list) != 4 || desk.Loose < 12 || desk.FreshLoose < 7 || len(desk.Changes) == 0 {
			t.Errorf("the open case has %d concerns, %d of them public, %d loose points, %d of them new, %d acts", len(desk.Concerns), len(list), desk.Loose,
				desk.FreshLoose, len(desk.Changes))
		}
	}
	if with != 3 {
		t.Errorf("%d cases with concerns", with)
	}
}
