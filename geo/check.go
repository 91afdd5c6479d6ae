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
// Rings are numbered through all polygons: each outer ring, then its holes.
type checker struct {
	polygons orb.MultiPolygon
	starts   []int // number of each polygon's outer ring
	count    *counter
	touches  map[[2]int][]touch // where a ring (first) meets another (second) without crossing
}

// touch is a place where an edge of a ring meets another ring.
type touch struct {
	index int // of the edge
	at    orb.Point
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
	c := &checker{polygons: polygons, count: count, touches: map[[2]int][]touch{}}
	number := 0
	for _, polygon := range polygons {
		c.starts = append(c.starts, number)
		number += len(polygon)
	}
	if err := c.crossings(); err != nil {
		return err
	}
	for i := range polygons {
		if err := c.holes(i); err != nil {
			return err
		}
	}
	return c.overlaps()
}

func (c *checker) spend(n int) *Error {
	if c.count.compared += n; c.count.compared > checkBudget {
		return fail(ReasonTooComplex, "the boundary is too tangled to be checked: simplify it")
	}
	return nil
}

// spendLooking accounts for locating a place in a ring of n positions, each of
// which costs a small part of a comparison.
func (c *checker) spendLooking(n int) *Error { return c.spend(1 + n/16) }

// holes checks each hole against its outer ring and the holes before it.
func (c *checker) holes(i int) *Error {
	polygon, number := c.polygons[i], c.starts[i]
	for j := 1; j < len(polygon); j++ {
		inShell, err := c.holeInShell(polygon[j], polygon[0], number+j, number)
		if err != nil {
			return err
		}
		if !inShell {
			return fail(ReasonHoleOutside, "%s is not inside %s", ringName(i, j), ringName(i, 0))
		}
		for k := 1; k < j; k++ {
			apart, err := c.apart(
				numbered{polygon[j : j+1], number + j},
				numbered{polygon[k : k+1], number + k},
			)
			if err != nil {
				return err
			}
			if !apart {
				return fail(ReasonHoleOutside, "%s and %s share ground", ringName(i, k), ringName(i, j))
			}
		}
	}
	return nil
}

func (c *checker) holeInShell(hole, shell orb.Ring, number, shellNumber int) (bool, *Error) {
	some := false // a hole that lies along the border all round leaves no ground
	for _, p := range c.samples(hole, number, shellNumber, 1) {
		if err := c.spendLooking(len(shell)); err != nil {
			return false, err
		}
		switch locate(shell, p) {
		case outside:
			return false, nil
		case inside:
			some = true
		}
	}
	return some, nil
}

// samples gives places on a ring that tell its place with regard to `rings`
// other rings, numbered from other. Rings do not cross here, so that place can
// only change where they touch: without a touch one vertex tells it, otherwise
// the middles of the stretches to both sides of every touch.
func (c *checker) samples(ring orb.Ring, number, other, rings int) []orb.Point {
	var touches []touch
	for i := range rings {
		touches = append(touches, c.touches[[2]int{number, other + i}]...)
	}
	if len(touches) == 0 {
		return ring[:1]
	}
	slices.SortFunc(touches, func(s, t touch) int {
		from := ring[s.index]
		return cmp.Or(cmp.Compare(s.index, t.index), cmp.Compare(distance2(from, s.at), distance2(from, t.at)))
	})
	var out []orb.Point
	for i, t := range touches {
		if i == 0 || touches[i-1].index != t.index {
			out = appendMiddle(out, ring[t.index], t.at)
		}
		next := ring[t.index+1]
		if i+1 < len(touches) && touches[i+1].index == t.index {
			next = touches[i+1].at
		}
		out = appendMiddle(out, t.at, next)
	}
	return out
}

func distance2(a, b orb.Point) float64 {
	return (a[0]-b[0])*(a[0]-b[0]) + (a[1]-b[1])*(a[1]-b[1])
}

func appendMiddle(out []orb.Point, a, b orb.Point) []orb.Point {
	if a == b {
		return out
	}
	return append(out, orb.Point{a[0] + (b[0]-a[0])/2, a[1] + (b[1]-a[1])/2})
}

// overlaps checks each pair of polygons whose boxes meet.
func (c *checker) overlaps() *Error {
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
			apart, err := c.apart(numbered{p, c.starts[i]}, numbered{q, c.starts[j]})
			if err != nil {
				return err
			}
			if !apart {
				return fail(ReasonOverlap, "part %d and part %d share ground", j+1, i+1)
			}
		}
	}
	return nil
}

// numbered is a polygon with the number of its outer ring.
type numbered struct {
	polygon orb.Polygon
	start   int
}

// apart reports whether two polygons share no ground: no stretch of a ring of
// one lies inside the other, and they are not the same ground.
func (c *checker) apart(p, q numbered) (bool, *Error) {
	for _, pair := range [2][2]numbered{{p, q}, {q, p}} {
		one, other := pair[0], pair[1]
		var points []orb.Point
		for i, ring := range one.polygon {
			points = append(points, c.samples(ring, one.start+i, other.start, len(other.polygon))...)
		}
		if len(points) > len(one.polygon) { // they touch, perhaps all round
			points = append(points, innerPoint(one.polygon))
		}
		for _, s := range points {
			if err := c.spendLooking(len(other.polygon[0])); err != nil {
				return false, err
			}
			if polygonPlace(other.polygon, s) == inside {
				return false, nil
			}
		}
	}
	return true, nil
}
