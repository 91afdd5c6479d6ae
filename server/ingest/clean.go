package ingest

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/yousaid/yousaid/server/consult"
)

// Limits of an application's texts, in characters.
const (
	maxDescription = 10_000
	maxTitle       = 110
	maxAddress     = 300
	maxReference   = 100
	maxURL         = 2000
	maxDocuments   = 200
)

// plain makes text of a file fit to be kept: one kind of line end, no control characters, no invisible ones that could turn text
// around (U+202E and its like), no blank edges.
func plain(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\r' || r == '\u2028' || r == '\u2029':
			return '\n'
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case unicode.IsControl(r) || r == unicode.ReplacementChar || unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// line is plain text on one line.
func line(s string) string { return strings.Join(strings.Fields(plain(s)), " ") }

// cut shortens a text to at most n characters, at a blank where there is one.
func cut(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	short := string(r[:n-1])
	if at := strings.LastIndexByte(short, ' '); at > n/2 {
		short = short[:at]
	}
	return strings.TrimRight(short, " ,;:.-") + "…"
}

// titleOf makes the one plain line of a consultation from its formal description: the first sentence, or as much as fits.
func titleOf(description, otherwise string) string {
	text := line(description)
	if text == "" {
		return otherwise
	}
	if at := strings.Index(text, ". "); at > 15 {
		text = text[:at]
	}
	return cut(strings.TrimRight(text, "."), maxTitle)
}

// webAddress accepts http and https addresses with a host; anything else (javascript:, file:, a sentence) is none.
func webAddress(s string) (string, bool) {
	if s == "" || len(s) > maxURL || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return "", false
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return "", false
	}
	return s, true
}

var uprnForm = regexp.MustCompile(`^[0-9]{1,12}$`)

var addressPostcode = regexp.MustCompile(`(?i)\b([A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2})\b`)

// postcodeIn finds the last postcode in an address, "" for none.
func postcodeIn(address string) string {
	all := addressPostcode.FindAllString(address, -1)
	if len(all) == 0 {
		return ""
	}
	code, _ := consult.NormalPostcode(all[len(all)-1])
	return code
}

// partOfDate says how a date that names only a month or a year is completed.
type partOfDate int

const (
	firstDay partOfDate = iota // for what began
	lastDay                    // for what ends: a deadline is never shortened by not knowing its day
)

// isoDate reads the dates of PADS: YYYY-MM-DD, YYYY-MM or YYYY, or a timestamp. gap says what had to be added; ok is false when
// it is no date.
func isoDate(s string, part partOfDate, day func(time.Time) consult.Date) (d consult.Date, gap string, ok bool) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		d, err := consult.ParseDate(string(day(t)))
		return d, "", err == nil
	}
	if d, err := consult.ParseDate(s); err == nil {
		return d, "", true
	}
	if t, err := time.Parse("2006-01", s); err == nil {
		return completed(t, t.AddDate(0, 1, -1), part, "day")
	}
	if t, err := time.Parse("2006", s); err == nil {
		return completed(t, t.AddDate(1, 0, -1), part, "month and day")
	}
	return "", "", false
}

func completed(first, last time.Time, part partOfDate, missing string) (consult.Date, string, bool) {
	t := first
	if part == lastDay {
		t = last
	}
	d, err := consult.ParseDate(t.Format(time.DateOnly))
	return d, fmt.Sprintf("no %s given: %s stands for it", missing, d), err == nil
}

// britishDate reads dd/mm/yyyy, with or without a time after it, as the LGA schema writes dates.
func britishDate(s string) (consult.Date, bool) {
	head, _, _ := strings.Cut(s, " ")
	t, err := time.Parse("02/01/2006", head)
	if err != nil {
		return "", false
	}
	d, err := consult.ParseDate(t.Format(time.DateOnly))
	return d, err == nil
}
