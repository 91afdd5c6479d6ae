package geo

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
)

// edge is one edge of a ring.
type edge struct {
	a, b          orb.Point
	polygon, ring int // which ring it belongs to
	number        int // of the ring, through all polygons
	index, last   int // its place in the ring, and that of the ring's last edge
	low, high     orb.Point
}

func (c *checker) edges() []edge {
	var edges []edge
	for i, polygon := range c.polygons {
		for j, ring := range polygon {
			for k := 1; k < len(ring); k++ {
				a, b := ring[k-1], ring[k]
				edges = append(edges, edge{
					a: a, b: b, polygon: i, ring: j, number: c.starts[i] + j, index: k - 1, last: len(ring) - 2,
					low:  orb.Point{min(a[0], b[0]), min(a[1], b[1])},
					high: orb.Point{max(a[0], b[0]), max(a[1], b[1])},
				})
			}
		}
	}
	return edges
}

// crossings sweeps over the edges along the longer side of the geometry and
// compares those that lie beside each other.
func (c *checker) crossings() *Error {
	edges := c.edges()
	bound := c.polygons.Bound()
	along, across := 0, 1
	if bound.Max[1]-bound.Min[1] > bound.Max[0]-bound.Min[0] {
		along, across = 1, 0
	}
	slices.SortFunc(edges, func(e, f edge) int { return cmp.Compare(e.low[along], f.low[along]) })
	var open []*edge
	for i := range edges {
		e := &edges[i]
		if err := c.spend(len(open)); err != nil {
			return err
		}
		kept := open[:0]
		for _, f := range open {
			if f.high[along] < e.low[along] {
				continue
			}
			kept = append(kept, f)
			if f.high[across] < e.low[across] || e.high[across] < f.low[across] {
				continue
			}
			if err := c.compare(e, f); err != nil {
				return err
			}
		}
		open = append(kept, e)
	}
	return nil
}

// compare refuses two edges that share a place they may not share.
func (c *checker) compare(e, f *edge) *Error {
	if e.number == f.number && neighbours(e, f) {
		if foldsBack(e, f) {
			return fail(ReasonRingCrosses, "%s turns back on itself near %v", ringName(e.polygon, e.ring), e.a)
		}
		return nil
	}
	meet, cross := meeting(e, f)
	switch {
	case !meet:
		return nil
	case e.number == f.number:
		return fail(ReasonRingCrosses, "%s crosses or touches itself near %v", ringName(e.polygon, e.ring), e.a)
	case !cross:
		return c.touch(e, f)
	case e.polygon == f.polygon:
		return fail(ReasonHoleOutside, "%s crosses %s near %v", ringName(e.polygon, e.ring), ringName(f.polygon, f.ring), e.a)
	}
	return fail(ReasonOverlap, "%s crosses %s near %v", ringName(e.polygon, e.ring), ringName(f.polygon, f.ring), e.a)
}

// touch notes where two edges of different rings touch.
func (c *checker) touch(e, f *edge) *Error {
	const cost = 50 // of keeping a touch, in comparisons
	for _, pair := range [2][2]*edge{{e, f}, {f, e}} {
		one, other := pair[0], pair[1]
		for _, p := range [2]orb.Point{one.a, one.b} {
			if !other.holds(p) {
				continue
			}
			c.touches[[2]int{one.number, other.number}] = append(c.touches[[2]int{one.number, other.number}], touch{one.index, p})
			c.touches[[2]int{other.number, one.number}] = append(c.touches[[2]int{other.number, one.number}], touch{other.index, p})
		}
	}
	return c.spend(cost)
}

// holds reports whether p lies on the edge.
func (e *edge) holds(p orb.Point) bool {
	return e.low[0] <= p[0] && p[0] <= e.high[0] && e.low[1] <= p[1] && p[1] <= e.high[1] && orient(e.a, e.b, p) == 0
}

func neighbours(e, f *edge) bool {
	apart := e.index - f.index
	return apart == 1 || apart == -1 || apart == e.last || apart == -e.last
}

// foldsBack reports whether two edges that share an end lie on each other.
func foldsBack(e, f *edge) bool {
	shared, p, q := e.b, e.a, f.b
	if e.a == f.b {
		shared, p, q = e.a, e.b, f.a
	}
	return orient(p, shared, q) == 0 &&
		(p[0]-shared[0])*(q[0]-shared[0])+(p[1]-shared[1])*(q[1]-shared[1]) > 0
}

// meeting reports whether two edges share a place, and whether they cross
// there, each with an end on both sides of the other.
func meeting(e, f *edge) (meet, cross bool) {
	ea, eb := orient(f.a, f.b, e.a), orient(f.a, f.b, e.b)
	fa, fb := orient(e.a, e.b, f.a), orient(e.a, e.b, f.b)
	if sameSide(ea, eb) || sameSide(fa, fb) {
		return false, false
	}
	if ea == 0 && eb == 0 { // on one line
		return e.low[0] <= f.high[0] && f.low[0] <= e.high[0] && e.low[1] <= f.high[1] && f.low[1] <= e.high[1], false
	}
	return true, ea != 0 && eb != 0 && fa != 0 && fb != 0
}

func sameSide(p, q float64) bool { return p > 0 && q > 0 || p < 0 && q < 0 }
