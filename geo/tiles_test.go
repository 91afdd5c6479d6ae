package geo

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
	"pgregory.net/rapid"
)

// decode reads a tile with the library's decoder, which shares no code with
// our encoder, and gives the features of its one layer.
func decode(t rapid.TB, tile []byte, layer string) []*geojson.Feature {
	t.Helper()
	if len(tile) == 0 {
		return nil
	}
	layers, err := mvt.Unmarshal(tile)
	if err != nil {
		t.Fatalf("the library cannot read the tile: %v", err)
	}
	if len(layers) != 1 || layers[0].Name != layer || layers[0].Version != 2 || layers[0].Extent != extent {
		t.Fatalf("the tile has layers %+v, want one %q of version 2", layers, layer)
	}
	return layers[0].Features
}

// onGround turns a place in tile units back into degrees.
func onGround(tile Tile, p orb.Point) Point {
	side := float64(uint64(1)<<tile.Z) * extent
	return unmercator((float64(tile.X)*extent+p[0]+0.5)/side, (float64(tile.Y)*extent+p[1]+0.5)/side)
}

// unitMetres is the width of a tile unit on the ground.
func unitMetres(tile Tile) float64 {
	b := tile.Box()
	return Distance(Point{b.West, b.Centre().Lat}, Point{b.East, b.Centre().Lat}) / extent
}

// The tile must show exactly the pins that lie in it, found here one by one by
// their tile number, each in its place and with its properties.
func TestPointTileShowsThePinsThatLookingAtEachFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tile := TileAt(homePoint(t), rapid.Uint32Range(8, 22).Draw(t, "zoom"))
		want := map[int64]Pin{}
		var pins []Pin
		for i := range rapid.IntRange(0, 60).Draw(t, "pins") {
			pin := Pin{ID: int64(i) << 30, At: nearTile(t, tile), Properties: map[string]string{
				"state": rapid.SampledFrom([]string{"open", "closed"}).Draw(t, "state"),
				"kind":  rapid.StringN(0, 5, 200).Draw(t, "kind"),
			}}
			pins = append(pins, pin)
			if TileAt(pin.At, tile.Z) == tile {
				want[pin.ID] = pin
			}
		}
		features := decode(t, PointTile(tile, pins, PointTileOptions{Layer: "pins"}), "pins")
		if len(features) != len(want) {
			t.Fatalf("%d features, want %d", len(features), len(want))
		}
		for _, f := range features {
			id := int64(f.ID.(float64))
			pin, ok := want[id]
			if !ok {
				t.Fatalf("feature %d is not in the tile or twice", id)
			}
			delete(want, id)
			if f.Properties["state"] != pin.Properties["state"] || f.Properties["kind"] != pin.Properties["kind"] || len(f.Properties) != 2 {
				t.Fatalf("feature %d has %v, want %v", id, f.Properties, pin.Properties)
			}
			at := f.Geometry.(orb.Point)
			if at[0] < 0 || at[0] >= extent || at[1] < 0 || at[1] >= extent || Distance(onGround(tile, at), pin.At) > unitMetres(tile)+0.07 {
				t.Fatalf("feature %d is at %v, %v m from its place", id, at, Distance(onGround(tile, at), pin.At))
			}
		}
	})
}

func TestPointTileWritesIDsAsText(t *testing.T) {
	pins := []Pin{{ID: math.MaxInt64, At: bordesleyGreen}, {ID: math.MaxInt64 - 1, At: bordesleyGreen}}
	tile := TileAt(bordesleyGreen, 15)
	got := map[any]bool{}
	for _, f := range decode(t, PointTile(tile, pins, PointTileOptions{ID: func(id int64) string { return fmt.Sprintf("#%d", id) }}), "points") {
		if f.ID != nil {
			t.Errorf("a feature also has the number %v", f.ID)
		}
		got[f.Properties["id"]] = true
	}
	if !got["#9223372036854775807"] || !got["#9223372036854775806"] || len(got) != 2 {
		t.Errorf("ids are %v", got)
	}
}

