package geo

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestDistanceToAPolygon(t *testing.T) {
	yard, err := ParseGeoJSON([]byte(`{"type":"Polygon","coordinates":[[[-1.8600,52.4720],[-1.8590,52.4720],[-1.8590,52.4726],[-1.8600,52.4726],[-1.8600,52.4720]],
		[[-1.8597,52.4722],[-1.8593,52.4722],[-1.8593,52.4724],[-1.8597,52.4724],[-1.8597,52.4722]]]}`), DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	// One ten-thousandth of a degree of latitude is 11.13 m on this sphere, of longitude 6.78 m there.
	for _, c := range []struct {
		name string
		at   Point
		want float64
	}{
		{"inside", Point{-1.8599, 52.4721}, 0},
		{"on the border", Point{-1.8600, 52.4723}, 0},
		{"in the hole, nearest to its northern edge", Point{-1.8595, 52.47235}, 5.57},
		{"north", Point{-1.8595, 52.4727}, 11.13},
		{"east", Point{-1.8588, 52.4723}, 13.56},
		{"beyond a corner", Point{-1.8588, 52.4727}, math.Hypot(13.56, 11.13)},
	} {
		if got := yard.DistanceTo(c.at); math.Abs(got-c.want) > 0.05 {
			t.Errorf("%s: %.2f m, want %.2f m", c.name, got, c.want)
		}
	}
	if !math.IsInf(Geometry{}.DistanceTo(Point{1, 52}), 1) || (Geometry{}).Near(Point{1, 52}, 1e9) {
		t.Error("something is near no place at all")
	}
	pin := PointGeometry(Point{-1.86, 52.47})
	if !pin.Near(Point{-1.86, 52.4701}, 12) || pin.Near(Point{-1.86, 52.4701}, 11) {
		t.Error("the distance to a point is not the great circle's")
	}
}

// Whatever the shape, the distance is that to the nearest of many places on its border, never more, and moves no faster than one does.
func TestDistanceToIsTheNearestPlaceOfTheBorder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		centre := Point{Lon: rapid.Float64Range(-6, 1.5).Draw(t, "lon"), Lat: rapid.Float64Range(50, 60).Draw(t, "lat")}
		g := Circle(centre, rapid.Float64Range(5, 800).Draw(t, "radius"))
		p := Point{Lon: centre.Lon + rapid.Float64Range(-0.02, 0.02).Draw(t, "east"), Lat: centre.Lat + rapid.Float64Range(-0.02, 0.02).Draw(t, "north")}
		got, nearest := g.DistanceTo(p), math.Inf(1)
		if g.Contains(p) {
			if got != 0 {
				t.Fatalf("inside, and %v m away", got)
			}
			return
		}
		ring := g.polygons[0][0]
		for i := 1; i < len(ring); i++ {
			const pieces = 50
			for n := range pieces + 1 {
				f := float64(n) / pieces
				q := Point{Lon: ring[i-1][0] + f*(ring[i][0]-ring[i-1][0]), Lat: ring[i-1][1] + f*(ring[i][1]-ring[i-1][1])}
				nearest = math.Min(nearest, Distance(p, q))
			}
		}
		if math.Abs(got-nearest) > 0.5+0.001*nearest {
			t.Fatalf("%v m, the nearest place of the border is %v m away", got, nearest)
		}
		if !g.Near(p, got+0.01) || got > 0.02 && g.Near(p, got-0.01) {
			t.Fatalf("at %v m near and far are mixed up", got)
		}
	})
}
