package similar

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func TestGroupsDoNotDependOnTheOrder(t *testing.T) {
	var texts []Text
	for i, text := range textsOf(set(t, "")) {
		if i%8 == 0 {
			texts = append(texts, text)
		}
	}
	texts = append(texts, texts[:8]...) // the same texts again, with the same IDs
	want := Group(texts, GroupOptions{})
	if len(want.Clusters) < 3 {
		t.Fatalf("%d groups", len(want.Clusters))
	}
	rapid.Check(t, func(t *rapid.T) {
		if got := Group(rapid.Permutation(texts).Draw(t, "order"), GroupOptions{}); !reflect.DeepEqual(got, want) {
			t.Fatalf("another order gives other groups:\n%+v\n%+v", got, want)
		}
	})
}

func TestEveryTextIsInOneGroupOrLoose(t *testing.T) {
	texts := textsOf(set(t, ""))
	found := Group(texts, GroupOptions{})
	seen := map[int64]int{}
	for _, c := range found.Clusters {
		if !slices.IsSorted(c.IDs) || len(c.IDs) < 2 || len(c.Phrases) == 0 || len(c.Phrases) > maxPhrases {
			t.Errorf("group %v explained by %v", c.IDs, c.Phrases)
		}
		for _, id := range c.IDs {
			seen[id]++
		}
	}
	for _, id := range found.Loose {
		seen[id]++
	}
	for _, text := range texts {
		if seen[text.ID] != 1 {
			t.Errorf("text %d is there %d times", text.ID, seen[text.ID])
		}
	}
	if !slices.IsSortedFunc(found.Clusters, func(a, b Cluster) int { return len(b.IDs) - len(a.IDs) }) {
		t.Error("the largest group is not first")
	}
}

// A phrase that no text contains would explain nothing, and one that an officer cannot find again would be worse.
func TestPhrasesStandInTheTextsAsOftenAsTheySay(t *testing.T) {
	all := map[int64]Text{}
	for _, text := range textsOf(set(t, "")) {
		all[text.ID] = text
	}
	for _, c := range Group(textsOf(set(t, "")), GroupOptions{}).Clusters {
		for _, p := range c.Phrases {
			literally, marked := 0, 0
			for _, id := range c.IDs {
				if all[id].Language != c.Language {
					t.Fatalf("a text in %s is in a group of %s", all[id].Language, c.Language)
				}
				if strings.Contains(strings.Join(strings.Fields(all[id].Text), " "), p.Text) {
					literally++
				}
				if len(Mark(all[id].Text, []Phrase{p})) > 0 {
					marked++
				}
			}
			if literally == 0 || marked != p.Count || p.Count < 2 {
				t.Errorf("%q is said to stand in %d texts; it does in %d, word by word in %d", p.Text, p.Count, marked, literally)
			}
		}
	}
}

func TestWithoutALanguageScriptsAreKeptApart(t *testing.T) {
	var texts []Text
	for _, language := range []string{"en", "ur", "pa"} {
		for _, text := range textsOf(set(t, language)) {
			text.Language = ""
			texts = append(texts, text)
		}
	}
	scriptsSeen := map[string]bool{}
	byID := map[int64]string{}
	for _, text := range texts {
		byID[text.ID] = script(text.Text)
	}
	for _, c := range Group(texts, GroupOptions{}).Clusters {
		scriptsSeen[c.Language] = true
		for _, id := range c.IDs {
			if byID[id] != c.Language {
				t.Errorf("a text in %s letters is in a group of %s", byID[id], c.Language)
			}
		}
	}
	if !scriptsSeen["Latin"] || !scriptsSeen["Arabic"] || !scriptsSeen["Gurmukhi"] {
		t.Errorf("groups of %v", scriptsSeen)
	}
}

