package ogc

import (
	"strings"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// ParseDatetime reads the parameter datetime: an instant, or an interval "from/to" of which either end may be open (".." or
// nothing), but not both. Ends are moments (RFC 3339) or days. What we date, we date by days of the authority's calendar, so an
// instant asks for its day. An open end is "". ok is false for anything else.
func ParseDatetime(text string, calendar consult.Calendar) (from, to consult.Date, ok bool) {
	first, second, interval := strings.Cut(text, "/")
	from, fromOpen, ok := parseEnd(first, calendar)
	if !ok || fromOpen && !interval {
		return "", "", false
	}
	if !interval {
		return from, from, true
	}
	to, toOpen, ok := parseEnd(second, calendar)
	if !ok || fromOpen && toOpen || !fromOpen && !toOpen && to < from {
		return "", "", false
	}
	return from, to, true
}

func parseEnd(text string, calendar consult.Calendar) (day consult.Date, open, ok bool) {
	if text == "" || text == ".." {
		return "", true, true
	}
	if d, err := consult.ParseDate(text); err == nil {
		return d, false, true
	}
	moment, err := time.Parse(time.RFC3339, strings.ToUpper(text))
	if err != nil {
		return "", false, false
	}
	d, err := consult.ParseDate(string(calendar.Day(moment)))
	return d, false, err == nil
}
