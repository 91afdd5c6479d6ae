package consult

import (
	"context"
	"slices"

	"github.com/yousaid/yousaid/geo"
)

// Picked says what a stream of features found.
type Picked struct {
	Matched int // in all, whatever After and Limit
	Next    ID  // the last one handed over when there are more; 0 = that was all
}

// pick is how a stream is read: by the database alone, or, where a rectangle is asked for, by looking at each one's ground.
type pick[T any] struct {
	filter FeatureFilter
	count  func(context.Context, FeatureFilter) (int, error)
	each   func(context.Context, FeatureFilter, func(T) error) error
	id     func(T) ID
	meets  func(T) (bool, error) // nil = no rectangle
}

// run hands over the page that a filter asks for.
func (p pick[T]) run(ctx context.Context, each func(T) error) (Picked, error) {
	if p.meets == nil {
		return p.page(ctx, each)
	}
	var found Picked
	handed := 0
	scan := p.filter
	scan.After, scan.Limit = 0, 0 // everything is counted, also what earlier pages had
	last := ID(0)
	err := p.each(ctx, scan, func(v T) error {
		meets, err := p.meets(v)
		if err != nil || !meets {
			return err
		}
		found.Matched++
		switch {
		case p.id(v) <= p.filter.After:
			return nil
		case p.filter.Limit > 0 && handed == p.filter.Limit:
			found.Next = last
			return nil
		}
		handed++
		last = p.id(v)
		return each(v)
	})
	return found, err
}

// page is run without a rectangle: the database counts, and reads one more than asked for.
func (p pick[T]) page(ctx context.Context, each func(T) error) (found Picked, err error) {
	if found.Matched, err = p.count(ctx, p.filter); err != nil {
		return found, err
	}
	scan := p.filter
	if scan.Limit > 0 {
		scan.Limit++
	}
	handed, last := 0, ID(0)
	err = p.each(ctx, scan, func(v T) error {
		if p.filter.Limit > 0 && handed == p.filter.Limit {
			found.Next = last
			return nil
		}
		handed++
		last = p.id(v)
		return each(v)
	})
	return found, err
}

// Sites streams consultations with their ground. Points asks the rectangle of the pin instead of the boundary; nil = no rectangle.
func (s *Service) Sites(ctx context.Context, f FeatureFilter, within *geo.Frame, points bool, each func(Site) error) (Picked, error) {
	p := pick[Site]{filter: f, count: s.store.CountSites, each: s.store.EachSite, id: func(v Site) ID { return v.Consultation.ID }}
	if within != nil {
		p.meets = func(v Site) (bool, error) {
			if points {
				return within.Meets(v.Pin()), nil
			}
			return within.Meets(v.Geometry()), nil
		}
	}
	return p.run(ctx, each)
}

// RoundSites streams rounds with the ground they were about.
func (s *Service) RoundSites(ctx context.Context, f FeatureFilter, within *geo.Frame, each func(RoundSite) error) (Picked, error) {
	p := pick[RoundSite]{filter: f, count: s.store.CountRoundSites, each: s.store.EachRoundSite, id: func(v RoundSite) ID { return v.Round.ID }}
	if within != nil {
		p.meets = func(v RoundSite) (bool, error) { return within.Meets(v.Site.Geometry()), nil }
	}
	return p.run(ctx, each)
}

// PublishedComment is a published comment with its consultation and where it may be shown among others.
type PublishedComment struct {
	Comment Comment
	Site    Site
	Place   geo.Geometry // see Site.PublicPlace
	OnSite  bool
}

