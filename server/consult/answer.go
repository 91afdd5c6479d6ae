package consult

import (
	"context"
	"slices"
	"time"
)

// AnswerState is how far one version of an answer has come.
type AnswerState string

// The states of an answer.
const (
	AnswerDraft     AnswerState = "draft"
	AnswerReview    AnswerState = "review"     // somebody is asked to read it
	AnswerApproved  AnswerState = "approved"   // may go out; with GoesAt set it is about to
	AnswerPublished AnswerState = "published"  // everybody can read it, and its askers get it
	AnswerReplaced  AnswerState = "replaced"   // by a newer version, and still readable
	AnswerTakenBack AnswerState = "taken-back" // given up before anybody got it
)

// Limits of answers, in characters, and times.
const (
	MaxAnswer        = 5000
	MaxAnswerChanged = 500
	MaxVerdictReason = 1000
	// MaxTranslations is how many other languages an answer can be in.
	MaxTranslations = 8
	// AnswerUndo is how long a published answer waits before it reaches anybody, and a point that is added later before it gets it.
	AnswerUndo = 30 * time.Second
	// MinVerdicts is how many verdicts there must be before the public is told how they came out.
	MinVerdicts = 10
)

// Answer is one version of the authority's public reply to a concern.
type Answer struct {
	ID           ID
	Concern      ID
	Consultation ID
	Version      int    // of the concern's answer, dense from 1
	Body         string // in the main language
	Language     string // BCP 47
	Changed      string // what is different from the version before, in plain words; "" in version 1
	Translations []Translation
	State        AnswerState
	Service      string // shown to the public
	Title        string // the role, shown to the public
	Author       ID     // the officer who changed its words last; never public
	Reviewer     ID     // the officer who approved it; never public
	Rev          int    // compare-and-set: changes with every save; 0 = new
	GoesAt       time.Time
	PublishedAt  time.Time
	CreatedAt    time.Time
	UpdatedAt    time.Time
	Delivered    int // comments and messages that have it
}

// Translation is an answer in another language than its main one. Only one that a person has checked is shown or sent to anybody.
type Translation struct {
	Language string
	Body     string
	Checked  bool
}

// Going tells whether the answer waits for the moment at which it goes out: until then it can be undone.
func (x Answer) Going() bool { return x.State == AnswerApproved && !x.GoesAt.IsZero() }

// Public tells whether everybody can read this version.
func (x Answer) Public() bool { return x.State == AnswerPublished || x.State == AnswerReplaced }

// Open tells whether the version is still being worked on.
func (x Answer) Open() bool { return x.State != "" && !x.Public() }

// In is the answer's text for a reader of a language: a checked translation, else the main text.
func (x Answer) In(language string) (body, in string, translated bool) {
	for _, t := range x.Translations {
		if t.Checked && t.Language == language && t.Language != x.Language {
			return t.Body, t.Language, true
		}
	}
	return x.Body, x.Language, false
}

// AnswerStep is what an officer does with an open version.
type AnswerStep string

// The steps.
const (
	StepSave     AnswerStep = "save"
	StepReview   AnswerStep = "review"    // ask somebody else to read it
	StepReturn   AnswerStep = "return"    // back to its author, as a draft
	StepApprove  AnswerStep = "approve"   // it may go out
	StepPublish  AnswerStep = "publish"   // it goes out after AnswerUndo
	StepUndo     AnswerStep = "undo"      // it does not, after all
	StepTakeBack AnswerStep = "take-back" // give the version up
)

// AnswerSteps lists them.
func AnswerSteps() []AnswerStep {
	return []AnswerStep{StepSave, StepReview, StepReturn, StepApprove, StepPublish, StepUndo, StepTakeBack}
}

// answerSteps says from which states a step leads where. Where one pair of eyes is enough, steps in between may be left out.
var answerSteps = map[AnswerStep]struct {
	to            AnswerState
	from, oneself []AnswerState
}{
	StepSave:     {"", []AnswerState{AnswerDraft, AnswerReview, AnswerApproved, AnswerTakenBack}, nil},
	StepReview:   {AnswerReview, []AnswerState{AnswerDraft}, nil},
	StepReturn:   {AnswerDraft, []AnswerState{AnswerReview, AnswerApproved}, nil},
	StepApprove:  {AnswerApproved, []AnswerState{AnswerReview}, []AnswerState{AnswerDraft}},
	StepPublish:  {AnswerApproved, []AnswerState{AnswerApproved}, []AnswerState{AnswerDraft, AnswerReview}},
	StepUndo:     {AnswerApproved, nil, nil}, // only while it is going
	StepTakeBack: {AnswerTakenBack, []AnswerState{AnswerDraft, AnswerReview, AnswerApproved}, nil},
}

