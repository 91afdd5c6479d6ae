package web

import (
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// The structs that the parts of static/part are drawn from. Texts in them are in the reader's language already, except those
// that people wrote themselves (values, names, bodies).

// Field is what every form field has. Name is also its id, so that the error summary can lead to it.
type Field struct {
	Name    string
	Label   string
	Hint    string // "" = none
	Error   string // "" = right
	Heading bool   // the label is the page's h1: a page that asks one question
}

// DescribedBy lists the ids of hint and error, in the order they are read.
func (f Field) DescribedBy() string {
	ids := ""
	if f.Hint != "" {
		ids = f.Name + "-hint"
	}
	if f.Error != "" {
		if ids != "" {
			ids += " "
		}
		ids += f.Name + "-error"
	}
	return ids
}

// TextInput is one line. Part "text-input".
type TextInput struct {
	Field
	Value        string
	Type         string // "" = text
	Autocomplete string // an HTML autofill token; "" = none
	InputMode    string // "" = the type's own
	Short        bool   // narrow, for codes and postcodes
}

// TextArea is longer text with a character count. Part "text-area".
type TextArea struct {
	Field
	Value string
	Rows  int // 0 = 6
	Max   int // in characters (code points); 0 = no count
}

// Count is the number of characters typed, as the server counts them.
func (t TextArea) Count() int { return len([]rune(t.Value)) }

// Choice is one radio button or checkbox.
type Choice struct {
	Value, Label, Hint string
	Checked            bool
}

// Choices is a group of them. Parts "radios" and "checkboxes".
type Choices struct {
	Field
	Choices []Choice
	Inline  bool // side by side where there is room
}

// DateInput asks for a day in three boxes: name-day, name-month, name-year. Part "date-input".
type DateInput struct {
	Field
	Day, Month, Year string // as typed
}

// Button submits the form, or leads on when Href is set. Part "button".
type Button struct {
	Text        string
	Name, Value string // sent with the form; "" = nothing
	Href        string
	Secondary   bool
	Warning     bool // for what cannot be undone
}

// Tag is a short state in colour and words. Part "tag".
type Tag struct {
	Text string
	Kind string // "open", "closing", "done", "wait", "held" or "" = plain
}

// SummaryRow is one line of a check-answers list. Typed marks a value that a person wrote, which brings its own direction.
type SummaryRow struct {
	Key, Value string
	Typed      bool
	Change     string // where it can be changed; "" = it cannot
}

// SummaryList is a list of answers. Part "summary-list".
type SummaryList struct{ Rows []SummaryRow }

// Details hides what few need behind a word. Part "details".
type Details struct{ Summary, Text string }

// Gloss is a planning word that explains itself (template function gloss). Part "gloss".
type Gloss struct{ ID, Term string }

// Panel confirms what was done. Part "panel".
type Panel struct {
	Title     string
	Text      string
	Reference string // printed large; "" = none
}

// Callout is a text set apart. Parts "inset" and "warning".
type Callout struct{ Text string }

// Kept is a field of an error page that carries what was typed along.
type Kept struct {
	Name, Label, Value string
	Visible            bool // shown in a text area; others travel hidden
}

// Message is one message of a thread as a reader sees it. Part "message".
type Message struct {
	ID       string // the message's id in addresses
	Seq      int64
	Official bool
	Elected  bool   // a councillor wrote it; Role is the ward
	Own      bool   // the reader wrote it
	Name     string // a resident's chosen name; "" = a resident
	Service  string // official: who answers
	Role     string // official: as what
	Body     string
	Language string // BCP 47 of the body; "" = unknown
	State    consult.MessageState
	Rule     string // held or hidden: under which rule
	Reason   string // hidden: why, in the moderator's words
	At       time.Time
	Actions  []Link // what this reader may do with it
	Facts    []pinnedFact
	Support  *SupportLine // nil = nobody can support it
	Answer   string       // the answer it carries, which everybody got who asked the same; "" = it was written for this thread alone
}

// Visible says whether the body may be read; otherwise a stub stands in its place.
func (m Message) Visible() bool { return m.State == consult.MessageVisible || m.State == "" }

// MessageOf makes the view of a message for a reader: visitor is the reader's browser id, 0 where they have none.
func MessageOf(m consult.Message, visitor consult.ID) Message {
	answer := ""
	if m.Answer != 0 {
		answer = m.Answer.String()
	}
	return Message{
		Answer: answer, ID: m.ID.String(), Seq: m.Seq, Official: m.Author == consult.ByOfficer, Elected: m.Author == consult.ByCouncillor, Own: visitor != 0 && m.Visitor == visitor,
		Name: m.Name, Service: m.Service, Role: m.Title, Body: m.Body, Language: m.Language, State: m.State,
		Rule: m.Rule, Reason: m.Reason, At: m.CreatedAt, Facts: pinnedFacts(m.Facts),
	}
}

// NearMe is the button that asks the browser for its place, with the reason why. The script fills the fields and submits the form
// it stands in; without JavaScript it does not appear. Part "near-me".
type NearMe struct {
	Lat, Lon string // names of the form's fields
	Fallback string // id of the field to go to when the place is refused
}
