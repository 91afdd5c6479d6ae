package server_test

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/yousaid/yousaid/geo"
	"github.com/yousaid/yousaid/server"
	"github.com/yousaid/yousaid/server/api"
	"github.com/yousaid/yousaid/server/consult"
	"github.com/yousaid/yousaid/server/ogc"
	"github.com/yousaid/yousaid/server/servertest"
)

// items is a page of features as programs read it.
type items struct {
	Type     string
	Features []struct {
		ID         string
		Geometry   json.RawMessage
		Properties map[string]any
	}
	NumberMatched, NumberReturned int
	TimeStamp                     time.Time
	Links                         []api.Link
}

func featuresOf(t *testing.T, app *servertest.App, path string) items {
	t.Helper()
	a := app.Client(t).Get(t, path)
	if a.Status != http.StatusOK || a.Header.Get("Content-Type") != "application/geo+json" {
		t.Fatalf("%s: %d %s %.300s", path, a.Status, a.Header.Get("Content-Type"), a.Body)
	}
	return read[items](t, a)
}

func linkTo(links []api.Link, rel string) string {
	for _, l := range links {
		if l.Rel == rel {
			return l.Href
		}
	}
	return ""
}

// TestOGCLinksLeadSomewhere walks from the landing page through every link of this site, in both forms.
func TestOGCLinksLeadSomewhere(t *testing.T) {
	app := openData(t)
	waiting, seen := []string{app.URL + "/ogc/"}, map[string]bool{}
	for len(waiting) > 0 {
		address := waiting[0]
		waiting = waiting[1:]
		if seen[address] || !strings.HasPrefix(address, app.URL+"/ogc") {
			continue
		}
		seen[address] = true
		a := app.Client(t).Get(t, address)
		if a.Status != http.StatusOK {
			t.Errorf("%s: %d %.200s", address, a.Status, a.Body)
			continue
		}
		if !strings.Contains(a.Header.Get("Content-Type"), "json") {
			if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") || !strings.Contains(address, "f=html") {
				t.Errorf("%s is %s", address, a.Header.Get("Content-Type"))
			}
			continue
		}
		if a.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s may not be read by other sites' pages", address)
		}
		var document struct {
			Links       []api.Link
			Collections []struct{ Links []api.Link }
		}
		if err := json.Unmarshal([]byte(a.Body), &document); err != nil {
			t.Fatalf("%s: %v", address, err)
		}
		for _, c := range document.Collections {
			document.Links = append(document.Links, c.Links...)
		}
		for _, l := range document.Links {
			waiting = append(waiting, l.Href)
		}
	}
	if len(seen) < 30 {
		t.Errorf("only %d addresses were found: %v", len(seen), seen)
	}
}

func TestOGCConformanceNamesWhatIsKept(t *testing.T) {
	app := servertest.New(t)
	got := read[struct{ ConformsTo []string }](t, app.Client(t).Get(t, "/ogc/conformance")).ConformsTo
	for _, part := range []string{"1/1.0/conf/core", "1/1.0/conf/oas30", "1/1.0/conf/geojson", "1/1.0/conf/html", "2/1.0/conf/crs"} {
		if !slices.Contains(got, "http://www.opengis.net/spec/ogcapi-features-"+part) {
			t.Errorf("%s is missing in %v", part, got)
		}
	}
}

// TestOGCIsAskedForInTwoForms holds the choice between document and page.
func TestOGCIsAskedForInTwoForms(t *testing.T) {
	app := openData(t)
	browser := "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
	for _, path := range []string{"/ogc/", "/ogc/api", "/ogc/conformance", "/ogc/collections", "/ogc/collections/wards", "/ogc/collections/wards/items",
		"/ogc/collections/wards/items/E05000001"} {
		for _, row := range []struct{ accept, query, kind string }{
			{browser, "", "text/html"}, {"*/*", "", "json"}, {"", "", "json"}, {"application/geo+json, application/json;q=0.9", "", "json"},
			{"application/vnd.oai.openapi+json;version=3.0", "", "json"}, {browser, "?f=json", "json"}, {"*/*", "?f=html", "text/html"},
		} {
			a := app.Client(t).Do(t, http.MethodGet, path+row.query, nil, map[string]string{"Accept": row.accept})
			if a.Status != http.StatusOK || !strings.Contains(a.Header.Get("Content-Type"), row.kind) || !strings.Contains(a.Header.Get("Vary"), "Accept") {
				t.Errorf("%s%s, accepting %q: %d %s, varies by %s", path, row.query, row.accept, a.Status, a.Header.Get("Content-Type"), a.Header.Get("Vary"))
			}
		}
		want(t, app.Client(t).Do(t, http.MethodGet, path, nil, map[string]string{"Accept": "image/png"}), http.StatusNotAcceptable, "not_acceptable")
		want(t, app.Client(t).Get(t, path+"?f=xml"), http.StatusBadRequest, "malformed")
	}
	if a := app.Client(t).Get(t, "/ogc"); a.Status != http.StatusPermanentRedirect || a.Location() != app.URL+"/ogc/" {
		t.Errorf("/ogc: %d to %s", a.Status, a.Location())
	}
}

