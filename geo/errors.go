package geo

import (
	"fmt"
	"strings"
)

// Reason is the stable name of what is wrong with a place or a file of
// places. The doors of the app turn it into words in the reader's language;
// an Error's own text is English, for logs, command output and the API.
type Reason string

// The reasons, from the file as a whole down to one ring of one feature.
const (
	ReasonTooLarge         Reason = "too-large"          // more bytes than Limits.MaxBytes
	ReasonTooManyFeatures  Reason = "too-many-features"  // more features than Limits.MaxFeatures
	ReasonTooManyPositions Reason = "too-many-positions" // more positions than Limits.MaxPositions
	ReasonTooDeep          Reason = "too-deep"           // nested deeper than Limits.MaxDepth
	ReasonTooComplex       Reason = "too-complex"        // a boundary too tangled to be checked in bounded time
	ReasonNotJSON          Reason = "not-json"           // broken or truncated JSON
	ReasonNotWKT           Reason = "not-wkt"            // broken or truncated well-known text
	ReasonNotText          Reason = "not-text"           // a NUL or text that is not UTF-8
	ReasonWrongType        Reason = "wrong-type"         // an object of a kind that is not taken here
	ReasonNoGeometry       Reason = "no-geometry"        // a feature without a place
	ReasonUnknownCRS       Reason = "unknown-crs"        // coordinates in a reference system that is not known here
	ReasonDuplicateID      Reason = "duplicate-id"       // two features under one id, or two areas under one code
	ReasonProperty         Reason = "property"           // a property that is missing, too long or of the wrong kind

	ReasonWrongCount   Reason = "wrong-count"   // too few or too many numbers
	ReasonNotNumber    Reason = "not-a-number"  // something else where a finite number belongs
	ReasonOutOfRange   Reason = "out-of-range"  // not on Earth, or west beyond east, or south beyond north
	ReasonNullIsland   Reason = "null-island"   // exactly (0,0): a missing value, never a place
	ReasonSwapped      Reason = "swapped"       // latitude and longitude look swapped
	ReasonNationalGrid Reason = "national-grid" // looks like National Grid metres without a crs member
	ReasonOutsideArea  Reason = "outside-area"  // outside Limits.Within, or off the National Grid
	ReasonAntimeridian Reason = "antimeridian"  // an edge longer than half the world

	ReasonRingShort   Reason = "ring-short"   // fewer than four positions, or fewer than three different ones
	ReasonRingOpen    Reason = "ring-open"    // the last position is not the first
	ReasonRingCrosses Reason = "ring-crosses" // a boundary that crosses or touches itself (a bow-tie)
	ReasonHoleOutside Reason = "hole-outside" // a hole that is not inside its polygon, or inside another hole
	ReasonOverlap     Reason = "overlap"      // two parts of one multipolygon share ground
)

// Error says what is wrong with a place, and in which feature.
type Error struct {
	Reason  Reason
	Feature int    // number of the feature in its file, counted from 1; 0: not in a feature
	Earlier int    // for ReasonDuplicateID: number of the feature that had the id first
	Detail  string // English: the value, position or limit that failed, with a hint where there is one
}

func (e *Error) Error() string {
	text := string(e.Reason)
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	if e.Feature > 0 {
		text = fmt.Sprintf("feature %d: %s", e.Feature, text)
	}
	return text
}

// Is makes errors.Is(err, &Error{Reason: r}) ask for the reason alone.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Reason == e.Reason && (t.Feature == 0 || t.Feature == e.Feature)
}

// Errors is what is wrong with the features of one file: at most one Error a
// feature, in file order. It is never empty when returned as an error.
type Errors []*Error

func (es Errors) Error() string {
	const shown = 5
	lines := make([]string, 0, shown+1)
	for i, e := range es {
		if i == shown {
			lines = append(lines, fmt.Sprintf("and %d more", len(es)-shown))
			break
		}
		lines = append(lines, e.Error())
	}
	return strings.Join(lines, "; ")
}

// Unwrap lets errors.Is and errors.As look at each error.
func (es Errors) Unwrap() []error {
	out := make([]error, len(es))
	for i, e := range es {
		out[i] = e
	}
	return out
}

func fail(r Reason, format string, args ...any) *Error {
	return &Error{Reason: r, Detail: fmt.Sprintf(format, args...)}
}
