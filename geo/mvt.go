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
	name      string
	features  []byte
	keys      map[string]uint32
	keyList   []byte
	values    map[string]uint32 // by their encoding
	valueList []byte
	valueSize uint32 // number of values in the list
	scratch   []byte
}

// newMVTLayer makes room for features; more grow it.
func newMVTLayer(name string, features int) *mvtLayer {
	const bytesEach = 24
	return &mvtLayer{name: name, features: make([]byte, 0, features*bytesEach), keys: map[string]uint32{}, values: map[string]uint32{}}
}

// tag adds the property to tags. Values are text, numbers and booleans; others
// are left out, because the format has nothing for them.
func (l *mvtLayer) tag(tags []uint32, key string, value any) []uint32 {
	l.scratch = appendMVTValue(l.scratch[:0], value)
	if len(l.scratch) == 0 {
		return tags
	}
	index, ok := l.values[string(l.scratch)]
	if !ok {
		index = l.addValue()
		l.values[string(l.scratch)] = index
	}
	return append(tags, l.key(key), index)
}

// tagOnce is tag for a text that no other feature has, such as an id.
func (l *mvtLayer) tagOnce(tags []uint32, key, value string) []uint32 {
	l.scratch = appendField(l.scratch[:0], 1, value)
	return append(tags, l.key(key), l.addValue())
}

// addValue adds the value encoded in scratch and gives its index.
func (l *mvtLayer) addValue() uint32 {
	l.valueList = appendField(l.valueList, 4, l.scratch)
	l.valueSize++
	return l.valueSize - 1
}

func (l *mvtLayer) key(key string) uint32 {
	index, ok := l.keys[key]
	if !ok {
		index = uint32(len(l.keys))
		l.keys[key] = index
		l.keyList = appendField(l.keyList, 3, key)
	}
	return index
}

// feature adds a feature. Ids below 0 are left out: the format has none.
func (l *mvtLayer) feature(id int64, tags []uint32, kind byte, geometry []uint32) {
	out, start := openField(l.features, 2)
	if id >= 0 {
		out = binary.AppendUvarint(append(out, 1<<3), uint64(id))
	}
	if len(tags) > 0 {
		out = appendPacked(out, 2, tags)
	}
	out = append(out, 3<<3, kind)
	out = appendPacked(out, 4, geometry)
	l.features = closeField(out, start)
}

// tile gives the finished tile, nothing at all when it has no feature.
func (l *mvtLayer) tile() []byte {
	if len(l.features) == 0 {
		return nil
	}
	layer := append(make([]byte, 0, len(l.features)+len(l.keyList)+len(l.valueList)+len(l.name)+16), 15<<3, 2)
	layer = appendField(layer, 1, l.name)
	layer = append(layer, l.features...)
	layer = append(layer, l.keyList...)
	layer = append(layer, l.valueList...)
	layer = binary.AppendUvarint(append(layer, 5<<3), extent)
	return appendField(nil, 3, layer)
}

func appendMVTValue(out []byte, value any) []byte {
	switch v := value.(type) {
	case string:
		return appendField(out, 1, v)
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
func appendField[T string | []byte](out []byte, number byte, content T) []byte {
	out = binary.AppendUvarint(append(out, number<<3|2), uint64(len(content)))
	return append(out, content...)
}

// openField begins a length-delimited field whose length is not known yet;
// closeField, given the start of its content, fills it in. Most are shorter
// than 128 bytes, for which one byte of length is kept free.
func openField(out []byte, number byte) ([]byte, int) {
	out = append(out, number<<3|2, 0)
	return out, len(out)
}

func closeField(out []byte, start int) []byte {
	n := len(out) - start
	if n < 1<<7 {
		out[start-1] = byte(n)
		return out
	}
	return slices.Replace(out, start-1, start, binary.AppendUvarint(nil, uint64(n))...)
}

func appendPacked(out []byte, number byte, numbers []uint32) []byte {
	out, start := openField(out, number)
	for _, n := range numbers {
		for n >= 1<<7 {
			out = append(out, byte(n)|1<<7)
			n >>= 7
		}
		out = append(out, byte(n))
	}
	return closeField(out, start)
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
