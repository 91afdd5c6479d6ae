package server_test

import (
	"testing"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/servertest"
)

// planner is an officer as the service knows them.
func planner() consult.Actor {
	return consult.Actor{Kind: consult.Signed, Roles: []consult.Role{consult.RoleOfficer}, Service: "Planning", Title: "Planning officer"}
}

// summarise sums up every topic that occurs, as a case needs before it is assessed.
func summarise(t *testing.T, app *servertest.App, id consult.ID) {
	t.Helper()
	weighed, err := app.Service.Weighed(t.Context(), planner(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range weighed {
		summary := consult.TopicSummary{Consultation: id, Topic: w.Figures.Topic, Version: w.Summary.Version, Text: "What people said on " + string(w.Figures.Topic) + ".",
			Material: consult.IsMaterial, Reason: "It counts."}
		if err := app.Service.WriteSummary(t.Context(), planner(), summary, w.Figures.Mark()); err != nil {
			t.Fatal(err)
		}
	}
}
