package geo

import (
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"
)

// ParseWKT reads one POINT, POLYGON or MULTIPOLYGON in well-known text,
// longitude first, with the checks and repairs of ParseGeoJSON. Heights and
// measures (Z, M, ZM) are dropped. The prefix SRID=27700; (as PostGIS writes
// it) means the National Grid, SRID=4326; WGS84; others are refused.
func ParseWKT(s string, l Limits) (Geometry, error) {
	l = l.orDefault()
	if int64(len(s)) > l.MaxBytes {
		return Geometry{}, fail(ReasonTooLarge, "%d bytes, at most %d", len(s), l.MaxBytes)
	}
	if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		return Geometry{}, fail(ReasonNotText, "a NUL or text that is not UTF-8")
	}
	w := &wkt{rest: s, count: counter{limit: l.MaxPositions}}
	d, err := w.geometry()
	if err == nil {
		err = w.count.check()
	}
	if err != nil {
		return Geometry{}, err
	}
	g, err := d.finish(l, &w.count)
	if err != nil {
		return Geometry{}, err
	}
	return g, nil
}

// wkt takes well-known text from the front.
type wkt struct {
	rest  string
	count counter
}

func (w *wkt) space() { w.rest = strings.TrimLeft(w.rest, " \t\r\n") }

// take takes a mark such as "(" if it comes next.
func (w *wkt) take(mark string) bool {
	w.space()
	rest, ok := strings.CutPrefix(w.rest, mark)
	w.rest = rest
	return ok
}

// word takes a run of letters and gives it in capitals, empty if there is none.
func (w *wkt) word() string {
	w.space()
	n := 0
	for n < len(w.rest) && (w.rest[n]|0x20 >= 'a' && w.rest[n]|0x20 <= 'z') {
		n++
	}
	word := w.rest[:n]
	w.rest = w.rest[n:]
	return strings.ToUpper(word)
}

func (w *wkt) wrong(wanted string) *Error {
	return fail(ReasonNotWKT, "%s wanted at %.20q", wanted, w.rest)
}

func (w *wkt) geometry() (d draft, err *Error) {
	kind := w.word()
	if kind == "SRID" {
		if d.crs, err = w.srid(); err != nil {
			return draft{}, err
		}
		kind = w.word()
	}
	switch w.word() {
	case "", "Z", "M", "ZM":
	case "EMPTY":
		return draft{}, fail(ReasonNoGeometry, "%.40q is empty", kind)
	default:
		return draft{}, w.wrong("coordinates")
	}
	switch kind {
	case "POINT":
		d.kind = KindPoint
		d.point, err = w.point()
	case "POLYGON":
		d.kind, d.polygons = KindPolygon, make(orb.MultiPolygon, 1)
		d.polygons[0], err = w.polygon()
	case "MULTIPOLYGON":
		d.kind = KindMultiPolygon
		err = w.list(func() *Error {
			polygon, err := w.polygon()
			d.polygons = append(d.polygons, polygon)
			return err
		})
	case "":
		err = w.wrong("POINT, POLYGON or MULTIPOLYGON")
	default:
		err = fail(ReasonWrongType, "%.40q is not a POINT, POLYGON or MULTIPOLYGON", kind)
	}
	if w.space(); err == nil && w.rest != "" {
		err = w.wrong("the end")
	}
	return d, err
}

func (w *wkt) srid() (crs, *Error) {
	number, rest, ok := strings.Cut(w.rest, ";")
	number, hasSign := strings.CutPrefix(number, "=")
	if !ok || !hasSign {
		return 0, w.wrong("=number;")
	}
	w.rest = rest
	return crsNamed("EPSG:" + strings.TrimSpace(number))
}

// list takes "(" element {"," element} ")".
func (w *wkt) list(element func() *Error) *Error {
	if !w.take("(") {
		return w.wrong(`"("`)
	}
	for {
		if err := element(); err != nil {
			return err
		}
		if w.take(")") {
			return nil
		}
		if !w.take(",") {
			return w.wrong(`"," or ")"`)
		}
	}
}

func (w *wkt) point() (orb.Point, *Error) {
	if !w.take("(") {
		return orb.Point{}, w.wrong(`"("`)
	}
	p, err := w.position()
	if err == nil && !w.take(")") {
		err = w.wrong(`")"`)
	}
	return p, err
}

func (w *wkt) polygon() (polygon orb.Polygon, err *Error) {
	err = w.list(func() *Error {
		var ring orb.Ring
		err := w.list(func() *Error {
			p, err := w.position()
			if w.count.seen <= w.count.limit {
				ring = append(ring, p)
			}
			return err
		})
		polygon = append(polygon, ring)
		return err
	})
	return polygon, err
}

func (w *wkt) position() (p orb.Point, err *Error) {
	w.count.take()
	n := 0
	for ; n < 4; n++ {
		w.space()
		end := 0
		for end < len(w.rest) && isNumberByte(w.rest[end]) {
			end++
		}
		if end == 0 {
			break
		}
		v, err := parseDecimal(w.rest[:end])
		if err != nil {
			return p, err
		}
		if n < len(p) {
			p[n] = v
		}
		w.rest = w.rest[end:]
	}
	if n < len(p) {
		return p, fail(ReasonNotNumber, "%d numbers in a position at %.20q", n, w.rest)
	}
	return p, nil
}
