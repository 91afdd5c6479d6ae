package geo

import (
	"cmp"
	"slices"
)

// Tile is a web-mercator tile as maps ask for it: z/x/y, x to the east and y
// to the south from the north-west corner of the world.
type Tile struct {
	Z, X, Y uint32
}

// TileAt is the tile of zoom z (at most MaxZoom) that p lies in.
func TileAt(p Point, z uint32) Tile {
	x, y := QuadkeyOf(p).deinterleave()
	z = min(z, MaxZoom)
	return Tile{Z: z, X: x >> (MaxZoom - z), Y: y >> (MaxZoom - z)}
}

// Valid reports whether the tile exists: zoom at most MaxZoom, x and y inside
// the world. Anything else a browser asks for is not found.
func (t Tile) Valid() bool {
	return t.Z <= MaxZoom && t.X>>t.Z == 0 && t.Y>>t.Z == 0
}

// Range gives the unbroken run of quadkeys inside the tile: low ≤ key < high.
// It is 0, 0 when the tile is not Valid.
func (t Tile) Range() (low, high Quadkey) {
	if !t.Valid() {
		return 0, 0
	}
	low = interleave(t.X, t.Y) << (2 * (MaxZoom - t.Z))
	return low, low + 1<<(2*(MaxZoom-t.Z))
}

// Box is the ground the tile covers. Its borders belong to two tiles, while
// every place has one quadkey.
func (t Tile) Box() Box {
	side := float64(uint64(1) << min(t.Z, MaxZoom))
	nw := unmercator(float64(t.X)/side, float64(t.Y)/side)
	se := unmercator(float64(t.X+1)/side, float64(t.Y+1)/side)
	return Box{West: nw.Lon, South: se.Lat, East: se.Lon, North: nw.Lat}
}

// Range is a run of quadkeys: Low ≤ key < High.
type Range struct {
	Low, High Quadkey
}

// Contains reports whether q lies in the run.
func (r Range) Contains(q Quadkey) bool { return r.Low <= q && q < r.High }

// Ranges covers a box with at most limit runs of quadkeys (at least one), in
// ascending order and apart from each other. Every place in the box lies in
// one of them; places near the box may too, so an exact test must follow.
// More runs cover more tightly: 8 is a good choice for a database. A box that
// is not Valid has no ranges.
func Ranges(b Box, limit int) []Range {
	if !b.Valid() {
		return nil
	}
	limit = max(limit, 1)
	c := cover{depth: 0}
	c.x0, c.y1 = QuadkeyOf(Point{Lon: b.West, Lat: b.South}).deinterleave()
	c.x1, c.y0 = QuadkeyOf(Point{Lon: b.East, Lat: b.North}).deinterleave()
	// A cover finer than the limit is worth looking for: joining its nearest
	// runs beats the coarser zoom. The second bound stops at boxes whose border
	// has many tiles that all join into few runs.
	for c.depth < MaxZoom && len(c.runs) <= 4*limit && c.visited <= 64*limit {
		c.depth++
		c.runs, c.visited = c.runs[:0], 0
		c.visit(Tile{})
	}
	return joinNearest(c.runs, limit)
}

// cover collects the tiles of one zoom that meet a box, joined into runs.
type cover struct {
	x0, y0, x1, y1 uint32 // the box in zoom-28 tiles, borders included
	depth          uint32
	runs           []Range
	visited        int
}

func (c *cover) visit(t Tile) {
	c.visited++
	up := MaxZoom - t.Z
	west, north := t.X<<up, t.Y<<up
	east, south := west+(1<<up-1), north+(1<<up-1)
	if west > c.x1 || east < c.x0 || north > c.y1 || south < c.y0 {
		return
	}
	inside := west >= c.x0 && east <= c.x1 && north >= c.y0 && south <= c.y1
	if !inside && t.Z < c.depth {
		for i := range uint32(4) { // in Morton order, so that runs come sorted
			c.visit(Tile{Z: t.Z + 1, X: t.X<<1 | i&1, Y: t.Y<<1 | i>>1})
		}
		return
	}
	low, high := t.Range()
	if n := len(c.runs); n > 0 && c.runs[n-1].High == low {
		c.runs[n-1].High = high
		return
	}
	c.runs = append(c.runs, Range{low, high})
}

// joinNearest joins the runs with the smallest gaps until limit are left.
func joinNearest(runs []Range, limit int) []Range {
	if len(runs) <= limit {
		return runs
	}
	gaps := make([]int, len(runs)-1) // numbers of the runs before each gap
	for i := range gaps {
		gaps[i] = i
	}
	slices.SortFunc(gaps, func(a, b int) int {
		return cmp.Compare(runs[b+1].Low-runs[b].High, runs[a+1].Low-runs[a].High)
	})
	kept := gaps[:limit-1]
	slices.Sort(kept)
	joined := make([]Range, 0, limit)
	first := 0
	for _, last := range kept {
		joined = append(joined, Range{runs[first].Low, runs[last].High})
		first = last + 1
	}
	return append(joined, Range{runs[first].Low, runs[len(runs)-1].High})
}

// RangesAround covers the circle of metres around p: Ranges of its box. The
// exact test that must follow is Distance.
func RangesAround(p Point, metres float64, limit int) []Range {
	return Ranges(Around(p, metres), limit)
}
