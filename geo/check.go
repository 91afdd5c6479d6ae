package geo

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/paulmach/orb"
)

// checkBudget bounds the comparisons the geometries of one file may cost, to
// about half a second. Real boundaries of 50,000 positions need a hundredth of
// it; only a shape made to be slow needs more.
const checkBudget = 20_000_000

// checker finds out whether rings that are each closed make sense together.
type checker struct {
	polygons orb.MultiPolygon
	count    *counter
	touching map[[2]int]bool // pairs of rings, by number, that meet without crossing
}

// ringRef says which ring an edge belongs to.
type ringRef struct {
	number, polygon, ring int
}

type edge struct {
	a, b   orb.Point
	ref    ringRef
	index  int // in its ring
	last   int // the index of its ring's last edge
	lo, hi [2]float64
}

func ringName(polygon, ring int) string {
	if ring == 0 {
		return fmt.Sprintf("part %d, outer ring", polygon+1)
	}
	return fmt.Sprintf("part %d, hole %d", polygon+1, ring)
}

// checkPolygons refuses rings that cross or touch themselves or cross each
// other, holes outside their polygon or inside another hole, and parts that
// share ground. Different rings may touch.
func checkPolygons(polygons orb.MultiPolygon, count *counter) *Error {
	c := &checker{polygons: polygons, count: count, touching: map[[2]int]bool{}}
	if err := c.crossings(); err != nil {
		return err
	}
	number := 0
	starts := make([]int, len(polygons)) // number of each polygon's outer ring
	for i, polygon := range polygons {
		starts[i] = number
		if err := c.holes(i, number); err != nil {
			return err
		}
		number += len(polygon)
	}
	return c.overlaps(starts)
}

func (c *checker) spend(n int) *Error {
	if c.count.compared += n; c.count.compared > checkBudget {
		return fail(ReasonTooComplex, "the boundary is too tangled to be checked: simplify it")
	}
	return nil
}

