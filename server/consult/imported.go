package consult

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// MaxImported is the limit of one topic's text in a comment that was made elsewhere, in characters. It is wider than MaxPoint: other
// systems had other limits, and a representation that was accepted there is not cut here.
const MaxImported = 50_000

// ImportedComment is a comment that was made elsewhere, as a file tells it. What it says to everybody is in Comment: stance, when it was
// received and published, and Points, the words that were published; none = it was not published. Consultation, round, version, ward and
// state are found by TakeComments.
type ImportedComment struct {
	Source   string // which vocabulary brought it: "odp", "bops"
	SourceID string // the other system's id; with the source and the consultation it names the comment
	Comment  Comment
	Original []CommentPoint // the author's own words; none = the file has the published ones only
	Contact  Contact        // kept apart; zero = the file says nothing of the author
	Hash     string         // of what is published; TakeComments fills it
	OwnHash  string         // of Original and Contact; "" = the file has neither
}

// fingerprint sets the hashes, so that importing the same comment twice changes nothing.
func (c *ImportedComment) fingerprint() {
	k := c.Comment
	c.Hash = digest([]any{k.Stance, k.Points, k.PlaceText, k.NameShown, k.ReceivedAt.UTC(), k.PublishedAt.UTC(), k.Language, k.Channel})
	c.OwnHash = ""
	if len(c.Original) > 0 || c.Contact != (Contact{}) {
		c.OwnHash = digest([]any{c.Original, c.Contact})
	}
}

func digest(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic("a comment that JSON cannot carry: " + err.Error())
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// ImportedStore keeps comments that were made elsewhere, and hands out whole files of comments.
type ImportedStore interface {
	// SaveImportedComments keeps them all or nothing, by source and source id. A known one with the same hashes is unchanged, and so is
	// one about which somebody decided here: withheld, withdrawn, or published with reasons. An empty OwnHash leaves the author's
	// words and contact as they are.
	SaveImportedComments(ctx context.Context, list []ImportedComment, ch Change) (created, updated, unchanged int, err error)
	// EachCommentFile streams the officers' view of every comment of a consultation that still counts, oldest first: not those
	// withdrawn or superseded.
	EachCommentFile(ctx context.Context, consultation ID, each func(CommentFile) error) error
}
