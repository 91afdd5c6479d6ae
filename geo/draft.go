package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// draft is a geometry as it was read, not yet believed.
type draft struct {
	kind     Kind
	crs      crs
	point    orb.Point
	polygons orb.MultiPolygon
}

// finish converts, rounds and checks a draft. It owns the draft's memory.
func (d draft) finish(l Limits, count *counter) (Geometry, *Error) {
	if d.kind == KindPoint {
		p, err := finishPosition(d.point, d.crs, l)
		if err != nil {
			return Geometry{}, err
		}
		return PointGeometry(p), nil
	}
	if len(d.polygons) == 0 {
		return Geometry{}, fail(ReasonNoGeometry, "no coordinates")
	}
	for i, polygon := range d.polygons {
		if len(polygon) == 0 {
			return Geometry{}, fail(ReasonNoGeometry, "no coordinates in part %d", i+1)
		}
		for j, ring := range polygon {
			finished, err := finishRing(ring, j > 0, d.crs, l)
			if err != nil {
				err.Detail = ringName(i, j) + ": " + err.Detail
				return Geometry{}, err
			}
			polygon[j] = finished
		}
	}
	if err := checkPolygons(d.polygons, count); err != nil {
		return Geometry{}, err
	}
	return polygonGeometry(d.polygons), nil
}

// finishRing also drops repeated positions and turns the ring the way RFC 7946
// wants it: the outer ring counter-clockwise, holes clockwise.
func finishRing(ring orb.Ring, hole bool, system crs, l Limits) (orb.Ring, *Error) {
	if len(ring) < 4 {
		return nil, fail(ReasonRingShort, "%d positions, at least 4", len(ring))
	}
	if ring[0] != ring[len(ring)-1] {
		return nil, fail(ReasonRingOpen, "the last position %v is not the first %v", ring[len(ring)-1], ring[0])
	}
	out := make(orb.Ring, 0, len(ring))
	for i, raw := range ring {
		p, err := finishPosition(raw, system, l)
		if err != nil {
			return nil, err
		}
		q := orb.Point{p.Lon, p.Lat}
		if i > 0 && out[len(out)-1] == q {
			continue
		}
		if i > 0 && math.Abs(q[0]-out[len(out)-1][0]) > 180 {
			return nil, fail(ReasonAntimeridian, "the edge to %v crosses the antimeridian: split the polygon there", raw)
		}
		out = append(out, q)
	}
	if len(out) < 4 {
		return nil, fail(ReasonRingShort, "%d different positions, at least 3", len(out)-1)
	}
	if (out.Orientation() == orb.CW) != hole {
		out.Reverse()
	}
	return out, nil
}

// finishPosition turns what was read into a place, or says why it is none.
func finishPosition(raw orb.Point, system crs, l Limits) (Point, *Error) {
	p := Point{Lon: raw[0], Lat: raw[1]}
	if system == crsNationalGrid {
		if !onGrid(raw[0], raw[1]) {
			return Point{}, fail(ReasonOutsideArea, "easting %v, northing %v is not in Great Britain", raw[0], raw[1])
		}
		p = fromGrid(raw[0], raw[1])
	}
	p = p.rounded()
	err := checkPlace(p)
	anywhere := l.Within == Box{}
	switch {
	case err != nil && onGrid(raw[0], raw[1]):
		return Point{}, fail(ReasonNationalGrid, "%v looks like National Grid metres: add a crs member EPSG:27700 or convert to WGS84", raw)
	case err != nil && (Point{Lon: p.Lat, Lat: p.Lon}).Valid(),
		err == nil && !anywhere && looksSwapped(p, l.Within):
		return Point{}, fail(ReasonSwapped, "%v has latitude first: GeoJSON and WKT want longitude, latitude", raw)
	case err != nil:
		return Point{}, err
	case !anywhere && !l.Within.Contains(p):
		return Point{}, fail(ReasonOutsideArea, "longitude %v, latitude %v is not in %v", p.Lon, p.Lat, l.Within)
	}
	return p, nil
}

// rounded keeps 8 decimals, about a millimetre, so that what is written with 8
// decimals reads back as the same place.
func (p Point) rounded() Point {
	return Point{Lon: math.Round(p.Lon*1e8) / 1e8, Lat: math.Round(p.Lat*1e8) / 1e8}
}
