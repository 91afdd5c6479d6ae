package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// dryRunPage says of the last arrivals where the rules would send them.
type dryRunPage struct {
	Base
	Trials *trialList
}

// trialList is a dry run, the newest arrival first.
type trialList struct {
	Summary string // how many some rule fits
	Lines   []trialLine
}

type trialLine struct {
	Href, About string
	Heading     string
	At          string
	Rule        string // "2. Roads"; "" = none fits
	To          string
	Now         string // whose it is; "" = the same
}

// RoutingDryRun shows it.
func (w *Web) RoutingDryRun(c *fiber.Ctx) error {
	trials, err := w.Service.DryRun(c.UserContext(), w.actor(c))
	if err != nil {
		return err
	}
	list, err := w.trialList(c, trials)
	if err != nil {
		return err
	}
	p := &dryRunPage{Base: w.StaffBase(c, "routing.dry_run"), Trials: list}
	p.Back = &Link{Href: routingPath, Text: p.T("routing.title")}
	p.Styles = append(p.Styles, deskStyle)
	return w.Pages.Page(c, fiber.StatusOK, "officer-dry-run", p)
}

func (w *Web) trialList(c *fiber.Ctx, trials []consult.Trial) (*trialList, error) {
	colleagues, err := w.Service.Colleagues(c.UserContext(), w.actor(c))
	if err != nil {
		return nil, err
	}
	b := w.StaffBase(c, "routing.dry_run")
	return drawTrials(&b, trials, colleagues), nil
}

func drawTrials(b *Base, trials []consult.Trial, colleagues []consult.Colleague) *trialList {
	list := &trialList{}
	fit := 0
	for _, t := range trials {
		line := trialLine{Href: itemHref(t.Item), About: b.T("routing.a_" + string(t.What)), Heading: t.Heading, At: b.Language.DateTime(t.At)}
		for _, topic := range t.Topics {
			if b.Language.Has("topic." + string(topic)) {
				line.About += " · " + b.T("topic."+string(topic))
			}
		}
		now := b.with(t.Assignment, colleagues)
		if t.Rule > 0 {
			fit++
			line.Rule = b.T("routing.rule_line", "n", t.Rule, "name", t.Name)
			line.To = b.with(consult.Assignment{Officer: t.Officer, Service: t.Service}, colleagues)
			if line.To != now {
				line.Now = b.T("routing.now", "with", now)
			}
		} else {
			line.To = now
		}
		list.Lines = append(list.Lines, line)
	}
	list.Summary = b.T("routing.fits", "n", fit, "total", len(trials))
	return list
}
