package web

import (
	"cmp"
	"math"
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// consultationsPage is the front door: what is near, as a list first.
type consultationsPage struct {
	Base
	Words, Postcode      TextInput
	Ward, Stage, Kind    Select
	NearMe               NearMe
	Lat, Lon             string // kept when the list is sorted by distance
	Search               Button
	Cards                []consultationCard
	Total                int
	Pages                Pagination
	MapHref              string
	AlertHref            string // where the search becomes an alert
	FeedHref, DaysHref   string // the same search for feed readers and calendars
	Filtered, ByDistance bool
}

// consultationCard is one line of the list.
type consultationCard struct {
	Href, Title, Address, Ward, Reference string
	State                                 Tag
	Kind                                  string       // of what is no planning application; "" = one
	Closes                                consult.Date // of an open round
	DaysLeft                              int          // open rounds: days on which one can comment
	Comments, Answers                     int
	Distance                              string // in words; "" = not asked
}

const consultationsPerPage = 20

// nearRadius is how far "near me" and a postcode reach, in metres.
const nearRadius = 2000

// stages group the states by what a resident can do.
var stages = []struct {
	name   string
	states []consult.State
}{
	{"open", []consult.State{consult.Consulting, consult.Reconsulting}},
	{"soon", []consult.State{consult.Validated}},
	{"weighed", []consult.State{consult.ClosedState, consult.Amended, consult.Assessed, consult.InCommittee, consult.CalledIn}},
	{"decided", []consult.State{consult.Decided, consult.Appealed, consult.AppealDecided, consult.Withdrawn}},
}

// Consultations lists and searches.
func (w *Web) Consultations(c *fiber.Ctx) error {
	f := ReadQuery(c)
	filter, err := w.consultationFilter(c, f)
	if err != nil && consult.KindOf(err) != consult.Invalid && consult.KindOf(err) != consult.NotFound {
		return err
	}
	p, failed := w.consultationsView(c, f, err)
	if failed != nil {
		return failed
	}
	if err != nil {
		return w.Pages.Page(c, fiber.StatusUnprocessableEntity, "consultations", p)
	}
	number := PageNumber(f)
	filter.Limit, filter.Offset = consultationsPerPage, (number-1)*consultationsPerPage
	found, err := w.Service.Search(c.UserContext(), filter)
	if err != nil {
		return err
	}
	p.Total, p.ByDistance = found.Total, filter.Radius > 0
	for _, card := range found.Cards {
		p.Cards = append(p.Cards, p.card(card, w.today()))
	}
	p.Pages = Paginate(number, found.Total, consultationsPerPage, w.searchQuery(f))
	return w.Pages.Page(c, fiber.StatusOK, "consultations", p)
}

// consultationFilter reads the search. A postcode finds its place; where we do not know it, the applications whose own postcode
// begins with it.
func (w *Web) consultationFilter(c *fiber.Ctx, f *Form) (consult.Filter, error) {
	filter := consult.Filter{Words: f.Line("q", 200), Ward: f.Value("ward")}
	for _, s := range stages {
		if s.name == f.Value("stage") {
			filter.States = s.states
		}
	}
	for _, k := range consult.ApplicationKinds() {
		if k.Name == f.Value("kind") {
			filter.Kind = k.Prefix
		}
	}
	lat, hasLat := f.Float("lat", -90, 90)
	lon, hasLon := f.Float("lon", -180, 180)
	if postcode := f.Line("postcode", 10); postcode != "" {
		code, ok := consult.PartialPostcode(postcode)
		if !ok {
			f.Fail("postcode", "postcode_part")
			return filter, f.Err("search")
		}
		place, err := w.Service.Locate(c.UserContext(), code)
		switch {
		case err == nil:
			filter.Near, filter.Radius = place, nearRadius
		case consult.KindOf(err) == consult.NotFound:
			filter.Postcode = code
		default:
			return filter, err
		}
	} else if hasLat && hasLon {
		filter.Near, filter.Radius = geo.Point{Lat: lat, Lon: lon}, nearRadius
	}
	return filter, f.Err("search")
}

func (w *Web) consultationsView(c *fiber.Ctx, f *Form, err error) (*consultationsPage, error) {
	p := &consultationsPage{Base: w.Base(c, "consultations.title").WithErrors(err)}
	p.Description = p.T("consultations.description", "authority", w.Site.Authority)
	wards, failed := w.Service.Wards(c.UserContext())
	if failed != nil {
		return nil, failed
	}
	p.drawSearch(f, wards)
	query := w.searchQuery(f)
	p.Filtered = len(query) > 0
	p.MapHref, p.AlertHref = "/map", "/alerts"
	if p.Filtered {
		p.MapHref += "?" + query.Encode()
		p.AlertHref += "?" + query.Encode()
	}
	p.followSearch(query)
	return p, nil
}

// drawSearch draws the search form with what was asked.
func (p *consultationsPage) drawSearch(f *Form, wards map[string]string) {
	p.Words = p.TextInput(f, "q", "consultations.words")
	p.Words.Type = "search"
	p.Postcode = p.TextInput(f, "postcode", "consultations.postcode")
	p.Postcode.Short, p.Postcode.Autocomplete = true, "postal-code"
	p.Ward, p.Stage, p.Kind = p.wardSelect(f, wards), p.stageSelect(f), p.kindSelect(f)
	p.NearMe = NearMe{Lat: "lat", Lon: "lon", Fallback: "postcode"}
	if f.Value("postcode") == "" {
		p.Lat, p.Lon = f.Value("lat"), f.Value("lon")
	}
	p.Search = Button{Text: p.T("site.search")}
}

// searchQuery is the search as an address, without what was left empty.
func (w *Web) searchQuery(f *Form) url.Values {
	query := url.Values{}
	for _, name := range []string{"q", "postcode", "ward", "stage", "kind", "lat", "lon"} {
		if v := f.Value(name); v != "" {
			query.Set(name, v)
		}
	}
	return query
}

func (b *Base) wardSelect(f *Form, wards map[string]string) Select {
	s := Select{Field: b.field("ward", "consultations.ward"), Options: []Choice{{Label: b.T("consultations.any_ward")}}}
	for code, name := range wards {
		s.Options = append(s.Options, Choice{Value: code, Label: name, Checked: f.Value("ward") == code})
	}
	slices.SortFunc(s.Options[1:], func(a, b Choice) int { return cmp.Or(cmp.Compare(a.Label, b.Label), cmp.Compare(a.Value, b.Value)) })
	return s
}

func (b *Base) stageSelect(f *Form) Select {
	s := Select{Field: b.field("stage", "consultations.stage"), Options: []Choice{{Label: b.T("consultations.any_stage")}}}
	for _, stage := range stages {
		s.Options = append(s.Options, Choice{Value: stage.name, Label: b.T("stage." + stage.name), Checked: f.Value("stage") == stage.name})
	}
	return s
}

func (b *Base) kindSelect(f *Form) Select {
	s := Select{Field: b.field("kind", "consultations.kind"), Options: []Choice{{Label: b.T("consultations.any_kind")}}}
	for _, k := range consult.ApplicationKinds() {
		s.Options = append(s.Options, Choice{Value: k.Name, Label: b.T("kind." + k.Name), Checked: f.Value("kind") == k.Name})
	}
	return s
}

func (b *Base) card(c consult.Card, today consult.Date) consultationCard {
	k := c.Consultation
	card := consultationCard{
		Href: "/consultations/" + k.ID.String(), Title: k.Title, Address: k.Address, Ward: c.WardName,
		Reference: k.Application.Reference, State: b.about(consult.Subjects{Kind: k.Kind}).stateTag(k.State), Kind: b.kindText(k.Kind), Comments: c.Comments, Answers: c.Answers,
	}
	if window := consult.WindowOf(k.State, []consult.Round{c.Round}, today); c.Round.Number > 0 && window.Status == consult.WindowOpen {
		card.Closes, card.DaysLeft = c.Round.Closes, window.DaysLeft
		if window.DaysLeft <= 3 {
			card.State.Kind = "closing"
		}
	}
	if c.Metres > 0 {
		card.Distance = b.distance(c.Metres)
	}
	return card
}

// distance words metres as people do: to the nearest ten below a kilometre, then in tenths of one.
func (b *Base) distance(metres float64) string {
	if metres < 995 {
		return b.T("consultations.metres", "n", int(math.Round(metres/10)*10))
	}
	return b.T("consultations.kilometres", "distance", strconv.FormatFloat(metres/1000, 'f', 1, 64))
}

func (w *Web) today() consult.Date { return w.Service.Calendar().Day(w.now()) }
