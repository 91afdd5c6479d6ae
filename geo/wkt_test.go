package geo

import (
	"strings"
	"testing"
)

func TestParseWKT(t *testing.T) {
	for _, c := range []struct {
		in, want string
		why      Reason
	}{
		{in: "POINT (-1.8597 52.4723)", want: "POINT (-1.8597 52.4723)"},
		{in: " point(-1.8597   52.4723)\n", want: "POINT (-1.8597 52.4723)"},
		{in: "POINT Z (-1.8597 52.4723 104)", want: "POINT (-1.8597 52.4723)"},
		{in: "POINT ZM (-1.8597 52.4723 104 7)", want: "POINT (-1.8597 52.4723)"},
		{in: "SRID=4326;POINT(-1.8597 52.4723)", want: "POINT (-1.8597 52.4723)"},
		{in: "POLYGON ((-1.86 52.47, -1.85 52.47, -1.85 52.48, -1.86 52.47))", want: "POLYGON ((-1.86 52.47,-1.85 52.47,-1.85 52.48,-1.86 52.47))"},
		{in: "MULTIPOLYGON(((-1.86 52.47,-1.85 52.47,-1.85 52.48,-1.86 52.47)),((-1.76 52.47,-1.75 52.47,-1.75 52.48,-1.76 52.47)))",
			want: "MULTIPOLYGON (((-1.86 52.47,-1.85 52.47,-1.85 52.48,-1.86 52.47)),((-1.76 52.47,-1.75 52.47,-1.75 52.48,-1.76 52.47)))"},
		{in: "", why: ReasonNotWKT},
		{in: "((", why: ReasonNotWKT},
		{in: "POINT", why: ReasonNotWKT},
		{in: "POINT (-1.86 52.47", why: ReasonNotWKT},
		{in: "POINT (-1.86 52.47))", why: ReasonNotWKT},
		{in: "POINT (-1.86 52.47, -1.85 52.47)", why: ReasonNotWKT},
		{in: "POINT (-1.86 52.47) POINT (-1.86 52.47)", why: ReasonNotWKT},
		{in: "POINT (-1.86 52.47 1 2 3)", why: ReasonNotWKT},
		{in: "POINT X (-1.86 52.47)", why: ReasonNotWKT},
		{in: "POINT (-1.86)", why: ReasonNotNumber},
		{in: "POINT (-1.86 north)", why: ReasonNotNumber},
		{in: "POINT (-1.8.6 52.47)", why: ReasonNotNumber},
		{in: "POINT (NaN 52.47)", why: ReasonNotNumber},
		{in: "POINT EMPTY", why: ReasonNoGeometry},
		{in: "POINT (52.4723 -1.8597)", why: ReasonSwapped},
		{in: "POINT (0 0)", why: ReasonNullIsland},
		{in: "POINT (407000 286000)", why: ReasonNationalGrid},
		{in: "POINT (-1.86 52.47)\x00", why: ReasonNotText},
		{in: "POINT (-1.86 \xff)", why: ReasonNotText},
		{in: "LINESTRING (-1.86 52.47, -1.85 52.47)", why: ReasonWrongType},
		{in: "GEOMETRYCOLLECTION (POINT (-1.86 52.47))", why: ReasonWrongType},
		{in: "SRID=3857;POINT (-1.86 52.47)", why: ReasonUnknownCRS},
		{in: "SRID=;POINT (-1.86 52.47)", why: ReasonUnknownCRS},
		{in: "SRID 4326 POINT (-1.86 52.47)", why: ReasonNotWKT},
		{in: "POLYGON (-1.86 52.47, -1.85 52.47)", why: ReasonNotWKT},
		{in: "POLYGON ()", why: ReasonNotWKT},
		{in: "POLYGON ((-1.86 52.47, -1.85 52.47, -1.85 52.48))", why: ReasonRingShort},
		{in: "POLYGON ((-1.86 52.47, -1.85 52.47, -1.85 52.48, -1.86 52.48))", why: ReasonRingOpen},
		{in: "POLYGON ((-1.86 52.47, -1.85 52.48, -1.85 52.47, -1.86 52.48, -1.86 52.47))", why: ReasonRingCrosses},
	} {
		g, err := ParseWKT(c.in, DefaultLimits())
		if c.why == "" && (err != nil || g.WKT() != c.want) {
			t.Errorf("%q: %q, %v", c.in, g.WKT(), err)
		}
		if c.why != "" {
			wantReason(t, c.in, err, c.why, "")
		}
	}
	grid, err := ParseWKT("SRID=27700;POINT (407000 286000)", DefaultLimits())
	if want, _ := FromNationalGrid(407000, 286000); err != nil || Distance(grid.Centroid(), want) > 0.01 {
		t.Errorf("National Grid: %s, %v", grid.WKT(), err)
	}
	_, err = ParseWKT("POINT (-1.86 52.47)"+strings.Repeat(" ", 100), Limits{MaxBytes: 100})
	wantReason(t, "too long", err, ReasonTooLarge, "100")
	_, err = ParseWKT("POLYGON (("+strings.Repeat("-1.86 52.47,", 50_000)+"-1.86 52.47))", DefaultLimits())
	wantReason(t, "too many positions", err, ReasonTooManyPositions, "50001")
}
