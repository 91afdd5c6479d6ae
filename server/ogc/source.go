package ogc

import (
	"context"
	"sync"
	"time"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// Source reads features. It is safe for concurrent use.
type Source struct {
	Service *consult.Service
	BaseURL string // the site's origin, for links to pages

	areas struct {
		sync.Mutex
		at   time.Time
		list []ward
	}
	measured struct {
		sync.Mutex
		at     time.Time
		until  consult.Date
		counts protectedCounts
	}
}

// Items hands the features of a page over, one by one, and says what there is besides. Features come in the order of their ids.
func (s *Source) Items(ctx context.Context, q Query, each func(Feature) error) (Page, error) {
	return q.Collection.items(ctx, s, q, each)
}

// Item reads one feature; NotFound when there is none, or none that a visitor may know of.
func (s *Source) Item(ctx context.Context, c Collection, id string) (Feature, error) {
	return c.item(ctx, s, id)
}

func pageOf(found consult.Picked) Page {
	p := Page{Matched: found.Matched}
	if found.Next != 0 {
		p.Next = found.Next.String()
	}
	return p
}

// Extent is where and since when a collection has features.
type Extent struct {
	Box    geo.Box
	HasBox bool
	From   consult.Date // "" = no time, or nothing yet
}

// Extents reads the extent of every collection, by id.
func (s *Source) Extents(ctx context.Context) (map[string]Extent, error) {
	e, err := s.Service.FeatureExtent(ctx)
	if err != nil {
		return nil, err
	}
	areas, err := s.wards(ctx)
	if err != nil {
		return nil, err
	}
	var ground Extent
	for _, w := range areas {
		ground.Box, ground.HasBox = joined(ground, w.ground.Bounds()), true
	}
	pins := Extent{Box: e.Box, HasBox: e.HasBox}
	sites := pins
	if sites.HasBox { // boundaries reach beyond their pins
		sites.Box = geo.Box{West: e.Box.West - around, South: e.Box.South - around, East: e.Box.East + around, North: e.Box.North + around}
	}
	since := func(x Extent, day consult.Date) Extent { x.From = day; return x }
	return map[string]Extent{"applications": since(sites, e.Listed), "application-points": since(pins, e.Listed),
		"consultation-rounds": since(sites, e.Opened), "published-comments": since(sites, e.Published), "comment-density": ground,
		"wards": ground}, nil
}

// around is by how much extents are widened, in degrees: about a kilometre.
const around = 0.01

func joined(e Extent, b geo.Box) geo.Box {
	if !e.HasBox {
		return b
	}
	return geo.Box{West: min(e.Box.West, b.West), South: min(e.Box.South, b.South), East: max(e.Box.East, b.East), North: max(e.Box.North, b.North)}
}

// reread is how long boundaries are kept: they change with an import.
const reread = time.Minute

// wards reads the boundaries, by code.
func (s *Source) wards(ctx context.Context) ([]ward, error) {
	a := &s.areas
	a.Lock()
	defer a.Unlock()
	now := s.Service.Now()
	if a.list != nil && now.Sub(a.at) < reread && now.Sub(a.at) >= 0 {
		return a.list, nil
	}
	known, err := s.Service.Areas(ctx, "ward")
	if err != nil {
		return nil, err
	}
	list := make([]ward, 0, len(known))
	for _, k := range known {
		ground, err := geo.ParseGeoJSON(k.Geometry, geo.DefaultLimits())
		if err != nil {
			return nil, &consult.Error{Kind: consult.Internal, Op: "read boundary " + k.Code, Err: err}
		}
		list = append(list, ward{code: k.Code, name: k.Name, source: k.Source, ground: ground})
	}
	a.list, a.at = list, now
	return list, nil
}
