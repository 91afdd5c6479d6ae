package export

import (
	"strconv"
	"strings"
)

// The types of columns, as the codebook names them.
const (
	typeText    = "text"    // somebody's words or names
	typeCode    = "code"    // one of the codebook's values, or an identifier of ours
	typeCodes   = "codes"   // several, with "; " between them
	typeInteger = "integer" // decimal digits
	typeDecimal = "decimal" // digits with a point
	typeBoolean = "boolean" // true or false
	typeDate    = "date"    // YYYY-MM-DD, in the authority's time zone
)

// column is one field of a file of Rs.
type column[R any] struct {
	name     string
	kind     string
	values   []value // what a code can be; nil = anything
	missing  string  // key of what an empty cell means; "" = it is never empty
	question string  // key of the question it answers; "" = none was asked
	asked    string  // the question in a form's own words, instead of a key
	called   string  // what the column is called, in a form's own words; "" = by its key
	key      string  // of what it is called, where its name means something else in another file; "" = after its name
	take     func(R) string
}

// value is one code and the key of what it means, or what it means in a form's own words.
type value struct{ code, key, text string }

// coded lists codes whose meanings are worded by prefix + code.
func coded[T ~string](codes []T, prefix string) []value {
	list := make([]value, len(codes))
	for i, c := range codes {
		list[i] = value{code: string(c), key: prefix + string(c)}
	}
	return list
}

// label is the key of what a column is called.
func (c column[R]) label() string {
	if c.key != "" {
		return c.key
	}
	return "export.field_" + strings.ReplaceAll(c.name, "-", "_")
}

// words tells whether cells are no numbers, days or truth values: those go into CSV guarded.
func (c column[R]) words() bool {
	return c.kind == typeText || c.kind == typeCode || c.kind == typeCodes
}

// bare tells whether JSON writes cells as they are.
func (c column[R]) bare() bool {
	return c.kind == typeInteger || c.kind == typeDecimal || c.kind == typeBoolean
}

func names[R any](columns []column[R]) []string {
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = c.name
	}
	return list
}

// whole writes an integer, nothing for 0: a number that is not known.
func whole(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// degrees writes a coordinate with six decimals, about 10 cm.
func degrees(v float64) string { return strconv.FormatFloat(v, 'f', 6, 64) }

// decimal writes one decimal.
func decimal(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }
