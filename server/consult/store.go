package consult

import (
	"context"
	"time"
)

// Store is what the domain needs kept. Every write is one transaction that holds the rows, the audit row, the thread events
// with their dense numbers, the outbox rows and the idempotency key of its Change; when the key was used before it returns
// *Repeat (same digest) or a Conflict error (other digest) and writes nothing. Not found is a NotFound error, a database that
// does not answer an Unavailable one.
type Store interface {
	DeskStore
	ConsultationStore
	CycleStore
	AddressStore
	NeighbourStore
	ConsulteeStore
	CouncillorStore
	LetterStore
	OutageStore
	AmendmentStore
	FormStore
	CommentStore
	RedactionStore
	ConcernStore
	AnswerStore
	ImportedStore
	ThreadStore
	PromiseStore
	SupportStore
	ModerationStore
	SignalStore
	OutcomeStore
	SummaryStore
	SavedReplyStore
	PresenceStore
	ReplyDraftStore
	ReportStore
	FollowStore
	DeliveryStore
	AlertStore
	WebhookStore
	OfficerStore
	ReachStore
	FeatureStore
	FeedStore
	AreaStore
	RetentionStore
	FactStore
	BundleStore
	SystemStore
}

// ConsultationStore keeps consultations with their applications, rounds, versions and documents.
type ConsultationStore interface {
	Consultation(ctx context.Context, id ID) (Consultation, error)
	ConsultationByReference(ctx context.Context, authority, reference string) (Consultation, error)
	Consultations(ctx context.Context, f Filter) (CardPage, error) // public states only
	Rounds(ctx context.Context, consultation ID) ([]Round, error)  // by number
	Versions(ctx context.Context, consultation ID) ([]ProposalVersion, error)
	Documents(ctx context.Context, consultation ID) ([]Document, error) // every status; Service filters
	Document(ctx context.Context, id ID) (Document, error)
	StateEvents(ctx context.Context, consultation ID) ([]StateEvent, error)
	Tally(ctx context.Context, consultation ID) (Tally, error)
	// SaveCase inserts or replaces one whole case by authority and reference, all or nothing. Rounds, versions and moves it does not
	// bring are history and stay, so does the higher number of the current version; documents it does not bring go, or are withheld
	// where a thread hangs on them. Ids are kept by natural key.
	SaveCase(ctx context.Context, c Case, ch Change) (SaveResult, error)
	// MoveState is a compare-and-set: Conflict when the state is no longer e.From. A new version and round come with it or are nil.
	MoveState(ctx context.Context, e StateEvent, v *ProposalVersion, r *Round, ch Change) error
	// Places lists every public consultation with a place, for the map.
	Places(ctx context.Context) ([]PlaceRow, error)
}

// Case is one whole planning case as an import or the demo brings it.
type Case struct {
	Consultation Consultation // ID 0 = new or found by reference
	Versions     []ProposalVersion
	Rounds       []Round
	Documents    []Document
	History      []StateEvent
	Applicant    string // contact data of applicant and agent as JSON; kept apart, never public; "" = none
}

// SaveResult says what a save did.
type SaveResult struct {
	ID      ID
	Outcome SaveOutcome
}

// SaveOutcome is what a save did.
type SaveOutcome string

// What a save can do.
const (
	Created   SaveOutcome = "created"
	Updated   SaveOutcome = "updated"
	Unchanged SaveOutcome = "unchanged" // same source hash
)

// PlaceRow is one pin.
type PlaceRow struct {
	ID       ID
	Lon, Lat float64
	State    State
	Title    string
	Boundary []byte // GeoJSON of the current version, nil = none
}

// CommentFilter narrows the published comments of a consultation.
type CommentFilter struct {
	Consultation ID
	Stance       Stance
	Topic        Topic
	Round        int // 0 = all
	Offset       int
	Limit        int // 0 = 20; at most 100
}

