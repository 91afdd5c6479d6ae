package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// DistanceTo is how many metres lie between p and the nearest place of g: 0
// inside and on the border, +Inf for the zero Geometry. Ground is taken as a
// plane around p, which within a few kilometres is as good as Distance.
func (g Geometry) DistanceTo(p Point) float64 {
	if g.kind == KindPoint {
		return Distance(g.point, p)
	}
	if g.Contains(p) {
		return 0
	}
	least := math.Inf(1)
	for _, polygon := range g.polygons {
		for _, ring := range polygon {
			least = math.Min(least, distanceToRing(ring, p))
		}
	}
	return least
}

// Near reports whether p lies in g or at most metres from it.
func (g Geometry) Near(p Point, metres float64) bool {
	return g.bound.Widened(metres).Contains(p) && g.DistanceTo(p) <= metres
}

// Widened is the box that holds every place within metres of b.
func (b Box) Widened(metres float64) Box {
	sw, ne := Around(Point{b.West, b.South}, metres), Around(Point{b.East, b.North}, metres)
	nw, se := Around(Point{b.West, b.North}, metres), Around(Point{b.East, b.South}, metres)
	return Box{West: math.Min(sw.West, nw.West), South: sw.South, East: math.Max(ne.East, se.East), North: ne.North}
}

// distanceToRing measures from p to the nearest place on the ring's line.
func distanceToRing(ring orb.Ring, p Point) float64 {
	least := math.Inf(1)
	narrow := math.Cos(radians(p.Lat))
	flat := func(c orb.Point) (x, y float64) {
		return radians(c[0]-p.Lon) * narrow * earthRadius, radians(c[1]-p.Lat) * earthRadius
	}
	for i := 1; i < len(ring); i++ {
		ax, ay := flat(ring[i-1])
		bx, by := flat(ring[i])
		least = math.Min(least, fromOrigin(ax, ay, bx, by))
	}
	return least
}

// fromOrigin is the distance of the origin from the stretch between a and b.
func fromOrigin(ax, ay, bx, by float64) float64 {
	dx, dy := bx-ax, by-ay
	along := 0.0
	if length2 := dx*dx + dy*dy; length2 > 0 {
		along = math.Max(0, math.Min(1, -(ax*dx+ay*dy)/length2))
	}
	return math.Hypot(ax+along*dx, ay+along*dy)
}
