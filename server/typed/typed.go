// Package typed makes what people and programs sent safe to keep. Pages and the machines' door clean with the same functions, so
// that a text is the same text whichever door it came through.
package typed

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// MaxMarks is how many combining marks may stand on one letter. No living script needs more; "zalgo" text uses thousands to
// paint over its neighbours.
const MaxMarks = 8

// Text cleans text of several lines: valid UTF-8, line ends as \n, no control characters, normal form C, at most MaxMarks marks on
// a letter, no space at the ends. Text of invisible characters only is no text. Joiners and direction marks stay: Urdu, Bengali
// and emoji need them.
func Text(raw string) string {
	text := strings.ToValidUTF8(raw, "\uFFFD")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, text)
	text = norm.NFC.String(capMarks(norm.NFC.String(text)))
	if Blank(text) {
		return ""
	}
	return strings.TrimSpace(text)
}

// Line is Text for names: format characters (Unicode Cf: direction overrides, zero-width spaces, joiners) go too, and runs of
// spaces become one. A line break stays, to be refused.
func Line(raw string) string {
	text := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, Text(raw))
	text = norm.NFC.String(text)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.Join(strings.Fields(line), " ")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// Blank says whether nothing in the text can be seen.
func Blank(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) }) < 0
}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// Key reads an idempotency key: a UUID of any version (RFC 9562), in lower case. ok is false for anything else.
func Key(raw string) (key string, ok bool) {
	key = strings.ToLower(raw)
	return key, uuid.MatchString(key)
}

func capMarks(text string) string {
	marks := 0
	return strings.Map(func(r rune) rune {
		if !unicode.In(r, unicode.Mn, unicode.Me) {
			marks = 0
			return r
		}
		if marks++; marks > MaxMarks {
			return -1
		}
		return r
	}, text)
}