// CommentStore keeps drafts, comments, the authors' own words and contacts.
type CommentStore interface {
	SaveDraft(ctx context.Context, d Draft) error
	Draft(ctx context.Context, token string) (Draft, error)
	// SaveComment keeps the comment, its original words, its contact, and removes the draft. Words in c are public only if c is published.
	// One that replaces an earlier comment ends it: Conflict when that was withdrawn or superseded, or is about something else.
	SaveComment(ctx context.Context, c Comment, original []CommentPoint, contact Contact, draft string, ch Change) error
	Comment(ctx context.Context, id ID) (Comment, error) // any state; Points, PlaceText and NameShown only when published
	// CommentFile is everything about one comment; PlaceText and NameShown are the author's until it is published.
	CommentFile(ctx context.Context, id ID) (CommentFile, error)
	Comments(ctx context.Context, f CommentFilter) ([]Comment, int, error) // published only, newest first
	// PublishComment sets state, published points, place text, shown name, reasons; Conflict when it was withdrawn or superseded.
	PublishComment(ctx context.Context, c Comment, reasons []string, ch Change) error
	// EachComment streams published comments of a filter without limit, oldest first, in one read snapshot.
	EachComment(ctx context.Context, f CommentFilter, each func(Comment) error) error
}

// Head is where a thread's log ends.
type Head struct {
	Epoch string
	Seq   int64
}

// ThreadStore keeps threads, messages, events and the outbox of rings.
type ThreadStore interface {
	Thread(ctx context.Context, id ID) (Thread, error)
	Threads(ctx context.Context, consultation ID, limit int) ([]Thread, error) // latest activity first, comment threads left out
	Message(ctx context.Context, id ID) (Message, error)
	// Messages lists messages with seq < before (0 = from the end), newest last, at most limit.
	Messages(ctx context.Context, thread ID, before int64, limit int) ([]Message, error)
	// LatestAnswers lists visible official messages, newest first, those about comments that are not published left out.
	LatestAnswers(ctx context.Context, consultation ID, limit int) ([]Message, error)
	// StartThread keeps a thread with its first message; anchored to a comment it also sets that comment's thread. When a thread for
	// the same comment exists already the message goes there.
	StartThread(ctx context.Context, t Thread, first Message, ch Change) (Posted, error)
	// PostMessage appends the message and its own event, whether or not ch.Events brings that along. An official message clears the waiting mark (and answers the thread's comment), a visible resident's one
	// sets it when none is set, with the promise that holds when it begins to wait. Closed when the thread is locked.
	PostMessage(ctx context.Context, m Message, ch Change) (Posted, error)
	// SetMessageState hides, holds or restores; the waiting mark follows: it is that of the oldest visible resident's message after the
	// last visible official one, with a promise from when it was posted.
	SetMessageState(ctx context.Context, message ID, s MessageState, rule, reason string, ch Change) error
	Heads(ctx context.Context, threads []ID) (map[ID]Head, error)
	Events(ctx context.Context, thread ID, after, upto int64) ([]Event, error) // (after, upto], with messages
	// Rings lists committed, not yet rung (thread, head) pairs, one per thread; RingsDone forgets those up to the given heads.
	Rings(ctx context.Context, limit int) (map[ID]Head, error)
	RingsDone(ctx context.Context, rung map[ID]Head) error
}

// OutcomeStore keeps outcomes.
type OutcomeStore interface {
	Outcomes(ctx context.Context, consultation ID) ([]Outcome, error)         // drafts too; Service filters
	TopicsRaised(ctx context.Context, consultation ID) (map[Topic]int, error) // of every comment that was not withdrawn
	SaveOutcome(ctx context.Context, o Outcome, ch Change) error              // by consultation and topic; keeps PublishedAt
	// PublishOutcomes publishes the drafts and counts them; with none it writes and mails nothing.
	PublishOutcomes(ctx context.Context, consultation ID, at time.Time, ch Change) (int, error)
}

