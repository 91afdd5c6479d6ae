package consult

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yousaid/yousaid/server/redact"
)

// Searched is what the detectors found in one text of a comment, in its order.
type Searched struct {
	Topic    Topic // PlacePart = the place in words
	Text     string
	Findings []redact.Finding
}

// Find looks for personal details in everything an author wrote: each point, and the place in words. What everybody knows about the
// matter, its address, is none.
func (f CommentFile) Find(k Consultation) []Searched {
	about := redact.About{Name: f.Contact.Name, NamePublic: f.OriginalName != "", Email: f.Contact.Email, Phone: f.Contact.Phone,
		Address: f.Contact.Address, Postcode: f.Contact.Postcode, Public: []string{k.Address, k.Postcode, k.Title}}
	var all []Searched
	for _, t := range f.texts() {
		if t.Text != "" {
			all = append(all, Searched{t.Topic, t.Text, redact.Find(t.Text, about)})
		}
	}
	return all
}

// NameHolds is what else than a name stands in the name that an author wants shown: a number, an address.
func (f CommentFile) NameHolds() []redact.Finding { return redact.Contacts(f.OriginalName) }

// Proposed are the redactions that findings propose.
func Proposed(all []Searched) []Redaction {
	var list []Redaction
	for _, t := range all {
		for _, found := range t.Findings {
			if found.Proposed() {
				list = append(list, RedactionOf(t.Topic, found))
			}
		}
	}
	return list
}

// RedactionOf is the redaction that a finding stands for.
func RedactionOf(topic Topic, f redact.Finding) Redaction {
	return Redaction{Topic: topic, Begins: f.Begins, Ends: f.Ends, Kind: string(f.Kind), Reason: f.Reason}
}

// Clean tells whether nothing at all was found, not even what is only possible: what may be published without a look at each place.
func (f CommentFile) Clean(k Consultation) bool {
	return len(f.NameHolds()) == 0 && !slices.ContainsFunc(f.Find(k), func(t Searched) bool { return len(t.Findings) > 0 })
}

// FileOf is the file that a comment form will become, to look at it before it is sent.
func FileOf(in CommentInput) CommentFile {
	f := CommentFile{Original: in.Points, OriginalPlace: strings.TrimSpace(in.PlaceText), Contact: in.Contact}
	if in.ShowName {
		f.OriginalName = strings.TrimSpace(in.Contact.Name)
	}
	return f
}

// Occurrences finds words in everything an author wrote, whatever their case: further places to take out.
func (f CommentFile) Occurrences(words, reason string) []Redaction {
	wanted := []rune(strings.ToLower(strings.TrimSpace(words)))
	if len(wanted) == 0 {
		return nil
	}
	var list []Redaction
	for _, t := range f.texts() {
		text := lowered(t.Text)
		for i := 0; i+len(wanted) <= len(text); i++ {
			if slices.Equal(text[i:i+len(wanted)], wanted) {
				list = append(list, Redaction{Topic: t.Topic, Begins: i, Ends: i + len(wanted), Kind: MarkedByHand, Reason: reason})
				i += len(wanted) - 1
			}
		}
	}
	return list
}

// lowered is a text in small letters, character for character.
func lowered(s string) []rune {
	list := make([]rune, 0, utf8.RuneCountInString(s))
	for _, c := range s {
		small := []rune(strings.ToLower(string(c)))
		if len(small) == 1 {
			c = small[0]
		}
		list = append(list, c)
	}
	return list
}
