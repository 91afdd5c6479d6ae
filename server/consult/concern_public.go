package consult

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// public is the concern as everybody may know it: without the numbers that count words nobody can read.
func (c Concern) public() Concern {
	c.Points, c.Sources, c.Letters, c.Fresh, c.Topic = 0, 0, 0, 0, ""
	return c
}

// PublicConcerns lists what people asked, as far as officers have shown it: those asked by most first.
func (s *Service) PublicConcerns(ctx context.Context, a Actor, consultation ID) ([]Concern, Consultation, error) {
	k, err := s.visible(ctx, a, consultation)
	if err != nil {
		return nil, k, err
	}
	all, err := s.store.Concerns(ctx, consultation, time.Time{})
	if err != nil {
		return nil, k, err
	}
	var list []Concern
	for _, c := range all {
		if c.Shown() {
			list = append(list, c.public())
		}
	}
	slices.SortStableFunc(list, func(a, b Concern) int {
		return cmp.Or(cmp.Compare(b.Published, a.Published), cmp.Compare(a.ID, b.ID))
	})
	return list, k, nil
}

// ConcernsShown counts what people asked, as far as officers have shown it.
func (s *Service) ConcernsShown(ctx context.Context, consultation ID) (int, error) {
	return s.store.ConcernsShown(ctx, consultation)
}

// PublicConcern is one concern as everybody reads it.
type PublicConcern struct {
	Concern      Concern
	Consultation Consultation
	Subjects     Subjects
	Points       []ConcernPoint // one page of those everybody can read
	Total        int
}

// PublicConcern opens a concern that was shown. One that was merged leads to where it went: its ID then differs. NotFound while only
// officers may know of it.
func (s *Service) PublicConcern(ctx context.Context, a Actor, id ID, offset int) (PublicConcern, error) {
	c, err := s.store.Concern(ctx, id)
	for err == nil && c.MergedInto != 0 {
		c, err = s.store.Concern(ctx, c.MergedInto)
	}
	if err == nil && !c.Shown() {
		err = fail(NotFound, "read concern")
	}
	if err != nil {
		return PublicConcern{}, err
	}
	v := PublicConcern{Concern: c.public()}
	if v.Consultation, err = s.visible(ctx, a, c.Consultation); err != nil {
		return v, err
	}
	if v.Subjects, err = s.subjects(ctx, v.Consultation); err != nil {
		return v, err
	}
	limit, offset := ClampPage(ConcernPointsPage, offset)
	v.Points, v.Total, err = s.store.PublishedConcernPoints(ctx, c.ID, offset, limit)
	return v, err
}

// concernsOf finds the concerns of a comment's points by topic. Of those that only officers may know, nothing but that they are there.
func (s *Service) concernsOf(ctx context.Context, comment ID, points []CommentPoint) (map[Topic][]Concern, error) {
	refs := make([]PointRef, len(points))
	for i, p := range points {
		refs[i] = PointRef{comment, p.Topic}
	}
	found, err := s.store.ConcernsOf(ctx, refs...)
	if err != nil {
		return nil, err
	}
	byTopic := map[Topic][]Concern{}
	for ref, list := range found {
		for _, c := range list {
			if !c.Shown() {
				c = Concern{ID: c.ID, JoinedAt: c.JoinedAt}
			}
			byTopic[ref.Topic] = append(byTopic[ref.Topic], c.public())
		}
	}
	return byTopic, nil
}
