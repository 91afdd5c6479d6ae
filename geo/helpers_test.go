package geo

import (
	"fmt"
	"math"
	"testing"
)

// honeycomb covers Birmingham's box with 69 patches of about 100 positions
// each, as many as the city has wards.
func honeycomb(tb testing.TB) *Areas {
	tb.Helper()
	b := birmingham()
	var areas []Area
	for i := range 69 {
		centre := Point{
			Lon: b.West + (float64(i%9)+0.5)/9*(b.East-b.West),
			Lat: b.South + (float64(i/9)+0.5)/8*(b.North-b.South),
		}
		areas = append(areas, Area{Code: fmt.Sprintf("W%02d", i), Geometry: blob(tb, centre, 100)})
	}
	x, err := NewAreas(areas)
	if err != nil {
		tb.Fatal(err)
	}
	return x
}

// blob is a wavy patch of about 1,800 metres across.
func blob(tb testing.TB, centre Point, corners int) Geometry {
	tb.Helper()
	json := `{"type":"Polygon","coordinates":[[`
	first := ""
	for i := range corners {
		angle := 2 * math.Pi * float64(i) / float64(corners)
		reach := 0.008 * (1 + 0.1*math.Sin(9*angle))
		at := fmt.Sprintf("[%.7f,%.7f]", centre.Lon+1.6*reach*math.Cos(angle), centre.Lat+reach*math.Sin(angle))
		if i == 0 {
			first = at
		}
		json += at + ","
	}
	return mustParse(tb, json+first+"]]}")
}

func mustParse(tb testing.TB, geojson string) Geometry {
	tb.Helper()
	g, err := ParseGeoJSON([]byte(geojson), Limits{})
	if err != nil {
		tb.Fatalf("%.80s: %v", geojson, err)
	}
	return g
}

// plainContains is the textbook even-odd rule over all rings, without boxes
// and without care for borders: the second opinion of the tests.
func plainContains(g Geometry, p Point) bool {
	in := false
	for _, polygon := range g.polygons {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				a, b := ring[i-1], ring[i]
				if (a[1] > p.Lat) != (b[1] > p.Lat) && p.Lon < (b[0]-a[0])*(p.Lat-a[1])/(b[1]-a[1])+a[0] {
					in = !in
				}
			}
		}
	}
	return in
}
