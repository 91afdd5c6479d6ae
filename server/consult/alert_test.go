package consult

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/yousaid/yousaid/geo"
)

func TestDigestsGoOutAtEightByTheAuthoritysClock(t *testing.T) {
	c := England()
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, row := range []struct {
		name            string
		rhythm          Rhythm
		now, last, want string // UTC
	}{
		{"the next morning", Daily, "2026-04-02T09:00:00Z", "", "2026-04-03T07:00:00Z"},
		{"the same morning", Daily, "2026-04-02T06:59:59Z", "", "2026-04-02T07:00:00Z"},
		{"at eight sharp the next one", Daily, "2026-04-02T07:00:00Z", "", "2026-04-03T07:00:00Z"},
		{"winter", Daily, "2026-01-05T12:00:00Z", "", "2026-01-06T08:00:00Z"},
		{"the day clocks go forward", Daily, "2026-03-28T12:00:00Z", "", "2026-03-29T07:00:00Z"},
		{"the day clocks go back", Daily, "2026-10-24T12:00:00Z", "", "2026-10-25T08:00:00Z"},
		{"Monday", Weekly, "2026-04-02T09:00:00Z", "", "2026-04-06T07:00:00Z"}, // a bank holiday: mails go out all the same
		{"on Monday before eight", Weekly, "2026-04-06T06:00:00Z", "", "2026-04-06T07:00:00Z"},
		{"on Monday after eight", Weekly, "2026-04-06T07:30:00Z", "", "2026-04-13T07:00:00Z"},
		{"over the end of summer time", Weekly, "2026-10-22T09:00:00Z", "", "2026-10-26T08:00:00Z"},
		{"at once", AtOnce, "2026-04-02T09:00:00Z", "", "2026-04-02T09:00:00Z"},
		{"not again so soon", AtOnce, "2026-04-02T09:00:00Z", "2026-04-02T08:50:00Z", "2026-04-02T09:05:00Z"},
		{"a quarter of an hour later", AtOnce, "2026-04-02T09:00:00Z", "2026-04-02T08:45:00Z", "2026-04-02T09:00:00Z"},
	} {
		var last time.Time
		if row.last != "" {
			last = at(row.last)
		}
		if got := row.rhythm.Next(c, at(row.now), last); !got.Equal(at(row.want)) {
			t.Errorf("%s: %v, want %s", row.name, got.UTC(), row.want)
		}
	}
}

// Whenever it is asked, the next digest is in the future, at eight, and no later than a day or a week (and an hour, when clocks go back).
func TestDigestsAreNeverSkipped(t *testing.T) {
	c := England()
	rapid.Check(t, func(t *rapid.T) {
		now := time.Unix(rapid.Int64Range(1_700_000_000, 2_000_000_000).Draw(t, "now"), 0)
		for rhythm, longest := range map[Rhythm]time.Duration{Daily: 25 * time.Hour, Weekly: 7*24*time.Hour + time.Hour} {
			next := rhythm.Next(c, now, time.Time{})
			local := next.In(c.Location())
			if !next.After(now) || next.Sub(now) > longest || local.Hour() != DigestHour || local.Minute() != 0 || rhythm == Weekly && local.Weekday() != time.Monday {
				t.Fatalf("%s after %v: %v", rhythm, now, local)
			}
		}
	})
}

