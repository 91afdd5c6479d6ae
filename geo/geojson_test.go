package geo

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
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

func TestG01TooLargeAndTooManyPositions(t *testing.T) {
	// A stream without end must not be read to its end.
	endless := io.MultiReader(strings.NewReader(`{"type":"FeatureCollection","features":[],"x":"`), spaces{})
	_, err := ParseFeatures(endless, Limits{})
	wantReason(t, "a file without end", err, ReasonTooLarge, "10485760")

	ring := strings.TrimSuffix(strings.Repeat("[1,2],", 1_700_000), ",") // just below 10 MiB
	_, err = ParseGeoJSON([]byte(polygonOf(ring)), Limits{})
	wantReason(t, "10 MB that is one ring", err, ReasonTooManyPositions, "1700000 positions, at most 50000")

	half := strings.TrimSuffix(strings.Repeat("[1,2],", 30_000), ",")
	_, err = ParseFeatures(strings.NewReader(collectionOf(featureOf(polygonOf(half), ""), featureOf(polygonOf(half), ""))), Limits{})
	wantReason(t, "two features of 30,000 positions", err, ReasonTooManyPositions, "feature 2")
}

// spaces is a file of spaces that never ends.
type spaces struct{}

func (spaces) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestG02TooDeep(t *testing.T) {
	deep := strings.Repeat(`{"type":"GeometryCollection","geometries":[`, 10_000) + strings.Repeat("]}", 10_000)
	_, err := parseOne(deep)
	wantReason(t, "a collection in a collection", err, ReasonTooDeep, "32")
	_, err = parseOne(featureOf(`{"type":"Polygon","coordinates":`+strings.Repeat("[", 200), ""))
	wantReason(t, "brackets", err, ReasonTooDeep, "32")
	// Brackets inside text are no depth.
	text := strings.Repeat("[", 500) + `\"` + strings.Repeat("{", 500)
	if _, err := parseOne(`{"type":"Feature","properties":{"a":"` + text + `"},"geometry":{"type":"Point","coordinates":[-1.86,52.47]}}`); err != nil {
		t.Errorf("brackets inside text: %v", err)
	}
}

func TestG03WrongPositions(t *testing.T) {
	for _, c := range []struct {
		name, position string
		why            Reason
		hint           string
	}{
		{"latitude first", "[52.4,-1.8]", ReasonSwapped, "latitude first"},
		{"latitude first, beyond the pole", "[52.4,-101.8]", ReasonSwapped, "latitude first"},
		{"far too large", "[1e308,0]", ReasonOutOfRange, ""},
		{"larger than numbers go", "[1e999,0]", ReasonOutOfRange, ""},
		{"null", "[null,1]", ReasonNotNumber, "null"},
		{"Null Island", "[0,0]", ReasonNullIsland, ""},
		{"as good as Null Island", "[1e-12,-1e-12]", ReasonNullIsland, ""},
		{"National Grid metres", "[407000,286000]", ReasonNationalGrid, "EPSG:27700"},
		{"New York", "[-74,40.7]", ReasonOutsideArea, ""},
		{"true", "[true,52]", ReasonNotNumber, "true"},
		{"an object", `[{"lon":1},52]`, ReasonNotNumber, ""},
	} {
		_, err := parseOne(`{"type":"Point","coordinates":` + c.position + `}`)
		wantReason(t, c.name, err, c.why, c.hint)
		ring := c.position + "," + square(-1.86, 52.47, 0.005) + "," + c.position
		_, err = ParseFeatures(strings.NewReader(collectionOf(
			featureOf(polygonOf(square(-1.8, 52.5, 0.001)), ""), featureOf(polygonOf(ring), ""))), DefaultLimits())
		wantReason(t, c.name+" in a ring", err, c.why, "feature 2")
	}
	g, err := parseOne(`{"type":"Point","coordinates":[-1.86,52.47,10,1e308]}`)
	if err != nil || g.Centroid() != (Point{-1.86, 52.47}) {
		t.Errorf("four dimensions: %v, %v", g.Centroid(), err)
	}
}

