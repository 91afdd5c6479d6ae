package similar

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

const (
	oversampling    = 8 // columns more than asked for, which make the wanted ones exact enough
	powerIterations = 3
)

// matrix is dense, by rows.
type matrix struct {
	rows, cols int
	data       []float64
}

func newMatrix(rows, cols int) matrix { return matrix{rows, cols, make([]float64, rows*cols)} }

func (m matrix) row(i int) []float64 { return m.data[i*m.cols : (i+1)*m.cols] }

// plane is the space of the strongest singular vectors of some documents (latent semantic analysis: Deerwester et al. 1990), in which
// words that stand beside the same words lie near each other. Its rows are words.
type plane struct{ words matrix }

// newPlane finds the dims strongest right singular vectors. The truncated SVD is the randomised one of Halko, Martinsson and Tropp
// 2011, with a fixed seed: a thin matrix that has seen the range of the documents, made orthonormal, and the exact decomposition of
// what little is left. Memory grows with (documents + words) × dims, never with documents × words.
func newPlane(docs []vector, words, dims int) plane {
	thin := min(dims+oversampling, len(docs), words)
	dims = min(dims, thin)
	if dims == 0 {
		return plane{newMatrix(words, 0)}
	}
	b := across(docs, sketch(docs, words, thin), words) // Aᵀ Q: words × thin
	values, vectors := eigen(square(b))
	order := make([]int, thin)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(values[j], values[i]) })
	p := plane{newMatrix(words, dims)}
	for w := range words {
		row := p.words.row(w)
		for j := range row {
			value := values[order[j]]
			if value < 1e-12*values[order[0]] {
				break // fewer directions than asked for
			}
			for t, x := range b.row(w) {
				row[j] += float64(x * vectors.row(t)[order[j]])
			}
			row[j] /= math.Sqrt(value) // V = Aᵀ U Σ⁻¹
		}
	}
	return p
}

// project gives a document its coordinates in the plane, to length 1, or all zero. A·V is U·Σ for the documents the plane was made
// from, and folds in any other.
func (p plane) project(x vector) []float64 {
	row := make([]float64, p.words.cols)
	for _, e := range x {
		add(row, p.words.row(int(e.at)), e.weight)
	}
	normalise(row)
	return row
}

// projectAll are the coordinates of documents, row by row.
func (p plane) projectAll(docs []vector) matrix {
	out := newMatrix(len(docs), p.words.cols)
	for i, d := range docs {
		copy(out.row(i), p.project(d))
	}
	return out
}

// sketch is an orthonormal basis of what the documents' matrix does to random vectors, sharpened by power iterations.
func sketch(docs []vector, words, thin int) matrix {
	random := rand.New(rand.NewPCG(Seed, uint64(thin)))
	omega := newMatrix(words, thin)
	for i := range omega.data {
		omega.data[i] = random.NormFloat64()
	}
	y := along(docs, omega)
	for range powerIterations {
		orthonormalise(y)
		z := across(docs, y, words)
		orthonormalise(z)
		y = along(docs, z)
	}
	orthonormalise(y)
	return y
}

// along is A × m, across is Aᵀ × m, with the documents as rows of A.
func along(docs []vector, m matrix) matrix {
	out := newMatrix(len(docs), m.cols)
	for i, d := range docs {
		row := out.row(i)
		for _, e := range d {
			add(row, m.row(int(e.at)), e.weight)
		}
	}
	return out
}

func across(docs []vector, m matrix, words int) matrix {
	out := newMatrix(words, m.cols)
	for i, d := range docs {
		row := m.row(i)
		for _, e := range d {
			add(out.row(int(e.at)), row, e.weight)
		}
	}
	return out
}

// add adds x, weighed, to sum. The conversion keeps processors that could from rounding otherwise than the rest.
func add(sum, x []float64, weight float64) {
	for i, v := range x {
		sum[i] += float64(v * weight)
	}
}

// dot sums in four lanes: most of the time goes here.
func dot(a, b []float64) float64 {
	var s0, s1, s2, s3 float64
	b = b[:len(a)]
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s0 += float64(a[i] * b[i])
		s1 += float64(a[i+1] * b[i+1])
		s2 += float64(a[i+2] * b[i+2])
		s3 += float64(a[i+3] * b[i+3])
	}
	for ; i < len(a); i++ {
		s0 += float64(a[i] * b[i])
	}
	return s0 + s1 + (s2 + s3)
}

// normalise brings a row to length 1, or leaves it all zero.
func normalise(row []float64) {
	length := math.Sqrt(dot(row, row))
	for i := range row {
		if length < 1e-9 {
			row[i] = 0
		} else {
			row[i] /= length
		}
	}
}

// orthonormalise is Gram and Schmidt's way, done twice, which is enough (Giraud et al. 2005). Columns that add nothing become zero.
func orthonormalise(m matrix) {
	columns := make([][]float64, m.cols)
	for j := range columns {
		column := make([]float64, m.rows)
		for i := range column {
			column[i] = m.data[i*m.cols+j]
		}
		before := math.Sqrt(dot(column, column))
		for range 2 {
			for _, c := range columns[:j] {
				add(column, c, -dot(column, c))
			}
		}
		if math.Sqrt(dot(column, column)) < 1e-10*before {
			clear(column)
		}
		normalise(column)
		columns[j] = column
	}
	for j, column := range columns {
		for i, v := range column {
			m.data[i*m.cols+j] = v
		}
	}
}

// square is mᵀ m.
func square(m matrix) matrix {
	out := newMatrix(m.cols, m.cols)
	for i := range m.rows {
		row := m.row(i)
		for j, v := range row {
			if v != 0 {
				add(out.row(j), row, v)
			}
		}
	}
	return out
}

// eigen decomposes a small symmetric matrix by Jacobi's rotations (Golub and Van Loan, Matrix Computations, 8.5): the values, and
// the vectors as columns.
func eigen(m matrix) (values []float64, vectors matrix) {
	n := m.rows
	vectors = newMatrix(n, n)
	for i := range n {
		vectors.row(i)[i] = 1
	}
	const sweeps = 60
	for range sweeps {
		off := 0.0
		for i := range n {
			for j := i + 1; j < n; j++ {
				off += float64(m.row(i)[j] * m.row(i)[j])
			}
		}
		if off < 1e-22 {
			break
		}
		for p := range n {
			for q := p + 1; q < n; q++ {
				rotate(m, vectors, p, q)
			}
		}
	}
	values = make([]float64, n)
	for i := range n {
		values[i] = m.row(i)[i]
	}
	return values, vectors
}

// rotate makes m[p][q] zero.
func rotate(m, vectors matrix, p, q int) {
	apq := m.row(p)[q]
	if math.Abs(apq) < 1e-300 {
		return
	}
	theta := (m.row(q)[q] - m.row(p)[p]) / (2 * apq)
	t := 1 / (math.Abs(theta) + math.Sqrt(float64(theta*theta)+1))
	if theta < 0 {
		t = -t
	}
	c := 1 / math.Sqrt(float64(t*t)+1)
	s := t * c
	turn := func(a, b *float64) {
		x, y := *a, *b
		*a = float64(c*x) - float64(s*y)
		*b = float64(s*x) + float64(c*y)
	}
	for k := range m.rows {
		turn(&m.row(k)[p], &m.row(k)[q])
	}
	for k := range m.rows {
		turn(&m.row(p)[k], &m.row(q)[k])
	}
	for k := range vectors.rows {
		turn(&vectors.row(k)[p], &vectors.row(k)[q])
	}
}
