package servertest

import (
	"context"

	"github.com/yousaid/yousaid/server/consult"
)

// CountSites implements consult.Store.
func (b *Broken) CountSites(ctx context.Context, f consult.FeatureFilter) (int, error) {
	if err := b.read("count sites"); err != nil {
		return 0, err
	}
	return b.Store.CountSites(ctx, f)
}

// EachSite implements consult.Store.
func (b *Broken) EachSite(ctx context.Context, f consult.FeatureFilter, each func(consult.Site) error) error {
	if err := b.read("read sites"); err != nil {
		return err
	}
	return b.Store.EachSite(ctx, f, each)
}

// EachPublished implements consult.Store.
func (b *Broken) EachPublished(ctx context.Context, f consult.FeatureFilter, each func(consult.Comment) error) error {
	if err := b.read("read published comments"); err != nil {
		return err
	}
	return b.Store.EachPublished(ctx, f, each)
}

// Moves implements consult.Store.
func (b *Broken) Moves(ctx context.Context, consultation consult.ID, f consult.Filter, limit int) ([]consult.FeedEntry, error) {
	if err := b.read("list moves"); err != nil {
		return nil, err
	}
	return b.Store.Moves(ctx, consultation, f, limit)
}
