package geo

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// In a drawing capitals are the corners of a polygon in the order of the
// alphabet and small letters those of its hole; # lies inside, + on the border
// and . outside. A column is a degree to the east, a row one to the south.
func TestContainsByDrawing(t *testing.T) {
	for name, drawing := range map[string]string{
		"a yard with a pond": `
			. . . . . . . . . . . . .
			. A + + + B . E + + + F .
			. + # # # + . + # # # + .
			. + # # # C + D # # # + .
			. + # a + + d # # # # + .
			. + # + . . + # # # # + .
			. + # b + + c # # # # + .
			. + # # # # # # # # # + .
			. H + + + + + + + + + G .
			. . . . . . . . . . . . .`,
		"a diamond": `
			. . . . A . . . .
			. . . + # + . . .
			. . + # # # + . .
			. B # # # # # D .
			. . + # # # + . .
			. . . + # + . . .
			. . . . C . . . .`,
		"two gables, level with each other": `
			. . . D . . . B . . .
			. . + # + . + # + . .
			. E # # # C # # # A .
			. + # # # # # # # + .
			. F + + + + + + + G .
			. . . . . . . . . . .`,
	} {
		t.Run(name, func(t *testing.T) {
			rows := strings.Split(strings.ReplaceAll(strings.TrimSpace(drawing), " ", ""), "\n")
			for i := range rows {
				rows[i] = strings.TrimSpace(rows[i])
			}
			g := mustParse(t, draw(rows))
			for row, line := range rows {
				for col, mark := range line {
					p := drawn(row, col)
					if got, want := g.Contains(p), mark != '.'; got != want {
						t.Errorf("row %d column %d, %q: Contains = %v", row, col, mark, got)
					}
					onLine := polygonPlace(g.polygons[0], [2]float64{p.Lon, p.Lat}) == onBorder
					if want := mark != '.' && mark != '#'; onLine != want {
						t.Errorf("row %d column %d, %q: on the border = %v", row, col, mark, onLine)
					}
				}
			}
		})
	}
}

func drawn(row, col int) Point { return Point{Lon: float64(col + 1), Lat: float64(50 - row)} }

func draw(rows []string) string {
	corners := map[rune]string{}
	for row, line := range rows {
		for col, mark := range line {
			p := drawn(row, col)
			corners[mark] = fmt.Sprintf("[%v,%v]", p.Lon, p.Lat)
		}
	}
	var rings []string
	for _, first := range []rune{'A', 'a'} {
		var ring []string
		for letter := first; corners[letter] != ""; letter++ {
			ring = append(ring, corners[letter])
		}
		if len(ring) > 0 {
			rings = append(rings, strings.Join(append(ring, ring[0]), ","))
		}
	}
	return polygonOf(rings...)
}

// star draws a polygon whose corners lie at ascending angles around a centre,
// so that it never crosses itself, with a hole or without.
func star(t *rapid.T) string {
	centre := homePoint(t)
	n := rapid.IntRange(3, 30).Draw(t, "corners")
	ring := func(least, most float64, label string) string {
		var at []string
		for i := range n {
			angle := 2 * math.Pi * float64(i) / float64(n)
			reach := rapid.Float64Range(least, most).Draw(t, label)
			at = append(at, fmt.Sprintf("[%.10f,%.10f]", centre.Lon+1.6*reach*math.Cos(angle), centre.Lat+reach*math.Sin(angle)))
		}
		return strings.Join(append(at, at[0]), ",")
	}
	rings := []string{ring(0.004, 0.01, "reach")}
	if rapid.Bool().Draw(t, "hole") {
		rings = append(rings, ring(0.0005, 0.0015, "reach of the hole"))
	}
	return polygonOf(rings...)
}

func parseStar(t *rapid.T) Geometry {
	text := star(t)
	g, err := ParseGeoJSON([]byte(text), DefaultLimits())
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return g
}

func TestContainsAgreesWithThePlainRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := parseStar(t)
		b := g.Bounds()
		for range 20 {
			p := Point{
				rapid.Float64Range(b.West-0.001, b.East+0.001).Draw(t, "lon"),
				rapid.Float64Range(b.South-0.001, b.North+0.001).Draw(t, "lat"),
			}
			if polygonPlace(g.polygons[0], [2]float64{p.Lon, p.Lat}) == onBorder {
				continue // the plain rule does not know borders
			}
			if g.Contains(p) != plainContains(g, p) {
				t.Fatalf("%v in %s: %v", p, g.GeoJSON(), g.Contains(p))
			}
		}
	})
}

func TestWhatIsWrittenReadsBackTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := parseStar(t)
		back, err := ParseGeoJSON(g.GeoJSON(), DefaultLimits())
		if err != nil || string(back.GeoJSON()) != string(g.GeoJSON()) || back.Kind() != g.Kind() || back.Bounds() != g.Bounds() {
			t.Fatalf("%s came back from GeoJSON as %s, %v", g.GeoJSON(), back.GeoJSON(), err)
		}
		back, err = ParseWKT(g.WKT(), DefaultLimits())
		if err != nil || back.WKT() != g.WKT() || string(back.GeoJSON()) != string(g.GeoJSON()) {
			t.Fatalf("%s came back from WKT as %s, %v", g.WKT(), back.WKT(), err)
		}
	})
}

func TestRingsFollowTheRightHandRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := parseStar(t)
		for i, ring := range g.polygons[0] {
			if turn := int(ring.Orientation()); turn != 1-2*min(i, 1) {
				t.Fatalf("ring %d of %s turns %d", i, g.GeoJSON(), turn)
			}
		}
	})
}

