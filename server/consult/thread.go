package consult

import "time"

// AnchorKind is what a thread hangs on.
type AnchorKind string

// The anchors.
const (
	OnConsultation AnchorKind = "consultation"
	OnDocument     AnchorKind = "document"
	OnComment      AnchorKind = "comment"
	OnDesk         AnchorKind = "desk" // the officers' own stream: what came in; one in the whole store
)

// DeskThread is the id of the officers' own stream. Its events name comments and messages; it has no messages of its own.
const DeskThread ID = 1

// Limits of threads, in characters.
const (
	MaxMessage = 3000
	MaxTitle   = 120
)

// Thread is a live, informal dialogue.
type Thread struct {
	ID           ID
	Consultation ID // 0 for the desk
	Anchor       AnchorKind
	AnchorID     ID
	Title        string
	Epoch        string // changes when the log was restored or purged; readers then start over
	Seq          int64  // number of the last event; dense from 1
	Locked       bool
	WaitingSince time.Time // oldest unanswered message of a resident; zero = none
	AnswerDue    time.Time // the promise; zero = nothing waits
	CreatedAt    time.Time
	Messages     int // visible ones
}

// AuthorKind says who wrote a message.
type AuthorKind string

// The authors of messages.
const (
	ByResident AuthorKind = "resident"
	ByOfficer  AuthorKind = "officer"
)

// MessageState is whether a message can be read.
type MessageState string

// The states of a message. Held and hidden ones leave a stub.
const (
	MessageVisible MessageState = "visible"
	MessageHeld    MessageState = "held"   // waits for a moderator; Rule says why
	MessageHidden  MessageState = "hidden" // by a moderator, under Rule, with Reason
)

// HideRules lists the rules a message can be hidden or held under; the texts stand in static/lang.
func HideRules() []string {
	return []string{"personal-data", "abuse", "hate", "threat", "advertising", "links", "off-topic", "repeated"}
}

// Message is one contribution in a thread. Readers that may not see it get an empty Body.
type Message struct {
	ID        ID
	Thread    ID
	Seq       int64 // its event's number
	Author    AuthorKind
	Visitor   ID     // the browser that wrote it, for "you"; never shown
	Name      string // a resident's chosen name, "" = "a resident"
	Service   string // official messages: the service
	Title     string // official messages: the role
	Body      string
	Language  string
	State     MessageState
	Rule      string
	Reason    string
	Answer    ID // the answer to a concern that it carries; 0 = it was written for this thread alone
	CreatedAt time.Time
	Facts     []Fact    // published cards pinned under it; only where it is read in its thread
	Supported Supported // filled for readers
	// Official messages on their way in: with Guarded, the store refuses one whose writer had not seen the latest official message, as
	// Seen, the highest number shown, tells.
	Guarded bool
	Seen    int64
}

// EventKind is what happened in a thread.
type EventKind string

// The kinds of event.
const (
	EventMessage  EventKind = "message"
	EventHidden   EventKind = "hidden"
	EventRestored EventKind = "restored"
	EventPinned   EventKind = "pinned"   // a fact card was put under the message, or changed there
	EventUnpinned EventKind = "unpinned" // one was taken away
	EventComment  EventKind = "comment"  // desk: a comment came in
	EventWaiting  EventKind = "waiting"  // desk: a message waits for an answer
	EventSettled  EventKind = "settled"  // desk: something was answered or published
	EventGrouped  EventKind = "grouped"  // desk: somebody sorted points; the subject is the concern
)

// Event is one entry of a thread's log. Subject is the message (or, on the desk, the comment or thread) it is about.
type Event struct {
	Thread  ID
	Seq     int64
	Kind    EventKind
	Subject ID
	At      time.Time
	Message *Message // for message, hidden, restored, pinned, unpinned: the message as it is now
}

// MessageInput is a finished message form.
type MessageInput struct {
	Thread   ID
	Name     string
	Body     string
	Language string
	Key      string // idempotency key, a UUID
	Guarded  bool   // official: refuse with Conflict when a colleague answered behind Seen
	Seen     int64  // the highest number of the thread that the page showed
}

// ThreadInput opens a thread with its first message.
type ThreadInput struct {
	Consultation ID
	Anchor       AnchorKind
	AnchorID     ID
	Title        string
	First        MessageInput
}

// Posted is what the author of a message gets.
type Posted struct {
	Message Message
	Thread  Thread
	Again   bool // the same form had arrived before
}
