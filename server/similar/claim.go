package similar

import (
	"cmp"
	"maps"
	"slices"
)

// What counts as making a claim. Measured by hand on invented claims (claim_test.go holds them).
const (
	claimCoverage = 0.6 // the share of the claim's words of matter that a sentence must have
	claimWords    = 2   // the least number of them
)

// Match is a claim that somebody makes.
type Match struct {
	ID int64
	// Score is the share of the claim's matter that the sentence has, 0 to 1.
	Score float64
	// Phrases are what the sentence shares with the claim, as they stand in the sentence; Count is 1.
	Phrases []Phrase
}

// Claims knows claims and recognises them in what people write. It may be used by several goroutines at once, so keep it between
// key strokes.
type Claims struct {
	claims []claim
	at     map[uint64][]int32 // claims by word
	weight map[uint64]float64
}

type claim struct {
	id    int64
	words []uint64
	total float64
	grams map[uint64]bool
}

// NewClaims reads claims. Give one several times, with the same ID, in the ways and languages people make it.
func NewClaims(claims []Text) *Claims {
	c := &Claims{at: map[uint64][]int32{}, weight: map[uint64]float64{}}
	docs := read(claims)
	df := newVocabulary(bags(docs), 1, 1)
	for _, d := range docs {
		k := claim{id: d.ID, words: distinct(bag(d.words)), grams: map[uint64]bool{}}
		if len(k.words) == 0 {
			continue
		}
		for _, w := range k.words {
			c.weight[w] = df.idf[df.at[w]]
			k.total += c.weight[w]
			c.at[w] = append(c.at[w], int32(len(c.claims)))
		}
		d.grams(func(g gram) { k.grams[g.key] = true })
		c.claims = append(c.claims, k)
	}
	return c
}

// Matches gives the claims that a text makes in one of its sentences, the surest first, each ID once, at most limit. The last
// sentence may still be being typed.
func (c *Claims) Matches(typed string, limit int) []Match {
	d := document{Text{Text: typed}, tokenise(typed)}
	found := map[int64]Match{}
	for from := 0; from < len(d.words); {
		to := from + 1
		for to < len(d.words) && d.words[to].after < sentence {
			to++
		}
		c.sentence(document{d.Text, d.words[from:to]}, found)
		from = to
	}
	list := make([]Match, 0, len(found))
	for _, m := range found {
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b Match) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID)) })
	return list[:min(len(list), max(0, limit))]
}

// sentence adds what one sentence claims to found.
func (c *Claims) sentence(d document, found map[int64]Match) {
	have := map[int32]float64{}
	words := map[int32]int{}
	for _, w := range distinct(bag(d.words)) {
		for _, k := range c.at[w] {
			have[k] += c.weight[w]
			words[k]++
		}
	}
	for _, k := range slices.Sorted(maps.Keys(have)) {
		claim := c.claims[k]
		score := have[k] / claim.total
		if score < claimCoverage || words[k] < min(claimWords, len(claim.words)) || found[claim.id].Score >= score {
			continue
		}
		found[claim.id] = Match{ID: claim.id, Score: score, Phrases: c.explain(d, claim)}
	}
}

func (c *Claims) explain(d document, claim claim) []Phrase {
	var list []candidate
	d.grams(func(g gram) {
		if claim.grams[g.key] {
			matter := d.matter(g)
			list = append(list, candidate{key: g.key, words: d.keysOf(g), matter: matter, count: 1, score: lengthWeight(matter), surface: d.span(g)})
		}
	})
	return phrases(best(list, maxPhrases))
}
