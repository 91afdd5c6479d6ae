package similar

import (
	"math"
	"slices"
)

const (
	mostDims    = 50
	leastUnits  = 4    // fewer texts of a language are not grouped
	leastWidth  = 0.05 // the silhouette below which a text is loose
	mostGroups  = 120
	sampleUnits = 2000 // how many units the number of groups is chosen on
)

// cluster groups bags of words and gives each its group, or -1 where it is unsure.
func cluster(bags [][]uint64, k int) []int {
	loose := slices.Repeat([]int{-1}, len(bags))
	if len(bags) < leastUnits {
		return loose
	}
	v := newVocabulary(bags, 2)
	vectors := make([]vector, len(bags))
	for i, b := range bags {
		vectors[i] = v.vector(b)
	}
	points := reduce(vectors, len(v.idf), dimsFor(len(bags)))
	if points.cols == 0 {
		return loose
	}
	if k <= 0 {
		k = choose(points)
	}
	p := kMeans(points, min(k, points.rows), restarts)
	widths := p.silhouettes(points)
	for i, group := range p.of {
		if group >= 0 && (widths[i] >= leastWidth || p.centres.rows == 1) {
			loose[i] = group
		}
	}
	return loose
}

// dimsFor is how many dimensions fit so many texts: the square root keeps few texts from being told apart by their noise.
func dimsFor(texts int) int {
	return max(2, min(mostDims, int(math.Round(2*math.Sqrt(float64(texts))))))
}

// choose finds the number of groups whose mean silhouette is best, among numbers that grow by a fifth or so.
func choose(points matrix) int {
	sample := points
	if points.rows > sampleUnits {
		sample = newMatrix(sampleUnits, points.cols)
		for i := range sampleUnits {
			copy(sample.row(i), points.row(i*points.rows/sampleUnits))
		}
	}
	best, chosen := math.Inf(-1), 1
	for k := 2; k <= min(mostGroups, sample.rows/2); k += max(1, k/6) {
		sum := 0.0
		for _, w := range kMeans(sample, k, 3).silhouettes(sample) {
			sum += w
		}
		if sum > best {
			best, chosen = sum, k
		}
	}
	return chosen
}
