package geo

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func dms(d, m, s float64) float64 { return radians(d + m/60 + s/3600) }

// The worked example of the Ordnance Survey's guide, annex C: Caister
// water tower, projection only, both ways.
func TestProjectionAgainstTheGuidesWorkedExample(t *testing.T) {
	lat, lon := dms(52, 39, 27.2531), dms(1, 43, 4.5177)
	e, n := project(lat, lon)
	if math.Abs(e-651409.903) > 0.001 || math.Abs(n-313177.270) > 0.001 {
		t.Errorf("project = %.3f, %.3f, want 651409.903, 313177.270", e, n)
	}
	backLat, backLon := unproject(651409.903, 313177.270)
	const tenthOfMillimetre = 2e-11 // radians
	if math.Abs(backLat-lat) > tenthOfMillimetre*10 || math.Abs(backLon-lon) > tenthOfMillimetre*10 {
		t.Errorf("unproject = %v, %v, want %v, %v", backLat, backLon, lat, lon)
	}
}

// Ten of the forty test points the Ordnance Survey publishes with OSTN15, from
// Scilly to Shetland, rounded to 1 mm. All forty are within 5 m; St Kilda is
// the furthest.
var ordnanceSurveyPoints = []struct {
	name              string
	lat, lon          float64
	easting, northing float64
}{
	{"TP01 St Mary's, Scilly", 49.92226394, -6.29977752, 91492.146, 11318.804},
	{"TP03 Plymouth", 50.43885826, -4.10864564, 250359.811, 62016.569},
	{"TP07", 51.37447026, 1.44454730, 639821.835, 169565.858},
	{"TP12", 52.25529382, -2.15458614, 389544.190, 261912.153},
	{"TP16", 53.34480280, -2.64049321, 357455.843, 383290.436},
	{"TP25", 54.97912274, -1.61657685, 424639.355, 565012.703},
	{"TP26", 55.85399953, -4.29649016, 256340.925, 664697.269},
	{"TP31 St Kilda", 57.81351838, -8.57854456, 9587.909, 899448.996},
	{"TP36", 59.09335035, -4.41757675, 261596.778, 1025447.602},
	{"TP40", 60.13308092, -2.07382823, 395999.668, 1138728.951},
}

func TestNationalGridIsWithinFiveMetresOfTheSurvey(t *testing.T) {
	worst := 0.0
	for _, c := range ordnanceSurveyPoints {
		e, n, err := ToNationalGrid(Point{Lon: c.lon, Lat: c.lat})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		p, err := FromNationalGrid(c.easting, c.northing)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		there, back := math.Hypot(e-c.easting, n-c.northing), Distance(p, Point{Lon: c.lon, Lat: c.lat})
		worst = max(worst, there, back)
		if there > 5 || back > 5 {
			t.Errorf("%s is %.2f m away on the grid, %.2f m on the ground, want at most 5", c.name, there, back)
		}
	}
	t.Logf("furthest of %d points: %.2f m", len(ordnanceSurveyPoints), worst)
}

func TestNationalGridRefusesWhatIsNotInGreatBritain(t *testing.T) {
	for _, c := range []struct {
		name              string
		easting, northing float64
	}{
		{"missing values", 0, 0},
		{"degrees", -1.86, 52.47},
		{"beyond Shetland", 400000, 1300000},
		{"east of Lowestoft", 700000, 290000},
		{"millimetres", 407000000, 286000000},
		{"not a number", math.NaN(), 286000},
		{"infinite", 407000, math.Inf(1)},
	} {
		p, err := FromNationalGrid(c.easting, c.northing)
		if !errors.Is(err, &Error{Reason: ReasonOutsideArea}) || p != (Point{}) {
			t.Errorf("%s: FromNationalGrid(%v, %v) = %v, %v", c.name, c.easting, c.northing, p, err)
		}
	}
	for _, p := range []Point{{}, {2.3522, 48.8566}, {-74, 40.7}, {0, 90}, {math.NaN(), 52}, {10.75, 59.91}} {
		if e, n, err := ToNationalGrid(p); !errors.Is(err, &Error{Reason: ReasonOutsideArea}) {
			t.Errorf("ToNationalGrid(%v) = %v, %v, %v", p, e, n, err)
		}
	}
}

func TestNationalGridRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := rapid.Float64Range(gridWest, gridEast).Draw(t, "easting")
		n := rapid.Float64Range(gridSouth, gridNorth).Draw(t, "northing")
		p, err := FromNationalGrid(e, n)
		if err != nil {
			t.Fatal(err)
		}
		if !BritishIsles().Contains(p) {
			t.Fatalf("%v, %v became %v, outside the British Isles", e, n, p)
		}
		v := toOSGB36(fromGeodetic(wgs84(), radians(p.Lat), radians(p.Lon)))
		if w := toOSGB36(toWGS84(v)); math.Abs(w.x-v.x)+math.Abs(w.y-v.y)+math.Abs(w.z-v.z) > 1e-6 {
			t.Fatalf("%v between the datums and back became %v", toWGS84(v), w)
		}
		backE, backN := project(toGeodetic(airy1830(), v))
		if d := math.Hypot(backE-e, backN-n); d > 0.01 {
			t.Fatalf("%v, %v came back %v m away", e, n, d)
		}
	})
}
