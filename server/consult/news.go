package consult

import (
	"slices"
	"strings"
	"time"

	"github.com/yousaid/yousaid/geo"
)

// News is one thing that happened to a consultation and that everybody may know. It is kept in the transaction of the change that made
// it, in the order of the commits; alerts and webhooks read it, each from where it stopped.
type News struct {
	Seq          int64 // number of the change's audit row; news of one change share it
	Part         int   // 0, 1, … among the news of one change
	Kind         NewsKind
	Consultation ID
	Subject      ID // the comment, or the thread of an answer; 0 = the consultation itself
	At           time.Time
	Facts        Facts
	Earlier      *Facts // before the change, where that matters; nil = no matter
}

// NewsKind says what happened. The names are those that webhooks are sent under.
type NewsKind string

// The kinds of news.
const (
	NewsPublished NewsKind = "consultation.published" // known to the public here for the first time, however old its dates
	NewsChanged   NewsKind = "consultation.changed"   // its record was corrected: place, ward, type or words
	NewsOpened    NewsKind = "consultation.opened"    // a round began
	NewsAmended   NewsKind = "consultation.amended"   // the proposal changed
	NewsClosed    NewsKind = "consultation.closed"    // a round ended
	NewsDecided   NewsKind = "consultation.decided"   // by the authority, or on appeal
	NewsWithdrawn NewsKind = "consultation.withdrawn"
	NewsMoved     NewsKind = "consultation.moved" // any other step of the cycle
	NewsOutcome   NewsKind = "outcome.published"
	NewsComment   NewsKind = "comment.published"
	NewsAnswer    NewsKind = "answer.published" // an official message in a thread that everybody can read
	NewsConcern   NewsKind = "concern.answered" // one answer to all who asked the same; not told again for each of them
)

// NewsKinds lists every kind.
func NewsKinds() []NewsKind {
	return []NewsKind{NewsPublished, NewsChanged, NewsOpened, NewsAmended, NewsClosed, NewsDecided, NewsWithdrawn, NewsMoved, NewsOutcome,
		NewsComment, NewsAnswer, NewsConcern}
}

// Facts is what an alert looks at.
type Facts struct {
	State    State     `json:"state"`
	Type     string    `json:"type"` // ODP application type
	Ward     string    `json:"ward"`
	Place    geo.Point `json:"place"`
	HasPlace bool      `json:"has_place"`
	Text     string    `json:"text"` // title, description, address and reference as searches compare them
	Version  int       `json:"version"`
}

// NewsOfMove says what a move from one state to another is to everybody; nothing while the consultation is not public.
func NewsOfMove(from, to State) []NewsKind {
	if !to.Public() || from == to {
		return nil
	}
	var kinds []NewsKind
	if !from.Public() {
		kinds = append(kinds, NewsPublished)
	}
	switch to {
	case Consulting, Reconsulting:
		kinds = append(kinds, NewsOpened)
	case Amended:
		kinds = append(kinds, NewsAmended)
	case ClosedState:
		kinds = append(kinds, NewsClosed)
	case Decided, AppealDecided:
		kinds = append(kinds, NewsDecided)
	case Withdrawn:
		kinds = append(kinds, NewsWithdrawn)
	default:
		if from.Public() {
			kinds = append(kinds, NewsMoved)
		}
	}
	return kinds
}

// NewsOfImport says what an import that found the consultation as it was, or not at all (nil), is to everybody.
func NewsOfImport(earlier *Facts, now Facts) []NewsKind {
	if earlier == nil {
		return NewsOfMove("", now.State)
	}
	kinds := NewsOfMove(earlier.State, now.State)
	if !earlier.State.Public() || !now.State.Public() {
		return kinds
	}
	if now.Version > earlier.Version && !slices.Contains(kinds, NewsAmended) {
		kinds = append(kinds, NewsAmended)
	}
	was, is := *earlier, now
	was.State, was.Version = is.State, is.Version
	if was != is {
		kinds = append(kinds, NewsChanged)
	}
	return kinds
}

// ofKind tells whether an application type is of a kind: the type itself, or one below it.
func ofKind(applicationType, kind string) bool {
	kind = strings.TrimSuffix(kind, ".")
	return kind == "" || applicationType == kind || strings.HasPrefix(applicationType, kind+".")
}
