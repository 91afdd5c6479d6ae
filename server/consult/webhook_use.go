package consult

import (
	"context"
	"slices"
	"strings"
	"time"
)

// WebhookInput is a finished form of an administrator.
type WebhookInput struct {
	Label  string
	URL    string
	Events []NewsKind
	Key    string // idempotency key
}

// Webhooks lists the webhooks.
func (s *Service) Webhooks(ctx context.Context, a Actor) ([]Webhook, error) {
	if err := Must(a, ManageWebhooks, "list webhooks"); err != nil {
		return nil, err
	}
	return s.store.Webhooks(ctx)
}

// Webhook reads one.
func (s *Service) Webhook(ctx context.Context, a Actor, id ID) (Webhook, error) {
	if err := Must(a, ManageWebhooks, "read webhook"); err != nil {
		return Webhook{}, err
	}
	return s.store.Webhook(ctx, id)
}

// WebhookLog lists a webhook's messages, newest first, and counts them.
func (s *Service) WebhookLog(ctx context.Context, a Actor, id ID, offset, limit int) ([]WebhookDelivery, int, error) {
	if err := Must(a, ManageWebhooks, "read webhook"); err != nil {
		return nil, 0, err
	}
	limit, offset = ClampPage(limit, offset)
	return s.store.WebhookLog(ctx, id, offset, limit)
}

// AddWebhook registers an address and gives the secret that signs what is sent there, "" when the same form arrived before: it is shown
// once. Whether the address may be called at all is for the sender to say, at every call.
func (s *Service) AddWebhook(ctx context.Context, a Actor, in WebhookInput) (Webhook, string, error) {
	const op = "add webhook"
	if err := Must(a, ManageWebhooks, op); err != nil {
		return Webhook{}, "", err
	}
	in.Label = strings.TrimSpace(in.Label)
	var bad check
	bad.line("label", in.Label, maxWebhookLabel, true)
	bad.line("url", in.URL, maxWebhookURL, true)
	bad.key(in.Key)
	if in.URL != "" && !WebLink(in.URL) {
		bad.add("url", "link")
	}
	events := knownEvents(in.Events)
	if len(events) == 0 {
		bad.add("events", "required")
	}
	if err := bad.err(op); err != nil {
		return Webhook{}, "", err
	}
	now := s.clock()
	w := Webhook{ID: NewID(now), Label: in.Label, URL: in.URL, Events: events, Generation: 1, CreatedAt: now}
	err := s.store.SaveWebhook(ctx, w, s.change(a, "webhook.add", w.ID).keyed(in.Key, in))
	if id, again := repeated(err); again {
		w, err = s.store.Webhook(ctx, id)
		return w, "", err
	}
	if KindOf(err) == Conflict {
		return Webhook{}, "", fail(Invalid, op, FieldError{Field: "url", Rule: "webhooks_full", Args: map[string]any{"max": MaxWebhooks}})
	}
	if err != nil {
		return Webhook{}, "", err
	}
	return w, shownSecret(s.webhookSecret(w.ID, w.Generation)), nil
}

func knownEvents(chosen []NewsKind) []NewsKind {
	return slices.DeleteFunc(NewsKinds(), func(k NewsKind) bool { return !slices.Contains(chosen, k) })
}

// RotateWebhook gives a webhook another secret and shows it once. The former one signs as well for SecretOverlap.
func (s *Service) RotateWebhook(ctx context.Context, a Actor, id ID) (Webhook, string, error) {
	w, err := s.setWebhook(ctx, a, id, "webhook.rotate", func(w *Webhook, now time.Time) {
		w.Generation, w.RotatedAt = w.Generation+1, now
	})
	if err != nil {
		return w, "", err
	}
	return w, shownSecret(s.webhookSecret(w.ID, w.Generation)), nil
}

// PauseWebhook keeps messages back until it is resumed; none is lost meanwhile.
func (s *Service) PauseWebhook(ctx context.Context, a Actor, id ID) error {
	_, err := s.setWebhook(ctx, a, id, "webhook.pause", func(w *Webhook, now time.Time) { w.Paused, w.PausedAt = PausedByOwner, now })
	return err
}

// ResumeWebhook sends what waited and what was given up.
func (s *Service) ResumeWebhook(ctx context.Context, a Actor, id ID) error {
	_, err := s.setWebhook(ctx, a, id, "webhook.resume", func(w *Webhook, _ time.Time) { w.Paused, w.PausedAt = "", time.Time{} })
	return err
}

func (s *Service) setWebhook(ctx context.Context, a Actor, id ID, action string, edit func(*Webhook, time.Time)) (Webhook, error) {
	if err := Must(a, ManageWebhooks, action); err != nil {
		return Webhook{}, err
	}
	w, err := s.store.Webhook(ctx, id)
	if err != nil {
		return w, err
	}
	ch := s.change(a, action, id)
	edit(&w, ch.At)
	return w, s.store.SetWebhook(ctx, w, ch)
}

// RemoveWebhook ends a webhook; what waits for it is not sent.
func (s *Service) RemoveWebhook(ctx context.Context, a Actor, id ID) error {
	if err := Must(a, ManageWebhooks, "remove webhook"); err != nil {
		return err
	}
	return s.store.RemoveWebhook(ctx, id, s.change(a, "webhook.remove", id))
}

// TestWebhook sends a message of type webhook.test.
func (s *Service) TestWebhook(ctx context.Context, a Actor, id ID) error {
	if err := Must(a, ManageWebhooks, "test webhook"); err != nil {
		return err
	}
	ch := s.change(a, "webhook.test", id)
	return s.store.QueueWebhookTest(ctx, WebhookDelivery{ID: NewID(ch.At), Webhook: id, Kind: WebhookTest, At: ch.At, NextTry: ch.At}, ch)
}

// RetryWebhook sends a message again, under the id it had.
func (s *Service) RetryWebhook(ctx context.Context, a Actor, webhook, delivery ID) error {
	if err := Must(a, ManageWebhooks, "redeliver"); err != nil {
		return err
	}
	return s.store.RetryWebhook(ctx, webhook, delivery, s.change(a, "webhook.redeliver", delivery))
}

// HandOverNews keeps messages for webhooks out of a batch of news. Any number of nodes may call it: one reads at a time.
func (s *Service) HandOverNews(ctx context.Context, limit int) (int, error) {
	return s.store.HandOverNews(ctx, s.clock(), limit)
}

// ClaimWebhooks hands out due messages; nobody else gets them until the lease is over.
func (s *Service) ClaimWebhooks(ctx context.Context, lease time.Duration, limit int) ([]WebhookCall, error) {
	return s.store.ClaimWebhooks(ctx, s.clock(), lease, limit)
}

// WebhookSent notes that a message arrived.
func (s *Service) WebhookSent(ctx context.Context, delivery ID, code int) error {
	return s.store.WebhookSent(ctx, delivery, code, s.clock())
}

// WebhookFailed notes that a message did not arrive. wait is how long until the next try; below 0 it is given up and its webhook paused.
func (s *Service) WebhookFailed(ctx context.Context, delivery ID, code int, reason string, wait time.Duration) error {
	now, next := s.clock(), time.Time{}
	if wait >= 0 {
		next = now.Add(wait)
	}
	return s.store.WebhookFailed(ctx, delivery, code, reason, now, next)
}
