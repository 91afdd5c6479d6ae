package geo

import (
	"bytes"
	"math"
	"os"
	"testing"

	"github.com/paulmach/orb/encoding/mvt"
)

// fuzzLimits keeps single inputs quick.
func fuzzLimits() Limits {
	return Limits{MaxBytes: 1 << 16, MaxPositions: 1000, MaxFeatures: 50}
}

// addFiles seeds a fuzz target with the fixtures.
func addFiles(f *testing.F, names ...string) {
	f.Helper()
	for _, name := range names {
		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
}

// wantSound fails when a parser let something through that is no geometry.
func wantSound(t *testing.T, g Geometry) {
	t.Helper()
	b := g.Bounds()
	if g.IsZero() || !b.Valid() || !(g.AreaSquareMetres() >= 0) || math.IsInf(g.AreaSquareMetres(), 0) {
		t.Fatalf("took %s with box %v and %v m²", g.GeoJSON(), b, g.AreaSquareMetres())
	}
	if !g.Contains(g.PinPoint()) {
		t.Fatalf("the pin %v of %s lies outside", g.PinPoint(), g.GeoJSON())
	}
	back, err := ParseGeoJSON(g.GeoJSON(), Limits{})
	if err != nil || string(back.GeoJSON()) != string(g.GeoJSON()) {
		t.Fatalf("%s came back as %s, %v", g.GeoJSON(), back.GeoJSON(), err)
	}
	path, view := g.SVGPath(100, 100)
	if x, y := view.XY(g.PinPoint()); bytes.Contains([]byte(path), []byte("NaN")) || math.IsNaN(x+y) {
		t.Fatalf("%s is drawn as %q", g.GeoJSON(), path)
	}
	tile := TileAt(g.PinPoint(), 14)
	if data := ShapeTile(tile, []Shape{{Geometry: g}}, "a"); len(data) > 0 {
		if _, err := mvt.Unmarshal(data); err != nil {
			t.Fatalf("the tile of %s: %v", g.GeoJSON(), err)
		}
	}
}

func FuzzParseGeoJSON(f *testing.F) {
	addFiles(f, "areas.geojson", "massing.geojson")
	for _, seed := range []string{
		`{"type":"Point","coordinates":[-1.86,52.47]}`,
		`{"type":"Point","coordinates":[]}`,
		`{"type":"Point","coordinates":[null,1]}`,
		`{"type":"Feature","id":1,"geometry":null,"properties":{"__proto__":1}}`,
		`{"type":"Polygon","coordinates":[[[0,1],[1,1],[1,2],[0,1]]],"crs":{"type":"name","properties":{"name":"EPSG:27700"}}}`,
		`{"type":"MultiPolygon","coordinates":[[[[0,1],[1,1],[1,2],[0,1]],[[0.5,1.2],[0.6,1.2],[0.6,1.3],[0.5,1.2]]],[[[5,1],[6,1],[6,2],[5,1]]]]}`,
		`{"features":[{"type":"Feature"}],"type":"FeatureCollection"`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		features, _ := ParseFeatures(bytes.NewReader(data), fuzzLimits())
		for _, feature := range features {
			wantSound(t, feature.Geometry)
		}
		if g, err := ParseGeoJSON(data, fuzzLimits()); err == nil {
			wantSound(t, g)
		}
	})
}

func FuzzParseMassing(f *testing.F) {
	addFiles(f, "massing.geojson", "areas.geojson")
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := ParseMassing(data, fuzzLimits())
		if err != nil {
			return
		}
		s := m.Summary()
		if s.Blocks == 0 || !(s.MaxHeight > 0 && s.MaxHeight <= MaxHeight) || s.Storeys < 0 || !(s.FootprintSquareMetres > 0) {
			t.Fatalf("%s is summed up as %+v", m.GeoJSON(), s)
		}
		if back, err := ParseMassing(m.GeoJSON(), Limits{}); err != nil || back.Summary() != s {
			t.Fatalf("%s came back as %+v, %v", m.GeoJSON(), back.Summary(), err)
		}
	})
}

