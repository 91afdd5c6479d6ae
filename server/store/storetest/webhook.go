package storetest

import (
	"slices"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// listening keeps a webhook for some kinds of news.
func (t *T) listening(events ...consult.NewsKind) consult.Webhook {
	t.Helper()
	w := consult.Webhook{ID: t.id(), Label: "Register", URL: "https://hooks.example.org/yousaid", Events: events, Generation: 1, CreatedAt: t.now}
	t.must(t.SaveWebhook(t.ctx, w, t.change("webhook.add", w.ID)))
	return w
}

// handOver reads all the news.
func (t *T) handOver() (n int) {
	t.Helper()
	for {
		more := got(t.HandOverNews(t.ctx, t.now, 2))(t)
		if n += more; more == 0 {
			return n
		}
	}
}

// calls claims what is due for a minute.
func (t *T) calls() []consult.WebhookCall {
	t.Helper()
	l := got(t.ClaimWebhooks(t.ctx, t.now, time.Minute, 100))(t)
	slices.SortFunc(l, func(a, b consult.WebhookCall) int {
		return slices.Index(consult.NewsKinds(), a.Delivery.Kind) - slices.Index(consult.NewsKinds(), b.Delivery.Kind)
	})
	return l
}

var webhookTests = map[string]func(*T){
	"a webhook is kept, changed and removed": func(t *T) {
		w := t.listening(consult.NewsOpened, consult.NewsDecided)
		same(t, "kept", got(t.Webhook(t.ctx, w.ID))(t), w)
		w.Label, w.Generation, w.RotatedAt = "Another", 2, t.now
		t.must(t.SetWebhook(t.ctx, w, t.change("webhook.rotate", w.ID)))
		same(t, "changed", got(t.Webhooks(t.ctx))(t), []consult.Webhook{w})
		t.must(t.RemoveWebhook(t.ctx, w.ID, t.change("webhook.remove", w.ID)))
		t.wants(consult.NotFound, t.RemoveWebhook(t.ctx, w.ID, t.change("webhook.remove", w.ID)))
		_, err := t.Webhook(t.ctx, w.ID)
		t.wants(consult.NotFound, err)
		for range consult.MaxWebhooks {
			t.listening(consult.NewsOpened)
		}
		t.wants(consult.Conflict, t.SaveWebhook(t.ctx, consult.Webhook{ID: t.id()}, t.change("webhook.add", 0)))
	},
	"it gets the news it asked for, each once, and nothing from before it": func(t *T) {
		t.saved()
		t.later(time.Second)
		w := t.listening(consult.NewsPublished, consult.NewsComment, consult.NewsAnswer)
		deaf := t.listening(consult.NewsDecided)
		id := t.saved()
		c := t.published(id)
		t.must(t.PublishComment(t.ctx, c, nil, t.change("comment.publish", c.ID))) // corrected: no news
		p := t.started(id)
		t.posted(t.answer(p.Thread.ID, "Behind the house."))
		private := t.commented(id)
		th := t.aThread(id)
		th.Anchor, th.AnchorID = consult.OnComment, private.ID
		_, err := t.StartThread(t.ctx, th, t.answer(th.ID, "Only for its author."), t.posting("thread.start", th.ID, 0))
		t.must(err)
		t.handOver()
		same(t, "again", t.handOver(), 0)
		calls := t.calls()
		var what []any
		for _, k := range calls {
			same(t, "to", k.Webhook, w)
			what = append(what, k.Delivery.Kind, k.Delivery.Subject, k.Delivery.Consultation, k.Delivery.Tries, k.Delivery.Standing)
		}
		same(t, "messages", what, []any{consult.NewsPublished, consult.ID(0), id, 1, consult.Consulting, consult.NewsComment, c.ID, id, 1,
			consult.Consulting, consult.NewsAnswer, p.Thread.ID, id, 1, consult.Consulting})
		_, n, err := t.WebhookLog(t.ctx, deaf.ID, 0, 9)
		t.must(err)
		same(t, "the other one's", n, 0)
	},
	"a claim is one node's until it is over": func(t *T) {
		w := t.listening(consult.NewsPublished)
		t.saved()
		t.handOver()
		first := t.calls()
		same(t, "claimed", []any{len(first), len(t.calls())}, []any{1, 0})
		t.later(time.Minute)
		again := t.calls()
		same(t, "after the lease", []any{len(again), again[0].Delivery.ID, again[0].Delivery.Tries}, []any{1, first[0].Delivery.ID, 2})
		t.must(t.WebhookSent(t.ctx, first[0].Delivery.ID, 204, t.now))
		t.later(100 * time.Hour)
		same(t, "sent", len(t.calls()), 0)
		log, n, err := t.WebhookLog(t.ctx, w.ID, 0, 9)
		t.must(err)
		same(t, "log", []any{n, log[0].State(), log[0].Code, log[0].SentAt}, []any{1, consult.DeliverySent, 204, t.now.Add(-100 * time.Hour).Truncate(time.Microsecond)})
	},
	"failing it waits, given up it pauses its webhook, and nothing is lost meanwhile": func(t *T) {
		w, other := t.listening(consult.NewsPublished), t.listening(consult.NewsPublished)
		t.saved()
		t.handOver()
		calls := t.calls()
		same(t, "both", len(calls), 2)
		for _, k := range calls {
			if k.Webhook.ID == w.ID {
				t.must(t.WebhookFailed(t.ctx, k.Delivery.ID, 500, "refused", t.now, t.now.Add(2*time.Minute)))
				continue
			}
			t.must(t.WebhookSent(t.ctx, k.Delivery.ID, 200, t.now))
		}
		log, _, err := t.WebhookLog(t.ctx, w.ID, 0, 9)
		t.must(err)
		same(t, "failing", []any{log[0].State(), log[0].Code, log[0].Failed}, []any{consult.DeliveryFailing, 500, "refused"})
		t.later(2 * time.Minute)
		t.must(t.WebhookFailed(t.ctx, t.calls()[0].Delivery.ID, 410, "refused", t.now, time.Time{}))
		paused := got(t.Webhook(t.ctx, w.ID))(t)
		same(t, "paused", []any{paused.Paused, paused.PausedAt, got(t.Webhook(t.ctx, other.ID))(t).Paused}, []any{consult.PausedByMail, t.now.Truncate(time.Microsecond), consult.Pause("")})
		t.saved()
		t.handOver()
		same(t, "while it rests", len(t.calls()), 1) // the other one's
		paused.Paused, paused.PausedAt = "", time.Time{}
		t.must(t.SetWebhook(t.ctx, paused, t.change("webhook.resume", w.ID)))
		same(t, "what was given up and what came meanwhile", len(t.calls()), 2)
	},
	"old messages are forgotten, waiting ones are not": func(t *T) {
		w := t.listening(consult.NewsPublished)
		t.saved()
		t.saved()
		t.handOver()
		t.match()
		t.must(t.WebhookSent(t.ctx, t.calls()[0].Delivery.ID, 200, t.now))
		t.later(40 * 24 * time.Hour)
		month := t.now.Add(-30 * 24 * time.Hour)
		got(t.PurgeAlerts(t.ctx, month, month, month))(t)
		log, n, err := t.WebhookLog(t.ctx, w.ID, 0, 9)
		t.must(err)
		same(t, "log", []any{n, log[0].State()}, []any{1, consult.DeliveryWaiting})
		same(t, "news", got(t.HandOverNews(t.ctx, t.now, 9))(t), 0)
	},
	"a test and a repetition": func(t *T) {
		w := t.listening(consult.NewsDecided)
		d := consult.WebhookDelivery{ID: t.id(), Webhook: w.ID, Kind: consult.WebhookTest, At: t.now, NextTry: t.now}
		t.must(t.QueueWebhookTest(t.ctx, d, t.change("webhook.test", w.ID)))
		more := d
		more.ID = t.id()
		t.must(t.QueueWebhookTest(t.ctx, more, t.change("webhook.test", w.ID)))
		calls := t.calls()
		same(t, "both", []any{len(calls), calls[0].Delivery.Kind}, []any{2, consult.WebhookTest})
		for _, k := range calls {
			t.must(t.WebhookSent(t.ctx, k.Delivery.ID, 200, t.now))
		}
		t.must(t.RetryWebhook(t.ctx, w.ID, d.ID, t.change("webhook.redeliver", d.ID)))
		again := t.calls()
		same(t, "again", []any{len(again), again[0].Delivery.ID, again[0].Delivery.Tries}, []any{1, d.ID, 1})
		t.wants(consult.NotFound, t.RetryWebhook(t.ctx, 4711, d.ID, t.change("webhook.redeliver", d.ID)))
		d.ID, d.Webhook = t.id(), 4711
		t.wants(consult.NotFound, t.QueueWebhookTest(t.ctx, d, t.change("webhook.test", 4711)))
	},
}
