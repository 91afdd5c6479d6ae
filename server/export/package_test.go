package export

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/reach"
)

// rows is a source of figures: 40 objections from one ward, 3 letters, and 38 people who answered the equality questions.
type rows struct{}

func (rows) EachReachRow(_ context.Context, _ consult.ReachFilter, each func(consult.ReachRow) error) error {
	at := time.Date(2026, 4, 2, 9, 0, 0, 0, time.UTC)
	for i := range 43 {
		row := consult.ReachRow{Consultation: 77, WardCode: "E05011118", Channel: "web", Stance: consult.Object, Topics: []consult.Topic{"noise"},
			ReceivedAt: at.AddDate(0, 0, i%3), AnsweredAt: at.AddDate(0, 0, 6), Outcomes: i % 2}
		if i >= 40 {
			row.Channel, row.AnsweredAt = "letter", time.Time{}
		}
		if err := each(row); err != nil {
			return err
		}
	}
	return nil
}

func (rows) Equality(context.Context, consult.ReachFilter) ([]consult.EqualityAnswers, error) {
	woman := consult.EqualityAnswers{Consultation: 77, WardCode: "E05011118", Sex: "female", AgeBand: "16-24", RecordedOn: "2026-04-02"}
	man := woman
	man.Sex, man.AgeBand = "male", ""
	return slices.Concat(slices.Repeat([]consult.EqualityAnswers{woman}, 25), slices.Repeat([]consult.EqualityAnswers{man}, 13)), nil
}

func (rows) Benchmarks(context.Context, string) ([]consult.Benchmark, error) {
	b := consult.Benchmark{Name: "population", AreaCode: "E05011118", Population: 25_120, Source: "made up", Vintage: "2024-06-30"}
	female, male := b, b
	female.Group, female.Population = "sex:female", 12_000
	male.Group, male.Population = "sex:male", 13_120
	return []consult.Benchmark{b, female, male}, nil
}

func (rows) Wards(context.Context) (map[string]string, error) {
	return map[string]string{"E05011118": "=Example Ward"}, nil
}

func (rows) PromiseDays(context.Context, consult.ID) (int, error) { return 5, nil }

func report(t *testing.T) reach.Report {
	t.Helper()
	r, err := reach.Measure(context.Background(), rows{}, consult.ReachFilter{Consultation: 77}, time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC), consult.England())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func content(t *testing.T) Content {
	return Content{Authority: "Example City Council", Selection: []string{"Consultation: 2099/00001/PA"}, Comments: each(some()), Report: report(t), Words: english(t)}
}

func TestFiguresCSVIsWrittenAsAgreed(t *testing.T) {
	file := written(t, func(b *bytes.Buffer) error { return FiguresCSV(b, report(t), "", english(t), false) })
	golden(t, "figures.csv", file)
	one := written(t, func(b *bytes.Buffer) error { return FiguresCSV(b, report(t), "stance", english(t), false) })
	records, err := csv.NewReader(bytes.NewReader(one)).ReadAll()
	if err != nil || len(records) != 4 || records[1][0] != "stance" {
		t.Errorf("one table: %v, %v", records, err)
	}
}

func TestN04FiguresOfAWithheldReportSayNothing(t *testing.T) {
	file := written(t, func(b *bytes.Buffer) error {
		return FiguresCSV(b, reach.Report{Withheld: reach.TooFew}, "", english(t), false)
	})
	records, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
	if err != nil || len(records) != 2 || records[1][4] != "" || records[1][6] != markWithheld {
		t.Errorf("%v, %v", records, err)
	}
}

// N05: the codebook describes every field of every file, once, in the order of the files, and all that a code can be.
func TestN05CodebookDescribesTheFiles(t *testing.T) {
	file := written(t, func(b *bytes.Buffer) error { return Codebook(b, english(t)) })
	golden(t, "codebook.csv", file)
	book, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"file", "field", "label", "type", "values", "missing", "source question", "version"}; !slices.Equal(book[0], want) {
		t.Errorf("header %v, want %v", book[0], want)
	}
	for name, data := range map[string][]byte{
		dataFile:    written(t, func(b *bytes.Buffer) error { return CommentsCSV(b, each(some()), false) }),
		figuresFile: written(t, func(b *bytes.Buffer) error { return FiguresCSV(b, report(t), "", english(t), false) }),
	} {
		checkAgainst(t, book, name, data)
	}
}

