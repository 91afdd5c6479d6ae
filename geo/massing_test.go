package geo

import (
	"math"
	"os"
	"strings"
	"testing"
)

func TestParseMassing(t *testing.T) {
	data, err := os.ReadFile("testdata/massing.geojson")
	if err != nil {
		t.Fatal(err)
	}
	m, err := ParseMassing(data, DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Blocks) != 3 || m.Blocks[1].Name != "Tower" || m.Blocks[1].Base != 9 || m.Blocks[1].Height != 31 || m.Blocks[1].Storeys != 10 || m.Blocks[2].Storeys != 0 {
		t.Fatalf("blocks are %+v", m.Blocks)
	}
	s := m.Summary()
	// The podium and the annexe stand on the ground; the tower on the podium.
	ground := m.Blocks[0].Footprint.AreaSquareMetres() + m.Blocks[2].Footprint.AreaSquareMetres()
	if s.Blocks != 3 || s.MaxHeight != 31 || s.Storeys != 10 || s.FootprintSquareMetres != ground || math.Abs(ground-3400) > 100 {
		t.Errorf("summary %+v, ground %v", s, ground)
	}
	for _, b := range m.Blocks {
		if box := m.Bounds(); !box.Contains(b.Footprint.PinPoint()) {
			t.Errorf("%v does not hold %q", box, b.Name)
		}
	}
	back, err := ParseMassing(m.GeoJSON(), DefaultLimits())
	if err != nil || string(back.GeoJSON()) != string(m.GeoJSON()) {
		t.Errorf("%s came back as %s, %v", m.GeoJSON(), back.GeoJSON(), err)
	}
}

func TestBlocksOfOneBaseStandBesideEachOther(t *testing.T) {
	wing := Circle(bordesleyGreen, 20)
	m := Massing{Blocks: []Block{{Footprint: wing, Height: 6}, {Footprint: wing, Height: 9}, {Footprint: wing, Base: 9, Height: 12}}}
	if got, want := m.Summary().FootprintSquareMetres, 2*wing.AreaSquareMetres(); got != want {
		t.Errorf("two wings and a roof cover %v m², want %v", got, want)
	}
}

func TestParseMassingRefuses(t *testing.T) {
	ground := polygonOf(square(-1.86, 52.47, 0.0005))
	block := func(properties string) string {
		return `{"type":"Feature","properties":` + properties + `,"geometry":` + ground + `}`
	}
	for _, c := range []struct {
		properties string
		why        Reason
		hint       string
	}{
		{`{"base":0,"height":10}`, "", ""},
		{`{"height":400,"base":399.9}`, "", ""},
		{`{"height":0.5,"base":null,"storeys":null,"name":null}`, "", ""},
		{`{}`, ReasonProperty, "nothing"},
		{`null`, ReasonProperty, "height"},
		{`{"base":0}`, ReasonProperty, "height"},
		{`{"height":"10"}`, ReasonProperty, `\"10\"`},
		{`{"height":[10]}`, ReasonProperty, "[10]"},
		{`{"height":1e999}`, ReasonWrongType, ""},
		{`{"height":0}`, ReasonProperty, "400"},
		{`{"base":-1,"height":10}`, ReasonProperty, "base -1"},
		{`{"base":10,"height":10}`, ReasonProperty, "base 10"},
		{`{"base":"0","height":10}`, ReasonProperty, "base"},
		{`{"height":400.1}`, ReasonProperty, "400.1"},
		{`{"height":10,"storeys":2.5}`, ReasonProperty, "storeys"},
		{`{"height":10,"storeys":-1}`, ReasonProperty, "storeys"},
		{`{"height":10,"storeys":1000}`, ReasonProperty, "storeys"},
		{`{"height":10,"storeys":"three"}`, ReasonProperty, "storeys"},
		{`{"height":10,"name":5}`, ReasonProperty, "name"},
		{`{"height":10,"name":"` + strings.Repeat("x", 201) + `"}`, ReasonProperty, "name"},
	} {
		m, err := ParseMassing([]byte(collectionOf(block(`{"height":3}`), block(c.properties))), DefaultLimits())
		if c.why == "" {
			if err != nil || len(m.Blocks) != 2 {
				t.Errorf("%s: %v", c.properties, err)
			}
			continue
		}
		wantReason(t, c.properties, err, c.why, c.hint)
		wantReason(t, c.properties, err, c.why, "feature 2")
		if len(m.Blocks) != 0 {
			t.Errorf("%s: a part was taken", c.properties)
		}
	}
	_, err := ParseMassing([]byte(collectionOf(`{"type":"Feature","properties":{"height":3},"geometry":{"type":"Point","coordinates":[-1.86,52.47]}}`)), DefaultLimits())
	wantReason(t, "a point", err, ReasonWrongType, "feature 1")
	_, err = ParseMassing([]byte(collectionOf()), DefaultLimits())
	wantReason(t, "no blocks", err, ReasonNoGeometry, "")
	if s := (Massing{}).Summary(); s != (MassingSummary{}) || (Massing{}).Bounds() != (Box{}) {
		t.Errorf("nothing is summed up as %+v", s)
	}
}
