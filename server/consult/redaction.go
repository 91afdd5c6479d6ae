package consult

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// RedactionReasons lists why words may be taken out before publication.
func RedactionReasons() []string {
	return []string{"name", "contact", "third-party", "signature", "special-category", "child", "financial", "defamatory",
		"offensive", "security"}
}

// PlacePart stands for the place in words where a redaction names its topic. No topic and no question of a form can be called so.
const PlacePart Topic = "@place"

// Redaction is one place in an author's words that the public does not read. Begins and Ends count characters (code points) of the
// original; Ends is the first that stays.
type Redaction struct {
	Topic  Topic
	Begins int
	Ends   int
	Kind   string // what was found there, a redact.Kind; MarkedByHand where an officer chose the words
	Reason string // one of RedactionReasons
	By     string // service and role of who took it out
}

// MarkedByHand is the kind of words that no detector found.
const MarkedByHand = "words"

// RedactionMarks is what stands in place of what was taken out, by reason, in the comment's language: "[name removed]".
type RedactionMarks map[string]string

// Publication is an officer's decision about one comment.
type Publication struct {
	Comment ID
	// Points are the texts to publish, same topics as the original, typed by an officer. Without them texts and place are the author's,
	// without what Redactions take out.
	Points     []CommentPoint
	PlaceText  string
	Redactions []Redaction
	Marks      RedactionMarks // for every reason of Redactions
	Reasons    []string       // required when a typed text differs from the original; those of Redactions are added
	Withhold   bool           // keep and weigh, do not publish; needs a reason
	NameShown  string
}

// Redacted is a text without the stretches that redactions of it take out: a mark stands in their place, so that readers see that
// something is missing, and why. Line breaks stay where they were, so that the text keeps its shape. The redactions must be in order
// and must not overlap; those of other topics are left aside.
func Redacted(text string, topic Topic, redactions []Redaction, marks RedactionMarks) string {
	var b strings.Builder
	chars, at := []rune(text), 0
	for _, r := range redactions {
		if r.Topic != topic || r.Begins < at || r.Ends > len(chars) {
			continue
		}
		b.WriteString(string(chars[at:r.Begins]))
		gone := chars[r.Begins:r.Ends]
		for len(gone) > 0 {
			n := slices.Index(gone, '\n')
			if n < 0 {
				n = len(gone)
			}
			if !Blank(string(gone[:n])) {
				b.WriteString(marks[r.Reason])
			}
			for n < len(gone) && gone[n] == '\n' {
				b.WriteByte('\n')
				n++
			}
			gone = gone[n:]
		}
		at = r.Ends
	}
	b.WriteString(string(chars[at:]))
	return b.String()
}

// texts of a file by the topic that redactions name: every point, and the place.
func (f CommentFile) texts() []CommentPoint {
	return append(slices.Clone(f.Original), CommentPoint{Topic: PlacePart, Text: f.OriginalPlace})
}

// Redacted makes what redactions leave of the author's words.
func (f CommentFile) Redacted(redactions []Redaction, marks RedactionMarks) (points []CommentPoint, place string) {
	for _, p := range f.texts() {
		text := Redacted(p.Text, p.Topic, redactions, marks)
		if p.Topic == PlacePart {
			place = text
			continue
		}
		points = append(points, CommentPoint{Topic: p.Topic, Text: text})
	}
	return points, place
}

// Explained tells whether the published texts are the author's words without the kept redactions. Otherwise an officer typed them.
func (f CommentFile) Explained(marks RedactionMarks) bool {
	points, place := f.Redacted(f.Comment.Redactions, marks)
	return slices.Equal(points, f.Comment.Points) && place == f.Comment.PlaceText
}

// SortRedactions puts redactions into the order of the text and joins those that overlap; the first of them says why.
func SortRedactions(redactions []Redaction) []Redaction {
	sorted := slices.Clone(redactions)
	slices.SortStableFunc(sorted, func(a, b Redaction) int {
		return cmp.Or(cmp.Compare(a.Topic, b.Topic), cmp.Compare(a.Begins, b.Begins), cmp.Compare(b.Ends, a.Ends))
	})
	var joined []Redaction
	for _, r := range sorted {
		if n := len(joined); n > 0 && joined[n-1].Topic == r.Topic && r.Begins < joined[n-1].Ends {
			joined[n-1].Ends = max(joined[n-1].Ends, r.Ends)
			continue
		}
		joined = append(joined, r)
	}
	return joined
}

// checkRedactions holds each to the text it is about.
func (c *check) redactions(file CommentFile, p Publication) {
	length := map[Topic]int{}
	for _, t := range file.texts() {
		length[t.Topic] = utf8.RuneCountInString(t.Text)
	}
	for _, r := range p.Redactions {
		n, known := length[r.Topic]
		if !known || r.Begins < 0 || r.Begins >= r.Ends || r.Ends > n {
			c.add("take", "redaction_outside")
			return
		}
		if !slices.Contains(RedactionReasons(), r.Reason) || !p.Withhold && p.Points == nil && p.Marks[r.Reason] == "" {
			c.add("take", "choice")
			return
		}
	}
}

// SecondLook is a decision about a comment that waits for another officer.
type SecondLook struct {
	Comment      ID
	Consultation ID
	Heading      string // the consultation's title
	Publication  Publication
	Officer      ID     // who decided; never shown
	By           string // service and role
	At           time.Time
	Returned     string // why another officer gave it back; "" = it waits
	ReturnedBy   string
}

// Correction is what an author asks about what was taken out, and the reply.
type Correction struct {
	Comment      ID
	Consultation ID
	Heading      string // the consultation's title
	Body         string
	At           time.Time
	Reply        string
	By           string    // service and role of who replied
	RepliedAt    time.Time // zero = it waits
}

// MaxCorrection is the longest question of an author about a redaction, its reply, and a note to a colleague, in characters.
const MaxCorrection = 1000

// RedactionStore keeps what belongs to redaction beside the comments. Where comments are published, CommentStore.PublishComment keeps
// c.Redactions, and whatever waited about the comment no longer does.
type RedactionStore interface {
	// Unpublished lists files of received comments of a consultation with larger ids than after, oldest first: words, place, name and contact.
	Unpublished(ctx context.Context, consultation, after ID, limit int) ([]CommentFile, error)
	// SecondLookAsked tells whether the consultation wants two officers; SetSecondLook changes it.
	SecondLookAsked(ctx context.Context, consultation ID) (bool, error)
	SetSecondLook(ctx context.Context, consultation ID, asked bool, ch Change) error
	// SaveSecondLook keeps a decision, in place of an earlier one about the comment. Conflict when the comment was withdrawn or superseded.
	SaveSecondLook(ctx context.Context, l SecondLook, ch Change) error
	SecondLook(ctx context.Context, comment ID) (SecondLook, error)                // NotFound when none waits
	SecondLooks(ctx context.Context, offset, limit int) ([]SecondLook, int, error) // of comments that still count, oldest first
	ReturnSecondLook(ctx context.Context, l SecondLook, ch Change) error           // Conflict when l.At is no longer what waits
	PassSecondLook(ctx context.Context, c Comment, l SecondLook, ch Change) error  // PublishComment with the same condition
	SaveCorrection(ctx context.Context, q Correction, ch Change) error             // Conflict while one waits
	Correction(ctx context.Context, comment ID) (Correction, error)                // NotFound when nothing was asked
	Corrections(ctx context.Context, offset, limit int) ([]Correction, int, error) // those that wait, oldest first
	ReplyCorrection(ctx context.Context, q Correction, ch Change) error            // Conflict when another one replied meanwhile
}
