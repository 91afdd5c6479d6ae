package similar

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"testing"
)

// labelled is one line of testdata/concerns.jsonl.
type labelled struct {
	ID       int64
	Language string
	Concern  string
	Text     string
}

// languages of the labelled set; everything is all of them together.
var languages = []string{"en", "pl", "ur", "pa"}

// set reads the labelled texts of a language, or all with "".
func set(tb testing.TB, language string) []labelled {
	tb.Helper()
	file, err := os.Open("testdata/concerns.jsonl")
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	var all []labelled
	for decoder := json.NewDecoder(file); ; {
		var l labelled
		if err := decoder.Decode(&l); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			tb.Fatal(err)
		}
		if language == "" || l.Language == language {
			all = append(all, l)
		}
	}
}

func textsOf(all []labelled) []Text {
	texts := make([]Text, len(all))
	for i, l := range all {
		texts[i] = Text{ID: l.ID, Language: l.Language, Text: l.Text}
	}
	return texts
}

func concernsOf(all []labelled) []string {
	concerns := make([]string, len(all))
	for i, l := range all {
		concerns[i] = l.Concern
	}
	return concerns
}