func FuzzParseWKT(f *testing.F) {
	for _, seed := range []string{
		"POINT (-1.86 52.47)", "SRID=27700;POINT(407000 286000)", "POINT Z (1 2 3)", "POLYGON EMPTY",
		"POLYGON ((0 1,1 1,1 2,0 1))", "POLYGON ((0 1,9 1,9 9,0 1),(5 3,6 3,6 4,5 3))", "MULTIPOLYGON(((0 1,1 1,1 2,0 1)),((5 1,6 1,6 2,5 1)))", "((((",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		g, err := ParseWKT(text, fuzzLimits())
		if err != nil {
			return
		}
		wantSound(t, g)
		if back, err := ParseWKT(g.WKT(), Limits{}); err != nil || back.WKT() != g.WKT() {
			t.Fatalf("%s came back as %s, %v", g.WKT(), back.WKT(), err)
		}
	})
}

func FuzzParseBox(f *testing.F) {
	for _, seed := range []string{"-1.9,52.45,-1.81,52.49", "-180,-90,180,90", "1,2,3", "NaN,0,1,1", "1,1,0,2,2,0", "1e999,,,", " 1 , 2 , 3 , 4 "} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		b, err := ParseBox(text)
		if err != nil {
			return
		}
		if !b.Valid() || !b.Contains(b.Centre()) {
			t.Fatalf("%q became %v", text, b)
		}
		if ranges := Ranges(b, 8); len(ranges) == 0 || len(ranges) > 8 {
			t.Fatalf("%v has ranges %v", b, ranges)
		}
	})
}

func FuzzParsePoint(f *testing.F) {
	for _, seed := range []string{"52.4723,-1.8597", "0,0", "91,1", "NaN,1", "0x1p2,1", ",", "1,2,3"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ParsePoint(text)
		if err == nil && !p.Valid() {
			t.Fatalf("%q became %v", text, p)
		}
		if err == nil && !p.Snap(100).Valid() {
			t.Fatalf("%v snapped to %v", p, p.Snap(100))
		}
	})
}

func FuzzPointTile(f *testing.F) {
	f.Add(uint32(14), uint32(8106), uint32(5398), -1.86, 52.47, int64(7), "state", "open", uint32(0), uint32(64))
	f.Add(uint32(0), uint32(0), uint32(0), 179.9, -85.0, int64(-1), "", "", uint32(20), uint32(1))
	f.Add(uint32(28), uint32(1), uint32(1), 1e308, math.NaN(), int64(math.MaxInt64), "count", "\x00\xff", uint32(29), uint32(math.MaxUint32))
	f.Add(uint32(99), uint32(math.MaxUint32), uint32(0), 0.0, 0.0, int64(0), "id", "x", uint32(99), uint32(0))
	f.Fuzz(func(t *testing.T, z, x, y uint32, lon, lat float64, id int64, key, value string, below, cells uint32) {
		tile := Tile{z, x, y}
		at := Point{lon, lat}
		beside := Point{lon + 1e-7, lat}
		pins := []Pin{
			{ID: id, At: at, Properties: map[string]string{key: value}},
			{ID: id ^ 1, At: beside},
			{ID: 12345, At: tile.Box().Centre()},
		}
		data := PointTile(tile, pins, PointTileOptions{Layer: "a", ClusterBelow: below, Cells: cells})
		want := 0
		for i, pin := range pins {
			if pin.At.Valid() && tile.Valid() && TileAt(pin.At, z) == tile && (i == 2 || pin.ID != 12345) {
				want++
			}
		}
		if len(data) == 0 != (want == 0) {
			t.Fatalf("%d bytes for %d pins", len(data), want)
		}
		if want == 0 {
			return
		}
		layers, err := mvt.Unmarshal(data)
		if err != nil || len(layers) != 1 || len(layers[0].Features) == 0 || len(layers[0].Features) > want {
			t.Fatalf("%d pins became %v, %v", want, layers, err)
		}
	})
}

func FuzzNationalGrid(f *testing.F) {
	f.Add(651409.903, 313177.270)
	f.Add(0.0, 0.0)
	f.Add(math.Inf(1), math.NaN())
	f.Fuzz(func(t *testing.T, easting, northing float64) {
		p, err := FromNationalGrid(easting, northing)
		if err != nil {
			return
		}
		if !BritishIsles().Contains(p) {
			t.Fatalf("%v, %v became %v", easting, northing, p)
		}
	})
}
