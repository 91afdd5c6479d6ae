package notify

import (
	"strings"
	"testing"

	"github.com/yousaid/yousaid/server/consult"
)

// An author whose point is touched is asked in her own language what becomes of the comment; every link leads where it says, and none
// carries her words.
func TestTheMailThatAsksAgain(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	english, urdu := h.comment("english@example.com", "en"), h.comment("urdu@example.com", "ur")
	h.flush()
	h.now = h.now.AddDate(0, 0, 20)
	move := func(m consult.Move) {
		t.Helper()
		m.Consultation = h.kase
		h.fine(h.service.Advance(ctx, officer, m))
		h.flush()
	}
	move(consult.Move{To: consult.ClosedState, Why: "The round is over."})
	h.fine(h.service.SetInfluence(ctx, officer, h.kase, consult.Influence{Fixed: "a", Open: "b", Decider: "c", When: "d", Rules: "e"}, false))
	h.fine(h.service.ReceiveAmendment(ctx, officer, consult.AmendmentInput{Consultation: h.kase, After: 1, Summary: "The roof is lower.", Description: "Ten homes",
		ReceivedOn: "2026-04-21", Why: "It answers comments.", Documents: []consult.Document{{Name: "Plan", Text: "Lower."}}}))
	h.flush()
	h.fine(h.service.DecideReconsultation(ctx, officer, h.kase, 2, consult.Reconsultation{Required: true, Why: "Light.", Factors: consult.Factors()[:1],
		Topics: []consult.Topic{"light"}, Days: 14}))
	h.fine(h.service.RecordPublicity(ctx, officer, consult.Publicity{Consultation: h.kase, Round: 2, Kind: consult.Website, On: "2026-04-22", Evidence: "The page"}))
	h.fine(h.service.Advance(ctx, officer, consult.Move{Consultation: h.kase, To: consult.Reconsulting, Why: "The roof.",
		Round: &consult.Round{Kind: consult.AmendmentRound, Opens: "2026-04-22", Closes: "2026-05-20", Version: 2}}))
	list := h.flush()
	for to, r := range map[string]consult.Receipt{"english@example.com": english, "urdu@example.com": urdu} {
		m := only(t, list, to)
		checkMail(t, "amendment", m)
		if strings.Contains(m.Text+m.HTML, "kitchens") {
			t.Errorf("the mail to %s repeats what belongs on the page", to)
		}
		for _, want := range []string{"The roof is lower.", baseURL + "/consultations/" + h.kase.String() + "/versions", baseURL + "/my-comment/" + r.Token + "#stands",
			baseURL + "/my-comment/" + r.Token + "#update", baseURL + "/my-comment/" + r.Token + "/withdraw"} {
			if !strings.Contains(m.Text, want) {
				t.Errorf("the mail to %s lacks %q:\n%s", to, want, m.Text)
			}
		}
	}
	if m := only(t, list, "english@example.com"); !strings.Contains(m.Text, "20 May 2026") || m.Language != "en" {
		t.Errorf("the last day, in words: %s", m.Text)
	}
}
