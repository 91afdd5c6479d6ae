package server

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/hook"
)

// caller is the part of the domain that keeps messages for webhooks until they arrived.
type caller interface {
	HandOverNews(ctx context.Context, limit int) (int, error)
	ClaimWebhooks(ctx context.Context, lease time.Duration, limit int) ([]consult.WebhookCall, error)
	WebhookSecrets(w consult.Webhook) [][]byte
	WebhookBody(ctx context.Context, d consult.WebhookDelivery, base string) ([]byte, error)
	WebhookSent(ctx context.Context, delivery consult.ID, code int) error
	WebhookFailed(ctx context.Context, delivery consult.ID, code int, reason string, wait time.Duration) error
	Now() time.Time
}

// webhooks sends news to the addresses of other programs: at least once, in no promised order. Any number of nodes may run one; a claim
// belongs to one of them.
type webhooks struct {
	domain caller
	sender *hook.Sender
	base   string // the site's address
	log    *slog.Logger
	bell   chan struct{}

	sent, retried, givenUp atomic.Int64
}

// How webhooks work. A claim outlives the slowest batch, so that no other node takes a message that is still being sent.
const (
	hookParallel = 8
	hookBatch    = 32
	hookLease    = (hookBatch/hookParallel + 1) * (hook.Longest + 5*time.Second)
	hooksEvery   = 5 * time.Second
)

// hookTries is how often a message is tried before it is given up; with the waits between them for about a day.
const hookTries = 12

func newWebhooks(domain caller, sender *hook.Sender, base string, log *slog.Logger) *webhooks {
	return &webhooks{domain: domain, sender: sender, base: base, log: log, bell: make(chan struct{}, 1)}
}

// assembleNews makes what reads the news: alerts and webhooks.
func (a *App) assembleNews() {
	policy := hook.Policy{Loopback: a.cfg.WebhookLoopback}
	a.web.CheckWebhook = policy.CheckURL
	a.alerts = newAlerts(a.Service, a.mail.Kick, a.log)
	a.webhooks = newWebhooks(a.Service, hook.NewSender(policy, nil), a.cfg.BaseURL, a.log)
}

// Kick wakes it after a commit; it never waits.
func (h *webhooks) Kick() {
	select {
	case h.bell <- struct{}{}:
	default:
	}
}

// Run sends until ctx ends, then lets the calls already begun finish.
func (h *webhooks) Run(ctx context.Context) {
	tick := time.NewTicker(hooksEvery)
	defer tick.Stop()
	failing := false
	for {
		err := h.pass(ctx)
		if (err != nil) != failing && ctx.Err() == nil {
			failing = err != nil
			h.log.Warn("webhooks changed state", "failing", failing, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-h.bell:
		case <-tick.C:
		}
	}
}

// pass keeps messages of all the news there is, and tries everything that is due.
func (h *webhooks) pass(ctx context.Context) error {
	for {
		n, err := h.domain.HandOverNews(ctx, newsBatch)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
	}
	for ctx.Err() == nil {
		due, err := h.domain.ClaimWebhooks(ctx, hookLease, hookBatch)
		if err != nil || len(due) == 0 {
			return err
		}
		var round errgroup.Group
		round.SetLimit(hookParallel)
		for _, call := range due {
			// What was claimed is finished even when ctx ends meanwhile: a call cut off half way would be made twice.
			round.Go(func() error { return h.deliver(context.WithoutCancel(ctx), call) })
		}
		if err := round.Wait(); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// deliver makes one call and notes what came of it.
func (h *webhooks) deliver(ctx context.Context, call consult.WebhookCall) error {
	d := call.Delivery
	code, failed := h.send(ctx, call)
	if failed == nil {
		h.sent.Add(1)
		return gone(h.domain.WebhookSent(ctx, d.ID, code))
	}
	wait := hookWait(d.Tries, rand.Float64())
	// 410 is how a receiver says that it wants no more (Standard Webhooks).
	if d.Tries >= hookTries || code == http.StatusGone {
		wait = -1
	}
	if wait < 0 {
		h.givenUp.Add(1)
		h.log.Error("webhook given up", "webhook", call.Webhook.ID.String(), "delivery", d.ID.String(), "tries", d.Tries, "reason", failed.Error())
	} else {
		h.retried.Add(1)
		h.log.Warn("webhook delayed", "webhook", call.Webhook.ID.String(), "delivery", d.ID.String(), "tries", d.Tries, "reason", failed.Error())
	}
	return gone(h.domain.WebhookFailed(ctx, d.ID, code, failed.Error(), wait))
}

// gone forgives that a webhook was removed while it was being called.
func gone(err error) error {
	if consult.KindOf(err) == consult.NotFound {
		return nil
	}
	return err
}

func (h *webhooks) send(ctx context.Context, call consult.WebhookCall) (int, error) {
	body, err := h.domain.WebhookBody(ctx, call.Delivery, h.base)
	if err != nil {
		return 0, errors.New("wording the message")
	}
	return h.sender.Send(ctx, hook.Call{URL: call.Webhook.URL, ID: call.Delivery.MessageID(), At: h.domain.Now(), Body: body,
		Secrets: h.domain.WebhookSecrets(call.Webhook)})
}

const (
	firstHookWait = 10 * time.Second
	maxHookWait   = 6 * time.Hour
)

// hookWait is how long to wait after so many tries: three times as long each time, from ten seconds to six hours, a fifth more or less at
// random so that messages delayed together do not come back together. luck lies in [0, 1).
func hookWait(tries int, luck float64) time.Duration {
	wait := firstHookWait
	for n := 1; n < tries && wait < maxHookWait; n++ {
		wait *= 3
	}
	return time.Duration(float64(min(wait, maxHookWait)) * (0.8 + 0.4*luck))
}