func TestOGCRefusesWhatItDoesNotUnderstand(t *testing.T) {
	app := openData(t)
	at := "/ogc/collections/applications/items"
	for query, field := range map[string]string{
		"colour=red": "colour", "limit=0": "limit", "limit=-1": "limit", "limit=ten": "limit", "limit=1.5": "limit", "limit=5&limit=6": "limit",
		"bbox=1,2,3": "bbox", "bbox=": "bbox", "bbox=-1,53,0,52": "bbox", "bbox=a,b,c,d": "bbox", "bbox-crs=EPSG:27700": "bbox-crs", "crs=": "crs",
		"crs=http://www.opengis.net/def/crs/EPSG/0/2154": "crs", "datetime=yesterday": "datetime", "datetime=../..": "datetime", "datetime=2026-02-30": "datetime",
		"state=received": "state", "state=maybe": "state", "state=": "state", "kind=x": "kind", "after=x": "after", "reference=%ff": "reference",
		"reference=" + strings.Repeat("x", 401): "reference", "%3Cscript%3E=1": "",
	} {
		a := app.Client(t).Get(t, at+"?"+query)
		want(t, a, http.StatusBadRequest, "malformed")
		if p := read[api.Problem](t, a); !slices.ContainsFunc(p.Errors, func(e consult.FieldError) bool { return e.Field == field }) || strings.Contains(a.Body, "script") {
			t.Errorf("%s: %+v", query, p.Errors)
		}
		page := app.Client(t).Do(t, http.MethodGet, at+"?"+query, nil, map[string]string{"Accept": "text/html"})
		if page.Status != http.StatusBadRequest || !strings.HasPrefix(page.Header.Get("Content-Type"), "text/html") {
			t.Errorf("%s as a page: %d %s", query, page.Status, page.Header.Get("Content-Type"))
		}
	}
	for _, path := range []string{"/ogc/nothing", "/ogc/collections/nothing", "/ogc/collections/nothing/items", "/ogc/collections/applications/items/none",
		"/ogc/collections/wards/items/E99999999", "/ogc/collections/nothing/schema"} {
		want(t, app.Client(t).Get(t, path), http.StatusNotFound, "not_found")
		if a := app.Client(t).Get(t, path+"?f=html"); a.Status != http.StatusNotFound && a.Status != http.StatusBadRequest {
			t.Errorf("%s as a page: %d", path, a.Status)
		}
	}
	want(t, app.Client(t).Get(t, "/ogc/collections?limit=1"), http.StatusBadRequest, "malformed")
	want(t, app.Client(t).Get(t, at+"/"+app.Consultation(t, 9, consult.Received).String()), http.StatusNotFound, "not_found")
}

func TestOGCPagesAreWholeAndFollowOneAnother(t *testing.T) {
	app := openData(t)
	for _, c := range ogc.Collections() {
		all := featuresOf(t, app, "/ogc/collections/"+c.ID+"/items?limit=999999999999999999999")
		if all.Type != "FeatureCollection" || len(all.Features) != all.NumberMatched || all.NumberReturned != all.NumberMatched ||
			!all.TimeStamp.Equal(app.Clock.Now().Truncate(time.Second)) || linkTo(all.Links, "next") != "" || len(all.Features) == 0 {
			t.Errorf("%s: %d of %d, %+v", c.ID, len(all.Features), all.NumberMatched, all.Links)
		}
		var ids []string
		next := app.URL + "/ogc/collections/" + c.ID + "/items?limit=1&bbox=-3,50,0,54&lang=ur"
		for next != "" && len(ids) < 10 {
			p := featuresOf(t, app, next)
			if len(p.Features) != 1 || p.NumberReturned != 1 || p.NumberMatched != all.NumberMatched || linkTo(p.Links, "self") == "" {
				t.Fatalf("%s: %+v", next, p)
			}
			ids = append(ids, p.Features[0].ID)
			if next = linkTo(p.Links, "next"); next != "" && !strings.Contains(next, "lang=ur") {
				t.Errorf("%s forgets what was asked", next)
			}
		}
		for i, f := range all.Features {
			if i >= len(ids) || ids[i] != f.ID {
				t.Errorf("%s: paged %v, want %s at %d", c.ID, ids, f.ID, i)
			}
			var one struct {
				ID         string
				Properties map[string]any
				Links      []api.Link
			}
			a := app.Client(t).Get(t, "/ogc/collections/"+c.ID+"/items/"+f.ID)
			if err := json.Unmarshal([]byte(a.Body), &one); err != nil || one.ID != f.ID || fmt.Sprint(one.Properties) != fmt.Sprint(f.Properties) || linkTo(one.Links, "collection") == "" {
				t.Errorf("%s alone: %v %.300s", f.ID, err, a.Body)
			}
		}
	}
}

