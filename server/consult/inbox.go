package consult

import "time"

// InboxView is one of the officers' lists.
type InboxView string

// The views of the inbox.
const (
	InboxUnanswered InboxView = "unanswered" // comments and threads that wait for an answer, oldest promise first
	InboxPublish    InboxView = "publish"    // comments received but neither published nor withheld, oldest first
	InboxHeld       InboxView = "held"       // messages held for a moderator, oldest first
)

// InboxItem is one line of the desk. Exactly one of Comment and Thread says what it is; Message is set in the held view.
type InboxItem struct {
	Comment      ID
	Thread       ID
	Message      ID
	Consultation ID
	Heading      string           // the consultation's title
	Kind         ConsultationKind // comments: what the consultation is
	Title        string           // the thread's title; "" for comments
	Excerpt      string           // first words of what waits, original text
	Stance       Stance           // comments
	Topics       []Topic
	WardCode     string
	State        CommentState
	Rule         string // held messages
	Since        time.Time
	Due          time.Time // zero = no promise
}

// InboxPage is one page of a view.
type InboxPage struct {
	Items  []InboxItem
	Counts map[InboxView]int
	Offset int
	Limit  int
	Head   int64  // the desk stream's last event, to announce what comes later
	Epoch  string // of the desk stream
}
