package picture

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// The built-in fonts, parsed once. A parsed font may be used by many goroutines, each with a buffer of its own.
var (
	regular = sync.OnceValue(func() *opentype.Font { return parse(goregular.TTF) })
	bold    = sync.OnceValue(func() *opentype.Font { return parse(gobold.TTF) })
)

func parse(ttf []byte) *opentype.Font {
	f, err := opentype.Parse(ttf)
	if err != nil {
		panic("picture: a font of the Go project cannot be read: " + err.Error())
	}
	return f
}

func fontOf(isBold bool) *opentype.Font {
	if isBold {
		return bold()
	}
	return regular()
}

// has tells whether the built-in fonts can show a text.
func has(text string) bool {
	var b sfnt.Buffer
	for _, r := range text {
		if i, err := regular().GlyphIndex(&b, r); err != nil || i == 0 {
			return false
		}
	}
	return true
}

// ruler measures text in one font and size.
type ruler struct {
	font   *opentype.Font
	buffer sfnt.Buffer
	size   float64
}

// slack is kept free at the end of a line: the reader's own fonts, which an SVG is drawn with, may run wider than ours.
const slack = 0.94

// width of a character. What our fonts lack is estimated: as wide as high for scripts of characters, else a broad letter.
func (r *ruler) width(c rune) float64 {
	if unicode.In(c, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	if i, err := r.font.GlyphIndex(&r.buffer, c); err == nil && i != 0 {
		if w, err := r.font.GlyphAdvance(&r.buffer, i, fixed.Int26_6(r.size*64), font.HintingNone); err == nil {
			return float64(w) / 64
		}
	}
	if unspaced(c) {
		return r.size
	}
	return 0.6 * r.size
}

func (r *ruler) line(text string) float64 {
	sum := 0.0
	for _, c := range text {
		sum += r.width(c)
	}
	return sum
}

// unspaced are the scripts that write no spaces between words: a line may end anywhere.
func unspaced(c rune) bool {
	return unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// wrap breaks a text into lines of a width.
func (r *ruler) wrap(text string, width float64) []string {
	width *= slack
	var found []string
	line := ""
	for _, piece := range pieces(text) {
		if r.line(line+strings.TrimRight(piece, " ")) <= width {
			line += piece
			continue
		}
		if line != "" {
			found = append(found, strings.TrimRight(line, " "))
		}
		line = strings.TrimLeft(piece, " ")
		for r.line(line) > width { // one word longer than a line
			head := r.head(line, width)
			found, line = append(found, head), line[len(head):]
		}
	}
	if line = strings.TrimRight(line, " "); line != "" {
		found = append(found, line)
	}
	return found
}

// head is as much of a word as fits, one character at least.
func (r *ruler) head(word string, width float64) string {
	sum := 0.0
	for i, c := range word {
		if sum += r.width(c); sum > width && i > 0 {
			return word[:i]
		}
	}
	return word
}

// pieces cuts a text where a line may end: after spaces, and between characters of scripts without them.
func pieces(text string) []string {
	var found []string
	start := 0
	last := ' '
	for i, c := range strings.Join(strings.Fields(text), " ") {
		mark := unicode.In(c, unicode.Mn, unicode.Me, unicode.Mc)
		if i > start && (last == ' ' || unspaced(last) && !mark && !unicode.IsPunct(c) || unspaced(c) && !mark) {
			found, start = append(found, text[start:i]), i
		}
		last = c
	}
	return append(found, text[start:])
}

// fit sets a text as large as it goes into a frame. What is too long at the smallest size ends in an ellipsis.
func fit(text string, isBold bool, width, height, largest, smallest float64) lines {
	text = strings.Join(strings.Fields(text), " ")
	const leading = 1.25
	for size := largest; ; size -= 2 {
		r := &ruler{font: fontOf(isBold), size: size}
		set := r.wrap(text, width)
		room := max(1, int(height/(size*leading)))
		if len(set) > room && size > smallest {
			continue
		}
		if len(set) > room {
			last := []rune(set[room-1])
			for len(last) > 1 && r.line(string(last)+"…") > width*slack {
				last = last[:len(last)-1]
			}
			set = append(set[:room-1], strings.TrimRight(string(last), " ")+"…")
		}
		return lines{size: size, leading: size * leading, bold: isBold, fill: ink, text: set}
	}
}

// height is what set lines take up.
func (l lines) height() float64 { return float64(len(l.text)) * l.leading }

// width is that of the longest line.
func (l lines) width() float64 {
	r := &ruler{font: fontOf(l.bold), size: l.size}
	widest := 0.0
	for _, line := range l.text {
		widest = max(widest, r.line(line))
	}
	return widest
}

// at puts lines below a height, beginning at x.
func (l lines) at(x, top float64) lines {
	l.x, l.y = x, top+l.size
	return l
}
