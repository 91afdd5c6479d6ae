package web

import (
	"context"
	"maps"
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// reachChoice is a filter with what it can be chosen from.
type reachChoice struct {
	Filter        consult.ReachFilter
	Consultations []consult.Consultation // the chosen one among them
	Wards         map[string]string
	Ignored       []string // keys of the names of conditions that were not understood
}

// reachChoice reads the filter from the address. What is not understood is left out and named: a shared address whose ward has
// since been renumbered still shows a page, and one that says what it is about.
func (w *Web) reachChoice(c *fiber.Ctx) (reachChoice, error) {
	ctx, actor, f := c.UserContext(), w.actor(c), ReadQuery(c)
	var choice reachChoice
	var err error
	if choice.Consultations, err = w.Service.ReachConsultations(ctx, actor); err != nil {
		return choice, err
	}
	if choice.Wards, err = w.Service.Wards(ctx); err != nil {
		return choice, err
	}
	if raw := f.Value("consultation"); raw != "" {
		if err := choice.choose(ctx, w.Service, actor, raw); err != nil {
			return choice, err
		}
	}
	wards := slices.Collect(maps.Keys(choice.Wards))
	choice.Filter.Ward = known(&choice, f, "ward", wards)
	choice.Filter.Channel = known(&choice, f, "channel", consult.Channels())
	choice.Filter.Stance = known(&choice, f, "stance", consult.Stances())
	choice.Filter.Topic = known(&choice, f, "topic", consult.Topics())
	choice.Filter.From, choice.Filter.To = choice.day(f, "from"), choice.day(f, "to")
	if choice.Filter.To != "" && choice.Filter.To < choice.Filter.From {
		choice.Filter.From, choice.Filter.To = "", ""
		choice.Ignored = append(choice.Ignored, "reach.backwards")
	}
	return choice, nil
}

// choose takes a consultation by its id, also one that is too old to be offered.
func (choice *reachChoice) choose(ctx context.Context, service *consult.Service, actor consult.Actor, raw string) error {
	id, err := consult.ParseID(raw)
	if err == nil && !slices.ContainsFunc(choice.Consultations, func(c consult.Consultation) bool { return c.ID == id }) {
		var older consult.Consultation
		if older, err = service.ReachConsultation(ctx, actor, id); err == nil {
			choice.Consultations = append(choice.Consultations, older)
		}
	}
	switch {
	case err == nil:
		choice.Filter.Consultation = id
	case consult.KindOf(err) == consult.NotFound:
		choice.Ignored = append(choice.Ignored, "reach.consultation")
	default:
		return err
	}
	return nil
}

// known reads one of the known values; anything else is left out.
func known[T ~string](choice *reachChoice, f *Form, name string, allowed []T) T {
	value := T(f.Value(name))
	if value == "" || slices.Contains(allowed, value) {
		return value
	}
	choice.Ignored = append(choice.Ignored, "reach."+name)
	return ""
}

func (choice *reachChoice) day(f *Form, name string) consult.Date {
	raw := f.Value(name)
	day, err := consult.ParseDate(raw)
	if err != nil && raw != "" {
		choice.Ignored = append(choice.Ignored, "reach."+name)
	}
	return day
}

// reachQuery writes a filter as the query of an address; reading it again gives the same filter.
func reachQuery(f consult.ReachFilter) url.Values {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	if f.Consultation != 0 {
		set("consultation", f.Consultation.String())
	}
	set("from", string(f.From))
	set("to", string(f.To))
	set("ward", f.Ward)
	set("channel", string(f.Channel))
	set("stance", string(f.Stance))
	set("topic", string(f.Topic))
	return q
}

// reachHref is an address of the analyst's pages with a filter; extra are name, value pairs beside it.
func reachHref(path string, f consult.ReachFilter, extra ...string) string {
	q := reachQuery(f)
	for i := 0; i+1 < len(extra); i += 2 {
		q.Set(extra[i], extra[i+1])
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}
