package export_test

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/export"
	"github.com/yousaid/yousaid/static/lang"
)

func exportedForm() consult.Form {
	text := func(s string) consult.FormText { return consult.FormText{"en": s} }
	option := func(ids ...string) (list []consult.Option) {
		for _, id := range ids {
			list = append(list, consult.Option{ID: id, Text: text("=" + id)})
		}
		return list
	}
	return consult.Form{Format: 1, Language: "en", Title: text("T"), Sections: []consult.Section{{ID: "s", Title: text("S"), Questions: []consult.Question{
		{ID: "one", Kind: consult.ChoiceQuestion, Text: text("One?"), Options: option("a", "b"), Other: true},
		{ID: "many", Kind: consult.ChoiceQuestion, Text: text("Many?"), Options: option("a", "b"), Several: true},
		{ID: "scale", Kind: consult.ScaleQuestion, Text: text("Scale?"), Steps: 5, Low: text("l"), High: text("h"), DontKnow: true},
		{ID: "rank", Kind: consult.RankingQuestion, Text: text("Rank?"), Options: option("a", "b", "c")},
		{ID: "words", Kind: consult.TextQuestion, Text: text("Words?")},
		{ID: "where", Kind: consult.PlaceQuestion, Text: text("Where?")},
	}}}}
}

// TestAnyResponseIsInItsColumns: whatever somebody answers stands in the file, and can be read back.
func TestAnyResponseIsInItsColumns(t *testing.T) {
	f := exportedForm()
	rapid.Check(t, func(t *rapid.T) {
		many := rapid.SliceOfDistinct(rapid.SampledFrom([]string{"a", "b"}), func(s string) string { return s }).Draw(t, "many")
		step := rapid.IntRange(1, 5).Draw(t, "step")
		ranked := rapid.Permutation([]string{"a", "b", "c"}).Draw(t, "ranked")
		words := rapid.SampledFrom([]string{"=1+1", "plain", "\"quoted\", and more", "دو لفظ"}).Draw(t, "words")
		c := consult.ExportedComment{Reference: "C-2099-0001", Comment: consult.Comment{ID: 7, Form: 1, Round: 1, Channel: "web", Language: "en",
			Points: []consult.CommentPoint{{Topic: "words", Text: words}, {Topic: "where", Text: "the bend"}},
			Responses: []consult.Response{{Question: "one", Chosen: []string{"b"}}, {Question: "many", Chosen: many}, {Question: "scale", Step: step},
				{Question: "rank", Ranked: ranked}, {Question: "words"}, {Question: "where", Lat: 52.4723, Lon: -1.8595, HasPlace: true}}}}
		responses := export.Responses(func(each func(consult.ExportedComment) error) error { return each(c) })
		var out strings.Builder
		if err := export.ResponsesCSV(&out, f, responses, false); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
		if err != nil || len(rows) != 2 {
			t.Fatalf("%v: %s", err, out.String())
		}
		got := map[string]string{}
		for i, name := range rows[0] {
			got[name] = rows[1][i]
		}
		for name, want := range map[string]string{"one": "b", "scale": string(rune('0' + step)), "rank__" + ranked[0]: "1", "rank__" + ranked[2]: "3",
			"words": strings.TrimPrefix("'"+words, map[bool]string{true: "", false: "'"}[strings.HasPrefix(words, "=")]), "where__words": "the bend", "scale__dont_know": "false"} {
			if got[name] != want {
				t.Fatalf("%s is %q, want %q in\n%s", name, got[name], want, out.String())
			}
		}
		for _, option := range []string{"a", "b"} {
			if got["many__"+option] != map[bool]string{true: "true", false: "false"}[contains(many, option)] {
				t.Fatalf("many__%s is %q of %v", option, got["many__"+option], many)
			}
		}
		if strings.Contains(out.String(), c.Comment.ID.String()) || strings.Contains(out.String(), "52.4723") {
			t.Fatalf("a row names its comment or the very place: %s", out.String())
		}
	})
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

func TestPlacesAndCodebookOfAForm(t *testing.T) {
	f := exportedForm()
	c := consult.ExportedComment{Comment: consult.Comment{Form: 1, Points: []consult.CommentPoint{{Topic: "where", Text: "the <bend>"}},
		Responses: []consult.Response{{Question: "where", Lat: 52.4723, Lon: -1.8595, HasPlace: true}}}}
	for n := range 3 {
		var out strings.Builder
		if err := export.PlacesGeoJSON(&out, f, func(each func(consult.ExportedComment) error) error {
			for range n {
				if err := each(c); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		var read struct {
			Features []struct{ Properties map[string]any }
		}
		if err := json.Unmarshal([]byte(out.String()), &read); err != nil || len(read.Features) != n {
			t.Errorf("%d places: %v %s", n, err, out.String())
		}
		if n > 0 && read.Features[0].Properties["words"] != "the <bend>" {
			t.Errorf("%v", read.Features[0].Properties)
		}
	}
	var book strings.Builder
	if err := export.ResponsesCodebook(&book, f, lang.MustLoad(nil).Default().T); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"responses.csv,one,One?,code,a = =a; b = =b; other = other", "Scale?", "rank__c,'=c,integer", "\"not asked, or not answered\""} {
		if !strings.Contains(book.String(), want) {
			t.Errorf("the codebook does not say %q:\n%s", want, book.String())
		}
	}
}
