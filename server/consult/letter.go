package consult

import (
	"context"
	"time"
)

// Mails that only exist on paper, beside those that paper can stand for.
const MailNeighbour MailKind = "neighbour" // you live beside a site: please comment

// LetterState is how far paper mail has come.
type LetterState string

// The states of a letter.
const (
	LetterWaiting  LetterState = "waiting"  // to be printed
	LetterPrinted  LetterState = "printed"  // in a batch
	LetterPosted   LetterState = "posted"   // with its batch
	LetterReturned LetterState = "returned" // it came back
	LetterFailed   LetterState = "failed"   // it was never posted: torn, no such address
)

// LetterStates lists them in the order of a usual letter.
func LetterStates() []LetterState {
	return []LetterState{LetterWaiting, LetterPrinted, LetterPosted, LetterReturned, LetterFailed}
}

// Letter is paper mail: to a neighbour, or the paper version of a mail for somebody who has no mailbox. What it says is worded when
// it is printed; whom it goes to stands with the neighbour, the comment's contact or the consultee.
type Letter struct {
	ID           ID
	Consultation ID
	Kind         MailKind
	Round        int // of letters to neighbours
	Neighbour    ID
	Comment      ID
	Consultee    ID
	Data         map[string]string // as the mail's
	State        LetterState
	Batch        ID
	PostedOn     Date
	Resends      ID // the letter this one sends again
	Why          string
	Trouble      string // why it came back or was not posted
	CreatedAt    time.Time

	Name     string // "" = the occupier
	Address  string
	Postcode string
	Language string
}

// LetterText is a letter in words, as its reader's language says them.
type LetterText struct {
	Language, Dir string
	Name          string // who it is for, in the language of the letter where there is no name
	Subject       string
	Matter        []string // what it is about
	Paragraphs    []string
	LinkText      string // what the address below is good for
	Link          string // short enough to be typed
	Also          []AlsoIn
	Footer        []string
}

// AlsoIn is one sentence in another language: where to read on in it.
type AlsoIn struct{ Language, Dir, Text string }

// LetterBatch is what was printed together.
type LetterBatch struct {
	ID           ID
	Consultation ID
	Kind         MailKind
	Round        int
	Letters      int
	PrintedAt    time.Time
	PostOn       Date // planned
	Closes       Date // last day for comments that letters to neighbours name
	PostedOn     Date // "" = not yet
}

// MaxBatch is how many letters one batch holds.
const MaxBatch = 500

// LetterCount counts a case's letters of a kind and round in one state.
type LetterCount struct {
	Kind  MailKind
	Round int
	State LetterState
	N     int
}

// MailState is what became of a mail.
type MailState string

// The states of a mail.
const (
	MailWaiting MailState = "waiting"
	MailDelayed MailState = "delayed" // tried without success, to be tried again
	MailSent    MailState = "sent"
	MailGivenUp MailState = "given-up"
)

// MailCount counts a case's mails of a kind in one state; nobody's address is in it.
type MailCount struct {
	Kind  MailKind
	State MailState
	N     int
}

// LetterStore keeps paper mail.
type LetterStore interface {
	LetterCounts(ctx context.Context, consultation ID) ([]LetterCount, error)
	MailCounts(ctx context.Context, consultation ID) ([]MailCount, error)
	// Unreachable counts the authors of a case's comments who left neither a mailbox nor a postal address.
	Unreachable(ctx context.Context, consultation ID) (int, error)
	Letters(ctx context.Context, consultation ID, state LetterState, offset, limit int) ([]Letter, int, error) // newest first; with their number
	Letter(ctx context.Context, id ID) (Letter, error)
	LetterBatches(ctx context.Context, consultation ID) ([]LetterBatch, error) // newest first
	LetterBatch(ctx context.Context, id ID) (LetterBatch, []Letter, error)     // letters by postcode and address
	PrintLetters(ctx context.Context, b LetterBatch, ch Change) (int, error)   // at most MaxBatch waiting letters of the kind and round; 0 = there was none, and no batch
	// PostLetters marks a batch as posted and keeps the publicity that comes of it, nil for none; Conflict when it was posted before.
	PostLetters(ctx context.Context, batch ID, on Date, n *Notice, ch Change) error
	// MarkLetter notes that a letter came back or was not posted; Conflict when it is not in one of the states it can come from.
	MarkLetter(ctx context.Context, letter ID, to LetterState, trouble string, ch Change) error
	// SaveLetter adds a letter that waits: one that sends another again. Conflict when that was sent again already.
	SaveLetter(ctx context.Context, l Letter, ch Change) error
}
