package similar

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

const (
	// maxWords is how much of one text is read. A planning statement that somebody pasted in says what it says before that.
	maxWords = 5000
	// maxRunes is how much of one word is read: nobody means the rest.
	maxRunes = 48
)

// word is one unit of a text: a word or, in scripts that write no spaces, two neighbouring characters.
type word struct {
	full       string // folded: what two people's spellings have in common
	key        uint64 // of the stem: what inflected forms have in common
	start, end int    // where it stands, in bytes
	stop       bool   // carries grammar, no matter
	proper     bool   // capitalised within a sentence, or has a digit: maybe somebody's name, house or telephone
	after      gap    // what stands before it
}

// gap is what parts a word from the one before.
type gap uint8

const (
	space    gap = iota // nothing but space, hyphens and quotation marks
	comma               // something no phrase reaches across
	sentence            // the end of a sentence
	line                // the end of a line
)

// tokenise reads the words of a text in any script.
func tokenise(text string) []word {
	t := tokeniser{text: text, after: line, fold: cases.Fold()}
	for t.at < len(text) && len(t.words) < maxWords {
		r, size := utf8.DecodeRuneInString(text[t.at:])
		switch {
		case unspaced(r):
			t.characters()
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			t.word()
		default:
			t.after = max(t.after, gapOf(r))
			t.at += size
		}
	}
	return t.words
}

type tokeniser struct {
	text  string
	at    int
	after gap
	fold  cases.Caser
	words []word
}

// word reads on to the end of a word. Marks, joiners and apostrophes between letters belong to it, points between digits too.
func (t *tokeniser) word() {
	start, runes, cut := t.at, 0, 0
	digit := false
	var last rune
	for t.at < len(t.text) {
		r, size := utf8.DecodeRuneInString(t.text[t.at:])
		inside := !unspaced(r) && (unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) || joiner(r))
		if !inside && (apostrophe(r) || (r == '.' || r == ',') && unicode.IsNumber(last)) {
			next, _ := utf8.DecodeRuneInString(t.text[t.at+size:])
			inside = apostrophe(r) && unicode.IsLetter(next) || unicode.IsNumber(last) && unicode.IsNumber(next)
		}
		if !inside {
			break
		}
		digit = digit || unicode.IsNumber(r)
		last = r
		t.at += size
		if runes++; runes == maxRunes {
			cut = t.at
		}
	}
	if cut == 0 {
		cut = t.at
	}
	first, _ := utf8.DecodeRuneInString(t.text[start:])
	capital := unicode.IsUpper(first) || unicode.IsTitle(first)
	t.add(start, t.at, t.text[start:cut], digit || capital && t.after < sentence)
}

// characters reads a run of a script without spaces and gives its neighbouring characters in twos.
func (t *tokeniser) characters() {
	var ends []int // where each character ends, its marks included
	start := t.at
	for t.at < len(t.text) {
		r, size := utf8.DecodeRuneInString(t.text[t.at:])
		mark := unicode.IsMark(r) || joiner(r)
		if !unspaced(r) && !mark || len(ends) > maxWords {
			break
		}
		t.at += size
		if mark && len(ends) > 0 {
			ends[len(ends)-1] = t.at
		} else {
			ends = append(ends, t.at)
		}
	}
	if len(ends) == 1 {
		t.add(start, ends[0], t.text[start:ends[0]], false)
	}
	for i := 1; i < len(ends); i++ {
		t.add(start, ends[i], t.text[start:ends[i]], false)
		start = ends[i-1]
	}
}

func (t *tokeniser) add(start, end int, raw string, proper bool) {
	full := folded(t.fold, raw)
	if full == "" {
		return
	}
	t.words = append(t.words, word{full: full, key: hash(stem(full)), start: start, end: end, stop: stopWords[full], proper: proper, after: t.after})
	t.after = space
}

// folded is what different spellings of a word have in common: NFKC, case, digits of any script, the accents of scripts that can
// do without (people leave them out on a telephone), vowel points of Arabic and Hebrew. Vowel signs of Indic scripts stay: without
// them there is another word.
func folded(fold cases.Caser, raw string) string {
	if plain, ok := ascii(raw); ok {
		return plain
	}
	decomposed := norm.NFKD.String(fold.String(norm.NFKC.String(raw)))
	var b strings.Builder
	b.Grow(len(decomposed))
	for _, r := range strings.TrimSuffix(strings.TrimSuffix(decomposed, "'s"), "’s") {
		switch {
		case unicode.Is(unicode.Nd, r):
			b.WriteByte('0' + digitValue(r))
		case unicode.Is(unicode.Mn, r) && !unicode.In(r, keepMarks...):
		case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r):
			b.WriteString(sameLetter(r))
		}
	}
	return norm.NFC.String(b.String())
}

// foldWord is folded for a single word.
func foldWord(raw string) string { return folded(cases.Fold(), raw) }

