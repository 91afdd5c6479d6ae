package web

import (
	"cmp"
	"fmt"
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/ogc"
)

// openDataPage is any of the pages below /ogc: the same things that programs read there, for people.
type openDataPage struct {
	Base
	Lead     string
	Sections []openDataSection
	Next     *Link
	Document Link // the same for programs
}

type openDataSection struct {
	ID, Heading, Text string
	Links             []openDataLink
	Facts             SummaryList
}

type openDataLink struct{ Href, Text, Note string }

const openDataPath = "/ogc"

// openData begins a page; what says that a query is wrong becomes an error page.
func (w *Web) openData(c *fiber.Ctx, bad []consult.FieldError, titleKey string, args ...any) (*openDataPage, error) {
	if len(bad) > 0 {
		return nil, fiber.NewError(fiber.StatusBadRequest, fmt.Sprintf("wrong query: %v", bad))
	}
	c.Vary(fiber.HeaderAccept)
	p := &openDataPage{Base: w.Base(c, titleKey, args...)}
	p.Document = Link{Href: withForm(askedValues(c), "json"), Text: p.T("ogc.document")}
	if p.Path != openDataPath+"/" {
		p.Back = &Link{Href: openDataPath + "/", Text: p.T("ogc.title")}
	}
	return p, nil
}

func askedValues(c *fiber.Ctx) url.Values {
	values := url.Values{}
	for name, value := range c.Request().URI().QueryArgs().All() {
		values.Add(string(name), string(value))
	}
	return values
}

// withForm is the same address in another form.
func withForm(asked url.Values, form string) string {
	query := url.Values{}
	for name, values := range asked {
		query[name] = values
	}
	query.Set("f", form)
	query.Del(languageQuery)
	return "?" + query.Encode()
}

// OpenData is the landing page.
func (w *Web) OpenData(c *fiber.Ctx) error {
	p, err := w.openData(c, ogc.ReadNone(askedValues(c)), "ogc.title")
	if err != nil {
		return err
	}
	p.Lead = p.T("ogc.about")
	p.Sections = []openDataSection{
		{ID: "collections", Heading: p.T("ogc.collections"), Links: p.collectionLinks()},
		{ID: "programs", Heading: p.T("ogc.programs"), Text: p.T("ogc.programs_text"), Links: []openDataLink{
			{Href: openDataPath + "/api", Text: p.T("ogc.api")}, {Href: openDataPath + "/conformance", Text: p.T("ogc.conformance")},
			{Href: openDataPath + "/collections", Text: p.T("ogc.all_collections")}}},
		{ID: "feeds", Heading: p.T("ogc.feeds"), Text: p.T("ogc.feeds_text"), Links: []openDataLink{
			{Href: feedPath + "?lang=" + p.Language.Code, Text: p.T("feed.follow")},
			{Href: calendarPath + "?lang=" + p.Language.Code, Text: p.T("deadlines.add")}}},
	}
	return w.Pages.Page(c, fiber.StatusOK, "open-data", p)
}

func (b *Base) collectionLinks() []openDataLink {
	var links []openDataLink
	for _, k := range ogc.Collections() {
		links = append(links, openDataLink{Href: openDataPath + "/collections/" + k.ID, Text: b.T("ogc." + k.ID + ".title"), Note: b.T("ogc." + k.ID + ".about")})
	}
	return links
}