func TestALetterIsOneGroupAndWeighsAsOneText(t *testing.T) {
	texts := textsOf(set(t, "en"))
	before := Group(texts, GroupOptions{Groups: 20})
	letter := "Nobody asked us about the brass band's rehearsal room, and it is the only one this side of the canal; keep it, please, in the new building."
	for i := range 500 {
		texts = append(texts, Text{ID: int64(10_000 + i), Language: "en", Text: letter})
	}
	after := Group(texts, GroupOptions{Groups: 20})
	if first := after.Clusters[0]; len(first.Campaigns) != 1 || len(first.Campaigns[0].IDs) != 500 || len(first.IDs) > 520 {
		t.Errorf("the first group has %d texts, letters %v", len(first.IDs), len(first.Campaigns))
	}
	if b, a := len(before.Loose), len(after.Loose); a > b+20 || a < b-20 {
		t.Errorf("%d texts loose without the letter, %d with it", b, a)
	}
}

func TestSmallAndEmptyInputs(t *testing.T) {
	for name, texts := range map[string][]Text{
		"none": nil, "one": {{ID: 1, Text: "parking"}}, "empty": {{ID: 1}, {ID: 2}, {ID: 3}, {ID: 4}, {ID: 5}},
		"nothing shared": {{ID: 1, Text: "parking"}, {ID: 2, Text: "trees"}, {ID: 3, Text: "doctors"}, {ID: 4, Text: "noise"}, {ID: 5, Text: "bins"}},
	} {
		if found := Group(texts, GroupOptions{}); len(found.Clusters) > 0 || len(found.Loose) != len(texts) {
			t.Errorf("%s: %+v", name, found)
		}
	}
	two := Group([]Text{{ID: 2, Text: "Keep the old lime trees"}, {ID: 1, Text: "keep the old lime trees!"}}, GroupOptions{})
	if len(two.Clusters) != 1 || !slices.Equal(two.Clusters[0].IDs, []int64{1, 2}) || two.Clusters[0].Phrases[0].Count != 2 {
		t.Errorf("one letter sent twice: %+v", two)
	}
	if found := Group(textsOf(set(t, "pa")), GroupOptions{Groups: 10_000}); len(found.Clusters) > 60 {
		t.Errorf("%d groups of 60 texts", len(found.Clusters))
	}
}

func TestTheCampaignsOfTheLabelledSetAreFound(t *testing.T) {
	file, err := os.Open("testdata/campaign.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	want := map[string][]int64{}
	var texts []Text
	for decoder := json.NewDecoder(file); ; {
		var l struct {
			ID                       int64
			Language, Campaign, Text string
		}
		if err := decoder.Decode(&l); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, Text{l.ID, l.Language, l.Text})
		if l.Campaign != "" {
			want[l.Campaign] = append(want[l.Campaign], l.ID)
		}
	}
	var got [][]int64
	for _, c := range Duplicates(append(texts, textsOf(set(t, ""))...)) {
		got = append(got, c.IDs)
	}
	for name, ids := range want {
		if !slices.ContainsFunc(got, func(found []int64) bool { return slices.Equal(found, ids) }) {
			t.Errorf("%s: %v is not among %v", name, ids, got)
		}
	}
	if len(got) != len(want) || len(want) != 4 {
		t.Errorf("%d campaigns, want %d", len(got), len(want))
	}
}

func TestMark(t *testing.T) {
	text := "The Bus stops, all of them, stay. A bus-stop is no parking space; parking spaces…"
	got := Mark(text, []Phrase{{Text: "bus stop"}, {Text: "parking"}, {Text: "parking space"}, {Text: ""}})
	var marked []string
	for _, s := range got {
		marked = append(marked, text[s.Start:s.End])
	}
	if !slices.Equal(marked, []string{"Bus stops", "bus-stop", "parking space", "parking spaces"}) {
		t.Errorf("%q", marked)
	}
	if !slices.IsSortedFunc(got, func(a, b Span) int { return a.Start - b.Start }) || slices.ContainsFunc([]rune(marked[0]), unicode.IsControl) {
		t.Error(got)
	}
}
