package geo

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"
)

// square is a ring of about 700 m by 1,100 m around (lon, lat), not closed by
// the brackets, so that tests can build all kinds of polygons from it.
func square(lon, lat, half float64) string {
	return fmt.Sprintf("[%v,%v],[%v,%v],[%v,%v],[%v,%v],[%v,%v]",
		lon-half, lat-half, lon+half, lat-half, lon+half, lat+half, lon-half, lat+half, lon-half, lat-half)
}

func polygonOf(rings ...string) string {
	return `{"type":"Polygon","coordinates":[[` + strings.Join(rings, "],[") + `]]}`
}

func featureOf(geometry, extra string) string {
	return `{"type":"Feature","properties":null,"geometry":` + geometry + extra + `}`
}

func collectionOf(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}

// parseOne is a test table's way to ask for one geometry in the British Isles.
func parseOne(text string) (Geometry, error) {
	return ParseGeoJSON([]byte(text), DefaultLimits())
}

func wantReason(t *testing.T, name string, err error, want Reason, hint string) {
	t.Helper()
	var e *Error
	switch {
	case !errors.As(err, &e):
		t.Errorf("%s: error %v, want %s", name, err, want)
	case e.Reason != want || !strings.Contains(err.Error(), hint):
		t.Errorf("%s: error %q, want %s with %q", name, err, want, hint)
	}
}

func TestParseGeoJSONTakes(t *testing.T) {
	ring := square(-1.86, 52.47, 0.005)
	for _, c := range []struct {
		name, in string
		kind     Kind
		want     string // its GeoJSON, when it is short
	}{
		{"a point", `{"type":"Point","coordinates":[-1.8597,52.4723]}`, KindPoint, `{"type":"Point","coordinates":[-1.8597,52.4723]}`},
		{"a point with height", `{"type":"Point","coordinates":[-1.8597,52.4723,104.5]}`, KindPoint, `{"type":"Point","coordinates":[-1.8597,52.4723]}`},
		{"a polygon", polygonOf(ring), KindPolygon, ""},
		{"a feature", featureOf(polygonOf(ring), ""), KindPolygon, ""},
		{"a collection of one", collectionOf(featureOf(polygonOf(ring), "")), KindPolygon, ""},
		{"a hole", polygonOf(ring, square(-1.86, 52.47, 0.001)), KindPolygon, ""},
		{"a multipolygon", `{"type":"MultiPolygon","coordinates":[[[` + ring + `]],[[` + square(-1.80, 52.47, 0.005) + `]]]}`, KindMultiPolygon, ""},
		{"parts that share an edge", `{"type":"MultiPolygon","coordinates":[[[` + ring + `]],[[` + square(-1.85, 52.47, 0.005) + `]]]}`, KindMultiPolygon, ""},
		{"a byte order mark", "\ufeff" + polygonOf(ring), KindPolygon, ""},
		{"space everywhere", " {\n\t\"type\" : \"Point\" , \"coordinates\" : [ -1.86 , 52.47 ] }\r\n", KindPoint, `{"type":"Point","coordinates":[-1.86,52.47]}`},
		{"members nobody knows", `{"bbox":[1,2,3,4],"type":"Point","foo":{"bar":[[]]},"coordinates":[-1.86,52.47]}`, KindPoint, ""},
	} {
		g, err := parseOne(c.in)
		if err != nil || g.Kind() != c.kind {
			t.Errorf("%s: kind %q, error %v", c.name, g.Kind(), err)
		}
		if c.want != "" && string(g.GeoJSON()) != c.want {
			t.Errorf("%s: %s, want %s", c.name, g.GeoJSON(), c.want)
		}
	}
}

