package geo

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestViewFitsAndAgreesWithItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := parseStar(t)
		width, height := rapid.Float64Range(50, 1000).Draw(t, "width"), rapid.Float64Range(50, 1000).Draw(t, "height")
		path, view := g.SVGPath(width, height)
		if strings.Count(path, "Z") != len(g.polygons[0]) || strings.Count(path, "M") != len(g.polygons[0]) {
			t.Fatalf("%d rings became %q", len(g.polygons[0]), path)
		}
		var xs, ys []float64
		for _, p := range g.polygons[0][0] {
			x, y := view.XY(Point{p[0], p[1]})
			xs, ys = append(xs, x), append(ys, y)
			if !strings.Contains(path, fmt.Sprintf("%g %g", x, y)) {
				t.Fatalf("the corner %v %v is not in %q", x, y, path)
			}
		}
		left, right, top, bottom := slices.Min(xs), slices.Max(xs), slices.Min(ys), slices.Max(ys)
		if left < 0 || right > width || top < 0 || bottom > height {
			t.Fatalf("drawn from %v %v to %v %v in %v × %v", left, top, right, bottom, width, height)
		}
		if full := max((right-left)/width, (bottom-top)/height); full < 0.89 || full > 0.91 {
			t.Fatalf("the drawing fills %v of the picture", full)
		}
		if math.Abs(left+right-width) > 0.3 || math.Abs(top+bottom-height) > 0.3 {
			t.Fatalf("the drawing is not centred: %v..%v of %v, %v..%v of %v", left, right, width, top, bottom, height)
		}
		west, east := Point{g.Bounds().West, g.Bounds().Centre().Lat}, Point{g.Bounds().East, g.Bounds().Centre().Lat}
		if metres := (right - left) * view.MetresPerUnit(); math.Abs(metres-Distance(west, east)) > 0.01*metres+view.MetresPerUnit() {
			t.Fatalf("the scale says %v m across, it is %v", metres, Distance(west, east))
		}
	})
}

func TestViewOfAPointAndOfBadSizes(t *testing.T) {
	path, view := PointGeometry(bordesleyGreen).SVGPath(200, 100)
	if x, y := view.XY(bordesleyGreen); path != "" || x != 100 || y != 50 || view.ViewBox() != "0 0 200 100" {
		t.Errorf("a point is at %v %v of %s with path %q", x, y, view.ViewBox(), path)
	}
	for _, size := range []float64{0, -3, math.NaN(), math.Inf(1)} {
		if _, v := BoxGeometry(birmingham()).SVGPath(size, size); v.Width != 1 || v.Height != 1 {
			t.Errorf("size %v became %s", size, v.ViewBox())
		}
	}
}
