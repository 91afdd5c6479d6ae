package similar

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func fulls(text string) []string {
	var all []string
	for _, w := range tokenise(text) {
		all = append(all, w.full)
	}
	return all
}

func TestWordsOfManyScripts(t *testing.T) {
	for text, want := range map[string][]string{
		"The council's PLANS, don't they?":    {"the", "council", "plans", "dont", "they"},
		"Straße naïve ŁÓDŹ ﬁne":               {"strasse", "naive", "lodz", "fine"},
		"3.5 m, 1,000 cars, A38":              {"35", "m", "1000", "cars", "a38"},
		"كتابٌ مُفيد، ٣٢ گھر":                 {"کتاب", "مفید", "32", "گھر"},
		"سکول\u200c میں":                      {"سکول", "میں"},
		"ਦੋ ਮੰਜ਼ਿਲਾ ਘਰ ੧੨":                    {"ਦੋ", "ਮੰਜ਼ਿਲਾ", "ਘਰ", "12"},
		"উঁচু ভবন।নতুন":                       {"উঁচু", "ভবন", "নতুন"},
		"高すぎる建物":                              {"高す", "すぎ", "ぎる", "る建", "建物"},
		"木":                                   {"木"},
		"여기에 나무":                              {"여기에", "나무"},
		"Ёлка и ёлки":                         {"елка", "и", "елки"},
		"👍🏽 !!! \u200b":                       nil,
		"soft\u00adhyphen two-storey o’clock": {"softhyphen", "two", "storey", "oclock"},
	} {
		for i, w := range want {
			want[i] = foldWord(w)
		}
		if got := fulls(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestWordsKnowWhatPartsThem(t *testing.T) {
	words := tokenise("Noise, dust. Mr Resident lives at 7 Test Lane\nBins")
	var gaps []gap
	var proper []string
	for _, w := range words {
		gaps = append(gaps, w.after)
		if w.proper {
			proper = append(proper, w.full)
		}
	}
	if !slices.Equal(gaps, []gap{line, comma, sentence, space, space, space, space, space, space, line}) {
		t.Errorf("%v", gaps)
	}
	if !slices.Equal(proper, []string{"resident", "7", "test", "lane"}) {
		t.Errorf("%v", proper)
	}
}

func TestInflectedFormsMeet(t *testing.T) {
	for _, pair := range [][2]string{{"przychodnia", "przychodni"}, {"parking", "parkings"}, {"stop", "stops"}, {"trees", "Tree"}, {"mieszkania", "mieszkań"}, {"ਮੰਜ਼ਿਲਾ", "ਮੰਜ਼ਿਲਾਂ"}, {"درخواست", "درخواستیں"}} {
		if a, b := tokenise(pair[0]), tokenise(pair[1]); len(a) != 1 || len(b) != 1 || a[0].key != b[0].key {
			t.Errorf("%s and %s are two words", pair[0], pair[1])
		}
	}
	for _, pair := range [][2]string{{"bus", "bust"}, {"grass", "gras"}, {"light", "lift"}, {"دھوپ", "دھول"}} {
		if tokenise(pair[0])[0].key == tokenise(pair[1])[0].key {
			t.Errorf("%s and %s are one word", pair[0], pair[1])
		}
	}
}

func TestLongTextsAreReadOnlySoFar(t *testing.T) {
	if n := len(tokenise(strings.Repeat("word ", 3*maxWords))); n != maxWords {
		t.Errorf("%d words", n)
	}
	if n := len(tokenise(strings.Repeat("木", 10*maxWords))); n > maxWords+2 {
		t.Errorf("%d pairs of characters", n)
	}
	long := tokenise(strings.Repeat("a", 1<<20) + " b")
	if len(long) != 2 || utf8.RuneCountInString(long[0].full) != maxRunes || long[0].end != 1<<20 {
		t.Errorf("%d words, the first of %d letters", len(long), len(long[0].full))
	}
}

func FuzzTokenise(f *testing.F) {
	for _, seed := range []string{
		"", "The council's plan: don't!", "3.5,1", "'", "’s", "a\xffb", "كتابٌ ﷺ", "ਮੰਜ਼ਿਲਾ", "高す\u3099ぎる", "\u0301\u0301", "½ ㎏ ﬁ", "A\u200dB\u00ad", "ก็ดี", "x.1.y", "Ǆ ß İ",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, w := range tokenise(text) {
			if w.start < 0 || w.end > len(text) || w.start >= w.end || w.start < last || w.full == "" || !utf8.ValidString(w.full) {
				t.Fatalf("%+v in %q", w, text)
			}
			last = w.start
			if again := foldWord(w.full); again != w.full {
				t.Errorf("%q is folded to %q and that to %q", text[w.start:w.end], w.full, again)
			}
		}
		for _, s := range Mark(text, []Phrase{{Text: text}}) {
			if s.Start >= s.End || s.End > len(text) {
				t.Errorf("marked %v in %q", s, text)
			}
		}
		Duplicates([]Text{{ID: 1, Text: text}, {ID: 2, Text: text}})
		Group([]Text{{ID: 1, Text: text}, {ID: 2, Text: text + " more"}, {ID: 3, Text: text + text}, {ID: 4, Text: "more " + text}}, GroupOptions{Groups: 2})
	})
}
