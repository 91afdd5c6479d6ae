package geo

import "math/bits"

// PointTileOptions says how pins are shown in tiles. With the defaults, ids of
// up to 13 characters and few different properties, no tile is heavier than
// 60 KB uncompressed, whatever the number of pins.
type PointTileOptions struct {
	Layer        string             // name of the layer; empty: "points"
	ClusterBelow uint32             // zooms below this show cells with a count; 0: none does
	Cells        uint32             // cells along a side of a tile, rounded down to a power of two; 0: 32
	MaxPoints    int                // a tile with more pins shows cells at any zoom; 0: 1,500
	ID           func(int64) string // writes the property id; nil: the number is the feature id
}

func (o PointTileOptions) orDefault() PointTileOptions {
	if o.Layer == "" {
		o.Layer = "points"
	}
	if o.Cells == 0 {
		o.Cells = 32
	}
	if o.MaxPoints <= 0 {
		o.MaxPoints = 1_500
	}
	return o
}

// cellBits is the number of zooms from a tile of zoom z down to its cells.
func (o PointTileOptions) cellBits(z uint32) uint32 {
	return min(uint32(bits.Len32(o.Cells))-1, extentBits, MaxZoom-z)
}

// PointTile draws the pins that lie in t as a Mapbox Vector Tile of one layer.
// Each pin is a feature with its properties, and with its number as feature id
// or, where o.ID is set, as text in the property "id": a browser loses digits
// of numbers past 2^53. Below ClusterBelow, and where there are more than
// MaxPoints, pins that share a cell are one feature at their middle with the
// property "count" and no id; a pin alone in its cell stays itself. A tile with no pins, or that is not Valid, is empty. Pins at a place
// that is not Valid are left out.
func PointTile(t Tile, pins []Pin, o PointTileOptions) []byte {
	valid := make([]Pin, 0, len(pins))
	for _, pin := range pins {
		if pin.At.Valid() {
			valid = append(valid, pin)
		}
	}
	var s PointSet
	if err := s.Replace(valid); err != nil {
		return nil // cannot be: every place is valid
	}
	return s.Tile(t, o)
}

// Tile is PointTile for the pins of the set.
func (s *PointSet) Tile(t Tile, o PointTileOptions) []byte {
	return s.snapshot().tile(t, o.orDefault())
}

func (s *snapshot) tile(t Tile, o PointTileOptions) []byte {
	low, high := t.Range()
	count := s.count(low, high)
	single := t.Z >= o.ClusterBelow && count <= o.MaxPoints
	most := count
	if !single {
		most = min(count, 1<<(2*o.cellBits(t.Z)))
	}
	d := &pointDrawer{tile: t, options: o, from: s, layer: newMVTLayer(o.Layer, most), tags: map[uint32][]uint32{}}
	if single {
		for e := range s.run(low, high) {
			d.pin(e)
		}
	} else {
		d.cells(low, high)
	}
	return d.layer.tile()
}

// pointDrawer draws one tile.
type pointDrawer struct {
	tile     Tile
	options  PointTileOptions
	from     *snapshot
	layer    *mvtLayer
	tags     map[uint32][]uint32 // of the attributes met so far
	scratch  []uint32
	geometry [3]uint32
}

func (d *pointDrawer) pin(e entry) {
	tags, ok := d.tags[e.attribute]
	if !ok {
		a := d.from.attributes[e.attribute]
		for i, name := range a.names {
			tags = d.layer.tag(tags, name, a.values[i])
		}
		d.tags[e.attribute] = tags
	}
	id := e.id
	if d.options.ID != nil {
		id = -1
		d.scratch = append(d.scratch[:0], tags...)
		tags = d.layer.tagOnce(d.scratch, "id", d.options.ID(e.id))
		d.scratch = tags
	}
	x, y := e.key.deinterleave()
	d.at(id, uint64(x), uint64(y), tags)
}

// at adds a feature at a zoom-28 place.
func (d *pointDrawer) at(id int64, x, y uint64, tags []uint32) {
	d.geometry = [3]uint32{mvtCommand(mvtMoveTo, 1), d.units(x, d.tile.X), d.units(y, d.tile.Y)}
	d.layer.feature(id, tags, mvtPoint, d.geometry[:])
}

// units turns a zoom-28 coordinate, taken in the middle of its tile there,
// into units of ours, zigzag-encoded.
func (d *pointDrawer) units(v uint64, tile uint32) uint32 {
	depth := MaxZoom - d.tile.Z
	halves := 2*(v-uint64(tile)<<depth) + 1
	return zigzag(int32(halves << extentBits >> (depth + 1)))
}

// cells draws cells. In Morton order a cell is a run too, so one pass does it.
func (d *pointDrawer) cells(low, high Quadkey) {
	shift := 2 * (MaxZoom - d.tile.Z - d.options.cellBits(d.tile.Z))
	var cell struct {
		number     Quadkey
		first      entry
		count      uint64
		sumX, sumY uint64 // at most 2^28 × 2^32 pins: no overflow
	}
	flush := func() {
		switch cell.count {
		case 0:
		case 1:
			d.pin(cell.first)
		default:
			d.scratch = d.layer.tag(d.scratch[:0], "count", int64(cell.count))
			d.at(-1, cell.sumX/cell.count, cell.sumY/cell.count, d.scratch)
		}
	}
	for e := range d.from.run(low, high) {
		if number := e.key >> shift; cell.count == 0 || number != cell.number {
			flush()
			cell.number, cell.first, cell.count, cell.sumX, cell.sumY = number, e, 0, 0, 0
		}
		x, y := e.key.deinterleave()
		cell.count++
		cell.sumX += uint64(x)
		cell.sumY += uint64(y)
	}
	flush()
}
