package web

import (
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/yousaid/yousaid/server/consult"
)

// mapVersions is two boundaries of one site on the map, the part "map-versions": Before and After are GeoJSON geometries, "" when they
// are too much for one page.
type mapVersions struct {
	Heading, Lead string
	Before, After string
	Back          Link
}

// maxMapBoundary is the most two boundaries may weigh in a page that is to stay small: about 400 corners.
const maxMapBoundary = 20_000

func mapOfVersions(id consult.ID, from, to int) string {
	return fmt.Sprintf("/map?consultation=%s&versions=%d,%d", id, from, to)
}

// mapVersions adds the boundaries that ?consultation=…&versions=1,2 asks for, and centres the map on them.
func (w *Web) mapVersions(c *fiber.Ctx, p *mapPage, f *Form) error {
	if f.Value("consultation") == "" {
		return nil
	}
	id, err := consult.ParseID(f.Value("consultation"))
	if err != nil {
		return err
	}
	v, err := w.Service.Case(c.UserContext(), w.actor(c), id)
	if err != nil {
		return err
	}
	older, newer, _ := strings.Cut(f.Value("versions"), ",")
	from, to, ok := chosenVersions(Filled(map[string][]string{"from": {older}, "to": {newer}}), v.Versions)
	change := consult.Compare(from, to, nil).Boundary
	if !ok || !change.Known {
		return &consult.Error{Kind: consult.NotFound, Op: "boundaries on the map"}
	}
	p.drawVersions(v.Consultation, from, to, change)
	return nil
}

func (p *mapPage) drawVersions(k consult.Consultation, from, to consult.ProposalVersion, change consult.BoundaryChange) {
	m := &mapVersions{Heading: p.T("map.versions", "title", k.Title), Lead: p.T("map.versions_lead", "from", p.versionName(from), "to", p.versionName(to)),
		Back: Link{Href: fmt.Sprintf("/consultations/%s/versions?from=%d&to=%d", k.ID, from.Number, to.Number), Text: p.T("map.versions_back")}}
	before, after := change.BeforeGeometry.GeoJSON(), change.AfterGeometry.GeoJSON()
	if len(before)+len(after) <= maxMapBoundary {
		m.Before, m.After = string(before), string(after)
	}
	centre := change.AfterGeometry.Bounds().Centre()
	p.Lat, p.Lon, p.Zoom = coordinate(centre.Lat), coordinate(centre.Lon), 17
	p.Demo = p.Demo || k.Demo
	p.Versions = m
	p.Scripts = append(p.Scripts, "part/before-after/before-after.js")
}
