package consult

import (
	"context"
	"time"
)

// Councillor is an elected member of the authority. Residents turn to one about an application; a councillor has no part in
// deciding what an official answer says, and passes technical questions to the service. Name and ward are public.
type Councillor struct {
	ID        ID
	Name      string // as residents read it, e.g. "Councillor for Bordesley Green"
	WardCode  string // GSS code of the ward; "" = the whole area
	Link      int    // number of the personal link; only the latest one opens
	LeftAt    time.Time
	CreatedAt time.Time
}

// CouncillorContact is how a councillor is told; a store of rows no public reader joins.
type CouncillorContact struct {
	Email    string
	Language string
}

// CouncillorFile is a councillor with the contact.
type CouncillorFile struct {
	Councillor Councillor
	Contact    CouncillorContact
}

// Passed is a question that a councillor handed to the service: a resident's message in the councillor's thread, or one the
// councillor wrote down for somebody. The promise runs from the passing.
type Passed struct {
	Message      ID
	Thread       ID
	Consultation ID
	Councillor   ID
	Service      string // who is to answer
	At           time.Time
	AnsweredAt   time.Time // first official message behind it; zero = not yet
}

// CouncillorThread is the dialogue of a councillor with residents about one consultation.
type CouncillorThread struct {
	Thread       Thread
	Consultation Consultation
	Unanswered   int // residents' messages behind the councillor's or the service's last word that were not passed on
	Open         int // questions passed on that still wait
}

// CouncillorStore keeps councillors, their threads and what they passed on.
type CouncillorStore interface {
	Councillors(ctx context.Context) ([]CouncillorFile, error) // by name; those who left last
	Councillor(ctx context.Context, id ID) (CouncillorFile, error)
	// SaveCouncillor inserts or replaces one. Conflict when c.Link is not the kept number or the one after it: somebody was faster.
	SaveCouncillor(ctx context.Context, f CouncillorFile, ch Change) error
	// CouncillorThread finds the thread of a councillor about a consultation, or keeps t as it: each pair has one, whoever asks first.
	CouncillorThread(ctx context.Context, t Thread, ch Change) (Thread, error)
	// CouncillorThreads lists a councillor's threads, latest activity first, at most 100.
	CouncillorThreads(ctx context.Context, councillor ID) ([]CouncillorThread, error)
	// PassedIn lists what was passed on in a thread, by message.
	PassedIn(ctx context.Context, thread ID) ([]Passed, error)
	// PassQuestion keeps that a message was passed on, with the councillor's words about it. Conflict when it was before, or can no
	// longer be read.
	PassQuestion(ctx context.Context, p Passed, say Message, ch Change) (Posted, error)
}

// What Mail.Data holds in mails to councillors: whom the link is for and its number, from which the mail makes the link.
const (
	DataCouncillor = "councillor"
	DataLink       = "link"
)

// The mails to councillors.
const (
	MailCouncillor       MailKind = "councillor"        // here is your personal link
	MailCouncillorAsked  MailKind = "councillor-asked"  // somebody put a question to you
	MailCouncillorPassed MailKind = "councillor-passed" // what you passed on was answered
)

// OnCouncillor anchors a thread to a councillor: one for each consultation they are asked about.
const OnCouncillor AnchorKind = "councillor"

// ByCouncillor is the author of what a councillor writes: under their own name, and never as the authority.
const ByCouncillor AuthorKind = "councillor"

// Elected is a councillor who came by their personal link.
const Elected ActorKind = "councillor"
