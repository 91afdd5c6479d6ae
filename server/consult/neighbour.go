package consult

import (
	"context"
	"encoding/json"
	"time"
)

// Neighbour is an address consulted in a round.
type Neighbour struct {
	ID           ID
	Consultation ID
	Round        int    // the round's number, also of one that is still to open
	Key          string // recognises the address in other rounds
	UPRN         string // "" = typed by hand
	Address      string
	Postcode     string
	New          bool // no earlier round of the case had it
	Search       ID   // what found it; 0 = added by hand
	AddedAt      time.Time
	RemovedAt    time.Time // zero = still consulted
	RemovedWhy   string
	Letter       LetterState // of its latest letter; "" = none
}

// Surroundings says which addresses are looked for.
type Surroundings struct {
	Area   json.RawMessage // a GeoJSON polygon; nil = the boundary of the site
	Metres float64         // and this far around it
}

// NeighbourSearch is a search whose addresses were taken: what a round's list rests on.
type NeighbourSearch struct {
	ID           ID
	Consultation ID
	Round        int
	Surroundings
	Found int
	At    time.Time
}

// FoundAddress is an address inside an area, with what is known of it.
type FoundAddress struct {
	Address
	Here   bool // consulted in this round already
	Before bool // an earlier round had it
	Taken  bool // taken off this round's list by hand: finding it again does not bring it back
}

// Found is the answer to a search, nothing saved yet.
type Found struct {
	Addresses []FoundAddress // by address
	Here      int            // on the round's list already
	Taken     int            // taken off it by hand
	New       int            // to be added that no earlier round had
	Old       int            // to be added that an earlier round had
}

// MaxFound is how many addresses one search may find: more is a slip of the pen, not a neighbourhood.
const MaxFound = 5000

// MaxMetres is the farthest around a site that neighbours are looked for.
const MaxMetres = 2000

// NeighbourFilter narrows the neighbours of a case.
type NeighbourFilter struct {
	Consultation ID
	Round        int
	Removed      bool // those that were taken off the list
	Offset       int
	Limit        int
}

// NeighbourTally counts a round's neighbours.
type NeighbourTally struct {
	Consulted, New, Removed int
}

// NeighbourStore keeps the addresses consulted.
type NeighbourStore interface {
	Neighbours(ctx context.Context, f NeighbourFilter) ([]Neighbour, int, error) // by address; with their number
	// NeighbourRounds tells of every round of a case which addresses it had, by key.
	NeighbourRounds(ctx context.Context, consultation ID) (map[int]map[string]Neighbour, error)
	NeighbourTally(ctx context.Context, consultation ID, round int) (NeighbourTally, error)
	NeighbourSearches(ctx context.Context, consultation ID, round int) ([]NeighbourSearch, error) // oldest first
	// SaveNeighbours adds those that the round does not have, each with a letter that waits, and the search that found them (nil = by
	// hand). One that was taken off the list comes back. It counts what it added.
	SaveNeighbours(ctx context.Context, list []Neighbour, search *NeighbourSearch, ch Change) (int, error)
	// RemoveNeighbour takes one off the list with its letter that still waits; Conflict when somebody was faster.
	RemoveNeighbour(ctx context.Context, consultation, neighbour ID, why string, ch Change) error
}
