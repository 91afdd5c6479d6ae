package api

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/typed"
)

// query is an address's query. Names nobody asks for are ignored (H09). A page that cannot be is the first one (H08): the answer
// tells which page it is. Anything else that is wrong is refused, never guessed.
type query struct {
	values url.Values
	used   url.Values // what was understood, for the link to the next page
	bad    []consult.FieldError
}

func readQuery(c *fiber.Ctx) *query {
	q := &query{values: url.Values{}, used: url.Values{}}
	for name, value := range c.Request().URI().QueryArgs().All() {
		q.values.Add(string(name), string(value))
	}
	return q
}

func (q *query) fail(name, rule string) {
	q.bad = append(q.bad, consult.FieldError{Field: name, Rule: rule})
}

// line reads a value that may stand once (I17).
func (q *query) line(name string) string {
	values := q.values[name]
	if len(values) == 0 {
		return ""
	}
	if len(values) > 1 {
		q.fail(name, "duplicate")
		return ""
	}
	if !utf8.ValidString(values[0]) {
		q.fail(name, "encoding")
		return ""
	}
	value := typed.Line(values[0])
	if value != "" {
		q.used.Set(name, value)
	}
	return value
}

// number reads a whole number that chooses a page; 0 for what is none.
func (q *query) number(name string) int {
	n, err := strconv.Atoi(q.values.Get(name))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// choice reads one of the allowed values, "" for none.
func choice[T ~string](q *query, name string, allowed []T) T {
	value := T(q.line(name))
	if value != "" && !slices.Contains(allowed, value) {
		q.fail(name, "choice")
		return ""
	}
	return value
}

// choices reads any of the allowed values, separated by commas.
func choices[T ~string](q *query, name string, allowed []T) (chosen []T) {
	line := q.line(name)
	if line == "" {
		return nil
	}
	for one := range strings.SplitSeq(line, ",") {
		if !slices.Contains(allowed, T(one)) {
			q.fail(name, "choice")
			return nil
		}
		chosen = append(chosen, T(one))
	}
	return chosen
}

// around reads near=lat,lon and radius in metres. Two numbers in the wrong order are found by where they lie (H10).
func (q *query) around() (place geo.Point, radius float64) {
	near, metres := q.line("near"), q.line("radius")
	if near == "" {
		return geo.Point{}, 0
	}
	place, err := geo.ParsePoint(near)
	if err != nil {
		q.fail("near", "place")
	} else if place.LooksSwapped() {
		q.fail("near", "swapped")
	}
	return place, q.metres(metres)
}

func (q *query) metres(text string) float64 {
	if text == "" {
		return nearRadius
	}
	metres, err := strconv.ParseFloat(text, 64)
	if err != nil || !(metres >= 1 && metres <= consult.MaxRadius) { // NaN is neither
		q.fail("radius", "number")
		return 0
	}
	return metres
}

// err is everything wrong with the query as one refusal, or nil.
func (q *query) err() error {
	if len(q.bad) > 0 {
		return refuse(http.StatusBadRequest, "The query is wrong; errors names each parameter and rule.", q.bad...)
	}
	return nil
}

// next is the address of the page that begins at offset.
func (a *API) next(path string, q *query, offset, limit int) string {
	query := url.Values{}
	for name, values := range q.used {
		query[name] = values
	}
	query.Set("offset", strconv.Itoa(offset))
	query.Set("limit", strconv.Itoa(limit))
	return a.baseURL + Prefix + path + "?" + query.Encode()
}
