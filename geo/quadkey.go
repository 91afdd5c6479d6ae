package geo

import "math"

// MaxZoom is the zoom of the tiles that quadkeys number, and so the deepest
// Tile. A tile there is 15 cm wide on the equator and 9 cm in Birmingham.
const MaxZoom = 28

// worldSize is the number of tiles along one side of the world at MaxZoom.
const worldSize = 1 << MaxZoom

// Quadkey numbers the web-mercator tiles of zoom 28 in Morton order: the bits
// of y and x interleaved, y first. It fits 56 bits, so it is a 64-bit integer
// column in any database. Every Tile of any zoom is one unbroken run of
// quadkeys (Tile.Range), which is what makes a tile one index range scan.
type Quadkey int64

// QuadkeyOf gives the quadkey of the tile that p lies in. Places beyond web
// mercator's edge (latitude ±85.0511) count as lying on it; p should be Valid.
func QuadkeyOf(p Point) Quadkey {
	x, y := mercator(p)
	return interleave(tileNumber(x), tileNumber(y))
}

// Point is the centre of the tile that q numbers, at most 11 cm from every
// place in it.
func (q Quadkey) Point() Point {
	x, y := q.deinterleave()
	return unmercator((float64(x)+0.5)/worldSize, (float64(y)+0.5)/worldSize)
}

// mercator projects p to the web-mercator square: x to the east and y to the
// south, both 0 to 1.
func mercator(p Point) (x, y float64) {
	sin := math.Sin(radians(p.Lat))
	return (p.Lon + 180) / 360, 0.5 - math.Log((1+sin)/(1-sin))/(4*math.Pi)
}

func unmercator(x, y float64) Point {
	return Point{Lon: x*360 - 180, Lat: degrees(math.Atan(math.Sinh(math.Pi * (1 - 2*y))))}
}

// tileNumber is the number of the zoom-28 tile at v, held inside the world.
func tileNumber(v float64) uint32 {
	n := v * worldSize
	switch {
	case !(n > 0): // NaN too
		return 0
	case n >= worldSize:
		return worldSize - 1
	}
	return uint32(n)
}

func interleave(x, y uint32) Quadkey {
	return Quadkey(spread(x) | spread(y)<<1)
}

func (q Quadkey) deinterleave() (x, y uint32) {
	return gather(uint64(q)), gather(uint64(q) >> 1)
}

// spread puts a zero bit before each bit of v.
func spread(v uint32) uint64 {
	x := uint64(v)
	x = (x | x<<16) & 0x0000ffff0000ffff
	x = (x | x<<8) & 0x00ff00ff00ff00ff
	x = (x | x<<4) & 0x0f0f0f0f0f0f0f0f
	x = (x | x<<2) & 0x3333333333333333
	return (x | x<<1) & 0x5555555555555555
}

// gather undoes spread, ignoring the odd bits.
func gather(x uint64) uint32 {
	x &= 0x5555555555555555
	x = (x | x>>1) & 0x3333333333333333
	x = (x | x>>2) & 0x0f0f0f0f0f0f0f0f
	x = (x | x>>4) & 0x00ff00ff00ff00ff
	x = (x | x>>8) & 0x0000ffff0000ffff
	return uint32(x | x>>16)
}
