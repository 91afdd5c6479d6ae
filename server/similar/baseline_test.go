package similar

import (
	"math/rand/v2"
	"strings"
	"unicode"
)

// plain is what every text book begins with, for comparison: each word as it stands, tf × (ln((1+N)/(1+df)) + 1) to length 1, and k-means
// with k-means++ on that. It has no stems, no stop words, no plane.
type plain struct {
	points []vector
	words  int
}

func newPlain(all []labelled) plain {
	bags := make([][]uint64, len(all))
	for i, l := range all {
		bags[i] = plainBag(l.Text)
	}
	v := newVocabulary(bags, 1, 1)
	p := plain{words: len(v.idf)}
	for _, bag := range bags {
		tf := map[int32]float64{}
		for _, w := range bag {
			tf[v.at[w]] += v.idf[v.at[w]]
		}
		p.points = append(p.points, fromMap(tf))
	}
	return p
}

// plainBag splits at what is no letter, mark or number, and takes lower case.
func plainBag(text string) []uint64 {
	var words []uint64
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsNumber(r)
	}) {
		words = append(words, hash(w))
	}
	return words
}

// kMeans groups the points; as ours does it takes the best of several beginnings.
func (p plain) kMeans(k int, seed uint64) []int {
	random := rand.New(rand.NewPCG(seed, uint64(k)))
	var best []int
	most := -1.0
	for range restarts {
		centres := p.begin(k, random)
		of, score := p.assign(centres)
		for range iterations {
			p.move(centres, of)
			next, better := p.assign(centres)
			if better-score < still*better {
				break
			}
			of, score = next, better
		}
		if score > most {
			best, most = of, score
		}
	}
	return best
}

func (p plain) begin(k int, random *rand.Rand) matrix {
	centres := newMatrix(k, p.words)
	far := make([]float64, len(p.points))
	for i := range far {
		far[i] = 1
	}
	for c := range k {
		sum, at := 0.0, 0
		for _, f := range far {
			sum += f
		}
		for left := random.Float64() * sum; at < len(far)-1 && left >= far[at]; at++ {
			left -= far[at]
		}
		for _, e := range p.points[at] {
			centres.row(c)[e.at] = e.weight
		}
		for i, x := range p.points {
			far[i] = min(far[i], max(0, 1-x.dot(centres.row(c))))
		}
	}
	return centres
}

func (p plain) assign(centres matrix) (of []int, score float64) {
	of = make([]int, len(p.points))
	for i, x := range p.points {
		near := -1.0
		for c := range centres.rows {
			if d := x.dot(centres.row(c)); d > near {
				of[i], near = c, d
			}
		}
		score += near
	}
	return of, score
}

func (p plain) move(centres matrix, of []int) {
	clear(centres.data)
	for i, x := range p.points {
		for _, e := range x {
			centres.row(of[i])[e.at] += e.weight
		}
	}
	for c := range centres.rows {
		normalise(centres.row(c))
	}
}

func (x vector) dot(row []float64) float64 {
	sum := 0.0
	for _, e := range x {
		sum += float64(e.weight * row[e.at])
	}
	return sum
}

// nearest gives each of rest the concern whose examples' mean is nearest.
func (p plain) nearest(all []labelled, examples, rest []int) []string {
	var names []string
	centroids := map[string][]float64{}
	for _, i := range examples {
		name := all[i].Concern
		if centroids[name] == nil {
			centroids[name] = make([]float64, p.words)
			names = append(names, name)
		}
		for _, e := range p.points[i] {
			centroids[name][e.at] += e.weight
		}
	}
	for _, c := range centroids {
		normalise(c)
	}
	given := make([]string, len(rest))
	for at, i := range rest {
		near := -1.0
		for _, name := range names {
			if d := p.points[i].dot(centroids[name]); d > near {
				given[at], near = name, d
			}
		}
	}
	return given
}
