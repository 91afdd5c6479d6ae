package consult

import "time"

// InboxView is one of the officers' lists.
type InboxView string

// The views of the inbox. An item that is snoozed is in none but its own, and in Held, where a resident waits for a moderator.
const (
	InboxUnanswered InboxView = "unanswered" // what waits for an answer, oldest promise first
	InboxMine       InboxView = "mine"       // what belongs to the officer and still wants something
	InboxService    InboxView = "service"    // what belongs to the officer's service and to nobody in it who is here
	InboxDue        InboxView = "due"        // what waits for an answer that is late or due within DueSoon
	InboxHeld       InboxView = "held"       // messages held for a moderator, oldest first
	InboxMentions   InboxView = "mentions"   // where a colleague named the officer, oldest first
	InboxPublish    InboxView = "publish"    // comments received but neither published nor withheld, oldest first
	InboxSnoozed    InboxView = "snoozed"    // what rests, what comes back first
)

// InboxViews lists them in the order they are offered.
func InboxViews() []InboxView {
	return []InboxView{InboxUnanswered, InboxMine, InboxService, InboxDue, InboxHeld, InboxMentions, InboxPublish, InboxSnoozed}
}

// DueSoon is how many working days ahead "due soon" looks.
const DueSoon = 2

// InboxPerPage is how many lines a page of the inbox has.
const InboxPerPage = 25

// InboxFilter narrows a view. The zero value of a field asks for nothing.
type InboxFilter struct {
	View         InboxView
	Service      string           // the item's, which is the consultation's until somebody changes it
	Officer      ID               // to whom it belongs
	Ward         string           // GSS code: the comment's, else the consultation's
	Topic        Topic            // comments that speak on it
	Kind         ConsultationKind // of the consultation
	Type         string           // beginning of the application's type
	Language     string           // what waits is written in
	Consultation ID
	Channel      Channel // comments
	Age          int     // at least so many times 24 hours old
	Words        string  // in the consultation's title or reference, or in what waits
}

// InboxQuery asks for one page of a view, on behalf of an officer. Saved are further lists to count.
type InboxQuery struct {
	InboxFilter
	Me      ID
	Service string // the officer's own
	Now     time.Time
	Soon    time.Time // until when "due soon" looks
	Offset  int
	Limit   int
	Saved   []InboxFilter
}

// InboxItem is one line of the desk. Exactly one of Comment and Thread says what it is; Message is set in the held view.
type InboxItem struct {
	Comment      ID
	Thread       ID
	Message      ID
	Item         ID // what is assigned and snoozed: the comment, also of the comment's thread; else the thread
	Consultation ID
	Heading      string           // the consultation's title
	Kind         ConsultationKind // comments: what the consultation is
	Title        string           // the thread's title; "" for comments
	Excerpt      string           // first words of what waits, original text
	Reason       string           // first words of why its author says that the answer is none; "" = it waits for its first
	Stance       Stance           // comments
	Topics       []Topic          // of its points that wait; where none does, of all
	WardCode     string
	State        CommentState
	Rule         string // held messages
	Since        time.Time
	Due          time.Time // zero = no promise, or the clock rests
	Paused       string    // why the clock of everything that waits rests; "" = it runs
	Assignment   Assignment
	Away         time.Time // until when its officer is away; zero = here
}

// InboxPage is one page of a view.
type InboxPage struct {
	Items  []InboxItem
	Counts map[InboxView]int // of each view with the same filter
	Saved  []int             // of the further lists
	Offset int
	Limit  int
	Head   int64  // the desk stream's last event, to announce what comes later
	Epoch  string // of the desk stream
}
