package geo

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// checkInvariant holds a snapshot against what PointSet promises, and against
// the pins that should be in it.
func checkInvariant(t *rapid.T, s *PointSet, want map[int64]Pin) {
	now := s.snapshot()
	if !slices.IsSortedFunc(now.base, entry.compare) || !slices.IsSortedFunc(now.recent, entry.compare) || !slices.IsSorted(now.dead) {
		t.Fatal("base, recent or dead is not in order")
	}
	if len(now.recent)+len(now.dead) > mergeAt(len(now.base)) {
		t.Fatalf("%d recent and %d dead beside a base of %d", len(now.recent), len(now.dead), len(now.base))
	}
	if s.Len() != len(want) {
		t.Fatalf("%d pins, want %d", s.Len(), len(want))
	}
	seen := map[int64]bool{}
	previous := entry{key: -1}
	for e := range now.run(0, worldSize*worldSize) {
		pin, ok := want[e.id]
		if !ok || seen[e.id] || QuadkeyOf(pin.At) != e.key || previous.compare(e) >= 0 {
			t.Fatalf("entry %+v: wanted %v, seen %v, after %+v", e, pin, seen[e.id], previous)
		}
		seen[e.id], previous = true, e
		a, got := now.attributes[e.attribute], map[string]string{}
		for i, name := range a.names {
			got[name] = a.values[i]
		}
		if !maps.Equal(got, pin.Properties) {
			t.Fatalf("pin %d has %v, want %v", e.id, got, pin.Properties)
		}
	}
	if len(seen) != len(want) {
		t.Fatalf("a run over the world gave %d pins of %d", len(seen), len(want))
	}
}

func drawPin(t *rapid.T) Pin {
	return Pin{
		ID: rapid.Int64Range(0, 400).Draw(t, "id"),
		At: homePoint(t),
		Properties: map[string]string{
			"state": rapid.SampledFrom([]string{"open", "closed", ""}).Draw(t, "state"),
		},
	}
}

// The set is driven by random inserts, removals and replacements beside a plain
// map, with so few that several merges happen.
func TestPointSetAgreesWithAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s PointSet
		want := map[int64]Pin{}
		t.Repeat(map[string]func(*rapid.T){
			"insert": func(t *rapid.T) {
				pins := rapid.SliceOfN(rapid.Custom(drawPin), 1, 60).Draw(t, "pins")
				if err := s.Insert(pins...); err != nil {
					t.Fatal(err)
				}
				for _, pin := range pins {
					want[pin.ID] = pin
				}
			},
			"remove": func(t *rapid.T) {
				ids := rapid.SliceOfN(rapid.Int64Range(0, 400), 0, 60).Draw(t, "ids")
				s.Remove(ids...)
				for _, id := range ids {
					delete(want, id)
				}
			},
			"replace": func(t *rapid.T) {
				pins := rapid.SliceOfN(rapid.Custom(drawPin), 0, 60).Draw(t, "pins")
				if err := s.Replace(pins); err != nil {
					t.Fatal(err)
				}
				clear(want)
				for _, pin := range pins {
					want[pin.ID] = pin
				}
			},
			"refuse": func(t *rapid.T) {
				bad := []Pin{drawPin(t), {ID: 1, At: Point{Lat: 91}}}
				err := s.Insert(bad...)
				if !errors.Is(err, &Error{Reason: ReasonOutOfRange, Feature: 2}) || !errors.Is(s.Replace(bad), &Error{Reason: ReasonOutOfRange}) {
					t.Fatalf("a pin at latitude 91: %v", err)
				}
			},
			"": func(t *rapid.T) {
				checkInvariant(t, &s, want)
				tile := TileAt(homePoint(t), rapid.Uint32Range(8, 18).Draw(t, "zoom"))
				count := 0
				for _, pin := range want {
					if TileAt(pin.At, tile.Z) == tile {
						count++
					}
				}
				if s.Count(tile) != count {
					t.Fatalf("%d pins in %v, want %d", s.Count(tile), tile, count)
				}
				fresh, err := NewPointSet(slices.Collect(maps.Values(want)))
				if err != nil {
					t.Fatal(err)
				}
				if s.Version() != fresh.Version() {
					t.Fatal("the version depends on how the pins came in")
				}
			},
		})
	})
}

