package similar

import (
	"cmp"
	"math"
	"slices"
)

// What Suggest calls sure: rather silent than wrong. Chosen on the labelled set (docs/benchmarks.md).
const (
	sureScore  = 0.25 // the least similarity to a concern's examples
	sureMargin = 1.5  // how many times the runner-up's
	sureWords  = 2    // the least number of different words shared: one alone is an accident
)

// Example is a point that somebody has sorted.
type Example struct {
	Text
	Concern int64
}

// Suggestion is a concern that a text may belong to.
type Suggestion struct {
	Concern int64
	// Score is how near the text is to the concern's examples, 0 to 1. It orders; it is no probability.
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

// Suggester knows the concerns that officers have begun to fill. It may be used by several goroutines at once; making it takes about a
// second for 10,000 texts, asking it much less than a millisecond.
type Suggester struct {
	vocabulary vocabulary
	concerns   []int64             // ascending
	postings   [][]posting         // by word: the concerns whose examples have it
	phrases    map[uint64][]phrase // by gram: the concerns whose examples have it
	plane      plane
	centres    matrix // by concern, in the plane
}

type posting struct {
	concern int32
	weight  float64
}

type phrase struct {
	concern int32
	count   int32
}

// mostLearnt is how many of the other texts the plane is made from: more cost time and change little.
const mostLearnt = 3000

// NewSuggester learns from examples; one for a concern is enough to begin. others are texts of the same consultation, sorted or not:
// they tell how common a word is there, and which words go together, and the more of them the better. The examples may be among them.
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
	known := append(bags(docs), bags(read(others))...)
	s.vocabulary = newVocabulary(known, 1, 1)
	s.plane = s.learnPlane(known)
	s.learn(sorted, docs)
	return s
}

// learnPlane makes the plane of all that is known, or of a sample.
func (s *Suggester) learnPlane(known [][]uint64) plane {
	n := min(len(known), mostLearnt)
	vectors := make([]vector, n)
	for i := range vectors {
		vectors[i] = s.vocabulary.vector(known[i*len(known)/n])
	}
	return newPlane(vectors, len(s.vocabulary.idf), min(mostDims, 2*dimsFor(n)))
}

// learn makes each concern's centroid, in words and in the plane, and notes its phrases.
func (s *Suggester) learn(examples []Example, docs []document) {
	var sums []map[int32]float64
	for i, e := range examples {
		if len(s.concerns) == 0 || s.concerns[len(s.concerns)-1] != e.Concern {
			s.concerns = append(s.concerns, e.Concern)
			sums = append(sums, map[int32]float64{})
			s.centres.data = append(s.centres.data, make([]float64, s.plane.words.cols)...)
			s.centres = matrix{len(s.concerns), s.plane.words.cols, s.centres.data}
		}
		concern := len(s.concerns) - 1
		x := s.vocabulary.vector(bag(docs[i].words))
		for _, e := range x {
			sums[concern][e.at] += e.weight
		}
		add(s.centres.row(concern), s.plane.project(x), 1)
		docs[i].grams(func(g gram) { s.note(g.key, int32(concern)) })
	}
	s.postings = make([][]posting, len(s.vocabulary.idf))
	for c, sum := range sums {
		normalise(s.centres.row(c))
		for _, x := range fromMap(sum) {
			s.postings[x.at] = append(s.postings[x.at], posting{int32(c), x.weight})
		}
	}
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

// Suggest ranks the concerns a text may belong to: by the mean of two cosines with the centroid of a concern's examples (Rocchio 1971),
// that of the words and that in the plane. A text that shares no word with any example, for one because nobody has sorted one in its
// language yet, gets none.
func (s *Suggester) Suggest(t Text) Advice {
	d := document{t, tokenise(t.Text)}
	scores := make([]float64, len(s.concerns))
	shared := make([]int, len(s.concerns))
	vector := s.vocabulary.vector(bag(d.words))
	for _, x := range vector {
		for _, p := range s.postings[x.at] {
			scores[p.concern] += float64(x.weight * p.weight)
			shared[p.concern]++
		}
	}
	place := s.plane.project(vector)
	advice := Advice{ID: t.ID}
	words := map[int64]int{}
	for c, score := range scores {
		if shared[c] == 0 {
			continue
		}
		score = (score + max(0, dot(place, s.centres.row(c)))) / 2
		words[s.concerns[c]] = shared[c]
		advice.Ranked = append(advice.Ranked, Suggestion{Concern: s.concerns[c], Score: min(1, score)})
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
