package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/ogc"
	"github.com/yousaid/yousaid/server/servertest"
	"github.com/yousaid/yousaid/server/testservices"
)

// Two invented wards. What lies on the line between them belongs to the first by code.
const (
	westWard = `{"type":"Polygon","coordinates":[[[-1.90,52.45],[-1.8595,52.45],[-1.8595,52.50],[-1.90,52.50],[-1.90,52.45]]]}`
	eastWard = `{"type":"Polygon","coordinates":[[[-1.8595,52.45],[-1.82,52.45],[-1.82,52.50],[-1.8595,52.50],[-1.8595,52.45]]]}`
)

// openData is a site with something in every collection: five cases, one of them far away and without a boundary, two wards, and
// published comments, one marked on the site and one outside it.
func openData(t *testing.T, options ...servertest.Option) *servertest.App {
	t.Helper()
	app := wardsAround(t, options...)
	first := app.Consultation(t, 1, consult.Consulting)
	app.Consultation(t, 2, consult.Decided)
	app.Consultation(t, 3, consult.Validated)
	app.Consultation(t, 4, consult.Received)
	far := servertest.Case(app.Service, 5, consult.Consulting)
	far.Consultation.Place, far.Versions[0].Boundary = geo.Point{Lon: -1.83, Lat: 52.46}, nil
	if _, err := app.Service.Take(t.Context(), consult.System(), far); err != nil {
		t.Fatal(err)
	}
	for _, place := range []geo.Point{{Lon: -1.85971, Lat: 52.47231}, {Lon: -1.8651, Lat: 52.4751}, {}} {
		in := servertest.Comment(first)
		in.Place, in.HasPlace = place, place.Valid()
		published(t, app, in)
	}
	return app
}

// wardsAround is a site with the two wards and nothing else.
func wardsAround(t *testing.T, options ...servertest.Option) *servertest.App {
	t.Helper()
	app := servertest.New(t, options...)
	areas := []consult.Area{{Code: "E05000001", Kind: "ward", Name: "West", Geometry: json.RawMessage(westWard), Source: "test", Hash: "1"},
		{Code: "E05000002", Kind: "ward", Name: "East & Heath", Geometry: json.RawMessage(eastWard), Source: "test", Hash: "2"}}
	if _, _, _, err := app.Service.TakeAreas(t.Context(), consult.System(), areas); err != nil {
		t.Fatal(err)
	}
	return app
}

// count is what the site itself says of a collection.
func count(t *testing.T, app *servertest.App, collection, query string) int {
	t.Helper()
	a := app.Client(t).Get(t, "/ogc/collections/"+collection+"/items?limit=1&"+query)
	var page struct{ NumberMatched int }
	if a.Status != http.StatusOK || json.Unmarshal([]byte(a.Body), &page) != nil {
		t.Fatalf("%s: %d %.300s", collection, a.Status, a.Body)
	}
	return page.NumberMatched
}

var featureCount = regexp.MustCompile(`(?m)^Feature Count: (\d+)`)

// ogrCount reads a collection whole with GDAL and counts the features it prints.
func ogrCount(t *testing.T, app *servertest.App, collection string, args ...string) int {
	t.Helper()
	out := testservices.Ogrinfo(t, append(append([]string{"-ro", "-al"}, args...), "OAPIF:"+app.URL+"/ogc", collection)...)
	if strings.Contains(out, "ERROR") || strings.Contains(out, "Warning") {
		t.Errorf("%s %v: %s", collection, args, out)
	}
	m := featureCount.FindStringSubmatch(out)
	if m == nil {
		t.Fatalf("%s %v: no count in %s", collection, args, out)
	}
	n, _ := strconv.Atoi(m[1])
	if printed := strings.Count(out, "\nOGRFeature("); printed != n {
		t.Errorf("%s %v: GDAL counts %d features and reads %d", collection, args, n, printed)
	}
	return n
}

func TestOgrinfoListsEveryCollection(t *testing.T) {
	app := openData(t)
	out := testservices.Ogrinfo(t, "-ro", "OAPIF:"+app.URL+"/ogc")
	for _, c := range ogc.Collections() {
		if !regexp.MustCompile(`(?m)^\d+: ` + c.ID + ` `).MatchString(out) {
			t.Errorf("%s is not listed: %s", c.ID, out)
		}
	}
}

