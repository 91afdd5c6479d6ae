package web

import (
	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/ogc"
)

// openDataSample draws one of the pages below /ogc.
func openDataSample(titleKey string, draw func(p *openDataPage), args ...any) {
	sample("open-data", func(w *Web, c *fiber.Ctx) View {
		p, err := w.openData(c, nil, titleKey, args...)
		if err != nil {
			panic(err)
		}
		draw(p)
		return p
	})
}

func init() {
	openDataSample("ogc.title", func(p *openDataPage) {
		p.Lead = p.T("ogc.about")
		p.Sections = []openDataSection{{ID: "collections", Heading: p.T("ogc.collections"), Links: p.collectionLinks()}}
	})
	openDataSample("ogc.items", func(p *openDataPage) {
		p.Sections = []openDataSection{{ID: "features", Heading: p.T("ogc.found", "n", 1), Links: []openDataLink{{Href: "/ogc/collections/wards/items/E05000001", Text: "West", Note: "E05000001"}}}}
		p.Next = &Link{Href: "?after=E05000001", Text: p.T("ogc.next")}
	}, "collection", "Wards")
	for _, k := range ogc.Collections() {
		openDataSample("ogc.item", func(p *openDataPage) {
			f := ogc.Feature{ID: "E05000001", Place: geo.PointGeometry(geo.Point{Lon: -1.86, Lat: 52.47}), Values: make([]any, len(k.Properties))}
			for i, property := range k.Properties {
				switch property.Type {
				case "boolean":
					f.Values[i] = i%2 == 0
				case "integer":
					f.Values[i] = i
				default:
					f.Values[i] = "text"
				}
			}
			p.Sections = []openDataSection{p.factsOf(k, f, geo.EPSG27700)}
		}, "collection", k.ID, "id", "E05000001")
	}
}