// Step is the answer after a step by an officer, or why it cannot be taken: the name of a broken rule. With four eyes, who changed its
// words last may not approve it: so two people stand by what goes out.
func (x Answer) Step(step AnswerStep, by Actor, now time.Time, fourEyes bool) (Answer, string) {
	rule, known := answerSteps[step]
	switch {
	case !known:
		return x, "choice"
	case step == StepUndo && x.Going():
		x.GoesAt = time.Time{}
		return x, ""
	case step == StepUndo:
		return x, "answer_gone"
	case x.Going():
		return x, "answer_going"
	case !slices.Contains(rule.from, x.State) && (fourEyes || !slices.Contains(rule.oneself, x.State)):
		return x, "answer_step"
	}
	approves := step == StepApprove || step == StepPublish && x.State != AnswerApproved
	if approves && fourEyes && by.Kind != Machine && by.ID == x.Author {
		return x, "four_eyes"
	}
	if rule.to != "" {
		x.State = rule.to
	}
	switch {
	case approves:
		x.Reviewer = by.ID
	case x.State == AnswerDraft || x.State == AnswerReview:
		x.Reviewer = 0
	}
	if step == StepPublish {
		x.GoesAt = now.Add(AnswerUndo)
	}
	return x, ""
}

// Write is the answer with other words: a draft again, by the officer who changed them.
func (x Answer) Write(t AnswerText, by Actor) Answer {
	if x.Text().same(t) && x.State != AnswerTakenBack {
		return x
	}
	x.Body, x.Language, x.Changed, x.Translations = t.Body, t.Language, t.Changed, t.Translations
	x.Service, x.Title = by.Service, by.Title
	x.State, x.Author, x.Reviewer = AnswerDraft, by.ID, 0
	return x
}

// AnswerText is what an officer writes.
type AnswerText struct {
	Body         string
	Language     string
	Changed      string
	Translations []Translation
}

// Text is what was written.
func (x Answer) Text() AnswerText {
	return AnswerText{Body: x.Body, Language: x.Language, Changed: x.Changed, Translations: x.Translations}
}

func (t AnswerText) same(o AnswerText) bool {
	return t.Body == o.Body && t.Language == o.Language && t.Changed == o.Changed && slices.Equal(t.Translations, o.Translations)
}

// AnswerInput is one step on the answer to a concern, with the text as the officer has it.
type AnswerInput struct {
	Concern ID
	Rev     int // of the version that was seen; 0 = there was none open
	Text    AnswerText
	Step    AnswerStep
	Key     string // idempotency key
}

// AnswerChannel is how an answer reaches somebody, besides the page.
type AnswerChannel string

// The channels.
const (
	ByMail   AnswerChannel = "mail"
	ByLetter AnswerChannel = "letter" // an author with a postal address and no mailbox
	ByPage   AnswerChannel = "page"   // the comment's own page alone: its author left no address
	ByThread AnswerChannel = "thread" // the dialogue in which it was asked
)

// AnswerChannels lists them.
func AnswerChannels() []AnswerChannel {
	return []AnswerChannel{ByMail, ByLetter, ByPage, ByThread}
}

// AnswerDelivery is an answer that reached one author: the comment or message that asked, and the official message that carries it.
type AnswerDelivery struct {
	Answer  ID
	Source  ID
	Topics  []Topic // of the source's points that it answers; "" = a message
	Message ID
	Channel AnswerChannel
	At      time.Time
}

// Asker is a comment or a message with points that wait for the current answer of a concern.
type Asker struct {
	Source       ID
	Consultation ID
	Topics       []Topic // those that wait
	Comment      bool    // else a message
	Thread       ID      // where the answer goes; 0 = a comment without one
	Language     string
	Has          ID   // the official message, where the thread has this version already: it is not said twice
	Delivered    bool // the source has this version already, for others of its points
	Before       bool // it got an earlier version
}

// AnswerPost is one delivery with all that comes with it; the store keeps all of it or nothing.
type AnswerPost struct {
	Delivery     AnswerDelivery
	Consultation ID
	Comment      bool
	By           string  // service and role, for the promise
	Open         Thread  // the thread to open; ID 0 = there is one
	Message      Message // ID 0 = the thread has it already
	Mail         Mail    // to a comment's author, by post where they left no mailbox
}

// AnswerBatch is a part of an answer's deliveries. Seen is how many there were when the part was read: when another node was faster,
// nothing of it is written.
type AnswerBatch struct {
	Answer ID
	Seen   int
	Before time.Time // points that came later into the concern than this, and than the answer was published, are not in it
	Posts  []AnswerPost
}

// AnswerFigures is what became of an answer.
type AnswerFigures struct {
	Askers    int // comments and messages of the concern that count
	Delivered int
	Channels  map[AnswerChannel]int
	Verdicts  map[VerdictValue]int
}

