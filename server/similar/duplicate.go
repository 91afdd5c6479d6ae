package similar

import (
	"cmp"
	"slices"
)

// What makes two texts one letter. Broder 1997 for the shingles; Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, chapter 3,
// for the bands: with 20 of 5 a pair that is alike by s is looked at with probability 1-(1-s⁵)²⁰, which is 0.9996 at s = 0.8.
const (
	shingleWords = 5
	bands        = 20
	bandRows     = 5
	// Threshold is the Jaccard similarity of two texts' shingles from which on they count as one letter.
	Threshold = 0.8
	// Seed begins the 100 hash functions, so that every machine finds the same.
	Seed = 20100401
	// maxTried bounds how many letters that turned out different are compared with one text in one bucket.
	maxTried = 64
	// minStripped is the number of words that must remain before names and numbers are taken out: what little a short text says
	// may be just that.
	minStripped = 20
)

// Campaign is one text that came from several people: one as text, len(IDs) as signatories.
type Campaign struct {
	// IDs are the texts, ascending.
	IDs []int64
	// Sample is the ID of the one that has the most in common with all: the letter with the least of its own.
	Sample int64
}

// Duplicates finds letters that many sent, also with names and addresses filled in, largest first. Texts of fewer than five words
// must be the same word by word. A text that only quotes a letter is none.
func Duplicates(texts []Text) []Campaign {
	docs := read(texts)
	var found []Campaign
	for _, members := range letters(docs) {
		if len(members) > 1 {
			found = append(found, campaign(docs, members))
		}
	}
	slices.SortStableFunc(found, func(a, b Campaign) int { return cmp.Compare(len(b.IDs), len(a.IDs)) })
	return found
}

func campaign(docs []document, members []int) Campaign {
	c := Campaign{Sample: docs[members[0]].ID}
	for _, m := range members {
		c.IDs = append(c.IDs, docs[m].ID)
	}
	slices.Sort(c.IDs)
	return c
}

// letters gathers documents that are one letter, each list led by the one with the least of its own. Documents without words are
// each alone. Lists are in the order of their first document.
func letters(docs []document) [][]int {
	sets := make([][]uint64, len(docs))
	for i, d := range docs {
		sets[i] = shingles(d.words)
	}
	u := newUnion(len(docs))
	sameSets(sets, u)
	compareBands(sets, u)
	gathered := u.sets()
	for _, members := range gathered {
		leadByCommonest(sets, members)
	}
	return gathered
}

// shingles are the runs of five words of a letter, sorted, once each; a shorter text is one shingle.
func shingles(words []word) []uint64 {
	words = withoutNames(words)
	if len(words) == 0 {
		return nil
	}
	size := min(shingleWords, len(words))
	set := make([]uint64, 0, len(words)-size+1)
	hashes := make([]uint64, len(words))
	for i, w := range words {
		hashes[i] = hash(w.full)
	}
	for i := range len(words) - size + 1 {
		h := uint64(size)
		for _, w := range hashes[i : i+size] {
			h = mix(h*31 + w)
		}
		set = append(set, h)
	}
	slices.Sort(set)
	return slices.Compact(set)
}

// withoutNames takes out what people fill into a letter: capitalised words within sentences, numbers, and short lines at either end
// (sender, greeting, signature). Where too little would remain it takes out nothing.
func withoutNames(words []word) []word {
	words = body(words)
	kept := make([]word, 0, len(words))
	for i, w := range words {
		opens := w.after >= sentence && i+1 < len(words) && words[i+1].proper && words[i+1].after == space && !w.stop
		if !w.proper && !opens {
			kept = append(kept, w)
		}
	}
	if len(kept) < minStripped || len(kept) < len(words)/2 {
		return words
	}
	return kept
}

// body is a letter without the short lines above and below: address, greeting, signature.
func body(words []word) []word {
	const short = 6
	var starts []int
	for i, w := range words {
		if w.after == line {
			starts = append(starts, i)
		}
	}
	from, to := 0, len(words)
	for i := 0; i+1 < len(starts) && starts[i+1]-starts[i] <= short; i++ {
		from = starts[i+1]
	}
	for i := len(starts) - 1; i > 0 && to-starts[i] <= short && starts[i] > from; i-- {
		to = starts[i]
	}
	if to-from < minStripped {
		return words
	}
	return words[from:to]
}

