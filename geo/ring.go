package geo

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// place is where a point lies with regard to a ring.
type place int

const (
	outside place = iota
	onBorder
	inside
)

// locate finds the place of p by counting the edges to the east of it. It is
// exact on vertices and on level edges, and two rings that share an edge agree
// on which side of it p lies.
func locate(ring orb.Ring, p orb.Point) place {
	where := outside
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		if a == p {
			return onBorder
		}
		if (a[1] > p[1]) == (b[1] > p[1]) {
			if a[1] == p[1] && b[1] == p[1] && (a[0] > p[0]) != (b[0] > p[0]) {
				return onBorder
			}
			continue
		}
		switch turn := orient(a, b, p); {
		case turn == 0:
			return onBorder
		case (turn > 0) == (b[1] > a[1]):
			where = inside - where
		}
	}
	return where
}

// orient is positive when c lies to the left of the line from a to b, negative
// to the right, 0 on it. The line is always computed from its smaller end, so
// that it has the same answer in both directions, and the conversions keep the
// compiler from fusing the products, so that it has the same on all machines.
func orient(a, b, c orb.Point) float64 {
	if b[0] < a[0] || b[0] == a[0] && b[1] < a[1] {
		return -orient(b, a, c)
	}
	return float64((b[0]-a[0])*(c[1]-a[1])) - float64((b[1]-a[1])*(c[0]-a[0]))
}

// polygonPlace is locate for a polygon with holes.
func polygonPlace(polygon orb.Polygon, p orb.Point) place {
	where := locate(polygon[0], p)
	if where != inside {
		return where
	}
	for _, hole := range polygon[1:] {
		switch locate(hole, p) {
		case onBorder:
			return onBorder
		case inside:
			return outside
		}
	}
	return inside
}

// innerPoint is a place well inside the polygon: the middle of the widest
// stretch along a line of latitude that meets no vertex.
func innerPoint(polygon orb.Polygon) orb.Point {
	y := levelBetweenVertices(polygon)
	var crossings []float64
	for _, ring := range polygon {
		for i := 1; i < len(ring); i++ {
			a, b := ring[i-1], ring[i]
			if (a[1] > y) != (b[1] > y) {
				crossings = append(crossings, a[0]+(y-a[1])/(b[1]-a[1])*(b[0]-a[0]))
			}
		}
	}
	slices.Sort(crossings)
	widest, x := -1.0, polygon[0][0][0]
	for i := 1; i < len(crossings); i += 2 {
		if width := crossings[i] - crossings[i-1]; width > widest {
			widest, x = width, crossings[i-1]+width/2
		}
	}
	return orb.Point{x, y}
}

// levelBetweenVertices is the latitude halfway between the two neighbouring
// vertex latitudes around the middle of the polygon.
func levelBetweenVertices(polygon orb.Polygon) float64 {
	bound := polygon.Bound()
	middle := (bound.Min[1] + bound.Max[1]) / 2
	below, above := bound.Min[1], bound.Max[1]
	for _, ring := range polygon {
		for _, p := range ring {
			if p[1] <= middle {
				below = math.Max(below, p[1])
			} else {
				above = math.Min(above, p[1])
			}
		}
	}
	return below + (above-below)/2
}
