package export

import (
	"encoding/xml"
	"io"
	"time"
)

// AtomFeed is a feed as RFC 4287 has it. Texts are plain text in the feed's language.
type AtomFeed struct {
	ID       string // an IRI that never changes
	Title    string
	Language string // BCP 47
	Author   string
	Self     string // where it is
	Page     string // what it is about
	Updated  time.Time
	Entries  []AtomEntry // newest first
}

// AtomEntry is one entry of a feed.
type AtomEntry struct {
	ID        string // an IRI that never changes
	Title     string
	Page      string
	Category  string // a code for programs
	Published time.Time
	Updated   time.Time
	Text      string
	Language  string // of Text, where it is another than the feed's; "" = the feed's
}

type atomText struct {
	Type     string `xml:"type,attr"`
	Language string `xml:"http://www.w3.org/XML/1998/namespace lang,attr,omitempty"`
	Text     string `xml:",chardata"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID        string    `xml:"id"`
	Title     atomText  `xml:"title"`
	Published string    `xml:"published"`
	Updated   string    `xml:"updated"`
	Link      atomLink  `xml:"link"`
	Category  *atomTerm `xml:"category"`
	Content   *atomText `xml:"content"`
}

type atomTerm struct {
	Term string `xml:"term,attr"`
}

type atomFeed struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Language string      `xml:"http://www.w3.org/XML/1998/namespace lang,attr,omitempty"`
	ID       string      `xml:"id"`
	Title    atomText    `xml:"title"`
	Updated  string      `xml:"updated"`
	Author   string      `xml:"author>name"`
	Links    []atomLink  `xml:"link"`
	Entries  []atomEntry `xml:"entry"`
}

// Atom writes a feed. Characters that XML cannot carry become U+FFFD.
func Atom(w io.Writer, f AtomFeed) error {
	out := atomFeed{
		Language: f.Language, ID: f.ID, Title: atomText{Type: "text", Text: f.Title}, Updated: rfc3339(f.Updated), Author: f.Author,
		Links: []atomLink{{"self", "application/atom+xml", f.Self}, {"alternate", "text/html", f.Page}},
	}
	for _, e := range f.Entries {
		entry := atomEntry{ID: e.ID, Title: atomText{Type: "text", Text: e.Title}, Published: rfc3339(e.Published), Updated: rfc3339(e.Updated),
			Link: atomLink{"alternate", "text/html", e.Page}}
		if e.Category != "" {
			entry.Category = &atomTerm{e.Category}
		}
		if e.Text != "" {
			entry.Content = &atomText{Type: "text", Text: e.Text}
			if e.Language != f.Language {
				entry.Content.Language = e.Language
			}
		}
		out.Entries = append(out.Entries, entry)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	return xml.NewEncoder(w).Encode(out)
}

func rfc3339(t time.Time) string { return t.UTC().Format(time.RFC3339) }
