package export

import (
	"bufio"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/yousaid/yousaid/server/consult"
)

// Calendar is a set of days as iCalendar (RFC 5545) has them. Texts are plain text in the calendar's language.
type Calendar struct {
	Product  string // who made it, an identifier
	Name     string
	Language string // BCP 47
	Events   []CalendarEvent
}

// CalendarEvent is one whole day to know of.
type CalendarEvent struct {
	UID         string // never changes
	Sequence    int    // rises when the day moves
	Changed     time.Time
	Day         consult.Date
	Summary     string
	Description string
	Location    string
	Page        string
	Cancelled   bool
}

// maxOctets is how long a line may be without its end (RFC 5545, 3.1).
const maxOctets = 75

// ICalendar writes a calendar. Its events are whole days of no time zone: a last day is that day wherever one reads of it.
func ICalendar(w io.Writer, c Calendar) error {
	out := calendarWriter{to: bufio.NewWriter(w)}
	out.line("BEGIN:VCALENDAR")
	out.line("VERSION:2.0")
	out.text("PRODID", c.Product)
	out.line("CALSCALE:GREGORIAN")
	out.line("METHOD:PUBLISH")
	out.text("NAME", c.Name) // RFC 7986
	out.text("X-WR-CALNAME", c.Name)
	out.line("REFRESH-INTERVAL;VALUE=DURATION:PT12H")
	for _, e := range c.Events {
		out.event(c, e)
	}
	out.line("END:VCALENDAR")
	return out.to.Flush()
}

func (w calendarWriter) event(c Calendar, e CalendarEvent) {
	language := ""
	if c.Language != "" {
		language = ";LANGUAGE=" + c.Language
	}
	status := "CONFIRMED"
	if e.Cancelled {
		status = "CANCELLED"
	}
	w.line("BEGIN:VEVENT")
	w.text("UID", e.UID)
	w.line("DTSTAMP:" + e.Changed.UTC().Format("20060102T150405Z"))
	w.line("SEQUENCE:" + strconv.Itoa(e.Sequence))
	w.line("DTSTART;VALUE=DATE:" + basic(e.Day))
	w.line("DTEND;VALUE=DATE:" + basic(e.Day.Add(1))) // the first day after it
	w.text("SUMMARY"+language, e.Summary)
	if e.Description != "" {
		w.text("DESCRIPTION"+language, e.Description)
	}
	if e.Location != "" {
		w.text("LOCATION"+language, e.Location)
	}
	if e.Page != "" {
		w.line("URL:" + e.Page)
	}
	w.line("STATUS:" + status)
	w.line("TRANSP:TRANSPARENT")
	w.line("END:VEVENT")
}

func basic(d consult.Date) string { return strings.ReplaceAll(string(d), "-", "") }

// calendarWriter keeps the form of lines; the buffer keeps the first error.
type calendarWriter struct{ to *bufio.Writer }

// text writes a property whose value is text.
func (w calendarWriter) text(name, value string) { w.line(name + ":" + escaped(value)) }

var calendarEscapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)

// escaped is text as a value carries it: what means something is escaped, controls are left out, broken UTF-8 is marked.
func escaped(s string) string {
	s = calendarEscapes.Replace(strings.ToValidUTF8(s, string(utf8.RuneError)))
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}

// line writes one content line, folded before it gets too long, never within a character.
func (w calendarWriter) line(s string) {
	left := maxOctets
	for _, r := range s {
		if n := utf8.RuneLen(r); n > left {
			_, _ = w.to.WriteString("\r\n ")
			left = maxOctets - 1
		}
		n, _ := w.to.WriteRune(r)
		left -= n
	}
	_, _ = w.to.WriteString("\r\n")
}
