package export

import (
	"bufio"
	"encoding/json"
	"io"
	"strings"

	"github.com/yousaid/yousaid/server/consult"
)

// CommentsGeoJSON writes comments as one FeatureCollection (RFC 7946), a feature a line. A comment without a place has a null
// geometry. Text stands as it is: nothing here runs formulas.
func CommentsGeoJSON(w io.Writer, comments Comments) error {
	out := bufio.NewWriter(w)
	columns := commentColumns()
	between := `{"type":"FeatureCollection","features":[` + "\n"
	err := comments(func(c consult.ExportedComment) error {
		line, err := feature(columns, c)
		if err != nil {
			return err
		}
		_, err = out.WriteString(between + line)
		between = ",\n"
		return err
	})
	if err != nil {
		return err
	}
	if between != ",\n" {
		_, err = out.WriteString(between + "]}\n")
	} else {
		_, err = out.WriteString("\n]}\n")
	}
	if err != nil {
		return err
	}
	return out.Flush()
}

// feature writes one comment; its properties stand in the order of the columns. What is missing is null.
func feature(columns []column[comment], c comment) (string, error) {
	var b strings.Builder
	b.WriteString(`{"type":"Feature","id":"` + c.Comment.ID.String() + `","geometry":`)
	if c.Comment.HasPlace {
		b.WriteString(`{"type":"Point","coordinates":[` + longitude(c) + `,` + latitude(c) + `]}`)
	} else {
		b.WriteString("null")
	}
	separator := `,"properties":{`
	for _, column := range columns {
		cell := column.take(c)
		value := []byte(cell)
		if !column.bare() {
			quoted, err := json.Marshal(cell)
			if err != nil {
				return "", err
			}
			value = quoted
		}
		if cell == "" {
			value = []byte("null")
		}
		b.WriteString(separator + `"` + column.name + `":`)
		b.Write(value)
		separator = ","
	}
	b.WriteString("}}")
	return b.String(), nil
}
