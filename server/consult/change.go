package consult

import "time"

// Change is what every write carries into the store's one transaction, beside its rows: who acts, the audit row, the thread
// events to append and the mails to send.
type Change struct {
	Actor  Actor
	At     time.Time
	Action string // "comment.submit", "message.post", …
	// Subject is the record acted on, for the audit row.
	Subject ID
	Detail  string  // for the audit: short, never a person's words or contact
	Events  []Event // appended in order; Seq is assigned by the store
	Mails   []Mail  // expanded to deliveries in the same transaction
	Trace   *Trace  // where a visitor's write came from; nil = no matter
	Key     string  // idempotency key, "" = none
	Digest  string  // hash of the input, to tell a repeat from another use of the key
}

// Repeat is returned by stores when the change's key was used before with the same digest: Result is the record it made.
type Repeat struct{ Result ID }

func (r *Repeat) Error() string { return "repeated request" }
