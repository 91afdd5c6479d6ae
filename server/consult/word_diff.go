package consult

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// EditKind says what became of a stretch of text.
type EditKind string

// The kinds of Edit.
const (
	Kept    EditKind = "kept"
	Added   EditKind = "added"
	Removed EditKind = "removed"
)

// Edit is a stretch of text that stands in both texts, or in one of them.
type Edit struct {
	Kind EditKind
	Text string
}

// maxDiffCells bounds the comparisons of one DiffWords: what is left of two longer texts, once their common beginning and end are
// taken off, counts as replaced whole.
const maxDiffCells = 4_000_000

// DiffWords compares two texts word by word. Kept and Removed stretches in their order are the old text, Kept and Added ones the
// new. Its memory grows with the length of the texts, not with their product (Hirschberg's method).
func DiffWords(before, after string) []Edit {
	d := &wordDiff{before: words(before), after: words(after)}
	d.compare(0, len(d.before), 0, len(d.after))
	return joinEdits(d.edits)
}

// words cuts a text into words, runs of space and single other characters; joined they are the text again.
func words(s string) []string {
	class := func(r rune) int {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			return 1
		case unicode.IsSpace(r):
			return 2
		}
		return 0
	}
	var list []string
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		for c := class(r); c != 0 && n < len(s); {
			next, size := utf8.DecodeRuneInString(s[n:])
			if class(next) != c {
				break
			}
			n += size
		}
		list, s = append(list, s[:n]), s[n:]
	}
	return list
}

type wordDiff struct {
	before, after []string
	edits         []Edit
}

func (d *wordDiff) emit(kind EditKind, words []string) {
	if len(words) > 0 {
		d.edits = append(d.edits, Edit{kind, strings.Join(words, "")})
	}
}

// compare writes the edits of before[i:j] and after[k:l].
func (d *wordDiff) compare(i, j, k, l int) {
	start := i
	for i < j && k < l && d.before[i] == d.after[k] {
		i, k = i+1, k+1
	}
	d.emit(Kept, d.before[start:i])
	end := j
	for i < j && k < l && d.before[j-1] == d.after[l-1] {
		j, l = j-1, l-1
	}
	if i == j || k == l || (j-i)*(l-k) > maxDiffCells {
		d.emit(Removed, d.before[i:j])
		d.emit(Added, d.after[k:l])
	} else if j-i == 1 {
		d.one(i, k, l)
	} else {
		middle := (i + j) / 2
		cut := d.split(i, middle, j, k, l)
		d.compare(i, middle, k, cut)
		d.compare(middle, j, cut, l)
	}
	d.emit(Kept, d.before[j:end])
}

// one places a single old word among new ones.
func (d *wordDiff) one(i, k, l int) {
	for n := k; n < l; n++ {
		if d.before[i] == d.after[n] {
			d.emit(Added, d.after[k:n])
			d.emit(Kept, d.before[i:i+1])
			d.emit(Added, d.after[n+1:l])
			return
		}
	}
	d.emit(Removed, d.before[i:i+1])
	d.emit(Added, d.after[k:l])
}

// split finds where to cut after[k:l] so that its parts have most in common with before[i:middle] and before[middle:j].
func (d *wordDiff) split(i, middle, j, k, l int) int {
	forward, backward := make([]int, l-k+1), make([]int, l-k+1)
	for ; i < middle; i++ {
		diagonal := 0
		for n := k; n < l; n++ {
			here := forward[n-k+1]
			if d.before[i] == d.after[n] {
				forward[n-k+1] = diagonal + 1
			} else {
				forward[n-k+1] = max(here, forward[n-k])
			}
			diagonal = here
		}
	}
	for j--; j >= middle; j-- {
		diagonal := 0
		for n := l - 1; n >= k; n-- {
			here := backward[n-k]
			if d.before[j] == d.after[n] {
				backward[n-k] = diagonal + 1
			} else {
				backward[n-k] = max(here, backward[n-k+1])
			}
			diagonal = here
		}
	}
	best := 0
	for n := range forward {
		if forward[n]+backward[n] > forward[best]+backward[best] {
			best = n
		}
	}
	return k + best
}

// joinEdits makes stretches of words, what was removed before what was added. A space kept between two changes is no anchor for a
// reader: it joins them.
func joinEdits(edits []Edit) []Edit {
	var joined []Edit
	keep := func(text string) {
		if last := len(joined) - 1; last >= 0 && joined[last].Kind == Kept {
			joined[last].Text += text
		} else if text != "" {
			joined = append(joined, Edit{Kept, text})
		}
	}
	var removed, added string
	flush := func() {
		space := removed[len(strings.TrimRightFunc(removed, unicode.IsSpace)):]
		if !strings.HasSuffix(added, space) {
			space = ""
		}
		for kind, text := range []string{removed, added} {
			if text = strings.TrimSuffix(text, space); text != "" {
				joined = append(joined, Edit{[]EditKind{Removed, Added}[kind], text})
			}
		}
		keep(space)
		removed, added = "", ""
	}
	for n, e := range edits {
		switch {
		case e.Kind == Removed:
			removed += e.Text
		case e.Kind == Added:
			added += e.Text
		case strings.TrimSpace(e.Text) == "" && removed+added != "" && n+1 < len(edits) && edits[n+1].Kind != Kept:
			removed, added = removed+e.Text, added+e.Text
		default:
			flush()
			keep(e.Text)
		}
	}
	flush()
	return joined
}