func TestCentroidAndPinPoint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := parseStar(t)
		if !g.Bounds().Contains(g.Centroid()) {
			t.Fatalf("the centroid %v of %s lies outside its box", g.Centroid(), g.GeoJSON())
		}
		if !g.Contains(g.PinPoint()) {
			t.Fatalf("the pin %v of %s lies outside", g.PinPoint(), g.GeoJSON())
		}
		p := innerPoint(g.polygons[0])
		if polygonPlace(g.polygons[0], p) != inside {
			t.Fatalf("the inner point %v of %s lies outside", p, g.GeoJSON())
		}
	})
	horseshoe := mustParse(t, polygonOf("[0,10],[9,10],[9,19],[8,19],[8,11],[1,11],[1,19],[0,19],[0,10]"))
	if c := horseshoe.Centroid(); horseshoe.Contains(c) {
		t.Errorf("the centroid %v of a horseshoe lies in it", c)
	}
	if p := horseshoe.PinPoint(); !horseshoe.Contains(p) {
		t.Errorf("the pin %v of a horseshoe lies outside", p)
	}
	isles := mustParse(t, `{"type":"MultiPolygon","coordinates":[[[`+square(1, 10, 0.5)+`]],[[`+square(5, 10, 1)+`]],[[`+square(20, 10, 0.7)+`]]]}`)
	if p := isles.PinPoint(); isles.Contains(isles.Centroid()) || p.Lon < 4 || p.Lon > 6 {
		t.Errorf("the pin %v of three isles is not on the largest", p)
	}
}

// The area is computed on the sphere; the National Grid's plane, which shows
// areas within one part in a thousand here, is the second opinion.
func TestAreaAgreesWithTheNationalGrid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := parseStar(t)
		want := 0.0
		for _, ring := range g.polygons[0] {
			twice := 0.0
			for i := 1; i < len(ring); i++ {
				e1, n1, err1 := ToNationalGrid(Point{ring[i-1][0], ring[i-1][1]})
				e2, n2, err2 := ToNationalGrid(Point{ring[i][0], ring[i][1]})
				if err1 != nil || err2 != nil {
					t.Fatal(err1, err2)
				}
				twice += (e1-400_000)*(n2-290_000) - (e2-400_000)*(n1-290_000)
			}
			want += twice / 2 // holes turn the other way and count below nothing
		}
		if got := g.AreaSquareMetres(); math.Abs(got-want) > 0.004*want {
			t.Fatalf("%v m² on the sphere, %v m² on the grid", got, want)
		}
	})
}

func TestZeroAndPointGeometry(t *testing.T) {
	var none Geometry
	if none.Contains(Point{}) || !none.IsZero() || none.AreaSquareMetres() != 0 || string(none.GeoJSON()) != "null" || none.WKT() != "" || none.Positions() != 0 || none.PinPoint().Valid() {
		t.Errorf("the zero Geometry is something: %s", none.GeoJSON())
	}
	if !PointGeometry(Point{}).IsZero() || !PointGeometry(Point{math.NaN(), 1}).IsZero() {
		t.Error("an invalid point became a Geometry")
	}
	g := PointGeometry(bordesleyGreen)
	if g.Kind() != KindPoint || !g.Contains(bordesleyGreen) || g.Contains(Point{-1.86, 52.47}) || g.Centroid() != bordesleyGreen || g.PinPoint() != bordesleyGreen || g.AreaSquareMetres() != 0 || g.Positions() != 1 {
		t.Errorf("a point is %s", g.GeoJSON())
	}
	if want := "POINT (-1.8597 52.4723)"; g.WKT() != want {
		t.Errorf("WKT %q, want %q", g.WKT(), want)
	}
}

func TestBoxGeometryAndCircle(t *testing.T) {
	g := BoxGeometry(birmingham())
	if g.Kind() != KindPolygon || g.Bounds() != birmingham() || !g.Contains(bordesleyGreen) {
		t.Errorf("the box became %s", g.GeoJSON())
	}
	for _, b := range []Box{{}, {1, 1, 1, 2}, {2, 1, 1, 2}, {0, 0, 0, math.NaN()}, {1, 1, 1 + 1e-12, 2}} {
		if !BoxGeometry(b).IsZero() {
			t.Errorf("%v became a Geometry", b)
		}
	}
	circle := Circle(bordesleyGreen, 400)
	for _, p := range circle.polygons[0][0] {
		if d := Distance(bordesleyGreen, Point{p[0], p[1]}); math.Abs(d-400) > 0.01 {
			t.Errorf("a corner of the circle is %v m away", d)
		}
	}
	if area := circle.AreaSquareMetres(); math.Abs(area-math.Pi*400*400) > 0.004*area || !circle.Contains(bordesleyGreen) {
		t.Errorf("the circle covers %v m²", area)
	}
	if _, err := ParseGeoJSON(circle.GeoJSON(), DefaultLimits()); err != nil {
		t.Errorf("the circle does not read back: %v", err)
	}
	for _, c := range []Geometry{Circle(Point{}, 400), Circle(bordesleyGreen, 0), Circle(bordesleyGreen, math.NaN()), Circle(bordesleyGreen, 1e7), Circle(Point{179.9999, 10}, 1000), Circle(Point{10, 89.9}, 1000)} {
		if !c.IsZero() {
			t.Errorf("became a circle: %s", c.GeoJSON())
		}
	}
}