func TestParseGeoJSONRefusesWhatIsNoBoundary(t *testing.T) {
	point := `{"type":"Point","coordinates":[-1.86,52.47]}`
	for _, c := range []struct {
		name, in string
		why      Reason
	}{
		{"nothing", "", ReasonNotJSON},
		{"only space", "  \n", ReasonNotJSON},
		{"cut short", polygonOf(square(-1.86, 52.47, 0.005))[:60], ReasonNotJSON},
		{"two values", point + point, ReasonNotJSON},
		{"rubbish after it", point + "x", ReasonNotJSON},
		{"single quotes", `{'type':'Point'}`, ReasonNotJSON},
		{"NaN", `{"type":"Point","coordinates":[NaN,52.47]}`, ReasonNotJSON},
		{"an array", "[]", ReasonWrongType},
		{"text", `"Point"`, ReasonWrongType},
		{"null", "null", ReasonWrongType},
		{"an empty object", "{}", ReasonWrongType},
		{"a type that is no text", `{"type":5,"coordinates":[-1.86,52.47]}`, ReasonWrongType},
		{"no type", `{"coordinates":[-1.86,52.47]}`, ReasonWrongType},
		{"features that are no array", `{"type":"FeatureCollection","features":{}}`, ReasonWrongType},
		{"a collection without features", `{"type":"FeatureCollection"}`, ReasonWrongType},
		{"features twice", `{"type":"FeatureCollection","features":[],"features":[]}`, ReasonWrongType},
		{"features of something else", `{"type":"Feature","features":[]}`, ReasonWrongType},
		{"a feature that is none", collectionOf(point), ReasonWrongType},
		{"an empty collection", collectionOf(), ReasonNoGeometry},
		{"two features", collectionOf(featureOf(point, ""), featureOf(point, "")), ReasonWrongCount},
		{"two features, one of them wrong", collectionOf(featureOf(point, ""), featureOf("null", "")), ReasonWrongCount},
		{"a feature without geometry", featureOf("null", ""), ReasonNoGeometry},
		{"a line", `{"type":"LineString","coordinates":[[-1.86,52.47],[-1.85,52.47]]}`, ReasonWrongType},
		{"a collection of geometries", `{"type":"GeometryCollection","geometries":[` + point + `]}`, ReasonWrongType},
		{"no coordinates", `{"type":"Point"}`, ReasonWrongType},
		{"empty coordinates", `{"type":"Point","coordinates":[]}`, ReasonWrongCount},
		{"null coordinates", `{"type":"Point","coordinates":null}`, ReasonWrongType},
		{"one number", `{"type":"Point","coordinates":[-1.86]}`, ReasonWrongCount},
		{"a number as text", `{"type":"Point","coordinates":["-1.86",52.47]}`, ReasonNotNumber},
		{"a point nested too deep", `{"type":"Point","coordinates":[[-1.86,52.47]]}`, ReasonNotNumber},
		{"a polygon nested too little", `{"type":"Polygon","coordinates":[` + square(-1.86, 52.47, 0.005) + `]}`, ReasonWrongType},
		{"a polygon with no ring", `{"type":"Polygon","coordinates":[]}`, ReasonNoGeometry},
		{"a multipolygon with no part", `{"type":"MultiPolygon","coordinates":[]}`, ReasonNoGeometry},
		{"a multipolygon with an empty part", `{"type":"MultiPolygon","coordinates":[[]]}`, ReasonNoGeometry},
		{"an empty ring", `{"type":"Polygon","coordinates":[[]]}`, ReasonRingShort},
		{"text in the height", `{"type":"Point","coordinates":[-1.86,52.47,"x"]}`, ReasonNotNumber},
		{"properties that are no object", `{"type":"Feature","properties":[],"geometry":` + point + `}`, ReasonWrongType},
		{"an id that is an object", featureOf(point, `,"id":{}`), ReasonWrongType},
		{"an id with a NUL", featureOf(point, `,"id":"a\u0000b"`), ReasonNotText},
	} {
		g, err := parseOne(c.in)
		wantReason(t, c.name, err, c.why, "")
		if !g.IsZero() {
			t.Errorf("%s: came back with a geometry", c.name)
		}
	}
}

