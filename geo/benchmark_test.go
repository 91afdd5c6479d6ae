package geo

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// Each benchmark runs the plain way of doing the same beside ours, on the same
// data in the same run, and reports how many times faster ours is ("ratio"):
// the figure that can be compared between machines.

// birmingham is the box the points of the benchmarks lie in.
func birmingham() Box { return Box{-2.034, 52.381, -1.728, 52.609} }

func randomPins(n int) []Pin {
	r := rand.New(rand.NewPCG(1, 2))
	b := birmingham()
	states := []string{"open", "closed", "decided"}
	pins := make([]Pin, n)
	for i := range pins {
		pins[i] = Pin{
			ID:         int64(i),
			At:         Point{b.West + r.Float64()*(b.East-b.West), b.South + r.Float64()*(b.North-b.South)},
			Properties: map[string]string{"state": states[i%len(states)]},
		}
	}
	return pins
}

func reportRatio(b *testing.B, plain func()) {
	ours := b.Elapsed() / time.Duration(b.N)
	b.StopTimer()
	const rounds = 5
	start := time.Now()
	for range rounds {
		plain()
	}
	b.ReportMetric(float64(time.Since(start)/rounds)/float64(ours), "ratio")
}

func BenchmarkTile(b *testing.B) {
	pins := randomPins(200_000)
	set, err := NewPointSet(pins)
	if err != nil {
		b.Fatal(err)
	}
	centre := birmingham().Centre()
	for _, z := range []uint32{8, 10, 12, 14, 16} {
		b.Run(fmt.Sprintf("z%d", z), func(b *testing.B) {
			tile := TileAt(centre, z)
			options := PointTileOptions{ClusterBelow: 13, MaxPoints: 5_000}
			for b.Loop() {
				set.Tile(tile, options)
			}
			b.ReportMetric(float64(set.Count(tile)), "pins")
			reportRatio(b, func() {
				var inside []Pin
				box := tile.Box()
				for _, pin := range pins {
					if box.Contains(pin.At) {
						inside = append(inside, pin)
					}
				}
				PointTile(tile, inside, options)
			})
		})
	}
}

func BenchmarkInsert(b *testing.B) {
	set, err := NewPointSet(randomPins(200_000))
	if err != nil {
		b.Fatal(err)
	}
	next := int64(1_000_000)
	for b.Loop() {
		next++
		if err := set.Insert(Pin{ID: next, At: birmingham().Centre()}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFind(b *testing.B) {
	areas, pins := honeycomb(b), randomPins(1_000)
	i := 0
	for b.Loop() {
		areas.Find(pins[i%len(pins)].At)
		i++
	}
	reportRatio(b, func() {
		// One look-up without the filter of boxes, averaged over the pins.
		pin := pins[i%len(pins)]
		i++
		for _, a := range areas.sorted {
			if plainContains(a.Geometry, pin.At) {
				return
			}
		}
	})
}
