package consult

import (
	"cmp"
	"context"
	"time"
)

// Assignment says to whom an item of the desk belongs, and until when it rests. The zero Assignment is nobody's, and awake.
type Assignment struct {
	Officer ID        // 0 = nobody
	Service string    // "" = the consultation's
	Snoozed time.Time // zero or over = awake
}

// DeskKind is what an item is.
type DeskKind string

// The kinds of items. A comment's own thread is no item of its own.
const (
	DeskComment DeskKind = "comment"
	DeskDialog  DeskKind = "thread"
)

// DeskItem is an item with where it lies.
type DeskItem struct {
	Item         ID
	What         DeskKind
	Consultation ID
	Home         string // the consultation's service, whose the item is as long as nobody says otherwise
	Assignment
	Version   int // of the assignment, 0 = it was never touched
	ChangedBy ID  // officer; 0 = the site itself
	ChangedAt time.Time
}

// Whose is the service the item belongs to.
func (i DeskItem) Whose() string { return cmp.Or(i.Service, i.Home) }

// Lies tells whether the item already lies as an assignment says.
func (i DeskItem) Lies(a Assignment) bool {
	return i.Officer == a.Officer && i.Whose() == cmp.Or(a.Service, i.Home) && i.Snoozed.Equal(a.Snoozed)
}

// DeskActKind is what can be done with items.
type DeskActKind string

// What officers do. Every act but the last three can be undone.
const (
	ActAssign   DeskActKind = "assign"    // to an officer
	ActHandOver DeskActKind = "hand-over" // to a service, or an officer of another one, with a note
	ActUnassign DeskActKind = "unassign"  // nobody in particular: the service
	ActSnooze   DeskActKind = "snooze"    // until a moment, or a resident writes again
	ActWake     DeskActKind = "wake"
	ActOff      DeskActKind = "off" // off the officer's own desk: mentions are dealt with, what is assigned to them goes back to the service

	ActRoute  DeskActKind = "route"  // by a rule, when it came in
	ActCarry  DeskActKind = "carry"  // from the comment that this one replaces
	ActReturn DeskActKind = "return" // from its rest: the resident wrote again
)

// DeskActs lists what an officer can do.
func DeskActs() []DeskActKind {
	return []DeskActKind{ActAssign, ActHandOver, ActUnassign, ActSnooze, ActWake, ActOff}
}

// Limits of the desk.
const (
	MaxNote     = 2000 // characters
	MaxBulk     = 1000 // items of one act
	MaxSnooze   = 366  // days
	UndoWithin  = 24 * time.Hour
	MaxViewName = 60 // characters
	MaxViews    = 20 // saved by one officer
)

// DeskAct is one thing done with one item or many.
type DeskAct struct {
	ID      ID
	Kind    DeskActKind
	By      ID // officer; 0 = the site itself
	Officer ID // assign, hand-over: to whom; 0 = the service
	Service string
	Until   time.Time // snooze
	Rule    string    // route: the rule's name
	Note    string    // hand-over
	Items   int       // how many it changed
	At      time.Time
	Undone  time.Time // zero = not
	// Seen is when the officer saw what they act upon: what a colleague changed after it is left alone and named. Zero = do not ask.
	Seen time.Time
}

// On is what the act makes of an item's assignment.
func (a DeskAct) On(i Assignment) Assignment {
	switch a.Kind {
	case ActAssign, ActHandOver, ActRoute, ActCarry:
		i.Officer, i.Service = a.Officer, a.Service
	case ActUnassign:
		i.Officer = 0
	case ActSnooze:
		i.Snoozed = a.Until
	case ActWake, ActReturn:
		i.Snoozed = time.Time{}
	case ActOff:
		if i.Officer == a.By {
			i.Officer = 0
		}
	}
	return i
}

// PassesBy tells whether the act leaves an item alone, because a colleague changed it after the officer looked.
func (a DeskAct) PassesBy(i DeskItem) bool {
	return !a.Seen.IsZero() && i.ChangedAt.After(a.Seen) && i.ChangedBy != a.By
}

// DeskSkip is an item that an act left alone, because a colleague had changed it in between.
type DeskSkip struct {
	Item ID
	By   ID // officer; 0 = the site itself: the resident wrote
	At   time.Time
}

