package similar_test

import (
	"strings"
	"testing"

	"github.com/yousaid/yousaid/server/similar"
)

var sorted = []similar.Example{
	{Concern: 1, Text: similar.Text{ID: 1, Text: "There are not enough parking spaces for sixty flats."}},
	{Concern: 2, Text: similar.Text{ID: 2, Text: "The tower will take the afternoon sun from our gardens."}},
	{Concern: 3, Text: similar.Text{ID: 3, Language: "pl", Text: "Przychodnia nie przyjmuje nowych pacjentów."}},
}

func TestSuggestFromOneExampleEach(t *testing.T) {
	for _, test := range []struct {
		text    string
		concern int64
		phrase  string
	}{
		{"Where are sixty families meant to park? You offer twenty parking spaces.", 1, "parking spaces"},
		{"My gardens get afternoon sun only and I grow vegetables there.", 2, "afternoon sun"},
		{"W przychodni już dziś nie ma miejsc dla pacjentów", 3, "pacjentów"},
	} {
		advice := similar.NewSuggester(sorted, nil).Suggest(similar.Text{ID: 9, Text: test.text})
		if advice.ID != 9 || !advice.Sure || len(advice.Ranked) == 0 || advice.Ranked[0].Concern != test.concern {
			t.Errorf("%q: %+v, want concern %d", test.text, advice, test.concern)
			continue
		}
		if p := advice.Ranked[0].Phrases; len(p) == 0 || p[0].Text != test.phrase || p[0].Count != 1 {
			t.Errorf("%q is explained by %v, want %q", test.text, p, test.phrase)
		}
	}
}

func TestSuggestAbstains(t *testing.T) {
	for name, text := range map[string]string{
		"nothing shared":          "A bakery would be lovely.",
		"another language":        "نئی عمارت ہمارے گھروں سے بہت اونچی ہے",
		"nothing":                 "",
		"as much one as another":  "parking afternoon",
		"words of grammar shared": "There are not enough of these for the others, from our point of view",
	} {
		if advice := similar.NewSuggester(sorted, nil).Suggest(similar.Text{Text: text}); advice.Sure {
			t.Errorf("%s: sure of %+v", name, advice.Ranked)
		}
	}
	if advice := similar.Suggest(nil, []similar.Text{{ID: 4, Text: "parking"}}); len(advice) != 1 || advice[0].ID != 4 || advice[0].Sure || len(advice[0].Ranked) > 0 {
		t.Errorf("without examples: %+v", advice)
	}
}

func TestNearestSharesRareWords(t *testing.T) {
	index := similar.NewIndex([]similar.Text{
		{ID: 1, Text: "The bus stop must stay where it is."}, {ID: 2, Text: "More trees, please, and a bench under them."},
		{ID: 3, Text: "Buses cannot turn if the stop is moved to the corner."}, {ID: 4, Text: "I like it."},
	})
	hits := index.Nearest(similar.Text{ID: 1, Text: "The bus stop must stay where it is."}, 10)
	if len(hits) != 1 || hits[0].ID != 3 || hits[0].Score <= 0 || hits[0].Phrases[0].Text != "stop" {
		t.Errorf("%+v", hits)
	}
	if hits := index.Nearest(similar.Text{ID: 9, Text: "trees and a bus stop"}, 2); len(hits) != 2 || hits[0].ID != 1 {
		t.Errorf("%+v", hits)
	}
	if hits := similar.NewIndex(nil).Nearest(similar.Text{Text: "trees"}, 5); len(hits) != 0 {
		t.Errorf("found in nothing: %+v", hits)
	}
}

func TestClaimsAreRecognisedWhileTheyAreTyped(t *testing.T) {
	claims := similar.NewClaims([]similar.Text{
		{ID: 1, Text: "The library will be closed."}, {ID: 1, Text: "They are shutting our library"}, {ID: 2, Text: "The tower has thirty storeys."},
		{ID: 1, Language: "ur", Text: "لائبریری بند کر دی جائے گی"},
	})
	for typed, want := range map[string]int64{
		"I heard the library closes next year, is th":        1,
		"So they are shutting the library after all. Great.": 1,
		"Thirty storeys! That tower is a joke.":              2,
		"کیا لائبریری بند ہو جائے گی؟":                       1,
		"The library":                       0,
		"I like the tower of the library.":  0,
		"thirty children. storeys. a tower": 0,
		"":                                  0,
	} {
		found := claims.Matches(typed, 3)
		if want == 0 && len(found) > 0 || want != 0 && (len(found) != 1 || found[0].ID != want || len(found[0].Phrases) == 0) {
			t.Errorf("%q: %+v, want claim %d", typed, found, want)
			continue
		}
		for _, m := range found {
			for _, p := range m.Phrases {
				if !strings.Contains(strings.ToLower(typed), strings.ToLower(p.Text)) {
					t.Errorf("%q does not say %q", typed, p.Text)
				}
			}
		}
	}
}
