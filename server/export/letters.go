package export

import (
	"io"
	"strconv"
	"strings"
)

// Letter is paper mail in words, for a program that puts it on the council's own letterhead.
type Letter struct {
	Lines      []string // the address block, the postcode last
	Language   string
	On         string // the day on the letter, in words
	Subject    string
	Matter     []string
	Paragraphs []string
	LinkText   string
	Link       string
}

// addressLines is how many columns the address block has.
const addressLines = 7

// LettersCSV writes letters as CSV, one row a letter. Texts that a spreadsheet would take for a formula are made harmless.
func LettersCSV(w io.Writer, letters []Letter, withMark bool) error {
	if withMark {
		if _, err := io.WriteString(w, byteOrderMark); err != nil {
			return err
		}
	}
	var columns []column[Letter]
	add := func(name string, take func(Letter) string) {
		columns = append(columns, column[Letter]{name: name, kind: typeText, take: func(l Letter) string { return withoutMarks(take(l)) }})
	}
	for i := range addressLines {
		add("address_line_"+strconv.Itoa(i+1), func(l Letter) string {
			if i < len(l.Lines) {
				return l.Lines[i]
			}
			return ""
		})
	}
	add("language", func(l Letter) string { return l.Language })
	add("date", func(l Letter) string { return l.On })
	add("subject", func(l Letter) string { return l.Subject })
	add("about", func(l Letter) string { return strings.Join(l.Matter, "\n") })
	add("text", func(l Letter) string { return strings.Join(l.Paragraphs, "\n\n") })
	add("link_text", func(l Letter) string { return l.LinkText })
	add("link", func(l Letter) string { return l.Link })
	t, err := newTable(w, columns)
	if err != nil {
		return err
	}
	for _, l := range letters {
		if err := t.row(l); err != nil {
			return err
		}
	}
	return t.end()
}

// withoutMarks takes out the invisible characters that keep words of two scripts apart on a screen: a merge program prints them as boxes.
func withoutMarks(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '\u2066' && r <= '\u2069' {
			return -1
		}
		return r
	}, text)
}