func TestPointSetMergesAndStaysRight(t *testing.T) {
	pins := randomPins(3_000)
	s, err := NewPointSet(pins[:1_000])
	if err != nil {
		t.Fatal(err)
	}
	merged := 0
	for _, pin := range pins[1_000:] {
		if err := s.Insert(pin); err != nil {
			t.Fatal(err)
		}
		if len(s.snapshot().recent) == 0 {
			merged++
		}
	}
	fresh, err := NewPointSet(pins)
	if err != nil {
		t.Fatal(err)
	}
	if merged == 0 || s.Len() != 3_000 || s.Version() != fresh.Version() {
		t.Errorf("%d merges, %d pins, same version: %v", merged, s.Len(), s.Version() == fresh.Version())
	}
	tile := TileAt(birmingham().Centre(), 12)
	if string(s.Tile(tile, PointTileOptions{})) != string(fresh.Tile(tile, PointTileOptions{})) {
		t.Error("a set that grew draws another tile than one made at once")
	}
}

func TestPointSetVersion(t *testing.T) {
	var s PointSet
	if s.Version() != 0 {
		t.Errorf("an empty set has version %x", s.Version())
	}
	pin := Pin{ID: 7, At: bordesleyGreen, Properties: map[string]string{"state": "open"}}
	versions := map[uint64]string{0: "empty"}
	step := func(name string, change func() error) {
		t.Helper()
		if err := change(); err != nil {
			t.Fatal(err)
		}
		if earlier, ok := versions[s.Version()]; ok {
			t.Errorf("%s has the version of %s", name, earlier)
		}
		versions[s.Version()] = name
	}
	step("one pin", func() error { return s.Insert(pin) })
	step("the pin closed", func() error { pin.Properties = map[string]string{"state": "closed"}; return s.Insert(pin) })
	step("the pin moved", func() error { pin.At.Lon += 0.001; return s.Insert(pin) })
	step("the same text, cut differently", func() error { pin.Properties = map[string]string{"statec": "losed"}; return s.Insert(pin) })
	step("another number", func() error { s.Remove(7); pin.ID = 8; return s.Insert(pin) })
	step("a second pin", func() error { return s.Insert(Pin{ID: 9, At: bordesleyGreen}) })
	before := s.Version()
	if err := s.Insert(pin); err != nil || s.Version() != before {
		t.Error("inserting the same pin again changed the version")
	}
	s.Remove(8, 9, 10)
	if s.Version() != 0 || s.Len() != 0 {
		t.Errorf("emptied, it has %d pins and version %x", s.Len(), s.Version())
	}
}

