package consult

import (
	"slices"
	"testing"
)

// TestS01Policy spells out who may do what: a change of the policy has to change this table.
func TestS01Policy(t *testing.T) {
	actions := []Action{Read, Take, WorkInbox, Reply, Publish, Moderate, RecordOutcome, Route, ReadReach, ExportData, ManageOfficers, ManageWebhooks,
		Import, Unlimited}
	allowed := map[string][]Action{
		"visitor":   {Read, Take},
		"officer":   {Read, Take, WorkInbox, Reply, Publish, Moderate, RecordOutcome, Route, ReadReach},
		"moderator": {Read, Take, WorkInbox, Publish, Moderate},
		"analyst":   {Read, Take, ReadReach, ExportData},
		"admin":     {Read, Take, WorkInbox, Reply, Publish, Moderate, RecordOutcome, Route, ReadReach, ExportData, ManageOfficers, ManageWebhooks, Import},
		"load":      {Read, Take, Unlimited},
		"system":    actions,
	}
	actors := map[string]Actor{"visitor": {Kind: Visitor, ID: 7}, "system": System()}
	for _, r := range append(Roles(), RoleLoad) {
		actors[string(r)] = Actor{Kind: Signed, ID: 8, Roles: []Role{r}}
	}
	for who, actor := range actors {
		for _, do := range actions {
			want := slices.Contains(allowed[who], do)
			if Can(actor, do) != want {
				t.Errorf("Can(%s, %s) = %v, want %v", who, do, !want, want)
			}
			err := Must(actor, do, "test")
			switch {
			case want && err != nil:
				t.Errorf("Must(%s, %s) = %v", who, do, err)
			case !want && actor.Kind == Signed && KindOf(err) != Forbidden:
				t.Errorf("Must(%s, %s) = %v, want forbidden", who, do, err)
			case !want && actor.Kind == Visitor && KindOf(err) != SignedOut:
				t.Errorf("Must(%s, %s) = %v, want signed out", who, do, err)
			}
		}
	}
}
