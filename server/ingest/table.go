package ingest

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// table is a CSV file in memory. Columns are known by their folded name (see fold).
type table struct {
	header  []string       // as the file writes them
	columns map[string]int // folded name to position
	rows    []row
}

// row is one record; n is its row as a spreadsheet shows it.
type row struct {
	n     int
	cells []string
}

// fold drops case and punctuation, as the PADS guidance asks of readers: "Planning-Authority" is "planningauthority".
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// readTable reads CSV. A file that cannot be read to its end is refused; so is one that was cut off.
func readTable(data []byte) (*table, *refusal) {
	if delimiter := wrongDelimiter(data); delimiter != "" {
		return nil, &refusal{row: 1, reason: "the columns are separated by " + delimiter + ", not commas; save the file as CSV with commas"}
	}
	if n := widestLine(data); n > 100*MaxColumns {
		return nil, refused("a line with %d commas: this is no table", n)
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1
	header, err := r.Read()
	if err != nil {
		return nil, csvRefusal(err)
	}
	t, bad := newTable(header)
	if bad != nil {
		return nil, bad
	}
	for n, total := 2, 0; ; n++ {
		cells, err := r.Read()
		if err == io.EOF {
			return t, t.checkEnd(data)
		}
		if err != nil {
			return nil, csvRefusal(err)
		}
		if total += len(cells); len(t.rows) == MaxRows || total > MaxCells {
			return nil, refused("more than %d rows or %d cells; split the file", MaxRows, MaxCells)
		}
		if len(cells) == 1 && strings.TrimSpace(cells[0]) == "" {
			continue // a line of spaces is no record
		}
		t.rows = append(t.rows, row{n, cells})
	}
}

func newTable(header []string) (*table, *refusal) {
	if len(header) > MaxColumns {
		return nil, &refusal{row: 1, reason: fmt.Sprintf("%d columns, at most %d", len(header), MaxColumns)}
	}
	t := &table{header: header, columns: make(map[string]int, len(header))}
	for i, name := range header {
		key := fold(name)
		if key == "" {
			continue // an unnamed column is a column nobody asks for
		}
		if _, twice := t.columns[key]; twice {
			return nil, &refusal{row: 1, reason: "the column " + quoted(name) + " appears twice"}
		}
		t.columns[key] = i
	}
	return t, nil
}

// checkEnd notices a file that was cut off: its last line is not ended and has fewer cells than the header.
func (t *table) checkEnd(data []byte) *refusal {
	if len(t.rows) == 0 || bytes.HasSuffix(data, []byte("\n")) || bytes.HasSuffix(data, []byte("\r")) {
		return nil
	}
	last := t.rows[len(t.rows)-1]
	if len(last.cells) < len(t.header) {
		return &refusal{row: last.n, reason: "the file ends in the middle of a row; it was cut off"}
	}
	return nil
}

// wrongDelimiter names what separates the columns of the first line when it is not the comma.
func wrongDelimiter(data []byte) string {
	line, _, _ := bytes.Cut(data, []byte("\n"))
	if bytes.Contains(line, []byte(",")) {
		return ""
	}
	switch {
	case bytes.Count(line, []byte(";")) > 0:
		return "semicolons"
	case bytes.Count(line, []byte("\t")) > 0:
		return "tabs"
	case bytes.Count(line, []byte("|")) > 0:
		return "bars"
	}
	return ""
}

// widestLine is the largest number of commas in one line: a row of millions of cells is refused before it costs their memory.
func widestLine(data []byte) int {
	most := 0
	for line := range bytes.Lines(data) {
		most = max(most, bytes.Count(line, []byte(",")))
	}
	return most
}

func csvRefusal(err error) *refusal {
	var p *csv.ParseError
	if !errors.As(err, &p) {
		return refused("the file is empty")
	}
	switch {
	case errors.Is(err, csv.ErrQuote):
		return refused("line %d: a quotation mark is never closed, or stands in the middle of a quoted cell", p.StartLine)
	case errors.Is(err, csv.ErrBareQuote):
		return refused("line %d: a quotation mark stands in a cell that is not quoted", p.Line)
	}
	return refused("line %d is not CSV", p.Line)
}

// has tells whether the table has every named column; names are folded.
func (t *table) has(names ...string) bool {
	for _, n := range names {
		if _, ok := t.columns[n]; !ok {
			return false
		}
	}
	return true
}

// get is the trimmed cell of the first of the named columns that is not empty; names are folded.
func (t *table) get(r row, names ...string) string {
	for _, n := range names {
		if i, ok := t.columns[n]; ok && i < len(r.cells) {
			if v := strings.TrimSpace(r.cells[i]); v != "" {
				return unguarded(v)
			}
		}
	}
	return ""
}

// unguarded takes away the apostrophe that exports put before what a spreadsheet would take for a formula.
func unguarded(cell string) string {
	rest, guarded := strings.CutPrefix(cell, "'")
	if guarded && rest != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(rest)[0]) {
		return rest
	}
	return cell
}

// label is the column as the file writes it.
func (t *table) label(name string) string {
	if i, ok := t.columns[name]; ok {
		return strings.TrimSpace(t.header[i])
	}
	return name
}

// check finds what keeps a row from being read at all; "" for nothing.
func (t *table) check(r row) string {
	if len(r.cells) != len(t.header) {
		return fmt.Sprintf("%d cells under %d columns; a comma may be missing its quotation marks", len(r.cells), len(t.header))
	}
	for _, c := range r.cells {
		if len(c) > MaxCell {
			return fmt.Sprintf("a cell of more than %d KiB", MaxCell>>10)
		}
	}
	return ""
}

// each calls take for every row that can be read and skips the others, with a line in the report.
func (t *table) each(f *FileReport, take func(row)) {
	f.Rows = len(t.rows)
	for _, r := range t.rows {
		if reason := t.check(r); reason != "" {
			f.skip(Problem{Row: r.n, Reason: reason})
			continue
		}
		take(r)
	}
}