// DeskDone says what an act, or its undoing, did.
type DeskDone struct {
	Act     DeskAct
	Changed int
	Same    int // were so already
	Skipped []DeskSkip
}

// DeskNote is what a colleague wrote about an item. Staff only.
type DeskNote struct {
	ID           ID
	Item         ID
	Consultation ID
	Act          ID // the hand-over it explains; 0 = a note by itself
	By           ID
	Body         string // "" = forgotten
	At           time.Time
	Mentions     []ID // officers
}

// OfficerDesk is how an officer's own desk is set up.
type OfficerDesk struct {
	Officer  ID
	Away     time.Time // until when; zero or over = here
	KeysOff  bool      // single keys do nothing (WCAG 2.1.4)
	LeftAt   time.Time // when they left before this visit; zero = first visit
	LookedAt time.Time
}

// SavedView is a list of the inbox that an officer has named.
type SavedView struct {
	ID        ID
	Officer   ID
	Service   string // with whom it is shared; "" = nobody
	Name      string
	Query     string // of the inbox's address
	CreatedAt time.Time
}

// DeskNews counts what changed since a moment.
type DeskNews struct {
	Since    time.Time
	Came     int // comments and questions
	Answered int // comments that colleagues answered
	Assigned int // items that others gave to the officer
	Returned int // items that came back from their rest
	Mentions int // that wait
}

// TimelineRow is one entry of an item's timeline: a row of the log, or of the desk where the site itself acted.
type TimelineRow struct {
	At        time.Time
	ActorKind ActorKind
	Actor     ID
	Action    string
	Detail    string
	Subject   ID
	Act       *DeskAct   // of the desk
	From, To  Assignment // what the act changed of this item
}

// DeskStore keeps where items lie, what was done with them, and how officers have set up their desks.
type DeskStore interface {
	// Inbox reads a page of a view. Counts are of every view, under the same filter.
	Inbox(ctx context.Context, q InboxQuery) (InboxPage, error)
	// InboxItems lists the items of a view, what came in by a moment only; at most limit of them, in the view's order, each once.
	InboxItems(ctx context.Context, q InboxQuery, by time.Time, limit int) ([]ID, error)
	// DeskItem finds an item; of a comment's thread or a message its comment or thread.
	DeskItem(ctx context.Context, id ID) (DeskItem, error)
	DeskItems(ctx context.Context, ids []ID) ([]DeskItem, error) // in their order; those that do not exist are left out
	// Act does one thing with items, all in one transaction. version is that of the only item, -1 = any. Nothing is written when
	// nothing changes. A note is kept with every item that changes.
	Act(ctx context.Context, a DeskAct, items []ID, version int, ch Change) (DeskDone, error)
	// Undo puts back exactly what an act changed, where nobody changed it since. Conflict when it was undone before.
	Undo(ctx context.Context, act ID, by ID, ch Change) (DeskDone, error)
	DeskAct(ctx context.Context, id ID) (DeskAct, error)
	// LastAct is an officer's latest act that was not undone, since a moment; NotFound for none.
	LastAct(ctx context.Context, officer ID, since time.Time) (DeskAct, error)
	SaveNote(ctx context.Context, n DeskNote, ch Change) error
	Notes(ctx context.Context, item ID, offset, limit int) ([]DeskNote, int, error) // newest first
	Timeline(ctx context.Context, item ID, offset, limit int) ([]TimelineRow, int, error)
	OfficerDesk(ctx context.Context, officer ID) (OfficerDesk, error) // zero for one who never set anything
	Absences(ctx context.Context, now time.Time) (map[ID]time.Time, error)
	SaveOfficerDesk(ctx context.Context, d OfficerDesk, ch Change) error // away and keys
	// Looked keeps when an officer looked at the inbox; left is when they left before this visit.
	Looked(ctx context.Context, officer ID, left, at time.Time) error
	DeskNews(ctx context.Context, officer ID, since, now time.Time) (DeskNews, error)
	SavedViews(ctx context.Context, officer ID, service string) ([]SavedView, error) // own first, by name
	SaveView(ctx context.Context, v SavedView, ch Change) error
	RemoveView(ctx context.Context, id, officer ID, ch Change) error // NotFound for somebody else's
	RoutingStore
}
