package ogc

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// How many features a page holds. A higher limit is taken for the highest; answers are written while they are read.
const (
	DefaultLimit = 10
	MaxLimit     = 10_000
)

// maxValue is the longest value of a parameter, in bytes.
const maxValue = 400

// Query is a request for the features of a collection.
type Query struct {
	Collection Collection
	Limit      int
	After      string            // the id after which the page begins; "" = the first page
	Frame      *geo.Frame        // nil = everywhere
	CRS        geo.System        // to answer in
	Filters    map[string]string // properties asked for
	Asked      url.Values        // what was asked, for links to other pages and forms

	filter consult.FeatureFilter
}

// The parameters that every address takes: the form of the answer and its language.
var everywhere = []string{"f", "lang"}

// ReadQuery reads the parameters of a collection's items. Whatever is unknown, stands twice or cannot be is named in bad; then the
// query is not to be used.
func ReadQuery(c Collection, values url.Values, calendar consult.Calendar) (q Query, bad []consult.FieldError) {
	q = Query{Collection: c, Limit: DefaultLimit, Filters: map[string]string{}, Asked: url.Values{}}
	r := reader{values: values, known: append([]string{"limit", "after", "bbox", "bbox-crs", "crs", "datetime"}, everywhere...)}
	for _, p := range c.Filters() {
		r.known = append(r.known, p.Name)
	}
	r.unknown()
	q.readPage(&r)
	q.readPlace(&r)
	if text := r.value("datetime"); text != "" {
		from, to, ok := ParseDatetime(text, calendar)
		if !ok {
			r.fail("datetime", "datetime")
		}
		if c.Time != nil {
			q.filter.From, q.filter.To = from, to
		}
	}
	for _, p := range c.Filters() {
		q.readFilter(&r, p)
	}
	for name, list := range values {
		q.Asked[name] = slices.Clone(list)
	}
	return q, r.bad
}

// ReadCRS reads the parameters of one feature: crs and those of every address.
func ReadCRS(values url.Values) (crs geo.System, bad []consult.FieldError) {
	r := reader{values: values, known: append([]string{"crs"}, everywhere...)}
	r.unknown()
	return r.system("crs"), r.bad
}

// ReadNone refuses parameters where none but those of every address mean anything.
func ReadNone(values url.Values) []consult.FieldError {
	r := reader{values: values, known: everywhere}
	r.unknown()
	return r.bad
}

func (q *Query) readPage(r *reader) {
	if text := r.value("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil && !digits(text) || err == nil && n < 1 {
			r.fail("limit", "number")
			return
		}
		if err != nil { // more than a number holds
			n = MaxLimit
		}
		q.Limit = min(n, MaxLimit)
	}
	q.filter.Limit = q.Limit
	q.After = r.value("after")
	if q.After == "" || q.Collection.Geometry == "polygon" { // codes are in any form
		return
	}
	id, err := consult.ParseID(q.After)
	if err != nil {
		r.fail("after", "id")
	}
	q.filter.After = id
}

func (q *Query) readPlace(r *reader) {
	q.CRS = r.system("crs")
	system := r.system("bbox-crs")
	text := r.value("bbox")
	if text == "" {
		if r.values.Has("bbox") {
			r.fail("bbox", "bbox")
		}
		return
	}
	frame, err := geo.ParseFrame(text, system)
	if err != nil {
		r.fail("bbox", "bbox")
		return
	}
	q.Frame = &frame
}

func (q *Query) readFilter(r *reader, p Property) {
	if !r.values.Has(p.Name) {
		return
	}
	value := r.value(p.Name)
	known := value != "" && (p.Values == nil || slices.Contains(p.Values, value))
	if !known || p.narrow != nil && !p.narrow(&q.filter, value) {
		r.fail(p.Name, "choice")
		return
	}
	q.Filters[p.Name] = value
}

// reader reads parameters and collects what is wrong with them.
type reader struct {
	values url.Values
	known  []string
	bad    []consult.FieldError
}

func (r *reader) fail(name, rule string) {
	r.bad = append(r.bad, consult.FieldError{Field: name, Rule: rule})
}

// maxUnknown is how many unknown parameters are named.
const maxUnknown = 5

// unknown finds parameters that mean nothing here. Names that could be anything are not repeated.
func (r *reader) unknown() {
	var names []string
	for name := range r.values {
		if !slices.Contains(r.known, name) {
			if strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") != "" || len(name) > 40 {
				name = ""
			}
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names[:min(len(names), maxUnknown)] {
		r.fail(name, "unknown_parameter")
	}
}

// value reads a parameter that may stand once.
func (r *reader) value(name string) string {
	list := r.values[name]
	switch {
	case len(list) == 0:
		return ""
	case len(list) > 1:
		r.fail(name, "duplicate")
	case !utf8.ValidString(list[0]) || strings.IndexByte(list[0], 0) >= 0 || len(list[0]) > maxValue:
		r.fail(name, "encoding")
	default:
		return list[0]
	}
	return ""
}

func (r *reader) system(name string) geo.System {
	text := r.value(name)
	if text == "" {
		if r.values.Has(name) && len(r.values[name]) == 1 && r.values[name][0] == "" {
			r.fail(name, "crs")
		}
		return geo.CRS84
	}
	system, err := geo.ParseSystem(text)
	if err != nil {
		r.fail(name, "crs")
	}
	return system
}

func digits(text string) bool { return strings.Trim(text, "0123456789") == "" }
