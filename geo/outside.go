package geo

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// maxCrossings bounds the pairs of edges that are looked at for crossings; beyond it AreaOutside is an estimate, still within a few
// thousandths for the boundaries of real sites.
const maxCrossings = 4_000_000

// AreaOutside is the ground of g, in square metres, that o does not cover: 0 when g lies inside o or is no area, all of g when o is
// none.
//
// Both are cut into level strips at every corner and every crossing of their edges. Within a strip no edges cross, so each piece is a
// trapezium whose area is its width in the middle times the height of the strip.
func (g Geometry) AreaOutside(o Geometry) float64 {
	if len(g.polygons) == 0 {
		return 0
	}
	edges := slices.Concat(risingEdges(g, true), risingEdges(o, false))
	slices.SortFunc(edges, func(a, b risingEdge) int { return cmp.Compare(a.low[1], b.low[1]) })
	var area float64
	var active []risingEdge
	next := 0
	levels := stripLevels(edges)
	for i := 0; i+1 < len(levels); i++ {
		south, north := levels[i], levels[i+1]
		for next < len(edges) && edges[next].low[1] <= south {
			active = append(active, edges[next])
			next++
		}
		active = slices.DeleteFunc(active, func(e risingEdge) bool { return e.high[1] < north })
		middle := (south + north) / 2
		width := widthOutside(active, middle) * math.Cos(radians(middle))
		area += radians(width) * radians(north-south) * orb.EarthRadius * orb.EarthRadius
	}
	return area
}

// risingEdge is an edge that is not level, from south to north.
type risingEdge struct {
	low, high orb.Point
	own       bool // of the geometry that is asked about, not of the other
}

// at is the edge's longitude at a latitude between its ends.
func (e risingEdge) at(lat float64) float64 {
	return e.low[0] + (lat-e.low[1])/(e.high[1]-e.low[1])*(e.high[0]-e.low[0])
}

func risingEdges(g Geometry, own bool) []risingEdge {
	var edges []risingEdge
	for _, polygon := range g.polygons {
		for _, ring := range polygon {
			for i := 0; i+1 < len(ring); i++ {
				e := risingEdge{ring[i], ring[i+1], own}
				if e.low[1] > e.high[1] {
					e.low, e.high = e.high, e.low
				}
				if e.low[1] < e.high[1] {
					edges = append(edges, e)
				}
			}
		}
	}
	return edges
}

// stripLevels lists the latitudes of all corners, and of the places where an edge of one geometry crosses one of the other.
func stripLevels(edges []risingEdge) []float64 {
	var levels []float64
	for _, e := range edges {
		levels = append(levels, e.low[1], e.high[1])
	}
	if len(edges)*len(edges)/2 <= maxCrossings {
		for i, e := range edges {
			for _, f := range edges[i+1:] {
				if f.low[1] >= e.high[1] {
					break // edges come by their southern ends
				}
				if lat, crosses := crossing(e, f); crosses && e.own != f.own {
					levels = append(levels, lat)
				}
			}
		}
	}
	slices.Sort(levels)
	return slices.Compact(levels)
}

// crossing is the latitude at which two edges change sides, when they do between their ends.
func crossing(e, f risingEdge) (lat float64, crosses bool) {
	south, north := max(e.low[1], f.low[1]), min(e.high[1], f.high[1])
	if south >= north {
		return 0, false
	}
	before, after := e.at(south)-f.at(south), e.at(north)-f.at(north)
	if before*after >= 0 {
		return 0, false
	}
	return south + (north-south)*before/(before-after), true
}

// widthOutside is how many degrees of longitude of one latitude lie in the own geometry and not in the other.
func widthOutside(active []risingEdge, lat float64) float64 {
	type wall struct {
		lon float64
		own bool
	}
	walls := make([]wall, len(active))
	for i, e := range active {
		walls[i] = wall{e.at(lat), e.own}
	}
	slices.SortFunc(walls, func(a, b wall) int { return cmp.Compare(a.lon, b.lon) })
	width, inOwn, inOther := 0.0, false, false
	for i, w := range walls {
		if inOwn && !inOther {
			width += w.lon - walls[i-1].lon
		}
		if w.own {
			inOwn = !inOwn
		} else {
			inOther = !inOther
		}
	}
	return width
}