func TestPointTileClusters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var pins []Pin
		tile := TileAt(homePoint(t), rapid.Uint32Range(8, 25).Draw(t, "zoom"))
		for i := range rapid.IntRange(0, 200).Draw(t, "pins") {
			at := nearTile(t, tile)
			if rapid.Bool().Draw(t, "together") && len(pins) > 0 {
				at = pins[0].At
			}
			pins = append(pins, Pin{ID: int64(i), At: at, Properties: map[string]string{"state": "open"}})
		}
		cells := rapid.Uint32Range(1, 70).Draw(t, "cells")
		options := PointTileOptions{ClusterBelow: tile.Z + 1, Cells: cells}
		want := map[Tile][]Pin{}
		cellZoom := tile.Z + options.cellBits(tile.Z)
		for _, pin := range pins {
			if TileAt(pin.At, tile.Z) == tile {
				cell := TileAt(pin.At, cellZoom)
				want[cell] = append(want[cell], pin)
			}
		}
		features := decode(t, PointTile(tile, pins, options), "points")
		if len(features) != len(want) {
			t.Fatalf("%d features for %d cells", len(features), len(want))
		}
		for _, f := range features {
			checkCluster(t, tile, cellZoom, f, want)
		}
	})
}

func checkCluster(t *rapid.T, tile Tile, cellZoom uint32, f *geojson.Feature, want map[Tile][]Pin) {
	at := onGround(tile, f.Geometry.(orb.Point))
	cell := TileAt(at, cellZoom)
	inCell := want[cell]
	if len(inCell) == 0 {
		t.Fatalf("a feature in the empty cell %v", cell)
	}
	delete(want, cell)
	var middleX, middleY float64 // on the map, where clusters are seen
	for _, pin := range inCell {
		x, y := mercator(pin.At)
		middleX += x / float64(len(inCell))
		middleY += y / float64(len(inCell))
	}
	if d := Distance(at, unmercator(middleX, middleY)); d > 2*unitMetres(tile)+0.2 {
		t.Fatalf("the middle of %d pins is %v m off", len(inCell), d)
	}
	if len(inCell) == 1 {
		if f.ID != float64(inCell[0].ID) || f.Properties["state"] != "open" || f.Properties["count"] != nil {
			t.Fatalf("a pin alone became %v %v", f.ID, f.Properties)
		}
	} else if f.ID != nil || f.Properties["count"] != float64(len(inCell)) || len(f.Properties) != 1 {
		t.Fatalf("%d pins became %v %v", len(inCell), f.ID, f.Properties)
	}
}

func TestPointTileClustersBelowItsZoomOnly(t *testing.T) {
	pins := []Pin{{ID: 1, At: bordesleyGreen}, {ID: 2, At: bordesleyGreen}, {ID: 3, At: bordesleyGreen}}
	for _, c := range []struct {
		name    string
		options PointTileOptions
		want    int
	}{
		{"no clusters", PointTileOptions{}, 3},
		{"clusters below this zoom", PointTileOptions{ClusterBelow: 14}, 3},
		{"clusters at this zoom", PointTileOptions{ClusterBelow: 15}, 1},
		{"as many pins as may be", PointTileOptions{MaxPoints: 3}, 3},
		{"one pin too many", PointTileOptions{MaxPoints: 2}, 1},
	} {
		if got := decode(t, PointTile(TileAt(bordesleyGreen, 14), pins, c.options), "points"); len(got) != c.want {
			t.Errorf("%s: %d features, want %d", c.name, len(got), c.want)
		}
	}
}

func TestPointTileCountsEveryPinOfTheWorld(t *testing.T) {
	s, err := NewPointSet(randomPins(10_000))
	if err != nil {
		t.Fatal(err)
	}
	for z := range uint32(16) {
		shown := 0
		low, high := TileAt(Point{birmingham().West, birmingham().North}, z), TileAt(Point{birmingham().East, birmingham().South}, z)
		for x := low.X; x <= high.X; x++ {
			for y := low.Y; y <= high.Y; y++ {
				for _, f := range decode(t, s.Tile(Tile{z, x, y}, PointTileOptions{ClusterBelow: 12}), "points") {
					if count, ok := f.Properties["count"].(float64); ok {
						shown += int(count)
					} else {
						shown++
					}
				}
			}
		}
		if shown != 10_000 {
			t.Errorf("zoom %d shows %d pins of 10,000", z, shown)
		}
	}
}

