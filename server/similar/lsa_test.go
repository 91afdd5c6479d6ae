package similar

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The plane must be that of the true singular vectors: Aᵀ A v = σ² v, checked on a matrix whose decomposition is known.
func TestThePlaneIsThatOfTheStrongestSingularVectors(t *testing.T) {
	const docs, words, rank = 60, 40, 5
	random := rand.New(rand.NewPCG(1, 2))
	left, right := newMatrix(docs, rank), newMatrix(words, rank)
	for i := range left.data {
		left.data[i] = random.NormFloat64()
	}
	for i := range right.data {
		right.data[i] = random.NormFloat64()
	}
	orthonormalise(left)
	orthonormalise(right)
	sigma := []float64{9, 6, 4, 2, 1}
	vectors := make([]vector, docs)
	for i := range vectors {
		for w := range words {
			sum := 0.0
			for r := range rank {
				sum += sigma[r] * left.row(i)[r] * right.row(w)[r]
			}
			vectors[i] = append(vectors[i], entry{int32(w), sum})
		}
	}
	p := newPlane(vectors, words, rank)
	if p.words.cols != rank {
		t.Fatalf("%d dimensions", p.words.cols)
	}
	for j := range rank {
		cos := 0.0
		for w := range words {
			cos += p.words.row(w)[j] * right.row(w)[j]
		}
		if math.Abs(math.Abs(cos)-1) > 1e-9 {
			t.Errorf("vector %d is off by %g", j, math.Abs(cos)-1)
		}
	}
}

func TestFewerDirectionsThanAskedFor(t *testing.T) {
	same := vector{{0, 1}}
	p := newPlane([]vector{same, same, same, nil, same}, 2, 8)
	for i, row := range [][]float64{p.project(same), p.project(nil), p.project(vector{{1, 1}})} {
		length := math.Sqrt(dot(row, row))
		if want := []float64{1, 0, 0}[i]; math.Abs(length-want) > 1e-9 || math.IsNaN(length) {
			t.Errorf("%d: length %g, want %g", i, length, want)
		}
	}
	if p := newPlane(nil, 0, 8); len(p.project(nil)) != 0 {
		t.Error("a plane of nothing")
	}
}

func TestKMeansFindsWhatIsApart(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	points := newMatrix(91, 3)
	for i := range 90 {
		row := points.row(i)
		for j := range row {
			row[j] = 0.05 * random.NormFloat64()
		}
		row[i%3]++
		normalise(row)
	}
	p := kMeans(points, 3, restarts, Seed)
	if p.of[90] != -1 {
		t.Errorf("a point of nothing is in group %d", p.of[90])
	}
	classes := make([]int, 90)
	for i := range classes {
		classes[i] = i % 3
	}
	if ari := AdjustedRand(p.of[:90], classes); ari != 1 {
		t.Errorf("ARI %g", ari)
	}
	for i, w := range p.silhouettes(points)[:90] {
		if w < 0.8 {
			t.Errorf("point %d has silhouette %g", i, w)
		}
	}
	if k := choose(matrix{90, 3, points.data[:270]}); k != 3 {
		t.Errorf("%d groups were chosen", k)
	}
}
