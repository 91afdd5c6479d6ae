package web

import (
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

func sampleDeliveries() consult.DeliveryPage {
	line := consult.DeliveryLine{ID: 5, Kind: consult.MailAlert, Address: "r•••@example.org", Consultation: 12, Tries: 2, MadeAt: testNow,
		NextTry: testNow.Add(time.Hour), Failed: "mail: recipient: refused with 451 4.7.1", CanRetry: true}
	failing, givenUp, waiting, sent := line, line, line, line
	failing.State, givenUp.State, waiting.State, sent.State = consult.DeliveryFailing, consult.DeliveryGivenUp, consult.DeliveryWaiting, consult.DeliverySent
	givenUp.GivenUpAt, sent.SentAt, sent.Address, sent.Failed, sent.CanRetry, waiting.Failed = testNow, testNow, "", "", false, ""
	waiting.Kind = "a kind of tomorrow"
	return consult.DeliveryPage{Lines: []consult.DeliveryLine{failing, givenUp, waiting, sent}, Total: 40,
		Counts: map[consult.DeliveryState]map[consult.MailKind]int{consult.DeliveryGivenUp: {consult.MailAlert: 1, consult.MailReceipt: 2},
			consult.DeliverySent: {consult.MailSignIn: 30}, consult.DeliveryFailing: {consult.MailOutcome: 7}}}
}

func init() {
	sample("deliveries", func(w *Web, c *fiber.Ctx) View {
		w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() }
		return drawDeliveries(w.StaffBase(c, "deliveries.title"), sampleDeliveries(), consult.DeliveryFilter{State: consult.DeliveryGivenUp}, 1)
	})
	sample("deliveries", func(w *Web, c *fiber.Ctx) View {
		w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() }
		return drawDeliveries(w.StaffBase(c, "deliveries.title"), consult.DeliveryPage{}, consult.DeliveryFilter{}, 1)
	})
}

// Of the inbox and the mails below it, the reader is on one.
func TestTheMenuMarksOnePlace(t *testing.T) {
	w := newTestWeb(t)
	for path, want := range map[string]string{"/officer": "/officer", "/officer/deliveries": "/officer/deliveries", "/officer/comments/1": "/officer",
		"/admin/webhooks/1": "/admin/webhooks", "/elsewhere": ""} {
		b := Base{Language: w.Texts.Default(), Path: path, Actor: testOfficer()}
		current := ""
		for _, l := range navigation(&b) {
			if l.Current {
				current += l.Href
			}
		}
		if current != want {
			t.Errorf("%s: marked %q, want %q", path, current, want)
		}
	}
}
