package consult

import (
	"context"
	"slices"
	"strings"
	"time"
)

// DeliveryState says what became of a mail.
type DeliveryState string

// The states of a mail.
const (
	DeliveryWaiting DeliveryState = "waiting"  // for its first try, or for the next digest
	DeliveryFailing DeliveryState = "failing"  // a try failed; there will be another
	DeliverySent    DeliveryState = "sent"     // a mail server took it
	DeliveryGivenUp DeliveryState = "given-up" // no further try by itself
)

// DeliveryStates lists them, what needs somebody first.
func DeliveryStates() []DeliveryState {
	return []DeliveryState{DeliveryGivenUp, DeliveryFailing, DeliveryWaiting, DeliverySent}
}

// DeliveryLine is one mail as officers see it.
type DeliveryLine struct {
	ID           ID
	Kind         MailKind
	State        DeliveryState
	Address      string // masked; "" once it is forgotten
	Consultation ID     // 0 = about none
	Alert        ID     // 0 = not an alert's
	Tries        int
	MadeAt       time.Time
	NextTry      time.Time
	SentAt       time.Time
	GivenUpAt    time.Time
	Failed       string
	CanRetry     bool
}

// DeliveryFilter narrows the log of mails.
type DeliveryFilter struct {
	State  DeliveryState // "" = any
	Kind   MailKind      // "" = any
	Offset int
	Limit  int
}

// DeliveryPage is one page of it.
type DeliveryPage struct {
	Lines  []DeliveryLine
	Total  int
	Counts map[DeliveryState]map[MailKind]int // of everything, whatever the filter
}

// DeliveryStore reads the log of mails and brings back what was given up.
type DeliveryStore interface {
	// Deliveries lists mails, newest first, with masked addresses.
	Deliveries(ctx context.Context, f DeliveryFilter) (DeliveryPage, error)
	// RetryDelivery tries a mail now, as if for the first time; what was paused because of it runs again. Conflict when it was sent,
	// Closed when its address is forgotten or its link over.
	RetryDelivery(ctx context.Context, id ID, ch Change) error
}

// MaskEmail leaves of an address what tells two people apart on a list and writes to nobody: r•••@example.org.
func MaskEmail(email string) string {
	at := strings.LastIndexByte(email, '@')
	if at < 1 {
		return ""
	}
	first := []rune(email[:at])[:1]
	return string(first) + "•••" + email[at:]
}

// Deliveries is the log of mails for officers.
func (s *Service) Deliveries(ctx context.Context, a Actor, f DeliveryFilter) (DeliveryPage, error) {
	const op = "read deliveries"
	if err := Must(a, WorkInbox, op); err != nil {
		return DeliveryPage{}, err
	}
	if f.State != "" && !slices.Contains(DeliveryStates(), f.State) {
		return DeliveryPage{}, fail(NotFound, op)
	}
	f.Limit, f.Offset = ClampPage(f.Limit, f.Offset)
	return s.store.Deliveries(ctx, f)
}

// RetryDelivery tries a mail again now.
func (s *Service) RetryDelivery(ctx context.Context, a Actor, id ID) error {
	if err := Must(a, WorkInbox, "retry delivery"); err != nil {
		return err
	}
	return s.store.RetryDelivery(ctx, id, s.change(a, "delivery.retry", id))
}
