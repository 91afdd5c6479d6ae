package web

import (
	"strings"
	"unicode"

	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/similar"
)

// What makes a sentence a claim here, on top of what server/similar finds. It weighs words of matter alone, and a claim such as "the
// decision has already been made" has one: then the small words tell a claim from a question. TestClaimsAreRecognised holds both numbers.
const (
	claimedShare  = 0.75 // of all the words of one way of saying it, small ones too, in one sentence; or
	claimedWords  = 3    // so many words in the phrases that the text shares with the claim, where it has all of its matter
	claimedMatter = 0.9
)

// claims recognises the claims of fact cards in what people write.
type claims struct {
	similar *similar.Claims
	said    map[int64][][]string // the words of every way of saying it, by card
}

// claimsOf reads the ways in which people make the claims of cards.
func claimsOf(facts []consult.Fact) claims {
	c := claims{said: map[int64][][]string{}}
	var texts []similar.Text
	for _, f := range facts {
		for _, said := range f.Said() {
			texts = append(texts, similar.Text{ID: int64(f.ID), Text: said})
			c.said[int64(f.ID)] = append(c.said[int64(f.ID)], allWords(said))
		}
	}
	c.similar = similar.NewClaims(texts)
	return c
}

// Matches gives the claims that a text makes, the surest first, at most limit.
func (c claims) Matches(text string, limit int) []similar.Match {
	var sentences [][]string
	for sentence := range strings.FieldsFuncSeq(text, endsSentence) {
		sentences = append(sentences, allWords(sentence))
	}
	var sure []similar.Match
	for _, m := range c.similar.Matches(text, len(c.said)) {
		if len(sure) < limit && (c.sharesMatter(m) || c.says(m.ID, sentences)) {
			sure = append(sure, m)
		}
	}
	return sure
}

func endsSentence(r rune) bool { return strings.ContainsRune(".!?;\n۔؟。！？", r) }

func (c claims) sharesMatter(m similar.Match) bool {
	n := 0
	for _, p := range m.Phrases {
		n += len(allWords(p.Text))
	}
	return m.Score >= claimedMatter && n >= claimedWords
}

// says tells whether one of the sentences is nearly one of the ways to say it.
func (c claims) says(id int64, sentences [][]string) bool {
	for _, said := range c.said[id] {
		for _, sentence := range sentences {
			if float64(inCommon(said, sentence)) >= claimedShare*float64(len(said)) {
				return true
			}
		}
	}
	return false
}

// inCommon counts the words of said that the sentence has, too.
func inCommon(said, sentence []string) int {
	n := 0
	for _, word := range said {
		for _, other := range sentence {
			if sameWord(word, other) {
				n++
				break
			}
		}
	}
	return n
}

// sameWord takes two forms of a word for one where they begin alike for most of their length.
func sameWord(a, b string) bool {
	x, y := []rune(a), []rune(b)
	n := 0
	for n < min(len(x), len(y)) && x[n] == y[n] {
		n++
	}
	return n == len(x) && n == len(y) || n >= 4 && 10*n >= 7*max(len(x), len(y))
}

// allWords are the words of a text in small letters; of scripts without spaces, each character.
func allWords(text string) []string {
	var words []string
	word := ""
	end := func() {
		if word != "" {
			words, word = append(words, word), ""
		}
	}
	for _, r := range strings.ToLower(text) {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
			end()
			words = append(words, string(r))
		case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r):
			word += string(r)
		case r != '\'' && r != '’':
			end()
		}
	}
	end()
	return words
}
