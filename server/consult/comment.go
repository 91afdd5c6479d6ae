package consult

import (
	"time"

	"github.com/yousaid/yousaid/geo"
)

// Stance is how a comment stands to the proposal; values follow ODP's sentiment.
type Stance string

// The stances.
const (
	Support Stance = "supportive"
	Neutral Stance = "neutral"
	Object  Stance = "objection"
)

// Stances lists them in the order they are asked.
func Stances() []Stance { return []Stance{Support, Neutral, Object} }

// Topic is one of the eight topics of the planning vocabulary (ODP PublicCommentTopic).
type Topic string

// Topics lists the eight in the order they are asked.
func Topics() []Topic {
	return []Topic{"design", "use", "light", "privacy", "access", "noise", "traffic", "other"}
}

// Limits of a comment, in characters (code points), as the page counts them.
const (
	MaxPoint   = 6000
	MaxName    = 100
	MaxPlace   = 200
	MaxAddress = 300
)

// CommentState is how far a comment has come.
type CommentState string

// The states of a comment. A withheld one is kept and weighed, but not published. One that was withdrawn or superseded is kept, and
// neither published nor weighed nor counted.
const (
	CommentReceived   CommentState = "received"
	CommentPublished  CommentState = "published"
	CommentWithheld   CommentState = "withheld"
	CommentWithdrawn  CommentState = "withdrawn"
	CommentSuperseded CommentState = "superseded" // by a newer one of its author
)

// Channel is how a comment reached us.
type Channel string

// Channels lists how comments reach us.
func Channels() []Channel {
	return []Channel{"web", "api", "email", "letter", "phone", "event", "import"}
}

// CommentPoint is what one comment says on one topic; the unit that is answered. In public readers Text is the published,
// redacted text; only CommentFile holds the author's own words.
type CommentPoint struct {
	Topic Topic  `json:"topic"`
	Text  string `json:"text"`
}

// Comment is a formal representation made in a round, as anybody may read it.
type Comment struct {
	ID           ID
	Consultation ID
	Round        int // the round's number; 0 = outside any round
	Version      int // the proposal version the author was shown
	Stance       Stance
	Points       []CommentPoint // published texts; empty until published
	PlaceText    string         // the place in words, published with the comment
	Place        geo.Point
	HasPlace     bool
	WardCode     string // ward of the place or of the author's postcode; "" = unknown
	Channel      Channel
	Language     string // BCP 47, of the author's page
	Late         bool   // received after the round ended
	State        CommentState
	NameShown    string // the public name: "" = "a resident"
	Thread       ID     // the thread anchored to this comment; 0 = none yet
	ReceivedAt   time.Time
	PublishedAt  time.Time   // zero = not yet
	AnsweredAt   time.Time   // first official reply; zero = not yet
	AnswerDue    time.Time   // the promise
	Redacted     bool        // the published text differs from the author's
	Replaces     ID          // the author's earlier comment that this one supersedes; 0 = none
	ReplacedBy   ID          // the author's newer comment; 0 = none
	WithdrawnAt  time.Time   // zero = not withdrawn
	Stands       int         // the latest round in which the author said that it still stands; 0 = none
	Form         int         // the form's version that was answered; 0 = none. Only on the way in and in CommentFile
	Responses    []Response  // likewise: values are counted, and never stand beside a published text
	Redactions   []Redaction // likewise: what is taken out of the author's words, by topic and place
	Supported    Supported   // filled for readers
}

// Counts tells whether the comment is still its author's word: neither withdrawn nor superseded.
func (c Comment) Counts() bool { return c.State != CommentWithdrawn && c.State != CommentSuperseded }

// Contact is what an author told us about themselves; a store of rows no public reader joins.
type Contact struct {
	Name     string
	Address  string
	Postcode string
	Email    string // "" = no mail wanted
	Phone    string
	Language string
}

// CommentFile is the officers' view of one comment: original words and contact beside the published ones.
type CommentFile struct {
	Comment       Comment
	Original      []CommentPoint
	OriginalPlace string // the place as the author worded it
	OriginalName  string // the name that the author wants shown; "" = none
	Contact       Contact
	Reasons       []string // why words were redacted
}

// CommentInput is a finished comment form, owned by the domain: nothing in it aliases a request.
type CommentInput struct {
	Consultation ID
	Stance       Stance
	Points       []CommentPoint
	PlaceText    string
	Place        geo.Point
	HasPlace     bool
	Contact      Contact
	ShowName     bool // publish the name with the comment
	Channel      Channel
	Language     string
	Key          string     // idempotency key, a UUID; the same key never makes two comments
	Draft        string     // token of the draft to remove; "" = none
	Replaces     ID         // the author's earlier comment; only UpdateMyComment's drafts name one
	Responses    []Response // where the consultation has a form: instead of stance, points and place
	ReceivedOn   Date       // of what came on paper: the day it came, "" = today
}

// Receipt is what an author gets for a comment.
type Receipt struct {
	Comment Comment
	Token   string // opens the comment's own page, without an account
	Again   bool   // the same form had arrived before
}
