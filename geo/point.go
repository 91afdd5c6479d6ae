package geo

import (
	"math"
	"strconv"
	"strings"
)

// earthRadius is the equatorial radius of WGS84 in metres, the sphere of web
// mercator. Distances and areas on it are within 0.3 % in Great Britain.
const earthRadius = 6378137.0

// Point is a place in WGS84 degrees. The zero Point is not a place: see Valid.
type Point struct {
	Lon, Lat float64
}

// Valid reports whether p is a place on Earth: finite, in range, and not
// exactly (0,0), which is how missing coordinates arrive ("Null Island").
func (p Point) Valid() bool {
	return p.inRange() && p != Point{}
}

func (p Point) inRange() bool {
	return p.Lon >= -180 && p.Lon <= 180 && p.Lat >= -90 && p.Lat <= 90 // false for NaN
}

// String gives "lat,lon" with six decimals (about 10 cm), as ParsePoint reads it.
func (p Point) String() string {
	return strconv.FormatFloat(p.Lat, 'f', 6, 64) + "," + strconv.FormatFloat(p.Lon, 'f', 6, 64)
}

// LooksSwapped reports whether p lies outside the British Isles and would lie
// inside them with latitude and longitude exchanged.
func (p Point) LooksSwapped() bool {
	return looksSwapped(p, BritishIsles())
}

func looksSwapped(p Point, within Box) bool {
	return !within.Contains(p) && within.Contains(Point{Lon: p.Lat, Lat: p.Lon})
}

// ParsePoint reads "lat,lon" in decimal degrees, the order people and maps
// write. Spaces around the numbers are allowed. Errors: ReasonWrongCount,
// ReasonNotNumber, ReasonOutOfRange, ReasonNullIsland.
func ParsePoint(s string) (Point, error) {
	numbers, err := parseNumbers(s, 2)
	if err != nil {
		return Point{}, err
	}
	p := Point{Lat: numbers[0], Lon: numbers[1]}
	if err := checkPlace(p); err != nil {
		return Point{}, err
	}
	return p, nil
}

// checkPlace says why p is not Valid, or nothing.
func checkPlace(p Point) *Error {
	switch {
	case !p.inRange():
		return fail(ReasonOutOfRange, "latitude %v, longitude %v", p.Lat, p.Lon)
	case p == Point{}:
		return fail(ReasonNullIsland, "latitude 0, longitude 0")
	}
	return nil
}

// parseNumbers reads exactly one of the wanted counts of comma-separated
// decimal numbers.
func parseNumbers(s string, counts ...int) ([]float64, *Error) {
	const longest = 400 // six numbers with 60 characters each is generous
	if len(s) > longest {
		return nil, fail(ReasonWrongCount, "%d characters, at most %d", len(s), longest)
	}
	parts := strings.Split(s, ",")
	if !contains(counts, len(parts)) {
		return nil, fail(ReasonWrongCount, "%d numbers, wanted %v", len(parts), counts)
	}
	numbers := make([]float64, len(parts))
	for i, part := range parts {
		n, err := parseNumber(strings.TrimSpace(part))
		if err != nil {
			return nil, err
		}
		numbers[i] = n
	}
	return numbers, nil
}

func contains(counts []int, n int) bool {
	for _, c := range counts {
		if c == n {
			return true
		}
	}
	return false
}

// parseNumber takes plain decimal numbers only: strconv alone would also take
// "NaN", "Infinity" and hexadecimal.
func parseNumber(s string) (float64, *Error) {
	if strings.Trim(s, "0123456789+-.eE") != "" {
		return 0, fail(ReasonNotNumber, "%.40q", s)
	}
	return parseDecimal(s)
}

// parseDecimal is parseNumber for text known to hold only bytes of numbers.
func parseDecimal(s string) (float64, *Error) {
	n, err := strconv.ParseFloat(s, 64)
	switch {
	case math.IsInf(n, 0):
		return 0, fail(ReasonOutOfRange, "%.40q", s)
	case err != nil:
		return 0, fail(ReasonNotNumber, "%.40q", s)
	}
	return n, nil
}

// Distance is the length in metres of the great circle between a and b, by
// the haversine formula, which keeps its precision at a few metres; within
// 0.3 % of the ellipsoid in Great Britain.
func Distance(a, b Point) float64 {
	sinLat := math.Sin(radians(b.Lat-a.Lat) / 2)
	sinLon := math.Sin(radians(b.Lon-a.Lon) / 2)
	h := sinLat*sinLat + math.Cos(radians(a.Lat))*math.Cos(radians(b.Lat))*sinLon*sinLon
	return 2 * earthRadius * math.Asin(math.Sqrt(math.Min(1, h)))
}

// Snap moves p to the centre of its cell in a fixed grid of cells about
// metres wide and high, so that a published place says no more than "within
// this cell". The grid does not depend on p: all places in a cell become the
// same place, and snapping again changes nothing. With metres ≤ 0 or an
// invalid p, Snap returns p.
func (p Point) Snap(metres float64) Point {
	if !(metres > 0) || !p.inRange() {
		return p
	}
	lat := centreOfCell(p.Lat, -90, 180, math.Pi*earthRadius/metres)
	aroundRow := 2 * math.Pi * earthRadius * math.Cos(radians(lat))
	lon := centreOfCell(p.Lon, -180, 360, aroundRow/metres)
	return Point{Lon: lon, Lat: lat}
}

// centreOfCell divides [from, from+span] into about count equal cells and
// returns the centre of the one v lies in. The number of cells is even, so
// that no centre is 0 and nothing snaps to Null Island.
func centreOfCell(v, from, span, count float64) float64 {
	cells := math.Max(2, 2*math.Round(math.Min(count, 1e12)/2))
	cell := math.Min(math.Floor((v-from)/span*cells), cells-1)
	return from + (cell+0.5)*span/cells
}

func radians(degrees float64) float64 { return degrees * math.Pi / 180 }
func degrees(radians float64) float64 { return radians * 180 / math.Pi }
