package geo

import (
	"math"
	"strings"
	"testing"
)

func TestG05ReferenceSystems(t *testing.T) {
	grid := "[407000,286000],[408000,286000],[408000,287000],[407000,287000],[407000,286000]"
	named := func(name string) string { return `,"crs":{"type":"name","properties":{"name":"` + name + `"}}` }
	inCollection := func(member string) string {
		whole := collectionOf(featureOf(polygonOf(grid), ""))
		return whole[:len(whole)-1] + member + "}"
	}
	onGeometry := strings.Replace(polygonOf(grid), `"coordinates"`, named("EPSG:27700")[1:]+`,"coordinates"`, 1)
	for name, in := range map[string]string{
		"after the features":  inCollection(named("urn:ogc:def:crs:EPSG::27700")),
		"before the features": strings.Replace(inCollection(""), `"features"`, named("EPSG:27700")[1:]+`,"features"`, 1),
		"by its address":      inCollection(named("http://www.opengis.net/def/crs/EPSG/0/27700")),
		"the oldest way":      inCollection(`,"crs":{"type":"EPSG","properties":{"code":27700}}`),
		"on the feature":      collectionOf(featureOf(polygonOf(grid), named("EPSG:27700"))),
		"on the geometry":     collectionOf(featureOf(onGeometry, "")),
		"on a lone geometry":  onGeometry,
	} {
		g, err := parseOne(in)
		if err != nil {
			t.Errorf("EPSG:27700 %s: %v", name, err)
			continue
		}
		// A square kilometre, south of Bordesley Green.
		if area := g.AreaSquareMetres(); math.Abs(area-1e6) > 3e3 || !g.Contains(Point{-1.89, 52.476}) {
			t.Errorf("EPSG:27700 %s: %v m² around %v", name, area, g.Centroid())
		}
	}
	degrees := polygonOf(square(-1.86, 52.47, 0.005))
	for _, name := range []string{"EPSG:4326", "urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326", "OGC:CRS84"} {
		if _, err := parseOne(featureOf(degrees, named(name))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, member := range []string{
		named("EPSG:3857"), named("urn:ogc:def:crs:EPSG::25830"), named("EPSG:2770"), named(""), named("27700"),
		`,"crs":null`, `,"crs":"EPSG:4326"`, `,"crs":{}`, `,"crs":{"type":"link","properties":{"href":"http://example.org/crs"}}`,
	} {
		_, err := parseOne(featureOf(degrees, member))
		wantReason(t, member, err, ReasonUnknownCRS, "")
	}
	_, err := parseOne(featureOf(degrees, named("EPSG:27700")))
	wantReason(t, "degrees called metres", err, ReasonOutsideArea, "easting")
}
