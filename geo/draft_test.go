package geo

import (
	"math"
	"strings"
	"testing"
)

func TestG03WrongPositions(t *testing.T) {
	for _, c := range []struct {
		name, position string
		why            Reason
		hint           string
	}{
		{"latitude first", "[52.4,-1.8]", ReasonSwapped, "latitude first"},
		{"latitude first, beyond the pole", "[52.4,-101.8]", ReasonSwapped, "latitude first"},
		{"far too large", "[1e308,0]", ReasonOutOfRange, ""},
		{"larger than numbers go", "[1e999,0]", ReasonOutOfRange, ""},
		{"null", "[null,1]", ReasonNotNumber, "null"},
		{"Null Island", "[0,0]", ReasonNullIsland, ""},
		{"as good as Null Island", "[1e-12,-1e-12]", ReasonNullIsland, ""},
		{"National Grid metres", "[407000,286000]", ReasonNationalGrid, "EPSG:27700"},
		{"New York", "[-74,40.7]", ReasonOutsideArea, ""},
		{"true", "[true,52]", ReasonNotNumber, "true"},
		{"an object", `[{"lon":1},52]`, ReasonNotNumber, ""},
	} {
		_, err := parseOne(`{"type":"Point","coordinates":` + c.position + `}`)
		wantReason(t, c.name, err, c.why, c.hint)
		ring := c.position + "," + square(-1.86, 52.47, 0.005) + "," + c.position
		_, err = ParseFeatures(strings.NewReader(collectionOf(
			featureOf(polygonOf(square(-1.8, 52.5, 0.001)), ""), featureOf(polygonOf(ring), ""))), DefaultLimits())
		wantReason(t, c.name+" in a ring", err, c.why, "feature 2")
	}
	g, err := parseOne(`{"type":"Point","coordinates":[-1.86,52.47,10,1e308]}`)
	if err != nil || g.Centroid() != (Point{-1.86, 52.47}) {
		t.Errorf("four dimensions: %v, %v", g.Centroid(), err)
	}
}

func TestG03AnywhereOnEarthWithoutWithin(t *testing.T) {
	if _, err := ParseGeoJSON([]byte(`{"type":"Point","coordinates":[-74,40.7]}`), Limits{}); err != nil {
		t.Errorf("New York without Limits.Within: %v", err)
	}
}