func TestG06Properties(t *testing.T) {
	point := `{"type":"Point","coordinates":[-1.86,52.47]}`
	in := `{"type":"Feature","geometry":` + point + `,"properties":{"name":"<img src=x onerror=alert(1)>",
		"__proto__":{"admin":true},"deep":{"list":[{"__proto__":1,"kept":2}]},"number":3.5,"none":null}}`
	features, err := ParseFeatures(strings.NewReader(in), DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	got, _ := json.Marshal(features[0].Properties)
	want := `{"deep":{"list":[{"kept":2}]},"name":"\u003cimg src=x onerror=alert(1)\u003e","none":null,"number":3.5}`
	if string(got) != want {
		t.Errorf("properties are %s, want %s", got, want)
	}
	long := strings.Repeat("x", 5<<20)
	_, err = ParseFeatures(strings.NewReader(`{"type":"Feature","geometry":`+point+`,"properties":{"a":"`+long+`"}}`), DefaultLimits())
	wantReason(t, "five megabytes of text", err, ReasonProperty, "bytes")
	for _, properties := range []string{`{"a":"x\u0000"}`, `{"\u0000":1}`, `{"a":[{"b":"\u0000"}]}`} {
		_, err = ParseFeatures(strings.NewReader(`{"type":"Feature","geometry":`+point+`,"properties":`+properties+`}`), DefaultLimits())
		wantReason(t, properties, err, ReasonNotText, "NUL")
	}
	features, err = ParseFeatures(strings.NewReader(featureOf(point, "")), DefaultLimits())
	if err != nil || features[0].Properties == nil || len(features[0].Properties) != 0 {
		t.Errorf("null properties: %v, %v", features, err)
	}
}

func TestG07DuplicateIDsAndTooManyFeatures(t *testing.T) {
	point := `{"type":"Point","coordinates":[-1.86,52.47]}`
	id := func(id string) string { return featureOf(point, `,"id":`+id) }
	features, err := ParseFeatures(strings.NewReader(collectionOf(id(`"a"`), id("7"), id(`"a"`), featureOf(point, ""), id(`"7"`), featureOf(point, ""))), DefaultLimits())
	var errs Errors
	if !errors.As(err, &errs) || len(errs) != 2 {
		t.Fatalf("error %v, want two duplicates", err)
	}
	for i, want := range []struct{ feature, earlier int }{{3, 1}, {5, 2}} {
		if e := errs[i]; e.Reason != ReasonDuplicateID || e.Feature != want.feature || e.Earlier != want.earlier {
			t.Errorf("duplicate %d: %+v, want feature %d after %d", i, e, want.feature, want.earlier)
		}
	}
	var kept []string
	for _, f := range features {
		kept = append(kept, fmt.Sprintf("%d:%s", f.Index, f.ID))
	}
	if got := strings.Join(kept, " "); got != "1:a 2:7 4: 6:" {
		t.Errorf("kept %q", got)
	}

	many := strings.TrimSuffix(strings.Repeat(featureOf(point, "")+",", 100_000), ",")
	_, err = ParseFeatures(strings.NewReader(collectionOf(many)), Limits{MaxBytes: 64 << 20})
	wantReason(t, "a hundred thousand features", err, ReasonTooManyFeatures, "5000")
}

func TestErrorsOfManyFeaturesAreAllKeptAndShortlyTold(t *testing.T) {
	wrong := featureOf("null", "")
	_, err := ParseFeatures(strings.NewReader(collectionOf(strings.Split(strings.Repeat(wrong+";", 7)+wrong, ";")...)), Limits{})
	var errs Errors
	if !errors.As(err, &errs) || len(errs) != 8 || errs[7].Feature != 8 {
		t.Fatalf("error %v", err)
	}
	if !strings.HasSuffix(err.Error(), "and 3 more") || !errors.Is(err, &Error{Reason: ReasonNoGeometry, Feature: 8}) {
		t.Errorf("error reads %q", err)
	}
	if errors.Is(err, &Error{Reason: ReasonSwapped}) || errors.Is(err, io.EOF) {
		t.Error("the error claims what it is not")
	}
}

func TestAFailingReaderIsNotABrokenFile(t *testing.T) {
	broken := errors.New("the disk is gone")
	_, err := ParseFeatures(io.MultiReader(strings.NewReader(`{"type":"Feat`), iotest.ErrReader(broken)), Limits{})
	var e *Error
	if !errors.Is(err, broken) || errors.As(err, &e) {
		t.Errorf("error %v", err)
	}
}

func TestParseFeaturesReadsSmallPieces(t *testing.T) {
	data, err := os.ReadFile("testdata/areas.geojson")
	if err != nil {
		t.Fatal(err)
	}
	features, err := ParseFeatures(iotest.OneByteReader(strings.NewReader(string(data))), DefaultLimits())
	if err != nil || len(features) != 4 {
		t.Fatalf("%d features, %v", len(features), err)
	}
	if f := features[1]; f.Index != 2 || f.ID != "X02" || f.Properties["name"] != "East Example" {
		t.Errorf("feature 2 is %d %q %v", f.Index, f.ID, f.Properties)
	}
}

func TestAGeometryIsJSON(t *testing.T) {
	type holder struct {
		Where Geometry `json:"where"`
		None  Geometry `json:"none"`
	}
	h := holder{Where: mustParse(t, polygonOf(square(-1.86, 52.47, 0.005)))}
	data, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	var back holder
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if string(back.Where.GeoJSON()) != string(h.Where.GeoJSON()) || !back.None.IsZero() {
		t.Errorf("%s came back as %s and %s", data, back.Where.GeoJSON(), back.None.GeoJSON())
	}
	if err := json.Unmarshal([]byte(`{"where":{"type":"Polygon","coordinates":[]}}`), &back); err == nil {
		t.Error("an empty polygon was taken")
	}
}
