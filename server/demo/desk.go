package demo

import (
	"context"
	"fmt"

	"github.com/yousaid/yousaid/server/consult"
)

// deskWork is what the officers do on their desk: routing rules, then a little of everything with what waits.
type deskWork struct {
	Rules []struct {
		Name     string        `json:"name"`
		Topic    consult.Topic `json:"topic"`
		Language string        `json:"language"`
		To       string        `json:"to"`      // key of an officer, whose service gets it
		Officer  bool          `json:"officer"` // the officer in person
	} `json:"rules"`
	RulesAt  moment `json:"rulesAt"`
	HandOver string `json:"handOver"`
	Note     string `json:"note"`
}

// planDesk lets the rules begin, so that what comes in later is routed.
func (r *run) planDesk() (deskWork, error) {
	var work deskWork
	if err := read("desk.json", &work); err != nil {
		return work, err
	}
	return work, (&chain{run: r}).add(work.RulesAt, false, func(ctx context.Context) error {
		for n, rule := range work.Rules {
			to := r.officers[rule.To]
			in := consult.RuleInput{Name: rule.Name, Enabled: true, Topic: rule.Topic, Language: rule.Language, Service: to.Service, Version: n}
			if rule.Officer {
				in.Officer = to.ID
			}
			if err := r.svc.SaveRule(ctx, r.officers["planning"].Actor(), in); err != nil {
				return fmt.Errorf("routing rule %q: %w", rule.Name, err)
			}
		}
		return nil
	})
}

// workDesk assigns, hands over and snoozes some of what waits now, and lets a colleague leave a note.
func (r *run) workDesk(ctx context.Context, work deskWork) error {
	planner, colleague := r.officers["planning"], r.officers["transport"]
	page, err := r.svc.Inbox(ctx, planner.Actor(), consult.InboxFilter{View: consult.InboxUnanswered, Service: planner.Service}, 0)
	if err != nil {
		return err
	}
	if len(page.Items) < 5 {
		return fmt.Errorf("only %d items wait for %s", len(page.Items), planner.Service)
	}
	last := len(page.Items) - 1
	tomorrow := r.today.Add(1)
	for !r.calendar.Working(tomorrow) {
		tomorrow = tomorrow.Add(1)
	}
	for _, o := range []consult.DeskOrder{
		{Kind: consult.ActAssign, Items: []consult.ID{page.Items[1].Item, page.Items[2].Item}, Officer: planner.ID},
		{Kind: consult.ActHandOver, Items: []consult.ID{page.Items[3].Item}, Service: colleague.Service, Note: work.HandOver},
		{Kind: consult.ActSnooze, Items: []consult.ID{page.Items[last].Item}, Day: tomorrow},
	} {
		o.Version = -1
		if _, err := r.svc.WorkOn(ctx, planner.Actor(), o); err != nil {
			return fmt.Errorf("%s: %w", o.Kind, err)
		}
	}
	return r.svc.WriteNote(ctx, colleague.Actor(), consult.NoteInput{Item: page.Items[1].Item, Body: work.Note, Mentions: []consult.ID{planner.ID},
		Key: consult.NewKey()})
}
