package geo

import (
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

func frame(t *testing.T, bbox string, s System) Frame {
	t.Helper()
	f, err := ParseFrame(bbox, s)
	if err != nil {
		t.Fatalf("%s in %s: %v", bbox, s.URI(), err)
	}
	return f
}

func TestParseFrameRefusesWhatIsNoRectangle(t *testing.T) {
	for _, c := range []struct {
		bbox   string
		system System
		reason Reason
	}{
		{"", CRS84, ReasonWrongCount}, {"1,2,3", CRS84, ReasonWrongCount}, {"1,2,3,4,5", CRS84, ReasonWrongCount}, {"1,2,3,4,5,6,7", CRS84, ReasonWrongCount},
		{"a,2,3,4", CRS84, ReasonNotNumber}, {"NaN,2,3,4", CRS84, ReasonNotNumber}, {"1e999,2,3,4", EPSG3857, ReasonOutOfRange},
		{"-1,53,0,52", CRS84, ReasonOutOfRange}, {"-181,50,0,52", CRS84, ReasonOutOfRange}, {"-1,50,0,91", CRS84, ReasonOutOfRange},
		{"53,-1,52,0", EPSG4326, ReasonOutOfRange}, {"2,0,1,1", EPSG27700, ReasonOutOfRange}, {"0,2,1,1", EPSG3857, ReasonOutOfRange},
	} {
		if f, err := ParseFrame(c.bbox, c.system); !errors.Is(err, &Error{Reason: c.reason}) {
			t.Errorf("%q in %s: %v, %v, want %s", c.bbox, c.system.URI(), f, err, c.reason)
		}
	}
}

func TestFrameMeetsWhatItSharesAPlaceWith(t *testing.T) {
	ring := must(t, `{"type":"Polygon","coordinates":[[[-1.9,52.4],[-1.8,52.4],[-1.8,52.5],[-1.9,52.5],[-1.9,52.4]],[[-1.87,52.43],[-1.87,52.47],[-1.83,52.47],[-1.83,52.43],[-1.87,52.43]]]}`)
	diamond := must(t, polygonOf("[-1.85,52.40],[-1.80,52.45],[-1.85,52.50],[-1.90,52.45],[-1.85,52.40]"))
	for name, c := range map[string]struct {
		g    Geometry
		bbox string
		want bool
	}{
		"around it":                    {ring, "-2,52,-1,53", true},
		"inside it":                    {ring, "-1.89,52.41,-1.88,52.42", true},
		"inside its hole":              {ring, "-1.86,52.44,-1.84,52.46", false},
		"over the hole's border":       {ring, "-1.86,52.44,-1.82,52.46", true},
		"a corner":                     {ring, "-1.8,52.5,-1.7,52.6", true},
		"beside it":                    {ring, "-1.79,52.4,-1.7,52.5", false},
		"a line through it":            {ring, "-2,52.41,-1,52.41", true},
		"a point in it":                {ring, "-1.89,52.41,-1.89,52.41", true},
		"six numbers":                  {ring, "-2,52,0,-1,53,99", true},
		"through without a corner":     {diamond, "-1.851,52.3,-1.849,52.6", true},
		"the corner of its box":        {diamond, "-1.90,52.40,-1.885,52.415", false},
		"cut across one edge":          {diamond, "-1.90,52.40,-1.87,52.43", true},
		"over the antimeridian":        {ring, "170,52,-170,53", false},
		"over it, all the way to it":   {ring, "170,52,-1.85,53", true},
		"over it, from the other side": {ring, "-1.85,52,-170,53", true},
	} {
		if got := frame(t, c.bbox, CRS84).Meets(c.g); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if frame(t, "-180,-90,180,90", CRS84).Meets(Geometry{}) {
		t.Error("the whole Earth meets no place")
	}
}

// A frame asks in its own system: the same rectangle, named in each.
func TestFrameInEverySystem(t *testing.T) {
	p := PointGeometry(Point{Lon: -1.8597, Lat: 52.4723})
	for _, s := range Systems() {
		x, y, err := s.Coordinates(p.point)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			from, to float64
			want     bool
		}{{-0.0005, 0.0005, true}, {0.0001, 0.0005, false}} {
			grow := 1.0
			if !s.degrees() {
				grow = 100_000 // metres for degrees, roughly
			}
			bbox := fmt.Sprintf("%f,%f,%f,%f", x+c.from*grow, y+c.from*grow, x+c.to*grow, y+c.to*grow)
			if got := frame(t, bbox, s).Meets(p); got != c.want {
				t.Errorf("%s in %s: %v", bbox, s.URI(), got)
			}
		}
	}
	if frame(t, "-1e9,-1e9,1e9,1e9", EPSG27700).Meets(PointGeometry(Point{Lon: 2.35, Lat: 48.86})) {
		t.Error("Paris lies on the National Grid")
	}
}

// A point in the polygon and in the frame is a place they share; without a shared bound there is none.
func TestFrameAgreesWithContains(t *testing.T) {
	g := must(t, polygonOf("[-1.85,52.40],[-1.80,52.45],[-1.85,52.50],[-1.90,52.45],[-1.85,52.40]"))
	rapid.Check(t, func(t *rapid.T) {
		lon := rapid.Float64Range(-2, -1.7).Draw(t, "lon")
		lat := rapid.Float64Range(52.3, 52.6).Draw(t, "lat")
		w := rapid.Float64Range(0, 0.1).Draw(t, "width")
		b := Box{West: lon, South: lat, East: lon + w, North: lat + w}
		f, err := ParseFrame(fmt.Sprintf("%.9f,%.9f,%.9f,%.9f", b.West, b.South, b.East, b.North), CRS84)
		if err != nil {
			t.Fatal(err)
		}
		shared := false
		for i := range 21 {
			for j := range 21 {
				p := Point{Lon: b.West + w*float64(i)/20, Lat: b.South + w*float64(j)/20}
				shared = shared || g.Contains(p)
			}
		}
		switch got := f.Meets(g); {
		case shared && !got:
			t.Fatalf("%v shares a place and does not meet", b)
		case got && !b.Intersects(g.Bounds()):
			t.Fatalf("%v meets from afar", b)
		}
	})
}

func FuzzParseFrame(f *testing.F) {
	for _, seed := range []string{"-1.9,52.4,-1.8,52.5", "170,-10,-170,10", "0,0,0,0", "1,2,3,4,5,6", "NaN,1,2,3", "1e400,0,1,1", ",,,", "-1.8 ,52, -1.7 ,53"} {
		f.Add(seed, 0)
		f.Add(seed, 3)
	}
	f.Fuzz(func(t *testing.T, bbox string, system int) {
		s := System(((system % 4) + 4) % 4)
		frame, err := ParseFrame(bbox, s)
		if err != nil {
			return
		}
		if len(frame.parts) == 0 || len(frame.parts) > 2 {
			t.Fatalf("%q became %v", bbox, frame)
		}
		for _, b := range frame.parts {
			if b.Min[0] > b.Max[0] || b.Min[1] > b.Max[1] {
				t.Fatalf("%q is inside out: %v", bbox, frame)
			}
		}
		frame.Meets(PointGeometry(Point{Lon: -1.86, Lat: 52.47}))
	})
}

func FuzzParseSystem(f *testing.F) {
	for _, s := range Systems() {
		f.Add(s.URI())
	}
	f.Add("EPSG:27700")
	f.Fuzz(func(t *testing.T, uri string) {
		if s, err := ParseSystem(uri); err == nil && s.URI() != uri {
			t.Fatalf("%q became %s", uri, s.URI())
		}
	})
}
