package geo

import (
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"
	"pgregory.net/rapid"
)

// anyPoint draws places where web mercator reaches.
func anyPoint(t *rapid.T) Point {
	return Point{
		Lon: rapid.Float64Range(-180, 179.999).Draw(t, "lon"),
		Lat: rapid.Float64Range(-85, 85).Draw(t, "lat"),
	}
}

// homePoint draws places in Birmingham.
func homePoint(t *rapid.T) Point {
	b := birmingham()
	return Point{
		Lon: rapid.Float64Range(b.West, b.East).Draw(t, "lon"),
		Lat: rapid.Float64Range(b.South, b.North).Draw(t, "lat"),
	}
}

func anyTile(t *rapid.T) Tile {
	return TileAt(anyPoint(t), rapid.Uint32Range(0, MaxZoom).Draw(t, "zoom"))
}

func TestQuadkeyAgreesWithTheLibrarysTiles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, z := anyPoint(t), rapid.Uint32Range(0, MaxZoom).Draw(t, "zoom")
		want := maptile.At(orb.Point{p.Lon, p.Lat}, maptile.Zoom(z))
		got := TileAt(p, z)
		if got != (Tile{uint32(want.Z), want.X, want.Y}) {
			if grown(got.Box(), 1e-9).Contains(p) && !grown(got.Box(), -1e-9).Contains(p) {
				return // within 0.1 mm of the border the two may round differently
			}
			t.Fatalf("TileAt(%v, %d) = %v, the library says %v", p, z, got, want)
		}
		low, _ := got.Range()
		if uint64(low)>>(2*(MaxZoom-z)) != want.Quadkey() {
			t.Fatalf("the keys of %v begin at %x, the library's quadkey is %x", got, low, want.Quadkey())
		}
	})
}

func TestQuadkeyComesBackWithinElevenCentimetres(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPoint(t)
		back := QuadkeyOf(p).Point()
		if d := Distance(p, back); d > 0.11 {
			t.Fatalf("%v came back as %v, %v m away", p, back, d)
		}
		if QuadkeyOf(back) != QuadkeyOf(p) {
			t.Fatalf("%v came back with another quadkey", p)
		}
	})
}

func TestQuadkeyHoldsEveryPlaceInsideTheWorld(t *testing.T) {
	for _, p := range []Point{
		{-180, 90}, {180, -90}, {180, 0}, {0, 85.06}, {0, -89.999999}, {}, {math.NaN(), math.NaN()}, {1e308, -1e308}, {math.Inf(1), math.Inf(-1)},
	} {
		if q := QuadkeyOf(p); q < 0 || q >= worldSize*worldSize {
			t.Errorf("QuadkeyOf(%v) = %x, outside the world", p, q)
		}
	}
}

func TestTileValid(t *testing.T) {
	for _, c := range []struct {
		tile Tile
		want bool
	}{
		{Tile{0, 0, 0}, true},
		{Tile{0, 1, 0}, false},
		{Tile{3, 7, 7}, true},
		{Tile{3, 8, 0}, false},
		{Tile{3, 0, 8}, false},
		{Tile{28, 1<<28 - 1, 1<<28 - 1}, true},
		{Tile{28, 1 << 28, 0}, false},
		{Tile{29, 0, 0}, false},
		{Tile{math.MaxUint32, math.MaxUint32, math.MaxUint32}, false},
	} {
		if got := c.tile.Valid(); got != c.want {
			t.Errorf("%v.Valid() = %v", c.tile, got)
		}
		if low, high := c.tile.Range(); (low < high) != c.want {
			t.Errorf("%v.Range() = %d, %d", c.tile, low, high)
		}
	}
}

func TestTileRangesOfOneZoomFollowEachOther(t *testing.T) {
	var next Quadkey
	for i := range uint32(16) { // the tiles of zoom 2 in Morton order
		x, y := interleaved(i)
		low, high := Tile{2, x, y}.Range()
		if low != next {
			t.Fatalf("tile 2/%d/%d begins at %x, the one before ended at %x", x, y, low, next)
		}
		next = high
	}
	if next != worldSize*worldSize {
		t.Errorf("the tiles of zoom 2 end at %x, not at the end of the world", next)
	}
}

func interleaved(i uint32) (x, y uint32) { return i&1 | i>>1&2, i>>1&1 | i>>2&2 }

// The promise of package geo: a tile is one run of quadkeys.
func TestTileRangeHoldsExactlyThePointsInsideTheTile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tile := anyTile(t)
		low, high := tile.Range()
		near := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Point { return nearTile(t, tile) }), 1, 50).Draw(t, "points")
		for _, p := range near {
			q := QuadkeyOf(p)
			byKey, byNumber := low <= q && q < high, TileAt(p, tile.Z) == tile
			if byKey != byNumber {
				t.Fatalf("%v: in the range %v, in the tile %v", p, byKey, byNumber)
			}
			if box := tile.Box(); byKey && !grown(box, 1e-9).Contains(p) || !byKey && grown(box, -1e-9).Contains(p) {
				t.Fatalf("%v: in the range %v, but the tile covers %v", p, byKey, box)
			}
		}
	})
}

