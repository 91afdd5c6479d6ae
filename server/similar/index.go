package similar

import (
	"cmp"
	"math"
	"slices"
)

// The constants of BM25 (Robertson and Zaragoza 2009): how soon a word said again stops to count, and how much long texts pay.
const (
	bm25K1 = 1.2
	bm25B  = 0.75
)

// Hit is a text that is like another.
type Hit struct {
	ID int64
	// Score is BM25's. It orders the hits of one question and means nothing beside those of another.
	Score float64
	// Phrases stand in both texts, as the asking one writes them; Count is 2.
	Phrases []Phrase
}

// Index finds texts that are like one. It may be used by several goroutines at once.
type Index struct {
	docs     []document
	lengths  []float64
	mean     float64
	postings map[uint64][]count
}

type count struct {
	doc int32
	tf  int32
}

// NewIndex reads texts; 10,000 points take a few megabytes.
func NewIndex(texts []Text) *Index {
	x := &Index{docs: read(texts), postings: map[uint64][]count{}}
	x.lengths = make([]float64, len(x.docs))
	for i, d := range x.docs {
		b := bag(d.words)
		x.lengths[i] = float64(len(b))
		x.mean += float64(len(b)) / float64(len(x.docs))
		slices.Sort(b)
		for from := 0; from < len(b); {
			to := from
			for to < len(b) && b[to] == b[from] {
				to++
			}
			x.postings[b[from]] = append(x.postings[b[from]], count{int32(i), int32(to - from)})
			from = to
		}
	}
	return x
}

// Nearest gives at most limit texts like t, the likest first: those that share rare words with it. A text with t's ID is t itself
// and left out.
func (x *Index) Nearest(t Text, limit int) []Hit {
	d := document{t, tokenise(t.Text)}
	scores := map[int32]float64{}
	for _, w := range distinct(bag(d.words)) {
		list := x.postings[w]
		n := float64(len(list))
		idf := math.Log(1 + (float64(len(x.docs))-n+0.5)/(n+0.5))
		for _, p := range list {
			tf := float64(p.tf)
			scores[p.doc] += idf * tf * (bm25K1 + 1) / (tf + bm25K1*(1-bm25B+bm25B*x.lengths[p.doc]/x.mean))
		}
	}
	found := make([]int32, 0, len(scores))
	for doc := range scores {
		if x.docs[doc].ID != t.ID {
			found = append(found, doc)
		}
	}
	slices.SortFunc(found, func(a, b int32) int { return cmp.Or(cmp.Compare(scores[b], scores[a]), cmp.Compare(a, b)) })
	hits := make([]Hit, 0, min(limit, len(found)))
	for _, doc := range found[:min(max(0, limit), len(found))] {
		hits = append(hits, Hit{ID: x.docs[doc].ID, Score: scores[doc], Phrases: x.common(d, x.docs[doc])})
	}
	return hits
}

// common are the phrases of d that stand in another document too.
func (x *Index) common(d, other document) []Phrase {
	theirs := map[uint64]bool{}
	other.grams(func(g gram) { theirs[g.key] = true })
	var found []candidate
	d.grams(func(g gram) {
		if !theirs[g.key] {
			return
		}
		c := candidate{key: g.key, words: d.keysOf(g), matter: d.matter(g), count: 2, surface: d.span(g)}
		for _, w := range c.words {
			c.score += math.Log(1+float64(len(x.docs))/float64(1+len(x.postings[w]))) / float64(c.matter)
		}
		c.score *= lengthWeight(c.matter)
		found = append(found, c)
	})
	return phrases(best(found, maxPhrases))
}
