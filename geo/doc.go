// Package geo knows places: points and boxes, boundaries, areas, map tiles and
// the massing of a proposal. It knows nothing of the app around it, keeps
// nothing on disk, reads no clock and no settings, and is the only package that
// sees the geometry library (github.com/paulmach/orb).
//
// # Where to look
//
//	point.go         Point, Distance, Snap (hides a home in a grid), ParsePoint
//	box.go           Box, ParseBox (the query parameter bbox), Around
//	quadkey.go       Quadkey: one 64-bit number for a place
//	tile.go          Tile, and the runs of quadkeys that cover tiles, boxes, circles
//	nationalgrid.go  FromNationalGrid, ToNationalGrid (EPSG:27700)
//	system.go        System: the reference systems places are answered in
//	frame.go         Frame: a rectangle in any of them (bbox with bbox-crs)
//	limits.go        Limits: what a file may cost; the gate every file passes
//	geojson.go       ParseGeoJSON (one boundary), ParseFeatures (a file of them)
//	wkt.go           ParseWKT
//	coordinates.go, crs.go, draft.go, check.go, ring.go
//	                 from numbers to a Geometry that can be trusted
//	geometry.go      Geometry: Contains, Centroid, PinPoint, area; Circle
//	geometrytext.go  Geometry written as GeoJSON and WKT
//	view.go          View: a small map as an SVG path, drawn by the server
//	areas.go         Areas: which ward does this place lie in
//	pointset.go      PointSet: pins in memory, in quadkey order
//	pointtile.go     pins, or cells with counts, as a vector tile
//	pointtiles.go    PointTiles: tiles compressed once, with ETags
//	shapetile.go     boundaries as a vector tile
//	mvt.go           the vector tile format; Gzip
//	massing.go       Massing: blocks with base and height
//	errors.go        Error, Errors and every Reason
//
// # What is agreed
//
// Places are WGS84 degrees. Lengths and heights are metres. In Go a Point is
// {Lon, Lat}; GeoJSON and WKT have longitude first; ParsePoint reads latitude
// first, as people write it. Positions of a Geometry have 8 decimals (1 mm);
// a Quadkey keeps about 10 cm.
//
// The place (0,0) is never a place: it is how missing values arrive.
//
// A border belongs to what it encloses. Where two areas share a border, Areas
// counts a place on it in the first by code; orient makes both agree, to the
// last bit, on which side a place next to it lies, so nobody falls between.
//
// Distances and areas are computed on a sphere, within 0.3 % in Great Britain.
// The National Grid is converted with the seven-parameter Helmert
// transformation, within about 5 m. Both are right for pins, wards and "within
// 400 metres", and wrong for the law of boundaries.
//
// # What comes in is not believed
//
// ParseGeoJSON, ParseFeatures, ParseWKT and ParseMassing take files from
// anybody. Size and depth are checked before parsing, positions are counted
// while they are read, and the time to check a boundary is bounded. What is
// taken is a valid Geometry; what is not is an *Error with a Reason, which the
// app turns into words, the number of the feature, and a hint. Repaired
// silently are only the direction of rings, positions repeated in a row,
// heights and a byte order mark. A reference system that is not named is WGS84;
// EPSG:27700 is converted; any other is refused, as are coordinates that look
// like latitude first or like metres.
//
// # Why a tile is cheap
//
// A Quadkey interleaves the bits of a place's web-mercator x and y at zoom 28,
// so each tile of any zoom is one unbroken run of quadkeys. In a database that
// is one range scan of an index; in a PointSet it is two binary searches. A
// box or circle is a few runs (Ranges) and an exact test (Box.Contains,
// Distance). A tile so costs what it shows and not what is stored. Where it
// would show too much it shows cells with counts, which are runs as well.
package geo