// TestOGCFeaturesKeepTheirSchema holds every feature to what describedby says.
func TestOGCFeaturesKeepTheirSchema(t *testing.T) {
	app := openData(t)
	for _, c := range ogc.Collections() {
		a := app.Client(t).Get(t, "/ogc/collections/"+c.ID+"/schema")
		document, err := jsonschema.UnmarshalJSON(strings.NewReader(a.Body))
		if err != nil || a.Header.Get("Content-Type") != "application/schema+json" {
			t.Fatalf("%s: %v, %s", c.ID, err, a.Header.Get("Content-Type"))
		}
		compiler := jsonschema.NewCompiler()
		if err := compiler.AddResource("schema.json", document); err != nil {
			t.Fatal(err)
		}
		schema, err := compiler.Compile("schema.json")
		if err != nil {
			t.Fatal(err)
		}
		page := app.Client(t).Get(t, "/ogc/collections/"+c.ID+"/items")
		list, err := jsonschema.UnmarshalJSON(strings.NewReader(page.Body))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range list.(map[string]any)["features"].([]any) {
			if err := schema.Validate(f); err != nil {
				t.Errorf("%s: %v", c.ID, err)
			}
		}
	}
}

func TestOGCAnswersInEverySystem(t *testing.T) {
	app := openData(t)
	pin := geo.Point{Lon: -1.8595, Lat: 52.4723}
	for _, s := range geo.Systems() {
		x, y, err := s.Coordinates(pin)
		if err != nil {
			t.Fatal(err)
		}
		grow := 0.00001
		if s == geo.EPSG3857 || s == geo.EPSG27700 {
			grow = 1
		}
		query := url.Values{"crs": {s.URI()}, "bbox-crs": {s.URI()}, "bbox": {fmt.Sprintf("%f,%f,%f,%f", x-grow, y-grow, x+grow, y+grow)}}
		a := app.Client(t).Get(t, "/ogc/collections/application-points/items?"+query.Encode())
		if got := a.Header.Get("Content-Crs"); got != "<"+s.URI()+">" {
			t.Errorf("Content-Crs: %s", got)
		}
		page := read[items](t, a)
		if page.NumberMatched != 3 {
			t.Fatalf("%s: %d around the pin, want 3: %s", s.URI(), page.NumberMatched, a.Body)
		}
		var g struct{ Coordinates [2]float64 }
		if err := json.Unmarshal(page.Features[0].Geometry, &g); err != nil || math.Abs(g.Coordinates[0]-x) > 0.001 || math.Abs(g.Coordinates[1]-y) > 0.001 {
			t.Errorf("%s: %s, want %v, %v", s.URI(), page.Features[0].Geometry, x, y)
		}
		one := app.Client(t).Get(t, "/ogc/collections/application-points/items/"+page.Features[0].ID+"?crs="+url.QueryEscape(s.URI()))
		if !strings.Contains(one.Body, string(page.Features[0].Geometry)) || one.Header.Get("Content-Crs") != "<"+s.URI()+">" {
			t.Errorf("%s alone: %s", s.URI(), one.Body)
		}
	}
	if n := count(t, app, "applications", "bbox=52.4719,-1.8601,52.4727,-1.8589&bbox-crs="+url.QueryEscape(geo.EPSG4326.URI())); n != 3 {
		t.Errorf("latitude first: %d, want 3", n)
	}
}