// checkAgainst holds a file to the codebook as a reader of both would.
func checkAgainst(t *testing.T, book [][]string, name string, data []byte) {
	t.Helper()
	records, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var described [][]string
	for _, line := range book {
		if strings.HasPrefix(line[0], name) {
			described = append(described, line)
		}
	}
	if len(described) != len(records[0]) {
		t.Fatalf("%s has %d fields, the codebook %d", name, len(records[0]), len(described))
	}
	for i, line := range described {
		if line[1] != records[0][i] {
			t.Errorf("%s: field %d is %q, the codebook says %q", name, i, records[0][i], line[1])
		}
		for _, record := range records[1:] {
			if cell := record[i]; cell == "" {
				if line[5] == "never empty" {
					t.Errorf("%s: %s is empty, the codebook says it never is", name, line[1])
				}
			} else if !fits(line[3], line[4], cell) {
				t.Errorf("%s: %s = %q is no %s of %q", name, line[1], cell, line[3], line[4])
			}
		}
	}
}

// fits tells whether a cell is of its type and among its values.
func fits(kind, values, cell string) bool {
	switch kind {
	case typeInteger:
		return strings.Trim(cell, "0123456789") == ""
	case typeDecimal:
		return strings.Trim(cell, "-.0123456789") == ""
	case typeBoolean:
		return cell == "true" || cell == "false"
	case typeDate:
		_, err := consult.ParseDate(cell)
		return err == nil
	}
	if values == "" {
		return true
	}
	for _, code := range strings.Split(cell, "; ") {
		if !strings.HasPrefix(values, code+" = ") && !strings.Contains(values, "; "+code+" = ") {
			return false
		}
	}
	return true
}

func unzip(t *testing.T, data []byte) map[string]string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range r.File {
		if !f.Modified.Equal(zipTime) {
			t.Errorf("%s is of %v", f.Name, f.Modified)
		}
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(text)
	}
	return files
}

func TestPackageHoldsTheFilesAndTheirSums(t *testing.T) {
	files := unzip(t, written(t, func(b *bytes.Buffer) error { return Package(b, content(t)) }))
	golden(t, "README.txt", []byte(files[readmeFile]))
	for name, alone := range map[string][]byte{
		dataFile:     written(t, func(b *bytes.Buffer) error { return CommentsCSV(b, each(some()), false) }),
		placesFile:   written(t, func(b *bytes.Buffer) error { return CommentsGeoJSON(b, each(some())) }),
		figuresFile:  written(t, func(b *bytes.Buffer) error { return FiguresCSV(b, report(t), "", english(t), false) }),
		codebookFile: written(t, func(b *bytes.Buffer) error { return Codebook(b, english(t)) }),
	} {
		if files[name] != string(alone) {
			t.Errorf("%s in the package differs from the file alone", name)
		}
		sum := sha256.Sum256(alone)
		if !strings.Contains(files[readmeFile], hex.EncodeToString(sum[:])+"  "+name+"\r\n") {
			t.Errorf("the README lacks the sum of %s", name)
		}
	}
	if len(files) != 5 {
		t.Errorf("%d files", len(files))
	}
}

func TestN07TheSameDataGivesTheSameBytes(t *testing.T) {
	first := written(t, func(b *bytes.Buffer) error { return Package(b, content(t)) })
	again := written(t, func(b *bytes.Buffer) error { return Package(b, content(t)) })
	if !bytes.Equal(first, again) {
		t.Error("two packages of the same data differ")
	}
}

// counter is a reader who counts what arrives and keeps nothing.
type counter struct{ n int }

func (c *counter) Write(b []byte) (int, error) { c.n += len(b); return len(b), nil }

// What is held back never exceeds a buffer, however many rows there are; and a row costs a bounded number of allocations.
func TestAHundredThousandRowsAreStreamed(t *testing.T) {
	const (
		n      = 100_000
		buffer = 64 << 10
	)
	row := some()[0]
	for name, write := range map[string]func(io.Writer, Comments) error{
		"csv":     func(w io.Writer, c Comments) error { return CommentsCSV(w, c, false) },
		"geojson": CommentsGeoJSON,
	} {
		size := len(written(t, func(b *bytes.Buffer) error { return write(b, each([]consult.ExportedComment{row, row})) })) -
			len(written(t, func(b *bytes.Buffer) error { return write(b, each([]consult.ExportedComment{row})) }))
		out := &counter{}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := write(out, func(each func(consult.ExportedComment) error) error {
			for i := range n {
				if err := each(row); err != nil {
					return err
				}
				if held := (i+1)*size - out.n; held > buffer {
					t.Fatalf("%s: %d bytes are held back after row %d", name, held, i+1)
				}
			}
			return nil
		})
		runtime.ReadMemStats(&after)
		if err != nil || out.n < n*size {
			t.Errorf("%s: %d bytes of %d rows, %v", name, out.n, n, err)
		}
		if perRow := (after.Mallocs - before.Mallocs) / n; perRow > 100 {
			t.Errorf("%s: %d allocations a row", name, perRow)
		}
	}
}
