package web

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

const routingPath = "/officer/routing"

// routingPage lists the rules that send what comes in to services, in the order in which they are tried.
type routingPage struct {
	Base
	Rules   []ruleLine
	Version int
	Faster  bool // somebody else changed the list meanwhile
	New     Link
	DryRun  Link
}

type ruleLine struct {
	ID, Name string
	Href     string
	Number   int
	When     SummaryList
	To       string
	State    Tag
	Do       []Button
}

// Routing shows the list.
func (w *Web) Routing(c *fiber.Ctx) error { return w.routing(c, false, fiber.StatusOK) }

func (w *Web) routing(c *fiber.Ctx, faster bool, status int) error {
	list, err := w.Service.Routing(c.UserContext(), w.actor(c))
	if err != nil {
		return err
	}
	colleagues, err := w.Service.Colleagues(c.UserContext(), w.actor(c))
	if err != nil {
		return err
	}
	return w.Pages.Page(c, status, "officer-routing", drawRouting(w.StaffBase(c, "routing.title"), list, colleagues, faster))
}

func drawRouting(b Base, list consult.Routing, colleagues []consult.Colleague, faster bool) *routingPage {
	p := &routingPage{Base: b, Version: list.Version, Faster: faster, New: Link{Href: routingPath + "/new", Text: b.T("routing.add")},
		DryRun: Link{Href: routingPath + "/dry-run", Text: b.T("routing.dry_run")}}
	p.Back = &Link{Href: "/officer/desk", Text: p.T("desk.own_title")}
	p.Styles = append(p.Styles, deskStyle)
	for i, r := range list.Rules {
		line := ruleLine{ID: r.ID.String(), Name: r.Name, Href: routingPath + "/" + r.ID.String(), Number: i + 1, When: p.ruleSaid(r),
			To: p.with(consult.Assignment{Officer: r.Officer, Service: r.Service}, colleagues), State: Tag{Text: p.T("routing.on"), Kind: "open"}}
		if !r.Enabled {
			line.State = Tag{Text: p.T("routing.off")}
		}
		for _, do := range consult.RuleChanges() {
			if do == consult.RuleUp && i == 0 || do == consult.RuleDown && i == len(list.Rules)-1 || do == consult.RuleEnable && r.Enabled ||
				do == consult.RuleDisable && !r.Enabled {
				continue
			}
			line.Do = append(line.Do, Button{Text: p.T("routing." + string(do)), Name: "do", Value: string(do), Secondary: do != consult.RuleRemove,
				Warning: do == consult.RuleRemove})
		}
		p.Rules = append(p.Rules, line)
	}
	return p
}

// ruleSaid says in words what a rule is about.
func (b *Base) ruleSaid(r consult.RoutingRule) SummaryList {
	var list SummaryList
	add := func(key, value string, typed bool) {
		if value != "" {
			list.Rows = append(list.Rows, SummaryRow{Key: b.T(key), Value: value, Typed: typed})
		}
	}
	add("routing.area", b.areaSaid(r.Area), true)
	if r.Topic != "" {
		add("desk.topic", b.T("topic."+string(r.Topic)), false)
	}
	if r.Kind != "" {
		add("desk.kind", b.T("consultation_kind."+string(r.Kind)), false)
	}
	for _, k := range consult.ApplicationKinds() {
		if k.Prefix == r.Type {
			add("desk.kind", b.T("kind."+k.Name), false)
		}
	}
	add("desk.language", r.Language, true)
	if len(list.Rows) == 0 {
		add("routing.when", b.T("routing.everything"), false)
	}
	return list
}

func (b *Base) areaSaid(a consult.AlertArea) string {
	switch a.Kind {
	case consult.WardArea:
		return a.Name
	case consult.CircleArea:
		return b.T("routing.circle", "metres", a.Radius, "place", a.Name)
	case consult.PolygonArea:
		return b.T("routing.polygon", "n", len(a.Corners))
	}
	return ""
}

// ChangeRouting moves, enables, disables or removes a rule.
func (w *Web) ChangeRouting(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	id, err := f.ID("rule")
	if err != nil {
		return err
	}
	version, _ := f.Int("version", 0, 1<<30)
	do := Choose(f, "do", consult.RuleChanges())
	if err := f.Err("change routing rules"); err != nil {
		return err
	}
	err = w.Service.ChangeRule(c.UserContext(), w.actor(c), id, do, version)
	if consult.KindOf(err) == consult.Conflict {
		return w.routing(c, true, fiber.StatusConflict)
	}
	if err != nil {
		return err
	}
	return c.Redirect(routingPath, fiber.StatusSeeOther)
}

