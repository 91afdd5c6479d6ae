package geo

import (
	"math"

	"github.com/paulmach/orb"
	orbgeo "github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/planar"
)

// Kind is what a Geometry is.
type Kind int

// The kinds of geometry.
const (
	KindNone Kind = iota // the zero Geometry: no place
	KindPoint
	KindPolygon
	KindMultiPolygon
)

// String is the kind's name in GeoJSON, empty for KindNone.
func (k Kind) String() string {
	return [...]string{"", "Point", "Polygon", "MultiPolygon"}[k]
}

// Geometry is a checked point, polygon or multipolygon in WGS84. It never
// changes and may be shared and copied. Only this package makes one, so that
// every Geometry is valid: closed rings turned by the right-hand rule that
// neither cross nor touch themselves, holes inside, parts apart. The zero
// Geometry is no place: it contains nothing and has no area.
type Geometry struct {
	kind     Kind
	point    Point
	polygons orb.MultiPolygon
	bounds   []Box // of each polygon
	bound    Box
}

// PointGeometry is p as a Geometry; the zero Geometry when p is not Valid.
func PointGeometry(p Point) Geometry {
	if !p.Valid() {
		return Geometry{}
	}
	return Geometry{kind: KindPoint, point: p, bound: Box{p.Lon, p.Lat, p.Lon, p.Lat}}
}

// BoxGeometry is b as a polygon; the zero Geometry when b is not Valid or flat.
func BoxGeometry(b Box) Geometry {
	b = b.rounded()
	if !b.Valid() || b.West == b.East || b.South == b.North {
		return Geometry{}
	}
	ring := orb.Ring{{b.West, b.South}, {b.East, b.South}, {b.East, b.North}, {b.West, b.North}, {b.West, b.South}}
	return polygonGeometry(orb.MultiPolygon{{ring}})
}

// Circle is a polygon of 64 corners that lie metres from p, for drawing; the
// exact test is Distance. It is the zero Geometry when p is not Valid, metres
// is not between 0.1 and 100,000, or the circle would leave the map.
func Circle(p Point, metres float64) Geometry {
	const corners = 64
	around := Around(p, metres)
	if !p.Valid() || !(metres >= 0.1 && metres <= 100_000) || around.South < -85 || around.North > 85 || around.West <= -180 || around.East >= 180 {
		return Geometry{}
	}
	ring := make(orb.Ring, 0, corners+1)
	for i := range corners {
		corner := orbgeo.PointAtBearingAndDistance(orb.Point{p.Lon, p.Lat}, -360*float64(i)/corners, metres)
		rounded := Point{Lon: corner[0], Lat: corner[1]}.rounded()
		ring = append(ring, orb.Point{rounded.Lon, rounded.Lat})
	}
	return polygonGeometry(orb.MultiPolygon{{append(ring, ring[0])}})
}

// polygonGeometry wraps polygons that are known to be valid and not shared.
func polygonGeometry(polygons orb.MultiPolygon) Geometry {
	g := Geometry{kind: KindMultiPolygon, polygons: polygons, bounds: make([]Box, len(polygons))}
	if len(polygons) == 1 {
		g.kind = KindPolygon
	}
	for i, polygon := range polygons {
		g.bounds[i] = boxOf(polygon.Bound())
	}
	g.bound = boxOf(polygons.Bound())
	return g
}

func boxOf(b orb.Bound) Box {
	return Box{West: b.Min[0], South: b.Min[1], East: b.Max[0], North: b.Max[1]}
}

// Kind says what g is. A multipolygon of one part is a KindPolygon.
func (g Geometry) Kind() Kind { return g.kind }

// IsZero reports whether g is no place.
func (g Geometry) IsZero() bool { return g.kind == KindNone }

// Bounds is the smallest box that holds g; the zero Box for the zero Geometry.
func (g Geometry) Bounds() Box { return g.bound }

// Positions is the number of positions g is made of.
func (g Geometry) Positions() int {
	n := 0
	for _, polygon := range g.polygons {
		for _, ring := range polygon {
			n += len(ring)
		}
	}
	if g.kind == KindPoint {
		n = 1
	}
	return n
}

// Contains reports whether p lies in g. Borders count as inside, those of
// holes too; a point contains itself.
func (g Geometry) Contains(p Point) bool {
	if g.kind == KindPoint {
		return g.point == p
	}
	for i, polygon := range g.polygons {
		if g.bounds[i].Contains(p) && polygonPlace(polygon, orb.Point{p.Lon, p.Lat}) != outside {
			return true
		}
	}
	return false
}

// Centroid is the centre of gravity of g, which may lie outside it: for a pin
// take PinPoint.
func (g Geometry) Centroid() Point {
	if g.kind != KindPolygon && g.kind != KindMultiPolygon {
		return g.point
	}
	c, _ := planar.CentroidArea(g.polygons)
	return Point{Lon: c[0], Lat: c[1]}
}

// PinPoint is a place inside g to put its pin: the centroid where that lies
// inside, otherwise the middle of the widest stretch of the largest part.
func (g Geometry) PinPoint() Point {
	centroid := g.Centroid()
	if g.kind == KindNone || g.Contains(centroid) {
		return centroid
	}
	largest, area := 0, -1.0
	for i, polygon := range g.polygons {
		if a := orbgeo.Area(polygon); a > area {
			largest, area = i, a
		}
	}
	p := innerPoint(g.polygons[largest])
	return Point{Lon: p[0], Lat: p[1]}
}

// AreaSquareMetres is the ground g covers, holes left out, on the sphere:
// within 0.3 % in Great Britain.
func (g Geometry) AreaSquareMetres() float64 {
	if len(g.polygons) == 0 {
		return 0
	}
	return math.Abs(orbgeo.Area(g.polygons))
}
