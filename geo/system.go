package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// System is a coordinate reference system that places can be asked for and
// are answered in. Files that come in know fewer: see parseCRS.
type System int

// The systems. Their order is the one they are offered in.
const (
	CRS84     System = iota // WGS84 degrees, longitude first
	EPSG4326                // WGS84 degrees, latitude first
	EPSG3857                // web mercator, metres
	EPSG27700               // the National Grid, metres, within about 5 m: see ToNationalGrid
)

// Systems lists them.
func Systems() []System { return []System{CRS84, EPSG4326, EPSG3857, EPSG27700} }

var systemURIs = map[System]string{
	CRS84:     "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
	EPSG4326:  "http://www.opengis.net/def/crs/EPSG/0/4326",
	EPSG3857:  "http://www.opengis.net/def/crs/EPSG/0/3857",
	EPSG27700: "http://www.opengis.net/def/crs/EPSG/0/27700",
}

// URI is the system's name in the OGC's register.
func (s System) URI() string { return systemURIs[s] }

// ParseSystem reads a system's URI, exactly. Anything else fails with
// ReasonUnknownCRS: coordinates are never guessed.
func ParseSystem(uri string) (System, error) {
	for _, s := range Systems() {
		if s.URI() == uri {
			return s, nil
		}
	}
	return 0, fail(ReasonUnknownCRS, "%.80q", uri)
}

// degrees says whether the system's coordinates are longitude and latitude.
func (s System) degrees() bool { return s == CRS84 || s == EPSG4326 }

// metreDecimals is how metres are written: to the millimetre.
const metreDecimals = 3

// mercatorEdge is the latitude at which web mercator ends.
const mercatorEdge = 85.0511287798066

// Coordinates are p's numbers in the order of the system's axes. A place that
// has none there, off the National Grid or beyond web mercator's edge, fails
// with ReasonOutsideArea.
func (s System) Coordinates(p Point) (first, second float64, err error) {
	switch s {
	case EPSG4326:
		return p.Lat, p.Lon, nil
	case EPSG3857:
		if !(math.Abs(p.Lat) <= mercatorEdge) {
			return 0, 0, fail(ReasonOutsideArea, "latitude %v is not on web mercator", p.Lat)
		}
		return earthRadius * radians(p.Lon), earthRadius * math.Asinh(math.Tan(radians(p.Lat))), nil
	case EPSG27700:
		return ToNationalGrid(p)
	}
	return p.Lon, p.Lat, nil
}

// In is g as a GeoJSON geometry whose coordinates are those of the system, in
// the order of its axes; "null" for the zero Geometry and for one of which any
// position has no coordinates there. Degrees have at most 8 decimals, metres
// at most 3.
func (g Geometry) In(s System) []byte {
	if s == CRS84 {
		return g.GeoJSON()
	}
	moved, ok := g.moved(s)
	if !ok {
		return []byte("null")
	}
	write := text{"[", "]", ",", degreeDecimals}
	if !s.degrees() {
		write.decimals = metreDecimals
	}
	out := append([]byte(`{"type":"`+g.kind.String()), `","coordinates":`...)
	switch g.kind {
	case KindPoint:
		out = write.position(out, moved[0][0][0])
	case KindPolygon:
		out = write.polygon(out, moved[0])
	default:
		out = list(write, out, moved, write.polygon)
	}
	return append(out, '}')
}

// moved is g in a system's coordinates; a point is a ring of one position.
func (g Geometry) moved(s System) (orb.MultiPolygon, bool) {
	if g.kind == KindNone {
		return nil, false
	}
	from := g.polygons
	if g.kind == KindPoint {
		from = orb.MultiPolygon{{{{g.point.Lon, g.point.Lat}}}}
	}
	if s == CRS84 {
		return from, true
	}
	out := make(orb.MultiPolygon, len(from))
	for i, polygon := range from {
		out[i] = make(orb.Polygon, len(polygon))
		for j, ring := range polygon {
			out[i][j] = make(orb.Ring, len(ring))
			for k, p := range ring {
				x, y, err := s.Coordinates(Point{Lon: p[0], Lat: p[1]})
				if err != nil {
					return nil, false
				}
				out[i][j][k] = orb.Point{x, y}
			}
		}
	}
	return out, true
}