// OpenDataAPI explains to people what programs can ask for.
func (w *Web) OpenDataAPI(c *fiber.Ctx) error {
	p, err := w.openData(c, ogc.ReadNone(askedValues(c)), "ogc.api")
	if err != nil {
		return err
	}
	p.Lead = p.T("ogc.api_text")
	common := openDataSection{ID: "parameters", Heading: p.T("ogc.parameters")}
	for _, name := range []string{"limit", "after", "bbox", "bbox-crs", "crs", "datetime", "f", "lang"} {
		common.Facts.Rows = append(common.Facts.Rows, SummaryRow{Key: name, Value: p.T("ogc.parameter."+name, "default", ogc.DefaultLimit, "max", ogc.MaxLimit)})
	}
	p.Sections = append(p.Sections, common)
	for _, k := range ogc.Collections() {
		s := openDataSection{ID: k.ID, Heading: p.T("ogc." + k.ID + ".title"), Text: p.T("ogc.filters"),
			Links: []openDataLink{{Href: openDataPath + "/collections/" + k.ID + "/items", Text: "/collections/" + k.ID + "/items"}}}
		for _, f := range k.Filters() {
			s.Facts.Rows = append(s.Facts.Rows, SummaryRow{Key: f.Name, Value: p.T("ogc.property." + f.Name)})
		}
		p.Sections = append(p.Sections, s)
	}
	return w.Pages.Page(c, fiber.StatusOK, "open-data", p)
}

// OpenDataConformance says what is kept of the standard.
func (w *Web) OpenDataConformance(c *fiber.Ctx) error {
	p, err := w.openData(c, ogc.ReadNone(askedValues(c)), "ogc.conformance")
	if err != nil {
		return err
	}
	p.Lead = p.T("ogc.conformance_text")
	s := openDataSection{ID: "systems", Heading: p.T("ogc.systems"), Text: p.T("ogc.accuracy")}
	for _, system := range geo.Systems() {
		s.Links = append(s.Links, openDataLink{Href: system.URI(), Text: system.URI()})
	}
	p.Sections = []openDataSection{s}
	return w.Pages.Page(c, fiber.StatusOK, "open-data", p)
}

// OpenDataCollections lists the collections.
func (w *Web) OpenDataCollections(c *fiber.Ctx) error {
	p, err := w.openData(c, ogc.ReadNone(askedValues(c)), "ogc.all_collections")
	if err != nil {
		return err
	}
	p.Sections = []openDataSection{{ID: "collections", Heading: p.T("ogc.collections"), Links: p.collectionLinks()}}
	return w.Pages.Page(c, fiber.StatusOK, "open-data", p)
}

// OpenDataCollection explains one.
func (w *Web) OpenDataCollection(c *fiber.Ctx) error {
	k, err := ogc.Find(c.Params("collection"))
	if err != nil {
		return err
	}
	p, err := w.openData(c, ogc.ReadNone(askedValues(c)), "ogc."+k.ID+".title")
	if err != nil {
		return err
	}
	p.Lead = p.T("ogc." + k.ID + ".about")
	at := openDataPath + "/collections/" + k.ID
	facts := openDataSection{ID: "properties", Heading: p.T("ogc.properties"), Text: p.T("ogc.accuracy")}
	for _, f := range k.Properties {
		facts.Facts.Rows = append(facts.Facts.Rows, SummaryRow{Key: f.Name, Value: p.T("ogc.property." + f.Name)})
	}
	p.Sections = []openDataSection{
		{ID: "read", Heading: p.T("ogc.read"), Links: []openDataLink{{Href: at + "/items", Text: p.T("ogc.items", "collection", p.Title)},
			{Href: at + "/schema", Text: p.T("ogc.schema")}}},
		facts,
	}
	return w.Pages.Page(c, fiber.StatusOK, "open-data", p)
}

// maxOnPage is how many features a page for people lists.
const maxOnPage = 50

