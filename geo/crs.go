package geo

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// crs is a coordinate reference system as far as this package knows them.
type crs int

const (
	crsUnset crs = iota // not named: WGS84, as RFC 7946 says
	crsWGS84
	crsNationalGrid // EPSG:27700
)

// parseCRS reads the crs member of the older GeoJSON, which RFC 7946 dropped
// but GIS programs still write. A system that is not known, and a null, which
// meant "none can be assumed", is refused: coordinates are never guessed.
func parseCRS(data json.RawMessage) (crs, *Error) {
	if len(data) == 0 {
		return crsUnset, nil
	}
	var member struct {
		Type       string `json:"type"`
		Properties struct {
			Name string      `json:"name"`
			Code json.Number `json:"code"` // of the oldest form: {"type":"EPSG","properties":{"code":27700}}
		} `json:"properties"`
	}
	if err := json.Unmarshal(data, &member); err != nil {
		return 0, fail(ReasonUnknownCRS, "the crs member is not readable")
	}
	name := member.Properties.Name
	if member.Type == "EPSG" {
		name = fmt.Sprintf("EPSG:%s", member.Properties.Code)
	}
	return crsNamed(name)
}

// crsNamed knows the short, the URN and the URL form: "EPSG:27700",
// "urn:ogc:def:crs:EPSG::27700", "http://www.opengis.net/def/crs/EPSG/0/27700".
func crsNamed(name string) (crs, *Error) {
	parts := strings.FieldsFunc(strings.ToUpper(name), func(r rune) bool { return r == ':' || r == '/' })
	if len(parts) > 0 {
		code, epsg := parts[len(parts)-1], slices.Contains(parts, "EPSG")
		switch {
		case code == "CRS84", epsg && code == "4326":
			return crsWGS84, nil
		case epsg && code == "27700":
			return crsNationalGrid, nil
		}
	}
	return 0, fail(ReasonUnknownCRS, "%.60q: convert to WGS84 (longitude, latitude) first", name)
}
