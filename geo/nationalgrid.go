package geo

import "math"

// Source of the constants and series in this file: Ordnance Survey, "A guide
// to coordinate systems in Great Britain", annexes A to C. Between the WGS84
// and OSGB36 datums it uses the seven-parameter Helmert transformation, which
// is good to about 5 metres; the exact OSTN15 grid is not carried here. Good
// enough for pins and areas, never for the law of boundaries.

type ellipsoid struct {
	a, b float64 // semi-axes in metres
}

func (e ellipsoid) eccentricity2() float64 { return 1 - e.b*e.b/(e.a*e.a) }

func airy1830() ellipsoid { return ellipsoid{6377563.396, 6356256.909} }
func wgs84() ellipsoid    { return ellipsoid{6378137.000, 6356752.314245} }

// The National Grid's transverse Mercator projection.
const (
	gridScale    = 0.9996012717 // on the central meridian
	gridLat0     = 49.0         // true origin, degrees
	gridLon0     = -2.0
	gridEasting0 = 400000.0 // true origin, metres from the false origin
	gridNorth0   = -100000.0
)

// The land of Great Britain with its islands, and a few kilometres around it,
// in metres. It leaves out (0,0), which is how missing values arrive.
const (
	gridWest, gridEast   = 5000.0, 660000.0
	gridSouth, gridNorth = 5000.0, 1225000.0
)

func onGrid(easting, northing float64) bool {
	return easting >= gridWest && easting <= gridEast && northing >= gridSouth && northing <= gridNorth
}

// FromNationalGrid turns National Grid metres (EPSG:27700) into a Point,
// within about 5 metres of the true place. Outside Great Britain it fails
// with ReasonOutsideArea; parts of Ireland and France lie within the grid's
// rectangle and are not noticed.
func FromNationalGrid(easting, northing float64) (Point, error) {
	if !onGrid(easting, northing) {
		return Point{}, fail(ReasonOutsideArea, "easting %v, northing %v is not in Great Britain", easting, northing)
	}
	return fromGrid(easting, northing), nil
}

func fromGrid(easting, northing float64) Point {
	lat, lon := unproject(easting, northing)
	v := toWGS84(fromGeodetic(airy1830(), lat, lon))
	lat, lon = toGeodetic(wgs84(), v)
	// Each way drops another height, and the two series are cut off after
	// their last terms: a millimetre or two. Going back and forth takes it away.
	for range 2 {
		e, n := toGrid(lat, lon)
		nu, rho, _ := radii(lat)
		lat += (northing - n) / rho
		lon += (easting - e) / (nu * math.Cos(lat))
	}
	return Point{Lon: degrees(lon), Lat: degrees(lat)}
}

// toGrid takes WGS84 latitude and longitude in radians.
func toGrid(lat, lon float64) (easting, northing float64) {
	return project(toGeodetic(airy1830(), toOSGB36(fromGeodetic(wgs84(), lat, lon))))
}

// ToNationalGrid gives the National Grid easting and northing of p in metres,
// within about 5 metres. Outside Great Britain it fails with ReasonOutsideArea.
func ToNationalGrid(p Point) (easting, northing float64, err error) {
	if p.Valid() {
		easting, northing = toGrid(radians(p.Lat), radians(p.Lon))
	}
	if !onGrid(easting, northing) {
		return 0, 0, fail(ReasonOutsideArea, "%v is not in Great Britain", p)
	}
	return easting, northing, nil
}

// meridianArc is the guide's M: the developed arc of the meridian from the
// true origin to latitude lat (radians), in grid metres.
func meridianArc(lat float64) float64 {
	e := airy1830()
	lat0 := radians(gridLat0)
	n := (e.a - e.b) / (e.a + e.b)
	n2, n3 := n*n, n*n*n
	d, s := lat-lat0, lat+lat0
	return e.b * gridScale * ((1+n+5*n2/4+5*n3/4)*d -
		(3*n+3*n2+21*n3/8)*math.Sin(d)*math.Cos(s) +
		(15*n2/8+15*n3/8)*math.Sin(2*d)*math.Cos(2*s) -
		35*n3/24*math.Sin(3*d)*math.Cos(3*s))
}

// radii gives the guide's ν, ρ and η² at latitude lat.
func radii(lat float64) (nu, rho, eta2 float64) {
	e := airy1830()
	e2 := e.eccentricity2()
	w := 1 - e2*math.Sin(lat)*math.Sin(lat)
	nu = e.a * gridScale / math.Sqrt(w)
	rho = e.a * gridScale * (1 - e2) / math.Pow(w, 1.5)
	return nu, rho, nu/rho - 1
}

