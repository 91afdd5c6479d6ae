package consult

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"github.com/yousaid/yousaid/geo"
)

const aYard = `{"type":"Polygon","coordinates":[[[-1.8600,52.4720],[-1.8590,52.4720],[-1.8590,52.4726],[-1.8600,52.4726],[-1.8600,52.4720]]]}`

// Wherever an author put the mark, what is shown is the middle of a cell or the site, and tells no more than the pages do: marks that
// pages show at one place are shown at one place here.
func TestAPublicPlaceTellsNoMoreThanThePages(t *testing.T) {
	site := Site{Consultation: Consultation{Place: geo.Point{Lon: -1.8595, Lat: 52.4723}, HasPlace: true}, Boundary: json.RawMessage(aYard)}
	rapid.Check(t, func(t *rapid.T) {
		c := Comment{HasPlace: true, Place: geo.Point{Lon: rapid.Float64Range(-1.862, -1.857).Draw(t, "lon"), Lat: rapid.Float64Range(52.471, 52.474).Draw(t, "lat")}}
		place, onSite := site.PublicPlace(c)
		if onSite != site.Geometry().Contains(c.Place) {
			t.Fatalf("%v is on the site: %v", c.Place, onSite)
		}
		want := site.Pin()
		if onSite {
			want = geo.PointGeometry(c.Place.Snap(25).Snap(50))
			if d := geo.Distance(c.Place, want.PinPoint()); d > 55 {
				t.Fatalf("%v is shown %v m away", c.Place, d)
			}
		}
		if string(place.GeoJSON()) != string(want.GeoJSON()) {
			t.Fatalf("%v is shown at %s, want %s", c.Place, place.GeoJSON(), want.GeoJSON())
		}
	})
}

func TestAPublicPlaceWithoutBoundaryIsThePin(t *testing.T) {
	pin := Site{Consultation: Consultation{Place: geo.Point{Lon: -1.8595, Lat: 52.4723}, HasPlace: true}}
	if place, onSite := pin.PublicPlace(Comment{HasPlace: true, Place: pin.Consultation.Place}); onSite || string(place.GeoJSON()) != string(pin.Pin().GeoJSON()) {
		t.Errorf("%s, %v", place.GeoJSON(), onSite)
	}
	ground := Site{Boundary: json.RawMessage(aYard)}
	if place, onSite := ground.PublicPlace(Comment{}); onSite || place.IsZero() || !ground.Geometry().Contains(place.PinPoint()) {
		t.Errorf("a boundary without a pin: %s, %v", place.GeoJSON(), onSite)
	}
	if place, _ := (Site{}).PublicPlace(Comment{HasPlace: true, Place: geo.Point{Lon: -1.8595, Lat: 52.4723}}); !place.IsZero() {
		t.Errorf("a consultation without any place: %s", place.GeoJSON())
	}
	if g := (Site{Boundary: json.RawMessage(`{"type":"Polygon"`)}).Geometry(); !g.IsZero() {
		t.Errorf("a broken boundary: %s", g.GeoJSON())
	}
}
