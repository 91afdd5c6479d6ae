package web

import (
	"context"
	"fmt"
	"hash/fnv"
	"strconv"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// Map serves the map's layers from memory: pins and sites of public consultations, and wards. It looks at the store again when what
// it holds is mapFresh old, so that every node shows a change within that time.
type Map struct {
	service *consult.Service
	basemap Basemap
	pins    *geo.PointSet
	points  *geo.PointTiles

	mu     sync.Mutex
	loaded time.Time
	sites  []geo.Shape
	wards  []geo.Shape
	marks  map[string]string // ETag marks of sites and wards
}

// mapFresh is how old the layers may be.
const mapFresh = 2 * time.Second

// Zooms below which pins share a cell, and the deepest tiles served; beyond it the browser enlarges them.
const (
	clusterBelow = 13
	deepestTile  = 18
)

// NewMap makes an empty map; the first tile fills it.
func NewMap(service *consult.Service, basemap Basemap) *Map {
	m := &Map{service: service, basemap: basemap, pins: &geo.PointSet{}, marks: map[string]string{}}
	options := geo.PointTileOptions{Layer: "consultations", ClusterBelow: clusterBelow, Cells: 16,
		ID: func(id int64) string { return consult.ID(id).String() }}
	m.points = geo.NewPointTiles(m.pins, options, 0)
	return m
}

// refresh reads the layers again when they are too old. When the store does not answer, the old ones stay.
func (m *Map) refresh(ctx context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.service.Now()
	if age := now.Sub(m.loaded); age >= 0 && age < mapFresh && !m.loaded.IsZero() {
		return nil
	}
	places, err := m.service.Places(ctx)
	if err != nil {
		if m.loaded.IsZero() {
			return err
		}
		return nil
	}
	wards, err := m.service.Areas(ctx, "ward")
	if err != nil {
		return err
	}
	if err := m.hold(places); err != nil {
		return err
	}
	m.holdWards(wards)
	m.loaded = now
	return nil
}

func (m *Map) hold(places []consult.PlaceRow) error {
	pins := make([]geo.Pin, 0, len(places))
	m.sites = m.sites[:0:0]
	mark := fnv.New64a()
	for _, p := range places {
		pins = append(pins, geo.Pin{ID: int64(p.ID), At: geo.Point{Lon: p.Lon, Lat: p.Lat}, Properties: map[string]string{"stage": stageOf(p.State)}})
		shape, err := geo.ParseGeoJSON(p.Boundary, geo.DefaultLimits())
		if err != nil {
			continue
		}
		m.sites = append(m.sites, geo.Shape{ID: -1, Geometry: shape, Properties: map[string]any{"id": p.ID.String(), "stage": stageOf(p.State)}})
		_, _ = fmt.Fprint(mark, p.ID, p.State, len(p.Boundary), string(p.Boundary)) // a hash does not fail
	}
	m.marks["sites"] = strconv.FormatUint(mark.Sum64(), 36)
	return m.pins.Replace(pins)
}

func (m *Map) holdWards(wards []consult.Area) {
	m.wards = m.wards[:0:0]
	mark := fnv.New64a()
	for _, a := range wards {
		shape, err := geo.ParseGeoJSON(a.Geometry, geo.DefaultLimits())
		if err != nil {
			continue
		}
		m.wards = append(m.wards, geo.Shape{ID: -1, Geometry: shape, Properties: map[string]any{"code": a.Code, "name": a.Name}})
		_, _ = fmt.Fprint(mark, a.Code, a.Name, a.Hash, len(a.Geometry))
	}
	m.marks["wards"] = strconv.FormatUint(mark.Sum64(), 36)
}

// stageOf is the stage a state belongs to: what a pin's colour says.
func stageOf(s consult.State) string {
	for _, stage := range stages {
		for _, member := range stage.states {
			if member == s {
				return stage.name
			}
		}
	}
	return ""
}

// shapes is one polygon layer with the mark of its content.
func (m *Map) shapes(layer string) ([]geo.Shape, string, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch layer {
	case "sites":
		return m.sites, m.marks[layer], true
	case "wards":
		return m.wards, m.marks[layer], true
	}
	return nil, "", false
}

// Tile serves one vector tile: /tiles/consultations|sites|wards/z/x/y.
func (w *Web) Tile(c *fiber.Ctx) error {
	t, err := tileOf(c)
	if err != nil {
		return err
	}
	if err := w.Map.refresh(c.UserContext()); err != nil {
		return err
	}
	ready, err := w.Map.tile(c.Params("layer"), t)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderETag, ready.ETag)
	c.Set(fiber.HeaderCacheControl, "public, max-age=5")
	if c.Get(fiber.HeaderIfNoneMatch) == ready.ETag {
		return c.SendStatus(fiber.StatusNotModified)
	}
	if len(ready.Gzip) == 0 {
		return c.SendStatus(fiber.StatusNoContent)
	}
	c.Set(fiber.HeaderContentType, "application/vnd.mapbox-vector-tile")
	c.Set(fiber.HeaderContentEncoding, "gzip")
	return c.Send(ready.Gzip)
}

func (m *Map) tile(layer string, t geo.Tile) (geo.ReadyTile, error) {
	if layer == "consultations" {
		return m.points.Tile(t), nil
	}
	shapes, mark, ok := m.shapes(layer)
	if !ok {
		return geo.ReadyTile{}, &consult.Error{Kind: consult.NotFound, Op: "draw tile"}
	}
	return geo.ReadyTile{Gzip: geo.Gzip(geo.ShapeTile(t, shapes, layer)), ETag: fmt.Sprintf(`"%s-%d-%d-%d"`, mark, t.Z, t.X, t.Y)}, nil
}

// tileOf reads an address; a tile that cannot exist is NotFound.
func tileOf(c *fiber.Ctx) (geo.Tile, error) {
	var n [3]uint64
	for i, name := range []string{"z", "x", "y"} {
		v, err := strconv.ParseUint(c.Params(name), 10, 32)
		if err != nil {
			return geo.Tile{}, &consult.Error{Kind: consult.NotFound, Op: "read tile"}
		}
		n[i] = v
	}
	t := geo.Tile{Z: uint32(n[0]), X: uint32(n[1]), Y: uint32(n[2])}
	if !t.Valid() || t.Z > deepestTile {
		return geo.Tile{}, &consult.Error{Kind: consult.NotFound, Op: "read tile"}
	}
	return t, nil
}
