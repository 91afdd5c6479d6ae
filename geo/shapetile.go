package geo

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/paulmach/orb/planar"
	"github.com/paulmach/orb/simplify"
)

// Shape is a geometry with a number and properties for a tile.
type Shape struct {
	ID         int64 // 0 or more: the integer feature id; below 0: none
	Geometry   Geometry
	Properties map[string]any // text, numbers and booleans; others are left out
}

// shapeBuffer is how far shapes reach over the border of their tile, in tile
// units, so that the cut is not seen as an outline.
const shapeBuffer = 64

// ShapeTile draws the shapes that meet t as a Mapbox Vector Tile of one layer:
// simplified to a tile unit (1/4096 of its width), clipped with a small
// buffer, in the order given. Shapes smaller than a unit vanish. A tile that
// nothing meets, or that is not Valid, is empty.
func ShapeTile(t Tile, shapes []Shape, layer string) []byte {
	if !t.Valid() {
		return nil
	}
	d := shapeDrawer{tile: t, layer: newMVTLayer(layer, len(shapes))}
	for _, s := range shapes {
		d.shape(s)
	}
	return d.layer.tile()
}

type shapeDrawer struct {
	tile  Tile
	layer *mvtLayer
}

// project gives p in units of the tile.
func (d *shapeDrawer) project(p orb.Point) orb.Point {
	x, y := mercator(Point{Lon: p[0], Lat: math.Max(-89.9, math.Min(89.9, p[1]))})
	side := float64(uint64(1) << d.tile.Z)
	return orb.Point{(x*side - float64(d.tile.X)) * extent, (y*side - float64(d.tile.Y)) * extent}
}

func (d *shapeDrawer) window() orb.Bound {
	return orb.Bound{Min: orb.Point{-shapeBuffer, -shapeBuffer}, Max: orb.Point{extent + shapeBuffer, extent + shapeBuffer}}
}

func (d *shapeDrawer) shape(s Shape) {
	pen := mvtPen{}
	kind := byte(mvtPolygon)
	if s.Geometry.Kind() == KindPoint {
		kind = mvtPoint
		p := d.project(orb.Point{s.Geometry.point.Lon, s.Geometry.point.Lat})
		if d.tile == TileAt(s.Geometry.point, d.tile.Z) {
			pen.moveTo(floored(p))
		}
	}
	for i, polygon := range s.Geometry.polygons {
		if d.meets(s.Geometry.bounds[i]) {
			d.polygon(&pen, polygon)
		}
	}
	if len(pen.commands) == 0 {
		return
	}
	var tags []uint32
	for _, key := range sortedKeys(s.Properties) {
		tags = d.layer.tag(tags, key, s.Properties[key])
	}
	d.layer.feature(s.ID, tags, kind, pen.commands)
}

func (d *shapeDrawer) meets(b Box) bool {
	nw, se := d.project(orb.Point{b.West, b.North}), d.project(orb.Point{b.East, b.South})
	return d.window().Intersects(orb.Bound{Min: nw, Max: se})
}

// polygon draws the outer ring and, if anything is left of it, its holes.
func (d *shapeDrawer) polygon(pen *mvtPen, polygon orb.Polygon) {
	for i, ring := range polygon {
		fitted := d.fit(ring)
		if fitted == nil && i == 0 {
			return
		}
		if fitted == nil {
			continue
		}
		// The format wants outer rings clockwise as seen on the screen, which is
		// counter-clockwise where y points up, and holes the other way.
		if (fitted.Orientation() == orb.CCW) != (i == 0) {
			fitted.Reverse()
		}
		pen.ring(fitted)
	}
}

// fit projects, clips, simplifies and rounds a ring; nil when nothing is left.
func (d *shapeDrawer) fit(ring orb.Ring) orb.Ring {
	projected := make(orb.Ring, len(ring)) // the library works in place: never on the Geometry
	for i, p := range ring {
		projected[i] = d.project(p)
	}
	clipped := clip.Ring(d.window(), projected)
	if len(clipped) < 4 {
		return nil
	}
	fitted := simplify.DouglasPeucker(1).Ring(clipped)
	whole := fitted[:0]
	for _, p := range fitted {
		if p = floored(p); len(whole) == 0 || whole[len(whole)-1] != p {
			whole = append(whole, p)
		}
	}
	if len(whole) < 4 || math.Abs(planar.Area(whole)) < 1 {
		return nil
	}
	return whole
}

func floored(p orb.Point) orb.Point { return orb.Point{math.Floor(p[0]), math.Floor(p[1])} }

// mvtPen writes the commands of one feature.
type mvtPen struct {
	commands []uint32
	x, y     int32
}

func (p *mvtPen) to(q orb.Point) {
	x, y := int32(q[0]), int32(q[1])
	p.commands = append(p.commands, zigzag(x-p.x), zigzag(y-p.y))
	p.x, p.y = x, y
}

func (p *mvtPen) moveTo(q orb.Point) {
	p.commands = append(p.commands, mvtCommand(mvtMoveTo, 1))
	p.to(q)
}

// ring draws a closed ring, whose last position the format leaves out.
func (p *mvtPen) ring(ring orb.Ring) {
	p.moveTo(ring[0])
	p.commands = append(p.commands, mvtCommand(mvtLineTo, uint32(len(ring)-2)))
	for _, q := range ring[1 : len(ring)-1] {
		p.to(q)
	}
	p.commands = append(p.commands, mvtCommand(mvtClosePath, 1))
}
