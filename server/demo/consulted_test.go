package demo_test

import (
	"testing"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/demo"
)

// The demo shows every station of asking others: letters that wait, consultees in most of their states, answers in public.
func TestTheDemoAsksGroups(t *testing.T) {
	l := load(t, noon)
	store := l.store
	find := func(reference string) consult.ID {
		t.Helper()
		c, err := store.ConsultationByReference(t.Context(), demo.Authority, reference)
		if err != nil {
			t.Fatal(err)
		}
		return c.ID
	}
	tally, err := store.NeighbourTally(t.Context(), find("2099/00001/PA"), 1)
	if err != nil || tally.Consulted < 5 || tally.Consulted > 23 || tally.New != tally.Consulted {
		t.Errorf("neighbours: %+v, %v", tally, err)
	}
	list, err := store.Consultees(t.Context(), find("2099/00002/PA"))
	if err != nil || len(list) != 5 {
		t.Fatalf("%d consultees, %v", len(list), err)
	}
	states := map[consult.ConsulteeState]int{}
	for _, c := range list {
		states[c.State]++
	}
	if states[consult.Responded] != 2 || states[consult.AwaitingAnswer] != 2 || states[consult.ConsulteeAsked] != 1 {
		t.Errorf("states: %v", states)
	}
	said, total, err := store.ConsulteeResponses(t.Context(), find("2099/00006/PA"), 0, 10)
	if err != nil || total != 2 || said[0].Opinion == said[1].Opinion {
		t.Errorf("%+v, %v", said, err)
	}
	directory, err := store.Directory(t.Context())
	if err != nil || len(directory) != 12 {
		t.Errorf("%d in the directory, %v", len(directory), err)
	}
}
