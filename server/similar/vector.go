package similar

import (
	"cmp"
	"math"
	"slices"
)

// entry is one dimension of a vector of which most are zero.
type entry struct {
	at     int32
	weight float64
}

// vector has its entries in order and length 1, or is empty.
type vector []entry

// vocabulary is what the words of some documents weigh.
type vocabulary struct {
	at  map[uint64]int32
	idf []float64
}

// newVocabulary weighs every word that stands in at least least documents: idf = ln((1+N)/(1+df)) + floor (Spärck Jones 1972,
// smoothed). Without a floor a word of every document weighs nothing; with one it still tells texts from those without it.
func newVocabulary(bags [][]uint64, least int, floor float64) vocabulary {
	df := map[uint64]int32{}
	var order []uint64
	for _, bag := range bags {
		for _, w := range distinct(bag) {
			if df[w]++; int(df[w]) == least {
				order = append(order, w)
			}
		}
	}
	v := vocabulary{at: make(map[uint64]int32, len(order)), idf: make([]float64, len(order))}
	for i, w := range order {
		v.at[w] = int32(i)
		v.idf[i] = math.Log(float64(1+len(bags))/float64(1+df[w])) + floor
	}
	return v
}

// vector weighs a bag of words: (1 + ln tf) × idf, to length 1.
func (v vocabulary) vector(bag []uint64) vector {
	sorted := slices.Clone(bag)
	slices.Sort(sorted)
	var x vector
	for i := 0; i < len(sorted); {
		j := i
		for j < len(sorted) && sorted[j] == sorted[i] {
			j++
		}
		if at, known := v.at[sorted[i]]; known {
			x = append(x, entry{at, (1 + math.Log(float64(j-i))) * v.idf[at]})
		}
		i = j
	}
	slices.SortFunc(x, func(a, b entry) int { return cmp.Compare(a.at, b.at) })
	return x.unit()
}

// unit brings a vector to length 1.
func (x vector) unit() vector {
	sum := 0.0
	for _, e := range x {
		sum += float64(e.weight * e.weight)
	}
	if sum == 0 {
		return nil
	}
	length := math.Sqrt(sum)
	for i := range x {
		x[i].weight /= length
	}
	return x
}

// bag lists what a document is compared by: the stems of its words, without those that carry grammar.
func bag(words []word) []uint64 {
	b := make([]uint64, 0, len(words))
	for _, w := range words {
		if !w.stop {
			b = append(b, w.key)
		}
	}
	return b
}

func bags(docs []document) [][]uint64 {
	all := make([][]uint64, len(docs))
	for i, d := range docs {
		all[i] = bag(d.words)
	}
	return all
}

// distinct is a bag with each word once, in the order of their first standing.
func distinct(bag []uint64) []uint64 {
	seen := make(map[uint64]bool, len(bag))
	once := make([]uint64, 0, len(bag))
	for _, w := range bag {
		if !seen[w] {
			seen[w] = true
			once = append(once, w)
		}
	}
	return once
}
