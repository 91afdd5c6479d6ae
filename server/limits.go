package server

import "time"

// Limits is every limit of the shell, in one place; a test holds each of them. DefaultLimits are those of trust, measured.
type Limits struct {
	Header      int           // bytes of a request's head; more is 431
	Headers     int           // number of header fields; more is 431
	Body        int           // bytes of a request's body; more is 413
	ReadHead    time.Duration // to send head and body; slower is closed (slow-header attacks)
	Write       time.Duration // to take an answer
	Idle        time.Duration // a kept-open connection without a request
	Handle      time.Duration // a handler's whole work, database waits included
	Connections int           // open at once, per client address
	Shutdown    time.Duration // to finish running requests after the stop signal
	Beat        time.Duration // between a node's signs of life; as often it looks for rounds that are over
	Rates       map[string]Rate
}

// Rate is a token bucket: Burst at once, then one per Every.
type Rate struct {
	Burst int
	Every time.Duration
}

// The names of rates that routes use.
const (
	ratePage   = "page"
	rateWrite  = "write"
	rateMail   = "mail"    // requests that make a mail: follow, sign-in
	rateSignIn = "sign-in" // tries at links and codes
	rateMatch  = "match"   // looking for fact cards while somebody types
	rateTile   = "tile"
	// What one person does in one tap, or to many things one after the other.
	rateSupport = "support"
	rateFlag    = "flag"
	rateAPI     = "api"
)

// DefaultLimits fit a site for a city. A comment of eight topics of 6,000 four-byte characters, percent-encoded, is 576 KiB.
func DefaultLimits() Limits {
	return Limits{
		Header: 8 << 10, Headers: 100, Body: 1 << 20,
		ReadHead: 10 * time.Second, Write: 60 * time.Second, Idle: 75 * time.Second, Handle: 10 * time.Second,
		Connections: 200, Shutdown: 10 * time.Second, Beat: 30 * time.Second,
		Rates: map[string]Rate{
			ratePage:    {Burst: 240, Every: 100 * time.Millisecond},
			rateTile:    {Burst: 600, Every: 20 * time.Millisecond},
			rateWrite:   {Burst: 30, Every: 2 * time.Second},
			rateMatch:   {Burst: 30, Every: 2 * time.Second},
			rateMail:    {Burst: 6, Every: 2 * time.Minute},
			rateSignIn:  {Burst: 20, Every: 15 * time.Second},
			rateAPI:     {Burst: 240, Every: 100 * time.Millisecond},
			rateSupport: {Burst: 30, Every: 2 * time.Second},
			rateFlag:    {Burst: 8, Every: 30 * time.Second},
		},
	}
}