// PublishedComments streams published comments. The rectangle is asked of the place that is shown, never of the author's mark.
func (s *Service) PublishedComments(ctx context.Context, f FeatureFilter, within *geo.Frame, each func(PublishedComment) error) (Picked, error) {
	sites := siteCache{service: s}
	var page []PublishedComment
	p := pick[Comment]{filter: f, count: s.store.CountPublished, each: s.store.EachPublished, id: func(v Comment) ID { return v.ID }}
	if within != nil {
		p.meets = func(v Comment) (bool, error) {
			site, err := sites.of(ctx, v.Consultation)
			if err != nil {
				return false, err
			}
			place, _ := site.PublicPlace(v)
			return within.Meets(place), nil
		}
	}
	flush := func() error {
		defer func() { page = page[:0] }()
		return s.worded(ctx, page, each)
	}
	found, err := p.run(ctx, func(v Comment) error {
		site, err := sites.of(ctx, v.Consultation)
		if err != nil {
			return err
		}
		one := PublishedComment{Comment: v, Site: site}
		one.Place, one.OnSite = site.PublicPlace(v)
		if page = append(page, one); len(page) < wordedAtOnce {
			return nil
		}
		return flush()
	})
	if err != nil {
		return found, err
	}
	return found, flush()
}

// wordedAtOnce is how many comments' words are read with one query.
const wordedAtOnce = 100

// worded hands over comments with what they say; one that was taken back a moment ago is left out.
func (s *Service) worded(ctx context.Context, page []PublishedComment, each func(PublishedComment) error) error {
	if len(page) == 0 {
		return nil
	}
	f := FeatureFilter{Words: true}
	for _, one := range page {
		f.IDs = append(f.IDs, one.Comment.ID)
	}
	words := map[ID]Comment{}
	if err := s.store.EachPublished(ctx, f, func(c Comment) error { words[c.ID] = c; return nil }); err != nil {
		return err
	}
	for _, one := range page {
		c, there := words[one.Comment.ID]
		if !there {
			continue
		}
		one.Comment.Points = c.Points
		if err := each(one); err != nil {
			return err
		}
	}
	return nil
}

// siteCache keeps the sites of one stream: comments are many, consultations few. Those of the last hundred are kept.
type siteCache struct {
	service *Service
	known   map[ID]Site
	order   []ID
}

func (c *siteCache) of(ctx context.Context, id ID) (Site, error) {
	if site, ok := c.known[id]; ok {
		return site, nil
	}
	var found *Site
	err := c.service.store.EachSite(ctx, FeatureFilter{IDs: []ID{id}}, func(s Site) error { found = &s; return nil })
	if err != nil {
		return Site{}, err
	}
	if found == nil { // gone a moment ago
		found = &Site{}
	}
	if c.known == nil {
		c.known = map[ID]Site{}
	}
	if len(c.order) == 100 {
		delete(c.known, c.order[0])
		c.order = slices.Delete(c.order, 0, 1)
	}
	c.known[id] = *found
	c.order = append(c.order, id)
	return *found, nil
}

// SiteOf reads one public consultation with its ground.
func (s *Service) SiteOf(ctx context.Context, id ID) (Site, error) {
	return single(ctx, "read site", id, func(ctx context.Context, f FeatureFilter, each func(Site) error) (Picked, error) {
		return s.Sites(ctx, f, nil, false, each)
	})
}

// RoundSiteOf reads one round of a public consultation with its ground.
func (s *Service) RoundSiteOf(ctx context.Context, id ID) (RoundSite, error) {
	return single(ctx, "read round", id, func(ctx context.Context, f FeatureFilter, each func(RoundSite) error) (Picked, error) {
		return s.RoundSites(ctx, f, nil, each)
	})
}

// PublishedCommentOf reads one published comment with its consultation.
func (s *Service) PublishedCommentOf(ctx context.Context, id ID) (PublishedComment, error) {
	return single(ctx, "read comment", id, func(ctx context.Context, f FeatureFilter, each func(PublishedComment) error) (Picked, error) {
		return s.PublishedComments(ctx, f, nil, each)
	})
}

// single reads the only feature with an id.
func single[T any](ctx context.Context, op string, id ID, stream func(context.Context, FeatureFilter, func(T) error) (Picked, error)) (T, error) {
	var one T
	there := false
	_, err := stream(ctx, FeatureFilter{IDs: []ID{id}, Limit: 1}, func(v T) error {
		one, there = v, true
		return nil
	})
	if err == nil && !there {
		err = fail(NotFound, op)
	}
	return one, err
}

// FeatureExtent is where and since when there is something to stream.
func (s *Service) FeatureExtent(ctx context.Context) (FeatureExtent, error) {
	return s.store.FeatureExtent(ctx)
}
