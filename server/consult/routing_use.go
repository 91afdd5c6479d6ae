package consult

import (
	"context"
	"slices"
	"strings"
)

// RuleInput is a finished form of a routing rule.
type RuleInput struct {
	ID       ID // 0 = a new one, tried last
	Name     string
	Enabled  bool
	Where    AlertInput // its area alone
	Topic    Topic
	Kind     ConsultationKind
	Type     string
	Language string
	Service  string // to whom; with an officer the officer's
	Officer  ID
	Version  int // of the list, as the officer saw it
}

// Trial is one of the last arrivals, and where the rules would send it now.
type Trial struct {
	RoutedItem
	Rule    int // its place in the list, from 1; 0 = none fits
	Name    string
	Service string
	Officer ID // 0 = nobody in particular, also because they are away
}

// TrialItems is how many of the last arrivals a dry run looks at.
const TrialItems = 100

// Routing reads the rules.
func (s *Service) Routing(ctx context.Context, a Actor) (Routing, error) {
	if err := Must(a, Route, "read routing rules"); err != nil {
		return Routing{}, err
	}
	return s.store.Routing(ctx)
}

// SaveRule keeps a rule, in its place or at the end. Conflict when somebody changed the list since the officer saw it.
func (s *Service) SaveRule(ctx context.Context, a Actor, in RuleInput) error {
	const op = "save routing rule"
	list, err := s.withRule(ctx, a, in, op)
	if err != nil {
		return err
	}
	list.Version = in.Version
	return s.store.SaveRouting(ctx, list, s.change(a, "routing.save", in.ID))
}

// TryRule is a dry run with a rule as it would be, without keeping it.
func (s *Service) TryRule(ctx context.Context, a Actor, in RuleInput) ([]Trial, error) {
	list, err := s.withRule(ctx, a, in, "try routing rule")
	if err != nil {
		return nil, err
	}
	return s.dryRun(ctx, list)
}

// DryRun says of the last arrivals where the rules would send them now, and which rule.
func (s *Service) DryRun(ctx context.Context, a Actor) ([]Trial, error) {
	list, err := s.Routing(ctx, a)
	if err != nil {
		return nil, err
	}
	return s.dryRun(ctx, list)
}

func (s *Service) dryRun(ctx context.Context, list Routing) ([]Trial, error) {
	items, err := s.store.Arrivals(ctx, TrialItems)
	if err != nil {
		return nil, err
	}
	colleagues, err := s.colleagues(ctx)
	if err != nil {
		return nil, err
	}
	trials := make([]Trial, 0, len(items))
	for _, i := range items {
		t := Trial{RoutedItem: i}
		if rule, fits := RuleFor(list.Rules, i.Arrival); fits {
			t.Rule = 1 + slices.IndexFunc(list.Rules, func(r RoutingRule) bool { return r.ID == rule.ID })
			t.Name, t.Service = rule.Name, rule.Service
			if slices.ContainsFunc(colleagues, func(c Colleague) bool { return c.ID == rule.Officer && !c.Gone && c.Away.IsZero() }) {
				t.Officer = rule.Officer
			}
		}
		trials = append(trials, t)
	}
	return trials, nil
}

// withRule is the list as it would be with a checked rule.
func (s *Service) withRule(ctx context.Context, a Actor, in RuleInput, op string) (Routing, error) {
	list, err := s.Routing(ctx, a)
	if err != nil {
		return list, err
	}
	rule, err := s.rule(ctx, in, op)
	if err != nil {
		return list, err
	}
	i := slices.IndexFunc(list.Rules, func(r RoutingRule) bool { return r.ID == in.ID })
	switch {
	case in.ID != 0 && i < 0:
		return list, fail(NotFound, op)
	case i >= 0:
		list.Rules[i] = rule
		return list, nil
	case len(list.Rules) >= MaxRules:
		return list, fail(Closed, op)
	}
	rule.ID = NewID(s.clock())
	list.Rules = append(list.Rules, rule)
	return list, nil
}

func (s *Service) rule(ctx context.Context, in RuleInput, op string) (RoutingRule, error) {
	var bad check
	r := RoutingRule{ID: in.ID, Name: strings.TrimSpace(in.Name), Enabled: in.Enabled, Topic: in.Topic, Kind: in.Kind, Type: in.Type,
		Language: in.Language, Service: in.Service, Officer: in.Officer, UpdatedAt: s.clock()}
	bad.line("name", in.Name, MaxViewName, true)
	if in.Topic != "" && !slices.Contains(Topics(), in.Topic) {
		bad.add("topic", "choice")
	}
	if in.Kind != "" && !slices.Contains(ConsultationKinds(), in.Kind) {
		bad.add("kind", "choice")
	}
	bad.line("language", in.Language, 20, false)
	colleagues, err := s.colleagues(ctx)
	if err != nil {
		return r, err
	}
	if in.Officer != 0 {
		i := slices.IndexFunc(colleagues, func(c Colleague) bool { return c.ID == in.Officer && !c.Gone })
		if i < 0 {
			bad.add("to", "to_required")
		} else {
			r.Service = colleagues[i].Service
		}
	} else if !slices.Contains(DeskServices(colleagues), in.Service) {
		bad.add("to", "to_required")
	}
	if r.Area, err = s.area(ctx, in.Where, &bad); err != nil {
		return r, err
	}
	return r, bad.err(op)
}

// RuleChange is what can be done with a rule of the list besides writing it.
type RuleChange string

// The changes.
const (
	RuleUp      RuleChange = "up"
	RuleDown    RuleChange = "down"
	RuleEnable  RuleChange = "enable"
	RuleDisable RuleChange = "disable"
	RuleRemove  RuleChange = "remove"
)

// RuleChanges lists them.
func RuleChanges() []RuleChange {
	return []RuleChange{RuleUp, RuleDown, RuleEnable, RuleDisable, RuleRemove}
}

// ChangeRule moves, enables, disables or removes a rule. Conflict when somebody changed the list since the officer saw it.
func (s *Service) ChangeRule(ctx context.Context, a Actor, id ID, do RuleChange, version int) error {
	const op = "change routing rules"
	list, err := s.Routing(ctx, a)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list.Rules, func(r RoutingRule) bool { return r.ID == id })
	if i < 0 {
		return fail(NotFound, op)
	}
	switch do {
	case RuleUp, RuleDown:
		j := i + 1
		if do == RuleUp {
			j = i - 1
		}
		if j < 0 || j >= len(list.Rules) {
			return nil
		}
		list.Rules[i], list.Rules[j] = list.Rules[j], list.Rules[i]
	case RuleEnable, RuleDisable:
		list.Rules[i].Enabled, list.Rules[i].UpdatedAt = do == RuleEnable, s.clock()
	case RuleRemove:
		list.Rules = slices.Delete(list.Rules, i, i+1)
	default:
		return fail(Invalid, op, FieldError{Field: "do", Rule: "choice"})
	}
	list.Version = version
	return s.store.SaveRouting(ctx, list, s.change(a, "routing."+string(do), id))
}