// sameSets joins what is the same shingle by shingle, so that a letter sent unchanged by thousands is compared once.
func sameSets(sets [][]uint64, u union) {
	first := map[uint64]int{}
	for i, set := range sets {
		if len(set) == 0 {
			continue
		}
		h := uint64(len(set))
		for _, s := range set {
			h = mix(h*31 + s)
		}
		if j, ok := first[h]; !ok {
			first[h] = i
		} else if slices.Equal(sets[i], sets[j]) {
			u.join(i, j)
		}
	}
}

// compareBands compares the documents that agree in all rows of a band, and joins those that really are alike.
func compareBands(sets [][]uint64, u union) {
	signatures := make(map[int][]uint64, len(sets))
	var order []int
	for i, set := range sets {
		if len(set) > 0 && u.find(i) == i { // of equal sets the first speaks for all
			signatures[i] = minHash(set)
			order = append(order, i)
		}
	}
	for band := range bands {
		buckets := map[uint64][]int{}
		for _, i := range order {
			h := uint64(band)
			for _, m := range signatures[i][band*bandRows : (band+1)*bandRows] {
				h = mix(h*31 + m)
			}
			buckets[h] = compareBucket(sets, u, buckets[h], i)
		}
	}
}

// compareBucket compares a document with those found in its bucket before, and adds it.
func compareBucket(sets [][]uint64, u union, bucket []int, i int) []int {
	tried := 0
	for _, j := range bucket {
		if u.find(i) == u.find(j) {
			continue
		}
		if tried++; tried > maxTried {
			break
		}
		if jaccard(sets[i], sets[j]) >= Threshold {
			u.join(i, j)
		}
	}
	return append(bucket, i)
}

// minHash is the smallest value of each of 100 hash functions over a set.
func minHash(set []uint64) []uint64 {
	signature := make([]uint64, bands*bandRows)
	for f := range signature {
		seed := mix(Seed + uint64(f)*0x9e3779b97f4a7c15)
		least := ^uint64(0)
		for _, s := range set {
			least = min(least, mix(s^seed))
		}
		signature[f] = least
	}
	return signature
}

// jaccard is the share of two sorted sets' members that both have.
func jaccard(a, b []uint64) float64 {
	both, i, j := 0, 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			both, i, j = both+1, i+1, j+1
		}
	}
	return float64(both) / float64(len(a)+len(b)-both)
}

// leadByCommonest puts first the document whose shingles the others have most, the least of its own.
func leadByCommonest(sets [][]uint64, members []int) {
	if len(members) < 3 {
		return
	}
	counts := map[uint64]int{}
	for _, m := range members {
		for _, s := range sets[m] {
			counts[s]++
		}
	}
	best, score := 0, -1.0
	for at, m := range members {
		sum := 0
		for _, s := range sets[m] {
			sum += counts[s]
		}
		if mean := float64(sum) / float64(len(sets[m])); mean > score {
			best, score = at, mean
		}
	}
	lead := members[best]
	copy(members[1:best+1], members[:best])
	members[0] = lead
}

// union is a forest of sets that are being joined (Tarjan 1975); the smallest member is the root.
type union []int

func newUnion(n int) union {
	u := make(union, n)
	for i := range u {
		u[i] = i
	}
	return u
}

func (u union) find(i int) int {
	for u[i] != i {
		u[i] = u[u[i]]
		i = u[i]
	}
	return i
}

func (u union) join(i, j int) {
	i, j = u.find(i), u.find(j)
	u[max(i, j)] = min(i, j)
}

// sets lists the members of each set, in order.
func (u union) sets() [][]int {
	var all [][]int
	at := make(map[int]int, len(u))
	for i := range u {
		root := u.find(i)
		if _, seen := at[root]; !seen {
			at[root] = len(all)
			all = append(all, nil)
		}
		all[at[root]] = append(all[at[root]], i)
	}
	return all
}