// rulePage is the form of one rule, with the last arrivals tried on it.
type rulePage struct {
	Base
	Path                 string
	Version              int
	Faster               bool // somebody else changed the list meanwhile; what was typed stands
	Name                 TextInput
	Enabled              Choices
	Area                 Choices
	Ward                 Select
	Postcode             TextInput
	Radius               Choices
	Corners              TextArea
	Topic                Select
	Kind                 Select
	Tongue               Select
	To                   Select
	Save                 Button
	Try                  Button
	Trials               *trialList
	PickerLat, PickerLon string
	Basemap              Basemap
}

// RoutingRule shows the form of a rule.
func (w *Web) RoutingRule(c *fiber.Ctx) error { return w.rule(c, nil, nil, nil) }

func (w *Web) rule(c *fiber.Ctx, f *Form, wrong error, trials *trialList) error {
	list, err := w.Service.Routing(c.UserContext(), w.actor(c))
	if err != nil {
		return err
	}
	var rule consult.RoutingRule
	if id := c.Params("rule"); id != "new" {
		parsed, err := consult.ParseID(id)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list.Rules, func(r consult.RoutingRule) bool { return r.ID == parsed })
		if i < 0 {
			return &consult.Error{Kind: consult.NotFound, Op: "read routing rule"}
		}
		rule = list.Rules[i]
	}
	choices, err := w.choices(c)
	if err != nil {
		return err
	}
	p := drawRule(w.StaffBase(c, "routing.rule_title").WithErrors(wrong), rule, list.Version, choices, f)
	p.Faster, p.Trials = consult.KindOf(wrong) == consult.Conflict, trials
	if w.Map != nil {
		p.Basemap = w.Map.basemap
	}
	if p.Faster {
		return w.Pages.Page(c, fiber.StatusConflict, "officer-rule", p)
	}
	return shown(w, c, "officer-rule", p, nil)
}

func drawRule(b Base, r consult.RoutingRule, version int, choices choicesOf, f *Form) *rulePage {
	p := &rulePage{Base: b, Path: routingPath + "/new", Version: version, PickerLat: coordinate(centreLat), PickerLon: coordinate(centreLon)}
	if r.ID != 0 {
		p.Path = routingPath + "/" + r.ID.String()
	}
	p.Back = &Link{Href: routingPath, Text: p.T("routing.title")}
	p.Styles = append(p.Styles, deskStyle)
	f = values(f, ruleValues(r))
	p.Name = p.TextInput(f, "name", "routing.name")
	p.Enabled = Checkboxes(&p.Base, f, "enabled", "routing.enabled", []string{"yes"}, "routing.enabled_")
	p.Area = Radios(&p.Base, f, "area", "routing.area", areaNames, "routing.area_")
	p.Ward = p.wardSelect(f, choices.Wards)
	p.Ward.Options[0].Label = p.T("alert.no_ward")
	p.Postcode = p.TextInput(f, "postcode", "routing.postcode")
	p.Postcode.Short = true
	radii := make([]string, 0, len(consult.Radii()))
	for _, metres := range consult.Radii() {
		radii = append(radii, strconv.Itoa(metres))
	}
	p.Radius = Radios(&p.Base, f, "radius", "alert.radius", radii, "alert.radius.")
	p.Corners = p.TextArea(f, "corners", "alert.corners", 0)
	p.Topic = p.partSelect(f, "topic", vocabulary(&p.Base, consult.Topics(), "topic."))
	p.Kind = p.partSelect(f, "kind", p.kindChoices())
	p.Tongue = p.partSelect(f, "language", choices.Languages)
	p.To = p.ruleTo(f, choices.Colleagues)
	p.Save = Button{Text: p.T("routing.save"), Name: "do", Value: "save"}
	p.Try = Button{Text: p.T("routing.try"), Name: "do", Value: "try", Secondary: true}
	p.Scripts = []string{"part/area-draw/area-draw.js"}
	return p
}

