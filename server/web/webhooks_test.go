package web

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

func sampleWebhook() consult.Webhook {
	return consult.Webhook{ID: 4, Label: "Register of the county", URL: "https://hooks.example.org/yousaid", Events: consult.NewsKinds(), Generation: 2,
		RotatedAt: testNow, CreatedAt: testNow.Add(-time.Hour)}
}

func init() {
	asAdmin := func(w *Web) { w.Actor = func(*fiber.Ctx) consult.Actor { return testOfficer() } }
	sample("webhooks", func(w *Web, c *fiber.Ctx) View {
		asAdmin(w)
		paused, stopped := sampleWebhook(), sampleWebhook()
		paused.Paused, stopped.Paused = consult.PausedByOwner, consult.PausedByMail
		return drawWebhooks(w.StaffBase(c, "webhooks.title"), []consult.Webhook{sampleWebhook(), paused, stopped}, nil)
	})
	sample("webhooks", func(w *Web, c *fiber.Ctx) View {
		asAdmin(w)
		e := &consult.Error{Kind: consult.Invalid, Fields: []consult.FieldError{{Field: "label", Rule: "required"}, {Field: "url", Rule: "webhook_url"},
			{Field: "events", Rule: "required"}}}
		return drawWebhooks(w.StaffBase(c, "webhooks.title").WithErrors(e), nil, Filled(map[string][]string{"url": {"http://127.0.0.1/"}}))
	})
	sample("webhook", func(w *Web, c *fiber.Ctx) View {
		asAdmin(w)
		d := consult.WebhookDelivery{ID: 6, Webhook: 4, Kind: consult.NewsOpened, At: testNow, Tries: 2, Code: 500, Failed: "refused: status 500"}
		failing, sent, givenUp := d, d, d
		failing.NextTry, sent.SentAt, sent.Code, sent.Failed, givenUp.GivenUpAt = testNow, testNow, 204, "", testNow
		return drawWebhook(w.StaffBase(c, "webhooks.one_title", "label", "Register"), sampleWebhook(), []consult.WebhookDelivery{failing, sent, givenUp},
			"whsec_c2VjcmV0", testNow)
	})
	for _, pause := range []consult.Pause{consult.PausedByOwner, consult.PausedByMail} {
		sample("webhook", func(w *Web, c *fiber.Ctx) View {
			asAdmin(w)
			h := sampleWebhook()
			h.Paused, h.PausedAt, h.Generation = pause, testNow, 1
			return drawWebhook(w.StaffBase(c, "webhooks.one_title", "label", "Register"), h, nil, "", testNow)
		})
	}
}
