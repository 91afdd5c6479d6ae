package similar

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	phraseWords = 4 // the longest run of words that is looked for
	// maxPhrases is how many phrases explain one thing.
	maxPhrases = 5
)

// gram is a run of words that could be a phrase.
type gram struct {
	key      uint64
	from, to int // words[from:to]
}

// grams gives each run of one to four words that begins and ends with a word of matter and crosses no punctuation.
func grams(words []word, each func(gram)) {
	for i := range words {
		if words[i].stop {
			continue
		}
		h := uint64(0)
		for j := i; j < len(words) && j < i+phraseWords && (j == i || words[j].after == space); j++ {
			h = mix(h*31 + words[j].key)
			if !words[j].stop && (j > i || telling(words[i].full)) {
				each(gram{h, i, j + 1})
			}
		}
	}
}

// telling says whether a word can stand as a phrase alone: numbers and single letters cannot.
func telling(full string) bool {
	r, _ := utf8.DecodeRuneInString(full)
	return unicode.IsLetter(r) && (unspaced(r) || utf8.RuneCountInString(full) > 2)
}

// grams are a document's phrases, once each.
func (d document) grams(each func(gram)) {
	seen := make(map[uint64]bool, 4*len(d.words))
	grams(d.words, func(g gram) {
		if !seen[g.key] {
			seen[g.key] = true
			each(g)
		}
	})
}

// span is a gram as it stands in the document.
func (d document) span(g gram) string {
	return strings.Join(strings.Fields(d.Text.Text[d.words[g.from].start:d.words[g.to-1].end]), " ")
}

// matter counts the words of a gram that carry any.
func (d document) matter(g gram) int {
	n := 0
	for _, w := range d.words[g.from:g.to] {
		if !w.stop {
			n++
		}
	}
	return n
}

// candidate is a phrase with what speaks for it.
type candidate struct {
	key     uint64
	words   []uint64 // of matter
	matter  int
	count   int
	score   float64
	surface string
}

// best picks the phrases that say most, none of which says again what another has said.
func best(candidates []candidate, limit int) []candidate {
	slices.SortFunc(candidates, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.matter, a.matter), strings.Compare(a.surface, b.surface), cmp.Compare(a.key, b.key))
	})
	var chosen []candidate
	said := map[uint64]bool{}
	for _, c := range candidates {
		if len(chosen) == limit {
			break
		}
		fresh := 0
		for _, w := range c.words {
			if !said[w] {
				fresh++
			}
		}
		if fresh == 0 || fresh*2 < len(c.words) {
			continue
		}
		for _, w := range c.words {
			said[w] = true
		}
		chosen = append(chosen, c)
	}
	return chosen
}

func phrases(chosen []candidate) []Phrase {
	list := make([]Phrase, len(chosen))
	for i, c := range chosen {
		list[i] = Phrase{Text: c.surface, Count: c.count}
	}
	return list
}

// keysOf are the words of matter in a gram.
func (d document) keysOf(g gram) []uint64 {
	var keys []uint64
	for _, w := range d.words[g.from:g.to] {
		if !w.stop {
			keys = append(keys, w.key)
		}
	}
	return keys
}

// lengthWeight prefers what says more: a phrase of three words of matter weighs twice a single word.
func lengthWeight(matter int) float64 { return 1 + 0.5*float64(matter-1) }

// shared weighs the phrases of a group of size texts against all total texts, and keeps those the others have less: count × ln(share
// inside ÷ share outside), the leading part of the log-likelihood ratio (Dunning 1993), more for longer ones.
func shared(inside map[uint64]candidate, everywhere map[uint64]int, size, total int) []candidate {
	list := make([]candidate, 0, len(inside))
	for key, c := range inside {
		in := (float64(c.count) + 0.5) / (float64(size) + 1)
		out := (float64(everywhere[key]-c.count) + 0.5) / (float64(total-size) + 1)
		c.score = float64(c.count) * math.Log(in/out) * lengthWeight(c.matter)
		if c.score > 0 || total == size {
			list = append(list, c)
		}
	}
	return list
}
