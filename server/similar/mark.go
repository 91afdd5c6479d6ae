package similar

import (
	"cmp"
	"slices"
)

// Span is a part of a text, in bytes: text[Start:End].
type Span struct{ Start, End int }

// Mark finds where phrases stand in a text, inflected forms included, for a page to show them. Spans are in order and do not overlap.
func Mark(text string, phrases []Phrase) []Span {
	words := tokenise(text)
	var spans []Span
	for _, p := range phrases {
		wanted := tokenise(p.Text)
		for i := 0; len(wanted) > 0 && i+len(wanted) <= len(words); i++ {
			if standsAt(wanted, words[i:i+len(wanted)]) {
				spans = append(spans, Span{words[i].start, words[i+len(wanted)-1].end})
			}
		}
	}
	slices.SortFunc(spans, func(a, b Span) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End)) })
	joined := spans[:0]
	for _, s := range spans {
		if n := len(joined); n > 0 && s.Start < joined[n-1].End {
			joined[n-1].End = max(joined[n-1].End, s.End)
			continue
		}
		joined = append(joined, s)
	}
	return joined
}

// standsAt says whether words are a phrase: the same stems, with no punctuation between them.
func standsAt(phrase, words []word) bool {
	for i, w := range words {
		if w.key != phrase[i].key || w.stop != phrase[i].stop || i > 0 && w.after != space {
			return false
		}
	}
	return true
}