func TestOGCFiltersByTimeAndProperty(t *testing.T) {
	app := openData(t)
	for query, want := range map[string]int{
		"applications/items?state=consulting": 2, "applications/items?ward=E05000002": 1, "applications/items?reference=2099/90002/PA": 1,
		"applications/items?authority=local-authority:TST&kind=planning-application": 4, "applications/items?type=pp.outline": 0,
		"applications/items?datetime=2026-04-02T12:00:00Z": 4, "applications/items?datetime=../2026-04-01": 0, "applications/items?datetime=2026-04-02/..": 4,
		"consultation-rounds/items?datetime=2026-04-12": 4, "consultation-rounds/items?datetime=2026-04-13/": 0,
		"consultation-rounds/items?datetime=2026-04-12T22:59:59Z": 4, "consultation-rounds/items?datetime=2026-04-12T23:00:00Z": 0, // midnight in summer time
		"consultation-rounds/items?number=1&round_kind=initial": 4, "consultation-rounds/items?number=2": 0, "consultation-rounds/items?state=decided": 1,
		"published-comments/items?stance=objection": 3, "published-comments/items?stance=neutral": 0, "published-comments/items?topics=light": 3,
		"published-comments/items?topics=noise": 0, "published-comments/items?round=1&ward=E05000001": 3, "published-comments/items?datetime=2026-04-03/..": 0,
		"wards/items?name=West": 1, "wards/items?code=E05000002&datetime=1999-01-01": 1, "comment-density/items?name=Nowhere": 0,
	} {
		if got := featuresOf(t, app, "/ogc/collections/"+query); got.NumberMatched != want || len(got.Features) != want {
			t.Errorf("%s: %d, want %d", query, got.NumberMatched, want)
		}
	}
}

// TestOGCShowsTheRowsOfTheAPI: the same consultations and comments, whichever door one takes.
func TestOGCShowsTheRowsOfTheAPI(t *testing.T) {
	app := openData(t)
	theirs := map[string]string{}
	for _, k := range read[api.ConsultationPage](t, app.Client(t).Get(t, "/api/v1/consultations")).Items {
		theirs[k.ID] = k.Reference + k.State + k.Title
	}
	for _, f := range featuresOf(t, app, "/ogc/collections/applications/items").Features {
		if ours := fmt.Sprint(f.Properties["reference"], f.Properties["state"], f.Properties["title"]); strings.ReplaceAll(ours, " ", "") != strings.ReplaceAll(theirs[f.ID], " ", "") {
			t.Errorf("%s: %s, the API says %s", f.ID, ours, theirs[f.ID])
		}
		delete(theirs, f.ID)
	}
	if len(theirs) > 0 {
		t.Errorf("missing: %v", theirs)
	}
}

// TestOGCCommentsAreNeverAtAHome: on the site a mark is moved to the grid; what lies outside it is shown at the site.
func TestOGCCommentsAreNeverAtAHome(t *testing.T) {
	app := openData(t)
	answer := app.Client(t).Get(t, "/ogc/collections/published-comments/items")
	for _, secret := range []string{"-1.85971", "52.47231", "-1.8651", "52.4751", "resident@example.org", "B9 9AA\",\"phone"} {
		if strings.Contains(answer.Body, secret) {
			t.Errorf("%s is published", secret)
		}
	}
	located := map[string]int{}
	for _, f := range read[items](t, answer).Features {
		located[fmt.Sprint(f.Properties["located"])]++
		want := geo.Point{Lon: -1.8595, Lat: 52.4723}
		if f.Properties["located"] == "place" {
			want = geo.Point{Lon: -1.85971, Lat: 52.47231}.Snap(25).Snap(50)
		}
		if string(f.Geometry) != string(geo.PointGeometry(want).GeoJSON()) {
			t.Errorf("%v at %s, want %v", f.Properties["located"], f.Geometry, want)
		}
	}
	if located["place"] != 1 || located["site"] != 2 {
		t.Errorf("located %v, want one on its place and two at the site", located)
	}
	// Asking around the author's own mark tells nothing either.
	if n := count(t, app, "published-comments", "bbox=-1.86511,52.47509,-1.86509,52.47511"); n != 0 {
		t.Errorf("%d comments are found by a mark outside the site", n)
	}
}

