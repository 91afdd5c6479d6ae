package similar

import (
	"math"
	"math/rand/v2"
)

const (
	restarts   = 10
	iterations = 40
	still      = 1e-4 // the relative gain of one more iteration below which nothing more is to be expected
)

// partition is what k-means found: the group of each point, the groups' centres, and the sum of the points' cosines to theirs.
type partition struct {
	of      []int
	centres matrix
	score   float64
}

// kMeans groups unit vectors by cosine (spherical k-means: Dhillon and Modha 2001), begun as k-means++ says (Arthur and
// Vassilvitskii 2007), the best of several beginnings. The same seed gives the same. All-zero rows belong to group -1.
func kMeans(points matrix, k, restarts int, seed uint64) partition {
	random := rand.New(rand.NewPCG(seed, uint64(k)))
	var found partition
	for try := range restarts {
		p := partition{centres: begin(points, k, random)}
		for range iterations {
			before := p.score
			if !p.assign(points) || p.score-before < still*p.score {
				break
			}
			p.move(points)
		}
		if try == 0 || p.score > found.score {
			found = p
		}
	}
	return found
}

// begin picks k points as the first centres, each with the probability of its squared distance to the nearest picked before.
func begin(points matrix, k int, random *rand.Rand) matrix {
	centres := newMatrix(k, points.cols)
	far := make([]float64, points.rows)
	for i := range far {
		far[i] = 1
		if dot(points.row(i), points.row(i)) == 0 {
			far[i] = 0
		}
	}
	for c := range k {
		sum := 0.0
		for _, f := range far {
			sum += f
		}
		at, picked := random.Float64()*sum, 0
		for i, f := range far {
			if at -= f; f > 0 {
				picked = i
				if at < 0 {
					break
				}
			}
		}
		copy(centres.row(c), points.row(picked))
		for i := range far {
			// The squared distance of unit vectors is 2 - 2 cos; the factor does not matter.
			far[i] = min(far[i], max(0, 1-dot(points.row(i), centres.row(c))))
		}
	}
	return centres
}

// assign gives each point to its nearest centre and says whether anything changed.
func (p *partition) assign(points matrix) bool {
	changed := len(p.of) == 0
	if changed {
		p.of = make([]int, points.rows)
	}
	p.score = 0
	for i := range points.rows {
		nearest, near := -1, math.Inf(-1)
		row := points.row(i)
		for c := range p.centres.rows {
			if d := dot(row, p.centres.row(c)); d > near {
				nearest, near = c, d
			}
		}
		if near == 0 && dot(row, row) == 0 {
			nearest = -1
		}
		changed = changed || p.of[i] != nearest
		p.of[i] = nearest
		p.score += near
	}
	return changed
}

// move puts each centre amid its points. A group that has lost all keeps its centre.
func (p *partition) move(points matrix) {
	sums := newMatrix(p.centres.rows, points.cols)
	for i, c := range p.of {
		if c >= 0 {
			add(sums.row(c), points.row(i), 1)
		}
	}
	for c := range p.centres.rows {
		if dot(sums.row(c), sums.row(c)) > 0 {
			copy(p.centres.row(c), sums.row(c))
			normalise(p.centres.row(c))
		}
	}
}

// silhouettes says of each point how much nearer its own group is than the next: (b-a)/max(a,b) of the cosine distances to the two
// nearest centres (Rousseeuw 1987, in the simplified form of Hruschka et al. 2004, which needs no distance of every pair). Points of
// no group have 0.
func (p partition) silhouettes(points matrix) []float64 {
	widths := make([]float64, points.rows)
	for i, own := range p.of {
		if own < 0 {
			continue
		}
		a, b := 1-dot(points.row(i), p.centres.row(own)), math.Inf(1)
		for c := range p.centres.rows {
			if c != own {
				b = min(b, 1-dot(points.row(i), p.centres.row(c)))
			}
		}
		if most := max(a, b); most > 1e-12 && !math.IsInf(b, 1) {
			widths[i] = (b - a) / most
		}
	}
	return widths
}