// Said is how many verdicts there are.
func (f AnswerFigures) Said() int {
	return f.Verdicts[VerdictYes] + f.Verdicts[VerdictPartly] + f.Verdicts[VerdictNo]
}

// Told tells whether the public may know how the verdicts came out: few would tell who said what.
func (f AnswerFigures) Told() bool { return f.Said() >= MinVerdicts }

// AnswerWork is an answer for which there is something to do now.
type AnswerWork struct {
	Answer Answer
	Due    bool // it goes out now; else it has askers to reach
}

// AnswerStore keeps answers, who got them, and what they said of them.
type AnswerStore interface {
	// Answers lists every version of a concern's answer, newest first, with its translations; Service filters.
	Answers(ctx context.Context, concern ID) ([]Answer, error)
	Answer(ctx context.Context, id ID) (Answer, error)
	// LatestAnswersOf finds for each concern its newest version and the newest that everybody can read, without translations.
	LatestAnswersOf(ctx context.Context, concerns []ID) (newest, public map[ID]Answer, err error)
	// SaveAnswer keeps an open version over the one that was seen (Rev), or a new one (Rev 0). Conflict when another was saved meanwhile,
	// when the version is no longer open, or when the concern went into another.
	SaveAnswer(ctx context.Context, x Answer, ch Change) error
	// AnswersDue lists answers that go out by now, and published ones that have askers to reach.
	AnswersDue(ctx context.Context, now time.Time, limit int) ([]AnswerWork, error)
	// PublishAnswer lets an answer out whose moment has come: everybody can read it and its concern, the version before is replaced, and
	// its askers are to get it. It writes nothing when it was undone or another node did it.
	PublishAnswer(ctx context.Context, id ID, ch Change) error
	// Askers lists, by id, comments and messages of a published answer that wait for it: those in its concern, and those that got an
	// earlier version. What came into the concern after the answer was published and after the given moment is left out: it may still be
	// undone. Comments that were withdrawn or superseded, and messages that cannot be seen, wait for nothing.
	Askers(ctx context.Context, answer ID, before time.Time, limit int) ([]Asker, error)
	// DeliverAnswer keeps a batch: deliveries, official messages with their events, mails and letters. An asker that has it already is
	// passed over. When nobody waits any more the answer is at rest. It tells how many it delivered.
	DeliverAnswer(ctx context.Context, b AnswerBatch, ch Change) (int, error)
	AnswerFigures(ctx context.Context, answer ID) (AnswerFigures, error)
	// PointAnswers lists the answers that reached a comment or messages, by source, topic and concern, newest version first, with the
	// verdicts on them.
	PointAnswers(ctx context.Context, sources []ID) ([]PointAnswer, error)
	// Verdicts lists verdicts on an answer with their reasons, latest first: of those that are not yes.
	Verdicts(ctx context.Context, answer ID, offset, limit int) ([]Verdict, int, error)
	// CommentThread finds a comment's own thread, which may be empty; NotFound for comments that were copied from elsewhere and have none.
	CommentThread(ctx context.Context, comment ID) (Thread, error)
	// SaveVerdict keeps or changes a verdict on the newest version that reached the point; "no" opens the point again until it is
	// answered anew. NotFound when that answer did not reach the point, Closed when a newer one did.
	SaveVerdict(ctx context.Context, v Verdict, ch Change) error
}

// VerdictValue is what an author says of an answer.
type VerdictValue string

// The verdicts.
const (
	VerdictYes    VerdictValue = "yes"
	VerdictPartly VerdictValue = "partly"
	VerdictNo     VerdictValue = "no"
)

// VerdictValues lists them in the order they are asked.
func VerdictValues() []VerdictValue { return []VerdictValue{VerdictYes, VerdictPartly, VerdictNo} }

// Verdict is an author's "did this answer you?" for one point.
type Verdict struct {
	Answer  ID
	Concern ID
	Ref     PointRef
	Value   VerdictValue // "" = nothing said yet
	Reason  string       // officers only
	At      time.Time
}

// PointAnswer is an answer beside the point it answers.
type PointAnswer struct {
	Answer   Answer
	Question string // the concern's title
	Ref      PointRef
	Message  ID
	At       time.Time
	Verdict  Verdict
	Open     bool // the author said no, and nobody has answered since
	Latest   bool // no newer version of it reached the point
}

// VerdictInput is a finished form.
type VerdictInput struct {
	Answer ID
	Topic  Topic
	Value  VerdictValue
	Reason string
	Key    string
}

// CheckVerdict wants one of the three; partly and no want words.
func CheckVerdict(in VerdictInput) []FieldError {
	var bad check
	if !slices.Contains(VerdictValues(), in.Value) {
		bad.add("verdict", "verdict_required")
	}
	bad.text("reason", in.Reason, MaxVerdictReason, in.Value == VerdictPartly || in.Value == VerdictNo)
	return bad.fields
}
