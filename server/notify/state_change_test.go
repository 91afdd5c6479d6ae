package notify

import (
	"strings"
	"testing"

	"github.com/yousaid/yousaid/server/consult"
)

// Everybody who commented is told at amendment, committee, decision and appeal what happened and what one can do.
func TestStateChangesSayWhatOneCanDo(t *testing.T) {
	h := newHouse(t)
	h.comment("english@example.com", "en")
	h.comment("urdu@example.com", "ur")
	h.flush()
	for _, row := range []struct {
		data map[string]string
		says []string // in the English mail
		link string   // in both
	}{
		{map[string]string{consult.DataState: "amended"}, []string{"The plans have changed."}, "/versions"},
		{map[string]string{consult.DataState: "assessed"}, []string{"has written the report"}, "/report"},
		{map[string]string{consult.DataState: "in-committee", consult.DataCommittee: "2026-05-20"}, []string{"20 May 2026", "ask to speak"}, "/report"},
		{map[string]string{consult.DataState: "decided", consult.DataDecision: "granted"}, []string{"Permission granted"}, "/outcomes"},
		{map[string]string{consult.DataState: "decided", consult.DataDecision: "refused"}, []string{"Permission refused"}, "/report"},
		{map[string]string{consult.DataState: "appealed"}, []string{"every comment", "nothing more can be added"}, "/my-comment/"},
		{map[string]string{consult.DataState: "appeal-decided", consult.DataDecision: "allowed"}, []string{"Appeal allowed"}, "/my-comment/"},
		{map[string]string{consult.DataState: "decided"}, []string{"The application has been decided."}, "/outcomes"}, // queued by an older program
	} {
		state := row.data[consult.DataState]
		for _, d := range []consult.Delivery{{Language: "en", To: "english@example.com"}, {Language: "ur", To: "urdu@example.com"}} {
			d.ID, d.Kind, d.Data, d.Consultation, d.Comment = consult.NewID(h.now), consult.MailStateChange, row.data, h.kase, 77
			m, err := h.composer.Compose(t.Context(), d)
			if err != nil {
				t.Fatalf("%s: %v", state, err)
			}
			checkMail(t, state, m)
			if !strings.Contains(m.Text, row.link) {
				t.Errorf("%s, %s: no link to %s in\n%s", state, d.Language, row.link, m.Text)
			}
			for _, words := range row.says {
				if d.Language == "en" && !strings.Contains(m.Text, words) {
					t.Errorf("%s does not say %q:\n%s", state, words, m.Text)
				}
			}
		}
	}
}
