package consult

import (
	"cmp"
	"context"
	"encoding/json"

	"github.com/yousaid/yousaid/geo"
)

// FeatureStore streams what everybody may read in the order of its ids: for maps and programs that take whole collections. Only public
// consultations are in it, and of comments only the published ones.
type FeatureStore interface {
	CountSites(ctx context.Context, f FeatureFilter) (int, error)
	EachSite(ctx context.Context, f FeatureFilter, each func(Site) error) error
	CountRoundSites(ctx context.Context, f FeatureFilter) (int, error)
	EachRoundSite(ctx context.Context, f FeatureFilter, each func(RoundSite) error) error
	CountPublished(ctx context.Context, f FeatureFilter) (int, error)
	// EachPublished streams comments; Points only with f.Words.
	EachPublished(ctx context.Context, f FeatureFilter, each func(Comment) error) error
	// FeatureExtent is where and since when there is something to stream.
	FeatureExtent(ctx context.Context) (FeatureExtent, error)
}

// FeatureFilter narrows what is streamed; the zero filter takes everything. What a collection does not know is passed over.
type FeatureFilter struct {
	IDs          []ID // of what is streamed; nil = any
	Consultation ID
	State        State
	Kind         ConsultationKind
	Type         string // ODP application type, exactly
	Ward         string // GSS code of the consultation's ward
	Authority    string
	Reference    string
	Round        int       // rounds and comments: its number
	RoundKind    RoundKind // rounds
	Stance       Stance    // comments
	Topic        Topic     // comments
	From, To     Date      // days, both included, that it shares at least one with: ListedOn, a round's days, the day of publication
	After        ID        // those with higher ids
	Limit        int       // 0 = all
	Words        bool      // comments: with what they say
}

// Site is a public consultation and the ground it is about.
type Site struct {
	Consultation Consultation
	Boundary     json.RawMessage // GeoJSON geometry, nil = unknown
}

// RoundSite is a round and the ground it was about then.
type RoundSite struct {
	Round Round
	Site  Site
}

// FeatureExtent is where and since when there is something to stream. The box holds the pins; the ground around them may reach beyond.
type FeatureExtent struct {
	Box       geo.Box
	HasBox    bool
	Listed    Date // the first day; "" = nothing yet
	Opened    Date
	Published Date
}

// ListedOn is the day a consultation became news, by which lists are sorted.
func (c Consultation) ListedOn() Date {
	a := c.Application
	return cmp.Or(a.ValidatedOn, a.PublishedOn, a.ReceivedOn, Date(c.CreatedAt.UTC().Format("2006-01-02")))
}

// Geometry is the boundary, else the pin, else the zero Geometry.
func (s Site) Geometry() geo.Geometry {
	if len(s.Boundary) > 0 {
		if g, err := geo.ParseGeoJSON(s.Boundary, geo.DefaultLimits()); err == nil {
			return g
		}
	}
	return s.Pin()
}

// Pin is the consultation's place as a point; the zero Geometry where it has none.
func (s Site) Pin() geo.Geometry {
	if !s.Consultation.HasPlace {
		return geo.Geometry{}
	}
	return geo.PointGeometry(s.Consultation.Place)
}

// The grids, in metres, that a comment's place is moved to where many are read at once. The first is that of pages and of the API: the
// coarser one is made of it, so that nobody gets closer by laying one grid over the other.
const (
	pageGrid    = 25
	featureGrid = 50
)

// PublicPlace is where a comment may be shown among all others: within its site the middle of a cell of the grid, and anything else is
// the site. A mark outside the site may be somebody's home. onSite tells that it is a mark of the author.
func (s Site) PublicPlace(c Comment) (place geo.Geometry, onSite bool) {
	ground := s.Geometry()
	if c.HasPlace && ground.Kind() != geo.KindPoint && ground.Contains(c.Place) {
		return geo.PointGeometry(c.Place.Snap(pageGrid).Snap(featureGrid)), true
	}
	if pin := s.Pin(); !pin.IsZero() {
		return pin, false
	}
	return geo.PointGeometry(ground.PinPoint()), false
}