// ascii is folded for the words most texts consist of.
func ascii(raw string) (string, bool) {
	upper, other := false, false
	for i := range len(raw) {
		c := raw[i]
		if c >= utf8.RuneSelf {
			return "", false
		}
		upper = upper || 'A' <= c && c <= 'Z'
		other = other || c == '\'' || c == '.' || c == ','
	}
	if upper {
		raw = strings.ToLower(raw)
	}
	if other {
		raw = noPoints.Replace(strings.TrimSuffix(raw, "'s"))
	}
	return raw, true
}

var noPoints = strings.NewReplacer("'", "", ".", "", ",", "")

// keepMarks are the scripts whose marks above and below are vowels and not decoration.
var keepMarks = []*unicode.RangeTable{
	unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada,
	unicode.Malayalam, unicode.Sinhala, unicode.Tibetan, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
}

// sameLetter joins letters that keyboards confuse or that Unicode does not decompose.
func sameLetter(r rune) string {
	switch r {
	case 'ł':
		return "l"
	case 'đ', 'ð':
		return "d"
	case 'ø':
		return "o"
	case 'ı':
		return "i"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'ـ': // the dash that stretches Arabic words
		return ""
	case 'ي', 'ى', 'ے': // the yehs of Arabic, Persian and Urdu keyboards
		return "ی"
	case 'ك':
		return "ک"
	case 'ه', 'ة', 'ۃ', 'ۀ':
		return "ہ"
	}
	return string(r)
}

// digitValue is the value of a decimal digit: Unicode keeps each script's ten together, from zero on.
func digitValue(r rune) byte {
	for _, t := range unicode.Nd.R16 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return byte((r - rune(t.Lo)) % 10)
		}
	}
	for _, t := range unicode.Nd.R32 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return byte((r - rune(t.Lo)) % 10)
		}
	}
	return 0
}

// stemRunes is where words are cut: crude, but the same for every language that inflects at the end, and for Polish, which has no stemmer
// in Go, much better than nothing.
const stemRunes = 5

// stem is the beginning of a word, without the plural s of short English ones (Harman 1991), which a cut would leave.
func stem(full string) string {
	if n := len(full); n >= 4 && full[n-1] == 's' && full[n-2] != 's' && full[n-2] != 'u' && full[n-2] != 'i' {
		full = full[:n-1]
	}
	runes := 0
	for i := range full {
		if runes == stemRunes {
			return full[:i]
		}
		runes++
	}
	return full
}

// unspaced says whether a script writes its words without spaces between them.
func unspaced(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

func joiner(r rune) bool { return r == '\u200c' || r == '\u200d' || r == '\u00ad' || r == '\u2060' }

func apostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' }

// gapOf says how far a character that is no part of a word parts its neighbours.
func gapOf(r rune) gap {
	switch r {
	case '\n', '\r', '\u2028', '\u2029':
		return line
	case '.', '!', '?', '…', ':', ';', '۔', '؟', '؛', '।', '॥', '。', '！', '？', '；', '：', '•', '·', '*':
		return sentence
	case '-', '‐', '‑', '\'', '’', '‘', '"', '“', '”', '„', '«', '»':
		return space
	}
	if unicode.IsSpace(r) || joiner(r) || unicode.IsMark(r) || unicode.Is(unicode.Cf, r) {
		return space
	}
	return comma
}

// script names the script that most letters of a text belong to; "" when it has none.
func script(text string) string {
	counts := map[string]int{}
	best := ""
	for _, r := range text {
		if !unicode.IsLetter(r) {
			continue
		}
		name := scriptOf(r)
		counts[name]++
		if n := counts[name]; n > counts[best] || n == counts[best] && name < best {
			best = name
		}
	}
	return best
}

// scriptOf names a letter's script. What Japanese mixes is one.
func scriptOf(r rune) string {
	for _, s := range scripts {
		if unicode.Is(s.table, r) {
			return s.name
		}
	}
	return "other"
}

var scripts = []struct {
	name  string
	table *unicode.RangeTable
}{
	{"Latin", unicode.Latin}, {"Arabic", unicode.Arabic}, {"Gurmukhi", unicode.Gurmukhi}, {"Bengali", unicode.Bengali},
	{"Devanagari", unicode.Devanagari}, {"Gujarati", unicode.Gujarati}, {"Tamil", unicode.Tamil}, {"Cyrillic", unicode.Cyrillic},
	{"Greek", unicode.Greek}, {"Hebrew", unicode.Hebrew}, {"Hangul", unicode.Hangul}, {"Ethiopic", unicode.Ethiopic}, {"Thai", unicode.Thai},
	{"CJK", unicode.Han}, {"CJK", unicode.Hiragana}, {"CJK", unicode.Katakana},
}

// hash is FNV-1a, with its bits spread.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return mix(h)
}

// mix spreads the bits of a number over all of it (the finaliser of SplitMix64).
func mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}