func TestMovesAndImportsAreNews(t *testing.T) {
	for _, row := range []struct {
		from, to State
		want     []NewsKind
	}{
		{"", Consulting, []NewsKind{NewsPublished, NewsOpened}}, {"", Received, nil}, {"", Decided, []NewsKind{NewsPublished, NewsDecided}},
		{Received, NotValid, nil}, {Received, Validated, []NewsKind{NewsPublished}}, {Validated, Consulting, []NewsKind{NewsOpened}},
		{Consulting, ClosedState, []NewsKind{NewsClosed}}, {ClosedState, Amended, []NewsKind{NewsAmended}}, {Amended, Reconsulting, []NewsKind{NewsOpened}},
		{ClosedState, Assessed, []NewsKind{NewsMoved}}, {Assessed, Decided, []NewsKind{NewsDecided}}, {Appealed, AppealDecided, []NewsKind{NewsDecided}},
		{Consulting, Withdrawn, []NewsKind{NewsWithdrawn}}, {Decided, Decided, nil},
	} {
		if got := NewsOfMove(row.from, row.to); !slices.Equal(got, row.want) {
			t.Errorf("from %q to %q: %v, want %v", row.from, row.to, got, row.want)
		}
	}
	open := Facts{State: Consulting, Type: "pp.full", Version: 1}
	edit := func(f func(*Facts)) Facts { v := open; f(&v); return v }
	for name, row := range map[string]struct {
		earlier *Facts
		now     Facts
		want    []NewsKind
	}{
		"new":                      {nil, open, []NewsKind{NewsPublished, NewsOpened}},
		"the same":                 {&open, open, nil},
		"another ward":             {&open, edit(func(f *Facts) { f.Ward = "E1" }), []NewsKind{NewsChanged}},
		"another place":            {&open, edit(func(f *Facts) { f.Place, f.HasPlace = geo.Point{Lon: 1, Lat: 1}, true }), []NewsKind{NewsChanged}},
		"a further version":        {&open, edit(func(f *Facts) { f.Version = 2 }), []NewsKind{NewsAmended}},
		"amended with a version":   {&open, edit(func(f *Facts) { f.Version, f.State = 2, Amended }), []NewsKind{NewsAmended}},
		"decided and other words":  {&open, edit(func(f *Facts) { f.State, f.Text = Decided, "x" }), []NewsKind{NewsDecided, NewsChanged}},
		"no longer public":         {&open, edit(func(f *Facts) { f.State = Received }), nil},
		"became public, corrected": {&Facts{State: Received}, open, []NewsKind{NewsPublished, NewsOpened}},
	} {
		if got := NewsOfImport(row.earlier, row.now); !slices.Equal(got, row.want) {
			t.Errorf("%s: %v, want %v", name, got, row.want)
		}
	}
}

// A place inside an alert's area always lies in one of its cells: what the store does not look at, the alert could not have wanted.
func TestEveryPlaceOfAnAreaLiesInItsCells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		degree := func(low, high float64, name string) float64 { return rapid.Float64Range(low, high).Draw(t, name) }
		centre := geo.Point{Lon: degree(-5, 1, "lon"), Lat: degree(50.5, 55, "lat")}
		near := func(n int) geo.Point {
			return geo.Point{Lon: centre.Lon + degree(-0.2, 0.2, "dx"), Lat: centre.Lat + degree(-0.2, 0.2, "dy")}
		}
		area := AlertArea{Kind: CircleArea, Centre: centre, Radius: rapid.SampledFrom(Radii()).Draw(t, "radius")}
		if rapid.Bool().Draw(t, "polygon") {
			area = AlertArea{Kind: PolygonArea, Corners: []geo.Point{near(1), near(2), near(3)}}
		}
		m := Alert{Search: Search{Area: area, About: AlertKinds()}}.Matcher()
		cells := m.Cells()
		if len(cells) == 0 && area.Kind == CircleArea || len(cells) > maxCells {
			t.Fatalf("%d cells", len(cells))
		}
		for n := range 20 {
			p := near(n)
			if !m.fits(Facts{Place: p, HasPlace: true}) {
				continue
			}
			if !slices.ContainsFunc(CellsAt(p), func(c int64) bool { return slices.Contains(cells, c) }) {
				t.Fatalf("%v is inside but in none of the cells", p)
			}
		}
	})
}

func TestKindsAreWholeSteps(t *testing.T) {
	for _, row := range []struct {
		applicationType, kind string
		want                  bool
	}{
		{"pp.full.major", "pp.full", true}, {"pp.full", "pp.full", true}, {"pp.fuller", "pp.full", false}, {"pa.part1", "pa", true}, {"pa.part1", "pa.", true},
		{"pp", "pa", false}, {"", "", true}, {"wtt.notice", "", true}, {"", "pp", false},
	} {
		if got := ofKind(row.applicationType, row.kind); got != row.want {
			t.Errorf("%q of kind %q: %v", row.applicationType, row.kind, got)
		}
	}
}

func TestAddressesAreMasked(t *testing.T) {
	for email, want := range map[string]string{"resident@example.org": "r•••@example.org", "é@example.org": "é•••@example.org", "@example.org": "", "": "", "x": ""} {
		if got := MaskEmail(email); got != want {
			t.Errorf("%q: %q, want %q", email, got, want)
		}
	}
}
