package web

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// alertPage is the form of an alert. It comes with what was searched for on the list, so that most people fill in one field.
type alertPage struct {
	Base
	Said     SummaryList // the search in words; empty while it is wrong
	Email    TextInput
	Rhythm   Choices
	Open     bool // what to look for is shown
	Area     Choices
	Ward     Select
	Postcode TextInput
	Lat, Lon TextInput
	Radius   Choices
	Corners  TextArea
	Words    TextInput
	Kind     Select
	About    Choices
	Submit   Button

	PickerLat, PickerLon string
	Basemap              Basemap
}

// areaNames are the sorts of area as the form names them.
var areaNames = []string{"any", "ward", "circle", "polygon"}

// aboutStage is what somebody wants to hear of who looked at a stage of the list.
var aboutStage = map[string][]consult.NewsKind{
	"":        {consult.NewsPublished, consult.NewsOpened},
	"open":    {consult.NewsOpened},
	"soon":    {consult.NewsPublished},
	"weighed": {consult.NewsAmended},
	"decided": {consult.NewsDecided, consult.NewsOutcome},
}

// AlertForm shows the form, filled with the search of the list it was reached from.
func (w *Web) AlertForm(c *fiber.Ctx) error {
	f := carriedOver(ReadQuery(c))
	p, err := w.alertView(c, f, nil)
	if err != nil {
		return err
	}
	p.NoIndex = len(c.Request().URI().QueryString()) > 0
	return w.Pages.Page(c, fiber.StatusOK, "alert", p)
}

// carriedOver turns the list's search into the alert's: where, words, kind, and from the stage what to tell of.
func carriedOver(query *Form) *Form {
	values := map[string][]string{"area": {"any"}, "rhythm": {string(consult.Daily)}, "radius": {"800"}}
	for _, name := range []string{"q", "kind", "ward", "postcode", "lat", "lon"} {
		if v := query.Value(name); v != "" {
			values[name] = []string{v}
		}
	}
	switch {
	case query.Value("postcode") != "", query.Value("lat") != "" && query.Value("lon") != "":
		values["area"], values["radius"] = []string{"circle"}, []string{strconv.Itoa(nearRadius)}
	case query.Value("ward") != "":
		values["area"] = []string{"ward"}
	}
	for _, k := range aboutStage[query.Value("stage")] {
		values["about"] = append(values["about"], string(k))
	}
	return Filled(values)
}

