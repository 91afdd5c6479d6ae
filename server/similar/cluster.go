package similar

import "math"

const (
	leastUnits  = 4    // fewer texts of a language are not grouped
	leastDims   = 8    // the fewest dimensions texts are compared in
	mostDims    = 50   // and the most
	leastWidth  = 0.25 // the silhouette below which a text is loose
	mostGroups  = 120
	meanGroup   = 4    // when the number of groups is chosen, they hold at least this many texts on average
	rootGroups  = 1.5  // and there are at most this many times the square root of the number of texts
	parsimony   = 0.97 // the fewest groups whose silhouette is this near to the best
	sampleUnits = 1000 // how many texts the number of groups is chosen on
)

// cluster groups bags of words and gives each its group, or -1 where it is unsure. k is the number of groups, 0 to choose it.
func cluster(bags [][]uint64, k int) []int {
	points := coordinates(bags)
	loose := make([]int, len(bags))
	for i := range loose {
		loose[i] = -1
	}
	if len(bags) < leastUnits || points.cols == 0 {
		return loose
	}
	if k <= 0 {
		k = choose(points)
	}
	p := kMeans(points, min(k, points.rows), beginnings(points.rows), Seed)
	widths := p.silhouettes(points)
	for i, group := range p.of {
		if group >= 0 && (widths[i] >= leastWidth || p.centres.rows == 1) {
			loose[i] = group
		}
	}
	return loose
}

// coordinates places bags of words in the plane of their strongest directions.
func coordinates(bags [][]uint64) matrix {
	v := newVocabulary(bags, 2, 0)
	vectors := make([]vector, len(bags))
	for i, b := range bags {
		vectors[i] = v.vector(b)
	}
	return newPlane(vectors, len(v.idf), dimsFor(len(bags))).projectAll(vectors)
}

// dimsFor is how many dimensions fit so many texts: about their square root. More would tell few texts apart by their accidents,
// fewer would merge what is different.
func dimsFor(texts int) int {
	return max(leastDims, min(mostDims, int(math.Round(math.Sqrt(float64(texts))))))
}

// beginnings is how often k-means begins anew: with many texts one beginning is much like another, and each takes long.
func beginnings(texts int) int { return max(2, min(restarts, 10_000/max(1, texts))) }

// choose finds the number of groups: of numbers that grow by a sixth the smallest whose mean silhouette is nearly the best, and never many
// times √n, since in few dimensions the silhouette goes on rising a little with ever smaller groups. Rather too few than too many: an
// officer splits sooner than she finds out that two groups are one.
func choose(points matrix) int {
	sample := points
	if points.rows > sampleUnits {
		sample = newMatrix(sampleUnits, points.cols)
		for i := range sampleUnits {
			copy(sample.row(i), points.row(i*points.rows/sampleUnits))
		}
	}
	var tried []int
	var widths []float64
	best := 0.0
	most := max(2, min(mostGroups, sample.rows/meanGroup, int(rootGroups*math.Sqrt(float64(points.rows)))))
	for k := 2; k <= most; k += max(1, k/6) {
		sum := 0.0
		for _, w := range kMeans(sample, k, 4, Seed).silhouettes(sample) {
			sum += w
		}
		tried, widths, best = append(tried, k), append(widths, sum), max(best, sum)
	}
	for i, k := range tried {
		if widths[i] >= parsimony*best {
			return k
		}
	}
	return 1
}
