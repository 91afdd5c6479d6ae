package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/redact"
)

// maxFound is how many places of a comment are listed one by one: the rest is taken out, or left, together. A form holds MaxFormFields.
const maxFound = 60

// maxQuoted is how many characters of a place its line quotes.
const maxQuoted = 80

// redactionPart is one text of a comment at the redaction desk: its places, and what everybody will read.
type redactionPart struct {
	Label    string
	Topic    consult.Topic
	Segments []stretch
	Found    []foundPlace
	Public   string
	Language string
}

// stretch is a part of a text: plain, or a place (N from 1).
type stretch struct {
	Text   string
	N      int
	Taken  bool
	Reason string // of a place, in words
}

// foundPlace is one place with the officer's choice about it.
type foundPlace struct {
	N       int
	ID      string // of the checkbox; the first is "take", where an error leads
	Key     string // names it in the form
	Words   string
	Kind    string
	Why     string
	Taken   bool
	Reasons []Choice
}

// place is a redaction that is in question.
type place struct {
	consult.Redaction
	why   string
	taken bool
}

// key names a place in a form.
func (k place) key() string { return fmt.Sprintf("%s:%d:%d:%s", k.Topic, k.Begins, k.Ends, k.Kind) }

// placeOf reads a key.
func placeOf(key string) (r consult.Redaction, ok bool) {
	parts := strings.Split(key, ":")
	if len(parts) != 4 {
		return r, false
	}
	begins, errBegins := strconv.Atoi(parts[1])
	ends, errEnds := strconv.Atoi(parts[2])
	known := parts[3] == consult.MarkedByHand || slices.Contains(redact.Kinds(), redact.Kind(parts[3]))
	return consult.Redaction{Topic: consult.Topic(parts[0]), Begins: begins, Ends: ends, Kind: parts[3]}, errBegins == nil && errEnds == nil && known
}

// places joins what was chosen with what the detectors find elsewhere, in the order of the texts. Where somebody has decided already, what
// they left in is not proposed again.
func places(all []consult.Searched, chosen []consult.Redaction, decided bool) []place {
	chosen = consult.SortRedactions(chosen)
	var list []place
	for _, t := range all {
		length := consult.Length(t.Text)
		of := slices.DeleteFunc(slices.Clone(chosen), func(r consult.Redaction) bool {
			return r.Topic != t.Topic || r.Begins < 0 || r.Begins >= r.Ends || r.Ends > length // the domain refuses those
		})
		for _, r := range of {
			p := place{Redaction: r, taken: true}
			for _, f := range t.Findings {
				if f.Begins == r.Begins && f.Ends == r.Ends {
					p.why = f.Why
				}
			}
			list = append(list, p)
		}
		for _, f := range t.Findings {
			if !slices.ContainsFunc(of, func(r consult.Redaction) bool { return f.Begins < r.Ends && r.Begins < f.Ends }) {
				list = append(list, place{consult.RedactionOf(t.Topic, f), f.Why, !decided && f.Proposed()})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b place) int {
		if a.Topic != b.Topic {
			return 0 // the texts keep their order
		}
		return a.Begins - b.Begins
	})
	return list
}

// taken are the redactions that are chosen.
func taken(list []place) []consult.Redaction {
	var chosen []consult.Redaction
	for _, p := range list {
		if p.taken {
			chosen = append(chosen, p.Redaction)
		}
	}
	return consult.SortRedactions(chosen)
}

// marks are what stands in place of what is taken out, in a comment's language.
func (w *Web) marks(language string) consult.RedactionMarks {
	marks := consult.RedactionMarks{}
	for _, reason := range consult.RedactionReasons() {
		marks[reason] = w.Texts.Get(language).T("redaction_mark." + reason)
	}
	return marks
}

// partLabel names a text of a comment.
func (b *Base) partLabel(t consult.Topic) string {
	if t == consult.PlacePart {
		return b.T("redaction.place")
	}
	return b.topic(t)
}

// redactionParts draws the texts of a comment with their places. At most maxFound are listed; more says how many are not.
func (b *Base) redactionParts(all []consult.Searched, list []place, marks consult.RedactionMarks, language string) (parts []redactionPart, more int) {
	chosen, n := taken(list), 0
	for _, t := range all {
		p := redactionPart{Label: b.partLabel(t.Topic), Topic: t.Topic, Language: language, Public: consult.Redacted(t.Text, t.Topic, chosen, marks)}
		chars, at := []rune(t.Text), 0
		for _, k := range list {
			if k.Topic != t.Topic {
				continue
			}
			n++
			words := string(chars[k.Begins:k.Ends])
			p.Segments = append(p.Segments, stretch{Text: string(chars[at:k.Begins])}, stretch{Text: words, N: n, Taken: k.taken, Reason: b.T("redaction." + k.Reason)})
			at = k.Ends
			if n > maxFound {
				more++
				continue
			}
			p.Found = append(p.Found, b.foundPlace(n, k, words))
		}
		p.Segments = append(p.Segments, stretch{Text: string(chars[at:])})
		parts = append(parts, p)
	}
	return parts, more
}

func (b *Base) foundPlace(n int, k place, words string) foundPlace {
	v := foundPlace{N: n, ID: "take", Key: k.key(), Words: shortened(words, maxQuoted), Kind: b.T("redaction_kind." + k.Kind), Taken: k.taken}
	if n > 1 {
		v.ID = "take-" + strconv.Itoa(n)
	}
	if k.why != "" {
		v.Why = b.T("redaction_why." + k.why)
	}
	for _, reason := range consult.RedactionReasons() {
		v.Reasons = append(v.Reasons, Choice{Value: reason, Label: b.T("redaction." + reason), Checked: reason == k.Reason})
	}
	return v
}

// readPlaces reads which places a form takes out, with their reasons, and the further words. rest are the places that the form did not list.
func readPlaces(f *Form, file consult.CommentFile, rest []place) []consult.Redaction {
	var chosen []consult.Redaction
	f.Has("take")
	for _, key := range f.Values("take") {
		r, ok := placeOf(key)
		if !ok {
			f.Fail("take", "choice")
			continue
		}
		if r.Reason = Choose(f, "why-"+key, consult.RedactionReasons()); r.Reason == "" {
			r.Reason = redact.Kind(r.Kind).Reason()
		}
		chosen = append(chosen, r)
	}
	if f.Has("rest") {
		for _, p := range rest {
			chosen = append(chosen, p.Redaction)
		}
	}
	reason := Choose(f, "more-reason", consult.RedactionReasons())
	for _, words := range strings.Split(f.Text("more", consult.MaxPoint), "\n") {
		if strings.TrimSpace(words) == "" {
			continue
		}
		found := file.Occurrences(words, reason)
		if len(found) == 0 {
			f.Fail("more", "not_in_text")
		}
		if reason == "" {
			f.Fail("more-reason", "required")
		}
		chosen = append(chosen, found...)
	}
	return chosen
}
