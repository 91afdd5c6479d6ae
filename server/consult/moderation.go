package consult

import (
	"context"
	"time"
)

// Act is what was decided about a thing, or about a consultation's postings.
type Act string

// The acts.
const (
	ActHeld     Act = "held"     // waits for a moderator; by the program, under a rule
	ActHidden   Act = "hidden"   // cannot be read; a stub stands in its place
	ActRestored Act = "restored" // can be read again, or at last
	ActKept     Act = "kept"     // looked at after flags, and left as it is
	ActUpheld   Act = "upheld"   // looked at after its author objected, and left hidden
	ActOpened   Act = "opened"   // residents can post again as usual
	ActPaused   Act = "paused"   // residents cannot post
	ActReleased Act = "released" // residents' messages wait for a moderator before they can be read
)

// Decision is one line of the moderators' log. It repeats no word of the thing it is about.
type Decision struct {
	ID           ID
	Thing        ID // the comment or message; the consultation's own id for its postings
	Consultation ID
	Act          Act
	Rule         string
	Reason       string // the moderator's words; on public pages only beside what it explains
	By           string // service and role; "" = the program
	Officer      ID     // who it was, so that an objection goes to somebody else; never shown
	At           time.Time
}

// Flag is what one reader told moderators about one thing. Words are private: moderators read them, nobody else.
type Flag struct {
	Thing        ID
	Visitor      ID
	Consultation ID
	Rule         string
	Words        string
	At           time.Time
	DecidedAt    time.Time // zero = nobody has looked at it yet
	Outcome      Act       // kept or hidden
}

// FlaggedThing is a thing with the flags that wait.
type FlaggedThing struct {
	Thing        ID
	Consultation ID
	Heading      string // the consultation's title
	Flags        int    // by different people
	Since        time.Time
	Rules        []string
	Objection    bool // its author objected to a decision; Flags may be 0
	Kind         TraceKind
	Excerpt      string // its first words
}

// Hiding is why a comment that had been published cannot be read now.
type Hiding struct {
	Comment ID
	Rule    string
	Reason  string
	By      string
	At      time.Time
}

// Objection is what an author says against a decision. Another moderator than who made it decides.
type Objection struct {
	ID           ID
	Thing        ID
	Consultation ID
	Decision     ID // what it is against
	Officer      ID // who made the decision
	Words        string
	At           time.Time
	DecidedAt    time.Time // zero = waits
	Outcome      Act       // restored or upheld
}

// Limits of what readers tell moderators, in characters.
const (
	MaxFlagWords = 1000
	MaxObjection = 2000
	MaxRuling    = 500 // a moderator's reason
)

// PostingMode is whether residents can post messages in a consultation.
type PostingMode string

// The modes.
const (
	PostingOpen     PostingMode = "open"
	PostingReleased PostingMode = "released" // a moderator releases each message
	PostingPaused   PostingMode = "paused"
)

// PostingModes lists them.
func PostingModes() []PostingMode { return []PostingMode{PostingOpen, PostingReleased, PostingPaused} }

// Act is how the log names a change to the mode.
func (m PostingMode) Act() Act {
	switch m {
	case PostingPaused:
		return ActPaused
	case PostingReleased:
		return ActReleased
	}
	return ActOpened
}

// Posting is the switch of one consultation. The zero Posting is open.
type Posting struct {
	Mode   PostingMode
	Reason string // public
	By     string // service and role
	At     time.Time
}

// Paused tells whether residents cannot post.
func (p Posting) Paused() bool { return p.Mode == PostingPaused }

// Released tells whether residents' messages wait for a moderator.
func (p Posting) Released() bool { return p.Mode == PostingReleased }

// RuleTally counts what was done under a rule in a month.
type RuleTally struct {
	Month string // "2026-04", UTC
	Rule  string
	Act   Act
	Count int
}

// ModerationStore keeps flags, decisions, objections and the switch of postings.
type ModerationStore interface {
	// SaveFlag keeps one flag by (thing, visitor); again false = the visitor has flagged it before, and nothing was written.
	SaveFlag(ctx context.Context, f Flag, ch Change) (fresh bool, err error)
	FlagOf(ctx context.Context, thing, visitor ID) (Flag, error)
	FlagsOf(ctx context.Context, thing ID, offset, limit int) ([]Flag, int, error) // those that wait first, then newest first
	// FlaggedThings lists what waits for a moderator: objections and flags of things that can be read, the most flagged first.
	FlaggedThings(ctx context.Context, offset, limit int) ([]FlaggedThing, int, error)
	// Decide writes a line of the log alone: kept, or upheld. It answers the waiting flags or the objection.
	Decide(ctx context.Context, d Decision, ch Change) error
	// HideComment takes a published comment out of sight and keeps what was published, to be shown again. Conflict when it is not published.
	HideComment(ctx context.Context, comment ID, rule, reason string, ch Change) error
	// RestoreComment publishes it again as it was. Conflict when it is not hidden.
	RestoreComment(ctx context.Context, comment ID, ch Change) error
	Hiding(ctx context.Context, comment ID) (Hiding, error)
	HiddenComments(ctx context.Context, consultation ID) (int, error)
	// Decisions lists the log of one thing, or of a consultation with thing 0, or of all with both 0; newest first.
	Decisions(ctx context.Context, thing, consultation ID, offset, limit int) ([]Decision, int, error)
	// RuleTallies counts the log by month, rule and act, newest month first, from a moment on.
	RuleTallies(ctx context.Context, since time.Time) ([]RuleTally, error)
	// SaveObjection keeps an author's objection; Conflict while an earlier one to the same thing waits or when the same decision was
	// objected to before.
	SaveObjection(ctx context.Context, o Objection, ch Change) error
	Objections(ctx context.Context, thing ID) ([]Objection, error) // newest first
	Posting(ctx context.Context, consultation ID) (Posting, error) // the zero Posting when nothing was ever switched
	SavePosting(ctx context.Context, consultation ID, p Posting, ch Change) error
}
