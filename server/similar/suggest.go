package similar

import (
	"cmp"
	"math"
	"slices"
)

// What Suggest calls sure. Measured on the labelled set (docs/benchmarks.md).
const (
	sureScore  = 0.10 // the least similarity to a concern's examples
	sureMargin = 1.25 // how many times the runner-up's
	sureWords  = 2    // the least number of different words shared: one alone is an accident
	leastScore = 0.02 // below this a concern is not named at all
)

// Example is a point that somebody has sorted.
type Example struct {
	Text
	Concern int64
}

// Suggestion is a concern that a text may belong to.
type Suggestion struct {
	Concern int64
	// Score is the cosine of the text and the concern's examples, 0 to 1. It orders; it is no probability.
	Score float64
	// Phrases stand in the text and in the concern's examples; Count is the number of those examples.
	Phrases []Phrase
}

// Advice is what can be said about one text.
type Advice struct {
	ID int64
	// Ranked are the concerns that share words with the text, the likeliest first, at most five.
	Ranked []Suggestion
	// Sure says that the first stands out clearly enough to be proposed. Otherwise leave the text to a person.
	Sure bool
}

// Suggester knows the concerns that officers have begun to fill. It may be used by several goroutines at once.
type Suggester struct {
	vocabulary vocabulary
	concerns   []int64             // ascending
	postings   [][]posting         // by word: the concerns whose examples have it
	phrases    map[uint64][]phrase // by gram: the concerns whose examples have it
}

type posting struct {
	concern int32
	weight  float64
}

type phrase struct {
	concern int32
	count   int32
}

// otherWeight is how much what the other concerns' examples say counts against a concern (γ of Rocchio 1971, with β = 1).
const otherWeight = 0.25

// NewSuggester learns from examples; one for a concern is enough to begin. others are texts of the same consultation that tell how
// common a word is there; the examples may be among them.
func NewSuggester(examples []Example, others []Text) *Suggester {
	s := &Suggester{phrases: map[uint64][]phrase{}}
	sorted := slices.Clone(examples)
	slices.SortStableFunc(sorted, func(a, b Example) int {
		return cmp.Or(cmp.Compare(a.Concern, b.Concern), cmp.Compare(a.Text.Text, b.Text.Text), cmp.Compare(a.ID, b.ID))
	})
	docs := make([]document, len(sorted))
	for i, e := range sorted {
		docs[i] = document{e.Text, tokenise(e.Text.Text)}
	}
	s.vocabulary = newVocabulary(append(bags(docs), bags(read(others))...), 1)
	s.learn(sorted, docs)
	return s
}

// learn makes each concern's centroid and notes its phrases.
func (s *Suggester) learn(examples []Example, docs []document) {
	var sums []map[int32]float64
	for i, e := range examples {
		if len(s.concerns) == 0 || s.concerns[len(s.concerns)-1] != e.Concern {
			s.concerns = append(s.concerns, e.Concern)
			sums = append(sums, map[int32]float64{})
		}
		concern := int32(len(s.concerns) - 1)
		for _, x := range s.vocabulary.vector(bag(docs[i].words)) {
			sums[concern][x.at] += x.weight
		}
		docs[i].grams(func(g gram) { s.note(g.key, concern) })
	}
	centroids := make([]vector, len(sums))
	all := map[int32]float64{}
	for c, sum := range sums {
		centroids[c] = fromMap(sum)
		for _, x := range centroids[c] {
			all[x.at] += x.weight
		}
	}
	s.postings = make([][]posting, len(s.vocabulary.idf))
	for c, centroid := range centroids {
		for _, x := range against(centroid, all, len(centroids)) {
			s.postings[x.at] = append(s.postings[x.at], posting{int32(c), x.weight})
		}
	}
}

