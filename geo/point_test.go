package geo

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// bordesleyGreen is where the demo's map begins.
var bordesleyGreen = Point{Lon: -1.8597, Lat: 52.4723}

func TestPointValid(t *testing.T) {
	for _, c := range []struct {
		name string
		p    Point
		want bool
	}{
		{"Bordesley Green", bordesleyGreen, true},
		{"the equator", Point{Lon: 10}, true},
		{"Greenwich", Point{Lat: 51.4779}, true},
		{"the corners", Point{-180, 90}, true},
		{"Null Island", Point{}, false},
		{"too far east", Point{180.0001, 52}, false},
		{"too far north", Point{0, 90.0001}, false},
		{"not a number", Point{math.NaN(), 52}, false},
		{"infinite", Point{-1, math.Inf(1)}, false},
	} {
		if got := c.p.Valid(); got != c.want {
			t.Errorf("%s: Valid() = %v", c.name, got)
		}
	}
}

func TestParsePoint(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Point
		why  Reason
	}{
		{in: "52.4723,-1.8597", want: bordesleyGreen},
		{in: " 52.4723 , -1.8597 ", want: bordesleyGreen},
		{in: "+5.24723e1,-18597e-4", want: bordesleyGreen},
		{in: "", why: ReasonWrongCount},
		{in: "52.4723", why: ReasonWrongCount},
		{in: "52.4723,-1.8597,3", why: ReasonWrongCount},
		{in: "52.4723 -1.8597", why: ReasonWrongCount},
		{in: "52.4723,", why: ReasonNotNumber},
		{in: "NaN,1", why: ReasonNotNumber},
		{in: "1,Inf", why: ReasonNotNumber},
		{in: "0x34,1", why: ReasonNotNumber},
		{in: "1_0,1", why: ReasonNotNumber},
		{in: "५२,1", why: ReasonNotNumber},
		{in: "52.4723,-1.8597\x00", why: ReasonNotNumber},
		{in: "1e999,1", why: ReasonOutOfRange},
		{in: "91,0", why: ReasonOutOfRange},
		{in: "0,0", why: ReasonNullIsland},
		{in: "-0,0.0", why: ReasonNullIsland},
	} {
		got, err := ParsePoint(c.in)
		if c.why == "" && (err != nil || got != c.want) {
			t.Errorf("ParsePoint(%q) = %v, %v", c.in, got, err)
		}
		if c.why != "" && (!errors.Is(err, &Error{Reason: c.why}) || got != (Point{})) {
			t.Errorf("ParsePoint(%q) = %v, %v, want %s", c.in, got, err, c.why)
		}
	}
}

func TestPointTextComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := homePoint(t)
		back, err := ParsePoint(p.String())
		if err != nil || Distance(p, back) > 0.2 {
			t.Fatalf("%v as %q came back as %v, %v", p, p.String(), back, err)
		}
	})
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		name string
		a, b Point
		want float64
		near float64 // metres
	}{
		{"the same place", bordesleyGreen, bordesleyGreen, 0, 0},
		{"a degree of latitude", Point{0, 52}, Point{0, 53}, math.Pi / 180 * earthRadius, 0.001},
		{"half round the world", Point{-90, 0}, Point{90, 0}, math.Pi * earthRadius, 0.01},
	} {
		if got := Distance(c.a, c.b); math.Abs(got-c.want) > c.near {
			t.Errorf("%s: %v m, want %v ± %v", c.name, got, c.want, c.near)
		}
	}
}

func TestDistanceAgreesWithTheNationalGrid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := homePoint(t), homePoint(t)
		e1, n1, err1 := ToNationalGrid(a)
		e2, n2, err2 := ToNationalGrid(b)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		grid := math.Hypot(e2-e1, n2-n1)
		if d := Distance(a, b); math.Abs(d-grid) > 0.003*grid+0.01 {
			t.Fatalf("%v to %v: %v m on the sphere, %v m on the grid", a, b, d, grid)
		}
		if Distance(a, b) != Distance(b, a) {
			t.Fatal("there is not as far as back")
		}
	})
}

func TestSnapHidesThePlaceAndNothingElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, metres := anyPoint(t), rapid.Float64Range(1, 5000).Draw(t, "metres")
		snapped := p.Snap(metres)
		if !snapped.Valid() {
			t.Fatalf("%v snapped to %v", p, snapped)
		}
		// Half the diagonal of a cell, which near a pole is stretched a little.
		if d := Distance(p, snapped); d > metres {
			t.Fatalf("%v moved %v m in a grid of %v m", p, d, metres)
		}
		if again := snapped.Snap(metres); again != snapped {
			t.Fatalf("%v snapped to %v and then to %v", p, snapped, again)
		}
	})
}

func TestSnapGridIsCoarse(t *testing.T) {
	// A square kilometre on a grid of 100 m has about 100 cells: far more would
	// mean that a published place says more than it may.
	seen := map[Point]bool{}
	box := Around(bordesleyGreen, 500)
	for i := range 200 {
		for j := range 200 {
			p := Point{
				box.West + (box.East-box.West)*float64(i)/199,
				box.South + (box.North-box.South)*float64(j)/199,
			}
			seen[p.Snap(100)] = true
		}
	}
	if len(seen) < 90 || len(seen) > 145 {
		t.Errorf("a square kilometre has %d cells of 100 m", len(seen))
	}
}

func TestSnapLeavesAloneWhatItCannotSnap(t *testing.T) {
	nan := Point{math.NaN(), 1}
	if got := nan.Snap(100); !math.IsNaN(got.Lon) || got.Lat != 1 {
		t.Errorf("an invalid point snapped to %v", got)
	}
	for _, metres := range []float64{0, -5, math.NaN()} {
		if got := bordesleyGreen.Snap(metres); got != bordesleyGreen {
			t.Errorf("Snap(%v) = %v", metres, got)
		}
	}
	if got := bordesleyGreen.Snap(math.Inf(1)); !got.Valid() {
		t.Errorf("Snap(+Inf) = %v", got)
	}
}

func TestLooksSwapped(t *testing.T) {
	if bordesleyGreen.LooksSwapped() {
		t.Error("Bordesley Green looks swapped")
	}
	if !(Point{Lon: 52.4723, Lat: -1.8597}).LooksSwapped() {
		t.Error("Bordesley Green the wrong way round does not look swapped")
	}
	if (Point{Lon: -74, Lat: 40.7}).LooksSwapped() {
		t.Error("New York looks swapped")
	}
}
