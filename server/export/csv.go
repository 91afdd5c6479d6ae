package export

import (
	"encoding/csv"
	"io"
	"strings"
)

// byteOrderMark makes Excel read UTF-8 as UTF-8. Other programs do better without.
const byteOrderMark = "\uFEFF"

// table writes rows of columns as CSV: UTF-8, lines ending in CRLF and quoting as in RFC 4180, one header row.
type table[R any] struct {
	csv     *csv.Writer
	columns []column[R]
	cells   []string
}

func newTable[R any](w io.Writer, columns []column[R]) (*table[R], error) {
	t := &table[R]{csv: csv.NewWriter(w), columns: columns, cells: make([]string, len(columns))}
	t.csv.UseCRLF = true
	return t, t.csv.Write(names(columns))
}

func (t *table[R]) row(r R) error {
	for i, c := range t.columns {
		t.cells[i] = c.take(r)
		if c.words() {
			t.cells[i] = harmless(t.cells[i])
		}
	}
	return t.csv.Write(t.cells)
}

func (t *table[R]) end() error {
	t.csv.Flush()
	return t.csv.Error()
}

// harmless puts an apostrophe before text that a spreadsheet would take for a formula (S14, CWE-1236): text that begins with
// = + - @, their full-width forms, a tab or a line break. Line breaks inside become \n, so that nothing is lost in a reader that
// knows one kind only.
func harmless(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	if text != "" && strings.ContainsRune("=+-@＝＋－＠\t\n", []rune(text)[0]) {
		return "'" + text
	}
	return text
}