func TestG03AnywhereOnEarthWithoutWithin(t *testing.T) {
	if _, err := ParseGeoJSON([]byte(`{"type":"Point","coordinates":[-74,40.7]}`), Limits{}); err != nil {
		t.Errorf("New York without Limits.Within: %v", err)
	}
}

func TestG04WrongRings(t *testing.T) {
	outer := square(-1.86, 52.47, 0.005)
	for _, c := range []struct {
		name, geometry string
		why            Reason
		hint           string
	}{
		{"open", polygonOf("[-1.86,52.47],[-1.85,52.47],[-1.85,52.48],[-1.86,52.48]"), ReasonRingOpen, "outer ring"},
		{"three positions", polygonOf("[-1.86,52.47],[-1.85,52.47],[-1.86,52.47]"), ReasonRingShort, "3 positions"},
		{"one position four times", polygonOf(strings.Repeat("[-1.86,52.47],", 3) + "[-1.86,52.47]"), ReasonRingShort, "different"},
		{"a line there and back", polygonOf("[-1.86,52.47],[-1.85,52.47],[-1.85,52.47],[-1.86,52.47]"), ReasonRingShort, ""},
		{"a bow-tie", polygonOf("[-1.86,52.47],[-1.85,52.48],[-1.85,52.47],[-1.86,52.48],[-1.86,52.47]"), ReasonRingCrosses, "crosses"},
		{"a bow-tie with a position in its knot", polygonOf("[-1.87,52.46],[-1.86,52.47],[-1.85,52.48],[-1.85,52.46],[-1.86,52.47],[-1.87,52.48],[-1.87,52.46]"), ReasonRingCrosses, ""},
		{"a spike", polygonOf("[-1.86,52.47],[-1.84,52.47],[-1.85,52.47],[-1.85,52.48],[-1.86,52.47]"), ReasonRingCrosses, "turns back"},
		{"all on one line", polygonOf("[-1.86,52.47],[-1.85,52.47],[-1.84,52.47],[-1.86,52.47]"), ReasonRingCrosses, ""},
		{"touching its own edge", polygonOf("[-1.86,52.46],[-1.84,52.46],[-1.84,52.48],[-1.85,52.46],[-1.86,52.48],[-1.86,52.46]"), ReasonRingCrosses, ""},
		{"a hole outside", polygonOf(outer, square(-1.80, 52.47, 0.001)), ReasonHoleOutside, "hole 1"},
		{"a hole around", polygonOf(outer, square(-1.86, 52.47, 0.01)), ReasonHoleOutside, ""},
		{"a hole across the border", polygonOf(outer, square(-1.855, 52.47, 0.001)), ReasonHoleOutside, "crosses"},
		{"a hole as large as the polygon", polygonOf(outer, outer), ReasonHoleOutside, ""},
		{"a hole outside that touches", polygonOf(outer, "[-1.855,52.47],[-1.85,52.471],[-1.85,52.469],[-1.855,52.47]"), ReasonHoleOutside, ""},
		{"a hole that leaves through a corner of its own", polygonOf(outer, "[-1.858,52.47],[-1.855,52.471],[-1.85,52.47],[-1.855,52.469],[-1.858,52.47]"), ReasonHoleOutside, ""},
		{"a hole in a hole", polygonOf(outer, square(-1.86, 52.47, 0.003), square(-1.86, 52.47, 0.001)), ReasonHoleOutside, "hole 2"},
		{"a hole twice", polygonOf(outer, square(-1.86, 52.47, 0.001), square(-1.86, 52.47, 0.001)), ReasonHoleOutside, "share ground"},
		{"parts that cross", `{"type":"MultiPolygon","coordinates":[[[` + outer + `]],[[` + square(-1.857, 52.472, 0.005) + `]]]}`, ReasonOverlap, ""},
		{"a part in a part", `{"type":"MultiPolygon","coordinates":[[[` + outer + `]],[[` + square(-1.86, 52.47, 0.001) + `]]]}`, ReasonOverlap, "part 1"},
		{"a part twice", `{"type":"MultiPolygon","coordinates":[[[` + outer + `]],[[` + outer + `]]]}`, ReasonOverlap, "share ground"},
	} {
		_, err := ParseFeatures(strings.NewReader(collectionOf(featureOf(polygonOf(outer), ""), featureOf(c.geometry, ""))), DefaultLimits())
		wantReason(t, c.name, err, c.why, c.hint)
		wantReason(t, c.name, err, c.why, "feature 2")
	}
	_, err := ParseGeoJSON([]byte(polygonOf("[179,10],[-179,10],[-179,11],[179,11],[179,10]")), Limits{})
	wantReason(t, "across the antimeridian", err, ReasonAntimeridian, "split")
}