// OpenDataItems lists features.
func (w *Web) OpenDataItems(c *fiber.Ctx) error {
	k, err := ogc.Find(c.Params("collection"))
	if err != nil {
		return err
	}
	asked := askedValues(c)
	limit, numeric := strconv.Atoi(asked.Get("limit"))
	if numeric == nil && limit > maxOnPage && len(asked["limit"]) == 1 {
		asked.Set("limit", strconv.Itoa(maxOnPage))
	}
	q, bad := ogc.ReadQuery(k, asked, w.Service.Calendar())
	p, err := w.openData(c, bad, "ogc.items", "collection", w.Language(c).T("ogc."+k.ID+".title"))
	if err != nil {
		return err
	}
	at := openDataPath + "/collections/" + k.ID
	p.Back = &Link{Href: at, Text: p.T("ogc." + k.ID + ".title")}
	s := openDataSection{ID: "features"}
	page, err := w.Features.Items(c.UserContext(), q, func(f ogc.Feature) error {
		name, note := nameOf(k, f)
		s.Links = append(s.Links, openDataLink{Href: at + "/items/" + url.PathEscape(f.ID), Text: name, Note: note})
		return nil
	})
	if err != nil {
		return err
	}
	s.Heading = p.T("ogc.found", "n", page.Matched)
	p.Sections = []openDataSection{s}
	if page.Next != "" {
		next := url.Values{}
		for name, values := range q.Asked {
			next[name] = values
		}
		next.Set("after", page.Next)
		p.Next = &Link{Href: withForm(next, "html"), Text: p.T("ogc.next")}
	}
	return w.Pages.Page(c, fiber.StatusOK, "open-data", p)
}

// nameOf finds what a feature is called, and what tells it from its likes.
func nameOf(k ogc.Collection, f ogc.Feature) (name, note string) {
	said := map[string]string{}
	for i, p := range k.Properties {
		if f.Values[i] != nil {
			said[p.Name] = fmt.Sprint(f.Values[i])
		}
	}
	name = cmp.Or(said["title"], said["name"], said["reference"], f.ID)
	if _, isComment := said["stance"]; isComment {
		name = cmp.Or(said["reference"], f.ID)
	}
	for _, property := range []string{"reference", "number", "opens", "published_on", "state", "stance", "comments"} {
		if v := said[property]; v != "" && v != name {
			if note != "" {
				note += " · "
			}
			note += v
		}
	}
	return name, cmp.Or(note, f.ID)
}

// OpenDataItem shows one feature.
func (w *Web) OpenDataItem(c *fiber.Ctx) error {
	k, err := ogc.Find(c.Params("collection"))
	if err != nil {
		return err
	}
	crs, bad := ogc.ReadCRS(askedValues(c))
	p, err := w.openData(c, bad, "ogc.item", "collection", w.Language(c).T("ogc."+k.ID+".title"), "id", c.Params("feature"))
	if err != nil {
		return err
	}
	f, err := w.Features.Item(c.UserContext(), k, c.Params("feature"))
	if err != nil {
		return err
	}
	p.Back = &Link{Href: openDataPath + "/collections/" + k.ID + "/items", Text: p.T("ogc.items", "collection", p.T("ogc."+k.ID+".title"))}
	p.Sections = []openDataSection{p.factsOf(k, f, crs)}
	return w.Pages.Page(c, fiber.StatusOK, "open-data", p)
}

func (b *Base) factsOf(k ogc.Collection, f ogc.Feature, crs geo.System) openDataSection {
	name, _ := nameOf(k, f)
	s := openDataSection{ID: "feature", Heading: name}
	for i, p := range k.Properties {
		if f.Values[i] == nil {
			continue
		}
		row := SummaryRow{Key: b.T("ogc.property." + p.Name), Value: fmt.Sprint(f.Values[i]), Typed: true}
		if yes, isFlag := f.Values[i].(bool); isFlag {
			row.Value = b.T("ogc.flag." + strconv.FormatBool(yes))
		}
		s.Facts.Rows = append(s.Facts.Rows, row)
	}
	if !f.Place.IsZero() {
		if x, y, err := crs.Coordinates(f.Place.PinPoint()); err == nil {
			s.Facts.Rows = append(s.Facts.Rows, SummaryRow{Key: b.T("ogc.place"), Typed: true, Value: coordinate(x) + ", " + coordinate(y)})
		}
	}
	return s
}
