package ingest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
)

// setPoint takes a place in degrees; a wrong one is left out with its reason.
func (r *record) setPoint(field string, lon, lat float64) {
	p := geo.Point{Lon: lon, Lat: lat}
	switch {
	case lon == 0 && lat == 0:
		r.warn(field, "coordinates 0, 0: a missing value; taken without a place")
	case p.LooksSwapped():
		r.warn(field, "latitude and longitude look swapped; taken without a place")
	case !p.Valid() || !geo.BritishIsles().Contains(p):
		r.warn(field, fmt.Sprintf("%g, %g is not in the British Isles; taken without a place", lat, lon))
	default:
		r.Place, r.HasPlace = rounded(p), true
	}
}

// setGrid takes a place in National Grid metres.
func (r *record) setGrid(field string, easting, northing float64) {
	p, err := geo.FromNationalGrid(easting, northing)
	if err != nil {
		r.warn(field, fmt.Sprintf("%g, %g is not on the National Grid; taken without a place", easting, northing))
		return
	}
	r.Place, r.HasPlace = rounded(p), true
}

// rounded gives a place six decimals (about 10 cm), so that the same file makes the same record on every machine.
func rounded(p geo.Point) geo.Point {
	six := func(v float64) float64 { return math.Round(v*1e6) / 1e6 }
	return geo.Point{Lon: six(p.Lon), Lat: six(p.Lat)}
}

// setBoundary takes the site's boundary and, where there is no place yet, a place inside it.
func (r *record) setBoundary(field string, g geo.Geometry, err error) {
	if err != nil {
		r.warn(field, "taken without its boundary: "+geoReason(err))
		return
	}
	if g.Kind() != geo.KindPoint {
		r.Boundary = json.RawMessage(g.GeoJSON())
	}
	if !r.HasPlace {
		r.Place, r.HasPlace = rounded(g.PinPoint()), true
	}
}

// siteShape reads the boundary of a site: a geometry, a Feature, or a FeatureCollection whose polygons together are the site.
func siteShape(raw json.RawMessage) (geo.Geometry, error) {
	if word(members(raw)["type"]) != "FeatureCollection" {
		return geo.ParseGeoJSON(raw, geo.DefaultLimits())
	}
	features, err := geo.ParseFeatures(bytes.NewReader(raw), geo.DefaultLimits())
	if err != nil {
		return geo.Geometry{}, err
	}
	var polygons []json.RawMessage
	for _, f := range features {
		coordinates := members(f.Geometry.GeoJSON())["coordinates"]
		switch f.Geometry.Kind() {
		case geo.KindPolygon:
			polygons = append(polygons, coordinates)
		case geo.KindMultiPolygon:
			var several []json.RawMessage
			if err := json.Unmarshal(coordinates, &several); err != nil {
				return geo.Geometry{}, err
			}
			polygons = append(polygons, several...)
		}
	}
	if len(polygons) == 0 {
		return geo.Geometry{}, errors.New("no polygon in it")
	}
	whole, err := json.Marshal(map[string]any{"type": "MultiPolygon", "coordinates": polygons})
	if len(polygons) == 1 {
		whole, err = json.Marshal(map[string]any{"type": "Polygon", "coordinates": polygons[0]})
	}
	if err != nil {
		return geo.Geometry{}, err
	}
	return geo.ParseGeoJSON(whole, geo.DefaultLimits())
}

// geoReason is an error of the geo package in one line.
func geoReason(err error) string {
	var e *geo.Error
	if errors.As(err, &e) {
		if e.Detail != "" {
			return string(e.Reason) + " (" + oneLine(e.Detail) + ")"
		}
		return string(e.Reason)
	}
	return oneLine(err.Error())
}

func oneLine(s string) string { return cut(strings.Join(strings.Fields(plain(s)), " "), 200) }

// locate completes a record's place from its postcode, and its ward from its place, as far as they are known here.
func (r *record) locate(ctx context.Context, svc *consult.Service) error {
	if !r.HasPlace && r.Postcode != "" {
		p, err := svc.Locate(ctx, r.Postcode)
		switch {
		case err == nil:
			r.Place, r.HasPlace = rounded(p), true
			r.warn("", "no coordinates: the middle of its postcode stands for the place")
		case consult.KindOf(err) != consult.NotFound && consult.KindOf(err) != consult.Invalid:
			return err
		}
	}
	if !r.HasPlace && r.Kind != "" && !r.Kind.Planning() {
		return nil // such a matter need not have a place
	}
	if !r.HasPlace {
		r.warn("", "no coordinates and no known postcode: taken without a place; it will not be on the map")
		return nil
	}
	ward, err := svc.WardAt(ctx, r.Place)
	r.Ward = ward
	return err
}
