package consult

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// sides joins what an edit script says of either text.
func sides(edits []Edit) (before, after string) {
	var b, a strings.Builder
	for _, e := range edits {
		if e.Kind != Added {
			b.WriteString(e.Text)
		}
		if e.Kind != Removed {
			a.WriteString(e.Text)
		}
	}
	return b.String(), a.String()
}

func TestDiffWordsReads(t *testing.T) {
	got := DiffWords("Erection of a four-storey building to provide nine flats", "Erection of a three-storey building to provide a shop and seven flats (amended)")
	var read []string
	for _, e := range got {
		mark := map[EditKind]string{Kept: "", Added: "+", Removed: "-"}[e.Kind]
		read = append(read, mark+e.Text)
	}
	want := "Erection of a |-four|+three|-storey building to provide |-nine|+a shop and seven| flats|+ (amended)"
	if strings.Join(read, "|") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(read, "|"), want)
	}
}

// Applying the script to the old text gives the new one, whatever the texts; equal texts have nothing added or removed.
func TestDiffWordsAppliesToTheNewText(t *testing.T) {
	word := rapid.SampledFrom([]string{"flats", "shop", " ", "  ", "\n", ",", "four", "three", "é", "چار", "-", "x", "\xff"})
	text := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(word, 0, 60).Draw(t, "words"), "") })
	rapid.Check(t, func(t *rapid.T) {
		before, after := text.Draw(t, "before"), text.Draw(t, "after")
		edits := DiffWords(before, after)
		if b, a := sides(edits); b != before || a != after {
			t.Fatalf("%q → %q: script of %q → %q", before, after, b, a)
		}
		for i, e := range edits {
			if e.Text == "" || i > 0 && edits[i-1].Kind == e.Kind {
				t.Fatalf("an empty or split stretch in %+v", edits)
			}
			if before == after && e.Kind != Kept {
				t.Fatalf("equal texts differ: %+v", edits)
			}
		}
	})
}

// The script is as short as one with a whole table: Hirschberg's method gives up memory, not quality.
func TestDiffWordsKeepsAsMuchAsCanBeKept(t *testing.T) {
	word := rapid.SampledFrom([]string{"a", "b", "c", "d"})
	rapid.Check(t, func(t *rapid.T) {
		before, after := rapid.SliceOfN(word, 0, 12).Draw(t, "before"), rapid.SliceOfN(word, 0, 12).Draw(t, "after")
		d := &wordDiff{before: before, after: after}
		d.compare(0, len(before), 0, len(after))
		kept := 0
		for _, e := range d.edits {
			if e.Kind == Kept {
				kept += len(e.Text)
			}
		}
		if want := common(before, after); kept != want {
			t.Fatalf("%v → %v keeps %d words, %d could stay", before, after, kept, want)
		}
	})
}

// common is the length of the longest common subsequence, by its definition.
func common(a, b []string) int {
	table := make([][]int, len(a)+1)
	for i := range table {
		table[i] = make([]int, len(b)+1)
	}
	for i := range a {
		for j := range b {
			table[i+1][j+1] = max(table[i][j+1], table[i+1][j])
			if a[i] == b[j] {
				table[i+1][j+1] = table[i][j] + 1
			}
		}
	}
	return table[len(a)][len(b)]
}

func TestDiffWordsOfVeryLongTextsIsBounded(t *testing.T) {
	before, after := strings.Repeat("one two three ", 5000), strings.Repeat("four five six ", 5000)
	edits := DiffWords("The same start. "+before, "The same start. "+after)
	if b, a := sides(edits); b != "The same start. "+before || a != "The same start. "+after || edits[0].Kind != Kept {
		t.Error("long texts are not told apart")
	}
}