func TestPointTileIsNeverHeavy(t *testing.T) {
	// The worst of both kinds: as many single pins as may be, and as many cells
	// with one pin each.
	options := PointTileOptions{ID: func(id int64) string { return fmt.Sprintf("%013d", id) }}
	tile := TileAt(bordesleyGreen, 12)
	box := tile.Box()
	for _, side := range []int{32, 38, 39, 100} {
		var pins []Pin
		for i := range side {
			for j := range side {
				pins = append(pins, Pin{
					ID:         int64(i)<<40 | int64(j),
					At:         Point{box.West + (float64(i)+0.5)/float64(side)*(box.East-box.West), box.South + (float64(j)+0.5)/float64(side)*(box.North-box.South)},
					Properties: map[string]string{"state": fmt.Sprint(i % 5), "kind": fmt.Sprint(j % 5)},
				})
			}
		}
		if data := PointTile(tile, pins, options); len(data) > 60<<10 || len(data) < 1<<10 {
			t.Errorf("%d pins make a tile of %d bytes", len(pins), len(data))
		}
	}
}

func TestPointTileOfNothing(t *testing.T) {
	pins := []Pin{{ID: 1, At: bordesleyGreen}, {ID: 2, At: Point{math.NaN(), 1}}, {ID: 3}}
	for name, tile := range map[string]Tile{
		"a tile elsewhere":           TileAt(Point{100, 10}, 12),
		"a tile that does not exist": {2, 4, 0},
		"a zoom that does not exist": {200, 0, 0},
	} {
		if got := PointTile(tile, pins, PointTileOptions{}); len(got) != 0 {
			t.Errorf("%s has %d bytes", name, len(got))
		}
	}
	if got := decode(t, PointTile(Tile{}, pins, PointTileOptions{}), "points"); len(got) != 1 {
		t.Errorf("the world has %d pins, want the one at a place", len(got))
	}
}

func TestGzip(t *testing.T) {
	tile := PointTile(Tile{}, randomPins(100), PointTileOptions{})
	packed := Gzip(tile)
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	back, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(back, tile) || !bytes.Equal(packed, Gzip(tile)) {
		t.Errorf("%d bytes came back as %d, %v", len(tile), len(back), err)
	}
	if Gzip(nil) != nil {
		t.Error("nothing became something")
	}
}

func TestShapeTileShowsTheShapes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := parseStar(t)
		before := string(g.GeoJSON())
		tile := TileAt(g.PinPoint(), rapid.Uint32Range(9, 18).Draw(t, "zoom"))
		shapes := []Shape{{ID: 5, Geometry: g, Properties: map[string]any{"name": "Example", "share": 0.25, "count": 7, "shown": true, "left out": []int{1}}}}
		features := decode(t, ShapeTile(tile, shapes, "areas"), "areas")
		if string(g.GeoJSON()) != before {
			t.Fatal("drawing changed the geometry")
		}
		if len(features) == 0 {
			if largest := g.AreaSquareMetres(); largest > 1e4*math.Pow(unitMetres(tile), 2) && g.Contains(g.PinPoint()) {
				t.Fatalf("nothing of %v m² is shown at zoom %d", largest, tile.Z)
			}
			return
		}
		f := features[0]
		if len(features) != 1 || f.ID != float64(5) || f.Properties["name"] != "Example" || f.Properties["share"] != 0.25 || f.Properties["count"] != float64(7) || f.Properties["shown"] != true || len(f.Properties) != 4 {
			t.Fatalf("%d features, the first is %v %v", len(features), f.ID, f.Properties)
		}
		checkShape(t, tile, g, f.Geometry)
	})
}

// checkShape asks, all over the tile, whether what was drawn is what is there,
// except within four units of a border, where rounding decides.
func checkShape(t *rapid.T, tile Tile, g Geometry, drawn orb.Geometry) {
	polygon, ok := drawn.(orb.Polygon)
	if !ok {
		t.Fatalf("a polygon became %T", drawn)
	}
	for i, ring := range polygon {
		if turn := ring.Orientation(); (turn == orb.CCW) != (i == 0) {
			t.Fatalf("ring %d turns %d", i, turn)
		}
		for _, p := range ring {
			if p != floored(p) || math.Abs(p[0]-extent/2) > extent/2+shapeBuffer || math.Abs(p[1]-extent/2) > extent/2+shapeBuffer {
				t.Fatalf("a corner at %v", p)
			}
		}
	}
	for range 20 {
		at := orb.Point{rapid.Float64Range(0, extent-1).Draw(t, "x"), rapid.Float64Range(0, extent-1).Draw(t, "y")}
		if within(polygon, at, 4) {
			continue
		}
		p := onGround(tile, at)
		if got, want := polygonPlace(polygon, at) == inside, g.Contains(p); got != want {
			t.Fatalf("%v (%v) is drawn inside: %v, lies inside: %v", at, p, got, want)
		}
	}
}

