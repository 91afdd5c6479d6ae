package geo

import (
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func exampleAreas(tb testing.TB) *Areas {
	tb.Helper()
	file, err := os.Open("testdata/areas.geojson")
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	features, err := ParseFeatures(file, DefaultLimits())
	if err != nil {
		tb.Fatal(err)
	}
	var areas []Area
	for _, f := range features {
		areas = append(areas, Area{Code: f.ID, Name: f.Properties["name"].(string), Geometry: f.Geometry})
	}
	slices.Reverse(areas) // the order of the file must not matter
	x, err := NewAreas(areas)
	if err != nil {
		tb.Fatal(err)
	}
	return x
}

func TestAreasFind(t *testing.T) {
	x := exampleAreas(t)
	for _, c := range []struct {
		name string
		p    Point
		want string
	}{
		{"in the west", Point{-1.87, 52.47}, "X01"},
		{"in the east", Point{-1.855, 52.47}, "X02"},
		{"in a hole of the east, which is another area", Point{-1.848, 52.47}, "X03"},
		{"on the border of two: the first by code", Point{-1.86, 52.46}, "X01"},
		{"on the border of the hole", Point{-1.85, 52.47}, "X02"},
		{"on the first isle", Point{-1.875, 52.492}, "X04"},
		{"on the second isle", Point{-1.845, 52.492}, "X04"},
		{"between the isles", Point{-1.86, 52.492}, ""},
		{"far away", Point{0.1, 51.5}, ""},
		{"nowhere", Point{}, ""},
	} {
		if got, ok := x.Find(c.p); got != c.want || ok != (c.want != "") {
			t.Errorf("%s: %q, %v, want %q", c.name, got, ok, c.want)
		}
	}
}

func TestAreasGetAndAll(t *testing.T) {
	x := exampleAreas(t)
	if a, ok := x.Get("X03"); !ok || a.Name != "Pond Example" {
		t.Errorf("X03 is %q, %v", a.Name, ok)
	}
	if a, ok := x.Get("X05"); ok {
		t.Errorf("X05 is %q", a.Name)
	}
	all := x.All()
	if x.Len() != 4 || len(all) != 4 || all[0].Code != "X01" || all[3].Code != "X04" {
		t.Errorf("%d areas: %v", x.Len(), all)
	}
	all[0].Code = "changed"
	if _, ok := x.Get("X01"); !ok {
		t.Error("a caller changed the areas through All")
	}
	var none Areas
	if code, ok := none.Find(bordesleyGreen); ok || code != "" || none.Len() != 0 {
		t.Errorf("no areas hold %q", code)
	}
}

func TestNewAreasRefuses(t *testing.T) {
	ground := BoxGeometry(birmingham())
	x, err := NewAreas([]Area{
		{Code: "A", Geometry: ground},
		{Code: "", Geometry: ground},
		{Code: "A", Geometry: ground},
		{Code: "B", Geometry: PointGeometry(bordesleyGreen)},
		{Code: "C"},
	})
	var errs Errors
	if x != nil || !errors.As(err, &errs) || len(errs) != 4 {
		t.Fatalf("%v, %v", x, err)
	}
	for i, want := range []Error{
		{Reason: ReasonProperty, Feature: 2},
		{Reason: ReasonDuplicateID, Feature: 3, Earlier: 1},
		{Reason: ReasonWrongType, Feature: 4},
		{Reason: ReasonWrongType, Feature: 5},
	} {
		if e := errs[i]; e.Reason != want.Reason || e.Feature != want.Feature || e.Earlier != want.Earlier {
			t.Errorf("error %d is %+v, want %+v", i, e, want)
		}
	}
}

func TestAreasFindAgreesWithLookingAtAll(t *testing.T) {
	x := honeycomb(t)
	rapid.Check(t, func(t *rapid.T) {
		p := homePoint(t)
		want := ""
		for _, a := range x.All() {
			if want == "" && plainContains(a.Geometry, p) {
				want = a.Code
			}
		}
		if got, _ := x.Find(p); got != want {
			t.Fatalf("%v is in %q, want %q", p, got, want)
		}
	})
}

// Two wards share a jagged border. However close to it people live, everybody
// is counted, and nobody twice: on the border itself the first code counts.
func TestNobodyFallsBetweenNeighbours(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 12).Draw(t, "corners")
		border := make([]Point, n)
		for i := range border {
			border[i] = Point{
				Lon: -1.86 + rapid.Float64Range(-0.009, 0.009).Draw(t, "lon"),
				Lat: 52.46 + 0.02*float64(i)/float64(n-1),
			}.rounded()
		}
		west, east := besides(t, border)
		x, err := NewAreas([]Area{{Code: "E2", Geometry: east}, {Code: "E1", Geometry: west}})
		if err != nil {
			t.Fatal(err)
		}
		for range 100 {
			at := rapid.IntRange(1, n-1).Draw(t, "edge")
			along := rapid.Float64Range(0, 1).Draw(t, "along")
			a, b := border[at-1], border[at]
			p := Point{a.Lon + along*(b.Lon-a.Lon), a.Lat + along*(b.Lat-a.Lat)}
			for range rapid.IntRange(0, 3).Draw(t, "steps aside") {
				p.Lon = math.Nextafter(p.Lon, 0)
			}
			inWest, inEast := west.Contains(p), east.Contains(p)
			if !inWest && !inEast {
				t.Fatalf("%v lies on the border of two areas and in none", p)
			}
			if inWest && inEast && polygonPlace(west.polygons[0], [2]float64{p.Lon, p.Lat}) != onBorder {
				t.Fatalf("%v lies inside two areas", p)
			}
			code, _ := x.Find(p)
			if want := map[bool]string{true: "E1", false: "E2"}[inWest]; code != want {
				t.Fatalf("%v is counted in %q, want %q", p, code, want)
			}
		}
	})
}

// besides draws the polygons to the west and the east of a border that runs
// north, the second with its positions the other way round.
func besides(t *rapid.T, border []Point) (west, east Geometry) {
	text := func(points []Point) string {
		var at []string
		for _, p := range append(slices.Clone(points), points[0]) {
			at = append(at, fmt.Sprintf("[%.8f,%.8f]", p.Lon, p.Lat))
		}
		return polygonOf(strings.Join(at, ","))
	}
	first, last := border[0], border[len(border)-1]
	reversed := slices.Clone(border)
	slices.Reverse(reversed)
	var err error
	if west, err = ParseGeoJSON([]byte(text(append([]Point{{-1.88, last.Lat}, {-1.88, first.Lat}}, border...))), DefaultLimits()); err != nil {
		t.Fatal(err)
	}
	if east, err = ParseGeoJSON([]byte(text(append([]Point{{-1.84, first.Lat}, {-1.84, last.Lat}}, reversed...))), DefaultLimits()); err != nil {
		t.Fatal(err)
	}
	return west, east
}
