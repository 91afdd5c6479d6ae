package geo

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math"
	"slices"
)

// MaxHeight is the tallest a block may be, in metres: a third above the
// tallest building of Britain, so that a larger number is a mistake of units.
const MaxHeight = 400

// Block is one upright piece of a proposal: its ground plan drawn up from Base
// to Height.
type Block struct {
	Name      string   // such as "Block B"; may be empty
	Footprint Geometry // a polygon or multipolygon
	Base      float64  // metres above ground where it begins, 0 or more
	Height    float64  // metres above ground of its top, above Base, at most MaxHeight
	Storeys   int      // 0: not said
}

// Massing is the outer form of a proposal, from the ground up.
type Massing struct {
	Blocks []Block // at least one once parsed
}

// MassingSummary is what a massing says in figures.
type MassingSummary struct {
	Blocks                int
	MaxHeight             float64 // metres above ground
	Storeys               int     // of the block with the most; 0: not said
	FootprintSquareMetres float64 // ground covered: the footprints of all blocks that do not stand on others
}

// ParseMassing reads a GeoJSON FeatureCollection of polygons with the
// properties base (optional, 0) and height in metres above ground, and
// optionally storeys and name. Everything must be right: the error is what
// ParseFeatures gives, or Errors with ReasonProperty and ReasonWrongType.
func ParseMassing(data []byte, l Limits) (Massing, error) {
	features, err := ParseFeatures(bytes.NewReader(data), l)
	if err != nil {
		return Massing{}, err
	}
	if len(features) == 0 {
		return Massing{}, fail(ReasonNoGeometry, "no features")
	}
	var m Massing
	var errs Errors
	for _, f := range features {
		block, err := blockOf(f)
		if err != nil {
			err.Feature = f.Index
			errs = append(errs, err)
			continue
		}
		m.Blocks = append(m.Blocks, block)
	}
	if len(errs) > 0 {
		return Massing{}, errs
	}
	return m, nil
}

func blockOf(f Feature) (Block, *Error) {
	b := Block{Footprint: f.Geometry}
	if len(f.Geometry.polygons) == 0 {
		return b, fail(ReasonWrongType, "a block is a polygon")
	}
	var err *Error
	if b.Base, err = numberProperty(f.Properties, "base", 0); err != nil {
		return b, err
	}
	if b.Height, err = numberProperty(f.Properties, "height", math.NaN()); err != nil {
		return b, err
	}
	if !(b.Base >= 0 && b.Base < b.Height && b.Height <= MaxHeight) {
		return b, fail(ReasonProperty, "base %v and height %v: wanted 0 ≤ base < height ≤ %v metres", b.Base, b.Height, MaxHeight)
	}
	storeys, err := numberProperty(f.Properties, "storeys", 0)
	if err != nil {
		return b, err
	}
	if storeys != math.Trunc(storeys) || storeys < 0 || storeys > MaxHeight/2 {
		return b, fail(ReasonProperty, "storeys %v: wanted a whole number up to %d", storeys, MaxHeight/2)
	}
	b.Storeys = int(storeys)
	if name, ok := f.Properties["name"]; ok && name != nil {
		if b.Name, ok = name.(string); !ok || len(b.Name) > 200 {
			return b, fail(ReasonProperty, "name: wanted text of at most 200 bytes")
		}
	}
	return b, nil
}

// numberProperty gives a number; missing when it is not there and that is not NaN.
func numberProperty(properties map[string]any, name string, missing float64) (float64, *Error) {
	value := properties[name]
	if value == nil && !math.IsNaN(missing) {
		return missing, nil
	}
	number, ok := value.(float64)
	if !ok {
		return 0, fail(ReasonProperty, "%s: wanted a number, not %.40q", name, jsonText(value))
	}
	return number, nil
}

func jsonText(value any) string {
	if value == nil {
		return "nothing"
	}
	text, _ := json.Marshal(value) // came from JSON, so it goes back
	return string(text)
}

// Summary gives the figures. A block counts as standing on another when its
// pin point lies in the footprint of one with a lower base.
func (m Massing) Summary() MassingSummary {
	s := MassingSummary{Blocks: len(m.Blocks)}
	byBase := slices.Clone(m.Blocks)
	slices.SortStableFunc(byBase, func(a, b Block) int { return cmp.Compare(a.Base, b.Base) })
	for i, b := range byBase {
		s.MaxHeight = max(s.MaxHeight, b.Height)
		s.Storeys = max(s.Storeys, b.Storeys)
		pin := b.Footprint.PinPoint()
		onAnother := slices.ContainsFunc(byBase[:i], func(under Block) bool {
			return under.Base < b.Base && under.Footprint.Contains(pin)
		})
		if !onAnother {
			s.FootprintSquareMetres += b.Footprint.AreaSquareMetres()
		}
	}
	return s
}

// Bounds is the smallest box that holds every block.
func (m Massing) Bounds() Box {
	var b Box
	for i, block := range m.Blocks {
		o := block.Footprint.Bounds()
		if i == 0 {
			b = o
		}
		b = Box{min(b.West, o.West), min(b.South, o.South), max(b.East, o.East), max(b.North, o.North)}
	}
	return b
}

// GeoJSON is m as the FeatureCollection ParseMassing reads, numbered from 1,
// ready for a map's extrusion layer.
func (m Massing) GeoJSON() []byte {
	type properties struct {
		Base    float64 `json:"base"`
		Height  float64 `json:"height"`
		Storeys int     `json:"storeys,omitempty"`
		Name    string  `json:"name,omitempty"`
	}
	type feature struct {
		Type       string     `json:"type"`
		ID         int        `json:"id"`
		Geometry   Geometry   `json:"geometry"`
		Properties properties `json:"properties"`
	}
	features := make([]feature, 0, len(m.Blocks))
	for i, b := range m.Blocks {
		features = append(features, feature{"Feature", i + 1, b.Footprint, properties{b.Base, b.Height, b.Storeys, b.Name}})
	}
	out, err := json.Marshal(struct {
		Type     string    `json:"type"`
		Features []feature `json:"features"`
	}{"FeatureCollection", features})
	if err != nil { // only a block made by hand with NaN gets here
		return []byte(`{"type":"FeatureCollection","features":[]}`)
	}
	return out
}