// project is annex C.1: OSGB36 latitude and longitude in radians to grid metres.
func project(lat, lon float64) (easting, northing float64) {
	nu, rho, eta2 := radii(lat)
	sin, cos := math.Sincos(lat)
	t2 := math.Tan(lat) * math.Tan(lat)
	t4 := t2 * t2
	i := meridianArc(lat) + gridNorth0
	ii := nu / 2 * sin * cos
	iii := nu / 24 * sin * math.Pow(cos, 3) * (5 - t2 + 9*eta2)
	iiia := nu / 720 * sin * math.Pow(cos, 5) * (61 - 58*t2 + t4)
	iv := nu * cos
	v := nu / 6 * math.Pow(cos, 3) * (nu/rho - t2)
	vi := nu / 120 * math.Pow(cos, 5) * (5 - 18*t2 + t4 + 14*eta2 - 58*t2*eta2)
	d := lon - radians(gridLon0)
	d2 := d * d
	return gridEasting0 + d*(iv+d2*(v+d2*vi)), i + d2*(ii+d2*(iii+d2*iiia))
}

// unproject is annex C.2: grid metres to OSGB36 latitude and longitude in radians.
func unproject(easting, northing float64) (lat, lon float64) {
	lat = radians(gridLat0)
	for range 20 { // each step gains two digits; 0.01 mm is reached in four or five
		rest := northing - gridNorth0 - meridianArc(lat)
		if math.Abs(rest) < 1e-5 {
			break
		}
		lat += rest / (airy1830().a * gridScale)
	}
	nu, rho, eta2 := radii(lat)
	tan, sec := math.Tan(lat), 1/math.Cos(lat)
	t2 := tan * tan
	t4, t6 := t2*t2, t2*t2*t2
	vii := tan / (2 * rho * nu)
	viii := tan / (24 * rho * math.Pow(nu, 3)) * (5 + 3*t2 + eta2 - 9*t2*eta2)
	ix := tan / (720 * rho * math.Pow(nu, 5)) * (61 + 90*t2 + 45*t4)
	x := sec / nu
	xi := sec / (6 * math.Pow(nu, 3)) * (nu/rho + 2*t2)
	xii := sec / (120 * math.Pow(nu, 5)) * (5 + 28*t2 + 24*t4)
	xiia := sec / (5040 * math.Pow(nu, 7)) * (61 + 662*t2 + 1320*t4 + 720*t6)
	d := easting - gridEasting0
	d2 := d * d
	return lat - d2*(vii-d2*(viii-d2*ix)), radians(gridLon0) + d*(x-d2*(xi-d2*(xii-d2*xiia)))
}

// vector is a place in metres from the centre of the Earth.
type vector struct {
	x, y, z float64
}

// fromGeodetic is annex B.1 at height 0 on the ellipsoid.
func fromGeodetic(e ellipsoid, lat, lon float64) vector {
	e2 := e.eccentricity2()
	sinLat, cosLat := math.Sincos(lat)
	sinLon, cosLon := math.Sincos(lon)
	nu := e.a / math.Sqrt(1-e2*sinLat*sinLat)
	return vector{nu * cosLat * cosLon, nu * cosLat * sinLon, nu * (1 - e2) * sinLat}
}

// toGeodetic is annex B.2; the height is dropped.
func toGeodetic(e ellipsoid, v vector) (lat, lon float64) {
	e2 := e.eccentricity2()
	p := math.Hypot(v.x, v.y)
	lat = math.Atan2(v.z, p*(1-e2))
	for range 10 { // gains five digits a step
		sin := math.Sin(lat)
		nu := e.a / math.Sqrt(1-e2*sin*sin)
		lat = math.Atan2(v.z+e2*nu*sin, p)
	}
	return lat, math.Atan2(v.y, v.x)
}

// toOSGB36 is the Helmert transformation of annex A.3, table 4.
func toOSGB36(v vector) vector {
	const (
		tx, ty, tz = -446.448, 125.157, -542.060                          // metres
		scale      = 20.4894e-6                                           // 20.4894 parts per million
		second     = math.Pi / 180 / 3600                                 // of arc
		rx, ry, rz = -0.1502 * second, -0.2470 * second, -0.8421 * second // radians
	)
	return vector{
		tx + (1+scale)*v.x - rz*v.y + ry*v.z,
		ty + rz*v.x + (1+scale)*v.y - rx*v.z,
		tz - ry*v.x + rx*v.y + (1+scale)*v.z,
	}
}

// toWGS84 inverts toOSGB36. The guide turns all signs round, which loses about
// a centimetre; correcting by the remaining difference loses nothing.
func toWGS84(v vector) vector {
	w := v
	for range 4 { // gains more than four digits a step
		back := toOSGB36(w)
		w = vector{w.x + v.x - back.x, w.y + v.y - back.y, w.z + v.z - back.z}
	}
	return w
}
