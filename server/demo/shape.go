package demo

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/yousaid/yousaid/geo"
)

// metresPerDegree is the length of a degree of latitude at 52.5° north; demo sites are small enough for a flat Earth.
const metresPerDegree = 111_270

// move gives the place east and north of p by metres.
func (s spot) move(east, north float64) spot {
	return spot{
		Lat: s.Lat + north/metresPerDegree,
		Lon: s.Lon + east/(metresPerDegree*math.Cos(s.Lat*math.Pi/180)),
	}
}

// point is the place with six decimals, about 10 cm.
func (s spot) point() geo.Point {
	six := func(v float64) float64 { return math.Round(v*1e6) / 1e6 }
	return geo.Point{Lon: six(s.Lon), Lat: six(s.Lat)}
}

// plan is a ground plan: corners in metres, or a rectangle of a size around a middle, turned clockwise by degrees.
type plan struct {
	Corners [][2]float64 `json:"corners"`
	At      [2]float64   `json:"at"`
	Size    [2]float64   `json:"size"` // width (east) and depth (north) before turning
	Turn    float64      `json:"turn"`
}

// block is a plan drawn up from base to height, in metres.
type block struct {
	plan
	Name    string  `json:"name"`
	Base    float64 `json:"base"`
	Height  float64 `json:"height"`
	Storeys int     `json:"storeys"`
}

// corners lists the plan's corners in metres, counter-clockwise for a rectangle.
func (p plan) corners() [][2]float64 {
	if len(p.Corners) > 0 {
		return p.Corners
	}
	sin, cos := math.Sincos(-p.Turn * math.Pi / 180)
	w, d := p.Size[0]/2, p.Size[1]/2
	var out [][2]float64
	for _, c := range [][2]float64{{-w, -d}, {w, -d}, {w, d}, {-w, d}} {
		out = append(out, [2]float64{p.At[0] + c[0]*cos - c[1]*sin, p.At[1] + c[0]*sin + c[1]*cos})
	}
	return out
}

// geometry is the plan around a site, checked as any boundary is.
func (p plan) geometry(site spot) (geo.Geometry, error) {
	ring := [][2]float64{}
	corners := p.corners()
	for _, c := range append(corners, corners[0]) {
		at := site.move(c[0], c[1]).point()
		ring = append(ring, [2]float64{at.Lon, at.Lat})
	}
	raw, err := json.Marshal(map[string]any{"type": "Polygon", "coordinates": [][][2]float64{ring}})
	if err != nil {
		return geo.Geometry{}, err
	}
	return geo.ParseGeoJSON(raw, geo.DefaultLimits())
}

// boundary is the site's boundary as GeoJSON.
func (p proposal) boundary(site spot) (json.RawMessage, error) {
	g, err := p.Boundary.geometry(site)
	if err != nil {
		return nil, fmt.Errorf("boundary: %w", err)
	}
	return g.GeoJSON(), nil
}

// massing is the proposal's blocks as GeoJSON, checked as any massing is.
func (p proposal) massing(site spot) (json.RawMessage, error) {
	var m geo.Massing
	for _, b := range p.Massing {
		g, err := b.geometry(site)
		if err != nil {
			return nil, fmt.Errorf("massing %s: %w", b.Name, err)
		}
		m.Blocks = append(m.Blocks, geo.Block{Name: b.Name, Footprint: g, Base: b.Base, Height: b.Height, Storeys: b.Storeys})
	}
	checked, err := geo.ParseMassing(m.GeoJSON(), geo.DefaultLimits())
	if err != nil {
		return nil, fmt.Errorf("massing: %w", err)
	}
	return checked.GeoJSON(), nil
}
