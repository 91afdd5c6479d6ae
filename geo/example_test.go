package geo_test

import (
	"errors"
	"fmt"
	"strings"

	"github.com/yousaid/yousaid/geo"
)

func ExampleParsePoint() {
	p, err := geo.ParsePoint("52.4723, -1.8597")
	fmt.Println(p, err)
	_, err = geo.ParsePoint("0,0")
	fmt.Println(err)
	// Output:
	// 52.472300,-1.859700 <nil>
	// null-island: latitude 0, longitude 0
}

func ExamplePoint_Snap() {
	home := geo.Point{Lon: -1.85973, Lat: 52.47231}
	neighbour := geo.Point{Lon: -1.85969, Lat: 52.47234}
	fmt.Println(home.Snap(250) == neighbour.Snap(250), geo.Distance(home, home.Snap(250)) < 250)
	// Output: true true
}

func ExampleRanges() {
	// One query for places near a site: a few index range scans, then Distance.
	site := geo.Point{Lon: -1.8597, Lat: 52.4723}
	var where []string
	for range geo.RangesAround(site, 400, 2) {
		where = append(where, "quadkey >= ? AND quadkey < ?")
	}
	fmt.Println(strings.Join(where, " OR "))
	// Output: quadkey >= ? AND quadkey < ? OR quadkey >= ? AND quadkey < ?
}

func ExampleTile_Range() {
	place := geo.Point{Lon: -1.8597, Lat: 52.4723}
	tile := geo.TileAt(place, 14)
	low, high := tile.Range()
	key := geo.QuadkeyOf(place)
	fmt.Println(tile, low <= key && key < high)
	// Output: {14 8107 5376} true
}

func ExampleFromNationalGrid() {
	p, err := geo.FromNationalGrid(407000, 286500)
	fmt.Printf("%.4f %.4f %v\n", p.Lat, p.Lon, err)
	_, err = geo.FromNationalGrid(0, 0)
	fmt.Println(err)
	// Output:
	// 52.4764 -1.8984 <nil>
	// outside-area: easting 0, northing 0 is not in Great Britain
}

func ExampleParseGeoJSON() {
	site, err := geo.ParseGeoJSON([]byte(`{"type":"Polygon","coordinates":[[
		[-1.8600,52.4720],[-1.8590,52.4720],[-1.8590,52.4725],[-1.8600,52.4725],[-1.8600,52.4720]]]}`), geo.DefaultLimits())
	fmt.Printf("%s, %.0f m², %v\n", site.Kind(), site.AreaSquareMetres(), err)

	_, err = geo.ParseGeoJSON([]byte(`{"type":"Point","coordinates":[52.472,-1.86]}`), geo.DefaultLimits())
	fmt.Println(errors.Is(err, &geo.Error{Reason: geo.ReasonSwapped}))
	// Output:
	// Polygon, 3774 m², <nil>
	// true
}

func ExampleParseFeatures() {
	file := strings.NewReader(`{"type":"FeatureCollection","features":[
		{"type":"Feature","id":1,"properties":{"name":"Site"},"geometry":{"type":"Point","coordinates":[-1.86,52.47]}},
		{"type":"Feature","id":1,"properties":{},"geometry":{"type":"Point","coordinates":[-1.85,52.47]}},
		{"type":"Feature","id":2,"properties":{},"geometry":null}]}`)
	features, err := geo.ParseFeatures(file, geo.DefaultLimits())
	fmt.Println(len(features), features[0].Properties["name"])
	var wrong geo.Errors
	if errors.As(err, &wrong) {
		for _, e := range wrong {
			fmt.Println(e.Feature, e.Reason)
		}
	}
	// Output:
	// 1 Site
	// 2 duplicate-id
	// 3 no-geometry
}

func ExampleGeometry_SVGPath() {
	site := geo.BoxGeometry(geo.Box{West: -1.861, South: 52.472, East: -1.859, North: 52.473})
	path, view := site.SVGPath(200, 100)
	x, y := view.XY(geo.Point{Lon: -1.860, Lat: 52.4725})
	fmt.Printf(`<svg viewBox="%s"><path d="%s"/><circle cx="%g" cy="%g" r="3"/></svg>`, view.ViewBox(), path, x, y)
	// Output: <svg viewBox="0 0 200 100"><path d="M45.2 95L154.8 95L154.8 5L45.2 5Z"/><circle cx="100" cy="50" r="3"/></svg>
}

func ExampleAreas_Find() {
	areas, err := geo.NewAreas([]geo.Area{
		{Code: "X01", Name: "West Example", Geometry: geo.BoxGeometry(geo.Box{West: -1.88, South: 52.46, East: -1.86, North: 52.48})},
		{Code: "X02", Name: "East Example", Geometry: geo.BoxGeometry(geo.Box{West: -1.86, South: 52.46, East: -1.84, North: 52.48})},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(areas.Find(geo.Point{Lon: -1.85, Lat: 52.47}))
	fmt.Println(areas.Find(geo.Point{Lon: -1.86, Lat: 52.47})) // on the border of both
	fmt.Println(areas.Find(geo.Point{Lon: -1.83, Lat: 52.47}))
	// Output:
	// X02 true
	// X01 true
	//  false
}

func ExamplePointTiles() {
	set, err := geo.NewPointSet([]geo.Pin{
		{ID: 1, At: geo.Point{Lon: -1.8597, Lat: 52.4723}, Properties: map[string]string{"state": "open"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	tiles := geo.NewPointTiles(set, geo.PointTileOptions{ClusterBelow: 12}, 0)
	here, elsewhere := geo.TileAt(geo.Point{Lon: -1.8597, Lat: 52.4723}, 14), geo.Tile{Z: 14}
	fmt.Println(len(tiles.Tile(here).Gzip) > 0, len(tiles.Tile(elsewhere).Gzip))

	before := tiles.Tile(here).ETag
	set.Remove(1)
	fmt.Println(tiles.Tile(here).ETag == before, len(tiles.Tile(here).Gzip))
	// Output:
	// true 0
	// false 0
}

func ExampleParseMassing() {
	m, err := geo.ParseMassing([]byte(`{"type":"FeatureCollection","features":[{"type":"Feature",
		"properties":{"name":"Block A","base":0,"height":31,"storeys":10},
		"geometry":{"type":"Polygon","coordinates":[[[-1.8600,52.4720],[-1.8595,52.4720],[-1.8595,52.4723],[-1.8600,52.4723],[-1.8600,52.4720]]]}}]}`), geo.DefaultLimits())
	s := m.Summary()
	fmt.Printf("%g m, %d storeys, %.0f m² %v\n", s.MaxHeight, s.Storeys, s.FootprintSquareMetres, err)
	// Output: 31 m, 10 storeys, 1132 m² <nil>
}
