package consult

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// Limits of concerns.
const (
	MaxConcern = 200  // a title, in characters
	MaxSort    = 5000 // points sorted in one go: a campaign's letters
)

// PointRef names what is answered: a point of a comment (Source = comment, Topic = its topic) or a resident's message (Source = message,
// Topic = "").
type PointRef struct {
	Source ID
	Topic  Topic
}

// ByHow says how a point came into a concern. Whatever proposed it, an officer took it.
type ByHow string

// How points come into concerns.
const (
	ByHand       ByHow = "hand"
	BySuggestion ByHow = "suggestion" // an officer accepted what was proposed
	ByCampaign   ByHow = "campaign"   // with all letters of one text
)

// Concern is points that ask the same, in the authority's plain words: what is answered once. A point may stand in several.
type Concern struct {
	ID           ID
	Consultation ID
	Title        string    // the question in plain words
	Service      string    // who answers; "" = the consultation's
	Topic        Topic     // most common among its points; "" = none
	Points       int       // those that count: of comments neither withdrawn nor superseded, and of visible messages
	Sources      int       // the comments and messages they stand in: authors to answer
	Letters      int       // of Sources, those that came with a campaign
	Published    int       // of Sources, those whose words everybody can read; the only number the public is told
	Fresh        int       // of Points, those said since the moment that was asked for
	MergedInto   ID        // the concern it went into; 0 = it stands
	ShownAt      time.Time // since when everybody can read it; zero = officers only
	Version      int       // compare-and-set of what the concern says of itself, not of its points; 0 = new
	CreatedAt    time.Time
	UpdatedAt    time.Time
	JoinedAt     time.Time // of ConcernsOf: when the point came into it
}

// Shown tells whether everybody can read the concern.
func (c Concern) Shown() bool { return !c.ShownAt.IsZero() && c.MergedInto == 0 }

// ConcernPoint is a point as it stands in a concern, or in none.
type ConcernPoint struct {
	Concern  ID // 0 = in none
	Ref      PointRef
	Text     string // officers: the author's words; public readers: the published text, or ""
	Stance   Stance // "" for messages
	Language string // BCP 47
	By       ByHow
	AddedAt  time.Time // to the concern
	SaidAt   time.Time // when the comment or message came
	Thread   ID        // a message's thread; 0 for comments
	Seq      int64     // a message's number in it
	Public   bool      // everybody can read its words
}

// PointFilter narrows points for officers.
type PointFilter struct {
	Consultation ID
	Concern      ID // of ConcernPoints
	Topic        Topic
	Stance       Stance
	Language     string
	Since        time.Time  // said at or after; zero = always
	Only         []PointRef // none but these: one page of what was found elsewhere; nil = all
	Offset       int
	Limit        int
}

// ConcernAct is what an officer did to concerns.
type ConcernAct string

// The acts. All but the last can be undone.
const (
	ConcernMade    ConcernAct = "made"    // from points, or from none
	ConcernRenamed ConcernAct = "renamed" // its title, its service, or whether everybody can read it
	ConcernAdded   ConcernAct = "added"   // points went in
	ConcernRemoved ConcernAct = "removed" // points went out, to none
	ConcernMoved   ConcernAct = "moved"   // points went to another concern
	ConcernSplit   ConcernAct = "split"   // points went to a new concern
	ConcernMerged  ConcernAct = "merged"  // all points went to another concern, and the concern ended
	ConcernUndone  ConcernAct = "undone"
)

// ConcernFace is what a concern says of itself.
type ConcernFace struct {
	Title   string `json:"title"`
	Service string `json:"service,omitempty"`
	Shown   int64  `json:"shown,omitempty"` // since when everybody can read it, in microseconds since 1970; 0 = officers only
}

// Face is what the concern says of itself.
func (c Concern) Face() ConcernFace {
	f := ConcernFace{Title: c.Title, Service: c.Service}
	if !c.ShownAt.IsZero() {
		f.Shown = c.ShownAt.UnixMicro()
	}
	return f
}

// SortConcerns puts those with most authors first, then the older.
func SortConcerns(list []Concern) {
	slices.SortStableFunc(list, func(a, b Concern) int { return cmp.Or(cmp.Compare(b.Sources, a.Sources), cmp.Compare(a.ID, b.ID)) })
}