func TestG04Repairs(t *testing.T) {
	outer := square(-1.86, 52.47, 0.005)
	repeated := strings.ReplaceAll(outer, ",[", ",[-1.855,52.465],[")
	repeated = strings.Replace(repeated, "[-1.855,52.465],[-1.855,52.465]", "[-1.855,52.465],[-1.855,52.465],[-1.855,52.465]", 1)
	for _, c := range []struct{ name, geometry string }{
		{"clockwise", polygonOf("[-1.865,52.465],[-1.865,52.475],[-1.855,52.475],[-1.855,52.465],[-1.865,52.465]")},
		{"positions repeated", polygonOf("[-1.865,52.465],[-1.865,52.465],[-1.855,52.465],[-1.855,52.475],[-1.855,52.475],[-1.855,52.475],[-1.865,52.475],[-1.865,52.465]")},
		{"heights", polygonOf("[-1.865,52.465,1],[-1.855,52.465,2],[-1.855,52.475,3],[-1.865,52.475,4],[-1.865,52.465,1]")},
		{"digits past a millimetre", polygonOf("[-1.86500000001,52.465],[-1.855,52.46500000002],[-1.855,52.475],[-1.865,52.475],[-1.86500000001,52.465]")},
	} {
		g, err := parseOne(c.geometry)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got, want := g.AreaSquareMetres(), mustParse(t, polygonOf(outer)).AreaSquareMetres(); math.Abs(got-want) > 1 || got < 1 {
			t.Errorf("%s: %v m², want %v", c.name, got, want)
		}
		if ring := g.polygons[0][0]; len(ring) != 5 || ring.Orientation() != 1 {
			t.Errorf("%s: %d positions, direction %d; want 5, counter-clockwise", c.name, len(ring), ring.Orientation())
		}
	}
}

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

func TestACheckThatWouldTakeTooLongIsRefused(t *testing.T) {
	// A comb whose teeth all lie beside each other in both directions.
	var ring strings.Builder
	const teeth = 24_000
	for i := range teeth {
		x := -2 + float64(i)/teeth*0.001
		fmt.Fprintf(&ring, "[%.8f,52.0],[%.8f,53.0],", x, x+0.5)
	}
	ring.WriteString("[-1,51.9],[-2,51.9],[-2,52]")
	_, err := parseOne(polygonOf(ring.String()))
	wantReason(t, "a comb", err, ReasonTooComplex, "simplify")
}

func TestAMainlandWithManyIslesIsTaken(t *testing.T) {
	// A coast of 24,000 positions, 800 isles within its box and 800 lakes.
	var coast strings.Builder
	const corners = 24_000
	for i := range corners + 1 {
		angle := 2 * math.Pi * float64(i%corners) / corners
		reach := 1 + 0.02*math.Sin(100*angle) + 0.002*math.Sin(3000*angle)
		fmt.Fprintf(&coast, "[%.8f,%.8f],", -4+reach*math.Cos(angle), 56+reach*math.Sin(angle))
	}
	rings := []string{strings.TrimSuffix(coast.String(), ",")}
	var isles []string
	for i := range 800 {
		x, y := float64(i%40), float64(i/40)
		rings = append(rings, square(-4+(x-20)*0.025, 56+(y-10)*0.025, 0.005))
		isles = append(isles, ",[["+square(-4+0.8+x*0.004, 56+0.8+y*0.004, 0.001)+"]]")
	}
	g, err := parseOne(`{"type":"MultiPolygon","coordinates":[[[` + strings.Join(rings, "],[") + `]]` + strings.Join(isles, "") + `]}`)
	if err != nil || len(g.polygons) != 801 || len(g.polygons[0]) != 801 {
		t.Errorf("%d parts, %v", len(g.polygons), err)
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