// within reports whether a border passes p within some units.
func within(polygon orb.Polygon, p orb.Point, units float64) bool {
	for _, ring := range polygon {
		for i := 1; i < len(ring); i++ {
			a, b := ring[i-1], ring[i]
			d := orb.Point{b[0] - a[0], b[1] - a[1]}
			along := ((p[0]-a[0])*d[0] + (p[1]-a[1])*d[1]) / (d[0]*d[0] + d[1]*d[1])
			along = math.Max(0, math.Min(1, along))
			if math.Hypot(p[0]-a[0]-along*d[0], p[1]-a[1]-along*d[1]) < units {
				return true
			}
		}
	}
	return false
}

func TestShapeTileSimplifiesToAUnit(t *testing.T) {
	g := blob(t, bordesleyGreen, 2000)
	for _, z := range []uint32{9, 11, 13} {
		tile := TileAt(bordesleyGreen, z)
		d := shapeDrawer{tile: tile}
		polygon := decode(t, ShapeTile(tile, []Shape{{Geometry: g}}, "a"), "a")[0].Geometry.(orb.Polygon)
		if len(polygon[0]) > 600 {
			t.Errorf("at zoom %d a ring of 2,000 corners still has %d", z, len(polygon[0]))
		}
		for _, p := range g.polygons[0][0] {
			if at := d.project(p); d.window().Contains(at) && !within(polygon, at, 2.5) {
				t.Fatalf("at zoom %d the corner %v is far from the border that is drawn", z, at)
			}
		}
	}
}

func TestShapeTileOfOneInsideAndOneOutside(t *testing.T) {
	square := BoxGeometry(Around(bordesleyGreen, 300))
	tile := TileAt(bordesleyGreen, 16)
	isles := mustParse(t, `{"type":"MultiPolygon","coordinates":[`+
		strings.TrimPrefix(string(square.GeoJSON()[:len(square.GeoJSON())-1]), `{"type":"Polygon","coordinates":`)+`,[[[-1.7,52.4],[-1.69,52.4],[-1.69,52.41],[-1.7,52.4]]]]}`)
	features := decode(t, ShapeTile(tile, []Shape{
		{ID: -1, Geometry: isles},
		{ID: 2, Geometry: PointGeometry(bordesleyGreen)},
		{ID: 3, Geometry: PointGeometry(Point{-1.7, 52.4})},
		{ID: 4},
		{ID: 5, Geometry: Circle(Point{-1.7, 52.4}, 100)},
	}, "mixed"), "mixed")
	if len(features) != 2 || features[0].ID != nil || features[1].ID != float64(2) {
		t.Fatalf("%d features: %v", len(features), features)
	}
	if p, ok := features[1].Geometry.(orb.Point); !ok || Distance(onGround(tile, p), bordesleyGreen) > unitMetres(tile) {
		t.Errorf("the point became %v", features[1].Geometry)
	}
	// A polygon that covers the whole tile fills it and its buffer, no more.
	whole := decode(t, ShapeTile(tile, []Shape{{Geometry: BoxGeometry(birmingham())}}, "a"), "a")
	if b := whole[0].Geometry.Bound(); b.Min != (orb.Point{-shapeBuffer, -shapeBuffer}) || b.Max != (orb.Point{extent + shapeBuffer, extent + shapeBuffer}) {
		t.Errorf("a polygon around the tile is drawn as %v", b)
	}
	if got := ShapeTile(Tile{40, 0, 0}, []Shape{{Geometry: square}}, "a"); len(got) != 0 {
		t.Errorf("a tile that does not exist has %d bytes", len(got))
	}
	if got := ShapeTile(Tile{}, []Shape{{Geometry: square}}, "a"); len(got) != 0 {
		t.Errorf("a site smaller than a unit of the world is drawn in %d bytes", len(got))
	}
}

func TestTilesOfEqualContentAreEqualBytes(t *testing.T) {
	areas := exampleAreas(t)
	var shapes []Shape
	for i, a := range areas.All() {
		shapes = append(shapes, Shape{ID: int64(i), Geometry: a.Geometry, Properties: map[string]any{"code": a.Code, "name": a.Name, "a": 1, "b": 2, "c": 3}})
	}
	tile := TileAt(bordesleyGreen, 13)
	first := ShapeTile(tile, shapes, "areas")
	for range 20 {
		if !bytes.Equal(first, ShapeTile(tile, shapes, "areas")) {
			t.Fatal("the same shapes drew different tiles")
		}
	}
}
