package geo

import (
	"fmt"
	"hash/fnv"
	"sync"
)

// PointTiles serves the tiles of a PointSet, each compressed once. When pins
// change, the tiles they lie in are drawn again at the next request and all
// others stay. It is safe for concurrent use.
type PointTiles struct {
	set      *PointSet
	options  PointTileOptions
	capacity int // bytes kept

	mu   sync.Mutex
	kept map[Tile]keptTile
	size int
}

// ReadyTile is a tile as it goes over the wire.
type ReadyTile struct {
	Gzip []byte // for Content-Encoding: gzip; empty when the tile is: 204. Shared: do not change
	ETag string // with its quotes; the same on every node that holds the same pins
}

type keptTile struct {
	ReadyTile
	changes uint64 // of the snapshot it was drawn from, or found unchanged in
}

// tileOverhead is about what an entry of the map costs beside its bytes.
const tileOverhead = 128

// NewPointTiles keeps up to capacity bytes of compressed tiles of set; with 0
// or less, 64 MiB.
func NewPointTiles(set *PointSet, o PointTileOptions, capacity int) *PointTiles {
	if capacity <= 0 {
		capacity = 64 << 20
	}
	return &PointTiles{set: set, options: o.orDefault(), capacity: capacity, kept: map[Tile]keptTile{}}
}

// Tile gives t as it is now. A tile that is not Valid is empty.
func (c *PointTiles) Tile(t Tile) ReadyTile {
	now := c.set.snapshot()
	if ready, ok := c.find(t, now); ok {
		return ready
	}
	ready := ReadyTile{Gzip: Gzip(now.tile(t, c.options))}
	h := fnv.New64a()
	_, _ = h.Write(ready.Gzip) // a hash does not fail
	ready.ETag = fmt.Sprintf(`"%016x"`, h.Sum64())
	if t.Valid() {
		c.keep(t, keptTile{ready, now.changes})
	}
	return ready
}

func (c *PointTiles) find(t Tile, now *snapshot) (ReadyTile, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok := c.kept[t]
	low, high := t.Range()
	// A tile from a later snapshot than ours may be newer than we need, never older.
	if !ok || k.changes < now.changes && now.changedSince(k.changes, low, high) {
		return ReadyTile{}, false
	}
	if k.changes < now.changes {
		k.changes = now.changes
		c.kept[t] = k
	}
	return k.ReadyTile, true
}

// keep makes room by dropping tiles at random: those in use come back.
func (c *PointTiles) keep(t Tile, k keptTile) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if old, ok := c.kept[t]; ok {
		if old.changes > k.changes {
			return
		}
		c.drop(t, old)
	}
	if len(k.Gzip)+tileOverhead > c.capacity {
		return
	}
	for other, old := range c.kept {
		if c.size+len(k.Gzip)+tileOverhead <= c.capacity {
			break
		}
		c.drop(other, old)
	}
	c.kept[t] = k
	c.size += len(k.Gzip) + tileOverhead
}

func (c *PointTiles) drop(t Tile, k keptTile) {
	delete(c.kept, t)
	c.size -= len(k.Gzip) + tileOverhead
}
