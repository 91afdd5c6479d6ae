package export

import (
	"bytes"
	"encoding/csv"
	"slices"
	"testing"
)

func TestLettersForMailMerge(t *testing.T) {
	var out bytes.Buffer
	err := LettersCSV(&out, []Letter{{Lines: []string{"=cmd()", "1 Sample Street", "B9 9CI"}, Language: "ur", On: "2 April 2026", Subject: "\u2068Twelve homes\u2069",
		Matter: []string{"a", "b"}, Paragraphs: []string{"One.", "Two."}, LinkText: "Read", Link: "https://example.org/c/1"}}, true)
	if err != nil {
		t.Fatal(err)
	}
	text, marked := bytes.CutPrefix(out.Bytes(), []byte(byteOrderMark))
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil || !marked || len(rows) != 2 {
		t.Fatalf("%v, %q", err, out.String())
	}
	want := []string{"'=cmd()", "1 Sample Street", "B9 9CI", "", "", "", "", "ur", "2 April 2026", "Twelve homes", "a\nb", "One.\n\nTwo.", "Read", "https://example.org/c/1"}
	if !slices.Equal(rows[1], want) || rows[0][0] != "address_line_1" || len(rows[0]) != len(want) {
		t.Errorf("%q\n%q", rows[0], rows[1])
	}
}
