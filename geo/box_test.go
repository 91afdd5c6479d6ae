package geo

import (
	"errors"
	"math"
	"testing"

	"github.com/paulmach/orb"
	orbgeo "github.com/paulmach/orb/geo"
	"pgregory.net/rapid"
)

func TestH10BoundingBox(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     Box
		why      Reason
	}{
		{name: "a box", in: "-1.9,52.45,-1.81,52.49", want: Box{-1.9, 52.45, -1.81, 52.49}},
		{name: "spaces", in: " -1.9, 52.45, -1.81, 52.49", want: Box{-1.9, 52.45, -1.81, 52.49}},
		{name: "heights are dropped", in: "-1.9,52.45,0,-1.81,52.49,100", want: Box{-1.9, 52.45, -1.81, 52.49}},
		{name: "the world", in: "-180,-90,180,90", want: Box{-180, -90, 180, 90}},
		{name: "one place", in: "-1.9,52.45,-1.9,52.45", want: Box{-1.9, 52.45, -1.9, 52.45}},
		{name: "nothing", in: "", why: ReasonWrongCount},
		{name: "three numbers", in: "-1.9,52.45,-1.81", why: ReasonWrongCount},
		{name: "five numbers", in: "-1.9,52.45,0,-1.81,52.49", why: ReasonWrongCount},
		{name: "a thousand numbers", in: string(make([]byte, 1000)), why: ReasonWrongCount},
		{name: "an empty number", in: "-1.9,52.45,,52.49", why: ReasonNotNumber},
		{name: "NaN", in: "-1.9,NaN,-1.81,52.49", why: ReasonNotNumber},
		{name: "Infinity", in: "-Infinity,52.45,Infinity,52.49", why: ReasonNotNumber},
		{name: "too large to be a number", in: "-1e999,52.45,1e999,52.49", why: ReasonOutOfRange},
		{name: "west and east swapped", in: "-1.81,52.45,-1.9,52.49", why: ReasonOutOfRange},
		{name: "south and north swapped", in: "-1.9,52.49,-1.81,52.45", why: ReasonOutOfRange},
		{name: "beyond the world", in: "-1.9,52.45,-1.81,90.1", why: ReasonOutOfRange},
		{name: "National Grid metres", in: "405000,284000,409000,288000", why: ReasonOutOfRange},
	} {
		got, err := ParseBox(c.in)
		if c.why == "" && (err != nil || got != c.want) {
			t.Errorf("%s: %v, %v, want %v", c.name, got, err, c.want)
		}
		if c.why != "" && (!errors.Is(err, &Error{Reason: c.why}) || got != (Box{})) {
			t.Errorf("%s: %v, %v, want %s", c.name, got, err, c.why)
		}
	}
}

func TestH10SwappedAxesAreNoticed(t *testing.T) {
	swapped, err := ParseBox("52.45,-1.9,52.49,-1.81")
	if err != nil || !swapped.LooksSwapped() {
		t.Errorf("latitude first: %v, %v, looks swapped: %v", swapped, err, swapped.LooksSwapped())
	}
	for _, b := range []Box{birmingham(), BritishIsles(), {-180, -90, 180, 90}, {-75, 40, -74, 41}} {
		if b.LooksSwapped() {
			t.Errorf("%v looks swapped", b)
		}
	}
}

func TestBoxContainsItsBorder(t *testing.T) {
	b := birmingham()
	for _, p := range []Point{{b.West, b.South}, {b.East, b.North}, b.Centre()} {
		if !b.Contains(p) {
			t.Errorf("%v is not in %v", p, b)
		}
	}
	for _, p := range []Point{{b.West - 1e-9, b.South}, {b.East, b.North + 1e-9}, {math.NaN(), 52.5}} {
		if b.Contains(p) {
			t.Errorf("%v is in %v", p, b)
		}
	}
}

func TestBoxIntersects(t *testing.T) {
	b := Box{0, 0, 2, 2}
	for _, c := range []struct {
		o    Box
		want bool
	}{
		{Box{1, 1, 3, 3}, true},
		{Box{2, 2, 3, 3}, true},
		{Box{0.5, 0.5, 1, 1}, true},
		{Box{-1, -1, 3, 3}, true},
		{Box{2.1, 0, 3, 2}, false},
		{Box{0, -2, 2, -0.1}, false},
	} {
		if b.Intersects(c.o) != c.want || c.o.Intersects(b) != c.want {
			t.Errorf("%v and %v: want %v", b, c.o, c.want)
		}
	}
}

func TestAroundHoldsTheCircleAndLittleMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		centre, metres := anyPoint(t), rapid.Float64Range(0.1, 50_000).Draw(t, "metres")
		box := Around(centre, metres)
		if !box.Valid() {
			t.Fatalf("Around(%v, %v) = %v", centre, metres, box)
		}
		p := Point{
			rapid.Float64Range(math.Max(-180, 2*box.West-centre.Lon), math.Min(180, 2*box.East-centre.Lon)).Draw(t, "lon"),
			rapid.Float64Range(math.Max(-90, 2*box.South-centre.Lat), math.Min(90, 2*box.North-centre.Lat)).Draw(t, "lat"),
		}
		d := Distance(centre, p)
		if d <= metres && !box.Contains(p) {
			t.Fatalf("%v is %v m away, outside %v", p, d, box)
		}
		bearing := rapid.Float64Range(0, 360).Draw(t, "bearing")
		if rapid.Bool().Draw(t, "to the east") {
			bearing = 90 - rapid.Float64Range(-1, 1).Draw(t, "aside")
		}
		q := orbgeo.PointAtBearingAndDistance(orb.Point{centre.Lon, centre.Lat}, bearing, metres*0.999999)
		if q[0] >= -180 && q[0] <= 180 && !box.Contains(Point{q[0], q[1]}) {
			t.Fatalf("%v, at %v degrees, lies outside %v", q, bearing, box)
		}
		if box.Contains(p) && d > 1.5*metres {
			t.Fatalf("%v is %v m away, inside the box of %v m", p, d, metres)
		}
	})
}

func TestAroundWithNoDistanceIsThePlace(t *testing.T) {
	for _, metres := range []float64{0, -1, math.NaN()} {
		if got := Around(bordesleyGreen, metres); got != (Box{bordesleyGreen.Lon, bordesleyGreen.Lat, bordesleyGreen.Lon, bordesleyGreen.Lat}) {
			t.Errorf("Around(%v) = %v", metres, got)
		}
	}
	if got := Around(Point{10, 89.9999}, 1000); got.West != -180 || got.East != 180 || got.North != 90 {
		t.Errorf("around the pole: %v", got)
	}
}
