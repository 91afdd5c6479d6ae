package consult

import "context"

// Supported is how many people agree with a thing, and how the reader stands to it.
type Supported struct {
	Count int
	Own   bool // the reader is one of them
	Wrote bool // the reader's browser wrote it; of comments, for messages say so themselves
}

// SupportStore keeps who agrees with what: one person, one support of one thing.
type SupportStore interface {
	// SaveSupport keeps that a browser agrees with a comment or a message. Once more changes nothing and writes nothing.
	SaveSupport(ctx context.Context, thing, browser, consultation ID, ch Change) error
	// RemoveSupport takes it back; what is not there changes nothing.
	RemoveSupport(ctx context.Context, thing, browser ID, ch Change) error
	// Supports counts the rows of each thing; things nobody agrees with are not in the map. browser 0 agrees with nothing.
	Supports(ctx context.Context, browser ID, things []ID) (map[ID]Supported, error)
}
