package geo

import (
	"fmt"
	"math"
	"strings"

	"github.com/paulmach/orb"
)

// View is a small map drawn by the server: a web-mercator picture of a box, in
// the units of an SVG with y downwards. Everything drawn through one View fits
// together. Make one with NewView or Geometry.SVGPath.
type View struct {
	Width, Height float64
	scale         float64 // units across the world
	left, top     float64 // mercator position of the upper left corner
}

// smallestView keeps the picture of a point or a sliver from having no scale.
const smallestView = 25 // metres around its centre

// NewView fits b into a picture of width × height units, centred, with a
// margin of a twentieth on each side. A size that is not positive counts as 1.
func NewView(b Box, width, height float64) View {
	const margin = 0.05
	least := Around(b.Centre(), smallestView)
	b = Box{min(b.West, least.West), min(b.South, least.South), max(b.East, least.East), max(b.North, least.North)}
	v := View{Width: positive(width), Height: positive(height)}
	x0, y1 := mercator(Point{Lon: b.West, Lat: math.Max(b.South, -85)})
	x1, y0 := mercator(Point{Lon: b.East, Lat: math.Min(b.North, 85)})
	v.scale = min(v.Width/(x1-x0), v.Height/(y1-y0)) * (1 - 2*margin)
	v.left = (x0+x1)/2 - v.Width/2/v.scale
	v.top = (y0+y1)/2 - v.Height/2/v.scale
	return v
}

func positive(v float64) float64 {
	if v > 0 && !math.IsInf(v, 1) {
		return v
	}
	return 1
}

// ViewBox is the viewBox attribute of the SVG.
func (v View) ViewBox() string {
	return fmt.Sprintf("0 0 %g %g", v.Width, v.Height)
}

// XY places p in the picture, rounded to a tenth of a unit.
func (v View) XY(p Point) (x, y float64) {
	mx, my := mercator(p)
	return tenth((mx - v.left) * v.scale), tenth((my - v.top) * v.scale)
}

func tenth(v float64) float64 { return math.Round(v*10) / 10 }

// MetresPerUnit is the length on the ground of one unit in the middle of the
// picture, for a scale bar.
func (v View) MetresPerUnit() float64 {
	middle := unmercator(0.5, v.top+v.Height/2/v.scale)
	return 2 * math.Pi * earthRadius * math.Cos(radians(middle.Lat)) / v.scale
}

// Path is g as the d attribute of an SVG path; holes are left out of the
// filling under either fill rule. It is empty for a point: draw a mark at XY.
func (v View) Path(g Geometry) string {
	var d strings.Builder
	for _, polygon := range g.polygons {
		for _, ring := range polygon {
			v.writeRing(&d, ring)
		}
	}
	return d.String()
}

// writeRing drops positions that fall on the one before.
func (v View) writeRing(d *strings.Builder, ring orb.Ring) {
	lastX, lastY := math.NaN(), math.NaN()
	command := byte('M')
	for _, p := range ring[:len(ring)-1] {
		x, y := v.XY(Point{Lon: p[0], Lat: p[1]})
		if x == lastX && y == lastY {
			continue
		}
		fmt.Fprintf(d, "%c%g %g", command, x, y)
		lastX, lastY, command = x, y, 'L'
	}
	d.WriteByte('Z')
}

// SVGPath draws g to fill a picture of width × height units, and gives the
// View, through which other places get into the same picture.
func (g Geometry) SVGPath(width, height float64) (path string, v View) {
	v = NewView(g.Bounds(), width, height)
	return v.Path(g), v
}
