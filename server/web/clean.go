package web

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxMarks is how many combining marks may stand on one letter. No living script needs more; "zalgo" text uses thousands to
// paint over its neighbours.
const maxMarks = 8

// cleanText makes what somebody typed safe to keep: valid UTF-8, line ends as \n, no control characters, normal form C, at most
// maxMarks marks on a letter, no space at the ends. Text of invisible characters only is no text. Joiners and direction marks
// stay: Urdu, Bengali and emoji need them.
func cleanText(raw string) string {
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
	if blank(text) {
		return ""
	}
	return strings.TrimSpace(text)
}

// cleanLine is cleanText for names: format characters (Unicode Cf: direction overrides, zero-width spaces, joiners) go too, and
// runs of spaces become one. A line break stays, to be refused.
func cleanLine(raw string) string {
	text := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, cleanText(raw))
	text = norm.NFC.String(text)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.Join(strings.Fields(line), " ")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

func capMarks(text string) string {
	marks := 0
	return strings.Map(func(r rune) rune {
		if !unicode.In(r, unicode.Mn, unicode.Me) {
			marks = 0
			return r
		}
		if marks++; marks > maxMarks {
			return -1
		}
		return r
	}, text)
}

// blank says whether nothing in the text can be seen.
func blank(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) }) < 0
}
