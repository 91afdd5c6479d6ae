package server

import (
	"context"
	"log/slog"
	"time"

	"github.com/yousaid/yousaid/server/consult"
)

// cycle is the node's share in the law's clock: it says that it lives, so that a silence of every node is noticed, and closes rounds that
// are over. In this order: a node that comes back records how long nobody was there before it closes what ended meanwhile.
type cycle struct {
	service *consult.Service
	every   time.Duration
	log     *slog.Logger
}

// Run beats until ctx ends, the first time at once.
func (c *cycle) Run(ctx context.Context) {
	tick := time.NewTicker(c.every)
	defer tick.Stop()
	failing := false
	for {
		err := c.pass(ctx)
		if (err != nil) != failing && ctx.Err() == nil {
			failing = err != nil
			c.log.Warn("cycle changed state", "failing", failing, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// pass beats once and closes what is over. Without the beat nothing is closed: whether there was an outage is not known then.
func (c *cycle) pass(ctx context.Context) error {
	closed, err := c.service.Beat(ctx, consult.OutageGap)
	if closed > 0 {
		c.log.Info("rounds closed", "count", closed)
	}
	return err
}
