package export

import (
	"io"
	"strings"
)

// codebookVersion goes up when a column changes its meaning, so that two exports can be told apart.
const codebookVersion = "1"

// entry is one line of the codebook: one field of one file.
type entry struct{ file, field, label, kind, values, missing, question, version string }

func codebookColumns() []column[entry] {
	return []column[entry]{
		{name: "file", kind: typeText, take: func(e entry) string { return e.file }},
		{name: "field", kind: typeText, take: func(e entry) string { return e.field }},
		{name: "label", kind: typeText, take: func(e entry) string { return e.label }},
		{name: "type", kind: typeText, take: func(e entry) string { return e.kind }},
		{name: "values", kind: typeText, take: func(e entry) string { return e.values }},
		{name: "missing", kind: typeText, take: func(e entry) string { return e.missing }},
		{name: "source question", kind: typeText, take: func(e entry) string { return e.question }},
		{name: "version", kind: typeText, take: func(e entry) string { return e.version }},
	}
}

// Codebook writes what every field of every file means, as CSV. It is made from the columns that the files are written with.
func Codebook(w io.Writer, words Words) error {
	t, err := newTable(w, codebookColumns())
	if err != nil {
		return err
	}
	entries := append(entries(dataFile+", "+placesFile, commentColumns(), words), entries(figuresFile, figureColumns(), words)...)
	for _, e := range entries {
		if err := t.row(e); err != nil {
			return err
		}
	}
	return t.end()
}

func entries[R any](file string, columns []column[R], words Words) []entry {
	list := make([]entry, len(columns))
	for i, c := range columns {
		label := c.called
		if label == "" {
			label = words(c.label())
		}
		e := entry{file: file, field: c.name, label: label, question: c.asked, kind: c.kind, missing: words("export.missing_never"), version: codebookVersion}
		meanings := make([]string, len(c.values))
		for j, v := range c.values {
			meaning := v.text
			if meaning == "" {
				meaning = words(v.key)
			}
			meanings[j] = v.code + " = " + meaning
		}
		e.values = strings.Join(meanings, "; ")
		if c.missing != "" {
			e.missing = words(c.missing)
		}
		if c.question != "" {
			e.question = words(c.question)
		}
		list[i] = e
	}
	return list
}
