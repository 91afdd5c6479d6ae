package geo

import (
	"fmt"
	"math"
)

// Box is a rectangle in WGS84 degrees, borders included. It never crosses the
// antimeridian: West ≤ East and South ≤ North when Valid.
type Box struct {
	West, South, East, North float64
}

// BritishIsles is the box around Great Britain and Ireland with their
// islands, where a planning authority's places are expected.
func BritishIsles() Box { return Box{West: -14, South: 49, East: 3, North: 61.5} }

// ParseBox reads the query parameter bbox: four numbers "west,south,east,north"
// in degrees, or six as OGC API Features allows, whose heights are dropped.
// Errors: ReasonWrongCount, ReasonNotNumber, ReasonOutOfRange (also when west
// is beyond east or south beyond north). A door that serves one country should
// refuse a Box that LooksSwapped as well.
func ParseBox(s string) (Box, error) {
	n, err := parseNumbers(s, 4, 6)
	if err != nil {
		return Box{}, err
	}
	b := Box{West: n[0], South: n[1], East: n[len(n)/2], North: n[len(n)/2+1]}
	if !b.Valid() {
		return Box{}, fail(ReasonOutOfRange, "west %v, south %v, east %v, north %v", b.West, b.South, b.East, b.North)
	}
	return b, nil
}

// Valid reports whether b is finite, on Earth and not inside out.
func (b Box) Valid() bool {
	return b.West >= -180 && b.West <= b.East && b.East <= 180 &&
		b.South >= -90 && b.South <= b.North && b.North <= 90
}

// String gives "west,south,east,north", as ParseBox reads it.
func (b Box) String() string {
	return fmt.Sprintf("%.6f,%.6f,%.6f,%.6f", b.West, b.South, b.East, b.North)
}

// Contains reports whether p lies in b or on its border.
func (b Box) Contains(p Point) bool {
	return p.Lon >= b.West && p.Lon <= b.East && p.Lat >= b.South && p.Lat <= b.North
}

// Intersects reports whether b and o share at least one place.
func (b Box) Intersects(o Box) bool {
	return b.West <= o.East && o.West <= b.East && b.South <= o.North && o.South <= b.North
}

// Centre is the middle of b.
func (b Box) Centre() Point {
	return Point{Lon: (b.West + b.East) / 2, Lat: (b.South + b.North) / 2}
}

// LooksSwapped reports whether b lies outside the British Isles and would
// meet them with latitude and longitude exchanged.
func (b Box) LooksSwapped() bool {
	home := BritishIsles()
	swapped := Box{West: b.South, South: b.West, East: b.North, North: b.East}
	return !home.Intersects(b) && home.Intersects(swapped)
}

// Around is the smallest box that holds every place within metres of p, a
// little wider rather than narrower, cut off at the poles and the
// antimeridian. A negative or NaN distance counts as 0.
func Around(p Point, metres float64) Box {
	const slack = 1 + 1e-9 // the box must hold the circle after rounding
	if !(metres > 0) {
		metres = 0
	}
	angle := metres / earthRadius * slack
	dLat, dLon := degrees(angle), 360.0
	// The easternmost place of a circle lies poleward of its centre, so the
	// width is asin(sin r / cos lat), not r / cos lat.
	if s := math.Sin(math.Min(angle, math.Pi/2)) / math.Cos(radians(p.Lat)); s >= 0 && s < 1 {
		dLon = degrees(math.Asin(s)) * slack
	}
	return Box{
		West: math.Max(-180, p.Lon-dLon), East: math.Min(180, p.Lon+dLon),
		South: math.Max(-90, p.Lat-dLat), North: math.Min(90, p.Lat+dLat),
	}
}

func (b Box) rounded() Box {
	sw, ne := Point{Lon: b.West, Lat: b.South}.rounded(), Point{Lon: b.East, Lat: b.North}.rounded()
	return Box{West: sw.Lon, South: sw.Lat, East: ne.Lon, North: ne.Lat}
}
