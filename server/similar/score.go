package similar

import "math"

// Purity is the share of texts that belong to the commonest class of their group: (1/n) Σ over groups of the largest overlap (Manning,
// Raghavan and Schütze 2008, 16.3). Groups of one text are always pure, so read it beside the number of groups. The two slices
// name, text by text, the group it was given and the class it has; 0 texts have purity 0.
func Purity[G, C comparable](groups []G, classes []C) float64 {
	t := contingency(groups, classes)
	sum := 0
	for _, row := range t.cells {
		most := 0
		for _, n := range row {
			most = max(most, n)
		}
		sum += most
	}
	return float64(sum) / float64(max(1, t.n))
}

// AdjustedRand is the Rand index of pairs, corrected for chance: 1 for the same partition, about 0 for a random one (Hubert and
// Arabie 1985). Where both put everything together, or everything apart, it is 1.
func AdjustedRand[G, C comparable](groups []G, classes []C) float64 {
	t := contingency(groups, classes)
	both, rows, cols := 0.0, 0.0, 0.0
	for _, row := range t.cells {
		for _, n := range row {
			both += pairs(n)
		}
	}
	for _, n := range t.groups {
		rows += pairs(n)
	}
	for _, n := range t.classes {
		cols += pairs(n)
	}
	expected := rows * cols / max(1, pairs(t.n))
	most := (rows + cols) / 2
	if most == expected {
		return 1
	}
	return (both - expected) / (most - expected)
}

func pairs(n int) float64 { return float64(n) * float64(n-1) / 2 }

// NormalisedMutualInformation is the mutual information of groups and classes over the mean of their entropies, 0 to 1. It grows with
// the number of groups. Where neither says anything (one group, one class) it is 1.
func NormalisedMutualInformation[G, C comparable](groups []G, classes []C) float64 {
	t := contingency(groups, classes)
	n := float64(t.n)
	shared := 0.0
	for g, row := range t.cells {
		for c, both := range row {
			if both > 0 {
				shared += float64(both) / n * math.Log(n*float64(both)/(float64(t.groups[g])*float64(t.classes[c])))
			}
		}
	}
	if h := (entropy(t.groups, n) + entropy(t.classes, n)) / 2; h > 0 {
		return max(0, shared/h)
	}
	return 1
}

func entropy(counts []int, n float64) float64 {
	h := 0.0
	for _, c := range counts {
		h -= float64(c) / n * math.Log(float64(c)/n)
	}
	return h
}

// MacroF1 is the mean of the classes' F1 = 2PR/(P+R), each class weighing the same, when each group stands for one class and no class
// for two groups: the mapping with the largest sum (Kuhn 1955). A class without a group has 0.
func MacroF1[G, C comparable](groups []G, classes []C) float64 {
	t := contingency(groups, classes)
	gain := make([][]float64, len(t.classes))
	for c := range gain {
		gain[c] = make([]float64, max(len(t.groups), len(t.classes)))
		for g := range t.groups {
			gain[c][g] = 2 * float64(t.cells[g][c]) / float64(t.groups[g]+t.classes[c])
		}
	}
	sum := 0.0
	for c, g := range assignment(gain) {
		sum += gain[c][g]
	}
	return sum / float64(max(1, len(t.classes)))
}

// LabelF1 is the mean of the classes' F1 when what was given is a class itself.
func LabelF1[C comparable](given, classes []C) float64 {
	right, said, are := map[C]int{}, map[C]int{}, map[C]int{}
	var order []C
	for i, c := range classes {
		if are[c]++; are[c] == 1 {
			order = append(order, c)
		}
		said[given[i]]++
		if given[i] == c {
			right[c]++
		}
	}
	sum := 0.0
	for _, c := range order {
		sum += 2 * float64(right[c]) / float64(said[c]+are[c])
	}
	return sum / float64(max(1, len(order)))
}

// table counts how groups and classes overlap, both numbered in the order they were met.
type table struct {
	n               int
	groups, classes []int
	cells           [][]int // by group, then class
}

func contingency[G, C comparable](groups []G, classes []C) table {
	t := table{n: len(groups)}
	g, c := number(groups), number(classes)
	for i := range groups {
		for g[i] >= len(t.groups) {
			t.groups = append(t.groups, 0)
		}
		for c[i] >= len(t.classes) {
			t.classes = append(t.classes, 0)
		}
		t.groups[g[i]]++
		t.classes[c[i]]++
	}
	t.cells = make([][]int, len(t.groups))
	for i := range t.cells {
		t.cells[i] = make([]int, len(t.classes))
	}
	for i := range groups {
		t.cells[g[i]][c[i]]++
	}
	return t
}

func number[T comparable](names []T) []int {
	known := map[T]int{}
	numbers := make([]int, len(names))
	for i, name := range names {
		at, seen := known[name]
		if !seen {
			at = len(known)
			known[name] = at
		}
		numbers[i] = at
	}
	return numbers
}

// assignment gives each row a column of its own so that the sum of gains is largest: the Hungarian method with potentials, rows ≤
// columns, O(rows² × columns).
func assignment(gain [][]float64) []int {
	rows := len(gain)
	if rows == 0 {
		return nil
	}
	cols := len(gain[0])
	u, v := make([]float64, rows+1), make([]float64, cols+1)
	owner := make([]int, cols+1) // the row of each column, from 1; 0 is nobody
	for row := 1; row <= rows; row++ {
		owner[0] = row
		augment(gain, u, v, owner)
	}
	given := make([]int, rows)
	for col := 1; col <= cols; col++ {
		if owner[col] > 0 {
			given[owner[col]-1] = col - 1
		}
	}
	return given
}

// augment finds a place for the row that waits in column 0, moving others along the cheapest path.
func augment(gain [][]float64, u, v []float64, owner []int) {
	cols := len(v) - 1
	least, way, done := make([]float64, cols+1), make([]int, cols+1), make([]bool, cols+1)
	for j := range least {
		least[j] = math.Inf(1)
	}
	at := 0
	for owner[at] != 0 {
		done[at] = true
		row, step, next := owner[at], math.Inf(1), 0
		for j := 1; j <= cols; j++ {
			if done[j] {
				continue
			}
			if cost := -gain[row-1][j-1] - u[row] - v[j]; cost < least[j] {
				least[j], way[j] = cost, at
			}
			if least[j] < step {
				step, next = least[j], j
			}
		}
		for j := 0; j <= cols; j++ {
			if done[j] {
				u[owner[j]] += step
				v[j] -= step
			} else {
				least[j] -= step
			}
		}
		at = next
	}
	for at != 0 {
		owner[at] = owner[way[at]]
		at = way[at]
	}
}
