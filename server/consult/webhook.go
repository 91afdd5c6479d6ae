package consult

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"time"
)

// Webhook is an address of another program that news is sent to, signed. Its form follows the Standard Webhooks specification.
type Webhook struct {
	ID         ID
	Label      string // what it is for, in the administrator's words
	URL        string
	Events     []NewsKind
	Generation int       // of its secret, from 1
	RotatedAt  time.Time // when the secret was last changed; zero = never
	Paused     Pause
	PausedAt   time.Time
	CreatedAt  time.Time
}

// WebhookTest is the type of a message that only shows that one arrives.
const WebhookTest NewsKind = "webhook.test"

// Limits of webhooks.
const (
	MaxWebhooks     = 20
	maxWebhookURL   = 500
	maxWebhookLabel = 100
	// SecretOverlap is how long messages are signed with the former secret, too, so that the receiver can change over in peace.
	SecretOverlap = 24 * time.Hour
)

// WebhookDelivery is one message to one webhook. Its ID is that of the message, at every try.
type WebhookDelivery struct {
	ID           ID
	Webhook      ID
	Kind         NewsKind
	Consultation ID // 0 = a test
	Subject      ID // the comment, or the thread of an answer
	Standing     State
	At           time.Time // when it happened
	Tries        int       // begun, this one included
	NextTry      time.Time
	SentAt       time.Time
	GivenUpAt    time.Time
	Code         int    // status of the last answer; 0 = there was none
	Failed       string // why the last try failed
}

// State says what became of the message.
func (d WebhookDelivery) State() DeliveryState {
	switch {
	case !d.SentAt.IsZero():
		return DeliverySent
	case d.NextTry.IsZero():
		return DeliveryGivenUp
	case d.Failed != "":
		return DeliveryFailing
	}
	return DeliveryWaiting
}

// WebhookCall is a message that is to be sent now, and to whom.
type WebhookCall struct {
	Webhook  Webhook
	Delivery WebhookDelivery
}

// MessageID is the message's id as receivers see it.
func (d WebhookDelivery) MessageID() string { return "msg_" + d.ID.String() }

// WebhookStore keeps webhooks and the messages that wait for them.
type WebhookStore interface {
	Webhooks(ctx context.Context) ([]Webhook, error)
	Webhook(ctx context.Context, id ID) (Webhook, error)
	SaveWebhook(ctx context.Context, w Webhook, ch Change) error // a new one; Conflict past MaxWebhooks
	// SetWebhook replaces what can change: label, URL, events, secret's generation, pause. Resuming lets messages that were given up wait
	// again.
	SetWebhook(ctx context.Context, w Webhook, ch Change) error
	RemoveWebhook(ctx context.Context, id ID, ch Change) error // with its messages
	WebhookLog(ctx context.Context, webhook ID, offset, limit int) ([]WebhookDelivery, int, error)
	// QueueWebhookTest keeps a message of no news.
	QueueWebhookTest(ctx context.Context, d WebhookDelivery, ch Change) error
	RetryWebhook(ctx context.Context, webhook, delivery ID, ch Change) error // again now, also one that was sent
	// HandOverNews reads on in the news, at most limit pieces, and keeps a message for each webhook that asked for it, in one transaction
	// with how far it came. It counts the pieces read; 0 = there is nothing more, or another node reads.
	HandOverNews(ctx context.Context, now time.Time, limit int) (int, error)
	// ClaimWebhooks hands out due messages of webhooks that are not paused and hides them from other nodes until now+lease.
	ClaimWebhooks(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]WebhookCall, error)
	WebhookSent(ctx context.Context, delivery ID, code int, at time.Time) error
	// WebhookFailed keeps why and when to try again; the zero time gives up and pauses the webhook.
	WebhookFailed(ctx context.Context, delivery ID, code int, reason string, at, next time.Time) error
}

// webhookSecret derives a secret from the site's key, so that none is kept: 256 bits of HMAC-SHA256.
func (s *Service) webhookSecret(id ID, generation int) []byte {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte("webhook\x00" + id.String() + "\x00" + strconv.Itoa(generation)))
	return mac.Sum(nil)
}

// shownSecret is a secret as the specification writes it.
func shownSecret(secret []byte) string { return "whsec_" + base64.StdEncoding.EncodeToString(secret) }

// WebhookSecrets are the keys that sign a webhook's messages now: its own and, for a day after a change, the former.
func (s *Service) WebhookSecrets(w Webhook) [][]byte {
	secrets := [][]byte{s.webhookSecret(w.ID, w.Generation)}
	if w.Generation > 1 && s.clock().Before(w.RotatedAt.Add(SecretOverlap)) {
		secrets = append(secrets, s.webhookSecret(w.ID, w.Generation-1))
	}
	return secrets
}

// webhookBody is what a message says: what happened and where to read of it, nothing that a person wrote besides the public title.
type webhookBody struct {
	ID        string      `json:"id"`
	Type      NewsKind    `json:"type"`
	Timestamp time.Time   `json:"timestamp"`
	Data      webhookData `json:"data"`
}

type webhookData struct {
	Consultation *webhookCase      `json:"consultation,omitempty"`
	Comment      *ID               `json:"comment,omitempty"`
	Thread       *ID               `json:"thread,omitempty"`
	Concern      *ID               `json:"concern,omitempty"`
	Links        map[string]string `json:"links,omitempty"`
}

type webhookCase struct {
	ID        ID     `json:"id"`
	Reference string `json:"reference,omitempty"`
	Title     string `json:"title,omitempty"`
	State     State  `json:"state"` // as it stood when this happened
}

// WebhookBody words a message as JSON. base is the site's address. A consultation that is no longer public, or gone, is only named by
// its id.
func (s *Service) WebhookBody(ctx context.Context, d WebhookDelivery, base string) ([]byte, error) {
	body := webhookBody{ID: d.MessageID(), Type: d.Kind, Timestamp: d.At.UTC()}
	if d.Consultation != 0 {
		k, err := s.visible(ctx, Actor{}, d.Consultation)
		if err != nil && KindOf(err) != NotFound {
			return nil, err
		}
		id := d.Consultation.String()
		body.Data = webhookData{Consultation: &webhookCase{ID: d.Consultation, Reference: k.Application.Reference, Title: k.Title, State: d.Standing},
			Links: map[string]string{"page": base + "/consultations/" + id, "api": base + "/api/v1/consultations/" + id}}
	}
	if d.Subject != 0 {
		subject := d.Subject
		switch d.Kind {
		case NewsComment:
			body.Data.Comment, body.Data.Links["comment"] = &subject, base+"/comments/"+subject.String()
		case NewsAnswer:
			body.Data.Thread, body.Data.Links["thread"] = &subject, base+"/threads/"+subject.String()
		case NewsConcern:
			body.Data.Concern, body.Data.Links["concern"] = &subject, base+"/concerns/"+subject.String()
		}
	}
	return json.Marshal(body)
}
