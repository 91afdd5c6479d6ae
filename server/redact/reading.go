package redact

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// reading is a text as the detectors see it: one spelling for each letter whatever its accents, one sort of digit, space, hyphen and
// apostrophe, without marks that nobody sees. Every byte of it knows where it stood.
type reading struct {
	plain string // as written otherwise
	low   string // plain in lower case, byte for byte beside it
	at    []int  // the character of the original at each byte of plain, and one behind the last
	words []word

	numbered bool // there is a digit in it
}

// word is a run of letters and digits.
type word struct {
	begins, ends int
	low          string
	capital      bool // begins with a capital letter
	sentence     int
}

// read folds a text.
func read(text string) *reading {
	var plain, low strings.Builder
	r := &reading{at: make([]int, 0, len(text)+1)}
	n := 0
	for _, c := range text {
		if n == MaxLength {
			break
		}
		folded := fold(c)
		for _, f := range folded {
			l := unicode.ToLower(f)
			if utf8.RuneLen(l) != utf8.RuneLen(f) {
				l = f
			}
			plain.WriteRune(f)
			low.WriteRune(l)
			for range utf8.RuneLen(f) {
				r.at = append(r.at, n)
			}
		}
		n++
	}
	r.at = append(r.at, n)
	r.plain, r.low = plain.String(), low.String()
	r.numbered = strings.ContainsAny(r.low, "0123456789")
	r.split()
	return r
}

// split finds words and sentences.
func (r *reading) split() {
	sentence, begins := 0, -1
	for i, c := range r.plain {
		if unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.IsMark(c) {
			if begins < 0 {
				begins = i
			}
			continue
		}
		if begins >= 0 {
			r.word(begins, i, sentence)
			begins = -1
		}
		if r.endsSentence(i, c) {
			sentence++
		}
	}
	if begins >= 0 {
		r.word(begins, len(r.plain), sentence)
	}
}

func (r *reading) word(begins, ends, sentence int) {
	first, _ := utf8.DecodeRuneInString(r.plain[begins:])
	r.words = append(r.words, word{begins, ends, r.low[begins:ends], unicode.IsUpper(first), sentence})
}

// endsSentence tells whether a character between words ends a sentence; a full stop does before a space, unless it shortens a title.
func (r *reading) endsSentence(i int, c rune) bool {
	switch c {
	case '!', '?', '\n', '۔', '؟', '।':
		return true
	case '.':
		if i+1 < len(r.plain) && r.plain[i+1] != ' ' && r.plain[i+1] != '\n' {
			return false
		}
		if n := len(r.words); n > 0 && r.words[n-1].ends == i {
			return len(r.words[n-1].low) > 1 && !shortened[r.words[n-1].low]
		}
		return true
	}
	return false
}

var shortened = set("mr mrs ms mx dr prof rev st no ul al os dr tel mob")

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(foldAll(words)) {
		m[w] = true
	}
	return m
}

// foldAll folds a text that is written in this package: a list of words, a pattern.
func foldAll(s string) string {
	var b strings.Builder
	for _, c := range s {
		b.WriteString(fold(c))
	}
	return b.String()
}

// fold is how a character is read; "" for one that is not seen or heard.
func fold(c rune) string {
	if c < utf8.RuneSelf {
		return ascii[c]
	}
	if d, ok := digit(c); ok {
		return ascii['0'+d]
	}
	if f, ok := same[c]; ok {
		return f
	}
	switch {
	case c >= '！' && c <= '～': // full width
		return ascii[c-0xFEE0]
	case unicode.Is(unicode.Zs, c):
		return " "
	case c == '\u2028' || c == '\u2029':
		return "\n"
	case unicode.Is(unicode.Cf, c), c >= 0x300 && c <= 0x36F, c >= 0xFE00 && c <= 0xFE0F:
		return ""
	case c >= 0x064B && c <= 0x065F || c >= 0x06D6 && c <= 0x06DC || c == 0x0670 || c == 0x0640, c == 0x0A3C: // vowel signs, stretching, a dot below
		return ""
	case c >= 0xC0 && c <= 0x24F || c >= 0x1E00 && c <= 0x1EFF || c >= 0xA33 && c <= 0xA5E || c >= 0xFB50 && c <= 0xFEFC:
		return unaccented(c)
	}
	return string(c)
}

// unaccented is a letter without its accents.
func unaccented(c rune) string {
	var b strings.Builder
	for _, d := range norm.NFKD.String(string(c)) {
		if d >= 0x300 && d <= 0x36F || d == 0x0A3C {
			continue
		}
		if f, ok := same[d]; ok {
			b.WriteString(f)
			continue
		}
		b.WriteRune(d)
	}
	return b.String()
}

// digit is the value of a decimal digit of the scripts that residents write.
func digit(c rune) (rune, bool) {
	for _, zero := range []rune{'٠', '۰', '०', '০', '੦', '૦', '０'} {
		if c >= zero && c <= zero+9 {
			return c - zero, true
		}
	}
	return 0, false
}

// same are letters and marks that stand for each other: the Arabic script's letters as Urdu, Punjabi and Arabic keyboards write them,
// and Latin letters that no decomposition takes apart.
var same = map[rune]string{
	'أ': "ا", 'إ': "ا", 'آ': "ا", 'ٱ': "ا", 'ي': "ی", 'ى': "ی", 'ئ': "ی", 'ؤ': "و", 'ة': "ہ", 'ه': "ہ", 'ھ': "ہ", 'ۃ': "ہ", 'ۂ': "ہ", 'ك': "ک", 'ء': "",
	'ł': "l", 'Ł': "L", 'ø': "o", 'Ø': "O", 'đ': "d", 'Đ': "D", 'ß': "ss", 'æ': "ae", 'Æ': "AE", 'ı': "i", 'İ': "I",
	'‐': "-", '‑': "-", '‒': "-", '–': "-", '—': "-", '―': "-", '−': "-", '﹣': "-",
	'‘': "'", '’': "'", 'ʼ': "'", '′': "'", '“': `"`, '”': `"`, '،': ",", '٫': ".",
}

var ascii = func() (table [utf8.RuneSelf]string) {
	for c := range table {
		table[c] = string(rune(c))
	}
	table['\t'] = " "
	return table
}()
