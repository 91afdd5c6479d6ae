package geo

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSystemsAreKnownByTheirURIs(t *testing.T) {
	for _, s := range Systems() {
		if back, err := ParseSystem(s.URI()); err != nil || back != s || s.URI() == "" {
			t.Errorf("%q became %v, %v", s.URI(), back, err)
		}
	}
	for _, other := range []string{"", "EPSG:27700", "http://www.opengis.net/def/crs/EPSG/0/25830", EPSG27700.URI() + "/", strings.ToUpper(EPSG27700.URI())} {
		if s, err := ParseSystem(other); !errors.Is(err, &Error{Reason: ReasonUnknownCRS}) {
			t.Errorf("%q became %v, %v", other, s, err)
		}
	}
}

func TestCoordinatesFollowTheAxesOfTheSystem(t *testing.T) {
	p := Point{Lon: -1.8597, Lat: 52.4723}
	for s, want := range map[System][2]float64{
		CRS84: {-1.8597, 52.4723}, EPSG4326: {52.4723, -1.8597},
	} {
		x, y, err := s.Coordinates(p)
		if err != nil || x != want[0] || y != want[1] {
			t.Errorf("%s: %v, %v, %v, want %v", s.URI(), x, y, err, want)
		}
	}
	if _, _, err := EPSG3857.Coordinates(Point{Lat: 86}); !errors.Is(err, &Error{Reason: ReasonOutsideArea}) {
		t.Errorf("the pole is on web mercator: %v", err)
	}
}

// The example of EPSG Guidance Note 7-2 for the method 1024: 24°22'54.433"N, 100°20'00.000"W.
func TestWebMercatorAgainstTheGuidanceNotesExample(t *testing.T) {
	x, y, err := EPSG3857.Coordinates(Point{Lon: -(100 + 20.0/60), Lat: 24 + 22.0/60 + 54.433/3600})
	if err != nil || math.Abs(x+11169055.58) > 0.01 || math.Abs(y-2800000.00) > 0.01 {
		t.Errorf("%.3f, %.3f, %v, want -11169055.58, 2800000.00", x, y, err)
	}
}

// From WGS84 to the grid and back by FromNationalGrid, everywhere in Great Britain: within a millimetre. What both share, the 5 m of
// the Helmert transformation, is held against the survey's own points in TestNationalGridIsWithinFiveMetresOfTheSurvey.
func TestGridCoordinatesComeBackWithinAMillimetre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Point{Lon: rapid.Float64Range(-6.5, 1.4).Draw(t, "longitude"), Lat: rapid.Float64Range(50.2, 60.7).Draw(t, "latitude")}
		easting, northing, err := EPSG27700.Coordinates(p)
		if err != nil {
			t.Fatal(err)
		}
		back, err := FromNationalGrid(easting, northing)
		if err != nil {
			t.Fatal(err)
		}
		if d := Distance(p, back); d > 0.001 {
			t.Fatalf("%v came back %v m away", p, d)
		}
	})
}

func TestGeometryInASystem(t *testing.T) {
	square := must(t, polygonOf("[-1.86,52.472],[-1.859,52.472],[-1.859,52.4726],[-1.86,52.4726],[-1.86,52.472]"))
	for _, g := range []Geometry{square, PointGeometry(Point{Lon: -1.86, Lat: 52.472})} {
		for _, s := range Systems() {
			first := firstPosition(t, g.In(s))
			x, y, err := s.Coordinates(Point{Lon: -1.86, Lat: 52.472})
			if err != nil || math.Abs(first[0]-x) > 0.001 || math.Abs(first[1]-y) > 0.001 {
				t.Errorf("%v in %s begins at %v, want %v, %v", g.Kind(), s.URI(), first, x, y)
			}
		}
	}
	if got := string(square.In(CRS84)); got != string(square.GeoJSON()) {
		t.Errorf("CRS84: %s", got)
	}
	paris := PointGeometry(Point{Lon: 2.35, Lat: 48.86})
	if got := string(paris.In(EPSG27700)); got != "null" {
		t.Errorf("Paris is on the National Grid: %s", got)
	}
	if got := string((Geometry{}).In(EPSG3857)); got != "null" {
		t.Errorf("no place: %s", got)
	}
}

func must(t *testing.T, geojson string) Geometry {
	t.Helper()
	g, err := ParseGeoJSON([]byte(geojson), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// firstPosition is the first of a geometry, however deep it lies.
func firstPosition(t *testing.T, geojson []byte) [2]float64 {
	t.Helper()
	var g struct{ Coordinates any }
	if err := json.Unmarshal(geojson, &g); err != nil {
		t.Fatal(err)
	}
	list, _ := g.Coordinates.([]any)
	for {
		inner, nested := list[0].([]any)
		if !nested {
			return [2]float64{list[0].(float64), list[1].(float64)}
		}
		list = inner
	}
}
