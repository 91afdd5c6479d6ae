package geo

import (
	"strconv"

	"github.com/paulmach/orb"
)

// GeoJSON is g as a GeoJSON geometry (RFC 7946: longitude first, outer rings
// counter-clockwise), with at most 8 decimals; "null" for the zero Geometry.
func (g Geometry) GeoJSON() []byte {
	return g.appendGeoJSON(nil)
}

func (g Geometry) appendGeoJSON(out []byte) []byte {
	if g.kind == KindNone {
		return append(out, "null"...)
	}
	out = append(out, `{"type":"`+g.kind.String()+`","coordinates":`...)
	switch s := (text{"[", "]", ",", degreeDecimals}); g.kind {
	case KindPoint:
		out = s.position(out, orb.Point{g.point.Lon, g.point.Lat})
	case KindPolygon:
		out = s.polygon(out, g.polygons[0])
	default:
		out = list(s, out, g.polygons, s.polygon)
	}
	return append(out, '}')
}

// MarshalJSON is GeoJSON, so that a Geometry may be a member of any answer.
func (g Geometry) MarshalJSON() ([]byte, error) {
	return g.GeoJSON(), nil
}

// UnmarshalJSON is ParseGeoJSON with Limits{}; null is the zero Geometry.
func (g *Geometry) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*g = Geometry{}
		return nil
	}
	parsed, err := ParseGeoJSON(data, Limits{})
	if err != nil {
		return err
	}
	*g = parsed
	return nil
}

// WKT is g as well-known text, longitude first, with at most 8 decimals; empty
// for the zero Geometry.
func (g Geometry) WKT() string {
	s := text{"(", ")", " ", degreeDecimals}
	switch g.kind {
	case KindPoint:
		return "POINT " + string(s.position(nil, orb.Point{g.point.Lon, g.point.Lat}))
	case KindPolygon:
		return "POLYGON " + string(s.polygon(nil, g.polygons[0]))
	case KindMultiPolygon:
		return "MULTIPOLYGON " + string(list(s, nil, g.polygons, s.polygon))
	}
	return ""
}

// text is how nested coordinates are written: GeoJSON and WKT differ in the
// brackets, in what stands between two numbers, and in that WKT puts no
// brackets around the positions of a ring.
type text struct {
	open, shut, between string
	decimals            int // at most, of each number
}

// degreeDecimals is how degrees are written: 8 decimals are 1 mm.
const degreeDecimals = 8

func (s text) position(out []byte, p orb.Point) []byte {
	out = append(out, s.open...)
	out = s.numbers(out, p)
	return append(out, s.shut...)
}

func (s text) numbers(out []byte, p orb.Point) []byte {
	out = appendNumber(out, p[0], s.decimals)
	out = append(out, s.between...)
	return appendNumber(out, p[1], s.decimals)
}

func (s text) ring(out []byte, ring orb.Ring) []byte {
	if s.open == "(" {
		return list(s, out, ring, s.numbers)
	}
	return list(s, out, ring, s.position)
}

func (s text) polygon(out []byte, polygon orb.Polygon) []byte {
	return list(s, out, polygon, s.ring)
}

func list[T any](s text, out []byte, elements []T, write func([]byte, T) []byte) []byte {
	out = append(out, s.open...)
	for i, e := range elements {
		if i > 0 {
			out = append(out, ',')
		}
		out = write(out, e)
	}
	return append(out, s.shut...)
}

// appendNumber writes at most so many decimals without trailing zeros.
func appendNumber(out []byte, v float64, decimals int) []byte {
	start := len(out)
	out = strconv.AppendFloat(out, v, 'f', decimals, 64)
	for out[len(out)-1] == '0' {
		out = out[:len(out)-1]
	}
	if out[len(out)-1] == '.' {
		out = out[:len(out)-1]
	}
	if string(out[start:]) == "-0" {
		return append(out[:start], '0')
	}
	return out
}
