package geo_test

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/yousaid/yousaid/geo"
)

// box is a rectangle whose corners are metres east and north of a place in Birmingham.
func box(t interface{ Fatal(...any) }, west, south, east, north float64) geo.Geometry {
	at := func(x, y float64) string {
		return fmt.Sprintf("[%.9f,%.9f]", -1.86+x/67_800, 52.47+y/111_195)
	}
	text := fmt.Sprintf(`{"type":"Polygon","coordinates":[[%s,%s,%s,%s,%s]]}`, at(west, south), at(east, south), at(east, north), at(west, north), at(west, south))
	g, err := geo.ParseGeoJSON([]byte(text), geo.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func close2(a, b, share float64) bool {
	return math.Abs(a-b) <= share*max(math.Abs(a), math.Abs(b), 100)
}

func TestAreaOutside(t *testing.T) {
	site := box(t, 0, 0, 100, 50)
	for name, c := range map[string]struct {
		g, o geo.Geometry
		want float64
	}{
		"the same":              {site, site, 0},
		"inside":                {box(t, 10, 10, 20, 20), site, 0},
		"around":                {box(t, -10, -10, 110, 60), site, 120*70 - 5000},
		"apart":                 {box(t, 200, 0, 210, 10), site, 100},
		"half over the edge":    {box(t, 90, 10, 110, 20), site, 100},
		"against nothing":       {site, geo.Geometry{}, 5000},
		"nothing":               {geo.Geometry{}, site, 0},
		"a strip along an edge": {box(t, 0, 0, 100, 51), site, 100},
	} {
		if got := c.g.AreaOutside(c.o); !close2(got, c.want, 0.01) {
			t.Errorf("%s: %.2f m², want %.2f", name, got, c.want)
		}
	}
}

func TestAreaOutsideWithHolesAndSlopes(t *testing.T) {
	parse := func(text string) geo.Geometry {
		t.Helper()
		g, err := geo.ParseGeoJSON([]byte(text), geo.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	ring := parse(`{"type":"Polygon","coordinates":[[[-1.86,52.47],[-1.85,52.47],[-1.85,52.48],[-1.86,52.48],[-1.86,52.47]],
		[[-1.857,52.473],[-1.857,52.477],[-1.853,52.477],[-1.853,52.473],[-1.857,52.473]]]}`)
	filled := parse(`{"type":"Polygon","coordinates":[[[-1.86,52.47],[-1.85,52.47],[-1.85,52.48],[-1.86,52.48],[-1.86,52.47]]]}`)
	hole := filled.AreaSquareMetres() - ring.AreaSquareMetres()
	if got := filled.AreaOutside(ring); !close2(got, hole, 0.005) {
		t.Errorf("the hole: %.0f m², want %.0f", got, hole)
	}
	if got := ring.AreaOutside(filled); got > 1e-3 {
		t.Errorf("a ring outside its own filling: %f m²", got)
	}
	diamond := parse(`{"type":"Polygon","coordinates":[[[-1.855,52.467],[-1.847,52.475],[-1.855,52.483],[-1.863,52.475],[-1.855,52.467]]]}`)
	// What is of both is counted once from either side.
	both := diamond.AreaSquareMetres() - diamond.AreaOutside(filled)
	if other := filled.AreaSquareMetres() - filled.AreaOutside(diamond); !close2(both, other, 0.005) {
		t.Errorf("in common: %.0f m² and %.0f m²", both, other)
	}
}

func TestAreaOutsideOfBoxes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) (x, y, w, h float64) {
			n := func(part string, low, high int) float64 { return float64(rapid.IntRange(low, high).Draw(t, name+part)) }
			return n("x", 0, 200), n("y", 0, 200), n("w", 1, 200), n("h", 1, 200)
		}
		ax, ay, aw, ah := draw("a")
		bx, by, bw, bh := draw("b")
		common := max(0, min(ax+aw, bx+bw)-max(ax, bx)) * max(0, min(ay+ah, by+bh)-max(ay, by))
		a, b := box(t, ax, ay, ax+aw, ay+ah), box(t, bx, by, bx+bw, by+bh)
		if got, want := a.AreaOutside(b), aw*ah-common; math.Abs(got-want) > 0.01*aw*ah+0.5 {
			t.Fatalf("%.2f m², want %.2f", got, want)
		}
	})
}
