package export

import (
	"bytes"
	"encoding/xml"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/yousaid/yousaid/server/consult"
)

func TestAtomCarriesWhatXMLCannot(t *testing.T) {
	var out bytes.Buffer
	nasty := "<b>&\"\x00\x0b\xff ]]>"
	if err := Atom(&out, AtomFeed{ID: "tag:a,2026:b", Title: nasty, Entries: []AtomEntry{{ID: "tag:a,2026:c", Title: nasty, Text: nasty, Language: "ur"}}}); err != nil {
		t.Fatal(err)
	}
	var back struct {
		Title   string `xml:"title"`
		Content struct {
			Lang string `xml:"lang,attr"`
			Text string `xml:",chardata"`
		} `xml:"entry>content"`
	}
	if err := xml.Unmarshal(out.Bytes(), &back); err != nil {
		t.Fatalf("%v in %s", err, out.String())
	}
	if want := "<b>&\"\uFFFD\uFFFD\uFFFD ]]>"; back.Title != want || back.Content.Text != want || back.Content.Lang != "ur" {
		t.Errorf("%+v", back)
	}
}

func FuzzICalendar(f *testing.F) {
	for _, seed := range []string{"plain", strings.Repeat("محلہ ", 40), "a,b;c\\d\r\ne\nf\x00", "\xff\xfe", strings.Repeat("x", 75), "BEGIN:VEVENT\r\nEND:VEVENT"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var out bytes.Buffer
		c := Calendar{Product: "test", Name: text, Language: "en", Events: []CalendarEvent{{UID: "1@a", Day: "2026-04-10", Changed: time.Unix(0, 0), Summary: text,
			Description: text, Location: text}}}
		if err := ICalendar(&out, c); err != nil {
			t.Fatal(err)
		}
		body := out.String()
		if strings.ContainsAny(strings.ReplaceAll(body, "\r\n", ""), "\r\n\x00") || !utf8.ValidString(body) {
			t.Fatalf("%q", body)
		}
		for _, line := range strings.Split(body, "\r\n") {
			if len(line) > maxOctets || !utf8.ValidString(line) {
				t.Fatalf("%q", line)
			}
		}
		unfolded := strings.ReplaceAll(body, "\r\n ", "")
		if n := strings.Count(unfolded, "\r\nBEGIN:VEVENT\r\n"); n != 1 {
			t.Fatalf("%d events in %q", n, unfolded)
		}
		if !strings.Contains(unfolded, "SUMMARY;LANGUAGE=en:"+escaped(text)+"\r\n") {
			t.Fatalf("the summary is lost in %q", unfolded)
		}
	})
}

func TestACalendarsDayEndsTheDayAfter(t *testing.T) {
	var out bytes.Buffer
	day := consult.Date("2026-12-31")
	if err := ICalendar(&out, Calendar{Events: []CalendarEvent{{UID: "1@a", Day: day, Cancelled: true, Sequence: 3}}}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"DTSTART;VALUE=DATE:20261231\r\n", "DTEND;VALUE=DATE:20270101\r\n", "STATUS:CANCELLED\r\n", "SEQUENCE:3\r\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in %q", want, out.String())
		}
	}
}