// nearTile draws a place in the tile or beside it, clear of web mercator's edge.
func nearTile(t *rapid.T, tile Tile) Point {
	b := tile.Box()
	dx, dy := (b.East-b.West)/2, (b.North-b.South)/2
	return Point{
		Lon: rapid.Float64Range(math.Max(-180, b.West-dx), math.Min(179.999, b.East+dx)).Draw(t, "lon"),
		Lat: rapid.Float64Range(math.Max(-85, b.South-dy), math.Min(85, b.North+dy)).Draw(t, "lat"),
	}
}

func grown(b Box, by float64) Box { return Box{b.West - by, b.South - by, b.East + by, b.North + by} }

func TestRangesCoverTheBoxWithFewRuns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, q := anyPoint(t), anyPoint(t)
		if rapid.Bool().Draw(t, "small") {
			shift := rapid.Float64Range(1e-7, 0.1).Draw(t, "shift")
			q = Point{math.Min(p.Lon+shift, 179.999), math.Min(p.Lat+shift/2, 85)}
		}
		box := Box{min(p.Lon, q.Lon), min(p.Lat, q.Lat), max(p.Lon, q.Lon), max(p.Lat, q.Lat)}
		limit := rapid.IntRange(-1, 20).Draw(t, "limit")
		ranges := Ranges(box, limit)
		if len(ranges) == 0 || len(ranges) > max(limit, 1) {
			t.Fatalf("%d ranges for a limit of %d", len(ranges), limit)
		}
		for i, r := range ranges {
			if r.Low >= r.High || i > 0 && r.Low <= ranges[i-1].High {
				t.Fatalf("ranges are empty, not in order or not apart: %v", ranges)
			}
		}
		for range 20 {
			inside := Point{
				rapid.Float64Range(box.West, box.East).Draw(t, "lon"),
				rapid.Float64Range(box.South, box.North).Draw(t, "lat"),
			}
			if !slices.ContainsFunc(ranges, func(r Range) bool { return r.Contains(QuadkeyOf(inside)) }) {
				t.Fatalf("%v lies in %v but in none of %v", inside, box, ranges)
			}
		}
	})
}

func TestRangesAreTighterWhenThereMayBeMore(t *testing.T) {
	box := Around(Point{-1.8597, 52.4723}, 400)
	total := func(limit int) (sum Quadkey) {
		for _, r := range Ranges(box, limit) {
			sum += r.High - r.Low
		}
		return sum
	}
	if one, four, sixteen := total(1), total(4), total(16); !(one > four && four > sixteen) {
		t.Errorf("1, 4 and 16 ranges cover %d, %d and %d keys", one, four, sixteen)
	}
	exact := QuadkeyOf(Point{box.East, box.South})
	x1, y1 := exact.deinterleave()
	x0, y0 := QuadkeyOf(Point{box.West, box.North}).deinterleave()
	if area := Quadkey(x1-x0) * Quadkey(y1-y0); total(16) > 3*area/2 {
		t.Errorf("16 ranges cover %d keys of a box of %d", total(16), area)
	}
}

func TestRangesOfAwkwardBoxes(t *testing.T) {
	if got := Ranges(Box{2, 1, 1, 2}, 8); got != nil {
		t.Errorf("a box inside out has ranges %v", got)
	}
	if got := Ranges(Box{-180, -90, 180, 90}, 8); !slices.Equal(got, []Range{{0, worldSize * worldSize}}) {
		t.Errorf("the world is %v", got)
	}
	place := Point{-1.8597, 52.4723}
	got := Ranges(Box{place.Lon, place.Lat, place.Lon, place.Lat}, 8)
	if len(got) != 1 || !got[0].Contains(QuadkeyOf(place)) || got[0].High-got[0].Low != 1 {
		t.Errorf("a box of one place is %v", got)
	}
	// All of the world but a strip two tiles of zoom 28 wide: the border has 2^28
	// of them, which must not be looked at one by one.
	if got := Ranges(Box{-180, -90, 179.9999980, 90}, 8); len(got) == 0 || len(got) > 8 {
		t.Errorf("nearly the world has %d ranges", len(got))
	}
}

func TestRangesAroundHoldTheCircle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		centre, metres := homePoint(t), rapid.Float64Range(1, 5000).Draw(t, "metres")
		ranges := RangesAround(centre, metres, 8)
		p := homePoint(t)
		if Distance(centre, p) <= metres && !slices.ContainsFunc(ranges, func(r Range) bool { return r.Contains(QuadkeyOf(p)) }) {
			t.Fatalf("%v is %v m from %v and in none of %v", p, Distance(centre, p), centre, ranges)
		}
	})
}
