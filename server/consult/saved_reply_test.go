package consult

import (
	"slices"
	"strings"
	"testing"
	"testing/quick"
)

func TestFillNamesWhatHasNoValue(t *testing.T) {
	facts := ReplyFacts{"title": "Twelve homes", "closes": " ", "link": "https://example.org/x"}
	filled, missing := Fill("[[title]]: [[link]] until [[closes]], again [[closes]], and [[address]].", facts)
	if filled != "Twelve homes: https://example.org/x until [[closes]], again [[closes]], and [[address]]." || !slices.Equal(missing, []string{"closes", "address"}) {
		t.Errorf("%q, missing %q", filled, missing)
	}
	// A fact with brackets is not filled in once more.
	if filled, _ := Fill("[[title]]", ReplyFacts{"title": "[[link]]", "link": "x"}); filled != "[[link]]" {
		t.Errorf("a fact was taken for a variable: %q", filled)
	}
}

func TestFillLeavesTextWithoutVariablesAlone(t *testing.T) {
	if err := quick.Check(func(text string) bool {
		text = strings.NewReplacer("[", "", "]", "").Replace(text)
		filled, missing := Fill(text, ReplyFacts{"title": "x"})
		return filled == text && len(missing) == 0
	}, nil); err != nil {
		t.Error(err)
	}
}

func TestCheckSavedReply(t *testing.T) {
	text := func(body string) []SavedText { return []SavedText{{Language: "en", Body: body}} }
	for name, c := range map[string]struct {
		reply SavedReply
		want  []string
	}{
		"right":              {SavedReply{Name: "Plans", Texts: text("See [[link]].")}, nil},
		"no name":            {SavedReply{Texts: text("See.")}, []string{"name required"}},
		"no text":            {SavedReply{Name: "Plans"}, []string{"text reply_text"}},
		"unknown variable":   {SavedReply{Name: "Plans", Texts: text("Dear [[name]]")}, []string{"text-en reply_variable"}},
		"empty brackets":     {SavedReply{Name: "Plans", Texts: text("[[]]")}, []string{"text-en reply_variable"}},
		"one language twice": {SavedReply{Name: "Plans", Texts: append(text("a"), text("b")...)}, []string{"text-en choice"}},
		"too long":           {SavedReply{Name: "Plans", Texts: text(strings.Repeat("x", MaxMessage+1))}, []string{"text-en too_long"}},
	} {
		var got []string
		for _, f := range CheckSavedReply(c.reply) {
			got = append(got, f.Field+" "+f.Rule)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
