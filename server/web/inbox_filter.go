package web

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// filterNames are the parts of a filter in the inbox's address.
var filterNames = []string{"q", "service", "officer", "ward", "topic", "kind", "language", "consultation", "channel", "age"}

// ages are how old an item can be asked to be, in days.
var ages = []int{1, 3, 7, 14, 30}

// inboxFilter reads a filter. What is no choice narrows nothing: an address that somebody kept still opens.
func inboxFilter(f *Form) consult.InboxFilter {
	filter := consult.InboxFilter{View: consult.InboxView(f.Value("view")), Service: f.Value("service"), Ward: f.Value("ward"),
		Topic: consult.Topic(f.Value("topic")), Language: f.Value("language"), Channel: consult.Channel(f.Value("channel")), Words: f.Value("q")}
	if !slices.Contains(consult.InboxViews(), filter.View) {
		filter.View = consult.InboxUnanswered
	}
	if id, err := consult.ParseID(f.Value("officer")); err == nil {
		filter.Officer = id
	}
	if id, err := consult.ParseID(f.Value("consultation")); err == nil {
		filter.Consultation = id
	}
	kind := f.Value("kind")
	if slices.Contains(consult.ConsultationKinds(), consult.ConsultationKind(kind)) {
		filter.Kind = consult.ConsultationKind(kind)
	}
	for _, k := range consult.ApplicationKinds() {
		if k.Name == kind {
			filter.Type = k.Prefix
		}
	}
	if days, err := strconv.Atoi(f.Value("age")); err == nil && slices.Contains(ages, days) {
		filter.Age = days
	}
	return filter
}

// filterQuery is the filter as an address, without what narrows nothing.
func filterQuery(f *Form) url.Values {
	query := url.Values{}
	for _, name := range filterNames {
		if v := f.Value(name); v != "" {
			query.Set(name, v)
		}
	}
	return query
}

// viewQuery is a view with its filter as an address.
func viewQuery(f *Form) url.Values {
	query := filterQuery(f)
	query.Set("view", string(inboxFilter(f).View))
	return query
}

// savedFilter reads the address of a saved view.
func savedFilter(v consult.SavedView) (*Form, consult.InboxFilter) {
	query, err := url.ParseQuery(v.Query)
	if err != nil {
		query = url.Values{}
	}
	f := Filled(query)
	return f, inboxFilter(f)
}

// deskFilter is the form that narrows the inbox.
type deskFilter struct {
	View   consult.InboxView
	Words  TextInput
	Parts  []Select
	Hidden []Kept // of a filter that no field shows
	Go     Button
	Open   bool  // something narrows the view
	Clear  *Link // the view without the filter
	Only   *Link // the one consultation it shows
}

// choicesOf is what officers can choose from.
type choicesOf struct {
	Colleagues []consult.Colleague
	Wards      map[string]string
	Languages  []Choice
}

func (w *Web) choices(c *fiber.Ctx) (v choicesOf, err error) {
	if v.Colleagues, err = w.Service.Colleagues(c.UserContext(), w.actor(c)); err != nil {
		return v, err
	}
	for _, l := range w.Texts.Languages() {
		v.Languages = append(v.Languages, Choice{Value: l.Code, Label: l.Name})
	}
	v.Wards, err = w.Service.Wards(c.UserContext())
	return v, err
}

// drawFilter draws the form with what narrows the view.
func (b *Base) drawFilter(f *Form, v choicesOf) deskFilter {
	filter := inboxFilter(f)
	d := deskFilter{View: filter.View, Words: b.TextInput(f, "q", "desk.words"), Go: Button{Text: b.T("desk.filter_go"), Secondary: true}}
	d.Words.Type = "search"
	d.Parts = []Select{
		b.partSelect(f, "service", serviceChoices(v.Colleagues)),
		b.partSelect(f, "officer", b.officerChoices(v.Colleagues)),
		b.partSelect(f, "ward", wardChoices(v.Wards)),
		b.partSelect(f, "topic", vocabulary(b, consult.Topics(), "topic.")),
		b.partSelect(f, "kind", b.kindChoices()),
		b.partSelect(f, "language", v.Languages),
		b.partSelect(f, "channel", vocabulary(b, consult.Channels(), "channel.")),
		b.partSelect(f, "age", b.ageChoices()),
	}
	d.Open = len(filterQuery(f)) > 0
	if d.Open {
		d.Clear = &Link{Href: "/officer?view=" + string(filter.View), Text: b.T("desk.filter_clear")}
	}
	if filter.Consultation != 0 {
		d.Hidden = append(d.Hidden, Kept{Name: "consultation", Value: filter.Consultation.String()})
		d.Only = &Link{Href: "/officer/consultations/" + filter.Consultation.String(), Text: b.T("desk.only_one")}
	}
	return d
}

func (b *Base) partSelect(f *Form, name string, options []Choice) Select {
	s := Select{Field: b.field(name, "desk."+name), Options: append([]Choice{{Label: b.T("desk.any")}}, options...)}
	for i := range s.Options {
		s.Options[i].Checked = s.Options[i].Value == f.Value(name)
	}
	return s
}

// vocabulary words codes of a vocabulary.
func vocabulary[T ~string](b *Base, codes []T, prefix string) []Choice {
	list := make([]Choice, 0, len(codes))
	for _, code := range codes {
		list = append(list, Choice{Value: string(code), Label: b.T(prefix + string(code))})
	}
	return list
}

func serviceChoices(colleagues []consult.Colleague) []Choice {
	var list []Choice
	for _, s := range consult.DeskServices(colleagues) {
		list = append(list, Choice{Value: s, Label: s})
	}
	return list
}

// officerChoices names who is here to be given something.
func (b *Base) officerChoices(colleagues []consult.Colleague) []Choice {
	var list []Choice
	for _, c := range colleagues {
		if !c.Gone {
			list = append(list, Choice{Value: c.ID.String(), Label: b.colleague(c)})
		}
	}
	return list
}

// colleague names an officer for other staff: name, service, and whether they are away.
func (b *Base) colleague(c consult.Colleague) string {
	text := b.T("desk.colleague", "name", c.Name, "service", c.Service)
	if !c.Away.IsZero() {
		text += " " + b.T("desk.away_until", "day", b.Language.Date(c.Away.Add(-1)))
	}
	return text
}

func wardChoices(wards map[string]string) []Choice {
	var list []Choice
	for _, code := range slices.Sorted(maps.Keys(wards)) {
		list = append(list, Choice{Value: code, Label: wards[code]})
	}
	slices.SortStableFunc(list, func(a, b Choice) int { return cmp.Compare(a.Label, b.Label) })
	return list
}

func (b *Base) kindChoices() []Choice {
	list := vocabulary(b, consult.ConsultationKinds(), "consultation_kind.")
	for _, k := range consult.ApplicationKinds() {
		list = append(list, Choice{Value: k.Name, Label: b.T("kind." + k.Name)})
	}
	return list
}

func (b *Base) ageChoices() []Choice {
	var list []Choice
	for _, days := range ages {
		list = append(list, Choice{Value: strconv.Itoa(days), Label: b.T("desk.older", "n", days)})
	}
	return list
}
