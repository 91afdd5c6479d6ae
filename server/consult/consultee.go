package consult

import (
	"context"
	"time"
)

// ConsulteeKind is what sort of body is asked for its opinion.
type ConsulteeKind string

// The kinds of consultee.
const (
	StatutoryConsultee ConsulteeKind = "statutory"    // whom the law names: DMPO 2015, article 18 and Schedule 4
	InternalService    ConsulteeKind = "internal"     // another service of the authority, or of a public partner
	Organisation       ConsulteeKind = "organisation" // a school, a society, a provider, a group of residents
)

// ConsulteeKinds lists them in the order they are offered.
func ConsulteeKinds() []ConsulteeKind {
	return []ConsulteeKind{StatutoryConsultee, InternalService, Organisation}
}

// ConsulteeState is where a consultee stands; the words are those of BOPS.
type ConsulteeState string

// The states of a consultee.
const (
	NotConsulted    ConsulteeState = "not-consulted"
	ConsulteeAsked  ConsulteeState = "sending"   // the mail or letter has not left yet
	AwaitingAnswer  ConsulteeState = "awaiting"  // it has
	ConsulteeFailed ConsulteeState = "failed"    // it could not be delivered
	Responded       ConsulteeState = "responded" // to the latest asking
	NotRequired     ConsulteeState = "not-required"
)

// ConsulteeGrace is how many days after the day an answer is due the link still opens: a late answer is better than none.
const ConsulteeGrace = 7

// Consultee is an organisation or service asked for its opinion. All of it but the way to reach it may be public.
type Consultee struct {
	ID           ID
	Consultation ID
	Kind         ConsulteeKind
	Name         string
	Why          string // why it is consulted: what on the site concerns it
	State        ConsulteeState
	Asking       int // how often an opinion was asked for; 0 = not yet
	Link         int // the number of the link that opens
	ConsultedOn  Date
	DueOn        Date
	ExpiresOn    Date // the last day its link opens
	RemindedAt   time.Time
	Reason       string // of sending or consulting again, or of not asking
	CreatedAt    time.Time
}

// Overdue tells whether an answer is missing after its day.
func (c Consultee) Overdue(today Date) bool {
	return c.DueOn != "" && c.DueOn < today && (c.State == ConsulteeAsked || c.State == AwaitingAnswer || c.State == ConsulteeFailed)
}

// ConsulteeContact is how a consultee is reached: by mail, else on paper.
type ConsulteeContact struct {
	Email    string
	Address  string
	Postcode string
}

// Opinion is what a consultee thinks; values follow ODP's sentiment of specialists.
type Opinion string

// The opinions.
const (
	Approved         Opinion = "approved"
	AmendmentsNeeded Opinion = "amendmentsNeeded"
	Objected         Opinion = "objected"
	NoComment        Opinion = "noComment"
)

// Opinions lists them in the order they are asked.
func Opinions() []Opinion { return []Opinion{Approved, AmendmentsNeeded, Objected, NoComment} }

// MaxResponse is the longest text of a consultee's answer, in characters.
const MaxResponse = 20_000

// ConsulteeAnswer is what a consultee wrote.
type ConsulteeAnswer struct {
	Opinion    Opinion
	Text       string
	Conditions string // what a permission should require; "" = nothing
}

// ConsulteeResponse is an answer as the public reads it: its words are empty until an officer publishes it.
type ConsulteeResponse struct {
	ID        ID
	Consultee ID
	Name      string // of the consultee
	Kind      ConsulteeKind
	Asking    int
	ConsulteeAnswer
	Late        bool // received after the day it was due
	Redacted    bool
	ReceivedAt  time.Time // of the latest wording
	PublishedAt time.Time // zero = not yet
}

// ConsulteeFile is the officers' view of one consultee: contact and answers as received beside what is published.
type ConsulteeFile struct {
	Consultee Consultee
	Contact   ConsulteeContact
	Responses []ResponseFile // latest asking first
}

// ResponseFile is one answer with every wording of it, the latest last.
type ResponseFile struct {
	ConsulteeResponse
	Wordings []ConsulteeAnswer
	Reasons  []string // why words were taken out
}

// Latest is the wording that counts.
func (r ResponseFile) Latest() ConsulteeAnswer {
	if len(r.Wordings) == 0 {
		return ConsulteeAnswer{}
	}
	return r.Wordings[len(r.Wordings)-1]
}

// DirectoryEntry is a consultee that is asked again and again.
type DirectoryEntry struct {
	Name string
	Kind ConsulteeKind
	ConsulteeContact
}

// ConsulteeTally counts a case's consultees and what those said whose answers are published.
type ConsulteeTally struct {
	Consulted, Responded int
	Opinions             map[Opinion]int
}

// ConsulteeStore keeps consultees and their answers.
type ConsulteeStore interface {
	Consultees(ctx context.Context, consultation ID) ([]Consultee, error) // by name
	ConsulteeFile(ctx context.Context, id ID) (ConsulteeFile, error)
	// SaveConsultee adds one that was not asked yet; with directory its contact is kept for other cases, too.
	SaveConsultee(ctx context.Context, c Consultee, k ConsulteeContact, directory bool, ch Change) error
	// MoveConsultee keeps a consultee's new state and, where it is not nil, its new contact. It is a compare-and-set on link:
	// Conflict when another officer was faster. paper is a letter to be posted instead of a mail, nil for none; a mail or letter that
	// still waits is taken back.
	MoveConsultee(ctx context.Context, c Consultee, k *ConsulteeContact, link int, paper *Letter, ch Change) error
	// OverdueConsultees lists those of every case whose answer was due before a day, longest first.
	OverdueConsultees(ctx context.Context, before Date, limit int) ([]Consultee, error)
	// SaveConsulteeAnswer keeps a wording of the answer to an asking; a publication of an earlier wording is taken back. The same words
	// again change nothing.
	SaveConsulteeAnswer(ctx context.Context, r ConsulteeResponse, ch Change) error
	// PublishConsulteeAnswer sets what the public reads of the wording received at a moment; Conflict when a newer one came meanwhile.
	PublishConsulteeAnswer(ctx context.Context, r ConsulteeResponse, reasons []string, ch Change) error
	// ConsulteeResponses lists published answers, newest first; with their number.
	ConsulteeResponses(ctx context.Context, consultation ID, offset, limit int) ([]ConsulteeResponse, int, error)
	ConsulteeTally(ctx context.Context, consultation ID) (ConsulteeTally, error)
	Directory(ctx context.Context) ([]DirectoryEntry, error) // by name
	SaveDirectory(ctx context.Context, list []DirectoryEntry, ch Change) (created, updated, unchanged int, err error)
}
