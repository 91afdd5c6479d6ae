package consult

import (
	"errors"
	"strings"
)

// Kind says what went wrong in a way callers can act on.
type Kind int

// The kinds of Error. Anything that is not an *Error counts as Internal.
const (
	Internal    Kind = iota // our fault; the person sees a reference, never the cause
	Invalid                 // the input breaks a rule; Fields says which
	NotFound                // no such record, or not one this actor may know of
	Forbidden               // known actor, not allowed
	SignedOut               // sign in first
	Conflict                // the record changed, or the key was used for something else
	Closed                  // the round, thread or link is over
	TooMany                 // a rate limit; RetryAfter may be set
	TooLarge                // the input is over a size limit
	Unavailable             // a part we need is down; trying again can work
)

var kindNames = map[Kind]string{
	Internal: "internal", Invalid: "invalid", NotFound: "not_found", Forbidden: "forbidden", SignedOut: "signed_out",
	Conflict: "conflict", Closed: "closed", TooMany: "rate", TooLarge: "too_large", Unavailable: "unavailable",
}

// String is the kind's name for machines: the "code" of API problems and live error frames.
func (k Kind) String() string { return kindNames[k] }

// FieldError is one broken rule of one input field. Rule is the message key "error.<rule>"; Args fill its placeholders.
// It is data, not words: it becomes a sentence in the reader's language when it is printed.
type FieldError struct {
	Field string         `json:"field"`
	Rule  string         `json:"rule"`
	Args  map[string]any `json:"args,omitempty"`
}

// Error is every failure the domain reports on purpose.
type Error struct {
	Kind       Kind
	Op         string       // what was attempted, for the log
	Fields     []FieldError // Invalid only
	RetryAfter int          // seconds, for TooMany and Unavailable; 0 = not known
	Err        error        // cause, for the log only
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	b.WriteString(": ")
	b.WriteString(e.Kind.String())
	for _, f := range e.Fields {
		b.WriteString(" " + f.Field + "=" + f.Rule)
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// KindOf finds the kind of any error: that of the first *Error in its chain, else Internal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// FieldsOf lists the broken rules that an Invalid error carries.
func FieldsOf(err error) []FieldError {
	var e *Error
	if errors.As(err, &e) {
		return e.Fields
	}
	return nil
}

func fail(kind Kind, op string, fields ...FieldError) error {
	return &Error{Kind: kind, Op: op, Fields: fields}
}
