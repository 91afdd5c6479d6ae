package consult

import (
	"context"
	"slices"
	"strings"
	"time"
)

// FactKind tells whose mistake a fact card sets right.
type FactKind string

// The kinds.
const (
	FactClaim      FactKind = "claim"      // something people say
	FactCorrection FactKind = "correction" // something the authority itself said wrongly
)

// FactKinds lists them in the order they are offered.
func FactKinds() []FactKind { return []FactKind{FactClaim, FactCorrection} }

// FactState is how far a fact card has come. A retired one stays readable under its address and is shown nowhere else.
type FactState string

// The states.
const (
	FactDraft     FactState = "draft"
	FactPublished FactState = "published"
	FactRetired   FactState = "retired"
)

// Limits of fact cards, in characters. Claim and Short fit a picture that people pass on.
const (
	MaxClaim     = 160
	MaxShort     = 280
	MaxFact      = 6000
	MaxPhrasings = 40
	MaxSources   = 5
	maxSourceURL = 500
)

// Fact is a fact card: an official statement about one claim, with its sources, who stands for it, and when it is looked at again.
type Fact struct {
	ID           ID
	Consultation ID // 0 = it holds everywhere on the site
	Kind         FactKind
	State        FactState
	Rev          int          // changes with every save, so that two officers never overwrite each other; 0 = new
	Version      int          // of the words; a new one where a save changed them
	Claim        string       // as people say it; of a correction: what the authority said
	Short        string       // the answer in a sentence or two: on the picture, and wherever the card is named
	Answer       string       // the whole answer
	Sources      []FactSource // at least one once it is published
	Phrasings    []string     // other ways in which people say it, in any language; for finding it, never shown
	Language     string       // BCP 47, of claim and answer
	Service      string       // who stands for it
	ReviewOn     Date         // when somebody looks whether it still holds
	Changed      string       // what this version changed, for readers; "" = the first
	By           string       // service and role of who wrote last
	RetiredWhy   string
	CreatedAt    time.Time
	UpdatedAt    time.Time // when these words were written
	PublishedAt  time.Time // for the first time; zero = never
	RetiredAt    time.Time
}

// FactSource is what an answer rests on: a document of the case, or a link.
type FactSource struct {
	Title    string `json:"title"`
	URL      string `json:"url,omitempty"`
	Document ID     `json:"document,omitzero"`
}

// Due tells whether a published card's day of review has come.
func (f Fact) Due(today Date) bool { return f.State == FactPublished && f.ReviewOn <= today }

// Paragraphs is the whole answer, taken apart at empty lines.
func (f Fact) Paragraphs() []string {
	list := []string{}
	for part := range strings.SplitSeq(strings.ReplaceAll(f.Answer, "\r\n", "\n"), "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

// Said lists every sentence that stands for the claim: the claim itself first.
func (f Fact) Said() []string { return append([]string{f.Claim}, f.Phrasings...) }

// sameWords tells whether a reader sees no difference between two states of a card.
func (f Fact) sameWords(g Fact) bool {
	return f.Kind == g.Kind && f.Claim == g.Claim && f.Short == g.Short && f.Answer == g.Answer && f.Language == g.Language &&
		f.Service == g.Service && slices.Equal(f.Sources, g.Sources)
}

// FactVersion is one earlier or present wording of a card.
type FactVersion struct {
	Version  int
	Claim    string
	Short    string
	Answer   string
	Sources  []FactSource
	Changed  string
	By       string
	At       time.Time
	PublicAt time.Time // zero = a draft that nobody outside has read
}

// FactPin holds a card under a message, or under a published comment, that makes its claim.
type FactPin struct {
	Fact         ID
	Subject      ID // message or comment
	Consultation ID
	Thread       ID        // the message's; 0 for comments
	ClaimedAt    time.Time // when the claim was made there
	By           string
	At           time.Time
}

// FactFigure is what is known of a card's way to people. How many saw it under a message is not counted: nobody is followed reading.
type FactFigure struct {
	Fact       ID
	Pins       int
	Told       int       // mails made for it, of every version
	FirstClaim time.Time // of all that it is pinned to; zero = to nothing
}

// Utterance is something said in public that may make a claim.
type Utterance struct {
	Subject      ID // message or comment
	Thread       ID // 0 for comments
	Seq          int64
	Consultation ID
	Author       AuthorKind
	Text         string
	Language     string
	At           time.Time
}

// Pace is how long claims ran before their cards were out.
type Pace struct {
	Cards  int           // that followed a claim
	Median time.Duration // from the first claim to the card, of these
	Ahead  int           // cards that were there before anybody made the claim
}

// PaceOf measures published cards; those that are pinned to nothing say nothing.
func PaceOf(facts []Fact, figures map[ID]FactFigure) Pace {
	var p Pace
	var waits []time.Duration
	for _, f := range facts {
		first := figures[f.ID].FirstClaim
		switch {
		case f.PublishedAt.IsZero() || first.IsZero():
		case first.Before(f.PublishedAt):
			waits = append(waits, f.PublishedAt.Sub(first))
		default:
			p.Ahead++
		}
	}
	slices.Sort(waits)
	if p.Cards = len(waits); p.Cards > 0 {
		p.Median = (waits[(p.Cards-1)/2] + waits[p.Cards/2]) / 2
	}
	return p
}

// FactStore keeps fact cards and what they are pinned to.
type FactStore interface {
	Fact(ctx context.Context, id ID) (Fact, error)
	// Facts lists a consultation's cards and those that hold everywhere, latest words first; of consultation 0 all there are. public
	// leaves out drafts and retired ones.
	Facts(ctx context.Context, consultation ID, public bool) ([]Fact, error)
	FactVersions(ctx context.Context, fact ID) ([]FactVersion, error) // newest first
	// SaveFact adds a card (Rev 0) or replaces the revision that was seen, with its state; a Version that is new is kept beside the
	// earlier ones. Threads with messages it is pinned to get an event where readers see a difference. Conflict when the revision is no
	// longer f.Rev.
	SaveFact(ctx context.Context, f Fact, ch Change) error
	// PinFact pins a card to what it is not pinned to yet and counts that; Closed when the card is retired. Of a published card, each
	// message's thread gets an event.
	PinFact(ctx context.Context, fact ID, pins []FactPin, ch Change) (int, error)
	UnpinFact(ctx context.Context, fact ID, subjects []ID, ch Change) (int, error)
	FactPins(ctx context.Context, fact ID) ([]FactPin, error) // by the moment of the claim
	// PinnedFacts finds the published cards under messages and comments, by what they are pinned to.
	PinnedFacts(ctx context.Context, subjects []ID) (map[ID][]Fact, error)
	FactFigures(ctx context.Context, facts []ID) (map[ID]FactFigure, error)
	// Utterances lists what can be read of a consultation (0 = of every one): visible messages and published comments, newest first, at
	// most limit of each.
	Utterances(ctx context.Context, consultation ID, limit int) ([]Utterance, error)
	Utterance(ctx context.Context, subject ID) (Utterance, error) // NotFound when nobody can read it
}