// ruleTo is who can be sent something: a service, or an officer of one.
func (b *Base) ruleTo(f *Form, colleagues []consult.Colleague) Select {
	s := Select{Field: b.field("to", "routing.to"), Options: []Choice{{Label: b.T("routing.to_choose")}}}
	for _, service := range consult.DeskServices(colleagues) {
		s.Options = append(s.Options, Choice{Value: "service:" + service, Label: b.T("desk.to_service", "service", service)})
	}
	s.Options = append(s.Options, b.officerChoices(colleagues)...)
	for i := range s.Options {
		s.Options[i].Checked = s.Options[i].Value == f.Value("to")
	}
	return s
}

// ruleValues are a rule as its form has it.
func ruleValues(r consult.RoutingRule) map[string]string {
	typed := map[string]string{"name": r.Name, "topic": string(r.Topic), "kind": string(r.Kind), "language": r.Language, "area": "any", "radius": "800"}
	for _, k := range consult.ApplicationKinds() {
		if k.Prefix == r.Type {
			typed["kind"] = k.Name
		}
	}
	if r.Enabled || r.ID == 0 {
		typed["enabled"] = "yes"
	}
	switch {
	case r.Officer != 0:
		typed["to"] = r.Officer.String()
	case r.Service != "":
		typed["to"] = "service:" + r.Service
	}
	switch a := r.Area; a.Kind {
	case consult.WardArea:
		typed["area"], typed["ward"] = "ward", a.Ward
	case consult.CircleArea:
		typed["area"], typed["postcode"], typed["radius"] = "circle", a.Name, strconv.Itoa(a.Radius)
	case consult.PolygonArea:
		typed["area"] = "polygon"
		for _, corner := range a.Corners {
			typed["corners"] += cornerLine(corner) + "\n"
		}
	}
	return typed
}

func cornerLine(p geo.Point) string { return coordinate(p.Lat) + ", " + coordinate(p.Lon) }

// SaveRoutingRule keeps a rule, or tries it on the last arrivals without keeping it.
func (w *Web) SaveRoutingRule(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	in, err := w.readRule(c, f)
	if err != nil {
		return err
	}
	if f.Has("do") && f.Value("do") == "try" {
		trials, err := []consult.Trial(nil), f.Err("try routing rule")
		if err == nil {
			trials, err = w.Service.TryRule(c.UserContext(), w.actor(c), in)
		}
		if consult.KindOf(err) == consult.Invalid {
			return w.rule(c, f, err, nil)
		}
		if err != nil {
			return err
		}
		list, err := w.trialList(c, trials)
		if err != nil {
			return err
		}
		return w.rule(c, f, nil, list)
	}
	if err = f.Err("save routing rule"); err == nil {
		err = w.Service.SaveRule(c.UserContext(), w.actor(c), in)
	}
	switch consult.KindOf(err) {
	case consult.Invalid, consult.Conflict:
		return w.rule(c, f, err, nil)
	}
	if err != nil {
		return err
	}
	return c.Redirect(routingPath, fiber.StatusSeeOther)
}

func (w *Web) readRule(c *fiber.Ctx, f *Form) (consult.RuleInput, error) {
	in := consult.RuleInput{Name: f.Line("name", consult.MaxViewName), Language: f.Line("language", 20), Topic: Choose(f, "topic", consult.Topics()),
		Enabled: len(ChooseMany(f, "enabled", []string{"yes"})) > 0}
	if id := c.Params("rule"); id != "new" {
		parsed, err := consult.ParseID(id)
		if err != nil {
			return in, err
		}
		in.ID = parsed
	}
	in.Version, _ = f.Int("version", 0, 1<<30)
	in.Where = consult.AlertInput{Ward: f.Line("ward", 20), Corners: f.Text("corners", 4000), Postcode: f.Line("postcode", 10)}
	if area := Choose(f, "area", areaNames); area != "any" {
		in.Where.Area = consult.AreaKind(area)
	}
	in.Where.Radius, _ = f.Int("radius", 0, 1<<20)
	filter := inboxFilter(Filled(map[string][]string{"kind": {f.Line("kind", 40)}}))
	in.Kind, in.Type = filter.Kind, filter.Type
	var to consult.DeskOrder
	w.readTo(c, f, &to)
	in.Service, in.Officer = to.Service, to.Officer
	return in, nil
}
