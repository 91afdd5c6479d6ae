package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// Frame is a rectangle in a reference system, as the parameters bbox and
// bbox-crs of OGC API Features ask for it; borders belong to it. Unlike a Box
// it may cross the antimeridian. The zero Frame holds the place (0,0) alone.
type Frame struct {
	system System
	parts  []orb.Bound // in the order of the system's axes; two where it crosses the antimeridian
}

// ParseFrame reads the lower and the upper corner, two or three numbers each;
// a third is a height and dropped. Errors: ReasonWrongCount, ReasonNotNumber,
// ReasonOutOfRange (off the Earth, or the lower corner above the upper one).
func ParseFrame(bbox string, s System) (Frame, error) {
	n, err := parseNumbers(bbox, 4, 6)
	if err != nil {
		return Frame{}, err
	}
	low, high := orb.Point{n[0], n[1]}, orb.Point{n[len(n)/2], n[len(n)/2+1]}
	f := Frame{system: s, parts: []orb.Bound{{Min: low, Max: high}}}
	if !s.degrees() {
		if low[0] > high[0] || low[1] > high[1] {
			return Frame{}, fail(ReasonOutOfRange, "the lower corner %v lies above the upper %v", low, high)
		}
		return f, nil
	}
	lon, lat := 0, 1
	if s == EPSG4326 {
		lon, lat = 1, 0
	}
	onEarth := math.Abs(low[lon]) <= 180 && math.Abs(high[lon]) <= 180 && math.Abs(low[lat]) <= 90 && math.Abs(high[lat]) <= 90
	if !onEarth || low[lat] > high[lat] {
		return Frame{}, fail(ReasonOutOfRange, "the corners %v and %v", low, high)
	}
	if low[lon] > high[lon] { // over the antimeridian
		east, west := f.parts[0], f.parts[0]
		east.Max[lon], west.Min[lon] = 180, -180
		f.parts = []orb.Bound{east, west}
	}
	return f, nil
}

// Meets reports whether f and g share at least one place. A geometry that has
// no coordinates in f's system, and the zero Geometry, meet nothing.
func (f Frame) Meets(g Geometry) bool {
	moved, ok := g.moved(f.system)
	if !ok {
		return false
	}
	for _, b := range f.parts {
		for _, polygon := range moved {
			if meets(b, polygon) {
				return true
			}
		}
	}
	return false
}

// meets tests a polygon whose rings are closed, or a point as a ring of one.
func meets(b orb.Bound, polygon orb.Polygon) bool {
	if !b.Intersects(polygon.Bound()) {
		return false
	}
	for _, ring := range polygon {
		for i, p := range ring {
			if b.Contains(p) || i > 0 && crosses(b, ring[i-1], p) {
				return true
			}
		}
	}
	// No border of the polygon reaches into b: b lies wholly inside or outside.
	return len(polygon[0]) > 1 && polygonPlace(polygon, b.Min) != outside
}

// crosses reports whether the line from p to q meets b, by cutting off what
// lies beyond each side (Liang and Barsky 1984).
func crosses(b orb.Bound, p, q orb.Point) bool {
	from, to := 0.0, 1.0
	for axis := range p {
		d := q[axis] - p[axis]
		low, high := b.Min[axis]-p[axis], b.Max[axis]-p[axis]
		if d == 0 {
			if low > 0 || high < 0 {
				return false
			}
			continue
		}
		enter, leave := low/d, high/d
		if d < 0 {
			enter, leave = leave, enter
		}
		if from, to = math.Max(from, enter), math.Min(to, leave); from > to {
			return false
		}
	}
	return true
}
