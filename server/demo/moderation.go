package demo

import (
	"context"
	"fmt"

	"github.com/yousaid/yousaid/server/consult"
)

// agreement is who says "I say that too" in one case, and what a reader tells moderators.
type agreement struct {
	Case     string `json:"case"`
	At       moment `json:"at"`
	Supports []struct {
		Comment moment `json:"comment"` // by when it was made
		People  int    `json:"people"`
	} `json:"supports"`
	Flags []struct {
		Comment moment `json:"comment"`
		Rule    string `json:"rule"`
		Words   string `json:"words"`
	} `json:"flags"`
}

// browserOf is the number of the n-th invented browser.
func browserOf(n int) consult.Actor {
	return consult.Actor{Kind: consult.Visitor, ID: consult.ID(1<<40 + n)}
}

// planModeration makes the steps of what readers of a case do with each other's words.
func (t *told) planModeration() error {
	var all []agreement
	if err := read("moderation.json", &all); err != nil {
		return err
	}
	for _, a := range all {
		if a.Case != t.Reference {
			continue
		}
		if err := (&chain{run: t.run}).add(a.At, false, func(ctx context.Context) error { return t.agree(ctx, a) }); err != nil {
			return err
		}
	}
	return nil
}

func (t *told) agree(ctx context.Context, a agreement) error {
	for _, s := range a.Supports {
		for n := range s.People {
			if _, _, err := t.svc.Support(ctx, browserOf(n+1), t.said[s.Comment], true); err != nil {
				return fmt.Errorf("%s, support of %s: %w", t.Reference, s.Comment, err)
			}
		}
	}
	for n, f := range a.Flags {
		if err := t.svc.Flag(ctx, browserOf(100+n), t.said[f.Comment], f.Rule, f.Words); err != nil {
			return fmt.Errorf("%s, flag of %s: %w", t.Reference, f.Comment, err)
		}
	}
	return nil
}