func TestG04WrongRings(t *testing.T) {
	outer := square(-1.86, 52.47, 0.005)
	for _, c := range []struct {
		name, geometry string
		why            Reason
		hint           string
	}{
		{"open", polygonOf("[-1.86,52.47],[-1.85,52.47],[-1.85,52.48],[-1.86,52.48]"), ReasonRingOpen, "outer ring"},
		{"three positions", polygonOf("[-1.86,52.47],[-1.85,52.47],[-1.86,52.47]"), ReasonRingShort, "3 positions"},
		{"one position four times", polygonOf(strings.Repeat("[-1.86,52.47],", 3) + "[-1.86,52.47]"), ReasonRingShort, "different"},
		{"a line there and back", polygonOf("[-1.86,52.47],[-1.85,52.47],[-1.85,52.47],[-1.86,52.47]"), ReasonRingShort, ""},
		{"a bow-tie", polygonOf("[-1.86,52.47],[-1.85,52.48],[-1.85,52.47],[-1.86,52.48],[-1.86,52.47]"), ReasonRingCrosses, "crosses"},
		{"a bow-tie with a position in its knot", polygonOf("[-1.87,52.46],[-1.86,52.47],[-1.85,52.48],[-1.85,52.46],[-1.86,52.47],[-1.87,52.48],[-1.87,52.46]"), ReasonRingCrosses, ""},
		{"a spike", polygonOf("[-1.86,52.47],[-1.84,52.47],[-1.85,52.47],[-1.85,52.48],[-1.86,52.47]"), ReasonRingCrosses, "turns back"},
		{"all on one line", polygonOf("[-1.86,52.47],[-1.85,52.47],[-1.84,52.47],[-1.86,52.47]"), ReasonRingCrosses, ""},
		{"touching its own edge", polygonOf("[-1.86,52.46],[-1.84,52.46],[-1.84,52.48],[-1.85,52.46],[-1.86,52.48],[-1.86,52.46]"), ReasonRingCrosses, ""},
		{"a hole outside", polygonOf(outer, square(-1.80, 52.47, 0.001)), ReasonHoleOutside, "hole 1"},
		{"a hole around", polygonOf(outer, square(-1.86, 52.47, 0.01)), ReasonHoleOutside, ""},
		{"a hole across the border", polygonOf(outer, square(-1.855, 52.47, 0.001)), ReasonHoleOutside, "crosses"},
		{"a hole as large as the polygon", polygonOf(outer, outer), ReasonHoleOutside, ""},
		{"a hole outside that touches", polygonOf(outer, "[-1.855,52.47],[-1.85,52.471],[-1.85,52.469],[-1.855,52.47]"), ReasonHoleOutside, ""},
		{"a hole that leaves through a corner of its own", polygonOf(outer, "[-1.858,52.47],[-1.855,52.471],[-1.85,52.47],[-1.855,52.469],[-1.858,52.47]"), ReasonHoleOutside, ""},
		{"a hole in a hole", polygonOf(outer, square(-1.86, 52.47, 0.003), square(-1.86, 52.47, 0.001)), ReasonHoleOutside, "hole 2"},
		{"a hole twice", polygonOf(outer, square(-1.86, 52.47, 0.001), square(-1.86, 52.47, 0.001)), ReasonHoleOutside, "share ground"},
		{"parts that cross", `{"type":"MultiPolygon","coordinates":[[[` + outer + `]],[[` + square(-1.857, 52.472, 0.005) + `]]]}`, ReasonOverlap, ""},
		{"a part in a part", `{"type":"MultiPolygon","coordinates":[[[` + outer + `]],[[` + square(-1.86, 52.47, 0.001) + `]]]}`, ReasonOverlap, "part 1"},
		{"a part twice", `{"type":"MultiPolygon","coordinates":[[[` + outer + `]],[[` + outer + `]]]}`, ReasonOverlap, "share ground"},
	} {
		_, err := ParseFeatures(strings.NewReader(collectionOf(featureOf(polygonOf(outer), ""), featureOf(c.geometry, ""))), DefaultLimits())
		wantReason(t, c.name, err, c.why, c.hint)
		wantReason(t, c.name, err, c.why, "feature 2")
	}
	_, err := ParseGeoJSON([]byte(polygonOf("[179,10],[-179,10],[-179,11],[179,11],[179,10]")), Limits{})
	wantReason(t, "across the antimeridian", err, ReasonAntimeridian, "split")
}

func TestG04Repairs(t *testing.T) {
	outer := square(-1.86, 52.47, 0.005)
	for _, c := range []struct{ name, geometry string }{
		{"clockwise", polygonOf("[-1.865,52.465],[-1.865,52.475],[-1.855,52.475],[-1.855,52.465],[-1.865,52.465]")},
		{"positions repeated", polygonOf("[-1.865,52.465],[-1.865,52.465],[-1.855,52.465],[-1.855,52.475],[-1.855,52.475],[-1.855,52.475],[-1.865,52.475],[-1.865,52.465]")},
		{"heights", polygonOf("[-1.865,52.465,1],[-1.855,52.465,2],[-1.855,52.475,3],[-1.865,52.475,4],[-1.865,52.465,1]")},
		{"digits past a millimetre", polygonOf("[-1.86500000001,52.465],[-1.855,52.46500000002],[-1.855,52.475],[-1.865,52.475],[-1.86500000001,52.465]")},
	} {
		g, err := parseOne(c.geometry)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got, want := g.AreaSquareMetres(), mustParse(t, polygonOf(outer)).AreaSquareMetres(); math.Abs(got-want) > 1 || got < 1 {
			t.Errorf("%s: %v m², want %v", c.name, got, want)
		}
		if ring := g.polygons[0][0]; len(ring) != 5 || ring.Orientation() != 1 {
			t.Errorf("%s: %d positions, direction %d; want 5, counter-clockwise", c.name, len(ring), ring.Orientation())
		}
	}
}