func (c *checker) edges() []edge {
	var edges []edge
	number := 0
	for i, polygon := range c.polygons {
		for j, ring := range polygon {
			for k := 1; k < len(ring); k++ {
				a, b := ring[k-1], ring[k]
				edges = append(edges, edge{
					a: a, b: b, ref: ringRef{number, i, j}, index: k - 1, last: len(ring) - 2,
					lo: [2]float64{min(a[0], b[0]), min(a[1], b[1])},
					hi: [2]float64{max(a[0], b[0]), max(a[1], b[1])},
				})
			}
			number++
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
	slices.SortFunc(edges, func(e, f edge) int { return cmp.Compare(e.lo[along], f.lo[along]) })
	var open []*edge
	for i := range edges {
		e := &edges[i]
		if err := c.spend(len(open)); err != nil {
			return err
		}
		kept := open[:0]
		for _, f := range open {
			if f.hi[along] < e.lo[along] {
				continue
			}
			kept = append(kept, f)
			if f.hi[across] < e.lo[across] || e.hi[across] < f.lo[across] {
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

func (c *checker) compare(e, f *edge) *Error {
	if e.ref == f.ref && neighbours(e, f) {
		if foldsBack(e, f) {
			return fail(ReasonRingCrosses, "%s turns back on itself near %v", ringName(e.ref.polygon, e.ref.ring), e.a)
		}
		return nil
	}
	meet, cross := meeting(e, f)
	switch {
	case !meet:
		return nil
	case e.ref == f.ref:
		return fail(ReasonRingCrosses, "%s crosses or touches itself near %v", ringName(e.ref.polygon, e.ref.ring), e.a)
	case !cross:
		c.touching[[2]int{min(e.ref.number, f.ref.number), max(e.ref.number, f.ref.number)}] = true
		return nil
	case e.ref.polygon == f.ref.polygon:
		return fail(ReasonHoleOutside, "%s crosses %s near %v", ringName(e.ref.polygon, e.ref.ring), ringName(f.ref.polygon, f.ref.ring), e.a)
	}
	return fail(ReasonOverlap, "%s crosses %s near %v", ringName(e.ref.polygon, e.ref.ring), ringName(f.ref.polygon, f.ref.ring), e.a)
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
		return e.lo[0] <= f.hi[0] && f.lo[0] <= e.hi[0] && e.lo[1] <= f.hi[1] && f.lo[1] <= e.hi[1], false
	}
	return true, ea != 0 && eb != 0 && fa != 0 && fb != 0
}

func sameSide(p, q float64) bool { return p > 0 && q > 0 || p < 0 && q < 0 }

// holes checks each hole against its outer ring and the other holes. No rings
// cross here, so one vertex decides, except for rings that touch.
func (c *checker) holes(i, number int) *Error {
	polygon := c.polygons[i]
	for j := 1; j < len(polygon); j++ {
		where, err := c.ringPlace(polygon[j], polygon[0], c.touching[[2]int{number, number + j}])
		if err != nil {
			return err
		}
		if where != inside {
			return fail(ReasonHoleOutside, "%s is not inside %s", ringName(i, j), ringName(i, 0))
		}
		for k := 1; k < j; k++ {
			if err := c.apart(orb.Polygon{polygon[j]}, orb.Polygon{polygon[k]}, c.touching[[2]int{number + k, number + j}]); err != nil {
				err.Reason, err.Detail = ReasonHoleOutside, fmt.Sprintf("%s and %s share ground", ringName(i, k), ringName(i, j))
				return err
			}
		}
	}
	return nil
}

// ringPlace is inside when hole lies in shell.
func (c *checker) ringPlace(hole, shell orb.Ring, touching bool) (place, *Error) {
	if !touching {
		return locate(shell, hole[0]), c.spend(len(shell))
	}
	where := onBorder // a hole that lies along the border all round leaves no ground
	for _, p := range samples(hole) {
		if err := c.spend(len(shell)); err != nil {
			return outside, err
		}
		switch locate(shell, p) {
		case outside:
			return outside, nil
		case inside:
			where = inside
		}
	}
	return where, nil
}

// samples are the vertices of a ring and the middles of its edges.
func samples(ring orb.Ring) []orb.Point {
	out := make([]orb.Point, 0, 2*len(ring))
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		out = append(out, a, orb.Point{(a[0] + b[0]) / 2, (a[1] + b[1]) / 2})
	}
	return out
}

// overlaps checks each pair of polygons whose boxes meet.
func (c *checker) overlaps(starts []int) *Error {
	bounds := make([]orb.Bound, len(c.polygons))
	for i, polygon := range c.polygons {
		bounds[i] = polygon.Bound()
	}
	for i, p := range c.polygons {
		if err := c.spend(i); err != nil {
			return err
		}
		for j, q := range c.polygons[:i] {
			if !bounds[i].Intersects(bounds[j]) {
				continue
			}
			if err := c.apart(p, q, c.touchingPolygons(starts[i], len(p), starts[j], len(q))); err != nil {
				if err.Reason == ReasonOverlap {
					err.Detail = fmt.Sprintf("part %d and part %d share ground", j+1, i+1)
				}
				return err
			}
		}
	}
	return nil
}

func (c *checker) touchingPolygons(p, rings, q, others int) bool {
	if len(c.touching) == 0 {
		return false
	}
	for i := range rings {
		for j := range others {
			if c.touching[[2]int{min(p+i, q+j), max(p+i, q+j)}] {
				return true
			}
		}
	}
	return false
}

// apart refuses two polygons that share ground. Their rings do not cross, so
// one vertex of each decides, except when they touch.
func (c *checker) apart(p, q orb.Polygon, touching bool) *Error {
	for _, pair := range [2][2]orb.Polygon{{p, q}, {q, p}} {
		points := pair[0][0][:1]
		if touching {
			points = append(samples(pair[0][0]), innerPoint(pair[0]))
		}
		for _, s := range points {
			if err := c.spend(len(pair[1][0])); err != nil {
				return err
			}
			if polygonPlace(pair[1], s) == inside {
				return fail(ReasonOverlap, "")
			}
		}
	}
	return nil
}