// FollowStore keeps followers and the mails that wait.
type FollowStore interface {
	// SaveFollow keeps a follower by consultation and address, or finds the existing one. One that is not confirmed gets a confirming
	// mail, but at most one an hour.
	SaveFollow(ctx context.Context, f Follow, ch Change) (Follow, error)
	Follow(ctx context.Context, id ID) (Follow, error)
	ConfirmFollow(ctx context.Context, id ID, ch Change) error
	RemoveFollow(ctx context.Context, id ID, ch Change) error
	// StopMail ends all mail about the consultation to a comment's author: address, subscription, waiting mails (one-click unsubscribe).
	StopMail(ctx context.Context, comment ID, ch Change) error
	// ClaimDeliveries hands out due mails and hides them from other nodes until now+lease.
	ClaimDeliveries(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]Delivery, error)
	DeliverySent(ctx context.Context, id ID, at time.Time) error                        // forgets the mail's data, as giving up does
	DeliveryFailed(ctx context.Context, id ID, reason string, at, next time.Time) error // zero next = given up
}

// OfficerStore keeps who can sign in.
type OfficerStore interface {
	Officers(ctx context.Context) ([]Officer, error)
	Officer(ctx context.Context, id ID) (Officer, error)
	OfficerByEmail(ctx context.Context, email string) (Officer, error)
	SaveOfficer(ctx context.Context, o Officer, ch Change) error // Conflict when the address is taken; disabling or changing roles ends sessions
	SaveLink(ctx context.Context, l Link, ch Change) error
	Link(ctx context.Context, hash string) (Link, error)
	LinksOf(ctx context.Context, officer ID, purpose LinkPurpose, now time.Time) ([]Link, error) // unexpired
	ConsumeLink(ctx context.Context, hash string, ch Change) error                               // NotFound when already used
	LinkTried(ctx context.Context, hash string) error
	SaveSession(ctx context.Context, s Session, ch Change) error
	Session(ctx context.Context, hash string) (Session, error) // NotFound for disabled officers
	TouchSession(ctx context.Context, hash string, at time.Time) error
	SessionsOf(ctx context.Context, officer ID) ([]Session, error)
	EndSession(ctx context.Context, hash string, ch Change) error
	SaveToken(ctx context.Context, t Token, ch Change) error
	Token(ctx context.Context, hash string) (Token, error)
}

// ReachStore keeps what the analyst's figures are made of.
type ReachStore interface {
	EachReachRow(ctx context.Context, f ReachFilter, each func(ReachRow) error) error
	// SaveEquality keeps the answers apart and marks the comment as asked in the same transaction; Conflict when it was asked before.
	SaveEquality(ctx context.Context, comment ID, a EqualityAnswers, ch Change) error
	EqualityAsked(ctx context.Context, comment ID) (bool, error)
	// Equality lists answers in no order that tells who answered when; only consultation, ward and days of the filter apply.
	Equality(ctx context.Context, f ReachFilter) ([]EqualityAnswers, error)
	Benchmarks(ctx context.Context, name string) ([]Benchmark, error)
}

// AreaStore keeps wards and other boundaries.
type AreaStore interface {
	Areas(ctx context.Context, kind string) ([]Area, error)
	SaveAreas(ctx context.Context, areas []Area, ch Change) (created, updated, unchanged int, err error) // all or nothing
	SaveBenchmarks(ctx context.Context, b []Benchmark, ch Change) (created, updated, unchanged int, err error)
	// Postcode finds a unit postcode ("B9 5AA") or the mean of those that begin with a district or sector ("B9", "B9 5").
	Postcode(ctx context.Context, code string) (Postcode, error)
	SavePostcodes(ctx context.Context, rows []Postcode, ch Change) (created, updated, unchanged int, err error)
}

// SystemStore is the store as a part of the machine.
type SystemStore interface {
	// Setting returns the value kept under the key, keeping the given one when there was none: every node gets the same.
	Setting(ctx context.Context, key, initial string) (string, error)
	Empty(ctx context.Context) (bool, error) // no officer and no consultation
	Ping(ctx context.Context) error
	// Purge forgets drafts last touched before one moment; sessions last used, links that ended and idempotency keys from before the
	// other.
	Purge(ctx context.Context, drafts, others time.Time) (int, error)
	// Repeated finds the record an earlier change of the actor with this key made; NotFound when there is none.
	Repeated(ctx context.Context, a Actor, key string) (ID, error)
	// Note writes an audit row alone: somebody read personal data, or took a file out.
	Note(ctx context.Context, ch Change) error
	AuditRows(ctx context.Context, after int64, limit int) ([]AuditRow, error)
}