// AlertAsk receives the form. The answer never tells whether the address has such an alert already (S18).
func (w *Web) AlertAsk(c *fiber.Ctx) error {
	f, err := ReadForm(c)
	if err != nil {
		return err
	}
	in := readAlert(f)
	in.Email, in.Language = f.Line("email", consult.MaxEmail), w.Language(c).Code
	in.Rhythm = Choose(f, "rhythm", consult.Rhythms())
	if err = f.Err("ask for alert"); err == nil {
		err = w.Service.AskAlert(c.UserContext(), consult.Actor{Kind: consult.Visitor}, in)
	}
	if consult.KindOf(err) == consult.Invalid {
		p, failed := w.alertView(c, f, err)
		if failed != nil {
			return failed
		}
		return w.Pages.Page(c, fiber.StatusUnprocessableEntity, "alert", p)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/alerts/asked", fiber.StatusSeeOther)
}

// readAlert reads what to look for.
func readAlert(f *Form) consult.AlertInput {
	in := consult.AlertInput{Words: f.Line("q", 200), Ward: f.Line("ward", 20), Corners: f.Text("corners", 4000),
		About: ChooseMany(f, "about", consult.AlertKinds())}
	if area := Choose(f, "area", areaNames); area != "any" {
		in.Area = consult.AreaKind(area)
	}
	kind := f.Line("kind", 40)
	for _, k := range consult.ApplicationKinds() {
		if k.Name == kind {
			in.Kind = k.Prefix
		}
	}
	if in.Area != consult.CircleArea {
		return in // what stands in fields of other areas does not matter
	}
	in.Postcode = f.Line("postcode", 10)
	in.Radius, _ = strconv.Atoi(f.Value("radius"))
	lat, hasLat := f.Float("lat", -90, 90)
	lon, hasLon := f.Float("lon", -180, 180)
	in.Place, in.HasPlace = geo.Point{Lat: lat, Lon: lon}, hasLat && hasLon
	return in
}

func (w *Web) alertView(c *fiber.Ctx, f *Form, invalid error) (*alertPage, error) {
	wards, err := w.Service.Wards(c.UserContext())
	if err != nil {
		return nil, err
	}
	search, err := w.Service.AlertSearch(c.UserContext(), readAlert(Filled(f.values)))
	if err != nil && consult.KindOf(err) != consult.Invalid {
		return nil, err
	}
	p := drawAlert(w.Base(c, "alert.title").WithErrors(invalid), f, wards)
	if err == nil {
		p.Said = p.searchSaid(search)
	}
	p.Open = p.Open || err != nil
	if w.Map != nil {
		p.Basemap = w.Map.basemap
	}
	return p, nil
}

// drawAlert draws the form. What to look for stands open where something is wrong with it.
func drawAlert(b Base, f *Form, wards map[string]string) *alertPage {
	p := &alertPage{Base: b, PickerLat: coordinate(centreLat), PickerLon: coordinate(centreLon), Submit: Button{Text: b.T("alert.submit")}}
	p.Email = p.TextInput(f, "email", "alert.email")
	p.Email.Type, p.Email.Autocomplete = "email", "email"
	p.Rhythm = Radios(&p.Base, f, "rhythm", "alert.rhythm", consult.Rhythms(), "alert.rhythm.")
	p.Area = Radios(&p.Base, f, "area", "alert.area", areaNames, "alert.area.")
	p.Ward = p.wardSelect(f, wards)
	p.Ward.Options[0].Label = p.T("alert.no_ward")
	p.Postcode = p.TextInput(f, "postcode", "alert.postcode")
	p.Postcode.Short, p.Postcode.Autocomplete = true, "postal-code"
	p.Lat, p.Lon = p.TextInput(f, "lat", "comment_new.lat"), p.TextInput(f, "lon", "comment_new.lon")
	p.Lat.Short, p.Lon.Short = true, true
	if f.Value("lat") != "" && f.Value("lon") != "" && p.Lat.Error == "" && p.Lon.Error == "" {
		p.PickerLat, p.PickerLon = f.Value("lat"), f.Value("lon")
	}
	radii := make([]string, 0, len(consult.Radii()))
	for _, r := range consult.Radii() {
		radii = append(radii, strconv.Itoa(r))
	}
	p.Radius = Radios(&p.Base, f, "radius", "alert.radius", radii, "alert.radius.")
	p.Corners = p.TextArea(f, "corners", "alert.corners", 0)
	p.Words = p.TextInput(f, "q", "alert.words")
	p.Kind = p.kindSelect(f)
	p.About = Checkboxes(&p.Base, f, "about", "alert.about", consult.AlertKinds(), "alert.about.")
	p.Open = slices.ContainsFunc(p.Errors, func(e ErrorItem) bool { return e.Href != "#email" && e.Href != "#rhythm" })
	p.Scripts = []string{"part/place-picker/place-picker.js", "part/area-draw/area-draw.js"}
	p.Back = &Link{Href: "/", Text: p.T("consultation.back")}
	return p
}

// searchSaid says in words what an alert looks for.
func (b *Base) searchSaid(s consult.Search) SummaryList {
	var list SummaryList
	for _, said := range b.Language.Search(s) {
		list.Rows = append(list.Rows, SummaryRow{Key: said.Key, Value: said.Value, Typed: said.Typed})
	}
	return list
}

// AlertAsked tells to look for the mail.
func (w *Web) AlertAsked(c *fiber.Ctx) error {
	p := w.followView(c, "alert.asked_title", "alert.asked_text", nil)
	p.Back = &Link{Href: "/", Text: p.T("consultation.back")}
	return w.Pages.Page(c, fiber.StatusOK, "follow", p)
}