// TestOGCDensityIsProtected: nothing until the week is over, then counts below 8 are withheld and others rounded.
func TestOGCDensityIsProtected(t *testing.T) {
	app := wardsAround(t)
	id := app.Consultation(t, 6, consult.Consulting)
	speak := func(place geo.Point, n int) {
		for range n {
			in := servertest.Comment(id)
			in.Place, in.HasPlace = place, true
			if _, err := app.Service.SubmitComment(t.Context(), consult.Actor{}, in); err != nil {
				t.Fatal(err)
			}
		}
	}
	speak(geo.Point{Lon: -1.88, Lat: 52.47}, 17)
	speak(geo.Point{Lon: -1.84, Lat: 52.47}, 12)
	density := func() string {
		var said []string
		for _, f := range featuresOf(t, app, "/ogc/collections/comment-density/items").Features {
			said = append(said, fmt.Sprintf("%v %v %v", f.Properties["comments"], f.Properties["withheld"], f.Properties["until"]))
		}
		return strings.Join(said, "; ")
	}
	if got := density(); got != "0 false 2026-03-29; 0 false 2026-03-29" {
		t.Errorf("in the same week: %s", got)
	}
	app.Clock.Add(4 * 24 * time.Hour) // Monday
	if got := density(); got != "15 false 2026-04-05; 10 false 2026-04-05" {
		t.Errorf("the week after: %s", got)
	}
	speak(geo.Point{Lon: -1.84, Lat: 52.47}, 5)
	app.Clock.Add(time.Hour)
	if got := density(); got != "15 false 2026-04-05; 10 false 2026-04-05" {
		t.Errorf("while more speak: %s", got)
	}
}

func TestOGCDensityWithholdsSmallCounts(t *testing.T) {
	app := openData(t) // three comments
	app.Clock.Add(4 * 24 * time.Hour)
	for _, f := range featuresOf(t, app, "/ogc/collections/comment-density/items").Features {
		if f.Properties["comments"] != nil || f.Properties["withheld"] != true {
			t.Errorf("%v", f.Properties)
		}
	}
}

// TestOGCDescriptionNamesEveryAddressAndParameter holds the OpenAPI document to the routes and to what is taken.
func TestOGCDescriptionNamesEveryAddressAndParameter(t *testing.T) {
	app := openData(t)
	a := app.Client(t).Get(t, "/ogc/api")
	if got := a.Header.Get("Content-Type"); got != "application/vnd.oai.openapi+json;version=3.0" {
		t.Errorf("it is %s", got)
	}
	var d struct {
		OpenAPI string
		Paths   map[string]struct {
			Get struct {
				Parameters []struct{ Name, In string }
				Responses  map[string]any
			}
		}
	}
	if err := json.Unmarshal([]byte(a.Body), &d); err != nil || d.OpenAPI != "3.0.3" {
		t.Fatalf("%v, %s", err, d.OpenAPI)
	}
	for _, r := range server.Routes() {
		path, ours := strings.CutPrefix(r.Path, "/ogc/")
		if !ours {
			continue
		}
		path = strings.NewReplacer(":collection", "wards", ":feature", "{featureId}").Replace("/" + path)
		if _, described := d.Paths[path]; !described {
			t.Errorf("%s is not described", path)
		}
	}
	samples := map[string]string{"limit": "1", "bbox": "-2,52,-1,53", "bbox-crs": geo.CRS84.URI(), "crs": geo.EPSG27700.URI(), "datetime": "2026-04-01", "f": "json",
		"lang": "ur", "state": "consulting", "kind": "policy", "round_kind": "initial", "number": "1", "round": "1", "stance": "neutral", "topics": "light",
		"consultation": "0000000000001"}
	for _, c := range ogc.Collections() {
		at := "/collections/" + c.ID + "/items"
		for _, p := range d.Paths[at].Get.Parameters {
			value := samples[p.Name]
			if value == "" {
				value = "0000000000001"
			}
			if a := app.Client(t).Get(t, "/ogc"+at+"?"+url.Values{p.Name: {value}}.Encode()); a.Status != http.StatusOK {
				t.Errorf("%s does not take %s, which it describes: %d %s", at, p.Name, a.Status, a.Body)
			}
		}
		if n, want := len(d.Paths[at].Get.Parameters), 8+len(c.Filters()); n != want {
			t.Errorf("%s describes %d parameters, want %d", at, n, want)
		}
	}
}

// TestOGCSaysWhenTheStoreIsAway: what cannot begin is a problem with a status, and not the beginning of an answer.
func TestOGCSaysWhenTheStoreIsAway(t *testing.T) {
	app := openData(t)
	app.Store.Break(true, true)
	for _, path := range []string{"/ogc/collections/applications/items", "/ogc/collections/published-comments/items?bbox=-2,52,-1,53"} {
		want(t, app.Client(t).Get(t, path), http.StatusServiceUnavailable, "unavailable")
	}
}