// Readers must never see a moment at which a pin that moves is gone or double.
func TestPointSetReadersSeeWholeMoments(t *testing.T) {
	const pins = 50
	var s PointSet
	at := func(round, i int) Pin {
		r := rand.New(rand.NewPCG(uint64(round), uint64(i)))
		b := birmingham()
		return Pin{ID: int64(i), At: Point{b.West + r.Float64()*(b.East-b.West), b.South + r.Float64()*(b.North-b.South)}}
	}
	for i := range pins {
		if err := s.Insert(at(0, i)); err != nil {
			t.Fatal(err)
		}
	}
	tiles := NewPointTiles(&s, PointTileOptions{ClusterBelow: 4}, 0)
	var writer, readers sync.WaitGroup
	done := make(chan struct{})
	writer.Go(func() {
		for round := range 200 {
			for i := range 5 {
				if err := s.Insert(at(round+1, (round*5+i)%pins)); err != nil {
					t.Error(err)
				}
			}
		}
	})
	for range 3 {
		readers.Go(func() {
			for {
				if n, count := s.Len(), s.Count(Tile{}); n != pins || count != pins {
					t.Errorf("a reader saw %d pins, %d in the world", n, count)
					return
				}
				tiles.Tile(TileAt(birmingham().Centre(), 9))
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	writer.Wait()
	close(done)
	readers.Wait()
	tile := TileAt(birmingham().Centre(), 9)
	if got, want := tiles.Tile(tile).Gzip, Gzip(s.Tile(tile, PointTileOptions{ClusterBelow: 4})); string(got) != string(want) {
		t.Error("after the last write a tile is still an old one")
	}
}

func TestPointTilesDrawAgainOnlyWhatChanged(t *testing.T) {
	s, err := NewPointSet(randomPins(2_000))
	if err != nil {
		t.Fatal(err)
	}
	c := NewPointTiles(s, PointTileOptions{}, 0)
	b := birmingham()
	near, far := TileAt(Point{b.West + 0.05, b.South + 0.05}, 13), TileAt(Point{b.East - 0.05, b.North - 0.05}, 13)
	nearBefore, farBefore := c.Tile(near), c.Tile(far)
	if len(nearBefore.Gzip) == 0 || len(farBefore.Gzip) == 0 || nearBefore.ETag == farBefore.ETag {
		t.Fatalf("tiles of %d and %d bytes, %s and %s", len(nearBefore.Gzip), len(farBefore.Gzip), nearBefore.ETag, farBefore.ETag)
	}
	if err := s.Insert(Pin{ID: 1_000_000, At: near.Box().Centre()}); err != nil {
		t.Fatal(err)
	}
	nearAfter, farAfter := c.Tile(near), c.Tile(far)
	if nearAfter.ETag == nearBefore.ETag {
		t.Error("the tile of a new pin kept its ETag")
	}
	if &farAfter.Gzip[0] != &farBefore.Gzip[0] || farAfter.ETag != farBefore.ETag {
		t.Error("a tile far from the new pin was drawn again")
	}
	s.Remove(1_000_000)
	if again := c.Tile(near); again.ETag != nearBefore.ETag {
		t.Error("the tile without the pin is not what it was")
	}
	for i := range int64(journalLength + 10) { // longer than changes are remembered
		if err := s.Insert(Pin{ID: 2_000_000 + i, At: near.Box().Centre()}); err != nil {
			t.Fatal(err)
		}
	}
	if got := c.Tile(near).ETag; got == nearBefore.ETag {
		t.Error("after many changes a tile is still the old one")
	}
	if got := c.Tile(far).ETag; got != farBefore.ETag {
		t.Error("the ETag of an equal tile changed")
	}
	if err := s.Replace(nil); err != nil {
		t.Fatal(err)
	}
	if got := c.Tile(far); len(got.Gzip) != 0 {
		t.Errorf("an empty set has a tile of %d bytes", len(got.Gzip))
	}
}

func TestPointTilesKeepToTheirCapacity(t *testing.T) {
	s, err := NewPointSet(randomPins(5_000))
	if err != nil {
		t.Fatal(err)
	}
	const capacity = 20_000
	c := NewPointTiles(s, PointTileOptions{}, capacity)
	for round := range 2 {
		if err := s.Insert(randomPins(5_000 + 300*round)...); err != nil { // so that kept tiles are drawn again
			t.Fatal(err)
		}
		checkCapacity(t, s, c, capacity)
	}
	if got := c.Tile(Tile{3, 9, 9}); len(got.Gzip) != 0 || got.ETag == "" {
		t.Errorf("a tile that does not exist: %v", got)
	}
}

func checkCapacity(t *testing.T, s *PointSet, c *PointTiles, capacity int) {
	t.Helper()
	b := birmingham()
	for i := range 20 {
		for j := range 20 {
			tile := TileAt(Point{b.West + float64(i)/20*(b.East-b.West), b.South + float64(j)/20*(b.North-b.South)}, 14)
			got := c.Tile(tile)
			if want := Gzip(s.Tile(tile, PointTileOptions{})); string(got.Gzip) != string(want) {
				t.Fatalf("%v is not what the set draws", tile)
			}
			size := 0
			for _, k := range c.kept {
				size += len(k.Gzip) + tileOverhead
			}
			if size != c.size || size > capacity {
				t.Fatalf("keeps %d bytes, thinks %d, may %d", size, c.size, capacity)
			}
		}
	}
	if len(c.kept) == 0 {
		t.Error("keeps nothing")
	}
}

func TestPointSetKeepsACombinationOfPropertiesOnce(t *testing.T) {
	var s PointSet
	for i := range 1_000 {
		pin := Pin{ID: int64(i), At: bordesleyGreen, Properties: map[string]string{"state": fmt.Sprint(i % 3), "kind": "x"}}
		if err := s.Insert(pin); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(s.snapshot().attributes); n != 3 {
		t.Errorf("%d combinations are kept, want 3", n)
	}
}
