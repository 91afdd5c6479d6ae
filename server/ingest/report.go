package ingest

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Severity says what a problem did to its row.
type Severity string

// The severities.
const (
	Error   Severity = "error"   // the row, or the file, was not taken
	Warning Severity = "warning" // it was taken with a gap, or with a value that had to be interpreted
)

// Problem is one thing that could not be taken as it stood.
type Problem struct {
	Row      int    // row as a spreadsheet shows it, the header being 1; 0 = not in a table
	Path     string // where in a JSON file, e.g. "data.application.reference" or "feature 3"
	Field    string // the column as the file writes it
	Reason   string // one English sentence without its full stop
	Severity Severity
}

// FileReport is what happened to one file.
type FileReport struct {
	Name       string
	Kind       Kind
	Rows       int // records the file holds; 0 when it was refused before they were counted
	Created    int
	Updated    int
	Unchanged  int
	Skipped    int    // records that were not taken because of an error
	Superseded int    // applications that another file of the same import knows more recently
	Comments   Tally  // comments that came with applications
	Refused    bool   // nothing of the file was taken
	Note       string // what else there is to say
	Problems   []Problem
	More       int // problems beyond MaxProblems, counted only

	hidden int // applications taken that are not public
}

// Tally counts what became of records.
type Tally struct{ Created, Updated, Unchanged, Skipped int }

func (t Tally) total() int { return t.Created + t.Updated + t.Unchanged + t.Skipped }

// Report is what happened to an import, file by file in the order they were given.
type Report struct{ Files []FileReport }

// MaxProblems is how many problems of one file are kept; a file worse than that is not read to its end by anybody.
const MaxProblems = 2000

func (f *FileReport) add(p Problem) {
	if len(f.Problems) >= MaxProblems {
		f.More++
		return
	}
	f.Problems = append(f.Problems, p)
}

func (f *FileReport) refuse(p Problem) {
	f.Refused = true
	p.Severity = Error
	f.add(p)
}

// skip counts a record that was not taken and says why.
func (f *FileReport) skip(p Problem) {
	f.Skipped++
	p.Severity = Error
	f.add(p)
}

func (f *FileReport) warn(p Problem) {
	p.Severity = Warning
	f.add(p)
}

// noteHidden says how many of a file's applications nobody will see yet.
func (f *FileReport) noteHidden() {
	if f.hidden > 0 {
		f.Note = strings.TrimSpace(fmt.Sprintf("%s not public, because received, invalid or returned: %d", f.Note, f.hidden))
	}
}

// Errors counts the problems that kept a row or a file out.
func (r Report) Errors() int {
	n := 0
	for _, f := range r.Files {
		for _, p := range f.Problems {
			if p.Severity == Error {
				n++
			}
		}
	}
	return n
}

// Print writes the report as text for a terminal. Problems of many rows with one cause share a line; values from the files are
// quoted, so that no file can write to the terminal what it likes.
func (r Report) Print(w io.Writer) error {
	out := bufio.NewWriter(w)
	for _, f := range r.Files {
		printFile(out, f)
	}
	created, updated, unchanged, skipped := 0, 0, 0, 0
	for _, f := range r.Files {
		created, updated, unchanged, skipped = created+f.Created, updated+f.Updated, unchanged+f.Unchanged, skipped+f.Skipped
	}
	fmt.Fprintf(out, "%s: %d created, %d updated, %d unchanged, %d not taken\n", counted(len(r.Files), "file"), created, updated, unchanged, skipped)
	return out.Flush()
}

func printFile(out *bufio.Writer, f FileReport) {
	fmt.Fprintf(out, "%s\n  %s", printable(f.Name), f.Kind.Title())
	switch {
	case f.Refused:
		fmt.Fprint(out, ": nothing taken")
	case f.Created+f.Updated+f.Unchanged+f.Skipped+f.Superseded > 0:
		fmt.Fprintf(out, ": %s, %d created, %d updated, %d unchanged", counted(f.Rows, "record"), f.Created, f.Updated, f.Unchanged)
		if f.Skipped > 0 {
			fmt.Fprintf(out, ", %d not taken", f.Skipped)
		}
		if f.Superseded > 0 {
			fmt.Fprintf(out, ", %d superseded", f.Superseded)
		}
	}
	fmt.Fprintln(out)
	if t := f.Comments; t.total() > 0 {
		fmt.Fprintf(out, "  comments in it: %d created, %d updated, %d unchanged, %d not taken\n", t.Created, t.Updated, t.Unchanged, t.Skipped)
	}
	if f.Note != "" {
		fmt.Fprintf(out, "  %s\n", f.Note)
	}
	for _, line := range groupProblems(f.Problems) {
		fmt.Fprintf(out, "  %s\n", line)
	}
	if f.More > 0 {
		fmt.Fprintf(out, "  and %d more problems\n", f.More)
	}
}

// groupProblems writes one line for every cause, with the rows it was met in, in the order causes were first met.
func groupProblems(list []Problem) []string {
	type cause struct {
		severity            Severity
		path, field, reason string
	}
	rows := map[cause][]int{}
	var order []cause
	for _, p := range list {
		c := cause{p.Severity, p.Path, p.Field, p.Reason}
		if _, seen := rows[c]; !seen {
			order = append(order, c)
		}
		rows[c] = append(rows[c], p.Row)
	}
	lines := make([]string, 0, len(order))
	for _, c := range order {
		var b strings.Builder
		b.WriteString(string(c.severity))
		for _, part := range []string{rowList(rows[c]), c.path, c.field} {
			if part != "" {
				b.WriteString(", " + printable(part))
			}
		}
		lines = append(lines, b.String()+": "+c.reason)
	}
	return lines
}

// rowList writes rows as "row 4" or "rows 2-7, 9".
func rowList(rows []int) string {
	rows = slices.DeleteFunc(slices.Clone(rows), func(n int) bool { return n == 0 })
	slices.Sort(rows)
	rows = slices.Compact(rows)
	if len(rows) == 0 {
		return ""
	}
	var parts []string
	for i := 0; i < len(rows); {
		j := i
		for j+1 < len(rows) && rows[j+1] == rows[j]+1 {
			j++
		}
		part := strconv.Itoa(rows[i])
		if j > i {
			part += "-" + strconv.Itoa(rows[j])
		}
		parts = append(parts, part)
		i = j + 1
	}
	if len(rows) == 1 {
		return "row " + parts[0]
	}
	return "rows " + strings.Join(parts, ", ")
}

// printable keeps a name as it is when a terminal shows it as text, and quotes it otherwise.
func printable(s string) string {
	if q := strconv.Quote(s); q != `"`+s+`"` {
		return q
	}
	return s
}

// counted writes "1 file" or "2 files".
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

// quoted is a value of a file, shortened and made harmless, for a reason.
func quoted(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return strconv.Quote(s)
}
