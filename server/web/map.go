package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// mapPage is the list as a map. The list stays beside it: every pin is also a link.
type mapPage struct {
	Base
	Cards    []consultationCard
	Pins     []mapPin
	Total    int
	ListHref string
	Lat, Lon string
	Zoom     int
	Basemap  Basemap
	Versions *mapVersions // two boundaries of one site; nil = not asked for
}

// mapPin ties a link of the list to its pin.
type mapPin struct{ ID, Href, Title, Lat, Lon string }

// mapCards is how many consultations the list beside the map holds.
const mapCards = 100

// The centre is where the map begins when there is nothing to show: Bordesley Green, Birmingham.
const (
	centreLat = 52.4723
	centreLon = -1.8597
)

// MapPage shows what a search found, or one consultation (?at=), on a map.
func (w *Web) MapPage(c *fiber.Ctx) error {
	f := ReadQuery(c)
	filter, err := w.consultationFilter(c, f)
	if err != nil && consult.KindOf(err) != consult.Invalid {
		return err
	}
	filter.Limit = mapCards
	found, err := w.Service.Search(c.UserContext(), filter)
	if err != nil {
		return err
	}
	p := &mapPage{Base: w.Base(c, "map.title"), Total: found.Total, Lat: coordinate(centreLat), Lon: coordinate(centreLon), Zoom: 13,
		ListHref: "/", Basemap: w.Map.basemap}
	if query := w.searchQuery(f); len(query) > 0 {
		p.ListHref += "?" + query.Encode()
	}
	p.drawPins(found, w.today(), f.Value("at"))
	if err := w.mapVersions(c, p, f); err != nil {
		return err
	}
	p.Back = &Link{Href: p.ListHref, Text: p.T("map.list")}
	return w.Pages.Page(c, fiber.StatusOK, "map", p)
}

// drawPins lists the found consultations that have a place, and centres the map on the first, or on the one asked for.
func (p *mapPage) drawPins(found consult.CardPage, today consult.Date, at string) {
	for _, card := range found.Cards {
		k := card.Consultation
		p.Demo = p.Demo || k.Demo
		if !k.HasPlace {
			continue
		}
		view := p.card(card, today)
		pin := mapPin{ID: k.ID.String(), Href: view.Href, Title: k.Title, Lat: coordinate(k.Place.Lat), Lon: coordinate(k.Place.Lon)}
		if len(p.Pins) == 0 || pin.ID == at {
			p.Lat, p.Lon = pin.Lat, pin.Lon
		}
		if pin.ID == at {
			p.Zoom = 16
		}
		p.Pins, p.Cards = append(p.Pins, pin), append(p.Cards, view)
	}
}