// against takes from a centroid what the others are like, and keeps what remains above zero.
func against(centroid vector, all map[int32]float64, concerns int) vector {
	if concerns < 2 {
		return centroid
	}
	var kept vector
	for _, x := range centroid {
		if w := x.weight - otherWeight*(all[x.at]-x.weight)/float64(concerns-1); w > 0 {
			kept = append(kept, entry{x.at, w})
		}
	}
	return kept.unit()
}

func fromMap(sum map[int32]float64) vector {
	x := make(vector, 0, len(sum))
	for at, w := range sum {
		x = append(x, entry{at, w})
	}
	slices.SortFunc(x, func(a, b entry) int { return cmp.Compare(a.at, b.at) })
	return x.unit()
}

func (s *Suggester) note(key uint64, concern int32) {
	list := s.phrases[key]
	if n := len(list); n > 0 && list[n-1].concern == concern {
		list[n-1].count++
		return
	}
	s.phrases[key] = append(list, phrase{concern, 1})
}

// Suggest ranks the concerns a text may belong to. A text that shares no word with any example, for one because nobody has sorted
// one in its language yet, gets none.
func (s *Suggester) Suggest(t Text) Advice {
	d := document{t, tokenise(t.Text)}
	scores := make([]float64, len(s.concerns))
	words := make(map[int64]int, len(s.concerns))
	for _, x := range s.vocabulary.vector(bag(d.words)) {
		for _, p := range s.postings[x.at] {
			scores[p.concern] += float64(x.weight * p.weight)
			words[s.concerns[p.concern]]++
		}
	}
	advice := Advice{ID: t.ID}
	for c, score := range scores {
		if score >= leastScore {
			advice.Ranked = append(advice.Ranked, Suggestion{Concern: s.concerns[c], Score: score})
		}
	}
	slices.SortStableFunc(advice.Ranked, func(a, b Suggestion) int { return cmp.Compare(b.Score, a.Score) })
	advice.Ranked = advice.Ranked[:min(len(advice.Ranked), maxRanked)]
	advice.Sure = len(advice.Ranked) > 0 && words[advice.Ranked[0].Concern] >= sureWords && sure(advice.Ranked)
	s.explain(d, advice.Ranked)
	return advice
}

// maxRanked is how many concerns are named: more is no help.
const maxRanked = 5

func sure(ranked []Suggestion) bool {
	if ranked[0].Score < sureScore {
		return false
	}
	return len(ranked) == 1 || ranked[0].Score >= sureMargin*ranked[1].Score
}

// explain finds the phrases a document shares with the examples of each suggested concern.
func (s *Suggester) explain(d document, ranked []Suggestion) {
	at := make(map[int64]int, len(ranked))
	for i, r := range ranked {
		at[r.Concern] = i
	}
	found := make([][]candidate, len(ranked))
	d.grams(func(g gram) {
		for _, p := range s.phrases[g.key] {
			i, wanted := at[s.concerns[p.concern]]
			if !wanted {
				continue
			}
			c := candidate{key: g.key, words: d.keysOf(g), matter: d.matter(g), count: int(p.count), surface: d.span(g)}
			c.score = s.rarity(c.words) * lengthWeight(c.matter) * math.Sqrt(float64(c.count))
			found[i] = append(found[i], c)
		}
	})
	for i := range ranked {
		ranked[i].Phrases = phrases(best(found[i], maxPhrases))
	}
}

// rarity is the mean idf of some words.
func (s *Suggester) rarity(words []uint64) float64 {
	sum := 0.0
	for _, w := range words {
		if at, known := s.vocabulary.at[w]; known {
			sum += s.vocabulary.idf[at]
		}
	}
	return sum / float64(max(1, len(words)))
}

// Suggest gives advice on each text, in their order.
func Suggest(examples []Example, texts []Text) []Advice {
	s := NewSuggester(examples, texts)
	advice := make([]Advice, len(texts))
	for i, t := range texts {
		advice[i] = s.Suggest(t)
	}
	return advice
}