// ConcernChange is one act, kept so that it can be undone.
type ConcernChange struct {
	ID           ID
	Consultation ID
	Act          ConcernAct
	Concern      ID // what it was done to
	Other        ID // moved, merged: where the points went; split: the new concern
	Title        string
	OtherTitle   string
	Points       int         // how many went in or out
	Was          ConcernFace // renamed: before
	Became       ConcernFace // made, renamed: after; split: the new concern's
	By           string      // service and role
	At           time.Time
	UndoneAt     time.Time // zero = it stands
}

// CanUndo tells whether there is something to undo. Whether it still can be, the store knows when it tries.
func (c ConcernChange) CanUndo() bool { return c.UndoneAt.IsZero() && c.Act != ConcernUndone }

// Sorting puts points into a concern.
type Sorting struct {
	Concern ID
	Refs    []PointRef
	By      ByHow
	Loose   bool // only points that are in no concern yet: Conflict when somebody sorted one meanwhile
}

// ConcernStore keeps concerns, the points in them, and every act so that it can be undone. A write is one act, with all it touches, or
// nothing; acts on one consultation wait for each other. A reference that does not count (any more) is a Conflict, one to a concern that
// was merged, too; a concern that is not there is NotFound.
type ConcernStore interface {
	Concern(ctx context.Context, id ID) (Concern, error) // merged ones too
	// Concerns lists those that stand, those with most authors first. Fresh counts points said at or after since; zero = none.
	Concerns(ctx context.Context, consultation ID, since time.Time) ([]Concern, error)
	// ConcernPoints lists a concern's points with the authors' words, latest added first, and counts them.
	ConcernPoints(ctx context.Context, f PointFilter) ([]ConcernPoint, int, error)
	// PublishedConcernPoints lists those points of a concern that everybody can read, with their published texts, oldest first.
	PublishedConcernPoints(ctx context.Context, concern ID, offset, limit int) ([]ConcernPoint, int, error)
	// LoosePoints lists points in no concern with the authors' words, oldest first: every point of a comment that has words, and
	// residents' messages that ask: those a thread waits on, and those with a question mark.
	LoosePoints(ctx context.Context, f PointFilter) ([]ConcernPoint, int, error)
	// AllPoints lists loose points and those in concerns (once for each), oldest first, at most limit.
	AllPoints(ctx context.Context, consultation ID, limit int) ([]ConcernPoint, error)
	// ConcernsOf lists the concerns that points stand in, by point.
	ConcernsOf(ctx context.Context, refs ...PointRef) (map[PointRef][]Concern, error)
	// ConcernsShown counts the concerns of a consultation that everybody can read.
	ConcernsShown(ctx context.Context, consultation ID) (int, error)
	// ConcernMark changes with every act and with every point that comes, goes or becomes readable.
	ConcernMark(ctx context.Context, consultation ID) (string, error)
	// SaveConcern makes a concern (Version 0) of points, or saves title, service and whether it is shown over the version that was seen.
	SaveConcern(ctx context.Context, c Concern, refs []PointRef, by ByHow, ch Change) error
	// AddPoints passes over those that are there already.
	AddPoints(ctx context.Context, s Sorting, ch Change) error
	// MovePoints takes points out of one concern and puts them into another; to 0 = into none. Conflict when one is not in from.
	MovePoints(ctx context.Context, from, to ID, refs []PointRef, ch Change) error
	// SplitConcern moves points of from into a new concern.
	SplitConcern(ctx context.Context, from ID, into Concern, refs []PointRef, ch Change) error
	// MergeConcerns moves every point and ends from, over the version that was seen. Invalid when from was answered: its answer would lead
	// nowhere. Nor can a concern be hidden that was answered.
	MergeConcerns(ctx context.Context, from Concern, into ID, ch Change) error
	// UndoConcernChange puts back exactly what the act changed. Conflict when it was undone already, or when what it made is not as it made
	// it any more.
	UndoConcernChange(ctx context.Context, change ID, ch Change) error
	// ConcernChanges lists acts, newest first, of a consultation or (concern not 0) of one concern.
	ConcernChanges(ctx context.Context, consultation, concern ID, limit int) ([]ConcernChange, error)
}
