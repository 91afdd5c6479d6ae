package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

func TestCommentsCSVIsWrittenAsAgreed(t *testing.T) {
	got := written(t, func(b *bytes.Buffer) error { return CommentsCSV(b, each(some()), false) })
	golden(t, "comments.csv", got)
	if withMark := written(t, func(b *bytes.Buffer) error { return CommentsCSV(b, each(some()), true) }); string(withMark) != byteOrderMark+string(got) {
		t.Error("the file for Excel is not the same file behind a byte order mark")
	}
}

// RFC 4180: every line ends in CRLF, every record has as many fields as the header, and encoding/csv reads back what was said.
func TestCommentsCSVReadsBack(t *testing.T) {
	file := written(t, func(b *bytes.Buffer) error { return CommentsCSV(b, each(some()), false) })
	if bytes.Count(file, []byte("\n")) != bytes.Count(file, []byte("\r\n")) {
		t.Error("a line does not end in CRLF")
	}
	records, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(records) != 4 {
		t.Fatalf("%d records, want a header and three comments", len(records))
	}
	field := func(record int, name string) string {
		for i, head := range records[0] {
			if head == name {
				return records[record][i]
			}
		}
		t.Fatalf("no field %q in %v", name, records[0])
		return ""
	}
	for _, c := range []struct {
		record      int
		field, want string
	}{
		{1, "comment", consult.ID(1001).String()}, {1, "topics", "design; noise"}, {1, "text_noise", "Deliveries at night."},
		{1, "text_light", ""}, {1, "longitude", "-1.860360"}, {1, "round", "1"}, {1, "late", "false"},
		{2, "text_other", "He said \"no\", then; left,\na second line\nand a third </script> \u2028 ایک 🏠"},
		{2, "text_light", "'" + attack[0]}, {2, "name", "'+44 resident"}, {2, "place", "'=1+1"}, {2, "redacted", "true"},
		{3, "longitude", ""}, {3, "answered_on", ""}, {3, "round", ""}, {3, "topics", "use"},
	} {
		if got := field(c.record, c.field); got != c.want {
			t.Errorf("record %d, %s = %q, want %q", c.record, c.field, got, c.want)
		}
	}
}

func TestS14I28NoCellBeginsAFormula(t *testing.T) {
	for _, text := range attack {
		c := some()[0]
		c.Comment.Points = []consult.CommentPoint{{Topic: "design", Text: text}}
		c.Comment.PlaceText, c.Comment.NameShown, c.WardName, c.Reference = text, text, text, text
		c.Comment.Language, c.Comment.WardCode = text, text
		file := written(t, func(b *bytes.Buffer) error { return CommentsCSV(b, each([]consult.ExportedComment{c}), false) })
		records, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		guarded := 0
		for i, cell := range records[1] {
			name := records[0][i]
			if cell != "" && strings.ContainsRune("=+-@＝＋－＠\t\r\n", []rune(cell)[0]) && name != "longitude" {
				t.Errorf("%s = %q begins a formula", name, cell)
			}
			if strings.HasPrefix(cell, "'") {
				guarded++
			}
		}
		if guarded != 7 {
			t.Errorf("%q: %d cells are guarded, want 7", text, guarded)
		}
	}
	if plain := "1 = 2 is not true"; harmless(plain) != plain {
		t.Errorf("harmless text was changed: %q", harmless(plain))
	}
}

func TestCommentsGeoJSONIsWrittenAsAgreed(t *testing.T) {
	file := written(t, func(b *bytes.Buffer) error { return CommentsGeoJSON(b, each(some())) })
	golden(t, "comments.geojson", file)
	var places struct {
		Type     string
		Features []struct {
			Type, ID   string
			Geometry   json.RawMessage
			Properties map[string]any
		}
	}
	decoder := json.NewDecoder(bytes.NewReader(file))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&places); err != nil {
		t.Fatal(err)
	}
	if places.Type != "FeatureCollection" || len(places.Features) != 3 || string(places.Features[2].Geometry) != "null" {
		t.Fatalf("%+v", places)
	}
	properties := places.Features[1].Properties
	if properties["text_light"] != attack[0] || properties["late"] != true || properties["version"] != 1.0 || properties["text_use"] != nil {
		t.Errorf("%v", properties)
	}
	if len(properties) != len(commentColumns()) {
		t.Errorf("%d properties, %d columns", len(properties), len(commentColumns()))
	}
	// Ours to read, as any boundary or place that comes in. A feature without a place is refused there, so only the first two.
	read, err := geo.ParseFeatures(bytes.NewReader(file), geo.DefaultLimits())
	if len(read) != 2 || err == nil {
		t.Errorf("geo reads %d features, %v", len(read), err)
	}
}

func TestNoCommentsAreAnEmptyCollection(t *testing.T) {
	file := written(t, func(b *bytes.Buffer) error { return CommentsGeoJSON(b, each(nil)) })
	var empty struct{ Features []any }
	if err := json.Unmarshal(file, &empty); err != nil || empty.Features == nil || len(empty.Features) != 0 {
		t.Errorf("%s: %v", file, err)
	}
}

// Two places in one cell of 100 m become the same place, and none moves further than half the cell's diagonal.
func TestPlacesAreMovedToTheirCell(t *testing.T) {
	c := some()[0]
	exact := c.Comment.Place
	other := c
	other.Comment.Place.Lon -= 0.0002 // 13 m to the west
	if longitude(c) != longitude(other) || latitude(c) != latitude(other) {
		t.Errorf("%s,%s and %s,%s are 13 m apart", latitude(c), longitude(c), latitude(other), longitude(other))
	}
	snapped := exact.Snap(cell)
	if d := geo.Distance(exact, snapped); d > cell*math.Sqrt2/2+1 || d == 0 {
		t.Errorf("moved by %.1f m", d)
	}
}

func TestAFileFailsWithItsSourceAndWithItsReader(t *testing.T) {
	broken := func(each func(consult.ExportedComment) error) error {
		if err := each(some()[0]); err != nil {
			return err
		}
		return errGone
	}
	writers := map[string]func(io.Writer, Comments) error{
		"csv":     func(w io.Writer, c Comments) error { return CommentsCSV(w, c, false) },
		"geojson": CommentsGeoJSON,
		"package": func(w io.Writer, c Comments) error { return Package(w, Content{Comments: c, Words: english(t)}) },
	}
	for name, write := range writers {
		if err := write(io.Discard, broken); !errors.Is(err, errGone) {
			t.Errorf("%s: the source failed, and the file says %v", name, err)
		}
		rows := 0
		endless := func(each func(consult.ExportedComment) error) error {
			for ; rows < 100_000; rows++ {
				if err := each(some()[0]); err != nil {
					return err
				}
			}
			return nil
		}
		if err := write(closed{}, endless); !errors.Is(err, errGone) {
			t.Errorf("%s: the reader went away, and the file says %v", name, err)
		}
		if rows > 20_000 {
			t.Errorf("%s: %d rows were read for a reader who had gone", name, rows)
		}
	}
}

// closed is a connection whose reader has gone.
type closed struct{}

func (closed) Write([]byte) (int, error) { return 0, errGone }