func TestOgrinfoReadsEveryCollectionWhole(t *testing.T) {
	app := openData(t)
	want := map[string]int{"applications": 4, "application-points": 4, "consultation-rounds": 4, "published-comments": 3, "comment-density": 2, "wards": 2}
	for _, c := range ogc.Collections() {
		stated := count(t, app, c.ID, "")
		if stated != want[c.ID] {
			t.Errorf("%s: the site says %d, want %d", c.ID, stated, want[c.ID])
		}
		for _, args := range [][]string{nil, {"-oo", "PAGE_SIZE=2"}, {"-oo", "PAGE_SIZE=1"}} {
			if got := ogrCount(t, app, c.ID, args...); got != stated {
				t.Errorf("%s %v: GDAL reads %d, the site says %d", c.ID, args, got, stated)
			}
		}
	}
}

func TestOgrinfoWithASpatialFilter(t *testing.T) {
	app := openData(t)
	for _, box := range [][]string{{"-1.8601", "52.4719", "-1.8589", "52.4727"}, {"-1.831", "52.459", "-1.829", "52.461"}, {"-1.5", "52", "-1.4", "52.1"}} {
		for _, c := range ogc.Collections() {
			stated := count(t, app, c.ID, "bbox="+strings.Join(box, ","))
			if got := ogrCount(t, app, c.ID, append([]string{"-oo", "PAGE_SIZE=2", "-spat"}, box...)...); got != stated {
				t.Errorf("%s in %v: GDAL reads %d, the site says %d", c.ID, box, got, stated)
			}
		}
	}
	if n := count(t, app, "applications", "bbox=-1.8601,52.4719,-1.8589,52.4727"); n != 3 {
		t.Errorf("%d applications lie around the yard, want 3", n)
	}
}

func TestOgrinfoWithFilters(t *testing.T) {
	app := openData(t)
	for where, want := range map[string]int{"state = 'decided'": 1, "reference = '2099/90001/PA'": 1, "ward = 'E05000001'": 3,
		"ward = 'E05000002'": 1, "state = 'withdrawn'": 0} {
		if got := ogrCount(t, app, "applications", "-where", where); got != want {
			t.Errorf("%s: %d, want %d", where, got, want)
		}
	}
}

// TestOgrinfoReadsTheNationalGrid: Debian's version of the driver (3.6) cannot ask for another system than CRS84, so that the answer in
// EPSG:27700 is read as a file of GeoJSON.
func TestOgrinfoReadsTheNationalGrid(t *testing.T) {
	app := openData(t)
	query := url.Values{"crs": {geo.EPSG27700.URI()}, "reference": {"2099/90001/PA"}}
	out := testservices.Ogrinfo(t, "-ro", "-al", "GeoJSON:"+app.URL+"/ogc/collections/application-points/items?"+query.Encode())
	point := regexp.MustCompile(`POINT \(([0-9.]+) ([0-9.]+)\)`).FindStringSubmatch(out)
	if point == nil {
		t.Fatalf("GDAL reads no point: %s", out)
	}
	easting, northing, err := geo.ToNationalGrid(geo.Point{Lon: -1.8595, Lat: 52.4723})
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("%.3f %.3f", easting, northing); !near(point[1], easting) || !near(point[2], northing) {
		t.Errorf("GDAL reads %v, want %s", point[1:], want)
	}
}

// near holds a printed number to a millimetre.
func near(printed string, want float64) bool {
	v, err := strconv.ParseFloat(printed, 64)
	return err == nil && v-want < 0.001 && want-v < 0.001
}

func TestOgrinfoReadsTheSameFromPostgreSQL(t *testing.T) {
	app := openData(t, servertest.OnPostgreSQL)
	for _, c := range ogc.Collections() {
		if got, stated := ogrCount(t, app, c.ID, "-oo", "PAGE_SIZE=2"), count(t, app, c.ID, ""); got != stated || got == 0 {
			t.Errorf("%s: GDAL reads %d, the site says %d", c.ID, got, stated)
		}
	}
}
