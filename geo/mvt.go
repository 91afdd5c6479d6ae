package geo

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"maps"
	"math"
	"slices"
)

// extent is the number of units along a side of a vector tile.
const (
	extentBits = 12
	extent     = 1 << extentBits
)

// Geometry types of the Mapbox Vector Tile specification 2.1.
const (
	mvtPoint   = 1
	mvtPolygon = 3
)

// Commands of a vector tile geometry.
const (
	mvtMoveTo    = 1
	mvtLineTo    = 2
	mvtClosePath = 7
)

// mvtLayer writes one layer of a Mapbox Vector Tile, version 2.1. Written by
// hand rather than through the library's encoder, which makes a map and a
// reflected message of every feature: that costs ten to twenty times more, and
// brings two large dependencies into the program.
type mvtLayer struct {
	name     string
	features []byte
	empty    bool
	keys     map[string]uint32
	values   map[string]uint32 // by their encoding
	keyList  []byte
	valList  []byte
	scratch  []byte
	nested   []byte
}

func newMVTLayer(name string) *mvtLayer {
	return &mvtLayer{name: name, empty: true, keys: map[string]uint32{}, values: map[string]uint32{}}
}

// tag adds the property to tags. Values are text, numbers and booleans; others
// are left out, because the format has nothing for them.
func (l *mvtLayer) tag(tags []uint32, key string, value any) []uint32 {
	encoded := appendMVTValue(l.scratch[:0], value)
	if len(encoded) == 0 {
		return tags
	}
	l.scratch = encoded
	index, ok := l.values[string(encoded)]
	if !ok {
		index = uint32(len(l.values))
		l.values[string(encoded)] = index
		l.valList = appendField(l.valList, 4, encoded)
	}
	k, ok := l.keys[key]
	if !ok {
		k = uint32(len(l.keys))
		l.keys[key] = k
		l.keyList = appendField(l.keyList, 3, []byte(key))
	}
	return append(tags, k, index)
}

// feature adds a feature. Ids below 0 are left out: the format has none.
func (l *mvtLayer) feature(id int64, tags []uint32, kind byte, geometry []uint32) {
	f := l.scratch[:0]
	if id >= 0 {
		f = binary.AppendUvarint(append(f, 1<<3), uint64(id))
	}
	if len(tags) > 0 {
		l.nested = appendPacked(l.nested[:0], tags)
		f = appendField(f, 2, l.nested)
	}
	f = append(f, 3<<3, kind)
	l.nested = appendPacked(l.nested[:0], geometry)
	f = appendField(f, 4, l.nested)
	l.scratch = f
	l.features = appendField(l.features, 2, f)
	l.empty = false
}

// tile gives the finished tile, nothing at all when it has no feature.
func (l *mvtLayer) tile() []byte {
	if l.empty {
		return nil
	}
	layer := append(make([]byte, 0, len(l.features)+len(l.keyList)+len(l.valList)+len(l.name)+16), 15<<3, 2)
	layer = appendField(layer, 1, []byte(l.name))
	layer = append(layer, l.features...)
	layer = append(layer, l.keyList...)
	layer = append(layer, l.valList...)
	layer = binary.AppendUvarint(append(layer, 5<<3), extent)
	return appendField(nil, 3, layer)
}

func appendMVTValue(out []byte, value any) []byte {
	switch v := value.(type) {
	case string:
		return appendField(out, 1, []byte(v))
	case float64:
		return binary.LittleEndian.AppendUint64(append(out, 3<<3|1), math.Float64bits(v))
	case int:
		return binary.AppendVarint(append(out, 6<<3), int64(v))
	case int64:
		return binary.AppendVarint(append(out, 6<<3), v)
	case bool:
		if v {
			return append(out, 7<<3, 1)
		}
		return append(out, 7<<3, 0)
	}
	return nil
}

// sortedKeys gives properties an order, so that equal tiles are equal bytes.
func sortedKeys[V any](properties map[string]V) []string {
	return slices.Sorted(maps.Keys(properties))
}

// appendField appends a length-delimited protobuf field.
func appendField(out []byte, number byte, content []byte) []byte {
	out = binary.AppendUvarint(append(out, number<<3|2), uint64(len(content)))
	return append(out, content...)
}

func appendPacked(out []byte, numbers []uint32) []byte {
	for _, n := range numbers {
		out = binary.AppendUvarint(out, uint64(n))
	}
	return out
}

func mvtCommand(id, count uint32) uint32 { return count<<3 | id }

func zigzag(v int32) uint32 { return uint32(v<<1) ^ uint32(v>>31) }

// Gzip compresses a tile for Content-Encoding: gzip. Equal tiles give equal
// bytes; an empty tile stays empty.
func Gzip(tile []byte) []byte {
	if len(tile) == 0 {
		return nil
	}
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(tile) // a bytes.Buffer does not fail
	_ = w.Close()
	return out.Bytes()
}
