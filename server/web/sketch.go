package web

import (
	"fmt"
	"math"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// Sketch is a small plan drawn by the server: the site's boundary, the outlines of the proposed buildings and a marked place. It
// needs no script and no map service. Part "site-sketch".
type Sketch struct {
	ViewBox  string
	Boundary string   // path data; "" = unknown
	Blocks   []string // path data of the proposed buildings
	MarkX    float64
	MarkY    float64
	Marked   bool
	Scale    string // what the bar below the plan stands for, in words
	ScaleBar float64
	Alt      string
}

const (
	sketchWidth  = 640
	sketchHeight = 400
)

// sketch draws a proposal version and, when marked, a place on it. Geometry that cannot be read is left out: the page's words
// stand without the picture.
func (b *Base) sketch(v consult.ProposalVersion, place geo.Point, marked bool, alt string) *Sketch {
	box, ok := siteBox(v)
	if !ok {
		return nil
	}
	if marked {
		box = geo.Box{West: min(box.West, place.Lon), South: min(box.South, place.Lat), East: max(box.East, place.Lon), North: max(box.North, place.Lat)}
	}
	return b.sketchIn(box, v, place, marked, alt)
}

// siteBox is the ground a version's site takes up, or its buildings where no boundary can be read.
func siteBox(v consult.ProposalVersion) (box geo.Box, ok bool) {
	if boundary, err := geo.ParseGeoJSON(v.Boundary, geo.DefaultLimits()); err == nil {
		return boundary.Bounds(), true
	}
	if massing, err := geo.ParseMassing(v.Massing, geo.DefaultLimits()); err == nil {
		return massing.Bounds(), true
	}
	return box, false
}

// sketchIn draws a proposal version in a given frame.
func (b *Base) sketchIn(box geo.Box, v consult.ProposalVersion, place geo.Point, marked bool, alt string) *Sketch {
	boundary, errBoundary := geo.ParseGeoJSON(v.Boundary, geo.DefaultLimits())
	massing, errMassing := geo.ParseMassing(v.Massing, geo.DefaultLimits())
	view := geo.NewView(box, sketchWidth, sketchHeight)
	s := &Sketch{ViewBox: view.ViewBox(), Marked: marked, Alt: alt}
	if errBoundary == nil {
		s.Boundary = view.Path(boundary)
	}
	if errMassing == nil {
		for _, block := range massing.Blocks {
			s.Blocks = append(s.Blocks, view.Path(block.Footprint))
		}
	}
	if marked {
		s.MarkX, s.MarkY = view.XY(place)
	}
	metres := roundLength(view.MetresPerUnit() * sketchWidth / 4)
	s.Scale, s.ScaleBar = b.T("sketch.scale", "n", int(metres)), metres/view.MetresPerUnit()
	return s
}

// roundLength is the largest of 1, 2, 5, 10, 20, 50 … metres that is not longer than m.
func roundLength(m float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(max(m, 1))))
	for _, step := range []float64{5, 2} {
		if step*power <= m {
			return step * power
		}
	}
	return power
}

// height words the tallest building of a proposal: "31 m high, 10 storeys"; "" when nothing is known.
func (b *Base) height(v consult.ProposalVersion) string {
	massing, err := geo.ParseMassing(v.Massing, geo.DefaultLimits())
	if err != nil {
		return ""
	}
	sum := massing.Summary()
	metres := fmt.Sprintf("%.1f", sum.MaxHeight)
	if sum.Storeys == 0 {
		return b.T("sketch.height", "metres", metres)
	}
	return b.T("sketch.height_storeys", "metres", metres, "n", sum.Storeys)
}
